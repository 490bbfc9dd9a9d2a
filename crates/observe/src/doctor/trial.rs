//! Tries the steps of a launch in a child process, which leaves nothing behind.
//!
//! Only trying tells: a security module, a filter or a container may refuse what every setting permits. The child makes
//! system calls only and allocates nothing, so that it works in a program with threads, too.

use casemate_sys::file::{self, AtFlags, OpenFlags, Resolve};
use casemate_sys::mount::{self, Config, MountAttr, SetAttr};
use casemate_sys::process::{self, Clone, CloneFlags, Forked};
use casemate_sys::wait::{WaitFlags, WaitFor, waitid};
use casemate_sys::{CWD, Errno, FdRef, landlock, namespace, pidfd, prctl, retry, seccomp};
use std::collections::BTreeMap;
use std::ffi::CStr;

/// Declares the steps, their numbers in the report and their names.
macro_rules! steps {
    ($($(#[$doc:meta])* $step:ident $name:literal)*) => {
        /// One thing that is tried. In this order; what comes after a failed necessity is not tried.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        #[repr(u8)]
        pub enum Step { $($(#[$doc])* $step),* }

        impl Step {
            /// Every step.
            pub const ALL: &'static [Self] = &[$(Self::$step),*];

            /// What was done, for people.
            pub fn name(self) -> &'static str {
                match self { $(Self::$step => $name),* }
            }
        }
    };
}

steps! {
    /// Look up a path beneath a directory.
    Openat2 "openat2"
    /// Close a range of descriptors.
    CloseRange "close_range"
    /// A process is made: without it nothing else is tried.
    Fork "clone"
    /// A user namespace.
    User "unshare(CLONE_NEWUSER)"
    /// Forbid to drop groups, without which the kernel accepts no map of groups.
    Setgroups "write /proc/self/setgroups"
    /// The map of one user.
    UidMap "write /proc/self/uid_map"
    /// The map of one group.
    GidMap "write /proc/self/gid_map"
    /// A mount namespace.
    Mount "unshare(CLONE_NEWNS)"
    /// A file system is made.
    Tmpfs "fsopen and fsmount of a tmpfs"
    /// Its mount is made read-only.
    MountSetattr "mount_setattr"
    /// A detached copy of the root's mounts.
    OpenTree "open_tree of /"
    /// A namespace of process numbers.
    Pid "unshare(CLONE_NEWPID)"
    /// A network namespace.
    Net "unshare(CLONE_NEWNET)"
    /// A namespace of System V IPC.
    Ipc "unshare(CLONE_NEWIPC)"
    /// A namespace of host names.
    Uts "unshare(CLONE_NEWUTS)"
    /// A cgroup namespace.
    Cgroup "unshare(CLONE_NEWCGROUP)"
    /// A time namespace.
    Time "unshare(CLONE_NEWTIME)"
    /// A process by the newer call, which filters of container engines refuse.
    Clone3 "clone3"
    /// A new /proc for the new namespace of process numbers.
    Proc "fsopen and fsmount of a proc"
    /// Landlock restricts the child.
    Landlock "landlock_restrict_self"
    /// A syscall filter that permits everything.
    Seccomp "seccomp(SECCOMP_SET_MODE_FILTER)"
}

/// What the kernel answered. A step that is not in here was not reached.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answers(pub BTreeMap<Step, Result<(), Errno>>);

impl Answers {
    /// Returns the kernel's error, if the step was tried and failed.
    pub fn error(&self, step: Step) -> Option<Errno> {
        self.0.get(&step).and_then(|answer| answer.err())
    }

    /// Tells whether a step was tried and succeeded.
    pub fn works(&self, step: Step) -> bool {
        self.0.get(&step) == Some(&Ok(()))
    }
}

/// The two maps of one id each, ready before the child is made.
struct Maps {
    uid: String,
    gid: String,
}

/// Tries everything as the user `uid` and group `gid` that the process has.
pub(super) fn attempt(uid: u32, gid: u32) -> Answers {
    let maps = Maps {
        uid: format!("0 {uid} 1\n"),
        gid: format!("0 {gid} 1\n"),
    };
    let mut answers = Answers::default();
    let mut note = |step, answer: Result<(), Errno>| {
        answers.0.insert(step, answer);
    };
    note(
        Step::Openat2,
        file::openat2(
            CWD,
            c"/",
            OpenFlags::PATH | OpenFlags::CLOEXEC,
            0,
            Resolve::IN_ROOT,
        )
        .map(drop),
    );
    // A range above every descriptor that can be open.
    note(
        Step::CloseRange,
        pidfd::close_range(i32::MAX as u32, i32::MAX as u32, pidfd::CloseRange::empty()),
    );
    let (reader, writer) = match file::pipe2(OpenFlags::CLOEXEC) {
        Ok(pipe) => pipe,
        Err(errno) => {
            note(Step::Fork, Err(errno));
            return answers;
        }
    };
    match process::fork(
        CloneFlags::empty(),
        Some(casemate_sys::signal::Signal::CHLD),
    ) {
        Ok(Forked::Child) => {
            in_child(writer.as_fd(), &maps);
            process::exit(0)
        }
        Ok(Forked::Parent(child)) => {
            note(Step::Fork, Ok(()));
            drop(writer);
            collect(reader.as_fd(), &mut answers);
            reap(&child);
        }
        Err(errno) => note(Step::Fork, Err(errno)),
    }
    answers
}

/// Waits for a child that ends by itself.
fn reap(child: &process::Child) {
    match retry(|| waitid(WaitFor::Fd(child.pidfd.as_fd()), WaitFlags::EXITED)) {
        // An error means that somebody else has reaped it (SIGCHLD is ignored), which is as good.
        Ok(_) | Err(_) => {}
    }
}

/// Reads records of three bytes: step and error.
fn collect(reader: FdRef<'_>, answers: &mut Answers) {
    let mut record = [0u8; 3];
    while let Ok(3) = file::read_full(reader, &mut record) {
        let [step, low, high] = record;
        let answer = match u16::from_le_bytes([low, high]) {
            0 => Ok(()),
            errno => Err(Errno::from_raw(errno)),
        };
        if let Some(step) = Step::ALL.get(usize::from(step)) {
            answers.0.insert(*step, answer);
        }
    }
}

/// Reports a step and tells whether it succeeded.
fn say<T>(report: FdRef<'_>, step: Step, answer: Result<T, Errno>) -> Option<T> {
    let errno = answer.as_ref().err().map_or(0, |errno| errno.raw());
    let [low, high] = errno.to_le_bytes();
    // Without its reader the child has nothing more to do.
    if file::write_all(report, &[step as u8, low, high]).is_err() {
        process::exit(1);
    }
    answer.ok()
}

fn in_child(report: FdRef<'_>, maps: &Maps) {
    if become_root_of_namespace(report, maps).is_some() {
        try_mounts(report);
        try_namespaces(report);
        try_processes(report);
    }
    // Also without namespaces, these two are worth knowing.
    say(report, Step::Landlock, restrict());
    say(
        report,
        Step::Seccomp,
        prctl::seal_no_new_privs().and_then(|()| load_filter()),
    );
}

fn become_root_of_namespace(report: FdRef<'_>, maps: &Maps) -> Option<()> {
    say(report, Step::User, namespace::unshare(CloneFlags::NEWUSER))?;
    say(
        report,
        Step::Setgroups,
        put(c"/proc/self/setgroups", b"deny"),
    )?;
    say(
        report,
        Step::UidMap,
        put(c"/proc/self/uid_map", maps.uid.as_bytes()),
    )?;
    say(
        report,
        Step::GidMap,
        put(c"/proc/self/gid_map", maps.gid.as_bytes()),
    )?;
    say(report, Step::Mount, namespace::unshare(CloneFlags::NEWNS))
}

fn put(path: &CStr, text: &[u8]) -> Result<(), Errno> {
    let file = file::openat(CWD, path, OpenFlags::WRONLY | OpenFlags::CLOEXEC, 0)?;
    // These files take their content in one write.
    file::write(file.as_fd(), text).map(drop)
}

fn make_mount(kind: &CStr) -> Result<casemate_sys::Fd, Errno> {
    let system = mount::fsopen(kind)?;
    mount::fsconfig(system.as_fd(), Config::Create)?;
    mount::fsmount(
        system.as_fd(),
        MountAttr::NOSUID | MountAttr::NODEV | MountAttr::NOEXEC,
    )
}

fn try_mounts(report: FdRef<'_>) {
    if let Some(tmpfs) = say(report, Step::Tmpfs, make_mount(c"tmpfs")) {
        let change = SetAttr::set(MountAttr::RDONLY);
        say(
            report,
            Step::MountSetattr,
            mount::mount_setattr(tmpfs.as_fd(), c"", AtFlags::EMPTY_PATH, change),
        );
    }
    let tree = mount::open_tree(CWD, c"/", mount::Tree::CloneRecursive, AtFlags::empty());
    say(report, Step::OpenTree, tree);
}

fn try_namespaces(report: FdRef<'_>) {
    let kinds = [
        (Step::Pid, CloneFlags::NEWPID),
        (Step::Net, CloneFlags::NEWNET),
        (Step::Ipc, CloneFlags::NEWIPC),
        (Step::Uts, CloneFlags::NEWUTS),
        (Step::Cgroup, CloneFlags::NEWCGROUP),
        (Step::Time, CloneFlags::NEWTIME),
    ];
    for (step, flag) in kinds {
        say(report, step, namespace::unshare(flag));
    }
}

/// Only a process in the new namespace of process numbers can mount a /proc for it.
fn try_processes(report: FdRef<'_>) {
    let newer = process::clone3(&Clone::new(CloneFlags::empty()));
    let child = match newer {
        Err(errno) => {
            say::<()>(report, Step::Clone3, Err(errno));
            process::fork(
                CloneFlags::empty(),
                Some(casemate_sys::signal::Signal::CHLD),
            )
        }
        Ok(Forked::Parent(child)) => {
            say(report, Step::Clone3, Ok(()));
            Ok(Forked::Parent(child))
        }
        child @ Ok(Forked::Child) => child,
    };
    match child {
        Ok(Forked::Child) => {
            say(report, Step::Proc, make_mount(c"proc"));
            process::exit(0)
        }
        Ok(Forked::Parent(child)) => reap(&child),
        Err(errno) => {
            say::<()>(report, Step::Proc, Err(errno));
        }
    }
}

fn restrict() -> Result<(), Errno> {
    prctl::seal_no_new_privs()?;
    let handled = landlock::Handled {
        fs: landlock::FsRights::MAKE_BLOCK,
        net: landlock::NetRights::empty(),
        scopes: landlock::Scopes::empty(),
    };
    let rules = landlock::create_ruleset(&handled)?;
    landlock::restrict_self(rules.as_fd(), landlock::RestrictFlags::empty())
}

fn load_filter() -> Result<(), Errno> {
    const RETURN_ALLOW: [u8; 8] = {
        let [a, b, c, d] = 0x7fff_0000u32.to_ne_bytes(); // SECCOMP_RET_ALLOW, linux/seccomp.h
        let [low, high] = 6u16.to_ne_bytes(); // BPF_RET | BPF_K, linux/bpf_common.h
        [low, high, 0, 0, a, b, c, d]
    };
    let program = [RETURN_ALLOW];
    seccomp::load_filter(
        seccomp::Program::from_bytes(&program)?,
        seccomp::FilterFlags::empty(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use casemate_sys::ids;

    #[test]
    fn every_step_has_its_number() {
        for (index, step) in Step::ALL.iter().enumerate() {
            assert_eq!(*step as usize, index, "{step:?}");
        }
    }

    /// On the machines that the tests are made for, nothing stands in the way.
    #[test]
    fn everything_works_here() {
        let answers = attempt(ids::geteuid(), ids::getegid());
        let failed: Vec<_> = Step::ALL
            .iter()
            .filter(|step| !answers.works(**step))
            .collect();
        assert!(failed.is_empty(), "{failed:?} in {answers:?}");
    }

    /// Not even for root: the child has no power over its parent's namespace.
    #[test]
    fn a_map_that_is_not_ours_is_refused_and_ends_the_trial() {
        let answers = attempt(ids::geteuid() + 1, ids::getegid());
        assert_eq!(answers.error(Step::UidMap), Some(Errno::EPERM));
        assert!(!answers.0.contains_key(&Step::GidMap) && answers.works(Step::Seccomp));
    }
}
