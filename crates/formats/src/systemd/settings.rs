//! The command, and what a unit says that confines nothing.

use super::read::{Privileges, Reader};
use super::schema::CONFINING;
use super::unit::{Assignment, Unit};
use super::values;
use crate::loss::Loss;
use crate::reader::Problem;
use casemate_model::workload::setting;
use casemate_model::{Origin, Stated};
use std::ffi::OsString;
use std::path::PathBuf;

/// Settings that other formats have, too.
const SHARED: [(&str, &str); 8] = [
    ("Restart", setting::RESTART),
    ("UMask", setting::UMASK),
    ("Personality", setting::PERSONALITY),
    ("KillSignal", setting::STOP_SIGNAL),
    ("MemoryLow", setting::MEMORY_RESERVATION),
    ("StandardOutput", setting::LOG_DRIVER),
    ("LoadCredential", setting::SECRET),
    ("LoadCredentialEncrypted", setting::SECRET),
];

/// Commands beside the one that is the service.
const HOOKS: [&str; 8] = [
    "ExecCondition",
    "ExecStartPre",
    "ExecStartPost",
    "ExecReload",
    "ExecStop",
    "ExecStopPre",
    "ExecStopPost",
    "PAMName",
];

impl Reader {
    /// Takes the settings that confine nothing by themselves.
    pub(super) fn settings(&mut self) {
        for one in &self.unit.assignments {
            if CONFINING.contains(&one.key) && !matches!(one.section, "Unit" | "Install") {
                continue;
            }
            let (name, key) = name_of(one);
            let value = one.value.clone();
            self.workload.set(name, key, value, one.origin.clone());
        }
        let joined = self.unit.of_unit("JoinsNamespaceOf").cloned();
        if let Some(one) = joined {
            let what = format!("JoinsNamespaceOf={}", one.value);
            let on = "that unit, whose network, IPC and /tmp it shares";
            self.losses.push(Loss::elsewhere(what, on, one.origin));
        }
    }

    /// Takes the first command, and tells whether it runs with full privileges.
    pub(super) fn command(&mut self) -> Privileges {
        let commands: Vec<Assignment> = self.unit.all("ExecStart").cloned().collect();
        let mut privileges = Privileges::Unit;
        if let Some(first) = commands.first() {
            privileges = self.main(first);
        }
        for one in commands.iter().skip(1) {
            self.workload.set(
                setting::HOOK,
                "ExecStart",
                one.value.clone(),
                one.origin.clone(),
            );
        }
        if let Some((path, origin)) = self.unit.text("WorkingDirectory") {
            let path = path.trim_start_matches('-');
            self.workload.program.directory = Stated::set(PathBuf::from(path), origin);
        } else {
            self.workload.program.directory = self.default(PathBuf::from("/"));
        }
        privileges
    }

    fn main(&mut self, one: &Assignment) -> Privileges {
        let mut words = values::words(&one.value);
        let first = words.first().cloned().unwrap_or_default();
        let path = first.trim_start_matches(['@', '-', ':', '+', '!', '|']);
        let prefix = first.get(..first.len() - path.len()).unwrap_or("");
        if path.is_empty() {
            let what = "ExecStart= names no program";
            self.problems.push(Problem::new(what, one.origin.clone()));
            return Privileges::Unit;
        }
        if let Some(word) = words.first_mut() {
            path.clone_into(word);
        }
        if prefix.contains('@') && words.len() > 1 {
            let name = words.remove(1);
            self.workload
                .set("systemd-argv0", "", name, one.origin.clone());
        }
        let rest: String = prefix.chars().filter(|c| !"@+!".contains(*c)).collect();
        if !rest.is_empty() {
            self.workload
                .set("systemd-prefix", "ExecStart", rest, one.origin.clone());
        }
        let command = words.into_iter().map(OsString::from).collect();
        self.workload.program.command = Stated::set(command, one.origin.clone());
        if prefix.contains('+') {
            return Privileges::Full;
        }
        if prefix.contains('!') {
            self.without_user(&one.origin);
        }
        Privileges::Unit
    }

    /// Takes away all restrictions, as the command's prefix `+` does.
    pub(super) fn release(&mut self) {
        let why = "the command begins with +, which takes all restrictions away";
        self.drop_settings(|_| true, why);
        let command = self
            .unit
            .all("ExecStart")
            .next()
            .map(|one| one.origin.clone());
        if let Some(origin) = command {
            self.workload.set(setting::PRIVILEGED, "", "+", origin);
        }
    }

    // With the prefix `!` the user, its groups and capabilities are not changed.
    fn without_user(&mut self, origin: &Origin) {
        const KEYS: [&str; 5] = [
            "User",
            "Group",
            "SupplementaryGroups",
            "AmbientCapabilities",
            "DynamicUser",
        ];
        let why = "the command begins with !, which keeps it root";
        self.drop_settings(|key| KEYS.contains(&key), why);
        self.workload
            .set(setting::PRIVILEGED, "", "!", origin.clone());
    }

    fn drop_settings(&mut self, which: impl Fn(&str) -> bool, why: &str) {
        // cgroups hold whatever the command is.
        const KEPT: [&str; 12] = [
            "ExecStart",
            "WorkingDirectory",
            "MemoryMax",
            "MemorySwapMax",
            "TasksMax",
            "CPUQuota",
            "CPUWeight",
            "CPUShares",
            "AllowedCPUs",
            "AllowedMemoryNodes",
            "DeviceAllow",
            "DevicePolicy",
        ];
        let mut kept = Vec::new();
        for one in std::mem::take(&mut self.unit.assignments) {
            let goes = CONFINING.contains(&one.key)
                && !KEPT.contains(&one.key)
                && one.section != "Unit"
                && which(one.key);
            if goes {
                let what = format!("{}={}", one.key, one.value);
                self.losses.push(Loss::ignored(what, why, one.origin));
            } else {
                kept.push(one);
            }
        }
        self.unit = Unit {
            assignments: kept,
            ..self.unit.clone()
        };
        self.sandbox = super::sandbox::Sandbox::of(&self.unit);
    }
}

fn name_of(one: &Assignment) -> (&'static str, &'static str) {
    if let Some((_, name)) = SHARED.iter().find(|(key, _)| *key == one.key) {
        return (name, "");
    }
    if HOOKS.contains(&one.key) {
        return (setting::HOOK, one.key);
    }
    let name = match one.section {
        "Unit" => "systemd-unit",
        "Install" => "systemd-install",
        _ => "systemd-setting",
    };
    (name, one.key)
}
