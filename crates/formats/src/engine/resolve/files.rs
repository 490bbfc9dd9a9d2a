//! Mounts, and what is hidden of /proc and /sys.

use super::Resolver;
use crate::engine::Family;
use crate::engine::ask::{Ask, Maybe, Mount, MountKind, Said, Writing};
use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::files::{
    Access, Files, Grants, ProcView, Root, ShownPath, SysView, Temporary,
};
use casemate_model::lattice::{Guard, Limit, Restrictions};
use casemate_model::{Origin, Stated};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What Podman mounts over a read-only root.
const WRITABLE: [&str; 3] = ["/run", "/tmp", "/var/tmp"];

impl Resolver<'_> {
    pub(super) fn files(&mut self, ask: &Ask) -> Files {
        let privileged = Self::privileged(ask).cloned();
        let root = match &ask.read_only {
            Some(said) => Stated::set(root(said.value), said.origin.clone()),
            None => match &self.defaults.read_only {
                Stated::Set { value, origin } => Stated::set(root(*value), origin.clone()),
                stated => self.default(root(stated.value() == Some(&true))),
            },
        };
        let (binds, temporary) = self.mounts(ask, root.value() == Some(&Root::ReadOnly));
        let host = ask.pid.as_ref().filter(|said| said.value == "host");
        Files {
            grants: self.default(Grants(BTreeMap::new())),
            root,
            binds,
            temporary,
            proc: match host {
                Some(said) => Stated::set(ProcView::Host, said.origin.clone()),
                None => self.default(ProcView::Writable),
            },
            sys: match &privileged {
                Some(origin) => Stated::set(SysView::Writable, origin.clone()),
                None => self.default(SysView::ReadOnly),
            },
            masked: self.hidden(
                ask,
                privileged.as_ref(),
                &ask.masked,
                &self.defaults.masked(),
                &ask.mask,
            ),
            read_only: self.hidden(
                ask,
                privileged.as_ref(),
                &ask.read_only_paths,
                &self.defaults.read_only_paths(),
                &[],
            ),
            // With no_new_privs the bits do nothing wherever they are.
            nosuid: self.default(match &ask.no_new_privileges {
                Some(said) if said.value => Guard::On,
                Some(_) => Guard::Off,
                None => self
                    .defaults
                    .no_new_privs
                    .value()
                    .copied()
                    .unwrap_or(Guard::Off),
            }),
            nodev: self.default(Guard::Off),
        }
    }

    fn hidden(
        &self,
        ask: &Ask,
        privileged: Option<&Origin>,
        said: &Maybe<Vec<String>>,
        default: &[&str],
        more: &[Said<String>],
    ) -> Stated<Restrictions<ShownPath>> {
        if let Some(Said { value, origin }) = said {
            return Stated::set(these(value.iter().map(String::as_str)), origin.clone());
        }
        if let Some(origin) = privileged {
            return Stated::set(these([].into_iter()), origin.clone());
        }
        let Some(last) = more.last().or(ask.unmask.last()) else {
            return self.default(these(default.iter().copied()));
        };
        let shown = |path: &str| {
            ask.unmask
                .iter()
                .any(|open| open.value.eq_ignore_ascii_case("all") || open.value == path)
        };
        let kept = default.iter().copied().filter(|path| !shown(path));
        let added = more.iter().map(|said| said.value.as_str());
        Stated::set(these(kept.chain(added)), last.origin.clone())
    }

    fn mounts(&mut self, ask: &Ask, read_only: bool) -> (Stated<Binds>, Stated<Temporary>) {
        let shm = self.defaults.shm.value().copied().unwrap_or(0);
        let shm = ask.shm_size.as_ref().map_or(shm, |said| said.value);
        let bound = if shm == 0 {
            Limit::Unlimited
        } else {
            Limit::AtMost(shm)
        };
        let mut temporary = BTreeMap::from([(PathBuf::from("/dev/shm"), bound)]);
        let shared = ask.ipc.as_ref().map_or("", |said| said.value.as_str());
        // With others' IPC objects comes their /dev/shm.
        if matches!(shared, "none" | "host") || shared.starts_with("container:") {
            temporary.clear();
        }
        let tmpfs_default = ask.read_only_tmpfs.as_ref().is_none_or(|said| said.value);
        if self.defaults.family == Family::Podman && read_only && tmpfs_default {
            temporary.extend(WRITABLE.map(|path| (PathBuf::from(path), Limit::Unlimited)));
        }
        let mut binds: BTreeSet<Bind> = BTreeSet::new();
        let mut bind_place = None;
        let mut tmpfs_place = ask.shm_size.as_ref().map(|said| said.origin.clone());
        if shared == "host"
            && !ask
                .mounts
                .iter()
                .any(|mount| mount.value.target == Path::new("/dev/shm"))
        {
            binds.insert(Bind {
                at: PathBuf::from("/dev/shm"),
                source: Source::Host(PathBuf::from("/dev/shm")),
                access: Access::FULL,
                extra: Extra::NONE,
                propagation: Propagation::Private,
            });
            bind_place = ask.ipc.as_ref().map(|said| said.origin.clone());
        }
        for said in &ask.mounts {
            let mount = &said.value;
            // Of two mounts at one place the later one is seen.
            temporary.remove(&mount.target);
            binds.retain(|bind| bind.at != mount.target);
            if mount.kind == MountKind::Tmpfs {
                let size = mount.size.map_or(Limit::Unlimited, Limit::AtMost);
                temporary.insert(mount.target.clone(), size);
                tmpfs_place = Some(said.origin.clone());
            } else {
                binds.insert(bind(mount));
                bind_place = Some(said.origin.clone());
            }
        }
        let binds = Binds(binds);
        let temporary = Temporary(temporary);
        (
            match bind_place {
                Some(origin) => Stated::set(binds, origin),
                None => self.default(binds),
            },
            match tmpfs_place {
                Some(origin) => Stated::set(temporary, origin),
                None => self.default(temporary),
            },
        )
    }

    /// What a mount says that confines nothing, as settings.
    pub(super) fn mount_words(ask: &Ask) -> Vec<(String, String, Origin)> {
        let mut words = Vec::new();
        for said in &ask.mounts {
            let Mount {
                kind,
                target,
                words: own,
                noexec,
                nosuid,
                nodev,
                ..
            } = &said.value;
            let mut all = own.clone();
            if *kind == MountKind::Tmpfs {
                // The model has the size alone.
                for (off, word) in [(noexec, "exec"), (nosuid, "suid"), (nodev, "dev")] {
                    if !off {
                        all.push(word.to_owned());
                    }
                }
                if said.value.access == Writing::Refused {
                    all.push("ro".to_owned());
                }
            }
            let at = target.to_string_lossy().into_owned();
            words.extend(
                all.into_iter()
                    .map(|word| (at.clone(), word, said.origin.clone())),
            );
        }
        words
    }
}

fn root(read_only: bool) -> Root {
    if read_only {
        Root::ReadOnly
    } else {
        Root::Writable
    }
}

fn these<'a>(paths: impl Iterator<Item = &'a str>) -> Restrictions<ShownPath> {
    Restrictions::These(paths.map(|path| ShownPath(PathBuf::from(path))).collect())
}

fn bind(mount: &Mount) -> Bind {
    let mut access = Access::READ;
    if mount.access == Writing::Permitted {
        access = access.union(Access::WRITE);
    }
    if !mount.noexec {
        access = access.union(Access::RUN);
    }
    let mut extra = Extra::NONE;
    if !mount.nodev {
        extra = extra.union(Extra::DEVICES);
    }
    if !mount.nosuid {
        extra = extra.union(Extra::SETUID);
    }
    Bind {
        at: mount.target.clone(),
        source: match (mount.kind, &mount.source) {
            (MountKind::Bind, Some(path)) => Source::Host(PathBuf::from(path)),
            (_, Some(name)) => Source::Volume(name.clone()),
            (_, None) => Source::Own,
        },
        access,
        extra,
        propagation: mount.propagation.unwrap_or(Propagation::Private),
    }
}
