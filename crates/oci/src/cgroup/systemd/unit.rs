//! The unit that systemd makes for a container, and its name.

use crate::failure::Failure;
use std::path::PathBuf;

/// A transient unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// The slice that it is in, such as `system.slice`.
    pub slice: String,
    /// Its own name.
    pub name: String,
    /// The path of the slice's group.
    slice_path: PathBuf,
}

impl Unit {
    /// Finds the unit for `cgroupsPath`, which is `SLICE:PREFIX:NAME`, or by the id when there is none.
    ///
    /// # Errors
    /// It has not this form, or the slice's name is none.
    pub fn of(id: &str, path: Option<&str>, default_slice: &str) -> Result<Self, Failure> {
        let wrong = |why: &str| {
            Failure::with_hint(
                format!("linux.cgroupsPath: {why}"),
                "with systemd it is SLICE:PREFIX:NAME, such as system.slice:docker:1234",
            )
        };
        let (slice, prefix, name) = match path.filter(|path| !path.is_empty()) {
            None => ("", "casemate", id),
            Some(path) => {
                let parts: Vec<&str> = path.split(':').collect();
                let [slice, prefix, name] = parts[..] else {
                    return Err(wrong(&format!("`{path}` has not three parts")));
                };
                (slice, prefix, name)
            }
        };
        let slice = if slice.is_empty() {
            default_slice
        } else {
            slice
        };
        let slice_path = expand(slice).ok_or_else(|| wrong(&format!("`{slice}` is no slice")))?;
        let name = if name.ends_with(".slice") {
            name.to_owned()
        } else if prefix.is_empty() {
            format!("{name}.scope")
        } else {
            format!("{prefix}-{name}.scope")
        };
        if !is_unit_name(&name) {
            return Err(wrong(&format!("`{name}` is no name of a unit")));
        }
        Ok(Self {
            slice: slice.to_owned(),
            name,
            slice_path,
        })
    }

    /// Whether it is itself a slice, in which others are.
    pub fn is_slice(&self) -> bool {
        self.name.ends_with(".slice")
    }

    /// The path of its group below the manager's.
    pub fn path(&self) -> PathBuf {
        if self.is_slice() {
            // The name of a slice says where it is.
            return expand(&self.name).unwrap_or_else(|| self.slice_path.join(&self.name));
        }
        self.slice_path.join(&self.name)
    }
}

/// The path of a slice's group: `a-b.slice` is in `a.slice`; `-.slice` is the root of all.
fn expand(slice: &str) -> Option<PathBuf> {
    let stem = slice.strip_suffix(".slice")?;
    if stem == "-" {
        return Some(PathBuf::new());
    }
    if !is_unit_name(slice) || stem.split('-').any(str::is_empty) {
        return None;
    }
    let mut path = PathBuf::new();
    for (at, _) in stem.match_indices('-') {
        path.push(format!("{}.slice", stem.get(..at)?));
    }
    path.push(slice);
    Some(path)
}

/// systemd.unit(5): at most 255 of letters, digits and a few more.
fn is_unit_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":-_.\\@".contains(&byte);
    (1..=255).contains(&name.len()) && name.bytes().all(fits) && !name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::Unit;
    use std::path::Path;

    #[test]
    fn a_path_names_a_unit_and_its_group() {
        let cases = [
            (None, "casemate-id.scope", "system.slice/casemate-id.scope"),
            (
                Some("a-b.slice:docker:1"),
                "docker-1.scope",
                "a.slice/a-b.slice/docker-1.scope",
            ),
            (Some(":cri:1"), "cri-1.scope", "system.slice/cri-1.scope"),
            (Some("-.slice::x"), "x.scope", "x.scope"),
            (Some("a.slice::a-b.slice"), "a-b.slice", "a.slice/a-b.slice"),
        ];
        for (path, name, group) in cases {
            let unit = Unit::of("id", path, "system.slice").unwrap();
            assert_eq!(unit.name, name, "{path:?}");
            assert_eq!(unit.path(), Path::new(group), "{path:?}");
        }
        for path in [
            "x",
            "/a/b",
            "a:b",
            "a:b:c",
            "a--b.slice:p:n",
            "-a.slice:p:n",
            ".slice:p:n",
            "a.slice:p:../n",
            "a/b.slice:p:n",
            "a.slice:p:n:o",
        ] {
            assert!(
                Unit::of("id", Some(path), "system.slice").is_err(),
                "{path}"
            );
        }
    }
}
