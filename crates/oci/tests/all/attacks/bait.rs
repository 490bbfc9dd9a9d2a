//! A ground with somebody else's directory beside it.

use crate::support::{Ground, is_root, skip};
use std::fs;

/// A ground with somebody else's directory beside it, which an attack wants to change.
pub struct Bait(Ground);

impl std::ops::Deref for Bait {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        &self.0
    }
}

impl Bait {
    pub fn new(name: &str) -> Self {
        let bait = Self(Ground::new(name));
        bait.restore();
        bait
    }

    /// Makes the victim's directory anew: one file in it.
    pub fn restore(&self) {
        let victim = self.path("victim");
        fs::remove_dir_all(&victim).unwrap_or_default();
        fs::create_dir(&victim).unwrap();
        fs::write(victim.join("file"), "secret").unwrap();
    }

    /// Whether the directory is not what it was.
    pub fn is_touched(&self) -> bool {
        let names: Vec<_> = fs::read_dir(self.path("victim"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names != ["file"] || fs::read(self.path("victim/file")).unwrap() != b"secret"
    }

    pub fn expect_nothing(&self, findings: &mut crate::support::Findings) {
        self.0.expect_nothing("afterwards", findings);
    }
}

/// Whether an attack can be made here.
pub fn is_able(test: &str) -> bool {
    if !is_root() {
        skip(test, "needs root");
    }
    is_root()
}
