//! From the lines of a policy to the policy: names to numbers, for each architecture, and no two rules in conflict.

use std::collections::BTreeMap;

use casemate_model::names::errno;
use casemate_model::names::{Arch, SyscallId, arguments, constants, syscalls};
use casemate_model::syscalls::diagram::{Diagrams, Node};
use casemate_model::syscalls::policy::{register, shape};
use casemate_model::syscalls::{Action, Arg, Call, Case, Operator, SyscallPolicy, Test, Width};

use super::parse::{
    Answer, Argument, Cases, Comparison, Condition, Conditions, Document, Rule, Target, Value,
    error, unknown,
};
use super::{LanguageError, Position, Problem};

// Names of constants that stand for each other deeper than this are a circle.
const DEEPEST: usize = 16;

pub(super) fn lower(document: &Document) -> Result<SyscallPolicy, LanguageError> {
    let ordinary = SyscallPolicy::ordinary();
    let archs = match &document.archs {
        Some((archs, _)) => archs.iter().copied().collect(),
        None => ordinary.archs.clone(),
    };
    let first = archs.first().copied().unwrap_or(Arch::X86_64);
    let settle = |given: &Option<(Answer, Position)>, usual: Action| match given {
        Some((answer, at)) => action(answer, first, at),
        None => Ok(usual),
    };
    let mut policy =
        SyscallPolicy::without_rules(archs, settle(&document.default, ordinary.default)?);
    policy.newer = settle(&document.newer, ordinary.newer)?;
    policy.foreign = settle(&document.foreign, ordinary.foreign)?;
    policy.known_up_to = document
        .kernel
        .as_ref()
        .map_or(syscalls::COVERED, |(version, _)| *version);
    policy.flags = document.flags.iter().copied().collect();
    let mut by_target: BTreeMap<Target, Vec<&Rule>> = BTreeMap::new();
    for rule in &document.rules {
        by_target.entry(rule.target).or_default().push(rule);
    }
    for (target, rules) in by_target {
        target_rules(document, &mut policy, target, &rules)?;
    }
    Ok(policy)
}

fn target_rules(
    document: &Document,
    policy: &mut SyscallPolicy,
    target: Target,
    rules: &[&Rule],
) -> Result<(), LanguageError> {
    let mut lowered: Vec<(Arch, Vec<Case>)> = Vec::new();
    let (id, places) = match target {
        Target::Named(id) => {
            let having = policy
                .archs
                .iter()
                .copied()
                .filter(|arch| id.number(*arch).is_some())
                .collect();
            (Some(id), having)
        }
        Target::On(arch, id) => (Some(id), vec![arch]),
        Target::Numbers(arch, _, _) => (None, vec![arch]),
    };
    for arch in places {
        let context = Context { document, arch, id };
        lowered.push((arch, context.cases(rules)?));
    }
    let Some((_, first)) = lowered.first() else {
        return Ok(());
    };
    match target {
        Target::Named(id) if lowered.iter().all(|(_, cases)| cases == first) => {
            policy.rules.insert(Call::Named(id), first.clone());
        }
        Target::Named(id) => {
            for (arch, cases) in lowered {
                // A rule for one architecture stands where it was written.
                policy.rules.entry(Call::On(arch, id)).or_insert(cases);
            }
        }
        Target::On(arch, id) => {
            policy.rules.insert(Call::On(arch, id), first.clone());
        }
        Target::Numbers(arch, low, high) => {
            policy
                .rules
                .insert(Call::Numbers(arch, low, high), first.clone());
        }
    }
    Ok(())
}

struct Context<'a> {
    document: &'a Document,
    arch: Arch,
    id: Option<SyscallId>,
}

impl Context<'_> {
    fn name(&self) -> String {
        self.id
            .map_or_else(|| "the numbers".to_owned(), |id| id.name().to_owned())
    }

    fn cases(&self, rules: &[&Rule]) -> Result<Vec<Case>, LanguageError> {
        let mut cases = Vec::new();
        let mut last: Option<(&Rule, Case)> = None;
        let mut loose: Vec<(&Rule, Case)> = Vec::new();
        for rule in rules {
            match &rule.cases {
                Cases::Ordered(ordered) => {
                    if let Some(other) = rules.iter().find(|other| other.at != rule.at) {
                        return Err(self.twice(rule, other));
                    }
                    for (conditions, answer) in ordered {
                        cases.push(self.case(conditions, answer, &rule.at)?);
                    }
                }
                Cases::One(conditions, answer) => {
                    let case = self.case(conditions, answer, &rule.at)?;
                    if matches!(conditions, Conditions::Otherwise) {
                        if let Some((other, _)) = &last {
                            return Err(self.twice(rule, other));
                        }
                        last = Some((rule, case));
                    } else if !loose.iter().any(|(_, other)| *other == case) {
                        loose.push((rule, case));
                    }
                }
            }
        }
        self.check(&loose)?;
        cases.extend(loose.into_iter().map(|(_, case)| case));
        cases.extend(last.map(|(_, case)| case));
        Ok(cases)
    }

    fn twice(&self, rule: &Rule, other: &Rule) -> LanguageError {
        error(
            rule.at.clone(),
            Problem::Twice {
                what: format!("a rule for {}", self.name()),
                first: other.at.clone(),
            },
        )
    }

    // No two cases with different answers may hold together.
    fn check(&self, loose: &[(&Rule, Case)]) -> Result<(), LanguageError> {
        let Some((_, first)) = loose.first() else {
            return Ok(());
        };
        if loose.iter().all(|(_, case)| case.action == first.action) {
            return Ok(());
        }
        let mut diagrams = Diagrams::new();
        let mut seen: Vec<(&Rule, Action, Node)> = Vec::new();
        for (rule, case) in loose {
            let mut all = Node::ALWAYS;
            for test in &case.when {
                let shape = self.id.map_or_else(
                    || register(self.arch),
                    |id| shape(self.arch, id, test.arg.index()),
                );
                let holds = test.diagram(&mut diagrams, shape);
                all = diagrams.and(all, holds);
            }
            for (other, action, condition) in &seen {
                if *action != case.action && diagrams.and(all, *condition) != Node::NEVER {
                    return Err(error(
                        rule.at.clone(),
                        Problem::Conflict {
                            call: self.name(),
                            other: other.at.clone(),
                        },
                    ));
                }
            }
            if diagrams.overflowed() {
                return Err(error(rule.at.clone(), Problem::TooComplex(self.name())));
            }
            seen.push((rule, case.action, all));
        }
        Ok(())
    }

    fn case(
        &self,
        conditions: &Conditions,
        answer: &Answer,
        at: &Position,
    ) -> Result<Case, LanguageError> {
        let when = match conditions {
            Conditions::Otherwise => Vec::new(),
            Conditions::All(conditions) => conditions
                .iter()
                .map(|condition| self.test(condition))
                .collect::<Result<_, _>>()?,
        };
        Ok(Case {
            when,
            action: action(answer, self.arch, at)?,
        })
    }

    fn test(&self, condition: &Condition) -> Result<Test, LanguageError> {
        let arg = self.argument(condition)?;
        let value = |value: &Value| self.value(value, 0);
        let ranges = |ranges: &[(Value, Value)]| -> Result<Vec<(u64, u64)>, LanguageError> {
            ranges
                .iter()
                .map(|(low, high)| Ok((value(low)?, value(high)?)))
                .collect()
        };
        let operator = match (&condition.mask, &condition.comparison) {
            (Some(mask), Comparison::NotEqual(wanted)) => Operator::NotMasked {
                mask: self.narrow(condition.width, arg, value(mask)?),
                value: value(wanted)?,
            },
            (Some(mask), Comparison::Equal(wanted)) => Operator::Masked {
                mask: self.narrow(condition.width, arg, value(mask)?),
                value: value(wanted)?,
            },
            (_, Comparison::Equal(wanted)) => Operator::Equal(value(wanted)?),
            (_, Comparison::NotEqual(wanted)) => Operator::NotEqual(value(wanted)?),
            (_, Comparison::Less(bound)) => Operator::Less(value(bound)?),
            (_, Comparison::AtMost(bound)) => Operator::AtMost(value(bound)?),
            (_, Comparison::Greater(bound)) => Operator::Greater(value(bound)?),
            (_, Comparison::AtLeast(bound)) => Operator::AtLeast(value(bound)?),
            (_, Comparison::In(list)) => Operator::In(ranges(list)?),
            (_, Comparison::NotIn(list)) => Operator::NotIn(ranges(list)?),
        };
        Ok(Test {
            arg,
            width: condition.width,
            operator,
        })
    }

    // ~SOCK_CLOEXEC has 64 bits, of which an int has 32.
    fn narrow(&self, width: Width, arg: Arg, mask: u64) -> u64 {
        let known = self
            .id
            .and_then(|id| arguments::argument_of(id, self.arch, usize::from(arg.index())));
        match (width, known) {
            (Width::Kernel, Some(argument)) => mask & argument.mask(self.arch),
            (Width::Low32 | Width::High32, _) => mask & u64::from(u32::MAX),
            _ => mask,
        }
    }

    fn argument(&self, condition: &Condition) -> Result<Arg, LanguageError> {
        let place = match &condition.argument {
            Argument::Place(place) => {
                let has = self
                    .id
                    .and_then(|id| arguments::signature_of(id, self.arch))
                    .map_or(6, <[_]>::len);
                if *place >= has {
                    return Err(error(
                        condition.at.clone(),
                        Problem::Arguments {
                            call: self.name(),
                            has,
                        },
                    ));
                }
                Some(*place)
            }
            Argument::Named(name) => match self.id {
                Some(id) => arguments::index(id, self.arch, name).or_else(|| numbered(name)),
                None => numbered(name),
            },
        };
        place
            .and_then(|place| Arg::new(place as u8))
            .ok_or_else(|| {
                let (name, near) = match &condition.argument {
                    Argument::Named(name) => {
                        let near = self
                            .id
                            .and_then(|id| arguments::suggest(id, self.arch, name));
                        (name.as_str(), near)
                    }
                    Argument::Place(_) => ("", None),
                };
                unknown("argument", name, condition.at.clone(), near)
            })
    }

    fn value(&self, value: &Value, depth: usize) -> Result<u64, LanguageError> {
        Ok(match value {
            Value::Number(number) => *number,
            Value::Or(left, right) => self.value(left, depth)? | self.value(right, depth)?,
            Value::Not(inner) => !self.value(inner, depth)?,
            Value::Negative(inner) => self.value(inner, depth)?.wrapping_neg(),
            Value::Name(name, at) => {
                if let Some((own, at)) = self.document.constants.get(name) {
                    if depth > DEEPEST {
                        return Err(error(at.clone(), Problem::Recursion(name.clone())));
                    }
                    return self.value(own, depth + 1);
                }
                match constants::lookup(name, self.arch) {
                    Some(value) => value,
                    None if constants::find(name).is_some() => {
                        return Err(error(
                            at.clone(),
                            Problem::Lacking {
                                name: name.clone(),
                                arch: self.arch.name(),
                            },
                        ));
                    }
                    None => {
                        let near = constants::suggest(name);
                        return Err(unknown("constant", name, at.clone(), near));
                    }
                }
            }
        })
    }
}

fn numbered(name: &str) -> Option<usize> {
    let place: usize = name
        .strip_prefix("arg")
        .or_else(|| name.strip_prefix("reg"))?
        .parse()
        .ok()?;
    (place < 6).then_some(place)
}

fn action(answer: &Answer, arch: Arch, at: &Position) -> Result<Action, LanguageError> {
    match answer {
        Answer::Plain(action) => Ok(*action),
        Answer::Errno(name) => errno::number(arch, name)
            .map(Action::Errno)
            .ok_or_else(|| unknown("error", name, at.clone(), errno::suggest(name))),
    }
}
