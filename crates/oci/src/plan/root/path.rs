//! Paths inside, as a configuration writes them.

use crate::failure::Failure;
use std::ffi::CString;

/// A path inside, without `.`, `..` and double slashes: relative to the root, empty for the root itself.
///
/// This tidies only what is written. What is a link in the image is resolved when it is there, by the kernel.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Inside(String);

impl Inside {
    /// Tidies a path; a relative one starts at the root.
    ///
    /// # Errors
    /// It has a NUL.
    pub fn new(path: &str) -> Result<Self, Failure> {
        if path.contains('\0') {
            return Err(Failure::new(format!("path {path:?} has a NUL")));
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        Ok(Self(parts.join("/")))
    }

    /// The path without a slash at its start.
    pub fn relative(&self) -> &str {
        &self.0
    }

    /// The path with one.
    pub fn absolute(&self) -> String {
        format!("/{}", self.0)
    }

    /// Directory and name.
    pub fn split(&self) -> (Self, &str) {
        match self.0.rsplit_once('/') {
            Some((above, name)) => (Self(above.to_owned()), name),
            None => (Self(String::new()), &self.0),
        }
    }

    /// Whether it is this path or one below it.
    pub fn is_in(&self, above: &str) -> bool {
        let rest = self.0.strip_prefix(above);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// For a step.
    ///
    /// # Errors
    /// It has a NUL.
    pub fn text(&self) -> Result<CString, Failure> {
        text(&self.0)
    }
}

/// Text for a step.
///
/// # Errors
/// It has a NUL.
pub fn text(text: &str) -> Result<CString, Failure> {
    CString::new(text).map_err(|_| Failure::new(format!("{text:?} has a NUL")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_tidied() {
        let cases = [
            ("/", ""),
            ("/dev/../proc//x/", "proc/x"),
            ("../../etc", "etc"),
            ("data", "data"),
            ("/./a", "a"),
        ];
        for (written, expected) in cases {
            assert_eq!(
                Inside::new(written).unwrap().relative(),
                expected,
                "{written}"
            );
        }
        assert!(Inside::new("a\0b").is_err());
        let path = Inside::new("/dev/net/tun").unwrap();
        assert_eq!(path.split(), (Inside::new("/dev/net").unwrap(), "tun"));
        assert!(path.is_in("dev") && path.is_in("dev/net/tun") && !path.is_in("de"));
    }
}
