//! Firejail's profiles, with what they include.
//!
//! Read is a profile (`.profile`, `.inc`, `.local`, `.net` is not one) as Firejail 0.9.72 reads it: included files are looked for in
//! `~/.config/firejail`, beside the profile and in `/etc/firejail`; a `.local` file may be missing. Conditions have the
//! values of Firejail's own configuration as it is shipped. Macros of paths are those of the caller.
//!
//! A pattern has no single place: a `blacklist` of one is reported and leaves its files in sight, a `whitelist` of one
//! grants the directory that it is in. So what is read never permits less than the profile does.

mod confine;
mod files;
mod lines;
mod read;
mod schema;

pub use read::FORMAT;
