#![no_main]
use casemate_model::names::arch::Endian;
libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(program) = casemate_seccomp::listing::read(text, Endian::Little) {
        // What a listing does not show, such as targets of what is no jump, need not come back.
        let listed = casemate_seccomp::listing::write(&program);
        let again = casemate_seccomp::listing::read(&listed, Endian::Little);
        let again = again.map(|again| casemate_seccomp::listing::write(&again));
        assert_eq!(again, Ok(listed));
        casemate_fuzz::lifts(&program, text.as_bytes());
    }
});
