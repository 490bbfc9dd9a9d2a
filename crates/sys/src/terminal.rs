//! Terminals and pseudo-terminals, asm-generic/ioctls.h and termbits.h (the same on x86_64 and aarch64).

use crate::errno::Result;
use crate::fd::{Fd, FdRef, owned};
use crate::file::OpenFlags;

/// The settings of a terminal, the kernel's `struct termios` (not the larger one of C libraries).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Termios {
    /// Modes of input.
    pub input: u32,
    /// Modes of output.
    pub output: u32,
    /// Modes of the line.
    pub control: u32,
    /// Modes of the dialogue.
    pub local: u32,
    /// The line discipline.
    pub discipline: u8,
    /// The control characters.
    pub characters: [u8; 19],
}

impl Termios {
    /// These settings with every byte passed on as it is, as cfmakeraw(3) does.
    #[must_use]
    pub const fn raw(mut self) -> Self {
        // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
        self.input &= !(0o1 | 0o2 | 0o10 | 0o40 | 0o100 | 0o200 | 0o400 | 0o2000);
        // OPOST
        self.output &= !0o1;
        // ECHO ECHONL ICANON ISIG IEXTEN
        self.local &= !(0o10 | 0o100 | 0o2 | 0o1 | 0o100_000);
        // CSIZE PARENB, then CS8
        self.control = self.control & !(0o60 | 0o400) | 0o60;
        // A read returns at one byte (VMIN) and without a time (VTIME).
        self.characters[6] = 1;
        self.characters[5] = 0;
        self
    }
}

/// The size of a terminal, `struct winsize`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[repr(C)]
pub struct WindowSize {
    /// Lines.
    pub rows: u16,
    /// Characters in a line.
    pub columns: u16,
    /// Width in pixels; unused.
    pub width: u16,
    /// Height in pixels; unused.
    pub height: u16,
}

/// When new settings count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum When {
    /// At once.
    Now = 0x5402,
    /// When all output is sent.
    Drain = 0x5403,
    /// When all output is sent; what was typed is discarded.
    Flush = 0x5404,
}

/// Reads the settings.
///
/// `ioctl(fd, TCGETS, struct termios *)`, ioctl_tty(2).
///
/// # Errors
/// `ENOTTY` when it is no terminal.
pub fn settings(fd: FdRef<'_>) -> Result<Termios> {
    let mut out = Termios {
        input: 0,
        output: 0,
        control: 0,
        local: 0,
        discipline: 0,
        characters: [0; 19],
    };
    // SAFETY: TCGETS writes a `struct termios` of 36 bytes, exclusively borrowed.
    unsafe { call!(IOCTL; fd, 0x5401u32, &raw mut out) }?;
    Ok(out)
}

/// Sets the settings.
///
/// `ioctl(fd, TCSETS or TCSETSW or TCSETSF, const struct termios *)`, ioctl_tty(2).
///
/// # Errors
/// `ENOTTY`, `EIO` in an orphaned background group, `EINTR`.
pub fn set_settings(fd: FdRef<'_>, when: When, settings: &Termios) -> Result<()> {
    // SAFETY: the kernel reads a `struct termios` that is borrowed.
    unsafe { call!(IOCTL; fd, when as u32, core::ptr::from_ref(settings)) }.map(drop)
}

/// Whether a descriptor is a terminal.
pub fn is_terminal(fd: FdRef<'_>) -> bool {
    settings(fd).is_ok()
}

/// Reads the size.
///
/// `ioctl(fd, TIOCGWINSZ, struct winsize *)`, ioctl_tty(2).
///
/// # Errors
/// `ENOTTY`.
pub fn window_size(fd: FdRef<'_>) -> Result<WindowSize> {
    let mut size = WindowSize::default();
    // SAFETY: TIOCGWINSZ writes a `struct winsize`, exclusively borrowed.
    unsafe { call!(IOCTL; fd, 0x5413u32, &raw mut size) }?;
    Ok(size)
}

/// Sets the size; the foreground group gets SIGWINCH when it changes.
///
/// `ioctl(fd, TIOCSWINSZ, const struct winsize *)`, ioctl_tty(2).
///
/// # Errors
/// `ENOTTY`.
pub fn set_window_size(fd: FdRef<'_>, size: WindowSize) -> Result<()> {
    // SAFETY: TIOCSWINSZ reads a `struct winsize` that lives through the call.
    unsafe { call!(IOCTL; fd, 0x5414u32, &raw const size) }.map(drop)
}

/// Requests of which the argument is a number.
#[derive(Clone, Copy)]
#[repr(u32)]
enum Request {
    SetControlling = 0x540e,
    GiveUp = 0x5422,
    GetPeer = 0x5441,
}

fn request(fd: FdRef<'_>, request: Request, argument: u32) -> Result<usize> {
    // SAFETY: the requests of `Request` take a number or nothing, so no memory is concerned.
    unsafe { call!(IOCTL; fd, request as u32, argument) }
}

/// Makes a terminal the controlling one of the session that the caller leads.
///
/// `ioctl(fd, TIOCSCTTY, 0)`, ioctl_tty(2).
///
/// # Errors
/// `EPERM` when the caller leads no session or has a terminal, or the terminal belongs to another session.
pub fn set_controlling(fd: FdRef<'_>) -> Result<()> {
    request(fd, Request::SetControlling, 0).map(drop)
}

/// Gives up the controlling terminal; when the session's leader does, its foreground group gets SIGHUP.
///
/// `ioctl(fd, TIOCNOTTY)`, ioctl_tty(2).
///
/// # Errors
/// `ENOTTY` when it is not the controlling terminal.
pub fn give_up_controlling(fd: FdRef<'_>) -> Result<()> {
    request(fd, Request::GiveUp, 0).map(drop)
}

/// The number of a pseudo-terminal, the name of its end in devpts.
///
/// `ioctl(fd, TIOCGPTN, unsigned int *)`, ioctl_tty(2).
///
/// # Errors
/// `ENOTTY` when it is not the master end.
pub fn pty_number(master: FdRef<'_>) -> Result<u32> {
    let mut number = 0u32;
    // SAFETY: TIOCGPTN writes an unsigned int, exclusively borrowed.
    unsafe { call!(IOCTL; master, 0x8004_5430u32, &raw mut number) }?;
    Ok(number)
}

/// Lets the other end of a pseudo-terminal be opened.
///
/// `ioctl(fd, TIOCSPTLCK, const int *)`, ioctl_tty(2).
///
/// # Errors
/// `ENOTTY` when it is not the master end.
pub fn unlock_pty(master: FdRef<'_>) -> Result<()> {
    let lock = 0i32;
    // SAFETY: TIOCSPTLCK reads an int that lives through the call.
    unsafe { call!(IOCTL; master, 0x4004_5431u32, &raw const lock) }.map(drop)
}

/// Opens the other end of a pseudo-terminal without a path, so it can be from another mount namespace.
///
/// `ioctl(fd, TIOCGPTPEER, flags)`, ioctl_tty(2); since 4.13. Flags are those of open, such as `RDWR | NOCTTY | CLOEXEC`.
///
/// # Errors
/// `EIO` while it is locked, `ENOTTY` when it is not the master end.
pub fn open_pty_peer(master: FdRef<'_>, flags: OpenFlags) -> Result<Fd> {
    request(master, Request::GetPeer, flags.bits()).map(owned)
}

/// The foreground group of a terminal.
///
/// `ioctl(fd, TIOCGPGRP, pid_t *)`, ioctl_tty(2).
///
/// # Errors
/// `ENOTTY` when it is not the caller's controlling terminal.
pub fn foreground(fd: FdRef<'_>) -> Result<i32> {
    let mut group = 0i32;
    // SAFETY: TIOCGPGRP writes a pid_t, exclusively borrowed.
    unsafe { call!(IOCTL; fd, 0x540fu32, &raw mut group) }?;
    Ok(group)
}

/// Sets the foreground group of a terminal.
///
/// `ioctl(fd, TIOCSPGRP, const pid_t *)`, ioctl_tty(2). A background caller gets SIGTTOU unless it is blocked or ignored.
///
/// # Errors
/// `ENOTTY`, `EPERM` for a group of another session, `ESRCH`.
pub fn set_foreground(fd: FdRef<'_>, group: i32) -> Result<()> {
    // SAFETY: TIOCSPGRP reads a pid_t that lives through the call.
    unsafe { call!(IOCTL; fd, 0x5410u32, &raw const group) }.map(drop)
}
