//! `casemate run`: from the command line and a profile to a request, then the launch.

mod command;
mod launch;
mod paths;
mod reporter;
mod resolver;

use crate::caller::{self, Files};
use crate::color::Choice;
use crate::commands;
use crate::failure::{Failure, tell};
use crate::flags::{self, Given};
use crate::help;
use casemate_formats::profile::{self, Context, Document, Errors, Problem, Settings, Sources};
use casemate_model::Confinement;
use casemate_model::names::suggest::nearest;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The exit code when the program has not been started.
const NOT_STARTED: u8 = 125;

/// What a launch needs to know.
#[derive(Debug)]
pub struct RunRequest {
    /// The confinement and the program.
    pub document: Document,
    /// What is done with it.
    pub mode: Mode,
    /// Where the report goes.
    pub report: Option<PathBuf>,
    /// Facets that need not be enforced, by the names of [`Confinement::FACETS`].
    pub best_effort: BTreeSet<&'static str>,
    /// How much is said.
    pub talk: Talk,
}

/// What is done with a confinement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// The program is run in it.
    Run,
    /// The program is run in it, and what was refused is reported.
    Explain,
    /// The plan is printed.
    DryRun,
}

/// How much is said on standard error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Talk {
    /// Errors only.
    Quiet,
    /// Also what is not as one might expect.
    Normal,
    /// Also what goes as it should.
    Verbose,
}

/// Runs the subcommand.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    let mut color = Choice::Auto;
    match request(arguments, &mut color).and_then(|asked| match asked {
        Asked::Help(text) => crate::output::say(&text).map(|()| ExitCode::SUCCESS),
        Asked::Run(request) => launch::launch(*request),
    }) {
        Ok(code) => code,
        Err(failure) => failure.report(NOT_STARTED, color),
    }
}

enum Asked {
    Help(String),
    Run(Box<RunRequest>),
}

fn request(arguments: Vec<OsString>, color: &mut Choice) -> Result<Asked, Failure> {
    let command =
        commands::command("run").ok_or_else(|| help::unknown_command(OsStr::new("run")))?;
    let parsed = flags::parse(command, arguments)?;
    if let Some(help) = parsed.help {
        return Ok(Asked::Help(help::of(command, help)));
    }
    let own = own(&parsed.given)?;
    *color = own.color;
    let document = document(own.profile, &parsed.given, &parsed.words)?;
    if document.program.command.value().is_none() {
        let hint = match own.profile {
            Some(_) => "write `command = [\"PROGRAM\"]` in the profile, or the command after `--`",
            None => "for example `casemate run -- ls`",
        };
        return Err(Failure::usage("no command to run", hint.to_owned()));
    }
    if own.talk != Talk::Quiet {
        for loss in &document.losses {
            tell(&format!("note: {loss}\n"));
        }
    }
    Ok(Asked::Run(Box::new(RunRequest {
        document,
        mode: own.mode,
        report: own.report,
        best_effort: own.best_effort,
        talk: own.talk,
    })))
}

/// Reads the profile, if there is one, and applies flags and command to it.
pub fn document(
    profile: Option<&Path>,
    given: &[Given],
    command: &[OsString],
) -> Result<Document, Failure> {
    let mut context = caller::context();
    let (mut settings, sources) = match profile {
        Some(path) => profile::settings(&caller::profile(path)?, &context, &mut Files)
            .map_err(Failure::Profile)?,
        None => (Settings::none(), Sources::new()),
    };
    let mut problems: Vec<Problem> = Vec::new();
    for flag in given {
        let Given::Key { key, said } = flag else {
            continue;
        };
        match profile::flags::setting(key, said, &context) {
            Ok(setting) => settings.push(setting),
            Err(problem) => problems.push(*problem),
        }
    }
    match profile::flags::command(command, &context) {
        Ok(setting) => settings.extend(setting),
        Err(problem) => problems.push(*problem),
    }
    if settings.wants_range() {
        add_ranges(&mut context);
    }
    let applied = profile::apply(&settings, &context);
    match applied {
        Ok(mut document) if problems.is_empty() => {
            resolver::grant(&mut document);
            Ok(document)
        }
        Ok(_) => Err(Failure::Profile(Errors::new(problems, sources))),
        Err(more) => {
            problems.extend(more);
            Err(Failure::Profile(Errors::new(problems, sources)))
        }
    }
}

/// Looks up the caller's ranges of ids, which takes several files: only when they matter.
fn add_ranges(context: &mut Context) {
    use casemate_observe::host::{Identity, Ranges, Request, gather};
    let request = Request {
        controllers: BTreeSet::new(),
        ranges: Ranges::Needed,
        identity: Identity::Name,
        paths: Vec::new(),
    };
    // Without facts there is no range, which is told where a range is asked for.
    if let Ok(facts) = gather(&request) {
        context.subordinate = facts.subordinate;
    }
}

/// What the flags of `run` itself say.
struct Own<'a> {
    profile: Option<&'a Path>,
    mode: Mode,
    report: Option<PathBuf>,
    best_effort: BTreeSet<&'static str>,
    talk: Talk,
    color: Choice,
}

fn own(given: &[Given]) -> Result<Own<'_>, Failure> {
    let mut own = Own {
        profile: None,
        mode: Mode::Run,
        report: None,
        best_effort: BTreeSet::new(),
        talk: Talk::Normal,
        color: Choice::Auto,
    };
    for flag in given {
        let Given::Own { name, value } = flag else {
            continue;
        };
        match *name {
            "profile" => own.profile = Some(once(own.profile, "--profile", value)?),
            "dry-run" => own.mode = mode(own.mode, Mode::DryRun)?,
            "explain" => own.mode = mode(own.mode, Mode::Explain)?,
            "report" => own.report = Some(PathBuf::from(value)),
            "best-effort" => {
                own.best_effort.insert(facet(value)?);
            }
            "verbose" => own.talk = Talk::Verbose,
            "quiet" => own.talk = Talk::Quiet,
            "color" => own.color = color(value)?,
            _ => {}
        }
    }
    Ok(own)
}

/// Takes the one profile of a command line.
pub fn once<'a>(before: Option<&Path>, flag: &str, value: &'a OsStr) -> Result<&'a Path, Failure> {
    if before.is_none() {
        return Ok(Path::new(value));
    }
    let hint = "write a profile whose `extends` names both".to_owned();
    Err(Failure::usage(format!("`{flag}` can be given once"), hint))
}

/// Reads the value of `--color`.
pub fn color(value: &OsStr) -> Result<Choice, Failure> {
    let choice = value.to_str().and_then(Choice::parse);
    choice.ok_or_else(|| {
        Failure::usage(
            not_a("--color", value),
            "write auto, always or never".to_owned(),
        )
    })
}

pub fn not_a(flag: &str, value: &OsStr) -> String {
    format!("`{flag}` cannot be `{}`", value.to_string_lossy())
}

fn mode(before: Mode, mode: Mode) -> Result<Mode, Failure> {
    match before {
        Mode::Run => Ok(mode),
        same if same == mode => Ok(mode),
        _ => Err(Failure::usage(
            "`--dry-run` and `--explain` exclude each other",
            "keep one of the two".to_owned(),
        )),
    }
}

fn facet(value: &OsStr) -> Result<&'static str, Failure> {
    let text = value.to_string_lossy();
    let facets = Confinement::FACETS;
    facets
        .into_iter()
        .find(|facet| *facet == text)
        .ok_or_else(|| {
            let hint = match nearest(&text, facets) {
                Some(facet) => format!("did you mean `{facet}`?"),
                None => format!("write one of {}", facets.join(", ")),
            };
            Failure::usage(not_a("--best-effort", value), hint)
        })
}
