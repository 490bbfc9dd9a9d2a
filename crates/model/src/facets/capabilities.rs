//! What the program may do beyond an ordinary user.

use crate::facet::facet;
use crate::lattice::Guard;
use crate::names::capabilities::CapabilitySet;
use crate::order::Permission;

facet! {
    /// What the program may do beyond an ordinary user. Manual page: capabilities(7).
    pub struct Capabilities("capabilities") {
        /// In force.
        effective: CapabilitySet = strictest CapabilitySet::EMPTY, open CapabilitySet::ALL;
        /// Can be put in force.
        permitted: CapabilitySet = strictest CapabilitySet::EMPTY, open CapabilitySet::ALL;
        /// Kept over execve(2) by files that have them inheritable.
        inheritable: CapabilitySet = strictest CapabilitySet::EMPTY, open CapabilitySet::ALL;
        /// The most that execve(2) can ever give.
        bounding: CapabilitySet = strictest CapabilitySet::EMPTY, open CapabilitySet::ALL;
        /// Kept over execve(2) of ordinary files.
        ambient: CapabilitySet = strictest CapabilitySet::EMPTY, open CapabilitySet::ALL;
        /// No execve(2) gives anything that the program did not have (PR_SET_NO_NEW_PRIVS).
        no_new_privs: Guard = strictest Guard::On, open Guard::Off;
        /// Id 0 gives no capability, and that cannot be changed back (securebits NOROOT, NO_SETUID_FIXUP, KEEP_CAPS, NO_CAP_AMBIENT_RAISE, each locked).
        securebits: Guard = strictest Guard::On, open Guard::Off;
    }
}

impl Permission for CapabilitySet {
    fn no_more_than(&self, other: &Self) -> bool {
        self.is_subset(*other)
    }

    fn meet(&self, other: &Self) -> Self {
        self.intersection(*other)
    }

    fn text(&self) -> String {
        match *self {
            Self::EMPTY => "none".to_owned(),
            Self::ALL => "all".to_owned(),
            set => set.to_string(),
        }
    }
}
