//! From the text of a profile to settings.

use super::describe::{takes, takes_numbers, type_name, unknown_key};
use super::error::{Fault, Problem};
use super::forms;
use super::keys::{self, Form, Key, Kind, names};
use super::paths::Anchor;
use super::settings::{Setting, Value, Word};
use super::source::{Context, MAX_SIZE, Source};
use casemate_model::Origin;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What one file says, before it is put together with those that it extends.
pub(crate) struct Parsed {
    /// The text, to show lines of it.
    pub text: Arc<str>,
    /// The profiles that it extends, in order.
    pub extends: Vec<Word>,
    /// Its own settings.
    pub settings: Vec<Setting>,
    /// The settings of `[loosen]`.
    pub loosen: Vec<Setting>,
}

/// Reads one file; everything that is wrong is added to `problems`.
pub(crate) fn parse(
    source: &Source,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Option<Parsed> {
    let whole = Origin::File {
        path: source.path.clone(),
        start: 0,
        end: 0,
        line: 1,
    };
    if source.text.len() > MAX_SIZE {
        problems.push(Problem::new(Fault::TooLarge { limit: MAX_SIZE }, whole));
        return None;
    }
    let text = match std::str::from_utf8(&source.text) {
        Ok(text) => text,
        Err(error) => {
            let line = 1 + source
                .text
                .iter()
                .take(error.valid_up_to())
                .filter(|byte| **byte == b'\n')
                .count();
            let at = error.valid_up_to();
            let origin = Origin::File {
                path: source.path.clone(),
                start: at,
                end: at,
                line,
            };
            problems.push(Problem::new(Fault::NotText, origin));
            return None;
        }
    };
    let reader = Reader::new(source, text, context);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // After a syntax error the rest is a guess, and complaints about a guess mislead.
        let mut lines = BTreeSet::new();
        for error in errors {
            let origin = reader.origin(error.span().unwrap_or(0..0));
            let line = match origin {
                Origin::File { line, .. } => line,
                _ => 0,
            };
            // What else is wrong in a line mostly follows from the first thing.
            if lines.insert(line) {
                problems.push(Problem::new(
                    Fault::Syntax(error.message().to_owned()),
                    origin,
                ));
            }
        }
        return Some(Parsed {
            text: Arc::from(text),
            extends: Vec::new(),
            settings: Vec::new(),
            loosen: Vec::new(),
        });
    }
    Some(reader.document(table.get_ref(), problems))
}

struct Reader<'a> {
    source: &'a Source,
    text: &'a str,
    line_starts: Vec<usize>,
    anchor: Anchor<'a>,
}

type Entry<'a, 'i> = (
    &'a Spanned<std::borrow::Cow<'i, str>>,
    &'a Spanned<DeValue<'i>>,
);

impl<'a> Reader<'a> {
    fn new(source: &'a Source, text: &'a str, context: &'a Context) -> Self {
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            source,
            text,
            line_starts,
            anchor: Anchor {
                directory: Some(&source.directory),
                home: context.home.as_deref(),
                working: context.directory.as_deref(),
            },
        }
    }

    fn origin(&self, span: Range<usize>) -> Origin {
        let line = self
            .line_starts
            .partition_point(|start| *start <= span.start);
        Origin::File {
            path: self.source.path.clone(),
            start: span.start,
            end: span.end,
            line,
        }
    }

    fn document(&self, table: &DeTable<'_>, problems: &mut Vec<Problem>) -> Parsed {
        let mut parsed = Parsed {
            text: Arc::from(self.text),
            extends: Vec::new(),
            settings: Vec::new(),
            loosen: Vec::new(),
        };
        let mut loosen = None;
        for (name, value) in in_order(table) {
            if name.get_ref() == names::LOOSEN {
                loosen = Some((name, value));
            } else if let Some(setting) = self.setting(name, value, problems) {
                match (setting.key.name, setting.value) {
                    (names::EXTENDS, Value::List(words)) => parsed.extends = words,
                    (_, value) => parsed.settings.push(Setting { value, ..setting }),
                }
            }
        }
        if let Some((name, value)) = loosen {
            parsed.loosen = self.loosen(name, value, problems);
            if parsed.extends.is_empty() && !table.contains_key(names::EXTENDS) {
                let hint = "name the profile in `extends`, or write these keys before `[loosen]`"
                    .to_owned();
                problems.push(
                    Problem::new(Fault::NothingToLoosen, self.origin(name.span())).hint(hint),
                );
            }
        }
        parsed
    }

    fn loosen(
        &self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Setting> {
        let DeValue::Table(table) = value.get_ref() else {
            let expected = "a table of keys".to_owned();
            let fault = Fault::WrongType {
                key: names::LOOSEN,
                expected,
                found: type_name(value.get_ref()),
            };
            problems.push(Problem::new(fault, self.origin(name.span())));
            return Vec::new();
        };
        let mut settings = Vec::new();
        for (name, value) in in_order(table) {
            let Some(setting) = self.setting(name, value, problems) else {
                continue;
            };
            let key = setting.key;
            if key.combine == keys::Combine::Restrict
                || matches!(key.name, names::EXTENDS | names::COMMAND | names::DIRECTORY)
            {
                let hint = format!("write `{}` before `[loosen]`", key.name);
                problems.push(
                    Problem::new(Fault::NotToLoosen(key.name), self.origin(name.span())).hint(hint),
                );
            } else {
                settings.push(setting);
            }
        }
        settings
    }

    fn setting(
        &self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        problems: &mut Vec<Problem>,
    ) -> Option<Setting> {
        let origin = self.origin(name.span());
        let Some(key) = keys::find(name.get_ref()) else {
            problems.push(unknown_key(name.get_ref(), origin));
            return None;
        };
        let value = self.value(key, value, problems)?;
        Some(Setting {
            key,
            value,
            origin,
            rank: 0,
        })
    }

    fn value(
        &self,
        key: &'static Key,
        value: &Spanned<DeValue<'_>>,
        problems: &mut Vec<Problem>,
    ) -> Option<Value> {
        let wrong = || {
            let fault = Fault::WrongType {
                key: key.name,
                expected: takes(key),
                found: type_name(value.get_ref()),
            };
            Problem::new(fault, self.origin(value.span()))
        };
        match (key.kind, value.get_ref()) {
            (Kind::Switch { .. }, DeValue::Boolean(on)) => Some(Value::Switch(*on)),
            (Kind::One(form), scalar) if scalar_text(form, scalar).is_some() => {
                self.word(key, form, value, problems).map(Value::Text)
            }
            (Kind::OneOrList(form), scalar) if scalar_text(form, scalar).is_some() => {
                let word = self.word(key, form, value, problems)?;
                Some(Value::List(vec![word]))
            }
            (Kind::List(form) | Kind::OneOrList(form), DeValue::Array(items)) => {
                // Items that are wrong are reported, and those that are right are kept, so that later checks see them.
                Some(Value::List(
                    items
                        .iter()
                        .filter_map(|item| self.word(key, form, item, problems))
                        .collect(),
                ))
            }
            (Kind::Table { name, value }, DeValue::Table(table)) => {
                let entries = in_order(table)
                    .into_iter()
                    .filter_map(|entry| self.entry(key, (name, value), entry, problems));
                Some(Value::Table(entries.collect()))
            }
            (Kind::List(form), scalar) if scalar_text(form, scalar).is_some() => {
                let written = self.text.get(value.span()).unwrap_or("").trim();
                let written = match scalar {
                    DeValue::String(line) if key.name == names::COMMAND => quoted_words(line),
                    _ => written.to_owned(),
                };
                problems.push(wrong().hint(format!("write `{} = [{written}]`", key.name)));
                None
            }
            (Kind::Switch { .. }, DeValue::String(text))
                if matches!(&**text, "true" | "false" | "yes" | "no" | "on" | "off") =>
            {
                let word = if matches!(&**text, "true" | "yes" | "on") {
                    "true"
                } else {
                    "false"
                };
                problems.push(wrong().hint(format!("write `{} = {word}`", key.name)));
                None
            }
            _ => {
                problems.push(wrong().hint(format!("for example `{}`", key.example)));
                None
            }
        }
    }

    fn entry(
        &self,
        key: &'static Key,
        (name_form, value_form): (Form, Form),
        (name, value): Entry<'_, '_>,
        problems: &mut Vec<Problem>,
    ) -> Option<(Word, Word)> {
        let name_origin = self.origin(name.span());
        let name = self.checked(
            key,
            name_form,
            OsStr::new(name.get_ref().as_ref()),
            name_origin,
            problems,
        );
        let value = self.word(key, value_form, value, problems);
        Some((name?, value?))
    }

    fn word(
        &self,
        key: &'static Key,
        form: Form,
        value: &Spanned<DeValue<'_>>,
        problems: &mut Vec<Problem>,
    ) -> Option<Word> {
        let origin = self.origin(value.span());
        let Some(text) = scalar_text(form, value.get_ref()) else {
            let fault = Fault::WrongType {
                key: key.name,
                expected: takes(key),
                found: type_name(value.get_ref()),
            };
            problems
                .push(Problem::new(fault, origin).hint(format!("for example `{}`", key.example)));
            return None;
        };
        self.checked(key, form, OsStr::new(&text), origin, problems)
    }

    fn checked(
        &self,
        key: &'static Key,
        form: Form,
        text: &OsStr,
        origin: Origin,
        problems: &mut Vec<Problem>,
    ) -> Option<Word> {
        match forms::check(key, form, text, &origin, &self.anchor) {
            Ok(text) => Some(Word { text, origin }),
            Err(problem) => {
                problems.push(*problem);
                None
            }
        }
    }
}

// The parser keeps tables sorted by name; people read files from top to bottom.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut entries: Vec<Entry<'a, 'i>> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

/// Splits a command line at blanks, as a suggestion; a shell would do more.
fn quoted_words(line: &str) -> String {
    let words = line.split_whitespace().map(|word| format!("{word:?}"));
    words.collect::<Vec<_>>().join(", ")
}

fn scalar_text(form: Form, value: &DeValue<'_>) -> Option<OsString> {
    match value {
        DeValue::String(text) => Some(OsString::from(text.as_ref())),
        DeValue::Integer(number) if takes_numbers(form) => {
            // A number beyond 64 bits stays as it is written, for the check of its form to refuse.
            let text = match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => number.to_string(),
                Err(_) if number.radix() == 10 => number.as_str().to_owned(),
                Err(_) => "the number".to_owned(),
            };
            Some(text.into())
        }
        DeValue::Float(number) if form == Form::Processors => {
            Some(number.as_str().to_owned().into())
        }
        _ => None,
    }
}
