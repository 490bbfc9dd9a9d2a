//! The launcher's own stage: cgroups, init, id maps.

use crate::channel::{self, Said};
use crate::fault::{Fault, Obstacle};
use crate::job::Job;
use crate::report::{self, End};
use crate::step::{Borrowed, NO_SLOT, Policy, SLOTS, Slot, Stage, Step, Texts};
use crate::{
    FAILED, container, groups, init, interface, janitor, message, mounts, rdt, root, supervise,
};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::pidfd::{CloseRange, close_range};
use casemate_sys::process::{Clone, CloneFlags, Forked, Pid, clone3, exit};
use casemate_sys::signal::SigSet;
use casemate_sys::wait::{Event, WaitFlags, WaitFor, waitid};
use casemate_sys::{CWD, Errno, Fd, FdRef, StrList, StrVec, exec, ids, pidfd};
use core::ffi::CStr;

/// Descriptors that steps keep for one another. They stay open until the process ends or closes all that it has left:
/// closing each by itself would be a system call more for every mount.
pub(crate) struct Slots {
    fds: [Option<Fd>; SLOTS],
    /// Mounts that were attached behind a symbolic link: the number of their rule, and of the mount.
    linked: [(u16, u64); LINKED],
    links: usize,
}

/// Most mounts behind symbolic links.
const LINKED: usize = 32;

impl Slots {
    fn new() -> Self {
        Self {
            fds: [const { None }; SLOTS],
            linked: [(0, 0); LINKED],
            links: 0,
        }
    }

    /// Keeps a descriptor.
    pub(crate) fn put(&mut self, slot: Slot, fd: Fd) -> Result<(), Fault> {
        let place = self.fds.get_mut(usize::from(slot)).ok_or(Fault::Plan)?;
        if let Some(old) = place.replace(fd) {
            leave_open(old);
        }
        Ok(())
    }

    /// Empties a place before something is made for it: when that fails and is accepted, nothing older may be taken for it.
    pub(crate) fn empty(&mut self, slot: Slot) {
        if let Some(old) = self.fds.get_mut(usize::from(slot)).and_then(Option::take) {
            leave_open(old);
        }
    }

    /// Returns a kept descriptor.
    pub(crate) fn get(&self, slot: Slot) -> Result<FdRef<'_>, Fault> {
        self.fds
            .get(usize::from(slot))
            .and_then(Option::as_ref)
            .map(Fd::as_fd)
            .ok_or(Fault::Plan)
    }

    /// Remembers which rule is for a mount that mountinfo shows at another path.
    pub(crate) fn note_linked(&mut self, rule: u16, mount: u64) -> Result<(), Fault> {
        let full = Fault::Obstacle(Obstacle::TooManyLinks);
        *self.linked.get_mut(self.links).ok_or(full)? = (rule, mount);
        self.links += 1;
        Ok(())
    }

    /// Returns the rule for a mount behind a symbolic link.
    pub(crate) fn linked_rule(&self, mount: u64) -> Option<u16> {
        let linked = self.linked.get(..self.links)?.iter();
        linked
            .filter(|(_, linked)| *linked == mount)
            .map(|(rule, _)| *rule)
            .next()
    }
}

/// Leaves a descriptor to be closed with all others: at the end of the process, by close_range(2) or by execve(2).
pub(crate) fn leave_open(fd: Fd) {
    fd.into_raw();
}

/// What the launcher holds.
pub(crate) struct Outside<'a> {
    pub(crate) job: &'a Job<'a>,
    pub(crate) reporter: Option<Fd>,
    pub(crate) inherited: SigSet,
    pub(crate) slots: Slots,
    /// The launcher's end of the channel, once init is started.
    pub(crate) channel: Option<Fd>,
    pub(crate) init: Option<casemate_sys::process::Child>,
    pub(crate) janitor: Option<janitor::Janitor>,
    pub(crate) end: End,
    /// The next of the plan's groups.
    group: u8,
    /// Which of them were made, by bit: only those are removed.
    made: u32,
    /// Which of them were there and are used, by bit: they stay.
    taken: u32,
    /// Whether the step before has done what the next one would do.
    settled: bool,
    /// Whether somebody is to remove what was made when the launcher is killed.
    watched: bool,
}

/// Executes a plan. Returns the exit code.
pub(crate) fn launch(job: &Job<'_>, reporter: Option<Fd>, inherited: SigSet) -> i32 {
    let mut outside = Outside {
        job,
        reporter,
        inherited,
        slots: Slots::new(),
        channel: None,
        init: None,
        janitor: None,
        end: End::FAILED,
        group: 0,
        made: 0,
        taken: 0,
        settled: false,
        watched: true,
    };
    if let Some(container) = container::Container::of(job) {
        outside.watched = false;
        return container::launch(&mut outside, container);
    }
    let code = execute(&mut outside);
    if let Some(reporter) = &outside.reporter {
        report::end(reporter, outside.end, code);
    }
    code
}

fn execute(outside: &mut Outside<'_>) -> i32 {
    for (index, record) in outside.job.records(Stage::Outside) {
        let Err(fault) = outside.step(&record.step) else {
            continue;
        };
        if record.policy == Policy::Required {
            message::step_failed(&record, fault);
            outside.give_up();
            return FAILED;
        }
        supervise::report_gap(outside, Stage::Outside, index, fault);
    }
    supervise::until_the_end(outside)
}

impl Outside<'_> {
    pub(crate) fn step(&mut self, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
        match step {
            Step::MakeCgroup { path, shared } => {
                if self.watched && self.janitor.is_none() {
                    self.janitor = Some(janitor::start(self.job)?);
                }
                let number = self.group;
                self.group += 1;
                self.tell_janitor(janitor::News::Meant, number)?;
                match groups::make(path, *shared) {
                    Ok(groups::Made::New) => {
                        self.made |= janitor::bit(number);
                        self.tell_janitor(janitor::News::Made, number)
                    }
                    Ok(groups::Made::Taken) => {
                        self.taken |= janitor::bit(number);
                        self.tell_janitor(janitor::News::NotMade, number)
                    }
                    Err(fault) => {
                        self.tell_janitor(janitor::News::NotMade, number)?;
                        Err(fault)
                    }
                }
            }
            // With the facet best-effort a group that could not be made may be somebody else's.
            Step::SetCgroup { path, .. } | Step::OpenCgroup { path, .. }
                if janitor::is_foreign(self.job, self.made | self.taken, path) =>
            {
                Err(Fault::Call(Errno::EEXIST))
            }
            Step::SetCgroup {
                path,
                values,
                absent,
                ..
            } => groups::set(path, *values, *absent, &mut self.settled),
            Step::GiveCgroup { paths, uid } => groups::give(*paths, *uid),
            Step::PlaceBy { helper, arguments } => {
                let pid = PidArgument::Last(self.init_pid()?);
                run_helper(helper, pid, *arguments, self.inherited)
            }
            Step::LoadDeviceProgram { cgroup, program } => {
                groups::control_devices(self.slots.get(*cgroup)?, program)
            }
            Step::OpenCgroup { path, slot } => {
                let directory = !path.to_bytes().ends_with(b"/tasks");
                let flags = if directory {
                    OpenFlags::DIRECTORY
                } else {
                    OpenFlags::WRONLY
                };
                self.slots.put(
                    *slot,
                    file::openat(CWD, path, flags | OpenFlags::CLOEXEC, 0)?,
                )
            }
            Step::DropGroups {} => Ok(ids::setgroups(&[])?),
            Step::MakeIdmap {
                uid_map,
                gid_map,
                slot,
            } => {
                let namespace = mapped_namespace(uid_map, gid_map)?;
                self.slots.put(*slot, namespace)
            }
            Step::CloneTree { .. } => mounts::clone_tree(&mut self.slots, step),
            Step::CopyTree { .. } => root::copy_tree(&mut self.slots, step),
            Step::Clone { flags, cgroup } => self.start_init(*flags, *cgroup),
            Step::MapIds {
                deny_setgroups,
                uid_map,
                gid_map,
            } => {
                let pid = self.init_pid()?;
                if *deny_setgroups == 1 {
                    write_proc(pid, b"setgroups", b"deny")?;
                }
                write_proc(pid, b"gid_map", gid_map.to_bytes())?;
                write_proc(pid, b"uid_map", uid_map.to_bytes())
            }
            Step::MapIdsBy { helper, arguments } => {
                let pid = PidArgument::First(self.init_pid()?);
                run_helper(helper, pid, *arguments, self.inherited)
            }
            Step::EnterRdt {
                directory,
                make,
                schemata,
                monitor,
            } => rdt::enter(self.init_pid()?, directory, *make == 1, schemata, monitor),
            Step::MoveInterface {
                name,
                inside,
                namespace,
            } => {
                let init = self.init.as_ref().ok_or(Fault::Plan)?;
                interface::move_in(init, name, inside, namespace)
            }
            Step::Release {} => Ok(channel::release(
                self.channel.as_ref().ok_or(Fault::Plan)?.as_fd(),
            )?),
            _ => Err(Fault::Plan),
        }
    }

    /// Tells the janitor, when there is one.
    fn tell_janitor(&self, news: janitor::News, number: u8) -> Result<(), Fault> {
        match &self.janitor {
            Some(janitor) => Ok(janitor.tell(news, number)?),
            None => Ok(()),
        }
    }

    /// Removes the groups that were made, unless somebody is in one or there are more below it. Returns whether all went.
    pub(crate) fn remove_groups_quickly(&self) -> bool {
        janitor::try_remove(self.job, self.made)
    }

    pub(crate) fn init_pid(&self) -> Result<Pid, Fault> {
        self.init.as_ref().map(|init| init.pid).ok_or(Fault::Plan)
    }

    fn start_init(&mut self, flags: u64, cgroup: Slot) -> Result<(), Fault> {
        let (ours, theirs) = channel::pair()?;
        // A group that could not be opened has ended the launch before, unless its facet is best-effort.
        let cgroup = if cgroup == NO_SLOT {
            None
        } else {
            self.slots.get(cgroup).ok()
        };
        let options = Clone {
            cgroup,
            ..Clone::new(CloneFlags::from_bits(flags))
        };
        match clone3(&options)? {
            Forked::Child => {
                // While this process held the launcher's end, too, it would never see the launcher's end.
                drop(ours);
                let slots = core::mem::replace(&mut self.slots, Slots::new());
                if !self.watched {
                    container::init(self.job, theirs, slots, self.inherited);
                }
                init::run(
                    self.job,
                    theirs,
                    self.reporter.as_ref(),
                    slots,
                    self.inherited,
                )
            }
            Forked::Parent(child) => {
                drop(theirs);
                self.channel = Some(ours);
                self.init = Some(child);
                Ok(())
            }
        }
    }

    /// Ends everything that was started.
    pub(crate) fn give_up(&mut self) {
        if let Some(init) = self.init.take() {
            end(&init);
        }
        self.tidy();
    }

    /// Removes what the launch made on the host.
    pub(crate) fn tidy(&mut self) {
        // Without a janitor no group was made: it is started before the first.
        if let Some(janitor) = self.janitor.take() {
            janitor.dismiss(self.job, self.made);
        }
    }
}

/// Kills a process and waits for it.
pub(crate) fn end(child: &casemate_sys::process::Child) {
    match pidfd::pidfd_send_signal(
        child.pidfd.as_fd(),
        Some(casemate_sys::signal::Signal::KILL),
    ) {
        // ESRCH: it has ended already. Nothing else can happen to a child of ours.
        Ok(()) | Err(_) => {}
    }
    wait_for(child);
}

/// Waits until a child has ended. Returns what ended it.
pub(crate) fn wait_for(child: &casemate_sys::process::Child) -> Option<Event> {
    loop {
        match waitid(
            WaitFor::Fd(child.pidfd.as_fd()),
            WaitFlags::EXITED | WaitFlags::ALL,
        ) {
            Ok(waited) => return waited.map(|waited| waited.event),
            Err(Errno::EINTR) => {}
            Err(_) => return None,
        }
    }
}

/// Writes a whole value in one call, as the kernel's files want it.
pub(crate) fn write_file(path: &CStr, value: &[u8]) -> Result<(), Fault> {
    let fd = file::openat(CWD, path, OpenFlags::WRONLY | OpenFlags::CLOEXEC, 0)?;
    write_whole(fd.as_fd(), value)
}

pub(crate) fn write_whole(fd: FdRef<'_>, value: &[u8]) -> Result<(), Fault> {
    if file::write(fd, value)? == value.len() {
        Ok(())
    } else {
        Err(Fault::Call(Errno::EIO))
    }
}

fn write_proc(pid: Pid, name: &[u8], value: &[u8]) -> Result<(), Fault> {
    let mut path = [0; 48];
    let path = proc_path(pid, name, &mut path).ok_or(Fault::Plan)?;
    write_file(path, value)
}

/// Writes `/proc/PID/NAME` into a buffer.
fn proc_path<'b>(pid: Pid, name: &[u8], buffer: &'b mut [u8; 48]) -> Option<&'b CStr> {
    let mut digits = [0; 12];
    let mut at = 0;
    for part in [
        b"/proc/".as_slice(),
        decimal(pid.get(), &mut digits),
        b"/",
        name,
        b"\0",
    ] {
        buffer.get_mut(at..at + part.len())?.copy_from_slice(part);
        at += part.len();
    }
    CStr::from_bytes_until_nul(buffer).ok()
}

/// Writes a number that is not negative.
pub(crate) fn decimal(number: i32, buffer: &mut [u8; 12]) -> &[u8] {
    let mut rest = number.unsigned_abs();
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return &buffer[at..];
        }
    }
}

/// Makes a user namespace with these maps. A process lives in it until a descriptor holds it.
fn mapped_namespace(uid_map: &CStr, gid_map: &CStr) -> Result<Fd, Fault> {
    // The process ends when the other end of the pipe is closed: also when the launcher is killed.
    let (wait, lifeline) = file::pipe2(OpenFlags::CLOEXEC)?;
    let child = match clone3(&Clone::new(CloneFlags::NEWUSER))? {
        Forked::Child => {
            drop(lifeline);
            match file::read(wait.as_fd(), &mut [0]) {
                Ok(_) | Err(_) => exit(0),
            }
        }
        Forked::Parent(child) => child,
    };
    let made = (|| {
        write_proc(child.pid, b"uid_map", uid_map.to_bytes())?;
        write_proc(child.pid, b"gid_map", gid_map.to_bytes())?;
        let mut path = [0; 48];
        let path = proc_path(child.pid, b"ns/user", &mut path).ok_or(Fault::Plan)?;
        Ok(file::openat(
            CWD,
            path,
            OpenFlags::RDONLY | OpenFlags::CLOEXEC,
            0,
        )?)
    })();
    drop(lifeline);
    wait_for(&child);
    made
}

/// Where a helper takes the pid.
#[derive(Clone, Copy)]
enum PidArgument {
    /// Before the other arguments.
    First(Pid),
    /// After them.
    Last(Pid),
}

/// Runs a helper, such as newuidmap(1), on the init process.
fn run_helper(
    helper: &CStr,
    pid: PidArgument,
    arguments: Texts<'_>,
    inherited: SigSet,
) -> Result<(), Fault> {
    let mut digits = [0; 12];
    let mut pid_text = [0; 13];
    let (PidArgument::First(number) | PidArgument::Last(number)) = pid;
    let text = decimal(number.get(), &mut digits);
    pid_text
        .get_mut(..text.len())
        .ok_or(Fault::Plan)?
        .copy_from_slice(text);
    let pid_text = CStr::from_bytes_until_nul(&pid_text).map_err(|_| Fault::Plan)?;
    let mut words = StrVec::with_capacity(arguments.iter().count() + 2)?;
    words.push(helper)?;
    if matches!(pid, PidArgument::First(_)) {
        words.push(pid_text)?;
    }
    for word in arguments.iter() {
        words.push(word)?;
    }
    if matches!(pid, PidArgument::Last(_)) {
        words.push(pid_text)?;
    }
    match clone3(&Clone::new(CloneFlags::empty()))? {
        Forked::Child => {
            match casemate_sys::signal::mask(casemate_sys::signal::Mask::Set, inherited) {
                Ok(_) | Err(_) => {}
            }
            let errno = exec::execve(helper, words.as_list(), StrList::EMPTY);
            message::failed(b"execute the helper", errno);
            exit(127)
        }
        Forked::Parent(child) => match wait_for(&child) {
            Some(Event::Exited(0)) => Ok(()),
            _ => Err(Fault::Helper),
        },
    }
}

/// Closes all descriptors above the standard ones but one: neither init nor the janitor keeps anything that it does not need.
pub(crate) fn keep_only(fd: Fd) -> Fd {
    let number = fd.raw().cast_unsigned();
    // The program's process may still have the same table as init, with descriptors that the program keeps.
    let below = if number > 3 {
        close_range(3, number - 1, CloseRange::UNSHARE)
    } else {
        Ok(())
    };
    if below.is_err() || close_range(number + 1, u32::MAX, CloseRange::UNSHARE).is_err() {
        exit(FAILED);
    }
    fd
}

/// Tells the launcher what happened, from a process inside.
pub(crate) fn tell(channel: FdRef<'_>, said: Said) {
    match channel::say(channel, said, None) {
        // The launcher is gone: so will this process be.
        Ok(()) | Err(_) => {}
    }
}
