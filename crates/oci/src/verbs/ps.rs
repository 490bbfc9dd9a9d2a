//! `ps`: the processes of a container, as ps(1) shows them or their numbers alone.

use crate::cgroup;
use crate::cli::{Call, print};
use crate::failure::{Attempt, Failure};
use crate::json::Writer;
use crate::state::Container;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::process::Command;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let container = Container::look(&call.globals.states(), id)?;
    let pids = cgroup::processes(&container.state.cgroup)?;
    match call.text("format")?.unwrap_or("table") {
        "json" => {
            let mut writer = Writer::new();
            writer.open('[');
            for pid in pids {
                writer.plain(pid);
            }
            writer.close(']');
            print(&(writer.finish() + "\n"))?;
        }
        "table" => print(&table(call.words.get(1..).unwrap_or(&[]), &pids)?)?,
        other => {
            return Err(Failure::with_hint(
                format!("invalid format `{other}`"),
                "it is table or json",
            ));
        }
    }
    Ok(0)
}

/// The lines of ps(1) that are about these processes, below its heading.
fn table(options: &[OsString], pids: &[i32]) -> Result<String, Failure> {
    let ordinary = [OsString::from("-ef")];
    let options = if options.is_empty() {
        &ordinary[..]
    } else {
        options
    };
    let output = Command::new("ps")
        .args(options)
        .output()
        .attempt(|| "execute ps".to_owned())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("ps fails: {}", said.trim())));
    }
    select(&String::from_utf8_lossy(&output.stdout), pids)
}

fn select(output: &str, pids: &[i32]) -> Result<String, Failure> {
    let wanted: BTreeSet<i32> = pids.iter().copied().collect();
    let mut lines = output.lines();
    let heading = lines.next().unwrap_or_default();
    let column = heading
        .split_whitespace()
        .position(|name| name == "PID")
        .ok_or_else(|| {
            Failure::with_hint(
                "the output of ps has no column PID",
                "its options must show one",
            )
        })?;
    let mut text = format!("{heading}\n");
    for line in lines {
        let pid = line.split_whitespace().nth(column);
        if pid
            .and_then(|pid| pid.parse().ok())
            .is_some_and(|pid| wanted.contains(&pid))
        {
            text.push_str(line);
            text.push('\n');
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::select;

    #[test]
    fn the_lines_of_the_processes_are_shown() {
        let output =
            "UID   PID  PPID CMD\nroot    1     0 init 7\nroot    7     1 sh\nroot   70     1 sh\n";
        let shown = select(output, &[7]).unwrap();
        assert_eq!(shown, "UID   PID  PPID CMD\nroot    7     1 sh\n");
        assert!(select("USER COMMAND\nroot sh\n", &[7]).is_err());
        assert!(select("", &[]).is_err());
    }
}
