//! The launcher's own steps of a container.

use super::attend;
use super::hook;
use super::record;
use super::say::{Level, Log, Text, describe};
use crate::channel::{self, Said};
use crate::fault::{Fault, Obstacle};
use crate::job::Job;
use crate::outside::{Outside, end, wait_for};
use crate::step::{Borrowed, Ending, Record, Stage, Step, Texts};
use crate::terminal::Bridge;
use casemate_sys::file::{self, OnExec, OpenFlags, Resolve, Seals};
use casemate_sys::limits::{self, Limit, Resource};
use casemate_sys::net::{self, Address, Family, SocketType};
use casemate_sys::process::{Clone, CloneFlags, Forked, Pid, clone3, exit};
use casemate_sys::stat::{self, magic};
use casemate_sys::{CWD, Errno, Fd, FdRef, StrList, StrVec, exec, namespace, pidfd, schedule};
use core::ffi::CStr;

/// Exit code of a launch that failed.
const FAILED: i32 = 1;

/// What is known of the container, of the first step.
pub(crate) struct Container<'a> {
    ending: Ending,
    log: Log<'static>,
    directory: Option<Fd>,
    path: &'a CStr,
    removal: Texts<'a>,
    always: bool,
    bridge: Option<Bridge>,
    /// Why init could not go on, once it has said so.
    reason: Option<Text>,
    /// What the last hook has written to its standard error.
    said: Option<Text>,
    /// What the launch ends with when init could not go on.
    code: i32,
}

impl<'a> Container<'a> {
    /// Reads the first step; none when the plan is another's.
    pub(crate) fn of(job: &Job<'a>) -> Option<Self> {
        let Step::Container {
            ending,
            log,
            json,
            directory,
            path,
            removal,
            always,
        } = job.records(Stage::Outside).next()?.1.step
        else {
            return None;
        };
        let descriptor = |number: u32| i32::try_from(number).ok();
        Some(Self {
            ending: match ending {
                0 => Ending::Leave,
                1 => Ending::Remove,
                _ => Ending::Keep,
            },
            log: Log {
                file: descriptor(log).map(FdRef::from_raw),
                json: json == 1,
            },
            directory: descriptor(directory).map(Fd::from_raw),
            path,
            removal,
            always: always == 1,
            bridge: None,
            reason: None,
            said: None,
            code: FAILED,
        })
    }
}

/// Executes a container's plan. Returns the exit code.
pub(crate) fn launch(outside: &mut Outside<'_>, mut container: Container<'_>) -> i32 {
    for (_, record) in outside.job.records(Stage::Outside) {
        match step(outside, &mut container, &record.step) {
            Ok(()) => {}
            Err(fault) => {
                let text = container.reason.take().unwrap_or_else(|| {
                    describe(&record, fault).with(container.said.take().as_ref())
                });
                return give_up(outside, container, &text);
            }
        }
    }
    match container.ending {
        Ending::Leave => 0,
        Ending::Remove | Ending::Keep => {
            let code = attend::until_the_end(outside, container.bridge.take(), container.log);
            if container.ending == Ending::Remove {
                remove(outside, &mut container);
            }
            code
        }
    }
}

/// Ends init, has everything removed, and says why.
fn give_up(outside: &mut Outside<'_>, mut container: Container<'_>, text: &Text) -> i32 {
    if let Some(init) = outside.init.take() {
        end(&init);
    }
    if let Some(bridge) = &mut container.bridge {
        bridge.restore();
    }
    let code = container.code;
    remove_by_program(&mut container);
    // The last line of the log is the reason.
    container.log.write(Level::Error, text.as_bytes());
    code
}

/// Removes the container: at once when there is nothing to it, else by the program that knows how.
fn remove(outside: &mut Outside<'_>, container: &mut Container<'_>) {
    if container.always
        || !outside.remove_groups_quickly()
        || record::remove(container.directory.as_ref(), container.path).is_err()
    {
        remove_by_program(container);
    }
}

/// Runs the program that removes what is left.
fn remove_by_program(container: &mut Container<'_>) {
    let Some(program) = container.removal.iter().next() else {
        return;
    };
    // It takes the lock.
    container.directory = None;
    let Ok(mut words) = StrVec::with_capacity(container.removal.iter().count()) else {
        return;
    };
    for word in container.removal.iter() {
        if words.push(word).is_err() {
            return;
        }
    }
    match clone3(&Clone::new(CloneFlags::empty())) {
        Ok(Forked::Child) => {
            exec::execve(program, words.as_list(), StrList::EMPTY);
            exit(127)
        }
        Ok(Forked::Parent(child)) => {
            wait_for(&child);
        }
        Err(_) => container.log.write(
            Level::Warning,
            b"cannot remove what is left of the container",
        ),
    }
}

fn step(
    outside: &mut Outside<'_>,
    container: &mut Container<'_>,
    step: &Step<Borrowed<'_>>,
) -> Result<(), Fault> {
    match step {
        Step::Container { .. } => {
            close_on_exec(container)?;
            execute_no_more()
        }
        Step::OpenHostProc { slot } => outside.slots.put(*slot, open_proc()?),
        Step::OpenNamespace {
            path,
            pid,
            start_time,
            kind,
            slot,
        } => {
            let opened = if path.is_empty() {
                open_process(*pid, *start_time)?
            } else {
                open_namespace(path, *kind)?
            };
            outside.slots.put(*slot, opened)
        }
        Step::EnterPidNamespace { slot } => Ok(namespace::setns(
            outside.slots.get(*slot)?,
            CloneFlags::NEWPID,
        )?),
        Step::ListenForStart { name, slot } => {
            let directory = container.directory.as_ref().ok_or(Fault::Plan)?;
            let socket = listen(directory.as_fd(), name)?;
            outside.slots.put(*slot, socket)
        }
        Step::Connect {
            directory,
            name,
            slot,
        } => {
            let flags = OpenFlags::PATH | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC;
            let place = file::openat(CWD, directory, flags, 0)?;
            let socket = net::socket(Family::Unix, SocketType::STREAM | SocketType::CLOEXEC, 0)?;
            net::connect(socket.as_fd(), &address(place.as_fd(), name)?)?;
            outside.slots.put(*slot, socket)
        }
        Step::SetOomScore { score } => set_oom_score(outside.init_pid()?, *score),
        Step::RaiseRlimit { resource, hard } => raise(outside.init_pid()?, *resource, *hard),
        Step::SetScheduler { attributes } => Ok(schedule::set_scheduler(
            Some(outside.init_pid()?),
            attributes,
        )?),
        Step::SetIoPriority { priority } => Ok(schedule::set_io_priority_of(
            Some(outside.init_pid()?),
            *priority,
        )?),
        Step::SetAffinity { mask } => Ok(schedule::set_affinity(None, mask)?),
        Step::SetAffinityOf { mask } => {
            Ok(schedule::set_affinity(Some(outside.init_pid()?), mask)?)
        }
        Step::AwaitReport {} => hear(outside, container, Until::Reached),
        Step::AwaitProgram {} => hear(outside, container, Until::Closed),
        Step::RunHook { .. } => {
            let pid = outside.init_pid()?.get();
            let mut said = Text::new();
            let ended = hook::run(step, pid, outside.inherited, &mut said);
            container.said = Some(said);
            ended
        }
        Step::WritePidFile { path, new } => {
            let mut digits = [0; 12];
            let pid = crate::outside::decimal(outside.init_pid()?.get(), &mut digits);
            record::replace(CWD, new, path, 0o644, &[pid])
        }
        Step::WriteState {
            name,
            new,
            before,
            between,
            after,
        } => {
            let pid = outside.init_pid()?;
            let directory = container.directory.as_ref().ok_or(Fault::Plan)?;
            let mut time = Text::new();
            time.number(record::start_time(pid)?, 1);
            let mut digits = [0; 12];
            let parts = [
                before.to_bytes(),
                crate::outside::decimal(pid.get(), &mut digits),
                between.to_bytes(),
                time.as_bytes(),
                after.to_bytes(),
            ];
            record::replace(directory.as_fd(), new, name, 0o600, &parts)
        }
        Step::SendPidfd { slot, message } => {
            let init = outside.init.as_ref().ok_or(Fault::Plan)?;
            net::send_fds(
                outside.slots.get(*slot)?,
                message.to_bytes(),
                &[init.pidfd.as_fd()],
            )?;
            Ok(())
        }
        Step::InstallFilterForAgent { .. } => Err(Fault::Plan),
        other => outside.step(other),
    }
}

/// Nobody can execute the launcher again: its copy in memory loses the right, for its processes and those that they
/// become have it as their program until execve(2), which can name it as `/proc/self/exe`.
fn execute_no_more() -> Result<(), Fault> {
    let program = file::openat(
        CWD,
        c"/proc/self/exe",
        OpenFlags::RDONLY | OpenFlags::CLOEXEC,
        0,
    )?;
    // Where the host forbids copies in memory it is the file itself, which must stay as it is.
    if file::seals(program.as_fd()).is_ok_and(|seals| seals.contains(Seals::WRITE)) {
        file::fchmod(program.as_fd(), 0)?;
    }
    Ok(())
}

/// The descriptors that were passed on to the launcher are for nobody else.
fn close_on_exec(container: &Container<'_>) -> Result<(), Fault> {
    let directory = container.directory.as_ref().map(Fd::as_fd);
    for fd in directory.into_iter().chain(container.log.file) {
        file::set_on_exec(fd, OnExec::Close)?;
    }
    Ok(())
}

/// Opens the host's procfs, and looks that it is one.
fn open_proc() -> Result<Fd, Fault> {
    let flags = OpenFlags::PATH | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC | OpenFlags::NOFOLLOW;
    let proc = file::openat(CWD, c"/proc", flags, 0)?;
    if stat::fstatfs(proc.as_fd())?.magic == magic::PROC {
        Ok(proc)
    } else {
        Err(Fault::Obstacle(Obstacle::NotProc))
    }
}

/// Opens a process's descriptor, if it still is the one that was meant.
fn open_process(pid: u32, start_time: u64) -> Result<Fd, Fault> {
    let pid = i32::try_from(pid)
        .ok()
        .and_then(Pid::new)
        .ok_or(Fault::Plan)?;
    let opened = pidfd::pidfd_open(pid)?;
    record::check_start(pid, start_time)?;
    Ok(opened)
}

/// Opens a namespace. Its kind is checked again when it is joined.
fn open_namespace(path: &CStr, _kind: u64) -> Result<Fd, Fault> {
    let opened = file::openat(CWD, path, OpenFlags::RDONLY | OpenFlags::CLOEXEC, 0)?;
    if stat::fstatfs(opened.as_fd())?.magic == magic::NSFS {
        Ok(opened)
    } else {
        Err(Fault::Call(Errno::EINVAL))
    }
}

/// The address of a socket in a directory: by the directory's descriptor, as paths of sockets are short.
fn address(directory: FdRef<'_>, name: &CStr) -> Result<Address, Fault> {
    let mut path = Text::new();
    path.put(b"/proc/self/fd/");
    path.number(u64::from(directory.raw().unsigned_abs()), 1);
    path.put(b"/");
    path.put(name.to_bytes());
    Ok(Address::unix(path.as_bytes())?)
}

fn listen(directory: FdRef<'_>, name: &CStr) -> Result<Fd, Fault> {
    let kind = SocketType::SEQPACKET | SocketType::CLOEXEC;
    let socket = net::socket(Family::Unix, kind, 0)?;
    net::bind(socket.as_fd(), &address(directory, name)?)?;
    net::listen(socket.as_fd(), 8)?;
    Ok(socket)
}

/// Writes a file of init's in the host's procfs.
fn set_oom_score(pid: Pid, score: i32) -> Result<(), Fault> {
    let proc = open_proc()?;
    let mut path = Text::new();
    path.number(u64::from(pid.get().unsigned_abs()), 1);
    path.put(b"/oom_score_adj\0");
    let path = CStr::from_bytes_with_nul(path.as_bytes()).map_err(|_| Fault::Plan)?;
    let how = Resolve::BENEATH | Resolve::NO_XDEV | Resolve::NO_SYMLINKS;
    let flags = OpenFlags::WRONLY | OpenFlags::CLOEXEC;
    let file = file::openat2(proc.as_fd(), path, flags, 0, how)?;
    let mut text = Text::new();
    if score < 0 {
        text.put(b"-");
    }
    text.number(u64::from(score.unsigned_abs()), 1);
    file::write_all(file.as_fd(), text.as_bytes())?;
    Ok(())
}

/// Raises a hard limit of init, so that it can set its own.
///
/// What init has is read from this process, of which it was cloned: init may have taken its user's ids by now, and
/// prlimit(2) then refuses even to read without CAP_SYS_RESOURCE.
fn raise(pid: Pid, resource: u32, hard: u64) -> Result<(), Fault> {
    let resource = Resource::from_raw(resource).ok_or(Fault::Plan)?;
    let now = limits::limit(0, resource)?;
    if hard > now.hard {
        limits::set_limit(pid.get(), resource, Limit { hard, ..now })?;
    }
    Ok(())
}

/// For what the launcher waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// Init has come to a point.
    Reached,
    /// Init has become the program, or has ended.
    Closed,
}

/// Hears what init says.
fn hear(
    outside: &mut Outside<'_>,
    container: &mut Container<'_>,
    until: Until,
) -> Result<(), Fault> {
    loop {
        let channel = outside.channel.as_ref().ok_or(Fault::Plan)?;
        match channel::hear(channel.as_fd())? {
            Some((Said::Reached, _)) if until == Until::Reached => return Ok(()),
            Some((Said::Terminal, Some(master))) => {
                container.bridge = Some(Bridge::new(master, outside.job.terminal_streams)?);
            }
            Some((Said::Started, Some(pidfd))) => super::attend::replace_init(outside, pidfd)?,
            Some((Said::Listener(announcement), Some(agent))) => {
                super::listener::pass_on_from(outside, announcement, &agent)?;
            }
            Some((Said::Failed(stage, index, fault), _)) => {
                let record = outside.job.record(stage, index).ok_or(Fault::Plan)?;
                container.code = exit_code(&record, fault);
                container.reason = Some(describe(&record, fault));
                return Err(fault);
            }
            None if until == Until::Closed => return Ok(()),
            None => {
                let mut text = Text::new();
                text.put(b"the container's init process ended without a word");
                killed(outside, &mut text);
                container.reason = Some(text);
                return Err(Fault::Plan);
            }
            Some(_) => return Err(Fault::Plan),
        }
    }
}

/// Says what has ended init: too small a limit of memory, mostly.
fn killed(outside: &mut Outside<'_>, text: &mut Text) {
    use casemate_sys::wait::Event;
    let Some(init) = outside.init.take() else {
        return;
    };
    match wait_for(&init) {
        Some(Event::Killed(signal) | Event::Dumped(signal)) => {
            text.put(b": it was killed by signal ");
            text.number(u64::from(signal.raw()), 1);
        }
        Some(Event::Exited(code)) => {
            text.put(b": it ended with ");
            text.number(u64::from(code), 1);
        }
        _ => {}
    }
}

/// What the runtime ends with: as a shell does, when the program is not there or cannot be executed.
fn exit_code(record: &Record<'_>, fault: Fault) -> i32 {
    match (&record.step, fault) {
        (
            Step::FindProgram { .. } | Step::ExecuteFound { .. },
            Fault::Obstacle(Obstacle::NotInPath) | Fault::Call(Errno::ENOENT | Errno::ENOTDIR),
        ) => 127,
        (Step::FindProgram { .. } | Step::ExecuteFound { .. }, Fault::Call(_)) => 126,
        _ => FAILED,
    }
}
