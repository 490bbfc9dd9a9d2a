//! The syscall filters of a live process, read through ptrace(2) (PTRACE_SECCOMP_GET_FILTER, kernel 4.4).

use casemate_model::names::Arch;
use casemate_seccomp::bpf::{ProgramError, validate};
use casemate_seccomp::{Instruction, Program};
use casemate_sys::process::Pid;
use casemate_sys::ptrace;
use casemate_sys::seccomp::SockFilter;
use casemate_sys::wait::{Event, WaitFlags, WaitFor, waitid};
use casemate_sys::{Errno, retry};
use std::fmt;

/// Why filters cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FilterError {
    /// The process cannot be traced.
    Trace(Pid, Errno),
    /// It cannot be stopped.
    Stop(Pid, Errno),
    /// It has ended.
    Ended(Pid),
    /// A filter cannot be read.
    Read(Pid, usize, Errno),
    /// The kernel gave something that is no filter.
    Program(Pid, ProgramError),
}

impl FilterError {
    /// What to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Trace(_, Errno::EPERM) => {
                Some("it takes root on the host, and nobody else who traces the process")
            }
            Self::Trace(..) => Some("as `ps` shows it"),
            Self::Read(_, _, errno) => Some(match *errno {
                Errno::EACCES => {
                    "it takes CAP_SYS_ADMIN in the first user namespace, and no filter on the caller"
                }
                Errno::EIO => "this kernel was built without CONFIG_CHECKPOINT_RESTORE",
                Errno::EMEDIUMTYPE => "the filter is not in classic BPF",
                _ => "seccomp(2) tells which processes have filters",
            }),
            Self::Stop(..) | Self::Ended(_) | Self::Program(..) => None,
        }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trace(pid, errno) => write!(f, "cannot trace process {pid}: {errno}"),
            Self::Stop(pid, errno) => write!(f, "cannot stop process {pid}: {errno}"),
            Self::Ended(pid) => write!(f, "process {pid} has ended"),
            Self::Read(pid, at, errno) => {
                write!(f, "cannot read filter {at} of process {pid}: {errno}")
            }
            Self::Program(pid, error) => write!(f, "a filter of process {pid}: {error}"),
        }
    }
}

impl std::error::Error for FilterError {}

/// Reads one filter, or all of them; the one that was loaded last comes first. None when there is none.
///
/// # Warning
/// The process is stopped while its filters are read.
///
/// # Errors
/// The process cannot be traced, or has filters that the kernel does not hand out.
pub fn filters(pid: Pid, index: Option<usize>) -> Result<Vec<Program>, FilterError> {
    ptrace::seize(pid).map_err(|errno| FilterError::Trace(pid, errno))?;
    let read = stopped(pid).and_then(|()| read(pid, index));
    match ptrace::detach(pid) {
        // Gone meanwhile, or never stopped: then the kernel lets it go when this program ends.
        Ok(()) | Err(_) => {}
    }
    read
}

fn stopped(pid: Pid) -> Result<(), FilterError> {
    let failed = |errno| FilterError::Stop(pid, errno);
    ptrace::interrupt(pid).map_err(failed)?;
    let events = WaitFlags::STOPPED
        .with(WaitFlags::EXITED)
        .with(WaitFlags::ALL);
    let waited = retry(|| waitid(WaitFor::Pid(pid), events)).map_err(failed)?;
    match waited.map(|waited| waited.event) {
        Some(Event::Trapped(_) | Event::Stopped(_)) => Ok(()),
        Some(_) | None => Err(FilterError::Ended(pid)),
    }
}

fn read(pid: Pid, index: Option<usize>) -> Result<Vec<Program>, FilterError> {
    let mut buffer = vec![SockFilter::default(); ptrace::MAX_INSTRUCTIONS];
    let mut programs = Vec::new();
    for at in index.unwrap_or(0).. {
        match ptrace::filter(pid, at, &mut buffer) {
            Ok(instructions) => programs.push(program(pid, instructions)?),
            // Past the last one.
            Err(Errno::ENOENT | Errno::EINVAL) => break,
            Err(errno) => return Err(FilterError::Read(pid, at, errno)),
        }
        if index.is_some() {
            break;
        }
    }
    Ok(programs)
}

fn program(pid: Pid, filters: &[SockFilter]) -> Result<Program, FilterError> {
    let instructions: Vec<Instruction> = filters
        .iter()
        .map(|one| Instruction {
            code: one.code,
            jt: one.jt,
            jf: one.jf,
            k: one.k,
        })
        .collect();
    validate(&instructions).map_err(|error| FilterError::Program(pid, error))?;
    let endian = Arch::native().unwrap_or(Arch::X86_64).endian();
    Ok(Program {
        instructions,
        endian,
    })
}
