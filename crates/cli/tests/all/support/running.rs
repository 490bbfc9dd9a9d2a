//! A program that runs until the test has done with it.

use super::wait;
use casemate_sys::process::{Pid, Target, kill};
use casemate_sys::signal::Signal;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

/// A program that has said that it is ready.
pub struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    /// Starts a command, and waits for the line `ready`.
    pub fn start(mut command: Command) -> Self {
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut running = Self { child, lines };
        assert_eq!(running.line(), "ready");
        running
    }

    /// Waits for a line; it is empty when the output has ended.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// The launcher's number.
    pub fn pid(&self) -> Pid {
        Pid::new(self.child.id().cast_signed()).unwrap()
    }

    /// Sends a signal to the launcher.
    pub fn signal(&self, name: &str) {
        let signal = Signal::all()
            .find(|signal| signal.name() == Some(name))
            .unwrap();
        kill(Target::Process(self.pid()), Some(signal)).unwrap();
    }

    /// Waits for the end.
    pub fn code(mut self) -> Option<i32> {
        wait(&mut self.child, PATIENCE)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}
