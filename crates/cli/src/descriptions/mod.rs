//! Descriptions of confinement in anybody's format, and live processes: `show`, `convert`, `diff`.
//!
//! [`input`] turns a word of the command line into workloads; the verbs do nothing but write, compare and tell.

mod convert;
mod diff;
mod filter;
pub mod input;
pub mod table;
mod view;

pub use convert::main as convert;
pub use diff::main as diff;
pub use filter::summary;
pub use view::show;
