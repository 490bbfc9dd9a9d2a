//! Kernel settings, and what the program inherits from the caller.

use crate::facet::facet;
use crate::lattice::{Guard, Selection, ladder, quoted};
use crate::order::Permission;
use std::collections::BTreeMap;

facet! {
    /// Kernel settings, and what the program inherits from the caller.
    pub struct Kernel("kernel") {
        /// Environment variables.
        environment: Environment = strictest Environment::Only(BTreeMap::new()), open Environment::Inherited;
        /// Descriptors above the standard three.
        descriptors: Selection<u32> = strictest Selection::none(), open Selection::All;
        /// The session keyring (keyrings(7)).
        keyring: Keyring = strictest Keyring::New, open Keyring::Inherited;
        /// A session of its own (setsid(2)).
        session: Guard = strictest Guard::On, open Guard::Off;
        /// Whether the program ends when Casemate does.
        parent_death: Guard = strictest Guard::On, open Guard::Off;
        /// Kernel parameters of its namespaces, by sysctl(8) name; others stay as the kernel sets them in a new namespace.
        sysctl: Sysctls = strictest Sysctls(BTreeMap::new()), open Sysctls(BTreeMap::new());
    }
}

ladder! {
    /// The session keyring.
    pub enum Keyring {
        /// A new, empty one.
        New = "new",
        /// The caller's, with the keys in it.
        Inherited = "inherited",
    }
}

/// Environment variables.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum Environment {
    /// Only these.
    Only(BTreeMap<String, Variable>),
    /// All of the caller's.
    Inherited,
}

/// What an environment variable holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Variable {
    /// This text, which says nothing of the caller.
    Text(String),
    /// The caller's value, when it has one.
    FromCaller,
}

impl Permission for Environment {
    // A variable with a fixed text reveals nothing of the caller and permits nothing by itself.
    fn no_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Inherited) => true,
            (Self::Inherited, Self::Only(_)) => false,
            (Self::Only(a), Self::Only(b)) => a
                .iter()
                .all(|(name, value)| *value != Variable::FromCaller || b.get(name) == Some(value)),
        }
    }

    fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Inherited, set) | (set, Self::Inherited) => set.clone(),
            (Self::Only(a), Self::Only(b)) => Self::Only(
                a.iter()
                    .filter(|(name, value)| {
                        **value != Variable::FromCaller || b.get(*name) == Some(*value)
                    })
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            ),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Inherited => "inherited".to_owned(),
            Self::Only(set) if set.is_empty() => "none".to_owned(),
            Self::Only(set) => {
                let one = |(name, value): (&String, &Variable)| match value {
                    Variable::FromCaller => name.clone(),
                    Variable::Text(text) => format!("{name}={}", quoted(text)),
                };
                set.iter().map(one).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// Kernel parameters that are set inside.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Sysctls(pub BTreeMap<String, String>);

impl Permission for Sysctls {
    // A parameter of an own namespace concerns nobody outside: values do not differ in what they permit.
    fn no_more_than(&self, _: &Self) -> bool {
        true
    }

    fn meet(&self, _: &Self) -> Self {
        self.clone()
    }

    fn text(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        self.0
            .iter()
            .map(|(name, value)| format!("{name}={}", quoted(value)))
            .collect::<Vec<_>>()
            .join(" ")
    }
}
