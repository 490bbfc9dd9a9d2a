#![no_main]
use casemate_model::names::arch::Endian;
libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(program) = casemate_seccomp::listing::read(text, Endian::Little) {
        let again = casemate_seccomp::listing::read(
            &casemate_seccomp::listing::write(&program),
            Endian::Little,
        );
        assert_eq!(again.as_ref(), Ok(&program));
        casemate_fuzz::lifts(&program, text.as_bytes());
    }
});
