//! The shapes that most fields have: a ladder, a limit, a set that may be everything.

use crate::order::Permission;
use std::collections::BTreeSet;
use std::fmt::{Debug, Display};

/// Declares an enum whose variants stand in a line, the one that permits least first.
macro_rules! ladder {
    ($(#[$meta:meta])* pub enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $text:literal, )* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
        pub enum $name { $( $(#[$vmeta])* $variant, )* }

        impl $name {
            /// All values, the one that permits least first.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// Returns the value's canonical text.
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text, )* }
            }

            /// Reads the canonical text.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::order::Permission for $name {
            fn no_more_than(&self, other: &Self) -> bool { self <= other }
            fn meet(&self, other: &Self) -> Self { *self.min(other) }
            fn text(&self) -> String { self.as_str().to_owned() }
        }
    };
}
pub(crate) use ladder;

ladder! {
    /// A protection of the kernel's that is on or off.
    pub enum Guard {
        /// In force.
        On = "on",
        /// Not in force.
        Off = "off",
    }
}

ladder! {
    /// Something that is denied or permitted.
    pub enum Permit {
        /// Refused.
        Denied = "denied",
        /// Permitted.
        Permitted = "permitted",
    }
}

/// An upper bound on an amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Limit {
    /// At most this many, in the unit of the field.
    AtMost(u64),
    /// No bound.
    Unlimited,
}

impl Limit {
    /// Returns the bound, if there is one.
    pub fn bound(self) -> Option<u64> {
        match self {
            Self::AtMost(n) => Some(n),
            Self::Unlimited => None,
        }
    }
}

impl Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost(n) => write!(f, "{n}"),
            Self::Unlimited => f.write_str("unlimited"),
        }
    }
}

impl Permission for Limit {
    fn no_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Unlimited) => true,
            (Self::Unlimited, Self::AtMost(_)) => false,
            (Self::AtMost(a), Self::AtMost(b)) => a <= b,
        }
    }

    fn meet(&self, other: &Self) -> Self {
        if self.no_more_than(other) {
            *self
        } else {
            *other
        }
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

/// Everything of a kind, or only what is listed.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum Selection<T: Ord> {
    /// Only these.
    Only(BTreeSet<T>),
    /// Everything.
    All,
}

impl<T: Ord> Selection<T> {
    /// Selects nothing.
    pub fn none() -> Self {
        Self::Only(BTreeSet::new())
    }

    /// Tells whether `item` is selected.
    pub fn contains(&self, item: &T) -> bool {
        match self {
            Self::Only(set) => set.contains(item),
            Self::All => true,
        }
    }
}

impl<T: Ord + Clone + Debug + Display> Permission for Selection<T> {
    fn no_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::All) => true,
            (Self::All, Self::Only(_)) => false,
            (Self::Only(a), Self::Only(b)) => a.is_subset(b),
        }
    }

    fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, set) | (set, Self::All) => set.clone(),
            (Self::Only(a), Self::Only(b)) => Self::Only(a.intersection(b).cloned().collect()),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Only(set) if set.is_empty() => "none".to_owned(),
            Self::Only(set) => join(set),
        }
    }
}

/// A set of restrictions: the more there are, the less is permitted.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum Restrictions<T: Ord> {
    /// At least these are in force.
    These(BTreeSet<T>),
    /// Everything is restricted.
    Everything,
}

impl<T: Ord + Clone + Debug + Display> Permission for Restrictions<T> {
    fn no_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Everything, _) => true,
            (Self::These(_), Self::Everything) => false,
            (Self::These(a), Self::These(b)) => b.is_subset(a),
        }
    }

    fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::These(a), Self::These(b)) => Self::These(a.union(b).cloned().collect()),
            _ => Self::Everything,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Everything => "everything".to_owned(),
            Self::These(set) if set.is_empty() => "none".to_owned(),
            Self::These(set) => join(set),
        }
    }
}

/// A value that identifies and permits nothing by itself, such as a host name.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Label(pub String);

impl Permission for Label {
    fn no_more_than(&self, _: &Self) -> bool {
        true
    }

    fn meet(&self, _: &Self) -> Self {
        self.clone()
    }

    fn text(&self) -> String {
        quoted(&self.0)
    }
}

pub(crate) fn join<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    items
        .into_iter()
        .map(|item| item.to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Quotes text that has blanks, quotes or control characters, so that a canonical text stays on one line.
pub(crate) fn quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .chars()
            .all(|c| !c.is_whitespace() && !c.is_control() && c != '"');
    if plain {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}
