//! Every system call: its number on each architecture, and the first kernel that has it there.
//!
//! Sources, all written down in `xtask/data/names/syscalls.tsv`, which the tables are generated from: asm/unistd.h of
//! each architecture (Linux 6.1); for what is newer, up to 7.1, and for the release in which an architecture got a
//! call, the system-calls tables by Marcin Juszkiewicz (MIT) and their history; for older calls, syscalls(2).
//!
//! How exact [`Syscall::since`] is: to the release for what appeared in 4.6 or later. Older calls carry the release in
//! which the first architecture got them (or, where that is known, this one), and never one before the
//! architecture's own first release.
//!
//! A number on [`Arch::X32`] includes its bit 30, as in `struct seccomp_data`.

use std::fmt;

use super::arch::Arch;
use super::suggest::nearest;
use super::tables::syscalls_table as table;
use super::version::KernelVersion;

/// A system call's name, interned: an index into one list of all architectures' names.
///
/// Ordered as the names are. The number behind it changes when the tables grow, so it is not for storing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SyscallId(u16);

/// One row of an architecture's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syscall {
    /// The number, as a filter sees it.
    pub nr: u32,
    /// The name, interned.
    pub id: SyscallId,
    /// The name.
    pub name: &'static str,
    /// The first kernel that has it on this architecture.
    pub since: KernelVersion,
}

/// Whether a kernel can answer a system call with anything but `ENOSYS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It does what its manual page says, if the kernel was built with it.
    Alive,
    /// The number is set aside, and no kernel since 3.0 has had the call.
    NeverImplemented,
    /// Kernels from this one on no longer have it.
    Removed(KernelVersion),
}

/// What a table holds: number (without the x32 bit), index of the name, first kernel.
pub(super) struct Row {
    nr: u32,
    name: u16,
    since: KernelVersion,
}

/// Writes a row of a generated table.
pub(super) const fn row(nr: u32, name: u16, since: (u8, u8, u8)) -> Row {
    Row {
        nr,
        name,
        since: KernelVersion::with_patch(since.0, since.1, since.2),
    }
}

/// The last kernel that the tables cover. What a kernel after it adds is in no table.
pub const COVERED: KernelVersion = KernelVersion::new(7, 1);

/// The spellings that other tools use for a call that the kernel names otherwise.
///
/// `arm_sync_file_range` is the name that 32-bit Arm's header had for what 2.6.22 called `sync_file_range2`.
static ALIASES: [(&str, &str); 1] = [("arm_sync_file_range", "sync_file_range2")];

impl SyscallId {
    /// How many names there are; every [`SyscallId::index`] is below it.
    pub const COUNT: usize = table::NAMES.len();

    /// Finds the name in the list of all architectures; also accepts the spellings of older headers.
    pub fn from_name(name: &str) -> Option<Self> {
        let find = |name: &str| table::NAMES.binary_search(&name).ok();
        let index = find(name).or_else(|| {
            let (_, real) = ALIASES.iter().find(|(alias, _)| *alias == name)?;
            find(real)
        })?;
        u16::try_from(index).ok().map(Self)
    }

    /// The name that the kernel gives it.
    pub fn name(self) -> &'static str {
        table::NAMES[usize::from(self.0)] // PANIC: the field is private and every constructor takes it from the table.
    }

    /// The position in the sorted list of names, for use in an array of [`SyscallId::COUNT`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The number on an architecture, `None` where the architecture has no such call.
    pub fn number(self, arch: Arch) -> Option<u32> {
        self.on(arch).map(|call| call.nr)
    }

    /// The whole row of an architecture's table.
    pub fn on(self, arch: Arch) -> Option<Syscall> {
        let (rows, by_name) = tables(arch);
        let place = by_name
            .binary_search_by_key(&self.0, |&at| rows[usize::from(at)].name) // PANIC: generated indices, tested.
            .ok()?;
        Some(syscall(arch, &rows[usize::from(by_name[place])])) // PANIC: as above.
    }

    /// Whether kernels have it on this architecture.
    pub fn fate(self, arch: Arch) -> Fate {
        let name = self.name();
        let dead = DEAD
            .iter()
            .find(|dead| dead.name == name && dead.on.is_none_or(|only| only.contains(&arch)));
        dead.map_or(Fate::Alive, |dead| dead.fate)
    }

    /// All names, sorted.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..table::NAMES.len()).filter_map(|index| u16::try_from(index).ok().map(Self))
    }
}

impl fmt::Debug for SyscallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for SyscallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The number of a call, by name.
pub fn number(arch: Arch, name: &str) -> Option<u32> {
    SyscallId::from_name(name)?.number(arch)
}

/// The name of a number. On [`Arch::X32`] the number must have bit 30, elsewhere it must not.
pub fn name(arch: Arch, nr: u32) -> Option<&'static str> {
    find(arch, nr).map(|call| call.name)
}

/// The first kernel that has this number on this architecture.
pub fn since(arch: Arch, nr: u32) -> Option<KernelVersion> {
    find(arch, nr).map(|call| call.since)
}

/// The row of a number.
pub fn find(arch: Arch, nr: u32) -> Option<Syscall> {
    let bit = arch.number_bit();
    if nr & bit != bit {
        return None;
    }
    let (rows, _) = tables(arch);
    let at = rows.binary_search_by_key(&(nr ^ bit), |row| row.nr).ok()?;
    rows.get(at).map(|row| syscall(arch, row))
}

/// All calls of an architecture, by number.
pub fn all(arch: Arch) -> impl ExactSizeIterator<Item = Syscall> {
    tables(arch).0.iter().map(move |row| syscall(arch, row))
}

/// How many of an architecture's numbers a kernel of this version knows. Numbers that were only ever set aside, or
/// whose call has been removed since, count: the tables say when a number came.
pub fn count(arch: Arch, version: KernelVersion) -> usize {
    all(arch).filter(|call| call.since <= version).count()
}

/// The known name nearest to one that is not known, on any architecture.
pub fn suggest(name: &str) -> Option<&'static str> {
    nearest(name, table::NAMES.iter().copied())
}

/// A call that the kernel lets through whatever a filter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exempt {
    /// The number on [`Arch::X86_64`], the only architecture that has such calls.
    pub nr: u32,
    /// The first kernel that exempts it.
    pub since: KernelVersion,
}

/// The calls that seccomp does not see (kernel/seccomp.c, `seccomp_uprobe_exception`): the kernel itself plants them in
/// a traced program, which a filter would kill. Fixes brought the first one to older stable kernels too.
pub const EXEMPT: [Exempt; 2] = [
    Exempt {
        nr: 335,
        since: KernelVersion::new(6, 14),
    },
    Exempt {
        nr: 336,
        since: KernelVersion::new(6, 18),
    },
];

/// Tells whether seccomp does not see this call.
pub fn is_exempt(arch: Arch, nr: u32) -> bool {
    arch == Arch::X86_64 && EXEMPT.iter().any(|exempt| exempt.nr == nr)
}

struct Dead {
    name: &'static str,
    /// `None` is every architecture that has the number.
    on: Option<&'static [Arch]>,
    fate: Fate,
}

const fn never(name: &'static str) -> Dead {
    Dead {
        name,
        on: None,
        fate: Fate::NeverImplemented,
    }
}

const fn never_on(name: &'static str, on: &'static [Arch]) -> Dead {
    Dead {
        name,
        on: Some(on),
        fate: Fate::NeverImplemented,
    }
}

const fn removed(name: &'static str, major: u8, minor: u8) -> Dead {
    Dead {
        name,
        on: None,
        fate: Fate::Removed(KernelVersion::new(major, minor)),
    }
}

/// unimplemented(2), syscalls(2), and the rows of arch/x86/entry/syscalls/syscall_64.tbl that have no entry point.
static DEAD: [Dead; 31] = [
    removed("_sysctl", 5, 5),
    never("afs_syscall"),
    removed("bdflush", 5, 15),
    never("break"),
    removed("create_module", 2, 6),
    never("epoll_ctl_old"),
    never("epoll_wait_old"),
    never("ftime"),
    removed("get_kernel_syms", 2, 6),
    never_on("get_thread_area", &[Arch::X86_64]),
    never("getpmsg"),
    never("gtty"),
    removed("idle", 2, 4),
    never("lock"),
    removed("lookup_dcookie", 6, 7),
    // The number is common to all; user shadow stacks exist on 64-bit x86, Arm and RISC-V only.
    never_on(
        "map_shadow_stack",
        &[
            Arch::I386,
            Arch::Arm,
            Arch::S390x,
            Arch::Ppc64le,
            Arch::Loongarch64,
            Arch::Mips64,
            Arch::Mips64el,
        ],
    ),
    never("mpx"),
    never("multiplexer"),
    removed("nfsservctl", 3, 1),
    never("prof"),
    never("profil"),
    never("putpmsg"),
    removed("query_module", 2, 6),
    never("security"),
    never_on("set_thread_area", &[Arch::X86_64]),
    never("stty"),
    never("timerfd"),
    never("tuxcall"),
    never("ulimit"),
    never_on("uselib", &[Arch::X86_64]),
    never("vserver"),
];

fn syscall(arch: Arch, row: &Row) -> Syscall {
    let id = SyscallId(row.name);
    Syscall {
        nr: row.nr | arch.number_bit(),
        id,
        name: id.name(),
        since: row.since,
    }
}

/// An architecture's rows by number, and the positions of its rows in the order of names.
fn tables(arch: Arch) -> (&'static [Row], &'static [u16]) {
    match arch {
        Arch::X86_64 => (&table::X86_64, &table::X86_64_BY_NAME),
        Arch::I386 => (&table::I386, &table::I386_BY_NAME),
        Arch::X32 => (&table::X32, &table::X32_BY_NAME),
        Arch::Aarch64 => (&table::AARCH64, &table::AARCH64_BY_NAME),
        Arch::Arm => (&table::ARM, &table::ARM_BY_NAME),
        Arch::Riscv64 => (&table::RISCV64, &table::RISCV64_BY_NAME),
        Arch::S390x => (&table::S390X, &table::S390X_BY_NAME),
        Arch::Ppc64le => (&table::PPC64LE, &table::PPC64LE_BY_NAME),
        Arch::Loongarch64 => (&table::LOONGARCH64, &table::LOONGARCH64_BY_NAME),
        Arch::Mips64 | Arch::Mips64el => (&table::MIPS64, &table::MIPS64_BY_NAME),
    }
}

#[cfg(test)]
mod tests;
