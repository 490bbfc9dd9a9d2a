//! What a program has that another program of the host starts without restricting it: everything of the caller's.
//!
//! Launchers such as Bubblewrap, Minijail and nsjail take away from this; each states the defaults under its own name.

pub(crate) mod filter;
pub(crate) mod mounts;

use crate::profile::Context;
use casemate_model::facets::binds::Binds;
use casemate_model::facets::capabilities::Capabilities;
use casemate_model::facets::device_numbers::DeviceNumbers;
use casemate_model::facets::devices::{Devices, Terminal};
use casemate_model::facets::files::{Files, Grants, ProcView, Root, SysView, Temporary};
use casemate_model::facets::ids::{FileRights, Groups, IdMap, Ids, InsideId};
use casemate_model::facets::kernel::{Environment, Kernel, Keyring, Sysctls};
use casemate_model::facets::mac::Mac;
use casemate_model::facets::namespaces::{Namespaces, Placement};
use casemate_model::facets::network::{Network, Reach};
use casemate_model::facets::resources::{Limits, OomScore, Resources, Rlimits};
use casemate_model::facets::syscalls::Syscalls;
use casemate_model::lattice::{Guard, Limit, Permit, Restrictions, Selection};
use casemate_model::names::capabilities::CapabilitySet;
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Confinement, Stated};
use std::collections::{BTreeMap, BTreeSet};

/// Returns it, as defaults of `of`.
pub(crate) fn confinement(of: &'static str, caller: &Context) -> Confinement {
    macro_rules! by_default {
        ($value:expr) => {
            Stated::default_of(of, $value)
        };
    }
    let held = if caller.uid == 0 {
        CapabilitySet::ALL
    } else {
        CapabilitySet::EMPTY
    };
    Confinement {
        ids: Ids {
            uid: by_default!(InsideId(caller.uid)),
            user_name: Stated::Unknown,
            gid: by_default!(InsideId(caller.gid)),
            groups: by_default!(Groups::Inherited),
            uid_map: by_default!(IdMap::Host),
            gid_map: by_default!(IdMap::Host),
            setgroups: by_default!(Permit::Permitted),
            rights: by_default!(FileRights::Caller),
        },
        namespaces: Namespaces {
            user: by_default!(Placement::Host),
            mount: by_default!(Placement::Host),
            pid: by_default!(Placement::Host),
            net: by_default!(Placement::Host),
            ipc: by_default!(Placement::Host),
            uts: by_default!(Placement::Host),
            cgroup: by_default!(Placement::Host),
            time: by_default!(Placement::Host),
            hostname: Stated::Unknown,
            domainname: Stated::Unknown,
        },
        capabilities: Capabilities {
            effective: by_default!(held),
            permitted: by_default!(held),
            inheritable: by_default!(CapabilitySet::EMPTY),
            bounding: by_default!(CapabilitySet::ALL),
            ambient: by_default!(CapabilitySet::EMPTY),
            no_new_privs: by_default!(Guard::Off),
            securebits: by_default!(Guard::Off),
        },
        syscalls: Syscalls {
            filter: by_default!(SyscallPolicy::open()),
        },
        files: Files {
            grants: by_default!(Grants::everything()),
            root: by_default!(Root::Host),
            binds: by_default!(Binds::none()),
            temporary: by_default!(Temporary(BTreeMap::new())),
            proc: by_default!(ProcView::Host),
            sys: by_default!(SysView::Writable),
            masked: by_default!(Restrictions::These(BTreeSet::new())),
            read_only: by_default!(Restrictions::These(BTreeSet::new())),
            nosuid: by_default!(Guard::Off),
            nodev: by_default!(Guard::Off),
        },
        devices: Devices {
            nodes: by_default!(Selection::All),
            numbers: by_default!(DeviceNumbers::All),
            terminal: by_default!(Terminal::Inherited),
        },
        resources: Resources {
            memory: by_default!(Limit::Unlimited),
            memory_and_swap: by_default!(Limit::Unlimited),
            oom_kill: by_default!(Guard::On),
            oom_score_adj: by_default!(OomScore(0)),
            processes: by_default!(Limit::Unlimited),
            cpu: by_default!(Limit::Unlimited),
            cpu_weight: by_default!(Limit::AtMost(100)),
            cpus: by_default!(Selection::All),
            memory_nodes: by_default!(Selection::All),
            io: by_default!(Limits(BTreeMap::new())),
            huge_pages: by_default!(Limits(BTreeMap::new())),
            time: by_default!(Limit::Unlimited),
            rlimits: by_default!(Rlimits(BTreeMap::new())),
        },
        network: Network {
            reach: by_default!(Reach::Host),
            published: by_default!(Selection::none()),
            listen: by_default!(Selection::All),
            connect: by_default!(Selection::All),
        },
        mac: Mac {
            landlock: by_default!(Guard::Off),
            signal_scope: by_default!(Guard::Off),
            abstract_unix_scope: by_default!(Guard::Off),
            apparmor: Stated::Unknown,
            selinux: Stated::Unknown,
            smack: Stated::Unknown,
        },
        kernel: Kernel {
            environment: by_default!(Environment::Inherited),
            descriptors: by_default!(Selection::All),
            keyring: by_default!(Keyring::Inherited),
            session: by_default!(Guard::Off),
            parent_death: by_default!(Guard::Off),
            sysctl: by_default!(Sysctls(BTreeMap::new())),
        },
    }
}
