//! The settings that are filters of their own.

use casemate_model::names::{Arch, constants};
use casemate_model::syscalls::{Action, Call, Case, Operator, SyscallPolicy, Test};

use super::read::{Reader, Word};
use crate::formats::report::{ReadError, Remark, What};
use crate::formats::stack::{add, permissive, raw};

// asm-generic/errno.h
const EAFNOSUPPORT: u16 = 97;
// asm-generic/mman-common.h and linux/shm.h
const PROT_WRITE: u64 = 2;
const PROT_EXEC: u64 = 4;
const SHM_EXEC: u64 = 0o100_000;
// linux/sched.h: SCHED_NORMAL, SCHED_BATCH and SCHED_IDLE are what is permitted.
const ORDINARY_POLICIES: [(u64, u64); 3] = [(0, 0), (3, 3), (5, 5)];
const S_ISUID: u64 = 0o4000;
const S_ISGID: u64 = 0o2000;
const O_CREAT: u64 = 0o100;
const NAMESPACES: [(&str, u64); 8] = [
    ("cgroup", 0x0200_0000),
    ("ipc", 0x0800_0000),
    ("net", 0x4000_0000),
    ("mnt", 0x0002_0000),
    ("pid", 0x2000_0000),
    ("user", 0x1000_0000),
    ("uts", 0x0400_0000),
    // Since systemd 258; a flag of unshare and setns only, as clone has another use for the bit.
    ("time", 0x80),
];

const fn all_of(bits: u64) -> Operator {
    Operator::Masked {
        mask: bits,
        value: bits,
    }
}

impl Reader<'_> {
    pub(super) fn families(
        &mut self,
        words: &[Word<'_>],
    ) -> Result<Option<SyscallPolicy>, ReadError> {
        let Some(((at, first), rest)) = words.split_first() else {
            return Ok(None);
        };
        let (inverted, first) = match first.strip_prefix('~') {
            Some(word) => (true, (at + 1, word)),
            None => (false, (*at, *first)),
        };
        let mut families = Vec::new();
        for (at, word) in std::iter::once(first).chain(rest.iter().copied()) {
            if word.is_empty() || word == "none" {
                continue;
            }
            let value = constants::lookup(word, Arch::X86_64).filter(|_| word.starts_with("AF_"));
            let value = value.ok_or_else(|| {
                let near = constants::suggest(word);
                self.source.unknown(at, What::Family, word, near)
            })?;
            families.push((value, value));
        }
        families.sort_unstable();
        families.dedup();
        let mut policy = permissive(&self.served);
        let when = match (families.is_empty(), inverted) {
            (true, true) => return Ok(None),
            (true, false) => Vec::new(),
            (false, true) => vec![raw(0, Operator::In(families))],
            (false, false) => vec![raw(0, Operator::NotIn(families))],
        };
        for arch in &self.served {
            // These have socketcall, whose arguments no filter sees, so that systemd leaves them alone.
            if matches!(arch, Arch::I386 | Arch::S390x) {
                let what = format!("RestrictAddressFamilies= on {arch}");
                self.notes
                    .add(self.source.position(*at), Remark::Unkept { what });
                continue;
            }
            let action = Action::Errno(EAFNOSUPPORT);
            on(&mut policy, *arch, "socket", when.clone(), action);
        }
        Ok(Some(policy))
    }

    pub(super) fn namespaces(
        &mut self,
        at: usize,
        words: &[Word<'_>],
    ) -> Result<Option<SyscallPolicy>, ReadError> {
        let all = NAMESPACES
            .iter()
            .take(7)
            .fold(0, |bits, (_, flag)| bits | flag);
        let retained = match words {
            [] => return Ok(None),
            [(_, word)] if ["yes", "true", "1", "on"].contains(word) => 0,
            [(_, word)] if ["no", "false", "0", "off"].contains(word) => return Ok(None),
            [(_, first), ..] => {
                let inverted = first.starts_with('~');
                let mut bits = 0;
                for (at, word) in words {
                    let name = word.trim_start_matches('~');
                    let found = NAMESPACES.iter().find(|(known, _)| *known == name);
                    let (_, flag) = found.ok_or_else(|| {
                        let names = NAMESPACES.iter().map(|(name, _)| *name);
                        self.source.unknown(*at, What::Namespace, name, names)
                    })?;
                    bits |= flag;
                }
                if inverted { all & !bits } else { bits }
            }
        };
        if retained & all == all {
            return Ok(None);
        }
        let mut policy = permissive(&self.served);
        let eperm = Action::EPERM;
        // The flags are behind a pointer; with ENOSYS the C library takes clone instead.
        add(&mut policy, "clone3", Vec::new(), Action::ENOSYS);
        if retained & all == 0 {
            add(&mut policy, "setns", Vec::new(), eperm);
        } else {
            // 0 is any kind of namespace.
            add(
                &mut policy,
                "setns",
                vec![raw(1, Operator::Equal(0))],
                eperm,
            );
        }
        for (_, flag) in NAMESPACES
            .iter()
            .take(7)
            .filter(|(_, flag)| retained & flag == 0)
        {
            add(&mut policy, "unshare", vec![raw(0, all_of(*flag))], eperm);
            if retained & all != 0 {
                add(&mut policy, "setns", vec![raw(1, all_of(*flag))], eperm);
            }
            for arch in &self.served {
                let place = u8::from(*arch == Arch::S390x);
                let when = vec![raw(place, all_of(*flag))];
                on(&mut policy, *arch, "clone", when, eperm);
            }
        }
        if words.iter().any(|(_, word)| word.ends_with("time")) {
            let what = "the time namespace, before systemd 258".to_owned();
            self.notes
                .add(self.source.position(at), Remark::Unkept { what });
        }
        Ok(Some(policy))
    }
}

fn on(policy: &mut SyscallPolicy, arch: Arch, name: &str, when: Vec<Test>, action: Action) {
    if let Some(id) = casemate_model::names::SyscallId::from_name(name) {
        policy.add(Call::On(arch, id), Case { when, action });
    }
}

pub(super) fn memory(reader: &Reader<'_>) -> SyscallPolicy {
    let mut policy = permissive(&reader.served);
    let eperm = Action::EPERM;
    for arch in &reader.served {
        let (mapped, blocked, attached) = match arch {
            Arch::I386 => ("mmap2", Some("mmap"), false),
            Arch::Ppc64le | Arch::S390x => ("mmap", None, false),
            Arch::Arm => ("mmap2", None, true),
            _ => ("mmap", None, true),
        };
        let both = vec![raw(2, all_of(PROT_WRITE | PROT_EXEC))];
        on(&mut policy, *arch, mapped, both, eperm);
        if let Some(blocked) = blocked {
            on(&mut policy, *arch, blocked, Vec::new(), eperm);
        }
        for name in ["mprotect", "pkey_mprotect"] {
            let executable = vec![raw(2, all_of(PROT_EXEC))];
            on(&mut policy, *arch, name, executable, eperm);
        }
        if attached {
            let executable = vec![raw(2, all_of(SHM_EXEC))];
            on(&mut policy, *arch, "shmat", executable, eperm);
        }
    }
    policy
}

pub(super) fn realtime(reader: &Reader<'_>) -> SyscallPolicy {
    let mut policy = permissive(&reader.served);
    let other = vec![raw(1, Operator::NotIn(ORDINARY_POLICIES.to_vec()))];
    add(&mut policy, "sched_setscheduler", other, Action::EPERM);
    policy
}

pub(super) fn personality(reader: &Reader<'_>) -> SyscallPolicy {
    let mut policy = permissive(&reader.served);
    let other = vec![raw(0, Operator::NotEqual(0))];
    add(&mut policy, "personality", other, Action::EPERM);
    policy
}

pub(super) fn set_id(reader: &Reader<'_>) -> SyscallPolicy {
    let mut policy = permissive(&reader.served);
    let eperm = Action::EPERM;
    for mode in [S_ISUID, S_ISGID] {
        for (name, place) in [
            ("chmod", 1),
            ("fchmod", 1),
            ("fchmodat", 2),
            ("mkdir", 1),
            ("mkdirat", 2),
            ("mknod", 1),
            ("mknodat", 2),
            ("creat", 1),
        ] {
            add(&mut policy, name, vec![raw(place, all_of(mode))], eperm);
        }
        for (name, place) in [("open", 1), ("openat", 2)] {
            let when = vec![raw(place, all_of(O_CREAT)), raw(place + 1, all_of(mode))];
            add(&mut policy, name, when, eperm);
        }
    }
    // Its mode is behind a pointer.
    add(&mut policy, "openat2", Vec::new(), eperm);
    policy
}
