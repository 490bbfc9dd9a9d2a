//! Paths as people write them: `~`, `$HOME`, relative ones; to absolute ones without `.`, `..` and double slashes.

use super::error::PathFault;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Where a path that is not written out starts.
pub(crate) struct Anchor<'a> {
    /// For relative paths.
    pub directory: Option<&'a Path>,
    /// For `~` and `$HOME`.
    pub home: Option<&'a Path>,
    /// For `$PWD`.
    pub working: Option<&'a Path>,
}

/// Resolves a path by its letters alone; nothing is looked up.
pub(crate) fn resolve(written: &OsStr, anchor: &Anchor<'_>) -> Result<PathBuf, PathFault> {
    let bytes = written.as_bytes();
    if bytes.is_empty() {
        return Err(PathFault::Empty);
    }
    if bytes.contains(&0) {
        return Err(PathFault::Nul);
    }
    let (start, rest) = start(bytes, anchor)?;
    let rest = unescape(rest)?;
    let mut path = start.components().as_path().to_path_buf();
    let mut below_a_name = false;
    for part in rest.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            // The start is a real directory without links, so going up from it means what it says.
            b".." if below_a_name => return Err(PathFault::DotDot),
            b".." => {
                path.pop();
            }
            name => {
                below_a_name = true;
                path.push(OsStr::from_bytes(name));
            }
        }
    }
    Ok(path)
}

fn start<'a, 'b>(bytes: &'a [u8], anchor: &Anchor<'b>) -> Result<(&'b Path, &'a [u8]), PathFault> {
    let (first, rest) = match bytes.iter().position(|byte| *byte == b'/') {
        Some(slash) => bytes.split_at(slash),
        None => (bytes, &[][..]),
    };
    match first {
        b"" => Ok((Path::new("/"), bytes)),
        b"~" | b"$HOME" | b"${HOME}" => anchor
            .home
            .map(|home| (home, rest))
            .ok_or(PathFault::NoHome),
        b"$PWD" | b"${PWD}" => anchor
            .working
            .map(|working| (working, rest))
            .ok_or(PathFault::NoDirectory),
        [b'~', ..] => Err(PathFault::OtherHome),
        [b'$', ..] => Err(PathFault::Variable),
        _ => anchor
            .directory
            .map(|here| (here, bytes))
            .ok_or(PathFault::NoDirectory),
    }
}

fn unescape(bytes: &[u8]) -> Result<Vec<u8>, PathFault> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'*' | b'?' => return Err(PathFault::Pattern),
            b'\\' => match rest.next() {
                Some(escaped @ (b'*' | b'?' | b'\\')) => plain.push(*escaped),
                _ => return Err(PathFault::Backslash),
            },
            other => plain.push(*other),
        }
    }
    Ok(plain)
}

/// Writes an absolute path so that [`resolve`] reads it back.
pub(crate) fn escape(path: &Path) -> OsString {
    let mut written = Vec::new();
    for byte in path.as_os_str().as_bytes() {
        if matches!(byte, b'*' | b'?' | b'\\') {
            written.push(b'\\');
        }
        written.push(*byte);
    }
    OsString::from_vec(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_by_letters_alone() {
        let anchor = Anchor {
            directory: Some(Path::new("/srv/here")),
            home: Some(Path::new("/home/ada/")),
            working: Some(Path::new("/srv/now")),
        };
        let cases = [
            ("/", Ok("/")),
            ("//usr//./lib/", Ok("/usr/lib")),
            (".", Ok("/srv/here")),
            ("./a b", Ok("/srv/here/a b")),
            ("..", Ok("/srv")),
            ("../../../x", Ok("/x")),
            ("~", Ok("/home/ada")),
            ("~/src", Ok("/home/ada/src")),
            ("$HOME/src", Ok("/home/ada/src")),
            ("${HOME}", Ok("/home/ada")),
            ("$PWD", Ok("/srv/now")),
            ("$PWD/../x", Ok("/srv/x")),
            ("./~", Ok("/srv/here/~")),
            ("./$x", Ok("/srv/here/$x")),
            ("/a/[id].js", Ok("/a/[id].js")),
            ("/a\\*b\\\\", Ok("/a*b\\")),
            ("", Err(PathFault::Empty)),
            ("/a\0", Err(PathFault::Nul)),
            ("/a/*.so", Err(PathFault::Pattern)),
            ("/a?", Err(PathFault::Pattern)),
            ("/a\\b", Err(PathFault::Backslash)),
            ("/a\\", Err(PathFault::Backslash)),
            ("a/../b", Err(PathFault::DotDot)),
            ("/usr/..", Err(PathFault::DotDot)),
            ("~bob/x", Err(PathFault::OtherHome)),
            ("$XDG_DATA/x", Err(PathFault::Variable)),
        ];
        for (written, expected) in cases {
            let found = resolve(OsStr::new(written), &anchor);
            assert_eq!(found, expected.map(PathBuf::from), "{written:?}");
        }
        let nowhere = Anchor {
            directory: None,
            home: None,
            working: None,
        };
        assert_eq!(
            resolve(OsStr::new("a"), &nowhere),
            Err(PathFault::NoDirectory)
        );
        assert_eq!(resolve(OsStr::new("~/a"), &nowhere), Err(PathFault::NoHome));
    }

    #[test]
    fn escaping_is_read_back() {
        let anchor = Anchor {
            directory: None,
            home: None,
            working: None,
        };
        for path in ["/", "/a*b?c\\d", "/~", "/$HOME", "/..x"] {
            assert_eq!(
                resolve(&escape(Path::new(path)), &anchor),
                Ok(PathBuf::from(path))
            );
        }
    }
}
