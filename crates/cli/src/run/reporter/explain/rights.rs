//! Calls that the filter refuses, and rights that a capability gives.

use super::super::Subject;
use super::grant::Grant;
use super::notes::{Notes, Refused, Weight};
use super::process::Process;
use casemate_model::names::arch::Arch;
use casemate_model::names::capabilities::Capability;
use casemate_model::names::constants;
use casemate_model::names::syscalls::SyscallId;
use casemate_model::syscalls::Call;
use casemate_sys::Errno;
use casemate_sys::seccomp::CallData;
use std::collections::BTreeSet;

/// Writes a call with the arguments that the policy looks at.
pub fn shown(subject: &Subject<'_>, arch: Arch, id: SyscallId, data: &CallData) -> String {
    let filter = subject.request.document.confinement.syscalls.filter.value();
    let cases = filter.and_then(|filter| {
        let own = filter.rules.get(&Call::On(arch, id));
        own.or_else(|| filter.rules.get(&Call::Named(id)))
    });
    let mut arguments: BTreeSet<u8> = cases
        .into_iter()
        .flatten()
        .flat_map(|case| &case.when)
        .map(|test| test.arg.index())
        .collect();
    // With the host's network and no UDP port the filter also looks at the type.
    if id.name() == "socket" && is_datagram(data) {
        arguments.insert(1);
    }
    let texts = arguments.into_iter().filter_map(|index| {
        let index = usize::from(index);
        let value = *data.args.get(index)?;
        let name = constants::name_of(id, index, value, arch);
        Some(name.unwrap_or_else(|| format!("{:#x}", value as u32)))
    });
    let texts: Vec<String> = texts.collect();
    if texts.is_empty() {
        id.name().to_owned()
    } else {
        format!("{}({})", id.name(), texts.join(", "))
    }
}

/// `SOCK_DGRAM` of an internet family.
fn is_datagram(data: &CallData) -> bool {
    let [family, kind, ..] = data.args;
    matches!(family as u32, 2 | 10) && kind as u32 & 0xf == 2
}

/// Tells whether a call makes a set-user-id or set-group-id file: `S_ISUID` and `S_ISGID` of <linux/stat.h>.
fn makes_set_id(name: &str, data: &CallData) -> bool {
    let mode = match name {
        "chmod" | "creat" | "fchmod" | "mknod" => 1,
        "fchmodat" | "fchmodat2" | "mknodat" | "open" => 2,
        "openat" => 3,
        _ => return false,
    };
    data.args.get(mode).is_some_and(|mode| mode & 0o6000 != 0)
}

/// `TIOCSTI` and `TIOCLINUX` of <asm-generic/ioctls.h>.
const TYPING: [u32; 2] = [0x5412, 0x541c];

/// Says what would permit a call, if anything does.
pub fn grant(id: SyscallId, data: &CallData, errno: Errno) -> Option<Grant> {
    let syscall = Grant::list("syscalls", id.name());
    let with = |capability: &str| Some(syscall.clone().and(Grant::list("keep", capability)));
    match id.name() {
        name if makes_set_id(name, data) => Some(Grant::on("new-privileges")),
        // What Landlock's rules for ports do not see is refused beside them.
        "listen" if errno == Errno::EACCES => Some(Grant::list("listen", "all")),
        "sendto" | "sendmsg" | "sendmmsg" if errno == Errno::EOPNOTSUPP => {
            Some(Grant::list("connect", "all"))
        }
        "socket" if errno == Errno::EPROTONOSUPPORT => None,
        // Never for a program's own terminal, and for another's it is CVE-2017-5226.
        "ioctl" if TYPING.contains(&(data.args[1] as u32)) => None,
        "socket" if is_datagram(data) => Some(Grant::list("connect", "53/udp")),
        "mount" | "umount2" | "pivot_root" | "setns" | "move_mount" | "fsopen" | "fsmount"
        | "open_tree" | "mount_setattr" | "fsconfig" | "sethostname" | "setdomainname" => {
            with("sys_admin")
        }
        "chroot" => with("sys_chroot"),
        // The kernel keeps these for root of the host, whatever a filter says.
        "init_module" | "finit_module" | "delete_module" | "kexec_load" | "kexec_file_load"
        | "reboot" | "swapon" | "swapoff" | "settimeofday" | "clock_settime" | "adjtimex"
        | "clock_adjtime" | "iopl" | "ioperm" | "acct" | "syslog" | "quotactl" => None,
        _ => Some(syscall),
    }
}

/// `S_IFMT`, `S_IFCHR` and `S_IFBLK` of <linux/stat.h>.
const DEVICES: (u64, [u64; 2]) = (0o170_000, [0o020_000, 0o060_000]);
/// In the place of an id: leave it as it is.
const SAME: u32 = u32::MAX;

/// Judges calls that a capability decides.
pub fn judge(
    subject: &Subject<'_>,
    notes: &mut Notes,
    process: Process,
    name: &str,
    data: &CallData,
) {
    let held = subject
        .request
        .document
        .confinement
        .capabilities
        .effective
        .value();
    let may = |name: &str| {
        Capability::from_name(name)
            .is_some_and(|capability| held.is_some_and(|held| held.contains(capability)))
    };
    let argument = |index: usize| data.args.get(index).copied().unwrap_or(0);
    let ids = match name {
        "chown" | "lchown" | "fchown" => Some((1, 2)),
        "fchownat" => Some((2, 3)),
        _ => None,
    };
    if let Some((user, group)) = ids {
        let own = &subject.request.document.confinement.ids;
        let (user, group) = (argument(user) as u32, argument(group) as u32);
        let is_own = |id: u32, own: Option<u32>| id == SAME || Some(id) == own;
        let kept = is_own(user, own.uid.value().map(|id| id.0))
            && is_own(group, own.gid.value().map(|id| id.0));
        if !kept && !may("chown") {
            let refused = Refused::Capability(
                "chown",
                format!("give a file to user {} and group {}", id(user), id(group)),
            );
            notes.add(refused, process, "give away", Weight::Sure);
        }
    }
    if name == "setpriority" && (argument(2) as u32).cast_signed() < 0 {
        let refused = Refused::Never(
            "raise the priority (setpriority): the host's CAP_SYS_NICE decides, or RLIMIT_NICE of the caller".to_owned(),
        );
        notes.add(refused, process, "raise", Weight::Sure);
    }
    let mode = match name {
        "mknod" => argument(1),
        "mknodat" => argument(2),
        _ => 0,
    };
    let (mask, devices) = DEVICES;
    if devices.contains(&(mode & mask)) {
        let refused = Refused::Never("make a device node: the kernel keeps that for root of the host (name it with --devices)".to_owned());
        notes.add(refused, process, "make", Weight::Sure);
    }
}

fn id(id: u32) -> String {
    if id == SAME {
        "as it is".to_owned()
    } else {
        id.to_string()
    }
}
