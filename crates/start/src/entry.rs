//! From the kernel to the program's function, and the end of it.

use crate::Args;
use casemate_sys::process;

#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(include_str!("x86_64.s"), begin = sym begin);
#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(include_str!("aarch64.s"), begin = sym begin);

// SAFETY: `entry!` defines both with these types, and a program without it does not link.
unsafe extern "Rust" {
    safe fn casemate_main(args: Args) -> i32;
    safe static CASEMATE_NAME: &'static str;
}

/// Runs the program; `_start` calls it once, with the image relocated.
///
/// # Safety
/// `stack` is the stack pointer of the first instruction.
unsafe extern "C" fn begin(stack: *const usize) -> ! {
    // SAFETY: passed on to the caller, which is `_start`.
    let args = unsafe { Args::from_stack(stack) };
    process::exit(casemate_main(args))
}

/// Says where the program failed and ends it with 125.
#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    use casemate_sys::file::{Piece, writev};
    let (file, line) = info
        .location()
        .map_or(("?", 0), |at| (at.file(), at.line()));
    let mut digits = [0; 10];
    let pieces = [
        CASEMATE_NAME.as_bytes(),
        b": internal error at ",
        file.as_bytes(),
        b":",
        decimal(line, &mut digits),
        b"\n",
    ];
    // In one call, so that it stays one line. If that fails, the exit code must say it all.
    match writev(casemate_sys::STDERR, &pieces.map(Piece::new)) {
        Ok(_) | Err(_) => process::exit(125),
    }
}

/// A number in decimal digits, without the formatting machinery (4 KiB).
fn decimal(mut number: u32, digits: &mut [u8; 10]) -> &[u8] {
    let mut first = digits.len();
    for (i, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
        first = i;
        if number == 0 {
            break;
        }
    }
    digits.get(first..).unwrap_or_default()
}
