//! YAML as a document: the events of saphyr-parser, with aliases and merge keys resolved within bounds.

use super::{Entry, MAX_DEPTH, MAX_SIZE, MAX_VALUES, Node, Value};
use crate::reader::{Problem, Text};
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::BTreeMap;

/// Reads all documents of a stream. Empty ones are left out.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn parse(text: &Text<'_>) -> Result<Vec<Node>, Problem> {
    if text.text.len() > MAX_SIZE {
        return Err(Problem::new(
            format!("larger than {MAX_SIZE} bytes"),
            text.origin(0, 1),
        ));
    }
    let mut builder = Builder {
        text,
        places: Places::of(text.text),
        open: Vec::new(),
        anchors: BTreeMap::new(),
        documents: Vec::new(),
        left: MAX_VALUES,
    };
    for event in Parser::new_from_str(text.text) {
        match event {
            Ok((event, span)) => builder.event(event, span)?,
            Err(error) => {
                let at = builder.places.byte(error.marker().index());
                return Err(Problem::new(
                    format!("no YAML here: {}", error.info()),
                    text.origin(at, at + 1),
                ));
            }
        }
    }
    Ok(builder.documents)
}

/// Where characters begin: the parser counts characters, places are bytes.
struct Places(Option<Vec<u32>>);

impl Places {
    fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self(None);
        }
        let starts = text.char_indices().map(|(at, _)| at as u32);
        Self(Some(starts.chain([text.len() as u32]).collect()))
    }

    fn byte(&self, index: usize) -> usize {
        match &self.0 {
            None => index,
            Some(starts) => starts
                .get(index)
                .or(starts.last())
                .map_or(index, |at| *at as usize),
        }
    }
}

/// A list or an object that is not closed yet.
struct Open {
    start: usize,
    anchor: usize,
    kind: Kind,
}

enum Kind {
    List(Vec<Node>),
    /// The entries, and a key whose value comes next.
    Object(Vec<Entry>, Option<Node>),
}

struct Builder<'a> {
    text: &'a Text<'a>,
    places: Places,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    documents: Vec<Node>,
    left: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let start = self.places.byte(span.start.index());
        let end = self.places.byte(span.end.index()).max(start);
        match event {
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::Scalar(value, style, anchor, tag) => {
                self.spend(1, start)?;
                let core = tag
                    .as_ref()
                    .filter(|tag| tag.is_yaml_core_schema())
                    .map(|tag| tag.suffix.clone());
                let value = match (style, core.as_deref()) {
                    (_, Some("str")) => Value::Text(value.into_owned()),
                    (ScalarStyle::Plain, _) => plain(&value),
                    _ => Value::Text(value.into_owned()),
                };
                self.add(Node { start, end, value }, anchor)?;
            }
            Event::SequenceStart(anchor, _) => self.enter(start, anchor, Kind::List(Vec::new()))?,
            Event::MappingStart(anchor, _) => {
                self.enter(start, anchor, Kind::Object(Vec::new(), None))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let value = match open.kind {
                        Kind::List(items) => Value::List(items),
                        Kind::Object(entries, _) => Value::Object(merged(entries)),
                    };
                    let start = open.start;
                    let end = last_end(&value).unwrap_or(end).max(start);
                    self.add(Node { start, end, value }, open.anchor)?;
                }
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.problem("an alias of what is not complete", start));
                };
                self.spend(size(&node), start)?;
                if self.open.len() + depth(&node) > MAX_DEPTH {
                    return Err(self.problem(&too_deep(), start));
                }
                self.add(node, 0)?;
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn problem(&self, what: &str, at: usize) -> Problem {
        Problem::new(what, self.text.origin(at, at + 1))
    }

    fn spend(&mut self, count: usize, at: usize) -> Result<(), Problem> {
        match self.left.checked_sub(count) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(self.problem(&format!("more than {MAX_VALUES} values"), at)),
        }
    }

    fn enter(&mut self, start: usize, anchor: usize, kind: Kind) -> Result<(), Problem> {
        self.spend(1, start)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(self.problem(&too_deep(), start));
        }
        self.open.push(Open {
            start,
            anchor,
            kind,
        });
        Ok(())
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        if anchor != 0 {
            self.spend(size(&node), node.start)?;
            self.anchors.insert(anchor, node.clone());
        }
        let at = node.start;
        let Some(open) = self.open.last_mut() else {
            if !node.is_null() {
                self.documents.push(node);
            }
            return Ok(());
        };
        match &mut open.kind {
            Kind::List(items) => items.push(node),
            Kind::Object(_, key @ None) => *key = Some(node),
            Kind::Object(entries, key) => {
                let Some(key) = key.take() else {
                    return Ok(());
                };
                let Some(name) = key.scalar().map(str::to_owned).or_else(|| {
                    key.is_null().then(|| {
                        self.text
                            .text
                            .get(key.start..key.end)
                            .unwrap_or("")
                            .to_owned()
                    })
                }) else {
                    return Err(self.problem("a key that is no text", at));
                };
                if name != MERGE && entries.iter().any(|entry| entry.key == name) {
                    let what = format!("key {name:?} is given twice, remove one");
                    return Err(self.problem(&what, key.start));
                }
                entries.push(Entry {
                    key: name,
                    start: key.start,
                    end: key.end,
                    value: node,
                });
            }
        }
        Ok(())
    }
}

const MERGE: &str = "<<";

fn too_deep() -> String {
    format!("more than {MAX_DEPTH} levels of nesting")
}

fn last_end(value: &Value) -> Option<usize> {
    match value {
        Value::List(items) => items.last().map(|item| item.end),
        Value::Object(entries) => entries.last().map(|entry| entry.value.end.max(entry.end)),
        _ => None,
    }
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(entries) => 1 + entries.iter().map(|e| 1 + size(&e.value)).sum::<usize>(),
        _ => 1,
    }
}

fn depth(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(entries) => 1 + entries.iter().map(|e| depth(&e.value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// Puts in what merge keys (`<<: *base`) bring: own keys win over merged ones, earlier merges over later ones.
fn merged(entries: Vec<Entry>) -> Vec<Entry> {
    if !entries.iter().any(|entry| entry.key == MERGE) {
        return entries;
    }
    let (merges, mut own): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| entry.key == MERGE);
    for merge in merges {
        let bases = match merge.value.value {
            Value::List(items) => items,
            _ => vec![merge.value],
        };
        for base in bases {
            if let Value::Object(entries) = base.value {
                for entry in entries {
                    if !own.iter().any(|mine| mine.key == entry.key) {
                        own.push(entry);
                    }
                }
            }
        }
    }
    own
}

/// The value of a plain scalar by YAML 1.2's core schema, section 10.3.2.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::Text(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<String> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let first = digits.bytes().next()?;
    if !first.is_ascii_digit() && first != b'.' {
        return None;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix)
                .ok()
                .map(|value| value.to_string());
        }
    }
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    // A leading zero is octal to YAML 1.1 and decimal to 1.2: the text stays, and the reader of a mode decides.
    let float = || digits.parse::<f64>().is_ok_and(f64::is_finite) && !digits.ends_with('.');
    (plain || float()).then(|| text.strip_prefix('+').unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn read(text: &str) -> Result<Vec<Node>, Problem> {
        parse(&Text::of(Path::new("t.yaml"), text))
    }

    #[test]
    fn values_know_their_places() {
        let text = "# ä\na: &base {x: 1, y: 'é'}\nb:\n  <<: *base\n  x: two\nc: [yes, no, ~, 0x10, 1.5, \"1\"]\n---\nd: e\n";
        let documents = read(text).expect("YAML");
        assert_eq!(documents.len(), 2);
        let first = &documents[0];
        let y = first.at(&["a", "y"]).expect("y");
        assert_eq!(&text[y.start..y.end], "'é'");
        assert_eq!(first.at(&["b", "x"]).and_then(Node::text), Some("two"));
        assert_eq!(first.at(&["b", "y"]).and_then(Node::text), Some("é"));
        let kinds: Vec<&str> = first
            .get("c")
            .expect("c")
            .items()
            .iter()
            .map(Node::kind)
            .collect();
        assert_eq!(
            kinds,
            [
                "a text", "a text", "nothing", "a number", "a number", "a text"
            ]
        );
        assert_eq!(documents[1].get("d").and_then(Node::text), Some("e"));
    }

    #[test]
    fn bombs_and_nonsense_are_errors() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..9 {
            let aliases = vec![format!("*a{}", n - 1); 9].join(", ");
            bomb.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
        }
        let deep = "[".repeat(100_000);
        let flow = format!("{}{}", "[".repeat(70), "]".repeat(70));
        for (text, says) in [
            (bomb.as_str(), "more than 1000000 values"),
            (deep.as_str(), "recursion limit"),
            (flow.as_str(), "more than 64 levels"),
            ("a: 1\na: 2", "given twice"),
            ("a: [", "no YAML here"),
            ("? [a]\n: b", "a key that is no text"),
            ("a: &x [*x]", "YAML"),
        ] {
            match read(text) {
                Err(problem) => assert!(problem.what.contains(says) || says == "YAML", "{problem}"),
                Ok(read) => assert_eq!(says, "YAML", "{read:?}"),
            }
        }
    }
}
