//! Resource limits, and whether they can be raised.

use crate::json::Json;
use crate::outcome::{self, in_child};
use casemate_sys::limits::{Limit, Resource, limit, set_limit, set_nice};

pub fn look() -> Json {
    let limits = Resource::ALL.map(|resource| (snake(&format!("{resource:?}")), one(resource)));
    let more = [
        (
            "raise_hard_open_files".to_owned(),
            in_child(|| raise(Resource::OpenFiles)).into(),
        ),
        ("nice_minus_1".to_owned(), in_child(|| set_nice(-1)).into()),
    ];
    Json::object(limits.into_iter().chain(more))
}

fn one(resource: Resource) -> Json {
    match limit(0, resource) {
        Ok(limit) => Json::object([("soft", amount(limit.soft)), ("hard", amount(limit.hard))]),
        Err(errno) => outcome::name(errno).into(),
    }
}

fn amount(value: u64) -> Json {
    if value == Limit::INFINITY {
        "unlimited".into()
    } else {
        value.into()
    }
}

fn raise(resource: Resource) -> Result<(), casemate_sys::Errno> {
    let limit = limit(0, resource)?;
    set_limit(
        0,
        resource,
        Limit {
            soft: limit.soft,
            hard: limit.hard.saturating_add(1),
        },
    )
}

/// `OpenFiles` becomes `open_files`.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
