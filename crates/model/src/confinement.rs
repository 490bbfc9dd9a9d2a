//! The one description of confinement.

use crate::facet::{Entry, Facet};
use crate::facets::capabilities::Capabilities;
use crate::facets::devices::Devices;
use crate::facets::files::Files;
use crate::facets::ids::Ids;
use crate::facets::kernel::Kernel;
use crate::facets::mac::Mac;
use crate::facets::namespaces::Namespaces;
use crate::facets::network::Network;
use crate::facets::resources::Resources;
use crate::facets::syscalls::Syscalls;
use crate::order::{Difference, Relation};

/// Everything that confines a process on Linux.
#[derive(Clone, PartialEq, Debug)]
pub struct Confinement {
    /// Who it is.
    pub ids: Ids,
    /// Which kernel objects it has to itself.
    pub namespaces: Namespaces,
    /// What it may do beyond an ordinary user.
    pub capabilities: Capabilities,
    /// Which system calls it may make.
    pub syscalls: Syscalls,
    /// Which files it sees.
    pub files: Files,
    /// Device nodes and the terminal.
    pub devices: Devices,
    /// How much it may use.
    pub resources: Resources,
    /// What it reaches over the network.
    pub network: Network,
    /// Security modules.
    pub mac: Mac,
    /// Kernel settings, and what it inherits.
    pub kernel: Kernel,
}

/// Calls a method of every facet, in the order of the design.
macro_rules! each_facet {
    ($value:expr, $($call:tt)*) => {
        [
            $value.ids $($call)*, $value.namespaces $($call)*, $value.capabilities $($call)*, $value.syscalls $($call)*,
            $value.files $($call)*, $value.devices $($call)*, $value.resources $($call)*, $value.network $($call)*,
            $value.mac $($call)*, $value.kernel $($call)*,
        ]
    };
}

macro_rules! of_facets {
    ($build:expr) => {
        Confinement {
            ids: $build(),
            namespaces: $build(),
            capabilities: $build(),
            syscalls: $build(),
            files: $build(),
            devices: $build(),
            resources: $build(),
            network: $build(),
            mac: $build(),
            kernel: $build(),
        }
    };
}

impl Confinement {
    /// The names of the facets, as `--best-effort` takes them.
    pub const FACETS: [&str; 10] = [
        Ids::NAME,
        Namespaces::NAME,
        Capabilities::NAME,
        Syscalls::NAME,
        Files::NAME,
        Devices::NAME,
        Resources::NAME,
        Network::NAME,
        Mac::NAME,
        Kernel::NAME,
    ];

    /// Returns the confinement that permits least.
    pub fn strictest() -> Self {
        of_facets!(Facet::strictest)
    }

    /// Returns the confinement that permits everything.
    pub fn open() -> Self {
        of_facets!(Facet::open)
    }

    /// Returns the confinement of which nothing is known.
    pub fn unknown() -> Self {
        of_facets!(Facet::unknown)
    }

    /// Lists the fields in which the two differ, facet by facet.
    pub fn diff(&self, other: &Self) -> Vec<Difference> {
        [
            self.ids.diff(&other.ids),
            self.namespaces.diff(&other.namespaces),
            self.capabilities.diff(&other.capabilities),
            self.syscalls.diff(&other.syscalls),
            self.files.diff(&other.files),
            self.devices.diff(&other.devices),
            self.resources.diff(&other.resources),
            self.network.diff(&other.network),
            self.mac.diff(&other.mac),
            self.kernel.diff(&other.kernel),
        ]
        .concat()
    }

    /// Tells how the two relate.
    pub fn relation(&self, other: &Self) -> Relation {
        let differences = self.diff(other);
        let reversed = |d: &Difference| d.relation.reverse().is_no_more_than();
        Relation::from_inclusions(
            differences.iter().all(|d| d.relation.is_no_more_than()),
            differences.iter().all(reversed),
        )
    }

    /// Tells whether everything that `self` permits is permitted by `other` too.
    pub fn no_more_than(&self, other: &Self) -> bool {
        self.relation(other).is_no_more_than()
    }

    /// Returns what both permit.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        Self {
            ids: self.ids.meet(&other.ids),
            namespaces: self.namespaces.meet(&other.namespaces),
            capabilities: self.capabilities.meet(&other.capabilities),
            syscalls: self.syscalls.meet(&other.syscalls),
            files: self.files.meet(&other.files),
            devices: self.devices.meet(&other.devices),
            resources: self.resources.meet(&other.resources),
            network: self.network.meet(&other.network),
            mac: self.mac.meet(&other.mac),
            kernel: self.kernel.meet(&other.kernel),
        }
    }

    /// Returns what was asked for; all that was not permits everything. So a description becomes a bound for others.
    #[must_use]
    pub fn asked(&self) -> Self {
        Self {
            ids: self.ids.asked(),
            namespaces: self.namespaces.asked(),
            capabilities: self.capabilities.asked(),
            syscalls: self.syscalls.asked(),
            files: self.files.asked(),
            devices: self.devices.asked(),
            resources: self.resources.asked(),
            network: self.network.asked(),
            mac: self.mac.asked(),
            kernel: self.kernel.asked(),
        }
    }

    /// Lists all fields with their texts and where each comes from.
    pub fn entries(&self) -> Vec<Entry> {
        each_facet!(self, .entries()).concat()
    }
}
