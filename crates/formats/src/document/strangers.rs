//! Keys that a format does not have, wherever they stand.
//!
//! A reader that takes small objects apart by a few keys would pass over the others: this finds them.

use super::{Node, Value};
use crate::loss::Loss;
use crate::reader::Text;
use casemate_model::Origin;

/// The keys of a format, of all its objects together.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// Those that are known.
    pub known: &'static [&'static str],
    /// Those whose value is an object with keys of the author's.
    pub free: &'static [&'static str],
}

/// Reports every key that is not known and was not reported before.
pub fn report_strangers(node: &Node, text: &Text<'_>, keys: Keys, losses: &mut Vec<Loss>) {
    match &node.value {
        Value::List(items) => {
            for item in items {
                report_strangers(item, text, keys, losses);
            }
        }
        Value::Object(entries) => {
            for entry in entries {
                let is_known = keys.known.contains(&entry.key.as_str());
                // Names of kernel parameters and of annotations have dots.
                let is_free = keys.free.contains(&entry.key.as_str()) || entry.key.contains('.');
                let line = text.line(entry.start);
                if !is_known && !is_free && !losses.iter().any(|loss| tells(loss, line, &entry.key))
                {
                    let origin = text.origin(entry.start, entry.value.end.max(entry.end));
                    losses.push(Loss::not_understood(format!("`{}`", entry.key), origin));
                }
                if is_known {
                    report_strangers(&entry.value, text, keys, losses);
                }
            }
        }
        _ => {}
    }
}

fn tells(loss: &Loss, line: usize, key: &str) -> bool {
    matches!(&loss.origin, Some(Origin::File { line: at, .. }) if *at == line)
        && loss.to_string().contains(key)
}
