//! Which system calls the program may make.

use crate::facet::facet;
use crate::lattice::ladder;

facet! {
    /// Which system calls the program may make. Manual page: seccomp(2).
    pub struct Syscalls("syscalls") {
        /// The filter.
        filter: Filter = strictest Filter::Nothing, open Filter::Everything;
    }
}

ladder! {
    /// Stands in for the policy type until that is in place.
    pub enum Filter {
        /// No call.
        Nothing = "nothing",
        /// All calls.
        Everything = "everything",
    }
}
