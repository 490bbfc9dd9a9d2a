//! The host owner's policy that every container is tightened with, whatever the engine asks for.
//!
//! Policies come from the node's file ([`policy`]), from `--harden`, and from an annotation of the container, which can
//! only add to the others. Each is a bound in the model's order ([`level`]) with a few rules that the order has no
//! words for ([`rules`]). [`tighten`] changes the configuration field by field to what both permit, reads it again, and
//! proves that the result permits no more than the policy and no more than was asked; what it cannot prove it refuses.

mod binds;
mod exec;
mod fields;
mod level;
mod policy;
mod rules;
#[cfg(test)]
mod tests;
mod tighten;
mod update;

pub use exec::{recall, record, tighten_filter, tighten_process};
pub use level::{MASKED, READ_ONLY};
pub use tighten::{Asked, Hardened};
pub use update::tighten_resources;

use crate::failure::Failure;
use crate::json::Writer;
use crate::log::{self, Log};
use casemate_formats::oci::schema::Spec;
use casemate_model::syscalls::SyscallPolicy;
use std::collections::BTreeMap;
use std::path::Path;

/// The annotation with which a container's maker asks for more hardening: `baseline` or `restricted`. It never takes any
/// away.
pub const ANNOTATION: &str = "io.casemate.harden";

/// The node's policy.
pub const NODE: &str = "/etc/casemate/policy.toml";

/// Where policies come from.
#[derive(Debug)]
pub struct Sources<'a> {
    /// The node's file.
    pub node: &'a Path,
    /// `--harden`.
    pub option: Option<&'a str>,
    /// The container's id.
    pub id: &'a str,
    /// The container's annotations.
    pub annotations: &'a BTreeMap<String, String>,
}

impl Sources<'_> {
    /// The policies, the node's first.
    ///
    /// # Errors
    /// One cannot be read or understood: a container is not started with less than was decided.
    pub fn policies(&self) -> Result<Vec<policy::Policy>, Failure> {
        let node = policy::node(self.node, self.id, self.annotations)?;
        let option = self.option.map(policy::of_option).transpose()?;
        let own = self.annotations.get(ANNOTATION);
        let own = own.map(|text| policy::of_annotation(text)).transpose()?;
        Ok([node, option, own].into_iter().flatten().collect())
    }
}

/// Tightens a configuration with all policies, one after the other, and logs once what was changed.
///
/// # Errors
/// A policy cannot be read, or the container cannot run so.
pub fn apply(
    sources: &Sources<'_>,
    log: &Log,
    bundle: &Path,
    spec: Spec,
    filter: Option<SyscallPolicy>,
) -> Result<Hardened, Failure> {
    let mut hardened = Hardened {
        spec,
        filter,
        changes: Vec::new(),
        policies: sources.policies()?,
    };
    for policy in hardened.policies.clone() {
        let asked = Asked {
            spec: hardened.spec,
            filter: hardened.filter,
            bundle,
        };
        let (spec, filter, changes) = tighten::tighten(asked, &policy, &binds::ThisHost)?;
        hardened.spec = spec;
        hardened.filter = filter;
        hardened.changes.extend(changes);
    }
    if !hardened.changes.is_empty() {
        report(log, sources.id, &hardened);
    }
    Ok(hardened)
}

/// Logs what was asked for and what is given, as one line.
fn report(log: &Log, id: &str, hardened: &Hardened) {
    let mut writer = Writer::new();
    writer
        .open('{')
        .key("id")
        .text(id)
        .key("policies")
        .open('[');
    for policy in &hardened.policies {
        writer.text(&policy.name);
    }
    writer.close(']').key("changes").open('[');
    for change in &hardened.changes {
        writer.open('{').key("field").text(&change.field);
        writer.key("asked").text(&change.asked);
        writer.key("given").text(&change.given).close('}');
    }
    writer.close(']').close('}');
    let fields: Vec<&str> = hardened
        .changes
        .iter()
        .map(|change| change.field.as_str())
        .collect();
    let message = format!("container {id} was tightened: {}", fields.join(", "));
    let details = writer.finish();
    log.write_with(log::Level::Warning, &message, "harden", &details);
}
