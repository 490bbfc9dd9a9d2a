//! JSON as a document. The parser is that of the syscall formats, which knows places and refuses keys given twice.

use super::{Entry, MAX_SIZE, Node, Value};
use crate::reader::{Problem, Text};
use casemate_seccomp::formats::Source;
use casemate_seccomp::formats::json;

/// Reads one value and nothing after it.
///
/// # Errors
/// What is wrong, and where.
pub fn parse(text: &Text<'_>) -> Result<Node, Problem> {
    let whole = text.origin(0, text.text.len().min(1));
    if text.text.len() > MAX_SIZE {
        return Err(Problem::new(format!("larger than {MAX_SIZE} bytes"), whole));
    }
    let name = text.path.to_string_lossy();
    let source = Source::new(&name, text.text.as_bytes())
        .map_err(|error| Problem::new(error.problem.to_string(), whole.clone()))?;
    let value = json::parse(&source).map_err(|error| {
        let at = text.offset(error.at.line, error.at.column);
        Problem::new(error.problem.to_string(), text.origin(at, at + 1))
    })?;
    Ok(node(value))
}

fn node(value: json::Value) -> Node {
    let (start, end) = (value.at, value.end);
    let value = match value.kind {
        json::Kind::Null => Value::Null,
        json::Kind::Bool(value) => Value::Bool(value),
        json::Kind::Number(text) => Value::Number(text),
        json::Kind::Text(text) => Value::Text(text),
        json::Kind::List(items) => Value::List(items.into_iter().map(node).collect()),
        json::Kind::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|member| Entry {
                    key: member.key,
                    start: member.at,
                    end: member.key_end,
                    value: node(member.value),
                })
                .collect(),
        ),
    };
    Node { start, end, value }
}
