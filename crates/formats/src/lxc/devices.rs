//! Device control: `devices.allow` and `devices.deny` of either version of cgroups.

use super::config::{Config, Given};
use crate::loss::Loss;
use crate::reader::Problem;
use casemate_model::facets::device_numbers::{DeviceAccess, DeviceKind, DeviceNumbers, DeviceRule};
use casemate_model::{Origin, Stated};
use std::collections::BTreeSet;

/// What device control permits. Where both versions are configured and the host decides which counts, it is all that
/// either permits.
pub fn numbers(
    config: &Config,
    of: &'static str,
    problems: &mut Vec<Problem>,
    losses: &mut Vec<Loss>,
) -> Stated<DeviceNumbers> {
    let mut found: Option<(DeviceNumbers, Origin)> = None;
    for name in ["lxc.cgroup.", "lxc.cgroup2."] {
        let Some((numbers, origin)) = list(config, name, problems) else {
            continue;
        };
        found = Some(match found {
            None => (numbers, origin),
            Some((others, _)) => (union(others, numbers), origin),
        });
    }
    let every = |rule: &DeviceRule| {
        rule.major.is_none() && rule.minor.is_none() && rule.access.includes(DeviceAccess::MKNOD)
    };
    if let Some((DeviceNumbers::Only(rules), origin)) = &found
        && rules.iter().any(every)
    {
        losses.push(Loss::caution(
            "nodes of every device can be made (`*:* m`), though only those listed be opened",
            origin.clone(),
        ));
    }
    match found {
        Some((numbers, origin)) => Stated::set(numbers, origin),
        None => Stated::default_of(of, DeviceNumbers::All),
    }
}

fn union(a: DeviceNumbers, b: DeviceNumbers) -> DeviceNumbers {
    match (a, b) {
        (DeviceNumbers::Only(mut a), DeviceNumbers::Only(b)) => {
            a.extend(b);
            DeviceNumbers::Only(a)
        }
        _ => DeviceNumbers::All,
    }
}

/// The lines of one version, in the order of the input.
fn list(
    config: &Config,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Option<(DeviceNumbers, Origin)> {
    let mut lines: Vec<(bool, &Given)> = Vec::new();
    for (rest, permits) in [("devices.deny", false), ("devices.allow", true)] {
        lines.extend(config.at(name, rest).iter().map(|given| (permits, given)));
    }
    lines.sort_by_key(|(_, given)| given.order);
    let last = lines.last()?.1.origin.clone();
    let mut permitted = BTreeSet::new();
    let mut everything = true;
    for (permits, given) in lines {
        let Some(rules) = rules(&given.value) else {
            problems.push(
                Problem::new(
                    format!("expected a device rule, found {:?}", given.value),
                    given.origin.clone(),
                )
                .hint("a rule is `a`, or TYPE MAJOR:MINOR ACCESS, such as c 1:3 rwm"),
            );
            continue;
        };
        match (rules, permits) {
            (Rules::All, permits) => {
                everything = permits;
                permitted.clear();
            }
            (Rules::These(rules), true) => permitted.extend(rules),
            (Rules::These(rules), false) => {
                for rule in rules {
                    permitted = permitted
                        .into_iter()
                        .filter_map(|p| less(p, rule))
                        .collect();
                }
            }
        }
    }
    // What is denied of everything has no words in the model: everything is the least that holds it.
    let numbers = if everything {
        DeviceNumbers::All
    } else {
        DeviceNumbers::Only(permitted)
    };
    Some((numbers, last))
}

enum Rules {
    All,
    These(Vec<DeviceRule>),
}

fn rules(text: &str) -> Option<Rules> {
    let mut words = text.split_whitespace();
    let kind = words.next()?;
    let kinds: &[DeviceKind] = match kind {
        "a" => &[DeviceKind::Block, DeviceKind::Char],
        "b" => &[DeviceKind::Block],
        "c" => &[DeviceKind::Char],
        _ => return None,
    };
    let Some(numbers) = words.next() else {
        return (kind == "a").then_some(Rules::All);
    };
    let (major, minor) = numbers.split_once(':')?;
    let (major, minor) = (number(major).ok()?, number(minor).ok()?);
    let access = words
        .next()
        .map_or(Some(DeviceAccess::ALL), DeviceAccess::parse)?;
    if words.next().is_some() {
        return None;
    }
    if kind == "a" && major.is_none() && minor.is_none() && access == DeviceAccess::ALL {
        return Some(Rules::All);
    }
    let rule = |kind: &DeviceKind| DeviceRule {
        kind: *kind,
        major,
        minor,
        access,
    };
    Some(Rules::These(kinds.iter().map(rule).collect()))
}

/// A number, or any; `Err` when it is neither.
fn number(text: &str) -> Result<Option<u32>, std::num::ParseIntError> {
    match text {
        "*" | "-1" => Ok(None),
        text => text.parse().map(Some),
    }
}

/// What is left of a rule. A part of a wider rule that is denied stays: the answer is never too small.
fn less(permitted: DeviceRule, denied: DeviceRule) -> Option<DeviceRule> {
    let wide = |denied: Option<u32>, own: Option<u32>| denied.is_none() || denied == own;
    let covered = permitted.kind == denied.kind
        && wide(denied.major, permitted.major)
        && wide(denied.minor, permitted.minor);
    if !covered {
        return Some(permitted);
    }
    let access = permitted.access.without(denied.access);
    (access != DeviceAccess::NONE).then_some(DeviceRule {
        access,
        ..permitted
    })
}
