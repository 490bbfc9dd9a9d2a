//! Hooks that run in the runtime's own namespaces, after the launcher is gone: poststart and poststop.

use crate::failure::{Attempt, Failure};
use casemate_formats::oci::schema::Hook;
use std::io::Write;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Runs a hook, with the state on its standard input, and waits for its end.
///
/// # Errors
/// It cannot be executed, takes longer than it may, or does not end with 0.
pub fn run(hook: &Hook, state: &str, directory: &str) -> Result<(), Failure> {
    let mut command = Command::new(&hook.path);
    if let Some((name, arguments)) = hook.args.split_first() {
        command.arg0(name).args(arguments);
    }
    command.env_clear();
    for variable in &hook.env {
        let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
        command.env(name, value);
    }
    let mut child = command
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .process_group(0)
        .spawn()
        .attempt(|| format!("execute {}", hook.path))?;
    if let Some(mut input) = child.stdin.take() {
        match input.write_all(state.as_bytes()) {
            // It need not read its input.
            Ok(()) | Err(_) => {}
        }
    }
    let until = hook
        .timeout
        .and_then(|seconds| u64::try_from(seconds).ok())
        .map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let status = loop {
        let Some(until) = until else {
            break child.wait().attempt(|| format!("wait for {}", hook.path))?;
        };
        if let Some(status) = child
            .try_wait()
            .attempt(|| format!("wait for {}", hook.path))?
        {
            break status;
        }
        if Instant::now() >= until {
            end(&mut child);
            return Err(Failure::new(format!(
                "{} took longer than {} seconds",
                hook.path,
                hook.timeout.unwrap_or(0)
            )));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    judge(&hook.path, status)
}

/// Kills a hook with its children.
fn end(child: &mut std::process::Child) {
    use casemate_sys::process::{Pid, Target, kill};
    use casemate_sys::signal::Signal;
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::new) {
        match kill(Target::Group(group), Some(Signal::KILL)) {
            // ESRCH: it has just ended.
            Ok(()) | Err(_) => {}
        }
    }
    match child.wait() {
        Ok(_) | Err(_) => {}
    }
}

fn judge(path: &str, status: ExitStatus) -> Result<(), Failure> {
    match (status.code(), status.signal()) {
        (Some(0), _) => Ok(()),
        (Some(code), _) => Err(Failure::new(format!("{path} ended with {code}"))),
        (None, Some(signal)) => Err(Failure::new(format!("{path} was ended by signal {signal}"))),
        (None, None) => Err(Failure::new(format!("{path} ended in an unknown way"))),
    }
}
