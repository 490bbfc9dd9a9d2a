//! OCI's `config.json`, as of the runtime specification 1.3.
//!
//! - [`schema`]: its types, in the specification's words; each declared once with its reader, writer and keys;
//! - [`read()`]: bytes to a [`Spec`](schema::Spec), all that is wrong with its place, and what is passed over;
//! - [`confine`]: what a configuration permits, as a [`Confinement`](casemate_model::Confinement);
//! - [`fields`]: what becomes of every property, of which docs/oci.md is made;
//! - [`validate()`]: what the specification and the kernel demand beyond types.
//!
//! What it refuses: a property of another platform, a key in wrong letter case, a name that is not known, a text with a
//! zero byte. Unknown properties are passed over with a warning, as the specification demands.

pub mod confine;
mod decode;
mod error;
pub mod fields;
mod format;
mod read;
pub mod schema;
mod validate;
mod write;

pub use confine::confinement;
pub use decode::{FOREIGN, Json, Key, Need, Shape, Special, encode};
pub use error::{Error, Errors, Problem, Remark, Warning};
pub use format::FORMAT;
pub use read::{Part, Reading, read, read_process, read_resources};
pub use validate::{dotted, validate, validate_process, validate_resources};
pub use write::{VERSION, device_rules, filter_of};
