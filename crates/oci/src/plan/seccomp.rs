//! The syscall filter.

use super::{facet, text};
use crate::failure::{Attempt, Failure};
use casemate_enforce::plan::{Steps, container_filter};
use casemate_enforce::step::{Slot, Step};
use casemate_formats::oci::Reading;
use casemate_formats::oci::schema::Spec;
use casemate_model::names::CapabilitySet;
use casemate_model::names::version::KernelVersion;
use casemate_model::syscalls::SyscallPolicy;
use casemate_seccomp::formats::{Context, NoFiles};
use casemate_sys::namespace;

/// A filter that is ready to be installed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter {
    flags: u64,
    program: Vec<u8>,
    /// Whether it asks an agent.
    pub asks: bool,
}

/// Reads the policy of a configuration's filter, with what there is to be said; none when it has none. `capabilities` are
/// those that the program keeps.
///
/// # Errors
/// It cannot be understood.
pub fn policy(
    reading: &Reading<'_>,
    capabilities: CapabilitySet,
) -> Result<Option<(SyscallPolicy, Vec<String>)>, Failure> {
    let served = container_filter::served();
    let context = Context {
        archs: &served,
        kernel: kernel(),
        capabilities,
        unknown: None,
        loader: &NoFiles,
    };
    let read = reading
        .filter(&context)
        .map_err(|errors| Failure::new(errors.to_string()))?;
    Ok(read.map(|(policy, warnings)| {
        let notes = warnings.iter().map(ToString::to_string).collect();
        (policy, notes)
    }))
}

/// Compiles a policy.
///
/// # Errors
/// It cannot be enforced here.
pub fn compile(policy: &SyscallPolicy, spec: &Spec) -> Result<Filter, Failure> {
    let asks = container_filter::asks(policy);
    let listens = spec
        .linux
        .as_ref()
        .and_then(|linux| linux.seccomp.as_ref())
        .is_some_and(|seccomp| !seccomp.listener_path.is_empty());
    if asks && !listens {
        return Err(Failure::new(
            "linux.seccomp: SCMP_ACT_NOTIFY needs listenerPath: nobody would answer",
        ));
    }
    let (flags, program) = container_filter::compile(policy)
        .attempt(|| "make the filter of linux.seccomp".to_owned())?;
    Ok(Filter {
        flags,
        program,
        asks,
    })
}

/// The running kernel's version.
fn kernel() -> KernelVersion {
    namespace::uname()
        .ok()
        .and_then(|names| names.release().to_str().ok()?.parse().ok())
        .unwrap_or(KernelVersion::new(5, 10))
}

/// Adds the step that installs it; `agent` is the agent's socket, with what the agent is told around the process id.
pub fn install(
    steps: &mut Steps,
    filter: Filter,
    agent: Option<(Slot, String, String)>,
) -> Result<(), Failure> {
    let (flags, program) = (filter.flags, filter.program);
    let step = match agent {
        None => Step::InstallFilter { flags, program },
        Some((slot, before, after)) => Step::InstallFilterForAgent {
            flags,
            program,
            slot,
            before: text(before)?,
            after: text(after)?,
        },
    };
    steps.payload(facet::SYSCALLS, step);
    Ok(())
}
