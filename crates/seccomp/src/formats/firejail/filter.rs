//! The filters that Firejail loads.

use std::collections::BTreeMap;

use casemate_model::names::arch::X32_SYSCALL_BIT;
use casemate_model::names::{Arch, SyscallId};
use casemate_model::syscalls::{Action, Call, Case, Operator, SyscallPolicy, Test};

use super::read::Entry;
use crate::formats::stack::{low, permissive, raw};

pub(super) const PROTOCOLS: [(&str, u64); 6] = [
    ("unix", 1),
    ("inet", 2),
    ("inet6", 10),
    ("netlink", 16),
    ("packet", 17),
    ("bluetooth", 31),
];
pub(super) const NAMESPACES: [(&str, u64); 8] = [
    ("cgroup", 0x0200_0000),
    ("ipc", 0x0800_0000),
    ("mnt", 0x0002_0000),
    ("net", 0x4000_0000),
    ("pid", 0x2000_0000),
    ("time", CLONE_NEWTIME),
    ("user", 0x1000_0000),
    ("uts", 0x0400_0000),
];
// linux/sched.h, since 5.6; for clone the bit is part of the exit signal.
const CLONE_NEWTIME: u64 = 0x80;
// asm-generic/errno.h
const ENOTSUP: u16 = 95;
const PROT_WRITE: u64 = 2;
const PROT_EXEC: u64 = 4;
const SHM_EXEC: u64 = 0o100_000;
// The numbers that Firejail has for 32-bit x86, as names.
const FIXED: [&str; 48] = [
    "mount",
    "umount2",
    "ptrace",
    "kexec_load",
    "name_to_handle_at",
    "open_by_handle_at",
    "create_module",
    "init_module",
    "finit_module",
    "delete_module",
    "iopl",
    "ioperm",
    "ioprio_set",
    "swapon",
    "swapoff",
    "syslog",
    "process_vm_readv",
    "process_vm_writev",
    "sysfs",
    "_sysctl",
    "adjtimex",
    "clock_adjtime",
    "lookup_dcookie",
    "perf_event_open",
    "fanotify_init",
    "kcmp",
    "add_key",
    "request_key",
    "keyctl",
    "uselib",
    "acct",
    "modify_ldt",
    "pivot_root",
    "io_setup",
    "io_destroy",
    "io_getevents",
    "io_submit",
    "io_cancel",
    "remap_file_pages",
    "mbind",
    "set_mempolicy",
    "migrate_pages",
    "move_pages",
    "vmsplice",
    "chroot",
    "reboot",
    "nfsservctl",
    "get_kernel_syms",
];

/// A list as rules, of which the first one for a call counts.
pub(super) struct Rules {
    listed: Listed,
    calls: BTreeMap<Call, Option<Action>>,
}

// What being in the list means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    Refused,
    Permitted,
}

impl Rules {
    pub(super) fn drop() -> Self {
        Self {
            listed: Listed::Refused,
            calls: BTreeMap::new(),
        }
    }

    pub(super) fn keep() -> Self {
        Self {
            listed: Listed::Permitted,
            calls: BTreeMap::new(),
        }
    }

    /// Adds the exceptions of a list: of a drop list they are permitted, of a keep list refused.
    pub(super) fn exceptions(&mut self, entries: &[Entry]) {
        for entry in entries.iter().filter(|entry| entry.excepted) {
            let action = match self.listed {
                Listed::Refused => Some(Action::Allow),
                Listed::Permitted => None,
            };
            self.calls.entry(entry.call).or_insert(action);
        }
    }

    /// Adds the other entries.
    pub(super) fn add(&mut self, entries: &[Entry]) {
        for entry in entries.iter().filter(|entry| !entry.excepted) {
            let action = match (self.listed, entry.action) {
                (_, Some(action)) => Some(action),
                (Listed::Refused, None) => None,
                (Listed::Permitted, None) => Some(Action::Allow),
            };
            self.calls.entry(entry.call).or_insert(action);
        }
    }
}

// A filter of Firejail's for one architecture: others pass, but x32 does not.
fn base(arch: Arch, error: Action) -> SyscallPolicy {
    let mut policy = permissive(&[arch]);
    if arch == Arch::X86_64 {
        policy.archs.insert(Arch::X32);
        let all = Call::Numbers(Arch::X32, X32_SYSCALL_BIT, u32::MAX - 1);
        policy.add(all, Case::always(error));
    }
    policy
}

pub(super) fn of_rules(arch: Arch, rules: Rules, error: Action) -> SyscallPolicy {
    let mut policy = base(arch, error);
    if rules.listed == Listed::Permitted {
        policy.default = error;
        policy.newer = error;
    }
    for (call, action) in rules.calls {
        policy.add(call, Case::always(action.unwrap_or(error)));
    }
    policy
}

pub(super) fn fixed_narrow(error: Action) -> SyscallPolicy {
    let mut policy = permissive(&[Arch::I386]);
    for name in FIXED {
        add(&mut policy, Arch::I386, name, Vec::new(), error);
    }
    policy
}

fn add(policy: &mut SyscallPolicy, arch: Arch, name: &str, when: Vec<Test>, action: Action) {
    if let Some(id) = SyscallId::from_name(name).filter(|id| id.number(arch).is_some()) {
        policy.add(Call::On(arch, id), Case { when, action });
    }
}

const fn narrow(arch: Arch) -> Option<Arch> {
    match arch {
        Arch::X86_64 => Some(Arch::I386),
        _ => None,
    }
}

pub(super) fn family(name: &str) -> Option<u64> {
    let found = PROTOCOLS.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value)
}

pub(super) fn namespace(name: &str) -> Option<u64> {
    let found = NAMESPACES.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value)
}

pub(super) fn protocols(native: Arch, families: Vec<u64>, error: Action) -> SyscallPolicy {
    let mut policy = base(native, error);
    let families: Vec<(u64, u64)> = families.into_iter().map(|one| (one, one)).collect();
    for arch in std::iter::once(native).chain(narrow(native)) {
        policy.archs.insert(arch);
        let other = vec![low(0, Operator::NotIn(families.clone()))];
        add(&mut policy, arch, "socket", other, Action::Errno(ENOTSUP));
    }
    policy
}

const fn any_of(bits: u64) -> Operator {
    Operator::NotMasked {
        mask: bits,
        value: 0,
    }
}

const fn all_of(bits: u64) -> Operator {
    Operator::Masked {
        mask: bits,
        value: bits,
    }
}

pub(super) fn namespaces(native: Arch, flags: u64, error: Action) -> SyscallPolicy {
    // No list is every namespace.
    let flags = if flags == 0 {
        NAMESPACES.iter().fold(0, |all, (_, flag)| all | flag)
    } else {
        flags
    };
    let mut policy = base(native, error);
    for arch in std::iter::once(native).chain(narrow(native)) {
        policy.archs.insert(arch);
        let place = u8::from(arch == Arch::S390x);
        let cloned = flags & !CLONE_NEWTIME;
        let new = vec![low(place, any_of(cloned))];
        add(&mut policy, arch, "clone", new, error);
        add(&mut policy, arch, "clone3", Vec::new(), Action::ENOSYS);
        let new = vec![low(0, any_of(flags))];
        add(&mut policy, arch, "unshare", new, error);
        // 0 is any kind of namespace.
        let any = vec![low(1, Operator::Equal(0))];
        add(&mut policy, arch, "setns", any, error);
        let other = vec![low(1, any_of(flags))];
        add(&mut policy, arch, "setns", other, error);
    }
    policy
}

pub(super) fn memory(native: Arch, error: Action) -> SyscallPolicy {
    let mut policy = base(native, error);
    for arch in std::iter::once(native).chain(narrow(native)) {
        policy.archs.insert(arch);
        let mapped = match arch {
            Arch::I386 | Arch::Arm => "mmap2",
            _ => "mmap",
        };
        if arch == Arch::I386 {
            add(&mut policy, arch, "mmap", Vec::new(), error);
        }
        let both = vec![low(2, all_of(PROT_WRITE | PROT_EXEC))];
        add(&mut policy, arch, mapped, both, error);
        for name in ["mprotect", "pkey_mprotect"] {
            let executable = vec![low(2, all_of(PROT_EXEC))];
            add(&mut policy, arch, name, executable, error);
        }
        let executable = vec![low(2, all_of(SHM_EXEC))];
        add(&mut policy, arch, "shmat", executable, error);
        add(&mut policy, arch, "memfd_create", Vec::new(), error);
    }
    policy
}

pub(super) fn no_secondary(native: Arch, error: Action) -> SyscallPolicy {
    let mut policy = permissive(&[native]);
    policy.foreign = error;
    // PER_LINUX, and the question which one it is.
    let known = vec![(0, 0), (0xffff_ffff, 0xffff_ffff)];
    let other = vec![raw(0, Operator::NotIn(known))];
    add(&mut policy, native, "personality", other, error);
    policy
}
