//! `delete`: removes all that is left of a container: processes, groups, the state, and runs the poststop hooks.

use crate::cgroup;
use crate::cli::Call;
use crate::failure::Failure;
use crate::hooks;
use crate::log::{Level, Log};
use crate::state::{Container, Directory, Process, Root, State, Status, describe};
use casemate_formats::oci;
use casemate_sys::signal::Signal;

/// How long the end of a killed process is waited for, in milliseconds.
const PATIENCE: u64 = 10_000;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let states = call.globals.states();
    let force = call.has("force");
    if force && !states.ids()?.iter().any(|known| known == id) {
        return Ok(0);
    }
    if force {
        kill_first(&states, id);
    }
    let directory = match states.take(id) {
        Ok(directory) => directory,
        // Another one was faster.
        Err(_) if force && !states.ids()?.iter().any(|known| known == id) => return Ok(0),
        Err(failure) => return Err(failure),
    };
    if !force {
        check_stopped(&directory)?;
    }
    remove(directory, &call.globals.log)?;
    Ok(0)
}

/// Kills before the lock is asked for: a `run` in the foreground holds it until its container has ended, and then removes
/// the container itself.
fn kill_first(states: &Root, id: &str) {
    let Ok(container) = Container::look(states, id) else {
        return;
    };
    let Ok(process) = container.running() else {
        return;
    };
    // What cannot be killed now is killed, or told of, under the lock.
    match process.signal(Some(Signal::KILL)) {
        Ok(()) | Err(_) => {}
    }
    if container.status == Status::Paused {
        match cgroup::thaw(&container.state.cgroup) {
            Ok(()) | Err(_) => {}
        }
    }
}

/// Without `--force` only what has stopped is deleted; and, as engines count on, what was never started.
fn check_stopped(directory: &Directory) -> Result<(), Failure> {
    let Some(state) = directory.state()? else {
        return Ok(());
    };
    let lives = Process::find(state.pid, state.start_time).is_some();
    if lives && !directory.waits() {
        let status = if cgroup::is_frozen(&state.cgroup) {
            Status::Paused
        } else {
            Status::Running
        };
        return Err(Failure::with_hint(
            format!(
                "cannot delete container {} that is not stopped: {}",
                directory.id,
                status.name()
            ),
            "`delete --force` kills it first",
        ));
    }
    Ok(())
}

/// Ends and removes a container, whatever is there of it.
pub fn remove(directory: Directory, log: &Log) -> Result<(), Failure> {
    // A state that cannot be read names nothing that could be removed.
    let state = match directory.state() {
        Ok(state) => state,
        Err(failure) => {
            log.write(Level::Warning, &failure.to_string());
            None
        }
    };
    let Some(state) = state else {
        return directory.remove();
    };
    end(&state)?;
    cgroup::remove(&state.cgroup)?;
    for path in &state.rdt {
        match std::fs::remove_dir(path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => log.write(Level::Warning, &format!("cannot remove {path}: {error}")),
        }
    }
    let hooks = state.poststop.then(|| poststop(&directory)).flatten();
    directory.remove()?;
    for hook in hooks.unwrap_or_default() {
        let text = describe(&state, Status::Stopped, None);
        if let Err(failure) = hooks::run(&hook, &text, &state.bundle) {
            log.write(Level::Warning, &format!("poststop hook: {failure}"));
        }
    }
    Ok(())
}

fn poststop(directory: &Directory) -> Option<Vec<oci::schema::Hook>> {
    let bytes = directory.config().ok()?;
    let reading = oci::read(crate::state::CONFIG, &bytes).ok()?;
    Some(reading.spec.hooks?.poststop)
}

/// Kills the process of a container, and whoever else is in its groups.
fn end(state: &State) -> Result<(), Failure> {
    if let Some(process) = Process::find(state.pid, state.start_time) {
        match process.signal(Some(Signal::KILL)) {
            // ESRCH: it has just ended.
            Ok(()) | Err(_) => {}
        }
        if cgroup::is_frozen(&state.cgroup) {
            cgroup::signal_all(&state.cgroup, Signal::KILL)?;
            cgroup::thaw(&state.cgroup)?;
        }
        if !process.wait(PATIENCE) {
            return Err(Failure::new(format!(
                "the process {} of container {} does not end",
                process.pid, state.id
            )));
        }
    }
    Ok(())
}
