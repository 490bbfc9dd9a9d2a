#![no_main]
libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(policy) = casemate_seccomp::language::read_alone(text, "fuzz") {
        casemate_fuzz::compiles(&policy);
    }
});
