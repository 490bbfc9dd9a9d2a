//! Casemate's own policy, and the named grants that widen it.
//!
//! The policy permits what ordinary programs need, found by comparing the lists of Docker and systemd's
//! `@system-service`, and leaves out every call whose history is one of privilege escalation and that programs do
//! without. What is refused gets EPERM; what the tables do not know, or know as later, gets ENOSYS, so that
//! programs fall back as on an older kernel.

use std::fmt;

use super::action::Action;
use super::condition::{Operator, Test};
use super::policy::{Call, Case, SyscallPolicy};
use crate::names::arch::Arch;
use crate::names::suggest::nearest;
use crate::names::syscalls::{self, SyscallId};

/// Calls that are permitted without conditions.
#[rustfmt::skip]
const ORDINARY: &[&str] = &[
    // Files and directories.
    "access", "cachestat", "chdir", "chmod", "chown", "chown32", "close", "close_range", "copy_file_range", "creat",
    "dup", "dup2", "dup3", "faccessat", "faccessat2", "fadvise64", "fadvise64_64", "arm_fadvise64_64", "fallocate",
    "fchdir", "fchmod", "fchmodat", "fchmodat2", "fchown", "fchown32", "fchownat", "fcntl", "fcntl64", "fdatasync",
    "fgetxattr", "file_getattr", "file_setattr", "flistxattr", "flock", "fremovexattr", "fsetxattr", "fstat",
    "fstat64", "fstatat64", "fstatfs", "fstatfs64", "fsync", "ftruncate", "ftruncate64", "futimesat", "getcwd",
    "getdents", "getdents64", "getxattr", "getxattrat", "lchown", "lchown32", "lgetxattr", "link", "linkat",
    "listmount", "listxattr", "listxattrat", "llistxattr", "_llseek", "lremovexattr", "lseek", "lsetxattr", "lstat",
    "lstat64", "mkdir", "mkdirat", "mknod", "mknodat", "newfstatat", "open", "openat", "openat2", "pread64",
    "preadv", "preadv2", "pwrite64", "pwritev", "pwritev2", "read", "readahead", "readdir", "readlink", "readlinkat",
    "readv", "removexattr", "removexattrat", "rename", "renameat", "renameat2", "rmdir", "sendfile", "sendfile64",
    "setxattr", "setxattrat", "splice", "stat", "stat64", "statfs", "statfs64", "statmount", "statx", "symlink",
    "symlinkat", "sync", "sync_file_range", "sync_file_range2", "syncfs", "tee", "truncate", "truncate64", "umask",
    "unlink", "unlinkat", "utime", "utimensat", "utimensat_time64", "utimes", "vmsplice", "write", "writev",
    // Waiting and messages.
    "epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd", "eventfd2",
    "inotify_add_watch", "inotify_init", "inotify_init1", "inotify_rm_watch", "io_cancel", "io_destroy",
    "io_getevents", "io_pgetevents", "io_pgetevents_time64", "io_setup", "io_submit", "ipc", "mq_getsetattr",
    "mq_notify", "mq_open", "mq_timedreceive", "mq_timedreceive_time64", "mq_timedsend", "mq_timedsend_time64",
    "mq_unlink", "msgctl", "msgget", "msgrcv", "msgsnd", "_newselect", "pipe", "pipe2", "poll", "ppoll",
    "ppoll_time64", "pselect6", "pselect6_time64", "select", "semctl", "semget", "semop", "semtimedop",
    "semtimedop_time64", "shmat", "shmctl", "shmdt", "shmget", "signalfd", "signalfd4",
    // Sockets, once made.
    "accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt", "listen", "recv", "recvfrom",
    "recvmmsg", "recvmmsg_time64", "recvmsg", "send", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown",
    // Memory.
    "brk", "cacheflush", "madvise", "map_shadow_stack", "membarrier", "memfd_create", "memfd_secret", "mincore",
    "mlock", "mlock2", "mlockall", "mmap", "mmap2", "mprotect", "mremap", "mseal", "msync", "munlock", "munlockall",
    "munmap", "pkey_alloc", "pkey_free", "pkey_mprotect", "remap_file_pages",
    // Processes and threads.
    "arch_prctl", "breakpoint", "capget", "capset", "execve", "execveat", "exit", "exit_group", "fork", "futex",
    "futex_requeue", "futex_time64", "futex_wait", "futex_waitv", "futex_wake", "get_robust_list", "get_thread_area",
    "getcpu", "getegid", "getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getgroups", "getgroups32",
    "getpgid", "getpgrp", "getpid", "getppid", "getpriority", "getresgid", "getresgid32", "getresuid",
    "getresuid32", "getrlimit", "getrusage", "getsid", "gettid", "getuid", "getuid32", "ioprio_get", "ioprio_set",
    "kill", "landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self", "nice", "pause", "pidfd_open",
    "pidfd_send_signal", "prctl", "prlimit64", "process_mrelease", "restart_syscall", "riscv_flush_icache",
    "riscv_hwprobe", "rseq", "rseq_slice_yield", "rt_sigaction", "rt_sigpending", "rt_sigprocmask",
    "rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "rt_sigtimedwait_time64",
    "rt_tgsigqueueinfo", "sched_get_priority_max", "sched_get_priority_min", "sched_getaffinity", "sched_getattr",
    "sched_getparam", "sched_getscheduler", "sched_rr_get_interval", "sched_rr_get_interval_time64",
    "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler", "sched_yield", "seccomp",
    "set_robust_list", "set_thread_area", "set_tid_address", "set_tls", "setfsgid", "setfsgid32", "setfsuid",
    "setfsuid32", "setgid", "setgid32", "setgroups", "setgroups32", "setpgid", "setpriority", "setregid",
    "setregid32", "setresgid", "setresgid32", "setresuid", "setresuid32", "setreuid", "setreuid32", "setrlimit",
    "setsid", "setuid", "setuid32", "sigaction", "sigaltstack", "signal", "sigpending", "sigprocmask", "sigreturn",
    "sigsuspend", "swapcontext", "tgkill", "tkill", "ugetrlimit", "vfork", "wait4", "waitid", "waitpid",
    // Planted by the kernel in a traced program; old kernels ask the filter about them.
    "uprobe", "uretprobe",
    // Time and the machine.
    "alarm", "clock_getres", "clock_getres_time64", "clock_gettime", "clock_gettime64", "clock_nanosleep",
    "clock_nanosleep_time64", "getitimer", "getrandom", "gettimeofday", "nanosleep", "setitimer", "sysinfo", "time",
    "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_gettime64", "timer_settime",
    "timer_settime64", "timerfd_create", "timerfd_gettime", "timerfd_gettime64", "timerfd_settime",
    "timerfd_settime64", "times", "uname",
];

/// What a grant adds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grants {
    /// These calls, without conditions.
    Calls(&'static [&'static str]),
    /// Sockets of these families.
    Families(&'static [u16]),
    /// An architecture, with further calls that its programs need.
    Architecture(Arch, &'static [&'static str]),
}

/// A named widening of the policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The name, written `@name` in a profile.
    pub name: &'static str,
    /// What a person gets by it.
    pub about: &'static str,
    /// What it adds.
    pub grants: Grants,
}

// linux/socket.h
const AF_UNIX: u16 = 1;
const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;
const AF_NETLINK: u16 = 16;
const AF_PACKET: u16 = 17;
const AF_CAN: u16 = 29;
const AF_BLUETOOTH: u16 = 31;
const AF_ALG: u16 = 38;
const AF_VSOCK: u16 = 40;
const AF_XDP: u16 = 44;
// linux/netlink.h
const NETLINK_ROUTE: u64 = 0;
// asm-generic/errno.h; another number on MIPS and other old architectures, where it is merely a strange error.
const EAFNOSUPPORT: u16 = 97;

const fn calls(name: &'static str, about: &'static str, calls: &'static [&'static str]) -> Grant {
    Grant {
        name,
        about,
        grants: Grants::Calls(calls),
    }
}

const fn families(name: &'static str, about: &'static str, families: &'static [u16]) -> Grant {
    Grant {
        name,
        about,
        grants: Grants::Families(families),
    }
}

/// Every grant, by name.
#[rustfmt::skip]
pub const GRANTS: &[Grant] = &[
    calls("accounting", "switch process accounting", &["acct"]),
    families("bluetooth", "Bluetooth sockets", &[AF_BLUETOOTH]),
    calls("bpf", "load BPF programs and maps", &["bpf"]),
    families("can", "sockets of the CAN bus", &[AF_CAN]),
    calls("chroot", "change the root directory", &["chroot"]),
    families("crypto", "the kernel's cryptography by sockets", &[AF_ALG]),
    calls("debug", "trace processes and read their memory", &[
        "kcmp", "personality", "pidfd_getfd", "process_madvise", "process_vm_readv", "process_vm_writev", "ptrace",
    ]),
    calls("fanotify", "watch whole file systems", &["fanotify_init", "fanotify_mark"]),
    calls("handles", "open files by handle, past directories", &["name_to_handle_at", "open_by_handle_at"]),
    calls("hostname", "set the host's name", &["setdomainname", "sethostname"]),
    Grant {
        name: "i386",
        about: "programs for 32-bit x86",
        grants: Grants::Architecture(Arch::I386, &["modify_ldt"]),
    },
    calls("io_uring", "the io_uring interface, whose requests no filter sees",
        &["io_uring_enter", "io_uring_register", "io_uring_setup"]),
    calls("kernel", "load modules and another kernel, restart the machine", &[
        "delete_module", "finit_module", "init_module", "kexec_file_load", "kexec_load", "reboot",
    ]),
    calls("keyring", "the kernel's key rings", &["add_key", "keyctl", "request_key"]),
    calls("log", "read and clear the kernel's log", &["syslog"]),
    calls("mount", "mount file systems and change the root", &[
        "chroot", "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount", "open_tree",
        "open_tree_attr", "pivot_root", "umount", "umount2",
    ]),
    calls("namespaces", "make and join namespaces", &["clone", "clone3", "listns", "setns", "unshare"]),
    families("netlink", "all netlink protocols, not only routes", &[AF_NETLINK]),
    calls("numa", "place memory on nodes", &[
        "get_mempolicy", "mbind", "migrate_pages", "move_pages", "set_mempolicy", "set_mempolicy_home_node",
    ]),
    families("packet", "raw frames of network devices", &[AF_PACKET, AF_XDP]),
    calls("perf", "performance counters", &["perf_event_open"]),
    calls("quota", "disk quotas", &["quotactl", "quotactl_fd"]),
    calls("raw-io", "ports of devices", &[
        "ioperm", "iopl", "pciconfig_iobase", "pciconfig_read", "pciconfig_write", "s390_pci_mmio_read",
        "s390_pci_mmio_write",
    ]),
    calls("swap", "swap space", &["swapoff", "swapon"]),
    calls("terminal", "all requests to devices, the injection of input into a terminal included", &["ioctl"]),
    calls("time", "set the clocks", &[
        "adjtimex", "clock_adjtime", "clock_adjtime64", "clock_settime", "clock_settime64", "settimeofday", "stime",
    ]),
    calls("userfaultfd", "handle page faults in user space", &["userfaultfd"]),
    families("vsock", "sockets to the hypervisor", &[AF_VSOCK]),
    Grant {
        name: "x32",
        about: "64-bit x86 programs with 32-bit pointers",
        grants: Grants::Architecture(Arch::X32, &[]),
    },
];

// linux/sched.h: NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET; NEWNS.
const CLONE_NEW: u64 = 0x7e02_0000;
// linux/sched.h, since 5.6; in clone(2) these bits are the exit signal.
const CLONE_NEWTIME: u64 = 0x80;

impl SyscallPolicy {
    /// What ordinary programs need, on the architectures that have no further numberings beside the first.
    ///
    /// Left out for what they were used for: new namespaces (clone3, whose flags no filter sees, gets ENOSYS, so that
    /// the C library falls back to clone), mounts, io_uring, bpf, userfaultfd, key rings, performance counters,
    /// tracing, handles, module and kernel loading, clocks, sockets but those of UNIX, IP and routes, injection of input
    /// into terminals, odd personalities (`ADDR_NO_RANDOMIZE` too, which only a debugger wants: `@debug`).
    ///
    /// Programs of a secondary architecture (i386 and x32 on `x86_64`, Arm on aarch64) get ENOSYS, which is what a
    /// kernel says that was built without it: the calls of those architectures are a second, less tested way to the
    /// same kernel. A program that only probes goes on; one that needs it ends at its first call.
    pub fn ordinary() -> Self {
        Self::ordinary_ref().clone()
    }

    /// The same, built once: comparing with it must cost a launch nothing.
    pub fn ordinary_ref() -> &'static Self {
        static ORDINARY: std::sync::LazyLock<SyscallPolicy> =
            std::sync::LazyLock::new(SyscallPolicy::build_ordinary);
        &ORDINARY
    }

    fn build_ordinary() -> Self {
        let first = Arch::ALL.into_iter().filter(|arch| {
            !Arch::ALL
                .iter()
                .any(|other| other.companions().contains(arch))
        });
        let mut policy = Self::without_rules(first, Action::EPERM);
        policy.newer = Action::ENOSYS;
        policy.foreign = Action::ENOSYS;
        // All at once: a launch builds this, and three hundred insertions would be a tenth of it.
        let ids = ORDINARY
            .iter()
            .filter_map(|name| SyscallId::from_name(name));
        policy.rules = ids
            .map(|id| (Call::Named(id), vec![Case::always(Action::Allow)]))
            .collect();
        policy.conditional();
        policy
    }

    fn conditional(&mut self) {
        let any_of = |values: &[u64]| Operator::In(values.iter().map(|v| (*v, *v)).collect());
        self.permit_if(
            "socket",
            &[(0, any_of(&[AF_UNIX, AF_INET, AF_INET6].map(u64::from)))],
        );
        self.permit_if(
            "socket",
            &[
                (0, Operator::Equal(u64::from(AF_NETLINK))),
                (2, Operator::Equal(NETLINK_ROUTE)),
            ],
        );
        self.permit_if("socketpair", &[(0, Operator::Equal(u64::from(AF_UNIX)))]);
        for name in ["socket", "socketpair"] {
            self.answer(name, Action::Errno(EAFNOSUPPORT));
        }
        // PER_LINUX, PER_LINUX32, each with UNAME26, and the question what is set.
        self.permit_if(
            "personality",
            &[(0, any_of(&[0, 8, 0x2_0000, 0x2_0008, 0xffff_ffff]))],
        );
        let no_new = |mask| Operator::Masked { mask, value: 0 };
        self.permit_if("unshare", &[(0, no_new(CLONE_NEW | CLONE_NEWTIME))]);
        self.permit_if("clone", &[(0, no_new(CLONE_NEW))]);
        if let Some(id) = SyscallId::from_name("clone") {
            // The stack comes first on s390 (CONFIG_CLONE_BACKWARDS2).
            let flags = Test::kernel(1, no_new(CLONE_NEW));
            self.rules.insert(
                Call::On(Arch::S390x, id),
                vec![Case {
                    when: vec![flags],
                    action: Action::Allow,
                }],
            );
        }
        self.answer("clone3", Action::ENOSYS);
        let injects = |values: &[u64]| match any_of(values) {
            Operator::In(ranges) => Operator::NotIn(ranges),
            other => other,
        };
        // TIOCSTI and TIOCLINUX (asm-generic/ioctls.h).
        self.permit_if("ioctl", &[(1, injects(&[0x5412, 0x541c]))]);
        if let Some(id) = SyscallId::from_name("ioctl") {
            for arch in [Arch::Mips64, Arch::Mips64el] {
                // TIOCSTI of MIPS (asm/ioctls.h), which has no TIOCLINUX of its own.
                self.rules.insert(
                    Call::On(arch, id),
                    vec![Case {
                        when: vec![Test::kernel(1, injects(&[0x5472, 0x541c]))],
                        action: Action::Allow,
                    }],
                );
            }
        }
    }

    fn answer(&mut self, name: &str, action: Action) {
        if let Some(id) = SyscallId::from_name(name) {
            self.add(Call::Named(id), Case::always(action));
        }
    }

    fn permit_if(&mut self, name: &str, tests: &[(u8, Operator)]) {
        if let Some(id) = SyscallId::from_name(name) {
            let when = tests
                .iter()
                .map(|(place, operator)| Test::kernel(*place, operator.clone()))
                .collect();
            self.add(
                Call::Named(id),
                Case {
                    when,
                    action: Action::Allow,
                },
            );
        }
    }

    /// Permits a call by name, without conditions, or what a grant (`@debug`) names.
    pub fn grant(&mut self, name: &str) -> Result<(), UnknownName> {
        let Some(group) = name.strip_prefix('@') else {
            return self.set(name, Action::Allow);
        };
        let grant = GRANTS
            .iter()
            .find(|grant| grant.name == group)
            .ok_or_else(|| UnknownName::grant(name))?;
        match grant.grants {
            Grants::Calls(calls) => self.set_all(calls),
            Grants::Families(families) => {
                let ranges = families.iter().map(|f| (u64::from(*f), u64::from(*f)));
                let case = Case {
                    when: vec![Test::kernel(0, Operator::In(ranges.collect()))],
                    action: Action::Allow,
                };
                if let Some(id) = SyscallId::from_name("socket") {
                    self.rules
                        .entry(Call::Named(id))
                        .or_default()
                        .insert(0, case);
                }
            }
            Grants::Architecture(arch, calls) => {
                self.archs.insert(arch);
                self.set_all(calls);
            }
        }
        Ok(())
    }

    /// Refuses a call by name with EPERM, or all that a grant names.
    pub fn refuse(&mut self, name: &str) -> Result<(), UnknownName> {
        let Some(group) = name.strip_prefix('@') else {
            return self.set(name, Action::EPERM);
        };
        let grant = GRANTS
            .iter()
            .find(|grant| grant.name == group)
            .ok_or_else(|| UnknownName::grant(name))?;
        match grant.grants {
            Grants::Calls(calls) => {
                for call in calls {
                    // The table holds only known names, which a test shows.
                    self.set(call, Action::EPERM)?;
                }
            }
            Grants::Families(families) => {
                let ranges = families.iter().map(|f| (u64::from(*f), u64::from(*f)));
                let case = Case {
                    when: vec![Test::kernel(0, Operator::In(ranges.collect()))],
                    action: Action::Errno(EAFNOSUPPORT),
                };
                if let Some(id) = SyscallId::from_name("socket") {
                    self.rules
                        .entry(Call::Named(id))
                        .or_default()
                        .insert(0, case);
                }
            }
            Grants::Architecture(arch, _) => {
                self.archs.remove(&arch);
            }
        }
        Ok(())
    }

    fn set_all(&mut self, calls: &[&str]) {
        for id in calls.iter().filter_map(|call| SyscallId::from_name(call)) {
            self.set_id(id, Action::Allow);
        }
    }

    fn set(&mut self, name: &str, action: Action) -> Result<(), UnknownName> {
        let id = SyscallId::from_name(name).ok_or_else(|| UnknownName::call(name))?;
        self.set_id(id, action);
        Ok(())
    }

    fn set_id(&mut self, id: SyscallId, action: Action) {
        self.rules
            .retain(|call, _| !matches!(call, Call::On(_, other) if *other == id));
        self.rules
            .insert(Call::Named(id), vec![Case::always(action)]);
    }
}

/// A name that is neither a system call nor a grant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownName {
    /// The name as written.
    pub name: String,
    /// The nearest one that exists.
    pub nearest: Option<String>,
}

impl UnknownName {
    fn call(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            nearest: syscalls::suggest(name).map(str::to_owned),
        }
    }

    fn grant(name: &str) -> Self {
        let group = name.trim_start_matches('@');
        Self {
            name: name.to_owned(),
            nearest: nearest(group, GRANTS.iter().map(|grant| grant.name))
                .map(|name| format!("@{name}")),
        }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.name.starts_with('@') {
            "grant"
        } else {
            "system call"
        };
        write!(f, "unknown {what} {:?}", self.name)?;
        match &self.nearest {
            Some(nearest) => write!(f, ", did you mean {nearest:?}?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_tables_exists() {
        let in_grants = GRANTS.iter().flat_map(|grant| match grant.grants {
            Grants::Calls(calls) | Grants::Architecture(_, calls) => calls,
            Grants::Families(_) => &[],
        });
        let conditional = [
            "socket",
            "socketpair",
            "personality",
            "unshare",
            "clone",
            "clone3",
            "ioctl",
        ];
        let unknown: Vec<_> = ORDINARY
            .iter()
            .chain(in_grants)
            .chain(&conditional)
            .filter(|name| SyscallId::from_name(name).is_none())
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        assert!(GRANTS.is_sorted_by_key(|grant| grant.name));
    }

    #[test]
    fn unknown_names_are_errors_with_a_suggestion() {
        let mut policy = SyscallPolicy::ordinary();
        let cases = [
            (
                "@debugg",
                "unknown grant \"@debugg\", did you mean \"@debug\"?",
            ),
            (
                "opneat",
                "unknown system call \"opneat\", did you mean \"openat\"?",
            ),
            ("@", "unknown grant \"@\""),
        ];
        for (name, message) in cases {
            let error = policy.grant(name).expect_err(name);
            assert_eq!(error.to_string(), message);
        }
        assert_eq!(policy, SyscallPolicy::ordinary());
    }

    #[test]
    fn a_grant_widens_and_a_refusal_narrows() {
        use crate::order::Relation;
        for grant in GRANTS {
            let mut policy = SyscallPolicy::ordinary();
            policy.grant(&format!("@{}", grant.name)).expect("known");
            let relation = Relation::between(&SyscallPolicy::ordinary(), &policy);
            assert_eq!(relation, Relation::Tighter, "{}", grant.name);
            let granted = policy.clone();
            policy.refuse(&format!("@{}", grant.name)).expect("known");
            let relation = Relation::between(&policy, &granted);
            assert_eq!(relation, Relation::Tighter, "{}", grant.name);
        }
    }
}
