//! From a profile in Docker's form to the filter of a bundle, as an engine makes it for a container with the default capabilities.

use std::path::Path;

use casemate_seccomp::formats::Source;
use casemate_seccomp::formats::json::{self, Kind, Value};

use crate::failure::Failure;

/// What Docker leaves to a container.
pub const CAPABILITIES: [&str; 14] = [
    "CAP_AUDIT_WRITE",
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_MKNOD",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_RAW",
    "CAP_SETFCAP",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_SETUID",
    "CAP_SYS_CHROOT",
];

/// `linux.seccomp` of a bundle.
pub fn expand(path: &Path, text: &str) -> Result<String, Failure> {
    let wrong = |what: &str| Failure::Wrong(format!("{}: {what}", path.display()));
    let name = path.to_string_lossy();
    let source = Source::new(&name, text.as_bytes()).map_err(|error| wrong(&error.to_string()))?;
    let whole = json::parse(&source).map_err(|error| wrong(&error.to_string()))?;
    let Some(Kind::List(rules)) = member(&whole, "syscalls").map(|value| &value.kind) else {
        return Err(wrong("it has no list of system calls"));
    };
    let as_written = |value: &Value| text.get(value.at..value.end).unwrap_or_default().to_owned();
    let mut kept = Vec::new();
    for rule in rules.iter().filter(|rule| applies(rule)) {
        let parts = ["names", "action", "errnoRet", "args"].map(|key| {
            let value = member(rule, key).filter(|value| !matches!(value.kind, Kind::Null))?;
            Some(format!("\"{key}\":{}", as_written(value)))
        });
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        kept.push(format!("{{{}}}", parts.join(",")));
    }
    let default = member(&whole, "defaultAction").map(as_written);
    let errno = member(&whole, "defaultErrnoRet").map(as_written);
    Ok(format!(
        "{{\"defaultAction\":{},{}\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"],\"syscalls\":[{}]}}",
        default.ok_or_else(|| wrong("it has no default"))?,
        errno.map_or_else(String::new, |errno| format!("\"defaultErrnoRet\":{errno},")),
        kept.join(",")
    ))
}

fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    let Kind::Object(members) = &value.kind else {
        return None;
    };
    let member = members.iter().find(|member| member.key == key)?;
    Some(&member.value)
}

/// Whether a rule is for such a container on this machine.
fn applies(rule: &Value) -> bool {
    let texts = |of: &str, key: &str| -> Vec<String> {
        let list = member(rule, of).and_then(|conditions| member(conditions, key));
        let Some(Kind::List(values)) = list.map(|list| &list.kind) else {
            return Vec::new();
        };
        let text = |value: &Value| match &value.kind {
            Kind::Text(text) => Some(text.clone()),
            _ => None,
        };
        values.iter().filter_map(text).collect()
    };
    let holds = |name: &String| CAPABILITIES.contains(&name.as_str());
    let arches = texts("includes", "arches");
    // minKernel is not looked at: every kernel that Casemate runs on is newer than those that profiles name.
    (arches.is_empty() || arches.iter().any(|arch| arch == "amd64"))
        && texts("includes", "caps").iter().all(holds)
        && !texts("excludes", "caps").iter().any(holds)
        && !texts("excludes", "arches")
            .iter()
            .any(|arch| arch == "amd64")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::expand;

    #[test]
    fn rules_are_those_of_a_container_with_default_capabilities() {
        let text = r#"{"defaultAction": "A", "defaultErrnoRet": 1, "syscalls": [
            {"names": ["a", "b"], "action": "B", "args": null, "includes": {}},
            {"names": ["c"], "action": "B", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
            {"names": ["d"], "action": "B", "args": [{"index": 0}], "excludes": {"caps": ["CAP_SYS_ADMIN"]}},
            {"names": ["e"], "action": "B", "excludes": {"caps": ["CAP_CHOWN"]}},
            {"names": ["f"], "action": "B", "includes": {"arches": ["arm"]}}]}"#;
        let expected = r#"{"defaultAction":"A","defaultErrnoRet":1,"architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32"],"syscalls":[{"names":["a", "b"],"action":"B"},{"names":["d"],"action":"B","args":[{"index": 0}]}]}"#;
        assert_eq!(expand(Path::new("p"), text).unwrap(), expected);
        assert!(expand(Path::new("p"), "{}").is_err());
    }
}
