//! The command line of `run`: flags, the image, the command.

use super::Family;
use super::ask::Said;
use super::asker::Asker;
use super::flags::{self, Flag, Kind};
use super::shell::Word;
use crate::reader::Text;
use casemate_model::names::suggest;

/// Reads flags up to the first word that is none, and returns what is left.
pub(crate) fn flags<'a>(
    asker: &mut Asker<'_>,
    text: &Text<'_>,
    family: Family,
    words: &'a [Word],
) -> &'a [Word] {
    let mut rest = words;
    while let Some((word, after)) = rest.split_first() {
        if word.text == "--" {
            return after;
        }
        rest = match (word.text.strip_prefix("--"), word.text.strip_prefix('-')) {
            (Some(long), _) => long_flag(asker, text, family, word, long, after),
            (None, Some(letters)) if !letters.is_empty() => {
                short_flags(asker, text, family, word, letters, after)
            }
            _ => return rest,
        };
    }
    rest
}

fn unknown(asker: &mut Asker<'_>, text: &Text<'_>, family: Family, word: &Word) {
    let name = word.text.split('=').next().unwrap_or("");
    let long = name.trim_start_matches('-');
    let near = suggest::nearest(long, flags::FLAGS.iter().map(|flag| flag.long));
    let engine = match family {
        Family::Docker => "docker",
        Family::Podman => "podman",
    };
    let hint = near.map_or_else(String::new, |near| format!(", --{near} is"));
    let what = format!("{name} is no flag of {engine} run{hint}");
    asker.notes.wrong(what, &text.origin(word.start, word.end));
}

fn long_flag<'a>(
    asker: &mut Asker<'_>,
    text: &Text<'_>,
    family: Family,
    word: &Word,
    long: &str,
    after: &'a [Word],
) -> &'a [Word] {
    let (name, value) = match long.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (long, None),
    };
    match flags::find(family, name) {
        Some(flag) => apply(asker, text, flag, word, value, after),
        None => {
            unknown(asker, text, family, word);
            after
        }
    }
}

/// One dash: letters that are switches, and one whose value is what is left or the next word.
fn short_flags<'a>(
    asker: &mut Asker<'_>,
    text: &Text<'_>,
    family: Family,
    word: &Word,
    letters: &str,
    after: &'a [Word],
) -> &'a [Word] {
    for (at, letter) in letters.char_indices() {
        let Some(flag) = flags::find_short(family, letter) else {
            unknown(asker, text, family, word);
            return after;
        };
        let left = letters.get(at + letter.len_utf8()..).unwrap_or("");
        if flag.kind == Kind::Value {
            let value = left.strip_prefix('=').unwrap_or(left);
            let value = Some(value).filter(|_| !left.is_empty());
            return apply(asker, text, flag, word, value, after);
        }
        if let Some(value) = left.strip_prefix('=') {
            return apply(asker, text, flag, word, Some(value), after);
        }
        apply(asker, text, flag, word, None, after);
    }
    after
}

fn apply<'a>(
    asker: &mut Asker<'_>,
    text: &Text<'_>,
    flag: &Flag,
    word: &Word,
    value: Option<&str>,
    after: &'a [Word],
) -> &'a [Word] {
    let own = text.origin(word.start, word.end);
    match (flag.kind, value) {
        (_, Some(value)) => {
            (flag.apply)(asker, value, &own);
            after
        }
        (Kind::Switch, None) => {
            (flag.apply)(asker, "true", &own);
            after
        }
        (Kind::Value, None) => {
            let Some((value, rest)) = after.split_first() else {
                asker
                    .notes
                    .wrong(format!("--{} has no value", flag.long), &own);
                return after;
            };
            (flag.apply)(asker, &value.text, &text.origin(word.start, value.end));
            rest
        }
    }
}

/// Reads the image and the command.
pub(crate) fn image(asker: &mut Asker<'_>, text: &Text<'_>, words: &[Word]) {
    let Some((image, command)) = words.split_first() else {
        return;
    };
    let origin = text.origin(image.start, image.end);
    asker.ask.image = Some(Said::new(image.text.clone(), origin));
    if let (Some(first), Some(last)) = (command.first(), command.last()) {
        let origin = text.origin(first.start, last.end);
        let words = command.iter().map(|word| word.text.clone()).collect();
        asker.ask.command = Some(Said::new(words, origin));
    }
}
