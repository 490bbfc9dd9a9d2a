//! The one description of confinement, and the names of the kernel's things.
//!
//! A [`Confinement`] has ten facets ([`facets`]). Each field is [`Stated`]: unknown, a default, or set, with its
//! origin. Each field's type has a place in the [`order`] "permits no more than", so that two confinements compare,
//! [`Confinement::diff`] tells in which fields one permits what the other does not, and [`Confinement::meet`] tightens.
//!
//! This crate does no I/O, has no dependency, and knows no file format and no engine. Read next: [`confinement`],
//! [`facet`], [`names`].
#![forbid(unsafe_code)]

pub mod confinement;
pub mod facet;
pub mod facets;
pub mod host;
pub mod lattice;
pub mod names;
pub mod order;
pub mod program;
pub mod stated;
pub mod syscalls;
pub mod workload;

pub use confinement::Confinement;
pub use facet::Facet;
pub use order::{Difference, Permission, Relation};
pub use stated::{Origin, Stated};
pub use workload::Workload;
