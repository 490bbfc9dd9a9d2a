//! The life of a container: verbs, hooks, what the process is, terminals, programs that join.

mod agent;
mod hooks;
mod process;
mod verbs;
