//! Error numbers: name, number, meaning.
//!
//! Source: asm-generic/errno-base.h and asm-generic/errno.h (the same on every architecture here but MIPS, which has
//! its own asm/errno.h, and Power's `EDEADLOCK`). A filter that answers an error must use its own architecture's
//! number: `ENOSYS` is 38, and 89 on MIPS.

use std::fmt;

use super::arch::Arch;
use super::suggest::nearest;
use super::tables::errno_table::ERRNO;

/// One error.
#[derive(Debug, PartialEq, Eq)]
pub struct Errno {
    /// `EPERM`.
    pub name: &'static str,
    generic: u16,
    mips: u16,
    /// What it means, in the header's words.
    pub text: &'static str,
}

/// Writes a row of the table.
pub(super) const fn errno(
    name: &'static str,
    generic: u16,
    mips: u16,
    text: &'static str,
) -> Errno {
    Errno {
        name,
        generic,
        mips,
        text,
    }
}

/// The largest number that a filter may answer (linux/err.h, `MAX_ERRNO`); the kernel cuts larger ones down to it.
pub const MAX: u16 = 4095;

impl Errno {
    /// The number on an architecture.
    pub fn number(&self, arch: Arch) -> u16 {
        match arch {
            Arch::Mips64 | Arch::Mips64el => self.mips,
            Arch::Ppc64le if self.name == "EDEADLOCK" => 58,
            _ => self.generic,
        }
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Finds an error by its name, as the header spells it.
pub fn find(name: &str) -> Option<&'static Errno> {
    ERRNO.iter().find(|errno| errno.name == name)
}

/// Finds an error by its number on an architecture; of two names, the one that the kernel prints.
pub fn of(arch: Arch, number: u16) -> Option<&'static Errno> {
    ERRNO.iter().find(|errno| errno.number(arch) == number)
}

/// The number of a name.
pub fn number(arch: Arch, name: &str) -> Option<u16> {
    find(name).map(|errno| errno.number(arch))
}

/// The name of a number.
pub fn name(arch: Arch, number: u16) -> Option<&'static str> {
    of(arch, number).map(|errno| errno.name)
}

/// All errors, by number, aliases included.
pub fn all() -> impl ExactSizeIterator<Item = &'static Errno> {
    ERRNO.iter()
}

/// The known name nearest to one that is not known.
pub fn suggest(name: &str) -> Option<&'static str> {
    nearest(name, ERRNO.iter().map(|errno| errno.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_and_unique_names() {
        for (arch, name, expected) in [
            (Arch::X86_64, "EPERM", 1),
            (Arch::X86_64, "ENOSYS", 38),
            (Arch::Aarch64, "ENOSYS", 38),
            (Arch::Mips64el, "ENOSYS", 89),
            (Arch::X86_64, "EHWPOISON", 133),
            (Arch::X86_64, "EDEADLOCK", 35),
            (Arch::Ppc64le, "EDEADLOCK", 58),
        ] {
            assert_eq!(number(arch, name), Some(expected), "{arch} {name}");
        }
        for (index, errno) in ERRNO.iter().enumerate() {
            assert_eq!(find(errno.name).map(|e| e.generic), Some(errno.generic));
            assert!(ERRNO[..index].iter().all(|other| other.name != errno.name));
            for arch in Arch::ALL {
                let other = of(arch, errno.number(arch)).expect(errno.name);
                assert_eq!(other.number(arch), errno.number(arch));
            }
        }
        assert!(ERRNO.is_sorted_by_key(|errno| errno.generic));
        assert_eq!(name(Arch::X86_64, 11), Some("EAGAIN"));
        assert_eq!(name(Arch::X86_64, 0), None);
        assert_eq!(suggest("ENOSYSS"), Some("ENOSYS"));
    }

    #[test]
    fn numbers_agree_with_the_installed_headers() {
        let mut seen = 0;
        for path in [
            "/usr/include/asm-generic/errno-base.h",
            "/usr/include/asm-generic/errno.h",
        ] {
            let Ok(text) = std::fs::read_to_string(path) else {
                eprintln!("skipped: no {path}");
                continue;
            };
            for line in text.lines() {
                let mut words = line.split_whitespace();
                if words.next() != Some("#define") {
                    continue;
                }
                let (Some(name), Some(Ok(nr))) = (words.next(), words.next().map(str::parse))
                else {
                    continue;
                };
                assert_eq!(number(Arch::X86_64, name), Some(nr), "{name}");
                seen += 1;
            }
            assert!(seen > 30, "{path}: {seen}");
        }
    }
}
