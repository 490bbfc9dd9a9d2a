//! Reading what the kernel says: files of /proc and of control groups.

use crate::json::Json;
use casemate_model::names::arch::Arch;
use casemate_model::names::capabilities::CapabilitySet;
use casemate_model::names::rlimits;

/// A file of lines with a name, a colon and a value, such as /proc/PID/status.
#[derive(Clone, Copy)]
pub struct Status<'t>(pub &'t str);

impl<'t> Status<'t> {
    /// Returns a value.
    pub fn value(self, name: &str) -> Option<&'t str> {
        self.0
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.trim())
    }

    /// Returns a value as numbers.
    pub fn numbers(self, name: &str) -> Option<Vec<u64>> {
        self.value(name)?
            .split_whitespace()
            .map(|word| word.parse().ok())
            .collect()
    }

    /// Returns a set of capabilities.
    pub fn capabilities(self, name: &str) -> Option<CapabilitySet> {
        let bits = u64::from_str_radix(self.value(name)?, 16).ok()?;
        Some(CapabilitySet::from_bits(bits))
    }
}

/// Reads an id map: inside, outside, count.
pub fn id_map(text: &str) -> Json {
    Json::List(
        text.lines()
            .map(|line| Json::List(line.split_whitespace().filter_map(number).collect()))
            .collect(),
    )
}

fn number(word: &str) -> Option<Json> {
    word.parse().ok().map(Json::Number)
}

/// A mount.
pub struct Mount {
    /// Where.
    pub point: String,
    /// Its own options.
    pub options: Vec<String>,
    /// The file system's type.
    pub kind: String,
}

/// Reads mountinfo (proc(5)).
pub fn mounts(text: &str) -> Vec<Mount> {
    text.lines()
        .filter_map(|line| {
            let (own, file_system) = line.split_once(" - ")?;
            let mut own = own.split(' ').skip(4);
            Some(Mount {
                point: unescaped(own.next()?),
                options: own.next()?.split(',').map(str::to_owned).collect(),
                kind: file_system.split(' ').next()?.to_owned(),
            })
        })
        .collect()
}

/// Blanks, line ends and backslashes are three octal digits.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let code = after
            .get(..3)
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        if let Some(code) = code {
            plain.push(char::from(code));
            rest = after.get(3..).unwrap_or("");
        } else {
            plain.push('\\');
            rest = after;
        }
    }
    plain.push_str(rest);
    plain
}

/// A limit of a process: what it is called here, soft, hard. `None` is unlimited.
pub type ProcessLimit = (&'static str, Option<u64>, Option<u64>);

/// How /proc/PID/limits calls each limit.
const LIMITS: [(&str, &str); 16] = [
    ("Max cpu time", "cpu"),
    ("Max file size", "fsize"),
    ("Max data size", "data"),
    ("Max stack size", "stack"),
    ("Max core file size", "core"),
    ("Max resident set", "rss"),
    ("Max processes", "nproc"),
    ("Max open files", "nofile"),
    ("Max locked memory", "memlock"),
    ("Max address space", "as"),
    ("Max file locks", "locks"),
    ("Max pending signals", "sigpending"),
    ("Max msgqueue size", "msgqueue"),
    ("Max nice priority", "nice"),
    ("Max realtime priority", "rtprio"),
    ("Max realtime timeout", "rttime"),
];

/// Reads /proc/PID/limits.
pub fn limits(text: &str) -> Vec<ProcessLimit> {
    text.lines()
        .filter_map(|line| {
            let (title, name) = LIMITS.iter().find(|(title, _)| line.starts_with(title))?;
            let mut words = line.get(title.len()..)?.split_whitespace();
            let mut bound = || match words.next()? {
                "unlimited" => Some(None),
                word => word.parse().ok().map(Some),
            };
            Some((*name, bound()?, bound()?))
        })
        .collect()
}

/// Names a limit by its number.
pub fn limit_name(resource: u32) -> Option<&'static str> {
    let arch = Arch::native()?;
    rlimits::all()
        .find(|rlimit| u32::from(rlimit.number(arch)) == resource)
        .map(|rlimit| rlimit.name)
}

/// Reads the names of /proc/net/dev.
pub fn interfaces(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name.trim().to_owned())
        .collect()
}

/// Reads a counter of a file of lines with a name and a number.
pub fn counter(text: &str, name: &str) -> Option<u64> {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| value.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_status() {
        let status =
            Status("Name:\tsh\nUid:\t1\t2\t3\t4\nCapBnd:\t0000000000000021\nNoNewPrivs:\t1\n");
        assert_eq!(status.value("Name"), Some("sh"));
        assert_eq!(status.numbers("Uid"), Some(vec![1, 2, 3, 4]));
        let names = status.capabilities("CapBnd").unwrap().names();
        assert_eq!(names.len(), 2, "{names:?}");
        assert_eq!(status.value("Absent"), None);
    }

    #[test]
    fn reads_mounts_limits_and_interfaces() {
        let line = "36 35 98:0 / /a\\040b\\134 ro,nosuid master:1 - tmpfs x rw\nbroken\n";
        let found = mounts(line);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].point, "/a b\\");
        assert_eq!(found[0].options, ["ro", "nosuid"]);
        assert_eq!(found[0].kind, "tmpfs");
        let text = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max open files            1024                 unlimited            files     \n";
        assert_eq!(limits(text), [("nofile", Some(1024), None)]);
        assert_eq!(counter("low 0\noom_kill 3\n", "oom_kill"), Some(3));
        assert_eq!(interfaces("Inter-| x\n face |y\n    lo: 0 0\n"), ["lo"]);
    }
}
