//! Standard output, which is for data.

use crate::failure::Failure;
use std::io::{self, Write};

/// Writes a text to standard output.
pub fn say(text: &str) -> Result<(), Failure> {
    send(text.as_bytes())
}

/// Writes bytes to standard output.
pub fn send(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(Failure::Output)
}
