//! Removes cgroups, also when the launcher is killed.
//!
//! The janitor is a process that waits for the end of a pipe whose other end only the launcher holds. Whoever of the two
//! is killed, the other one removes the groups. Only those that this launch has made: a group of the same name that was
//! there before is another's, as in two pid namespaces that share a hierarchy, and its processes are not ours to end.

use crate::job::Job;
use crate::outside::wait_for;
use crate::step::{Stage, Step};
use casemate_sys::file::{self, AtFlags, OpenFlags};
use casemate_sys::process::{
    self, Child, Clone, CloneFlags, Forked, Pid, Target, clone3, exit, kill,
};
use casemate_sys::signal::Signal;
use casemate_sys::{CWD, Errno, Fd, prctl, time};
use core::ffi::CStr;
use core::time::Duration;

/// The janitor as the launcher holds it.
pub(crate) struct Janitor {
    child: Child,
    lifeline: Fd,
}

/// Starts the janitor.
pub(crate) fn start(job: &Job<'_>) -> Result<Janitor, Errno> {
    let (wait, lifeline) = file::pipe2(OpenFlags::CLOEXEC)?;
    match clone3(&Clone::new(CloneFlags::empty()))? {
        Forked::Child => {
            drop(lifeline);
            let wait = crate::outside::keep_only(wait);
            keep_watch(job, &wait)
        }
        Forked::Parent(child) => Ok(Janitor { child, lifeline }),
    }
}

/// What the janitor is told, in the upper bits of a byte.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum News {
    /// It is there, and ours.
    Made = 0,
    /// It is about to be made: whoever is killed then leaves it, and nothing in it.
    Meant = 0x40,
    /// It could not be made: what is there is somebody else's.
    NotMade = 0x80,
}

impl Janitor {
    /// Says what became of a group of the plan.
    pub(crate) fn tell(&self, news: News, number: u8) -> Result<(), Errno> {
        file::write(self.lifeline.as_fd(), &[news as u8 | number]).map(|_| ())
    }

    /// Removes the groups, both at once: the janitor wakes up and ends meanwhile, instead of after.
    pub(crate) fn dismiss(self, job: &Job<'_>, made: u32) {
        drop(self.lifeline);
        remove_groups(job, made);
        wait_for(&self.child);
    }
}

fn keep_watch(job: &Job<'_>, wait: &Fd) -> ! {
    match prctl::set_name(c"casemate-janitor") {
        Ok(()) | Err(_) => {}
    }
    // A signal to the launcher's whole group, SIGKILL too, must leave the janitor.
    match process::setsid() {
        Ok(_) | Err(_) => {}
    }
    // All signals are blocked, so this ends only with the launcher.
    let (mut made, mut meant, mut news) = (0, 0, [0]);
    loop {
        match file::read(wait.as_fd(), &mut news) {
            Ok(0) => break,
            Ok(_) => {
                let group = bit(news[0] & 0x3f);
                match news[0] & 0xc0 {
                    0x40 => meant |= group,
                    0x80 => meant &= !group,
                    _ => made |= group,
                }
            }
            Err(Errno::EINTR) => {}
            Err(_) => exit(crate::FAILED),
        }
    }
    remove_groups(job, made);
    for path in groups_of(job, meant & !made) {
        match file::unlinkat(CWD, path, AtFlags::REMOVEDIR) {
            // Mostly it was never made.
            Ok(()) | Err(_) => {}
        }
    }
    exit(0)
}

/// The bit of a group in a set of them; none past the 32nd, and a plan has one a controller.
pub(crate) fn bit(number: u8) -> u32 {
    1u32.checked_shl(u32::from(number)).unwrap_or(0)
}

/// Removes groups of a plan. What still runs in them is ended: it is of this launch.
pub(crate) fn remove_groups(job: &Job<'_>, made: u32) {
    for path in groups_of(job, made) {
        remove(path);
    }
}

/// Tries to remove groups of a plan, for a short time. Returns whether all are gone.
pub(crate) fn try_remove(job: &Job<'_>, made: u32) -> bool {
    groups_of(job, made).all(|path| {
        for pause in [50, 200, 1000, 2000] {
            match file::unlinkat(CWD, path, AtFlags::REMOVEDIR) {
                Ok(()) | Err(Errno::ENOENT) => return true,
                // The kernel lets go of a group some time after its last process.
                Err(Errno::EBUSY) => match time::sleep(Duration::from_micros(pause)) {
                    Ok(()) | Err(_) => {}
                },
                Err(_) => return false,
            }
        }
        false
    })
}

/// The paths of groups of a plan.
fn groups_of<'a>(job: &Job<'a>, chosen: u32) -> impl Iterator<Item = &'a CStr> + use<'a> {
    let groups = job
        .records(Stage::Outside)
        .filter_map(|(_, record)| match record.step {
            Step::MakeCgroup { path, .. } => Some(path),
            _ => None,
        });
    (0..)
        .zip(groups)
        .filter_map(move |(number, path)| (chosen & bit(number) != 0).then_some(path))
}

/// Tells whether a file is in a group of the plan that this launch has not made.
pub(crate) fn is_foreign(job: &Job<'_>, made: u32, file: &CStr) -> bool {
    groups_of(job, !made).any(|group| {
        let below = file.to_bytes().strip_prefix(group.to_bytes());
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    })
}

/// How often removal is tried, a millisecond apart: the kernel lets go of a group some time after its last process.
const TRIES: u32 = 5000;

fn remove(path: &CStr) {
    let mut refused = 0;
    for attempt in 0..TRIES {
        match file::unlinkat(CWD, path, AtFlags::REMOVEDIR) {
            // ENOENT: it was never made, or the other one has removed it.
            Ok(()) | Err(Errno::ENOENT) => return,
            Err(Errno::EBUSY) => {}
            // A passing failure must leave nothing; a lasting one must not hold up the end.
            Err(_) => refused += 1,
        }
        if refused == 3 {
            return;
        }
        if attempt % 64 == 1 {
            end_members(path);
        }
        match time::sleep(Duration::from_millis(1)) {
            Ok(()) | Err(_) => {}
        }
    }
}

/// Kills the processes of a group.
fn end_members(path: &CStr) {
    let Ok(directory) = file::openat(CWD, path, OpenFlags::DIRECTORY | OpenFlags::CLOEXEC, 0)
    else {
        return;
    };
    // Version 2 has a file for it (kernel 5.14).
    if let Ok(file) = file::openat(
        directory.as_fd(),
        c"cgroup.kill",
        OpenFlags::WRONLY | OpenFlags::CLOEXEC,
        0,
    ) && file::write(file.as_fd(), b"1").is_ok()
    {
        return;
    }
    let Ok(list) = file::openat(
        directory.as_fd(),
        c"cgroup.procs",
        OpenFlags::RDONLY | OpenFlags::CLOEXEC,
        0,
    ) else {
        return;
    };
    let mut buffer = [0; 4096];
    let Ok(length) = file::read_full(list.as_fd(), &mut buffer) else {
        return;
    };
    for word in buffer
        .get(..length)
        .unwrap_or(&[])
        .split(|byte| *byte == b'\n')
    {
        let number = core::str::from_utf8(word)
            .ok()
            .and_then(|text| text.parse().ok());
        if let Some(pid) = number.and_then(Pid::new) {
            match kill(Target::Process(pid), Some(Signal::KILL)) {
                // ESRCH: it has ended meanwhile.
                Ok(()) | Err(_) => {}
            }
        }
    }
}
