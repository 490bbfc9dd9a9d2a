//! The bars for Docker's default profile, where the profile is at hand.

use std::time::Instant;

use casemate_model::names::{Arch, KernelVersion, SyscallId};
use casemate_model::syscalls::{Action, Arg, Call, Case, Operator, SyscallPolicy, Test, Width};
use casemate_seccomp::{Comparison, cache, check, compare, compile, explain, fuse, stats};

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

// The policy as libseccomp.py reads it.
fn json(policy: &SyscallPolicy, archs: &str, optimize: u8) -> String {
    let mut rules = Vec::new();
    for (call, cases) in &policy.rules {
        let Call::Named(id) = call else { continue };
        for case in cases {
            let tests: Vec<String> = case
                .when
                .iter()
                .map(|test| {
                    let (op, a, b) = match test.operator {
                        Operator::Less(k) => ("lt", k, 0),
                        Operator::Equal(k) => ("eq", k, 0),
                        Operator::Greater(k) => ("gt", k, 0),
                        Operator::Masked { mask, value } => ("masked", mask, value),
                        _ => panic!("not in the profile"),
                    };
                    format!("[{}, \"{op}\", {a}, {b}]", test.arg.index())
                })
                .collect();
            let errno = match case.action {
                Action::Errno(errno) => errno,
                _ => 0,
            };
            rules.push(format!(
                "[\"{}\", [{}], {errno}]",
                id.name(),
                tests.join(", ")
            ));
        }
    }
    let rules = rules.join(", ");
    format!("{{\"optimize\": {optimize}, \"archs\": [{archs}], \"rules\": [{rules}]}}\n")
}

// Debian's libseccomp does not know the newest calls: what it knows is enough to compare.
fn known_to_libseccomp(policy: &SyscallPolicy) -> SyscallPolicy {
    let mut policy = policy.clone();
    let newest = KernelVersion::new(5, 12);
    policy.rules.retain(|call, _| match call {
        Call::Named(id) => id.on(Arch::X86_64).is_some_and(|call| call.since <= newest),
        _ => false,
    });
    policy
}

#[test]
fn dockers_filter_by_libseccomp_is_proved_equal_to_ours() {
    let Some(profile) = profile() else { return };
    let archs = [Arch::X86_64, Arch::I386, Arch::X32];
    let one = known_to_libseccomp(&policy(&profile, &archs[..1]));
    let three = known_to_libseccomp(&policy(&profile, &archs));
    let input = [
        json(&one, "", 1),
        json(&one, "", 2),
        json(&three, "\"x86\", \"x32\"", 1),
        json(&three, "\"x86\", \"x32\"", 2),
    ];
    let Some(theirs) = crate::libseccomp::compile_all("docker", input.concat()) else {
        return;
    };
    let programs: Vec<_> = theirs
        .into_iter()
        .map(|one| one.expect("compiles"))
        .collect();
    for (at, (took, program)) in programs.iter().enumerate() {
        let (policy, archs) = if at < 2 {
            (&one, &archs[..1])
        } else {
            (&three, &archs[..])
        };
        let start = Instant::now();
        let ours = compile(policy, archs).expect("compiles");
        let compiled = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        let comparison = compare(program, &ours).expect("valid");
        let compared = start.elapsed().as_secs_f64() * 1e3;
        println!(
            "{archs:?}: libseccomp {} instructions in {took:.2} ms, ours {} in {compiled:.2} ms, compared in {compared:.2} ms",
            program.instructions.len(),
            ours.instructions.len()
        );
        match comparison {
            Comparison::Equal => {}
            // On 32-bit architectures libseccomp compares lower halves, and knows calls of i386 by two numbers.
            Comparison::Differ(differences) if at >= 2 => {
                for difference in &differences {
                    assert_ne!(difference.arch, Some(Arch::X86_64), "{difference}");
                }
            }
            Comparison::Differ(differences) => panic!("{}", differences[0]),
            Comparison::Undecided => panic!("undecided"),
        }
        let start = Instant::now();
        explain(program).expect("decided");
        let explained = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        let findings = check(program, Arch::X86_64).expect("decided");
        let checked = start.elapsed().as_secs_f64() * 1e3;
        println!(
            "explained in {explained:.2} ms, checked in {checked:.2} ms, {} findings",
            findings.len()
        );
    }
}

#[test]
fn dockers_calls_stay_cached_and_sixteen_copies_are_one() {
    let Some(profile) = profile() else { return };
    let archs = [Arch::X86_64, Arch::I386, Arch::X32];
    let policy = policy(&profile, &archs);
    let program = compile(&policy, &archs).expect("compiles");
    for arch in [Arch::X86_64, Arch::I386] {
        let unconditional = policy.rules.iter().filter_map(|(call, cases)| {
            let Call::Named(id) = call else { return None };
            let always = cases
                .iter()
                .any(|case| case.when.is_empty() && case.action == Action::Allow);
            id.number(arch).filter(|_| always)
        });
        let missing: Vec<u32> = unconditional
            .clone()
            .filter(|number| !cache::is_cached(&program, arch, *number))
            .collect();
        assert_eq!(missing, [], "{arch}");
        println!("{arch}: {} calls cached", unconditional.count());
    }
    let copies = vec![program.clone(); 16];
    assert_eq!(fuse(&copies, &archs), Ok(program));
}
