//! From a flag of the command line to a setting.

use super::describe::takes;
use super::error::{Fault, Problem};
use super::forms;
use super::keys::{Form, Key, Kind};
use super::paths::Anchor;

use super::settings::{Setting, Value, Word};
use super::source::Context;
use casemate_model::Origin;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

/// What a flag says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Said {
    /// `--NAME`, of a switch.
    On,
    /// `--no-NAME`, of a switch.
    Off,
    /// `--NAME VALUE`.
    Value(OsString),
}

/// Makes a setting of a flag. Flags come after all files, so they have the greatest rank.
///
/// # Errors
/// The value is none that the key takes.
pub fn setting(key: &'static Key, said: &Said, context: &Context) -> Result<Setting, Box<Problem>> {
    let written = match said {
        Said::On => return Ok(done(key, Value::Switch(true), format!("--{}", key.name))),
        Said::Off => {
            return Ok(done(
                key,
                Value::Switch(false),
                format!("--no-{}", key.name),
            ));
        }
        Said::Value(written) => written.as_os_str(),
    };
    let flag = format!("--{}", key.name);
    let flag_origin = Origin::Flag(flag.clone());
    let anchor = Anchor {
        directory: context.directory.as_deref(),
        home: context.home.as_deref(),
        working: context.directory.as_deref(),
    };
    let word = |form, text: &OsStr| -> Result<Word, Box<Problem>> {
        let text = forms::check(key, form, text, &flag_origin, &anchor)?;
        Ok(Word {
            text,
            origin: flag_origin.clone(),
        })
    };
    let value = match key.kind {
        Kind::One(form) => Value::Text(word(form, written)?),
        Kind::List(form) | Kind::OneOrList(form) if splits(form) => {
            let parts = written
                .as_bytes()
                .split(|byte| *byte == b',')
                .map(OsStr::from_bytes);
            Value::List(
                parts
                    .map(|part| word(form, part))
                    .collect::<Result<_, _>>()?,
            )
        }
        Kind::List(form) | Kind::OneOrList(form) => Value::List(vec![word(form, written)?]),
        Kind::Table { name, value } => {
            let bytes = written.as_bytes();
            // A path can have a `=` in it and a size cannot, so that one splits at the last.
            let split = match name {
                Form::Path => bytes.iter().rposition(|byte| *byte == b'='),
                _ => bytes.iter().position(|byte| *byte == b'='),
            };
            let Some((left, right)) = split.map(|at| (&bytes[..at], &bytes[at + 1..])) else {
                let found = format!("`{}`", written.to_string_lossy());
                let hint = format!("write --{} {}", key.name, key.value);
                let fault = Fault::NotA {
                    what: "a name and a value with `=` between",
                    found,
                };
                return Err(Box::new(
                    Problem::new(fault, flag_origin.clone()).hint(hint),
                ));
            };
            Value::Table(vec![(
                word(name, OsStr::from_bytes(left))?,
                word(value, OsStr::from_bytes(right))?,
            )])
        }
        Kind::Switch { .. } => {
            let fault = Fault::WrongType {
                key: key.name,
                expected: takes(key),
                found: "a value",
            };
            let hint = format!("write --{} or --no-{}", key.name, key.name);
            return Err(Box::new(
                Problem::new(fault, flag_origin.clone()).hint(hint),
            ));
        }
    };
    Ok(done(key, value, flag))
}

/// Makes a setting of the command that stands on the command line.
///
/// # Errors
/// An argument cannot be passed to a program.
pub fn command(arguments: &[OsString], context: &Context) -> Result<Option<Setting>, Box<Problem>> {
    let Some(key) =
        super::keys::find(super::keys::names::COMMAND).filter(|_| !arguments.is_empty())
    else {
        return Ok(None);
    };
    let origin = Origin::Flag("the command line".to_owned());
    let anchor = Anchor {
        directory: context.directory.as_deref(),
        home: context.home.as_deref(),
        working: context.directory.as_deref(),
    };
    let word = |text: &OsString| -> Result<Word, Box<Problem>> {
        let text = forms::check(key, Form::Text, text, &origin, &anchor)?;
        Ok(Word {
            text,
            origin: origin.clone(),
        })
    };
    let words = arguments.iter().map(word).collect::<Result<_, _>>()?;
    Ok(Some(Setting {
        key,
        value: Value::List(words),
        origin: origin.clone(),
        rank: u32::MAX,
    }))
}

fn done(key: &'static Key, value: Value, flag: String) -> Setting {
    Setting {
        key,
        value,
        origin: Origin::Flag(flag),
        rank: u32::MAX,
    }
}

/// Tells whether several words can stand in one flag, with commas between. Paths can have commas.
pub fn splits(form: Form) -> bool {
    !matches!(form, Form::Path | Form::Text | Form::Device)
}
