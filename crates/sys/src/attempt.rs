//! System calls that a confined program should not get through with, made with arguments that do nothing.
//!
//! For a witness inside of a compartment, which must not say `unsafe` itself. The list is closed: each row's arguments are
//! fixed so that the call cannot touch the caller's memory and, where it is permitted, does nothing beyond the process
//! (most end with `EFAULT`, `EBADF` or `EINVAL`, which tells that they were not refused). Some change the process itself
//! (`ptrace`, `personality`, `iopl`): make them in a child.

use crate::errno::{Errno, Result};
use crate::fd::{Fd, FdRef, owned};
use crate::syscall;

/// A call with fixed arguments.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    name: &'static str,
    number: usize,
    args: [usize; 6],
}

/// No descriptor.
const BAD: usize = usize::MAX;
/// The working directory, `AT_FDCWD`.
const HERE: usize = (-100isize).cast_unsigned();
/// An address at which nothing is: the first page is never mapped here.
const NOWHERE: usize = 1;

/// Fills up the arguments with zeros.
const fn pad<const N: usize>(args: [usize; N]) -> [usize; 6] {
    syscall::pad(args)
}

macro_rules! attempts {
    ($($name:literal $x86_64:literal $aarch64:literal [$($arg:expr),*])*) => {
        /// Every call, by name. A number of 0 in the table means that the architecture does not have it.
        static ATTEMPTS: &[Attempt] = &[$(Attempt {
            name: $name,
            number: if cfg!(target_arch = "x86_64") { $x86_64 } else { $aarch64 },
            args: pad([$($arg),*]),
        }),*];
    };
}

// Numbers: arch/x86/entry/syscalls/syscall_64.tbl and asm-generic/unistd.h.
attempts! {
    "acct" 163 89 [NOWHERE]
    "add_key" 248 217 [0, 0, 0, 0, 0]
    // BPF_OBJ_GET without a path: unlike loading, unprivileged users may call it.
    "bpf" 321 280 [7, 0, 0]
    "chroot" 161 51 [0]
    "clock_adjtime" 305 266 [0, 0]
    "clock_settime" 227 112 [0, 0]
    "delete_module" 176 106 [0, 0]
    // FAN_REPORT_FID, since 5.13 for everybody.
    "fanotify_init" 300 262 [0x200, 0]
    "finit_module" 313 273 [BAD, 0, 0]
    "fsconfig" 431 431 [BAD, 0, 0, 0, 0]
    "fsmount" 432 432 [BAD, 0, 0]
    "fsopen" 430 430 [0, 0]
    "fspick" 433 433 [HERE, 0, 0]
    "init_module" 175 105 [0, 0, 0]
    "io_uring_enter" 426 426 [BAD, 0, 0, 0, 0, 0]
    "io_uring_register" 427 427 [BAD, 0, 0, 0]
    "io_uring_setup" 425 425 [1, 0]
    // For this process only, and given up at its end.
    "iopl" 172 0 [3]
    // A comparison of PID 1 with itself.
    "kcmp" 312 272 [1, 1, 0, 0, 0]
    // Flags that do not exist: without them, no segments would unload a crash kernel.
    "kexec_file_load" 320 294 [BAD, BAD, 0, 0, 0xffff_0000]
    "kexec_load" 246 104 [0, 99_999, 0, 0xffff]
    // KEYCTL_GET_KEYRING_ID of the session keyring, which is not created.
    "keyctl" 250 219 [0, (-3isize).cast_unsigned(), 0]
    "listmount" 458 458 [0, 0, 0, 0]
    "mbind" 237 235 [0, 0, 0, 0, 0, 0]
    "memfd_secret" 447 447 [0]
    // Moves the pages of no nodes.
    "migrate_pages" 256 238 [0, 0, 0, 0]
    "mknodat" 259 33 [HERE, 0, 0o020_000, 0x103]
    "modify_ldt" 154 0 [0, 0, 0]
    "mount" 165 40 [0, 0, 0, 0, 0]
    "mount_setattr" 442 442 [BAD, 0, 0, 0, 0]
    "move_mount" 429 429 [BAD, 0, BAD, 0, 0]
    "move_pages" 279 239 [0, 0, 0, 0, 0, 0]
    "name_to_handle_at" 303 264 [HERE, 0, 0, 0, 0]
    "open_by_handle_at" 304 265 [HERE, 0, 0]
    "open_tree" 428 428 [HERE, 0, 1]
    "perf_event_open" 298 241 [0, 0, BAD, BAD, 0]
    // ADDR_NO_RANDOMIZE, by which a program makes itself easier to attack.
    "personality" 135 92 [0x0004_0000]
    "pidfd_getfd" 438 438 [BAD, 0, 0]
    "pidfd_open" 434 434 [1, 0]
    "pivot_root" 155 41 [0, 0]
    "process_madvise" 440 440 [BAD, 0, 0, 0, 0]
    "process_mrelease" 448 448 [BAD, 0]
    "process_vm_readv" 310 270 [1, 0, 0, 0, 0, 0]
    "process_vm_writev" 311 271 [1, 0, 0, 0, 0, 0]
    // PTRACE_TRACEME
    "ptrace" 101 117 [0, 0, 0, 0]
    "quotactl" 179 60 [0, 0, 0, 0]
    "quotactl_fd" 443 443 [BAD, 0, 0, 0]
    // A magic number that does not exist: nothing is rebooted.
    "reboot" 169 142 [0, 0, 0, 0]
    "request_key" 249 218 [0, 0, 0, 0]
    // SCHED_FIFO without its parameter.
    "sched_setscheduler" 144 119 [0, 1, 0]
    "set_mempolicy" 238 237 [0, 0, 0]
    "setdomainname" 171 162 [0, BAD]
    "sethostname" 170 161 [0, BAD]
    "setns" 308 268 [BAD, 0]
    // Neither time nor zone.
    "settimeofday" 164 170 [0, 0]
    "statmount" 457 457 [0, 0, 0, 0]
    "swapoff" 168 225 [0]
    "swapon" 167 224 [0, 0]
    // SYSLOG_ACTION_SIZE_BUFFER
    "syslog" 103 116 [10, 0, 0]
    "umount2" 166 39 [0, 0]
    // Nothing to leave.
    "unshare" 272 97 [0]
    // O_CLOEXEC, with faults in the kernel, which need privilege or vm.unprivileged_userfaultfd.
    "userfaultfd" 323 282 [0o2_000_000]
    // O_CLOEXEC | UFFD_USER_MODE_ONLY, for everybody since 5.11.
    "userfaultfd user mode only" 323 282 [0o2_000_001]
    "vmsplice" 278 75 [BAD, 0, 0, 0]
}

impl Attempt {
    /// Every call that the architecture has.
    pub fn all() -> impl Iterator<Item = Self> {
        ATTEMPTS
            .iter()
            .copied()
            .filter(|attempt| attempt.number != 0)
    }

    /// The call's name, such as `userfaultfd`.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The call's number.
    pub const fn number(self) -> usize {
        self.number
    }

    /// Makes the call. A descriptor that it returns stays open.
    ///
    /// # Warning
    /// May change the process: make it in a child.
    ///
    /// # Errors
    /// Whatever the kernel, or a filter, answers.
    pub fn make(self) -> Result<usize> {
        // SAFETY: the list is closed and private, and none of its rows passes an address of mapped memory, starts a thread
        // or returns elsewhere.
        syscall::result(unsafe { syscall::syscall6(self.number, self.args) })
    }
}

/// Asks for the process's number through the x32 entry of x86_64.
///
/// # Errors
/// `ENOSYS` in a kernel without `CONFIG_X86_X32_ABI`, and on other architectures.
pub fn getpid_by_x32() -> Result<usize> {
    const X32: usize = 0x4000_0000; // __X32_SYSCALL_BIT, asm/unistd.h
    const GETPID: usize = 39;
    if cfg!(target_arch = "aarch64") {
        return Err(Errno::ENOSYS);
    }
    // SAFETY: getpid takes no arguments.
    syscall::result(unsafe { syscall::syscall6(X32 | GETPID, [0; 6]) })
}

/// Asks for the process's number through the 32-bit entry of x86_64, `int 0x80`.
///
/// # Warning
/// Where the kernel has no such entry (`CONFIG_IA32_EMULATION`, `ia32_emulation=0`) the process ends by SIGSEGV.
///
/// # Errors
/// `ENOSYS` on other architectures; whatever a filter answers.
#[cfg(target_arch = "x86_64")]
pub fn getpid_by_int80() -> Result<usize> {
    const GETPID: usize = 20; // asm/unistd_32.h
    let returned: usize;
    // SAFETY: getpid takes no arguments. The entry changes rax, and before 4.17 r8 to r11.
    unsafe {
        core::arch::asm!(
            "int 0x80",
            inlateout("rax") GETPID => returned,
            lateout("r8") _,
            lateout("r9") _,
            lateout("r10") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    // The answer is a 32-bit number with its sign.
    syscall::result((returned as u32).cast_signed() as isize)
}

/// As for x86_64.
///
/// # Errors
/// Always `ENOSYS`.
#[cfg(not(target_arch = "x86_64"))]
pub fn getpid_by_int80() -> Result<usize> {
    Err(Errno::ENOSYS)
}

scalar_calls! {
    fn socket_raw(family: u32, kind: u32, protocol: u32) = SOCKET;
}

/// Makes a socket of any family and type, by number (linux/socket.h).
///
/// # Errors
/// `EAFNOSUPPORT`, `EPROTONOSUPPORT`, `ESOCKTNOSUPPORT`, `EPERM`, `EACCES`.
pub fn socket(family: u32, kind: u32, protocol: u32) -> Result<Fd> {
    socket_raw(family, kind, protocol).map(owned)
}

/// A command of a terminal by which a program types for its user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Typing {
    /// `TIOCSTI`: puts a byte into the terminal's input.
    Push,
    /// The same with a bit above the 32 that the kernel looks at, by which careless filters were passed (CVE-2019-10063).
    PushWithHighBit,
    /// `TIOCLINUX`: pastes, and more; here it only asks for the state of the shift keys.
    Linux,
}

/// Gives a command to a terminal. What is pushed is a zero byte.
///
/// `int ioctl(int fd, unsigned long op, char *argp)`, ioctl_tty(2), ioctl_console(2).
///
/// # Errors
/// `EIO` where `dev.tty.legacy_tiocsti` is 0, `EPERM` for a terminal that is not the controlling one, `ENOTTY`.
pub fn terminal(fd: FdRef<'_>, typing: Typing) -> Result<()> {
    const TIOCSTI: u64 = 0x5412; // asm-generic/ioctls.h
    const TIOCLINUX: u64 = 0x541c;
    // TIOCL_GETSHIFTSTATE is 6, linux/tiocl.h; its answer replaces the byte.
    let (command, mut byte) = match typing {
        Typing::Push => (TIOCSTI, 0u8),
        Typing::PushWithHighBit => (1 << 32 | TIOCSTI, 0),
        Typing::Linux => (TIOCLINUX, 6),
    };
    // SAFETY: both commands read one byte, and the subcommand 6 writes one; it is exclusively borrowed.
    unsafe { call!(IOCTL; fd, command, core::ptr::from_mut(&mut byte)) }.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_in_order() {
        assert!(ATTEMPTS.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn the_other_entries_of_the_kernel_answer_or_are_not_there() {
        for answer in [getpid_by_x32(), getpid_by_int80()] {
            let own = usize::try_from(crate::process::getpid()).unwrap();
            assert!(
                answer == Ok(own) || answer == Err(Errno::ENOSYS),
                "{answer:?}"
            );
        }
    }
}
