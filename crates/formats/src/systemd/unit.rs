//! A unit as its files state it: settings in order, with what continues, resets and overrides resolved.

use super::schema::{RENAMED, SINCE, Section};
use crate::loss::Loss;
use crate::reader::Text;
use casemate_model::Origin;

/// One line `Key=value` of a unit, or several when it continues.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    pub(super) section: &'static str,
    pub(super) key: &'static str,
    pub(super) value: String,
    pub(super) origin: Origin,
}

/// The settings of a unit and of its drop-ins, in the order in which systemd reads them.
#[derive(Clone, Debug, Default)]
pub(super) struct Unit {
    pub(super) assignments: Vec<Assignment>,
    /// The sections that are there.
    pub(super) sections: Vec<&'static str>,
    /// The section that its kind has, by the name of its file, or the first that confines.
    pub(super) kind: &'static str,
}

/// A value with its place.
pub(super) type Given<T> = (T, Origin);

impl Unit {
    /// Adds the settings of a file.
    pub(super) fn add(&mut self, text: &Text<'_>, version: u16, losses: &mut Vec<Loss>) {
        let mut section: Option<&'static Section> = None;
        let mut named = String::new();
        for (start, end, line) in logical_lines(text) {
            let origin = text.origin(start, end);
            if let Some(name) = line.strip_prefix('[') {
                let Some(name) = name.strip_suffix(']') else {
                    losses.push(Loss::not_understood(
                        "a section without its bracket",
                        origin,
                    ));
                    continue;
                };
                named = name.to_owned();
                section = Section::find(name);
                match section {
                    Some(known) if !self.sections.contains(&known.name) => {
                        self.sections.push(known.name);
                    }
                    None if !name.starts_with("X-") => {
                        losses.push(Loss::not_understood(
                            format!("the section [{name}]"),
                            origin,
                        ));
                    }
                    _ => {}
                }
                continue;
            }
            let Some((key, value)) = line.split_once('=') else {
                losses.push(Loss::not_understood("a line without `=`", origin));
                continue;
            };
            let (key, value) = (key.trim_end(), value.trim());
            match (section, named.as_str()) {
                (Some(section), _) => {
                    self.assign(section, key, value, origin, version, losses);
                }
                (None, "") => losses.push(Loss::not_understood(
                    format!("`{key}=` before any section"),
                    origin,
                )),
                (None, name) => losses.push(Loss::ignored(
                    format!("{key}={value}"),
                    format!("systemd passes over the section [{name}]"),
                    origin,
                )),
            }
        }
    }

    fn assign(
        &mut self,
        section: &'static Section,
        key: &str,
        value: &str,
        origin: Origin,
        version: u16,
        losses: &mut Vec<Loss>,
    ) {
        let Some(known) = section.key(key) else {
            let what = format!("{key}= in [{}]", section.name);
            losses.push(if key.starts_with("X-") {
                Loss::ignored(what, "settings that begin so are other programs'", origin)
            } else {
                Loss::not_understood(what, origin)
            });
            return;
        };
        if let Some((_, since)) = SINCE.iter().find(|(name, _)| *name == known)
            && *since > version
        {
            losses.push(Loss::ignored(
                format!("{known}={value}"),
                format!("it is there since systemd {since}"),
                origin,
            ));
            return;
        }
        let renamed = RENAMED.iter().find(|(old, _)| *old == known);
        self.assignments.push(Assignment {
            section: section.name,
            key: renamed.map_or(known, |(_, new)| new),
            value: value.to_owned(),
            origin,
        });
    }

    /// The assignments of a key after the last empty one, which resets.
    pub(super) fn all<'a>(
        &'a self,
        key: &'a str,
    ) -> impl DoubleEndedIterator<Item = &'a Assignment> {
        let of_key = move |one: &&Assignment| one.key == key && one.section != "Unit";
        let reset = self
            .assignments
            .iter()
            .rposition(|one| of_key(&one) && one.value.is_empty());
        let from = reset.map_or(0, |at| at + 1);
        self.assignments
            .get(from..)
            .unwrap_or_default()
            .iter()
            .filter(of_key)
    }

    /// The last valid value of a key; invalid ones are reported by `check`, and passed over as systemd does.
    pub(super) fn last<T>(&self, key: &str, parse: impl Fn(&str) -> Option<T>) -> Option<Given<T>> {
        self.all(key)
            .rev()
            .find_map(|one| Some((parse(&one.value)?, one.origin.clone())))
    }

    /// The last text of a key.
    pub(super) fn text(&self, key: &str) -> Option<Given<String>> {
        self.last(key, |value| Some(value.to_owned()))
    }

    /// The words of a list, of all its lines.
    pub(super) fn words(&self, key: &str) -> Vec<Given<String>> {
        let words = |one: &Assignment| {
            let origin = one.origin.clone();
            super::values::words(&one.value)
                .into_iter()
                .map(move |word| (word, origin.clone()))
        };
        self.all(key).flat_map(words).collect()
    }

    /// A setting of `[Unit]`.
    pub(super) fn of_unit(&self, key: &str) -> Option<&Assignment> {
        let mut all = self.assignments.iter().rev();
        all.find(|one| one.section == "Unit" && one.key == key)
    }
}

// The lines with what continues them: first byte, byte after the last one, text. Comments inside of a continued line
// are left out, as systemd does since 228.
fn logical_lines(text: &Text<'_>) -> Vec<(usize, usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut last = 0;
    for (start, raw) in text.lines() {
        let trimmed = raw.trim();
        if trimmed.starts_with(['#', ';']) || (trimmed.is_empty() && open.is_none()) {
            continue;
        }
        let lead = raw.len() - raw.trim_start().len();
        last = start + raw.trim_end().len();
        let (body, continues) = match raw.trim_end().strip_suffix('\\') {
            Some(body) => (body, true),
            None => (raw.trim_end(), false),
        };
        let (begin, mut line) = open.take().unwrap_or_else(|| (start + lead, String::new()));
        line.push_str(if line.is_empty() {
            body.trim_start()
        } else {
            body
        });
        if continues {
            line.push(' ');
            open = Some((begin, line));
        } else {
            found.push((begin, last, line.trim().to_owned()));
        }
    }
    if let Some((begin, line)) = open {
        found.push((begin, last, line.trim().to_owned()));
    }
    found.retain(|(_, _, line)| !line.is_empty());
    found
}
