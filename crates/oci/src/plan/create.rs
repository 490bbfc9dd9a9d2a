//! A container's plan.

use super::namespaces::{self, Namespaces, User};
use super::process::{self, Granted};
use super::root::{self, Entering, Hierarchy, UserNamespace, Version};
use super::seccomp::{self, Filter};
use super::terminal::{self, Master};
use super::{Caller, facet, hooks, path_text, plan_of, slot, text};
use crate::cgroup::{self, Groups};
use crate::cli::{CgroupManager, Globals};
use crate::failure::Failure;
use crate::log::Format;
use crate::state::{START, STATE, State, Status, describe_around};
use casemate_enforce::Plan;
use casemate_enforce::plan::Steps;
use casemate_enforce::step::{Ending, NO_SLOT, Slot, Stage, Step};
use casemate_formats::oci::schema::{
    Hooks, MemoryPolicy, MemoryPolicyFlag, MemoryPolicyMode, PersonalityDomain, Process, Spec,
};
use std::collections::BTreeMap;
use std::ffi::CString;
use std::path::{Path, PathBuf};

/// For what a container is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// To be started later.
    Create,
    /// To run at once; the launcher leaves.
    RunDetached,
    /// To run at once; the launcher waits for the end and removes it.
    Run,
    /// The same, and it stays.
    RunAndKeep,
}

/// What a caller asks for.
#[derive(Debug)]
pub struct Request<'a> {
    /// The flags of all verbs.
    pub globals: &'a Globals,
    /// The configuration.
    pub spec: &'a Spec,
    /// Its filter.
    pub filter: Option<Filter>,
    /// The capabilities that are to be had.
    pub granted: &'a Granted,
    /// The runtime's own process.
    pub caller: &'a Caller,
    /// The state, without groups and process.
    pub state: State,
    /// For what.
    pub purpose: Purpose,
    /// The container's directory.
    pub directory: PathBuf,
    /// Number of that directory's descriptor.
    pub directory_fd: i32,
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
    /// How the root is entered.
    pub entering: Entering,
    /// Whether the caller's session keyring is kept.
    pub keeps_keyring: bool,
}

/// A plan, and the state that is written before it is executed.
#[derive(Debug)]
pub struct Created {
    /// The plan.
    pub plan: Plan,
    /// The state.
    pub state: State,
    /// What is not as it was asked for.
    pub notes: Vec<String>,
}

/// Plans a container.
///
/// # Errors
/// Something that is asked for cannot be honoured.
#[expect(clippy::needless_pass_by_value, reason = "a request is planned once")]
pub fn create(request: Request<'_>) -> Result<Created, Failure> {
    let spec = request.spec;
    let none = Process::default();
    let process = spec.process.as_ref().unwrap_or(&none);
    if process.args.is_empty() {
        return Err(Failure::new("process.args must name a program"));
    }
    let mut steps = Steps::new();
    let mut state = request.state.clone();
    let hooks = spec.hooks.clone().unwrap_or_default();
    (state.poststart, state.poststop) = (!hooks.poststart.is_empty(), !hooks.poststop.is_empty());
    container(&mut steps, &request, &state)?;
    let attended = matches!(request.purpose, Purpose::Run | Purpose::RunAndKeep);
    let master = Master::of(
        &mut steps,
        process,
        request.console_socket.as_deref(),
        attended,
    )?;
    let sockets = Sockets::connect(&mut steps, &request)?;
    let spaces = Namespaces::of(spec, &mut steps)?;
    let time_proc = match spaces.time {
        Some(_) => Some(host_proc(&mut steps)?),
        None => None,
    };
    let groups = groups(&mut steps, &request)?;
    state.cgroup = groups.record.clone();
    let root = root_plan(&mut steps, &request, &spaces, &state)?;
    let mut notes = groups.notes.clone();
    notes.extend(root.notes.iter().cloned());
    state.rdt = root
        .left
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let listener = match request.purpose {
        Purpose::Create => Some(listen(&mut steps)?),
        _ => None,
    };

    outside(&mut steps, &request, &spaces, &groups, &root)?;
    let made = Making {
        request: &request,
        process,
        hooks: &hooks,
        state: &state,
        spaces: &spaces,
        master: &master,
        listener,
        time_proc,
        agent: sockets.agent,
    };
    made.report(&mut steps, sockets.pidfd)?;
    made.inside(&mut steps, groups.inside, root)?;
    made.payload(&mut steps)?;
    Ok(Created {
        plan: plan_of(steps, master.bridged()),
        state,
        notes,
    })
}

/// Adds the first step.
fn container(steps: &mut Steps, request: &Request<'_>, state: &State) -> Result<(), Failure> {
    let ending = match request.purpose {
        Purpose::Create | Purpose::RunDetached => Ending::Leave,
        Purpose::Run => Ending::Remove,
        Purpose::RunAndKeep => Ending::Keep,
    };
    let number = |fd: i32| u32::try_from(fd).unwrap_or(u32::MAX);
    let step = Step::Container {
        ending: ending as u8,
        log: request.log_fd.map_or(u32::MAX, number),
        json: u8::from(request.globals.log.format == Format::Json),
        directory: number(request.directory_fd),
        path: path_text(&request.directory)?,
        removal: removal(request.globals, &state.id)?,
        always: u8::from(state.poststop || !state.rdt.is_empty() || state.cgroup.unit.is_some()),
    };
    steps.outside(facet::KERNEL, step);
    Ok(())
}

/// The command that removes what is left of a container.
fn removal(globals: &Globals, id: &str) -> Result<Vec<CString>, Failure> {
    let Ok(own) = std::env::current_exe() else {
        return Ok(Vec::new());
    };
    let mut words = vec![path_text(&own)?, text("--root")?, path_text(&globals.root)?];
    if let Some(file) = &globals.log.file {
        words.push(text("--log")?);
        words.push(path_text(Path::new(file))?);
        if globals.log.format == Format::Json {
            words.push(text("--log-format=json")?);
        }
    }
    for word in ["delete", "--force", id] {
        words.push(text(word)?);
    }
    Ok(words)
}

/// Sockets that are connected before the container is made.
struct Sockets {
    agent: Option<Slot>,
    pidfd: Option<Slot>,
}

impl Sockets {
    fn connect(steps: &mut Steps, request: &Request<'_>) -> Result<Self, Failure> {
        let seccomp = request
            .spec
            .linux
            .as_ref()
            .and_then(|linux| linux.seccomp.as_ref());
        let agent = match (&request.filter, seccomp) {
            (Some(filter), Some(seccomp)) if filter.asks => {
                let path = Path::new(&seccomp.listener_path);
                Some(terminal::connect(steps, facet::SYSCALLS, path)?)
            }
            _ => None,
        };
        let pidfd = request
            .pidfd_socket
            .as_deref()
            .map(|path| terminal::connect(steps, facet::KERNEL, path))
            .transpose()?;
        Ok(Self { agent, pidfd })
    }
}

/// Adds the step that opens the host's procfs.
pub(super) fn host_proc(steps: &mut Steps) -> Result<Slot, Failure> {
    let slot = slot(steps)?;
    steps.outside(facet::FILES, Step::OpenHostProc { slot });
    Ok(slot)
}

fn listen(steps: &mut Steps) -> Result<Slot, Failure> {
    let slot = slot(steps)?;
    steps.outside(
        facet::KERNEL,
        Step::ListenForStart {
            name: text(START)?,
            slot,
        },
    );
    Ok(slot)
}

fn groups(steps: &mut Steps, request: &Request<'_>) -> Result<Groups, Failure> {
    let linux = request.spec.linux.as_ref();
    let caller = if request.caller.is_root() {
        cgroup::Caller::Root
    } else {
        cgroup::Caller::Rootless
    };
    let asked = cgroup::Asked {
        id: &request.state.id,
        path: linux
            .map(|linux| linux.cgroups_path.as_str())
            .filter(|path| !path.is_empty()),
        resources: linux.and_then(|linux| linux.resources.as_ref()),
        caller,
        owner: owner(request.spec),
    };
    if request.globals.cgroup_manager == CgroupManager::Systemd {
        return cgroup::systemd::plan(&asked, &request.globals.again());
    }
    cgroup::plan(&asked, &mut || steps.reserve_slot().unwrap_or(NO_SLOT))
}

/// To whom the second version's group is given: a container's own root, when it has a view of its own and may write it.
fn owner(spec: &Spec) -> Option<u32> {
    use casemate_formats::oci::schema::NamespaceKind;
    let own_view = spec
        .namespace(NamespaceKind::Cgroup)
        .is_some_and(|namespace| namespace.path.is_empty());
    let writable = spec
        .mounts
        .iter()
        .any(|mount| matches!(mount.kind.as_str(), "cgroup" | "cgroup2") && !mount.has("ro"));
    let linux = spec.linux.as_ref()?;
    let uid = spec.process.as_ref()?.user.uid;
    let users = spec.namespace(NamespaceKind::User).is_some();
    (own_view && writable && users)
        .then(|| namespaces::on_host(&linux.uid_mappings, uid))
        .flatten()
}

/// Plans the root, and leaves its slots to it.
fn root_plan(
    steps: &mut Steps,
    request: &Request<'_>,
    spaces: &Namespaces,
    state: &State,
) -> Result<root::RootPlan, Failure> {
    let user = match (spaces.user, request.caller.is_root()) {
        (User::Same, _) => UserNamespace::Same,
        (_, true) => UserNamespace::OfPrivileged,
        (_, false) => UserNamespace::OfUnprivileged,
    };
    let mounts_cgroups = request
        .spec
        .mounts
        .iter()
        .any(|mount| matches!(mount.kind.as_str(), "cgroup" | "cgroup2"));
    let around = root::Surroundings {
        bundle: PathBuf::from(&state.bundle),
        entering: request.entering,
        user,
        cgroups: if mounts_cgroups {
            hierarchies(state)?
        } else {
            Vec::new()
        },
        rdt: rdt(request.spec),
        id: state.id.clone(),
        has_kcore: Path::new("/proc/kcore").exists(),
        first_slot: steps.slots_in_use(),
    };
    let plan = root::plan(request.spec, &around)?;
    steps.reserve_below(plan.next_slot);
    Ok(plan)
}

/// The host's resource director, when the container is to use it.
fn rdt(spec: &Spec) -> Option<root::Rdt> {
    let asked = spec.linux.as_ref()?.intel_rdt.as_ref()?;
    let mountinfo = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let mount = mountinfo.lines().find_map(|line| {
        let (fields, kind) = line.split_once(" - ")?;
        let is_resctrl = kind.starts_with("resctrl ");
        is_resctrl.then(|| fields.split(' ').nth(4)).flatten()
    })?;
    let mount = PathBuf::from(mount);
    let class = std::fs::read_to_string(mount.join(&asked.clos_id).join("schemata")).ok();
    Some(root::Rdt {
        class: class.filter(|_| !asked.clos_id.is_empty()),
        mount,
    })
}

/// The host's hierarchies with the container's groups.
fn hierarchies(state: &State) -> Result<Vec<Hierarchy>, Failure> {
    let host = cgroup::hierarchy::Hierarchies::read()?;
    let group = |name: &str| state.cgroup.paths.get(name).cloned();
    let mut by_mount: BTreeMap<PathBuf, (Vec<String>, Option<PathBuf>)> = BTreeMap::new();
    for (name, hierarchy) in &host.v1 {
        let entry = by_mount.entry(hierarchy.mount.clone()).or_default();
        entry.0.push(name.clone());
        entry.1 = group(name);
    }
    let name_of = |mount: &Path| {
        mount
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let mut all: Vec<Hierarchy> = by_mount
        .into_iter()
        .map(|(mount, (controllers, group))| Hierarchy {
            version: Version::V1 { controllers },
            name: name_of(&mount),
            group,
        })
        .collect();
    if let Some(v2) = &host.v2 {
        all.push(Hierarchy {
            version: Version::V2,
            name: name_of(&v2.mount),
            group: group(cgroup::UNIFIED),
        });
    }
    Ok(all)
}

/// Adds the launcher's steps up to those that wait for init.
fn outside(
    steps: &mut Steps,
    request: &Request<'_>,
    spaces: &Namespaces,
    groups: &Groups,
    root: &root::RootPlan,
) -> Result<(), Failure> {
    steps.extend(root.outside.clone());
    for step in &groups.before {
        steps.outside(facet::RESOURCES, step.clone());
    }
    steps.outside(
        facet::NAMESPACES,
        Step::Clone {
            flags: spaces.at_clone,
            cgroup: groups.clone_into(),
        },
    );
    for step in &groups.after {
        steps.outside(facet::RESOURCES, step.clone());
    }
    steps.extend(root.started.clone());
    if spaces.user == User::New {
        namespaces::map_ids(steps, request.spec, request.caller)?;
    }
    if waits_for_release(spaces, groups, root) {
        steps.outside(facet::NAMESPACES, Step::Release {});
        steps.inside(facet::NAMESPACES, Step::AwaitRelease {});
    }
    if let Some(process) = &request.spec.process {
        process::from_outside(steps, process)?;
    }
    Ok(())
}

/// Whether the launcher has something to do before init goes on.
fn waits_for_release(spaces: &Namespaces, groups: &Groups, root: &root::RootPlan) -> bool {
    spaces.user == User::New || !groups.after.is_empty() || !root.started.is_empty()
}

/// The making of a container, once its parts are planned.
struct Making<'a> {
    request: &'a Request<'a>,
    process: &'a Process,
    hooks: &'a Hooks,
    state: &'a State,
    spaces: &'a Namespaces,
    master: &'a Master,
    listener: Option<Slot>,
    time_proc: Option<Slot>,
    agent: Option<Slot>,
}

impl Making<'_> {
    /// Whether hooks run outside while init waits.
    fn has_runtime_hooks(&self) -> bool {
        !self.hooks.prestart.is_empty() || !self.hooks.create_runtime.is_empty()
    }

    /// Adds the launcher's steps from the hooks on.
    fn report(&self, steps: &mut Steps, pidfd: Option<Slot>) -> Result<(), Failure> {
        if self.has_runtime_hooks() {
            steps.outside(facet::KERNEL, Step::AwaitReport {});
            // Old hooks have always been told that it is created, as they once ran after that.
            for (kind, hooks, status) in [
                ("prestart", &self.hooks.prestart, Status::Created),
                (
                    "createRuntime",
                    &self.hooks.create_runtime,
                    Status::Creating,
                ),
            ] {
                hooks::add(steps, Stage::Outside, kind, hooks, self.state, status)?;
            }
            steps.outside(facet::KERNEL, Step::Release {});
        }
        steps.outside(facet::KERNEL, Step::AwaitReport {});
        if let Some(slot) = pidfd {
            let message = text(self.state.id.as_str())?;
            steps.outside(facet::KERNEL, Step::SendPidfd { slot, message });
        }
        if let Some(path) = &self.request.pid_file {
            steps.outside(facet::KERNEL, pid_file(path)?);
        }
        let texts = self.state.texts();
        steps.outside(
            facet::KERNEL,
            Step::WriteState {
                name: text(STATE)?,
                new: text(format!("{STATE}.new"))?,
                before: text(texts.before)?,
                between: text(texts.between)?,
                after: text(texts.after)?,
            },
        );
        steps.outside(facet::KERNEL, Step::Release {});
        if self.request.purpose != Purpose::Create {
            steps.outside(facet::KERNEL, Step::AwaitProgram {});
            let (hooks, status) = (&self.hooks.poststart, Status::Running);
            hooks::add(
                steps,
                Stage::Outside,
                "poststart",
                hooks,
                self.state,
                status,
            )?;
        }
        Ok(())
    }

    /// Adds init's steps up to where the container is created.
    fn inside(
        &self,
        steps: &mut Steps,
        enter: Vec<Step<casemate_enforce::plan::Owned>>,
        root: root::RootPlan,
    ) -> Result<(), Failure> {
        for step in enter {
            steps.inside(facet::RESOURCES, step);
        }
        self.spaces.enter(steps);
        if self.spaces.new_cgroup {
            steps.inside(facet::NAMESPACES, Step::NewCgroupNamespace {});
        }
        if let (Some(offsets), Some(proc)) = (&self.spaces.time, self.time_proc) {
            let offsets = text(offsets.as_str())?;
            steps.inside(facet::NAMESPACES, Step::NewTimeNamespace { proc, offsets });
        }
        let refuses_groups = namespaces::refuses_groups(self.request.spec, self.request.caller);
        if self.spaces.user != User::Same {
            let clear_groups = u8::from(!refuses_groups);
            steps.inside(facet::IDS, Step::BecomeRoot { clear_groups });
        }
        steps.inside(facet::KERNEL, Step::HideProcess {});
        steps.extend(root.build);
        self.surroundings(steps, root.terminals, root.devices)?;
        if self.has_runtime_hooks() {
            steps.inside(facet::KERNEL, Step::Report {});
        }
        let (hooks, status) = (&self.hooks.create_container, Status::Creating);
        hooks::add(
            steps,
            Stage::Inside,
            "createContainer",
            hooks,
            self.state,
            status,
        )?;
        steps.extend(root.finish);
        let streams = self.master.streams();
        steps.inside(facet::DEVICES, Step::NewSession { streams });
        execution(steps, self.request.spec)?;
        let around = process::Surroundings {
            caller: self.request.caller,
            granted: self.request.granted,
            refuses_groups,
            has_filter: self.request.filter.is_some(),
            proc: root.proc,
        };
        process::become_it(steps, self.process, &around)?;
        if let Some(slot) = self.listener {
            steps.inside(
                facet::KERNEL,
                Step::CloseAllBut {
                    slot,
                    agent: self.agent.unwrap_or(NO_SLOT),
                    keep: self.request.preserved,
                },
            );
        }
        steps.inside(facet::KERNEL, Step::Report {});
        if let Some(slot) = self.listener {
            steps.inside(facet::KERNEL, Step::AwaitStart { slot });
        }
        Ok(())
    }

    /// Adds what is around the process: directory, terminal, network, names, keyring.
    fn surroundings(
        &self,
        steps: &mut Steps,
        terminals: Option<Slot>,
        devices: Option<Slot>,
    ) -> Result<(), Failure> {
        let spec = self.request.spec;
        let directory = self.process.cwd.trim_start_matches('/');
        if !directory.is_empty() {
            let path = text(directory)?;
            let slot = slot(steps)?;
            steps.inside(facet::FILES, Step::OpenDirectory { path, slot });
        }
        self.master.open(steps, self.process, terminals, devices);
        if self.spaces.new_network {
            steps.inside(facet::NETWORK, Step::LoopbackUp {});
        }
        if !spec.hostname.is_empty() {
            let name = text(spec.hostname.as_str())?;
            steps.inside(facet::NAMESPACES, Step::SetHostname { name });
        }
        if !spec.domainname.is_empty() {
            let name = text(spec.domainname.as_str())?;
            steps.inside(facet::NAMESPACES, Step::SetDomainname { name });
        }
        if !self.request.keeps_keyring {
            steps.inside(facet::KERNEL, Step::NewKeyring {});
        }
        Ok(())
    }

    /// Adds what comes after `start`.
    fn payload(&self, steps: &mut Steps) -> Result<(), Failure> {
        let (hooks, status) = (&self.hooks.start_container, Status::Created);
        hooks::add(
            steps,
            Stage::Payload,
            "startContainer",
            hooks,
            self.state,
            status,
        )?;
        let root = Path::new(&self.state.rootfs);
        process::ready(steps, self.process, Some(root), self.request.preserved)?;
        if let Some(filter) = self.request.filter.clone() {
            let agent = self.agent.map(|slot| {
                let (before, after) = self.told();
                (slot, before, after)
            });
            seccomp::install(steps, filter, agent)?;
        }
        process::execute(steps, self.process)
    }

    /// What the filter's agent is told, the container process state of the specification, around the process id.
    fn told(&self) -> (String, String) {
        let metadata = self
            .request
            .spec
            .linux
            .as_ref()
            .and_then(|linux| linux.seccomp.as_ref())
            .map_or("", |seccomp| seccomp.listener_metadata.as_str());
        told(self.state, metadata)
    }
}

/// The container process state of the specification, up to the first of two process ids, and from there on: the second
/// one is in the state, which the launcher writes by itself.
pub fn told(state: &State, metadata: &str) -> (String, String) {
    let (before, after) = describe_around(state, Status::Running);
    let mut writer = crate::json::Writer::new();
    writer.open('{').key("ociVersion").text(&state.oci_version);
    writer.key("fds").open('[').text("seccompFd").close(']');
    writer.key("metadata").text(metadata);
    writer.key("state").plain("");
    let head = writer.finish();
    (format!("{head}{before}"), format!("{after},\"pid\":"))
}

/// The step that writes the process id.
pub(super) fn pid_file(path: &Path) -> Result<Step<casemate_enforce::plan::Owned>, Failure> {
    let path = crate::cli::absolute(path)?;
    let name = path
        .file_name()
        .ok_or_else(|| Failure::new(format!("{} is no file", path.display())))?;
    let new = path.with_file_name(format!(".{}.new", name.to_string_lossy()));
    Ok(Step::WritePidFile {
        path: path_text(&path)?,
        new: path_text(&new)?,
    })
}

/// Adds the execution domain and the memory policy.
fn execution(steps: &mut Steps, spec: &Spec) -> Result<(), Failure> {
    let Some(linux) = &spec.linux else {
        return Ok(());
    };
    if let Some(personality) = &linux.personality {
        if let Some(flag) = personality.flags.first() {
            return Err(Failure::new(format!(
                "linux.personality.flags: {flag} is none of the specification's, which has none"
            )));
        }
        // PER_LINUX and PER_LINUX32 of linux/personality.h.
        let persona = match personality.domain {
            PersonalityDomain::Linux => 0,
            PersonalityDomain::Linux32 => 8,
        };
        steps.inside(facet::KERNEL, Step::SetPersonality { persona });
    }
    if let Some(policy) = &linux.memory_policy {
        steps.inside(facet::RESOURCES, memory_policy(policy)?);
    }
    Ok(())
}

/// Modes and flags of linux/mempolicy.h.
fn memory_policy(policy: &MemoryPolicy) -> Result<Step<casemate_enforce::plan::Owned>, Failure> {
    let mode = match policy.mode {
        MemoryPolicyMode::Default => 0,
        MemoryPolicyMode::Preferred => 1,
        MemoryPolicyMode::Bind => 2,
        MemoryPolicyMode::Interleave => 3,
        MemoryPolicyMode::Local => 4,
        MemoryPolicyMode::PreferredMany => 5,
        MemoryPolicyMode::WeightedInterleave => 6,
    };
    let flags = policy.flags.iter().fold(0, |flags, flag| {
        flags
            | match flag {
                MemoryPolicyFlag::NumaBalancing => 1 << 13,
                MemoryPolicyFlag::RelativeNodes => 1 << 14,
                MemoryPolicyFlag::StaticNodes => 1 << 15,
            }
    });
    let nodes = if policy.nodes.is_empty() {
        Vec::new()
    } else {
        process::mask(&policy.nodes, "linux.memoryPolicy.nodes")?
    };
    Ok(Step::SetMemoryPolicy {
        mode: mode | flags,
        nodes,
    })
}
