//! Standard output, which is for data.

use crate::failure::Failure;
use std::io::{self, Write};

/// Writes a text to standard output.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Failure::Output)
}
