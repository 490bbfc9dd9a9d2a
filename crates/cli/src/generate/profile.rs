//! The documentation of profiles and their JSON Schema.

use crate::json::Json;
use casemate_formats::profile::keys::{Combine, Form, KEYS, Key, Kind, Topic};
use casemate_model::syscalls::ordinary::GRANTS;

/// What a profile is.
pub const ABOUT: &str = "A profile is a TOML file that names a command and what it is granted beyond the compartment by default. \
                         `casemate run --profile FILE` runs it, `casemate show --profile FILE` shows what it comes to.";

/// What holds for all keys.
pub const RULES: &[&str] = &[
    "Every key is optional. Every key but `command` and `extends` has a flag of the same name, which says the same on the \
     command line: a list is a flag that can be given several times (or, but for paths, with commas between), a table is a \
     flag with NAME=VALUE, true is --NAME and false is --no-NAME. Flags count after the profile: they add to its lists and \
     tables and take the place of its single values.",
    "Paths: `~` and `$HOME` are your home directory, `$PWD` is the directory that you are in. A relative path starts from the profile's directory; on the command line, \
     from the directory that you are in. There are no patterns. `..` may stand at the beginning only.",
    "Sizes are in bytes, or with K, M, G or T in units of 1024. Durations have ms, s, m or h.",
    "Whatever cannot hold together is an error: a path that is granted and hidden, ports without a network, and the like. All \
     errors of a file are told at once. A file can have 1 MiB, and profiles can extend each other 16 deep.",
];

/// A profile to begin with.
pub const EXAMPLE: &str = r#"command = ["redis-server", "--port", "6379", "--dir", "/srv/redis"]
write = ["/srv/redis"]
network = "host"
listen = [6379]
memory = "1G"
processes = 64

[limits]
memlock = "64M"
"#;

/// Writes docs/profile.md.
pub fn markdown() -> String {
    let mut text = String::from(
        "<!-- Made by `cargo xtask profile-docs` of the table of keys; do not edit. -->\n\n# Profiles\n\n",
    );
    text.extend([format!("{ABOUT}\n\n```toml\n{EXAMPLE}```\n\n")]);
    for rule in RULES {
        text.extend([format!("{rule}\n\n")]);
    }
    text.push_str("Editors can check a profile against [profile.schema.json](profile.schema.json).\n\n| key | what it says |\n|---|---|\n");
    for key in Topic::ALL.into_iter().flat_map(of) {
        text.extend([format!(
            "| [`{0}`](#{0}) | {1} |\n",
            key.name,
            cell(key.help)
        )]);
    }
    for topic in Topic::ALL {
        text.extend([format!("\n## {}\n", topic.title())]);
        for key in of(topic) {
            text.extend([entry(key)]);
        }
    }
    text.push_str("\n## Groups of system calls\n\nFor `syscalls` and `refuse`.\n\n| group | what it is for |\n|---|---|\n");
    for grant in GRANTS {
        text.extend([format!("| `@{}` | {} |\n", grant.name, cell(grant.about))]);
    }
    text
}

fn of(topic: Topic) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| key.topic == topic)
}

/// A bar would end a table's cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn entry(key: &Key) -> String {
    let mut fields: Vec<String> = key
        .fields
        .iter()
        .map(|field| format!("`{field}`"))
        .collect();
    fields.dedup();
    let states = if fields.is_empty() {
        String::new()
    } else {
        format!("\n\nStates {}.", fields.join(", "))
    };
    let combines = match key.combine {
        Combine::Grant => {
            "In a profile that extends another, the list takes the place of the extended one and may permit no \
                           more; below `[loosen]` it adds to it."
        }
        Combine::Restrict => {
            "In a profile that extends another, the list adds to the extended one."
        }
        Combine::Entries => {
            "In a profile that extends another, entries add to the extended ones and take the place of those \
                             with the same name."
        }
        Combine::Replace => "",
    };
    let combines = if combines.is_empty() {
        String::new()
    } else {
        format!(" {combines}")
    };
    format!(
        "\n### {}\n\n{}. {}{combines}\n\n```toml\n{}\n```{states}\n",
        key.name, key.help, key.long, key.example
    )
}

/// Writes docs/profile.schema.json.
pub fn schema() -> String {
    let properties = |keys: &mut dyn Iterator<Item = &'static Key>| {
        keys.map(|key| (key.name, property(key)))
            .collect::<Vec<(&str, Json)>>()
    };
    let can_loosen = |key: &&Key| {
        key.combine != Combine::Restrict && !matches!(key.name, "command" | "directory" | "extends")
    };
    let loosen = Json::object([
        (
            "description",
            Json::text("Keys that may permit more than the extended profiles."),
        ),
        ("type", Json::text("object")),
        ("additionalProperties", Json::Bool(false)),
        (
            "properties",
            Json::object(properties(&mut KEYS.iter().filter(can_loosen))),
        ),
    ]);
    let mut all = properties(&mut KEYS.iter());
    all.push(("loosen", loosen));
    let schema = Json::object([
        (
            "$schema",
            Json::text("https://json-schema.org/draft/2020-12/schema"),
        ),
        ("title", Json::text("Casemate profile")),
        ("description", Json::text(ABOUT)),
        ("type", Json::text("object")),
        ("additionalProperties", Json::Bool(false)),
        ("properties", Json::object(all)),
    ]);
    format!("{schema}\n")
}

fn property(key: &Key) -> Json {
    let mut members = vec![(
        "description",
        Json::text(format!("{}. {}", key.help, key.long)),
    )];
    match key.kind {
        Kind::Switch { default } => {
            members.push(("type", Json::text("boolean")));
            members.push(("default", Json::Bool(default)));
        }
        Kind::One(form) => members.extend(scalar(form)),
        Kind::List(form) => members.extend(list(form)),
        Kind::OneOrList(form) => {
            members.push((
                "anyOf",
                Json::List(vec![Json::object(scalar(form)), Json::object(list(form))]),
            ));
        }
        Kind::Table { value, .. } => {
            members.push(("type", Json::text("object")));
            let mut values = vec![Json::object(scalar(value))];
            if key.name == "temporary" {
                values.push(Json::object([("const", Json::text("none"))]));
            }
            let values = match values.len() {
                1 => values.remove(0),
                _ => Json::object([("anyOf", Json::List(values))]),
            };
            members.push(("additionalProperties", values));
        }
    }
    Json::object(members)
}

fn list(form: Form) -> Vec<(&'static str, Json)> {
    vec![
        ("type", Json::text("array")),
        ("items", Json::object(scalar(form))),
    ]
}

fn scalar(form: Form) -> Vec<(&'static str, Json)> {
    let words = |words: &[&str]| vec![("enum", Json::List(words.iter().map(Json::text).collect()))];
    let types = |types: &[&str]| ("type", Json::List(types.iter().map(Json::text).collect()));
    let text = || ("type", Json::text("string"));
    let matching = |pattern: &str| ("pattern", Json::text(pattern));
    match form {
        Form::Choice(choices) => words(choices),
        Form::Size => vec![
            types(&["string", "integer"]),
            matching("^([0-9]+[KMGTkmgt]?|unlimited)$"),
        ],
        Form::Count => vec![
            types(&["string", "integer"]),
            matching("^([0-9]+|unlimited)$"),
        ],
        Form::Processors => vec![
            types(&["string", "number"]),
            matching("^([0-9]+(\\.[0-9]{1,3})?|[0-9]+(\\.[0-9])?%|unlimited)$"),
        ],
        Form::Duration => vec![text(), matching("^([0-9]+(ms|s|m|h)|unlimited)$")],
        Form::LimitPair => {
            let one = "([0-9]+[KMGTkmgt]?|unlimited)";
            vec![
                types(&["string", "integer"]),
                matching(&format!("^{one}(:{one})?$")),
            ]
        }
        Form::User => vec![types(&["string", "integer"]), matching("^([0-9]+|nobody)$")],
        Form::Port => vec![
            types(&["string", "integer"]),
            matching("^([0-9]+(/(tcp|udp))?|all)$"),
        ],
        Form::Descriptor => vec![types(&["string", "integer"]), matching("^([0-9]+|all)$")],
        Form::Text
        | Form::Path
        | Form::Capability
        | Form::SyscallRule
        | Form::Device
        | Form::Variable
        | Form::LimitName
        | Form::Parameter
        | Form::HostName => vec![text()],
    }
}
