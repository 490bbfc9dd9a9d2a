//! What follows from what is asked and what is given unasked: a workload.

mod capabilities;
mod devices;
mod files;
mod ids;
mod resources;
mod surroundings;

pub(super) use capabilities::is_root;

use super::ask::{Ask, Filter, Maybe, Notes, Said, setting};
use super::defaults::Defaults;
use super::filter::default_filter;
use crate::loss::Loss;
use crate::reader::Context;
use casemate_model::facets::syscalls::Syscalls;
use casemate_model::names::{Arch, CapabilitySet, KernelVersion};
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Confinement, Origin, Stated, Workload};
use casemate_seccomp::formats::{self as filters, oci};
use std::ffi::OsString;
use std::path::PathBuf;

/// Makes a workload of what is asked.
pub(crate) struct Resolver<'a> {
    /// What is given unasked.
    pub defaults: &'a Defaults,
    /// The numberings of the machine.
    pub archs: &'a [Arch],
    /// The kernel.
    pub kernel: KernelVersion,
    /// What there is to say.
    pub notes: &'a mut Notes,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(
        defaults: &'a Defaults,
        context: &'a Context<'_>,
        notes: &'a mut Notes,
    ) -> Self {
        Self {
            defaults,
            archs: context.archs,
            kernel: context.kernel,
            notes,
        }
    }

    /// Makes a workload.
    pub(crate) fn workload(&mut self, ask: &Ask, kind: &'static str, origin: Origin) -> Workload {
        let mut workload = Workload::new(ask.name.clone(), kind, origin);
        let capabilities = self.capabilities(ask);
        let bounding = capabilities.bounding.value().copied();
        let (files, devices) = (self.files(ask), self.devices(ask));
        workload.confinement = Confinement {
            ids: self.ids(ask),
            namespaces: self.namespaces(ask),
            syscalls: Syscalls {
                filter: self.filter(ask, bounding.unwrap_or(CapabilitySet::EMPTY)),
            },
            capabilities,
            files,
            devices,
            resources: self.resources(ask),
            network: self.network(ask),
            mac: self.mac(ask),
            kernel: self.kernel(ask),
        };
        self.program(ask, &mut workload);
        if let Some(privileged) = ask.privileged.as_ref().filter(|said| said.value) {
            let origin = privileged.origin.clone();
            workload.set(setting::PRIVILEGED, "", "true", origin);
        }
        // What is asked and known only where it runs is kept as it was said.
        if workload.confinement.ids.groups.value().is_none() {
            for group in &ask.groups {
                workload.set(
                    setting::GROUP,
                    "",
                    group.value.clone(),
                    group.origin.clone(),
                );
            }
        }
        if let Some(said) = &ask.filter
            && let Filter::Absent(name) = &said.value
        {
            workload.set(
                setting::SECCOMP_PROFILE,
                "",
                name.clone(),
                said.origin.clone(),
            );
        }
        if let Some(mode) = ask.userns.as_ref().filter(|said| said.value != "host") {
            workload.set(setting::USERNS, "", mode.value.clone(), mode.origin.clone());
        }
        for (at, word, origin) in Self::mount_words(ask) {
            workload.set(setting::MOUNT_OPTION, &at, word, origin);
        }
        for said in &ask.devices {
            let device = &said.value;
            let value = format!("{} {}", device.inside, device.access);
            workload.set(setting::DEVICE, &device.host, value, said.origin.clone());
        }
        for said in ask.networks.iter().filter(|said| is_network(&said.value)) {
            workload.set(setting::NETWORK, &said.value, "", said.origin.clone());
        }
        workload.settings.extend(ask.settings.iter().cloned());
        let given = &self.defaults.settings;
        let own = |setting: &&casemate_model::workload::Setting| {
            !ask.settings
                .iter()
                .any(|other| (other.name, &other.key) == (setting.name, &setting.key))
        };
        workload.settings.extend(given.iter().filter(own).cloned());
        workload
    }

    fn privileged(ask: &Ask) -> Option<&Origin> {
        let said = ask.privileged.as_ref().filter(|said| said.value)?;
        Some(&said.origin)
    }

    /// States a default of the engine.
    fn default<T>(&self, value: T) -> Stated<T> {
        Stated::default_of(self.defaults.of, value)
    }

    /// States what is asked, or the default.
    fn said<T, U: Clone>(
        &self,
        said: &Maybe<U>,
        default: T,
        make: impl FnOnce(U) -> T,
    ) -> Stated<T> {
        match said {
            Some(Said { value, origin }) => Stated::set(make(value.clone()), origin.clone()),
            None => self.default(default),
        }
    }

    fn program(&mut self, ask: &Ask, workload: &mut Workload) {
        if let Some(image) = &ask.image {
            workload.image = Stated::set(image.value.clone(), image.origin.clone());
        }
        let mut words: Vec<OsString> = Vec::new();
        let mut place = None;
        for part in [&ask.entrypoint, &ask.command].into_iter().flatten() {
            words.extend(part.value.iter().map(OsString::from));
            place.get_or_insert(&part.origin);
        }
        if let Some(place) = place {
            workload.program.command = Stated::set(words, place.clone());
        }
        if let Some(entry) = &ask.entrypoint {
            let text = super::shell::join(&entry.value);
            workload.set(setting::ENTRYPOINT, "", text, entry.origin.clone());
        }
        if let Some(directory) = &ask.directory {
            let path = PathBuf::from(&directory.value);
            workload.program.directory = Stated::set(path, directory.origin.clone());
        }
        if let Some(image) = &ask.image {
            let open = [
                (ask.user.is_none(), "user"),
                (ask.command.is_none() && ask.entrypoint.is_none(), "command"),
            ];
            let open: Vec<&str> = open
                .into_iter()
                .filter(|(open, _)| *open)
                .map(|(_, what)| what)
                .collect();
            if !open.is_empty() {
                let on = format!("the image {}", image.value);
                self.notes.elsewhere(open.join(" and "), on, &image.origin);
            }
        }
    }

    fn filter(&mut self, ask: &Ask, bounding: CapabilitySet) -> Stated<SyscallPolicy> {
        if let Some(origin) = Self::privileged(ask) {
            return Stated::set(SyscallPolicy::open(), origin.clone());
        }
        let Some(said) = ask.filter.as_ref().or(self.defaults.filter.as_ref()) else {
            return self.default(self.own_filter(bounding));
        };
        let origin = said.origin.clone();
        let policy = match &said.value {
            Filter::Unconfined => SyscallPolicy::open(),
            Filter::Builtin => self.own_filter(bounding),
            Filter::Absent(name) => {
                self.notes
                    .elsewhere("the filter", format!("the file {name}"), &origin);
                return Stated::Unknown;
            }
            Filter::Profile { name, text } => match self.profile(name, text, bounding, &origin) {
                Some(policy) => policy,
                None => return Stated::Unknown,
            },
        };
        Stated::set(policy, origin)
    }

    fn own_filter(&self, bounding: CapabilitySet) -> SyscallPolicy {
        default_filter(
            self.defaults.family,
            self.defaults.version,
            bounding,
            self.archs,
        )
    }

    fn profile(
        &mut self,
        name: &str,
        text: &[u8],
        capabilities: CapabilitySet,
        origin: &Origin,
    ) -> Option<SyscallPolicy> {
        let context = filters::Context {
            archs: self.archs,
            kernel: self.kernel,
            capabilities,
            unknown: None,
            loader: &filters::NoFiles,
        };
        match (oci::FORMAT.read)(name, text, &context) {
            Ok(reading) => {
                for note in &reading.notes {
                    let what = format!("{name}: {note}");
                    self.notes
                        .losses
                        .push(Loss::not_understood(what, origin.clone()));
                }
                Some(reading.policy)
            }
            Err(error) => {
                self.notes
                    .wrong(format!("the filter cannot be read: {error}"), origin);
                None
            }
        }
    }
}

/// Whether a mode of the network is a network's name.
pub(crate) fn is_network(mode: &str) -> bool {
    const MODES: [&str; 11] = [
        "",
        "bridge",
        "container",
        "default",
        "host",
        "none",
        "ns",
        "pasta",
        "private",
        "service",
        "slirp4netns",
    ];
    let mode = mode.split(':').next().unwrap_or("");
    !MODES.contains(&mode)
}
