#![no_main]
use casemate_seccomp::Program;
// The first 64 bytes are the call, the others the filter.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((call, filter)) = bytes.split_at_checked(64) else {
        return;
    };
    if let Ok(program) = Program::from_bytes_either(filter) {
        casemate_fuzz::lifts(&program, call);
    }
});
