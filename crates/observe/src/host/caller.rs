//! Who calls.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// What /etc/passwd says of a user, passwd(5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) home: PathBuf,
}

/// Finds a user by number: the first entry counts, as in the C library. Names that are not text are no names.
pub(crate) fn entry(passwd: &[u8], uid: u32) -> Option<Entry> {
    passwd.split(|byte| *byte == b'\n').find_map(|line| {
        let fields: Vec<&[u8]> = line.split(|byte| *byte == b':').collect();
        let [name, _, number, _, _, home, ..] = fields.as_slice() else {
            return None;
        };
        let number: u32 = std::str::from_utf8(number).ok()?.parse().ok()?;
        let name = std::str::from_utf8(name).ok()?;
        (number == uid && !name.is_empty() && !name.starts_with(['#', '+', '-'])).then(|| Entry {
            name: name.to_owned(),
            home: PathBuf::from(OsString::from_vec(home.to_vec())),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_users_in_passwd() {
        let passwd = b"root:x:0:0:root:/root:/bin/bash\n+@nis:x:1000:0::/nis:\n# a:x:1000:1::/c:/x\nshort:x:1000\n\
            bad\xff:x:1000:1::/bad:/x\nann:x:1000:1000:Ann,,,:/home/ann:/bin/sh\nbob:x:1000:1::/b:/x\nx:x:-1:0::/:/\n";
        let user = |name: &str, home: &str| {
            Some(Entry {
                name: name.to_owned(),
                home: home.into(),
            })
        };
        let cases = [
            (0, user("root", "/root")),
            (1000, user("ann", "/home/ann")),
            (1001, None),
            (u32::MAX, None),
        ];
        for (uid, expected) in cases {
            assert_eq!(entry(passwd, uid), expected, "{uid}");
        }
    }
}
