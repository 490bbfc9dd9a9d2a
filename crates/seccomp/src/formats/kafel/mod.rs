//! Kafel policies, as nsjail has them. Read only: nobody needs more of them.
//!
//! - Read for the machine's own architecture, which is Kafel's default target. Others kill the thread; x32 numbers are
//!   numbers like any other to Kafel and get the default, which is to kill the thread unless `DEFAULT` says else.
//! - The first rule that holds decides; `USE` puts in the rules of a policy that was defined before.
//! - Arguments go by their kernel names and have the kernel's width, unsigned; those that the policy declares itself
//!   are whole registers.
//! - A comparison is of one argument, under masks, with a number: `(prot & 4) == 0`. Kafel can also compare two
//!   arguments, and order the bits under a mask, which no rule of Casemate's says: an error.
//! - `#include` works between statements.
//! - Unknown calls are an error, as they are for Kafel; `ON` says what is for other architectures.

mod expression;
mod lexer;
mod read;

use super::{Format, Unknown};

/// The format.
pub const FORMAT: Format = Format {
    name: "kafel",
    holds: "Kafel policy (nsjail)",
    detect,
    read: read::read,
    write: None,
    unknown: Unknown::Refuse,
};

fn detect(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .take(2000)
        .any(|word| {
            matches!(
                word,
                "POLICY" | "DEFAULT" | "ALLOW" | "DENY" | "ERRNO" | "USE"
            )
        })
        && text.contains('{')
}
