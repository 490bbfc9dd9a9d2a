use super::super::{arguments, namespaces::NamespaceKind, rlimits, signals};
use super::*;

fn id(name: &str) -> SyscallId {
    SyscallId::from_name(name).expect(name)
}

#[test]
fn tables_are_sorted_and_refer_to_what_exists() {
    assert!(CONSTANTS.is_sorted_by(|a, b| a.name < b.name));
    let mut families = 0;
    for family in &FAMILIES {
        families += family.members.len();
        assert_eq!(
            family.members().count(),
            family.members.len(),
            "{}",
            family.name
        );
        for used in family.uses {
            let call = id(used.call);
            let known = |arch| arguments::index(call, arch, used.argument).is_some();
            assert!(
                Arch::ALL.into_iter().any(known),
                "{} {}",
                used.call,
                used.argument
            );
        }
    }
    assert_eq!(families, CONSTANTS.len(), "each constant is in one family");
    for group in &GROUPS {
        assert_eq!(find(group.name), None, "{}", group.name);
        for member in group.members {
            assert!(find(member).is_some(), "{} {member}", group.name);
        }
    }
    for constant in &CONSTANTS {
        let known = |arch| constant.value(arch).is_some();
        assert!(Arch::ALL.into_iter().any(known), "{}", constant.name);
    }
}

#[test]
#[rustfmt::skip]
fn known_values() {
    let cases = [
        (Arch::X86_64, "AF_UNIX", Some(1)),
        (Arch::X86_64, "AF_NETLINK", Some(16)),
        (Arch::X86_64, "AF_VSOCK", Some(40)),
        (Arch::X86_64, "SOCK_STREAM", Some(1)),
        (Arch::Mips64, "SOCK_STREAM", Some(2)),
        (Arch::Mips64el, "SOCK_NONBLOCK", Some(0x80)),
        (Arch::X86_64, "SOCK_FLAGS", Some(0x80800)),
        (Arch::X86_64, "CLONE_NEWUSER", Some(0x1000_0000)),
        (Arch::X86_64, "CLONE_NEWNS_ALL", Some(0x7e02_0000)),
        (Arch::X86_64, "TIOCSTI", Some(0x5412)),
        (Arch::Ppc64le, "TIOCSTI", Some(0x5412)),
        (Arch::Mips64, "TIOCSTI", Some(0x5472)),
        (Arch::X86_64, "TIOCLINUX", Some(0x541c)),
        (Arch::X86_64, "TCGETS", Some(0x5401)),
        (Arch::Ppc64le, "TCGETS", Some(0x402c_7413)),
        (Arch::X86_64, "FS_IOC_GETFLAGS", Some(0x8008_6601)),
        (Arch::I386, "FS_IOC_GETFLAGS", Some(0x8004_6601)),
        (Arch::X86_64, "O_DIRECT", Some(0o40000)),
        (Arch::Arm, "O_DIRECT", Some(0o200_000)),
        (Arch::Loongarch64, "O_CREAT", Some(0o100)),
        (Arch::X86_64, "MAP_32BIT", Some(0x40)),
        (Arch::Aarch64, "MAP_32BIT", None),
        (Arch::Aarch64, "PROT_BTI", Some(0x10)),
        (Arch::X86_64, "PROT_BTI", None),
        (Arch::X86_64, "PR_SET_NO_NEW_PRIVS", Some(38)),
        (Arch::X86_64, "ADDR_NO_RANDOMIZE", Some(0x0004_0000)),
        (Arch::X86_64, "PER_LINUX32", Some(8)),
        (Arch::X86_64, "ARCH_SET_FS", Some(0x1002)),
        (Arch::Aarch64, "ARCH_SET_FS", None),
        (Arch::X86_64, "SECCOMP_SET_MODE_FILTER", Some(1)),
        (Arch::X86_64, "PTRACE_TRACEME", Some(0)),
        (Arch::X86_64, "AT_FDCWD", Some(u64::MAX - 99)),
        (Arch::X86_64, "SIGCHLD", Some(17)),
        (Arch::Mips64, "SIGCHLD", Some(18)),
        (Arch::X86_64, "NO_SUCH_THING", None),
    ];
    for (arch, name, expected) in cases {
        assert_eq!(lookup(name, arch), expected, "{arch} {name}");
    }
    assert_eq!(find("TIOCSTI").map(|one| one.header), Some("asm/ioctls.h"));
    assert_eq!(suggest("CLONE_NEWUSR"), Some("CLONE_NEWUSER"));
}

#[test]
#[rustfmt::skip]
fn values_in_names() {
    let cases = [
        (Arch::X86_64, "socket", 0, 1, Some("AF_UNIX")),
        (Arch::X86_64, "socket", 0, 1 | 1 << 32, Some("AF_UNIX")),
        (Arch::X86_64, "socket", 0, 999, None),
        (Arch::X86_64, "socket", 1, 0x80001, Some("SOCK_STREAM|SOCK_CLOEXEC")),
        (Arch::Mips64, "socket", 1, 0x80001, Some("SOCK_DGRAM|SOCK_CLOEXEC")),
        // The protocol's meaning is the address family's.
        (Arch::X86_64, "socket", 2, 16, None),
        (Arch::X86_64, "accept4", 3, 0x80000, Some("SOCK_CLOEXEC")),
        (Arch::X86_64, "clone", 0, 0x1002_0011, Some("SIGCHLD|CLONE_NEWNS|CLONE_NEWUSER")),
        (Arch::S390x, "clone", 1, 0x1002_0011, Some("SIGCHLD|CLONE_NEWNS|CLONE_NEWUSER")),
        (Arch::S390x, "clone", 0, 0x1002_0011, None),
        (Arch::X86_64, "unshare", 0, 0x80, Some("CLONE_NEWTIME")),
        (Arch::X86_64, "open", 1, 0o101, Some("O_WRONLY|O_CREAT")),
        (Arch::X86_64, "open", 1, 0, Some("O_RDONLY")),
        (Arch::X86_64, "openat", 2, 0o4_010_000, Some("O_SYNC")),
        (Arch::X86_64, "openat", 2, 0o6_010_000, Some("O_RDONLY|O_SYNC|O_CLOEXEC")),
        (Arch::X86_64, "openat", 2, 0x4000_0001, Some("O_WRONLY|0x40000000")),
        (Arch::X86_64, "openat", 0, 0xffff_ff9c, Some("AT_FDCWD")),
        (Arch::X86_64, "mmap", 2, 0, Some("PROT_NONE")),
        (Arch::X86_64, "mmap", 2, 5, Some("PROT_READ|PROT_EXEC")),
        (Arch::X86_64, "mmap", 3, 0x22, Some("MAP_PRIVATE|MAP_ANONYMOUS")),
        (Arch::X86_64, "futex", 1, 0x81, Some("FUTEX_WAKE|FUTEX_PRIVATE_FLAG")),
        (Arch::X86_64, "personality", 0, 0x0004_0008, Some("PER_LINUX32|ADDR_NO_RANDOMIZE")),
        (Arch::X86_64, "ioctl", 1, 0x5412, Some("TIOCSTI")),
        (Arch::X86_64, "ioctl", 1, 0x5412 | 7 << 32, Some("TIOCSTI")),
        (Arch::X86_64, "prctl", 0, 22, Some("PR_SET_SECCOMP")),
        (Arch::X86_64, "mount", 3, 0x5000, Some("MS_BIND|MS_REC")),
        (Arch::X86_64, "chmod", 1, 0o4755, Some("S_IRWXU|S_IRGRP|S_IXGRP|S_IROTH|S_IXOTH|S_ISUID")),
        (Arch::X86_64, "getpid", 0, 1, None),
        (Arch::X86_64, "kill", 1, 9, Some("SIGKILL")),
    ];
    for (arch, call, argument, value, expected) in cases {
        let text = name_of(id(call), argument, value, arch);
        assert_eq!(text.as_deref(), expected, "{arch} {call} {argument} {value:#x}");
    }
}

/// Whatever a value is, its names have its bits, so a listing can be read back.
#[test]
fn names_of_flags_have_the_bits_of_the_value() {
    for arch in Arch::ALL {
        for (call, argument) in [
            ("openat", 2),
            ("clone", 0),
            ("mmap", 3),
            ("mount", 3),
            ("unshare", 0),
        ] {
            for bit in 0..32 {
                for other in [0, 1, 0x11, 0x0102_0000, 0xffff_ffff] {
                    let value = 1 << bit | other;
                    let Some(text) = name_of(id(call), argument, value, arch) else {
                        continue;
                    };
                    let read = |word: &str| match word.strip_prefix("0x") {
                        Some(digits) => u64::from_str_radix(digits, 16).ok(),
                        None => lookup(word, arch),
                    };
                    let bits = text.split('|').map(|word| read(word).expect(word));
                    let mask = argument_of(id(call), arch, argument)
                        .expect(call)
                        .mask(arch);
                    assert_eq!(
                        bits.fold(0, |all, one| all | one) & mask,
                        value & mask,
                        "{arch} {call} {text}"
                    );
                }
            }
        }
    }
}

#[test]
fn other_tables_agree() {
    for signal in signals::all() {
        for arch in [Arch::X86_64, Arch::Aarch64, Arch::S390x, Arch::Mips64] {
            if let Some(value) = lookup(signal.name, arch) {
                assert_eq!(
                    signal.number(arch).map(u64::from),
                    Some(value),
                    "{arch} {}",
                    signal.name
                );
            }
        }
    }
    for rlimit in rlimits::all() {
        let name = format!("RLIMIT_{}", rlimit.name.to_uppercase());
        for arch in Arch::ALL {
            assert_eq!(
                lookup(&name, arch),
                Some(u64::from(rlimit.number(arch))),
                "{arch} {name}"
            );
        }
    }
    for kind in NamespaceKind::ALL {
        let short = match kind {
            NamespaceKind::Mount => "NS".to_owned(),
            _ => kind.name().to_uppercase(),
        };
        let name = format!("CLONE_NEW{short}");
        assert_eq!(lookup(&name, Arch::X86_64), Some(kind.flag()), "{name}");
    }
}
