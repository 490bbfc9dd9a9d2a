//! The common form of a profile's keys and of the command line's flags.

use super::keys::Key;
use casemate_model::Origin;
use std::ffi::OsString;

/// A text with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// The text; a path is absolute and normalised by now.
    pub text: OsString,
    /// Where it stands.
    pub origin: Origin,
}

impl Word {
    /// Returns the text for a message.
    pub(crate) fn shown(&self) -> String {
        format!("`{}`", self.text.to_string_lossy())
    }
}

/// The value of a setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// One text; numbers are in decimal.
    Text(Word),
    /// True or false.
    Switch(bool),
    /// Several texts.
    List(Vec<Word>),
    /// Texts by name, in the order in which they stand.
    Table(Vec<(Word, Word)>),
}

/// One key or flag with its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The key.
    pub key: &'static Key,
    /// The value.
    pub value: Value,
    /// Where the key or flag stands.
    pub origin: Origin,
    /// Which layer it belongs to. A later layer decides over an earlier one; within one layer, contradictions are
    /// errors.
    pub rank: u32,
}

/// Settings in the order in which they count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    list: Vec<Setting>,
}

impl Settings {
    /// Returns no settings: what is applied then is the compartment by default.
    pub fn none() -> Self {
        Self { list: Vec::new() }
    }

    /// Adds a setting after the others.
    pub fn push(&mut self, setting: Setting) {
        self.list.push(setting);
    }

    /// Adds settings after the others.
    pub fn extend(&mut self, settings: impl IntoIterator<Item = Setting>) {
        self.list.extend(settings);
    }

    /// Removes the settings of a key.
    pub(crate) fn forget(&mut self, key: &str) {
        self.list.retain(|setting| setting.key.name != key);
    }

    /// Moves all ranks up, so that they come after other settings.
    pub(crate) fn shift(&mut self, by: u32) {
        for setting in &mut self.list {
            setting.rank = setting.rank.saturating_add(by);
        }
    }

    /// Returns all of them.
    pub fn all(&self) -> &[Setting] {
        &self.list
    }

    /// Returns a rank later than all that are there.
    pub fn next_rank(&self) -> u32 {
        self.list
            .iter()
            .map(|s| s.rank.saturating_add(1))
            .max()
            .unwrap_or(0)
    }

    /// Returns the settings of a key.
    pub fn of<'a>(&'a self, key: &'a str) -> impl DoubleEndedIterator<Item = &'a Setting> {
        self.list.iter().filter(move |s| s.key.name == key)
    }

    /// Returns the setting of a key that counts when the key has one value.
    pub fn last(&self, key: &str) -> Option<&Setting> {
        self.list.iter().rev().find(|s| s.key.name == key)
    }

    /// Returns the one text of a key.
    pub(crate) fn text(&self, key: &str) -> Option<&Word> {
        match &self.last(key)?.value {
            Value::Text(word) => Some(word),
            _ => None,
        }
    }

    /// Returns the switch of a key.
    pub(crate) fn switch(&self, key: &str) -> Option<(bool, &Origin)> {
        let setting = self.last(key)?;
        match setting.value {
            Value::Switch(on) => Some((on, &setting.origin)),
            _ => None,
        }
    }

    /// Returns all words of a list key, with the layer of each.
    pub(crate) fn words<'a>(&'a self, key: &'a str) -> impl Iterator<Item = (&'a Word, u32)> {
        self.of(key).flat_map(|setting| {
            let words: &[Word] = match &setting.value {
                Value::List(words) => words,
                _ => &[],
            };
            words.iter().map(|word| (word, setting.rank))
        })
    }

    /// Returns all entries of a table key, with the layer of each.
    pub(crate) fn entries<'a>(
        &'a self,
        key: &'a str,
    ) -> impl Iterator<Item = (&'a Word, &'a Word, u32)> {
        self.of(key).flat_map(|setting| {
            let entries: &[(Word, Word)] = match &setting.value {
                Value::Table(entries) => entries,
                _ => &[],
            };
            entries
                .iter()
                .map(|(name, value)| (name, value, setting.rank))
        })
    }
}
