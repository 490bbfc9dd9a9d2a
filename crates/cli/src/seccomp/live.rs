//! The filters of a live process.

use crate::failure::Failure;
use casemate_model::names::Arch;
use casemate_seccomp::bpf::validate;
use casemate_seccomp::{Instruction, Program};
use casemate_sys::process::Pid;
use casemate_sys::ptrace;
use casemate_sys::seccomp::SockFilter;
use casemate_sys::wait::{Event, WaitFlags, WaitFor, waitid};
use casemate_sys::{Errno, retry};

/// Reads the number of a process.
pub fn pid(text: &str) -> Result<Pid, Failure> {
    let number = text.parse::<i32>().ok().filter(|number| *number > 0);
    number.and_then(Pid::new).ok_or_else(|| {
        Failure::usage(
            format!("`{text}` is no number of a process"),
            "as `ps` shows it".to_owned(),
        )
    })
}

/// Reads one filter, or all of them; the one that was loaded last comes first.
pub fn filters(pid: Pid, index: Option<usize>) -> Result<Vec<Program>, Failure> {
    ptrace::seize(pid).map_err(|error| not_traced(pid, error))?;
    let read = stopped(pid).and_then(|()| read(pid, index));
    match ptrace::detach(pid) {
        // Gone meanwhile, or never stopped: then the kernel lets it go when this program ends.
        Ok(()) | Err(_) => {}
    }
    read
}

fn not_traced(pid: Pid, error: Errno) -> Failure {
    let hint = match error {
        Errno::EPERM => {
            "it takes root on the host, and nobody else who traces the process".to_owned()
        }
        _ => "as `ps` shows it".to_owned(),
    };
    Failure::usage(format!("cannot trace process {pid}: {error}"), hint)
}

fn stopped(pid: Pid) -> Result<(), Failure> {
    let failed = |error: Errno| Failure::usage(format!("cannot stop process {pid}: {error}"), None);
    ptrace::interrupt(pid).map_err(failed)?;
    let events = WaitFlags::STOPPED
        .with(WaitFlags::EXITED)
        .with(WaitFlags::ALL);
    let waited = retry(|| waitid(WaitFor::Pid(pid), events)).map_err(failed)?;
    match waited.map(|waited| waited.event) {
        Some(Event::Trapped(_) | Event::Stopped(_)) => Ok(()),
        Some(_) | None => Err(Failure::usage(format!("process {pid} has ended"), None)),
    }
}

fn read(pid: Pid, index: Option<usize>) -> Result<Vec<Program>, Failure> {
    let mut buffer = vec![SockFilter::default(); ptrace::MAX_INSTRUCTIONS];
    let mut programs = Vec::new();
    for at in index.unwrap_or(0).. {
        match ptrace::filter(pid, at, &mut buffer) {
            Ok(instructions) => programs.push(program(pid, instructions)?),
            // Past the last one.
            Err(Errno::ENOENT | Errno::EINVAL) => break,
            Err(error) => return Err(not_read(pid, at, error)),
        }
        if index.is_some() {
            break;
        }
    }
    if programs.is_empty() {
        let what = match index {
            Some(index) => format!("process {pid} has no filter {index}"),
            None => format!("process {pid} has no filter"),
        };
        return Err(Failure::usage(what, None));
    }
    Ok(programs)
}

fn not_read(pid: Pid, at: usize, error: Errno) -> Failure {
    let hint = match error {
        Errno::EACCES => {
            "it takes CAP_SYS_ADMIN in the first user namespace, and no filter on the caller"
        }
        Errno::EIO => "this kernel was built without CONFIG_CHECKPOINT_RESTORE",
        Errno::EMEDIUMTYPE => "the filter is not in classic BPF",
        _ => "seccomp(2) tells which processes have filters",
    };
    Failure::usage(
        format!("cannot read filter {at} of process {pid}: {error}"),
        hint.to_owned(),
    )
}

fn program(pid: Pid, filters: &[SockFilter]) -> Result<Program, Failure> {
    let instructions: Vec<Instruction> = filters
        .iter()
        .map(|one| Instruction {
            code: one.code,
            jt: one.jt,
            jf: one.jf,
            k: one.k,
        })
        .collect();
    validate(&instructions)
        .map_err(|error| Failure::usage(format!("a filter of process {pid}: {error}"), None))?;
    let endian = Arch::native().unwrap_or(Arch::X86_64).endian();
    Ok(Program {
        instructions,
        endian,
    })
}
