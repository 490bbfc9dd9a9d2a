//! The terminal of a process.

use super::{facet, path_text, slot};
use crate::failure::Failure;
use casemate_enforce::plan::Steps;
use casemate_enforce::step::{NO_SLOT, Slot, Step};
use casemate_formats::oci::schema::Process;
use std::path::Path;

/// Who gets the master of a terminal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Master {
    /// There is no terminal.
    Nobody,
    /// Whoever listens at a socket, which is connected.
    Socket(Slot),
    /// The launcher, which passes on what is typed and written.
    Launcher,
}

impl Master {
    /// Finds out who, and connects to the socket.
    ///
    /// # Errors
    /// There is a socket and no terminal, or the other way round when nobody stays.
    pub fn of(
        steps: &mut Steps,
        process: &Process,
        socket: Option<&Path>,
        attended: bool,
    ) -> Result<Self, Failure> {
        match (process.terminal, socket) {
            (false, None) => Ok(Self::Nobody),
            (false, Some(_)) => Err(Failure::new(
                "there is a console socket, and process.terminal is not set",
            )),
            (true, Some(path)) => {
                let slot = connect(steps, facet::DEVICES, path)?;
                Ok(Self::Socket(slot))
            }
            (true, None) if attended => Ok(Self::Launcher),
            (true, None) => Err(Failure::new(
                "process.terminal is set: cannot allocate tty if runc will detach without setting console socket",
            )),
        }
    }

    /// Which streams the launcher's bridge passes on, by bit.
    pub fn bridged(&self) -> u8 {
        match self {
            Self::Launcher => 0b111,
            Self::Nobody | Self::Socket(_) => 0,
        }
    }

    /// Which streams become the terminal, by bit.
    pub fn streams(&self) -> u8 {
        match self {
            Self::Nobody => 0,
            Self::Socket(_) | Self::Launcher => 0b111,
        }
    }

    /// Adds the steps that open it. `terminals` is the container's file system of terminals, `devices` its /dev.
    pub fn open(
        &self,
        steps: &mut Steps,
        process: &Process,
        terminals: Option<Slot>,
        devices: Option<Slot>,
    ) {
        let socket = match self {
            Self::Nobody => return,
            Self::Socket(socket) => *socket,
            Self::Launcher => NO_SLOT,
        };
        let size = process.console_size.as_ref();
        let cells = |count: u64| u16::try_from(count).unwrap_or(u16::MAX);
        steps.inside(
            facet::DEVICES,
            Step::OpenConsole {
                terminals: terminals.unwrap_or(NO_SLOT),
                socket,
                rows: size.map_or(0, |size| cells(size.height)),
                columns: size.map_or(0, |size| cells(size.width)),
                devices: devices.unwrap_or(NO_SLOT),
                uid: process.user.uid,
            },
        );
    }
}

/// Adds the step that connects to a socket. Paths of sockets are short, so the directory is opened first.
pub fn connect(steps: &mut Steps, facet: &'static str, path: &Path) -> Result<Slot, Failure> {
    let path = crate::cli::absolute(path)?;
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(Failure::new(format!("{} is no socket", path.display())));
    };
    let slot = slot(steps)?;
    steps.outside(
        facet,
        Step::Connect {
            directory: path_text(directory)?,
            name: path_text(Path::new(name))?,
            slot,
        },
    );
    Ok(slot)
}
