//! How the launcher, and only the launcher, is linked.
#![forbid(unsafe_code)]

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for argument in [
        // No C library and none of its start files: casemate-start has the entry point.
        "-nostartfiles",
        "-nostdlib",
        // At a random address, without an interpreter.
        "-static-pie",
        // Named on the command line, the entry point is taken out of its archive.
        "-Wl,--entry=_start",
        "-Wl,--build-id=none",
        "-Wl,--no-eh-frame-hdr",
        // One page of writable data instead of two: nothing would make the second read-only again.
        "-Wl,-z,norelro",
        "-Wl,-z,noexecstack",
    ] {
        println!("cargo:rustc-link-arg-bin=casemate-exec={argument}");
    }
}
