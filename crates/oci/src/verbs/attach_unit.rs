//! `attach-unit`: what the launcher has done for `--systemd-cgroup` while a container is being made. Not for people.

use crate::cgroup::systemd;
use crate::cli::Call;
use crate::failure::{Attempt, Failure};
use crate::log::Level;
use crate::state::{CONFIG, Container, Status};
use casemate_formats::oci;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let pid: u32 = call
        .word(1, "the process id")?
        .parse()
        .attempt(|| "read the process id".to_owned())?;
    // The launcher, which waits for us, holds the lock.
    let container = Container::look(&call.globals.states(), id)?;
    if container.status != Status::Creating {
        return Err(Failure::new(format!("container {id} is not being created")));
    }
    let bytes = container.directory.config()?;
    let reading = oci::read(CONFIG, &bytes).map_err(|errors| Failure::new(errors.to_string()))?;
    let bus = call.text("bus")?;
    let record = &container.state.cgroup;
    let notes = systemd::attach(id, record, &reading.spec, pid, bus)?;
    for note in notes {
        call.globals.log.write(Level::Warning, &note);
    }
    Ok(0)
}
