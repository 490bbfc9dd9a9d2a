//! The seccomp lines of a Firejail profile.
//!
//! Read are `seccomp`, `seccomp LIST`, `seccomp.drop LIST`, `seccomp.keep LIST`, the same with `.32`,
//! `seccomp-error-action`, `seccomp.block-secondary`, `protocol`, `memory-deny-write-execute`,
//! `restrict-namespaces`, `allow-debuggers` and `ignore`; all other lines are passed over. A list has names, `@groups`,
//! `!name` (an exception), `$number`, `name:ERRNO` and `name:kill`.
//!
//! - Of several lists one counts: keep, else drop, else the plain one, which comes on top of `@default-nodebuggers`
//!   (`@default` with `allow-debuggers`). Of two lines of one kind the last one counts.
//! - Exceptions come first, then the rules in their order: the first one for a call counts.
//! - A keep list permits `@default-keep`, too, which Firejail itself needs.
//! - Calls of x32 get the error action. 32-bit x86 has its own lists (`.32`); where there is none, a plain `seccomp`
//!   brings Firejail's fixed list for it, and drop and keep lists leave all of it permitted.
//! - Arguments are compared in their lower half.
//! - What the post-exec filter does is read as if it were in force from the start.
//! - Names that the tables lack are left out with a note, as Firejail does; unknown groups are an error for both. The
//!   groups are those of Firejail 0.9.81.

mod filter;
mod groups;
mod read;
mod write;

use super::{Format, Unknown};

/// The format.
pub const FORMAT: Format = Format {
    name: "firejail",
    holds: "Firejail profile with seccomp lines",
    detect,
    read: read::read,
    write: Some(write::write),
    unknown: Unknown::LeaveOut,
};

fn detect(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| {
        let word = line.trim_ascii().split(u8::is_ascii_whitespace).next();
        let word = word.unwrap_or_default();
        let rest = word.strip_prefix(b"seccomp").unwrap_or(b"x");
        matches!(
            rest,
            b"" | b".drop" | b".keep" | b".32" | b".32.drop" | b".32.keep"
        ) || word == b"seccomp.block-secondary"
            || word == b"memory-deny-write-execute"
    })
}
