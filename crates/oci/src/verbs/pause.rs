//! `pause` and `resume`: stop all processes of a container, and let them go on.

use crate::cgroup;
use crate::cli::Call;
use crate::failure::Failure;
use crate::state::{Container, Status};

/// Runs `pause`.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let container = Container::take(&call.globals.states(), id)?;
    match container.status {
        Status::Running | Status::Created => {}
        Status::Paused => return Err(Failure::new("container already paused")),
        Status::Creating | Status::Stopped => {
            return Err(Failure::new("container not running or created"));
        }
    }
    cgroup::freeze(&container.state.cgroup)?;
    Ok(0)
}

/// Runs `resume`.
pub fn resume(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let container = Container::take(&call.globals.states(), id)?;
    // A created one can be paused, too, and is shown as created.
    if !cgroup::is_frozen(&container.state.cgroup) {
        return Err(Failure::new("container not paused"));
    }
    cgroup::thaw(&container.state.cgroup)?;
    Ok(0)
}
