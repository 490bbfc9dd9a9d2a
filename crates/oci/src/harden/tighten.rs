//! Tightens, reads again, and proves.

use super::binds::Host;
use super::policy::{Mode, Policy};
use super::{fields, rules};
use crate::failure::Failure;
use casemate_formats::oci::confine::confinement;
use casemate_formats::oci::schema::Spec;
use casemate_formats::oci::{encode, read};
use casemate_model::order::{Difference, Permission};
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Confinement, Origin};
use std::path::Path;

/// What an engine asks for.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The configuration.
    pub spec: Spec,
    /// The policy of its filter.
    pub filter: Option<SyscallPolicy>,
    /// The directory that relative sources of mounts are of.
    pub bundle: &'a Path,
}

/// What a container gets.
#[derive(Debug)]
pub struct Hardened {
    /// The configuration.
    pub spec: Spec,
    /// The policy of its filter; that of the configuration is not to be used.
    pub filter: Option<SyscallPolicy>,
    /// What is not as it was asked for.
    pub changes: Vec<Change>,
    /// The policies, none when nothing is hardened. With any, the session keyring is a new one whatever the caller says.
    pub policies: Vec<Policy>,
}

/// Something that is not given as it was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The field of the model, or what else it is about.
    pub field: String,
    /// What was asked for.
    pub asked: String,
    /// What is given.
    pub given: String,
}

impl Change {
    /// Says what is not given as it was asked for. Long values, such as filters, are cut.
    pub fn new(field: impl Into<String>, asked: impl AsRef<str>, given: impl AsRef<str>) -> Self {
        Self {
            field: field.into(),
            asked: short(asked.as_ref()),
            given: short(given.as_ref()),
        }
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            field,
            asked,
            given,
        } = self;
        write!(
            f,
            "{field} was asked to be {asked}, the host's policy makes it {given}"
        )
    }
}

const LONGEST: usize = 300;

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(LONGEST).collect();
    cut.push('…');
    cut
}

/// What is being tightened.
#[derive(Debug)]
pub struct Tightened<'a> {
    /// The configuration.
    pub spec: &'a mut Spec,
    /// The directory that relative sources of mounts are of.
    pub bundle: &'a Path,
}

/// What a configuration permits but for its filter, whose comparison takes the time: it is compared once, apart.
fn of(spec: &Spec, bundle: &Path) -> Confinement {
    let asked = |_: &str| -> Option<Origin> { None };
    confinement(spec, None, bundle, &asked)
}

/// The bound of a policy without that of the filter.
fn bound_of(policy: &Policy, asked: &Confinement, host: &dyn Host) -> Confinement {
    let mut bound = rules::bound(policy, asked, host);
    bound.syscalls.filter = asked.syscalls.filter.clone();
    bound
}

fn excess(asked: &Confinement, bound: &Confinement) -> Vec<Difference> {
    let mut differences = asked.diff(bound);
    differences.retain(|difference| !difference.relation.is_no_more_than());
    differences
}

type Result3 = (Spec, Option<SyscallPolicy>, Vec<Change>);

/// Tightens a configuration to what a policy permits.
///
/// # Errors
/// The policy says that it be refused, it cannot be tightened, or the result cannot be proven to permit no more.
pub fn tighten(asked: Asked<'_>, policy: &Policy, host: &dyn Host) -> Result<Result3, Failure> {
    let Asked {
        mut spec,
        mut filter,
        bundle,
    } = asked;
    let before = of(&spec, bundle);
    let bound = bound_of(policy, &before, host);
    let beyond = excess(&before, &bound);
    let mut ruled = spec.clone();
    let mut changes = rules::apply(policy, &mut ruled);
    if let Some((met, change)) = filter_within(filter.as_ref(), policy)? {
        filter = Some(met);
        changes.push(change);
    }
    if beyond.is_empty() && changes.is_empty() {
        return Ok((spec, filter, changes));
    }
    if policy.mode == Mode::Refuse {
        return Err(refused(policy, &beyond, &changes));
    }
    spec = ruled;
    let met = before.meet(&bound);
    let mut state = Tightened {
        spec: &mut spec,
        bundle,
    };
    for difference in &beyond {
        fields::write(difference.field, &met, &mut state)
            .map_err(|failure| unable(policy, &failure.to_string()))?;
    }
    // Read again as text, so that what is proven is what would be read of a file.
    let text = encode(&spec);
    let again = read("config.json", text.as_bytes())
        .map_err(|errors| unable(policy, &errors.to_string()))?;
    let after = of(&again.spec, bundle);
    let mut copy = again.spec.clone();
    let mut left = excess(&after, &bound_of(policy, &after, host));
    left.extend(excess(&after, &before));
    if !left.is_empty() || !rules::apply(policy, &mut copy).is_empty() {
        return Err(unable(policy, &fields_of(&left)));
    }
    let texts = after.entries();
    changes.extend(beyond.iter().map(|difference| {
        let given = texts.iter().find(|entry| entry.field == difference.field);
        let given = given.map_or("", |entry| entry.text.as_str());
        Change::new(difference.field.to_string(), &difference.left, given)
    }));
    Ok((again.spec, filter, changes))
}

/// The filter within the bound, proven so, when it is not within it as it is.
fn filter_within(
    filter: Option<&SyscallPolicy>,
    policy: &Policy,
) -> Result<Option<(SyscallPolicy, Change)>, Failure> {
    let asked = filter.cloned();
    let met = super::tighten_filter(asked, std::slice::from_ref(policy))?;
    Ok(match (filter, met) {
        (Some(own), Some(met)) if *own != met => {
            let change = Change::new("syscalls.filter", own.text(), met.text());
            Some((met, change))
        }
        (None, Some(met)) => {
            let change = Change::new("syscalls.filter", "everything", met.text());
            Some((met, change))
        }
        _ => None,
    })
}

fn fields_of(differences: &[Difference]) -> String {
    let fields = differences.iter().map(|difference| {
        format!(
            "{} is {} and may be {}",
            difference.field,
            short(&difference.left),
            short(&difference.right)
        )
    });
    fields.collect::<Vec<_>>().join("; ")
}

fn refused(policy: &Policy, beyond: &[Difference], changes: &[Change]) -> Failure {
    let rules = changes
        .iter()
        .map(|change| format!("{} is {}", change.field, change.asked));
    let mut reasons: Vec<String> = rules.collect();
    if !beyond.is_empty() {
        reasons.push(fields_of(beyond));
    }
    Failure::with_hint(
        format!(
            "the host's policy `{}` refuses the container: {}",
            policy.name,
            reasons.join("; ")
        ),
        "ask for less, or have the host's owner make an exception in its policy",
    )
}

fn unable(policy: &Policy, why: &str) -> Failure {
    Failure::with_hint(
        format!(
            "the container cannot be tightened to the host's policy `{}`: {why}",
            policy.name
        ),
        "ask for less, or have the host's owner make an exception in its policy",
    )
}
