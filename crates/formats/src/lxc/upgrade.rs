//! Names before LXC 2.1 to current ones, line by line: comments, order and values stay.

use super::lines::{Parts, parts, renamed};
use super::schema;

/// A configuration with current names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upgrade {
    /// The text.
    pub text: String,
    /// What changed, in the order of the lines.
    pub changes: Vec<Change>,
}

/// A line that changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The line, from 1, in the old text.
    pub line: usize,
    /// What stood there.
    pub old: String,
    /// What stands there now; empty when it is gone.
    pub new: String,
    /// Why, when that is not only a new name.
    pub why: Option<&'static str>,
}

/// Rewrites a configuration for LXC 2.1 and later.
///
/// A `lxc.network.` line without a number belongs to the network that the last `lxc.network.type` began. A key that is
/// gone becomes a comment. Limits of cgroup version 1 stay: they count where the host has that version.
#[must_use]
pub fn upgrade(text: &str) -> Upgrade {
    let mut out = String::new();
    let mut changes = Vec::new();
    let backend = backend(text);
    let mut network: Option<u32> = None;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\n', '\r']);
        let end = whole.get(line.len()..).unwrap_or_default();
        let (new, why) = match parts(line) {
            Parts::Set(key, value) => changed(key, value, backend.as_deref(), &mut network),
            Parts::Empty | Parts::Martian | Parts::NoValue => (None, None),
        };
        match new {
            Some(new) => {
                out.push_str(&new);
                changes.push(Change {
                    line: index + 1,
                    old: line.to_owned(),
                    new: if new.starts_with('#') {
                        String::new()
                    } else {
                        new
                    },
                    why,
                });
            }
            None => out.push_str(line),
        }
        out.push_str(end);
    }
    Upgrade { text: out, changes }
}

/// The kind of storage that a legacy configuration names apart from the path.
fn backend(text: &str) -> Option<String> {
    text.lines().rev().find_map(|line| match parts(line) {
        Parts::Set("lxc.rootfs.backend", value) if !value.is_empty() => Some(value.to_owned()),
        _ => None,
    })
}

type Changed = (Option<String>, Option<&'static str>);

fn changed(key: &str, value: &str, backend: Option<&str>, network: &mut Option<u32>) -> Changed {
    if let Some((_, why)) = schema::GONE.iter().find(|(gone, _)| *gone == key) {
        return (Some(format!("# {key} = {value}")), Some(*why));
    }
    if let Some(rest) = key.strip_prefix("lxc.network") {
        return (
            Some(format!("{} = {value}", interface(rest, value, network))),
            None,
        );
    }
    if key == "lxc.rootfs"
        && let Some(backend) = backend
        && !value.starts_with(&format!("{backend}:"))
    {
        let why = "the path begins with the kind of storage";
        return (
            Some(format!("lxc.rootfs.path = {backend}:{value}")),
            Some(why),
        );
    }
    let Some(new) = renamed(key) else {
        return (None, None);
    };
    (Some(format!("{new} = {value}").trim_end().to_owned()), None)
}

fn interface(rest: &str, value: &str, network: &mut Option<u32>) -> String {
    let Some(rest) = rest.strip_prefix('.') else {
        if value.is_empty() {
            *network = None;
        }
        return format!("lxc.net{rest}");
    };
    if rest == "type" {
        *network = Some(network.map_or(0, |number| number.saturating_add(1)));
    }
    let (number, sub) = match rest.split_once('.') {
        Some((number, sub)) if number.parse::<u32>().is_ok() => (number.to_owned(), sub),
        _ => (network.unwrap_or(0).to_string(), rest),
    };
    let sub = match sub {
        "ipv4" => "ipv4.address",
        "ipv6" => "ipv6.address",
        other => other,
    };
    format!("lxc.net.{number}.{sub}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_names_become_current_and_the_rest_stays() {
        let old = "# web\nlxc.utsname = web\r\nlxc.rootfs = /srv/web\nlxc.rootfs.backend = dir\n\
                   lxc.network.type = veth\nlxc.network.ipv4 = 10.0.0.2/24\nlxc.network.type = empty\n\
                   lxc.network.7.link = br0\nlxc.aa_profile=unconfined\nlxc.limit.nofile = 10\n\
                   lxc.kmsg = 0\nlcx.pts = 1\n  lxc.cap.drop = sys_time\nlxc.seccomp =\n";
        let upgrade = upgrade(old);
        assert_eq!(
            upgrade.text,
            "# web\nlxc.uts.name = web\r\nlxc.rootfs.path = dir:/srv/web\n# lxc.rootfs.backend = dir\n\
             lxc.net.0.type = veth\nlxc.net.0.ipv4.address = 10.0.0.2/24\nlxc.net.1.type = empty\n\
             lxc.net.7.link = br0\nlxc.apparmor.profile = unconfined\nlxc.prlimit.nofile = 10\n\
             # lxc.kmsg = 0\nlcx.pts = 1\n  lxc.cap.drop = sys_time\nlxc.seccomp.profile =\n"
        );
        let lines: Vec<usize> = upgrade.changes.iter().map(|change| change.line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14]);
        assert_eq!(
            super::upgrade(&upgrade.text).changes,
            [],
            "nothing is left to change"
        );
    }
}
