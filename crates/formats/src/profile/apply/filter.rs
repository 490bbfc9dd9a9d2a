//! System calls.

use super::{Apply, text};
use crate::profile::forms;
use casemate_model::stated::Stated;
use casemate_model::syscalls::SyscallPolicy;

impl Apply<'_> {
    pub(super) fn filter(&mut self) {
        for (word, _) in self.settings.words("syscalls") {
            if text(word) == forms::ALL {
                self.confinement.syscalls.filter =
                    Stated::set(SyscallPolicy::open(), word.origin.clone());
            }
        }
    }
}
