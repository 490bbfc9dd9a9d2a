//! The lines of a unit: sections, keys, continued lines, comments.

use crate::reader::{Problem, Text};
use casemate_model::Origin;

/// A key with its value and place.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub section: String,
    pub key: String,
    pub value: String,
    pub origin: Origin,
}

/// Reads all lines; of a list, what stands before an empty value is left out, as systemd does.
pub(super) fn lines(text: &Text<'_>) -> Result<Vec<Line>, Vec<Problem>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut problems = Vec::new();
    let mut section = String::new();
    let mut open: Option<(String, usize, usize)> = None;
    for (start, line) in text.lines() {
        let end = start + line.len();
        let trimmed = line.trim();
        if trimmed.starts_with(['#', ';']) || (trimmed.is_empty() && open.is_none()) {
            continue;
        }
        let (whole, from) = match open.take() {
            Some((before, from, _)) => (before + line.trim_end(), from),
            None => (line.trim_end().to_owned(), start),
        };
        if let Some(before) = whole.strip_suffix('\\') {
            open = Some((format!("{before} "), from, end));
            continue;
        }
        entry(
            text,
            &whole,
            (from, end),
            &mut section,
            &mut lines,
            &mut problems,
        );
    }
    if let Some((whole, from, end)) = open {
        entry(
            text,
            &whole,
            (from, end),
            &mut section,
            &mut lines,
            &mut problems,
        );
    }
    if problems.is_empty() {
        Ok(lines)
    } else {
        Err(problems)
    }
}

fn entry(
    text: &Text<'_>,
    whole: &str,
    (start, end): (usize, usize),
    section: &mut String,
    lines: &mut Vec<Line>,
    problems: &mut Vec<Problem>,
) {
    let trimmed = whole.trim();
    let origin = text.origin(start, end);
    if let Some(name) = trimmed
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        name.clone_into(section);
        return;
    }
    let Some((key, value)) = trimmed.split_once('=') else {
        problems.push(Problem::new(format!("{trimmed:?} is no KEY=VALUE"), origin));
        return;
    };
    if section.is_empty() {
        problems.push(Problem::new("this stands before the first section", origin));
        return;
    }
    let (key, value) = (key.trim(), value.trim());
    if value.is_empty() {
        lines.retain(|line| line.section != *section || line.key != key);
        return;
    }
    lines.push(Line {
        section: section.clone(),
        key: key.to_owned(),
        value: value.to_owned(),
        origin,
    });
}
