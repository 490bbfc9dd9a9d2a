//! Judges everything in turn.

use super::{Deep, Finding, files, kernel, namespaces, resources};

/// Says for each thing that a launch depends on whether it stands in the way, with the smallest remedy.
pub fn doctor(deep: &Deep) -> Vec<Finding> {
    let rules: [fn(&Deep) -> Finding; 17] = [
        namespaces::user,
        namespaces::others,
        namespaces::time,
        namespaces::proc,
        kernel::calls,
        kernel::age,
        kernel::landlock,
        kernel::seccomp,
        kernel::memfd,
        kernel::core_dumps,
        kernel::ptrace,
        kernel::audit,
        resources::cgroups,
        resources::subordinate,
        resources::tun,
        files::program,
        files::mount,
    ];
    rules.iter().map(|rule| rule(deep)).collect()
}

#[cfg(test)]
mod tests;
