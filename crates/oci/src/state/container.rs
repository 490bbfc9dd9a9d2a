//! A container as the verbs find it.

use super::{Directory, Process, Root, State, Status};
use crate::cgroup;
use crate::failure::Failure;
use crate::json::Writer;

/// A container with what is known of it.
#[derive(Debug)]
pub struct Container {
    /// Its directory.
    pub directory: Directory,
    /// Its state.
    pub state: State,
    /// Its process, while that lives.
    pub process: Option<Process>,
    /// Where it is in its life.
    pub status: Status,
}

impl Container {
    /// Finds a container to look at it.
    ///
    /// # Errors
    /// There is none with that id.
    pub fn look(root: &Root, id: &str) -> Result<Self, Failure> {
        Self::of(root.look(id)?)
    }

    /// Finds a container to change it: others that want to must wait.
    ///
    /// # Errors
    /// There is none with that id.
    pub fn take(root: &Root, id: &str) -> Result<Self, Failure> {
        Self::of(root.take(id)?)
    }

    fn of(directory: Directory) -> Result<Self, Failure> {
        let Some(state) = directory.state()? else {
            return Err(Failure::with_hint(
                format!(
                    "container {} does not exist: its creation was cut short",
                    directory.id
                ),
                "`delete --force` removes what is left of it",
            ));
        };
        let process = Process::find(state.pid, state.start_time);
        let status = if state.pid == 0 {
            Status::Creating
        } else if process.is_none() {
            Status::Stopped
        } else if directory.waits() {
            Status::Created
        } else if cgroup::is_frozen(&state.cgroup) {
            Status::Paused
        } else {
            Status::Running
        };
        Ok(Self {
            directory,
            state,
            process,
            status,
        })
    }

    /// The process, which must live.
    ///
    /// # Errors
    /// It has ended; in words that engines look for.
    pub fn running(&self) -> Result<&Process, Failure> {
        self.process
            .as_ref()
            .ok_or_else(|| Failure::new("container not running"))
    }

    /// The state as the specification has it.
    pub fn describe(&self) -> String {
        describe(
            &self.state,
            self.status,
            self.process.as_ref().map(|process| process.pid),
        )
    }
}

/// A state as the specification has it: what `state` prints and hooks are given.
pub fn describe(state: &State, status: Status, pid: Option<i32>) -> String {
    let (before, after) = describe_around(state, status);
    format!("{before}{}{after}", pid.unwrap_or(0))
}

/// The same, up to the process id and after it.
pub fn describe_around(state: &State, status: Status) -> (String, String) {
    let mut writer = Writer::new();
    writer.open('{').key("ociVersion").text(&state.oci_version);
    writer.key("id").text(&state.id);
    writer.key("status").text(status.name());
    writer.key("pid");
    let before = writer.finish();
    let mut writer = Writer::new();
    writer.plain("").key("bundle").text(&state.bundle);
    writer.key("rootfs").text(&state.rootfs);
    writer.key("created").text(&state.created);
    writer.key("owner").text("");
    super::write_annotations(&mut writer, &state.annotations);
    writer.close('}');
    (before, writer.finish())
}
