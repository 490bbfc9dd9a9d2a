//! What a configuration permits, as a [`Confinement`].
//!
//! What the specification leaves to the runtime is stated as a default: no set-user-id protection but what
//! no_new_privs gives, a new session keyring, device control that permits the default devices only.

mod devices;
mod files;
mod resources;
mod settings;

pub use devices::{RULES, numbers};
pub use files::bind_of;
pub(super) use files::plain;
pub use resources::{shares_of_weight, weight_of_shares};
pub use settings::{PROPERTY, settings};

use super::schema::{IdMapping, NamespaceKind, Process, Spec};
use casemate_model::facets::capabilities::Capabilities;
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, Ids, InsideId};
use casemate_model::facets::kernel::{Environment, Kernel, Keyring, Sysctls, Variable};
use casemate_model::facets::mac::{Mac, SecurityLabel};
use casemate_model::facets::namespaces::{Namespaces, Placement};
use casemate_model::facets::network::{Network, Reach};
use casemate_model::facets::syscalls::Syscalls;
use casemate_model::lattice::{Guard, Label, Permit, Selection};
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Confinement, Origin, Stated};
use std::path::PathBuf;

/// Whose defaults are those that a configuration leaves out.
pub const DEFAULTS: &str = "runtime-spec@1.3";

/// Tells where a property stands; `None` when it is not given.
pub type Places<'a> = dyn Fn(&str) -> Option<Origin> + 'a;

/// Makes fields of properties.
struct Maker<'a> {
    spec: &'a Spec,
    places: &'a Places<'a>,
    bundle: &'a std::path::Path,
}

impl Maker<'_> {
    /// States a value as set when the property is given, else as the default.
    fn field<T>(&self, path: &str, value: T) -> Stated<T> {
        match (self.places)(path) {
            Some(origin) => Stated::set(value, origin),
            None => Stated::default_of(DEFAULTS, value),
        }
    }

    /// States a default of the specification or, where it has none, of runtimes.
    fn default<T>(value: T) -> Stated<T> {
        Stated::default_of(DEFAULTS, value)
    }
}

/// Makes the confinement of a configuration.
///
/// `filter` is the policy of its system call filter, `bundle` the directory that relative sources of mounts are of.
pub fn confinement(
    spec: &Spec,
    filter: Option<SyscallPolicy>,
    bundle: &std::path::Path,
    places: &Places<'_>,
) -> Confinement {
    let maker = Maker {
        spec,
        places,
        bundle,
    };
    let none = Process::default();
    let process = spec.process.as_ref().unwrap_or(&none);
    Confinement {
        ids: maker.ids(process),
        namespaces: maker.namespaces(),
        capabilities: maker.capabilities(process),
        syscalls: Syscalls {
            filter: maker.field("linux.seccomp", filter.unwrap_or_else(SyscallPolicy::open)),
        },
        files: maker.files(process),
        devices: maker.devices(process),
        resources: maker.resources(process),
        network: maker.network(),
        mac: maker.mac(process),
        kernel: maker.kernel(process),
    }
}

/// The ranges of a user namespace.
pub(super) fn map(mappings: &[IdMapping]) -> IdMap {
    let range = |one: &IdMapping| IdRange {
        inside: one.container_id,
        outside: one.host_id,
        count: one.size,
    };
    IdMap::canonical(&mappings.iter().map(range).collect::<Vec<_>>())
}

// Ids of accounts and of services end below; engines and subordinate ranges begin at or above it.
const FIRST_OF_NOBODY: u32 = 65536;

impl Maker<'_> {
    fn ids(&self, process: &Process) -> Ids {
        let user = &process.user;
        let mut groups = user.additional_gids.clone();
        groups.sort_unstable();
        groups.dedup();
        let linux = self.spec.linux.as_ref();
        let namespace = self.spec.namespace(NamespaceKind::User);
        let mapped = |path: &str, mappings: Option<&Vec<IdMapping>>| match (namespace, mappings) {
            (None, _) => Self::default(IdMap::Host),
            // The maps of a namespace that is joined are known only when they are given, too.
            (Some(own), mappings) if !own.path.is_empty() && mappings.is_none_or(Vec::is_empty) => {
                Stated::Unknown
            }
            (Some(_), mappings) => self.field(path, map(mappings.map_or(&[][..], Vec::as_slice))),
        };
        let uid_map = mapped("linux.uidMappings", linux.map(|linux| &linux.uid_mappings));
        let rights = match uid_map.value() {
            Some(IdMap::Mapped(ranges)) => {
                let apart = |range: &IdRange| range.outside >= FIRST_OF_NOBODY;
                if ranges.iter().all(apart) {
                    FileRights::Nobody
                } else {
                    FileRights::Caller
                }
            }
            _ => FileRights::Caller,
        };
        Ids {
            uid: self.field("process.user.uid", InsideId(user.uid)),
            user_name: Self::default(Label(String::new())),
            gid: self.field("process.user.gid", InsideId(user.gid)),
            groups: self.field("process.user.additionalGids", Groups::Only(groups)),
            uid_map,
            gid_map: mapped("linux.gidMappings", linux.map(|linux| &linux.gid_mappings)),
            setgroups: Self::default(Permit::Permitted),
            rights: Self::default(rights),
        }
    }

    fn namespaces(&self) -> Namespaces {
        let place = |kind: NamespaceKind| {
            let list = self.spec.linux.as_ref().map(|linux| &linux.namespaces);
            let found = list.and_then(|list| list.iter().enumerate().find(|(_, n)| n.kind == kind));
            match found {
                None => Self::default(Placement::Host),
                Some((index, namespace)) => {
                    let placement = if namespace.path.is_empty() {
                        Placement::New
                    } else {
                        Placement::Join(PathBuf::from(&namespace.path))
                    };
                    self.field(&format!("linux.namespaces[{index}]"), placement)
                }
            }
        };
        Namespaces {
            user: place(NamespaceKind::User),
            mount: place(NamespaceKind::Mount),
            pid: place(NamespaceKind::Pid),
            net: place(NamespaceKind::Net),
            ipc: place(NamespaceKind::Ipc),
            uts: place(NamespaceKind::Uts),
            cgroup: place(NamespaceKind::Cgroup),
            time: place(NamespaceKind::Time),
            hostname: self.field("hostname", Label(self.spec.hostname.clone())),
            domainname: self.field("domainname", Label(self.spec.domainname.clone())),
        }
    }

    fn capabilities(&self, process: &Process) -> Capabilities {
        let sets = process
            .capabilities
            .unwrap_or(super::schema::Capabilities::NONE);
        let guard = if process.no_new_privileges {
            Guard::On
        } else {
            Guard::Off
        };
        let field = |name: &str, set| self.field(&format!("process.capabilities.{name}"), set);
        Capabilities {
            effective: field("effective", sets.effective),
            permitted: field("permitted", sets.permitted),
            inheritable: field("inheritable", sets.inheritable),
            bounding: field("bounding", sets.bounding),
            ambient: field("ambient", sets.ambient),
            no_new_privs: self.field("process.noNewPrivileges", guard),
            securebits: Self::default(Guard::Off),
        }
    }

    fn network(&self) -> Network {
        let hooks = self.spec.hooks.as_ref();
        let wired = hooks
            .is_some_and(|hooks| !(hooks.prestart.is_empty() && hooks.create_runtime.is_empty()));
        let moved = self
            .spec
            .linux
            .as_ref()
            .is_some_and(|linux| !linux.net_devices.is_empty());
        let reach = match self.spec.namespace(NamespaceKind::Net) {
            None => Reach::Host,
            // Who made the namespace, and who has hooks, may have put interfaces in.
            Some(namespace) if !namespace.path.is_empty() || wired || moved => Reach::Attached,
            Some(_) => Reach::Loopback,
        };
        Network {
            reach: Self::default(reach),
            published: Self::default(Selection::none()),
            listen: Self::default(Selection::All),
            connect: Self::default(Selection::All),
        }
    }

    fn mac(&self, process: &Process) -> Mac {
        let label = |path: &str, text: &str| {
            self.field(
                path,
                match text {
                    "" | "unconfined" => SecurityLabel::Unconfined,
                    name => SecurityLabel::Named(name.to_owned()),
                },
            )
        };
        Mac {
            landlock: Self::default(Guard::Off),
            signal_scope: Self::default(Guard::Off),
            abstract_unix_scope: Self::default(Guard::Off),
            apparmor: label("process.apparmorProfile", &process.apparmor_profile),
            selinux: label("process.selinuxLabel", &process.selinux_label),
            smack: Self::default(SecurityLabel::Unconfined),
        }
    }

    fn kernel(&self, process: &Process) -> Kernel {
        let variable = |text: &String| {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            (name.to_owned(), Variable::Text(value.to_owned()))
        };
        let sysctl = self.spec.linux.as_ref().map(|linux| {
            let one =
                |(name, value): (&String, &String)| (super::validate::dotted(name), value.clone());
            linux.sysctl.iter().map(one).collect()
        });
        Kernel {
            environment: self.field(
                "process.env",
                Environment::Only(process.env.iter().map(variable).collect()),
            ),
            descriptors: Self::default(Selection::none()),
            keyring: Self::default(Keyring::New),
            session: Self::default(Guard::On),
            parent_death: Self::default(Guard::Off),
            sysctl: self.field("linux.sysctl", Sysctls(sysctl.unwrap_or_default())),
        }
    }
}
