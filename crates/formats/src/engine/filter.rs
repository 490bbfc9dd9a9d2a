//! The system call filters that engines load when nobody asks for another.
//!
//! Stated by what they keep back: of the calls that the kernel had when an engine was made, all but these are permitted.
//! Measured on the filters that the engines of Debian 12, 13 and sid hand to their runtime, and tested against the
//! published profiles where they are at hand.

use super::Family;
use casemate_model::names::{Arch, Capability, CapabilitySet, KernelVersion, SyscallId};
use casemate_model::syscalls::{Action, Arg, Call, Case, Operator, SyscallPolicy, Test, Width};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Replaced long ago, never implemented, or of one architecture's history.
const OBSOLETE: [&str; 56] = [
    "_sysctl",
    "afs_syscall",
    "bdflush",
    "break",
    "cachectl",
    "create_module",
    "ftime",
    "get_kernel_syms",
    "get_tls",
    "getpmsg",
    "gtty",
    "idle",
    "lock",
    "mpx",
    "multiplexer",
    "nfsservctl",
    "nice",
    "oldfstat",
    "oldlstat",
    "oldolduname",
    "oldstat",
    "olduname",
    "pciconfig_iobase",
    "pciconfig_read",
    "pciconfig_write",
    "prof",
    "profil",
    "putpmsg",
    "query_module",
    "readdir",
    "rtas",
    "s390_guarded_storage",
    "s390_sthyi",
    "security",
    "sgetmask",
    "sigaction",
    "signal",
    "sigpending",
    "sigsuspend",
    "spu_create",
    "spu_run",
    "ssetmask",
    "stty",
    "subpage_prot",
    "switch_endian",
    "sys_debug_setcontext",
    "sysfs",
    "sysmips",
    "timerfd",
    "tuxcall",
    "ulimit",
    "uselib",
    "usr26",
    "usr32",
    "ustat",
    "vserver",
];

/// What containers-common still permits of those.
const PODMAN_OLD: [&str; 6] = [
    "readdir",
    "sigaction",
    "signal",
    "sigpending",
    "sigsuspend",
    "timerfd",
];

/// Reaches the whole machine: kernel images, swap, keyrings, other processes' memory, faults that user code handles.
const MACHINE: [&str; 13] = [
    "add_key",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "migrate_pages",
    "move_pages",
    "pivot_root",
    "request_key",
    "swapoff",
    "swapon",
    "userfaultfd",
    "vm86",
    "vm86old",
];

/// Permitted by Podman of those.
const PODMAN_MACHINE: [&str; 2] = ["keyctl", "pivot_root"];

/// Kept back by Podman alone, beside io_uring.
const PODMAN_BACK: [&str; 3] = ["io_pgetevents", "io_pgetevents_time64", "vmsplice"];

/// Asynchronous operations that no filter sees one by one; Docker permitted them before version 25.
const IO_URING: [&str; 3] = ["io_uring_enter", "io_uring_register", "io_uring_setup"];

/// Permitted on architectures of a family only.
const OF_ARCHS: [(&[&str], &[Arch]); 6] = [
    (&["arch_prctl"], &[Arch::X86_64, Arch::X32]),
    (&["modify_ldt"], &[Arch::X86_64, Arch::X32, Arch::I386]),
    (
        &[
            "arm_fadvise64_64",
            "arm_sync_file_range",
            "breakpoint",
            "cacheflush",
            "set_tls",
            "sync_file_range2",
        ],
        &[Arch::Arm, Arch::Aarch64],
    ),
    (&["swapcontext", "sync_file_range2"], &[Arch::Ppc64le]),
    (
        &[
            "s390_pci_mmio_read",
            "s390_pci_mmio_write",
            "s390_runtime_instr",
        ],
        &[Arch::S390x],
    ),
    (&["riscv_flush_icache"], &[Arch::Riscv64]),
];

/// Permitted with a capability; some since a version of Docker, or of Podman.
struct Gate {
    capability: &'static str,
    docker: &'static [&'static str],
    podman: &'static [&'static str],
}

const GATES: [Gate; 14] = [
    gate(
        "CAP_SYS_ADMIN",
        &[
            "bpf",
            "clone",
            "clone3",
            "fanotify_init",
            "fsconfig",
            "fsmount",
            "fsopen",
            "fspick",
            "lookup_dcookie",
            "lsm_get_self_attr",
            "lsm_list_modules",
            "lsm_set_self_attr",
            "mount",
            "mount_setattr",
            "move_mount",
            "open_tree",
            "perf_event_open",
            "quotactl",
            "quotactl_fd",
            "setdomainname",
            "sethostname",
            "setns",
            "syslog",
            "umount",
            "umount2",
            "unshare",
        ],
        &[
            "bpf",
            "fanotify_init",
            "lookup_dcookie",
            "quotactl",
            "quotactl_fd",
            "setdomainname",
            "sethostname",
        ],
    ),
    gate(
        "CAP_DAC_READ_SEARCH",
        &["open_by_handle_at"],
        &["open_by_handle_at"],
    ),
    gate("CAP_SYS_BOOT", &["reboot"], &[]),
    gate("CAP_SYS_CHROOT", &["chroot"], &["chroot"]),
    gate(
        "CAP_SYS_MODULE",
        &["delete_module", "finit_module", "init_module"],
        &[
            "delete_module",
            "finit_module",
            "init_module",
            "query_module",
        ],
    ),
    gate("CAP_SYS_PACCT", &["acct"], &["acct"]),
    gate(
        "CAP_SYS_PTRACE",
        &["kcmp", "pidfd_getfd", "process_madvise"],
        &["kcmp", "process_madvise"],
    ),
    gate("CAP_SYS_RAWIO", &["ioperm", "iopl"], &["ioperm", "iopl"]),
    gate(
        "CAP_SYS_TIME",
        &["clock_settime", "clock_settime64", "settimeofday", "stime"],
        &["clock_settime", "clock_settime64", "settimeofday", "stime"],
    ),
    gate("CAP_SYS_TTY_CONFIG", &["vhangup"], &["vhangup"]),
    gate(
        "CAP_SYS_NICE",
        &[
            "get_mempolicy",
            "mbind",
            "set_mempolicy",
            "set_mempolicy_home_node",
        ],
        &[],
    ),
    gate("CAP_SYSLOG", &["syslog"], &[]),
    gate("CAP_BPF", &["bpf"], &["bpf"]),
    gate("CAP_PERFMON", &["perf_event_open"], &["perf_event_open"]),
];

const fn gate(
    capability: &'static str,
    docker: &'static [&'static str],
    podman: &'static [&'static str],
) -> Gate {
    Gate {
        capability,
        docker,
        podman,
    }
}

/// Namespace flags of clone(2), without the time namespace, which only clone3(2) and unshare(2) have.
const NEW_NAMESPACES: u64 = 0x7e02_0000;
/// Execution domains of personality(2): Linux, its 32-bit form, both with UNAME26, and the question for the present one.
const PERSONALITIES: [u64; 5] = [0, 8, 0x2_0000, 0x2_0008, 0xffff_ffff];
const AF_VSOCK: u64 = 40;
const AF_NETLINK: u64 = 16;
const NETLINK_AUDIT: u64 = 9;
const EINVAL: u16 = 22;

/// The filter of an engine's version for a container with these capabilities.
pub(crate) fn default_filter(
    family: Family,
    version: (u16, u16),
    capabilities: CapabilitySet,
    archs: &[Arch],
) -> SyscallPolicy {
    let native = archs.first().copied().unwrap_or(Arch::X86_64);
    let refusal = match family {
        Family::Docker => Action::EPERM,
        Family::Podman => Action::ENOSYS,
    };
    let mut policy = SyscallPolicy::without_rules(archs_of(native), refusal);
    policy.foreign = Action::KillThread;
    for id in permitted(family, version, capabilities, native) {
        policy.add(Call::Named(id), Case::always(Action::Allow));
    }
    let add = &mut |name: &str, case: Case| {
        if let Some(id) = SyscallId::from_name(name) {
            policy.add(Call::Named(id), case);
        }
    };
    for personality in PERSONALITIES {
        add(
            "personality",
            when(
                vec![test(FIRST, Operator::Equal(personality))],
                Action::Allow,
            ),
        );
    }
    match family {
        Family::Docker => {
            if !holds(capabilities, "CAP_SYS_ADMIN") {
                let flags = if native == Arch::S390x { SECOND } else { FIRST };
                let mask = NEW_NAMESPACES;
                let none = test(flags, Operator::Masked { mask, value: 0 });
                add("clone", when(vec![none], Action::Allow));
                // glibc then takes clone(2), whose flags a filter can see.
                add("clone3", Case::always(Action::ENOSYS));
            }
            if version >= (23, 0) {
                let other = test(FIRST, Operator::NotEqual(AF_VSOCK));
                add("socket", when(vec![other], Action::Allow));
            }
        }
        Family::Podman if holds(capabilities, "CAP_AUDIT_WRITE") => {
            add("socket", Case::always(Action::Allow));
        }
        Family::Podman => {
            let audit = vec![
                test(FIRST, Operator::Equal(AF_NETLINK)),
                test(THIRD, Operator::Equal(NETLINK_AUDIT)),
            ];
            add("socket", when(audit, Action::Errno(EINVAL)));
            add("socket", Case::always(Action::Allow));
        }
    }
    policy
}

fn test(arg: Arg, operator: Operator) -> Test {
    Test {
        arg,
        width: Width::Raw64,
        operator,
    }
}

#[expect(clippy::panic, reason = "evaluated by the compiler")]
const fn place(place: u8) -> Arg {
    match Arg::new(place) {
        Some(arg) => arg,
        // PANIC: only the compiler calls this.
        None => panic!("a call has six arguments"),
    }
}

const FIRST: Arg = place(0);
const SECOND: Arg = place(1);
const THIRD: Arg = place(2);

fn when(when: Vec<Test>, action: Action) -> Case {
    Case { when, action }
}

fn holds(capabilities: CapabilitySet, name: &str) -> bool {
    Capability::from_name(name).is_some_and(|capability| capabilities.contains(capability))
}

/// The last kernel whose calls a version of an engine knows.
fn known(family: Family, version: (u16, u16)) -> KernelVersion {
    match family {
        Family::Docker if version < (23, 0) => KernelVersion::new(5, 16),
        Family::Docker if version < (28, 0) => KernelVersion::new(6, 7),
        Family::Docker => KernelVersion::new(6, 13),
        Family::Podman => KernelVersion::new(5, 15),
    }
}

/// Since when the kernel has a call, on whatever architecture had it first.
static SINCE: LazyLock<Vec<(SyscallId, KernelVersion)>> = LazyLock::new(|| {
    let first = |id: SyscallId| {
        let versions = Arch::ALL.into_iter().filter_map(|arch| id.on(arch));
        versions.map(|call| call.since).min()
    };
    SyscallId::all()
        .filter_map(|id| Some((id, first(id)?)))
        .collect()
});

fn permitted(
    family: Family,
    version: (u16, u16),
    capabilities: CapabilitySet,
    native: Arch,
) -> BTreeSet<SyscallId> {
    let last = known(family, version);
    let back = kept_back(family, version);
    let mut names: BTreeSet<SyscallId> = SINCE
        .iter()
        .filter(|(id, since)| *since <= last && !back.contains(id.name()))
        .map(|(id, _)| *id)
        .collect();
    let mut add =
        |calls: &[&str]| names.extend(calls.iter().filter_map(|name| SyscallId::from_name(name)));
    for (list, archs) in OF_ARCHS {
        if archs.contains(&native) {
            add(list);
        }
    }
    for gate in &GATES {
        if holds(capabilities, gate.capability) {
            let list = match family {
                Family::Docker => gate.docker,
                Family::Podman => gate.podman,
            };
            let had = |name: &&&str| since(family, gate.capability, name) <= version;
            let list: Vec<&str> = list.iter().filter(had).copied().collect();
            add(&list);
        }
    }
    if family == Family::Docker && version < (23, 0) {
        if holds(capabilities, "CAP_SYS_ADMIN") {
            add(&["name_to_handle_at"]);
        }
        if holds(capabilities, "CAP_SYS_PTRACE") {
            add(&["process_vm_readv", "process_vm_writev"]);
        }
    }
    if family == Family::Podman && version < (5, 0) && holds(capabilities, "CAP_SYS_ADMIN") {
        add(&["perf_event_open"]);
    }
    if family == Family::Podman && version >= (5, 0) {
        add(&["fchmodat2"]);
    }
    names
}

/// The version since which a capability opens a call.
fn since(family: Family, capability: &str, name: &str) -> (u16, u16) {
    match (family, capability, name) {
        (Family::Docker, "CAP_BPF" | "CAP_PERFMON", _)
        | (Family::Docker, _, "clock_settime64" | "set_mempolicy_home_node") => (23, 0),
        (Family::Docker, _, "lsm_get_self_attr" | "lsm_list_modules" | "lsm_set_self_attr") => {
            (28, 0)
        }
        (Family::Podman, "CAP_BPF" | "CAP_PERFMON", _) | (Family::Podman, _, "quotactl_fd") => {
            (5, 0)
        }
        _ => (0, 0),
    }
}

fn kept_back(family: Family, version: (u16, u16)) -> BTreeSet<&'static str> {
    let mut back: BTreeSet<&str> = BTreeSet::new();
    back.extend(OBSOLETE);
    back.extend(MACHINE);
    back.extend(OF_ARCHS.iter().flat_map(|(list, _)| list.iter().copied()));
    back.extend(["personality", "bpf", "perf_event_open"]);
    for gate in &GATES {
        back.extend(match family {
            Family::Docker => gate.docker,
            Family::Podman => gate.podman,
        });
    }
    match family {
        Family::Docker if version < (23, 0) => {
            back.extend([
                "name_to_handle_at",
                "pkey_alloc",
                "pkey_free",
                "pkey_mprotect",
            ]);
            back.extend(["process_vm_readv", "process_vm_writev"]);
        }
        Family::Docker => {
            back.insert("socket");
            back.extend(IO_URING);
            if version < (28, 0) {
                back.insert("riscv_hwprobe");
            }
        }
        Family::Podman => {
            back.insert("socket");
            back.extend(IO_URING);
            back.extend(PODMAN_BACK);
            back.extend(["set_mempolicy_home_node", "futex_waitv"]);
            let old: &[&str] = if version < (5, 0) {
                &PODMAN_OLD
            } else {
                &["signal"]
            };
            for name in old.iter().chain(&PODMAN_MACHINE) {
                back.remove(name);
            }
        }
    }
    back
}

/// The numberings that an engine's filter is for on a machine.
pub(crate) fn archs_of(native: Arch) -> Vec<Arch> {
    match native {
        Arch::X86_64 => vec![Arch::X86_64, Arch::I386, Arch::X32],
        Arch::Aarch64 => vec![Arch::Aarch64, Arch::Arm],
        other => vec![other],
    }
}
