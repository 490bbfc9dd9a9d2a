//! The filter of system calls.

use super::read::Reader;
use crate::loss::Loss;
use crate::reader::{Context, Problem};
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Origin, Stated};
use casemate_seccomp::formats::{self, NoFiles};

/// Settings that become a filter.
const KEYS: [&str; 15] = [
    "SystemCallFilter",
    "SystemCallErrorNumber",
    "SystemCallLog",
    "SystemCallArchitectures",
    "RestrictAddressFamilies",
    "RestrictNamespaces",
    "RestrictRealtime",
    "RestrictSUIDSGID",
    "MemoryDenyWriteExecute",
    "LockPersonality",
    "ProtectKernelModules",
    "ProtectKernelLogs",
    "ProtectClock",
    "ProtectHostname",
    "PrivateDevices",
];

impl Reader {
    /// Takes the filter.
    pub(super) fn filter(&mut self, context: &Context<'_>) {
        let mut lines: Vec<(String, Origin)> = Vec::new();
        let implied = self.sandbox.at("RestrictSUIDSGID").cloned();
        for one in &self.unit.assignments {
            if !KEYS.contains(&one.key) {
                continue;
            }
            lines.push((format!("{}={}", one.key, one.value), one.origin.clone()));
        }
        if let (Some(origin), Some(_)) = (implied, &self.sandbox.dynamic) {
            lines.push(("RestrictSUIDSGID=yes".to_owned(), origin));
        }
        if lines.is_empty() {
            let open = self.default(SyscallPolicy::open());
            self.workload.confinement.syscalls.filter = open;
            return;
        }
        self.compile(lines, context);
    }

    // A line that systemd passes over is reported and left out.
    fn compile(&mut self, mut lines: Vec<(String, Origin)>, context: &Context<'_>) {
        let Some(format) = formats::find("systemd") else {
            return;
        };
        let seccomp = formats::Context {
            archs: context.archs,
            kernel: context.kernel,
            capabilities: self.sandbox.bounding,
            unknown: None,
            loader: &NoFiles,
        };
        while let Some((_, last)) = lines.last().cloned() {
            let texts: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
            let text = format!("[Service]\n{}\n", texts.join("\n"));
            match (format.read)("unit", text.as_bytes(), &seccomp) {
                Ok(reading) => {
                    for note in reading.notes {
                        let origin = lines.get(note.at.line.saturating_sub(2));
                        let origin = origin.map_or(&last, |(_, origin)| origin).clone();
                        self.losses
                            .push(Loss::not_understood(note.remark.to_string(), origin));
                    }
                    self.workload.confinement.syscalls.filter = Stated::set(reading.policy, last);
                    return;
                }
                Err(error) => {
                    let at = error.at.line.saturating_sub(2);
                    let what = error.problem.to_string();
                    if matches!(error.problem, formats::Problem::Nothing { .. }) {
                        break;
                    }
                    if matches!(error.problem, formats::Problem::TooMany { .. })
                        || at >= lines.len()
                    {
                        self.problems.push(Problem::new(what, last));
                        return;
                    }
                    let (line, origin) = lines.remove(at);
                    self.losses
                        .push(Loss::not_understood(format!("{line}: {what}"), origin));
                }
            }
        }
        let open = self.default(SyscallPolicy::open());
        self.workload.confinement.syscalls.filter = open;
    }
}
