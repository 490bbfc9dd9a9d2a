//! The process: as whom it runs, what it may do, its limits, its program.

use super::{Caller, facet, text, texts};
use crate::failure::{Attempt, Failure};
use casemate_enforce::plan::Steps;
use casemate_enforce::step::{Slot, Step};
use casemate_formats::oci::schema::{
    Capabilities, IoClass, Process, Scheduler, SchedulerFlag, SchedulerPolicy, User,
};
use casemate_model::names::arch::Arch;
use casemate_model::names::{Capability, rlimits};
use casemate_sys::CWD;
use casemate_sys::file::{self, OpenFlags, Resolve};
use casemate_sys::stat::{self, FileType};
use std::ffi::CString;
use std::path::Path;

/// Where a program without PATH in its environment is looked for.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Capability sets that can be had, and what cannot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Granted {
    /// The sets.
    pub sets: Capabilities,
    /// Capabilities that are asked for and not to be had.
    pub notes: Vec<String>,
}

impl Granted {
    /// Bounds the sets that are asked for by what the caller has: in a user namespace of the container's, everything.
    pub fn of(process: &Process, caller: &Caller, own_users: bool) -> Self {
        let asked = process.capabilities.unwrap_or(Capabilities::NONE);
        let (permitted, bounding) = if own_users {
            (caller.known, caller.known)
        } else {
            (caller.permitted, caller.bounding)
        };
        let mut sets = Capabilities {
            bounding: asked.bounding.intersection(bounding),
            permitted: asked.permitted.intersection(permitted),
            ..asked
        };
        sets.effective = asked.effective.intersection(sets.permitted);
        sets.inheritable = asked.inheritable.intersection(permitted);
        sets.ambient = asked
            .ambient
            .intersection(sets.permitted)
            .intersection(sets.inheritable);
        let pairs = [
            ("bounding", asked.bounding, sets.bounding),
            ("effective", asked.effective, sets.effective),
            ("permitted", asked.permitted, sets.permitted),
            ("inheritable", asked.inheritable, sets.inheritable),
            ("ambient", asked.ambient, sets.ambient),
        ];
        let notes = pairs
            .into_iter()
            .filter(|(_, asked, granted)| asked != granted)
            .map(|(name, asked, granted)| {
                let missing = asked.difference(granted);
                format!("process.capabilities.{name}: cannot be granted here: {missing}")
            })
            .collect();
        Self { sets, notes }
    }
}

/// What the steps of a process depend on beside the process.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The runtime's own process.
    pub caller: &'a Caller,
    /// Capabilities that are to be had.
    pub granted: &'a Granted,
    /// Whether setgroups(2) is refused.
    pub refuses_groups: bool,
    /// Whether a filter is installed.
    pub has_filter: bool,
    /// A procfs.
    pub proc: Slot,
}

/// Adds what only the launcher can do for the process, once it is there.
pub fn from_outside(steps: &mut Steps, process: &Process) -> Result<(), Failure> {
    if let Some(score) = process.oom_score_adj {
        steps.outside(facet::RESOURCES, Step::SetOomScore { score });
    }
    for limit in &process.rlimits {
        let (resource, hard) = (resource(&limit.kind)?, limit.hard);
        steps.outside(facet::RESOURCES, Step::RaiseRlimit { resource, hard });
    }
    if let Some(scheduler) = &process.scheduler {
        let attributes = scheduler_attributes(scheduler)?;
        steps.outside(facet::RESOURCES, Step::SetScheduler { attributes });
    }
    if let Some(io) = &process.io_priority {
        let class = match io.class {
            IoClass::RealTime => 1,
            IoClass::BestEffort => 2,
            IoClass::Idle => 3,
        };
        let level = u32::try_from(io.priority)
            .ok()
            .filter(|level| *level < 8)
            .ok_or_else(|| Failure::new("process.ioPriority.priority must be from 0 to 7"))?;
        let priority = class << 13 | level;
        steps.outside(facet::RESOURCES, Step::SetIoPriority { priority });
    }
    Ok(())
}

/// Adds the steps from the process's ids to its program's file.
pub fn become_it(
    steps: &mut Steps,
    process: &Process,
    around: &Surroundings<'_>,
) -> Result<(), Failure> {
    let caller = around.caller;
    let sets = &around.granted.sets;
    let uid = process.user.uid;
    steps.inside(facet::DEVICES, Step::OwnStreams { uid });
    let drop = caller.known.difference(sets.bounding).bits();
    if drop != 0 {
        steps.inside(facet::CAPABILITIES, Step::DropBounding { drop });
    }
    steps.inside(facet::IDS, identity(&process.user, around)?);
    steps.inside(
        facet::FILES,
        Step::EnterWorkingDirectory {
            path: text(process.cwd.as_str())?,
        },
    );
    // Whoever may not gain privileges can install a filter; else it takes this one, which execve(2) takes away: what a
    // program has afterwards comes of the other sets alone (capabilities(7)).
    let mut permitted = sets.permitted;
    let mut effective = sets.effective;
    if around.has_filter
        && !process.no_new_privileges
        && let Some(admin) = Capability::from_name("sys_admin")
    {
        permitted = permitted.with(admin);
        effective = effective.with(admin);
    }
    let (inheritable, ambient) = (sets.inheritable.bits(), sets.ambient.bits());
    let (permitted, effective) = (permitted.bits(), effective.bits());
    steps.inside(
        facet::CAPABILITIES,
        Step::SetCapabilitySets {
            effective,
            permitted,
            inheritable,
            ambient,
        },
    );
    if process.no_new_privileges {
        steps.inside(facet::CAPABILITIES, Step::SetNoNewPrivs {});
    }
    labels(steps, process, around.proc)?;
    let proc = around.proc;
    steps.inside(
        facet::CAPABILITIES,
        Step::VerifyCapabilitySets {
            proc,
            effective,
            permitted,
            inheritable,
            bounding: sets.bounding.bits(),
            ambient,
        },
    );
    let (name, directories) = program(process)?;
    steps.inside(facet::KERNEL, Step::FindProgram { name, directories });
    Ok(())
}

fn identity(
    user: &User,
    around: &Surroundings<'_>,
) -> Result<Step<casemate_enforce::plan::Owned>, Failure> {
    if around.refuses_groups && !user.additional_gids.is_empty() {
        return Err(Failure::new(
            "process.user.additionalGids: a caller without root, and without newgidmap, may set no groups",
        ));
    }
    Ok(Step::TakeIdentity {
        uid: user.uid,
        gid: user.gid,
        set_groups: u8::from(!around.refuses_groups),
        groups: user
            .additional_gids
            .iter()
            .flat_map(|gid| gid.to_le_bytes())
            .collect(),
        umask: user.umask.unwrap_or(0o022),
    })
}

/// Adds the labels that take effect when the program is executed.
fn labels(steps: &mut Steps, process: &Process, proc: Slot) -> Result<(), Failure> {
    if !process.apparmor_profile.is_empty() {
        let has = std::fs::read_to_string("/sys/module/apparmor/parameters/enabled")
            .is_ok_and(|text| text.trim() == "Y");
        if !has {
            return Err(Failure::new(format!(
                "process.apparmorProfile is {:?}, and this kernel has no AppArmor",
                process.apparmor_profile
            )));
        }
        // Since 5.8 AppArmor has files of its own; the others may be another module's.
        let own = Path::new("/proc/self/attr/apparmor/exec").exists();
        let path = if own {
            "self/attr/apparmor/exec"
        } else {
            "self/attr/exec"
        };
        let value = format!("exec {}", process.apparmor_profile);
        write(steps, proc, path, &value)?;
    }
    if !process.selinux_label.is_empty() {
        if !Path::new("/sys/fs/selinux/enforce").exists() {
            return Err(Failure::new(format!(
                "process.selinuxLabel is {:?}, and this kernel has no SELinux",
                process.selinux_label
            )));
        }
        write(steps, proc, "self/attr/exec", &process.selinux_label)?;
    }
    Ok(())
}

fn write(steps: &mut Steps, proc: Slot, path: &str, value: &str) -> Result<(), Failure> {
    steps.inside(
        facet::MAC,
        Step::WriteProc {
            proc,
            path: text(path)?,
            value: text(value)?,
            compare: 1,
        },
    );
    Ok(())
}

/// The program's name, and where it is looked for.
fn program(process: &Process) -> Result<(CString, Vec<CString>), Failure> {
    let name = process
        .args
        .first()
        .ok_or_else(|| Failure::new("process.args must name a program"))?;
    let path = process
        .env
        .iter()
        .rev()
        .find_map(|variable| variable.strip_prefix("PATH="))
        .unwrap_or(PATH);
    let directories = path
        .split(':')
        .filter(|directory| directory.starts_with('/'))
        .map(text)
        .collect::<Result<_, _>>()?;
    Ok((text(name.as_str())?, directories))
}

/// Adds the last steps, up to the filter.
pub fn ready(
    steps: &mut Steps,
    process: &Process,
    root: Option<&Path>,
    preserved: u32,
) -> Result<(), Failure> {
    steps.payload(facet::KERNEL, Step::PassDescriptors { count: preserved });
    let mut environment = process.env.clone();
    if !environment
        .iter()
        .any(|variable| variable.starts_with("HOME="))
    {
        let home = root.and_then(|root| home(root, process.user.uid));
        environment.push(format!("HOME={}", home.as_deref().unwrap_or("/")));
    }
    steps.payload(
        facet::KERNEL,
        Step::PrepareProgram {
            arguments: texts(&process.args)?,
            environment: texts(&environment)?,
        },
    );
    for limit in &process.rlimits {
        steps.payload(
            facet::RESOURCES,
            Step::SetRlimitExactly {
                resource: resource(&limit.kind)?,
                soft: limit.soft,
                hard: limit.hard,
            },
        );
    }
    Ok(())
}

/// Adds the step that becomes the program.
pub fn execute(steps: &mut Steps, process: &Process) -> Result<(), Failure> {
    let name = process.args.first().map_or("", String::as_str);
    steps.payload(facet::KERNEL, Step::ExecuteFound { name: text(name)? });
    Ok(())
}

/// A limit's number.
fn resource(name: &str) -> Result<u32, Failure> {
    let arch = Arch::native().unwrap_or(Arch::X86_64);
    name.strip_prefix("RLIMIT_")
        .and_then(|name| rlimits::find(&name.to_ascii_lowercase()))
        .map(|known| u32::from(known.number(arch)))
        .ok_or_else(|| Failure::new(format!("process.rlimits: there is no limit `{name}`")))
}

/// `struct sched_attr` of linux/sched/types.h, in its first form (3.14).
fn scheduler_attributes(scheduler: &Scheduler) -> Result<Vec<u8>, Failure> {
    let policy: u32 = match scheduler.policy {
        SchedulerPolicy::Other => 0,
        SchedulerPolicy::Fifo => 1,
        SchedulerPolicy::RoundRobin => 2,
        SchedulerPolicy::Batch => 3,
        SchedulerPolicy::Iso => 4,
        SchedulerPolicy::Idle => 5,
        SchedulerPolicy::Deadline => 6,
    };
    let flags = scheduler.flags.iter().fold(0u64, |flags, flag| {
        flags
            | match flag {
                SchedulerFlag::ResetOnFork => 0x01,
                SchedulerFlag::Reclaim => 0x02,
                SchedulerFlag::DeadlineOverrun => 0x04,
                SchedulerFlag::KeepPolicy => 0x08,
                SchedulerFlag::KeepParams => 0x10,
                SchedulerFlag::ClampMin => 0x20,
                SchedulerFlag::ClampMax => 0x40,
            }
    });
    let priority = u32::try_from(scheduler.priority)
        .attempt(|| "use process.scheduler.priority".to_owned())?;
    let mut bytes = Vec::with_capacity(48);
    bytes.extend(48u32.to_ne_bytes());
    bytes.extend(policy.to_ne_bytes());
    bytes.extend(flags.to_ne_bytes());
    bytes.extend(scheduler.nice.to_ne_bytes());
    bytes.extend(priority.to_ne_bytes());
    bytes.extend(scheduler.runtime.to_ne_bytes());
    bytes.extend(scheduler.deadline.to_ne_bytes());
    bytes.extend(scheduler.period.to_ne_bytes());
    Ok(bytes)
}

/// Largest /etc/passwd that is read.
const PASSWD: usize = 1 << 20;

/// The home of a user, from the image's /etc/passwd. No link in the image leads out of it.
fn home(root: &Path, uid: u32) -> Option<String> {
    let root = super::path_text(root).ok()?;
    let directory = OpenFlags::PATH | OpenFlags::DIRECTORY | OpenFlags::CLOEXEC;
    let root = file::openat(CWD, &root, directory, 0).ok()?;
    let flags = OpenFlags::RDONLY | OpenFlags::CLOEXEC | OpenFlags::NONBLOCK;
    let how = Resolve::IN_ROOT | Resolve::NO_MAGICLINKS;
    let file = file::openat2(root.as_fd(), c"etc/passwd", flags, 0, how).ok()?;
    let stat = stat::fstat(file.as_fd()).ok()?;
    if stat.kind != Some(FileType::Regular) {
        return None;
    }
    let mut bytes = vec![0; usize::try_from(stat.size).ok()?.min(PASSWD)];
    let length = file::read_full(file.as_fd(), &mut bytes).ok()?;
    bytes.truncate(length);
    let text = String::from_utf8_lossy(&bytes);
    text.lines().find_map(|line| {
        let mut fields = line.split(':');
        let is_user = fields.nth(2)?.parse() == Ok(uid);
        let home = fields.nth(2)?;
        (is_user && !home.is_empty()).then(|| home.to_owned())
    })
}

/// A mask of processors or memory nodes, from a list such as `0-3,7`.
pub fn mask(list: &str, what: &str) -> Result<Vec<u8>, Failure> {
    let bad = || Failure::new(format!("{what}: `{list}` is no list of numbers"));
    let mut mask = vec![0u8; 128];
    for range in list
        .split(',')
        .map(str::trim)
        .filter(|range| !range.is_empty())
    {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let first: usize = first.trim().parse().map_err(|_| bad())?;
        let last: usize = last.trim().parse().map_err(|_| bad())?;
        if first > last || last >= mask.len() * 8 {
            return Err(bad());
        }
        for number in first..=last {
            if let Some(byte) = mask.get_mut(number / 8) {
                *byte |= 1 << (number % 8);
            }
        }
    }
    Ok(mask)
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn lists_of_processors_are_masks() {
        let cases = [
            ("0", 1),
            ("0-2", 7),
            ("1,3", 10),
            (" 0 , 2-3 ", 13),
            ("", 0),
        ];
        for (list, first) in cases {
            assert_eq!(mask(list, "cpus").unwrap()[0], first, "{list}");
        }
        for list in ["x", "3-1", "1-", "4096", "-1"] {
            assert!(mask(list, "cpus").is_err(), "{list}");
        }
    }
}
