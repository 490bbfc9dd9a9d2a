//! The program's own process, up to execve(2).

use crate::channel::Said;
use crate::fault::{Fault, Reading};
use crate::init::Init;
use crate::outside::tell;
use crate::step::{Borrowed, Policy, Stage, Step, Texts};
use crate::{message, privileges, report, verify};
use casemate_sys::file::{self, OnExec, OpenFlags};
use casemate_sys::limits::{Limit, Resource, limit, set_limit};
use casemate_sys::memory::SharedWords;
use casemate_sys::pidfd::{CloseRange, close_range};
use casemate_sys::process::{self, exit};
use casemate_sys::seccomp::{FilterFlags, Program, load_filter, load_filter_with_listener};
use casemate_sys::signal::{self, Disposition, Signal};
use casemate_sys::{Errno, FdRef, StrVec, exec, prctl, terminal};
use core::ffi::CStr;
use core::sync::atomic::Ordering;

/// Executes the stage. Does not return: it becomes the program.
pub(crate) fn run(init: &mut Init<'_>) -> ! {
    for (index, record) in init.job.records(Stage::Payload) {
        let Err(fault) = step(init, &record.step) else {
            continue;
        };
        if record.policy == Policy::Required {
            tell(
                init.channel.as_fd(),
                Said::Failed(Stage::Payload, index, fault),
            );
            exit(message::exit_code(Stage::Payload, &record.step, fault));
        }
        tell(
            init.channel.as_fd(),
            Said::Gap(Stage::Payload, index, fault),
        );
    }
    exit(crate::FAILED)
}

fn step(init: &mut Init<'_>, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    match step {
        Step::DieWithParent {} => Ok(prctl::set_parent_death_signal(Some(Signal::KILL))?),
        Step::NewSession { streams } => session(init, *streams),
        Step::SetRlimit {
            resource,
            soft,
            hard,
        } => set_rlimit(init, *resource, *soft, *hard),
        Step::ChangeDirectory { path } => Ok(process::chdir(path)?),
        Step::VerifyStatus { .. } => verify::status(&init.slots, step, init.reporter),
        Step::VerifyIdMap { proc, path, map } => {
            verify::id_map(&init.slots, *proc, path, map, init.reporter)
        }
        Step::CloseDescriptors { keep } => close_descriptors(keep),
        Step::InstallFilter { flags, program } => {
            install_filter(*flags, program, init.listener.as_ref())
        }
        Step::SetCapabilities {
            permitted,
            inheritable,
            ambient,
            securebits,
        } => privileges::set_capabilities(*permitted, *inheritable, *ambient, *securebits),
        Step::Execute {
            path,
            arguments,
            environment,
        } => execute(init, path, *arguments, *environment),
        _ => Err(Fault::Plan),
    }
}

pub(crate) fn session(init: &Init<'_>, streams: u8) -> Result<(), Fault> {
    process::setsid()?;
    let Some(terminal) = &init.terminal else {
        return Ok(());
    };
    terminal::set_controlling(terminal.as_fd())?;
    for stream in (0..3).filter(|stream| streams & (1 << stream) != 0) {
        // The number stays open for good, which is the point.
        file::dup3(terminal.as_fd(), stream, OpenFlags::empty())?.into_raw();
    }
    Ok(())
}

/// Sets a limit; one above the caller's own hard limit becomes that, which permits less.
fn set_rlimit(init: &Init<'_>, resource: u32, soft: u64, hard: u64) -> Result<(), Fault> {
    let resource = Resource::from_raw(resource).ok_or(Fault::Plan)?;
    match set_limit(0, resource, Limit { soft, hard }) {
        Err(Errno::EPERM) => {
            let hard = limit(0, resource)?.hard.min(hard);
            set_limit(
                0,
                resource,
                Limit {
                    soft: soft.min(hard),
                    hard,
                },
            )?;
        }
        other => other?,
    }
    if let Some(reporter) = init.reporter {
        report::limit(reporter.as_fd(), resource);
    }
    Ok(())
}

fn close_descriptors(keep: &[u8]) -> Result<(), Fault> {
    close_range(3, u32::MAX, CloseRange::CLOEXEC)?;
    for number in keep {
        match file::set_on_exec(FdRef::from_raw(i32::from(*number)), OnExec::Keep) {
            // One that the caller does not have cannot be passed on.
            Ok(()) | Err(Errno::EBADF) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

pub(crate) fn install_filter(
    flags: u64,
    program: &[u8],
    listener: Option<&SharedWords>,
) -> Result<(), Fault> {
    let (instructions, rest) = program.as_chunks::<8>();
    if !rest.is_empty() || instructions.is_empty() {
        return Err(Fault::Plan);
    }
    let program = Program::from_bytes(instructions)?;
    let flags = FilterFlags::from_bits(u32::try_from(flags).map_err(|_| Fault::Plan)?);
    if let Some(place) = listener {
        let number = load_filter_with_listener(program, flags)?.into_raw();
        if let Some(place) = place.first() {
            place.store(u64::from(number.cast_unsigned()) + 1, Ordering::Release);
        }
        return Ok(());
    }
    load_filter(program, flags)?;
    match prctl::seccomp_mode() {
        // A filter that refuses prctl(2) with an error is in force; one that kills has ended this process.
        Ok(prctl::SeccompMode::Filter) | Err(_) => Ok(()),
        Ok(_) => Err(Fault::NotInForce(Reading::Filter)),
    }
}

fn execute(
    init: &Init<'_>,
    path: &CStr,
    arguments: Texts<'_>,
    environment: Texts<'_>,
) -> Result<(), Fault> {
    let mut words = StrVec::with_capacity(arguments.iter().count())?;
    for word in arguments.iter() {
        words.push(word)?;
    }
    let mut variables = StrVec::with_capacity(environment.iter().count())?;
    for variable in environment.iter() {
        variables.push(variable)?;
    }
    // The standard library of the front program ignores SIGPIPE, which execve(2) would keep.
    signal::set_disposition(Signal::PIPE, Disposition::Default)?;
    signal::mask(signal::Mask::Set, init.inherited)?;
    Err(exec::execve(path, words.as_list(), variables.as_list()).into())
}
