//! Finds the pods of an input.

use crate::document::{self, Entry, Node, Value};
use crate::loss::Loss;
use crate::reader::{Problem, Text};

/// A pod or a template of pods.
pub struct Pod<'a> {
    /// The kind of the object that holds it.
    pub kind: &'a str,
    /// Its name, or that of the object that holds its template.
    pub name: String,
    /// Its metadata, when there are some.
    pub metadata: Option<&'a Node>,
    /// What it is.
    pub spec: &'a Node,
    /// What else the object says, with paths.
    pub beside: Vec<(String, &'a Entry)>,
}

/// The kinds of objects and where their pods are.
pub const KINDS: [(&str, &[&str]); 9] = [
    ("Pod", &[]),
    ("Deployment", &["spec", "template"]),
    ("ReplicaSet", &["spec", "template"]),
    ("StatefulSet", &["spec", "template"]),
    ("DaemonSet", &["spec", "template"]),
    ("Job", &["spec", "template"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template"]),
    ("ReplicationController", &["spec", "template"]),
    ("PodTemplate", &["template"]),
];

/// The documents of a text.
///
/// # Errors
/// It is neither YAML nor JSON.
pub fn documents(text: &Text<'_>) -> Result<Vec<Node>, Problem> {
    document::parse(text)
}

/// The pods of documents, in their order.
pub fn pods<'a>(
    text: &Text<'_>,
    documents: &'a [Node],
    losses: &mut Vec<Loss>,
    problems: &mut Vec<Problem>,
) -> Vec<Pod<'a>> {
    let mut pods = Vec::new();
    for node in documents {
        object(text, node, &mut pods, losses, problems);
    }
    pods
}

fn object<'a>(
    text: &Text<'_>,
    node: &'a Node,
    pods: &mut Vec<Pod<'a>>,
    losses: &mut Vec<Loss>,
    problems: &mut Vec<Problem>,
) {
    let origin = text.origin(node.start, node.end);
    let Some(kind) = node.get("kind").and_then(Node::text) else {
        problems.push(Problem::new(
            "no object of Kubernetes: `kind` is missing",
            origin,
        ));
        return;
    };
    if kind == "List"
        || kind
            .strip_suffix("List")
            .is_some_and(|kind| !kind.is_empty())
            && node.get("items").is_some()
    {
        for entry in node.entries() {
            match entry.key.as_str() {
                "items" => {
                    for item in entry.value.items() {
                        object(text, item, pods, losses, problems);
                    }
                }
                "apiVersion" | "kind" => {}
                _ => losses.push(ignored(text, kind, entry)),
            }
        }
        return;
    }
    let Some((_, path)) = KINDS.iter().find(|(known, _)| *known == kind) else {
        let what = super::tree::Tree::of(node).json();
        losses.push(Loss::no_place(
            format!("the {kind}, which holds no pod,"),
            what,
            origin,
        ));
        return;
    };
    let template = node.at(path);
    let Some((template, spec)) =
        template.and_then(|template| Some((template, template.get("spec")?)))
    else {
        let place = if path.is_empty() {
            "spec".to_owned()
        } else {
            format!("{}.spec", path.join("."))
        };
        problems.push(Problem::new(format!("the {kind} has no {place}"), origin));
        return;
    };
    if !matches!(spec.value, Value::Object(_)) {
        problems.push(spec.expected(text, "an object"));
        return;
    }
    let own = |node: &Node| {
        let name = node
            .at(&["metadata", "name"])
            .or_else(|| node.at(&["metadata", "generateName"]));
        name.and_then(Node::scalar).map(str::to_owned)
    };
    let mut beside = Vec::new();
    around(node, path, "object", &mut beside);
    pods.push(Pod {
        kind: KINDS
            .iter()
            .find(|(known, _)| *known == kind)
            .map_or("Pod", |(known, _)| known),
        name: own(node).or_else(|| own(template)).unwrap_or_default(),
        metadata: template.get("metadata"),
        spec,
        beside,
    });
}

fn ignored(text: &Text<'_>, kind: &str, entry: &Entry) -> Loss {
    let what = format!(
        "`{}` of {kind}: {}",
        entry.key,
        super::tree::Tree::of(&entry.value).json()
    );
    Loss::ignored(
        what,
        "a list only holds objects",
        text.origin(entry.start, entry.value.end),
    )
}

/// What stands around the template, and in it beside its metadata and spec.
fn around<'a>(node: &'a Node, path: &[&str], name: &str, beside: &mut Vec<(String, &'a Entry)>) {
    for entry in node.entries() {
        let key = entry.key.as_str();
        let full = format!("{name}.{key}");
        match path.first() {
            Some(first) if *first == key => {
                around(
                    &entry.value,
                    path.get(1..).unwrap_or_default(),
                    &full,
                    beside,
                );
            }
            None if matches!(key, "metadata" | "spec") => {}
            _ if name == "object" && matches!(key, "apiVersion" | "kind") => {}
            _ => beside.push((full, entry)),
        }
    }
}
