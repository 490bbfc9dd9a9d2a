//! `state`: prints a container's state.

use crate::cli::{Call, print};
use crate::failure::Failure;
use crate::json::spread;
use crate::state::Container;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let container = Container::look(&call.globals.states(), id)?;
    print(&(spread(&container.describe()) + "\n"))?;
    Ok(0)
}
