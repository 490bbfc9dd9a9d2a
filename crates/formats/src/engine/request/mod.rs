//! The way back: what an engine must be asked for, so that a workload comes out.
//!
//! Asked is only what differs from what the engine gives unasked. What it cannot be asked for is left out: whoever
//! writes a format reads it back and sees what that means ([`crate::convert()`]).

mod files;
mod limits;

pub(crate) use files::rule_text;

use super::Family;
use super::ask::{Ask, Filter, Notes, Said, setting};
use super::defaults::Defaults;
use super::resolve::Resolver;
use crate::reader::{Context, WriteError};
use casemate_model::facets::ids::{Groups, IdMap};
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::Reach;
use casemate_model::lattice::{Guard, Label, Selection};
use casemate_model::names::{Arch, CapabilitySet, KernelVersion};
use casemate_model::order::{FieldId, Permission};
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::workload::Setting;
use casemate_model::{Confinement, Origin, Stated, Workload};
use casemate_seccomp::formats as filters;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Settings that are said in other words.
const CONSUMED: [&str; 8] = [
    setting::SECCOMP_PROFILE,
    setting::PRIVILEGED,
    setting::ENTRYPOINT,
    setting::GROUP,
    setting::USERNS,
    setting::MOUNT_OPTION,
    setting::DEVICE,
    setting::NETWORK,
];

/// What to ask for, and files that it names.
pub(crate) struct Request {
    pub ask: Ask,
    pub files: BTreeMap<PathBuf, Vec<u8>>,
}

/// Says a value that stands nowhere.
fn said<T>(value: T) -> Said<T> {
    Said::new(value, Origin::Rule("written"))
}

/// Makes what to ask for; `file` is the name of the filter's file, should there be one.
pub(crate) fn request(
    workload: &Workload,
    defaults: &Defaults,
    context: &Context<'_>,
    file: &Path,
) -> Result<Request, WriteError> {
    let mut maker = Maker {
        workload,
        want: &workload.confinement,
        defaults,
        archs: context.archs,
        kernel: context.kernel,
        ask: Ask::default(),
    };
    maker.core();
    let base = maker.given();
    maker.security(&base);
    maker.files(&base);
    maker.devices(&base);
    maker.limits(&base);
    maker.surroundings(&base);
    let files = maker.filter(&base, file)?;
    let own = |setting: &&Setting| {
        !CONSUMED.contains(&setting.name) && !defaults.settings.contains(setting)
    };
    let rest = workload.settings.iter().filter(own).cloned();
    maker.ask.settings.extend(rest);
    Ok(Request {
        ask: maker.ask,
        files,
    })
}

struct Maker<'a> {
    workload: &'a Workload,
    want: &'a Confinement,
    defaults: &'a Defaults,
    archs: &'a [Arch],
    kernel: KernelVersion,
    ask: Ask,
}

/// The wanted value, where it is known and is not what is given anyway.
fn wanted<'a, T: Permission>(want: &'a Stated<T>, given: &Stated<T>) -> Option<&'a T> {
    let value = want.value()?;
    (given.value() != Some(value)).then_some(value)
}

impl<'a> Maker<'a> {
    /// What is given for what is asked so far.
    fn given(&self) -> Confinement {
        let mut notes = Notes::default();
        let mut resolver = Resolver {
            defaults: self.defaults,
            archs: self.archs,
            kernel: self.kernel,
            notes: &mut notes,
        };
        let origin = Origin::Rule("written");
        resolver
            .workload(&self.ask, self.workload.kind, origin)
            .confinement
    }

    fn settings(&self, name: &'static str) -> impl Iterator<Item = &'a Setting> + use<'a> {
        self.workload.settings_of(name)
    }

    /// What other values depend on.
    fn core(&mut self) {
        let workload = self.workload;
        self.ask.name.clone_from(&workload.name);
        self.ask.image = workload.image.value().cloned().map(said);
        if self
            .settings(setting::PRIVILEGED)
            .any(|setting| setting.value == "true")
        {
            self.ask.privileged = Some(said(true));
        }
        self.command();
        self.user();
        self.namespaces();
        self.network();
        self.capabilities();
        if let Some(entry) = wanted(
            &self.want.capabilities.no_new_privs,
            &self.defaults.no_new_privs,
        ) {
            self.ask.no_new_privileges = Some(said(*entry == Guard::On));
        }
    }

    fn command(&mut self) {
        let text = |word: &std::ffi::OsString| word.to_string_lossy().into_owned();
        let command: Option<Vec<String>> = self
            .workload
            .program
            .command
            .value()
            .map(|words| words.iter().map(text).collect());
        let entry = self.settings(setting::ENTRYPOINT).next();
        let entry = entry.and_then(|setting| super::shell::split(&setting.value));
        match (entry, command) {
            (Some(entry), Some(words)) if words.starts_with(&entry) => {
                let rest = words.get(entry.len()..).unwrap_or_default().to_vec();
                self.ask.entrypoint = Some(said(entry));
                self.ask.command = Some(said(rest)).filter(|rest| !rest.value.is_empty());
            }
            (_, Some(words)) if !words.is_empty() => self.ask.command = Some(said(words)),
            (Some(entry), None) => self.ask.entrypoint = Some(said(entry)),
            _ => {}
        }
        let directory = self.workload.program.directory.value();
        self.ask.directory = directory.map(|path| said(path.to_string_lossy().into_owned()));
    }

    fn user(&mut self) {
        let ids = &self.want.ids;
        let name = ids
            .user_name
            .value()
            .map(|name| name.0.as_str())
            .filter(|name| !name.is_empty());
        let uid = ids.uid.value().map(|id| id.0.to_string());
        let gid = ids.gid.value().map(|id| id.0.to_string());
        self.ask.user = match (name.map(str::to_owned).or(uid), &gid) {
            (Some(user), Some(gid)) => Some(said(format!("{user}:{gid}"))),
            (Some(user), None) => Some(said(user)),
            (None, _) => None,
        };
        let groups = match ids.groups.value() {
            Some(Groups::Only(list)) => list.iter().map(ToString::to_string).collect(),
            Some(Groups::Inherited) if self.defaults.family == Family::Podman => {
                vec!["keep-groups".to_owned()]
            }
            Some(Groups::Inherited) => Vec::new(),
            None => self
                .settings(setting::GROUP)
                .map(|setting| setting.value.clone())
                .collect(),
        };
        self.ask.groups = groups.into_iter().map(said).collect();
    }

    fn namespaces(&mut self) {
        let podman = self.defaults.family == Family::Podman;
        let mode = |place: &Placement| match place {
            Placement::New => Some("private".to_owned()),
            Placement::Host => Some("host".to_owned()),
            Placement::Join(path) => {
                let text = path.to_string_lossy().into_owned();
                match text.split(':').next() {
                    Some("container" | "service") => Some(text),
                    _ if podman => Some(format!("ns:{text}")),
                    // Docker joins containers only.
                    _ => None,
                }
            }
        };
        let other = |want: &Stated<Placement>, given: &Placement| {
            let want = want.value().filter(|want| *want != given)?;
            mode(want).map(said)
        };
        let given = |stated: &Stated<Placement>| stated.value().cloned().unwrap_or(Placement::New);
        let want = &self.want.namespaces;
        self.ask.pid = other(&want.pid, &Placement::New);
        self.ask.uts = other(&want.uts, &Placement::New);
        self.ask.ipc = other(&want.ipc, &given(&self.defaults.ipc));
        self.ask.cgroupns = other(&want.cgroup, &given(&self.defaults.cgroup));
        let label = |label: &Stated<Label>| {
            let text = label.value().filter(|label| !label.0.is_empty());
            text.map(|label| said(label.0.clone()))
        };
        if want.uts.value() != Some(&Placement::Host) {
            self.ask.hostname = label(&want.hostname);
            self.ask.domainname = label(&want.domainname);
        }
        let own = self.settings(setting::USERNS).next();
        if let Some(own) = own.filter(|_| podman) {
            self.ask.userns = Some(said(own.value.clone()));
            return;
        }
        let default = given(&self.defaults.user);
        match want.user.value() {
            Some(Placement::Host) if default != Placement::Host => {
                self.ask.userns = Some(said("host".to_owned()));
            }
            Some(Placement::New) if podman => self.maps(),
            _ => {}
        }
    }

    fn maps(&mut self) {
        let lines = |map: &Stated<IdMap>| match map.value() {
            Some(IdMap::Mapped(ranges)) => {
                ranges.iter().map(|range| said(range.to_string())).collect()
            }
            _ => Vec::new(),
        };
        self.ask.uid_map = lines(&self.want.ids.uid_map);
        self.ask.gid_map = lines(&self.want.ids.gid_map);
        if self.ask.uid_map.is_empty() {
            self.ask.userns = Some(said("auto".to_owned()));
        }
    }

    fn network(&mut self) {
        let networks: Vec<String> = self
            .settings(setting::NETWORK)
            .map(|setting| setting.key.clone())
            .collect();
        let place = self.want.namespaces.net.value();
        let mode = match (self.want.network.reach.value(), place) {
            (_, Some(Placement::Host)) | (Some(Reach::Host), _) => Some("host".to_owned()),
            (_, Some(Placement::Join(path))) => {
                let text = path.to_string_lossy().into_owned();
                let container = text.starts_with("container:") || text.starts_with("service:");
                match self.defaults.family {
                    _ if container => Some(text),
                    Family::Podman => Some(format!("ns:{text}")),
                    Family::Docker => None,
                }
            }
            (Some(Reach::None | Reach::Loopback), _) => Some("none".to_owned()),
            _ => None,
        };
        self.ask.networks = match mode {
            Some(mode) => vec![said(mode)],
            None => networks.into_iter().map(said).collect(),
        };
    }

    fn capabilities(&mut self) {
        let want = &self.want.capabilities;
        if self.ask.privileged.is_some() {
            return;
        }
        let root = self
            .ask
            .user
            .as_ref()
            .is_none_or(|user| super::resolve::is_root(&user.value));
        // Engines give root all of the bounding set, and others nothing: asked for is what is to be held.
        let held = if root {
            &want.permitted
        } else {
            &want.bounding
        };
        let Some(held) = held.value().copied() else {
            return;
        };
        let held = want
            .bounding
            .value()
            .map_or(held, |bounding| held.intersection(*bounding));
        let given = self
            .defaults
            .capabilities
            .value()
            .copied()
            .unwrap_or(CapabilitySet::EMPTY);
        if held == given {
            return;
        }
        let names = |set: CapabilitySet| -> Vec<Said<String>> {
            let short = |name: &str| {
                name.to_ascii_uppercase()
                    .trim_start_matches("CAP_")
                    .to_owned()
            };
            set.names()
                .into_iter()
                .map(|name| said(short(&name)))
                .collect()
        };
        let (less, more) = (given.difference(held), held.difference(given));
        if held == CapabilitySet::ALL {
            self.ask.cap_add = vec![said("ALL".to_owned())];
        } else if less.len() > held.len() || less == given {
            self.ask.cap_drop = vec![said("ALL".to_owned())];
            self.ask.cap_add = names(held);
        } else {
            self.ask.cap_drop = names(less);
            self.ask.cap_add = names(more);
        }
    }

    fn security(&mut self, base: &Confinement) {
        match wanted(&self.want.mac.apparmor, &base.mac.apparmor) {
            Some(SecurityLabel::Named(name)) => self.ask.apparmor = Some(said(name.clone())),
            Some(SecurityLabel::Unconfined) => {
                self.ask.apparmor = Some(said("unconfined".to_owned()));
            }
            Some(SecurityLabel::Strictest) | None => {}
        }
        match wanted(&self.want.mac.selinux, &base.mac.selinux) {
            Some(SecurityLabel::Named(name)) => {
                let keys = ["user", "role", "type", "level"];
                let parts = keys.into_iter().zip(name.splitn(4, ':'));
                self.ask.selinux = parts
                    .map(|(key, part)| said(format!("{key}:{part}")))
                    .collect();
            }
            Some(SecurityLabel::Unconfined) => self.ask.selinux = vec![said("disable".to_owned())],
            Some(SecurityLabel::Strictest) | None => {}
        }
    }

    fn surroundings(&mut self, base: &Confinement) {
        if let Some(Selection::Only(ports)) =
            wanted(&self.want.network.published, &base.network.published)
        {
            self.ask.published = ports.iter().cloned().map(said).collect();
        }
        if wanted(&self.want.devices.terminal, &base.devices.terminal)
            .is_some_and(|terminal| *terminal != casemate_model::facets::devices::Terminal::None)
        {
            self.ask.tty = Some(said(true));
        }
        match self.want.kernel.environment.value() {
            Some(Environment::Only(variables)) => {
                for (name, value) in variables {
                    let value = match value {
                        Variable::Text(text) => Some(text.clone()),
                        Variable::FromCaller => None,
                    };
                    let given =
                        self.defaults.environment.iter().any(|said| {
                            said.value.0 == *name && Some(&said.value.1) == value.as_ref()
                        });
                    if !given {
                        self.ask.environment.push(said((name.clone(), value)));
                    }
                }
            }
            Some(Environment::Inherited) if self.defaults.family == Family::Podman => {
                self.ask.environment_host = Some(said(true));
            }
            _ => {}
        }
        if let (Some(want), given) = (self.want.kernel.sysctl.value(), base.kernel.sysctl.value()) {
            for (name, value) in &want.0 {
                if given.is_none_or(|given| given.0.get(name) != Some(value)) {
                    self.ask.sysctls.push(said((name.clone(), value.clone())));
                }
            }
        }
        if let (Family::Podman, Some(Selection::Only(kept))) =
            (self.defaults.family, self.want.kernel.descriptors.value())
            && !kept.is_empty()
            && kept
                .iter()
                .zip(3..)
                .all(|(kept, expected)| *kept == expected)
        {
            self.ask.preserve_fds = u32::try_from(kept.len()).ok().map(said);
        }
    }

    /// Asks for the filter, in a file where it is none that has a name.
    fn filter(
        &mut self,
        base: &Confinement,
        file: &Path,
    ) -> Result<BTreeMap<PathBuf, Vec<u8>>, WriteError> {
        let mut files = BTreeMap::new();
        let absent = self.settings(setting::SECCOMP_PROFILE).next();
        if let (None, Some(absent)) = (self.want.syscalls.filter.value(), absent) {
            self.ask.filter = Some(said(Filter::Absent(absent.value.clone())));
            return Ok(files);
        }
        let Some(want) = wanted(&self.want.syscalls.filter, &base.syscalls.filter) else {
            return Ok(files);
        };
        if *want == SyscallPolicy::open() {
            self.ask.filter = Some(said(Filter::Unconfined));
            return Ok(files);
        }
        let alike = |given: &SyscallPolicy| want.no_more_than(given) && given.no_more_than(want);
        if base.syscalls.filter.value().is_some_and(alike) {
            return Ok(files);
        }
        let why = |why: String| WriteError::Unwritable {
            field: Some(FieldId {
                facet: "syscalls",
                name: "filter",
            }),
            why,
        };
        let options = filters::WriteOptions {
            archs: self.archs.to_vec(),
            tolerance: filters::Tolerance::Tighter,
        };
        let write = filters::oci::FORMAT.write.ok_or(WriteError::NoWriter)?;
        let written = write(want, &options).map_err(|error| why(error.to_string()))?;
        let name = Path::new(".").join(file);
        self.ask.filter = Some(said(Filter::Profile {
            name: name.to_string_lossy().into_owned(),
            text: written.bytes.clone(),
        }));
        files.insert(file.to_owned(), written.bytes);
        Ok(files)
    }
}
