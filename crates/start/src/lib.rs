//! Entry point and memory functions of a program without a C library.
//!
//! A program that is `#![no_std] #![no_main]` calls [`entry!`] once and is linked with the arguments that
//! `crates/enforce/build.rs` prints. It then starts in a twentieth of the time of one with a C library: the kernel maps it, the
//! assembly here relocates it, and its function runs with the arguments as the kernel left them on the stack.
//!
//! What it does not do: thread-local storage, constructors, unwinding, a heap. A panic writes where it happened to
//! descriptor 2 and exits with 125, Casemate's code for "failed before the program started".
// Tools check every crate as a test too, where the panic handler would be the second one; there is nothing to test inside.
#![cfg(not(test))]
#![no_std]
#![expect(unsafe_code, reason = "the kernel hands over a stack, not a value")]

mod args;
mod entry;

pub use args::{Args, Aux};

/// Names the function that runs when the program starts, and the program for its last words.
///
/// `casemate_start::entry!("casemate-exec", main);` with `fn main(args: Args) -> i32`; what it returns is the exit code.
///
/// The expansion exports two symbols, which is an unsafe attribute: a crate root that uses it says `deny(unsafe_code)`, not
/// `forbid`, and its modules `forbid`.
#[macro_export]
macro_rules! entry {
    ($name:literal, $main:path) => {
        #[expect(
            unsafe_code,
            reason = "the entry point finds the program by these two symbols"
        )]
        const _: () = {
            #[unsafe(no_mangle)]
            fn casemate_main(args: $crate::Args) -> i32 {
                $main(args)
            }

            #[unsafe(no_mangle)]
            static CASEMATE_NAME: &str = $name;
        };
    };
}
