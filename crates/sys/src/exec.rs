//! Running another program in this process.

use crate::errno::Errno;
use crate::fd::FdRef;
use crate::file::AtFlags;
use crate::strings::StrList;
use core::ffi::CStr;

/// Replaces this process by a program that a descriptor and a path name; returns only when that failed.
///
/// `int execveat(int dirfd, const char *path, char *const argv[], char *const envp[], int flags)`, execveat(2); since 3.19.
/// With [`AtFlags::EMPTY_PATH`] and an empty path the descriptor itself is run; a script then needs it to stay open.
///
/// # Warning
/// Every other thread ends; descriptors marked so are closed.
///
/// # Errors
/// `ENOENT` (also for a missing interpreter), `EACCES`, `ENOEXEC`, `E2BIG`, `ELOOP`, `ETXTBSY`, `EPERM`, `EINVAL`.
pub fn execveat(
    dir: FdRef<'_>,
    path: &CStr,
    argv: StrList<'_>,
    envp: StrList<'_>,
    flags: AtFlags,
) -> Errno {
    // SAFETY: `path` is a C string, `argv` and `envp` lists of C strings that end with a null pointer (the invariant of
    // `StrList`); when the call succeeds, nothing of ours is left that could be used.
    match unsafe { call!(EXECVEAT; dir, path, argv.as_ptr(), envp.as_ptr(), flags) } {
        Err(error) => error,
        // A tracer can make a failed call look like a success; the program is still this one.
        Ok(_) => Errno::EPROTO,
    }
}

/// Replaces this process by the program at a path; returns only when that failed.
///
/// `int execve(const char *path, char *const argv[], char *const envp[])`, execve(2).
///
/// # Warning
/// As for [`execveat`].
///
/// # Errors
/// As [`execveat`].
pub fn execve(path: &CStr, argv: StrList<'_>, envp: StrList<'_>) -> Errno {
    // The older call and not `execveat`: a filter for the program that is already loaded need then permit only this one.
    // SAFETY: `path` is a C string, `argv` and `envp` lists of C strings that end with a null pointer (the invariant of
    // `StrList`); when the call succeeds, nothing of ours is left that could be used.
    match unsafe { call!(EXECVE; path, argv.as_ptr(), envp.as_ptr()) } {
        Err(error) => error,
        // As above.
        Ok(_) => Errno::EPROTO,
    }
}
