//! The container's init process: it makes the container, waits for `start`, and becomes the program.

use super::say::{Text, describe};
use super::{console, hook, identity, listener, program};
use crate::channel::{self, Said};
use crate::fault::{Fault, Reading};
use crate::init::Init;
use crate::job::Job;
use crate::outside::{Slots, tell};
use crate::payload;
use crate::step::{Borrowed, NO_SLOT, Policy, Record, Slot, Stage, Step};
use casemate_sys::event::{Poll, PollFd, ppoll};
use casemate_sys::file::{self, OpenFlags, Resolve};
use casemate_sys::pidfd::{CloseRange, close_range};
use casemate_sys::process::{Clone, CloneFlags, Forked, clone3, exit, getpid};
use casemate_sys::signal::{self, SigSet, Signal, SignalfdFlags};
use casemate_sys::{Errno, Fd, FdRef, namespace, net, prctl, schedule};
use core::ffi::CStr;

/// Exit code of an init that failed; nobody sees it.
const FAILED: i32 = 1;

/// What init holds beside what a compartment's does.
pub(crate) struct Inside<'a> {
    pub(crate) init: Init<'a>,
    pub(crate) program: program::Found,
    /// Arguments and environment of the program.
    ready: Option<program::Ready<'a>>,
    /// What the last hook has written to its standard error.
    said: Option<Text>,
    /// Who let it go on, until it is the program.
    connection: Option<Fd>,
}

/// Executes the stages of init. Does not return: it becomes the program.
pub(crate) fn run(job: &Job<'_>, channel: Fd, slots: Slots, inherited: SigSet) -> ! {
    let mut inside = Inside {
        init: Init::new(job, channel, slots, inherited),
        program: program::Found::new(),
        ready: None,
        said: None,
        connection: None,
    };
    for stage in [Stage::Inside, Stage::Payload] {
        for (index, record) in job.records(stage) {
            if let Err(fault) = inside.step(&record.step)
                && record.policy == Policy::Required
            {
                inside.fail(stage, index, &record, fault);
            }
        }
    }
    exit(FAILED)
}

impl<'a> Inside<'a> {
    /// Says why it cannot go on, to who waits for it, and ends.
    fn fail(&mut self, stage: Stage, index: u16, record: &Record<'_>, fault: Fault) -> ! {
        if let Some(connection) = &self.connection {
            let text = describe(record, fault).with(self.said.take().as_ref());
            match file::write(connection.as_fd(), text.as_bytes()) {
                // Who waited is gone.
                Ok(_) | Err(_) => {}
            }
        } else {
            tell(self.init.channel.as_fd(), Said::Failed(stage, index, fault));
        }
        exit(FAILED)
    }

    fn step(&mut self, step: &Step<Borrowed<'a>>) -> Result<(), Fault> {
        match step {
            Step::AwaitRelease {} => Ok(channel::await_release(self.init.channel.as_fd())?),
            Step::JoinNamespace { slot, kinds } => Ok(namespace::setns(
                self.init.slots.get(*slot)?,
                CloneFlags::from_bits(*kinds),
            )?),
            Step::Unshare { flags } => Ok(namespace::unshare(CloneFlags::from_bits(*flags))?),
            Step::Spawn {} => self.start_again(),
            Step::NewTimeNamespace { proc, offsets } => {
                new_time_namespace(self.init.slots.get(*proc)?, offsets)
            }
            Step::BecomeRoot { clear_groups } => identity::become_root(*clear_groups == 1),
            Step::HideProcess {} => Ok(prctl::set_dumpable(prctl::Dumpable::No)?),
            Step::Report {} => self.report(),
            Step::SetDomainname { name } => Ok(namespace::setdomainname(name.to_bytes())?),
            Step::WriteProc {
                proc,
                path,
                value,
                compare,
            } => write_proc(self.init.slots.get(*proc)?, path, value, *compare == 1),
            Step::RunHook { .. } => {
                let mut said = Text::new();
                let ended = hook::run(step, getpid(), self.init.inherited, &mut said);
                self.said = Some(said);
                ended
            }
            Step::OpenConsole { .. } => console::open(&mut self.init, step),
            Step::OwnStreams { uid } => {
                console::own_streams(*uid);
                Ok(())
            }
            Step::TakeIdentity { .. } => identity::take(step),
            Step::SetPersonality { persona } => Ok(namespace::personality(*persona).map(|_| ())?),
            Step::SetMemoryPolicy { mode, nodes } => Ok(schedule::set_memory_policy(*mode, nodes)?),
            Step::EnterWorkingDirectory { path } => program::enter_directory(path),
            Step::FindProgram { name, directories } => self.program.find(name, *directories),
            Step::SetCapabilitySets { .. } => identity::set_capabilities(step),
            Step::VerifyCapabilitySets { .. } => identity::verify(&self.init.slots, step),
            Step::CloseAllBut { slot, agent, keep } => self.close_all_but(*slot, *agent, *keep),
            Step::AwaitStart { slot } => self.await_start(*slot),
            Step::SetRlimitExactly {
                resource,
                soft,
                hard,
            } => program::set_rlimit(*resource, *soft, *hard),
            Step::PassDescriptors { count } => {
                let first = 3u32.saturating_add(*count);
                Ok(close_range(first, u32::MAX, CloseRange::CLOEXEC)?)
            }
            Step::NewSession { streams } => payload::session(&self.init, *streams),
            Step::InstallFilter { flags, program } => program::install_filter(*flags, program),
            Step::InstallFilterForAgent { .. } => listener::install(self, step),
            Step::PrepareProgram {
                arguments,
                environment,
            } => {
                let ready = program::Ready::new(*arguments, *environment, self.init.inherited)?;
                self.ready = Some(ready);
                Ok(())
            }
            Step::ExecuteFound { .. } => {
                let path = self.program.path().ok_or(Fault::Plan)?;
                Err(self.ready.as_ref().ok_or(Fault::Plan)?.execute(path))
            }
            other => self.init.step(other),
        }
    }

    /// Who let it go on: whoever connected for `start`, else the launcher.
    pub(crate) fn other_end(&self) -> FdRef<'_> {
        self.connection
            .as_ref()
            .map_or(self.init.channel.as_fd(), Fd::as_fd)
    }

    /// Starts the process that will be the program: a new pid namespace of a user namespace that was joined is for
    /// children only. The launcher is its parent.
    fn start_again(&self) -> Result<(), Fault> {
        match clone3(&Clone {
            exit_signal: None,
            ..Clone::new(CloneFlags::PARENT)
        })? {
            Forked::Child => Ok(()),
            Forked::Parent(child) => {
                let channel = self.init.channel.as_fd();
                channel::say(channel, Said::Started, Some(child.pidfd.as_fd()))?;
                exit(0)
            }
        }
    }

    fn report(&self) -> Result<(), Fault> {
        let channel = self.init.channel.as_fd();
        channel::say(channel, Said::Reached, None)?;
        Ok(channel::await_release(channel)?)
    }

    /// Closes everything but the channel, the sockets that are used later, and what the program keeps.
    fn close_all_but(&mut self, slot: Slot, agent: Slot, keep: u32) -> Result<(), Fault> {
        let number = |slot: Slot| -> Result<u32, Fault> {
            if slot == NO_SLOT {
                return Ok(u32::MAX);
            }
            Ok(self.init.slots.get(slot)?.raw().cast_unsigned())
        };
        let mut kept = [
            self.init.channel.as_fd().raw().cast_unsigned(),
            number(slot)?,
            number(agent)?,
            u32::MAX,
        ];
        kept.sort_unstable();
        let mut first = 3u32.saturating_add(keep);
        for number in kept {
            if first < number {
                let last = if number == u32::MAX {
                    number
                } else {
                    number - 1
                };
                close_range(first, last, CloseRange::empty())?;
            }
            if number >= first {
                first = number.saturating_add(1);
            }
            if number == u32::MAX {
                break;
            }
        }
        Ok(())
    }

    /// Waits until somebody connects and says that it may go on.
    fn await_start(&mut self, slot: Slot) -> Result<(), Fault> {
        // The launcher is done; were this end open, it would be all that is left of it.
        close_range(
            self.init.channel.as_fd().raw().cast_unsigned(),
            self.init.channel.as_fd().raw().cast_unsigned(),
            CloseRange::empty(),
        )?;
        // Signals are blocked, and process 1 is not ended by them anyway; engines count on it that these do.
        let ending = SigSet::EMPTY
            .with(Signal::TERM)
            .with(Signal::INT)
            .with(Signal::HUP)
            .with(Signal::QUIT);
        let signals = signal::signalfd(ending, SignalfdFlags::CLOEXEC)?;
        let socket = self.init.slots.get(slot)?;
        let connection = loop {
            let mut polls = [
                PollFd::new(socket, Poll::IN),
                PollFd::new(signals.as_fd(), Poll::IN),
            ];
            match ppoll(&mut polls, None, None) {
                Ok(_) => {}
                Err(Errno::EINTR) => continue,
                Err(errno) => return Err(errno.into()),
            }
            if !polls[1].happened.is_empty() {
                let number = signal::read_signal(signals.as_fd())?
                    .signal()
                    .map_or(0, |signal| signal.raw() as i32);
                exit(128 + number);
            }
            if !polls[0].happened.is_empty() {
                break net::accept(socket)?;
            }
        };
        drop(signals);
        let socket = socket.raw().cast_unsigned();
        close_range(socket, socket, CloseRange::empty())?;
        let released = channel::await_release(connection.as_fd());
        self.connection = Some(connection);
        // Who connected was ended in between: the container cannot be started any more.
        released.map_err(|_| exit(FAILED))
    }
}

/// Makes a time namespace and enters it. Its offsets can be written only while nobody is in it.
fn new_time_namespace(proc: FdRef<'_>, offsets: &CStr) -> Result<(), Fault> {
    namespace::unshare(CloneFlags::NEWTIME)?;
    if !offsets.is_empty() {
        write_proc(proc, c"self/timens_offsets", offsets, false)?;
    }
    let flags = OpenFlags::RDONLY | OpenFlags::CLOEXEC;
    let own = file::openat(proc, c"self/ns/time_for_children", flags, 0)?;
    Ok(namespace::setns(own.as_fd(), CloneFlags::NEWTIME)?)
}

/// Writes a value through a procfs over which nothing is mounted, and reads it back.
fn write_proc(proc: FdRef<'_>, path: &CStr, value: &CStr, compare: bool) -> Result<(), Fault> {
    let how = Resolve::BENEATH | Resolve::NO_XDEV | Resolve::NO_MAGICLINKS;
    let flags = OpenFlags::WRONLY | OpenFlags::CLOEXEC;
    let file = file::openat2(proc, path, flags, 0, how)?;
    if file::write(file.as_fd(), value.to_bytes())? != value.to_bytes().len() {
        return Err(Fault::Call(Errno::EIO));
    }
    if !compare {
        return Ok(());
    }
    let flags = OpenFlags::RDONLY | OpenFlags::CLOEXEC;
    let file = file::openat2(proc, path, flags, 0, how)?;
    let mut buffer = [0; 4096];
    let length = file::read_full(file.as_fd(), &mut buffer)?;
    let read = buffer.get(..length).unwrap_or(&[]);
    let expected = value.to_bytes();
    let expected = expected.strip_prefix(b"exec ").unwrap_or(expected);
    let rest = read.strip_prefix(expected);
    // AppArmor adds the mode of the profile, in parentheses.
    let same = rest.is_some_and(|rest| {
        rest.iter().all(|byte| matches!(byte, 0 | b'\n')) || rest.starts_with(b" (")
    });
    if same {
        Ok(())
    } else {
        Err(Fault::NotInForce(Reading::Label))
    }
}
