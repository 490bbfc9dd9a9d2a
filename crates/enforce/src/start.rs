//! Handing a plan to the launcher.
//!
//! The plan travels in a memfd that is sealed, so that nobody can change it after it was encoded, and the launcher runs
//! from another one, so that nothing inside can ever reach a writable file of the launcher through `/proc/PID/exe`
//! (CVE-2019-5736).

use crate::plan::{Plan, PlanError};
use casemate_sys::file::{self, AtFlags, OnExec, OpenFlags, Seals};
use casemate_sys::memory::{Executable, memfd};
use casemate_sys::{CWD, Errno, Fd, FdRef, StrList, StrVec, exec, pidfd, stat};
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the launcher could not be started.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StartError {
    /// The plan cannot be encoded.
    Plan(PlanError),
    /// A call failed.
    Call {
        /// What was attempted.
        what: &'static str,
        /// The kernel's answer.
        errno: Errno,
    },
    /// The launcher's program cannot be opened.
    Launcher {
        /// Where it was looked for.
        path: PathBuf,
        /// The kernel's answer.
        errno: Errno,
    },
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plan(error) => error.fmt(f),
            Self::Call { what, errno } => write!(f, "cannot {what}: {errno}"),
            Self::Launcher { path, errno } => write!(
                f,
                "cannot open the launcher {}: {errno}\n  casemate-exec belongs into the directory of casemate: install both of one build",
                path.display()
            ),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Plan(error) => Some(error),
            Self::Call { errno, .. } | Self::Launcher { errno, .. } => Some(errno),
        }
    }
}

impl From<PlanError> for StartError {
    fn from(error: PlanError) -> Self {
        Self::Plan(error)
    }
}

/// How often sealing is tried again, and how long is waited before each time.
const SEALING: u32 = 20;
const PAUSE: Duration = Duration::from_millis(10);

/// What was attempted with a descriptor that is not there.
const NOT_OPEN: &str = "pass on a descriptor that the caller does not have open";

fn call(what: &'static str) -> impl Fn(Errno) -> StartError {
    move |errno| StartError::Call { what, errno }
}

/// Becomes the launcher with a plan. Returns only when that failed.
///
/// # Warning
/// All descriptors but the standard ones, `reporter` and those of `keep` are closed in the launcher.
pub fn become_launcher(
    plan: &Plan,
    launcher: &Path,
    reporter: Option<&Fd>,
    keep: &[u32],
) -> StartError {
    match prepare(plan, launcher, reporter, keep) {
        Ok(ready) => ready.execute(),
        Err(error) => error,
    }
}

/// All that is needed to become the launcher.
#[derive(Debug)]
pub struct Ready {
    program: Fd,
    arguments: Vec<CString>,
    plan: Fd,
    reporter: Option<Fd>,
    keep: Vec<u32>,
}

/// Encodes and seals the plan, and opens the launcher.
///
/// # Errors
/// The launcher is not there, or a call failed.
pub fn prepare(
    plan: &Plan,
    launcher: &Path,
    reporter: Option<&Fd>,
    keep: &[u32],
) -> Result<Ready, StartError> {
    // Before anything is opened here: it would get such a number and be taken for the caller's.
    for number in keep {
        let number = number.cast_signed();
        if reporter.is_some_and(|fd| fd.raw() == number) {
            return Err(call(NOT_OPEN)(Errno::EBADF));
        }
        file::on_exec(FdRef::from_raw(number)).map_err(call(NOT_OPEN))?;
    }
    let bytes = plan.encode()?;
    let sealed = seal(c"casemate-plan", &bytes, Executable::No)?;
    let program = copy_program(launcher)?;
    // The numbers that the program keeps must not be taken; the launcher closes what is above the last of its own.
    let above = keep
        .iter()
        .max()
        .map_or(3, |highest| highest.saturating_add(1))
        .max(3);
    let place =
        |fd: FdRef<'_>| file::dup_cloexec(fd, above).map_err(call("duplicate a descriptor"));
    let plan_fd = place(sealed.as_fd())?;
    let reporter = reporter.map(|fd| place(fd.as_fd())).transpose()?;
    let mut arguments = vec![c"casemate-exec".to_owned()];
    for fd in std::iter::once(&plan_fd).chain(&reporter) {
        let number = CString::new(fd.raw().to_string())
            .map_err(|_| call("name a descriptor")(Errno::EINVAL))?;
        arguments.push(number);
    }
    Ok(Ready {
        program,
        arguments,
        plan: plan_fd,
        reporter,
        keep: keep.to_vec(),
    })
}

impl Ready {
    /// Becomes the launcher. Returns only when that failed. The launcher has no environment: what the program gets of
    /// it is in the plan, and what it does not get must not be readable in `/proc/PID/environ` of anything inside.
    ///
    /// It makes system calls only and allocates nothing, so that it can be called in a child of a program with threads.
    #[must_use]
    pub fn execute(&self) -> StartError {
        match self.try_execute() {
            Ok(errno) => StartError::Call {
                what: "execute the launcher",
                errno,
            },
            Err(error) => error,
        }
    }

    fn try_execute(&self) -> Result<Errno, StartError> {
        let failed = call("pass on the arguments of the launcher");
        let mut words = StrVec::with_capacity(self.arguments.len()).map_err(&failed)?;
        for word in &self.arguments {
            words.push(word).map_err(&failed)?;
        }
        pidfd::close_range(3, u32::MAX, pidfd::CloseRange::CLOEXEC)
            .map_err(call("close descriptors"))?;
        for number in &self.keep {
            file::set_on_exec(FdRef::from_raw(number.cast_signed()), OnExec::Keep)
                .map_err(call(NOT_OPEN))?;
        }
        for fd in std::iter::once(&self.plan).chain(&self.reporter) {
            file::set_on_exec(fd.as_fd(), OnExec::Keep).map_err(call("pass on a descriptor"))?;
        }
        Ok(exec::execveat(
            self.program.as_fd(),
            c"",
            words.as_list(),
            StrList::EMPTY,
            AtFlags::EMPTY_PATH,
        ))
    }
}

fn seal(name: &std::ffi::CStr, bytes: &[u8], executable: Executable) -> Result<Fd, StartError> {
    let fd = memfd(name, executable).map_err(call("make a file in memory"))?;
    file::write_all(fd.as_fd(), bytes).map_err(call("write a file in memory"))?;
    close_to_writers(&fd)?;
    Ok(fd)
}

/// Seals a file. The kernel answers EBUSY while anybody else holds one of its pages, which on a loaded machine can be the
/// kernel itself for a moment (memfd_wait_for_pins in mm/memfd.c); it is asked again, and what stays unsealed is an error.
fn close_to_writers(fd: &Fd) -> Result<(), StartError> {
    let seals = Seals::WRITE | Seals::SHRINK | Seals::GROW | Seals::SEAL;
    let mut sealed = file::seal(fd.as_fd(), seals);
    for _ in 0..SEALING {
        if sealed != Err(Errno::EBUSY) {
            break;
        }
        std::thread::sleep(PAUSE);
        sealed = file::seal(fd.as_fd(), seals);
    }
    sealed.map_err(call("seal a file in memory"))
}

/// Copies the launcher into memory. Where the host forbids to execute from there (sysctl vm.memfd_noexec is 2), the
/// file itself is used.
fn copy_program(path: &Path) -> Result<Fd, StartError> {
    let failed = |errno| StartError::Launcher {
        path: path.to_owned(),
        errno,
    };
    let name = CString::new(path.as_os_str().as_bytes()).map_err(|_| failed(Errno::EINVAL))?;
    let source =
        file::openat(CWD, &name, OpenFlags::RDONLY | OpenFlags::CLOEXEC, 0).map_err(failed)?;
    let copy = match memfd(c"casemate-exec", Executable::Yes) {
        Ok(copy) => copy,
        Err(Errno::EACCES) => return Ok(source),
        Err(errno) => return Err(call("make a file in memory")(errno)),
    };
    let mut left = stat::fstat(source.as_fd()).map_err(failed)?.size;
    while left > 0 {
        let copied = file::sendfile(
            copy.as_fd(),
            source.as_fd(),
            usize::try_from(left).unwrap_or(usize::MAX),
        );
        match copied.map_err(call("copy the launcher into memory"))? {
            0 => return Err(call("copy the launcher into memory")(Errno::EIO)),
            count => left = left.saturating_sub(count as u64),
        }
    }
    close_to_writers(&copy)?;
    Ok(copy)
}
