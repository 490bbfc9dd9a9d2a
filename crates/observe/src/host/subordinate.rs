//! Ranges of ids that belong to the caller, subuid(5) and subgid(5), and the helpers that map them.

use super::view::View;
use casemate_model::host::{Caller, Subordinate};
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where distributions put newuidmap(1): the caller's PATH must not choose a program that is trusted with ids.
const DIRECTORIES: [&str; 3] = ["/usr/bin", "/bin", "/usr/local/bin"];

/// Reads the ranges of the caller and looks for the helpers.
///
/// Ranges that a name service has (libsubid, `subid:` in nsswitch.conf) are not seen; newuidmap would know them.
pub(super) fn subordinate(view: &impl View, caller: &Caller) -> Subordinate {
    let ranges = |path: &str| match view.read(Path::new(path)) {
        Ok(text) => ranges(&text, caller.uid, caller.name.as_deref()),
        // Without the file, or the right to read it, there are no ranges: the single-id map remains.
        Err(_) => Vec::new(),
    };
    let uids = ranges("/etc/subuid");
    let gids = ranges("/etc/subgid");
    // Without a range there is nothing to map, and the caller with the capability needs no helper.
    let needed = !uids.is_empty() && !gids.is_empty() && !caller.is_privileged();
    let helper = |name| if needed { helper(view, name) } else { None };
    Subordinate {
        uids,
        gids,
        newuidmap: helper("newuidmap"),
        newgidmap: helper("newgidmap"),
    }
}

/// Returns the first id, from 100,000 on, above all ranges of everybody: ranges of two users must not overlap.
pub(crate) fn free_range(view: &impl View) -> u32 {
    let ends = ["/etc/subuid", "/etc/subgid"]
        .into_iter()
        .filter_map(|path| view.read(Path::new(path)).ok())
        .flat_map(|text| {
            let text = String::from_utf8_lossy(&text).into_owned();
            text.lines().filter_map(end).collect::<Vec<_>>()
        });
    ends.fold(100_000, u32::max)
}

/// The first id above the range of a line.
fn end(line: &str) -> Option<u32> {
    let mut numbers = line.trim().split(':').skip(1).map(str::parse::<u32>);
    let (first, count) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    first.checked_add(count)
}

/// Finds a helper that has the privilege to do its work.
pub(crate) fn helper(view: &impl View, name: &str) -> Option<PathBuf> {
    DIRECTORIES
        .iter()
        .map(|directory| Path::new(directory).join(name))
        .find(|path| view.gives_privilege(path))
}

/// Tells whether executing a file gives privilege. Where it is mounted nosuid it does not; that is not looked at.
pub(super) fn gives_privilege(path: &Path) -> bool {
    // The link is followed: merged /usr, and alternatives.
    let Ok(metadata) = std::fs::metadata(path) else {
        return false;
    };
    let is_setuid_root = metadata.uid() == 0 && metadata.mode() & 0o4000 != 0;
    metadata.is_file() && (is_setuid_root || has_capabilities(path))
}

fn has_capabilities(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    super::view::has_attribute(&file, c"security.capability")
}

/// Reads the ranges of one user. Both files name users by login name or user id, also subgid(5).
fn ranges(text: &[u8], uid: u32, name: Option<&str>) -> Vec<(u32, u32)> {
    String::from_utf8_lossy(text)
        .lines()
        .filter_map(|line| {
            let mut fields = line.trim().split(':');
            let owner = fields.next()?;
            let first: u32 = fields.next()?.parse().ok()?;
            let count: u32 = fields.next()?.parse().ok()?;
            let is_own = name == Some(owner) || owner.parse() == Ok(uid);
            // The last id is (uid_t) -1 - 1: -1 means "no change" in the kernel's calls.
            let fits = count > 0 && first.checked_add(count).is_some();
            (is_own && fits).then_some((first, count))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_found_by_name_and_by_number() {
        let text = b"# comment\nann:100000:65536\nbob:165536:65536\n1000:231072:10\nann:0:0\nann:x:1\nann:5\n\
            ann:4294967295:1\nann:4294967290:5\n ann:7:1 \n\xff:1:1\n";
        let cases = [
            (
                1000,
                Some("ann"),
                vec![(100_000, 65536), (231_072, 10), (4_294_967_290, 5), (7, 1)],
            ),
            (1000, None, vec![(231_072, 10)]),
            (1001, Some("bob"), vec![(165_536, 65536)]),
            (1, Some("eve"), vec![]),
        ];
        for (uid, name, expected) in cases {
            assert_eq!(ranges(text, uid, name), expected, "{uid} {name:?}");
        }
    }

    #[test]
    fn a_free_range_is_above_all_others() {
        use super::super::view::fixture::Fixture;

        assert_eq!(free_range(&Fixture::new(&[])), 100_000);
        let files = [
            ("/etc/subuid", "a:100000:65536\nb:165536:65536\nx\n"),
            ("/etc/subgid", "a:300000:5\nc:1:1\n"),
        ];
        assert_eq!(free_range(&Fixture::new(&files)), 300_005);
    }

    #[test]
    fn helpers_are_looked_for_when_they_can_help() {
        use super::super::view::fixture::Fixture;
        use casemate_model::names::capabilities::CapabilitySet;

        let caller = |uid| Caller {
            uid,
            gid: uid,
            groups: Vec::new(),
            name: Some("ann".to_owned()),
            home: None,
            capabilities: CapabilitySet::from_bits(0),
        };
        let ranges = [
            ("/etc/subuid", "ann:100000:65536\n"),
            ("/etc/subgid", "ann:200000:65536\n"),
        ];
        let host = Fixture::new(&ranges)
            .privileged("/bin/newuidmap")
            .privileged("/usr/bin/newgidmap");
        let (uidmap, gidmap) = (
            Some("/bin/newuidmap".into()),
            Some("/usr/bin/newgidmap".into()),
        );
        let found = subordinate(&host, &caller(1000));
        assert_eq!(
            (found.uids, found.gids),
            (vec![(100_000, 65536)], vec![(200_000, 65536)])
        );
        assert_eq!((found.newuidmap, found.newgidmap), (uidmap, gidmap));
        // Root maps by itself, and a user without a range of both kinds cannot use the helpers.
        let root = subordinate(&host, &caller(0));
        assert_eq!((root.uids.len(), root.newuidmap), (1, None));
        let half = subordinate(&host.clone().without("/etc/subgid"), &caller(1000));
        assert_eq!(
            (half.uids.len(), half.gids.len(), half.newuidmap),
            (1, 0, None)
        );
        // A helper without its privilege would only fail.
        assert_eq!(
            subordinate(&Fixture::new(&ranges), &caller(1000)).newuidmap,
            None
        );
    }
}
