// Written by `cargo xtask names` from xtask/data/names/syscalls.tsv: change that, not this.

use crate::names::syscalls::{Row, row};

#[rustfmt::skip]
pub(in crate::names) static NAMES: [&str; 503] = [
    "_llseek",
    "_newselect",
    "_sysctl",
    "accept",
    "accept4",
    "access",
    "acct",
    "add_key",
    "adjtimex",
    "afs_syscall",
    "alarm",
    "arch_prctl",
    "arm_fadvise64_64",
    "bdflush",
    "bind",
    "bpf",
    "break",
    "breakpoint",
    "brk",
    "cachectl",
    "cacheflush",
    "cachestat",
    "capget",
    "capset",
    "chdir",
    "chmod",
    "chown",
    "chown32",
    "chroot",
    "clock_adjtime",
    "clock_adjtime64",
    "clock_getres",
    "clock_getres_time64",
    "clock_gettime",
    "clock_gettime64",
    "clock_nanosleep",
    "clock_nanosleep_time64",
    "clock_settime",
    "clock_settime64",
    "clone",
    "clone3",
    "close",
    "close_range",
    "connect",
    "copy_file_range",
    "creat",
    "create_module",
    "delete_module",
    "dup",
    "dup2",
    "dup3",
    "epoll_create",
    "epoll_create1",
    "epoll_ctl",
    "epoll_ctl_old",
    "epoll_pwait",
    "epoll_pwait2",
    "epoll_wait",
    "epoll_wait_old",
    "eventfd",
    "eventfd2",
    "execve",
    "execveat",
    "exit",
    "exit_group",
    "faccessat",
    "faccessat2",
    "fadvise64",
    "fadvise64_64",
    "fallocate",
    "fanotify_init",
    "fanotify_mark",
    "fchdir",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "fchown",
    "fchown32",
    "fchownat",
    "fcntl",
    "fcntl64",
    "fdatasync",
    "fgetxattr",
    "file_getattr",
    "file_setattr",
    "finit_module",
    "flistxattr",
    "flock",
    "fork",
    "fremovexattr",
    "fsconfig",
    "fsetxattr",
    "fsmount",
    "fsopen",
    "fspick",
    "fstat",
    "fstat64",
    "fstatat64",
    "fstatfs",
    "fstatfs64",
    "fsync",
    "ftime",
    "ftruncate",
    "ftruncate64",
    "futex",
    "futex_requeue",
    "futex_time64",
    "futex_wait",
    "futex_waitv",
    "futex_wake",
    "futimesat",
    "get_kernel_syms",
    "get_mempolicy",
    "get_robust_list",
    "get_thread_area",
    "get_tls",
    "getcpu",
    "getcwd",
    "getdents",
    "getdents64",
    "getegid",
    "getegid32",
    "geteuid",
    "geteuid32",
    "getgid",
    "getgid32",
    "getgroups",
    "getgroups32",
    "getitimer",
    "getpeername",
    "getpgid",
    "getpgrp",
    "getpid",
    "getpmsg",
    "getppid",
    "getpriority",
    "getrandom",
    "getresgid",
    "getresgid32",
    "getresuid",
    "getresuid32",
    "getrlimit",
    "getrusage",
    "getsid",
    "getsockname",
    "getsockopt",
    "gettid",
    "gettimeofday",
    "getuid",
    "getuid32",
    "getxattr",
    "getxattrat",
    "gtty",
    "idle",
    "init_module",
    "inotify_add_watch",
    "inotify_init",
    "inotify_init1",
    "inotify_rm_watch",
    "io_cancel",
    "io_destroy",
    "io_getevents",
    "io_pgetevents",
    "io_pgetevents_time64",
    "io_setup",
    "io_submit",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "ioctl",
    "ioperm",
    "iopl",
    "ioprio_get",
    "ioprio_set",
    "ipc",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "kill",
    "landlock_add_rule",
    "landlock_create_ruleset",
    "landlock_restrict_self",
    "lchown",
    "lchown32",
    "lgetxattr",
    "link",
    "linkat",
    "listen",
    "listmount",
    "listns",
    "listxattr",
    "listxattrat",
    "llistxattr",
    "lock",
    "lookup_dcookie",
    "lremovexattr",
    "lseek",
    "lsetxattr",
    "lsm_get_self_attr",
    "lsm_list_modules",
    "lsm_set_self_attr",
    "lstat",
    "lstat64",
    "madvise",
    "map_shadow_stack",
    "mbind",
    "membarrier",
    "memfd_create",
    "memfd_secret",
    "migrate_pages",
    "mincore",
    "mkdir",
    "mkdirat",
    "mknod",
    "mknodat",
    "mlock",
    "mlock2",
    "mlockall",
    "mmap",
    "mmap2",
    "modify_ldt",
    "mount",
    "mount_setattr",
    "move_mount",
    "move_pages",
    "mprotect",
    "mpx",
    "mq_getsetattr",
    "mq_notify",
    "mq_open",
    "mq_timedreceive",
    "mq_timedreceive_time64",
    "mq_timedsend",
    "mq_timedsend_time64",
    "mq_unlink",
    "mremap",
    "mseal",
    "msgctl",
    "msgget",
    "msgrcv",
    "msgsnd",
    "msync",
    "multiplexer",
    "munlock",
    "munlockall",
    "munmap",
    "name_to_handle_at",
    "nanosleep",
    "newfstatat",
    "nfsservctl",
    "nice",
    "oldfstat",
    "oldlstat",
    "oldolduname",
    "oldstat",
    "olduname",
    "open",
    "open_by_handle_at",
    "open_tree",
    "open_tree_attr",
    "openat",
    "openat2",
    "pause",
    "pciconfig_iobase",
    "pciconfig_read",
    "pciconfig_write",
    "perf_event_open",
    "personality",
    "pidfd_getfd",
    "pidfd_open",
    "pidfd_send_signal",
    "pipe",
    "pipe2",
    "pivot_root",
    "pkey_alloc",
    "pkey_free",
    "pkey_mprotect",
    "poll",
    "ppoll",
    "ppoll_time64",
    "prctl",
    "pread64",
    "preadv",
    "preadv2",
    "prlimit64",
    "process_madvise",
    "process_mrelease",
    "process_vm_readv",
    "process_vm_writev",
    "prof",
    "profil",
    "pselect6",
    "pselect6_time64",
    "ptrace",
    "putpmsg",
    "pwrite64",
    "pwritev",
    "pwritev2",
    "query_module",
    "quotactl",
    "quotactl_fd",
    "read",
    "readahead",
    "readdir",
    "readlink",
    "readlinkat",
    "readv",
    "reboot",
    "recv",
    "recvfrom",
    "recvmmsg",
    "recvmmsg_time64",
    "recvmsg",
    "remap_file_pages",
    "removexattr",
    "removexattrat",
    "rename",
    "renameat",
    "renameat2",
    "request_key",
    "restart_syscall",
    "riscv_flush_icache",
    "riscv_hwprobe",
    "rmdir",
    "rseq",
    "rseq_slice_yield",
    "rt_sigaction",
    "rt_sigpending",
    "rt_sigprocmask",
    "rt_sigqueueinfo",
    "rt_sigreturn",
    "rt_sigsuspend",
    "rt_sigtimedwait",
    "rt_sigtimedwait_time64",
    "rt_tgsigqueueinfo",
    "rtas",
    "s390_guarded_storage",
    "s390_pci_mmio_read",
    "s390_pci_mmio_write",
    "s390_runtime_instr",
    "s390_sthyi",
    "sched_get_priority_max",
    "sched_get_priority_min",
    "sched_getaffinity",
    "sched_getattr",
    "sched_getparam",
    "sched_getscheduler",
    "sched_rr_get_interval",
    "sched_rr_get_interval_time64",
    "sched_setaffinity",
    "sched_setattr",
    "sched_setparam",
    "sched_setscheduler",
    "sched_yield",
    "seccomp",
    "security",
    "select",
    "semctl",
    "semget",
    "semop",
    "semtimedop",
    "semtimedop_time64",
    "send",
    "sendfile",
    "sendfile64",
    "sendmmsg",
    "sendmsg",
    "sendto",
    "set_mempolicy",
    "set_mempolicy_home_node",
    "set_robust_list",
    "set_thread_area",
    "set_tid_address",
    "set_tls",
    "setdomainname",
    "setfsgid",
    "setfsgid32",
    "setfsuid",
    "setfsuid32",
    "setgid",
    "setgid32",
    "setgroups",
    "setgroups32",
    "sethostname",
    "setitimer",
    "setns",
    "setpgid",
    "setpriority",
    "setregid",
    "setregid32",
    "setresgid",
    "setresgid32",
    "setresuid",
    "setresuid32",
    "setreuid",
    "setreuid32",
    "setrlimit",
    "setsid",
    "setsockopt",
    "settimeofday",
    "setuid",
    "setuid32",
    "setxattr",
    "setxattrat",
    "sgetmask",
    "shmat",
    "shmctl",
    "shmdt",
    "shmget",
    "shutdown",
    "sigaction",
    "sigaltstack",
    "signal",
    "signalfd",
    "signalfd4",
    "sigpending",
    "sigprocmask",
    "sigreturn",
    "sigsuspend",
    "socket",
    "socketcall",
    "socketpair",
    "splice",
    "spu_create",
    "spu_run",
    "ssetmask",
    "stat",
    "stat64",
    "statfs",
    "statfs64",
    "statmount",
    "statx",
    "stime",
    "stty",
    "subpage_prot",
    "swapcontext",
    "swapoff",
    "swapon",
    "switch_endian",
    "symlink",
    "symlinkat",
    "sync",
    "sync_file_range",
    "sync_file_range2",
    "syncfs",
    "sys_debug_setcontext",
    "sysfs",
    "sysinfo",
    "syslog",
    "sysmips",
    "tee",
    "tgkill",
    "time",
    "timer_create",
    "timer_delete",
    "timer_getoverrun",
    "timer_gettime",
    "timer_gettime64",
    "timer_settime",
    "timer_settime64",
    "timerfd",
    "timerfd_create",
    "timerfd_gettime",
    "timerfd_gettime64",
    "timerfd_settime",
    "timerfd_settime64",
    "times",
    "tkill",
    "truncate",
    "truncate64",
    "tuxcall",
    "ugetrlimit",
    "ulimit",
    "umask",
    "umount",
    "umount2",
    "uname",
    "unlink",
    "unlinkat",
    "unshare",
    "uprobe",
    "uretprobe",
    "uselib",
    "userfaultfd",
    "usr26",
    "usr32",
    "ustat",
    "utime",
    "utimensat",
    "utimensat_time64",
    "utimes",
    "vfork",
    "vhangup",
    "vm86",
    "vm86old",
    "vmsplice",
    "vserver",
    "wait4",
    "waitid",
    "waitpid",
    "write",
    "writev",
];

#[rustfmt::skip]
pub(in crate::names) static X86_64: [Row; 385] = [
    row(0, 302, (2, 4, 0)), // read
    row(1, 501, (2, 4, 0)), // write
    row(2, 257, (2, 4, 0)), // open
    row(3, 41, (2, 4, 0)), // close
    row(4, 427, (2, 4, 0)), // stat
    row(5, 95, (2, 4, 0)), // fstat
    row(6, 202, (2, 4, 0)), // lstat
    row(7, 278, (2, 4, 0)), // poll
    row(8, 197, (2, 4, 0)), // lseek
    row(9, 219, (2, 4, 0)), // mmap
    row(10, 226, (2, 4, 0)), // mprotect
    row(11, 246, (2, 4, 0)), // munmap
    row(12, 18, (2, 4, 0)), // brk
    row(13, 327, (2, 4, 0)), // rt_sigaction
    row(14, 329, (2, 4, 0)), // rt_sigprocmask
    row(15, 331, (2, 4, 0)), // rt_sigreturn
    row(16, 169, (2, 4, 0)), // ioctl
    row(17, 282, (2, 4, 0)), // pread64
    row(18, 296, (2, 4, 0)), // pwrite64
    row(19, 307, (2, 4, 0)), // readv
    row(20, 502, (2, 4, 0)), // writev
    row(21, 5, (2, 4, 0)), // access
    row(22, 272, (2, 4, 0)), // pipe
    row(23, 357, (2, 4, 0)), // select
    row(24, 354, (2, 4, 0)), // sched_yield
    row(25, 236, (2, 4, 0)), // mremap
    row(26, 242, (2, 4, 0)), // msync
    row(27, 211, (2, 4, 0)), // mincore
    row(28, 204, (2, 4, 0)), // madvise
    row(29, 409, (2, 4, 0)), // shmget
    row(30, 406, (2, 4, 0)), // shmat
    row(31, 407, (2, 4, 0)), // shmctl
    row(32, 48, (2, 4, 0)), // dup
    row(33, 49, (2, 4, 0)), // dup2
    row(34, 263, (2, 4, 0)), // pause
    row(35, 248, (2, 4, 0)), // nanosleep
    row(36, 128, (2, 4, 0)), // getitimer
    row(37, 10, (2, 4, 0)), // alarm
    row(38, 385, (2, 4, 0)), // setitimer
    row(39, 132, (2, 4, 0)), // getpid
    row(40, 364, (2, 4, 0)), // sendfile
    row(41, 420, (2, 4, 0)), // socket
    row(42, 43, (2, 4, 0)), // connect
    row(43, 3, (2, 4, 0)), // accept
    row(44, 368, (2, 4, 0)), // sendto
    row(45, 310, (2, 4, 0)), // recvfrom
    row(46, 367, (2, 4, 0)), // sendmsg
    row(47, 313, (2, 4, 0)), // recvmsg
    row(48, 410, (2, 4, 0)), // shutdown
    row(49, 14, (2, 4, 0)), // bind
    row(50, 188, (2, 4, 0)), // listen
    row(51, 144, (2, 4, 0)), // getsockname
    row(52, 129, (2, 4, 0)), // getpeername
    row(53, 422, (2, 4, 0)), // socketpair
    row(54, 399, (2, 4, 0)), // setsockopt
    row(55, 145, (2, 4, 0)), // getsockopt
    row(56, 39, (2, 4, 0)), // clone
    row(57, 88, (2, 4, 0)), // fork
    row(58, 492, (2, 4, 0)), // vfork
    row(59, 61, (2, 4, 0)), // execve
    row(60, 63, (2, 4, 0)), // exit
    row(61, 498, (2, 4, 0)), // wait4
    row(62, 179, (2, 4, 0)), // kill
    row(63, 477, (2, 4, 0)), // uname
    row(64, 359, (2, 4, 0)), // semget
    row(65, 360, (2, 4, 0)), // semop
    row(66, 358, (2, 4, 0)), // semctl
    row(67, 408, (2, 4, 0)), // shmdt
    row(68, 239, (2, 4, 0)), // msgget
    row(69, 241, (2, 4, 0)), // msgsnd
    row(70, 240, (2, 4, 0)), // msgrcv
    row(71, 238, (2, 4, 0)), // msgctl
    row(72, 79, (2, 4, 0)), // fcntl
    row(73, 87, (2, 4, 0)), // flock
    row(74, 100, (2, 4, 0)), // fsync
    row(75, 81, (2, 4, 0)), // fdatasync
    row(76, 469, (2, 4, 0)), // truncate
    row(77, 102, (2, 4, 0)), // ftruncate
    row(78, 118, (2, 4, 0)), // getdents
    row(79, 117, (2, 4, 0)), // getcwd
    row(80, 24, (2, 4, 0)), // chdir
    row(81, 72, (2, 4, 0)), // fchdir
    row(82, 317, (2, 4, 0)), // rename
    row(83, 212, (2, 4, 0)), // mkdir
    row(84, 324, (2, 4, 0)), // rmdir
    row(85, 45, (2, 4, 0)), // creat
    row(86, 186, (2, 4, 0)), // link
    row(87, 478, (2, 4, 0)), // unlink
    row(88, 440, (2, 4, 0)), // symlink
    row(89, 305, (2, 4, 0)), // readlink
    row(90, 25, (2, 4, 0)), // chmod
    row(91, 73, (2, 4, 0)), // fchmod
    row(92, 26, (2, 4, 0)), // chown
    row(93, 76, (2, 4, 0)), // fchown
    row(94, 183, (2, 4, 0)), // lchown
    row(95, 474, (2, 4, 0)), // umask
    row(96, 147, (2, 4, 0)), // gettimeofday
    row(97, 141, (2, 4, 0)), // getrlimit
    row(98, 142, (2, 4, 0)), // getrusage
    row(99, 448, (2, 4, 0)), // sysinfo
    row(100, 467, (2, 4, 0)), // times
    row(101, 294, (2, 4, 0)), // ptrace
    row(102, 148, (2, 4, 0)), // getuid
    row(103, 449, (2, 4, 0)), // syslog
    row(104, 124, (2, 4, 0)), // getgid
    row(105, 401, (2, 4, 0)), // setuid
    row(106, 380, (2, 4, 0)), // setgid
    row(107, 122, (2, 4, 0)), // geteuid
    row(108, 120, (2, 4, 0)), // getegid
    row(109, 387, (2, 4, 0)), // setpgid
    row(110, 134, (2, 4, 0)), // getppid
    row(111, 131, (2, 4, 0)), // getpgrp
    row(112, 398, (2, 4, 0)), // setsid
    row(113, 395, (2, 4, 0)), // setreuid
    row(114, 389, (2, 4, 0)), // setregid
    row(115, 126, (2, 4, 0)), // getgroups
    row(116, 382, (2, 4, 0)), // setgroups
    row(117, 393, (2, 4, 0)), // setresuid
    row(118, 139, (2, 4, 0)), // getresuid
    row(119, 391, (2, 4, 0)), // setresgid
    row(120, 137, (2, 4, 0)), // getresgid
    row(121, 130, (2, 4, 0)), // getpgid
    row(122, 378, (2, 4, 0)), // setfsuid
    row(123, 376, (2, 4, 0)), // setfsgid
    row(124, 143, (2, 4, 0)), // getsid
    row(125, 22, (2, 4, 0)), // capget
    row(126, 23, (2, 4, 0)), // capset
    row(127, 328, (2, 4, 0)), // rt_sigpending
    row(128, 333, (2, 4, 0)), // rt_sigtimedwait
    row(129, 330, (2, 4, 0)), // rt_sigqueueinfo
    row(130, 332, (2, 4, 0)), // rt_sigsuspend
    row(131, 412, (2, 4, 0)), // sigaltstack
    row(132, 488, (2, 4, 0)), // utime
    row(133, 214, (2, 4, 0)), // mknod
    row(134, 483, (2, 4, 0)), // uselib
    row(135, 268, (2, 4, 0)), // personality
    row(136, 487, (2, 4, 0)), // ustat
    row(137, 429, (2, 4, 0)), // statfs
    row(138, 98, (2, 4, 0)), // fstatfs
    row(139, 447, (2, 4, 0)), // sysfs
    row(140, 135, (2, 4, 0)), // getpriority
    row(141, 388, (2, 4, 0)), // setpriority
    row(142, 352, (2, 4, 0)), // sched_setparam
    row(143, 346, (2, 4, 0)), // sched_getparam
    row(144, 353, (2, 4, 0)), // sched_setscheduler
    row(145, 347, (2, 4, 0)), // sched_getscheduler
    row(146, 342, (2, 4, 0)), // sched_get_priority_max
    row(147, 343, (2, 4, 0)), // sched_get_priority_min
    row(148, 348, (2, 4, 0)), // sched_rr_get_interval
    row(149, 216, (2, 4, 0)), // mlock
    row(150, 244, (2, 4, 0)), // munlock
    row(151, 218, (2, 4, 0)), // mlockall
    row(152, 245, (2, 4, 0)), // munlockall
    row(153, 493, (2, 4, 0)), // vhangup
    row(154, 221, (2, 4, 0)), // modify_ldt
    row(155, 274, (2, 4, 0)), // pivot_root
    row(156, 2, (2, 4, 0)), // _sysctl
    row(157, 281, (2, 4, 0)), // prctl
    row(158, 11, (2, 6, 0)), // arch_prctl
    row(159, 8, (2, 4, 0)), // adjtimex
    row(160, 397, (2, 4, 0)), // setrlimit
    row(161, 28, (2, 4, 0)), // chroot
    row(162, 442, (2, 4, 0)), // sync
    row(163, 6, (2, 4, 0)), // acct
    row(164, 400, (2, 4, 0)), // settimeofday
    row(165, 222, (2, 4, 0)), // mount
    row(166, 476, (2, 4, 0)), // umount2
    row(167, 438, (2, 4, 0)), // swapon
    row(168, 437, (2, 4, 0)), // swapoff
    row(169, 308, (2, 4, 0)), // reboot
    row(170, 384, (2, 4, 0)), // sethostname
    row(171, 375, (2, 4, 0)), // setdomainname
    row(172, 171, (2, 4, 0)), // iopl
    row(173, 170, (2, 4, 0)), // ioperm
    row(174, 46, (2, 4, 0)), // create_module
    row(175, 154, (2, 4, 0)), // init_module
    row(176, 47, (2, 4, 0)), // delete_module
    row(177, 111, (2, 4, 0)), // get_kernel_syms
    row(178, 299, (2, 4, 0)), // query_module
    row(179, 300, (2, 4, 0)), // quotactl
    row(180, 250, (2, 4, 0)), // nfsservctl
    row(181, 133, (2, 4, 0)), // getpmsg
    row(182, 295, (2, 4, 0)), // putpmsg
    row(183, 9, (2, 4, 0)), // afs_syscall
    row(184, 471, (2, 4, 0)), // tuxcall
    row(185, 356, (2, 4, 0)), // security
    row(186, 146, (2, 4, 11)), // gettid
    row(187, 303, (2, 4, 13)), // readahead
    row(188, 403, (2, 6, 0)), // setxattr
    row(189, 198, (2, 6, 0)), // lsetxattr
    row(190, 91, (2, 6, 0)), // fsetxattr
    row(191, 150, (2, 6, 0)), // getxattr
    row(192, 185, (2, 6, 0)), // lgetxattr
    row(193, 82, (2, 6, 0)), // fgetxattr
    row(194, 191, (2, 6, 0)), // listxattr
    row(195, 193, (2, 6, 0)), // llistxattr
    row(196, 86, (2, 6, 0)), // flistxattr
    row(197, 315, (2, 6, 0)), // removexattr
    row(198, 196, (2, 6, 0)), // lremovexattr
    row(199, 89, (2, 6, 0)), // fremovexattr
    row(200, 468, (2, 6, 0)), // tkill
    row(201, 453, (2, 4, 0)), // time
    row(202, 104, (2, 6, 0)), // futex
    row(203, 350, (2, 6, 0)), // sched_setaffinity
    row(204, 344, (2, 6, 0)), // sched_getaffinity
    row(205, 372, (2, 6, 0)), // set_thread_area
    row(206, 164, (2, 6, 0)), // io_setup
    row(207, 160, (2, 6, 0)), // io_destroy
    row(208, 161, (2, 6, 0)), // io_getevents
    row(209, 165, (2, 6, 0)), // io_submit
    row(210, 159, (2, 6, 0)), // io_cancel
    row(211, 114, (2, 6, 0)), // get_thread_area
    row(212, 195, (2, 6, 0)), // lookup_dcookie
    row(213, 51, (2, 6, 0)), // epoll_create
    row(214, 54, (2, 6, 0)), // epoll_ctl_old
    row(215, 58, (2, 6, 0)), // epoll_wait_old
    row(216, 314, (2, 6, 0)), // remap_file_pages
    row(217, 119, (2, 4, 0)), // getdents64
    row(218, 373, (2, 6, 0)), // set_tid_address
    row(219, 321, (2, 6, 0)), // restart_syscall
    row(220, 361, (2, 6, 0)), // semtimedop
    row(221, 67, (2, 6, 0)), // fadvise64
    row(222, 454, (2, 6, 0)), // timer_create
    row(223, 459, (2, 6, 0)), // timer_settime
    row(224, 457, (2, 6, 0)), // timer_gettime
    row(225, 456, (2, 6, 0)), // timer_getoverrun
    row(226, 455, (2, 6, 0)), // timer_delete
    row(227, 37, (2, 6, 0)), // clock_settime
    row(228, 33, (2, 6, 0)), // clock_gettime
    row(229, 31, (2, 6, 0)), // clock_getres
    row(230, 35, (2, 6, 0)), // clock_nanosleep
    row(231, 64, (2, 6, 0)), // exit_group
    row(232, 57, (2, 6, 0)), // epoll_wait
    row(233, 53, (2, 6, 0)), // epoll_ctl
    row(234, 452, (2, 6, 0)), // tgkill
    row(235, 491, (2, 6, 0)), // utimes
    row(236, 497, (2, 6, 0)), // vserver
    row(237, 206, (2, 6, 6)), // mbind
    row(238, 369, (2, 6, 6)), // set_mempolicy
    row(239, 112, (2, 6, 6)), // get_mempolicy
    row(240, 230, (2, 6, 6)), // mq_open
    row(241, 235, (2, 6, 6)), // mq_unlink
    row(242, 233, (2, 6, 6)), // mq_timedsend
    row(243, 231, (2, 6, 6)), // mq_timedreceive
    row(244, 229, (2, 6, 6)), // mq_notify
    row(245, 228, (2, 6, 6)), // mq_getsetattr
    row(246, 177, (2, 6, 13)), // kexec_load
    row(247, 499, (2, 6, 10)), // waitid
    row(248, 7, (2, 6, 10)), // add_key
    row(249, 320, (2, 6, 10)), // request_key
    row(250, 178, (2, 6, 10)), // keyctl
    row(251, 173, (2, 6, 13)), // ioprio_set
    row(252, 172, (2, 6, 13)), // ioprio_get
    row(253, 156, (2, 6, 13)), // inotify_init
    row(254, 155, (2, 6, 13)), // inotify_add_watch
    row(255, 158, (2, 6, 13)), // inotify_rm_watch
    row(256, 210, (2, 6, 16)), // migrate_pages
    row(257, 261, (2, 6, 16)), // openat
    row(258, 213, (2, 6, 16)), // mkdirat
    row(259, 215, (2, 6, 16)), // mknodat
    row(260, 78, (2, 6, 16)), // fchownat
    row(261, 110, (2, 6, 16)), // futimesat
    row(262, 249, (2, 6, 16)), // newfstatat
    row(263, 479, (2, 6, 16)), // unlinkat
    row(264, 318, (2, 6, 16)), // renameat
    row(265, 187, (2, 6, 16)), // linkat
    row(266, 441, (2, 6, 16)), // symlinkat
    row(267, 306, (2, 6, 16)), // readlinkat
    row(268, 74, (2, 6, 16)), // fchmodat
    row(269, 65, (2, 6, 16)), // faccessat
    row(270, 292, (2, 6, 16)), // pselect6
    row(271, 279, (2, 6, 16)), // ppoll
    row(272, 480, (2, 6, 16)), // unshare
    row(273, 371, (2, 6, 17)), // set_robust_list
    row(274, 113, (2, 6, 17)), // get_robust_list
    row(275, 423, (2, 6, 17)), // splice
    row(276, 451, (2, 6, 17)), // tee
    row(277, 443, (2, 6, 17)), // sync_file_range
    row(278, 496, (2, 6, 17)), // vmsplice
    row(279, 225, (2, 6, 18)), // move_pages
    row(280, 489, (2, 6, 22)), // utimensat
    row(281, 55, (2, 6, 19)), // epoll_pwait
    row(282, 414, (2, 6, 22)), // signalfd
    row(283, 462, (2, 6, 25)), // timerfd_create
    row(284, 59, (2, 6, 22)), // eventfd
    row(285, 69, (2, 6, 23)), // fallocate
    row(286, 465, (2, 6, 25)), // timerfd_settime
    row(287, 463, (2, 6, 25)), // timerfd_gettime
    row(288, 4, (2, 6, 28)), // accept4
    row(289, 415, (2, 6, 27)), // signalfd4
    row(290, 60, (2, 6, 27)), // eventfd2
    row(291, 52, (2, 6, 27)), // epoll_create1
    row(292, 50, (2, 6, 27)), // dup3
    row(293, 273, (2, 6, 27)), // pipe2
    row(294, 157, (2, 6, 27)), // inotify_init1
    row(295, 283, (2, 6, 30)), // preadv
    row(296, 297, (2, 6, 30)), // pwritev
    row(297, 335, (2, 6, 31)), // rt_tgsigqueueinfo
    row(298, 267, (2, 6, 31)), // perf_event_open
    row(299, 311, (2, 6, 33)), // recvmmsg
    row(300, 70, (2, 6, 37)), // fanotify_init
    row(301, 71, (2, 6, 37)), // fanotify_mark
    row(302, 285, (2, 6, 36)), // prlimit64
    row(303, 247, (2, 6, 39)), // name_to_handle_at
    row(304, 258, (2, 6, 39)), // open_by_handle_at
    row(305, 29, (2, 6, 39)), // clock_adjtime
    row(306, 445, (2, 6, 39)), // syncfs
    row(307, 366, (3, 0, 0)), // sendmmsg
    row(308, 386, (3, 0, 0)), // setns
    row(309, 116, (3, 1, 0)), // getcpu
    row(310, 288, (3, 2, 0)), // process_vm_readv
    row(311, 289, (3, 2, 0)), // process_vm_writev
    row(312, 175, (3, 5, 0)), // kcmp
    row(313, 85, (3, 8, 0)), // finit_module
    row(314, 351, (3, 14, 0)), // sched_setattr
    row(315, 345, (3, 14, 0)), // sched_getattr
    row(316, 319, (3, 15, 0)), // renameat2
    row(317, 355, (3, 17, 0)), // seccomp
    row(318, 136, (3, 17, 0)), // getrandom
    row(319, 208, (3, 17, 0)), // memfd_create
    row(320, 176, (3, 17, 0)), // kexec_file_load
    row(321, 15, (3, 18, 0)), // bpf
    row(322, 62, (3, 19, 0)), // execveat
    row(323, 484, (4, 3, 0)), // userfaultfd
    row(324, 207, (4, 3, 0)), // membarrier
    row(325, 217, (4, 4, 0)), // mlock2
    row(326, 44, (4, 5, 0)), // copy_file_range
    row(327, 284, (4, 6, 0)), // preadv2
    row(328, 298, (4, 6, 0)), // pwritev2
    row(329, 277, (4, 9, 0)), // pkey_mprotect
    row(330, 275, (4, 9, 0)), // pkey_alloc
    row(331, 276, (4, 9, 0)), // pkey_free
    row(332, 432, (4, 11, 0)), // statx
    row(333, 162, (4, 18, 0)), // io_pgetevents
    row(334, 325, (4, 18, 0)), // rseq
    row(335, 482, (6, 11, 0)), // uretprobe
    row(336, 481, (6, 18, 0)), // uprobe
    row(424, 271, (5, 1, 0)), // pidfd_send_signal
    row(425, 168, (5, 1, 0)), // io_uring_setup
    row(426, 166, (5, 1, 0)), // io_uring_enter
    row(427, 167, (5, 1, 0)), // io_uring_register
    row(428, 259, (5, 2, 0)), // open_tree
    row(429, 224, (5, 2, 0)), // move_mount
    row(430, 93, (5, 2, 0)), // fsopen
    row(431, 90, (5, 2, 0)), // fsconfig
    row(432, 92, (5, 2, 0)), // fsmount
    row(433, 94, (5, 2, 0)), // fspick
    row(434, 270, (5, 3, 0)), // pidfd_open
    row(435, 40, (5, 3, 0)), // clone3
    row(436, 42, (5, 9, 0)), // close_range
    row(437, 262, (5, 6, 0)), // openat2
    row(438, 269, (5, 6, 0)), // pidfd_getfd
    row(439, 66, (5, 8, 0)), // faccessat2
    row(440, 286, (5, 10, 0)), // process_madvise
    row(441, 56, (5, 11, 0)), // epoll_pwait2
    row(442, 223, (5, 12, 0)), // mount_setattr
    row(443, 301, (5, 14, 0)), // quotactl_fd
    row(444, 181, (5, 13, 0)), // landlock_create_ruleset
    row(445, 180, (5, 13, 0)), // landlock_add_rule
    row(446, 182, (5, 13, 0)), // landlock_restrict_self
    row(447, 209, (5, 14, 0)), // memfd_secret
    row(448, 287, (5, 15, 0)), // process_mrelease
    row(449, 108, (5, 16, 0)), // futex_waitv
    row(450, 370, (5, 17, 0)), // set_mempolicy_home_node
    row(451, 21, (6, 5, 0)), // cachestat
    row(452, 75, (6, 6, 0)), // fchmodat2
    row(453, 205, (6, 6, 0)), // map_shadow_stack
    row(454, 109, (6, 7, 0)), // futex_wake
    row(455, 107, (6, 7, 0)), // futex_wait
    row(456, 105, (6, 7, 0)), // futex_requeue
    row(457, 431, (6, 8, 0)), // statmount
    row(458, 189, (6, 8, 0)), // listmount
    row(459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(461, 200, (6, 8, 0)), // lsm_list_modules
    row(462, 237, (6, 10, 0)), // mseal
    row(463, 404, (6, 13, 0)), // setxattrat
    row(464, 151, (6, 13, 0)), // getxattrat
    row(465, 192, (6, 13, 0)), // listxattrat
    row(466, 316, (6, 13, 0)), // removexattrat
    row(467, 260, (6, 15, 0)), // open_tree_attr
    row(468, 83, (6, 17, 0)), // file_getattr
    row(469, 84, (6, 17, 0)), // file_setattr
    row(470, 190, (6, 19, 0)), // listns
    row(471, 326, (7, 0, 0)), // rseq_slice_yield
];

#[rustfmt::skip]
pub(in crate::names) static X86_64_BY_NAME: [u16; 385] = [
    156, 43, 288, 21, 163, 248, 159, 183, 37, 158, 49, 321, 12, 364, 125, 126,
    80, 90, 92, 161, 305, 229, 228, 230, 227, 56, 348, 3, 349, 42, 326, 85,
    174, 176, 32, 33, 292, 213, 291, 233, 214, 281, 354, 232, 215, 284, 290, 59,
    322, 60, 231, 269, 352, 221, 285, 300, 301, 81, 91, 268, 365, 93, 260, 72,
    75, 193, 381, 382, 313, 196, 73, 57, 199, 344, 190, 345, 343, 346, 5, 138,
    74, 77, 202, 369, 368, 362, 367, 261, 177, 239, 274, 211, 309, 79, 78, 217,
    108, 107, 104, 115, 36, 52, 121, 111, 39, 181, 110, 140, 318, 120, 118, 97,
    98, 124, 51, 55, 186, 96, 102, 191, 377, 175, 254, 253, 294, 255, 210, 207,
    208, 333, 206, 209, 339, 340, 338, 16, 173, 172, 252, 251, 312, 320, 246, 250,
    62, 358, 357, 359, 94, 192, 86, 265, 50, 371, 383, 194, 378, 195, 212, 198,
    8, 189, 372, 374, 373, 6, 28, 366, 237, 324, 319, 360, 256, 27, 83, 258,
    133, 259, 149, 325, 151, 9, 154, 165, 355, 342, 279, 10, 245, 244, 240, 243,
    242, 241, 25, 375, 71, 68, 70, 69, 26, 150, 152, 11, 303, 35, 262, 180,
    2, 304, 341, 380, 257, 350, 34, 298, 135, 351, 347, 337, 22, 293, 155, 330,
    331, 329, 7, 271, 157, 17, 295, 327, 302, 353, 361, 310, 311, 270, 101, 182,
    18, 296, 328, 178, 179, 356, 0, 187, 89, 267, 19, 169, 45, 299, 47, 216,
    197, 379, 82, 264, 316, 249, 219, 84, 334, 384, 13, 127, 14, 129, 15, 130,
    128, 297, 146, 147, 204, 315, 143, 145, 148, 203, 314, 142, 144, 24, 317, 185,
    23, 66, 64, 65, 220, 40, 307, 46, 44, 238, 363, 273, 205, 218, 171, 123,
    122, 106, 116, 170, 38, 308, 109, 141, 114, 119, 117, 113, 160, 112, 54, 164,
    105, 188, 376, 30, 31, 67, 29, 48, 131, 282, 289, 41, 53, 275, 4, 137,
    370, 332, 168, 167, 88, 266, 162, 277, 306, 139, 99, 103, 276, 234, 201, 222,
    226, 225, 224, 223, 283, 287, 286, 100, 200, 76, 184, 95, 166, 63, 87, 263,
    272, 336, 335, 134, 323, 136, 132, 280, 235, 58, 153, 278, 236, 61, 247, 1,
    20,
];

#[rustfmt::skip]
pub(in crate::names) static I386: [Row; 461] = [
    row(0, 321, (2, 6, 0)), // restart_syscall
    row(1, 63, (1, 0, 0)), // exit
    row(2, 88, (1, 0, 0)), // fork
    row(3, 302, (1, 0, 0)), // read
    row(4, 501, (1, 0, 0)), // write
    row(5, 257, (1, 0, 0)), // open
    row(6, 41, (1, 0, 0)), // close
    row(7, 500, (1, 0, 0)), // waitpid
    row(8, 45, (1, 0, 0)), // creat
    row(9, 186, (1, 0, 0)), // link
    row(10, 478, (1, 0, 0)), // unlink
    row(11, 61, (1, 0, 0)), // execve
    row(12, 24, (1, 0, 0)), // chdir
    row(13, 453, (1, 0, 0)), // time
    row(14, 214, (1, 0, 0)), // mknod
    row(15, 25, (1, 0, 0)), // chmod
    row(16, 183, (1, 0, 0)), // lchown
    row(17, 16, (1, 0, 0)), // break
    row(18, 255, (1, 0, 0)), // oldstat
    row(19, 197, (1, 0, 0)), // lseek
    row(20, 132, (1, 0, 0)), // getpid
    row(21, 222, (1, 0, 0)), // mount
    row(22, 475, (1, 0, 0)), // umount
    row(23, 401, (1, 0, 0)), // setuid
    row(24, 148, (1, 0, 0)), // getuid
    row(25, 433, (1, 0, 0)), // stime
    row(26, 294, (1, 0, 0)), // ptrace
    row(27, 10, (1, 0, 0)), // alarm
    row(28, 252, (1, 0, 0)), // oldfstat
    row(29, 263, (1, 0, 0)), // pause
    row(30, 488, (1, 0, 0)), // utime
    row(31, 434, (1, 0, 0)), // stty
    row(32, 152, (1, 0, 0)), // gtty
    row(33, 5, (1, 0, 0)), // access
    row(34, 251, (1, 0, 0)), // nice
    row(35, 101, (1, 0, 0)), // ftime
    row(36, 442, (1, 0, 0)), // sync
    row(37, 179, (1, 0, 0)), // kill
    row(38, 317, (1, 0, 0)), // rename
    row(39, 212, (1, 0, 0)), // mkdir
    row(40, 324, (1, 0, 0)), // rmdir
    row(41, 48, (1, 0, 0)), // dup
    row(42, 272, (1, 0, 0)), // pipe
    row(43, 467, (1, 0, 0)), // times
    row(44, 290, (1, 0, 0)), // prof
    row(45, 18, (1, 0, 0)), // brk
    row(46, 380, (1, 0, 0)), // setgid
    row(47, 124, (1, 0, 0)), // getgid
    row(48, 413, (1, 0, 0)), // signal
    row(49, 122, (1, 0, 0)), // geteuid
    row(50, 120, (1, 0, 0)), // getegid
    row(51, 6, (1, 0, 0)), // acct
    row(52, 476, (2, 2, 0)), // umount2
    row(53, 194, (1, 0, 0)), // lock
    row(54, 169, (1, 0, 0)), // ioctl
    row(55, 79, (1, 0, 0)), // fcntl
    row(56, 227, (1, 0, 0)), // mpx
    row(57, 387, (1, 0, 0)), // setpgid
    row(58, 473, (1, 0, 0)), // ulimit
    row(59, 254, (1, 0, 0)), // oldolduname
    row(60, 474, (1, 0, 0)), // umask
    row(61, 28, (1, 0, 0)), // chroot
    row(62, 487, (1, 0, 0)), // ustat
    row(63, 49, (1, 0, 0)), // dup2
    row(64, 134, (1, 0, 0)), // getppid
    row(65, 131, (1, 0, 0)), // getpgrp
    row(66, 398, (1, 0, 0)), // setsid
    row(67, 411, (1, 0, 0)), // sigaction
    row(68, 405, (1, 0, 0)), // sgetmask
    row(69, 426, (1, 0, 0)), // ssetmask
    row(70, 395, (1, 0, 0)), // setreuid
    row(71, 389, (1, 0, 0)), // setregid
    row(72, 419, (1, 0, 0)), // sigsuspend
    row(73, 416, (1, 0, 0)), // sigpending
    row(74, 384, (1, 0, 0)), // sethostname
    row(75, 397, (1, 0, 0)), // setrlimit
    row(76, 141, (1, 0, 0)), // getrlimit
    row(77, 142, (1, 0, 0)), // getrusage
    row(78, 147, (1, 0, 0)), // gettimeofday
    row(79, 400, (1, 0, 0)), // settimeofday
    row(80, 126, (1, 0, 0)), // getgroups
    row(81, 382, (1, 0, 0)), // setgroups
    row(82, 357, (1, 0, 0)), // select
    row(83, 440, (1, 0, 0)), // symlink
    row(84, 253, (1, 0, 0)), // oldlstat
    row(85, 305, (1, 0, 0)), // readlink
    row(86, 483, (1, 0, 0)), // uselib
    row(87, 438, (1, 0, 0)), // swapon
    row(88, 308, (1, 0, 0)), // reboot
    row(89, 304, (1, 0, 0)), // readdir
    row(90, 219, (1, 0, 0)), // mmap
    row(91, 246, (1, 0, 0)), // munmap
    row(92, 469, (1, 0, 0)), // truncate
    row(93, 102, (1, 0, 0)), // ftruncate
    row(94, 73, (1, 0, 0)), // fchmod
    row(95, 76, (1, 0, 0)), // fchown
    row(96, 135, (1, 0, 0)), // getpriority
    row(97, 388, (1, 0, 0)), // setpriority
    row(98, 291, (1, 0, 0)), // profil
    row(99, 429, (1, 0, 0)), // statfs
    row(100, 98, (1, 0, 0)), // fstatfs
    row(101, 170, (1, 0, 0)), // ioperm
    row(102, 421, (1, 0, 0)), // socketcall
    row(103, 449, (1, 0, 0)), // syslog
    row(104, 385, (1, 0, 0)), // setitimer
    row(105, 128, (1, 0, 0)), // getitimer
    row(106, 427, (1, 0, 0)), // stat
    row(107, 202, (1, 0, 0)), // lstat
    row(108, 95, (1, 0, 0)), // fstat
    row(109, 256, (1, 0, 0)), // olduname
    row(110, 171, (1, 0, 0)), // iopl
    row(111, 493, (1, 0, 0)), // vhangup
    row(112, 153, (1, 0, 0)), // idle
    row(113, 495, (1, 0, 0)), // vm86old
    row(114, 498, (1, 0, 0)), // wait4
    row(115, 437, (1, 0, 0)), // swapoff
    row(116, 448, (1, 0, 0)), // sysinfo
    row(117, 174, (1, 0, 0)), // ipc
    row(118, 100, (1, 0, 0)), // fsync
    row(119, 418, (1, 0, 0)), // sigreturn
    row(120, 39, (1, 0, 0)), // clone
    row(121, 375, (1, 0, 0)), // setdomainname
    row(122, 477, (1, 0, 0)), // uname
    row(123, 221, (1, 0, 0)), // modify_ldt
    row(124, 8, (1, 0, 0)), // adjtimex
    row(125, 226, (1, 0, 0)), // mprotect
    row(126, 417, (1, 0, 0)), // sigprocmask
    row(127, 46, (1, 0, 0)), // create_module
    row(128, 154, (1, 0, 0)), // init_module
    row(129, 47, (1, 0, 0)), // delete_module
    row(130, 111, (1, 0, 0)), // get_kernel_syms
    row(131, 300, (1, 0, 0)), // quotactl
    row(132, 130, (1, 0, 0)), // getpgid
    row(133, 72, (1, 0, 0)), // fchdir
    row(134, 13, (1, 2, 0)), // bdflush
    row(135, 447, (1, 2, 0)), // sysfs
    row(136, 268, (1, 2, 0)), // personality
    row(137, 9, (1, 0, 0)), // afs_syscall
    row(138, 378, (1, 2, 0)), // setfsuid
    row(139, 376, (1, 2, 0)), // setfsgid
    row(140, 0, (1, 2, 0)), // _llseek
    row(141, 118, (2, 0, 0)), // getdents
    row(142, 1, (2, 0, 0)), // _newselect
    row(143, 87, (2, 0, 0)), // flock
    row(144, 242, (2, 0, 0)), // msync
    row(145, 307, (2, 0, 0)), // readv
    row(146, 502, (2, 0, 0)), // writev
    row(147, 143, (2, 0, 0)), // getsid
    row(148, 81, (2, 0, 0)), // fdatasync
    row(149, 2, (2, 0, 0)), // _sysctl
    row(150, 216, (2, 0, 0)), // mlock
    row(151, 244, (2, 0, 0)), // munlock
    row(152, 218, (2, 0, 0)), // mlockall
    row(153, 245, (2, 0, 0)), // munlockall
    row(154, 352, (2, 0, 0)), // sched_setparam
    row(155, 346, (2, 0, 0)), // sched_getparam
    row(156, 353, (2, 0, 0)), // sched_setscheduler
    row(157, 347, (2, 0, 0)), // sched_getscheduler
    row(158, 354, (2, 0, 0)), // sched_yield
    row(159, 342, (2, 0, 0)), // sched_get_priority_max
    row(160, 343, (2, 0, 0)), // sched_get_priority_min
    row(161, 348, (2, 0, 0)), // sched_rr_get_interval
    row(162, 248, (2, 0, 0)), // nanosleep
    row(163, 236, (2, 0, 0)), // mremap
    row(164, 393, (2, 2, 0)), // setresuid
    row(165, 139, (2, 2, 0)), // getresuid
    row(166, 494, (2, 0, 28)), // vm86
    row(167, 299, (2, 2, 0)), // query_module
    row(168, 278, (2, 0, 36)), // poll
    row(169, 250, (2, 2, 0)), // nfsservctl
    row(170, 391, (2, 2, 0)), // setresgid
    row(171, 137, (2, 2, 0)), // getresgid
    row(172, 281, (2, 2, 0)), // prctl
    row(173, 331, (2, 2, 0)), // rt_sigreturn
    row(174, 327, (2, 2, 0)), // rt_sigaction
    row(175, 329, (2, 2, 0)), // rt_sigprocmask
    row(176, 328, (2, 2, 0)), // rt_sigpending
    row(177, 333, (2, 2, 0)), // rt_sigtimedwait
    row(178, 330, (2, 2, 0)), // rt_sigqueueinfo
    row(179, 332, (2, 2, 0)), // rt_sigsuspend
    row(180, 282, (2, 2, 0)), // pread64
    row(181, 296, (2, 2, 0)), // pwrite64
    row(182, 26, (2, 2, 0)), // chown
    row(183, 117, (2, 2, 0)), // getcwd
    row(184, 22, (2, 2, 0)), // capget
    row(185, 23, (2, 2, 0)), // capset
    row(186, 412, (2, 2, 0)), // sigaltstack
    row(187, 364, (2, 2, 0)), // sendfile
    row(188, 133, (2, 2, 0)), // getpmsg
    row(189, 295, (2, 2, 0)), // putpmsg
    row(190, 492, (2, 2, 0)), // vfork
    row(191, 472, (2, 4, 0)), // ugetrlimit
    row(192, 220, (2, 4, 0)), // mmap2
    row(193, 470, (2, 4, 0)), // truncate64
    row(194, 103, (2, 4, 0)), // ftruncate64
    row(195, 428, (2, 4, 0)), // stat64
    row(196, 203, (2, 4, 0)), // lstat64
    row(197, 96, (2, 4, 0)), // fstat64
    row(198, 184, (2, 4, 0)), // lchown32
    row(199, 149, (2, 4, 0)), // getuid32
    row(200, 125, (2, 4, 0)), // getgid32
    row(201, 123, (2, 4, 0)), // geteuid32
    row(202, 121, (2, 4, 0)), // getegid32
    row(203, 396, (2, 4, 0)), // setreuid32
    row(204, 390, (2, 4, 0)), // setregid32
    row(205, 127, (2, 4, 0)), // getgroups32
    row(206, 383, (2, 4, 0)), // setgroups32
    row(207, 77, (2, 4, 0)), // fchown32
    row(208, 394, (2, 4, 0)), // setresuid32
    row(209, 140, (2, 4, 0)), // getresuid32
    row(210, 392, (2, 4, 0)), // setresgid32
    row(211, 138, (2, 4, 0)), // getresgid32
    row(212, 27, (2, 4, 0)), // chown32
    row(213, 402, (2, 4, 0)), // setuid32
    row(214, 381, (2, 4, 0)), // setgid32
    row(215, 379, (2, 4, 0)), // setfsuid32
    row(216, 377, (2, 4, 0)), // setfsgid32
    row(217, 274, (2, 4, 0)), // pivot_root
    row(218, 211, (2, 4, 0)), // mincore
    row(219, 204, (2, 4, 0)), // madvise
    row(220, 119, (2, 4, 0)), // getdents64
    row(221, 80, (2, 4, 0)), // fcntl64
    row(224, 146, (2, 4, 11)), // gettid
    row(225, 303, (2, 4, 13)), // readahead
    row(226, 403, (2, 6, 0)), // setxattr
    row(227, 198, (2, 6, 0)), // lsetxattr
    row(228, 91, (2, 6, 0)), // fsetxattr
    row(229, 150, (2, 6, 0)), // getxattr
    row(230, 185, (2, 6, 0)), // lgetxattr
    row(231, 82, (2, 6, 0)), // fgetxattr
    row(232, 191, (2, 6, 0)), // listxattr
    row(233, 193, (2, 6, 0)), // llistxattr
    row(234, 86, (2, 6, 0)), // flistxattr
    row(235, 315, (2, 6, 0)), // removexattr
    row(236, 196, (2, 6, 0)), // lremovexattr
    row(237, 89, (2, 6, 0)), // fremovexattr
    row(238, 468, (2, 6, 0)), // tkill
    row(239, 365, (2, 6, 0)), // sendfile64
    row(240, 104, (2, 6, 0)), // futex
    row(241, 350, (2, 6, 0)), // sched_setaffinity
    row(242, 344, (2, 6, 0)), // sched_getaffinity
    row(243, 372, (2, 6, 0)), // set_thread_area
    row(244, 114, (2, 6, 0)), // get_thread_area
    row(245, 164, (2, 6, 0)), // io_setup
    row(246, 160, (2, 6, 0)), // io_destroy
    row(247, 161, (2, 6, 0)), // io_getevents
    row(248, 165, (2, 6, 0)), // io_submit
    row(249, 159, (2, 6, 0)), // io_cancel
    row(250, 67, (2, 6, 0)), // fadvise64
    row(252, 64, (2, 6, 0)), // exit_group
    row(253, 195, (2, 6, 0)), // lookup_dcookie
    row(254, 51, (2, 6, 0)), // epoll_create
    row(255, 53, (2, 6, 0)), // epoll_ctl
    row(256, 57, (2, 6, 0)), // epoll_wait
    row(257, 314, (2, 6, 0)), // remap_file_pages
    row(258, 373, (2, 6, 0)), // set_tid_address
    row(259, 454, (2, 6, 0)), // timer_create
    row(260, 459, (2, 6, 0)), // timer_settime
    row(261, 457, (2, 6, 0)), // timer_gettime
    row(262, 456, (2, 6, 0)), // timer_getoverrun
    row(263, 455, (2, 6, 0)), // timer_delete
    row(264, 37, (2, 6, 0)), // clock_settime
    row(265, 33, (2, 6, 0)), // clock_gettime
    row(266, 31, (2, 6, 0)), // clock_getres
    row(267, 35, (2, 6, 0)), // clock_nanosleep
    row(268, 430, (2, 6, 0)), // statfs64
    row(269, 99, (2, 6, 0)), // fstatfs64
    row(270, 452, (2, 6, 0)), // tgkill
    row(271, 491, (2, 6, 0)), // utimes
    row(272, 68, (2, 6, 0)), // fadvise64_64
    row(273, 497, (2, 6, 0)), // vserver
    row(274, 206, (2, 6, 6)), // mbind
    row(275, 112, (2, 6, 6)), // get_mempolicy
    row(276, 369, (2, 6, 6)), // set_mempolicy
    row(277, 230, (2, 6, 6)), // mq_open
    row(278, 235, (2, 6, 6)), // mq_unlink
    row(279, 233, (2, 6, 6)), // mq_timedsend
    row(280, 231, (2, 6, 6)), // mq_timedreceive
    row(281, 229, (2, 6, 6)), // mq_notify
    row(282, 228, (2, 6, 6)), // mq_getsetattr
    row(283, 177, (2, 6, 13)), // kexec_load
    row(284, 499, (2, 6, 10)), // waitid
    row(286, 7, (2, 6, 10)), // add_key
    row(287, 320, (2, 6, 10)), // request_key
    row(288, 178, (2, 6, 10)), // keyctl
    row(289, 173, (2, 6, 13)), // ioprio_set
    row(290, 172, (2, 6, 13)), // ioprio_get
    row(291, 156, (2, 6, 13)), // inotify_init
    row(292, 155, (2, 6, 13)), // inotify_add_watch
    row(293, 158, (2, 6, 13)), // inotify_rm_watch
    row(294, 210, (2, 6, 16)), // migrate_pages
    row(295, 261, (2, 6, 16)), // openat
    row(296, 213, (2, 6, 16)), // mkdirat
    row(297, 215, (2, 6, 16)), // mknodat
    row(298, 78, (2, 6, 16)), // fchownat
    row(299, 110, (2, 6, 16)), // futimesat
    row(300, 97, (2, 6, 16)), // fstatat64
    row(301, 479, (2, 6, 16)), // unlinkat
    row(302, 318, (2, 6, 16)), // renameat
    row(303, 187, (2, 6, 16)), // linkat
    row(304, 441, (2, 6, 16)), // symlinkat
    row(305, 306, (2, 6, 16)), // readlinkat
    row(306, 74, (2, 6, 16)), // fchmodat
    row(307, 65, (2, 6, 16)), // faccessat
    row(308, 292, (2, 6, 16)), // pselect6
    row(309, 279, (2, 6, 16)), // ppoll
    row(310, 480, (2, 6, 16)), // unshare
    row(311, 371, (2, 6, 17)), // set_robust_list
    row(312, 113, (2, 6, 17)), // get_robust_list
    row(313, 423, (2, 6, 17)), // splice
    row(314, 443, (2, 6, 17)), // sync_file_range
    row(315, 451, (2, 6, 17)), // tee
    row(316, 496, (2, 6, 17)), // vmsplice
    row(317, 225, (2, 6, 18)), // move_pages
    row(318, 116, (2, 6, 19)), // getcpu
    row(319, 55, (2, 6, 19)), // epoll_pwait
    row(320, 489, (2, 6, 22)), // utimensat
    row(321, 414, (2, 6, 22)), // signalfd
    row(322, 462, (2, 6, 25)), // timerfd_create
    row(323, 59, (2, 6, 22)), // eventfd
    row(324, 69, (2, 6, 23)), // fallocate
    row(325, 465, (2, 6, 25)), // timerfd_settime
    row(326, 463, (2, 6, 25)), // timerfd_gettime
    row(327, 415, (2, 6, 27)), // signalfd4
    row(328, 60, (2, 6, 27)), // eventfd2
    row(329, 52, (2, 6, 27)), // epoll_create1
    row(330, 50, (2, 6, 27)), // dup3
    row(331, 273, (2, 6, 27)), // pipe2
    row(332, 157, (2, 6, 27)), // inotify_init1
    row(333, 283, (2, 6, 30)), // preadv
    row(334, 297, (2, 6, 30)), // pwritev
    row(335, 335, (2, 6, 31)), // rt_tgsigqueueinfo
    row(336, 267, (2, 6, 31)), // perf_event_open
    row(337, 311, (2, 6, 33)), // recvmmsg
    row(338, 70, (2, 6, 37)), // fanotify_init
    row(339, 71, (2, 6, 37)), // fanotify_mark
    row(340, 285, (2, 6, 36)), // prlimit64
    row(341, 247, (2, 6, 39)), // name_to_handle_at
    row(342, 258, (2, 6, 39)), // open_by_handle_at
    row(343, 29, (2, 6, 39)), // clock_adjtime
    row(344, 445, (2, 6, 39)), // syncfs
    row(345, 366, (3, 0, 0)), // sendmmsg
    row(346, 386, (3, 0, 0)), // setns
    row(347, 288, (3, 2, 0)), // process_vm_readv
    row(348, 289, (3, 2, 0)), // process_vm_writev
    row(349, 175, (3, 5, 0)), // kcmp
    row(350, 85, (3, 8, 0)), // finit_module
    row(351, 351, (3, 14, 0)), // sched_setattr
    row(352, 345, (3, 14, 0)), // sched_getattr
    row(353, 319, (3, 15, 0)), // renameat2
    row(354, 355, (3, 17, 0)), // seccomp
    row(355, 136, (3, 17, 0)), // getrandom
    row(356, 208, (3, 17, 0)), // memfd_create
    row(357, 15, (3, 18, 0)), // bpf
    row(358, 62, (3, 19, 0)), // execveat
    row(359, 420, (4, 3, 0)), // socket
    row(360, 422, (4, 3, 0)), // socketpair
    row(361, 14, (4, 3, 0)), // bind
    row(362, 43, (4, 3, 0)), // connect
    row(363, 188, (4, 3, 0)), // listen
    row(364, 4, (4, 3, 0)), // accept4
    row(365, 145, (4, 3, 0)), // getsockopt
    row(366, 399, (4, 3, 0)), // setsockopt
    row(367, 144, (4, 3, 0)), // getsockname
    row(368, 129, (4, 3, 0)), // getpeername
    row(369, 368, (4, 3, 0)), // sendto
    row(370, 367, (4, 3, 0)), // sendmsg
    row(371, 310, (4, 3, 0)), // recvfrom
    row(372, 313, (4, 3, 0)), // recvmsg
    row(373, 410, (4, 3, 0)), // shutdown
    row(374, 484, (4, 3, 0)), // userfaultfd
    row(375, 207, (4, 3, 0)), // membarrier
    row(376, 217, (4, 4, 0)), // mlock2
    row(377, 44, (4, 5, 0)), // copy_file_range
    row(378, 284, (4, 6, 0)), // preadv2
    row(379, 298, (4, 6, 0)), // pwritev2
    row(380, 277, (4, 9, 0)), // pkey_mprotect
    row(381, 275, (4, 9, 0)), // pkey_alloc
    row(382, 276, (4, 9, 0)), // pkey_free
    row(383, 432, (4, 11, 0)), // statx
    row(384, 11, (4, 12, 0)), // arch_prctl
    row(385, 162, (4, 18, 0)), // io_pgetevents
    row(386, 325, (4, 18, 0)), // rseq
    row(393, 359, (5, 1, 0)), // semget
    row(394, 358, (5, 1, 0)), // semctl
    row(395, 409, (5, 1, 0)), // shmget
    row(396, 407, (5, 1, 0)), // shmctl
    row(397, 406, (5, 1, 0)), // shmat
    row(398, 408, (5, 1, 0)), // shmdt
    row(399, 239, (5, 1, 0)), // msgget
    row(400, 241, (5, 1, 0)), // msgsnd
    row(401, 240, (5, 1, 0)), // msgrcv
    row(402, 238, (5, 1, 0)), // msgctl
    row(403, 34, (5, 1, 0)), // clock_gettime64
    row(404, 38, (5, 1, 0)), // clock_settime64
    row(405, 30, (5, 1, 0)), // clock_adjtime64
    row(406, 32, (5, 1, 0)), // clock_getres_time64
    row(407, 36, (5, 1, 0)), // clock_nanosleep_time64
    row(408, 458, (5, 1, 0)), // timer_gettime64
    row(409, 460, (5, 1, 0)), // timer_settime64
    row(410, 464, (5, 1, 0)), // timerfd_gettime64
    row(411, 466, (5, 1, 0)), // timerfd_settime64
    row(412, 490, (5, 1, 0)), // utimensat_time64
    row(413, 293, (5, 1, 0)), // pselect6_time64
    row(414, 280, (5, 1, 0)), // ppoll_time64
    row(416, 163, (5, 1, 0)), // io_pgetevents_time64
    row(417, 312, (5, 1, 0)), // recvmmsg_time64
    row(418, 234, (5, 1, 0)), // mq_timedsend_time64
    row(419, 232, (5, 1, 0)), // mq_timedreceive_time64
    row(420, 362, (5, 1, 0)), // semtimedop_time64
    row(421, 334, (5, 1, 0)), // rt_sigtimedwait_time64
    row(422, 106, (5, 1, 0)), // futex_time64
    row(423, 349, (5, 1, 0)), // sched_rr_get_interval_time64
    row(424, 271, (5, 1, 0)), // pidfd_send_signal
    row(425, 168, (5, 1, 0)), // io_uring_setup
    row(426, 166, (5, 1, 0)), // io_uring_enter
    row(427, 167, (5, 1, 0)), // io_uring_register
    row(428, 259, (5, 2, 0)), // open_tree
    row(429, 224, (5, 2, 0)), // move_mount
    row(430, 93, (5, 2, 0)), // fsopen
    row(431, 90, (5, 2, 0)), // fsconfig
    row(432, 92, (5, 2, 0)), // fsmount
    row(433, 94, (5, 2, 0)), // fspick
    row(434, 270, (5, 3, 0)), // pidfd_open
    row(435, 40, (5, 3, 0)), // clone3
    row(436, 42, (5, 9, 0)), // close_range
    row(437, 262, (5, 6, 0)), // openat2
    row(438, 269, (5, 6, 0)), // pidfd_getfd
    row(439, 66, (5, 8, 0)), // faccessat2
    row(440, 286, (5, 10, 0)), // process_madvise
    row(441, 56, (5, 11, 0)), // epoll_pwait2
    row(442, 223, (5, 12, 0)), // mount_setattr
    row(443, 301, (5, 14, 0)), // quotactl_fd
    row(444, 181, (5, 13, 0)), // landlock_create_ruleset
    row(445, 180, (5, 13, 0)), // landlock_add_rule
    row(446, 182, (5, 13, 0)), // landlock_restrict_self
    row(447, 209, (5, 14, 0)), // memfd_secret
    row(448, 287, (5, 15, 0)), // process_mrelease
    row(449, 108, (5, 16, 0)), // futex_waitv
    row(450, 370, (5, 17, 0)), // set_mempolicy_home_node
    row(451, 21, (6, 5, 0)), // cachestat
    row(452, 75, (6, 6, 0)), // fchmodat2
    row(453, 205, (6, 7, 0)), // map_shadow_stack
    row(454, 109, (6, 7, 0)), // futex_wake
    row(455, 107, (6, 7, 0)), // futex_wait
    row(456, 105, (6, 7, 0)), // futex_requeue
    row(457, 431, (6, 8, 0)), // statmount
    row(458, 189, (6, 8, 0)), // listmount
    row(459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(461, 200, (6, 8, 0)), // lsm_list_modules
    row(462, 237, (6, 10, 0)), // mseal
    row(463, 404, (6, 13, 0)), // setxattrat
    row(464, 151, (6, 13, 0)), // getxattrat
    row(465, 192, (6, 13, 0)), // listxattrat
    row(466, 316, (6, 13, 0)), // removexattrat
    row(467, 260, (6, 15, 0)), // open_tree_attr
    row(468, 83, (6, 17, 0)), // file_getattr
    row(469, 84, (6, 17, 0)), // file_setattr
    row(470, 190, (6, 19, 0)), // listns
    row(471, 326, (7, 0, 0)), // rseq_slice_yield
];

#[rustfmt::skip]
pub(in crate::names) static I386_BY_NAME: [u16; 461] = [
    140, 142, 149, 360, 33, 51, 282, 124, 137, 27, 380, 134, 357, 353, 17, 45,
    440, 184, 185, 12, 15, 182, 212, 61, 339, 395, 263, 396, 262, 393, 264, 397,
    261, 394, 120, 424, 6, 425, 358, 373, 8, 127, 129, 41, 63, 326, 251, 325,
    252, 315, 430, 253, 319, 324, 11, 354, 1, 249, 303, 428, 248, 269, 320, 334,
    335, 133, 94, 302, 441, 95, 207, 294, 55, 221, 148, 229, 457, 458, 346, 232,
    143, 2, 235, 420, 226, 421, 419, 422, 108, 197, 296, 100, 266, 118, 35, 93,
    194, 238, 445, 411, 444, 438, 443, 295, 130, 272, 308, 242, 314, 183, 141, 220,
    50, 202, 49, 201, 47, 200, 80, 205, 105, 364, 132, 65, 20, 188, 64, 96,
    351, 171, 211, 165, 209, 76, 77, 147, 363, 361, 222, 78, 24, 199, 227, 453,
    32, 112, 128, 288, 287, 328, 289, 247, 244, 245, 381, 405, 243, 246, 415, 416,
    414, 54, 101, 110, 286, 285, 117, 345, 280, 284, 37, 434, 433, 435, 16, 198,
    228, 9, 299, 359, 447, 459, 230, 454, 231, 53, 250, 234, 19, 225, 448, 450,
    449, 107, 196, 219, 442, 271, 371, 352, 436, 290, 218, 39, 292, 14, 293, 150,
    372, 152, 90, 192, 123, 21, 431, 418, 313, 125, 56, 279, 278, 274, 277, 408,
    276, 407, 275, 163, 451, 392, 389, 391, 390, 144, 151, 153, 91, 337, 162, 169,
    34, 28, 84, 59, 18, 109, 5, 338, 417, 456, 291, 426, 29, 332, 136, 427,
    423, 413, 42, 327, 217, 377, 378, 376, 168, 305, 404, 172, 180, 329, 374, 336,
    429, 437, 343, 344, 44, 98, 304, 403, 26, 189, 181, 330, 375, 167, 131, 432,
    3, 223, 89, 85, 301, 145, 88, 367, 333, 406, 368, 254, 233, 455, 38, 298,
    349, 283, 0, 40, 382, 460, 174, 176, 175, 178, 173, 179, 177, 410, 331, 159,
    160, 240, 348, 155, 157, 161, 412, 239, 347, 154, 156, 158, 350, 82, 384, 383,
    409, 187, 237, 341, 366, 365, 273, 439, 307, 241, 255, 121, 139, 216, 138, 215,
    46, 214, 81, 206, 74, 104, 342, 57, 97, 71, 204, 170, 210, 164, 208, 70,
    203, 75, 66, 362, 79, 23, 213, 224, 452, 68, 387, 386, 388, 385, 369, 67,
    186, 48, 317, 323, 73, 126, 119, 72, 355, 102, 356, 309, 69, 106, 195, 99,
    265, 446, 379, 25, 31, 115, 87, 83, 300, 36, 310, 340, 135, 116, 103, 311,
    267, 13, 256, 260, 259, 258, 398, 257, 399, 318, 322, 400, 321, 401, 43, 236,
    92, 193, 191, 58, 60, 22, 52, 122, 10, 297, 306, 86, 370, 62, 30, 316,
    402, 268, 190, 111, 166, 113, 312, 270, 114, 281, 7, 4, 146,
];

#[rustfmt::skip]
pub(in crate::names) static X32: [Row; 374] = [
    row(0, 302, (3, 4, 0)), // read
    row(1, 501, (3, 4, 0)), // write
    row(2, 257, (3, 4, 0)), // open
    row(3, 41, (3, 4, 0)), // close
    row(4, 427, (3, 4, 0)), // stat
    row(5, 95, (3, 4, 0)), // fstat
    row(6, 202, (3, 4, 0)), // lstat
    row(7, 278, (3, 4, 0)), // poll
    row(8, 197, (3, 4, 0)), // lseek
    row(9, 219, (3, 4, 0)), // mmap
    row(10, 226, (3, 4, 0)), // mprotect
    row(11, 246, (3, 4, 0)), // munmap
    row(12, 18, (3, 4, 0)), // brk
    row(14, 329, (3, 4, 0)), // rt_sigprocmask
    row(17, 282, (3, 4, 0)), // pread64
    row(18, 296, (3, 4, 0)), // pwrite64
    row(21, 5, (3, 4, 0)), // access
    row(22, 272, (3, 4, 0)), // pipe
    row(23, 357, (3, 4, 0)), // select
    row(24, 354, (3, 4, 0)), // sched_yield
    row(25, 236, (3, 4, 0)), // mremap
    row(26, 242, (3, 4, 0)), // msync
    row(27, 211, (3, 4, 0)), // mincore
    row(28, 204, (3, 4, 0)), // madvise
    row(29, 409, (3, 4, 0)), // shmget
    row(30, 406, (3, 4, 0)), // shmat
    row(31, 407, (3, 4, 0)), // shmctl
    row(32, 48, (3, 4, 0)), // dup
    row(33, 49, (3, 4, 0)), // dup2
    row(34, 263, (3, 4, 0)), // pause
    row(35, 248, (3, 4, 0)), // nanosleep
    row(36, 128, (3, 4, 0)), // getitimer
    row(37, 10, (3, 4, 0)), // alarm
    row(38, 385, (3, 4, 0)), // setitimer
    row(39, 132, (3, 4, 0)), // getpid
    row(40, 364, (3, 4, 0)), // sendfile
    row(41, 420, (3, 4, 0)), // socket
    row(42, 43, (3, 4, 0)), // connect
    row(43, 3, (3, 4, 0)), // accept
    row(44, 368, (3, 4, 0)), // sendto
    row(48, 410, (3, 4, 0)), // shutdown
    row(49, 14, (3, 4, 0)), // bind
    row(50, 188, (3, 4, 0)), // listen
    row(51, 144, (3, 4, 0)), // getsockname
    row(52, 129, (3, 4, 0)), // getpeername
    row(53, 422, (3, 4, 0)), // socketpair
    row(56, 39, (3, 4, 0)), // clone
    row(57, 88, (3, 4, 0)), // fork
    row(58, 492, (3, 4, 0)), // vfork
    row(60, 63, (3, 4, 0)), // exit
    row(61, 498, (3, 4, 0)), // wait4
    row(62, 179, (3, 4, 0)), // kill
    row(63, 477, (3, 4, 0)), // uname
    row(64, 359, (3, 4, 0)), // semget
    row(65, 360, (3, 4, 0)), // semop
    row(66, 358, (3, 4, 0)), // semctl
    row(67, 408, (3, 4, 0)), // shmdt
    row(68, 239, (3, 4, 0)), // msgget
    row(69, 241, (3, 4, 0)), // msgsnd
    row(70, 240, (3, 4, 0)), // msgrcv
    row(71, 238, (3, 4, 0)), // msgctl
    row(72, 79, (3, 4, 0)), // fcntl
    row(73, 87, (3, 4, 0)), // flock
    row(74, 100, (3, 4, 0)), // fsync
    row(75, 81, (3, 4, 0)), // fdatasync
    row(76, 469, (3, 4, 0)), // truncate
    row(77, 102, (3, 4, 0)), // ftruncate
    row(78, 118, (3, 4, 0)), // getdents
    row(79, 117, (3, 4, 0)), // getcwd
    row(80, 24, (3, 4, 0)), // chdir
    row(81, 72, (3, 4, 0)), // fchdir
    row(82, 317, (3, 4, 0)), // rename
    row(83, 212, (3, 4, 0)), // mkdir
    row(84, 324, (3, 4, 0)), // rmdir
    row(85, 45, (3, 4, 0)), // creat
    row(86, 186, (3, 4, 0)), // link
    row(87, 478, (3, 4, 0)), // unlink
    row(88, 440, (3, 4, 0)), // symlink
    row(89, 305, (3, 4, 0)), // readlink
    row(90, 25, (3, 4, 0)), // chmod
    row(91, 73, (3, 4, 0)), // fchmod
    row(92, 26, (3, 4, 0)), // chown
    row(93, 76, (3, 4, 0)), // fchown
    row(94, 183, (3, 4, 0)), // lchown
    row(95, 474, (3, 4, 0)), // umask
    row(96, 147, (3, 4, 0)), // gettimeofday
    row(97, 141, (3, 4, 0)), // getrlimit
    row(98, 142, (3, 4, 0)), // getrusage
    row(99, 448, (3, 4, 0)), // sysinfo
    row(100, 467, (3, 4, 0)), // times
    row(102, 148, (3, 4, 0)), // getuid
    row(103, 449, (3, 4, 0)), // syslog
    row(104, 124, (3, 4, 0)), // getgid
    row(105, 401, (3, 4, 0)), // setuid
    row(106, 380, (3, 4, 0)), // setgid
    row(107, 122, (3, 4, 0)), // geteuid
    row(108, 120, (3, 4, 0)), // getegid
    row(109, 387, (3, 4, 0)), // setpgid
    row(110, 134, (3, 4, 0)), // getppid
    row(111, 131, (3, 4, 0)), // getpgrp
    row(112, 398, (3, 4, 0)), // setsid
    row(113, 395, (3, 4, 0)), // setreuid
    row(114, 389, (3, 4, 0)), // setregid
    row(115, 126, (3, 4, 0)), // getgroups
    row(116, 382, (3, 4, 0)), // setgroups
    row(117, 393, (3, 4, 0)), // setresuid
    row(118, 139, (3, 4, 0)), // getresuid
    row(119, 391, (3, 4, 0)), // setresgid
    row(120, 137, (3, 4, 0)), // getresgid
    row(121, 130, (3, 4, 0)), // getpgid
    row(122, 378, (3, 4, 0)), // setfsuid
    row(123, 376, (3, 4, 0)), // setfsgid
    row(124, 143, (3, 4, 0)), // getsid
    row(125, 22, (3, 4, 0)), // capget
    row(126, 23, (3, 4, 0)), // capset
    row(130, 332, (3, 4, 0)), // rt_sigsuspend
    row(132, 488, (3, 4, 0)), // utime
    row(133, 214, (3, 4, 0)), // mknod
    row(135, 268, (3, 4, 0)), // personality
    row(136, 487, (3, 4, 0)), // ustat
    row(137, 429, (3, 4, 0)), // statfs
    row(138, 98, (3, 4, 0)), // fstatfs
    row(139, 447, (3, 4, 0)), // sysfs
    row(140, 135, (3, 4, 0)), // getpriority
    row(141, 388, (3, 4, 0)), // setpriority
    row(142, 352, (3, 4, 0)), // sched_setparam
    row(143, 346, (3, 4, 0)), // sched_getparam
    row(144, 353, (3, 4, 0)), // sched_setscheduler
    row(145, 347, (3, 4, 0)), // sched_getscheduler
    row(146, 342, (3, 4, 0)), // sched_get_priority_max
    row(147, 343, (3, 4, 0)), // sched_get_priority_min
    row(148, 348, (3, 4, 0)), // sched_rr_get_interval
    row(149, 216, (3, 4, 0)), // mlock
    row(150, 244, (3, 4, 0)), // munlock
    row(151, 218, (3, 4, 0)), // mlockall
    row(152, 245, (3, 4, 0)), // munlockall
    row(153, 493, (3, 4, 0)), // vhangup
    row(154, 221, (3, 4, 0)), // modify_ldt
    row(155, 274, (3, 4, 0)), // pivot_root
    row(157, 281, (3, 4, 0)), // prctl
    row(158, 11, (3, 4, 0)), // arch_prctl
    row(159, 8, (3, 4, 0)), // adjtimex
    row(160, 397, (3, 4, 0)), // setrlimit
    row(161, 28, (3, 4, 0)), // chroot
    row(162, 442, (3, 4, 0)), // sync
    row(163, 6, (3, 4, 0)), // acct
    row(164, 400, (3, 4, 0)), // settimeofday
    row(165, 222, (3, 4, 0)), // mount
    row(166, 476, (3, 4, 0)), // umount2
    row(167, 438, (3, 4, 0)), // swapon
    row(168, 437, (3, 4, 0)), // swapoff
    row(169, 308, (3, 4, 0)), // reboot
    row(170, 384, (3, 4, 0)), // sethostname
    row(171, 375, (3, 4, 0)), // setdomainname
    row(172, 171, (3, 4, 0)), // iopl
    row(173, 170, (3, 4, 0)), // ioperm
    row(175, 154, (3, 4, 0)), // init_module
    row(176, 47, (3, 4, 0)), // delete_module
    row(179, 300, (3, 4, 0)), // quotactl
    row(181, 133, (3, 4, 0)), // getpmsg
    row(182, 295, (3, 4, 0)), // putpmsg
    row(183, 9, (3, 4, 0)), // afs_syscall
    row(184, 471, (3, 4, 0)), // tuxcall
    row(185, 356, (3, 4, 0)), // security
    row(186, 146, (3, 4, 0)), // gettid
    row(187, 303, (3, 4, 0)), // readahead
    row(188, 403, (3, 4, 0)), // setxattr
    row(189, 198, (3, 4, 0)), // lsetxattr
    row(190, 91, (3, 4, 0)), // fsetxattr
    row(191, 150, (3, 4, 0)), // getxattr
    row(192, 185, (3, 4, 0)), // lgetxattr
    row(193, 82, (3, 4, 0)), // fgetxattr
    row(194, 191, (3, 4, 0)), // listxattr
    row(195, 193, (3, 4, 0)), // llistxattr
    row(196, 86, (3, 4, 0)), // flistxattr
    row(197, 315, (3, 4, 0)), // removexattr
    row(198, 196, (3, 4, 0)), // lremovexattr
    row(199, 89, (3, 4, 0)), // fremovexattr
    row(200, 468, (3, 4, 0)), // tkill
    row(201, 453, (3, 4, 0)), // time
    row(202, 104, (3, 4, 0)), // futex
    row(203, 350, (3, 4, 0)), // sched_setaffinity
    row(204, 344, (3, 4, 0)), // sched_getaffinity
    row(207, 160, (3, 4, 0)), // io_destroy
    row(208, 161, (3, 4, 0)), // io_getevents
    row(210, 159, (3, 4, 0)), // io_cancel
    row(212, 195, (3, 4, 0)), // lookup_dcookie
    row(213, 51, (3, 4, 0)), // epoll_create
    row(216, 314, (3, 4, 0)), // remap_file_pages
    row(217, 119, (3, 4, 0)), // getdents64
    row(218, 373, (3, 4, 0)), // set_tid_address
    row(219, 321, (3, 4, 0)), // restart_syscall
    row(220, 361, (3, 4, 0)), // semtimedop
    row(221, 67, (3, 4, 0)), // fadvise64
    row(223, 459, (3, 4, 0)), // timer_settime
    row(224, 457, (3, 4, 0)), // timer_gettime
    row(225, 456, (3, 4, 0)), // timer_getoverrun
    row(226, 455, (3, 4, 0)), // timer_delete
    row(227, 37, (3, 4, 0)), // clock_settime
    row(228, 33, (3, 4, 0)), // clock_gettime
    row(229, 31, (3, 4, 0)), // clock_getres
    row(230, 35, (3, 4, 0)), // clock_nanosleep
    row(231, 64, (3, 4, 0)), // exit_group
    row(232, 57, (3, 4, 0)), // epoll_wait
    row(233, 53, (3, 4, 0)), // epoll_ctl
    row(234, 452, (3, 4, 0)), // tgkill
    row(235, 491, (3, 4, 0)), // utimes
    row(237, 206, (3, 4, 0)), // mbind
    row(238, 369, (3, 4, 0)), // set_mempolicy
    row(239, 112, (3, 4, 0)), // get_mempolicy
    row(240, 230, (3, 4, 0)), // mq_open
    row(241, 235, (3, 4, 0)), // mq_unlink
    row(242, 233, (3, 4, 0)), // mq_timedsend
    row(243, 231, (3, 4, 0)), // mq_timedreceive
    row(245, 228, (3, 4, 0)), // mq_getsetattr
    row(248, 7, (3, 4, 0)), // add_key
    row(249, 320, (3, 4, 0)), // request_key
    row(250, 178, (3, 4, 0)), // keyctl
    row(251, 173, (3, 4, 0)), // ioprio_set
    row(252, 172, (3, 4, 0)), // ioprio_get
    row(253, 156, (3, 4, 0)), // inotify_init
    row(254, 155, (3, 4, 0)), // inotify_add_watch
    row(255, 158, (3, 4, 0)), // inotify_rm_watch
    row(256, 210, (3, 4, 0)), // migrate_pages
    row(257, 261, (3, 4, 0)), // openat
    row(258, 213, (3, 4, 0)), // mkdirat
    row(259, 215, (3, 4, 0)), // mknodat
    row(260, 78, (3, 4, 0)), // fchownat
    row(261, 110, (3, 4, 0)), // futimesat
    row(262, 249, (3, 4, 0)), // newfstatat
    row(263, 479, (3, 4, 0)), // unlinkat
    row(264, 318, (3, 4, 0)), // renameat
    row(265, 187, (3, 4, 0)), // linkat
    row(266, 441, (3, 4, 0)), // symlinkat
    row(267, 306, (3, 4, 0)), // readlinkat
    row(268, 74, (3, 4, 0)), // fchmodat
    row(269, 65, (3, 4, 0)), // faccessat
    row(270, 292, (3, 4, 0)), // pselect6
    row(271, 279, (3, 4, 0)), // ppoll
    row(272, 480, (3, 4, 0)), // unshare
    row(275, 423, (3, 4, 0)), // splice
    row(276, 451, (3, 4, 0)), // tee
    row(277, 443, (3, 4, 0)), // sync_file_range
    row(280, 489, (3, 4, 0)), // utimensat
    row(281, 55, (3, 4, 0)), // epoll_pwait
    row(282, 414, (3, 4, 0)), // signalfd
    row(283, 462, (3, 4, 0)), // timerfd_create
    row(284, 59, (3, 4, 0)), // eventfd
    row(285, 69, (3, 4, 0)), // fallocate
    row(286, 465, (3, 4, 0)), // timerfd_settime
    row(287, 463, (3, 4, 0)), // timerfd_gettime
    row(288, 4, (3, 4, 0)), // accept4
    row(289, 415, (3, 4, 0)), // signalfd4
    row(290, 60, (3, 4, 0)), // eventfd2
    row(291, 52, (3, 4, 0)), // epoll_create1
    row(292, 50, (3, 4, 0)), // dup3
    row(293, 273, (3, 4, 0)), // pipe2
    row(294, 157, (3, 4, 0)), // inotify_init1
    row(298, 267, (3, 4, 0)), // perf_event_open
    row(300, 70, (3, 4, 0)), // fanotify_init
    row(301, 71, (3, 4, 0)), // fanotify_mark
    row(302, 285, (3, 4, 0)), // prlimit64
    row(303, 247, (3, 4, 0)), // name_to_handle_at
    row(304, 258, (3, 4, 0)), // open_by_handle_at
    row(305, 29, (3, 4, 0)), // clock_adjtime
    row(306, 445, (3, 4, 0)), // syncfs
    row(308, 386, (3, 4, 0)), // setns
    row(309, 116, (3, 4, 0)), // getcpu
    row(312, 175, (3, 5, 0)), // kcmp
    row(313, 85, (3, 8, 0)), // finit_module
    row(314, 351, (3, 14, 0)), // sched_setattr
    row(315, 345, (3, 14, 0)), // sched_getattr
    row(316, 319, (3, 15, 0)), // renameat2
    row(317, 355, (3, 17, 0)), // seccomp
    row(318, 136, (3, 17, 0)), // getrandom
    row(319, 208, (3, 17, 0)), // memfd_create
    row(320, 176, (3, 17, 0)), // kexec_file_load
    row(321, 15, (3, 18, 0)), // bpf
    row(323, 484, (4, 3, 0)), // userfaultfd
    row(324, 207, (4, 3, 0)), // membarrier
    row(325, 217, (4, 4, 0)), // mlock2
    row(326, 44, (4, 5, 0)), // copy_file_range
    row(329, 277, (4, 9, 0)), // pkey_mprotect
    row(330, 275, (4, 9, 0)), // pkey_alloc
    row(331, 276, (4, 9, 0)), // pkey_free
    row(332, 432, (4, 11, 0)), // statx
    row(333, 162, (4, 18, 0)), // io_pgetevents
    row(334, 325, (4, 18, 0)), // rseq
    row(335, 482, (6, 11, 0)), // uretprobe
    row(336, 481, (6, 18, 0)), // uprobe
    row(424, 271, (5, 1, 0)), // pidfd_send_signal
    row(425, 168, (5, 1, 0)), // io_uring_setup
    row(426, 166, (5, 1, 0)), // io_uring_enter
    row(427, 167, (5, 1, 0)), // io_uring_register
    row(428, 259, (5, 2, 0)), // open_tree
    row(429, 224, (5, 2, 0)), // move_mount
    row(430, 93, (5, 2, 0)), // fsopen
    row(431, 90, (5, 2, 0)), // fsconfig
    row(432, 92, (5, 2, 0)), // fsmount
    row(433, 94, (5, 2, 0)), // fspick
    row(434, 270, (5, 3, 0)), // pidfd_open
    row(435, 40, (5, 3, 0)), // clone3
    row(436, 42, (5, 9, 0)), // close_range
    row(437, 262, (5, 6, 0)), // openat2
    row(438, 269, (5, 6, 0)), // pidfd_getfd
    row(439, 66, (5, 8, 0)), // faccessat2
    row(440, 286, (5, 10, 0)), // process_madvise
    row(441, 56, (5, 11, 0)), // epoll_pwait2
    row(442, 223, (5, 12, 0)), // mount_setattr
    row(443, 301, (5, 14, 0)), // quotactl_fd
    row(444, 181, (5, 13, 0)), // landlock_create_ruleset
    row(445, 180, (5, 13, 0)), // landlock_add_rule
    row(446, 182, (5, 13, 0)), // landlock_restrict_self
    row(447, 209, (5, 14, 0)), // memfd_secret
    row(448, 287, (5, 15, 0)), // process_mrelease
    row(449, 108, (5, 16, 0)), // futex_waitv
    row(450, 370, (5, 17, 0)), // set_mempolicy_home_node
    row(451, 21, (6, 5, 0)), // cachestat
    row(452, 75, (6, 6, 0)), // fchmodat2
    row(453, 205, (6, 10, 0)), // map_shadow_stack
    row(454, 109, (6, 7, 0)), // futex_wake
    row(455, 107, (6, 7, 0)), // futex_wait
    row(456, 105, (6, 7, 0)), // futex_requeue
    row(457, 431, (6, 8, 0)), // statmount
    row(458, 189, (6, 8, 0)), // listmount
    row(459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(461, 200, (6, 8, 0)), // lsm_list_modules
    row(462, 237, (6, 10, 0)), // mseal
    row(463, 404, (6, 13, 0)), // setxattrat
    row(464, 151, (6, 13, 0)), // getxattrat
    row(465, 192, (6, 13, 0)), // listxattrat
    row(466, 316, (6, 13, 0)), // removexattrat
    row(467, 260, (6, 15, 0)), // open_tree_attr
    row(468, 83, (6, 17, 0)), // file_getattr
    row(469, 84, (6, 17, 0)), // file_setattr
    row(470, 190, (6, 19, 0)), // listns
    row(471, 326, (7, 0, 0)), // rseq_slice_yield
    row(512, 327, (3, 4, 0)), // rt_sigaction
    row(513, 331, (3, 4, 0)), // rt_sigreturn
    row(514, 169, (3, 4, 0)), // ioctl
    row(515, 307, (3, 4, 0)), // readv
    row(516, 502, (3, 4, 0)), // writev
    row(517, 310, (3, 4, 0)), // recvfrom
    row(518, 367, (3, 4, 0)), // sendmsg
    row(519, 313, (3, 4, 0)), // recvmsg
    row(520, 61, (3, 4, 0)), // execve
    row(521, 294, (3, 4, 0)), // ptrace
    row(522, 328, (3, 4, 0)), // rt_sigpending
    row(523, 333, (3, 4, 0)), // rt_sigtimedwait
    row(524, 330, (3, 4, 0)), // rt_sigqueueinfo
    row(525, 412, (3, 4, 0)), // sigaltstack
    row(526, 454, (3, 4, 0)), // timer_create
    row(527, 229, (3, 4, 0)), // mq_notify
    row(528, 177, (3, 4, 0)), // kexec_load
    row(529, 499, (3, 4, 0)), // waitid
    row(530, 371, (3, 4, 0)), // set_robust_list
    row(531, 113, (3, 4, 0)), // get_robust_list
    row(532, 496, (3, 4, 0)), // vmsplice
    row(533, 225, (3, 4, 0)), // move_pages
    row(534, 283, (3, 4, 0)), // preadv
    row(535, 297, (3, 4, 0)), // pwritev
    row(536, 335, (3, 4, 0)), // rt_tgsigqueueinfo
    row(537, 311, (3, 4, 0)), // recvmmsg
    row(538, 366, (3, 4, 0)), // sendmmsg
    row(539, 288, (3, 4, 0)), // process_vm_readv
    row(540, 289, (3, 4, 0)), // process_vm_writev
    row(541, 399, (3, 4, 0)), // setsockopt
    row(542, 145, (3, 4, 0)), // getsockopt
    row(543, 164, (3, 4, 0)), // io_setup
    row(544, 165, (3, 4, 0)), // io_submit
    row(545, 62, (3, 19, 0)), // execveat
    row(546, 284, (4, 6, 0)), // preadv2
    row(547, 298, (4, 6, 0)), // pwritev2
];

#[rustfmt::skip]
pub(in crate::names) static X32_BY_NAME: [u16; 374] = [
    38, 251, 16, 145, 215, 141, 161, 32, 140, 41, 277, 12, 317, 113, 114, 69,
    79, 81, 143, 264, 200, 199, 201, 198, 46, 301, 3, 302, 37, 281, 74, 157,
    27, 28, 255, 187, 254, 204, 244, 307, 203, 247, 253, 346, 371, 49, 202, 236,
    305, 193, 248, 259, 260, 70, 80, 235, 318, 82, 227, 61, 64, 171, 334, 335,
    269, 174, 62, 47, 177, 297, 168, 298, 296, 299, 5, 121, 63, 66, 180, 322,
    321, 315, 320, 228, 209, 357, 267, 68, 67, 189, 96, 95, 92, 103, 31, 44,
    109, 99, 34, 159, 98, 123, 274, 108, 106, 86, 87, 112, 43, 368, 164, 85,
    90, 169, 330, 156, 221, 220, 257, 222, 185, 183, 184, 286, 369, 370, 292, 293,
    291, 340, 155, 154, 219, 218, 268, 276, 354, 217, 51, 311, 310, 312, 83, 170,
    75, 232, 42, 324, 336, 172, 331, 173, 186, 176, 8, 167, 325, 327, 326, 6,
    23, 319, 207, 279, 275, 313, 223, 22, 72, 225, 117, 226, 132, 280, 134, 9,
    137, 147, 308, 295, 359, 10, 214, 353, 210, 213, 212, 211, 20, 328, 60, 57,
    59, 58, 21, 133, 135, 11, 262, 30, 229, 2, 263, 294, 333, 224, 303, 29,
    258, 118, 304, 300, 290, 17, 256, 138, 283, 284, 282, 7, 238, 139, 14, 360,
    372, 261, 306, 314, 365, 366, 237, 347, 160, 15, 361, 373, 158, 309, 0, 165,
    78, 234, 341, 151, 343, 363, 345, 188, 175, 332, 71, 231, 272, 216, 191, 73,
    287, 337, 338, 348, 13, 350, 339, 115, 349, 362, 129, 130, 182, 271, 126, 128,
    131, 181, 270, 125, 127, 19, 273, 163, 18, 55, 53, 54, 192, 35, 364, 344,
    39, 208, 316, 356, 190, 153, 111, 110, 94, 104, 152, 33, 266, 97, 124, 102,
    107, 105, 101, 142, 100, 367, 146, 93, 166, 329, 25, 26, 56, 24, 40, 351,
    245, 252, 36, 45, 240, 4, 120, 323, 285, 150, 149, 77, 233, 144, 242, 265,
    122, 88, 91, 241, 205, 179, 352, 197, 196, 195, 194, 246, 250, 249, 89, 178,
    65, 162, 84, 148, 52, 76, 230, 239, 289, 288, 278, 119, 116, 243, 206, 48,
    136, 358, 50, 355, 1, 342,
];

#[rustfmt::skip]
pub(in crate::names) static AARCH64: [Row; 327] = [
    row(0, 164, (3, 7, 0)), // io_setup
    row(1, 160, (3, 7, 0)), // io_destroy
    row(2, 165, (3, 7, 0)), // io_submit
    row(3, 159, (3, 7, 0)), // io_cancel
    row(4, 161, (3, 7, 0)), // io_getevents
    row(5, 403, (3, 7, 0)), // setxattr
    row(6, 198, (3, 7, 0)), // lsetxattr
    row(7, 91, (3, 7, 0)), // fsetxattr
    row(8, 150, (3, 7, 0)), // getxattr
    row(9, 185, (3, 7, 0)), // lgetxattr
    row(10, 82, (3, 7, 0)), // fgetxattr
    row(11, 191, (3, 7, 0)), // listxattr
    row(12, 193, (3, 7, 0)), // llistxattr
    row(13, 86, (3, 7, 0)), // flistxattr
    row(14, 315, (3, 7, 0)), // removexattr
    row(15, 196, (3, 7, 0)), // lremovexattr
    row(16, 89, (3, 7, 0)), // fremovexattr
    row(17, 117, (3, 7, 0)), // getcwd
    row(18, 195, (3, 7, 0)), // lookup_dcookie
    row(19, 60, (3, 7, 0)), // eventfd2
    row(20, 52, (3, 7, 0)), // epoll_create1
    row(21, 53, (3, 7, 0)), // epoll_ctl
    row(22, 55, (3, 7, 0)), // epoll_pwait
    row(23, 48, (3, 7, 0)), // dup
    row(24, 50, (3, 7, 0)), // dup3
    row(25, 79, (3, 7, 0)), // fcntl
    row(26, 157, (3, 7, 0)), // inotify_init1
    row(27, 155, (3, 7, 0)), // inotify_add_watch
    row(28, 158, (3, 7, 0)), // inotify_rm_watch
    row(29, 169, (3, 7, 0)), // ioctl
    row(30, 173, (3, 7, 0)), // ioprio_set
    row(31, 172, (3, 7, 0)), // ioprio_get
    row(32, 87, (3, 7, 0)), // flock
    row(33, 215, (3, 7, 0)), // mknodat
    row(34, 213, (3, 7, 0)), // mkdirat
    row(35, 479, (3, 7, 0)), // unlinkat
    row(36, 441, (3, 7, 0)), // symlinkat
    row(37, 187, (3, 7, 0)), // linkat
    row(38, 318, (3, 7, 0)), // renameat
    row(39, 476, (3, 7, 0)), // umount2
    row(40, 222, (3, 7, 0)), // mount
    row(41, 274, (3, 7, 0)), // pivot_root
    row(42, 250, (3, 7, 0)), // nfsservctl
    row(43, 429, (3, 7, 0)), // statfs
    row(44, 98, (3, 7, 0)), // fstatfs
    row(45, 469, (3, 7, 0)), // truncate
    row(46, 102, (3, 7, 0)), // ftruncate
    row(47, 69, (3, 7, 0)), // fallocate
    row(48, 65, (3, 7, 0)), // faccessat
    row(49, 24, (3, 7, 0)), // chdir
    row(50, 72, (3, 7, 0)), // fchdir
    row(51, 28, (3, 7, 0)), // chroot
    row(52, 73, (3, 7, 0)), // fchmod
    row(53, 74, (3, 7, 0)), // fchmodat
    row(54, 78, (3, 7, 0)), // fchownat
    row(55, 76, (3, 7, 0)), // fchown
    row(56, 261, (3, 7, 0)), // openat
    row(57, 41, (3, 7, 0)), // close
    row(58, 493, (3, 7, 0)), // vhangup
    row(59, 273, (3, 7, 0)), // pipe2
    row(60, 300, (3, 7, 0)), // quotactl
    row(61, 119, (3, 7, 0)), // getdents64
    row(62, 197, (3, 7, 0)), // lseek
    row(63, 302, (3, 7, 0)), // read
    row(64, 501, (3, 7, 0)), // write
    row(65, 307, (3, 7, 0)), // readv
    row(66, 502, (3, 7, 0)), // writev
    row(67, 282, (3, 7, 0)), // pread64
    row(68, 296, (3, 7, 0)), // pwrite64
    row(69, 283, (3, 7, 0)), // preadv
    row(70, 297, (3, 7, 0)), // pwritev
    row(71, 364, (3, 7, 0)), // sendfile
    row(72, 292, (3, 7, 0)), // pselect6
    row(73, 279, (3, 7, 0)), // ppoll
    row(74, 415, (3, 7, 0)), // signalfd4
    row(75, 496, (3, 7, 0)), // vmsplice
    row(76, 423, (3, 7, 0)), // splice
    row(77, 451, (3, 7, 0)), // tee
    row(78, 306, (3, 7, 0)), // readlinkat
    row(79, 249, (3, 7, 0)), // newfstatat
    row(80, 95, (3, 7, 0)), // fstat
    row(81, 442, (3, 7, 0)), // sync
    row(82, 100, (3, 7, 0)), // fsync
    row(83, 81, (3, 7, 0)), // fdatasync
    row(84, 443, (3, 7, 0)), // sync_file_range
    row(85, 462, (3, 7, 0)), // timerfd_create
    row(86, 465, (3, 7, 0)), // timerfd_settime
    row(87, 463, (3, 7, 0)), // timerfd_gettime
    row(88, 489, (3, 7, 0)), // utimensat
    row(89, 6, (3, 7, 0)), // acct
    row(90, 22, (3, 7, 0)), // capget
    row(91, 23, (3, 7, 0)), // capset
    row(92, 268, (3, 7, 0)), // personality
    row(93, 63, (3, 7, 0)), // exit
    row(94, 64, (3, 7, 0)), // exit_group
    row(95, 499, (3, 7, 0)), // waitid
    row(96, 373, (3, 7, 0)), // set_tid_address
    row(97, 480, (3, 7, 0)), // unshare
    row(98, 104, (3, 7, 0)), // futex
    row(99, 371, (3, 7, 0)), // set_robust_list
    row(100, 113, (3, 7, 0)), // get_robust_list
    row(101, 248, (3, 7, 0)), // nanosleep
    row(102, 128, (3, 7, 0)), // getitimer
    row(103, 385, (3, 7, 0)), // setitimer
    row(104, 177, (3, 7, 0)), // kexec_load
    row(105, 154, (3, 7, 0)), // init_module
    row(106, 47, (3, 7, 0)), // delete_module
    row(107, 454, (3, 7, 0)), // timer_create
    row(108, 457, (3, 7, 0)), // timer_gettime
    row(109, 456, (3, 7, 0)), // timer_getoverrun
    row(110, 459, (3, 7, 0)), // timer_settime
    row(111, 455, (3, 7, 0)), // timer_delete
    row(112, 37, (3, 7, 0)), // clock_settime
    row(113, 33, (3, 7, 0)), // clock_gettime
    row(114, 31, (3, 7, 0)), // clock_getres
    row(115, 35, (3, 7, 0)), // clock_nanosleep
    row(116, 449, (3, 7, 0)), // syslog
    row(117, 294, (3, 7, 0)), // ptrace
    row(118, 352, (3, 7, 0)), // sched_setparam
    row(119, 353, (3, 7, 0)), // sched_setscheduler
    row(120, 347, (3, 7, 0)), // sched_getscheduler
    row(121, 346, (3, 7, 0)), // sched_getparam
    row(122, 350, (3, 7, 0)), // sched_setaffinity
    row(123, 344, (3, 7, 0)), // sched_getaffinity
    row(124, 354, (3, 7, 0)), // sched_yield
    row(125, 342, (3, 7, 0)), // sched_get_priority_max
    row(126, 343, (3, 7, 0)), // sched_get_priority_min
    row(127, 348, (3, 7, 0)), // sched_rr_get_interval
    row(128, 321, (3, 7, 0)), // restart_syscall
    row(129, 179, (3, 7, 0)), // kill
    row(130, 468, (3, 7, 0)), // tkill
    row(131, 452, (3, 7, 0)), // tgkill
    row(132, 412, (3, 7, 0)), // sigaltstack
    row(133, 332, (3, 7, 0)), // rt_sigsuspend
    row(134, 327, (3, 7, 0)), // rt_sigaction
    row(135, 329, (3, 7, 0)), // rt_sigprocmask
    row(136, 328, (3, 7, 0)), // rt_sigpending
    row(137, 333, (3, 7, 0)), // rt_sigtimedwait
    row(138, 330, (3, 7, 0)), // rt_sigqueueinfo
    row(139, 331, (3, 7, 0)), // rt_sigreturn
    row(140, 388, (3, 7, 0)), // setpriority
    row(141, 135, (3, 7, 0)), // getpriority
    row(142, 308, (3, 7, 0)), // reboot
    row(143, 389, (3, 7, 0)), // setregid
    row(144, 380, (3, 7, 0)), // setgid
    row(145, 395, (3, 7, 0)), // setreuid
    row(146, 401, (3, 7, 0)), // setuid
    row(147, 393, (3, 7, 0)), // setresuid
    row(148, 139, (3, 7, 0)), // getresuid
    row(149, 391, (3, 7, 0)), // setresgid
    row(150, 137, (3, 7, 0)), // getresgid
    row(151, 378, (3, 7, 0)), // setfsuid
    row(152, 376, (3, 7, 0)), // setfsgid
    row(153, 467, (3, 7, 0)), // times
    row(154, 387, (3, 7, 0)), // setpgid
    row(155, 130, (3, 7, 0)), // getpgid
    row(156, 143, (3, 7, 0)), // getsid
    row(157, 398, (3, 7, 0)), // setsid
    row(158, 126, (3, 7, 0)), // getgroups
    row(159, 382, (3, 7, 0)), // setgroups
    row(160, 477, (3, 7, 0)), // uname
    row(161, 384, (3, 7, 0)), // sethostname
    row(162, 375, (3, 7, 0)), // setdomainname
    row(163, 141, (3, 7, 0)), // getrlimit
    row(164, 397, (3, 7, 0)), // setrlimit
    row(165, 142, (3, 7, 0)), // getrusage
    row(166, 474, (3, 7, 0)), // umask
    row(167, 281, (3, 7, 0)), // prctl
    row(168, 116, (3, 7, 0)), // getcpu
    row(169, 147, (3, 7, 0)), // gettimeofday
    row(170, 400, (3, 7, 0)), // settimeofday
    row(171, 8, (3, 7, 0)), // adjtimex
    row(172, 132, (3, 7, 0)), // getpid
    row(173, 134, (3, 7, 0)), // getppid
    row(174, 148, (3, 7, 0)), // getuid
    row(175, 122, (3, 7, 0)), // geteuid
    row(176, 124, (3, 7, 0)), // getgid
    row(177, 120, (3, 7, 0)), // getegid
    row(178, 146, (3, 7, 0)), // gettid
    row(179, 448, (3, 7, 0)), // sysinfo
    row(180, 230, (3, 7, 0)), // mq_open
    row(181, 235, (3, 7, 0)), // mq_unlink
    row(182, 233, (3, 7, 0)), // mq_timedsend
    row(183, 231, (3, 7, 0)), // mq_timedreceive
    row(184, 229, (3, 7, 0)), // mq_notify
    row(185, 228, (3, 7, 0)), // mq_getsetattr
    row(186, 239, (3, 7, 0)), // msgget
    row(187, 238, (3, 7, 0)), // msgctl
    row(188, 240, (3, 7, 0)), // msgrcv
    row(189, 241, (3, 7, 0)), // msgsnd
    row(190, 359, (3, 7, 0)), // semget
    row(191, 358, (3, 7, 0)), // semctl
    row(192, 361, (3, 7, 0)), // semtimedop
    row(193, 360, (3, 7, 0)), // semop
    row(194, 409, (3, 7, 0)), // shmget
    row(195, 407, (3, 7, 0)), // shmctl
    row(196, 406, (3, 7, 0)), // shmat
    row(197, 408, (3, 7, 0)), // shmdt
    row(198, 420, (3, 7, 0)), // socket
    row(199, 422, (3, 7, 0)), // socketpair
    row(200, 14, (3, 7, 0)), // bind
    row(201, 188, (3, 7, 0)), // listen
    row(202, 3, (3, 7, 0)), // accept
    row(203, 43, (3, 7, 0)), // connect
    row(204, 144, (3, 7, 0)), // getsockname
    row(205, 129, (3, 7, 0)), // getpeername
    row(206, 368, (3, 7, 0)), // sendto
    row(207, 310, (3, 7, 0)), // recvfrom
    row(208, 399, (3, 7, 0)), // setsockopt
    row(209, 145, (3, 7, 0)), // getsockopt
    row(210, 410, (3, 7, 0)), // shutdown
    row(211, 367, (3, 7, 0)), // sendmsg
    row(212, 313, (3, 7, 0)), // recvmsg
    row(213, 303, (3, 7, 0)), // readahead
    row(214, 18, (3, 7, 0)), // brk
    row(215, 246, (3, 7, 0)), // munmap
    row(216, 236, (3, 7, 0)), // mremap
    row(217, 7, (3, 7, 0)), // add_key
    row(218, 320, (3, 7, 0)), // request_key
    row(219, 178, (3, 7, 0)), // keyctl
    row(220, 39, (3, 7, 0)), // clone
    row(221, 61, (3, 7, 0)), // execve
    row(222, 219, (3, 7, 0)), // mmap
    row(223, 67, (3, 7, 0)), // fadvise64
    row(224, 438, (3, 7, 0)), // swapon
    row(225, 437, (3, 7, 0)), // swapoff
    row(226, 226, (3, 7, 0)), // mprotect
    row(227, 242, (3, 7, 0)), // msync
    row(228, 216, (3, 7, 0)), // mlock
    row(229, 244, (3, 7, 0)), // munlock
    row(230, 218, (3, 7, 0)), // mlockall
    row(231, 245, (3, 7, 0)), // munlockall
    row(232, 211, (3, 7, 0)), // mincore
    row(233, 204, (3, 7, 0)), // madvise
    row(234, 314, (3, 7, 0)), // remap_file_pages
    row(235, 206, (3, 7, 0)), // mbind
    row(236, 112, (3, 7, 0)), // get_mempolicy
    row(237, 369, (3, 7, 0)), // set_mempolicy
    row(238, 210, (3, 7, 0)), // migrate_pages
    row(239, 225, (3, 7, 0)), // move_pages
    row(240, 335, (3, 7, 0)), // rt_tgsigqueueinfo
    row(241, 267, (3, 7, 0)), // perf_event_open
    row(242, 4, (3, 7, 0)), // accept4
    row(243, 311, (3, 7, 0)), // recvmmsg
    row(260, 498, (3, 7, 0)), // wait4
    row(261, 285, (3, 7, 0)), // prlimit64
    row(262, 70, (3, 7, 0)), // fanotify_init
    row(263, 71, (3, 7, 0)), // fanotify_mark
    row(264, 247, (3, 7, 0)), // name_to_handle_at
    row(265, 258, (3, 7, 0)), // open_by_handle_at
    row(266, 29, (3, 7, 0)), // clock_adjtime
    row(267, 445, (3, 7, 0)), // syncfs
    row(268, 386, (3, 7, 0)), // setns
    row(269, 366, (3, 7, 0)), // sendmmsg
    row(270, 288, (3, 7, 0)), // process_vm_readv
    row(271, 289, (3, 7, 0)), // process_vm_writev
    row(272, 175, (3, 7, 0)), // kcmp
    row(273, 85, (3, 8, 0)), // finit_module
    row(274, 351, (3, 14, 0)), // sched_setattr
    row(275, 345, (3, 14, 0)), // sched_getattr
    row(276, 319, (3, 15, 0)), // renameat2
    row(277, 355, (3, 17, 0)), // seccomp
    row(278, 136, (3, 17, 0)), // getrandom
    row(279, 208, (3, 17, 0)), // memfd_create
    row(280, 15, (3, 18, 0)), // bpf
    row(281, 62, (3, 19, 0)), // execveat
    row(282, 484, (4, 3, 0)), // userfaultfd
    row(283, 207, (4, 3, 0)), // membarrier
    row(284, 217, (4, 4, 0)), // mlock2
    row(285, 44, (4, 5, 0)), // copy_file_range
    row(286, 284, (4, 6, 0)), // preadv2
    row(287, 298, (4, 6, 0)), // pwritev2
    row(288, 277, (4, 9, 0)), // pkey_mprotect
    row(289, 275, (4, 9, 0)), // pkey_alloc
    row(290, 276, (4, 9, 0)), // pkey_free
    row(291, 432, (4, 11, 0)), // statx
    row(292, 162, (4, 18, 0)), // io_pgetevents
    row(293, 325, (4, 19, 0)), // rseq
    row(294, 176, (5, 0, 0)), // kexec_file_load
    row(424, 271, (5, 1, 0)), // pidfd_send_signal
    row(425, 168, (5, 1, 0)), // io_uring_setup
    row(426, 166, (5, 1, 0)), // io_uring_enter
    row(427, 167, (5, 1, 0)), // io_uring_register
    row(428, 259, (5, 2, 0)), // open_tree
    row(429, 224, (5, 2, 0)), // move_mount
    row(430, 93, (5, 2, 0)), // fsopen
    row(431, 90, (5, 2, 0)), // fsconfig
    row(432, 92, (5, 2, 0)), // fsmount
    row(433, 94, (5, 2, 0)), // fspick
    row(434, 270, (5, 3, 0)), // pidfd_open
    row(435, 40, (5, 3, 0)), // clone3
    row(436, 42, (5, 9, 0)), // close_range
    row(437, 262, (5, 6, 0)), // openat2
    row(438, 269, (5, 6, 0)), // pidfd_getfd
    row(439, 66, (5, 8, 0)), // faccessat2
    row(440, 286, (5, 10, 0)), // process_madvise
    row(441, 56, (5, 11, 0)), // epoll_pwait2
    row(442, 223, (5, 12, 0)), // mount_setattr
    row(443, 301, (5, 14, 0)), // quotactl_fd
    row(444, 181, (5, 13, 0)), // landlock_create_ruleset
    row(445, 180, (5, 13, 0)), // landlock_add_rule
    row(446, 182, (5, 13, 0)), // landlock_restrict_self
    row(447, 209, (5, 14, 0)), // memfd_secret
    row(448, 287, (5, 15, 0)), // process_mrelease
    row(449, 108, (5, 16, 0)), // futex_waitv
    row(450, 370, (5, 17, 0)), // set_mempolicy_home_node
    row(451, 21, (6, 5, 0)), // cachestat
    row(452, 75, (6, 6, 0)), // fchmodat2
    row(453, 205, (6, 7, 0)), // map_shadow_stack
    row(454, 109, (6, 7, 0)), // futex_wake
    row(455, 107, (6, 7, 0)), // futex_wait
    row(456, 105, (6, 7, 0)), // futex_requeue
    row(457, 431, (6, 8, 0)), // statmount
    row(458, 189, (6, 8, 0)), // listmount
    row(459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(461, 200, (6, 8, 0)), // lsm_list_modules
    row(462, 237, (6, 10, 0)), // mseal
    row(463, 404, (6, 13, 0)), // setxattrat
    row(464, 151, (6, 13, 0)), // getxattrat
    row(465, 192, (6, 13, 0)), // listxattrat
    row(466, 316, (6, 13, 0)), // removexattrat
    row(467, 260, (6, 15, 0)), // open_tree_attr
    row(468, 83, (6, 17, 0)), // file_getattr
    row(469, 84, (6, 17, 0)), // file_setattr
    row(470, 190, (6, 19, 0)), // listns
    row(471, 326, (7, 0, 0)), // rseq_slice_yield
];

#[rustfmt::skip]
pub(in crate::names) static AARCH64_BY_NAME: [u16; 327] = [
    202, 242, 89, 217, 171, 200, 264, 214, 306, 90, 91, 49, 51, 250, 114, 113,
    115, 112, 220, 290, 57, 291, 203, 269, 106, 23, 24, 20, 21, 22, 296, 19,
    221, 265, 93, 94, 48, 294, 223, 47, 246, 247, 50, 52, 53, 307, 55, 54,
    25, 83, 10, 323, 324, 257, 13, 32, 16, 286, 7, 287, 285, 288, 80, 44,
    82, 46, 98, 311, 310, 304, 309, 236, 100, 168, 17, 61, 177, 175, 176, 158,
    102, 205, 155, 172, 173, 141, 262, 150, 148, 163, 165, 156, 204, 209, 178, 169,
    174, 8, 319, 105, 27, 26, 28, 3, 1, 4, 276, 0, 2, 281, 282, 280,
    29, 31, 30, 256, 278, 104, 219, 129, 300, 299, 301, 9, 37, 201, 313, 325,
    11, 320, 12, 18, 15, 62, 6, 314, 316, 315, 233, 308, 235, 267, 263, 302,
    238, 232, 34, 33, 228, 268, 230, 222, 40, 297, 284, 239, 226, 185, 184, 180,
    183, 182, 181, 216, 317, 187, 186, 188, 189, 227, 229, 231, 215, 248, 101, 79,
    42, 249, 283, 322, 56, 292, 241, 92, 293, 289, 279, 59, 41, 273, 274, 272,
    73, 167, 67, 69, 270, 245, 295, 303, 254, 255, 72, 117, 68, 70, 271, 60,
    298, 63, 213, 78, 65, 142, 207, 243, 212, 234, 14, 321, 38, 260, 218, 128,
    277, 326, 134, 136, 135, 138, 139, 133, 137, 240, 125, 126, 123, 259, 121, 120,
    127, 122, 258, 118, 119, 124, 261, 191, 190, 193, 192, 71, 253, 211, 206, 237,
    305, 99, 96, 162, 152, 151, 144, 159, 161, 103, 252, 154, 140, 143, 149, 147,
    145, 164, 157, 208, 170, 146, 5, 318, 196, 195, 197, 194, 210, 132, 74, 198,
    199, 76, 43, 312, 275, 225, 224, 36, 81, 84, 251, 179, 116, 77, 131, 107,
    111, 109, 108, 110, 85, 87, 86, 153, 130, 45, 166, 39, 160, 35, 97, 266,
    88, 58, 75, 244, 95, 64, 66,
];

#[rustfmt::skip]
pub(in crate::names) static ARM: [Row; 430] = [
    row(0, 321, (2, 6, 16)), // restart_syscall
    row(1, 63, (2, 6, 16)), // exit
    row(2, 88, (2, 6, 16)), // fork
    row(3, 302, (2, 6, 16)), // read
    row(4, 501, (2, 6, 16)), // write
    row(5, 257, (2, 6, 16)), // open
    row(6, 41, (2, 6, 16)), // close
    row(8, 45, (2, 6, 16)), // creat
    row(9, 186, (2, 6, 16)), // link
    row(10, 478, (2, 6, 16)), // unlink
    row(11, 61, (2, 6, 16)), // execve
    row(12, 24, (2, 6, 16)), // chdir
    row(14, 214, (2, 6, 16)), // mknod
    row(15, 25, (2, 6, 16)), // chmod
    row(16, 183, (2, 6, 16)), // lchown
    row(19, 197, (2, 6, 16)), // lseek
    row(20, 132, (2, 6, 16)), // getpid
    row(21, 222, (2, 6, 16)), // mount
    row(23, 401, (2, 6, 16)), // setuid
    row(24, 148, (2, 6, 16)), // getuid
    row(26, 294, (2, 6, 16)), // ptrace
    row(29, 263, (2, 6, 16)), // pause
    row(33, 5, (2, 6, 16)), // access
    row(34, 251, (2, 6, 16)), // nice
    row(36, 442, (2, 6, 16)), // sync
    row(37, 179, (2, 6, 16)), // kill
    row(38, 317, (2, 6, 16)), // rename
    row(39, 212, (2, 6, 16)), // mkdir
    row(40, 324, (2, 6, 16)), // rmdir
    row(41, 48, (2, 6, 16)), // dup
    row(42, 272, (2, 6, 16)), // pipe
    row(43, 467, (2, 6, 16)), // times
    row(45, 18, (2, 6, 16)), // brk
    row(46, 380, (2, 6, 16)), // setgid
    row(47, 124, (2, 6, 16)), // getgid
    row(49, 122, (2, 6, 16)), // geteuid
    row(50, 120, (2, 6, 16)), // getegid
    row(51, 6, (2, 6, 16)), // acct
    row(52, 476, (2, 6, 16)), // umount2
    row(54, 169, (2, 6, 16)), // ioctl
    row(55, 79, (2, 6, 16)), // fcntl
    row(57, 387, (2, 6, 16)), // setpgid
    row(60, 474, (2, 6, 16)), // umask
    row(61, 28, (2, 6, 16)), // chroot
    row(62, 487, (2, 6, 16)), // ustat
    row(63, 49, (2, 6, 16)), // dup2
    row(64, 134, (2, 6, 16)), // getppid
    row(65, 131, (2, 6, 16)), // getpgrp
    row(66, 398, (2, 6, 16)), // setsid
    row(67, 411, (2, 6, 16)), // sigaction
    row(70, 395, (2, 6, 16)), // setreuid
    row(71, 389, (2, 6, 16)), // setregid
    row(72, 419, (2, 6, 16)), // sigsuspend
    row(73, 416, (2, 6, 16)), // sigpending
    row(74, 384, (2, 6, 16)), // sethostname
    row(75, 397, (2, 6, 16)), // setrlimit
    row(77, 142, (2, 6, 16)), // getrusage
    row(78, 147, (2, 6, 16)), // gettimeofday
    row(79, 400, (2, 6, 16)), // settimeofday
    row(80, 126, (2, 6, 16)), // getgroups
    row(81, 382, (2, 6, 16)), // setgroups
    row(83, 440, (2, 6, 16)), // symlink
    row(85, 305, (2, 6, 16)), // readlink
    row(86, 483, (2, 6, 16)), // uselib
    row(87, 438, (2, 6, 16)), // swapon
    row(88, 308, (2, 6, 16)), // reboot
    row(91, 246, (2, 6, 16)), // munmap
    row(92, 469, (2, 6, 16)), // truncate
    row(93, 102, (2, 6, 16)), // ftruncate
    row(94, 73, (2, 6, 16)), // fchmod
    row(95, 76, (2, 6, 16)), // fchown
    row(96, 135, (2, 6, 16)), // getpriority
    row(97, 388, (2, 6, 16)), // setpriority
    row(99, 429, (2, 6, 16)), // statfs
    row(100, 98, (2, 6, 16)), // fstatfs
    row(103, 449, (2, 6, 16)), // syslog
    row(104, 385, (2, 6, 16)), // setitimer
    row(105, 128, (2, 6, 16)), // getitimer
    row(106, 427, (2, 6, 16)), // stat
    row(107, 202, (2, 6, 16)), // lstat
    row(108, 95, (2, 6, 16)), // fstat
    row(111, 493, (2, 6, 16)), // vhangup
    row(114, 498, (2, 6, 16)), // wait4
    row(115, 437, (2, 6, 16)), // swapoff
    row(116, 448, (2, 6, 16)), // sysinfo
    row(118, 100, (2, 6, 16)), // fsync
    row(119, 418, (2, 6, 16)), // sigreturn
    row(120, 39, (2, 6, 16)), // clone
    row(121, 375, (2, 6, 16)), // setdomainname
    row(122, 477, (2, 6, 16)), // uname
    row(124, 8, (2, 6, 16)), // adjtimex
    row(125, 226, (2, 6, 16)), // mprotect
    row(126, 417, (2, 6, 16)), // sigprocmask
    row(128, 154, (2, 6, 16)), // init_module
    row(129, 47, (2, 6, 16)), // delete_module
    row(131, 300, (2, 6, 16)), // quotactl
    row(132, 130, (2, 6, 16)), // getpgid
    row(133, 72, (2, 6, 16)), // fchdir
    row(134, 13, (2, 6, 16)), // bdflush
    row(135, 447, (2, 6, 16)), // sysfs
    row(136, 268, (2, 6, 16)), // personality
    row(138, 378, (2, 6, 16)), // setfsuid
    row(139, 376, (2, 6, 16)), // setfsgid
    row(140, 0, (2, 6, 16)), // _llseek
    row(141, 118, (2, 6, 16)), // getdents
    row(142, 1, (2, 6, 16)), // _newselect
    row(143, 87, (2, 6, 16)), // flock
    row(144, 242, (2, 6, 16)), // msync
    row(145, 307, (2, 6, 16)), // readv
    row(146, 502, (2, 6, 16)), // writev
    row(147, 143, (2, 6, 16)), // getsid
    row(148, 81, (2, 6, 16)), // fdatasync
    row(149, 2, (2, 6, 16)), // _sysctl
    row(150, 216, (2, 6, 16)), // mlock
    row(151, 244, (2, 6, 16)), // munlock
    row(152, 218, (2, 6, 16)), // mlockall
    row(153, 245, (2, 6, 16)), // munlockall
    row(154, 352, (2, 6, 16)), // sched_setparam
    row(155, 346, (2, 6, 16)), // sched_getparam
    row(156, 353, (2, 6, 16)), // sched_setscheduler
    row(157, 347, (2, 6, 16)), // sched_getscheduler
    row(158, 354, (2, 6, 16)), // sched_yield
    row(159, 342, (2, 6, 16)), // sched_get_priority_max
    row(160, 343, (2, 6, 16)), // sched_get_priority_min
    row(161, 348, (2, 6, 16)), // sched_rr_get_interval
    row(162, 248, (2, 6, 16)), // nanosleep
    row(163, 236, (2, 6, 16)), // mremap
    row(164, 393, (2, 6, 16)), // setresuid
    row(165, 139, (2, 6, 16)), // getresuid
    row(168, 278, (2, 6, 16)), // poll
    row(169, 250, (2, 6, 16)), // nfsservctl
    row(170, 391, (2, 6, 16)), // setresgid
    row(171, 137, (2, 6, 16)), // getresgid
    row(172, 281, (2, 6, 16)), // prctl
    row(173, 331, (2, 6, 16)), // rt_sigreturn
    row(174, 327, (2, 6, 16)), // rt_sigaction
    row(175, 329, (2, 6, 16)), // rt_sigprocmask
    row(176, 328, (2, 6, 16)), // rt_sigpending
    row(177, 333, (2, 6, 16)), // rt_sigtimedwait
    row(178, 330, (2, 6, 16)), // rt_sigqueueinfo
    row(179, 332, (2, 6, 16)), // rt_sigsuspend
    row(180, 282, (2, 6, 16)), // pread64
    row(181, 296, (2, 6, 16)), // pwrite64
    row(182, 26, (2, 6, 16)), // chown
    row(183, 117, (2, 6, 16)), // getcwd
    row(184, 22, (2, 6, 16)), // capget
    row(185, 23, (2, 6, 16)), // capset
    row(186, 412, (2, 6, 16)), // sigaltstack
    row(187, 364, (2, 6, 16)), // sendfile
    row(190, 492, (2, 6, 16)), // vfork
    row(191, 472, (2, 6, 16)), // ugetrlimit
    row(192, 220, (2, 6, 16)), // mmap2
    row(193, 470, (2, 6, 16)), // truncate64
    row(194, 103, (2, 6, 16)), // ftruncate64
    row(195, 428, (2, 6, 16)), // stat64
    row(196, 203, (2, 6, 16)), // lstat64
    row(197, 96, (2, 6, 16)), // fstat64
    row(198, 184, (2, 6, 16)), // lchown32
    row(199, 149, (2, 6, 16)), // getuid32
    row(200, 125, (2, 6, 16)), // getgid32
    row(201, 123, (2, 6, 16)), // geteuid32
    row(202, 121, (2, 6, 16)), // getegid32
    row(203, 396, (2, 6, 16)), // setreuid32
    row(204, 390, (2, 6, 16)), // setregid32
    row(205, 127, (2, 6, 16)), // getgroups32
    row(206, 383, (2, 6, 16)), // setgroups32
    row(207, 77, (2, 6, 16)), // fchown32
    row(208, 394, (2, 6, 16)), // setresuid32
    row(209, 140, (2, 6, 16)), // getresuid32
    row(210, 392, (2, 6, 16)), // setresgid32
    row(211, 138, (2, 6, 16)), // getresgid32
    row(212, 27, (2, 6, 16)), // chown32
    row(213, 402, (2, 6, 16)), // setuid32
    row(214, 381, (2, 6, 16)), // setgid32
    row(215, 379, (2, 6, 16)), // setfsuid32
    row(216, 377, (2, 6, 16)), // setfsgid32
    row(217, 119, (2, 6, 16)), // getdents64
    row(218, 274, (2, 6, 16)), // pivot_root
    row(219, 211, (2, 6, 16)), // mincore
    row(220, 204, (2, 6, 16)), // madvise
    row(221, 80, (2, 6, 16)), // fcntl64
    row(224, 146, (2, 6, 16)), // gettid
    row(225, 303, (2, 6, 16)), // readahead
    row(226, 403, (2, 6, 16)), // setxattr
    row(227, 198, (2, 6, 16)), // lsetxattr
    row(228, 91, (2, 6, 16)), // fsetxattr
    row(229, 150, (2, 6, 16)), // getxattr
    row(230, 185, (2, 6, 16)), // lgetxattr
    row(231, 82, (2, 6, 16)), // fgetxattr
    row(232, 191, (2, 6, 16)), // listxattr
    row(233, 193, (2, 6, 16)), // llistxattr
    row(234, 86, (2, 6, 16)), // flistxattr
    row(235, 315, (2, 6, 16)), // removexattr
    row(236, 196, (2, 6, 16)), // lremovexattr
    row(237, 89, (2, 6, 16)), // fremovexattr
    row(238, 468, (2, 6, 16)), // tkill
    row(239, 365, (2, 6, 16)), // sendfile64
    row(240, 104, (2, 6, 16)), // futex
    row(241, 350, (2, 6, 16)), // sched_setaffinity
    row(242, 344, (2, 6, 16)), // sched_getaffinity
    row(243, 164, (2, 6, 16)), // io_setup
    row(244, 160, (2, 6, 16)), // io_destroy
    row(245, 161, (2, 6, 16)), // io_getevents
    row(246, 165, (2, 6, 16)), // io_submit
    row(247, 159, (2, 6, 16)), // io_cancel
    row(248, 64, (2, 6, 16)), // exit_group
    row(249, 195, (2, 6, 16)), // lookup_dcookie
    row(250, 51, (2, 6, 16)), // epoll_create
    row(251, 53, (2, 6, 16)), // epoll_ctl
    row(252, 57, (2, 6, 16)), // epoll_wait
    row(253, 314, (2, 6, 16)), // remap_file_pages
    row(256, 373, (2, 6, 16)), // set_tid_address
    row(257, 454, (2, 6, 16)), // timer_create
    row(258, 459, (2, 6, 16)), // timer_settime
    row(259, 457, (2, 6, 16)), // timer_gettime
    row(260, 456, (2, 6, 16)), // timer_getoverrun
    row(261, 455, (2, 6, 16)), // timer_delete
    row(262, 37, (2, 6, 16)), // clock_settime
    row(263, 33, (2, 6, 16)), // clock_gettime
    row(264, 31, (2, 6, 16)), // clock_getres
    row(265, 35, (2, 6, 16)), // clock_nanosleep
    row(266, 430, (2, 6, 16)), // statfs64
    row(267, 99, (2, 6, 16)), // fstatfs64
    row(268, 452, (2, 6, 16)), // tgkill
    row(269, 491, (2, 6, 16)), // utimes
    row(270, 12, (2, 6, 16)), // arm_fadvise64_64
    row(271, 264, (2, 6, 16)), // pciconfig_iobase
    row(272, 265, (2, 6, 16)), // pciconfig_read
    row(273, 266, (2, 6, 16)), // pciconfig_write
    row(274, 230, (2, 6, 16)), // mq_open
    row(275, 235, (2, 6, 16)), // mq_unlink
    row(276, 233, (2, 6, 16)), // mq_timedsend
    row(277, 231, (2, 6, 16)), // mq_timedreceive
    row(278, 229, (2, 6, 16)), // mq_notify
    row(279, 228, (2, 6, 16)), // mq_getsetattr
    row(280, 499, (2, 6, 16)), // waitid
    row(281, 420, (2, 6, 16)), // socket
    row(282, 14, (2, 6, 16)), // bind
    row(283, 43, (2, 6, 16)), // connect
    row(284, 188, (2, 6, 16)), // listen
    row(285, 3, (2, 6, 16)), // accept
    row(286, 144, (2, 6, 16)), // getsockname
    row(287, 129, (2, 6, 16)), // getpeername
    row(288, 422, (2, 6, 16)), // socketpair
    row(289, 363, (2, 6, 16)), // send
    row(290, 368, (2, 6, 16)), // sendto
    row(291, 309, (2, 6, 16)), // recv
    row(292, 310, (2, 6, 16)), // recvfrom
    row(293, 410, (2, 6, 16)), // shutdown
    row(294, 399, (2, 6, 16)), // setsockopt
    row(295, 145, (2, 6, 16)), // getsockopt
    row(296, 367, (2, 6, 16)), // sendmsg
    row(297, 313, (2, 6, 16)), // recvmsg
    row(298, 360, (2, 6, 16)), // semop
    row(299, 359, (2, 6, 16)), // semget
    row(300, 358, (2, 6, 16)), // semctl
    row(301, 241, (2, 6, 16)), // msgsnd
    row(302, 240, (2, 6, 16)), // msgrcv
    row(303, 239, (2, 6, 16)), // msgget
    row(304, 238, (2, 6, 16)), // msgctl
    row(305, 406, (2, 6, 16)), // shmat
    row(306, 408, (2, 6, 16)), // shmdt
    row(307, 409, (2, 6, 16)), // shmget
    row(308, 407, (2, 6, 16)), // shmctl
    row(309, 7, (2, 6, 16)), // add_key
    row(310, 320, (2, 6, 16)), // request_key
    row(311, 178, (2, 6, 16)), // keyctl
    row(312, 361, (2, 6, 16)), // semtimedop
    row(313, 497, (2, 6, 16)), // vserver
    row(314, 173, (2, 6, 16)), // ioprio_set
    row(315, 172, (2, 6, 16)), // ioprio_get
    row(316, 156, (2, 6, 16)), // inotify_init
    row(317, 155, (2, 6, 16)), // inotify_add_watch
    row(318, 158, (2, 6, 16)), // inotify_rm_watch
    row(319, 206, (2, 6, 16)), // mbind
    row(320, 112, (2, 6, 16)), // get_mempolicy
    row(321, 369, (2, 6, 16)), // set_mempolicy
    row(322, 261, (2, 6, 16)), // openat
    row(323, 213, (2, 6, 16)), // mkdirat
    row(324, 215, (2, 6, 16)), // mknodat
    row(325, 78, (2, 6, 16)), // fchownat
    row(326, 110, (2, 6, 16)), // futimesat
    row(327, 97, (2, 6, 16)), // fstatat64
    row(328, 479, (2, 6, 16)), // unlinkat
    row(329, 318, (2, 6, 16)), // renameat
    row(330, 187, (2, 6, 16)), // linkat
    row(331, 441, (2, 6, 16)), // symlinkat
    row(332, 306, (2, 6, 16)), // readlinkat
    row(333, 74, (2, 6, 16)), // fchmodat
    row(334, 65, (2, 6, 16)), // faccessat
    row(335, 292, (2, 6, 16)), // pselect6
    row(336, 279, (2, 6, 16)), // ppoll
    row(337, 480, (2, 6, 16)), // unshare
    row(338, 371, (2, 6, 17)), // set_robust_list
    row(339, 113, (2, 6, 17)), // get_robust_list
    row(340, 423, (2, 6, 17)), // splice
    row(341, 444, (2, 6, 22)), // sync_file_range2
    row(342, 451, (2, 6, 17)), // tee
    row(343, 496, (2, 6, 17)), // vmsplice
    row(344, 225, (2, 6, 18)), // move_pages
    row(345, 116, (2, 6, 19)), // getcpu
    row(346, 55, (2, 6, 19)), // epoll_pwait
    row(347, 177, (2, 6, 16)), // kexec_load
    row(348, 489, (2, 6, 22)), // utimensat
    row(349, 414, (2, 6, 22)), // signalfd
    row(350, 462, (2, 6, 25)), // timerfd_create
    row(351, 59, (2, 6, 22)), // eventfd
    row(352, 69, (2, 6, 23)), // fallocate
    row(353, 465, (2, 6, 25)), // timerfd_settime
    row(354, 463, (2, 6, 25)), // timerfd_gettime
    row(355, 415, (2, 6, 27)), // signalfd4
    row(356, 60, (2, 6, 27)), // eventfd2
    row(357, 52, (2, 6, 27)), // epoll_create1
    row(358, 50, (2, 6, 27)), // dup3
    row(359, 273, (2, 6, 27)), // pipe2
    row(360, 157, (2, 6, 27)), // inotify_init1
    row(361, 283, (2, 6, 30)), // preadv
    row(362, 297, (2, 6, 30)), // pwritev
    row(363, 335, (2, 6, 31)), // rt_tgsigqueueinfo
    row(364, 267, (2, 6, 31)), // perf_event_open
    row(365, 311, (2, 6, 33)), // recvmmsg
    row(366, 4, (2, 6, 28)), // accept4
    row(367, 70, (2, 6, 37)), // fanotify_init
    row(368, 71, (2, 6, 37)), // fanotify_mark
    row(369, 285, (2, 6, 36)), // prlimit64
    row(370, 247, (2, 6, 39)), // name_to_handle_at
    row(371, 258, (2, 6, 39)), // open_by_handle_at
    row(372, 29, (2, 6, 39)), // clock_adjtime
    row(373, 445, (2, 6, 39)), // syncfs
    row(374, 366, (3, 0, 0)), // sendmmsg
    row(375, 386, (3, 0, 0)), // setns
    row(376, 288, (3, 2, 0)), // process_vm_readv
    row(377, 289, (3, 2, 0)), // process_vm_writev
    row(378, 175, (3, 5, 0)), // kcmp
    row(379, 85, (3, 8, 0)), // finit_module
    row(380, 351, (3, 14, 0)), // sched_setattr
    row(381, 345, (3, 14, 0)), // sched_getattr
    row(382, 319, (3, 15, 0)), // renameat2
    row(383, 355, (3, 17, 0)), // seccomp
    row(384, 136, (3, 17, 0)), // getrandom
    row(385, 208, (3, 17, 0)), // memfd_create
    row(386, 15, (3, 18, 0)), // bpf
    row(387, 62, (3, 19, 0)), // execveat
    row(388, 484, (4, 3, 0)), // userfaultfd
    row(389, 207, (4, 3, 0)), // membarrier
    row(390, 217, (4, 4, 0)), // mlock2
    row(391, 44, (4, 5, 0)), // copy_file_range
    row(392, 284, (4, 6, 0)), // preadv2
    row(393, 298, (4, 6, 0)), // pwritev2
    row(394, 277, (4, 9, 0)), // pkey_mprotect
    row(395, 275, (4, 9, 0)), // pkey_alloc
    row(396, 276, (4, 9, 0)), // pkey_free
    row(397, 432, (4, 11, 0)), // statx
    row(398, 325, (4, 18, 0)), // rseq
    row(399, 162, (4, 19, 0)), // io_pgetevents
    row(400, 210, (5, 1, 0)), // migrate_pages
    row(401, 176, (5, 1, 0)), // kexec_file_load
    row(403, 34, (5, 1, 0)), // clock_gettime64
    row(404, 38, (5, 1, 0)), // clock_settime64
    row(405, 30, (5, 1, 0)), // clock_adjtime64
    row(406, 32, (5, 1, 0)), // clock_getres_time64
    row(407, 36, (5, 1, 0)), // clock_nanosleep_time64
    row(408, 458, (5, 1, 0)), // timer_gettime64
    row(409, 460, (5, 1, 0)), // timer_settime64
    row(410, 464, (5, 1, 0)), // timerfd_gettime64
    row(411, 466, (5, 1, 0)), // timerfd_settime64
    row(412, 490, (5, 1, 0)), // utimensat_time64
    row(413, 293, (5, 1, 0)), // pselect6_time64
    row(414, 280, (5, 1, 0)), // ppoll_time64
    row(416, 163, (5, 1, 0)), // io_pgetevents_time64
    row(417, 312, (5, 1, 0)), // recvmmsg_time64
    row(418, 234, (5, 1, 0)), // mq_timedsend_time64
    row(419, 232, (5, 1, 0)), // mq_timedreceive_time64
    row(420, 362, (5, 1, 0)), // semtimedop_time64
    row(421, 334, (5, 1, 0)), // rt_sigtimedwait_time64
    row(422, 106, (5, 1, 0)), // futex_time64
    row(423, 349, (5, 1, 0)), // sched_rr_get_interval_time64
    row(424, 271, (5, 1, 0)), // pidfd_send_signal
    row(425, 168, (5, 1, 0)), // io_uring_setup
    row(426, 166, (5, 1, 0)), // io_uring_enter
    row(427, 167, (5, 1, 0)), // io_uring_register
    row(428, 259, (5, 2, 0)), // open_tree
    row(429, 224, (5, 2, 0)), // move_mount
    row(430, 93, (5, 2, 0)), // fsopen
    row(431, 90, (5, 2, 0)), // fsconfig
    row(432, 92, (5, 2, 0)), // fsmount
    row(433, 94, (5, 2, 0)), // fspick
    row(434, 270, (5, 3, 0)), // pidfd_open
    row(435, 40, (5, 3, 0)), // clone3
    row(436, 42, (5, 9, 0)), // close_range
    row(437, 262, (5, 6, 0)), // openat2
    row(438, 269, (5, 6, 0)), // pidfd_getfd
    row(439, 66, (5, 8, 0)), // faccessat2
    row(440, 286, (5, 10, 0)), // process_madvise
    row(441, 56, (5, 11, 0)), // epoll_pwait2
    row(442, 223, (5, 12, 0)), // mount_setattr
    row(443, 301, (5, 14, 0)), // quotactl_fd
    row(444, 181, (5, 13, 0)), // landlock_create_ruleset
    row(445, 180, (5, 13, 0)), // landlock_add_rule
    row(446, 182, (5, 13, 0)), // landlock_restrict_self
    row(448, 287, (5, 15, 0)), // process_mrelease
    row(449, 108, (5, 16, 0)), // futex_waitv
    row(450, 370, (5, 17, 0)), // set_mempolicy_home_node
    row(451, 21, (6, 5, 0)), // cachestat
    row(452, 75, (6, 6, 0)), // fchmodat2
    row(453, 205, (6, 7, 0)), // map_shadow_stack
    row(454, 109, (6, 7, 0)), // futex_wake
    row(455, 107, (6, 7, 0)), // futex_wait
    row(456, 105, (6, 7, 0)), // futex_requeue
    row(457, 431, (6, 8, 0)), // statmount
    row(458, 189, (6, 8, 0)), // listmount
    row(459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(461, 200, (6, 8, 0)), // lsm_list_modules
    row(462, 237, (6, 10, 0)), // mseal
    row(463, 404, (6, 13, 0)), // setxattrat
    row(464, 151, (6, 13, 0)), // getxattrat
    row(465, 192, (6, 13, 0)), // listxattrat
    row(466, 316, (6, 13, 0)), // removexattrat
    row(467, 260, (6, 15, 0)), // open_tree_attr
    row(468, 83, (6, 17, 0)), // file_getattr
    row(469, 84, (6, 17, 0)), // file_setattr
    row(470, 190, (6, 19, 0)), // listns
    row(471, 326, (7, 0, 0)), // rseq_slice_yield
    row(983_041, 17, (2, 6, 16)), // breakpoint
    row(983_042, 20, (2, 6, 16)), // cacheflush
    row(983_043, 485, (2, 6, 16)), // usr26
    row(983_044, 486, (2, 6, 16)), // usr32
    row(983_045, 374, (2, 6, 16)), // set_tls
    row(983_046, 115, (4, 15, 0)), // get_tls
];

#[rustfmt::skip]
pub(in crate::names) static ARM_BY_NAME: [u16; 430] = [
    103, 105, 112, 240, 321, 22, 37, 264, 90, 225, 98, 237, 341, 424, 32, 425,
    403, 145, 146, 11, 13, 143, 171, 43, 327, 359, 219, 360, 218, 357, 220, 361,
    217, 358, 87, 388, 6, 389, 238, 346, 7, 94, 29, 45, 313, 207, 312, 208,
    301, 394, 209, 306, 311, 10, 342, 1, 205, 289, 392, 307, 322, 323, 97, 69,
    288, 404, 70, 166, 280, 40, 180, 111, 188, 420, 421, 334, 191, 106, 2, 194,
    384, 185, 385, 383, 386, 80, 156, 282, 74, 222, 85, 68, 153, 197, 408, 375,
    407, 401, 406, 281, 275, 294, 429, 300, 144, 104, 176, 36, 161, 35, 160, 34,
    159, 59, 164, 77, 242, 96, 47, 16, 46, 71, 339, 132, 170, 128, 168, 56,
    110, 241, 250, 181, 57, 19, 158, 186, 416, 93, 272, 271, 315, 273, 204, 201,
    202, 354, 369, 200, 203, 379, 380, 378, 39, 270, 269, 333, 356, 302, 266, 25,
    398, 397, 399, 14, 157, 187, 8, 285, 239, 410, 422, 189, 417, 190, 206, 193,
    15, 184, 411, 413, 412, 79, 155, 179, 405, 274, 344, 340, 355, 178, 27, 278,
    12, 279, 113, 345, 115, 151, 17, 395, 382, 299, 91, 234, 233, 229, 232, 372,
    231, 371, 230, 126, 414, 259, 258, 257, 256, 107, 114, 116, 66, 325, 125, 130,
    23, 5, 326, 381, 419, 277, 390, 21, 226, 227, 228, 319, 100, 391, 387, 377,
    30, 314, 177, 350, 351, 349, 129, 291, 368, 133, 141, 316, 347, 324, 393, 400,
    331, 332, 290, 367, 20, 142, 317, 348, 95, 396, 3, 182, 62, 287, 108, 65,
    246, 247, 320, 370, 252, 210, 192, 418, 26, 284, 337, 265, 0, 28, 353, 423,
    135, 137, 136, 139, 134, 140, 138, 374, 318, 122, 123, 199, 336, 118, 120, 124,
    376, 198, 335, 117, 119, 121, 338, 255, 254, 253, 267, 373, 244, 148, 196, 329,
    251, 245, 276, 402, 293, 211, 428, 88, 102, 175, 101, 174, 33, 173, 60, 165,
    54, 76, 330, 41, 72, 51, 163, 131, 169, 127, 167, 50, 162, 55, 48, 249,
    58, 18, 172, 183, 415, 260, 263, 261, 262, 248, 49, 147, 304, 310, 53, 92,
    86, 52, 236, 243, 295, 78, 154, 73, 221, 409, 352, 83, 64, 61, 286, 24,
    296, 328, 99, 84, 75, 297, 223, 212, 216, 215, 214, 362, 213, 363, 305, 309,
    364, 308, 365, 31, 195, 67, 152, 150, 42, 38, 89, 9, 283, 292, 63, 343,
    426, 427, 44, 303, 366, 224, 149, 81, 298, 268, 82, 235, 4, 109,
];

#[rustfmt::skip]
pub(in crate::names) static RISCV64: [Row; 328] = [
    row(0, 164, (4, 15, 0)), // io_setup
    row(1, 160, (4, 15, 0)), // io_destroy
    row(2, 165, (4, 15, 0)), // io_submit
    row(3, 159, (4, 15, 0)), // io_cancel
    row(4, 161, (4, 15, 0)), // io_getevents
    row(5, 403, (4, 15, 0)), // setxattr
    row(6, 198, (4, 15, 0)), // lsetxattr
    row(7, 91, (4, 15, 0)), // fsetxattr
    row(8, 150, (4, 15, 0)), // getxattr
    row(9, 185, (4, 15, 0)), // lgetxattr
    row(10, 82, (4, 15, 0)), // fgetxattr
    row(11, 191, (4, 15, 0)), // listxattr
    row(12, 193, (4, 15, 0)), // llistxattr
    row(13, 86, (4, 15, 0)), // flistxattr
    row(14, 315, (4, 15, 0)), // removexattr
    row(15, 196, (4, 15, 0)), // lremovexattr
    row(16, 89, (4, 15, 0)), // fremovexattr
    row(17, 117, (4, 15, 0)), // getcwd
    row(18, 195, (4, 15, 0)), // lookup_dcookie
    row(19, 60, (4, 15, 0)), // eventfd2
    row(20, 52, (4, 15, 0)), // epoll_create1
    row(21, 53, (4, 15, 0)), // epoll_ctl
    row(22, 55, (4, 15, 0)), // epoll_pwait
    row(23, 48, (4, 15, 0)), // dup
    row(24, 50, (4, 15, 0)), // dup3
    row(25, 79, (4, 15, 0)), // fcntl
    row(26, 157, (4, 15, 0)), // inotify_init1
    row(27, 155, (4, 15, 0)), // inotify_add_watch
    row(28, 158, (4, 15, 0)), // inotify_rm_watch
    row(29, 169, (4, 15, 0)), // ioctl
    row(30, 173, (4, 15, 0)), // ioprio_set
    row(31, 172, (4, 15, 0)), // ioprio_get
    row(32, 87, (4, 15, 0)), // flock
    row(33, 215, (4, 15, 0)), // mknodat
    row(34, 213, (4, 15, 0)), // mkdirat
    row(35, 479, (4, 15, 0)), // unlinkat
    row(36, 441, (4, 15, 0)), // symlinkat
    row(37, 187, (4, 15, 0)), // linkat
    row(39, 476, (4, 15, 0)), // umount2
    row(40, 222, (4, 15, 0)), // mount
    row(41, 274, (4, 15, 0)), // pivot_root
    row(42, 250, (4, 15, 0)), // nfsservctl
    row(43, 429, (4, 15, 0)), // statfs
    row(44, 98, (4, 15, 0)), // fstatfs
    row(45, 469, (4, 15, 0)), // truncate
    row(46, 102, (4, 15, 0)), // ftruncate
    row(47, 69, (4, 15, 0)), // fallocate
    row(48, 65, (4, 15, 0)), // faccessat
    row(49, 24, (4, 15, 0)), // chdir
    row(50, 72, (4, 15, 0)), // fchdir
    row(51, 28, (4, 15, 0)), // chroot
    row(52, 73, (4, 15, 0)), // fchmod
    row(53, 74, (4, 15, 0)), // fchmodat
    row(54, 78, (4, 15, 0)), // fchownat
    row(55, 76, (4, 15, 0)), // fchown
    row(56, 261, (4, 15, 0)), // openat
    row(57, 41, (4, 15, 0)), // close
    row(58, 493, (4, 15, 0)), // vhangup
    row(59, 273, (4, 15, 0)), // pipe2
    row(60, 300, (4, 15, 0)), // quotactl
    row(61, 119, (4, 15, 0)), // getdents64
    row(62, 197, (4, 15, 0)), // lseek
    row(63, 302, (4, 15, 0)), // read
    row(64, 501, (4, 15, 0)), // write
    row(65, 307, (4, 15, 0)), // readv
    row(66, 502, (4, 15, 0)), // writev
    row(67, 282, (4, 15, 0)), // pread64
    row(68, 296, (4, 15, 0)), // pwrite64
    row(69, 283, (4, 15, 0)), // preadv
    row(70, 297, (4, 15, 0)), // pwritev
    row(71, 364, (4, 15, 0)), // sendfile
    row(72, 292, (4, 15, 0)), // pselect6
    row(73, 279, (4, 15, 0)), // ppoll
    row(74, 415, (4, 15, 0)), // signalfd4
    row(75, 496, (4, 15, 0)), // vmsplice
    row(76, 423, (4, 15, 0)), // splice
    row(77, 451, (4, 15, 0)), // tee
    row(78, 306, (4, 15, 0)), // readlinkat
    row(79, 249, (4, 15, 0)), // newfstatat
    row(80, 95, (4, 15, 0)), // fstat
    row(81, 442, (4, 15, 0)), // sync
    row(82, 100, (4, 15, 0)), // fsync
    row(83, 81, (4, 15, 0)), // fdatasync
    row(84, 443, (4, 15, 0)), // sync_file_range
    row(85, 462, (4, 15, 0)), // timerfd_create
    row(86, 465, (4, 15, 0)), // timerfd_settime
    row(87, 463, (4, 15, 0)), // timerfd_gettime
    row(88, 489, (4, 15, 0)), // utimensat
    row(89, 6, (4, 15, 0)), // acct
    row(90, 22, (4, 15, 0)), // capget
    row(91, 23, (4, 15, 0)), // capset
    row(92, 268, (4, 15, 0)), // personality
    row(93, 63, (4, 15, 0)), // exit
    row(94, 64, (4, 15, 0)), // exit_group
    row(95, 499, (4, 15, 0)), // waitid
    row(96, 373, (4, 15, 0)), // set_tid_address
    row(97, 480, (4, 15, 0)), // unshare
    row(98, 104, (4, 15, 0)), // futex
    row(99, 371, (4, 15, 0)), // set_robust_list
    row(100, 113, (4, 15, 0)), // get_robust_list
    row(101, 248, (4, 15, 0)), // nanosleep
    row(102, 128, (4, 15, 0)), // getitimer
    row(103, 385, (4, 15, 0)), // setitimer
    row(104, 177, (4, 15, 0)), // kexec_load
    row(105, 154, (4, 15, 0)), // init_module
    row(106, 47, (4, 15, 0)), // delete_module
    row(107, 454, (4, 15, 0)), // timer_create
    row(108, 457, (4, 15, 0)), // timer_gettime
    row(109, 456, (4, 15, 0)), // timer_getoverrun
    row(110, 459, (4, 15, 0)), // timer_settime
    row(111, 455, (4, 15, 0)), // timer_delete
    row(112, 37, (4, 15, 0)), // clock_settime
    row(113, 33, (4, 15, 0)), // clock_gettime
    row(114, 31, (4, 15, 0)), // clock_getres
    row(115, 35, (4, 15, 0)), // clock_nanosleep
    row(116, 449, (4, 15, 0)), // syslog
    row(117, 294, (4, 15, 0)), // ptrace
    row(118, 352, (4, 15, 0)), // sched_setparam
    row(119, 353, (4, 15, 0)), // sched_setscheduler
    row(120, 347, (4, 15, 0)), // sched_getscheduler
    row(121, 346, (4, 15, 0)), // sched_getparam
    row(122, 350, (4, 15, 0)), // sched_setaffinity
    row(123, 344, (4, 15, 0)), // sched_getaffinity
    row(124, 354, (4, 15, 0)), // sched_yield
    row(125, 342, (4, 15, 0)), // sched_get_priority_max
    row(126, 343, (4, 15, 0)), // sched_get_priority_min
    row(127, 348, (4, 15, 0)), // sched_rr_get_interval
    row(128, 321, (4, 15, 0)), // restart_syscall
    row(129, 179, (4, 15, 0)), // kill
    row(130, 468, (4, 15, 0)), // tkill
    row(131, 452, (4, 15, 0)), // tgkill
    row(132, 412, (4, 15, 0)), // sigaltstack
    row(133, 332, (4, 15, 0)), // rt_sigsuspend
    row(134, 327, (4, 15, 0)), // rt_sigaction
    row(135, 329, (4, 15, 0)), // rt_sigprocmask
    row(136, 328, (4, 15, 0)), // rt_sigpending
    row(137, 333, (4, 15, 0)), // rt_sigtimedwait
    row(138, 330, (4, 15, 0)), // rt_sigqueueinfo
    row(139, 331, (4, 15, 0)), // rt_sigreturn
    row(140, 388, (4, 15, 0)), // setpriority
    row(141, 135, (4, 15, 0)), // getpriority
    row(142, 308, (4, 15, 0)), // reboot
    row(143, 389, (4, 15, 0)), // setregid
    row(144, 380, (4, 15, 0)), // setgid
    row(145, 395, (4, 15, 0)), // setreuid
    row(146, 401, (4, 15, 0)), // setuid
    row(147, 393, (4, 15, 0)), // setresuid
    row(148, 139, (4, 15, 0)), // getresuid
    row(149, 391, (4, 15, 0)), // setresgid
    row(150, 137, (4, 15, 0)), // getresgid
    row(151, 378, (4, 15, 0)), // setfsuid
    row(152, 376, (4, 15, 0)), // setfsgid
    row(153, 467, (4, 15, 0)), // times
    row(154, 387, (4, 15, 0)), // setpgid
    row(155, 130, (4, 15, 0)), // getpgid
    row(156, 143, (4, 15, 0)), // getsid
    row(157, 398, (4, 15, 0)), // setsid
    row(158, 126, (4, 15, 0)), // getgroups
    row(159, 382, (4, 15, 0)), // setgroups
    row(160, 477, (4, 15, 0)), // uname
    row(161, 384, (4, 15, 0)), // sethostname
    row(162, 375, (4, 15, 0)), // setdomainname
    row(163, 141, (4, 15, 0)), // getrlimit
    row(164, 397, (4, 15, 0)), // setrlimit
    row(165, 142, (4, 15, 0)), // getrusage
    row(166, 474, (4, 15, 0)), // umask
    row(167, 281, (4, 15, 0)), // prctl
    row(168, 116, (4, 15, 0)), // getcpu
    row(169, 147, (4, 15, 0)), // gettimeofday
    row(170, 400, (4, 15, 0)), // settimeofday
    row(171, 8, (4, 15, 0)), // adjtimex
    row(172, 132, (4, 15, 0)), // getpid
    row(173, 134, (4, 15, 0)), // getppid
    row(174, 148, (4, 15, 0)), // getuid
    row(175, 122, (4, 15, 0)), // geteuid
    row(176, 124, (4, 15, 0)), // getgid
    row(177, 120, (4, 15, 0)), // getegid
    row(178, 146, (4, 15, 0)), // gettid
    row(179, 448, (4, 15, 0)), // sysinfo
    row(180, 230, (4, 15, 0)), // mq_open
    row(181, 235, (4, 15, 0)), // mq_unlink
    row(182, 233, (4, 15, 0)), // mq_timedsend
    row(183, 231, (4, 15, 0)), // mq_timedreceive
    row(184, 229, (4, 15, 0)), // mq_notify
    row(185, 228, (4, 15, 0)), // mq_getsetattr
    row(186, 239, (4, 15, 0)), // msgget
    row(187, 238, (4, 15, 0)), // msgctl
    row(188, 240, (4, 15, 0)), // msgrcv
    row(189, 241, (4, 15, 0)), // msgsnd
    row(190, 359, (4, 15, 0)), // semget
    row(191, 358, (4, 15, 0)), // semctl
    row(192, 361, (4, 15, 0)), // semtimedop
    row(193, 360, (4, 15, 0)), // semop
    row(194, 409, (4, 15, 0)), // shmget
    row(195, 407, (4, 15, 0)), // shmctl
    row(196, 406, (4, 15, 0)), // shmat
    row(197, 408, (4, 15, 0)), // shmdt
    row(198, 420, (4, 15, 0)), // socket
    row(199, 422, (4, 15, 0)), // socketpair
    row(200, 14, (4, 15, 0)), // bind
    row(201, 188, (4, 15, 0)), // listen
    row(202, 3, (4, 15, 0)), // accept
    row(203, 43, (4, 15, 0)), // connect
    row(204, 144, (4, 15, 0)), // getsockname
    row(205, 129, (4, 15, 0)), // getpeername
    row(206, 368, (4, 15, 0)), // sendto
    row(207, 310, (4, 15, 0)), // recvfrom
    row(208, 399, (4, 15, 0)), // setsockopt
    row(209, 145, (4, 15, 0)), // getsockopt
    row(210, 410, (4, 15, 0)), // shutdown
    row(211, 367, (4, 15, 0)), // sendmsg
    row(212, 313, (4, 15, 0)), // recvmsg
    row(213, 303, (4, 15, 0)), // readahead
    row(214, 18, (4, 15, 0)), // brk
    row(215, 246, (4, 15, 0)), // munmap
    row(216, 236, (4, 15, 0)), // mremap
    row(217, 7, (4, 15, 0)), // add_key
    row(218, 320, (4, 15, 0)), // request_key
    row(219, 178, (4, 15, 0)), // keyctl
    row(220, 39, (4, 15, 0)), // clone
    row(221, 61, (4, 15, 0)), // execve
    row(222, 219, (4, 15, 0)), // mmap
    row(223, 67, (4, 15, 0)), // fadvise64
    row(224, 438, (4, 15, 0)), // swapon
    row(225, 437, (4, 15, 0)), // swapoff
    row(226, 226, (4, 15, 0)), // mprotect
    row(227, 242, (4, 15, 0)), // msync
    row(228, 216, (4, 15, 0)), // mlock
    row(229, 244, (4, 15, 0)), // munlock
    row(230, 218, (4, 15, 0)), // mlockall
    row(231, 245, (4, 15, 0)), // munlockall
    row(232, 211, (4, 15, 0)), // mincore
    row(233, 204, (4, 15, 0)), // madvise
    row(234, 314, (4, 15, 0)), // remap_file_pages
    row(235, 206, (4, 15, 0)), // mbind
    row(236, 112, (4, 15, 0)), // get_mempolicy
    row(237, 369, (4, 15, 0)), // set_mempolicy
    row(238, 210, (4, 15, 0)), // migrate_pages
    row(239, 225, (4, 15, 0)), // move_pages
    row(240, 335, (4, 15, 0)), // rt_tgsigqueueinfo
    row(241, 267, (4, 15, 0)), // perf_event_open
    row(242, 4, (4, 15, 0)), // accept4
    row(243, 311, (4, 15, 0)), // recvmmsg
    row(258, 323, (6, 4, 0)), // riscv_hwprobe
    row(259, 322, (4, 15, 0)), // riscv_flush_icache
    row(260, 498, (4, 15, 0)), // wait4
    row(261, 285, (4, 15, 0)), // prlimit64
    row(262, 70, (4, 15, 0)), // fanotify_init
    row(263, 71, (4, 15, 0)), // fanotify_mark
    row(264, 247, (4, 15, 0)), // name_to_handle_at
    row(265, 258, (4, 15, 0)), // open_by_handle_at
    row(266, 29, (4, 15, 0)), // clock_adjtime
    row(267, 445, (4, 15, 0)), // syncfs
    row(268, 386, (4, 15, 0)), // setns
    row(269, 366, (4, 15, 0)), // sendmmsg
    row(270, 288, (4, 15, 0)), // process_vm_readv
    row(271, 289, (4, 15, 0)), // process_vm_writev
    row(272, 175, (4, 15, 0)), // kcmp
    row(273, 85, (4, 15, 0)), // finit_module
    row(274, 351, (4, 15, 0)), // sched_setattr
    row(275, 345, (4, 15, 0)), // sched_getattr
    row(276, 319, (4, 15, 0)), // renameat2
    row(277, 355, (4, 15, 0)), // seccomp
    row(278, 136, (4, 15, 0)), // getrandom
    row(279, 208, (4, 15, 0)), // memfd_create
    row(280, 15, (4, 15, 0)), // bpf
    row(281, 62, (4, 15, 0)), // execveat
    row(282, 484, (4, 15, 0)), // userfaultfd
    row(283, 207, (4, 15, 0)), // membarrier
    row(284, 217, (4, 15, 0)), // mlock2
    row(285, 44, (4, 15, 0)), // copy_file_range
    row(286, 284, (4, 15, 0)), // preadv2
    row(287, 298, (4, 15, 0)), // pwritev2
    row(288, 277, (4, 15, 0)), // pkey_mprotect
    row(289, 275, (4, 15, 0)), // pkey_alloc
    row(290, 276, (4, 15, 0)), // pkey_free
    row(291, 432, (4, 15, 0)), // statx
    row(292, 162, (4, 18, 0)), // io_pgetevents
    row(293, 325, (4, 19, 0)), // rseq
    row(294, 176, (5, 0, 0)), // kexec_file_load
    row(424, 271, (5, 1, 0)), // pidfd_send_signal
    row(425, 168, (5, 1, 0)), // io_uring_setup
    row(426, 166, (5, 1, 0)), // io_uring_enter
    row(427, 167, (5, 1, 0)), // io_uring_register
    row(428, 259, (5, 2, 0)), // open_tree
    row(429, 224, (5, 2, 0)), // move_mount
    row(430, 93, (5, 2, 0)), // fsopen
    row(431, 90, (5, 2, 0)), // fsconfig
    row(432, 92, (5, 2, 0)), // fsmount
    row(433, 94, (5, 2, 0)), // fspick
    row(434, 270, (5, 3, 0)), // pidfd_open
    row(435, 40, (5, 5, 0)), // clone3
    row(436, 42, (5, 9, 0)), // close_range
    row(437, 262, (5, 6, 0)), // openat2
    row(438, 269, (5, 6, 0)), // pidfd_getfd
    row(439, 66, (5, 8, 0)), // faccessat2
    row(440, 286, (5, 10, 0)), // process_madvise
    row(441, 56, (5, 11, 0)), // epoll_pwait2
    row(442, 223, (5, 12, 0)), // mount_setattr
    row(443, 301, (5, 14, 0)), // quotactl_fd
    row(444, 181, (5, 13, 0)), // landlock_create_ruleset
    row(445, 180, (5, 13, 0)), // landlock_add_rule
    row(446, 182, (5, 13, 0)), // landlock_restrict_self
    row(447, 209, (5, 19, 0)), // memfd_secret
    row(448, 287, (5, 15, 0)), // process_mrelease
    row(449, 108, (5, 16, 0)), // futex_waitv
    row(450, 370, (5, 17, 0)), // set_mempolicy_home_node
    row(451, 21, (6, 5, 0)), // cachestat
    row(452, 75, (6, 6, 0)), // fchmodat2
    row(453, 205, (6, 7, 0)), // map_shadow_stack
    row(454, 109, (6, 7, 0)), // futex_wake
    row(455, 107, (6, 7, 0)), // futex_wait
    row(456, 105, (6, 7, 0)), // futex_requeue
    row(457, 431, (6, 8, 0)), // statmount
    row(458, 189, (6, 8, 0)), // listmount
    row(459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(461, 200, (6, 8, 0)), // lsm_list_modules
    row(462, 237, (6, 10, 0)), // mseal
    row(463, 404, (6, 13, 0)), // setxattrat
    row(464, 151, (6, 13, 0)), // getxattrat
    row(465, 192, (6, 13, 0)), // listxattrat
    row(466, 316, (6, 13, 0)), // removexattrat
    row(467, 260, (6, 15, 0)), // open_tree_attr
    row(468, 83, (6, 17, 0)), // file_getattr
    row(469, 84, (6, 17, 0)), // file_setattr
    row(470, 190, (6, 19, 0)), // listns
    row(471, 326, (7, 0, 0)), // rseq_slice_yield
];

#[rustfmt::skip]
pub(in crate::names) static RISCV64_BY_NAME: [u16; 328] = [
    201, 241, 88, 216, 170, 199, 265, 213, 307, 89, 90, 48, 50, 251, 113, 112,
    114, 111, 219, 291, 56, 292, 202, 270, 105, 23, 24, 20, 21, 22, 297, 19,
    220, 266, 92, 93, 47, 295, 222, 46, 247, 248, 49, 51, 52, 308, 54, 53,
    25, 82, 10, 324, 325, 258, 13, 32, 16, 287, 7, 288, 286, 289, 79, 43,
    81, 45, 97, 312, 311, 305, 310, 235, 99, 167, 17, 60, 176, 174, 175, 157,
    101, 204, 154, 171, 172, 140, 263, 149, 147, 162, 164, 155, 203, 208, 177, 168,
    173, 8, 320, 104, 27, 26, 28, 3, 1, 4, 277, 0, 2, 282, 283, 281,
    29, 31, 30, 257, 279, 103, 218, 128, 301, 300, 302, 9, 37, 200, 314, 326,
    11, 321, 12, 18, 15, 61, 6, 315, 317, 316, 232, 309, 234, 268, 264, 303,
    237, 231, 34, 33, 227, 269, 229, 221, 39, 298, 285, 238, 225, 184, 183, 179,
    182, 181, 180, 215, 318, 186, 185, 187, 188, 226, 228, 230, 214, 249, 100, 78,
    41, 250, 284, 323, 55, 293, 240, 91, 294, 290, 280, 58, 40, 274, 275, 273,
    72, 166, 66, 68, 271, 246, 296, 304, 255, 256, 71, 116, 67, 69, 272, 59,
    299, 62, 212, 77, 64, 141, 206, 242, 211, 233, 14, 322, 261, 217, 127, 244,
    243, 278, 327, 133, 135, 134, 137, 138, 132, 136, 239, 124, 125, 122, 260, 120,
    119, 126, 121, 259, 117, 118, 123, 262, 190, 189, 192, 191, 70, 254, 210, 205,
    236, 306, 98, 95, 161, 151, 150, 143, 158, 160, 102, 253, 153, 139, 142, 148,
    146, 144, 163, 156, 207, 169, 145, 5, 319, 195, 194, 196, 193, 209, 131, 73,
    197, 198, 75, 42, 313, 276, 224, 223, 36, 80, 83, 252, 178, 115, 76, 130,
    106, 110, 108, 107, 109, 84, 86, 85, 152, 129, 44, 165, 38, 159, 35, 96,
    267, 87, 57, 74, 245, 94, 63, 65,
];

#[rustfmt::skip]
pub(in crate::names) static S390X: [Row; 390] = [
    row(1, 63, (2, 4, 0)), // exit
    row(2, 88, (2, 4, 0)), // fork
    row(3, 302, (2, 4, 0)), // read
    row(4, 501, (2, 4, 0)), // write
    row(5, 257, (2, 4, 0)), // open
    row(6, 41, (2, 4, 0)), // close
    row(7, 321, (2, 6, 0)), // restart_syscall
    row(8, 45, (2, 4, 0)), // creat
    row(9, 186, (2, 4, 0)), // link
    row(10, 478, (2, 4, 0)), // unlink
    row(11, 61, (2, 4, 0)), // execve
    row(12, 24, (2, 4, 0)), // chdir
    row(14, 214, (2, 4, 0)), // mknod
    row(15, 25, (2, 4, 0)), // chmod
    row(19, 197, (2, 4, 0)), // lseek
    row(20, 132, (2, 4, 0)), // getpid
    row(21, 222, (2, 4, 0)), // mount
    row(22, 475, (2, 4, 0)), // umount
    row(26, 294, (2, 4, 0)), // ptrace
    row(27, 10, (2, 4, 0)), // alarm
    row(29, 263, (2, 4, 0)), // pause
    row(30, 488, (2, 4, 0)), // utime
    row(33, 5, (2, 4, 0)), // access
    row(34, 251, (2, 4, 0)), // nice
    row(36, 442, (2, 4, 0)), // sync
    row(37, 179, (2, 4, 0)), // kill
    row(38, 317, (2, 4, 0)), // rename
    row(39, 212, (2, 4, 0)), // mkdir
    row(40, 324, (2, 4, 0)), // rmdir
    row(41, 48, (2, 4, 0)), // dup
    row(42, 272, (2, 4, 0)), // pipe
    row(43, 467, (2, 4, 0)), // times
    row(45, 18, (2, 4, 0)), // brk
    row(48, 413, (2, 4, 0)), // signal
    row(51, 6, (2, 4, 0)), // acct
    row(52, 476, (2, 4, 0)), // umount2
    row(54, 169, (2, 4, 0)), // ioctl
    row(55, 79, (2, 4, 0)), // fcntl
    row(57, 387, (2, 4, 0)), // setpgid
    row(60, 474, (2, 4, 0)), // umask
    row(61, 28, (2, 4, 0)), // chroot
    row(62, 487, (2, 4, 0)), // ustat
    row(63, 49, (2, 4, 0)), // dup2
    row(64, 134, (2, 4, 0)), // getppid
    row(65, 131, (2, 4, 0)), // getpgrp
    row(66, 398, (2, 4, 0)), // setsid
    row(67, 411, (2, 4, 0)), // sigaction
    row(72, 419, (2, 4, 0)), // sigsuspend
    row(73, 416, (2, 4, 0)), // sigpending
    row(74, 384, (2, 4, 0)), // sethostname
    row(75, 397, (2, 4, 0)), // setrlimit
    row(77, 142, (2, 4, 0)), // getrusage
    row(78, 147, (2, 4, 0)), // gettimeofday
    row(79, 400, (2, 4, 0)), // settimeofday
    row(83, 440, (2, 4, 0)), // symlink
    row(85, 305, (2, 4, 0)), // readlink
    row(86, 483, (2, 4, 0)), // uselib
    row(87, 438, (2, 4, 0)), // swapon
    row(88, 308, (2, 4, 0)), // reboot
    row(89, 304, (2, 4, 0)), // readdir
    row(90, 219, (2, 4, 0)), // mmap
    row(91, 246, (2, 4, 0)), // munmap
    row(92, 469, (2, 4, 0)), // truncate
    row(93, 102, (2, 4, 0)), // ftruncate
    row(94, 73, (2, 4, 0)), // fchmod
    row(96, 135, (2, 4, 0)), // getpriority
    row(97, 388, (2, 4, 0)), // setpriority
    row(99, 429, (2, 4, 0)), // statfs
    row(100, 98, (2, 4, 0)), // fstatfs
    row(102, 421, (2, 4, 0)), // socketcall
    row(103, 449, (2, 4, 0)), // syslog
    row(104, 385, (2, 4, 0)), // setitimer
    row(105, 128, (2, 4, 0)), // getitimer
    row(106, 427, (2, 4, 0)), // stat
    row(107, 202, (2, 4, 0)), // lstat
    row(108, 95, (2, 4, 0)), // fstat
    row(110, 195, (2, 6, 0)), // lookup_dcookie
    row(111, 493, (2, 4, 0)), // vhangup
    row(112, 153, (2, 4, 0)), // idle
    row(114, 498, (2, 4, 0)), // wait4
    row(115, 437, (2, 4, 0)), // swapoff
    row(116, 448, (2, 4, 0)), // sysinfo
    row(117, 174, (2, 4, 0)), // ipc
    row(118, 100, (2, 4, 0)), // fsync
    row(119, 418, (2, 4, 0)), // sigreturn
    row(120, 39, (2, 4, 0)), // clone
    row(121, 375, (2, 4, 0)), // setdomainname
    row(122, 477, (2, 4, 0)), // uname
    row(124, 8, (2, 4, 0)), // adjtimex
    row(125, 226, (2, 4, 0)), // mprotect
    row(126, 417, (2, 4, 0)), // sigprocmask
    row(127, 46, (2, 4, 0)), // create_module
    row(128, 154, (2, 4, 0)), // init_module
    row(129, 47, (2, 4, 0)), // delete_module
    row(130, 111, (2, 4, 0)), // get_kernel_syms
    row(131, 300, (2, 4, 0)), // quotactl
    row(132, 130, (2, 4, 0)), // getpgid
    row(133, 72, (2, 4, 0)), // fchdir
    row(134, 13, (2, 4, 0)), // bdflush
    row(135, 447, (2, 4, 0)), // sysfs
    row(136, 268, (2, 4, 0)), // personality
    row(137, 9, (2, 4, 0)), // afs_syscall
    row(141, 118, (2, 4, 0)), // getdents
    row(142, 357, (2, 4, 0)), // select
    row(143, 87, (2, 4, 0)), // flock
    row(144, 242, (2, 4, 0)), // msync
    row(145, 307, (2, 4, 0)), // readv
    row(146, 502, (2, 4, 0)), // writev
    row(147, 143, (2, 4, 0)), // getsid
    row(148, 81, (2, 4, 0)), // fdatasync
    row(149, 2, (2, 4, 0)), // _sysctl
    row(150, 216, (2, 4, 0)), // mlock
    row(151, 244, (2, 4, 0)), // munlock
    row(152, 218, (2, 4, 0)), // mlockall
    row(153, 245, (2, 4, 0)), // munlockall
    row(154, 352, (2, 4, 0)), // sched_setparam
    row(155, 346, (2, 4, 0)), // sched_getparam
    row(156, 353, (2, 4, 0)), // sched_setscheduler
    row(157, 347, (2, 4, 0)), // sched_getscheduler
    row(158, 354, (2, 4, 0)), // sched_yield
    row(159, 342, (2, 4, 0)), // sched_get_priority_max
    row(160, 343, (2, 4, 0)), // sched_get_priority_min
    row(161, 348, (2, 4, 0)), // sched_rr_get_interval
    row(162, 248, (2, 4, 0)), // nanosleep
    row(163, 236, (2, 4, 0)), // mremap
    row(167, 299, (2, 4, 0)), // query_module
    row(168, 278, (2, 4, 0)), // poll
    row(169, 250, (2, 4, 0)), // nfsservctl
    row(172, 281, (2, 4, 0)), // prctl
    row(173, 331, (2, 4, 0)), // rt_sigreturn
    row(174, 327, (2, 4, 0)), // rt_sigaction
    row(175, 329, (2, 4, 0)), // rt_sigprocmask
    row(176, 328, (2, 4, 0)), // rt_sigpending
    row(177, 333, (2, 4, 0)), // rt_sigtimedwait
    row(178, 330, (2, 4, 0)), // rt_sigqueueinfo
    row(179, 332, (2, 4, 0)), // rt_sigsuspend
    row(180, 282, (2, 4, 0)), // pread64
    row(181, 296, (2, 4, 0)), // pwrite64
    row(183, 117, (2, 4, 0)), // getcwd
    row(184, 22, (2, 4, 0)), // capget
    row(185, 23, (2, 4, 0)), // capset
    row(186, 412, (2, 4, 0)), // sigaltstack
    row(187, 364, (2, 4, 0)), // sendfile
    row(188, 133, (2, 4, 0)), // getpmsg
    row(189, 295, (2, 4, 0)), // putpmsg
    row(190, 492, (2, 4, 0)), // vfork
    row(191, 141, (2, 4, 0)), // getrlimit
    row(198, 183, (2, 4, 0)), // lchown
    row(199, 148, (2, 4, 0)), // getuid
    row(200, 124, (2, 4, 0)), // getgid
    row(201, 122, (2, 4, 0)), // geteuid
    row(202, 120, (2, 4, 0)), // getegid
    row(203, 395, (2, 4, 0)), // setreuid
    row(204, 389, (2, 4, 0)), // setregid
    row(205, 126, (2, 4, 0)), // getgroups
    row(206, 382, (2, 4, 0)), // setgroups
    row(207, 76, (2, 4, 0)), // fchown
    row(208, 393, (2, 4, 0)), // setresuid
    row(209, 139, (2, 4, 0)), // getresuid
    row(210, 391, (2, 4, 0)), // setresgid
    row(211, 137, (2, 4, 0)), // getresgid
    row(212, 26, (2, 4, 0)), // chown
    row(213, 401, (2, 4, 0)), // setuid
    row(214, 380, (2, 4, 0)), // setgid
    row(215, 378, (2, 4, 0)), // setfsuid
    row(216, 376, (2, 4, 0)), // setfsgid
    row(217, 274, (2, 4, 0)), // pivot_root
    row(218, 211, (2, 4, 0)), // mincore
    row(219, 204, (2, 4, 0)), // madvise
    row(220, 119, (2, 4, 0)), // getdents64
    row(222, 303, (2, 4, 13)), // readahead
    row(224, 403, (2, 6, 0)), // setxattr
    row(225, 198, (2, 6, 0)), // lsetxattr
    row(226, 91, (2, 6, 0)), // fsetxattr
    row(227, 150, (2, 6, 0)), // getxattr
    row(228, 185, (2, 6, 0)), // lgetxattr
    row(229, 82, (2, 6, 0)), // fgetxattr
    row(230, 191, (2, 6, 0)), // listxattr
    row(231, 193, (2, 6, 0)), // llistxattr
    row(232, 86, (2, 6, 0)), // flistxattr
    row(233, 315, (2, 6, 0)), // removexattr
    row(234, 196, (2, 6, 0)), // lremovexattr
    row(235, 89, (2, 6, 0)), // fremovexattr
    row(236, 146, (2, 4, 11)), // gettid
    row(237, 468, (2, 6, 0)), // tkill
    row(238, 104, (2, 6, 0)), // futex
    row(239, 350, (2, 6, 0)), // sched_setaffinity
    row(240, 344, (2, 6, 0)), // sched_getaffinity
    row(241, 452, (2, 6, 0)), // tgkill
    row(243, 164, (2, 6, 0)), // io_setup
    row(244, 160, (2, 6, 0)), // io_destroy
    row(245, 161, (2, 6, 0)), // io_getevents
    row(246, 165, (2, 6, 0)), // io_submit
    row(247, 159, (2, 6, 0)), // io_cancel
    row(248, 64, (2, 6, 0)), // exit_group
    row(249, 51, (2, 6, 0)), // epoll_create
    row(250, 53, (2, 6, 0)), // epoll_ctl
    row(251, 57, (2, 6, 0)), // epoll_wait
    row(252, 373, (2, 6, 0)), // set_tid_address
    row(253, 67, (2, 6, 0)), // fadvise64
    row(254, 454, (2, 6, 0)), // timer_create
    row(255, 459, (2, 6, 0)), // timer_settime
    row(256, 457, (2, 6, 0)), // timer_gettime
    row(257, 456, (2, 6, 0)), // timer_getoverrun
    row(258, 455, (2, 6, 0)), // timer_delete
    row(259, 37, (2, 6, 0)), // clock_settime
    row(260, 33, (2, 6, 0)), // clock_gettime
    row(261, 31, (2, 6, 0)), // clock_getres
    row(262, 35, (2, 6, 0)), // clock_nanosleep
    row(265, 430, (2, 6, 0)), // statfs64
    row(266, 99, (2, 6, 0)), // fstatfs64
    row(267, 314, (2, 6, 0)), // remap_file_pages
    row(268, 206, (4, 3, 0)), // mbind
    row(269, 112, (4, 3, 0)), // get_mempolicy
    row(270, 369, (4, 3, 0)), // set_mempolicy
    row(271, 230, (2, 6, 6)), // mq_open
    row(272, 235, (2, 6, 6)), // mq_unlink
    row(273, 233, (2, 6, 6)), // mq_timedsend
    row(274, 231, (2, 6, 6)), // mq_timedreceive
    row(275, 229, (2, 6, 6)), // mq_notify
    row(276, 228, (2, 6, 6)), // mq_getsetattr
    row(277, 177, (2, 6, 13)), // kexec_load
    row(278, 7, (2, 6, 10)), // add_key
    row(279, 320, (2, 6, 10)), // request_key
    row(280, 178, (2, 6, 10)), // keyctl
    row(281, 499, (2, 6, 10)), // waitid
    row(282, 173, (2, 6, 13)), // ioprio_set
    row(283, 172, (2, 6, 13)), // ioprio_get
    row(284, 156, (2, 6, 13)), // inotify_init
    row(285, 155, (2, 6, 13)), // inotify_add_watch
    row(286, 158, (2, 6, 13)), // inotify_rm_watch
    row(287, 210, (4, 3, 0)), // migrate_pages
    row(288, 261, (2, 6, 16)), // openat
    row(289, 213, (2, 6, 16)), // mkdirat
    row(290, 215, (2, 6, 16)), // mknodat
    row(291, 78, (2, 6, 16)), // fchownat
    row(292, 110, (2, 6, 16)), // futimesat
    row(293, 249, (2, 6, 16)), // newfstatat
    row(294, 479, (2, 6, 16)), // unlinkat
    row(295, 318, (2, 6, 16)), // renameat
    row(296, 187, (2, 6, 16)), // linkat
    row(297, 441, (2, 6, 16)), // symlinkat
    row(298, 306, (2, 6, 16)), // readlinkat
    row(299, 74, (2, 6, 16)), // fchmodat
    row(300, 65, (2, 6, 16)), // faccessat
    row(301, 292, (2, 6, 16)), // pselect6
    row(302, 279, (2, 6, 16)), // ppoll
    row(303, 480, (2, 6, 16)), // unshare
    row(304, 371, (2, 6, 17)), // set_robust_list
    row(305, 113, (2, 6, 17)), // get_robust_list
    row(306, 423, (2, 6, 17)), // splice
    row(307, 443, (2, 6, 17)), // sync_file_range
    row(308, 451, (2, 6, 17)), // tee
    row(309, 496, (2, 6, 17)), // vmsplice
    row(310, 225, (4, 3, 0)), // move_pages
    row(311, 116, (2, 6, 19)), // getcpu
    row(312, 55, (2, 6, 19)), // epoll_pwait
    row(313, 491, (2, 6, 0)), // utimes
    row(314, 69, (2, 6, 23)), // fallocate
    row(315, 489, (2, 6, 22)), // utimensat
    row(316, 414, (2, 6, 22)), // signalfd
    row(317, 461, (2, 6, 22)), // timerfd
    row(318, 59, (2, 6, 22)), // eventfd
    row(319, 462, (2, 6, 25)), // timerfd_create
    row(320, 465, (2, 6, 25)), // timerfd_settime
    row(321, 463, (2, 6, 25)), // timerfd_gettime
    row(322, 415, (2, 6, 27)), // signalfd4
    row(323, 60, (2, 6, 27)), // eventfd2
    row(324, 157, (2, 6, 27)), // inotify_init1
    row(325, 273, (2, 6, 27)), // pipe2
    row(326, 50, (2, 6, 27)), // dup3
    row(327, 52, (2, 6, 27)), // epoll_create1
    row(328, 283, (2, 6, 30)), // preadv
    row(329, 297, (2, 6, 30)), // pwritev
    row(330, 335, (2, 6, 31)), // rt_tgsigqueueinfo
    row(331, 267, (2, 6, 31)), // perf_event_open
    row(332, 70, (2, 6, 37)), // fanotify_init
    row(333, 71, (2, 6, 37)), // fanotify_mark
    row(334, 285, (2, 6, 36)), // prlimit64
    row(335, 247, (2, 6, 39)), // name_to_handle_at
    row(336, 258, (2, 6, 39)), // open_by_handle_at
    row(337, 29, (2, 6, 39)), // clock_adjtime
    row(338, 445, (2, 6, 39)), // syncfs
    row(339, 386, (3, 0, 0)), // setns
    row(340, 288, (3, 2, 0)), // process_vm_readv
    row(341, 289, (3, 2, 0)), // process_vm_writev
    row(342, 340, (3, 7, 0)), // s390_runtime_instr
    row(343, 175, (3, 5, 0)), // kcmp
    row(344, 85, (3, 8, 0)), // finit_module
    row(345, 351, (3, 14, 0)), // sched_setattr
    row(346, 345, (3, 14, 0)), // sched_getattr
    row(347, 319, (3, 15, 0)), // renameat2
    row(348, 355, (3, 17, 0)), // seccomp
    row(349, 136, (3, 17, 0)), // getrandom
    row(350, 208, (3, 17, 0)), // memfd_create
    row(351, 15, (3, 18, 0)), // bpf
    row(352, 339, (3, 19, 0)), // s390_pci_mmio_write
    row(353, 338, (3, 19, 0)), // s390_pci_mmio_read
    row(354, 62, (3, 19, 0)), // execveat
    row(355, 484, (4, 3, 0)), // userfaultfd
    row(356, 207, (4, 3, 0)), // membarrier
    row(357, 311, (4, 3, 0)), // recvmmsg
    row(358, 366, (4, 3, 0)), // sendmmsg
    row(359, 420, (4, 3, 0)), // socket
    row(360, 422, (4, 3, 0)), // socketpair
    row(361, 14, (4, 3, 0)), // bind
    row(362, 43, (4, 3, 0)), // connect
    row(363, 188, (4, 3, 0)), // listen
    row(364, 4, (4, 3, 0)), // accept4
    row(365, 145, (4, 3, 0)), // getsockopt
    row(366, 399, (4, 3, 0)), // setsockopt
    row(367, 144, (4, 3, 0)), // getsockname
    row(368, 129, (4, 3, 0)), // getpeername
    row(369, 368, (4, 3, 0)), // sendto
    row(370, 367, (4, 3, 0)), // sendmsg
    row(371, 310, (4, 3, 0)), // recvfrom
    row(372, 313, (4, 3, 0)), // recvmsg
    row(373, 410, (4, 3, 0)), // shutdown
    row(374, 217, (4, 4, 0)), // mlock2
    row(375, 44, (4, 5, 0)), // copy_file_range
    row(376, 284, (4, 6, 0)), // preadv2
    row(377, 298, (4, 6, 0)), // pwritev2
    row(378, 337, (4, 12, 0)), // s390_guarded_storage
    row(379, 432, (4, 11, 0)), // statx
    row(380, 341, (4, 15, 0)), // s390_sthyi
    row(381, 176, (4, 17, 0)), // kexec_file_load
    row(382, 162, (4, 18, 0)), // io_pgetevents
    row(383, 325, (4, 18, 0)), // rseq
    row(384, 277, (5, 1, 0)), // pkey_mprotect
    row(385, 275, (5, 1, 0)), // pkey_alloc
    row(386, 276, (5, 1, 0)), // pkey_free
    row(392, 361, (5, 1, 0)), // semtimedop
    row(393, 359, (5, 1, 0)), // semget
    row(394, 358, (5, 1, 0)), // semctl
    row(395, 409, (5, 1, 0)), // shmget
    row(396, 407, (5, 1, 0)), // shmctl
    row(397, 406, (5, 1, 0)), // shmat
    row(398, 408, (5, 1, 0)), // shmdt
    row(399, 239, (5, 1, 0)), // msgget
    row(400, 241, (5, 1, 0)), // msgsnd
    row(401, 240, (5, 1, 0)), // msgrcv
    row(402, 238, (5, 1, 0)), // msgctl
    row(424, 271, (5, 1, 0)), // pidfd_send_signal
    row(425, 168, (5, 1, 0)), // io_uring_setup
    row(426, 166, (5, 1, 0)), // io_uring_enter
    row(427, 167, (5, 1, 0)), // io_uring_register
    row(428, 259, (5, 2, 0)), // open_tree
    row(429, 224, (5, 2, 0)), // move_mount
    row(430, 93, (5, 2, 0)), // fsopen
    row(431, 90, (5, 2, 0)), // fsconfig
    row(432, 92, (5, 2, 0)), // fsmount
    row(433, 94, (5, 2, 0)), // fspick
    row(434, 270, (5, 3, 0)), // pidfd_open
    row(435, 40, (5, 3, 0)), // clone3
    row(436, 42, (5, 9, 0)), // close_range
    row(437, 262, (5, 6, 0)), // openat2
    row(438, 269, (5, 6, 0)), // pidfd_getfd
    row(439, 66, (5, 8, 0)), // faccessat2
    row(440, 286, (5, 10, 0)), // process_madvise
    row(441, 56, (5, 11, 0)), // epoll_pwait2
    row(442, 223, (5, 12, 0)), // mount_setattr
    row(443, 301, (5, 14, 0)), // quotactl_fd
    row(444, 181, (5, 13, 0)), // landlock_create_ruleset
    row(445, 180, (5, 13, 0)), // landlock_add_rule
    row(446, 182, (5, 13, 0)), // landlock_restrict_self
    row(447, 209, (6, 4, 0)), // memfd_secret
    row(448, 287, (5, 15, 0)), // process_mrelease
    row(449, 108, (5, 16, 0)), // futex_waitv
    row(450, 370, (5, 17, 0)), // set_mempolicy_home_node
    row(451, 21, (6, 5, 0)), // cachestat
    row(452, 75, (6, 6, 0)), // fchmodat2
    row(453, 205, (6, 7, 0)), // map_shadow_stack
    row(454, 109, (6, 7, 0)), // futex_wake
    row(455, 107, (6, 7, 0)), // futex_wait
    row(456, 105, (6, 7, 0)), // futex_requeue
    row(457, 431, (6, 8, 0)), // statmount
    row(458, 189, (6, 8, 0)), // listmount
    row(459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(461, 200, (6, 8, 0)), // lsm_list_modules
    row(462, 237, (6, 10, 0)), // mseal
    row(463, 404, (6, 13, 0)), // setxattrat
    row(464, 151, (6, 13, 0)), // getxattrat
    row(465, 192, (6, 13, 0)), // listxattrat
    row(466, 316, (6, 13, 0)), // removexattrat
    row(467, 260, (6, 15, 0)), // open_tree_attr
    row(468, 83, (6, 17, 0)), // file_getattr
    row(469, 84, (6, 17, 0)), // file_setattr
    row(470, 190, (6, 19, 0)), // listns
    row(471, 326, (7, 0, 0)), // rseq_slice_yield
];

#[rustfmt::skip]
pub(in crate::names) static S390X_BY_NAME: [u16; 390] = [
    110, 308, 22, 34, 222, 88, 101, 19, 98, 305, 295, 32, 369, 139, 140, 11,
    13, 161, 40, 281, 207, 206, 208, 205, 85, 353, 5, 354, 306, 319, 7, 91,
    93, 29, 42, 270, 195, 271, 196, 256, 359, 197, 262, 267, 10, 298, 0, 194,
    244, 357, 199, 258, 276, 277, 97, 64, 243, 370, 156, 235, 37, 109, 176, 386,
    387, 288, 179, 104, 1, 182, 349, 173, 350, 348, 351, 75, 68, 210, 83, 63,
    185, 374, 373, 367, 372, 236, 94, 213, 249, 255, 138, 102, 169, 151, 150, 149,
    154, 72, 312, 96, 44, 15, 143, 43, 65, 293, 160, 158, 146, 51, 108, 311,
    309, 183, 52, 148, 174, 382, 78, 92, 229, 228, 268, 230, 193, 190, 191, 326,
    189, 192, 344, 345, 343, 36, 227, 226, 82, 287, 325, 221, 224, 25, 363, 362,
    364, 147, 175, 8, 240, 307, 376, 388, 177, 383, 178, 76, 181, 14, 172, 377,
    379, 378, 74, 168, 371, 212, 300, 294, 365, 231, 167, 27, 233, 12, 234, 111,
    318, 113, 60, 16, 360, 347, 254, 89, 220, 219, 215, 218, 217, 216, 124, 380,
    341, 338, 340, 339, 105, 112, 114, 61, 279, 123, 237, 127, 23, 4, 280, 346,
    385, 232, 355, 20, 275, 100, 356, 352, 342, 30, 269, 166, 329, 330, 328, 126,
    246, 128, 136, 272, 320, 278, 358, 366, 284, 285, 245, 18, 144, 137, 273, 321,
    125, 95, 361, 2, 170, 59, 55, 242, 106, 58, 315, 301, 316, 211, 180, 384,
    26, 239, 291, 223, 6, 28, 327, 389, 130, 132, 131, 134, 129, 135, 133, 274,
    322, 297, 296, 286, 324, 120, 121, 187, 290, 116, 118, 122, 186, 289, 115, 117,
    119, 292, 103, 333, 332, 331, 142, 302, 314, 313, 214, 368, 248, 198, 86, 165,
    164, 163, 155, 49, 71, 283, 38, 66, 153, 159, 157, 152, 50, 45, 310, 53,
    162, 171, 381, 336, 335, 337, 334, 317, 46, 141, 33, 260, 266, 48, 90, 84,
    47, 303, 69, 304, 250, 73, 67, 209, 375, 323, 80, 57, 54, 241, 24, 251,
    282, 99, 81, 70, 252, 188, 200, 204, 203, 202, 201, 261, 263, 265, 264, 31,
    184, 62, 39, 17, 35, 87, 9, 238, 247, 56, 299, 41, 21, 259, 257, 145,
    77, 253, 79, 225, 3, 107,
];

#[rustfmt::skip]
pub(in crate::names) static PPC64LE: [Row; 424] = [
    row(0, 321, (3, 13, 0)), // restart_syscall
    row(1, 63, (3, 13, 0)), // exit
    row(2, 88, (3, 13, 0)), // fork
    row(3, 302, (3, 13, 0)), // read
    row(4, 501, (3, 13, 0)), // write
    row(5, 257, (3, 13, 0)), // open
    row(6, 41, (3, 13, 0)), // close
    row(7, 500, (3, 13, 0)), // waitpid
    row(8, 45, (3, 13, 0)), // creat
    row(9, 186, (3, 13, 0)), // link
    row(10, 478, (3, 13, 0)), // unlink
    row(11, 61, (3, 13, 0)), // execve
    row(12, 24, (3, 13, 0)), // chdir
    row(13, 453, (3, 13, 0)), // time
    row(14, 214, (3, 13, 0)), // mknod
    row(15, 25, (3, 13, 0)), // chmod
    row(16, 183, (3, 13, 0)), // lchown
    row(17, 16, (3, 13, 0)), // break
    row(18, 255, (3, 13, 0)), // oldstat
    row(19, 197, (3, 13, 0)), // lseek
    row(20, 132, (3, 13, 0)), // getpid
    row(21, 222, (3, 13, 0)), // mount
    row(22, 475, (3, 13, 0)), // umount
    row(23, 401, (3, 13, 0)), // setuid
    row(24, 148, (3, 13, 0)), // getuid
    row(25, 433, (3, 13, 0)), // stime
    row(26, 294, (3, 13, 0)), // ptrace
    row(27, 10, (3, 13, 0)), // alarm
    row(28, 252, (3, 13, 0)), // oldfstat
    row(29, 263, (3, 13, 0)), // pause
    row(30, 488, (3, 13, 0)), // utime
    row(31, 434, (3, 13, 0)), // stty
    row(32, 152, (3, 13, 0)), // gtty
    row(33, 5, (3, 13, 0)), // access
    row(34, 251, (3, 13, 0)), // nice
    row(35, 101, (3, 13, 0)), // ftime
    row(36, 442, (3, 13, 0)), // sync
    row(37, 179, (3, 13, 0)), // kill
    row(38, 317, (3, 13, 0)), // rename
    row(39, 212, (3, 13, 0)), // mkdir
    row(40, 324, (3, 13, 0)), // rmdir
    row(41, 48, (3, 13, 0)), // dup
    row(42, 272, (3, 13, 0)), // pipe
    row(43, 467, (3, 13, 0)), // times
    row(44, 290, (3, 13, 0)), // prof
    row(45, 18, (3, 13, 0)), // brk
    row(46, 380, (3, 13, 0)), // setgid
    row(47, 124, (3, 13, 0)), // getgid
    row(48, 413, (3, 13, 0)), // signal
    row(49, 122, (3, 13, 0)), // geteuid
    row(50, 120, (3, 13, 0)), // getegid
    row(51, 6, (3, 13, 0)), // acct
    row(52, 476, (3, 13, 0)), // umount2
    row(53, 194, (3, 13, 0)), // lock
    row(54, 169, (3, 13, 0)), // ioctl
    row(55, 79, (3, 13, 0)), // fcntl
    row(56, 227, (3, 13, 0)), // mpx
    row(57, 387, (3, 13, 0)), // setpgid
    row(58, 473, (3, 13, 0)), // ulimit
    row(59, 254, (3, 13, 0)), // oldolduname
    row(60, 474, (3, 13, 0)), // umask
    row(61, 28, (3, 13, 0)), // chroot
    row(62, 487, (3, 13, 0)), // ustat
    row(63, 49, (3, 13, 0)), // dup2
    row(64, 134, (3, 13, 0)), // getppid
    row(65, 131, (3, 13, 0)), // getpgrp
    row(66, 398, (3, 13, 0)), // setsid
    row(67, 411, (3, 13, 0)), // sigaction
    row(68, 405, (3, 13, 0)), // sgetmask
    row(69, 426, (3, 13, 0)), // ssetmask
    row(70, 395, (3, 13, 0)), // setreuid
    row(71, 389, (3, 13, 0)), // setregid
    row(72, 419, (3, 13, 0)), // sigsuspend
    row(73, 416, (3, 13, 0)), // sigpending
    row(74, 384, (3, 13, 0)), // sethostname
    row(75, 397, (3, 13, 0)), // setrlimit
    row(76, 141, (3, 13, 0)), // getrlimit
    row(77, 142, (3, 13, 0)), // getrusage
    row(78, 147, (3, 13, 0)), // gettimeofday
    row(79, 400, (3, 13, 0)), // settimeofday
    row(80, 126, (3, 13, 0)), // getgroups
    row(81, 382, (3, 13, 0)), // setgroups
    row(82, 357, (3, 13, 0)), // select
    row(83, 440, (3, 13, 0)), // symlink
    row(84, 253, (3, 13, 0)), // oldlstat
    row(85, 305, (3, 13, 0)), // readlink
    row(86, 483, (3, 13, 0)), // uselib
    row(87, 438, (3, 13, 0)), // swapon
    row(88, 308, (3, 13, 0)), // reboot
    row(89, 304, (3, 13, 0)), // readdir
    row(90, 219, (3, 13, 0)), // mmap
    row(91, 246, (3, 13, 0)), // munmap
    row(92, 469, (3, 13, 0)), // truncate
    row(93, 102, (3, 13, 0)), // ftruncate
    row(94, 73, (3, 13, 0)), // fchmod
    row(95, 76, (3, 13, 0)), // fchown
    row(96, 135, (3, 13, 0)), // getpriority
    row(97, 388, (3, 13, 0)), // setpriority
    row(98, 291, (3, 13, 0)), // profil
    row(99, 429, (3, 13, 0)), // statfs
    row(100, 98, (3, 13, 0)), // fstatfs
    row(101, 170, (3, 13, 0)), // ioperm
    row(102, 421, (3, 13, 0)), // socketcall
    row(103, 449, (3, 13, 0)), // syslog
    row(104, 385, (3, 13, 0)), // setitimer
    row(105, 128, (3, 13, 0)), // getitimer
    row(106, 427, (3, 13, 0)), // stat
    row(107, 202, (3, 13, 0)), // lstat
    row(108, 95, (3, 13, 0)), // fstat
    row(109, 256, (3, 13, 0)), // olduname
    row(110, 171, (3, 13, 0)), // iopl
    row(111, 493, (3, 13, 0)), // vhangup
    row(112, 153, (3, 13, 0)), // idle
    row(113, 494, (3, 13, 0)), // vm86
    row(114, 498, (3, 13, 0)), // wait4
    row(115, 437, (3, 13, 0)), // swapoff
    row(116, 448, (3, 13, 0)), // sysinfo
    row(117, 174, (3, 13, 0)), // ipc
    row(118, 100, (3, 13, 0)), // fsync
    row(119, 418, (3, 13, 0)), // sigreturn
    row(120, 39, (3, 13, 0)), // clone
    row(121, 375, (3, 13, 0)), // setdomainname
    row(122, 477, (3, 13, 0)), // uname
    row(123, 221, (3, 13, 0)), // modify_ldt
    row(124, 8, (3, 13, 0)), // adjtimex
    row(125, 226, (3, 13, 0)), // mprotect
    row(126, 417, (3, 13, 0)), // sigprocmask
    row(127, 46, (3, 13, 0)), // create_module
    row(128, 154, (3, 13, 0)), // init_module
    row(129, 47, (3, 13, 0)), // delete_module
    row(130, 111, (3, 13, 0)), // get_kernel_syms
    row(131, 300, (3, 13, 0)), // quotactl
    row(132, 130, (3, 13, 0)), // getpgid
    row(133, 72, (3, 13, 0)), // fchdir
    row(134, 13, (3, 13, 0)), // bdflush
    row(135, 447, (3, 13, 0)), // sysfs
    row(136, 268, (3, 13, 0)), // personality
    row(137, 9, (3, 13, 0)), // afs_syscall
    row(138, 378, (3, 13, 0)), // setfsuid
    row(139, 376, (3, 13, 0)), // setfsgid
    row(140, 0, (3, 13, 0)), // _llseek
    row(141, 118, (3, 13, 0)), // getdents
    row(142, 1, (3, 13, 0)), // _newselect
    row(143, 87, (3, 13, 0)), // flock
    row(144, 242, (3, 13, 0)), // msync
    row(145, 307, (3, 13, 0)), // readv
    row(146, 502, (3, 13, 0)), // writev
    row(147, 143, (3, 13, 0)), // getsid
    row(148, 81, (3, 13, 0)), // fdatasync
    row(149, 2, (3, 13, 0)), // _sysctl
    row(150, 216, (3, 13, 0)), // mlock
    row(151, 244, (3, 13, 0)), // munlock
    row(152, 218, (3, 13, 0)), // mlockall
    row(153, 245, (3, 13, 0)), // munlockall
    row(154, 352, (3, 13, 0)), // sched_setparam
    row(155, 346, (3, 13, 0)), // sched_getparam
    row(156, 353, (3, 13, 0)), // sched_setscheduler
    row(157, 347, (3, 13, 0)), // sched_getscheduler
    row(158, 354, (3, 13, 0)), // sched_yield
    row(159, 342, (3, 13, 0)), // sched_get_priority_max
    row(160, 343, (3, 13, 0)), // sched_get_priority_min
    row(161, 348, (3, 13, 0)), // sched_rr_get_interval
    row(162, 248, (3, 13, 0)), // nanosleep
    row(163, 236, (3, 13, 0)), // mremap
    row(164, 393, (3, 13, 0)), // setresuid
    row(165, 139, (3, 13, 0)), // getresuid
    row(166, 299, (3, 13, 0)), // query_module
    row(167, 278, (3, 13, 0)), // poll
    row(168, 250, (3, 13, 0)), // nfsservctl
    row(169, 391, (3, 13, 0)), // setresgid
    row(170, 137, (3, 13, 0)), // getresgid
    row(171, 281, (3, 13, 0)), // prctl
    row(172, 331, (3, 13, 0)), // rt_sigreturn
    row(173, 327, (3, 13, 0)), // rt_sigaction
    row(174, 329, (3, 13, 0)), // rt_sigprocmask
    row(175, 328, (3, 13, 0)), // rt_sigpending
    row(176, 333, (3, 13, 0)), // rt_sigtimedwait
    row(177, 330, (3, 13, 0)), // rt_sigqueueinfo
    row(178, 332, (3, 13, 0)), // rt_sigsuspend
    row(179, 282, (3, 13, 0)), // pread64
    row(180, 296, (3, 13, 0)), // pwrite64
    row(181, 26, (3, 13, 0)), // chown
    row(182, 117, (3, 13, 0)), // getcwd
    row(183, 22, (3, 13, 0)), // capget
    row(184, 23, (3, 13, 0)), // capset
    row(185, 412, (3, 13, 0)), // sigaltstack
    row(186, 364, (3, 13, 0)), // sendfile
    row(187, 133, (3, 13, 0)), // getpmsg
    row(188, 295, (3, 13, 0)), // putpmsg
    row(189, 492, (3, 13, 0)), // vfork
    row(190, 472, (3, 13, 0)), // ugetrlimit
    row(191, 303, (3, 13, 0)), // readahead
    row(198, 265, (3, 13, 0)), // pciconfig_read
    row(199, 266, (3, 13, 0)), // pciconfig_write
    row(200, 264, (3, 13, 0)), // pciconfig_iobase
    row(201, 243, (3, 13, 0)), // multiplexer
    row(202, 119, (3, 13, 0)), // getdents64
    row(203, 274, (3, 13, 0)), // pivot_root
    row(205, 204, (3, 13, 0)), // madvise
    row(206, 211, (3, 13, 0)), // mincore
    row(207, 146, (3, 13, 0)), // gettid
    row(208, 468, (3, 13, 0)), // tkill
    row(209, 403, (3, 13, 0)), // setxattr
    row(210, 198, (3, 13, 0)), // lsetxattr
    row(211, 91, (3, 13, 0)), // fsetxattr
    row(212, 150, (3, 13, 0)), // getxattr
    row(213, 185, (3, 13, 0)), // lgetxattr
    row(214, 82, (3, 13, 0)), // fgetxattr
    row(215, 191, (3, 13, 0)), // listxattr
    row(216, 193, (3, 13, 0)), // llistxattr
    row(217, 86, (3, 13, 0)), // flistxattr
    row(218, 315, (3, 13, 0)), // removexattr
    row(219, 196, (3, 13, 0)), // lremovexattr
    row(220, 89, (3, 13, 0)), // fremovexattr
    row(221, 104, (3, 13, 0)), // futex
    row(222, 350, (3, 13, 0)), // sched_setaffinity
    row(223, 344, (3, 13, 0)), // sched_getaffinity
    row(225, 471, (3, 13, 0)), // tuxcall
    row(227, 164, (3, 13, 0)), // io_setup
    row(228, 160, (3, 13, 0)), // io_destroy
    row(229, 161, (3, 13, 0)), // io_getevents
    row(230, 165, (3, 13, 0)), // io_submit
    row(231, 159, (3, 13, 0)), // io_cancel
    row(232, 373, (3, 13, 0)), // set_tid_address
    row(233, 67, (3, 13, 0)), // fadvise64
    row(234, 64, (3, 13, 0)), // exit_group
    row(235, 195, (3, 13, 0)), // lookup_dcookie
    row(236, 51, (3, 13, 0)), // epoll_create
    row(237, 53, (3, 13, 0)), // epoll_ctl
    row(238, 57, (3, 13, 0)), // epoll_wait
    row(239, 314, (3, 13, 0)), // remap_file_pages
    row(240, 454, (3, 13, 0)), // timer_create
    row(241, 459, (3, 13, 0)), // timer_settime
    row(242, 457, (3, 13, 0)), // timer_gettime
    row(243, 456, (3, 13, 0)), // timer_getoverrun
    row(244, 455, (3, 13, 0)), // timer_delete
    row(245, 37, (3, 13, 0)), // clock_settime
    row(246, 33, (3, 13, 0)), // clock_gettime
    row(247, 31, (3, 13, 0)), // clock_getres
    row(248, 35, (3, 13, 0)), // clock_nanosleep
    row(249, 436, (3, 13, 0)), // swapcontext
    row(250, 452, (3, 13, 0)), // tgkill
    row(251, 491, (3, 13, 0)), // utimes
    row(252, 430, (3, 13, 0)), // statfs64
    row(253, 99, (3, 13, 0)), // fstatfs64
    row(255, 336, (3, 13, 0)), // rtas
    row(256, 446, (3, 13, 0)), // sys_debug_setcontext
    row(258, 210, (3, 13, 0)), // migrate_pages
    row(259, 206, (3, 13, 0)), // mbind
    row(260, 112, (3, 13, 0)), // get_mempolicy
    row(261, 369, (3, 13, 0)), // set_mempolicy
    row(262, 230, (3, 13, 0)), // mq_open
    row(263, 235, (3, 13, 0)), // mq_unlink
    row(264, 233, (3, 13, 0)), // mq_timedsend
    row(265, 231, (3, 13, 0)), // mq_timedreceive
    row(266, 229, (3, 13, 0)), // mq_notify
    row(267, 228, (3, 13, 0)), // mq_getsetattr
    row(268, 177, (3, 13, 0)), // kexec_load
    row(269, 7, (3, 13, 0)), // add_key
    row(270, 320, (3, 13, 0)), // request_key
    row(271, 178, (3, 13, 0)), // keyctl
    row(272, 499, (3, 13, 0)), // waitid
    row(273, 173, (3, 13, 0)), // ioprio_set
    row(274, 172, (3, 13, 0)), // ioprio_get
    row(275, 156, (3, 13, 0)), // inotify_init
    row(276, 155, (3, 13, 0)), // inotify_add_watch
    row(277, 158, (3, 13, 0)), // inotify_rm_watch
    row(278, 425, (3, 13, 0)), // spu_run
    row(279, 424, (3, 13, 0)), // spu_create
    row(280, 292, (3, 13, 0)), // pselect6
    row(281, 279, (3, 13, 0)), // ppoll
    row(282, 480, (3, 13, 0)), // unshare
    row(283, 423, (3, 13, 0)), // splice
    row(284, 451, (3, 13, 0)), // tee
    row(285, 496, (3, 13, 0)), // vmsplice
    row(286, 261, (3, 13, 0)), // openat
    row(287, 213, (3, 13, 0)), // mkdirat
    row(288, 215, (3, 13, 0)), // mknodat
    row(289, 78, (3, 13, 0)), // fchownat
    row(290, 110, (3, 13, 0)), // futimesat
    row(291, 249, (3, 13, 0)), // newfstatat
    row(292, 479, (3, 13, 0)), // unlinkat
    row(293, 318, (3, 13, 0)), // renameat
    row(294, 187, (3, 13, 0)), // linkat
    row(295, 441, (3, 13, 0)), // symlinkat
    row(296, 306, (3, 13, 0)), // readlinkat
    row(297, 74, (3, 13, 0)), // fchmodat
    row(298, 65, (3, 13, 0)), // faccessat
    row(299, 113, (3, 13, 0)), // get_robust_list
    row(300, 371, (3, 13, 0)), // set_robust_list
    row(301, 225, (3, 13, 0)), // move_pages
    row(302, 116, (3, 13, 0)), // getcpu
    row(303, 55, (3, 13, 0)), // epoll_pwait
    row(304, 489, (3, 13, 0)), // utimensat
    row(305, 414, (3, 13, 0)), // signalfd
    row(306, 462, (3, 13, 0)), // timerfd_create
    row(307, 59, (3, 13, 0)), // eventfd
    row(308, 444, (3, 13, 0)), // sync_file_range2
    row(309, 69, (3, 13, 0)), // fallocate
    row(310, 435, (3, 13, 0)), // subpage_prot
    row(311, 465, (3, 13, 0)), // timerfd_settime
    row(312, 463, (3, 13, 0)), // timerfd_gettime
    row(313, 415, (3, 13, 0)), // signalfd4
    row(314, 60, (3, 13, 0)), // eventfd2
    row(315, 52, (3, 13, 0)), // epoll_create1
    row(316, 50, (3, 13, 0)), // dup3
    row(317, 273, (3, 13, 0)), // pipe2
    row(318, 157, (3, 13, 0)), // inotify_init1
    row(319, 267, (3, 13, 0)), // perf_event_open
    row(320, 283, (3, 13, 0)), // preadv
    row(321, 297, (3, 13, 0)), // pwritev
    row(322, 335, (3, 13, 0)), // rt_tgsigqueueinfo
    row(323, 70, (3, 13, 0)), // fanotify_init
    row(324, 71, (3, 13, 0)), // fanotify_mark
    row(325, 285, (3, 13, 0)), // prlimit64
    row(326, 420, (3, 13, 0)), // socket
    row(327, 14, (3, 13, 0)), // bind
    row(328, 43, (3, 13, 0)), // connect
    row(329, 188, (3, 13, 0)), // listen
    row(330, 3, (3, 13, 0)), // accept
    row(331, 144, (3, 13, 0)), // getsockname
    row(332, 129, (3, 13, 0)), // getpeername
    row(333, 422, (3, 13, 0)), // socketpair
    row(334, 363, (3, 13, 0)), // send
    row(335, 368, (3, 13, 0)), // sendto
    row(336, 309, (3, 13, 0)), // recv
    row(337, 310, (3, 13, 0)), // recvfrom
    row(338, 410, (3, 13, 0)), // shutdown
    row(339, 399, (3, 13, 0)), // setsockopt
    row(340, 145, (3, 13, 0)), // getsockopt
    row(341, 367, (3, 13, 0)), // sendmsg
    row(342, 313, (3, 13, 0)), // recvmsg
    row(343, 311, (3, 13, 0)), // recvmmsg
    row(344, 4, (3, 13, 0)), // accept4
    row(345, 247, (3, 13, 0)), // name_to_handle_at
    row(346, 258, (3, 13, 0)), // open_by_handle_at
    row(347, 29, (3, 13, 0)), // clock_adjtime
    row(348, 445, (3, 13, 0)), // syncfs
    row(349, 366, (3, 13, 0)), // sendmmsg
    row(350, 386, (3, 13, 0)), // setns
    row(351, 288, (3, 13, 0)), // process_vm_readv
    row(352, 289, (3, 13, 0)), // process_vm_writev
    row(353, 85, (3, 13, 0)), // finit_module
    row(354, 175, (3, 13, 0)), // kcmp
    row(355, 351, (3, 14, 0)), // sched_setattr
    row(356, 345, (3, 14, 0)), // sched_getattr
    row(357, 319, (3, 15, 0)), // renameat2
    row(358, 355, (3, 17, 0)), // seccomp
    row(359, 136, (3, 17, 0)), // getrandom
    row(360, 208, (3, 17, 0)), // memfd_create
    row(361, 15, (3, 18, 0)), // bpf
    row(362, 62, (3, 19, 0)), // execveat
    row(363, 439, (4, 1, 0)), // switch_endian
    row(364, 484, (4, 3, 0)), // userfaultfd
    row(365, 207, (4, 3, 0)), // membarrier
    row(378, 217, (4, 4, 0)), // mlock2
    row(379, 44, (4, 5, 0)), // copy_file_range
    row(380, 284, (4, 6, 0)), // preadv2
    row(381, 298, (4, 6, 0)), // pwritev2
    row(382, 176, (4, 10, 0)), // kexec_file_load
    row(383, 432, (4, 11, 0)), // statx
    row(384, 275, (4, 16, 0)), // pkey_alloc
    row(385, 276, (4, 16, 0)), // pkey_free
    row(386, 277, (4, 16, 0)), // pkey_mprotect
    row(387, 325, (4, 18, 0)), // rseq
    row(388, 162, (4, 18, 0)), // io_pgetevents
    row(392, 361, (5, 1, 0)), // semtimedop
    row(393, 359, (5, 1, 0)), // semget
    row(394, 358, (5, 1, 0)), // semctl
    row(395, 409, (5, 1, 0)), // shmget
    row(396, 407, (5, 1, 0)), // shmctl
    row(397, 406, (5, 1, 0)), // shmat
    row(398, 408, (5, 1, 0)), // shmdt
    row(399, 239, (5, 1, 0)), // msgget
    row(400, 241, (5, 1, 0)), // msgsnd
    row(401, 240, (5, 1, 0)), // msgrcv
    row(402, 238, (5, 1, 0)), // msgctl
    row(424, 271, (5, 1, 0)), // pidfd_send_signal
    row(425, 168, (5, 1, 0)), // io_uring_setup
    row(426, 166, (5, 1, 0)), // io_uring_enter
    row(427, 167, (5, 1, 0)), // io_uring_register
    row(428, 259, (5, 2, 0)), // open_tree
    row(429, 224, (5, 2, 0)), // move_mount
    row(430, 93, (5, 2, 0)), // fsopen
    row(431, 90, (5, 2, 0)), // fsconfig
    row(432, 92, (5, 2, 0)), // fsmount
    row(433, 94, (5, 2, 0)), // fspick
    row(434, 270, (5, 3, 0)), // pidfd_open
    row(435, 40, (5, 4, 0)), // clone3
    row(436, 42, (5, 9, 0)), // close_range
    row(437, 262, (5, 6, 0)), // openat2
    row(438, 269, (5, 6, 0)), // pidfd_getfd
    row(439, 66, (5, 8, 0)), // faccessat2
    row(440, 286, (5, 10, 0)), // process_madvise
    row(441, 56, (5, 11, 0)), // epoll_pwait2
    row(442, 223, (5, 12, 0)), // mount_setattr
    row(443, 301, (5, 14, 0)), // quotactl_fd
    row(444, 181, (5, 13, 0)), // landlock_create_ruleset
    row(445, 180, (5, 13, 0)), // landlock_add_rule
    row(446, 182, (5, 13, 0)), // landlock_restrict_self
    row(448, 287, (5, 15, 0)), // process_mrelease
    row(449, 108, (5, 16, 0)), // futex_waitv
    row(450, 370, (5, 17, 0)), // set_mempolicy_home_node
    row(451, 21, (6, 5, 0)), // cachestat
    row(452, 75, (6, 6, 0)), // fchmodat2
    row(453, 205, (6, 7, 0)), // map_shadow_stack
    row(454, 109, (6, 7, 0)), // futex_wake
    row(455, 107, (6, 7, 0)), // futex_wait
    row(456, 105, (6, 7, 0)), // futex_requeue
    row(457, 431, (6, 8, 0)), // statmount
    row(458, 189, (6, 8, 0)), // listmount
    row(459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(461, 200, (6, 8, 0)), // lsm_list_modules
    row(462, 237, (6, 10, 0)), // mseal
    row(463, 404, (6, 13, 0)), // setxattrat
    row(464, 151, (6, 13, 0)), // getxattrat
    row(465, 192, (6, 13, 0)), // listxattrat
    row(466, 316, (6, 13, 0)), // removexattrat
    row(467, 260, (6, 15, 0)), // open_tree_attr
    row(468, 83, (6, 17, 0)), // file_getattr
    row(469, 84, (6, 17, 0)), // file_setattr
    row(470, 190, (6, 19, 0)), // listns
    row(471, 326, (7, 0, 0)), // rseq_slice_yield
];

#[rustfmt::skip]
pub(in crate::names) static PPC64LE_BY_NAME: [u16; 424] = [
    140, 142, 149, 319, 333, 33, 51, 258, 124, 137, 27, 134, 316, 350, 17, 45,
    403, 183, 184, 12, 15, 181, 61, 336, 238, 237, 239, 236, 120, 388, 6, 389,
    317, 356, 8, 127, 129, 41, 63, 305, 227, 304, 228, 292, 394, 229, 296, 303,
    11, 351, 1, 225, 287, 392, 224, 298, 312, 313, 133, 94, 286, 404, 95, 278,
    55, 148, 207, 420, 421, 342, 210, 143, 2, 213, 384, 204, 385, 383, 386, 108,
    100, 244, 118, 35, 93, 214, 408, 407, 401, 406, 279, 130, 249, 288, 291, 182,
    141, 196, 50, 49, 47, 80, 105, 321, 132, 65, 20, 187, 64, 96, 348, 170,
    165, 76, 77, 147, 320, 329, 200, 78, 24, 205, 416, 32, 112, 128, 265, 264,
    307, 266, 222, 219, 220, 365, 218, 221, 379, 380, 378, 54, 101, 110, 263, 262,
    117, 343, 359, 257, 260, 37, 398, 397, 399, 16, 206, 9, 283, 318, 410, 422,
    208, 417, 209, 53, 226, 212, 19, 203, 411, 413, 412, 107, 198, 405, 248, 354,
    349, 247, 199, 39, 276, 14, 277, 150, 355, 152, 90, 123, 21, 395, 382, 290,
    125, 56, 256, 255, 251, 254, 253, 252, 163, 414, 376, 373, 375, 374, 144, 195,
    151, 153, 91, 334, 162, 280, 168, 34, 28, 84, 59, 18, 109, 5, 335, 381,
    419, 275, 390, 29, 194, 192, 193, 308, 136, 391, 387, 377, 42, 306, 197, 361,
    362, 363, 167, 270, 171, 179, 309, 357, 314, 393, 400, 340, 341, 44, 98, 269,
    26, 188, 180, 310, 358, 166, 131, 396, 3, 191, 89, 85, 285, 145, 88, 325,
    326, 332, 331, 230, 211, 418, 38, 282, 346, 259, 0, 40, 364, 423, 173, 175,
    174, 177, 172, 178, 176, 311, 245, 159, 160, 216, 345, 155, 157, 161, 215, 344,
    154, 156, 158, 347, 82, 368, 367, 366, 323, 186, 338, 330, 324, 250, 402, 289,
    223, 121, 139, 138, 46, 81, 74, 104, 339, 57, 97, 71, 169, 164, 70, 75,
    66, 328, 79, 23, 202, 415, 68, 371, 370, 372, 369, 327, 67, 185, 48, 294,
    302, 73, 126, 119, 72, 315, 102, 322, 272, 268, 267, 69, 106, 99, 243, 409,
    360, 25, 31, 299, 240, 115, 87, 352, 83, 284, 36, 297, 337, 246, 135, 116,
    103, 273, 241, 13, 231, 235, 234, 233, 232, 295, 301, 300, 43, 201, 92, 217,
    190, 58, 60, 22, 52, 122, 10, 281, 271, 86, 353, 62, 30, 293, 242, 189,
    111, 113, 274, 114, 261, 7, 4, 146,
];

#[rustfmt::skip]
pub(in crate::names) static LOONGARCH64: [Row; 323] = [
    row(0, 164, (5, 19, 0)), // io_setup
    row(1, 160, (5, 19, 0)), // io_destroy
    row(2, 165, (5, 19, 0)), // io_submit
    row(3, 159, (5, 19, 0)), // io_cancel
    row(4, 161, (5, 19, 0)), // io_getevents
    row(5, 403, (5, 19, 0)), // setxattr
    row(6, 198, (5, 19, 0)), // lsetxattr
    row(7, 91, (5, 19, 0)), // fsetxattr
    row(8, 150, (5, 19, 0)), // getxattr
    row(9, 185, (5, 19, 0)), // lgetxattr
    row(10, 82, (5, 19, 0)), // fgetxattr
    row(11, 191, (5, 19, 0)), // listxattr
    row(12, 193, (5, 19, 0)), // llistxattr
    row(13, 86, (5, 19, 0)), // flistxattr
    row(14, 315, (5, 19, 0)), // removexattr
    row(15, 196, (5, 19, 0)), // lremovexattr
    row(16, 89, (5, 19, 0)), // fremovexattr
    row(17, 117, (5, 19, 0)), // getcwd
    row(18, 195, (5, 19, 0)), // lookup_dcookie
    row(19, 60, (5, 19, 0)), // eventfd2
    row(20, 52, (5, 19, 0)), // epoll_create1
    row(21, 53, (5, 19, 0)), // epoll_ctl
    row(22, 55, (5, 19, 0)), // epoll_pwait
    row(23, 48, (5, 19, 0)), // dup
    row(24, 50, (5, 19, 0)), // dup3
    row(25, 79, (5, 19, 0)), // fcntl
    row(26, 157, (5, 19, 0)), // inotify_init1
    row(27, 155, (5, 19, 0)), // inotify_add_watch
    row(28, 158, (5, 19, 0)), // inotify_rm_watch
    row(29, 169, (5, 19, 0)), // ioctl
    row(30, 173, (5, 19, 0)), // ioprio_set
    row(31, 172, (5, 19, 0)), // ioprio_get
    row(32, 87, (5, 19, 0)), // flock
    row(33, 215, (5, 19, 0)), // mknodat
    row(34, 213, (5, 19, 0)), // mkdirat
    row(35, 479, (5, 19, 0)), // unlinkat
    row(36, 441, (5, 19, 0)), // symlinkat
    row(37, 187, (5, 19, 0)), // linkat
    row(39, 476, (5, 19, 0)), // umount2
    row(40, 222, (5, 19, 0)), // mount
    row(41, 274, (5, 19, 0)), // pivot_root
    row(43, 429, (5, 19, 0)), // statfs
    row(44, 98, (5, 19, 0)), // fstatfs
    row(45, 469, (5, 19, 0)), // truncate
    row(46, 102, (5, 19, 0)), // ftruncate
    row(47, 69, (5, 19, 0)), // fallocate
    row(48, 65, (5, 19, 0)), // faccessat
    row(49, 24, (5, 19, 0)), // chdir
    row(50, 72, (5, 19, 0)), // fchdir
    row(51, 28, (5, 19, 0)), // chroot
    row(52, 73, (5, 19, 0)), // fchmod
    row(53, 74, (5, 19, 0)), // fchmodat
    row(54, 78, (5, 19, 0)), // fchownat
    row(55, 76, (5, 19, 0)), // fchown
    row(56, 261, (5, 19, 0)), // openat
    row(57, 41, (5, 19, 0)), // close
    row(58, 493, (5, 19, 0)), // vhangup
    row(59, 273, (5, 19, 0)), // pipe2
    row(60, 300, (5, 19, 0)), // quotactl
    row(61, 119, (5, 19, 0)), // getdents64
    row(62, 197, (5, 19, 0)), // lseek
    row(63, 302, (5, 19, 0)), // read
    row(64, 501, (5, 19, 0)), // write
    row(65, 307, (5, 19, 0)), // readv
    row(66, 502, (5, 19, 0)), // writev
    row(67, 282, (5, 19, 0)), // pread64
    row(68, 296, (5, 19, 0)), // pwrite64
    row(69, 283, (5, 19, 0)), // preadv
    row(70, 297, (5, 19, 0)), // pwritev
    row(71, 364, (5, 19, 0)), // sendfile
    row(72, 292, (5, 19, 0)), // pselect6
    row(73, 279, (5, 19, 0)), // ppoll
    row(74, 415, (5, 19, 0)), // signalfd4
    row(75, 496, (5, 19, 0)), // vmsplice
    row(76, 423, (5, 19, 0)), // splice
    row(77, 451, (5, 19, 0)), // tee
    row(78, 306, (5, 19, 0)), // readlinkat
    row(79, 249, (6, 11, 0)), // newfstatat
    row(80, 95, (6, 11, 0)), // fstat
    row(81, 442, (5, 19, 0)), // sync
    row(82, 100, (5, 19, 0)), // fsync
    row(83, 81, (5, 19, 0)), // fdatasync
    row(84, 443, (5, 19, 0)), // sync_file_range
    row(85, 462, (5, 19, 0)), // timerfd_create
    row(86, 465, (5, 19, 0)), // timerfd_settime
    row(87, 463, (5, 19, 0)), // timerfd_gettime
    row(88, 489, (5, 19, 0)), // utimensat
    row(89, 6, (5, 19, 0)), // acct
    row(90, 22, (5, 19, 0)), // capget
    row(91, 23, (5, 19, 0)), // capset
    row(92, 268, (5, 19, 0)), // personality
    row(93, 63, (5, 19, 0)), // exit
    row(94, 64, (5, 19, 0)), // exit_group
    row(95, 499, (5, 19, 0)), // waitid
    row(96, 373, (5, 19, 0)), // set_tid_address
    row(97, 480, (5, 19, 0)), // unshare
    row(98, 104, (5, 19, 0)), // futex
    row(99, 371, (5, 19, 0)), // set_robust_list
    row(100, 113, (5, 19, 0)), // get_robust_list
    row(101, 248, (5, 19, 0)), // nanosleep
    row(102, 128, (5, 19, 0)), // getitimer
    row(103, 385, (5, 19, 0)), // setitimer
    row(104, 177, (5, 19, 0)), // kexec_load
    row(105, 154, (5, 19, 0)), // init_module
    row(106, 47, (5, 19, 0)), // delete_module
    row(107, 454, (5, 19, 0)), // timer_create
    row(108, 457, (5, 19, 0)), // timer_gettime
    row(109, 456, (5, 19, 0)), // timer_getoverrun
    row(110, 459, (5, 19, 0)), // timer_settime
    row(111, 455, (5, 19, 0)), // timer_delete
    row(112, 37, (5, 19, 0)), // clock_settime
    row(113, 33, (5, 19, 0)), // clock_gettime
    row(114, 31, (5, 19, 0)), // clock_getres
    row(115, 35, (5, 19, 0)), // clock_nanosleep
    row(116, 449, (5, 19, 0)), // syslog
    row(117, 294, (5, 19, 0)), // ptrace
    row(118, 352, (5, 19, 0)), // sched_setparam
    row(119, 353, (5, 19, 0)), // sched_setscheduler
    row(120, 347, (5, 19, 0)), // sched_getscheduler
    row(121, 346, (5, 19, 0)), // sched_getparam
    row(122, 350, (5, 19, 0)), // sched_setaffinity
    row(123, 344, (5, 19, 0)), // sched_getaffinity
    row(124, 354, (5, 19, 0)), // sched_yield
    row(125, 342, (5, 19, 0)), // sched_get_priority_max
    row(126, 343, (5, 19, 0)), // sched_get_priority_min
    row(127, 348, (5, 19, 0)), // sched_rr_get_interval
    row(128, 321, (5, 19, 0)), // restart_syscall
    row(129, 179, (5, 19, 0)), // kill
    row(130, 468, (5, 19, 0)), // tkill
    row(131, 452, (5, 19, 0)), // tgkill
    row(132, 412, (5, 19, 0)), // sigaltstack
    row(133, 332, (5, 19, 0)), // rt_sigsuspend
    row(134, 327, (5, 19, 0)), // rt_sigaction
    row(135, 329, (5, 19, 0)), // rt_sigprocmask
    row(136, 328, (5, 19, 0)), // rt_sigpending
    row(137, 333, (5, 19, 0)), // rt_sigtimedwait
    row(138, 330, (5, 19, 0)), // rt_sigqueueinfo
    row(139, 331, (5, 19, 0)), // rt_sigreturn
    row(140, 388, (5, 19, 0)), // setpriority
    row(141, 135, (5, 19, 0)), // getpriority
    row(142, 308, (5, 19, 0)), // reboot
    row(143, 389, (5, 19, 0)), // setregid
    row(144, 380, (5, 19, 0)), // setgid
    row(145, 395, (5, 19, 0)), // setreuid
    row(146, 401, (5, 19, 0)), // setuid
    row(147, 393, (5, 19, 0)), // setresuid
    row(148, 139, (5, 19, 0)), // getresuid
    row(149, 391, (5, 19, 0)), // setresgid
    row(150, 137, (5, 19, 0)), // getresgid
    row(151, 378, (5, 19, 0)), // setfsuid
    row(152, 376, (5, 19, 0)), // setfsgid
    row(153, 467, (5, 19, 0)), // times
    row(154, 387, (5, 19, 0)), // setpgid
    row(155, 130, (5, 19, 0)), // getpgid
    row(156, 143, (5, 19, 0)), // getsid
    row(157, 398, (5, 19, 0)), // setsid
    row(158, 126, (5, 19, 0)), // getgroups
    row(159, 382, (5, 19, 0)), // setgroups
    row(160, 477, (5, 19, 0)), // uname
    row(161, 384, (5, 19, 0)), // sethostname
    row(162, 375, (5, 19, 0)), // setdomainname
    row(165, 142, (5, 19, 0)), // getrusage
    row(166, 474, (5, 19, 0)), // umask
    row(167, 281, (5, 19, 0)), // prctl
    row(168, 116, (5, 19, 0)), // getcpu
    row(169, 147, (5, 19, 0)), // gettimeofday
    row(170, 400, (5, 19, 0)), // settimeofday
    row(171, 8, (5, 19, 0)), // adjtimex
    row(172, 132, (5, 19, 0)), // getpid
    row(173, 134, (5, 19, 0)), // getppid
    row(174, 148, (5, 19, 0)), // getuid
    row(175, 122, (5, 19, 0)), // geteuid
    row(176, 124, (5, 19, 0)), // getgid
    row(177, 120, (5, 19, 0)), // getegid
    row(178, 146, (5, 19, 0)), // gettid
    row(179, 448, (5, 19, 0)), // sysinfo
    row(180, 230, (5, 19, 0)), // mq_open
    row(181, 235, (5, 19, 0)), // mq_unlink
    row(182, 233, (5, 19, 0)), // mq_timedsend
    row(183, 231, (5, 19, 0)), // mq_timedreceive
    row(184, 229, (5, 19, 0)), // mq_notify
    row(185, 228, (5, 19, 0)), // mq_getsetattr
    row(186, 239, (5, 19, 0)), // msgget
    row(187, 238, (5, 19, 0)), // msgctl
    row(188, 240, (5, 19, 0)), // msgrcv
    row(189, 241, (5, 19, 0)), // msgsnd
    row(190, 359, (5, 19, 0)), // semget
    row(191, 358, (5, 19, 0)), // semctl
    row(192, 361, (5, 19, 0)), // semtimedop
    row(193, 360, (5, 19, 0)), // semop
    row(194, 409, (5, 19, 0)), // shmget
    row(195, 407, (5, 19, 0)), // shmctl
    row(196, 406, (5, 19, 0)), // shmat
    row(197, 408, (5, 19, 0)), // shmdt
    row(198, 420, (5, 19, 0)), // socket
    row(199, 422, (5, 19, 0)), // socketpair
    row(200, 14, (5, 19, 0)), // bind
    row(201, 188, (5, 19, 0)), // listen
    row(202, 3, (5, 19, 0)), // accept
    row(203, 43, (5, 19, 0)), // connect
    row(204, 144, (5, 19, 0)), // getsockname
    row(205, 129, (5, 19, 0)), // getpeername
    row(206, 368, (5, 19, 0)), // sendto
    row(207, 310, (5, 19, 0)), // recvfrom
    row(208, 399, (5, 19, 0)), // setsockopt
    row(209, 145, (5, 19, 0)), // getsockopt
    row(210, 410, (5, 19, 0)), // shutdown
    row(211, 367, (5, 19, 0)), // sendmsg
    row(212, 313, (5, 19, 0)), // recvmsg
    row(213, 303, (5, 19, 0)), // readahead
    row(214, 18, (5, 19, 0)), // brk
    row(215, 246, (5, 19, 0)), // munmap
    row(216, 236, (5, 19, 0)), // mremap
    row(217, 7, (5, 19, 0)), // add_key
    row(218, 320, (5, 19, 0)), // request_key
    row(219, 178, (5, 19, 0)), // keyctl
    row(220, 39, (5, 19, 0)), // clone
    row(221, 61, (5, 19, 0)), // execve
    row(222, 219, (5, 19, 0)), // mmap
    row(223, 67, (5, 19, 0)), // fadvise64
    row(224, 438, (5, 19, 0)), // swapon
    row(225, 437, (5, 19, 0)), // swapoff
    row(226, 226, (5, 19, 0)), // mprotect
    row(227, 242, (5, 19, 0)), // msync
    row(228, 216, (5, 19, 0)), // mlock
    row(229, 244, (5, 19, 0)), // munlock
    row(230, 218, (5, 19, 0)), // mlockall
    row(231, 245, (5, 19, 0)), // munlockall
    row(232, 211, (5, 19, 0)), // mincore
    row(233, 204, (5, 19, 0)), // madvise
    row(234, 314, (5, 19, 0)), // remap_file_pages
    row(235, 206, (5, 19, 0)), // mbind
    row(236, 112, (5, 19, 0)), // get_mempolicy
    row(237, 369, (5, 19, 0)), // set_mempolicy
    row(238, 210, (5, 19, 0)), // migrate_pages
    row(239, 225, (5, 19, 0)), // move_pages
    row(240, 335, (5, 19, 0)), // rt_tgsigqueueinfo
    row(241, 267, (5, 19, 0)), // perf_event_open
    row(242, 4, (5, 19, 0)), // accept4
    row(243, 311, (5, 19, 0)), // recvmmsg
    row(260, 498, (5, 19, 0)), // wait4
    row(261, 285, (5, 19, 0)), // prlimit64
    row(262, 70, (5, 19, 0)), // fanotify_init
    row(263, 71, (5, 19, 0)), // fanotify_mark
    row(264, 247, (5, 19, 0)), // name_to_handle_at
    row(265, 258, (5, 19, 0)), // open_by_handle_at
    row(266, 29, (5, 19, 0)), // clock_adjtime
    row(267, 445, (5, 19, 0)), // syncfs
    row(268, 386, (5, 19, 0)), // setns
    row(269, 366, (5, 19, 0)), // sendmmsg
    row(270, 288, (5, 19, 0)), // process_vm_readv
    row(271, 289, (5, 19, 0)), // process_vm_writev
    row(272, 175, (5, 19, 0)), // kcmp
    row(273, 85, (5, 19, 0)), // finit_module
    row(274, 351, (5, 19, 0)), // sched_setattr
    row(275, 345, (5, 19, 0)), // sched_getattr
    row(276, 319, (5, 19, 0)), // renameat2
    row(277, 355, (5, 19, 0)), // seccomp
    row(278, 136, (5, 19, 0)), // getrandom
    row(279, 208, (5, 19, 0)), // memfd_create
    row(280, 15, (5, 19, 0)), // bpf
    row(281, 62, (5, 19, 0)), // execveat
    row(282, 484, (5, 19, 0)), // userfaultfd
    row(283, 207, (5, 19, 0)), // membarrier
    row(284, 217, (5, 19, 0)), // mlock2
    row(285, 44, (5, 19, 0)), // copy_file_range
    row(286, 284, (5, 19, 0)), // preadv2
    row(287, 298, (5, 19, 0)), // pwritev2
    row(288, 277, (5, 19, 0)), // pkey_mprotect
    row(289, 275, (5, 19, 0)), // pkey_alloc
    row(290, 276, (5, 19, 0)), // pkey_free
    row(291, 432, (5, 19, 0)), // statx
    row(292, 162, (5, 19, 0)), // io_pgetevents
    row(293, 325, (5, 19, 0)), // rseq
    row(294, 176, (5, 19, 0)), // kexec_file_load
    row(424, 271, (5, 19, 0)), // pidfd_send_signal
    row(425, 168, (5, 19, 0)), // io_uring_setup
    row(426, 166, (5, 19, 0)), // io_uring_enter
    row(427, 167, (5, 19, 0)), // io_uring_register
    row(428, 259, (5, 19, 0)), // open_tree
    row(429, 224, (5, 19, 0)), // move_mount
    row(430, 93, (5, 19, 0)), // fsopen
    row(431, 90, (5, 19, 0)), // fsconfig
    row(432, 92, (5, 19, 0)), // fsmount
    row(433, 94, (5, 19, 0)), // fspick
    row(434, 270, (5, 19, 0)), // pidfd_open
    row(435, 40, (5, 19, 0)), // clone3
    row(436, 42, (5, 19, 0)), // close_range
    row(437, 262, (5, 19, 0)), // openat2
    row(438, 269, (5, 19, 0)), // pidfd_getfd
    row(439, 66, (5, 19, 0)), // faccessat2
    row(440, 286, (5, 19, 0)), // process_madvise
    row(441, 56, (5, 19, 0)), // epoll_pwait2
    row(442, 223, (5, 19, 0)), // mount_setattr
    row(443, 301, (5, 19, 0)), // quotactl_fd
    row(444, 181, (5, 19, 0)), // landlock_create_ruleset
    row(445, 180, (5, 19, 0)), // landlock_add_rule
    row(446, 182, (5, 19, 0)), // landlock_restrict_self
    row(447, 209, (7, 1, 0)), // memfd_secret
    row(448, 287, (5, 19, 0)), // process_mrelease
    row(449, 108, (5, 19, 0)), // futex_waitv
    row(450, 370, (5, 19, 0)), // set_mempolicy_home_node
    row(451, 21, (6, 5, 0)), // cachestat
    row(452, 75, (6, 6, 0)), // fchmodat2
    row(453, 205, (6, 7, 0)), // map_shadow_stack
    row(454, 109, (6, 7, 0)), // futex_wake
    row(455, 107, (6, 7, 0)), // futex_wait
    row(456, 105, (6, 7, 0)), // futex_requeue
    row(457, 431, (6, 8, 0)), // statmount
    row(458, 189, (6, 8, 0)), // listmount
    row(459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(461, 200, (6, 8, 0)), // lsm_list_modules
    row(462, 237, (6, 10, 0)), // mseal
    row(463, 404, (6, 13, 0)), // setxattrat
    row(464, 151, (6, 13, 0)), // getxattrat
    row(465, 192, (6, 13, 0)), // listxattrat
    row(466, 316, (6, 13, 0)), // removexattrat
    row(467, 260, (6, 15, 0)), // open_tree_attr
    row(468, 83, (6, 17, 0)), // file_getattr
    row(469, 84, (6, 17, 0)), // file_setattr
    row(470, 190, (6, 19, 0)), // listns
    row(471, 326, (7, 0, 0)), // rseq_slice_yield
];

#[rustfmt::skip]
pub(in crate::names) static LOONGARCH64_BY_NAME: [u16; 323] = [
    198, 238, 87, 213, 167, 196, 260, 210, 302, 88, 89, 47, 49, 246, 112, 111,
    113, 110, 216, 286, 55, 287, 199, 265, 104, 23, 24, 20, 21, 22, 292, 19,
    217, 261, 91, 92, 46, 290, 219, 45, 242, 243, 48, 50, 51, 303, 53, 52,
    25, 81, 10, 319, 320, 253, 13, 32, 16, 282, 7, 283, 281, 284, 78, 42,
    80, 44, 96, 307, 306, 300, 305, 232, 98, 164, 17, 59, 173, 171, 172, 156,
    100, 201, 153, 168, 169, 139, 258, 148, 146, 161, 154, 200, 205, 174, 165, 170,
    8, 315, 103, 27, 26, 28, 3, 1, 4, 272, 0, 2, 277, 278, 276, 29,
    31, 30, 252, 274, 102, 215, 127, 296, 295, 297, 9, 37, 197, 309, 321, 11,
    316, 12, 18, 15, 60, 6, 310, 312, 311, 229, 304, 231, 263, 259, 298, 234,
    228, 34, 33, 224, 264, 226, 218, 39, 293, 280, 235, 222, 181, 180, 176, 179,
    178, 177, 212, 313, 183, 182, 184, 185, 223, 225, 227, 211, 244, 99, 77, 245,
    279, 318, 54, 288, 237, 90, 289, 285, 275, 57, 40, 269, 270, 268, 71, 163,
    65, 67, 266, 241, 291, 299, 250, 251, 70, 115, 66, 68, 267, 58, 294, 61,
    209, 76, 63, 140, 203, 239, 208, 230, 14, 317, 256, 214, 126, 273, 322, 132,
    134, 133, 136, 137, 131, 135, 236, 123, 124, 121, 255, 119, 118, 125, 120, 254,
    116, 117, 122, 257, 187, 186, 189, 188, 69, 249, 207, 202, 233, 301, 97, 94,
    160, 150, 149, 142, 157, 159, 101, 248, 152, 138, 141, 147, 145, 143, 155, 204,
    166, 144, 5, 314, 192, 191, 193, 190, 206, 130, 72, 194, 195, 74, 41, 308,
    271, 221, 220, 36, 79, 82, 247, 175, 114, 75, 129, 105, 109, 107, 106, 108,
    83, 85, 84, 151, 128, 43, 162, 38, 158, 35, 95, 262, 86, 56, 73, 240,
    93, 62, 64,
];

#[rustfmt::skip]
pub(in crate::names) static MIPS64: [Row; 373] = [
    row(5000, 302, (2, 4, 0)), // read
    row(5001, 501, (2, 4, 0)), // write
    row(5002, 257, (2, 4, 0)), // open
    row(5003, 41, (2, 4, 0)), // close
    row(5004, 427, (2, 4, 0)), // stat
    row(5005, 95, (2, 4, 0)), // fstat
    row(5006, 202, (2, 4, 0)), // lstat
    row(5007, 278, (2, 4, 0)), // poll
    row(5008, 197, (2, 4, 0)), // lseek
    row(5009, 219, (2, 4, 0)), // mmap
    row(5010, 226, (2, 4, 0)), // mprotect
    row(5011, 246, (2, 4, 0)), // munmap
    row(5012, 18, (2, 4, 0)), // brk
    row(5013, 327, (2, 4, 0)), // rt_sigaction
    row(5014, 329, (2, 4, 0)), // rt_sigprocmask
    row(5015, 169, (2, 4, 0)), // ioctl
    row(5016, 282, (2, 4, 0)), // pread64
    row(5017, 296, (2, 4, 0)), // pwrite64
    row(5018, 307, (2, 4, 0)), // readv
    row(5019, 502, (2, 4, 0)), // writev
    row(5020, 5, (2, 4, 0)), // access
    row(5021, 272, (2, 4, 0)), // pipe
    row(5022, 1, (2, 4, 0)), // _newselect
    row(5023, 354, (2, 4, 0)), // sched_yield
    row(5024, 236, (2, 4, 0)), // mremap
    row(5025, 242, (2, 4, 0)), // msync
    row(5026, 211, (2, 4, 0)), // mincore
    row(5027, 204, (2, 4, 0)), // madvise
    row(5028, 409, (2, 4, 0)), // shmget
    row(5029, 406, (2, 4, 0)), // shmat
    row(5030, 407, (2, 4, 0)), // shmctl
    row(5031, 48, (2, 4, 0)), // dup
    row(5032, 49, (2, 4, 0)), // dup2
    row(5033, 263, (2, 4, 0)), // pause
    row(5034, 248, (2, 4, 0)), // nanosleep
    row(5035, 128, (2, 4, 0)), // getitimer
    row(5036, 385, (2, 4, 0)), // setitimer
    row(5037, 10, (2, 4, 0)), // alarm
    row(5038, 132, (2, 4, 0)), // getpid
    row(5039, 364, (2, 4, 0)), // sendfile
    row(5040, 420, (2, 4, 0)), // socket
    row(5041, 43, (2, 4, 0)), // connect
    row(5042, 3, (2, 4, 0)), // accept
    row(5043, 368, (2, 4, 0)), // sendto
    row(5044, 310, (2, 4, 0)), // recvfrom
    row(5045, 367, (2, 4, 0)), // sendmsg
    row(5046, 313, (2, 4, 0)), // recvmsg
    row(5047, 410, (2, 4, 0)), // shutdown
    row(5048, 14, (2, 4, 0)), // bind
    row(5049, 188, (2, 4, 0)), // listen
    row(5050, 144, (2, 4, 0)), // getsockname
    row(5051, 129, (2, 4, 0)), // getpeername
    row(5052, 422, (2, 4, 0)), // socketpair
    row(5053, 399, (2, 4, 0)), // setsockopt
    row(5054, 145, (2, 4, 0)), // getsockopt
    row(5055, 39, (2, 4, 0)), // clone
    row(5056, 88, (2, 4, 0)), // fork
    row(5057, 61, (2, 4, 0)), // execve
    row(5058, 63, (2, 4, 0)), // exit
    row(5059, 498, (2, 4, 0)), // wait4
    row(5060, 179, (2, 4, 0)), // kill
    row(5061, 477, (2, 4, 0)), // uname
    row(5062, 359, (2, 4, 0)), // semget
    row(5063, 360, (2, 4, 0)), // semop
    row(5064, 358, (2, 4, 0)), // semctl
    row(5065, 408, (2, 4, 0)), // shmdt
    row(5066, 239, (2, 4, 0)), // msgget
    row(5067, 241, (2, 4, 0)), // msgsnd
    row(5068, 240, (2, 4, 0)), // msgrcv
    row(5069, 238, (2, 4, 0)), // msgctl
    row(5070, 79, (2, 4, 0)), // fcntl
    row(5071, 87, (2, 4, 0)), // flock
    row(5072, 100, (2, 4, 0)), // fsync
    row(5073, 81, (2, 4, 0)), // fdatasync
    row(5074, 469, (2, 4, 0)), // truncate
    row(5075, 102, (2, 4, 0)), // ftruncate
    row(5076, 118, (2, 4, 0)), // getdents
    row(5077, 117, (2, 4, 0)), // getcwd
    row(5078, 24, (2, 4, 0)), // chdir
    row(5079, 72, (2, 4, 0)), // fchdir
    row(5080, 317, (2, 4, 0)), // rename
    row(5081, 212, (2, 4, 0)), // mkdir
    row(5082, 324, (2, 4, 0)), // rmdir
    row(5083, 45, (2, 4, 0)), // creat
    row(5084, 186, (2, 4, 0)), // link
    row(5085, 478, (2, 4, 0)), // unlink
    row(5086, 440, (2, 4, 0)), // symlink
    row(5087, 305, (2, 4, 0)), // readlink
    row(5088, 25, (2, 4, 0)), // chmod
    row(5089, 73, (2, 4, 0)), // fchmod
    row(5090, 26, (2, 4, 0)), // chown
    row(5091, 76, (2, 4, 0)), // fchown
    row(5092, 183, (2, 4, 0)), // lchown
    row(5093, 474, (2, 4, 0)), // umask
    row(5094, 147, (2, 4, 0)), // gettimeofday
    row(5095, 141, (2, 4, 0)), // getrlimit
    row(5096, 142, (2, 4, 0)), // getrusage
    row(5097, 448, (2, 4, 0)), // sysinfo
    row(5098, 467, (2, 4, 0)), // times
    row(5099, 294, (2, 4, 0)), // ptrace
    row(5100, 148, (2, 4, 0)), // getuid
    row(5101, 449, (2, 4, 0)), // syslog
    row(5102, 124, (2, 4, 0)), // getgid
    row(5103, 401, (2, 4, 0)), // setuid
    row(5104, 380, (2, 4, 0)), // setgid
    row(5105, 122, (2, 4, 0)), // geteuid
    row(5106, 120, (2, 4, 0)), // getegid
    row(5107, 387, (2, 4, 0)), // setpgid
    row(5108, 134, (2, 4, 0)), // getppid
    row(5109, 131, (2, 4, 0)), // getpgrp
    row(5110, 398, (2, 4, 0)), // setsid
    row(5111, 395, (2, 4, 0)), // setreuid
    row(5112, 389, (2, 4, 0)), // setregid
    row(5113, 126, (2, 4, 0)), // getgroups
    row(5114, 382, (2, 4, 0)), // setgroups
    row(5115, 393, (2, 4, 0)), // setresuid
    row(5116, 139, (2, 4, 0)), // getresuid
    row(5117, 391, (2, 4, 0)), // setresgid
    row(5118, 137, (2, 4, 0)), // getresgid
    row(5119, 130, (2, 4, 0)), // getpgid
    row(5120, 378, (2, 4, 0)), // setfsuid
    row(5121, 376, (2, 4, 0)), // setfsgid
    row(5122, 143, (2, 4, 0)), // getsid
    row(5123, 22, (2, 4, 0)), // capget
    row(5124, 23, (2, 4, 0)), // capset
    row(5125, 328, (2, 4, 0)), // rt_sigpending
    row(5126, 333, (2, 4, 0)), // rt_sigtimedwait
    row(5127, 330, (2, 4, 0)), // rt_sigqueueinfo
    row(5128, 332, (2, 4, 0)), // rt_sigsuspend
    row(5129, 412, (2, 4, 0)), // sigaltstack
    row(5130, 488, (2, 4, 0)), // utime
    row(5131, 214, (2, 4, 0)), // mknod
    row(5132, 268, (2, 4, 0)), // personality
    row(5133, 487, (2, 4, 0)), // ustat
    row(5134, 429, (2, 4, 0)), // statfs
    row(5135, 98, (2, 4, 0)), // fstatfs
    row(5136, 447, (2, 4, 0)), // sysfs
    row(5137, 135, (2, 4, 0)), // getpriority
    row(5138, 388, (2, 4, 0)), // setpriority
    row(5139, 352, (2, 4, 0)), // sched_setparam
    row(5140, 346, (2, 4, 0)), // sched_getparam
    row(5141, 353, (2, 4, 0)), // sched_setscheduler
    row(5142, 347, (2, 4, 0)), // sched_getscheduler
    row(5143, 342, (2, 4, 0)), // sched_get_priority_max
    row(5144, 343, (2, 4, 0)), // sched_get_priority_min
    row(5145, 348, (2, 4, 0)), // sched_rr_get_interval
    row(5146, 216, (2, 4, 0)), // mlock
    row(5147, 244, (2, 4, 0)), // munlock
    row(5148, 218, (2, 4, 0)), // mlockall
    row(5149, 245, (2, 4, 0)), // munlockall
    row(5150, 493, (2, 4, 0)), // vhangup
    row(5151, 274, (2, 4, 0)), // pivot_root
    row(5152, 2, (2, 4, 0)), // _sysctl
    row(5153, 281, (2, 4, 0)), // prctl
    row(5154, 8, (2, 4, 0)), // adjtimex
    row(5155, 397, (2, 4, 0)), // setrlimit
    row(5156, 28, (2, 4, 0)), // chroot
    row(5157, 442, (2, 4, 0)), // sync
    row(5158, 6, (2, 4, 0)), // acct
    row(5159, 400, (2, 4, 0)), // settimeofday
    row(5160, 222, (2, 4, 0)), // mount
    row(5161, 476, (2, 4, 0)), // umount2
    row(5162, 438, (2, 4, 0)), // swapon
    row(5163, 437, (2, 4, 0)), // swapoff
    row(5164, 308, (2, 4, 0)), // reboot
    row(5165, 384, (2, 4, 0)), // sethostname
    row(5166, 375, (2, 4, 0)), // setdomainname
    row(5167, 46, (2, 4, 0)), // create_module
    row(5168, 154, (2, 4, 0)), // init_module
    row(5169, 47, (2, 4, 0)), // delete_module
    row(5170, 111, (2, 4, 0)), // get_kernel_syms
    row(5171, 299, (2, 4, 0)), // query_module
    row(5172, 300, (2, 4, 0)), // quotactl
    row(5173, 250, (2, 4, 0)), // nfsservctl
    row(5174, 133, (2, 4, 0)), // getpmsg
    row(5175, 295, (2, 4, 0)), // putpmsg
    row(5176, 9, (2, 4, 0)), // afs_syscall
    row(5178, 146, (2, 4, 11)), // gettid
    row(5179, 303, (2, 4, 13)), // readahead
    row(5180, 403, (2, 6, 0)), // setxattr
    row(5181, 198, (2, 6, 0)), // lsetxattr
    row(5182, 91, (2, 6, 0)), // fsetxattr
    row(5183, 150, (2, 6, 0)), // getxattr
    row(5184, 185, (2, 6, 0)), // lgetxattr
    row(5185, 82, (2, 6, 0)), // fgetxattr
    row(5186, 191, (2, 6, 0)), // listxattr
    row(5187, 193, (2, 6, 0)), // llistxattr
    row(5188, 86, (2, 6, 0)), // flistxattr
    row(5189, 315, (2, 6, 0)), // removexattr
    row(5190, 196, (2, 6, 0)), // lremovexattr
    row(5191, 89, (2, 6, 0)), // fremovexattr
    row(5192, 468, (2, 6, 0)), // tkill
    row(5194, 104, (2, 6, 0)), // futex
    row(5195, 350, (2, 6, 0)), // sched_setaffinity
    row(5196, 344, (2, 6, 0)), // sched_getaffinity
    row(5197, 20, (2, 4, 0)), // cacheflush
    row(5198, 19, (2, 4, 0)), // cachectl
    row(5199, 450, (2, 6, 0)), // sysmips
    row(5200, 164, (2, 6, 0)), // io_setup
    row(5201, 160, (2, 6, 0)), // io_destroy
    row(5202, 161, (2, 6, 0)), // io_getevents
    row(5203, 165, (2, 6, 0)), // io_submit
    row(5204, 159, (2, 6, 0)), // io_cancel
    row(5205, 64, (2, 6, 0)), // exit_group
    row(5206, 195, (2, 6, 0)), // lookup_dcookie
    row(5207, 51, (2, 6, 0)), // epoll_create
    row(5208, 53, (2, 6, 0)), // epoll_ctl
    row(5209, 57, (2, 6, 0)), // epoll_wait
    row(5210, 314, (2, 6, 0)), // remap_file_pages
    row(5211, 331, (2, 4, 0)), // rt_sigreturn
    row(5212, 373, (2, 6, 0)), // set_tid_address
    row(5213, 321, (2, 6, 0)), // restart_syscall
    row(5214, 361, (2, 6, 0)), // semtimedop
    row(5215, 67, (2, 6, 0)), // fadvise64
    row(5216, 454, (2, 6, 0)), // timer_create
    row(5217, 459, (2, 6, 0)), // timer_settime
    row(5218, 457, (2, 6, 0)), // timer_gettime
    row(5219, 456, (2, 6, 0)), // timer_getoverrun
    row(5220, 455, (2, 6, 0)), // timer_delete
    row(5221, 37, (2, 6, 0)), // clock_settime
    row(5222, 33, (2, 6, 0)), // clock_gettime
    row(5223, 31, (2, 6, 0)), // clock_getres
    row(5224, 35, (2, 6, 0)), // clock_nanosleep
    row(5225, 452, (2, 6, 0)), // tgkill
    row(5226, 491, (2, 6, 0)), // utimes
    row(5227, 206, (2, 6, 6)), // mbind
    row(5228, 112, (2, 6, 6)), // get_mempolicy
    row(5229, 369, (2, 6, 6)), // set_mempolicy
    row(5230, 230, (2, 6, 6)), // mq_open
    row(5231, 235, (2, 6, 6)), // mq_unlink
    row(5232, 233, (2, 6, 6)), // mq_timedsend
    row(5233, 231, (2, 6, 6)), // mq_timedreceive
    row(5234, 229, (2, 6, 6)), // mq_notify
    row(5235, 228, (2, 6, 6)), // mq_getsetattr
    row(5236, 497, (2, 6, 0)), // vserver
    row(5237, 499, (2, 6, 10)), // waitid
    row(5239, 7, (2, 6, 10)), // add_key
    row(5240, 320, (2, 6, 10)), // request_key
    row(5241, 178, (2, 6, 10)), // keyctl
    row(5242, 372, (2, 6, 0)), // set_thread_area
    row(5243, 156, (2, 6, 13)), // inotify_init
    row(5244, 155, (2, 6, 13)), // inotify_add_watch
    row(5245, 158, (2, 6, 13)), // inotify_rm_watch
    row(5246, 210, (2, 6, 16)), // migrate_pages
    row(5247, 261, (2, 6, 16)), // openat
    row(5248, 213, (2, 6, 16)), // mkdirat
    row(5249, 215, (2, 6, 16)), // mknodat
    row(5250, 78, (2, 6, 16)), // fchownat
    row(5251, 110, (2, 6, 16)), // futimesat
    row(5252, 249, (2, 6, 16)), // newfstatat
    row(5253, 479, (2, 6, 16)), // unlinkat
    row(5254, 318, (2, 6, 16)), // renameat
    row(5255, 187, (2, 6, 16)), // linkat
    row(5256, 441, (2, 6, 16)), // symlinkat
    row(5257, 306, (2, 6, 16)), // readlinkat
    row(5258, 74, (2, 6, 16)), // fchmodat
    row(5259, 65, (2, 6, 16)), // faccessat
    row(5260, 292, (2, 6, 16)), // pselect6
    row(5261, 279, (2, 6, 16)), // ppoll
    row(5262, 480, (2, 6, 16)), // unshare
    row(5263, 423, (2, 6, 17)), // splice
    row(5264, 443, (2, 6, 17)), // sync_file_range
    row(5265, 451, (2, 6, 17)), // tee
    row(5266, 496, (2, 6, 17)), // vmsplice
    row(5267, 225, (2, 6, 18)), // move_pages
    row(5268, 371, (2, 6, 17)), // set_robust_list
    row(5269, 113, (2, 6, 17)), // get_robust_list
    row(5270, 177, (2, 6, 13)), // kexec_load
    row(5271, 116, (2, 6, 19)), // getcpu
    row(5272, 55, (2, 6, 19)), // epoll_pwait
    row(5273, 173, (2, 6, 13)), // ioprio_set
    row(5274, 172, (2, 6, 13)), // ioprio_get
    row(5275, 489, (2, 6, 22)), // utimensat
    row(5276, 414, (2, 6, 22)), // signalfd
    row(5277, 461, (2, 6, 22)), // timerfd
    row(5278, 59, (2, 6, 22)), // eventfd
    row(5279, 69, (2, 6, 23)), // fallocate
    row(5280, 462, (2, 6, 25)), // timerfd_create
    row(5281, 463, (2, 6, 25)), // timerfd_gettime
    row(5282, 465, (2, 6, 25)), // timerfd_settime
    row(5283, 415, (2, 6, 27)), // signalfd4
    row(5284, 60, (2, 6, 27)), // eventfd2
    row(5285, 52, (2, 6, 27)), // epoll_create1
    row(5286, 50, (2, 6, 27)), // dup3
    row(5287, 273, (2, 6, 27)), // pipe2
    row(5288, 157, (2, 6, 27)), // inotify_init1
    row(5289, 283, (2, 6, 30)), // preadv
    row(5290, 297, (2, 6, 30)), // pwritev
    row(5291, 335, (2, 6, 31)), // rt_tgsigqueueinfo
    row(5292, 267, (2, 6, 31)), // perf_event_open
    row(5293, 4, (2, 6, 31)), // accept4
    row(5294, 311, (2, 6, 33)), // recvmmsg
    row(5295, 70, (2, 6, 37)), // fanotify_init
    row(5296, 71, (2, 6, 37)), // fanotify_mark
    row(5297, 285, (2, 6, 36)), // prlimit64
    row(5298, 247, (2, 6, 39)), // name_to_handle_at
    row(5299, 258, (2, 6, 39)), // open_by_handle_at
    row(5300, 29, (2, 6, 39)), // clock_adjtime
    row(5301, 445, (2, 6, 39)), // syncfs
    row(5302, 366, (3, 0, 0)), // sendmmsg
    row(5303, 386, (3, 0, 0)), // setns
    row(5304, 288, (3, 2, 0)), // process_vm_readv
    row(5305, 289, (3, 2, 0)), // process_vm_writev
    row(5306, 175, (3, 5, 0)), // kcmp
    row(5307, 85, (3, 8, 0)), // finit_module
    row(5308, 119, (3, 10, 0)), // getdents64
    row(5309, 351, (3, 14, 0)), // sched_setattr
    row(5310, 345, (3, 14, 0)), // sched_getattr
    row(5311, 319, (3, 15, 0)), // renameat2
    row(5312, 355, (3, 17, 0)), // seccomp
    row(5313, 136, (3, 17, 0)), // getrandom
    row(5314, 208, (3, 17, 0)), // memfd_create
    row(5315, 15, (3, 18, 0)), // bpf
    row(5316, 62, (3, 19, 0)), // execveat
    row(5317, 484, (4, 3, 0)), // userfaultfd
    row(5318, 207, (4, 3, 0)), // membarrier
    row(5319, 217, (4, 4, 0)), // mlock2
    row(5320, 44, (4, 5, 0)), // copy_file_range
    row(5321, 284, (4, 6, 0)), // preadv2
    row(5322, 298, (4, 6, 0)), // pwritev2
    row(5323, 277, (4, 9, 0)), // pkey_mprotect
    row(5324, 275, (4, 9, 0)), // pkey_alloc
    row(5325, 276, (4, 9, 0)), // pkey_free
    row(5326, 432, (4, 12, 0)), // statx
    row(5327, 325, (4, 18, 0)), // rseq
    row(5328, 162, (4, 18, 0)), // io_pgetevents
    row(5424, 271, (5, 1, 0)), // pidfd_send_signal
    row(5425, 168, (5, 1, 0)), // io_uring_setup
    row(5426, 166, (5, 1, 0)), // io_uring_enter
    row(5427, 167, (5, 1, 0)), // io_uring_register
    row(5428, 259, (5, 2, 0)), // open_tree
    row(5429, 224, (5, 2, 0)), // move_mount
    row(5430, 93, (5, 2, 0)), // fsopen
    row(5431, 90, (5, 2, 0)), // fsconfig
    row(5432, 92, (5, 2, 0)), // fsmount
    row(5433, 94, (5, 2, 0)), // fspick
    row(5434, 270, (5, 3, 0)), // pidfd_open
    row(5435, 40, (5, 4, 0)), // clone3
    row(5436, 42, (5, 9, 0)), // close_range
    row(5437, 262, (5, 6, 0)), // openat2
    row(5438, 269, (5, 6, 0)), // pidfd_getfd
    row(5439, 66, (5, 8, 0)), // faccessat2
    row(5440, 286, (5, 10, 0)), // process_madvise
    row(5441, 56, (5, 11, 0)), // epoll_pwait2
    row(5442, 223, (5, 12, 0)), // mount_setattr
    row(5443, 301, (5, 14, 0)), // quotactl_fd
    row(5444, 181, (5, 13, 0)), // landlock_create_ruleset
    row(5445, 180, (5, 13, 0)), // landlock_add_rule
    row(5446, 182, (5, 13, 0)), // landlock_restrict_self
    row(5448, 287, (5, 15, 0)), // process_mrelease
    row(5449, 108, (5, 16, 0)), // futex_waitv
    row(5450, 370, (5, 17, 0)), // set_mempolicy_home_node
    row(5451, 21, (6, 5, 0)), // cachestat
    row(5452, 75, (6, 6, 0)), // fchmodat2
    row(5453, 205, (6, 7, 0)), // map_shadow_stack
    row(5454, 109, (6, 7, 0)), // futex_wake
    row(5455, 107, (6, 7, 0)), // futex_wait
    row(5456, 105, (6, 7, 0)), // futex_requeue
    row(5457, 431, (6, 8, 0)), // statmount
    row(5458, 189, (6, 8, 0)), // listmount
    row(5459, 199, (6, 8, 0)), // lsm_get_self_attr
    row(5460, 201, (6, 8, 0)), // lsm_set_self_attr
    row(5461, 200, (6, 8, 0)), // lsm_list_modules
    row(5462, 237, (6, 10, 0)), // mseal
    row(5463, 404, (6, 13, 0)), // setxattrat
    row(5464, 151, (6, 13, 0)), // getxattrat
    row(5465, 192, (6, 13, 0)), // listxattrat
    row(5466, 316, (6, 13, 0)), // removexattrat
    row(5467, 260, (6, 15, 0)), // open_tree_attr
    row(5468, 83, (6, 17, 0)), // file_getattr
    row(5469, 84, (6, 17, 0)), // file_setattr
    row(5470, 190, (6, 19, 0)), // listns
    row(5471, 326, (7, 0, 0)), // rseq_slice_yield
];

#[rustfmt::skip]
pub(in crate::names) static MIPS64_BY_NAME: [u16; 373] = [
    22, 152, 42, 290, 20, 158, 236, 154, 176, 37, 48, 312, 12, 196, 195, 352,
    123, 124, 78, 88, 90, 156, 297, 221, 220, 222, 219, 55, 337, 3, 338, 41,
    317, 83, 167, 169, 31, 32, 283, 205, 282, 206, 269, 343, 207, 275, 281, 57,
    313, 58, 203, 256, 341, 213, 276, 292, 293, 79, 89, 255, 353, 91, 247, 70,
    73, 184, 369, 370, 304, 187, 71, 56, 190, 333, 181, 334, 332, 335, 5, 135,
    72, 75, 192, 357, 356, 350, 355, 248, 170, 226, 266, 268, 77, 76, 305, 106,
    105, 102, 113, 35, 51, 119, 109, 38, 174, 108, 137, 310, 118, 116, 95, 96,
    122, 50, 54, 177, 94, 100, 182, 365, 168, 241, 240, 285, 242, 202, 199, 200,
    325, 198, 201, 328, 329, 327, 15, 271, 270, 303, 267, 238, 60, 347, 346, 348,
    92, 183, 84, 252, 49, 359, 371, 185, 366, 186, 204, 189, 8, 180, 360, 362,
    361, 6, 27, 354, 225, 315, 311, 243, 26, 81, 245, 131, 246, 146, 316, 148,
    9, 160, 344, 331, 264, 10, 233, 232, 228, 231, 230, 229, 24, 363, 69, 66,
    68, 67, 25, 147, 149, 11, 295, 34, 249, 173, 2, 296, 330, 368, 244, 339,
    33, 289, 132, 340, 336, 326, 21, 284, 151, 321, 322, 320, 7, 258, 153, 16,
    286, 318, 294, 342, 349, 301, 302, 257, 99, 175, 17, 287, 319, 171, 172, 345,
    0, 178, 87, 254, 18, 164, 44, 291, 46, 208, 188, 367, 80, 251, 308, 237,
    211, 82, 324, 372, 13, 125, 14, 127, 209, 128, 126, 288, 143, 144, 194, 307,
    140, 142, 145, 193, 306, 139, 141, 23, 309, 64, 62, 63, 212, 39, 299, 45,
    43, 227, 351, 265, 239, 210, 166, 121, 120, 104, 114, 165, 36, 300, 107, 138,
    112, 117, 115, 111, 155, 110, 53, 159, 103, 179, 364, 29, 30, 65, 28, 47,
    129, 273, 280, 40, 52, 260, 4, 134, 358, 323, 163, 162, 86, 253, 157, 261,
    298, 136, 97, 101, 197, 262, 223, 214, 218, 217, 216, 215, 274, 277, 278, 279,
    98, 191, 74, 93, 161, 61, 85, 250, 259, 314, 133, 130, 272, 224, 150, 263,
    234, 59, 235, 1, 19,
];
