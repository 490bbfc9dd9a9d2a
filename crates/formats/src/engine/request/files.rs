//! Mounts, hidden paths and devices.

use super::{Maker, said, setting, wanted};
use crate::engine::Family;
use crate::engine::ask::{Device, Mount, MountKind, Writing};
use crate::engine::parts;
use casemate_model::Confinement;
use casemate_model::facets::binds::{Bind, Extra, Propagation, Source};
use casemate_model::facets::device_numbers::{DeviceAccess, DeviceKind, DeviceNumbers, DeviceRule};
use casemate_model::facets::files::{Access, Root, ShownPath};
use casemate_model::lattice::{Limit, Restrictions, Selection};
use std::collections::BTreeSet;
use std::path::Path;

impl Maker<'_> {
    pub(super) fn files(&mut self, base: &Confinement) {
        match self.want.files.root.value() {
            Some(Root::ReadOnly | Root::None)
                if base.files.root.value() == Some(&Root::Writable) =>
            {
                self.ask.read_only = Some(said(true));
            }
            Some(Root::Writable) if base.files.root.value() == Some(&Root::ReadOnly) => {
                self.ask.read_only = Some(said(false));
            }
            _ => {}
        }
        self.hidden(base);
        let mut mounts = Vec::new();
        if let Some(grants) = self.want.files.grants.value() {
            let given = grants.0.iter().filter(|(_, access)| !access.is_none());
            mounts.extend(given.map(|(path, access)| grant(path, *access)));
        }
        if let Some(binds) = wanted(&self.want.files.binds, &base.files.binds) {
            let given = base.files.binds.value();
            let new = binds
                .0
                .iter()
                .filter(|bind| given.is_none_or(|given| !given.0.contains(bind)));
            mounts.extend(new.map(mount));
        }
        mounts.extend(self.temporary(base));
        for mount in &mut mounts {
            let at = mount.target.to_string_lossy();
            let words = self.workload.settings_of(setting::MOUNT_OPTION);
            for word in words.filter(|word| word.key == at) {
                match (mount.kind, word.value.as_str()) {
                    (MountKind::Tmpfs, "exec") => mount.noexec = false,
                    (MountKind::Tmpfs, "suid") => mount.nosuid = false,
                    (MountKind::Tmpfs, "dev") => mount.nodev = false,
                    (MountKind::Tmpfs, "ro") => mount.access = Writing::Refused,
                    (_, other) => mount.words.push(other.to_owned()),
                }
            }
        }
        self.ask.mounts = mounts.into_iter().map(said).collect();
    }

    fn temporary(&mut self, base: &Confinement) -> Vec<Mount> {
        let Some(want) = self.want.files.temporary.value() else {
            return Vec::new();
        };
        let given = base.files.temporary.value();
        // Podman mounts over a read-only root unless it is told not to.
        if self.defaults.family == Family::Podman
            && self.ask.read_only.as_ref().is_some_and(|said| said.value)
        {
            let all = ["/run", "/tmp", "/var/tmp"];
            let wanted = all
                .iter()
                .all(|path| want.0.get(Path::new(path)) == Some(&Limit::Unlimited));
            if wanted {
                return self.memory(
                    want,
                    |path| all.iter().any(|known| Path::new(known) == path),
                    given,
                );
            }
            self.ask.read_only_tmpfs = Some(said(false));
        }
        self.memory(want, |_| false, given)
    }

    fn memory(
        &mut self,
        want: &casemate_model::facets::files::Temporary,
        known: impl Fn(&Path) -> bool,
        given: Option<&casemate_model::facets::files::Temporary>,
    ) -> Vec<Mount> {
        let mut mounts = Vec::new();
        for (path, size) in &want.0 {
            if known(path) || given.is_some_and(|given| given.0.get(path) == Some(size)) {
                continue;
            }
            let shm = path == Path::new("/dev/shm");
            match (
                shm && given.is_some_and(|given| given.0.contains_key(path)),
                size,
            ) {
                (true, Limit::AtMost(bytes)) => self.ask.shm_size = Some(said(*bytes)),
                (_, size) => {
                    let mut mount = parts::plain(MountKind::Tmpfs, None, path);
                    mount.size = size.bound();
                    mounts.push(mount);
                }
            }
        }
        mounts
    }

    fn hidden(&mut self, base: &Confinement) {
        let nothing = |set: &Restrictions<ShownPath>| *set == Restrictions::These(BTreeSet::new());
        let (want, given) = (&self.want.files, &base.files);
        let masked = wanted(&want.masked, &given.masked);
        let read_only = wanted(&want.read_only, &given.read_only);
        if masked.is_some_and(nothing) && read_only.is_some_and(nothing) {
            self.ask.masked = Some(said(Vec::new()));
            self.ask.read_only_paths = Some(said(Vec::new()));
            return;
        }
        let paths = |set: Option<&Restrictions<ShownPath>>| match set {
            Some(Restrictions::These(paths)) => paths.iter().map(|path| path.0.clone()).collect(),
            _ => BTreeSet::new(),
        };
        if self.defaults.family == Family::Podman {
            let (had_masked, had_read_only) =
                (paths(given.masked.value()), paths(given.read_only.value()));
            let (own_masked, own_read_only) =
                (paths(want.masked.value()), paths(want.read_only.value()));
            if masked.is_some() {
                let more = own_masked.difference(&had_masked);
                self.ask.mask = more
                    .map(|path| said(path.to_string_lossy().into_owned()))
                    .collect();
            }
            let mut open = Vec::new();
            if masked.is_some() {
                open.extend(had_masked.difference(&own_masked));
            }
            if read_only.is_some() {
                open.extend(had_read_only.difference(&own_read_only));
            }
            self.ask.unmask = open
                .into_iter()
                .map(|path| said(path.to_string_lossy().into_owned()))
                .collect();
        }
    }

    pub(super) fn devices(&mut self, base: &Confinement) {
        let mut named: BTreeSet<String> = BTreeSet::new();
        for setting in self.workload.settings_of(setting::DEVICE) {
            let (inside, access) = setting
                .value
                .rsplit_once(' ')
                .unwrap_or((&setting.value, "rwm"));
            named.insert(inside.strip_prefix("/dev/").unwrap_or(inside).to_owned());
            self.ask.devices.push(said(Device {
                host: setting.key.clone(),
                inside: inside.to_owned(),
                access: access.to_owned(),
            }));
        }
        if self.ask.privileged.is_some() {
            return;
        }
        if let (Some(Selection::Only(want)), Some(Selection::Only(given))) =
            (self.want.devices.nodes.value(), base.devices.nodes.value())
        {
            for name in want {
                if !given.contains(name)
                    && !named.contains(name)
                    && name != "console"
                    && !name.starts_with('/')
                {
                    let path = format!("/dev/{name}");
                    self.ask.devices.push(said(Device {
                        host: path.clone(),
                        inside: path,
                        access: "rwm".to_owned(),
                    }));
                }
            }
        }
        let given = self.given();
        let wild = |kind| DeviceRule {
            kind,
            major: None,
            minor: None,
            access: DeviceAccess::ALL,
        };
        let rules: Vec<DeviceRule> = match (
            self.want.devices.numbers.value(),
            given.devices.numbers.value(),
        ) {
            (Some(DeviceNumbers::Only(want)), Some(given)) => want
                .iter()
                .copied()
                .filter(|rule| !given.permits(*rule))
                .collect(),
            (Some(DeviceNumbers::All), Some(DeviceNumbers::Only(_))) => {
                vec![wild(DeviceKind::Block), wild(DeviceKind::Char)]
            }
            _ => Vec::new(),
        };
        self.ask.device_rules = rules.into_iter().map(said).collect();
    }
}

/// How a rule is written: `c 10:229 rwm`.
pub(crate) fn rule_text(rule: &DeviceRule) -> String {
    let kind = if rule.kind == DeviceKind::Block {
        'b'
    } else {
        'c'
    };
    let number = |number: Option<u32>| number.map_or_else(|| "*".to_owned(), |n| n.to_string());
    format!(
        "{kind} {}:{} {}",
        number(rule.major),
        number(rule.minor),
        rule.access
    )
}

/// A path of the host at its own place.
fn grant(path: &Path, access: Access) -> Mount {
    let mut mount = parts::plain(
        MountKind::Bind,
        Some(path.to_string_lossy().into_owned()),
        path,
    );
    set_access(&mut mount, access);
    mount.nodev = true;
    mount.nosuid = true;
    mount
}

fn set_access(mount: &mut Mount, access: Access) {
    mount.access = if access.includes(Access::WRITE) {
        Writing::Permitted
    } else {
        Writing::Refused
    };
    mount.noexec = !access.includes(Access::RUN);
}

fn mount(bind: &Bind) -> Mount {
    let (kind, source) = match &bind.source {
        Source::Host(path) => (MountKind::Bind, Some(path.to_string_lossy().into_owned())),
        Source::Volume(name) => (MountKind::Volume, Some(name.clone())),
        Source::Own => (MountKind::Volume, None),
    };
    let mut mount = parts::plain(kind, source, &bind.at);
    set_access(&mut mount, bind.access);
    mount.nodev = !bind.extra.includes(Extra::DEVICES);
    mount.nosuid = !bind.extra.includes(Extra::SETUID);
    mount.propagation = Some(bind.propagation).filter(|passes| *passes != Propagation::Private);
    mount
}
