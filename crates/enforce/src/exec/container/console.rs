//! The container's terminal. Its master and its own side come from one file system of terminals, and from one descriptor
//! of it: no path that the container can change is followed (CVE-2025-52565).

use crate::channel::{self, Said};
use crate::fault::{Fault, Obstacle};
use crate::init::{Init, caller_size};
use crate::step::{Borrowed, NO_SLOT, ROOT, Step};
use casemate_sys::file::{self, AtFlags, OpenFlags, Resolve};
use casemate_sys::mount::{self, MoveMount, Tree};
use casemate_sys::net::send_fds;
use casemate_sys::stat::{self, FileType, magic};
use casemate_sys::terminal::{self, WindowSize};
use casemate_sys::{CWD, Errno, Fd, FdRef};

/// Opens a terminal, and hands its master over.
pub(crate) fn open(init: &mut Init<'_>, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::OpenConsole {
        terminals,
        socket,
        rows,
        columns,
        devices,
        uid,
    } = step
    else {
        return Err(Fault::Plan);
    };
    let flags = OpenFlags::RDWR | OpenFlags::NOCTTY | OpenFlags::CLOEXEC;
    let master = if *terminals == NO_SLOT {
        multiplexer(init, flags)?
    } else {
        file::openat(init.slots.get(*terminals)?, c"ptmx", flags, 0)?
    };
    if stat::fstatfs(master.as_fd())?.magic != magic::DEVPTS {
        return Err(Fault::Obstacle(Obstacle::OtherFile));
    }
    terminal::unlock_pty(master.as_fd())?;
    let size = match (*rows, *columns) {
        (0, 0) => caller_size(init.job.terminal_streams),
        (rows, columns) => Some(WindowSize {
            rows,
            columns,
            ..WindowSize::default()
        }),
    };
    if let Some(size) = size {
        terminal::set_window_size(master.as_fd(), size)?;
    }
    let peer = terminal::open_pty_peer(master.as_fd(), flags)?;
    file::fchown(peer.as_fd(), Some(*uid), None)?;
    if *devices != NO_SLOT {
        attach(peer.as_fd(), init.slots.get(*devices)?)?;
    }
    if *socket == NO_SLOT {
        channel::say(init.channel.as_fd(), Said::Terminal, Some(master.as_fd()))?;
    } else {
        send_fds(init.slots.get(*socket)?, b"/dev/ptmx", &[master.as_fd()])?;
    }
    init.terminal = Some(peer);
    Ok(())
}

/// Mounts the terminal at `console`; a link of that name is not followed.
fn attach(peer: FdRef<'_>, devices: FdRef<'_>) -> Result<(), Fault> {
    let nothing = file::Device { major: 0, minor: 0 };
    let mode = FileType::Regular.bits() | 0o600;
    match file::mknodat(devices, c"console", mode, nothing) {
        Ok(()) | Err(Errno::EEXIST) => {}
        Err(errno) => return Err(errno.into()),
    }
    let copy = mount::open_tree(peer, c"", Tree::Clone, AtFlags::EMPTY_PATH)?;
    Ok(mount::move_mount(
        (copy.as_fd(), c""),
        (devices, c"console"),
        MoveMount::F_EMPTY_PATH,
    )?)
}

/// Opens the multiplexer at /dev/pts, of the new root or, when that is entered, of the root.
fn multiplexer(init: &Init<'_>, flags: OpenFlags) -> Result<Fd, Fault> {
    let how = Resolve::IN_ROOT | Resolve::NO_MAGICLINKS;
    let root;
    let base = match init.slots.get(ROOT) {
        Ok(root) => root,
        Err(_) => {
            let directory = OpenFlags::PATH | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC;
            root = file::openat(CWD, c"/", directory, 0)?;
            root.as_fd()
        }
    };
    Ok(file::openat2(base, c"dev/pts/ptmx", flags, 0, how)?)
}

/// Gives the standard streams that are pipes or sockets to the user, so that the program can open them again by their
/// names in /dev. Files and devices are somebody else's, too.
pub(crate) fn own_streams(uid: u32) {
    for number in 0..3 {
        let stream = FdRef::from_raw(number);
        let Ok(stat) = stat::fstat(stream) else {
            // The caller has closed it.
            continue;
        };
        let is_channel = matches!(stat.kind, Some(FileType::Fifo | FileType::Socket));
        if is_channel && stat.uid != uid {
            match file::fchown(stream, Some(uid), None) {
                // In a user namespace it may be of somebody who is not mapped.
                Ok(()) | Err(_) => {}
            }
        }
    }
}
