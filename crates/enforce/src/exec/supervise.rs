//! Waiting for the end: signals and the terminal are passed on, the program's end is told as it was.

use crate::channel::{self, Said};
use crate::fault::Fault;
use crate::outside::{Outside, end};
use crate::report::{self, End, How};
use crate::step::{Policy, Stage};
use crate::terminal::{self, Bridge};
use crate::{FAILED, message};
use casemate_sys::event::{Poll, PollFd, ppoll};
use casemate_sys::pidfd::pidfd_send_signal;
use casemate_sys::process::{self, Target};
use casemate_sys::signal::{self, SigSet, Signal, SignalfdFlags};
use casemate_sys::time::{self, Clock};
use casemate_sys::wait::{Event, Usage, WaitFlags, wait4};
use casemate_sys::{Errno, Fd, file};
use core::time::Duration;

/// How often a launcher in the background looks whether it is in the foreground now.
const BACKGROUND: Duration = Duration::from_millis(300);

/// What the launcher learns while it waits.
struct Watch {
    signals: Fd,
    channel: Channel,
    program: Option<Fd>,
    bridge: Option<Bridge>,
    deadline: Option<Duration>,
    outcome: Outcome,
}

/// Whether more can be heard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Channel {
    Open,
    Closed,
}

/// How it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Not told yet.
    Open,
    /// The program ended with a code.
    Exited(u8),
    /// A signal ended the program.
    Killed(u8),
    /// A step failed, which has been said; the code to end with.
    Failed(i32),
    /// The time was over.
    TimeOver,
    /// A signal came before the program was started.
    Interrupted(u8),
}

impl Outcome {
    /// Says it to the reporter.
    fn how(self, code: i32) -> (How, u8) {
        match self {
            Self::Open => (How::Lost, code as u8),
            Self::Exited(code) => (How::Exited, code),
            Self::Killed(signal) => (How::Killed, signal),
            Self::Failed(code) => (How::Failed, code as u8),
            Self::TimeOver => (How::TimeOver, Signal::KILL.raw() as u8),
            Self::Interrupted(signal) => (How::Interrupted, signal),
        }
    }
}

/// Waits for the end of init. Returns the exit code.
pub(crate) fn until_the_end(outside: &mut Outside<'_>) -> i32 {
    let (Some(init), Some(channel)) = (outside.init.take(), outside.channel.take()) else {
        outside.tidy();
        return FAILED;
    };
    let mut watch = match Watch::new(outside) {
        Ok(watch) => watch,
        Err(errno) => {
            message::failed(b"wait for the program", errno);
            outside.init = Some(init);
            outside.give_up();
            return FAILED;
        }
    };
    loop {
        match watch.turn(outside, &init, &channel) {
            Ok(Turn::Again) => {}
            Ok(Turn::InitEnded) => break,
            Err(errno) => {
                message::failed(b"wait for the program", errno);
                watch.outcome = Outcome::Failed(FAILED);
                end(&init);
                break;
            }
        }
    }
    let (ended, usage) = wait_for_init(&init).unzip();
    // What was said before the end is still in the channel.
    while let Ok(Some((said, fd))) = channel::hear(channel.as_fd()) {
        watch.heard(outside, said, fd);
    }
    if let Some(bridge) = &mut watch.bridge {
        bridge.close();
    }
    if let Some(reporter) = &outside.reporter {
        report::groups(reporter.as_fd(), outside.job);
    }
    outside.tidy();
    let code = watch.exit_code(ended);
    let (how, value) = watch.outcome.how(code);
    outside.end = End { how, value, usage };
    code
}

/// Waits until the end of a container's program, passing signals and the terminal on.
pub(crate) fn attend(
    outside: &Outside<'_>,
    init: &process::Child,
    bridge: Option<Bridge>,
) -> Result<(), Errno> {
    let mut watch = Watch::new(outside)?;
    watch.program = Some(file::dup_cloexec(init.pidfd.as_fd(), 3)?);
    watch.channel = Channel::Closed;
    watch.bridge = bridge;
    // Nothing is heard on it any more.
    let silent = file::dup_cloexec(init.pidfd.as_fd(), 3)?;
    while watch.turn(outside, init, &silent)? == Turn::Again {}
    if let Some(bridge) = &mut watch.bridge {
        bridge.close();
    }
    Ok(())
}

/// Waits until init has ended. Returns what ended it, and what it and the program have used.
fn wait_for_init(init: &process::Child) -> Option<(Event, Usage)> {
    loop {
        match wait4(Some(init.pid), WaitFlags::ALL) {
            Ok(ended) => return ended.map(|(waited, usage)| (waited.event, usage)),
            Err(Errno::EINTR) => {}
            Err(_) => return None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Again,
    InitEnded,
}

impl Watch {
    fn new(outside: &Outside<'_>) -> Result<Self, Errno> {
        let deadline = match outside.job.deadline {
            0 => None,
            milliseconds => {
                Some(time::now(Clock::Monotonic)? + Duration::from_millis(milliseconds))
            }
        };
        Ok(Self {
            signals: signal::signalfd(SigSet::ALL.without(Signal::CHLD), SignalfdFlags::CLOEXEC)?,
            channel: Channel::Open,
            program: None,
            bridge: None,
            deadline,
            outcome: Outcome::Open,
        })
    }

    fn turn(
        &mut self,
        outside: &Outside<'_>,
        init: &process::Child,
        channel: &Fd,
    ) -> Result<Turn, Errno> {
        let timeout = match self.deadline {
            None => None,
            Some(deadline) => Some(deadline.saturating_sub(time::now(Clock::Monotonic)?)),
        };
        let mut wait = timeout;
        if let Some(bridge) = self
            .bridge
            .as_mut()
            .filter(|bridge| bridge.is_in_background())
        {
            bridge.look();
            wait = Some(timeout.map_or(BACKGROUND, |timeout| timeout.min(BACKGROUND)));
        }
        let [caller, master, output] = self
            .bridge
            .as_ref()
            .map_or([PollFd::unused(); 3], Bridge::polls);
        let mut polls = [
            PollFd::new(init.pidfd.as_fd(), Poll::IN),
            match self.channel {
                Channel::Open => PollFd::new(channel.as_fd(), Poll::IN),
                // Init closes its files before it has waited for the last process inside.
                Channel::Closed => PollFd::unused(),
            },
            PollFd::new(self.signals.as_fd(), Poll::IN),
            caller,
            master,
            output,
        ];
        match ppoll(&mut polls, wait, None) {
            Err(Errno::EINTR) => return Ok(Turn::Again),
            Err(errno) => return Err(errno),
            Ok(0) if timeout == Some(Duration::ZERO) => {
                self.deadline = None;
                self.outcome = Outcome::TimeOver;
                kill(init, Signal::KILL);
                return Ok(Turn::Again);
            }
            Ok(_) => {}
        }
        let [ended, said, signals, caller, master, output] = polls.map(|poll| poll.happened);
        if let Some(bridge) = &mut self.bridge {
            bridge.pass([caller, master, output]);
        }
        if !signals.is_empty() {
            self.signal(init)?;
        }
        if !said.is_empty() {
            match channel::hear(channel.as_fd())? {
                Some((said, fd)) => self.heard(outside, said, fd),
                None => self.channel = Channel::Closed,
            }
        }
        Ok(if ended.is_empty() {
            Turn::Again
        } else {
            Turn::InitEnded
        })
    }

    fn heard(&mut self, outside: &Outside<'_>, said: Said, fd: Option<Fd>) {
        match said {
            Said::Failed(stage, index, fault) => {
                let Some(record) = outside.job.record(stage, index) else {
                    return;
                };
                if let Some(bridge) = &mut self.bridge {
                    bridge.restore();
                }
                message::step_failed(&record, fault);
                self.outcome = Outcome::Failed(message::exit_code(stage, &record.step, fault));
            }
            Said::Gap(stage, index, fault) => report_gap(outside, stage, index, fault),
            Said::Terminal => {
                self.bridge = terminal::receive(said, fd, outside.job.terminal_streams);
            }
            Said::Started => self.program = fd,
            Said::Exited(code) if self.outcome == Outcome::Open => {
                self.outcome = Outcome::Exited(code);
            }
            Said::Killed(signal) if self.outcome == Outcome::Open => {
                self.outcome = Outcome::Killed(signal);
            }
            Said::Exited(_) | Said::Killed(_) | Said::Reached | Said::Listener(_) => {}
        }
    }

    /// Passes a signal on to the program.
    fn signal(&mut self, init: &process::Child) -> Result<(), Errno> {
        let Some(signal) = signal::read_signal(self.signals.as_fd())?.signal() else {
            return Ok(());
        };
        match signal {
            Signal::WINCH if self.bridge.is_some() => {
                if let Some(bridge) = &self.bridge {
                    bridge.copy_size();
                }
                return Ok(());
            }
            Signal::CONT => {
                if let Some(bridge) = &mut self.bridge {
                    bridge.resume();
                }
            }
            // These are about the launcher's own reading and writing of the caller's terminal.
            Signal::TTIN | Signal::TTOU | Signal::PIPE => return Ok(()),
            _ => {}
        }
        let Some(program) = &self.program else {
            if matches!(
                signal,
                Signal::TERM | Signal::INT | Signal::HUP | Signal::QUIT
            ) {
                self.outcome = Outcome::Interrupted(signal.raw() as u8);
                kill(init, Signal::KILL);
            }
            return Ok(());
        };
        match pidfd_send_signal(program.as_fd(), Some(signal)) {
            // ESRCH: it has just ended.
            Ok(()) | Err(_) => {}
        }
        if signal == Signal::TSTP {
            self.stop()?;
        }
        Ok(())
    }

    /// Stops with the program, so that the caller's shell sees it, and goes on with it.
    fn stop(&mut self) -> Result<(), Errno> {
        if let Some(bridge) = &mut self.bridge {
            bridge.restore();
        }
        if let Some(own) = process::Pid::new(process::getpid()) {
            process::kill(Target::Process(own), Some(Signal::STOP))?;
        }
        if let Some(bridge) = &mut self.bridge {
            bridge.resume();
        }
        Ok(())
    }

    fn exit_code(&self, ended: Option<Event>) -> i32 {
        match self.outcome {
            Outcome::Exited(code) => i32::from(code),
            Outcome::Killed(signal) => {
                killed(b"the program was ended by", signal);
                128 + i32::from(signal)
            }
            Outcome::Failed(code) => code,
            Outcome::TimeOver => {
                message::line(&[b"casemate: the program was ended: its time was over"]);
                128 + Signal::KILL.raw() as i32
            }
            Outcome::Interrupted(signal) => 128 + i32::from(signal),
            Outcome::Open => {
                if let Some(Event::Killed(signal) | Event::Dumped(signal)) = ended {
                    killed(b"the compartment's init was ended by", signal.raw() as u8);
                    128 + signal.raw() as i32
                } else {
                    message::line(&[b"casemate: the compartment ended without a word"]);
                    FAILED
                }
            }
        }
    }
}

fn killed(what: &[u8], number: u8) {
    let signal = Signal::from_raw(u32::from(number));
    let mut digits = [0; 12];
    let name = signal.and_then(Signal::name).unwrap_or("").as_bytes();
    let number = crate::outside::decimal(i32::from(number), &mut digits);
    // Ending by the reader's end of a pipe, or by the caller's own wish, is nothing to speak of.
    if !matches!(signal, Some(Signal::PIPE | Signal::INT | Signal::TERM)) {
        message::line(&[b"casemate: ", what, b" signal ", number, b" (", name, b")"]);
    }
}

fn kill(child: &process::Child, signal: Signal) {
    match pidfd_send_signal(child.pidfd.as_fd(), Some(signal)) {
        // ESRCH: it has ended.
        Ok(()) | Err(_) => {}
    }
}

/// Says that a step of a best-effort facet failed, and tells the reporter.
pub(crate) fn report_gap(outside: &Outside<'_>, stage: Stage, index: u16, fault: Fault) {
    let Some(record) = outside.job.record(stage, index) else {
        return;
    };
    debug_assert!(
        record.policy == Policy::BestEffort,
        "only best-effort steps leave gaps"
    );
    message::step_failed(&record, fault);
    if let Some(reporter) = &outside.reporter {
        report::gap(reporter.as_fd(), stage, index, fault);
    }
}
