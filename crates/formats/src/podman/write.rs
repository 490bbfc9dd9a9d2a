//! A `.container` unit as a person would have written it.

use super::keys::{Split, of_flag};
use crate::engine::Family;
use crate::engine::ask::{Ask, setting};
use crate::engine::defaults::Defaults;
use crate::engine::request::request;
use crate::engine::shell;
use crate::engine::written::{self, Written as Flag};
use crate::reader::{Context, WriteError, Written};
use casemate_model::Workload;
use std::path::Path;

/// Restart policies of systemd.
const RESTART: [&str; 7] = [
    "always",
    "no",
    "on-abnormal",
    "on-abort",
    "on-failure",
    "on-success",
    "on-watchdog",
];

/// Writes the one workload.
pub(super) fn write(workloads: &[Workload], context: &Context<'_>) -> Result<Written, WriteError> {
    let [workload] = workloads else {
        return Err(WriteError::Several {
            names: workloads
                .iter()
                .map(|workload| workload.name.clone())
                .collect(),
        });
    };
    let engine = context.engine_of(&["podman"]).ok_or(WriteError::NoWriter)?;
    let defaults = Defaults::of(engine);
    let request = request(workload, &defaults, context, Path::new("seccomp.json"))?;
    let ask = &request.ask;
    let Some(image) = &ask.image else {
        return Err(WriteError::Missing { what: "the image" });
    };
    let mut unit = Unit::default();
    let rootfs = ask.settings.iter().any(|setting| {
        setting.name == setting::OPTION && setting.key == "rootfs" && setting.value == "true"
    });
    unit.container(if rootfs { "Rootfs" } else { "Image" }, &image.value)?;
    if let Some(command) = &ask.command {
        let words: Vec<String> = command
            .value
            .iter()
            .map(|word| word.replace('$', "$$"))
            .collect();
        unit.container("Exec", &shell::join(&words))?;
    }
    unit.flags(ask, engine.version)?;
    unit.settings(ask)?;
    Ok(Written {
        text: unit.text(),
        files: request.files,
        ..Written::default()
    })
}

#[derive(Default)]
struct Unit {
    before: Vec<String>,
    container: Vec<String>,
    service: Vec<String>,
    install: Vec<String>,
}

/// A line; what has a line break cannot stand in one.
fn line(key: &str, value: &str) -> Result<String, WriteError> {
    if value.contains(['\n', '\r', '\0']) || value.ends_with('\\') || value.is_empty() {
        return Err(WriteError::Unwritable {
            field: None,
            why: format!("{key} of a unit cannot hold {value:?}"),
        });
    }
    Ok(format!("{key}={}", value.replace('%', "%%")))
}

impl Unit {
    fn container(&mut self, key: &str, value: &str) -> Result<(), WriteError> {
        self.container.push(line(key, value)?);
        Ok(())
    }

    fn flags(&mut self, ask: &Ask, version: (u16, u16)) -> Result<(), WriteError> {
        // What systemd does itself, or what is said in another section.
        const OWN: [&str; 4] = ["--detach", "--rm", "--restart", "--rootfs"];
        let mut words: Vec<(&str, Vec<String>)> = Vec::new();
        for flag in written::flags(ask, Family::Podman) {
            if OWN.contains(&flag.flag) || self.special(&flag)? {
                continue;
            }
            let name = flag.flag.trim_start_matches('-');
            let value = flag.value.clone().unwrap_or_else(|| "true".to_owned());
            match of_flag(name, version).filter(|_| !value.is_empty()) {
                Some((key, Split::Words)) => match words.iter_mut().find(|(own, _)| *own == key) {
                    // Capabilities stand on one line, variables on one each.
                    Some((_, list)) if key.ends_with("Capability") => list.push(value),
                    _ => words.push((key, vec![value])),
                },
                Some((key, Split::Whole)) => self.container(key, &value)?,
                None => self.container("PodmanArgs", &flag.text())?,
            }
        }
        for (key, list) in words {
            self.container(key, &shell::join(&list))?;
        }
        Ok(())
    }

    /// Flags that are said in other words.
    fn special(&mut self, flag: &Flag) -> Result<bool, WriteError> {
        let value = flag.value.as_deref().unwrap_or("");
        match flag.flag {
            "--user" => {
                let (user, group) = value.split_once(':').unwrap_or((value, ""));
                if !user.is_empty() {
                    self.container("User", user)?;
                }
                if !group.is_empty() {
                    self.container("Group", group)?;
                }
            }
            "--security-opt" => {
                let (key, rest) = value.split_once('=').unwrap_or((value, ""));
                let part = rest.split_once(':');
                match (key, rest, part) {
                    ("no-new-privileges", "", _) => self.container("NoNewPrivileges", "true")?,
                    ("no-new-privileges", on, _) => self.container("NoNewPrivileges", on)?,
                    ("seccomp", profile, _) => self.container("SeccompProfile", profile)?,
                    ("mask", paths, _) => self.container("Mask", paths)?,
                    ("unmask", paths, _) => self.container("Unmask", paths)?,
                    ("label", "disable", _) => self.container("SecurityLabelDisable", "true")?,
                    ("label", _, Some(("type", value))) => {
                        self.container("SecurityLabelType", value)?;
                    }
                    ("label", _, Some(("level", value))) => {
                        self.container("SecurityLabelLevel", value)?;
                    }
                    _ => return Ok(false),
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn settings(&mut self, ask: &Ask) -> Result<(), WriteError> {
        for setting in &ask.settings {
            if setting.name == setting::RESTART {
                let own = RESTART.iter().find(|own| **own == setting.value);
                let policy = own.copied().unwrap_or("always");
                self.service.push(line("Restart", policy)?);
            }
            let Some((section, key)) = setting
                .key
                .split_once('.')
                .filter(|_| setting.name == setting::OPTION)
            else {
                continue;
            };
            let list = match section {
                "Unit" => &mut self.before,
                "Container" => &mut self.container,
                "Service" => &mut self.service,
                "Install" => &mut self.install,
                _ => continue,
            };
            list.push(line(key, &setting.value)?);
        }
        Ok(())
    }

    fn text(&self) -> String {
        let mut out = String::new();
        for (section, lines) in [
            ("Unit", &self.before),
            ("Container", &self.container),
            ("Service", &self.service),
            ("Install", &self.install),
        ] {
            if !lines.is_empty() {
                let blank = if out.is_empty() { "" } else { "\n" };
                out.push_str(&format!("{blank}[{section}]\n{}\n", lines.join("\n")));
            }
        }
        out
    }
}
