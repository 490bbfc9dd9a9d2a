//! Mounts as /proc/PID/mountinfo lists them, proc_pid_mountinfo(5).

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// One mount.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mount {
    /// Its number.
    pub id: u32,
    /// The number of the mount that it stands on. Not in the list for the topmost one.
    pub parent: u32,
    /// Major and minor number of the file system's device.
    pub device: (u32, u32),
    /// Which part of the file system is mounted.
    pub root: PathBuf,
    /// Where it is mounted, seen from the reader's root.
    pub point: PathBuf,
    /// Options of this mount, such as `rw,nosuid`.
    pub options: String,
    /// How mounts below it pass, such as `shared:1 master:2`; empty when they do not.
    pub propagation: String,
    /// Type of the file system.
    pub kind: String,
    /// What is mounted, such as a device.
    pub source: OsString,
    /// Options of the file system.
    pub super_options: String,
}

impl Mount {
    /// Tells whether the mount itself has an option, such as `nosuid`.
    pub fn has_option(&self, option: &str) -> bool {
        self.options.split(',').any(|one| one == option)
    }
}

/// All mounts that a process sees, in the kernel's order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mounts(pub Vec<Mount>);

impl Mounts {
    /// Reads the file's text. Lines that do not have the documented form are left out.
    pub fn parse(text: &[u8]) -> Self {
        Self(
            text.split(|byte| *byte == b'\n')
                .filter_map(mount)
                .collect(),
        )
    }

    /// Returns the mount that a path leads into: the topmost one, should several stand on the same directory.
    pub fn holding(&self, path: &Path) -> Option<&Mount> {
        let mut current: Option<&Mount> = None;
        // Each step goes to a child, so there are no more steps than mounts, whatever a made-up list says.
        for _ in &self.0 {
            // The walk meets the shallowest mount first. Of two that claim the same place, the later one is found.
            let next = self
                .0
                .iter()
                .rev()
                .filter(|mount| self.stands_on(mount, current) && path.starts_with(&mount.point))
                .min_by_key(|mount| mount.point.components().count());
            match next {
                Some(mount) => current = Some(mount),
                None => break,
            }
        }
        current
    }

    /// Tells whether a mount can be reached at its mount point, that is, no other one covers it.
    pub fn is_visible(&self, mount: &Mount) -> bool {
        self.holding(&mount.point)
            .is_some_and(|top| top.id == mount.id)
    }

    fn stands_on(&self, mount: &Mount, below: Option<&Mount>) -> bool {
        match below {
            Some(below) => mount.parent == below.id && mount.id != below.id,
            // The topmost: what it stands on is out of the reader's sight (rootfs, or the outside of a chroot).
            None => mount.parent == mount.id || self.0.iter().all(|other| other.id != mount.parent),
        }
    }
}

fn mount(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|byte| *byte == b' ');
    let id = number(fields.next()?)?;
    let parent = number(fields.next()?)?;
    let device = std::str::from_utf8(fields.next()?).ok()?;
    let (major, minor) = device.split_once(':')?;
    let device = (major.parse().ok()?, minor.parse().ok()?);
    let root = unescape(fields.next()?).into();
    let point = unescape(fields.next()?).into();
    let options = text(fields.next()?);
    // Optional fields, in any number, end with a dash.
    let mut propagation = Vec::new();
    loop {
        match fields.next()? {
            b"-" => break,
            field => propagation.push(text(field)),
        }
    }
    let kind = text(fields.next()?);
    let source = unescape(fields.next()?);
    let super_options = text(fields.next().unwrap_or_default());
    Some(Mount {
        id,
        parent,
        device,
        root,
        point,
        options,
        propagation: propagation.join(" "),
        kind,
        source,
        super_options,
    })
}

fn number(field: &[u8]) -> Option<u32> {
    std::str::from_utf8(field).ok()?.parse().ok()
}

fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).into_owned()
}

/// Takes back the kernel's escapes: space, tab, newline, backslash and (since 5.18) `#` are a backslash and three octal
/// digits (`mangle` in fs/proc_namespace.c).
fn unescape(field: &[u8]) -> OsString {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&first, tail)) = rest.split_first() {
        let (byte, tail) = match (first, tail) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..]) => {
                ((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'), tail)
            }
            _ => (first, tail),
        };
        bytes.push(byte);
        rest = tail;
    }
    OsString::from_vec(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn escapes_are_taken_back_and_optional_fields_skipped() {
        let text: &[u8] = b"36 35 98:0 /mnt1 /mnt\\0402\\134x\\012y rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n\
            40 36 0:5 / /caf\xe9\\0 rw - tmpfs  rw\n\
            nonsense\n41 36 0:6 / /x rw shared:1\n42 x 0:6 / /x rw - a b c\n";
        let mounts = Mounts::parse(text).0;
        assert_eq!(mounts.len(), 2, "{mounts:?}");
        let first = &mounts[0];
        assert_eq!(
            (first.id, first.parent, first.kind.as_str()),
            (36, 35, "ext3")
        );
        assert_eq!(first.root, Path::new("/mnt1"));
        assert_eq!(first.point.as_os_str().as_bytes(), b"/mnt 2\\x\ny");
        assert_eq!(first.super_options, "rw,errors=continue");
        assert!(first.has_option("noatime") && !first.has_option("atime"));
        // An empty source, and a backslash that begins no escape.
        assert_eq!(
            mounts[1].point.as_os_str(),
            OsStr::from_bytes(b"/caf\xe9\\0")
        );
        assert_eq!(mounts[1].source, "");
        assert_eq!(mounts[1].super_options, "rw");
    }

    #[test]
    fn the_walk_finds_what_is_on_top() {
        // 5 covers 2 with all that stands on it; 6 is a new mount at the place of the covered 3; 8 lies on 7.
        let text = b"1 0 0:1 / / rw - ext4 a rw\n\
            2 1 0:2 / /sys rw - sysfs b rw\n\
            3 2 0:3 / /sys/fs/cgroup rw - tmpfs c rw\n\
            4 3 0:4 / /sys/fs/cgroup/unified rw - cgroup2 d rw\n\
            5 2 0:5 / /sys rw - sysfs e rw\n\
            6 5 0:6 / /sys/fs/cgroup rw - cgroup2 f rw\n\
            7 1 0:7 / /a rw - tmpfs g rw\n\
            8 7 0:8 / /a rw - tmpfs h rw\n";
        let mounts = Mounts::parse(text);
        let cases = [
            ("/", 1),
            ("/sysx", 1),
            ("/sys", 5),
            ("/sys/fs", 5),
            ("/sys/fs/cgroup/unified", 6),
            ("/a/b", 8),
        ];
        for (path, id) in cases {
            assert_eq!(
                mounts.holding(Path::new(path)).map(|mount| mount.id),
                Some(id),
                "{path}"
            );
        }
        let visible: Vec<u32> = mounts
            .0
            .iter()
            .filter(|mount| mounts.is_visible(mount))
            .map(|mount| mount.id)
            .collect();
        assert_eq!(visible, [1, 5, 6, 8]);
    }

    #[test]
    fn in_a_chroot_no_mount_stands_at_the_root() {
        let text = b"30 29 0:1 / /proc rw - proc p rw\n31 30 0:2 / /proc/sys ro - proc p rw\n";
        let mounts = Mounts::parse(text);
        assert_eq!(mounts.holding(Path::new("/")), None);
        assert_eq!(
            mounts
                .holding(Path::new("/proc/sys/kernel"))
                .map(|mount| mount.id),
            Some(31)
        );
    }

    #[test]
    fn a_list_that_no_kernel_makes_does_not_hold_us() {
        let text = b"1 2 0:1 / / rw - a b c\n2 1 0:1 / / rw - a b c\n3 3 0:1 / / rw - a b c\n4 3 0:1 / / rw - a b c\n3 4 0:1 / / rw - a b c\n";
        // Ends, whatever it finds.
        assert!(Mounts::parse(text).holding(Path::new("/x")).is_some());
    }
}
