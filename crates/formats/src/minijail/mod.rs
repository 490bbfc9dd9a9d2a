//! Minijail: the command line of `minijail0`, and its configuration file, as of release 18.
//!
//! A configuration file begins with `% minijail-config-file v0` and has the long options only. What depends on the
//! machine (a user's groups, a filter that is not here) is reported.

mod mount;
mod read;
mod schema;

pub use read::FORMAT;
