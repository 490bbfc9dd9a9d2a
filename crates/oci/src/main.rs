//! `casemate-oci`: a runtime by the OCI runtime specification, for Docker, containerd, Podman and Kubernetes.
//!
//! It reads and checks what the engine asks for, plans, and becomes `casemate-exec`, which acts. Beyond the directory of
//! states it changes nothing itself. Read next: [`verbs`], one file each; [`plan`], from a `config.json` to steps.
#![forbid(unsafe_code)]

mod cgroup;
mod cli;
mod failure;
mod harden;
mod hooks;
mod json;
mod log;
mod plan;
mod state;
mod time;
mod verbs;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main(std::env::args_os().skip(1))
}
