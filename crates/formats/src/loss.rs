//! What a reader or a writer does not carry over.

use casemate_model::Origin;
use casemate_model::order::FieldId;
use std::fmt;

/// A value that is not carried over as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loss {
    /// The field it concerns.
    pub field: FieldId,
    /// What happens instead.
    pub kind: LossKind,
    /// Where the value stands, when it stands somewhere.
    pub origin: Option<Origin>,
}

/// What happens to a value that is not carried over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LossKind {
    /// The format has no words for it; what is written permits no more.
    NoWords {
        /// The value.
        value: String,
        /// What is written instead.
        instead: String,
    },
    /// A grant that is there by default is not given here.
    Withheld {
        /// What would be granted.
        grant: String,
        /// Why it is not.
        why: &'static str,
    },
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            LossKind::NoWords { value, instead } => {
                write!(
                    f,
                    "{}: {value} cannot be said, {instead} is written",
                    self.field
                )
            }
            LossKind::Withheld { grant, why } => write!(f, "{grant} is not granted: {why}"),
        }
    }
}
