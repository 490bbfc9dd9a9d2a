//! The system call instruction, and how arguments become registers.

use crate::errno::{Errno, Result};
use core::arch::asm;
use core::ffi::CStr;

/// Makes system call `nr` with six arguments and returns the register as the kernel left it.
///
/// # Safety
/// What call `nr` does with its arguments must be sound: every address that the kernel writes to is exclusively borrowed
/// for as long as the kernel uses it, every address that it reads is valid, and no memory that Rust owns is unmapped.
#[inline]
#[cfg(target_arch = "x86_64")]
pub(crate) unsafe fn syscall6(nr: usize, args: [usize; 6]) -> isize {
    let result: isize;
    // SAFETY: the caller vouches for the call. `syscall` changes rax, rcx and r11 only, and touches no stack of ours.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") nr.cast_signed() => result,
            in("rdi") args[0],
            in("rsi") args[1],
            in("rdx") args[2],
            in("r10") args[3],
            in("r8") args[4],
            in("r9") args[5],
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack, preserves_flags),
        );
    }
    result
}

/// Makes system call `nr` with six arguments and returns the register as the kernel left it.
///
/// # Safety
/// What call `nr` does with its arguments must be sound: every address that the kernel writes to is exclusively borrowed
/// for as long as the kernel uses it, every address that it reads is valid, and no memory that Rust owns is unmapped.
#[inline]
#[cfg(target_arch = "aarch64")]
pub(crate) unsafe fn syscall6(nr: usize, args: [usize; 6]) -> isize {
    let result: isize;
    // SAFETY: the caller vouches for the call. `svc 0` changes x0 only, and touches no stack of ours.
    unsafe {
        asm!(
            "svc 0",
            in("x8") nr,
            inlateout("x0") args[0].cast_signed() => result,
            in("x1") args[1],
            in("x2") args[2],
            in("x3") args[3],
            in("x4") args[4],
            in("x5") args[5],
            options(nostack, preserves_flags),
        );
    }
    result
}

/// Reads a returned register: the kernel answers with -4095 to -1 for an error.
pub(crate) fn result(returned: isize) -> Result<usize> {
    if (-4095..0).contains(&returned) {
        Err(Errno::from_raw((-returned) as u16))
    } else {
        Ok(returned.cast_unsigned())
    }
}

/// What can be passed to the kernel in a register.
pub(crate) trait Arg {
    fn arg(self) -> usize;
}

macro_rules! integer_arg {
    ($($type:ty)*) => {
        $(impl Arg for $type {
            fn arg(self) -> usize {
                // A negative number is sign-extended, as the C convention of the kernel has it.
                self as usize
            }
        })*
    };
}
integer_arg!(i32 u32 i64 u64 usize isize u16);

impl Arg for &CStr {
    fn arg(self) -> usize {
        self.as_ptr().addr()
    }
}

impl<T> Arg for *const T {
    fn arg(self) -> usize {
        self.expose_provenance()
    }
}

impl<T> Arg for *mut T {
    fn arg(self) -> usize {
        self.expose_provenance()
    }
}

/// Makes a call: `call!(NAME; a, b)` is a `Result<usize>`; an unsafe operation, see [`syscall6`].
macro_rules! call {
    ($nr:ident $(; $($arg:expr),* $(,)?)?) => {
        $crate::syscall::result($crate::syscall::syscall6(
            $crate::nr::$nr,
            $crate::syscall::pad([$($($crate::syscall::Arg::arg($arg)),*)?]),
        ))
    };
}

/// Fills up to six registers.
pub(crate) const fn pad<const N: usize>(args: [usize; N]) -> [usize; 6] {
    // PANIC: never at run time; more than 6 arguments do not compile.
    const { assert!(N <= 6) };
    let mut all = [0; 6];
    let mut i = 0;
    while i < N {
        all[i] = args[i];
        i += 1;
    }
    all
}

/// Declares calls whose arguments and results are numbers only, so that no memory of ours is concerned.
///
/// The one proof for all of them: none of the calls declared through this macro reads, writes or unmaps memory of the
/// caller (it takes no address), so any arguments are sound.
macro_rules! scalar_calls {
    ($($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) = $nr:ident;)*) => {
        $(
            $(#[$doc])*
            $vis fn $name($($arg: $type),*) -> $crate::Result<usize> {
                // SAFETY: the call takes no address (the rule of `scalar_calls`), so it is sound for any numbers.
                unsafe { call!($nr; $($arg),*) }
            }
        )*
    };
}
