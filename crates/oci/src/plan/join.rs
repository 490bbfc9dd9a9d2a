//! The plan of a further process of a container.

use super::create::{host_proc, pid_file};
use super::process::{self, Granted};
use super::seccomp::{self, Filter};
use super::terminal::{self, Master};
use super::{Caller, facet, namespaces, plan_of, slot, text};
use crate::cgroup;
use crate::cli::Globals;
use crate::failure::Failure;
use crate::log::Format;
use crate::state::State;
use casemate_enforce::Plan;
use casemate_enforce::plan::Steps;
use casemate_enforce::step::{Ending, NO_SLOT, Slot, Step};
use casemate_formats::oci::schema::{NamespaceKind, Process, Spec};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a caller asks for.
#[derive(Debug)]
pub struct Joining<'a> {
    /// The flags of all verbs.
    pub globals: &'a Globals,
    /// The runtime's own process.
    pub caller: &'a Caller,
    /// The container's configuration.
    pub spec: &'a Spec,
    /// The container's state.
    pub state: &'a State,
    /// The process.
    pub process: &'a Process,
    /// The container's filter.
    pub filter: Option<Filter>,
    /// The capabilities that are to be had.
    pub granted: &'a Granted,
    /// Groups below the container's.
    pub below: BTreeMap<String, String>,
    /// Whether the launcher leaves once the program runs.
    pub detached: bool,
    /// Number of the log's descriptor.
    pub log_fd: Option<i32>,
    /// Where the process id is written.
    pub pid_file: Option<PathBuf>,
    /// Who gets the terminal's master.
    pub console_socket: Option<PathBuf>,
    /// Who gets the process's descriptor.
    pub pidfd_socket: Option<PathBuf>,
    /// How many descriptors are passed on.
    pub preserved: u32,
}

/// Plans the process.
///
/// # Errors
/// Something that is asked for cannot be honoured.
pub fn join(joining: Joining<'_>) -> Result<Plan, Failure> {
    let (process, state) = (joining.process, joining.state);
    let mut steps = Steps::new();
    container(&mut steps, &joining)?;
    let target = slot(&mut steps)?;
    let pid = u32::try_from(state.pid).unwrap_or(0);
    steps.outside(
        facet::NAMESPACES,
        Step::OpenNamespace {
            path: text("")?,
            pid,
            start_time: state.start_time,
            kind: 0,
            slot: target,
        },
    );
    let proc = host_proc(&mut steps)?;
    let socket = joining.console_socket.as_deref();
    let master = Master::of(&mut steps, process, socket, !joining.detached)?;
    let agent = agent(&mut steps, &joining)?;
    let pidfd = joining
        .pidfd_socket
        .as_deref()
        .map(|path| terminal::connect(&mut steps, facet::KERNEL, path))
        .transpose()?;
    let kinds = namespaces::differing(state.pid)?;
    affinity(&mut steps, process, Moment::Before)?;
    let groups = cgroup::join(&state.cgroup, &joining.below, state.pid, &mut || {
        steps.reserve_slot().unwrap_or(NO_SLOT)
    })?;
    for step in &groups.before {
        steps.outside(facet::RESOURCES, step.clone());
    }
    let pid_kind = NamespaceKind::Pid.flag();
    if kinds & pid_kind != 0 {
        steps.outside(facet::NAMESPACES, Step::EnterPidNamespace { slot: target });
    }
    let cgroup = groups.clone_into();
    steps.outside(facet::NAMESPACES, Step::Clone { flags: 0, cgroup });
    process::from_outside(&mut steps, process)?;
    steps.outside(facet::KERNEL, Step::AwaitReport {});
    affinity(&mut steps, process, Moment::After)?;
    if let Some(slot) = pidfd {
        let message = text(state.id.as_str())?;
        steps.outside(facet::KERNEL, Step::SendPidfd { slot, message });
    }
    if let Some(path) = &joining.pid_file {
        steps.outside(facet::KERNEL, pid_file(path)?);
    }
    steps.outside(facet::KERNEL, Step::Release {});
    steps.outside(facet::KERNEL, Step::AwaitProgram {});

    for step in groups.inside {
        steps.inside(facet::RESOURCES, step);
    }
    // Whoever is inside must find nothing to trace when this process appears there: CVE-2016-9962.
    steps.inside(facet::KERNEL, Step::HideProcess {});
    let kinds = kinds & !pid_kind;
    if kinds != 0 {
        let slot = target;
        steps.inside(facet::NAMESPACES, Step::JoinNamespace { slot, kinds });
    }
    master.open(&mut steps, process, None, None);
    steps.inside(facet::KERNEL, Step::NewKeyring {});
    let streams = master.streams();
    steps.inside(facet::DEVICES, Step::NewSession { streams });
    let around = process::Surroundings {
        caller: joining.caller,
        granted: joining.granted,
        refuses_groups: namespaces::refuses_groups(joining.spec, joining.caller),
        has_filter: joining.filter.is_some(),
        proc,
    };
    process::become_it(&mut steps, process, &around)?;
    steps.inside(facet::KERNEL, Step::Report {});

    // The image as the container has it by now.
    let root = PathBuf::from(format!("/proc/{}/root", state.pid));
    process::ready(&mut steps, process, Some(&root), joining.preserved)?;
    if let Some(filter) = joining.filter {
        seccomp::install(&mut steps, filter, agent)?;
    }
    process::execute(&mut steps, process)?;
    Ok(plan_of(steps, master.bridged()))
}

/// Adds the first step: there is nothing to be removed when it fails.
fn container(steps: &mut Steps, joining: &Joining<'_>) -> Result<(), Failure> {
    let ending = if joining.detached {
        Ending::Leave
    } else {
        Ending::Keep
    };
    let log = joining.log_fd.and_then(|fd| u32::try_from(fd).ok());
    let step = Step::Container {
        ending: ending as u8,
        log: log.unwrap_or(u32::MAX),
        json: u8::from(joining.globals.log.format == Format::Json),
        directory: u32::MAX,
        path: text("")?,
        removal: Vec::new(),
        always: 0,
    };
    steps.outside(facet::KERNEL, step);
    Ok(())
}

/// Connects to the filter's agent, with what it is told.
fn agent(
    steps: &mut Steps,
    joining: &Joining<'_>,
) -> Result<Option<(Slot, String, String)>, Failure> {
    let seccomp = joining
        .spec
        .linux
        .as_ref()
        .and_then(|linux| linux.seccomp.as_ref());
    let (Some(filter), Some(seccomp)) = (&joining.filter, seccomp) else {
        return Ok(None);
    };
    if !filter.asks {
        return Ok(None);
    }
    let path = Path::new(&seccomp.listener_path);
    let slot = terminal::connect(steps, facet::SYSCALLS, path)?;
    let (before, after) = super::create::told(joining.state, &seccomp.listener_metadata);
    Ok(Some((slot, before, after)))
}

/// When processors are bound.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Before the container's groups are entered.
    Before,
    /// After it.
    After,
}

/// Adds the step that binds the process to processors.
fn affinity(steps: &mut Steps, process: &Process, moment: Moment) -> Result<(), Failure> {
    let Some(affinity) = &process.exec_cpu_affinity else {
        return Ok(());
    };
    let (list, what) = match moment {
        Moment::Before => (&affinity.initial, "process.execCPUAffinity.initial"),
        Moment::After => (&affinity.after, "process.execCPUAffinity.final"),
    };
    if list.is_empty() {
        return Ok(());
    }
    let mask = process::mask(list, what)?;
    let step = match moment {
        Moment::Before => Step::SetAffinity { mask },
        Moment::After => Step::SetAffinityOf { mask },
    };
    steps.outside(facet::RESOURCES, step);
    Ok(())
}
