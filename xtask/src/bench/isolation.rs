//! What a contender's payload finds around itself: equal flags are a claim, this is what came of them.

use std::collections::BTreeMap;
use std::process::Stdio;

use super::contender::{Contender, command};

const NAMESPACES: &[&str] = &["user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"];

/// What the kernel says inside.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Isolation {
    /// Namespaces that differ from the caller's.
    pub namespaces: u64,
    pub filters: u64,
    pub no_new_privs: u64,
    /// In the bounding set.
    pub capabilities: u64,
}

/// Looks from inside, or gives the reason why the contender cannot do its work on this machine.
pub fn isolation(contender: &Contender) -> Result<Isolation, String> {
    let script = format!(
        "for n in {}; do echo $n: $(readlink /proc/self/ns/$n); done; cat /proc/self/status",
        NAMESPACES.join(" ")
    );
    let output = command(&contender.line(&["/bin/sh", "-c", &script]))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| error.to_string())?;
    let seen = fields(&String::from_utf8_lossy(&output.stdout));
    // A program that ends well and does nothing is no launcher.
    if output.status.success() && seen.contains_key("Seccomp_filters") {
        return Ok(read(&seen));
    }
    let talk = String::from_utf8_lossy(&output.stderr);
    let first = talk.lines().find(|line| !line.trim().is_empty());
    Err(format!(
        "{}: {}",
        output.status,
        first.unwrap_or("the payload did not run")
    ))
}

fn read(seen: &BTreeMap<String, String>) -> Isolation {
    let number = |key: &str| {
        seen.get(key)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    };
    let outside = |namespace: &str| {
        std::fs::read_link(format!("/proc/self/ns/{namespace}"))
            .ok()
            .map(|link| link.to_string_lossy().into_owned())
    };
    let differs = |namespace: &&&str| seen.get(**namespace) != outside(namespace).as_ref();
    let bounding = seen
        .get("CapBnd")
        .and_then(|text| u64::from_str_radix(text, 16).ok());
    Isolation {
        namespaces: NAMESPACES.iter().filter(differs).count() as u64,
        filters: number("Seccomp_filters"),
        no_new_privs: number("NoNewPrivs"),
        capabilities: bounding.map_or(0, |set| u64::from(set.count_ones())),
    }
}

fn fields(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(key, value)| (key.to_owned(), value.trim().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Isolation, fields, read};

    #[test]
    fn a_status_is_understood() {
        let seen = fields(
            "user: user:[1]\nNoNewPrivs:\t1\nSeccomp_filters:\t2\nCapBnd:\t00000000000000ff\n",
        );
        let expected = Isolation {
            namespaces: 8,
            filters: 2,
            no_new_privs: 1,
            capabilities: 8,
        };
        assert_eq!(read(&seen), expected);
    }
}
