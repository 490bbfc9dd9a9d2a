//! What a facet is: a struct of stated fields, each with its place in the order.

use crate::order::{Difference, FieldId, Permission, Relation};
use crate::stated::{Origin, Stated};

/// One field of a confinement as a person reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The field.
    pub field: FieldId,
    /// Its canonical text, or `unknown`.
    pub text: String,
    /// Where it comes from.
    pub provenance: String,
    /// Whether it was asked for.
    pub stated: Standing,
    /// Where it was asked for.
    pub origin: Option<Origin>,
}

/// Whether a value was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nothing is known.
    Unknown,
    /// Left at a default.
    Default,
    /// Asked for.
    Set,
}

/// A facet of confinement.
pub trait Facet: Clone + PartialEq + Sized {
    /// The facet's name, as in `--best-effort FACET`.
    const NAME: &'static str;
    /// Returns the value that permits least.
    fn strictest() -> Self;
    /// Returns the value that permits everything that the kernel would without confinement.
    fn open() -> Self;
    /// Returns the value of which nothing is known.
    fn unknown() -> Self;
    /// Lists the fields in which the two differ.
    fn diff(&self, other: &Self) -> Vec<Difference>;
    /// Lists the fields with their texts.
    fn entries(&self) -> Vec<Entry>;
    /// Returns what both permit, field by field.
    #[must_use]
    fn meet(&self, other: &Self) -> Self;

    /// Returns what was asked for; all that was not permits everything.
    #[must_use]
    fn asked(&self) -> Self;

    /// Tells whether everything that `self` permits is permitted by `other` too.
    fn no_more_than(&self, other: &Self) -> bool {
        self.diff(other)
            .iter()
            .all(|d| d.relation.is_no_more_than())
    }
}

/// Compares two stated values. What is unknown may be anything: it permits no more than what permits everything, and
/// only what permits nothing permits no more than it.
pub(crate) fn field_relation<T: Permission>(
    left: &Stated<T>,
    right: &Stated<T>,
    strictest: &T,
    open: &T,
) -> Relation {
    let inside = |a: &Stated<T>, b: &Stated<T>| match (a.value(), b.value()) {
        (Some(a), Some(b)) => a.no_more_than(b),
        (None, Some(b)) => open.no_more_than(b),
        (Some(a), None) => a.no_more_than(strictest),
        (None, None) => true,
    };
    Relation::from_inclusions(inside(left, right), inside(right, left))
}

/// Returns what both stated values permit; the origin is that of the one that decides.
pub(crate) fn field_meet<T: Permission>(left: &Stated<T>, right: &Stated<T>) -> Stated<T> {
    match (left.value(), right.value()) {
        (_, None) => left.clone(),
        (None, _) => right.clone(),
        (Some(a), Some(b)) if a.no_more_than(b) => left.clone(),
        (Some(a), Some(b)) if b.no_more_than(a) => right.clone(),
        (Some(a), Some(b)) => {
            let mut both = left.clone();
            if let Some(value) = both.value_mut() {
                *value = a.meet(b);
            }
            both
        }
    }
}

pub(crate) fn field_text<T: Permission>(stated: &Stated<T>) -> String {
    stated
        .value()
        .map_or_else(|| "unknown".to_owned(), Permission::text)
}

pub(crate) fn field_entry<T: Permission>(field: FieldId, stated: &Stated<T>) -> Entry {
    let (standing, origin) = match stated {
        Stated::Unknown => (Standing::Unknown, None),
        Stated::Default { .. } => (Standing::Default, None),
        Stated::Set { origin, .. } => (Standing::Set, Some(origin.clone())),
    };
    Entry {
        field,
        text: field_text(stated),
        provenance: stated.provenance(),
        stated: standing,
        origin,
    }
}

/// Declares a facet: its fields, and for each the strictest and the open value.
macro_rules! facet {
    (
        $(#[$meta:meta])*
        pub struct $name:ident($facet:literal) {
            $( $(#[$field_meta:meta])* $field:ident: $ty:ty = strictest $strictest:expr, open $open:expr; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Debug)]
        pub struct $name { $( $(#[$field_meta])* pub $field: $crate::stated::Stated<$ty>, )* }

        impl $crate::facet::Facet for $name {
            const NAME: &'static str = $facet;

            fn strictest() -> Self {
                Self { $( $field: $crate::stated::Stated::default_of("strictest", $strictest), )* }
            }

            fn open() -> Self {
                Self { $( $field: $crate::stated::Stated::default_of("open", $open), )* }
            }

            fn unknown() -> Self {
                Self { $( $field: $crate::stated::Stated::Unknown, )* }
            }

            fn diff(&self, other: &Self) -> Vec<$crate::order::Difference> {
                let mut found = Vec::new();
                $(
                    let (strictest, open): ($ty, $ty) = ($strictest, $open);
                    let relation = $crate::facet::field_relation(&self.$field, &other.$field, &strictest, &open);
                    if relation != $crate::order::Relation::Equal {
                        found.push($crate::order::Difference {
                            field: $crate::order::FieldId { facet: $facet, name: stringify!($field) },
                            left: $crate::facet::field_text(&self.$field),
                            right: $crate::facet::field_text(&other.$field),
                            relation,
                        });
                    }
                )*
                found
            }

            fn entries(&self) -> Vec<$crate::facet::Entry> {
                vec![ $( $crate::facet::field_entry(
                    $crate::order::FieldId { facet: $facet, name: stringify!($field) }, &self.$field), )* ]
            }

            fn meet(&self, other: &Self) -> Self {
                Self { $( $field: $crate::facet::field_meet(&self.$field, &other.$field), )* }
            }

            fn asked(&self) -> Self {
                let open = Self::open();
                Self { $( $field: if self.$field.is_set() { self.$field.clone() } else { open.$field }, )* }
            }
        }
    };
}
pub(crate) use facet;
