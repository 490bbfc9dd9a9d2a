//! The names that the kernel's interface uses, as plain static tables with fast look-ups.
//!
//! What is inside:
//! - [`arch`]: the architectures that Casemate knows, with their audit numbers and spellings;
//! - [`version`]: kernel versions, the unit in which "newer than the profile" is told;
//! - [`syscalls`]: number, name and first kernel of every system call, for each architecture;
//! - [`arguments`]: name, width and sign of each argument as the kernel declares it;
//! - [`constants`]: the symbolic values that system calls take, by argument;
//! - [`capabilities`], [`errno`], [`signals`], [`rlimits`], [`namespaces`].
//!
//! Nothing here is computed when a program starts: tables are `static`, sorted, and searched by halving. The large
//! ones, under `tables/`, are written by `cargo xtask names` from the text files in `xtask/data/names`, where each
//! source is named. Nothing here asks the running kernel.

pub mod arch;
pub mod arguments;
pub mod capabilities;
pub mod constants;
pub mod errno;
pub mod namespaces;
pub mod rlimits;
pub mod signals;
pub mod suggest;
pub mod syscalls;
pub mod version;

mod tables;

pub use arch::Arch;
pub use capabilities::{Capability, CapabilitySet};
pub use namespaces::NamespaceKind;
pub use syscalls::SyscallId;
pub use version::KernelVersion;
