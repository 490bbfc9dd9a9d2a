//! Any system call by its number: for tests of filters, and for nothing else.

/// Makes system call `nr` and returns the register as the kernel left it: -4095 to -1 are errors.
///
/// A test of a filter forks and calls this in the child for each number, so that what a call does ends with the child.
///
/// # Safety
/// The caller answers for what the call does with its arguments. Numbers that are no address (0, or small ones) are sound
/// for nearly all calls; exceptions are `exit`, `munmap`, `brk`, `mremap`, `shmdt`, `rt_sigreturn`, `vfork`, `clone` with
/// shared memory and `execve`: in a forked child that does nothing afterwards but exit, their harm is confined to it.
pub unsafe fn call(nr: u64, args: [u64; 6]) -> i64 {
    // SAFETY: passed on to the caller.
    unsafe { crate::syscall::syscall6(nr as usize, args.map(|arg| arg as usize)) as i64 }
}
