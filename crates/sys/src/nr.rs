//! System call numbers, one row a call: x86_64 and aarch64.
//!
//! Source: `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h` (which aarch64 uses). Only calls
//! that exist under the same name on both are here, so the wrappers need no second way (`openat` and never `open`).

macro_rules! numbers {
    ($($name:ident $x86_64:literal $aarch64:literal)*) => {
        $(
            #[cfg(target_arch = "x86_64")]
            pub(crate) const $name: usize = $x86_64;
            #[cfg(target_arch = "aarch64")]
            pub(crate) const $name: usize = $aarch64;
        )*

        /// Every row of the table, for the comparison with the C headers: name, x86_64, aarch64.
        #[cfg(test)]
        pub(crate) const TABLE: &[(&str, usize, usize)] = &[$((stringify!($name), $x86_64, $aarch64)),*];
    };
}

numbers! {
    ACCEPT4 288 242
    BIND 49 200
    BPF 321 280
    CAPGET 125 90
    CAPSET 126 91
    CHDIR 80 49
    CHROOT 161 51
    CLOCK_GETTIME 228 113
    CLOCK_NANOSLEEP 230 115
    CLONE 56 220
    CLONE3 435 435
    CLOSE 3 57
    CLOSE_RANGE 436 436
    CONNECT 42 203
    DUP 32 23
    DUP3 292 24
    EVENTFD2 290 19
    EXECVE 59 221
    EXECVEAT 322 281
    EXIT_GROUP 231 94
    FACCESSAT2 439 439
    FCHDIR 81 50
    FCHMOD 91 52
    FCHMODAT 268 53
    FCHOWN 93 55
    FCHOWNAT 260 54
    FCNTL 72 25
    FGETXATTR 193 10
    FLOCK 73 32
    FSCONFIG 431 431
    FSMOUNT 432 432
    FSOPEN 430 430
    FSPICK 433 433
    FSTATFS 138 44
    FSYNC 74 82
    FTRUNCATE 77 46
    GETDENTS64 217 61
    GETEGID 108 177
    GETEUID 107 175
    GETGID 104 176
    GETGROUPS 115 158
    GETPGID 121 155
    GETPID 39 172
    GETPPID 110 173
    GETPRIORITY 140 141
    GETRANDOM 318 278
    GETRESGID 120 150
    GETRESUID 118 148
    GETSID 124 156
    GETTID 186 178
    GETUID 102 174
    INOTIFY_ADD_WATCH 254 27
    INOTIFY_INIT1 294 26
    IOCTL 16 29
    IOPRIO_SET 251 30
    KEYCTL 250 219
    KILL 62 129
    LANDLOCK_ADD_RULE 445 445
    LANDLOCK_CREATE_RULESET 444 444
    LANDLOCK_RESTRICT_SELF 446 446
    LINKAT 265 37
    LISTEN 50 201
    LSEEK 8 62
    MEMFD_CREATE 319 279
    MKDIRAT 258 34
    MKNODAT 259 33
    MMAP 9 222
    MOUNT 165 40
    MOUNT_SETATTR 442 442
    MOVE_MOUNT 429 429
    MUNMAP 11 215
    OPEN_TREE 428 428
    OPENAT 257 56
    OPENAT2 437 437
    PERSONALITY 135 92
    PIDFD_GETFD 438 438
    PIDFD_OPEN 434 434
    PIDFD_SEND_SIGNAL 424 424
    PIPE2 293 59
    PIVOT_ROOT 155 41
    PPOLL 271 73
    PRCTL 157 167
    PREAD64 17 67
    PRLIMIT64 302 261
    PTRACE 101 117
    PWRITE64 18 68
    READ 0 63
    READLINKAT 267 78
    RECVMSG 47 212
    RENAMEAT2 316 276
    RT_SIGACTION 13 134
    RT_SIGPROCMASK 14 135
    RT_SIGTIMEDWAIT 128 137
    SCHED_YIELD 24 124
    SECCOMP 317 277
    SENDFILE 40 71
    SENDMSG 46 211
    SETDOMAINNAME 171 162
    SETGROUPS 116 159
    SETHOSTNAME 170 161
    SETNS 308 268
    SETPGID 109 154
    SETPRIORITY 141 140
    SETRESGID 119 149
    SETRESUID 117 147
    SETSID 112 157
    SHUTDOWN 48 210
    SIGNALFD4 289 74
    SOCKET 41 198
    SOCKETPAIR 53 199
    STATFS 137 43
    STATX 332 291
    SYMLINKAT 266 36
    TGKILL 234 131
    TIMERFD_CREATE 283 85
    TIMERFD_SETTIME 286 86
    UMASK 95 166
    UMOUNT2 166 39
    UNAME 63 160
    UNLINKAT 263 35
    UNSHARE 272 97
    WAIT4 61 260
    WAITID 247 95
    WRITE 1 64
    WRITEV 20 66
}
