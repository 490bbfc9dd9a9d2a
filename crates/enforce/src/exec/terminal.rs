//! The program's terminal, seen from outside: bytes and window sizes are passed on.

use crate::channel;
use casemate_sys::event::{Poll, PollFd};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::terminal::{self, Termios, When};
use casemate_sys::{Errno, Fd, FdRef, STDERR, STDIN, STDOUT, process};

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

/// The launcher's side of the program's terminal.
pub(crate) struct Bridge {
    master: Fd,
    outer_in: Option<FdRef<'static>>,
    outer_out: FdRef<'static>,
    saved: Option<Termios>,
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
            input: Buffer::new(),
            output: Buffer::new(),
            ended: Flow::Open,
        };
        bridge.copy_size();
        bridge.make_raw();
        Ok(bridge)
    }

    /// Passes every key on as it is typed: the program's terminal makes signals of them. A launcher in the background
    /// leaves the terminal alone.
    fn make_raw(&mut self) {
        let Some(outer) = self.outer_in else { return };
        let ours = process::getpgid(None);
        if terminal::foreground(outer).is_ok_and(|group| Ok(group) == ours)
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
            && self.input.fill(outer) == Flow::Ended
        {
            self.outer_in = None;
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
        self.make_raw();
    }
}

/// Receives the master from init.
pub(crate) fn receive(said: channel::Said, fd: Option<Fd>, streams: u8) -> Option<Bridge> {
    if said != channel::Said::Terminal {
        return None;
    }
    fd.and_then(|master| Bridge::new(master, streams).ok())
}
