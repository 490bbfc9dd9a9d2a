//! Which kernel objects the program has to itself.

use crate::facet::facet;
use crate::lattice::{Label, quoted};
use crate::order::Permission;
use std::path::PathBuf;

facet! {
    /// Which kernel objects the program has to itself. Manual page: namespaces(7).
    pub struct Namespaces("namespaces") {
        /// Ids and capabilities (CLONE_NEWUSER).
        user: Placement = strictest Placement::New, open Placement::Host;
        /// Mounts (CLONE_NEWNS).
        mount: Placement = strictest Placement::New, open Placement::Host;
        /// Process ids (CLONE_NEWPID).
        pid: Placement = strictest Placement::New, open Placement::Host;
        /// Network devices, ports, abstract sockets (CLONE_NEWNET).
        net: Placement = strictest Placement::New, open Placement::Host;
        /// System V IPC and POSIX message queues (CLONE_NEWIPC).
        ipc: Placement = strictest Placement::New, open Placement::Host;
        /// Host and domain name (CLONE_NEWUTS).
        uts: Placement = strictest Placement::New, open Placement::Host;
        /// The view of the cgroup tree (CLONE_NEWCGROUP).
        cgroup: Placement = strictest Placement::New, open Placement::Host;
        /// Boot-time and monotonic clocks (CLONE_NEWTIME).
        time: Placement = strictest Placement::New, open Placement::Host;
        /// Host name inside, when the UTS namespace is new.
        hostname: Label = strictest Label(String::new()), open Label(String::new());
        /// NIS domain name inside, when the UTS namespace is new.
        domainname: Label = strictest Label(String::new()), open Label(String::new());
    }
}

/// Whether a namespace is new, the caller's, or another's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Placement {
    /// Its own.
    New,
    /// That of the namespace file.
    Join(PathBuf),
    /// The caller's.
    Host,
}

impl Permission for Placement {
    fn no_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::New, _) | (_, Self::Host) => true,
            (a, b) => a == b,
        }
    }

    fn meet(&self, other: &Self) -> Self {
        match (self.no_more_than(other), other.no_more_than(self)) {
            (true, _) => self.clone(),
            (_, true) => other.clone(),
            _ => Self::New,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::New => "new".to_owned(),
            Self::Host => "host".to_owned(),
            Self::Join(path) => format!("join:{}", quoted(&path.to_string_lossy())),
        }
    }
}
