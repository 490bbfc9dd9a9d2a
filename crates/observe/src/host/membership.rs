//! Which cgroups this process is in, as /proc/self/cgroup tells (cgroups(7)).

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// The group of a process in each hierarchy, relative to the root of its cgroup namespace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Membership {
    /// In the unified hierarchy.
    pub(crate) v2: Option<PathBuf>,
    /// In the version 1 hierarchies, by controller; named hierarchies as `name=systemd`.
    pub(crate) v1: BTreeMap<String, PathBuf>,
}

impl Membership {
    /// Reads the file's text. Lines that do not have the documented form are left out.
    pub(crate) fn parse(text: &[u8]) -> Self {
        let mut membership = Self::default();
        for line in text.split(|byte| *byte == b'\n') {
            // The path is the last field and may have colons itself.
            let mut fields = line.splitn(3, |byte| *byte == b':');
            let (Some(id), Some(controllers), Some(path)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let path = PathBuf::from(OsString::from_vec(path.to_vec()));
            match std::str::from_utf8(controllers) {
                Ok("") if id == b"0" => membership.v2 = Some(path),
                Ok("") | Err(_) => {}
                Ok(names) => {
                    membership
                        .v1
                        .extend(names.split(',').map(|name| (name.to_owned(), path.clone())));
                }
            }
        }
        membership
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn reads_hybrid_lists() {
        let text = b"12:cpu,cpuacct:/a:b/c\n3:name=systemd:/user.slice\n1:pids:/\n0::/user.slice/session 2.scope\nx\n7::\n:\n";
        let membership = Membership::parse(text);
        assert_eq!(
            membership.v2.as_deref(),
            Some(Path::new("/user.slice/session 2.scope"))
        );
        let v1: Vec<_> = membership
            .v1
            .iter()
            .map(|(name, path)| (name.as_str(), path.to_str().unwrap()))
            .collect();
        assert_eq!(
            v1,
            [
                ("cpu", "/a:b/c"),
                ("cpuacct", "/a:b/c"),
                ("name=systemd", "/user.slice"),
                ("pids", "/")
            ]
        );
    }
}
