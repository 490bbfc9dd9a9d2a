//! What the lines of a configuration add up to, key by key.

use super::lines::Line;
use super::schema::{self, Key, Shape, Version};
use crate::loss::Loss;
use crate::reader::Problem;
use casemate_model::Origin;
use casemate_model::names::suggest;
use std::collections::BTreeMap;

/// A value and where it was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// The value.
    pub value: String,
    /// Where.
    pub origin: Origin,
    /// The number of its line among all.
    pub order: usize,
}

/// A configuration: the values of each key that count in the end.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Config {
    one: BTreeMap<&'static str, Given>,
    lists: BTreeMap<&'static str, Vec<Given>>,
    below: BTreeMap<&'static str, BTreeMap<String, Vec<Given>>>,
    /// Where `lxc.cap.drop` and `lxc.cap.keep` were taken back, when they were.
    cleared: BTreeMap<&'static str, Origin>,
}

impl Given {
    fn new(value: impl Into<String>, origin: Origin) -> Self {
        Self {
            value: value.into(),
            origin,
            order: 0,
        }
    }
}

impl Config {
    /// The value of a key.
    pub fn one(&self, name: &str) -> Option<&Given> {
        self.one.get(name)
    }

    /// The values of a key that add up.
    pub fn list(&self, name: &str) -> &[Given] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// What follows a name, with the values of each.
    pub fn below(&self, name: &str) -> impl Iterator<Item = (&str, &[Given])> {
        let found = self.below.get(name).into_iter().flatten();
        found.map(|(rest, values)| (rest.as_str(), values.as_slice()))
    }

    /// The values of a full name that follows another one.
    pub fn at(&self, name: &str, rest: &str) -> &[Given] {
        let found = self.below.get(name).and_then(|below| below.get(rest));
        found.map_or(&[], Vec::as_slice)
    }

    /// Where the values of a list were taken back, when nothing was added afterwards.
    pub fn cleared(&self, name: &str) -> Option<&Origin> {
        self.cleared.get(name)
    }

    /// Adds a value that no line stands for.
    pub fn add(&mut self, name: &'static str, value: impl Into<String>, origin: Origin) {
        let given = Given::new(value, origin);
        self.lists.entry(name).or_default().push(given);
    }

    /// Sets a value that no line stands for.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>, origin: Origin) {
        self.one.insert(name, Given::new(value, origin));
    }

    /// Sets a value below a name that no line stands for.
    pub fn set_below(
        &mut self,
        name: &'static str,
        rest: &str,
        value: impl Into<String>,
        origin: Origin,
    ) {
        let value = Given::new(value, origin);
        self.below
            .entry(name)
            .or_default()
            .insert(rest.to_owned(), vec![value]);
    }

    /// Takes the lines in their order.
    pub fn apply(
        &mut self,
        lines: Vec<Line>,
        version: Version,
        losses: &mut Vec<Loss>,
        problems: &mut Vec<Problem>,
    ) {
        let mut told = false;
        for (order, line) in lines.into_iter().enumerate() {
            if let Some(old) = &line.old {
                losses.push(Loss::caution(
                    format!(
                        "{old} is refused by LXC 3.0 and later, where it is {}",
                        line.key
                    ),
                    line.origin.clone(),
                ));
            }
            match schema::find(&line.key) {
                Some(key) => {
                    if let Some(gone) = key.gone.filter(|_| !told) {
                        told = true;
                        losses.push(Loss::caution(
                            format!(
                                "{} is for cgroup version 1: on a host with version 2 LXC passes over it, and LXC {}.{} refuses it",
                                line.key, gone.0, gone.1
                            ),
                            line.origin.clone(),
                        ));
                    }
                    match unavailable(key, version) {
                        Some(why) => {
                            problems.push(Problem::new(format!("{} {why}", line.key), line.origin));
                        }
                        None => self.take(key, line, order, problems),
                    }
                }
                None => problems.push(unknown(&line)),
            }
        }
    }

    fn take(&mut self, key: &'static Key, line: Line, order: usize, problems: &mut Vec<Problem>) {
        let Line {
            key: name,
            value,
            origin,
            ..
        } = line;
        let given = Given {
            value,
            origin,
            order,
        };
        match key.shape {
            Shape::One if given.value.is_empty() => {
                self.one.remove(key.name);
            }
            Shape::One => {
                self.one.insert(key.name, given);
            }
            Shape::List if given.value.is_empty() => {
                self.lists.remove(key.name);
                self.cleared.insert(key.name, given.origin);
            }
            Shape::List => {
                self.cleared.remove(key.name);
                self.lists.entry(key.name).or_default().push(given);
            }
            Shape::Clear if given.value.is_empty() => self.clear(key.name),
            Shape::Clear => problems.push(
                Problem::new(format!("{name} takes no value"), given.origin).hint(format!(
                    "{name} = takes back what was given; values belong to {name}.SOMETHING"
                )),
            ),
            Shape::Below | Shape::ListBelow => self.take_below(key, &name, given, problems),
        }
    }

    fn clear(&mut self, name: &'static str) {
        let begins = |other: &str| {
            other
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        // `lxc.cgroup =` takes back limits, not where the group is.
        self.below.retain(|other, _| !begins(other));
        if name == "lxc.hook" {
            self.lists.retain(|other, _| !begins(other));
        }
    }

    fn take_below(
        &mut self,
        key: &'static Key,
        name: &str,
        given: Given,
        problems: &mut Vec<Problem>,
    ) {
        let rest = name.strip_prefix(key.name).unwrap_or_default().to_owned();
        let mut adds = key.shape == Shape::ListBelow;
        if key.name == "lxc.net." {
            let Some((number, sub)) = rest
                .split_once('.')
                .filter(|(n, _)| n.parse::<u32>().is_ok())
            else {
                problems.push(Problem::new(
                    format!("expected lxc.net.NUMBER.KEY, found {name}"),
                    given.origin,
                ));
                return;
            };
            let Some((_, shape)) = schema::NET.iter().find(|(known, _)| *known == sub) else {
                let near = suggest::nearest(sub, schema::NET.iter().map(|(known, _)| *known));
                let problem = Problem::new(format!("unknown key {name}"), given.origin);
                problems.push(match near {
                    Some(near) => problem.hint(format!("perhaps lxc.net.{number}.{near}")),
                    None => problem,
                });
                return;
            };
            adds = *shape == Shape::List;
        }
        let below = self.below.entry(key.name).or_default();
        if given.value.is_empty() {
            below.remove(&rest);
            return;
        }
        let values = below.entry(rest).or_default();
        if !adds {
            values.clear();
        }
        values.push(given);
    }
}

fn unavailable(key: &Key, version: Version) -> Option<String> {
    let (major, minor) = version;
    if version < key.since {
        let (first_major, first_minor) = key.since;
        return Some(format!(
            "is in LXC since {first_major}.{first_minor}, not in {major}.{minor}"
        ));
    }
    let gone = key.gone.filter(|gone| version >= *gone)?;
    Some(format!("is in LXC no longer since {}.{}", gone.0, gone.1))
}

fn unknown(line: &Line) -> Problem {
    let name = line.old.as_ref().unwrap_or(&line.key);
    let problem = Problem::new(format!("unknown key {name}"), line.origin.clone());
    match suggest::nearest(&line.key, schema::KEYS.iter().map(|key| key.name)) {
        Some(near) => problem.hint(format!(
            "perhaps {near}; LXC refuses keys that it does not know"
        )),
        None => problem.hint("LXC refuses keys that it does not know"),
    }
}
