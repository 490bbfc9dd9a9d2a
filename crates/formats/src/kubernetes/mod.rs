//! Kubernetes: pods, and every object that holds a template of pods; lists, several documents, JSON and YAML.
//!
//! - `objects`: finds the pods of an input;
//! - `read`, `container`, `security`, `volumes`, `amounts`: what each of their containers is confined to;
//! - `write` and `tree`: manifests of pods;
//! - [`pod_security()`]: the level of the Pod Security Standards, with every violation and its place.
//!
//! Names of workloads are `POD/CONTAINER`. What a pod says that confines nothing is kept as settings, whose keys are
//! paths in the pod (`spec.`, `container.`, `metadata.`) and whose values are JSON.

mod amounts;
mod container;
mod objects;
mod pod_security;
mod read;
mod security;
mod tree;
mod volumes;
mod write;

pub use pod_security::{Assessment, Control, Level, Violation, pod_security};
pub use read::FORMAT;

/// The setting that holds a field which confines nothing by itself; the key is its path.
const OTHER: &str = "kubernetes";
/// The setting that holds the definition of a volume; the key is its name.
const VOLUME: &str = "kubernetes-volume";
/// The setting that holds what else is said of a mount; the key is its place inside.
const MOUNT: &str = "kubernetes-mount";
/// The setting that names the profile of the system call filter.
const FILTER: &str = "seccomp-profile";
