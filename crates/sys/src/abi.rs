//! Compares every constant and structure of this crate with the C headers of the machine that runs the tests.
//!
//! The headers may be older than the crate: constants that they lack are counted, and must be on the list of those that
//! are known to be new. Without a C compiler the comparison is skipped aloud.

use crate::{
    Errno, bpf, caps, event, file, landlock, limits, memory, mount, net, pidfd, prctl, process,
};
use crate::{nr, seccomp, signal, stat, terminal, time, wait};
use std::collections::BTreeMap;
use std::format;
use std::io::Write as _;
use std::mem::offset_of;
use std::process::{Command, Stdio};
use std::string::{String, ToString as _};
use std::vec::Vec;

/// What Debian 12's headers (6.1) lack.
const NEW: &[&str] = &[
    "MFD_EXEC",
    "MFD_NOEXEC_SEAL",
    "LANDLOCK_ACCESS",
    "LANDLOCK_SCOPE",
    "LANDLOCK_RESTRICT",
    "LANDLOCK_RULE_NET_PORT",
    "MOVE_MOUNT_BENEATH",
    "PR_SET_MDWE",
    "PR_GET_MDWE",
    "PID_FS_MAGIC",
    "FSCONFIG_CMD_CREATE_EXCL",
    "F_SEAL_EXEC",
    "STATX_MNT_ID_UNIQUE",
];

const KERNEL: &str = "
#include <stddef.h>
#include <linux/types.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <linux/mount.h>
#include <linux/landlock.h>
#include <linux/bpf.h>
#include <linux/inotify.h>
#include <linux/seccomp.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>
#include <linux/memfd.h>
#include <linux/close_range.h>
#include <linux/signalfd.h>
#include <linux/timerfd.h>
#include <linux/time_types.h>
#include <linux/resource.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/auxvec.h>
#include <linux/utsname.h>
#include <linux/ioprio.h>
#include <linux/fs.h>
#include <asm/statfs.h>
#include <asm/signal.h>
#include <asm/siginfo.h>
#include <asm/poll.h>
#include <asm/termbits.h>
#include <asm/ioctls.h>
#include <linux/mman.h>
#include <asm/unistd.h>
int printf(const char *, ...);
";

const LIBRARY: &str = "
#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <net/if.h>
#include <poll.h>
";

#[derive(Default)]
struct Rows(Vec<(String, u64)>);

impl Rows {
    fn one(&mut self, name: &str, value: impl TryInto<u64>) {
        let value = value
            .try_into()
            .unwrap_or_else(|_| panic!("{name} is negative"));
        self.0.push((name.to_string(), value));
    }

    /// The flags of a type, with the prefix that the headers use and the names that differ there ("" leaves out).
    fn flags<T: Copy>(
        &mut self,
        prefix: &str,
        names: &[(&str, T)],
        bits: impl Fn(T) -> u64,
        other: &[(&str, &str)],
    ) {
        for (name, flag) in names {
            match other.iter().find(|(ours, _)| ours == name) {
                Some((_, "")) => {}
                Some((_, theirs)) => self.one(theirs, bits(*flag)),
                None => self.one(&format!("{prefix}{name}"), bits(*flag)),
            }
        }
    }
}

macro_rules! structure {
    ($rows:ident, $c:literal, $rust:ty { $($field:ident $(= $theirs:literal)?),* }) => {
        $rows.one(concat!("sizeof(", $c, ")"), size_of::<$rust>());
        $(
            let theirs = [$($theirs,)? stringify!($field)][0];
            $rows.one(&format!("offsetof({}, {theirs})", $c), offset_of!($rust, $field));
        )*
    };
}

fn kernel_constants(rows: &mut Rows) {
    for errno in Errno::ALL {
        rows.one(errno.name().unwrap(), errno.raw());
    }
    for signal in signal::Signal::all().take(31) {
        rows.one(signal.name().unwrap(), signal.raw());
    }
    for (name, x86_64, aarch64) in nr::TABLE {
        let name = format!("__NR_{}", name.to_lowercase());
        rows.one(
            &name,
            if cfg!(target_arch = "aarch64") {
                *aarch64
            } else {
                *x86_64
            },
        );
    }
    let wide = |bits: u32| u64::from(bits);
    rows.flags("O_", file::OpenFlags::NAMES, |f| wide(f.bits()), &[]);
    rows.flags("RESOLVE_", file::Resolve::NAMES, file::Resolve::bits, &[]);
    rows.flags("AT_", file::AtFlags::NAMES, |f| wide(f.bits()), &[]);
    rows.flags("RENAME_", file::RenameFlags::NAMES, |f| wide(f.bits()), &[]);
    rows.flags("F_SEAL_", file::Seals::NAMES, |f| wide(f.bits()), &[]);
    rows.flags("MFD_", memory::MemfdFlags::NAMES, |f| wide(f.bits()), &[]);
    rows.flags(
        "CLONE_",
        process::CloneFlags::NAMES,
        process::CloneFlags::bits,
        &[],
    );
    let wait = [
        ("STOPPED", "WSTOPPED"),
        ("ALL", "__WALL"),
        ("CLONE", "__WCLONE"),
    ];
    rows.flags("W", wait::WaitFlags::NAMES, |f| wide(f.bits()), &wait);
    rows.flags(
        "SFD_",
        signal::SignalfdFlags::NAMES,
        |f| wide(f.bits()),
        &[],
    );
    rows.flags("POLL", event::Poll::NAMES, |f| u64::from(f.bits()), &[]);
    rows.flags("IN_", event::Watch::NAMES, |f| wide(f.bits()), &[]);
    rows.flags(
        "CLOSE_RANGE_",
        pidfd::CloseRange::NAMES,
        |f| wide(f.bits()),
        &[],
    );
    rows.flags(
        "FSPICK_",
        mount::FspickFlags::NAMES,
        |f| wide(f.bits()),
        &[],
    );
    let atime = [("ATIME_MASK", "MOUNT_ATTR__ATIME")];
    rows.flags(
        "MOUNT_ATTR_",
        mount::MountAttr::NAMES,
        mount::MountAttr::bits,
        &atime,
    );
    let moving = [
        ("SET_GROUP", "MOVE_MOUNT_SET_GROUP"),
        ("BENEATH", "MOVE_MOUNT_BENEATH"),
    ];
    rows.flags(
        "MOVE_MOUNT_",
        mount::MoveMount::NAMES,
        |f| wide(f.bits()),
        &moving,
    );
    rows.flags("MS_", mount::MsFlags::NAMES, mount::MsFlags::bits, &[]);
    rows.flags(
        "LANDLOCK_ACCESS_FS_",
        landlock::FsRights::NAMES,
        landlock::FsRights::bits,
        &[],
    );
    rows.flags(
        "LANDLOCK_ACCESS_NET_",
        landlock::NetRights::NAMES,
        landlock::NetRights::bits,
        &[],
    );
    rows.flags(
        "LANDLOCK_SCOPE_",
        landlock::Scopes::NAMES,
        landlock::Scopes::bits,
        &[],
    );
    rows.flags(
        "LANDLOCK_RESTRICT_SELF_",
        landlock::RestrictFlags::NAMES,
        |f| wide(f.bits()),
        &[],
    );
    rows.flags(
        "SECCOMP_FILTER_FLAG_",
        seccomp::FilterFlags::NAMES,
        |f| wide(f.bits()),
        &[],
    );
    for (name, flag) in prctl::Securebits::NAMES {
        rows.one(&format!("(1 << SECURE_{name})"), flag.bits());
    }
    for (name, kind) in [
        ("S_IFIFO", stat::FileType::Fifo),
        ("S_IFCHR", stat::FileType::Character),
        ("S_IFDIR", stat::FileType::Directory),
        ("S_IFBLK", stat::FileType::Block),
        ("S_IFREG", stat::FileType::Regular),
        ("S_IFLNK", stat::FileType::Symlink),
        ("S_IFSOCK", stat::FileType::Socket),
    ] {
        rows.one(name, kind.bits());
    }
    for (name, resource) in [
        ("CPU", limits::Resource::Cpu),
        ("FSIZE", limits::Resource::FileSize),
        ("DATA", limits::Resource::Data),
        ("STACK", limits::Resource::Stack),
        ("CORE", limits::Resource::Core),
        ("RSS", limits::Resource::Rss),
        ("NPROC", limits::Resource::Processes),
        ("NOFILE", limits::Resource::OpenFiles),
        ("MEMLOCK", limits::Resource::LockedMemory),
        ("AS", limits::Resource::AddressSpace),
        ("LOCKS", limits::Resource::Locks),
        ("SIGPENDING", limits::Resource::PendingSignals),
        ("MSGQUEUE", limits::Resource::MessageQueues),
        ("NICE", limits::Resource::Nice),
        ("RTPRIO", limits::Resource::RealtimePriority),
        ("RTTIME", limits::Resource::RealtimeTime),
    ] {
        rows.one(&format!("RLIMIT_{name}"), resource as u32);
    }
    for (name, value) in [
        ("PROC_SUPER_MAGIC", stat::magic::PROC),
        ("SYSFS_MAGIC", stat::magic::SYSFS),
        ("TMPFS_MAGIC", stat::magic::TMPFS),
        ("CGROUP_SUPER_MAGIC", stat::magic::CGROUP),
        ("CGROUP2_SUPER_MAGIC", stat::magic::CGROUP2),
        ("DEVPTS_SUPER_MAGIC", stat::magic::DEVPTS),
        ("OVERLAYFS_SUPER_MAGIC", stat::magic::OVERLAY),
        ("NSFS_MAGIC", stat::magic::NSFS),
        ("PID_FS_MAGIC", stat::magic::PIDFS),
        ("MS_UNBINDABLE", mount::Propagation::Unbindable as u64),
        ("MS_PRIVATE", mount::Propagation::Private as u64),
        ("MS_SLAVE", mount::Propagation::Slave as u64),
        ("MS_SHARED", mount::Propagation::Shared as u64),
        ("_LINUX_CAPABILITY_VERSION_3", 0x2008_0522),
        ("SIG_BLOCK", signal::Mask::Block as u64),
        ("SIG_UNBLOCK", signal::Mask::Unblock as u64),
        ("SIG_SETMASK", signal::Mask::Set as u64),
    ] {
        rows.one(name, value);
    }
    // Numbers that are written where they are used.
    for (name, value) in [
        ("PROT_READ", 1u64),
        ("PROT_WRITE", 2),
        ("MAP_SHARED", 1),
        ("MAP_PRIVATE", 2),
        ("MAP_ANONYMOUS", 0x20),
        ("F_DUPFD_CLOEXEC", 1030),
        ("F_GETFD", 1),
        ("F_SETFD", 2),
        ("F_GETFL", 3),
        ("F_SETFL", 4),
        ("F_ADD_SEALS", 1033),
        ("F_GET_SEALS", 1034),
        ("CLONE_PIDFD", 0x1000),
        ("CLONE_INTO_CGROUP", 0x2_0000_0000),
        ("P_ALL", 0),
        ("P_PID", 1),
        ("P_PGID", 2),
        ("P_PIDFD", 3),
        ("CLD_EXITED", 1),
        ("CLD_KILLED", 2),
        ("CLD_DUMPED", 3),
        ("CLD_TRAPPED", 4),
        ("CLD_STOPPED", 5),
        ("CLD_CONTINUED", 6),
        ("PR_SET_PDEATHSIG", 1),
        ("PR_GET_PDEATHSIG", 2),
        ("PR_GET_DUMPABLE", 3),
        ("PR_SET_DUMPABLE", 4),
        ("PR_GET_KEEPCAPS", 7),
        ("PR_SET_KEEPCAPS", 8),
        ("PR_SET_NAME", 15),
        ("PR_GET_SECCOMP", 21),
        ("PR_CAPBSET_READ", 23),
        ("PR_CAPBSET_DROP", 24),
        ("PR_GET_SECUREBITS", 27),
        ("PR_SET_SECUREBITS", 28),
        ("PR_SET_CHILD_SUBREAPER", 36),
        ("PR_SET_NO_NEW_PRIVS", 38),
        ("PR_GET_NO_NEW_PRIVS", 39),
        ("PR_CAP_AMBIENT", 47),
        ("PR_CAP_AMBIENT_IS_SET", 1),
        ("PR_CAP_AMBIENT_RAISE", 2),
        ("PR_CAP_AMBIENT_CLEAR_ALL", 4),
        ("PR_GET_SPECULATION_CTRL", 52),
        ("PR_SET_SPECULATION_CTRL", 53),
        ("PR_SPEC_FORCE_DISABLE", 8),
        ("PR_SPEC_L1D_FLUSH", 2),
        ("PR_SET_MDWE", 65),
        ("PR_GET_MDWE", 66),
        ("FSOPEN_CLOEXEC", 1),
        ("FSPICK_CLOEXEC", 1),
        ("FSMOUNT_CLOEXEC", 1),
        ("FSCONFIG_SET_FLAG", 0),
        ("FSCONFIG_SET_STRING", 1),
        ("FSCONFIG_SET_FD", 5),
        ("FSCONFIG_CMD_CREATE", 6),
        ("FSCONFIG_CMD_RECONFIGURE", 7),
        ("FSCONFIG_CMD_CREATE_EXCL", 8),
        ("OPEN_TREE_CLONE", 1),
        ("OPEN_TREE_CLOEXEC", 0o2_000_000),
        ("TCGETS", 0x5401),
        ("TCSETS", 0x5402),
        ("TCSETSW", 0x5403),
        ("TCSETSF", 0x5404),
        ("TIOCSCTTY", 0x540e),
        ("TIOCGPGRP", 0x540f),
        ("TIOCSPGRP", 0x5410),
        ("TIOCGWINSZ", 0x5413),
        ("TIOCSWINSZ", 0x5414),
        ("TIOCNOTTY", 0x5422),
        ("TIOCGPTN", 0x8004_5430),
        ("TIOCSPTLCK", 0x4004_5431),
        ("TIOCGPTPEER", 0x5441),
        ("LANDLOCK_CREATE_RULESET_VERSION", 1),
        ("LANDLOCK_RULE_PATH_BENEATH", 1),
        ("LANDLOCK_RULE_NET_PORT", 2),
        ("SECCOMP_SET_MODE_FILTER", 1),
        ("SECCOMP_GET_ACTION_AVAIL", 2),
        ("SECCOMP_GET_NOTIF_SIZES", 3),
        ("SECCOMP_FILTER_FLAG_NEW_LISTENER", 8),
        ("SECCOMP_USER_NOTIF_FLAG_CONTINUE", 1),
        ("SECCOMP_ADDFD_FLAG_SEND", 2),
        ("SECCOMP_IOCTL_NOTIF_RECV", 0xc050_2100),
        ("SECCOMP_IOCTL_NOTIF_SEND", 0xc018_2101),
        ("SECCOMP_IOCTL_NOTIF_ID_VALID", 0x4008_2102),
        ("SECCOMP_IOCTL_NOTIF_ADDFD", 0x4018_2103),
        ("PTRACE_SEIZE", 0x4206),
        ("PTRACE_INTERRUPT", 0x4207),
        ("PTRACE_DETACH", 17),
        ("PTRACE_SECCOMP_GET_FILTER", 0x420c),
        ("PTRACE_SECCOMP_GET_METADATA", 0x420d),
        ("BPF_MAXINSNS", 4096),
        (
            "(BPF_PROG_TYPE_CGROUP_DEVICE)",
            bpf::CGROUP_DEVICE_PROGRAM.into(),
        ),
        ("(BPF_CGROUP_DEVICE)", bpf::CGROUP_DEVICE.into()),
        ("BPF_F_ALLOW_MULTI", bpf::ALLOW_MULTI.into()),
        ("BPF_F_REPLACE", bpf::REPLACE.into()),
        ("(BPF_PROG_LOAD)", bpf::PROG_LOAD.into()),
        ("(BPF_PROG_ATTACH)", bpf::PROG_ATTACH.into()),
        ("(BPF_PROG_DETACH)", bpf::PROG_DETACH.into()),
        ("(BPF_PROG_GET_FD_BY_ID)", bpf::PROG_GET_FD_BY_ID.into()),
        ("(BPF_PROG_QUERY)", bpf::PROG_QUERY.into()),
        ("KEYCTL_JOIN_SESSION_KEYRING", 1),
        ("STATX_BASIC_STATS", 0x7ff),
        ("STATX_MNT_ID", 0x1000),
        ("STATX_MNT_ID_UNIQUE", 0x4000),
        ("STATX_ATTR_MOUNT_ROOT", 0x2000),
        ("IOPRIO_WHO_PROCESS", 1),
        ("IOPRIO_CLASS_SHIFT", 13),
        ("AT_RANDOM", 25),
        ("AT_SECURE", 23),
        ("AT_EXECFN", 31),
        ("AT_PAGESZ", 6),
        ("VMIN", 6),
        ("VTIME", 5),
        ("PRIO_PROCESS", 0),
    ] {
        rows.one(name, value);
    }
}

fn kernel_structures(rows: &mut Rows) {
    structure!(
        rows,
        "struct open_how",
        file::OpenHow {
            flags,
            mode,
            resolve
        }
    );
    structure!(
        rows,
        "struct clone_args",
        process::CloneArgs {
            flags,
            pidfd,
            child_tid,
            parent_tid,
            exit_signal,
            stack,
            stack_size,
            tls,
            set_tid,
            set_tid_size,
            cgroup
        }
    );
    rows.one(
        "offsetof(union bpf_attr, prog_name)",
        offset_of!(bpf::Load, prog_name),
    );
    rows.one(
        "offsetof(union bpf_attr, prog_flags)",
        offset_of!(bpf::Load, prog_flags),
    );
    rows.one(
        "offsetof(union bpf_attr, replace_bpf_fd)",
        offset_of!(bpf::Attachment, replace_bpf_fd),
    );
    rows.one(
        "offsetof(union bpf_attr, query.prog_ids)",
        offset_of!(bpf::Asked, prog_ids),
    );
    rows.one(
        "offsetof(union bpf_attr, query.prog_cnt)",
        offset_of!(bpf::Asked, prog_cnt),
    );
    rows.one(
        "offsetof(union bpf_attr, query.prog_attach_flags)",
        offset_of!(bpf::Asked, prog_attach_flags),
    );
    structure!(rows, "siginfo_t", wait::ChildInfo {
        signo = "si_signo", errno = "si_errno", code = "si_code", pid = "si_pid", uid = "si_uid", status = "si_status"
    });
    structure!(rows, "struct signalfd_siginfo", signal::SignalInfo {
        signo = "ssi_signo", errno = "ssi_errno", code = "ssi_code", pid = "ssi_pid", uid = "ssi_uid"
    });
    structure!(rows, "struct rusage", wait::RawUsage { utime = "ru_utime", stime = "ru_stime", maxrss = "ru_maxrss" });
    structure!(rows, "struct statx", stat::Statx {
        mask = "stx_mask", blksize = "stx_blksize", attributes = "stx_attributes", nlink = "stx_nlink",
        uid = "stx_uid", gid = "stx_gid", mode = "stx_mode", ino = "stx_ino", size = "stx_size", blocks = "stx_blocks",
        attributes_mask = "stx_attributes_mask", atime = "stx_atime", btime = "stx_btime", ctime = "stx_ctime",
        mtime = "stx_mtime", rdev_major = "stx_rdev_major", rdev_minor = "stx_rdev_minor", dev_major = "stx_dev_major",
        dev_minor = "stx_dev_minor", mnt_id = "stx_mnt_id"
    });
    structure!(rows, "struct statx_timestamp", stat::Moment { seconds = "tv_sec", nanoseconds = "tv_nsec" });
    structure!(rows, "struct statfs", stat::RawStatfs {
        kind = "f_type", bsize = "f_bsize", blocks = "f_blocks", bfree = "f_bfree", bavail = "f_bavail",
        files = "f_files", ffree = "f_ffree", fsid = "f_fsid", namelen = "f_namelen", frsize = "f_frsize",
        flags = "f_flags", spare = "f_spare"
    });
    structure!(
        rows,
        "struct mount_attr",
        mount::RawAttr {
            attr_set,
            attr_clr,
            propagation,
            userns_fd
        }
    );
    structure!(
        rows,
        "struct landlock_path_beneath_attr",
        landlock::PathBeneath {
            allowed_access,
            parent_fd
        }
    );
    rows.one(
        "offsetof(struct landlock_ruleset_attr, handled_access_fs)",
        offset_of!(landlock::Handled, fs),
    );
    structure!(
        rows,
        "struct seccomp_data",
        seccomp::CallData {
            nr,
            arch,
            instruction_pointer,
            args
        }
    );
    structure!(
        rows,
        "struct seccomp_notif",
        seccomp::Notification {
            id,
            pid,
            flags,
            data
        }
    );
    rows.one(
        "sizeof(struct seccomp_notif_resp)",
        size_of::<seccomp::Response>(),
    );
    structure!(rows, "struct seccomp_notif_sizes", seccomp::NotifSizes {
        notification = "seccomp_notif", response = "seccomp_notif_resp", data = "seccomp_data"
    });
    structure!(
        rows,
        "struct seccomp_notif_addfd",
        seccomp::AddFd {
            id,
            flags,
            srcfd,
            newfd,
            newfd_flags
        }
    );
    structure!(
        rows,
        "struct sock_filter",
        seccomp::SockFilter { code, jt, jf, k }
    );
    structure!(
        rows,
        "struct sock_fprog",
        seccomp::SockFprog { len, filter }
    );
    structure!(
        rows,
        "struct __user_cap_header_struct",
        caps::Header { version, pid }
    );
    structure!(
        rows,
        "struct __user_cap_data_struct",
        caps::Data {
            effective,
            permitted,
            inheritable
        }
    );
    structure!(rows, "struct __kernel_timespec", time::Timespec { seconds = "tv_sec", nanoseconds = "tv_nsec" });
    structure!(rows, "struct rlimit64", limits::Limit { soft = "rlim_cur", hard = "rlim_max" });
    structure!(rows, "struct termios", terminal::Termios {
        input = "c_iflag", output = "c_oflag", control = "c_cflag", local = "c_lflag", discipline = "c_line",
        characters = "c_cc"
    });
    rows.one(
        "sizeof(struct new_utsname)",
        size_of::<crate::namespace::Uname>(),
    );
}

fn library(rows: &mut Rows) {
    let wide = |bits: u32| u64::from(bits);
    rows.flags("SOCK_", net::SocketType::NAMES, |f| wide(f.bits()), &[]);
    rows.flags(
        "MNT_",
        mount::UmountFlags::NAMES,
        |f| wide(f.bits()),
        &[("NOFOLLOW", "UMOUNT_NOFOLLOW")],
    );
    let statfs = [("VALID", ""), ("NOSYMFOLLOW", "")];
    rows.flags(
        "ST_",
        stat::StatfsFlags::NAMES,
        stat::StatfsFlags::bits,
        &statfs,
    );
    let access = [
        ("EXISTS", "F_OK"),
        ("EXEC", "X_OK"),
        ("WRITE", "W_OK"),
        ("READ", "R_OK"),
    ];
    rows.flags("", file::Access::NAMES, |f| wide(f.bits()), &access);
    for (name, value) in [
        ("AF_UNIX", net::Family::Unix as u64),
        ("AF_INET", net::Family::Inet as u64),
        ("AF_INET6", net::Family::Inet6 as u64),
        ("AF_NETLINK", net::Family::Netlink as u64),
        ("EFD_CLOEXEC", 0o2_000_000),
        ("TFD_CLOEXEC", 0o2_000_000),
        ("TFD_NONBLOCK", 0o4000),
        ("SOL_SOCKET", 1),
        ("SCM_RIGHTS", 1),
        ("MSG_CMSG_CLOEXEC", 0x4000_0000),
        ("MSG_NOSIGNAL", 0x4000),
        ("MSG_TRUNC", 0x20),
        ("MSG_CTRUNC", 8),
        ("IFF_UP", 1),
        ("SIOCGIFFLAGS", 0x8913),
        ("SIOCSIFFLAGS", 0x8914),
        ("SHUT_WR", 1),
        ("CMSG_LEN(0)", 16),
        ("sizeof(struct sockaddr_in)", 16),
        ("sizeof(struct sockaddr_in6)", 28),
    ] {
        rows.one(name, value);
    }
    structure!(rows, "struct ifreq", net::Ifreq { name = "ifr_name", flags = "ifr_flags" });
    structure!(rows, "struct pollfd", event::PollFd<'static> { happened = "revents" });
    rows.one("sizeof(struct winsize)", size_of::<terminal::WindowSize>());
    structure!(rows, "struct msghdr", net::Message {
        name = "msg_name", namelen = "msg_namelen", iov = "msg_iov", iovlen = "msg_iovlen", control = "msg_control",
        controllen = "msg_controllen", flags = "msg_flags"
    });
    structure!(rows, "struct iovec", net::IoVec { base = "iov_base", len = "iov_len" });
    rows.one("sizeof(struct iovec)", size_of::<file::Piece<'static>>());
}

/// Compiles and runs a program that prints each expression which the headers define.
fn c_values(name: &str, includes: &str, rows: &Rows) -> Option<BTreeMap<String, u64>> {
    let directory = std::env::temp_dir();
    let program = directory.join(format!("casemate-abi-{name}-{}", std::process::id()));
    let mut source = String::from(includes);
    source.push_str("int main(void) {\n");
    for (expression, _) in &rows.0 {
        let print =
            format!("printf(\"%llu {expression}\\n\", (unsigned long long)({expression}));\n");
        // Enumerators are no macros: they are listed as such, everything else is asked for before it is used.
        let enumerators = ["FSCONFIG_", "LANDLOCK_RULE_", "CLD_", "IOPRIO_WHO_"];
        let is_macro =
            !expression.contains('(') && !enumerators.iter().any(|e| expression.starts_with(e));
        if is_macro {
            source.extend(["#ifdef ", expression, "\n", &print, "#endif\n"]);
        } else if !NEW.iter().any(|new| expression.contains(new)) {
            source.push_str(&print);
        }
    }
    source.push_str("return 0; }\n");
    let cc = std::env::var("CC").unwrap_or_else(|_| "cc".to_string());
    let compiler = Command::new(&cc)
        .args(["-x", "c", "-w", "-o"])
        .arg(&program)
        .arg("-")
        .stdin(Stdio::piped())
        .spawn();
    let mut compiler = match compiler {
        Ok(compiler) => compiler,
        Err(error) => {
            std::eprintln!("SKIPPED: comparison with the C headers: {cc}: {error}");
            return None;
        }
    };
    compiler
        .stdin
        .take()
        .unwrap()
        .write_all(source.as_bytes())
        .unwrap();
    assert!(
        compiler.wait().unwrap().success(),
        "{name}: the C program does not compile"
    );
    let output = Command::new(&program).output().unwrap();
    assert!(output.status.success(), "{name}: the C program: {output:?}");
    std::fs::remove_file(&program).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let (value, expression) = line.split_once(' ').unwrap();
        (expression.to_string(), value.parse().unwrap())
    };
    Some(text.lines().map(line).collect())
}

fn compare(name: &str, includes: &str, rows: &Rows) {
    let Some(theirs) = c_values(name, includes, rows) else {
        return;
    };
    let mut wrong = Vec::new();
    let mut unknown = Vec::new();
    for (expression, ours) in &rows.0 {
        match theirs.get(expression) {
            Some(theirs) if theirs == ours => {}
            Some(theirs) => wrong.push(format!("{expression} is {theirs:#x}, here {ours:#x}")),
            None => unknown.push(expression.as_str()),
        }
    }
    std::eprintln!(
        "{name}: {} compared, {} not in these headers: {unknown:?}",
        theirs.len(),
        unknown.len()
    );
    let typos: Vec<_> = unknown
        .iter()
        .filter(|name| !NEW.iter().any(|new| name.contains(new)))
        .collect();
    assert!(
        wrong.is_empty() && typos.is_empty(),
        "wrong: {wrong:#?}\nnot known to be new: {typos:#?}"
    );
    assert!(
        theirs.len() * 10 > rows.0.len() * 8,
        "hardly anything was compared"
    );
}

#[test]
fn constants_and_structures_are_those_of_the_kernel_headers() {
    let mut rows = Rows::default();
    kernel_constants(&mut rows);
    kernel_structures(&mut rows);
    compare("kernel", KERNEL, &rows);
}

#[test]
fn constants_and_structures_are_those_of_the_library_headers() {
    let mut rows = Rows::default();
    library(&mut rows);
    compare("library", LIBRARY, &rows);
}

/// aarch64 uses the generic numbers, of which every machine has the header.
#[test]
fn numbers_of_aarch64_are_the_generic_ones() {
    let path = "/usr/include/asm-generic/unistd.h";
    let Ok(header) = std::fs::read_to_string(path) else {
        std::eprintln!("SKIPPED: comparison with {path}: not readable");
        return;
    };
    let define = |line: &str| {
        let mut words = line.split_whitespace();
        let name = (words.next() == Some("#define"))
            .then(|| words.next())
            .flatten()?;
        let name = name
            .strip_prefix("__NR3264_")
            .or_else(|| name.strip_prefix("__NR_"))?;
        Some((name.to_string(), words.next()?.parse::<usize>().ok()?))
    };
    let theirs: BTreeMap<String, usize> = header.lines().filter_map(define).collect();
    let mut wrong = Vec::new();
    for (name, _, aarch64) in nr::TABLE {
        let name = name.to_lowercase();
        if theirs.get(&name) != Some(aarch64) {
            wrong.push(format!("{name} is {:?}, here {aarch64}", theirs.get(&name)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
