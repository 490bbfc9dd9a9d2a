//! The launch of a container, and of a further process in one.
//!
//! It differs from that of a compartment: the init process is the container's own program, what is made on the host stays
//! when the launcher leaves, and hooks run on the way. The launcher leaves when init waits for `start`, or when the program
//! runs; or it stays until the end of the program and removes everything. Whatever fails, it ends init and has everything
//! removed.
//!
//! * `outside`: the launcher's own steps. `record`: what it writes of the process. `attend`: waiting for the end.
//! * `inside`: the steps of init, before and after `start`. `console`, `identity`, `program`: parts of them.
//! * `hook`: running a hook, on both sides.
//! * `say`: the words of a failure, for the person, the log, and for who waits at `start`.

mod attend;
mod console;
mod hook;
mod identity;
mod inside;
mod listener;
mod outside;
mod program;
mod record;
mod say;

pub(crate) use inside::run as init;
pub(crate) use outside::{Container, launch};
