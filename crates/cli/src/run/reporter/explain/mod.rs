//! `--explain`: a supervisor of system calls that records what is refused, and why.
//!
//! The filter hands it the calls that it would refuse, and those that it permits and that often fail for a reason of the
//! compartment. The first are answered with the very error of the filter without a supervisor, computed from the call's
//! registers, which nobody can change meanwhile. Of the second it reads what their arguments point at, records it, and
//! has the kernel make the call: what may change while it looks decides nothing.

mod call;
mod files;
mod fold;
mod grant;
mod limits;
mod notes;
mod process;
mod rights;
mod sockets;
mod tell;

pub use tell::{Findings, findings};

use super::Subject;
use super::heard::Heard;
use casemate_enforce::plan::OBSERVED;
use casemate_model::names::arch::Arch;
use casemate_model::names::syscalls::{self, Syscall};
use casemate_model::syscalls::diagram::{Point, Word};
use casemate_seccomp::Program;
use casemate_seccomp::interpret::interpret;
use casemate_sys::seccomp::{CallData, Response, receive, respond, set_sync_wake_up, still_waits};
use casemate_sys::{Errno, Fd};
use notes::{Notes, Refused, Weight};
use process::Process;

/// `SECCOMP_RET_*` of <linux/seccomp.h>.
mod answer {
    pub const ACTION: u32 = 0xffff_0000;
    pub const ALLOW: u32 = 0x7fff_0000;
    pub const ERRNO: u32 = 0x0005_0000;
}

/// The supervisor.
pub struct Explainer<'s> {
    subject: &'s Subject<'s>,
    answers: Option<Program>,
    notes: Notes,
}

/// What a call is answered with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    /// The kernel makes it.
    Proceed,
    /// It fails.
    Fail(Errno),
}

impl<'s> Explainer<'s> {
    /// Makes a supervisor that has seen nothing.
    pub fn new(subject: &'s Subject<'s>) -> Self {
        let answers = subject.plan.answers.as_deref();
        Self {
            subject,
            // The planner has just made it; without it every call in question fails.
            answers: answers.and_then(|bytes| Program::from_bytes_either(bytes).ok()),
            notes: Notes::default(),
        }
    }

    /// Takes one call that waits, and answers it.
    pub fn serve(&mut self, listener: &Fd) {
        // ENOENT: the caller was killed, or a signal came first.
        let Ok(notification) = receive(listener.as_fd()) else {
            return;
        };
        let answer = answer(self.answers.as_ref(), &notification.data);
        let process = Process(notification.pid);
        if notification.pid != 0 {
            self.notes.begin();
            self.record(process, &notification.data, answer);
            // The number may have become another process's meanwhile: then what was read of it is not of this call.
            if still_waits(listener.as_fd(), notification.id).is_err() {
                self.notes.forget();
            }
        }
        let response = match answer {
            Answer::Proceed => Response::proceed(notification.id),
            Answer::Fail(errno) => Response::error(notification.id, errno),
        };
        match respond(listener.as_fd(), &response) {
            // ENOENT: the caller was killed while it waited.
            Ok(()) | Err(_) => {}
        }
    }

    fn record(&mut self, process: Process, data: &CallData, answer: Answer) {
        let Some((arch, call)) = named(data) else {
            if let Answer::Fail(errno) = answer {
                let text = format!("system call {}", data.nr);
                self.note_call(process, text, None, errno);
            }
            return;
        };
        let name = call.id.name();
        if let Answer::Fail(errno) = answer {
            // Libraries ask for these first, and go on with clone(2) and openat(2), which a filter can look into.
            if errno != Errno::ENOSYS || !["clone3", "openat2"].contains(&name) {
                let text = rights::shown(self.subject, arch, call.id, data);
                self.note_call(process, text, Some((call.id, *data)), errno);
            }
            return;
        }
        if !OBSERVED.contains(&name) {
            return;
        }
        for path in call::paths(name, data, process) {
            files::judge(self.subject, &mut self.notes, process, &path);
        }
        match name {
            "bind" | "connect" => {
                sockets::judge(self.subject, &mut self.notes, process, name, data);
            }
            "chown" | "lchown" | "fchown" | "fchownat" | "setpriority" | "mknod" | "mknodat" => {
                rights::judge(self.subject, &mut self.notes, process, name, data);
            }
            _ => {}
        }
    }

    fn note_call(
        &mut self,
        process: Process,
        text: String,
        call: Option<(syscalls::SyscallId, CallData)>,
        errno: Errno,
    ) {
        // What a newer kernel has, programs can do without.
        let weight = if errno == Errno::ENOSYS {
            Weight::Perhaps
        } else {
            Weight::Sure
        };
        let grant = call.and_then(|(id, data)| rights::grant(id, &data, errno));
        let errno = errno.name().unwrap_or("an error").to_owned();
        let refused = Refused::Call { text, errno, grant };
        self.notes.add(refused, process, "call", weight);
    }

    /// Says what was found.
    pub fn findings(self, heard: &Heard) -> Findings {
        findings(self.subject, heard, self.notes)
    }
}

/// Makes a listener ready.
pub fn prepare(listener: &Fd) {
    match set_sync_wake_up(listener.as_fd()) {
        // Before 6.6 it is somewhat slower.
        Ok(()) | Err(_) => {}
    }
}

/// Says what the filter without a supervisor would.
fn answer(answers: Option<&Program>, data: &CallData) -> Answer {
    let mut point: Point = [0; Word::COUNT];
    let mut set = |word: Word, value: u64| {
        if let Some(place) = point.get_mut(word.index()) {
            *place = value as u32;
        }
    };
    set(Word::ARCH, data.arch.into());
    set(Word::NR, data.nr.cast_unsigned().into());
    set(Word::IP_LOW, data.instruction_pointer);
    set(Word::IP_HIGH, data.instruction_pointer >> 32);
    for (index, argument) in (0u8..).zip(data.args) {
        set(Word::low(index), argument);
        set(Word::high(index), argument >> 32);
    }
    let raw = answers
        .and_then(|answers| interpret(answers, &point))
        .map(|run| run.answer);
    match raw {
        Some(raw) if raw & answer::ACTION == answer::ALLOW => Answer::Proceed,
        Some(raw) if raw & answer::ACTION == answer::ERRNO => {
            // SECCOMP_RET_DATA, of which the kernel takes at most MAX_ERRNO.
            let number = (raw & 0xffff).min(4095) as u16;
            Answer::Fail(Errno::from_raw(number))
        }
        // The supervised filter hands over nothing else.
        _ => Answer::Fail(Errno::ENOSYS),
    }
}

fn named(data: &CallData) -> Option<(Arch, Syscall)> {
    let number = data.nr.cast_unsigned();
    let arch = Arch::from_audit(data.arch, number)?;
    Some((arch, syscalls::find(arch, number)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use casemate_model::syscalls::SyscallPolicy;

    #[test]
    fn answers_as_the_filter_does() {
        let policy = SyscallPolicy::ordinary();
        let program = casemate_seccomp::compile(&policy, &[Arch::X86_64]).unwrap();
        let number = |name| syscalls::number(Arch::X86_64, name).unwrap();
        let data = |name, args| CallData {
            nr: number(name).cast_signed(),
            arch: 0xc000_003e,
            args,
            ..CallData::default()
        };
        let tiocsti = [0, 0x5412, 0, 0, 0, 0];
        let hidden = [0, 0xdead_0000_5412, 0, 0, 0, 0];
        let fails = Answer::Fail;
        let cases = [
            (data("openat", [0; 6]), Answer::Proceed),
            (data("mount", [0; 6]), fails(Errno::EPERM)),
            (data("ioctl", tiocsti), fails(Errno::EPERM)),
            (data("ioctl", hidden), fails(Errno::EPERM)),
            (data("ioctl", [0, 0x5401, 0, 0, 0, 0]), Answer::Proceed),
            (data("clone3", [0; 6]), fails(Errno::ENOSYS)),
        ];
        for (data, expected) in cases {
            assert_eq!(answer(Some(&program), &data), expected, "{data:?}");
            assert_eq!(answer(None, &data), fails(Errno::ENOSYS));
        }
    }
}
