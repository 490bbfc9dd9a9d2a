//! Casemate's own format: a command and its grants, in TOML.
//!
//! - [`keys`]: the one table of keys, of which flags, documentation and schema are made;
//! - [`read()`]: the text of a profile, with those that it extends, to a [`Document`];
//! - [`settings()`], [`flags`], [`apply()`]: the same in steps, for a command line that adds flags;
//! - [`defaults`]: what a program gets when nothing is said;
//! - [`write()`]: a [`Document`] to the text of a profile;
//! - [`error`]: what can be wrong, and how it is shown.

mod amounts;
mod apply;
pub mod defaults;
mod describe;
pub mod error;
pub mod flags;
mod format;
mod forms;
pub mod keys;
mod merge;
mod paths;
mod read;
mod settings;
mod source;
mod write;

pub use amounts::{duration_text, processors_text, size_text};
pub use apply::{Document, apply};
pub use describe::elsewhere;
pub use error::{Errors, Fault, Paint, PathFault, Problem, Sources};
pub use format::FORMAT;
pub use merge::{MAX_DEPTH, MAX_FILES, settings};
pub use settings::{Setting, Settings, Value, Word};
pub use source::{Context, Loader, MAX_SIZE, NoFiles, Source};
pub use write::{Refusal, Written, filter_text, write};

/// Reads a profile, with those that it extends, and applies it to the compartment by default.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn read(
    source: &Source,
    context: &Context,
    loader: &mut dyn Loader,
) -> Result<Document, Errors> {
    let (settings, sources) = settings(source, context, loader)?;
    apply(&settings, context).map_err(|problems| Errors::new(problems, sources))
}
