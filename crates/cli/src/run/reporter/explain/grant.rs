//! What would permit something: flags of the command line, and the same as lines of a profile.

use std::path::Path;

/// A grant: one or more keys with their values.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Grant(Vec<(&'static str, Value)>);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Value {
    One(String),
    InList(String),
    Entry(String, String),
    Off,
    On,
}

impl Grant {
    /// A value of a list, such as `read = ["/srv"]`.
    pub fn list(key: &'static str, value: impl Into<String>) -> Self {
        Self(vec![(key, Value::InList(value.into()))])
    }

    /// A path of a list.
    pub fn path(key: &'static str, path: &Path) -> Self {
        Self::list(key, path.to_string_lossy())
    }

    /// A value that stands alone, such as `network = "host"`.
    pub fn one(key: &'static str, value: impl Into<String>) -> Self {
        Self(vec![(key, Value::One(value.into()))])
    }

    /// A value of a table, such as `limits = { cpu = "10" }`.
    pub fn entry(key: &'static str, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(vec![(key, Value::Entry(name.into(), value.into()))])
    }

    /// A switch that is off, such as `landlock = false`.
    pub fn off(key: &'static str) -> Self {
        Self(vec![(key, Value::Off)])
    }

    /// A switch that is on, such as `new-privileges = true`.
    pub fn on(key: &'static str) -> Self {
        Self(vec![(key, Value::On)])
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Writes the flags as a shell reads them.
    pub fn flags(&self) -> String {
        let flags = self.0.iter().map(|(key, value)| match value {
            Value::One(value) | Value::InList(value) => format!("--{key} {}", word(value)),
            Value::Entry(name, value) => format!("--{key} {}", word(&format!("{name}={value}"))),
            Value::Off => format!("--no-{key}"),
            Value::On => format!("--{key}"),
        });
        flags.collect::<Vec<_>>().join(" ")
    }

    /// Writes the lines of a profile.
    pub fn lines(&self) -> Vec<String> {
        self.0
            .iter()
            .map(|(key, value)| match value {
                Value::One(value) => format!("{key} = {}", quoted(value)),
                Value::InList(value) => format!("{key} = [{}]", quoted(value)),
                Value::Entry(name, value) => {
                    let is_bare = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
                    let name = if name.chars().all(is_bare) {
                        name.clone()
                    } else {
                        quoted(name)
                    };
                    format!("{key} = {{ {name} = {} }}", quoted(value))
                }
                Value::Off => format!("{key} = false"),
                Value::On => format!("{key} = true"),
            })
            .collect()
    }
}

/// A word of a shell.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_flags_and_lines() {
        let cases = [
            (
                Grant::path("read", Path::new("/a b")),
                "--read '/a b'",
                "read = [\"/a b\"]",
            ),
            (Grant::one("memory", "8G"), "--memory 8G", "memory = \"8G\""),
            (
                Grant::entry("temporary", "/x", "64M"),
                "--temporary /x=64M",
                "temporary = { \"/x\" = \"64M\" }",
            ),
            (Grant::off("landlock"), "--no-landlock", "landlock = false"),
            (
                Grant::entry("limits", "cpu", "10"),
                "--limits cpu=10",
                "limits = { cpu = \"10\" }",
            ),
            (
                Grant::list("keep", "it's\"\n"),
                "--keep 'it'\\''s\"\n'",
                "keep = [\"it's\\\"\\u000a\"]",
            ),
            (
                Grant::one("network", "host").and(Grant::list("connect", "443")),
                "--network host --connect 443",
                "network = \"host\"; connect = [\"443\"]",
            ),
        ];
        for (grant, flags, lines) in cases {
            assert_eq!(grant.flags(), flags);
            assert_eq!(grant.lines().join("; "), lines);
        }
    }
}
