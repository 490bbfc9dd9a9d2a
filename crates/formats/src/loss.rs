//! What a reader or a writer does not carry over.

use casemate_model::Origin;
use casemate_model::order::FieldId;
use std::fmt;

/// A value that is not carried over as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loss {
    /// The field it concerns, when it concerns one.
    pub field: Option<FieldId>,
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
    /// The format has no words for it, and what is written permits more: only with the user's consent.
    Looser {
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
    /// A key, an option or a line that the reader does not know.
    NotUnderstood {
        /// What stands there.
        what: String,
    },
    /// Something that the reader knows and that the model has no place for.
    NoPlace {
        /// What it is, in the format's words.
        what: String,
        /// Its value.
        value: String,
    },
    /// Something that the program which reads this format passes over, too.
    Ignored {
        /// What it is, in the format's words.
        what: String,
        /// Why it has no effect.
        why: String,
    },
    /// Something whose meaning depends on what is not here: an image, a host, another object.
    Elsewhere {
        /// What it is.
        what: String,
        /// On what it depends.
        on: String,
    },
    /// Something that is carried over, and that its author may not have meant.
    Caution {
        /// What it does, in a sentence.
        what: String,
    },
}

impl Loss {
    /// Something that the reader does not know.
    pub fn not_understood(what: impl Into<String>, origin: Origin) -> Self {
        Self::at(LossKind::NotUnderstood { what: what.into() }, origin)
    }

    /// Something that the model has no place for.
    pub fn no_place(what: impl Into<String>, value: impl Into<String>, origin: Origin) -> Self {
        let (what, value) = (what.into(), value.into());
        Self::at(LossKind::NoPlace { what, value }, origin)
    }

    /// Something that the format's own program passes over.
    pub fn ignored(what: impl Into<String>, why: impl Into<String>, origin: Origin) -> Self {
        let (what, why) = (what.into(), why.into());
        Self::at(LossKind::Ignored { what, why }, origin)
    }

    /// Something whose meaning depends on what is not here.
    pub fn elsewhere(what: impl Into<String>, on: impl Into<String>, origin: Origin) -> Self {
        let (what, on) = (what.into(), on.into());
        Self::at(LossKind::Elsewhere { what, on }, origin)
    }

    /// Something that its author may not have meant.
    pub fn caution(what: impl Into<String>, origin: Origin) -> Self {
        Self::at(LossKind::Caution { what: what.into() }, origin)
    }

    fn at(kind: LossKind, origin: Origin) -> Self {
        Self {
            field: None,
            kind,
            origin: Some(origin),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = self.field
            && !matches!(self.kind, LossKind::Withheld { .. })
        {
            write!(f, "{field}: ")?;
        }
        match &self.kind {
            LossKind::NoWords { value, instead } => {
                write!(f, "{value} cannot be said, {instead} is written")
            }
            LossKind::Looser { value, instead } => write!(
                f,
                "{value} cannot be said, {instead} is written, which permits more"
            ),
            LossKind::Withheld { grant, why } => write!(f, "{grant} is not granted: {why}"),
            LossKind::NotUnderstood { what } => write!(f, "{what} is not understood"),
            LossKind::NoPlace { what, value } if value.is_empty() => {
                write!(f, "{what} is not carried over")
            }
            LossKind::NoPlace { what, value } => write!(f, "{what} {value} is not carried over"),
            LossKind::Ignored { what, why } => write!(f, "{what} has no effect: {why}"),
            LossKind::Caution { what } => f.write_str(what),
            LossKind::Elsewhere { what, on } => write!(f, "{what} depends on {on}"),
        }
    }
}
