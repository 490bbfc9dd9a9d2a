//! What stands at paths, links not followed.

use casemate_model::host::PathFact;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Looks at a path. Never opens what stands there, so that no device or automount is woken up.
pub(super) fn look(path: &Path) -> PathFact {
    // Where a merged /usr makes a link likely, one call tells the target, or that nothing is there.
    if is_likely_link(path) {
        match fs::read_link(path) {
            Ok(target) => return PathFact::Link(target),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {}
            Err(error) => return unseen(&error),
        }
    }
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => PathFact::Directory,
        Ok(metadata) if metadata.is_file() && is_root_only(&metadata) => PathFact::RootOnly,
        Ok(metadata) if metadata.is_file() => PathFact::File,
        Ok(metadata) if metadata.is_symlink() => match fs::read_link(path) {
            Ok(target) => PathFact::Link(target),
            Err(error) => unseen(&error),
        },
        Ok(_) => PathFact::Special,
        Err(error) => unseen(&error),
    }
}

fn is_root_only(metadata: &fs::Metadata) -> bool {
    metadata.uid() == 0 && metadata.gid() == 0 && metadata.mode().trailing_zeros() >= 6
}

fn is_likely_link(path: &Path) -> bool {
    let text = path.as_os_str().as_encoded_bytes();
    [b"/bin".as_slice(), b"/sbin", b"/lib"]
        .iter()
        .any(|start| text.starts_with(start))
        && path.components().count() == 2
}

fn unseen(error: &io::Error) -> PathFact {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => PathFact::Absent,
        _ => PathFact::Hidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    #[test]
    fn tells_what_stands_there() {
        let dir = std::env::temp_dir().join(format!("casemate-tree-{}", std::process::id()));
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("file"), "x").unwrap();
        symlink("nowhere/at all", dir.join("link")).unwrap();
        symlink("loop", dir.join("loop")).unwrap();
        let socket = UnixListener::bind(dir.join("socket")).unwrap();
        let cases = [
            ("", PathFact::Directory),
            ("file", PathFact::File),
            ("file/below", PathFact::Absent),
            ("link", PathFact::Link("nowhere/at all".into())),
            ("none", PathFact::Absent),
            ("socket", PathFact::Special),
            ("loop/x", PathFact::Hidden),
        ];
        let found: Vec<_> = cases
            .iter()
            .map(|(name, _)| look(&dir.join(name)))
            .collect();
        drop(socket);
        fs::remove_dir_all(&dir).unwrap();
        for ((name, expected), found) in cases.iter().zip(found) {
            assert_eq!(&found, expected, "{name}");
        }
        assert_eq!(look(Path::new("/libnothing")), PathFact::Absent);
        assert_eq!(look(Path::new("/dev/null")), PathFact::Special);
    }
}
