//! `exec`: runs a further process in a container.

use super::create;
use crate::cgroup::UNIFIED;
use crate::cli::Call;
use crate::failure::{Attempt, Failure};
use crate::harden;
use crate::log::Level;
use crate::plan::{self, Caller, Granted, Joining};
use crate::state::{CONFIG, Container, POLICIES, Status};
use casemate_enforce::start;
use casemate_formats::oci;
use casemate_formats::oci::schema::{Capabilities, NamespaceKind, Process, Spec};
use casemate_model::names::{Capability, CapabilitySet};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    // The log stays open until the launcher has taken over.
    let (ready, _log) = prepare(call)?;
    let failed = ready.execute();
    Err(Failure::new(failed.to_string()))
}

fn prepare(call: &Call) -> Result<(start::Ready, Option<File>), Failure> {
    let id = call.word(0, "the container's id")?;
    let container = Container::look(&call.globals.states(), id)?;
    match container.status {
        Status::Running | Status::Created => {}
        Status::Paused if call.has("ignore-paused") => {}
        Status::Paused => {
            return Err(Failure::with_hint(
                format!("cannot exec in the paused container {id}"),
                "`--ignore-paused` waits until it is resumed",
            ));
        }
        Status::Stopped => {
            return Err(Failure::new(format!(
                "cannot exec in the stopped container {id}: container not running"
            )));
        }
        Status::Creating => {
            return Err(Failure::new(format!(
                "container {id} is still being created"
            )));
        }
    }
    let bytes = container.directory.config()?;
    let reading = oci::read(CONFIG, &bytes).attempt(|| format!("read {CONFIG}"))?;
    let policies = match container.directory.read(POLICIES)? {
        Some(record) => harden::recall(&String::from_utf8_lossy(&record))?,
        None => Vec::new(),
    };
    let mut process = process(call, &reading.spec)?;
    harden::tighten_process(&mut process, &policies);
    let caller = Caller::read()?;
    let own_users = reading.spec.namespace(NamespaceKind::User).is_some();
    let granted = Granted::of(&process, &caller, own_users);
    for note in &granted.notes {
        call.globals.log.write(Level::Warning, note);
    }
    let kept = process
        .capabilities
        .as_ref()
        .map_or(CapabilitySet::EMPTY, |sets| sets.bounding);
    let policy = plan::policy(&reading, kept)?.map(|(policy, _)| policy);
    let filter = harden::tighten_filter(policy, &policies)?
        .as_ref()
        .map(|policy| plan::compile(policy, &reading.spec))
        .transpose()?;
    let log = create::log_file(call)?;
    let preserved = create::preserved(call)?;
    let plan = plan::join(Joining {
        globals: &call.globals,
        caller: &caller,
        spec: &reading.spec,
        state: &container.state,
        process: &process,
        filter,
        granted: &granted,
        below: below(call)?,
        detached: call.has("detach"),
        log_fd: log.as_ref().map(AsRawFd::as_raw_fd),
        pid_file: call.value("pid-file").map(PathBuf::from),
        console_socket: call.value("console-socket").map(PathBuf::from),
        pidfd_socket: call.value("pidfd-socket").map(PathBuf::from),
        preserved,
    })?;
    let own = log.iter().map(AsRawFd::as_raw_fd);
    let ready = create::start(&plan, own, preserved)?;
    Ok((ready, log))
}

/// The process: of `--process`, or the container's own with what the flags and words change.
fn process(call: &Call, spec: &Spec) -> Result<Process, Failure> {
    let own = spec.process.clone().unwrap_or_default();
    let mut process = if let Some(path) = call.value("process") {
        if call.words.len() > 1 {
            return Err(Failure::new(
                "`--process` has the command: no other can be given",
            ));
        }
        of_file(Path::new(path), call)?
    } else {
        of_flags(call, &own)?
    };
    // What a process does not say is as the container's first one has it.
    if process.capabilities.is_none() {
        process.capabilities.clone_from(&own.capabilities);
    }
    if process.apparmor_profile.is_empty() {
        process.apparmor_profile.clone_from(&own.apparmor_profile);
    }
    if process.selinux_label.is_empty() {
        process.selinux_label.clone_from(&own.selinux_label);
    }
    if process.rlimits.is_empty() {
        process.rlimits.clone_from(&own.rlimits);
    }
    if process.oom_score_adj.is_none() {
        process.oom_score_adj = own.oom_score_adj;
    }
    if process.scheduler.is_none() {
        process.scheduler.clone_from(&own.scheduler);
    }
    if process.io_priority.is_none() {
        process.io_priority.clone_from(&own.io_priority);
    }
    if process.exec_cpu_affinity.is_none() {
        process.exec_cpu_affinity.clone_from(&own.exec_cpu_affinity);
    }
    process.no_new_privileges |= own.no_new_privileges;
    if process.args.is_empty() {
        return Err(Failure::new("no command is given"));
    }
    Ok(process)
}

fn of_file(path: &Path, call: &Call) -> Result<Process, Failure> {
    let what = || format!("read {}", path.display());
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).attempt(what)?;
        bytes
    } else {
        fs::read(path).attempt(what)?
    };
    let part = oci::read_process(&path.to_string_lossy(), &bytes)
        .map_err(|errors| Failure::new(errors.to_string()))?;
    for warning in &part.warnings {
        call.globals.log.write(Level::Warning, &warning.to_string());
    }
    let mut process = part.value;
    process.terminal |= call.has("tty");
    Ok(process)
}

fn of_flags(call: &Call, own: &Process) -> Result<Process, Failure> {
    let mut process = own.clone();
    process.terminal = call.has("tty");
    process.console_size = None;
    process.args = words(call)?;
    if let Some(directory) = call.text("cwd")? {
        directory.clone_into(&mut process.cwd);
    }
    for variable in call.values("env") {
        let variable = variable
            .to_str()
            .filter(|variable| variable.contains('='))
            .ok_or_else(|| Failure::new("`--env` must be NAME=VALUE"))?;
        process.env.push(variable.to_owned());
    }
    if let Some(user) = call.text("user")? {
        (process.user.uid, process.user.gid) = parse_user(user, process.user.gid)?;
    }
    for gid in call.values("additional-gids") {
        let gid = gid.to_str().and_then(|gid| gid.parse().ok());
        let gid = gid.ok_or_else(|| Failure::new("`--additional-gids` must be a number"))?;
        process.user.additional_gids.push(gid);
    }
    for name in call.values("cap") {
        let name = name.to_string_lossy();
        let capability = Capability::from_name(&name)
            .ok_or_else(|| Failure::new(format!("`--cap`: there is no capability `{name}`")))?;
        let sets = process.capabilities.get_or_insert(Capabilities::NONE);
        for set in [&mut sets.bounding, &mut sets.effective, &mut sets.permitted] {
            *set = set.with(capability);
        }
    }
    if let Some(profile) = call.text("apparmor")? {
        profile.clone_into(&mut process.apparmor_profile);
    }
    if let Some(label) = call.text("process-label")? {
        label.clone_into(&mut process.selinux_label);
    }
    process.no_new_privileges |= call.has("no-new-privs");
    Ok(process)
}

fn words(call: &Call) -> Result<Vec<String>, Failure> {
    call.words
        .iter()
        .skip(1)
        .map(|word| {
            word.to_str()
                .map(str::to_owned)
                .ok_or_else(|| Failure::new("the command is not valid UTF-8"))
        })
        .collect()
}

/// `UID[:GID]`, as numbers and nothing else.
fn parse_user(text: &str, gid: u32) -> Result<(u32, u32), Failure> {
    let bad = || Failure::new(format!("`--user` is `{text}`, and must be UID or UID:GID"));
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten().ok_or_else(bad)
    };
    match text.split_once(':') {
        Some((uid, gid)) => Ok((number(uid)?, number(gid)?)),
        None => Ok((number(text)?, gid)),
    }
}

/// The groups of `--cgroup`.
fn below(call: &Call) -> Result<BTreeMap<String, String>, Failure> {
    let mut below = BTreeMap::new();
    for value in call.values("cgroup") {
        let text = value
            .to_str()
            .ok_or_else(|| Failure::new("`--cgroup` is not valid UTF-8"))?;
        match text.split_once(':') {
            Some((controllers, path)) => {
                for controller in controllers.split(',') {
                    below.insert(controller.to_owned(), path.to_owned());
                }
            }
            None => {
                below.insert(UNIFIED.to_owned(), text.to_owned());
            }
        }
    }
    Ok(below)
}

#[cfg(test)]
mod tests {
    use super::parse_user;

    #[test]
    fn users_are_numbers() {
        assert_eq!(parse_user("1", 5), Ok((1, 5)));
        assert_eq!(parse_user("1:2", 5), Ok((1, 2)));
        for text in [
            "",
            ":",
            "1:",
            ":2",
            "a",
            "1:b",
            "-1",
            "+1",
            "1:2:3",
            " 1",
            "4294967296",
        ] {
            assert!(parse_user(text, 0).is_err(), "{text:?}");
        }
    }
}
