//! The bars for Docker's default profile, where the profile is at hand.

use std::time::Instant;

use casemate_model::names::{Arch, KernelVersion, SyscallId};
use casemate_model::syscalls::{Action, Arg, Call, Case, Operator, SyscallPolicy, Test, Width};
use casemate_seccomp::{compile, stats};

use crate::json::Json;

const CAPS: [&str; 14] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FSETID",
    "CAP_FOWNER",
    "CAP_MKNOD",
    "CAP_NET_RAW",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETFCAP",
    "CAP_SETPCAP",
    "CAP_NET_BIND_SERVICE",
    "CAP_SYS_CHROOT",
    "CAP_KILL",
    "CAP_AUDIT_WRITE",
];

/// Expands the profile as Docker does for its default capabilities on x86_64 with kernel 6.18.
pub fn policy(profile: &Json, archs: &[Arch]) -> SyscallPolicy {
    let mut policy = SyscallPolicy::without_rules(archs.iter().copied(), Action::EPERM);
    policy.known_up_to = KernelVersion::new(6, 18);
    policy.foreign = Action::KillThread;
    for rule in profile.get("syscalls").expect("syscalls").list() {
        let filter = |side: &str, key: &str| -> Vec<String> {
            let list = rule.get(side).and_then(|side| side.get(key));
            list.map(|list| {
                list.list()
                    .iter()
                    .map(|one| one.text().to_owned())
                    .collect()
            })
            .unwrap_or_default()
        };
        let has = |caps: &[String]| caps.iter().all(|cap| CAPS.contains(&cap.as_str()));
        let on = |archs: &[String]| archs.iter().any(|arch| arch == "amd64");
        let (caps, arches) = (filter("includes", "caps"), filter("includes", "arches"));
        if !has(&caps) || !arches.is_empty() && !on(&arches) {
            continue;
        }
        let (caps, arches) = (filter("excludes", "caps"), filter("excludes", "arches"));
        if !caps.is_empty() && has(&caps) || on(&arches) {
            continue;
        }
        let errno = rule.get("errnoRet").map_or(1, Json::number) as u16;
        let action = match rule.get("action").expect("action").text() {
            "SCMP_ACT_ALLOW" => Action::Allow,
            "SCMP_ACT_ERRNO" => Action::Errno(errno),
            other => panic!("action {other}"),
        };
        let when: Vec<Test> = rule
            .get("args")
            .map(Json::list)
            .unwrap_or_default()
            .iter()
            .map(|arg| {
                let number = |key| arg.get(key).map_or(0, Json::number);
                let value = number("value");
                Test {
                    arg: Arg::new(number("index") as u8).expect("index"),
                    width: Width::Raw64,
                    operator: match arg.get("op").expect("op").text() {
                        "SCMP_CMP_EQ" => Operator::Equal(value),
                        "SCMP_CMP_LT" => Operator::Less(value),
                        "SCMP_CMP_GT" => Operator::Greater(value),
                        "SCMP_CMP_MASKED_EQ" => Operator::Masked {
                            mask: value,
                            value: number("valueTwo"),
                        },
                        other => panic!("op {other}"),
                    },
                }
            })
            .collect();
        for name in rule.get("names").expect("names").list() {
            if let Some(id) = SyscallId::from_name(name.text()) {
                policy.add(
                    Call::Named(id),
                    Case {
                        when: when.clone(),
                        action,
                    },
                );
            }
        }
    }
    policy
}

/// The profile, or `None` and a word on standard error.
pub fn profile() -> Option<Json> {
    let Ok(path) = std::env::var("CASEMATE_DOCKER_PROFILE") else {
        crate::skip("docker", "CASEMATE_DOCKER_PROFILE names no profile");
        return None;
    };
    let text = std::fs::read_to_string(path).expect("profile");
    Some(Json::read(&text))
}

#[test]
fn docker_default_profile_meets_the_bars() {
    let Some(profile) = profile() else { return };
    for (archs, most, longest) in [
        (vec![Arch::X86_64], 66, 14),
        (vec![Arch::X86_64, Arch::I386, Arch::X32], 216, 18),
        (vec![Arch::Aarch64], 75, 16),
    ] {
        let policy = policy(&profile, &archs);
        let mut best = f64::MAX;
        let mut program = compile(&policy, &archs).expect("compiles");
        for _ in 0..20 {
            let start = Instant::now();
            program = compile(&policy, &archs).expect("compiles");
            best = best.min(start.elapsed().as_secs_f64() * 1e3);
        }
        let stats = stats::of(&program).expect("decided");
        println!(
            "{archs:?}: {} instructions, longest path {}, {best:.3} ms",
            program.instructions.len(),
            stats.longest_path
        );
        assert!(program.instructions.len() <= most);
        assert!(stats.longest_path <= longest);
    }
}

#[test]
fn casemates_own_policy_compiles_small() {
    for (archs, most, longest) in [
        (vec![Arch::X86_64, Arch::I386, Arch::X32], 110, 16),
        (vec![Arch::Aarch64, Arch::Arm], 110, 16),
        (vec![Arch::S390x], 140, 16),
    ] {
        let policy = SyscallPolicy::ordinary();
        let start = Instant::now();
        let program = compile(&policy, &archs).expect("compiles");
        let took = start.elapsed().as_secs_f64() * 1e3;
        let stats = stats::of(&program).expect("valid");
        println!(
            "{archs:?}: {} instructions, longest path {}, {took:.3} ms",
            stats.instructions, stats.longest_path
        );
        assert!(stats.instructions <= most);
        assert!(stats.longest_path <= longest);
    }
}
