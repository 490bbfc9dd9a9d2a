//! What the doctor judges.

use super::{audit, trial};
use crate::host::gather::{GatherError, Identity, Ranges, Request, gather};
use crate::host::mountinfo::{Mount, Mounts};
use crate::host::userns::{Explanation, explain};
use crate::host::view::{Kernel, View};
use casemate_model::host::HostFacts;
use casemate_sys::Errno;
use std::io;
use std::path::{Path, PathBuf};

/// A kernel setting: what its file says, or none when the file is not there.
pub type Setting = Option<String>;

/// Everything that the doctor judges. Data only.
#[derive(Clone, PartialEq, Debug)]
pub struct Deep {
    /// What a launch gathers.
    pub facts: HostFacts,
    /// What trying gave.
    pub answers: super::Answers,
    /// Why there is no user namespace, if there is none.
    pub explanation: Option<Explanation>,
    /// Whether /proc is there.
    pub has_proc: bool,
    /// What is mounted over parts of /proc.
    pub over_proc: Vec<PathBuf>,
    /// Whether newuidmap and newgidmap are there with their privilege, whoever calls.
    pub helpers: Vec<(&'static str, Option<PathBuf>)>,
    /// Where the helpers are mounted nosuid.
    pub helpers_nosuid: Option<PathBuf>,
    /// The first id above all ranges that /etc/subuid and /etc/subgid give to anybody.
    pub free_range: u32,
    /// How many user ids there are in the process's user namespace.
    pub mapped_ids: Option<u64>,
    /// Whether /dev/net/tun may be written.
    pub tun: Result<(), io::ErrorKind>,
    /// Where Casemate is installed; none when its own path is unknown.
    pub installed: Option<Installed>,
    /// /proc/sys/kernel/core_pattern
    pub core_pattern: Setting,
    /// /proc/sys/kernel/yama/ptrace_scope
    pub ptrace_scope: Setting,
    /// /proc/sys/vm/memfd_noexec
    pub memfd_noexec: Setting,
    /// Whether the audit system is on.
    pub audit: Result<bool, Errno>,
    /// The hierarchies that are mounted, by type of file system: `cgroup`, `cgroup2`.
    pub cgroup_mounts: Vec<(String, PathBuf)>,
}

/// Where Casemate is installed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Installed {
    /// The program.
    pub program: PathBuf,
    /// The part that acts, beside it.
    pub exec: PathBuf,
    /// Whether that part is there and may be run.
    pub has_exec: bool,
    /// Where the file system that holds them is mounted.
    pub point: PathBuf,
    /// Its mount has `noexec`.
    pub noexec: bool,
    /// Its mount has `nosuid`.
    pub nosuid: bool,
}

/// Looks at everything, and tries in a child process what only trying tells.
///
/// # Errors
/// As [`gather`].
pub fn look() -> Result<Deep, GatherError> {
    let view = Kernel;
    let facts = gather(&Request {
        controllers: ["cpu", "memory", "pids"].map(str::to_owned).into(),
        ranges: Ranges::Needed,
        identity: Identity::Name,
        paths: vec!["/dev/net/tun".into()],
    })?;
    let answers = trial::attempt(facts.caller.uid, facts.caller.gid);
    let explanation = super::namespaces::refusal(&answers).map(|(_, errno)| explain(&view, errno));
    // Without /proc there is no list, and that is reported.
    let mounts = view
        .read(Path::new("/proc/self/mountinfo"))
        .map(|text| Mounts::parse(&text))
        .unwrap_or_default();
    let helpers = ["newuidmap", "newgidmap"]
        .map(|name| (name, crate::host::subordinate::helper(&view, name)))
        .to_vec();
    Ok(Deep {
        has_proc: view.read(Path::new("/proc/self/status")).is_ok(),
        over_proc: over(&mounts, Path::new("/proc")),
        helpers_nosuid: helpers
            .iter()
            .filter_map(|(_, path)| path.clone())
            .find(|path| {
                let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
                mounts
                    .holding(&path)
                    .is_some_and(|mount| mount.has_option("nosuid"))
            }),
        helpers,
        free_range: crate::host::subordinate::free_range(&view),
        mapped_ids: setting(view, "/proc/self/uid_map").map(|map| mapped(&map)),
        tun: view
            .may_write(Path::new("/dev/net/tun"))
            .map_err(|error| error.kind()),
        installed: installed(&mounts),
        core_pattern: setting(view, "/proc/sys/kernel/core_pattern"),
        ptrace_scope: setting(view, "/proc/sys/kernel/yama/ptrace_scope"),
        memfd_noexec: setting(view, "/proc/sys/vm/memfd_noexec"),
        audit: audit::is_enabled(),
        cgroup_mounts: mounts
            .0
            .iter()
            .filter(|mount| mount.kind.starts_with("cgroup") && mounts.is_visible(mount))
            .map(|mount| (mount.kind.clone(), mount.point.clone()))
            .collect(),
        facts,
        answers,
        explanation,
    })
}

/// Mounts that cover parts of a directory. The kernel forgives those on directories that are empty for good
/// (`mnt_already_visible`), such as /proc/sys/fs/binfmt_misc.
fn over(mounts: &Mounts, directory: &Path) -> Vec<PathBuf> {
    let is_over = |mount: &&Mount| mount.point.starts_with(directory) && mount.point != directory;
    let forgiven = |mount: &&Mount| mount.point == directory.join("sys/fs/binfmt_misc");
    mounts
        .0
        .iter()
        .filter(is_over)
        .filter(|mount| !forgiven(mount))
        .map(|mount| mount.point.clone())
        .collect()
}

/// Adds up the counts of a map of ids, user_namespaces(7).
fn mapped(map: &str) -> u64 {
    map.lines()
        .filter_map(|line| line.split_whitespace().nth(2)?.parse::<u64>().ok())
        .sum()
}

fn setting(view: Kernel, file: &str) -> Setting {
    let text = view.read_attribute(Path::new(file)).ok()?;
    Some(String::from_utf8_lossy(&text).trim().to_owned())
}

fn installed(mounts: &Mounts) -> Option<Installed> {
    let program = std::env::current_exe().ok()?;
    let exec = program.with_file_name("casemate-exec");
    let mount = mounts.holding(&program)?;
    Some(Installed {
        has_exec: is_executable(&exec),
        noexec: mount.has_option("noexec"),
        nosuid: mount.has_option("nosuid"),
        point: mount.point.clone(),
        program,
        exec,
    })
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, doctor};
    use super::*;

    /// On the machines that the tests are made for, `casemate run` works, for root and for others; only the part that
    /// acts does not lie beside this test.
    #[test]
    fn nothing_stands_in_the_way_here() {
        let deep = look().unwrap();
        let blocked: Vec<_> = doctor(&deep)
            .into_iter()
            .filter(|finding| finding.verdict == Verdict::Blocks)
            .collect();
        assert_eq!(
            blocked
                .iter()
                .map(|finding| finding.name)
                .collect::<Vec<_>>(),
            ["casemate-exec"],
            "{blocked:#?}"
        );
        let installed = deep.installed.unwrap();
        assert_eq!(
            Some(&installed.program),
            std::env::current_exe().ok().as_ref()
        );
        assert!(!installed.noexec, "{installed:?}");
    }

    #[test]
    fn ids_are_counted() {
        assert_eq!(mapped("         0          0 4294967295"), 4_294_967_295);
        assert_eq!(mapped("0 1000 1\n1 100000 65536\nx"), 65_537);
    }

    #[test]
    fn what_lies_over_proc_is_found() {
        let mounts = Mounts::parse(
            b"1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /proc rw - proc p rw\n3 2 0:3 / /proc/kcore rw - tmpfs t rw\n\
            4 2 0:4 / /proc/sys/fs/binfmt_misc rw - autofs s rw\n5 1 0:5 / /process rw - tmpfs t rw\n",
        );
        assert_eq!(
            over(&mounts, Path::new("/proc")),
            [PathBuf::from("/proc/kcore")]
        );
    }
}
