//! What the kernel is expected to show of the mounts afterwards.

use super::options::attribute;
use super::path::{Inside, text};
use crate::failure::Failure;
use std::ffi::CString;

/// Whether a mount must be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Presence {
    /// It is made in any case.
    Certain,
    /// Only if the image has the place.
    Possible,
}

/// A rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Rule {
    /// `MOUNT_ATTR_*` that the mount must have.
    pub(super) there: u64,
    /// The same for mounts below it that no rule is for.
    pub(super) below: u64,
    /// Whether it must be shown.
    pub(super) presence: Presence,
}

/// All rules.
#[derive(Clone, Debug)]
pub(super) struct Rules(Vec<(Inside, Rule)>);

impl Rules {
    /// Begins with that of the root.
    pub(super) fn new(readonly: bool) -> Self {
        let rule = Rule {
            there: if readonly { attribute::RDONLY } else { 0 },
            below: 0,
            presence: Presence::Certain,
        };
        Self(
            Inside::new("/")
                .map(|path| (path, rule))
                .into_iter()
                .collect(),
        )
    }

    /// Adds a rule and returns its number.
    ///
    /// A second one for the same path covers a first: what both say is what can be expected of both mounts.
    pub(super) fn add(&mut self, path: &Inside, mut rule: Rule) -> Result<u16, Failure> {
        for (known, earlier) in &mut self.0 {
            if known == path {
                earlier.there &= rule.there;
                earlier.below &= rule.below;
                rule.there = earlier.there;
                rule.below = earlier.below;
            }
        }
        let number = u16::try_from(self.0.len())
            .ok()
            .filter(|number| *number < 1024);
        let number = number.ok_or_else(|| Failure::new("mounts: there are more than 1,023"))?;
        self.0.push((path.clone(), rule));
        Ok(number)
    }

    /// For the step that reads back.
    pub(super) fn texts(&self) -> Result<Vec<CString>, Failure> {
        let one = |(path, rule): &(Inside, Rule)| {
            let must = match rule.presence {
                Presence::Certain => 'm',
                Presence::Possible => '-',
            };
            let (there, below) = (letters(rule.there), letters(rule.below));
            text(&format!("{there}{below}{must} {}", path.absolute()))
        };
        self.0.iter().map(one).collect()
    }
}

fn letters(attributes: u64) -> String {
    let letters = [
        (attribute::RDONLY, 'w'),
        (attribute::NOEXEC, 'x'),
        (attribute::NODEV, 'd'),
        (attribute::NOSUID, 's'),
    ];
    letters
        .iter()
        .map(|(bit, letter)| if attributes & bit == 0 { *letter } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_one_path_agree() {
        let mut rules = Rules::new(true);
        let path = Inside::new("/dev/shm").unwrap();
        let rule = |there| Rule {
            there,
            below: 0,
            presence: Presence::Certain,
        };
        assert_eq!(
            rules
                .add(&path, rule(attribute::RDONLY | attribute::NOSUID))
                .unwrap(),
            1
        );
        assert_eq!(
            rules
                .add(&path, rule(attribute::NOSUID | attribute::NOEXEC))
                .unwrap(),
            2
        );
        let texts: Vec<String> = rules
            .texts()
            .unwrap()
            .into_iter()
            .map(|text| text.into_string().unwrap())
            .collect();
        assert_eq!(
            texts,
            ["-xdswxdsm /", "wxd-wxdsm /dev/shm", "wxd-wxdsm /dev/shm"]
        );
    }
}
