//! What the tests share: an installation, its callers, runs that end in time, terminals, and a reader of JSON.

mod directory;
mod ended;
mod findings;
mod json;
mod place;
mod pty;
mod running;

pub use directory::Directory;
pub use ended::{Ended, finish, finish_or_kill, finish_within, wait};
pub use findings::{Findings, skip};
pub use json::Json;
pub use place::{Caller, Place, is_root, open_to_all};
pub use pty::Pty;
pub use running::Running;
