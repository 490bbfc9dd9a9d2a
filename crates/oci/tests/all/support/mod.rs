//! What the tests share: this build's programs, and what the tests of `casemate` use too.

#[path = "../../../../cli/tests/all/support/ended.rs"]
mod ended;
#[path = "../../../../cli/tests/all/support/findings.rs"]
mod findings;
mod ground;
#[allow(dead_code, reason = "shared with the tests of casemate")]
#[path = "../../../../cli/tests/all/support/json.rs"]
mod json;
mod programs;
#[path = "../../../../cli/tests/all/support/pty.rs"]
mod pty;

pub use ended::{Ended, finish, finish_or_kill, finish_within};
pub use findings::{Findings, skip};
pub use ground::{Config, Ground, quoted};
pub use json::Json;
pub use programs::{built, eventually, find, is_root};
pub use pty::Pty;
