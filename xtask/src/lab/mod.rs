//! `cargo xtask lab`: a command, or the project's own tests, under a second kernel.
//!
//! The kernel is Debian's user-mode-linux: an ordinary program, so no KVM and no root are needed, and several run at a
//! time. It has cgroup v2 with cpu, io, memory and pids, and AppArmor, SELinux and SMACK, one of them at a boot. It has
//! no Landlock, and a system call takes a tenth of a millisecond: it is for what works, never for how fast.
//!
//! See `machine.rs` for the boot and docs/testing.md for how a test asks to run here.

mod compiled;
mod machine;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::failure::Failure;
use crate::packages;

pub use compiled::{run_selected, select};
pub use machine::{Machine, SecurityModule};

const USAGE: &str = "usage: cargo xtask lab [OPTIONS] -- COMMAND [ARGS]
       cargo xtask lab [OPTIONS] --tests FILTER

  --lsm apparmor|selinux|smack   the kernel's security module (apparmor; SELinux boots permissive and without a policy)
  --memory SIZE                  of the machine (768M)
  --timeout SECONDS              then the machine is ended, with code 125 (120)
  --module NAME                  a further kernel module to load, such as veth; may be repeated
  --share DIRECTORY              read-write and live inside; all else of this machine is there, but changes are lost
  --env NAME=VALUE               in the command's environment, which is otherwise fixed; may be repeated

The command's own exit code comes back; 125 means that the lab itself failed.";

enum Errand {
    Command(Vec<String>),
    Tests(String),
}

/// The subcommand.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    if arguments
        .first()
        .is_some_and(|a| a == "-h" || a == "--help")
    {
        println!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    }
    let (machine, errand) = parse(arguments)?;
    ensure_kernel()?;
    match errand {
        Errand::Command(words) => machine.run(&words).map(ExitCode::from),
        Errand::Tests(filter) => compiled::run_tests(&machine, &filter).map(ExitCode::from),
    }
}

/// Makes sure that there is a kernel to boot, installing Debian's package when this is root.
pub fn ensure_kernel() -> Result<(), Failure> {
    if machine::kernel().is_some() {
        return Ok(());
    }
    // Talk belongs on standard error: standard output is the command's.
    if let Err(reason) = packages::ensure(&["user-mode-linux", "busybox-static"]) {
        eprintln!("packages: {reason}");
    }
    match machine::kernel() {
        Some(_) => Ok(()),
        None => Err(Failure::Missing {
            tool: "linux.uml".to_owned(),
            hint: "apt-get install user-mode-linux busybox-static".to_owned(),
        }),
    }
}

fn parse(arguments: &[String]) -> Result<(Machine, Errand), Failure> {
    let usage = |message: String| Failure::Usage(format!("lab: {message}\n\n{USAGE}"));
    let mut machine = Machine::default();
    let mut words = arguments.iter();
    while let Some(option) = words.next() {
        if option == "--" {
            let command: Vec<String> = words.cloned().collect();
            if command.is_empty() {
                return Err(usage("no command after --".to_owned()));
            }
            return Ok((machine, Errand::Command(command)));
        }
        let value = words.next().ok_or_else(|| {
            usage(format!(
                "{option} needs a value, and a command needs -- before it"
            ))
        })?;
        match option.as_str() {
            "--lsm" => {
                machine.module = SecurityModule::named(value)
                    .ok_or_else(|| usage(format!("unknown security module {value:?}")))?;
            }
            "--memory" => machine.memory.clone_from(value),
            "--timeout" => {
                machine.seconds = value.parse().map_err(|_| {
                    usage(format!("--timeout {value:?} is not a number of seconds"))
                })?;
            }
            "--module" => machine.kernel_modules.push(value.clone()),
            "--share" => machine.shared.push(PathBuf::from(value)),
            "--env" => {
                let (name, value) = value
                    .split_once('=')
                    .ok_or_else(|| usage(format!("--env {value:?} has no =")))?;
                machine
                    .environment
                    .insert(name.to_owned(), value.to_owned());
            }
            "--tests" => return Ok((machine, Errand::Tests(value.clone()))),
            other => return Err(usage(format!("unknown option {other:?}"))),
        }
    }
    Err(usage("neither a command nor --tests".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Errand, SecurityModule, parse};

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn options_reach_the_machine() {
        let (machine, errand) = parse(&words(
            "--lsm smack --memory 1G --timeout 9 --module veth --env A=b=c -- sh -c --lsm",
        ))
        .unwrap();
        assert_eq!(machine.module, SecurityModule::Smack);
        assert_eq!((machine.memory.as_str(), machine.seconds), ("1G", 9));
        assert_eq!(machine.kernel_modules, ["veth"]);
        assert_eq!(machine.environment["A"], "b=c");
        assert!(matches!(errand, Errand::Command(c) if c == words("sh -c --lsm")));
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [
            "--lsm tomoyo -- true",
            "--timeout soon -- true",
            "--env A -- true",
            "--memory",
            "true",
            "--",
            "--memory 1G",
            "--nosuch x -- true",
        ] {
            assert!(parse(&words(line)).is_err(), "{line}");
        }
    }
}
