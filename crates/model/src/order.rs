//! The order of confinement: "permits no more than".
//!
//! Every value that confines implements [`Permission`]. The order is partial: two values can each permit something
//! that the other does not. It is what a converter, a fix and a learned profile are checked against.

/// A value with a place in the order "permits no more than".
///
/// # Laws
/// For all `a`, `b`, `c` (tested for every type that is used as a field):
/// `a.no_more_than(a)`; from `a.no_more_than(b)` and `b.no_more_than(c)` follows `a.no_more_than(c)`;
/// `a.meet(b)` permits no more than either, and whatever permits no more than both permits no more than it.
pub trait Permission: Clone + PartialEq + std::fmt::Debug {
    /// Tells whether everything that `self` permits is permitted by `other` too.
    fn no_more_than(&self, other: &Self) -> bool;

    /// Returns the most permissive value that permits no more than either.
    #[must_use]
    fn meet(&self, other: &Self) -> Self;

    /// Returns the canonical text: equal values have equal texts, on one line.
    fn text(&self) -> String;
}

/// How two values relate in the order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Relation {
    /// Each permits what the other does.
    Equal,
    /// The left one permits less.
    Tighter,
    /// The left one permits more.
    Looser,
    /// Each permits something that the other does not.
    Incomparable,
}

impl Relation {
    /// Compares two values.
    pub fn between<T: Permission>(left: &T, right: &T) -> Self {
        Self::from_inclusions(left.no_more_than(right), right.no_more_than(left))
    }

    /// Makes a relation of the two inclusions.
    pub fn from_inclusions(left_in_right: bool, right_in_left: bool) -> Self {
        match (left_in_right, right_in_left) {
            (true, true) => Self::Equal,
            (true, false) => Self::Tighter,
            (false, true) => Self::Looser,
            (false, false) => Self::Incomparable,
        }
    }

    /// Tells whether the left value permits no more than the right one.
    pub fn is_no_more_than(self) -> bool {
        matches!(self, Self::Equal | Self::Tighter)
    }

    /// Returns the relation seen from the other side.
    pub fn reverse(self) -> Self {
        match self {
            Self::Tighter => Self::Looser,
            Self::Looser => Self::Tighter,
            same => same,
        }
    }
}

/// A difference between two confinements in one field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The field.
    pub field: FieldId,
    /// The left value's canonical text, or `unknown`.
    pub left: String,
    /// The right value's canonical text, or `unknown`.
    pub right: String,
    /// How the left one relates to the right one.
    pub relation: Relation,
}

/// Names a field of a confinement, as `facet.field`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct FieldId {
    /// The facet's name.
    pub facet: &'static str,
    /// The field's name in the facet.
    pub name: &'static str,
}

impl std::fmt::Display for FieldId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.facet, self.name)
    }
}
