//! Options of a mount, in the words of the specification (config.md, "Linux mount options").

use crate::failure::Failure;
use casemate_enforce::step::Change;

/// `MOUNT_ATTR_*`, linux/mount.h.
pub mod attribute {
    /// Read-only.
    pub const RDONLY: u64 = 0x1;
    /// No set-user-id programs.
    pub const NOSUID: u64 = 0x2;
    /// No devices.
    pub const NODEV: u64 = 0x4;
    /// No programs.
    pub const NOEXEC: u64 = 0x8;
    /// No access times.
    pub const NOATIME: u64 = 0x10;
    /// Access times at every access.
    pub const STRICTATIME: u64 = 0x20;
    /// The mask of the two above: both clear are relative ones.
    pub const ATIME: u64 = 0x70;
    /// No access times of directories.
    pub const NODIRATIME: u64 = 0x80;
    /// Symbolic links are not followed; since 5.14.
    pub const NOSYMFOLLOW: u64 = 0x20_0000;
}

/// `MS_*` of the propagation, linux/mount.h.
pub mod propagation {
    /// Cannot be copied.
    pub const UNBINDABLE: u64 = 1 << 17;
    /// Neither receives nor sends.
    pub const PRIVATE: u64 = 1 << 18;
    /// Receives.
    pub const SLAVE: u64 = 1 << 19;
    /// Receives and sends.
    pub const SHARED: u64 = 1 << 20;
}

/// Whether something is for one mount or for those below it, too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// The mount alone.
    Top,
    /// All mounts below, too.
    All,
}

/// What the options of a mount say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Attributes of the mount.
    pub top: Change,
    /// Attributes of the mount and of those below.
    pub all: Change,
    /// Flags of the file system itself, by the names that fsconfig(2) knows.
    pub flags: Vec<&'static str>,
    /// Changes of propagation, in order.
    pub propagation: Vec<(u64, Reach)>,
    /// `bind` and `rbind`.
    pub bind: Option<Reach>,
    /// `idmap` and `ridmap`.
    pub idmap: Option<Reach>,
    /// `tmpcopyup`.
    pub copy_up: bool,
    /// Everything else: the file system's own.
    pub data: Vec<String>,
}

const NONE: Change = Change {
    set: 0,
    clear: 0,
    propagation: 0,
};

/// Reads the options of a mount.
///
/// # Errors
/// An option that cannot be honoured.
pub fn read(options: &[String]) -> Result<Options, Failure> {
    let mut read = Options {
        top: NONE,
        all: NONE,
        flags: Vec::new(),
        propagation: Vec::new(),
        bind: None,
        idmap: None,
        copy_up: false,
        data: Vec::new(),
    };
    for option in options {
        let known = read.attribute(option)
            || read.propagation(option)
            || read.flag(option)
            || read.other(option);
        if option == "remount" {
            return Err(Failure::with_hint(
                "option remount: a container's mounts are all new",
                "list the mount once, with all of its options",
            ));
        }
        if !known {
            for part in option.split(',').filter(|part| !part.is_empty()) {
                read.data.push(part.to_owned());
            }
        }
    }
    Ok(read)
}

/// An attribute: its name, its bits, and the name that takes it away.
const ATTRIBUTES: [(&str, u64, &str); 5] = [
    ("ro", attribute::RDONLY, "rw"),
    ("nosuid", attribute::NOSUID, "suid"),
    ("nodev", attribute::NODEV, "dev"),
    ("noexec", attribute::NOEXEC, "exec"),
    ("nosymfollow", attribute::NOSYMFOLLOW, "symfollow"),
];

impl Options {
    /// The attributes that a new mount has.
    pub fn attributes(&self) -> u64 {
        (self.top.set & !self.all.clear) | self.all.set
    }

    fn attribute(&mut self, option: &str) -> bool {
        let (change, name) = match option.strip_prefix('r') {
            Some(rest) if !matches!(option, "ro" | "rw" | "relatime") => (&mut self.all, rest),
            _ => (&mut self.top, option),
        };
        for (on, bit, off) in ATTRIBUTES {
            if name == on {
                turn(change, bit, 0);
                return true;
            }
            if name == off {
                turn(change, 0, bit);
                return true;
            }
        }
        match name {
            "noatime" => turn(change, attribute::NOATIME, attribute::ATIME),
            "strictatime" => turn(change, attribute::STRICTATIME, attribute::ATIME),
            "relatime" => turn(change, 0, attribute::ATIME),
            "nodiratime" => turn(change, attribute::NODIRATIME, 0),
            "diratime" => turn(change, 0, attribute::NODIRATIME),
            // Without the one that is named, access times are relative ones: the kernel has no fourth kind.
            "atime" | "nostrictatime" => turn(change, 0, attribute::ATIME),
            // Takes away the kernel's default, which then applies again.
            "norelatime" => {}
            _ => return false,
        }
        true
    }

    fn propagation(&mut self, option: &str) -> bool {
        let (name, reach) = match option.strip_prefix('r') {
            Some(rest) => (rest, Reach::All),
            None => (option, Reach::Top),
        };
        let bits = match name {
            "private" => propagation::PRIVATE,
            "shared" => propagation::SHARED,
            "slave" => propagation::SLAVE,
            "unbindable" => propagation::UNBINDABLE,
            _ => return false,
        };
        self.propagation.push((bits, reach));
        true
    }

    /// Flags of the superblock, `common_set_sb_flag` and `common_clear_sb_flag` of the kernel's fs/fs_context.c.
    fn flag(&mut self, option: &str) -> bool {
        match option {
            "sync" => self.flags.push("sync"),
            "dirsync" => self.flags.push("dirsync"),
            "lazytime" => self.flags.push("lazytime"),
            "mand" => self.flags.push("mand"),
            "async" => self.flags.retain(|flag| *flag != "sync"),
            "nolazytime" => self.flags.retain(|flag| *flag != "lazytime"),
            "nomand" => self.flags.retain(|flag| *flag != "mand"),
            // The first three: words of mount(8) for what is so anyhow. The others are the file systems' own by now.
            "defaults" | "loud" | "silent" | "noiversion" => {}
            _ => return false,
        }
        true
    }

    fn other(&mut self, option: &str) -> bool {
        match option {
            "bind" => self.bind = Some(self.bind.unwrap_or(Reach::Top)),
            "rbind" => self.bind = Some(Reach::All),
            "idmap" => self.idmap = Some(Reach::Top),
            "ridmap" => self.idmap = Some(Reach::All),
            "tmpcopyup" => self.copy_up = true,
            _ => return false,
        }
        true
    }
}

/// The last word wins.
fn turn(change: &mut Change, set: u64, clear: u64) {
    change.set = (change.set & !clear & !set) | set;
    change.clear = (change.clear & !set) | clear;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(words: &str) -> Options {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        read(&words).unwrap()
    }

    #[test]
    fn the_last_word_wins() {
        let cases = [
            ("ro", 1, 0),
            ("ro rw", 0, 1),
            ("rw ro", 1, 0),
            ("noatime", 0x10, 0x60),
            ("noatime strictatime", 0x20, 0x50),
            ("strictatime relatime", 0, 0x70),
            ("nodiratime diratime", 0, 0x80),
            ("nosuid nodev noexec", 0xe, 0),
            ("suid dev exec symfollow", 0, 0x20_000e),
        ];
        for (words, set, clear) in cases {
            let read = options(words);
            assert_eq!(
                (read.top.set, read.top.clear & !set),
                (set, clear),
                "{words}"
            );
            assert_eq!(read.all, NONE, "{words}");
        }
    }

    #[test]
    fn recursive_words_reach_all() {
        let names = [
            "ro",
            "nosuid",
            "nodev",
            "noexec",
            "nosymfollow",
            "noatime",
            "strictatime",
            "relatime",
            "nodiratime",
            "diratime",
            "suid",
            "dev",
            "exec",
            "symfollow",
            "atime",
        ];
        for name in names {
            let (plain, recursive) = (options(name), options(&format!("r{name}")));
            assert_eq!(plain.top, recursive.all, "{name}");
            assert_eq!(recursive.top, NONE, "{name}");
            assert!(recursive.data.is_empty(), "{name}");
        }
        assert_eq!(options("rrw").all.clear, 1);
    }

    #[test]
    fn what_is_not_known_is_the_file_systems() {
        let read = options("rbind rprivate slave mode=0755,size=64k ridmap tmpcopyup sync");
        assert_eq!(read.data, ["mode=0755", "size=64k"]);
        assert_eq!(
            (read.bind, read.idmap),
            (Some(Reach::All), Some(Reach::All))
        );
        let expected = [
            (propagation::PRIVATE, Reach::All),
            (propagation::SLAVE, Reach::Top),
        ];
        assert_eq!(read.propagation, expected);
        assert_eq!((read.copy_up, read.flags), (true, vec!["sync"]));
    }

    #[test]
    fn remount_is_refused() {
        assert!(read(&["remount".to_owned()]).is_err());
    }
}
