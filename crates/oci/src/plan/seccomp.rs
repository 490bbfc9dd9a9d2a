//! The syscall filter.

use super::{facet, text};
use crate::failure::{Attempt, Failure};
use casemate_enforce::plan::{Steps, container_filter};
use casemate_enforce::step::{Slot, Step};
use casemate_formats::oci::Reading;
use casemate_model::names::CapabilitySet;
use casemate_model::names::version::KernelVersion;
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

/// Compiles the filter of a configuration; none when it has none. Returns it with what there is to be said.
///
/// # Errors
/// The filter cannot be understood, or not be enforced here.
pub fn filter(
    reading: &Reading<'_>,
    capabilities: CapabilitySet,
) -> Result<(Option<Filter>, Vec<String>), Failure> {
    let Some(seccomp) = reading
        .spec
        .linux
        .as_ref()
        .and_then(|linux| linux.seccomp.as_ref())
    else {
        return Ok((None, Vec::new()));
    };
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
    let Some((policy, warnings)) = read else {
        return Ok((None, Vec::new()));
    };
    let asks = container_filter::asks(&policy);
    if asks && seccomp.listener_path.is_empty() {
        return Err(Failure::new(
            "linux.seccomp: SCMP_ACT_NOTIFY needs listenerPath: nobody would answer",
        ));
    }
    let (flags, program) = container_filter::compile(&policy)
        .attempt(|| "make the filter of linux.seccomp".to_owned())?;
    let notes = warnings.iter().map(ToString::to_string).collect();
    let filter = Filter {
        flags,
        program,
        asks,
    };
    Ok((Some(filter), notes))
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
