//! A terminal with a person at it, played by the test.

use casemate_sys::event::{Poll, PollFd, ppoll};
use casemate_sys::file::{self, OpenFlags, openat};
use casemate_sys::terminal::{self, WindowSize};
use casemate_sys::{CWD, Errno, Fd};
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// How long anything at a terminal may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// The terminal, from the person's side.
pub struct Pty {
    master: Fd,
    path: String,
    seen: Vec<u8>,
    /// Up to where what was seen has been looked at.
    read: usize,
}

impl Pty {
    /// Makes a terminal of 80 columns and 24 rows.
    pub fn new() -> Self {
        let flags = OpenFlags::RDWR | OpenFlags::NOCTTY | OpenFlags::CLOEXEC;
        let master = openat(CWD, c"/dev/ptmx", flags, 0).unwrap();
        terminal::unlock_pty(master.as_fd()).unwrap();
        let path = format!("/dev/pts/{}", terminal::pty_number(master.as_fd()).unwrap());
        let pty = Self {
            master,
            path,
            seen: Vec::new(),
            read: 0,
        };
        pty.resize(80, 24);
        pty
    }

    /// Changes the size.
    pub fn resize(&self, columns: u16, rows: u16) {
        let size = WindowSize {
            columns,
            rows,
            ..WindowSize::default()
        };
        terminal::set_window_size(self.master.as_fd(), size).unwrap();
    }

    /// The end that programs have.
    pub fn peer(&self) -> File {
        const NOCTTY: i32 = 0o400; // asm-generic/fcntl.h
        let mut options = File::options();
        options.read(true).write(true).custom_flags(NOCTTY);
        options.open(&self.path).unwrap()
    }

    /// Starts a command as the leader of a session at this terminal. Streams that the caller has set stay as they are.
    pub fn spawn(&self, command: &Command, streams: [bool; 3]) -> Session {
        let mut session = Command::new("setsid");
        session.args(["--wait", "sh", "-c"]);
        // The shell takes the terminal by opening it as the leader of a session without one.
        session.arg("exec 9<>\"$0\" 9>&-; exec \"$@\"");
        session.arg(&self.path);
        session
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear();
        for (name, value) in command.get_envs() {
            session.env(name, value.unwrap());
        }
        if let Some(directory) = command.get_current_dir() {
            session.current_dir(directory);
        }
        let null = || {
            File::options()
                .read(true)
                .write(true)
                .open("/dev/null")
                .unwrap()
        };
        let [stdin, stdout, stderr] =
            streams.map(|is_terminal| if is_terminal { self.peer() } else { null() });
        Session(
            session
                .stdin(stdin)
                .stdout(stdout)
                .stderr(stderr)
                .spawn()
                .unwrap(),
        )
    }

    /// Types.
    pub fn write(&self, keys: &str) {
        file::write_all(self.master.as_fd(), keys.as_bytes()).unwrap();
    }

    /// Waits until a text is shown, after those that were waited for before. Returns all that was shown on the way.
    #[track_caller]
    pub fn expect(&mut self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let shown = String::from_utf8_lossy(&self.seen[self.read..]).into_owned();
            if let Some(at) = shown.find(text) {
                self.read += at + text.len();
                return shown[..at].to_owned();
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(self.fill(left), "{text:?} does not come after {shown:?}");
        }
    }

    /// Reads what is there, and returns whether something came.
    fn fill(&mut self, time: Duration) -> bool {
        let mut polls = [PollFd::new(self.master.as_fd(), Poll::IN)];
        if ppoll(&mut polls, Some(time), None).unwrap() == 0 {
            return false;
        }
        let mut buffer = [0; 4096];
        match file::read(self.master.as_fd(), &mut buffer) {
            Ok(count) => {
                self.seen.extend_from_slice(&buffer[..count]);
                count > 0
            }
            // Every program has closed it.
            Err(Errno::EIO) => false,
            Err(errno) => panic!("{errno}"),
        }
    }

    /// All that was shown until every program has closed the terminal.
    pub fn rest(&mut self) -> String {
        while self.fill(PATIENCE) {}
        String::from_utf8_lossy(&self.seen[self.read..]).into_owned()
    }
}

/// A session at a terminal. It is ended with the test.
pub struct Session(Child);

impl Session {
    /// Waits for the end.
    #[track_caller]
    pub fn code(mut self) -> i32 {
        let code = super::ended::wait(&mut self.0, PATIENCE);
        code.unwrap_or_else(|| panic!("the session does not end"))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            // The session's terminal goes with the test, too: SIGHUP ends what is left.
            self.0.kill().unwrap();
            assert!(self.0.wait().unwrap().signal().is_some());
        }
    }
}
