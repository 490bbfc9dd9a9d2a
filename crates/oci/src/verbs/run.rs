//! `run`: creates a container, starts it, waits for its end, and removes it, all in one process.

use super::create;
use crate::cli::Call;
use crate::failure::Failure;
use crate::plan::Purpose;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let purpose = match (call.has("detach"), call.has("keep")) {
        (true, _) => Purpose::RunDetached,
        (false, true) => Purpose::RunAndKeep,
        (false, false) => Purpose::Run,
    };
    create::launch(call, purpose)
}
