//! Running a command to its end, or to the end of its time.

use super::Json;
use casemate_sys::event::{Poll, PollFd, ppoll};
use casemate_sys::pidfd::pidfd_open;
use casemate_sys::process::{Pid, Target, kill};
use casemate_sys::signal::Signal;
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What a run came to.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; 1000 and the number of a signal that ended it.
    pub code: i32,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

impl Ended {
    /// Reads its output, as JSON, of a run that went well.
    #[track_caller]
    pub fn json(&self) -> Json {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{self:?}");
        Json::parse(&self.out)
    }
}

/// Runs a command to its end, which has to come within half a minute.
#[track_caller]
pub fn finish(command: &mut Command) -> Ended {
    finish_within(command, Duration::from_secs(30))
}

/// Runs a command to its end, which has to come in time.
#[track_caller]
pub fn finish_within(command: &mut Command, time: Duration) -> Ended {
    let ended = finish_or_kill(command, time);
    ended.unwrap_or_else(|| panic!("no end within {time:?}: {command:?}"))
}

/// Runs a command to its end. When that does not come in time, the command and its group are killed.
pub fn finish_or_kill(command: &mut Command, time: Duration) -> Option<Ended> {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let mut child = command.spawn().unwrap();
    let (out, err) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let code = wait(&mut child, time)?;
    let [out, err] = [out, err].map(|text| text.join().unwrap());
    Some(Ended { code, out, err })
}

/// Waits for the end of a child that leads its own group; ends the group when the time is over.
pub fn wait(child: &mut Child, time: Duration) -> Option<i32> {
    let pid = Pid::new(child.id().cast_signed()).unwrap();
    let pidfd = pidfd_open(pid).unwrap();
    let mut polls = [PollFd::new(pidfd.as_fd(), Poll::IN)];
    let in_time = ppoll(&mut polls, Some(time), None).unwrap() != 0;
    if !in_time {
        kill(Target::Group(pid), Some(Signal::KILL)).unwrap();
    }
    let status = child.wait().unwrap();
    let code = status
        .code()
        .unwrap_or_else(|| 1000 + status.signal().unwrap());
    in_time.then_some(code)
}

fn collect(stream: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            stream.read_to_end(&mut bytes).unwrap();
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
