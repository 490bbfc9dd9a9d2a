//! The program's terminal, seen from outside: bytes and window sizes are passed on.

use crate::channel;
use casemate_sys::event::{Poll, PollFd, ppoll};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::terminal::{self, Termios, When};
use casemate_sys::{Errno, Fd, FdRef, STDERR, STDIN, STDOUT, process};
use core::time::Duration;

/// How long the last output waits for a terminal that takes none.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes on their way in one direction.
struct Buffer {
    bytes: [u8; 4096],
    start: usize,
    end: usize,
}

impl Buffer {
    const fn new() -> Self {
        Self {
            bytes: [0; 4096],
            start: 0,
            end: 0,
        }
    }

    fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Reads when empty. Returns whether the source is still open.
    fn fill(&mut self, from: FdRef<'_>) -> Flow {
        if !self.is_empty() {
            return Flow::Open;
        }
        match file::read(from, &mut self.bytes) {
            Ok(0) => Flow::Ended,
            Ok(count) => {
                (self.start, self.end) = (0, count);
                Flow::Open
            }
            Err(Errno::EAGAIN | Errno::EINTR) => Flow::Open,
            // EIO: the other side of a terminal is closed.
            Err(_) => Flow::Ended,
        }
    }

    fn drain(&mut self, to: FdRef<'_>) {
        match file::write(to, self.bytes.get(self.start..self.end).unwrap_or(&[])) {
            Ok(count) => self.start += count,
            Err(Errno::EAGAIN | Errno::EINTR) => {}
            // Nobody takes it any more.
            Err(_) => self.start = self.end,
        }
    }
}

/// Whether more can come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Open,
    Ended,
}

/// Where the launcher stands at the caller's terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// What is typed is for the program.
    Foreground,
    /// What is typed is for others; reading would fail.
    Background,
}

/// The launcher's side of the program's terminal.
pub(crate) struct Bridge {
    master: Fd,
    outer_in: Option<FdRef<'static>>,
    outer_out: FdRef<'static>,
    saved: Option<Termios>,
    place: Place,
    input: Buffer,
    output: Buffer,
    ended: Flow,
}

impl Bridge {
    /// Connects the program's terminal with the caller's.
    pub(crate) fn new(master: Fd, streams: u8) -> Result<Self, Errno> {
        let on = |stream: u8| streams & (1 << stream) != 0;
        let outer_in = on(0).then_some(STDIN);
        let outer_out = if on(1) {
            STDOUT
        } else if on(2) {
            STDERR
        } else {
            STDIN
        };
        let flags = file::status_flags(master.as_fd())?;
        file::set_status_flags(master.as_fd(), flags | OpenFlags::NONBLOCK)?;
        let mut bridge = Self {
            master,
            outer_in,
            outer_out,
            saved: None,
            place: Place::Background,
            input: Buffer::new(),
            output: Buffer::new(),
            ended: Flow::Open,
        };
        bridge.resume();
        Ok(bridge)
    }

    /// Looks whether the launcher is in the foreground now: a shell does not say so to a job that was running.
    pub(crate) fn look(&mut self) {
        let Some(outer) = self.outer_in else { return };
        let ours = process::getpgid(None);
        let in_front = terminal::foreground(outer).is_ok_and(|group| Ok(group) == ours);
        self.place = if in_front {
            Place::Foreground
        } else {
            Place::Background
        };
        if in_front {
            self.make_raw(outer);
        }
    }

    /// Tells whether [`Bridge::look`] is to be called again after a while.
    pub(crate) fn is_in_background(&self) -> bool {
        self.outer_in.is_some() && self.place == Place::Background
    }

    /// Passes every key on as it is typed: the program's terminal makes signals of them.
    fn make_raw(&mut self, outer: FdRef<'_>) {
        if self.saved.is_none()
            && let Ok(settings) = terminal::settings(outer)
            && terminal::set_settings(outer, When::Drain, &settings.raw()).is_ok()
        {
            self.saved = Some(settings);
        }
    }

    /// Gives the program's terminal the size of the caller's.
    pub(crate) fn copy_size(&self) {
        if let Ok(size) = terminal::window_size(self.outer_out) {
            match terminal::set_window_size(self.master.as_fd(), size) {
                Ok(()) | Err(_) => {}
            }
        }
    }

    /// Returns what to wait for: the caller's input, the program's terminal, the caller's output.
    pub(crate) fn polls(&self) -> [PollFd<'_>; 3] {
        let mut polls = [PollFd::unused(), PollFd::unused(), PollFd::unused()];
        if self.ended == Flow::Ended {
            return polls;
        }
        if let Some(outer) = self.outer_in
            && self.input.is_empty()
            && self.place == Place::Foreground
        {
            polls[0] = PollFd::new(outer, Poll::IN);
        }
        let mut wanted = Poll::empty();
        if self.output.is_empty() {
            wanted |= Poll::IN;
        } else {
            polls[2] = PollFd::new(self.outer_out, Poll::OUT);
        }
        if !self.input.is_empty() {
            wanted |= Poll::OUT;
        }
        polls[1] = PollFd::new(self.master.as_fd(), wanted);
        polls
    }

    /// Moves bytes, where [`Bridge::polls`] has found something.
    pub(crate) fn pass(&mut self, happened: [Poll; 3]) {
        let [from_caller, at_master, to_caller] = happened;
        if !from_caller.is_empty()
            && let Some(outer) = self.outer_in
        {
            self.look();
            if self.place == Place::Foreground && self.input.fill(outer) == Flow::Ended {
                self.outer_in = None;
            }
        }
        if at_master.contains(Poll::OUT) {
            self.input.drain(self.master.as_fd());
        }
        if !to_caller.is_empty() {
            self.output.drain(self.outer_out);
        }
        let readable = at_master.contains(Poll::IN)
            || at_master.contains(Poll::HUP)
            || at_master.contains(Poll::ERR);
        if readable && self.output.is_empty() {
            self.ended = self.output.fill(self.master.as_fd());
        }
    }

    /// Passes on what the program has written last, and puts the caller's terminal back as it was.
    pub(crate) fn close(&mut self) {
        loop {
            while !self.output.is_empty() {
                let mut poll = [PollFd::new(self.outer_out, Poll::OUT)];
                // A terminal that is stopped, or that nobody reads, holds up the end for a while and not for ever.
                if !matches!(ppoll(&mut poll, Some(PATIENCE), None), Ok(1..)) {
                    self.restore();
                    return;
                }
                self.output.drain(self.outer_out);
            }
            if self.output.fill(self.master.as_fd()) == Flow::Ended || self.output.is_empty() {
                break;
            }
        }
        self.restore();
    }

    /// Puts the caller's terminal back as it was.
    pub(crate) fn restore(&mut self) {
        if let (Some(saved), Some(outer)) = (self.saved.take(), Some(STDIN)) {
            match terminal::set_settings(outer, When::Drain, &saved) {
                Ok(()) | Err(_) => {}
            }
        }
    }

    /// Takes the terminal again after a stop.
    pub(crate) fn resume(&mut self) {
        self.copy_size();
        self.look();
    }
}

/// Receives the master from init.
pub(crate) fn receive(said: channel::Said, fd: Option<Fd>, streams: u8) -> Option<Bridge> {
    if said != channel::Said::Terminal {
        return None;
    }
    fd.and_then(|master| Bridge::new(master, streams).ok())
}
