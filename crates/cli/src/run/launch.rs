//! From a request to the launcher: resolve the paths, gather the facts, plan, become the launcher.

use super::command::{self, Resolved};
use super::reporter::{self, Subject};
use super::{Mode, RunRequest, Talk, paths};
use crate::failure::{Failure, tell};
use casemate_enforce::plan::{Needs, Options, Plan, Reporter, plan};
use casemate_enforce::start;
use casemate_model::host::HostFacts;
use casemate_model::lattice::Selection;
use casemate_observe::host::{Identity, Ranges, Request, gather};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

/// Starts the program as it is asked for. Comes back only with a dry run, or when the program has not been started.
///
/// # Errors
/// The program has not been started.
pub fn launch(mut request: RunRequest) -> Result<ExitCode, Failure> {
    let Resolved {
        executable,
        own_file,
    } = command::resolve(&mut request.document)?;
    if let Some(file) = own_file {
        command::grant(&mut request.document, file);
    }
    let links = paths::resolve(&mut request.document.confinement)?;
    let mut facts = facts(&request)?;
    facts.tree.extend(links);
    let options = Options {
        best_effort: request
            .best_effort
            .iter()
            .map(|facet| (*facet).to_owned())
            .collect(),
        name: format!("casemate-{}", std::process::id()),
        executable,
        reporter: wanted(&request),
    };
    let plan = plan(
        &request.document.confinement,
        &request.document.program,
        &facts,
        &options,
    )?;
    if request.mode == Mode::DryRun {
        crate::output::say(&plan.to_string())?;
        return Ok(ExitCode::SUCCESS);
    }
    tell_gaps(&request, &plan);
    let keep: Vec<u32> = match request.document.confinement.kernel.descriptors.value() {
        Some(Selection::Only(kept)) => kept.iter().copied().collect(),
        _ => Vec::new(),
    };
    let launcher = launcher()?;
    let channel = match plan.reporter {
        Reporter::Absent => None,
        Reporter::Report | Reporter::Explain => {
            let subject = Subject {
                request: &request,
                plan: &plan,
                facts: &facts,
            };
            Some(reporter::start(&subject, &keep)?)
        }
    };
    let ready = start::prepare(&plan, &launcher, channel.as_ref(), &keep)?;
    Err(ready.execute().into())
}

fn wanted(request: &RunRequest) -> Reporter {
    match (request.mode, &request.report) {
        (Mode::Explain, _) => Reporter::Explain,
        (_, Some(_)) => Reporter::Report,
        _ => Reporter::Absent,
    }
}

fn facts(request: &RunRequest) -> Result<HostFacts, Failure> {
    let needs = Needs::of(&request.document.confinement);
    let request = Request {
        controllers: needs.controllers,
        ranges: if needs.ranges {
            Ranges::Needed
        } else {
            Ranges::NotNeeded
        },
        identity: Identity::Numbers,
        paths: needs.paths,
    };
    gather(&request).map_err(|error| Failure::not_started(error.to_string()))
}

/// Says what is not enforced. What a default lacks on this host is said to a person, not into every log.
fn tell_gaps(request: &RunRequest, plan: &Plan) {
    let shown = match request.talk {
        Talk::Quiet => false,
        Talk::Normal => std::io::stderr().is_terminal() || !request.best_effort.is_empty(),
        Talk::Verbose => true,
    };
    for gap in plan.gaps.iter().filter(|_| shown) {
        tell(&format!(
            "note: not enforced: {}: {}: {}\n",
            gap.facet, gap.what, gap.why
        ));
    }
}

/// Finds the launcher: it lies beside this program.
fn launcher() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe().map_err(|error| {
        Failure::not_started(format!(
            "cannot tell where casemate-exec is: {error}\n   = help: /proc has to be mounted: mount -t proc proc /proc"
        ))
    })?;
    Ok(own.with_file_name("casemate-exec"))
}
