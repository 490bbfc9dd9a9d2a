//! The filters of a live process, as inputs of the toolkit.

use crate::failure::Failure;
use casemate_observe::live;
use casemate_seccomp::Program;
use casemate_sys::process::Pid;

/// Reads the number of a process.
pub fn pid(text: &str) -> Result<Pid, Failure> {
    let number = text.parse::<i32>().ok().filter(|number| *number > 0);
    number.and_then(Pid::new).ok_or_else(|| {
        Failure::usage(
            format!("`{text}` is no number of a process"),
            "as `ps` shows it".to_owned(),
        )
    })
}

/// Reads one filter, or all of them; the one that was loaded last comes first. At least one.
pub fn filters(pid: Pid, index: Option<usize>) -> Result<Vec<Program>, Failure> {
    let programs = live::filters(pid, index)
        .map_err(|error| Failure::usage(error.to_string(), error.hint().map(str::to_owned)))?;
    if programs.is_empty() {
        let what = match index {
            Some(index) => format!("process {pid} has no filter {index}"),
            None => format!("process {pid} has no filter"),
        };
        return Err(Failure::usage(what, None));
    }
    Ok(programs)
}
