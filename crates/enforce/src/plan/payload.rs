//! The program's own process, up to execve(2).

use super::filesystem::attribute;
use super::{Builder, Layout, PlanError, required};
use crate::step::{NO_SLOT, Step};
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::lattice::{Guard, Selection};
use casemate_model::program::Program;
use std::ffi::{CString, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Starts a session.
pub(super) fn session(builder: &mut Builder<'_>, streams: u8) -> Result<(), PlanError> {
    let own = *required(&builder.confinement.kernel.session, "kernel.session")? == Guard::On;
    if own || streams != 0 {
        builder.payload("devices", Step::NewSession { streams });
    }
    Ok(())
}

/// Goes to where the program starts: the directory that was asked for, else the caller's when it is there, else `/`.
pub(super) fn directory(
    builder: &mut Builder<'_>,
    program: &Program,
    layout: &Layout,
) -> Result<(), PlanError> {
    let path = match program.directory.value() {
        Some(path) if layout.shows(path) => path.as_path(),
        Some(path) if program.directory.is_set() => {
            return Err(PlanError::BadPath {
                path: path.clone(),
                why: "the program is to start there, but it is not granted",
            });
        }
        _ => Path::new("/"),
    };
    let path = super::filesystem::c_path(path)?;
    builder.payload("files", Step::ChangeDirectory { path });
    Ok(())
}

/// Closes descriptors.
pub(super) fn descriptors(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let keep = match required(
        &builder.confinement.kernel.descriptors,
        "kernel.descriptors",
    )? {
        Selection::All => {
            let why = "which ones there are is not known beforehand: name them".to_owned();
            let what = "passing on all descriptors".to_owned();
            return Err(PlanError::NotEnforceable {
                facet: "kernel",
                what,
                why,
            });
        }
        Selection::Only(set) => set
            .iter()
            .map(|fd| u8::try_from(*fd))
            .collect::<Result<Vec<u8>, _>>(),
    };
    let keep = keep.map_err(|_| PlanError::TooLarge {
        what: "a descriptor above 255",
    })?;
    builder.payload("kernel", Step::CloseDescriptors { keep });
    Ok(())
}

/// Installs the syscall filter. It comes last, so that no step of the launch needs to be in it but execve(2).
pub(super) fn filter(builder: &mut Builder<'_>) -> Result<(), PlanError> {
    let mut policy = required(&builder.confinement.syscalls.filter, "syscalls.filter")?.clone();
    if let Some(bounded) = super::network::bounded(builder)? {
        super::filter::refuse_unbounded(&mut policy, bounded);
    }
    if makes_files_of_the_caller(builder)? {
        super::filter::refuse_set_id(&mut policy);
    }
    super::filter::refuse_notify(&policy)?;
    let mut flags = super::filter::flags(&policy);
    if builder.options.reporter == super::Reporter::Explain {
        builder.answers = Some(super::filter::compile(&policy)?);
        super::filter::supervise(&mut policy);
        flags = super::filter::with_supervisor(flags, builder.facts.kernel);
    }
    let program = super::filter::compile(&policy)?;
    let step = Step::InstallFilter { flags, program };
    builder.payload("syscalls", step);
    Ok(())
}

/// Tells whether the program writes to mounts on which its files are the caller's own, who is privileged. Who lets the
/// program gain privileges by files lets it make such files too.
fn makes_files_of_the_caller(builder: &Builder<'_>) -> Result<bool, PlanError> {
    let guarded = *required(
        &builder.confinement.capabilities.no_new_privs,
        "capabilities.no_new_privs",
    )? == Guard::On;
    let mapped = builder.steps.iter().any(|step| {
        matches!(&step.step, Step::CloneTree { idmap, attributes, .. }
            if *idmap != NO_SLOT && attributes & attribute::RDONLY == 0)
    });
    Ok(guarded && mapped)
}

/// Tells whether the filter comes before the limits: its listener is one more descriptor, in a table that init shares and
/// that holds more than a program may be granted. Then the filter has to permit prlimit(2).
pub(super) fn sets_limits_last(builder: &Builder<'_>) -> Result<bool, PlanError> {
    let policy = required(&builder.confinement.syscalls.filter, "syscalls.filter")?;
    Ok(builder.options.reporter == super::Reporter::Explain
        && super::filter::permits(policy, "prlimit64"))
}

/// Becomes the program.
pub(super) fn execute(builder: &mut Builder<'_>, program: &Program) -> Result<(), PlanError> {
    let command = program
        .command
        .value()
        .filter(|command| !command.is_empty())
        .ok_or(PlanError::NoCommand)?;
    let arguments = command
        .iter()
        .map(|word| {
            CString::new(word.as_bytes()).map_err(|_| PlanError::Nul {
                what: "an argument",
            })
        })
        .collect::<Result<_, _>>()?;
    let path = super::filesystem::c_path(&builder.options.executable)?;
    let environment = environment(builder)?;
    builder.payload(
        "kernel",
        Step::Execute {
            path,
            arguments,
            environment,
        },
    );
    Ok(())
}

fn environment(builder: &Builder<'_>) -> Result<Vec<CString>, PlanError> {
    let caller = &builder.facts.environment;
    let pair = |name: &str, value: &OsStr| {
        CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()).map_err(|_| {
            PlanError::Nul {
                what: "a variable of the environment",
            }
        })
    };
    match required(
        &builder.confinement.kernel.environment,
        "kernel.environment",
    )? {
        Environment::Inherited => caller
            .iter()
            .map(|(name, value)| pair(name, value))
            .collect(),
        Environment::Only(variables) => variables
            .iter()
            .filter_map(|(name, value)| match value {
                Variable::Text(text) => Some(pair(name, text.as_ref())),
                Variable::FromCaller => caller.get(name).map(|text| pair(name, text)),
            })
            .collect(),
    }
}
