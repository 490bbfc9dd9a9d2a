//! The filter of the ordinary policy, compiled beforehand.
//!
//! Most launches use that policy as it is. Compiling it takes about a millisecond, a good part of a launch, and always
//! gives the same instructions; so they are a table, written by `cargo xtask ready-filters`, and a test compares it
//! with what the compiler gives. A policy that differs in anything from the ordinary one is compiled.

#[path = "ready_table.rs"]
mod table;

use casemate_model::names::arch::Arch;
use casemate_model::syscalls::SyscallPolicy;

/// Machines that have a table: the architectures that a kernel serves, as [`compile`](crate::compile()) takes them.
pub const MACHINES: [&[Arch]; 2] = [
    &[Arch::X86_64, Arch::X32, Arch::I386],
    &[Arch::Aarch64, Arch::Arm],
];

/// Returns the instructions, in little-endian bytes, when the policy is the ordinary one and the machine has a table.
pub fn ready(policy: &SyscallPolicy, archs: &[Arch]) -> Option<&'static [u8]> {
    let at = MACHINES.iter().position(|machine| *machine == archs)?;
    let bytes = table::FILTERS.get(at)?.as_flattened();
    (policy == SyscallPolicy::ordinary_ref()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_what_the_compiler_gives() {
        for machine in MACHINES {
            let policy = SyscallPolicy::ordinary();
            let compiled = crate::compile(&policy, machine).unwrap().to_bytes();
            let hint = "run `cargo xtask ready-filters`";
            assert_eq!(
                ready(&policy, machine),
                Some(compiled.as_slice()),
                "{machine:?}: {hint}"
            );
        }
    }

    #[test]
    fn another_policy_has_no_table() {
        let mut policy = SyscallPolicy::ordinary();
        policy.rules.pop_last();
        assert_eq!(ready(&policy, MACHINES[0]), None);
        assert_eq!(ready(&SyscallPolicy::open(), MACHINES[0]), None);
        assert_eq!(ready(&SyscallPolicy::ordinary(), &[Arch::X86_64]), None);
    }
}
