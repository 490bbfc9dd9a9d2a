//! Limits: control groups and rlimits.

use super::{Asked, Builder, Gap, PlanError, asked, identity, required};
use crate::step::{NO_SLOT, Slot, Step};
use casemate_model::facets::ids::IdMap;
use casemate_model::lattice::Limit;
use casemate_model::names::arch::Arch;
use casemate_model::names::rlimits;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Length of the period in which processor time is counted, in microseconds: the kernel's default.
const PERIOD: u64 = 100_000;

/// A limit of a control group.
struct Wanted {
    controller: &'static str,
    what: &'static str,
    asked: Asked,
    v1: Vec<(&'static str, String)>,
    v2: (&'static str, String),
}

/// Places of the descriptors that move the program into its groups.
#[derive(Debug)]
pub(super) struct Entrances {
    /// The directory of the version 2 group, or [`NO_SLOT`].
    pub(super) v2: Slot,
    /// The files of version 1 groups.
    pub(super) v1: Vec<Slot>,
}

/// Makes the groups, writes their limits, and opens their entrances.
pub(super) fn cgroups(builder: &mut Builder<'_>) -> Result<Entrances, PlanError> {
    let wanted = wanted(builder)?;
    let mut groups = Groups::default();
    for limit in wanted {
        if let Err(why) = groups.place(builder, &limit) {
            let what = limit.what.to_owned();
            builder.not_enforced(
                limit.asked,
                Gap {
                    facet: "resources",
                    what,
                    why,
                },
            )?;
        }
    }
    for (file, controllers) in &groups.enable {
        let value = controllers
            .iter()
            .map(|name| format!("+{name}"))
            .collect::<Vec<_>>()
            .join(" ");
        set(builder, file, &value)?;
    }
    for (directory, files) in &groups.values {
        let path = super::filesystem::c_path(directory)?;
        builder.outside("resources", Step::MakeCgroup { path, shared: 0 });
        for (file, value) in files {
            set(builder, &directory.join(file), value)?;
        }
    }
    let mut entrances = Entrances {
        v2: NO_SLOT,
        v1: Vec::new(),
    };
    for directory in groups.values.keys() {
        let slot = builder.reserve_slot();
        let path = if groups.v2.as_ref() == Some(directory) {
            entrances.v2 = slot;
            directory.clone()
        } else {
            entrances.v1.push(slot);
            directory.join("tasks")
        };
        let path = super::filesystem::c_path(&path)?;
        builder.outside("resources", Step::OpenCgroup { path, slot });
    }
    Ok(entrances)
}

fn set(builder: &mut Builder<'_>, file: &Path, value: &str) -> Result<(), PlanError> {
    let path = super::filesystem::c_path(file)?;
    builder.outside(
        "resources",
        Step::SetCgroup {
            path,
            values: vec![identity::text(value)?],
            field: std::ffi::CString::default(),
            absent: 0,
        },
    );
    Ok(())
}

fn wanted(builder: &Builder<'_>) -> Result<Vec<Wanted>, PlanError> {
    let resources = &builder.confinement.resources;
    let mut wanted = Vec::new();
    if let Limit::AtMost(bytes) = required(&resources.memory, "resources.memory")? {
        wanted.push(Wanted {
            controller: "memory",
            what: "the limit of memory",
            asked: asked(&resources.memory),
            v1: vec![("memory.limit_in_bytes", bytes.to_string())],
            v2: ("memory.max", bytes.to_string()),
        });
    }
    // RLIMIT_NPROC counts per user namespace since 5.14 and covers the default: a group of its own is made where the
    // limit was asked for, or where several ids would each have the limit.
    let processes = required(&resources.processes, "resources.processes")?;
    if let Limit::AtMost(count) = processes
        && (resources.processes.is_set() || !counts_by_rlimit(builder)?)
    {
        // The init process is in the group too.
        let count = count.saturating_add(1).to_string();
        let asked = if counts_by_rlimit(builder)? {
            Asked::ByDefault
        } else {
            asked(&resources.processes)
        };
        let v1 = vec![("pids.max", count.clone())];
        wanted.push(Wanted {
            controller: "pids",
            what: "the number of processes by control group",
            asked,
            v1,
            v2: ("pids.max", count),
        });
    }
    if let Limit::AtMost(thousandths) = required(&resources.cpu, "resources.cpu")? {
        // The kernel refuses a quota below a thousandth of a second.
        let quota = (PERIOD.saturating_mul(*thousandths) / 1000).max(1000);
        wanted.push(Wanted {
            controller: "cpu",
            what: "the limit of processor time",
            asked: asked(&resources.cpu),
            v1: vec![
                ("cpu.cfs_period_us", PERIOD.to_string()),
                ("cpu.cfs_quota_us", quota.to_string()),
            ],
            v2: ("cpu.max", format!("{quota} {PERIOD}")),
        });
    }
    Ok(wanted)
}

fn counts_by_rlimit(builder: &Builder<'_>) -> Result<bool, PlanError> {
    let one = match required(&builder.confinement.ids.uid_map, "ids.uid_map")? {
        IdMap::Mapped(ranges) => {
            ranges
                .iter()
                .map(|range| u64::from(range.count))
                .sum::<u64>()
                == 1
        }
        IdMap::Host => false,
    };
    Ok(one && builder.facts.kernel >= casemate_model::names::version::KernelVersion::new(5, 14))
}

/// Where limits go: files with values, by group.
#[derive(Default)]
struct Groups {
    values: BTreeMap<PathBuf, Vec<(&'static str, String)>>,
    enable: BTreeMap<PathBuf, BTreeSet<String>>,
    v2: Option<PathBuf>,
}

impl Groups {
    /// Finds a place for a limit, or says why there is none.
    fn place(&mut self, builder: &Builder<'_>, limit: &Wanted) -> Result<(), String> {
        let cgroups = &builder.facts.cgroups;
        if let Some(v1) = cgroups.v1.get(limit.controller) {
            let directory = v1
                .parent
                .as_ref()
                .map_err(Clone::clone)?
                .join(&builder.options.name);
            self.values
                .entry(directory)
                .or_default()
                .extend(limit.v1.iter().cloned());
            return Ok(());
        }
        let Some(v2) = &cgroups.v2 else {
            return Err(format!(
                "no cgroup hierarchy with the controller {} is mounted",
                limit.controller
            ));
        };
        let parent = v2.parent.as_ref().map_err(Clone::clone)?;
        if v2.to_enable.contains(limit.controller) {
            let file = parent.join("cgroup.subtree_control");
            self.enable
                .entry(file)
                .or_default()
                .insert(limit.controller.to_owned());
        } else if !v2.controllers.contains(limit.controller) {
            return Err(format!(
                "the controller {} is not delegated to {} (cgroup.controllers; systemd: Delegate=yes)",
                limit.controller,
                parent.display()
            ));
        }
        let group = parent.join(&builder.options.name);
        self.v2 = Some(group.clone());
        self.values.entry(group).or_default().push(limit.v2.clone());
        Ok(())
    }
}

/// Sets the limits of each process.
pub(super) fn rlimits(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let arch = Arch::native().unwrap_or(Arch::X86_64);
    let mut limits = Vec::new();
    for (name, pair) in &required(&builder.confinement.resources.rlimits, "resources.rlimits")?.0 {
        let Some(rlimit) = rlimits::find(name) else {
            let why = "the kernel has no such limit".to_owned();
            return Err(PlanError::NotEnforceable {
                facet: "resources",
                what: format!("the limit {name}"),
                why,
            });
        };
        limits.push((u32::from(rlimit.number(arch)), pair.soft, pair.hard));
    }
    if let Limit::AtMost(count) = required(
        &builder.confinement.resources.processes,
        "resources.processes",
    )? && counts_by_rlimit(builder)?
        && let Some(nproc) = rlimits::find("nproc")
    {
        let number = u32::from(nproc.number(arch));
        // The init process counts too. A limit of its own that is lower holds.
        let most = |limit: Limit| {
            let count = count.saturating_add(1);
            Limit::AtMost(limit.bound().map_or(count, |own| own.min(count)))
        };
        let own = limits.iter().find(|(resource, ..)| *resource == number);
        let (soft, hard) = own.map_or((Limit::Unlimited, Limit::Unlimited), |own| (own.1, own.2));
        limits.retain(|(resource, ..)| *resource != number);
        limits.push((number, most(soft), most(hard)));
    }
    for (resource, soft, hard) in limits {
        // RLIM_INFINITY is the largest number.
        let value = |limit: Limit| limit.bound().unwrap_or(u64::MAX);
        builder.payload(
            "resources",
            Step::SetRlimit {
                resource,
                soft: value(soft),
                hard: value(hard),
            },
        );
    }
    Ok(())
}
