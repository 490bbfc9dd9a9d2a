//! `create`: makes a container, whose init waits for `start`.

use crate::cli::Call;
use crate::failure::{Attempt, Failure};
use crate::harden;
use crate::log::Level;
use crate::plan::root::Entering;
use crate::plan::{self, Caller, Created, Granted, Purpose, Request};
use crate::state::{CONFIG, Directory, POLICIES, STATE, State};
use crate::{cli, time};
use casemate_enforce::start;
use casemate_formats::oci::schema::NamespaceKind;
use casemate_formats::oci::{self, Reading};
use casemate_model::names::CapabilitySet;
use std::fs::{self, File, OpenOptions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    launch(call, Purpose::Create)
}

/// Plans a container and becomes the launcher, which makes it. Returns only when that failed.
pub fn launch(call: &Call, purpose: Purpose) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let bundle = bundle(call)?;
    let file = match call.value("config") {
        Some(path) => cli::absolute(Path::new(path))?,
        None => bundle.join(CONFIG),
    };
    let bytes = fs::read(&file).attempt(|| format!("read {}", file.display()))?;
    let name = file.to_string_lossy();
    let reading = oci::read(&name, &bytes).map_err(|errors| Failure::new(errors.to_string()))?;
    for warning in &reading.warnings {
        call.globals.log.write(Level::Warning, &warning.to_string());
    }
    let directory = call.globals.states().make(id)?;
    // From here on something is left when it fails.
    match prepare(call, purpose, &bundle, (&reading, &bytes), &directory) {
        // The log stays open until the launcher has taken over.
        Ok((ready, _log)) => {
            let failed = ready.execute();
            super::delete::remove(directory, &call.globals.log)?;
            Err(Failure::new(failed.to_string()))
        }
        Err(failure) => {
            directory.remove()?;
            Err(failure)
        }
    }
}

fn bundle(call: &Call) -> Result<PathBuf, Failure> {
    let path = call.value("bundle").map_or(Path::new("."), Path::new);
    fs::canonicalize(path).attempt(|| format!("find the bundle {}", path.display()))
}

/// Everything up to the launcher.
fn prepare(
    call: &Call,
    purpose: Purpose,
    bundle: &Path,
    (reading, bytes): (&Reading<'_>, &[u8]),
    directory: &Directory,
) -> Result<(start::Ready, Option<File>), Failure> {
    let caller = Caller::read()?;
    let asked = reading.spec.process.as_ref();
    let kept = asked
        .and_then(|process| process.capabilities.as_ref())
        .map_or(CapabilitySet::EMPTY, |sets| sets.bounding);
    let policy = plan::policy(reading, kept)?;
    let globals = &call.globals;
    let sources = harden::Sources {
        node: Path::new(harden::NODE),
        option: globals.harden.as_deref(),
        id: &directory.id,
        annotations: &reading.spec.annotations,
    };
    let (policy, notes) =
        policy.map_or((None, Vec::new()), |(policy, notes)| (Some(policy), notes));
    let hardened = harden::apply(&sources, &globals.log, bundle, reading.spec.clone(), policy)?;
    let spec = &hardened.spec;
    let own_users = spec.namespace(NamespaceKind::User).is_some();
    let granted = Granted::of(
        &spec.process.clone().unwrap_or_default(),
        &caller,
        own_users,
    );
    let filter = hardened
        .filter
        .as_ref()
        .map(|policy| plan::compile(policy, spec))
        .transpose()?;
    for note in notes.iter().chain(&granted.notes) {
        globals.log.write(Level::Warning, note);
    }
    let log = log_file(call)?;
    let preserved = preserved(call)?;
    let created = plan::create(Request {
        globals,
        spec,
        filter,
        granted: &granted,
        caller: &caller,
        state: state(directory, bundle, spec, &caller)?,
        purpose,
        directory: directory.path.clone(),
        directory_fd: directory.fd().raw(),
        log_fd: log.as_ref().map(AsRawFd::as_raw_fd),
        pid_file: call.value("pid-file").map(PathBuf::from),
        console_socket: call.value("console-socket").map(PathBuf::from),
        pidfd_socket: call.value("pidfd-socket").map(PathBuf::from),
        preserved,
        entering: if call.has("no-pivot") {
            Entering::Move
        } else {
            Entering::Pivot
        },
        // A policy gives every container a new one.
        keeps_keyring: call.has("no-new-keyring") && hardened.policies.is_empty(),
    })?;
    for note in &created.notes {
        globals.log.write(Level::Warning, note);
    }
    // The configuration as it is in force.
    let config = if hardened.changes.is_empty() {
        bytes.to_vec()
    } else {
        oci::encode(spec).into_bytes()
    };
    if !hardened.policies.is_empty() {
        directory.write(POLICIES, harden::record(&hardened.policies).as_bytes())?;
    }
    remember(directory, &created, &config)?;
    let ready = become_launcher(&created, directory, log.as_ref(), preserved)?;
    Ok((ready, log))
}

/// Writes what is needed to remove the container, whatever happens from here on.
fn remember(directory: &Directory, created: &Created, config: &[u8]) -> Result<(), Failure> {
    directory.write(CONFIG, config)?;
    directory.write(STATE, created.state.write().as_bytes())
}

/// The log, open for the launcher.
pub fn log_file(call: &Call) -> Result<Option<File>, Failure> {
    call.globals
        .log
        .file
        .as_ref()
        .map(|path| {
            OpenOptions::new()
                .append(true)
                .create(true)
                .mode(0o600)
                .open(path)
                .attempt(|| format!("open the log {}", Path::new(path).display()))
        })
        .transpose()
}

/// How many of the caller's descriptors are passed on.
pub fn preserved(call: &Call) -> Result<u32, Failure> {
    let given = match call.text("preserve-fds")? {
        Some(text) => text.parse::<u32>().ok().filter(|count| *count <= 1024),
        None => Some(0),
    };
    given.ok_or_else(|| Failure::new("`--preserve-fds` must be a number up to 1024"))
}

/// Encodes the plan for the launcher.
fn become_launcher(
    created: &Created,
    directory: &Directory,
    log: Option<&File>,
    preserved: u32,
) -> Result<start::Ready, Failure> {
    let own = [directory.fd().raw()]
        .into_iter()
        .chain(log.map(AsRawFd::as_raw_fd));
    start(&created.plan, own, preserved)
}

/// Encodes a plan for the launcher, which keeps descriptors of ours and of the caller's.
pub fn start(
    plan: &casemate_enforce::Plan,
    own: impl Iterator<Item = i32>,
    preserved: u32,
) -> Result<start::Ready, Failure> {
    let launcher = std::env::current_exe()
        .attempt(|| "tell where casemate-exec is".to_owned())?
        .with_file_name("casemate-exec");
    let keep: Vec<u32> = own
        .filter_map(|number| u32::try_from(number).ok())
        .chain(3..3 + preserved)
        .collect();
    start::prepare(plan, &launcher, None, &keep).map_err(|error| Failure::new(error.to_string()))
}

fn state(
    directory: &Directory,
    bundle: &Path,
    spec: &oci::schema::Spec,
    caller: &Caller,
) -> Result<State, Failure> {
    let root = spec.root.as_ref().map_or("", |root| root.path.as_str());
    let utf8 = |path: &Path| {
        path.to_str()
            .map(str::to_owned)
            .ok_or_else(|| Failure::new(format!("{} is not UTF-8", path.display())))
    };
    Ok(State {
        oci_version: spec.oci_version.clone(),
        id: directory.id.clone(),
        bundle: utf8(bundle)?,
        rootfs: utf8(&bundle.join(root))?,
        created: time::now(),
        owner: caller.uid,
        annotations: spec.annotations.clone(),
        ..State::default()
    })
}
