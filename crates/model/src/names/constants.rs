//! The symbolic values that system calls' arguments take, by architecture.
//!
//! Constants come in families, each with the arguments that take it: `CLONE_*` for the flags of clone, unshare and
//! setns. [`lookup`] gives a name's value, [`name_of`] writes a value in names.
//!
//! Source: the headers that Linux 6.1 exports, whose values were computed with each architecture's own, and by hand what
//! is newer or not exported; all written down in `xtask/data/names/constants.txt`, which the tables are generated from.
//! Where architectures differ (ioctl numbers on Power and MIPS, `O_*` on Arm and Power, socket types on MIPS), each
//! has its own value or, honestly, none.
//!
//! A negative value is its 64-bit two's complement: compare it under the argument's mask
//! ([`super::arguments::Argument::mask`]).

use std::fmt::Write as _;

use super::arch::Arch;
use super::arguments::argument_of;
use super::suggest::nearest;
use super::syscalls::SyscallId;
use super::tables::constants_table::{CONSTANTS, FAMILIES, GROUPS};

/// One constant.
#[derive(Debug, PartialEq, Eq)]
pub struct Constant {
    /// The name in the header.
    pub name: &'static str,
    /// The kernel header that defines it.
    pub header: &'static str,
    value: Value,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// On every architecture.
    Same(u64),
    /// By architecture, in the order of [`Arch::ALL`]; the last column is for both byte orders of MIPS.
    Each(&'static [Option<u64>; 10]),
}

impl Constant {
    /// The value on an architecture, `None` where the architecture lacks it.
    pub fn value(&self, arch: Arch) -> Option<u64> {
        match self.value {
            Value::Same(value) => Some(value),
            Value::Each(values) => {
                let column = if arch == Arch::Mips64el {
                    Arch::Mips64
                } else {
                    arch
                };
                values.get(column as usize).copied().flatten()
            }
        }
    }
}

/// How the constants of a family combine in an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The argument is one of them.
    Values,
    /// The argument is any of them, by bits.
    Flags,
    /// The bits under this mask are one of them, and the other bits are flags.
    Mixed(u64),
}

/// A family of constants.
pub struct Family {
    /// `clone-flags`.
    pub name: &'static str,
    /// How they combine.
    pub shape: Shape,
    uses: &'static [Use],
    members: &'static [u16],
}

/// An argument that takes a family's constants.
pub(super) struct Use {
    pub(super) call: &'static str,
    pub(super) argument: &'static str,
    pub(super) meaning: Meaning,
}

/// Whether a number there means this family's constant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It does.
    Certain,
    /// Another argument decides: the protocol of a socket belongs to the address family.
    Elsewhere,
}

/// Several flags under one name.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// `CLONE_NEWNS_ALL`.
    pub name: &'static str,
    /// The constants in it.
    pub members: &'static [&'static str],
    /// What it stands for.
    pub meaning: &'static str,
}

impl Group {
    /// All members' bits; members that the architecture lacks add none.
    pub fn value(&self, arch: Arch) -> u64 {
        self.members
            .iter()
            .filter_map(|name| find(name)?.value(arch))
            .fold(0, |bits, value| bits | value)
    }
}

impl Family {
    /// Its constants, in the header's order.
    pub fn members(&self) -> impl Iterator<Item = &'static Constant> {
        self.members
            .iter()
            .filter_map(|&index| CONSTANTS.get(usize::from(index)))
    }

    /// Its constants that an architecture has, with their values there.
    fn values(&self, arch: Arch) -> impl Iterator<Item = (&'static str, u64)> {
        self.members()
            .filter_map(move |one| one.value(arch).map(|value| (one.name, value)))
    }
}

/// Writes a constant of the generated table that is the same everywhere.
pub(super) const fn same(name: &'static str, header: &'static str, value: u64) -> Constant {
    Constant {
        name,
        header,
        value: Value::Same(value),
    }
}

/// Writes a constant of the generated table that differs.
pub(super) const fn each(
    name: &'static str,
    header: &'static str,
    values: &'static [Option<u64>; 10],
) -> Constant {
    Constant {
        name,
        header,
        value: Value::Each(values),
    }
}

/// Writes a family of the generated table.
pub(super) const fn family(
    name: &'static str,
    shape: Shape,
    uses: &'static [Use],
    members: &'static [u16],
) -> Family {
    Family {
        name,
        shape,
        uses,
        members,
    }
}

/// Writes a use of the generated table.
pub(super) const fn used(call: &'static str, argument: &'static str, meaning: Meaning) -> Use {
    Use {
        call,
        argument,
        meaning,
    }
}

/// Writes a group of the generated table.
pub(super) const fn group(
    name: &'static str,
    members: &'static [&'static str],
    meaning: &'static str,
) -> Group {
    Group {
        name,
        members,
        meaning,
    }
}

/// Finds a constant by its name.
pub fn find(name: &str) -> Option<&'static Constant> {
    let at = CONSTANTS
        .binary_search_by(|constant| constant.name.cmp(name))
        .ok()?;
    CONSTANTS.get(at)
}

/// Finds a group by its name.
pub fn find_group(name: &str) -> Option<&'static Group> {
    GROUPS.iter().find(|group| group.name == name)
}

/// The value of a constant or a group on an architecture. `None` is an unknown name or one that the architecture
/// lacks; [`find`] tells which.
pub fn lookup(name: &str, arch: Arch) -> Option<u64> {
    match find(name) {
        Some(constant) => constant.value(arch),
        None => find_group(name).map(|group| group.value(arch)),
    }
}

/// All families.
pub fn families() -> impl ExactSizeIterator<Item = &'static Family> {
    FAMILIES.iter()
}

/// All groups.
pub fn groups() -> impl ExactSizeIterator<Item = &'static Group> {
    GROUPS.iter()
}

/// The families that an argument takes, counted from 0 in the architecture's own order of arguments.
pub fn families_of(
    id: SyscallId,
    argument: usize,
    arch: Arch,
) -> impl Iterator<Item = &'static Family> {
    used_by(id, argument, arch).map(|(family, _)| family)
}

fn used_by(
    id: SyscallId,
    argument: usize,
    arch: Arch,
) -> impl Iterator<Item = (&'static Family, Meaning)> {
    let declared = argument_of(id, arch, argument).map(|argument| argument.name);
    FAMILIES.iter().filter_map(move |family| {
        let used = family
            .uses
            .iter()
            .find(|used| used.call == id.name() && Some(used.argument) == declared)?;
        Some((family, used.meaning))
    })
}

/// Writes an argument's value in names: `AF_UNIX`, `CLONE_NEWUSER|CLONE_NEWNS`, `O_WRONLY|O_CREAT|0x80000000`. `None`
/// where no name says any of it; the number then says most.
pub fn name_of(id: SyscallId, argument: usize, value: u64, arch: Arch) -> Option<String> {
    let mask = argument_of(id, arch, argument)?.mask(arch);
    let families: Vec<&Family> = used_by(id, argument, arch)
        .filter(|(_, meaning)| *meaning == Meaning::Certain)
        .map(|(family, _)| family)
        .collect();
    let constants: Vec<(&'static str, u64)> = families
        .iter()
        .flat_map(|family| family.values(arch))
        .map(|(name, value)| (name, value & mask))
        .collect();
    let value = value & mask;
    if let Some((name, _)) = constants.iter().find(|(_, known)| *known == value) {
        return Some((*name).to_owned());
    }
    let shapes = || families.iter().map(|family| family.shape);
    let enumerated = shapes().find_map(|shape| match shape {
        Shape::Mixed(bits) => Some(bits),
        Shape::Values | Shape::Flags => None,
    });
    if enumerated.is_none() && !shapes().any(|shape| shape == Shape::Flags) {
        return None;
    }
    combination(&constants, enumerated.unwrap_or(0), value)
}

/// Writes a value as one constant under the mask and flags beside it. What has no name is added as a number.
fn combination(constants: &[(&'static str, u64)], mask: u64, value: u64) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    let mut rest = value;
    let chosen = value & mask;
    if mask != 0
        && let Some((name, _)) = constants.iter().find(|(_, known)| *known == chosen)
    {
        names.push(name);
        rest &= !mask;
    }
    // A constant of several bits goes before those of its parts: `O_SYNC` contains `O_DSYNC`.
    let mut flags: Vec<(&str, u64)> = constants
        .iter()
        .copied()
        .filter(|(_, bits)| *bits != 0 && bits & mask == 0)
        .collect();
    flags.sort_by_key(|(_, bits)| std::cmp::Reverse(bits.count_ones()));
    for (name, bits) in flags {
        if rest & bits == bits {
            names.push(name);
            rest &= !bits;
        }
    }
    if names.is_empty() {
        return None;
    }
    let mut text = names.join("|");
    if rest != 0 {
        // PANIC: writing to a String does not fail.
        write!(text, "|{rest:#x}").ok()?;
    }
    Some(text)
}

/// The known name nearest to one that is not known.
pub fn suggest(name: &str) -> Option<&'static str> {
    let constants = CONSTANTS.iter().map(|constant| constant.name);
    nearest(name, constants.chain(GROUPS.iter().map(|group| group.name)))
}

#[cfg(test)]
mod tests;
