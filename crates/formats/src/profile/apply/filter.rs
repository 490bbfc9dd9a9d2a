//! System calls: the ordinary ones, with those that are added and taken away.

use super::{Apply, text};
use crate::profile::error::{Fault, Problem};
use crate::profile::forms;
use casemate_model::stated::Stated;
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::syscalls::ordinary::{GRANTS, Grant, Grants, UnknownName};

impl Apply<'_> {
    pub(super) fn filter(&mut self) {
        let settings = self.settings;
        let added = settings.words("syscalls").map(|entry| (entry, Rule::Add));
        let refused = settings.words("refuse").map(|entry| (entry, Rule::Refuse));
        let mut rules: Vec<_> = added.chain(refused).collect();
        // Within a layer what is refused counts more; a later layer counts more than an earlier one.
        rules.sort_by_key(|((_, rank), _)| *rank);
        let stating = |name: &str| matches!(name, "syscalls" | "refuse");
        let last = settings
            .all()
            .iter()
            .rev()
            .find(|setting| stating(setting.key.name));
        let Some(setting) = last else { return };
        let mut policy = SyscallPolicy::ordinary();
        for ((word, _), rule) in &rules {
            let name = text(word);
            let done = match rule {
                Rule::Add if name == forms::ALL => {
                    policy = SyscallPolicy::open();
                    Ok(())
                }
                Rule::Add => policy.grant(name),
                Rule::Refuse => refuse(&mut policy, name),
            };
            if let Err(unknown) = done {
                // Names have been checked; what comes here is a name that only the policy knows to be wrong.
                let fault = Fault::NotA {
                    what: "a system call",
                    found: format!("`{}`", unknown.name),
                };
                self.problems.push(Problem::new(fault, word.origin.clone()));
            }
        }
        self.confinement.syscalls.filter = Stated::set(policy, setting.origin.clone());
        self.added_and_refused();
    }

    fn added_and_refused(&mut self) {
        let settings = self.settings;
        for (added, rank) in settings.words("syscalls") {
            let refused = settings
                .words("refuse")
                .find(|(word, other)| *other == rank && word.text == added.text);
            if let Some((refused, _)) = refused {
                let what = format!("{} is in `syscalls` and in `refuse`", added.shown());
                let problem = Problem::new(Fault::Contradiction(what), added.origin.clone());
                let problem = problem.related(refused.origin.clone(), "it is refused here");
                self.problems
                    .push(problem.hint("keep one of the two".to_owned()));
            }
        }
    }
}

/// Refuses a call, or what a group adds. What is ordinary of a group's calls stays: no program runs without `clone`,
/// which is in @namespaces for some of its flags.
fn refuse(policy: &mut SyscallPolicy, name: &str) -> Result<(), UnknownName> {
    let before = policy.rules.clone();
    policy.refuse(name)?;
    let is_list = |grant: &&Grant| {
        name.strip_prefix('@') == Some(grant.name) && matches!(grant.grants, Grants::Calls(_))
    };
    if GRANTS.iter().any(|grant| is_list(&grant)) {
        for (call, cases) in SyscallPolicy::ordinary().rules {
            if policy.rules.get(&call) != before.get(&call) {
                policy.rules.insert(call, cases);
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Rule {
    Add,
    Refuse,
}
