//! Kernel versions, as far as an interface's age needs them.

use std::fmt;
use std::str::FromStr;

/// A kernel release: `6.10`, `2.6.39`. Ordered by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KernelVersion {
    /// The first number.
    pub major: u8,
    /// The second number.
    pub minor: u8,
    /// The third number. Only before 3.0 does it mark a release with new interfaces; afterwards it counts fixes, and
    /// the tables leave it 0.
    pub patch: u8,
}

impl KernelVersion {
    /// The release `major.minor`.
    pub const fn new(major: u8, minor: u8) -> Self {
        Self {
            major,
            minor,
            patch: 0,
        }
    }

    /// The release `major.minor.patch`, for the 2.6 series.
    pub const fn with_patch(major: u8, minor: u8, patch: u8) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }
}

impl fmt::Display for KernelVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch != 0 {
            write!(f, ".{}", self.patch)?;
        }
        Ok(())
    }
}

/// A text that does not begin with a kernel version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelVersionError(String);

impl fmt::Display for KernelVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a kernel version: {:?}", self.0)
    }
}

impl std::error::Error for KernelVersionError {}

impl FromStr for KernelVersion {
    type Err = KernelVersionError;

    /// Reads `6.10`, `2.6.39` and the longer forms of `uname -r` such as `6.1.0-18-amd64`, whose tail is left out. A
    /// third number above 255, which stable kernels reach, is read as 255: it is a count of fixes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || KernelVersionError(text.chars().take(64).collect());
        let mut parts = text.trim().splitn(3, '.');
        let mut required = || {
            let part = parts.next().ok_or_else(error)?;
            let digits = leading_digits(part);
            if digits.is_empty() {
                return Err(error());
            }
            digits.parse::<u8>().map_err(|_| error())
        };
        let major = required()?;
        let minor = required()?;
        let patch = match parts.next().map(leading_digits) {
            None | Some("") => 0,
            Some(digits) => digits.parse::<u8>().unwrap_or(u8::MAX),
        };
        Ok(Self {
            major,
            minor,
            patch,
        })
    }
}

fn leading_digits(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_uname_prints_and_prints_what_people_write() {
        let cases = [
            ("6.10", KernelVersion::new(6, 10), "6.10"),
            ("2.6.39", KernelVersion::with_patch(2, 6, 39), "2.6.39"),
            ("6.1.0-18-amd64", KernelVersion::with_patch(6, 1, 0), "6.1"),
            ("6.18.44-x", KernelVersion::with_patch(6, 18, 44), "6.18.44"),
            ("7.0-rc1", KernelVersion::new(7, 0), "7.0"),
            ("4.9.337", KernelVersion::with_patch(4, 9, 255), "4.9.255"),
            ("5.15+\n", KernelVersion::new(5, 15), "5.15"),
        ];
        for (text, version, printed) in cases {
            assert_eq!(text.parse(), Ok(version), "{text}");
            assert_eq!(version.to_string(), printed, "{text}");
        }
        for text in ["", "6", "6.", ".1", "x.1", "6.x", "300.1", "-6.1"] {
            assert!(text.parse::<KernelVersion>().is_err(), "{text}");
        }
    }

    #[test]
    fn orders_by_age_and_not_by_text() {
        let old = KernelVersion::new(6, 9);
        assert!(old < KernelVersion::new(6, 10));
        assert!(KernelVersion::with_patch(2, 6, 39) < KernelVersion::new(3, 0));
    }
}
