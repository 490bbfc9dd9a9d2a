//! Isolators, and what becomes of each.

use super::read::{OF, Reader};
use crate::document::Node;
use crate::loss::Loss;
use crate::reader::{Context, Problem};
use casemate_model::facets::kernel::Sysctls;
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::resources::OomScore;
use casemate_model::lattice::{Guard, Limit};
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use casemate_model::workload::setting;
use casemate_model::{Origin, Stated, Workload};
use casemate_seccomp::formats::{self, NoFiles};
use std::collections::BTreeMap;

/// What rkt leaves an app.
const CAPABILITIES: [&str; 14] = [
    "audit_write",
    "chown",
    "dac_override",
    "fowner",
    "fsetid",
    "kill",
    "mknod",
    "net_bind_service",
    "net_raw",
    "setfcap",
    "setgid",
    "setpcap",
    "setuid",
    "sys_chroot",
];

/// Puts in what holds without isolators.
pub(super) fn defaults(workload: &mut Workload, context: &Context<'_>) {
    let set = default_set();
    let own = &mut workload.confinement.capabilities;
    for field in [&mut own.effective, &mut own.permitted, &mut own.bounding] {
        *field = Stated::default_of(OF, set);
    }
    let text =
        r#"{"name": "os/linux/seccomp-retain-set", "value": {"set": ["@rkt/default-whitelist"]}}"#;
    let filter = formats::find("appc")
        .map(|format| (format.read)("rkt", text.as_bytes(), &seccomp(context)));
    if let Some(Ok(reading)) = filter {
        workload.confinement.syscalls.filter = Stated::default_of(OF, reading.policy);
    }
}

fn default_set() -> CapabilitySet {
    let known = CAPABILITIES
        .iter()
        .filter_map(|name| Capability::from_name(name));
    known.fold(CapabilitySet::EMPTY, CapabilitySet::with)
}

fn seccomp<'a>(context: &Context<'a>) -> formats::Context<'a> {
    formats::Context {
        archs: context.archs,
        kernel: context.kernel,
        capabilities: default_set(),
        unknown: None,
        loader: &NoFiles,
    }
}

/// What becomes of an isolator.
enum Fate {
    Enforced,
    Ignored(&'static str),
}

impl Reader<'_> {
    /// Takes a list of isolators.
    pub(super) fn isolators(
        &mut self,
        list: &Node,
        workload: &mut Workload,
        context: &Context<'_>,
    ) {
        let has = |name: &str| {
            list.items()
                .iter()
                .any(|one| one.get("name").and_then(Node::text) == Some(name))
        };
        for kind in ["capabilities", "seccomp"] {
            let (retain, remove) = (
                format!("os/linux/{kind}-retain-set"),
                format!("os/linux/{kind}-remove-set"),
            );
            if has(&retain) && has(&remove) {
                let what = format!("{retain} and {remove} exclude each other");
                self.problems.push(Problem::new(what, self.place(list)));
            }
        }
        for item in list.items() {
            let Some(name) = item.get("name").and_then(Node::text) else {
                self.wrong(item, "an isolator with a name");
                continue;
            };
            let Some(value) = item.get("value") else {
                self.wrong(item, "an isolator with a value");
                continue;
            };
            let origin = self.place(item);
            let fate = self.isolator(name, item, value, &origin, workload, context);
            match fate {
                Fate::Enforced => workload.set("appc-isolator", name, "enforced", origin),
                Fate::Ignored(why) => {
                    workload.set("appc-isolator", name, "ignored", origin.clone());
                    workload.set(setting::NOT_ENFORCED, name, why, origin.clone());
                    self.losses
                        .push(Loss::ignored(format!("the isolator {name}"), why, origin));
                }
            }
        }
    }

    fn isolator(
        &mut self,
        name: &str,
        item: &Node,
        value: &Node,
        origin: &Origin,
        workload: &mut Workload,
        context: &Context<'_>,
    ) -> Fate {
        let set = || origin.clone();
        let c = &mut workload.confinement;
        match name {
            "os/linux/capabilities-retain-set" | "os/linux/capabilities-remove-set" => {
                let named = self.capabilities(value);
                let kept = if name.ends_with("retain-set") {
                    named
                } else {
                    default_set().difference(named)
                };
                let own = &mut c.capabilities;
                for field in [&mut own.effective, &mut own.permitted, &mut own.bounding] {
                    *field = Stated::set(kept, set());
                }
            }
            "os/linux/no-new-privileges" => match value.bool() {
                Some(true) => c.capabilities.no_new_privs = Stated::set(Guard::On, set()),
                Some(false) => c.capabilities.no_new_privs = Stated::set(Guard::Off, set()),
                None => self.wrong(value, "true or false"),
            },
            "os/linux/seccomp-retain-set" | "os/linux/seccomp-remove-set" => {
                let text = self.text.text.get(item.start..item.end).unwrap_or("");
                match formats::find("appc")
                    .map(|format| (format.read)("isolator", text.as_bytes(), &seccomp(context)))
                {
                    Some(Ok(reading)) => {
                        for note in &reading.notes {
                            self.losses
                                .push(Loss::not_understood(note.remark.to_string(), set()));
                        }
                        c.syscalls.filter = Stated::set(reading.policy, set());
                    }
                    Some(Err(error)) => self
                        .problems
                        .push(Problem::new(error.problem.to_string(), set())),
                    None => {}
                }
            }
            "os/linux/selinux-context" => {
                let part = |key: &str| {
                    value
                        .get(key)
                        .and_then(Node::text)
                        .unwrap_or("*")
                        .to_owned()
                };
                let context = ["user", "role", "type", "level"].map(part).join(":");
                c.mac.selinux = Stated::set(SecurityLabel::Named(context), set());
            }
            "os/linux/oom-score-adj" => match value.integer().and_then(|n| i32::try_from(n).ok()) {
                Some(score) => c.resources.oom_score_adj = Stated::set(OomScore(score), set()),
                None => self.wrong(value, "a number"),
            },
            "os/linux/cpu-shares" => match value.integer().and_then(|n| u64::try_from(n).ok()) {
                Some(shares) => {
                    let weight = (shares.saturating_mul(100) / 1024).clamp(1, 10_000);
                    c.resources.cpu_weight = Stated::set(Limit::AtMost(weight), set());
                }
                None => self.wrong(value, "a number"),
            },
            "os/unix/sysctl" => {
                let entries = value.entries().iter();
                let all: BTreeMap<String, String> = entries
                    .map(|one| (one.key.clone(), one.value.scalar().unwrap_or("").to_owned()))
                    .collect();
                c.kernel.sysctl = Stated::set(Sysctls(all), set());
            }
            "resource/memory" | "resource/cpu" => {
                let limit = value.get("limit");
                if let Some(request) = value.get("request").and_then(Node::scalar) {
                    let key = if name == "resource/memory" {
                        setting::MEMORY_RESERVATION
                    } else {
                        "cpu-reservation"
                    };
                    workload.set(key, "", request, set());
                }
                let Some(node) = limit else {
                    return Fate::Ignored("it has no limit");
                };
                let Some(thousandths) = node.scalar().and_then(quantity) else {
                    self.wrong(node, "a quantity such as 512M or 500m");
                    return Fate::Enforced;
                };
                let resources = &mut workload.confinement.resources;
                if name == "resource/memory" {
                    resources.memory =
                        Stated::set(Limit::AtMost(thousandths.div_ceil(1000)), set());
                } else {
                    resources.cpu = Stated::set(Limit::AtMost(thousandths), set());
                }
            }
            "os/linux/apparmor-profile" => return Fate::Ignored("rkt knows no AppArmor"),
            "resource/block-bandwidth" | "resource/block-iops" | "resource/network-bandwidth" => {
                return Fate::Ignored("rkt does not enforce it");
            }
            _ => return Fate::Ignored("neither the specification nor rkt knows it"),
        }
        Fate::Enforced
    }

    fn capabilities(&mut self, value: &Node) -> CapabilitySet {
        let mut set = CapabilitySet::EMPTY;
        for item in value.get("set").map(Node::items).unwrap_or_default() {
            match item.text().and_then(Capability::from_name) {
                Some(capability) => set = set.with(capability),
                None => self.wrong(item, "the name of a capability"),
            }
        }
        set
    }
}

/// Reads a quantity in thousandths: `512M`, `1Gi`, `500m`, `2`, `1.5`.
fn quantity(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match text.get(digits.len()..)? {
        "m" => 1,
        "" => 1000,
        "K" | "k" => 1_000_000,
        "M" => 1_000_000_000,
        "G" => 1_000_000_000_000,
        "Ki" => 1000 << 10,
        "Mi" => 1000 << 20,
        "Gi" => 1000 << 30,
        "Ti" => 1000 << 40,
        _ => return None,
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: u64 = whole.parse().ok()?;
    let places = u32::try_from(part.len())
        .ok()
        .filter(|places| *places <= 3)?;
    let part: u64 = if part.is_empty() {
        0
    } else {
        part.parse().ok()?
    };
    whole
        .checked_mul(factor)?
        .checked_add(part.checked_mul(factor)? / 10_u64.pow(places))
}
