//! Security modules: Landlock, and the labels of AppArmor, SELinux and SMACK.

use crate::facet::facet;
use crate::lattice::{Guard, quoted};
use crate::order::Permission;

facet! {
    /// Security modules. Manual page: landlock(7).
    pub struct Mac("mac") {
        /// Landlock rules for files, ports and device ioctls, at the best version that the kernel has.
        landlock: Guard = strictest Guard::On, open Guard::Off;
        /// Landlock's scope of signals (ABI 6).
        signal_scope: Guard = strictest Guard::On, open Guard::Off;
        /// Landlock's scope of abstract Unix sockets (ABI 6).
        abstract_unix_scope: Guard = strictest Guard::On, open Guard::Off;
        /// AppArmor profile.
        apparmor: SecurityLabel = strictest SecurityLabel::Strictest, open SecurityLabel::Unconfined;
        /// SELinux context.
        selinux: SecurityLabel = strictest SecurityLabel::Strictest, open SecurityLabel::Unconfined;
        /// SMACK label.
        smack: SecurityLabel = strictest SecurityLabel::Strictest, open SecurityLabel::Unconfined;
    }
}

/// A label whose meaning is in a policy outside of this model: two named ones do not compare.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum SecurityLabel {
    /// A policy that permits nothing; no module has it, it is the bottom of the order.
    Strictest,
    /// A named profile, context or label.
    Named(String),
    /// None.
    Unconfined,
}

impl Permission for SecurityLabel {
    fn no_more_than(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Strictest, _) | (_, Self::Unconfined)) || self == other
    }

    fn meet(&self, other: &Self) -> Self {
        match (self.no_more_than(other), other.no_more_than(self)) {
            (true, _) => self.clone(),
            (_, true) => other.clone(),
            _ => Self::Strictest,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Strictest => "strictest".to_owned(),
            Self::Named(name) => quoted(name),
            Self::Unconfined => "unconfined".to_owned(),
        }
    }
}
