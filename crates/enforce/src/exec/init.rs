//! Process 1 of the new namespaces: builds the root, gives up privileges, starts the program, reaps.

use crate::channel::{self, Said};
use crate::fault::Fault;
use crate::job::Job;
use crate::outside::{Slots, keep_only, tell};
use crate::step::{Borrowed, Policy, Stage, Step};
use crate::{FAILED, landlock, mounts, payload, privileges, report, verify};
use casemate_sys::event::{Poll, PollFd, ppoll};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::memory::{Memory, SharedWords};
use casemate_sys::process::{Child, Clone, CloneFlags, Forked, clone3, exit};
use casemate_sys::signal::{SigSet, Signal};
use casemate_sys::wait::{Event, WaitFlags, WaitFor, waitid};
use casemate_sys::{Errno, Fd, FdRef, ids, keyring, namespace, net, prctl, terminal};
use core::sync::atomic::Ordering;
use core::time::Duration;

/// What init holds.
pub(crate) struct Init<'a> {
    pub(crate) job: &'a Job<'a>,
    pub(crate) channel: Fd,
    pub(crate) reporter: Option<&'a Fd>,
    pub(crate) slots: Slots,
    pub(crate) inherited: SigSet,
    /// The program's side of its terminal.
    pub(crate) terminal: Option<Fd>,
    program: Option<Child>,
    /// Where the program's process puts the number of its filter's listener, and one, when a reporter supervises.
    pub(crate) listener: Option<SharedWords>,
}

/// Executes the stage inside. Does not return.
pub(crate) fn run(
    job: &Job<'_>,
    channel: Fd,
    reporter: Option<&Fd>,
    slots: Slots,
    inherited: SigSet,
) -> ! {
    if channel::await_release(channel.as_fd()).is_err() {
        exit(FAILED);
    }
    let mut init = Init::new(job, channel, slots, inherited);
    init.reporter = reporter;
    for (index, record) in job.records(Stage::Inside) {
        let Err(fault) = init.step(&record.step) else {
            continue;
        };
        if record.policy == Policy::Required {
            tell(
                init.channel.as_fd(),
                Said::Failed(Stage::Inside, index, fault),
            );
            exit(FAILED);
        }
        tell(init.channel.as_fd(), Said::Gap(Stage::Inside, index, fault));
    }
    init.reap()
}

impl<'a> Init<'a> {
    /// Has done nothing yet.
    pub(crate) fn new(job: &'a Job<'a>, channel: Fd, slots: Slots, inherited: SigSet) -> Self {
        Self {
            job,
            channel,
            reporter: None,
            slots,
            inherited,
            terminal: None,
            program: None,
            listener: None,
        }
    }
}

impl Init<'_> {
    pub(crate) fn step(&mut self, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
        match step {
            Step::NewCgroupNamespace {} => Ok(namespace::unshare(CloneFlags::NEWCGROUP)?),
            Step::BecomeIds {
                uid,
                gid,
                clear_groups,
            } => become_ids(*uid, *gid, *clear_groups),
            Step::DieWithParent {} => die_with(self.channel.as_fd()),
            Step::SetHostname { name } => Ok(namespace::sethostname(name.to_bytes())?),
            Step::LoopbackUp {} => Ok(net::bring_loopback_up()?),
            Step::NewKeyring {} => Ok(keyring::join_new_session().map(|_| ())?),
            Step::OpenTerminal { path } => self.open_terminal(path),
            Step::DropBounding { drop } => privileges::drop_bounding(*drop),
            Step::SetCapabilities {
                permitted,
                inheritable,
                ambient,
                securebits,
            } => privileges::set_capabilities(*permitted, *inheritable, *ambient, *securebits),
            Step::SetNoNewPrivs {} => Ok(prctl::seal_no_new_privs()?),
            Step::VerifyMounts { proc, rules } => {
                verify::mounts(&self.slots, *proc, *rules, self.reporter)
            }
            Step::EnterCgroup { slot } => match file::write(self.slots.get(*slot)?, b"0")? {
                1 => Ok(()),
                _ => Err(Fault::Call(Errno::EIO)),
            },
            Step::Spawn {} => self.spawn(),
            Step::LandlockCreate { .. }
            | Step::LandlockPath { .. }
            | Step::LandlockPort { .. }
            | Step::LandlockStream { .. }
            | Step::LandlockRestrict { .. } => landlock::step(&mut self.slots, step),
            _ => mounts::step(&mut self.slots, step),
        }
    }

    fn open_terminal(&mut self, path: &core::ffi::CStr) -> Result<(), Fault> {
        let root = self.slots.get(crate::step::ROOT)?;
        let flags = OpenFlags::RDWR | OpenFlags::NOCTTY | OpenFlags::CLOEXEC;
        let master = file::openat(root, path, flags, 0)?;
        terminal::unlock_pty(master.as_fd())?;
        // Before the program starts, so that it never sees a terminal without a size, nor a change that was none.
        if let Some(size) = caller_size(self.job.terminal_streams) {
            terminal::set_window_size(master.as_fd(), size)?;
        }
        // By the descriptor and not by a path: CVE-2025-52565.
        self.terminal = Some(terminal::open_pty_peer(master.as_fd(), flags)?);
        Ok(channel::say(
            self.channel.as_fd(),
            Said::Terminal,
            Some(master.as_fd()),
        )?)
    }

    fn spawn(&mut self) -> Result<(), Fault> {
        let supervised = self.job.reporter == 2;
        if supervised {
            self.listener = Some(Memory::shared_words(1)?);
        }
        // With a common table of descriptors the listener reaches this process without a call of the program's, which
        // its own filter might refuse.
        let flags = if supervised {
            CloneFlags::FILES
        } else {
            CloneFlags::empty()
        };
        match clone3(&Clone::new(flags))? {
            Forked::Child => payload::run(self),
            Forked::Parent(child) => {
                channel::say(
                    self.channel.as_fd(),
                    Said::Started,
                    Some(child.pidfd.as_fd()),
                )?;
                self.program = Some(child);
                Ok(())
            }
        }
    }

    /// Waits for the program, and for whatever it leaves behind until then.
    fn reap(mut self) -> ! {
        let Some(program) = self.program.take() else {
            exit(FAILED)
        };
        if let Some(number) = &self.listener {
            hand_over_listener(number, &program, self.reporter);
        }
        // Nothing of the host stays reachable through init.
        let channel = keep_only(self.channel);
        loop {
            match waitid(WaitFor::Any, WaitFlags::EXITED | WaitFlags::ALL) {
                Ok(Some(waited)) if waited.pid == program.pid.get() => {
                    match waited.event {
                        Event::Exited(code) => tell(channel.as_fd(), Said::Exited(code)),
                        Event::Killed(signal) | Event::Dumped(signal) => {
                            tell(channel.as_fd(), Said::Killed(signal.raw() as u8));
                        }
                        _ => continue,
                    }
                    exit(0)
                }
                Ok(_) | Err(Errno::EINTR) => {}
                Err(_) => exit(FAILED),
            }
        }
    }
}

/// The size of the caller's terminal, from the stream that the launcher watches.
pub(crate) fn caller_size(streams: u8) -> Option<terminal::WindowSize> {
    let stream = [1, 2, 0]
        .into_iter()
        .find(|stream| streams & (1 << stream) != 0)?;
    terminal::window_size(FdRef::from_raw(stream)).ok()
}

fn become_ids(uid: u32, gid: u32, clear_groups: u8) -> Result<(), Fault> {
    let become_them = || {
        if clear_groups == 1 {
            ids::setgroups(&[])?;
        }
        ids::setresgid(ids::Ids::all(gid))?;
        ids::setresuid(ids::Ids::all(uid))
    };
    let taken = become_them();
    // Nothing inside may trace init or read what it has open, whatever its ids. Their change has set this to
    // fs.suid_dumpable.
    prctl::set_dumpable(prctl::Dumpable::No)?;
    Ok(taken?)
}

fn die_with(channel: FdRef<'_>) -> Result<(), Fault> {
    prctl::set_parent_death_signal(Some(Signal::KILL))?;
    // The parent may have ended before that took effect.
    let mut poll = [PollFd::new(channel, Poll::empty())];
    if ppoll(&mut poll, Some(Duration::ZERO), None)? == 0 {
        Ok(())
    } else {
        exit(FAILED)
    }
}

/// Waits until the filter is installed and gives its listener to the reporter. The program's process cannot call: from
/// then on its filter decides. It writes into memory that both have.
fn hand_over_listener(number: &SharedWords, program: &Child, reporter: Option<&Fd>) {
    loop {
        let mut poll = [PollFd::new(program.pidfd.as_fd(), Poll::IN)];
        // The program's process may end before it has a filter.
        match ppoll(&mut poll, Some(Duration::from_millis(1)), None) {
            Ok(0) => {}
            Ok(_) | Err(_) => return,
        }
        let number = number
            .first()
            .map_or(0, |number| number.load(Ordering::Acquire));
        let Some(number) = number
            .checked_sub(1)
            .and_then(|number| i32::try_from(number).ok())
        else {
            continue;
        };
        // Without a reporter the calls in question fail with ENOSYS: refused all the same.
        if let Some(reporter) = reporter {
            report::listener(reporter.as_fd(), FdRef::from_raw(number));
        }
        return;
    }
}
