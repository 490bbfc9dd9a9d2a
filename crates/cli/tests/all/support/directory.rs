//! A directory of a test's own.

use std::fs;
use std::path::PathBuf;

/// A directory that is gone when the test ends.
pub struct Directory(pub PathBuf);

impl Directory {
    /// Makes it.
    pub fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("casemate-test-{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// Writes a file in it.
    pub fn file(&self, name: &str, contents: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, contents).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}
