//! Containers that ask for too much, on a host whose owner does not give it.

use crate::support::{Config, Ended, Findings, Ground, is_root, skip};
use std::fs;
use std::os::unix::fs::PermissionsExt;

const CAPABILITIES: [&str; 4] = ["CAP_SYS_ADMIN", "CAP_NET_RAW", "CAP_CHOWN", "CAP_MKNOD"];

/// A place in which the runtime sees another /etc/casemate.
struct Host {
    ground: Ground,
}

impl Host {
    /// Makes one, unless the caller may not.
    fn new(name: &str, test: &str) -> Option<Self> {
        if !is_root() {
            skip(test, "needs root");
            return None;
        }
        let ground = Ground::new(name);
        fs::create_dir_all(ground.path("etc/casemate")).unwrap();
        fs::create_dir(ground.path("data")).unwrap();
        fs::write(ground.path("data/file"), "data").unwrap();
        Some(Self { ground })
    }

    /// Says what the node's policy is.
    fn policy(&self, text: &str, mode: u32) {
        let path = self.ground.path("etc/casemate/policy.toml");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Runs the runtime to its end where /etc is the place's.
    fn oci(&self, words: &[&str]) -> Ended {
        let etc = self.ground.text("etc");
        let script = format!("mount --bind {etc} /etc && exec \"$@\"");
        let wall = ["unshare", "--mount", "sh", "-c", &script, "sh"];
        let mut command = self.ground.behind(&wall, words);
        crate::support::finish_within(&mut command, std::time::Duration::from_secs(30))
    }

    /// Runs a container to its end with these flags, by a script in it.
    fn run(&self, flags: &[&str], config: &Config) -> Ended {
        let bundle = self.ground.bundle(config);
        let id = bundle.rsplit('/').next().unwrap_or("c").to_owned();
        let mut words = flags.to_vec();
        words.extend(["run", "--bundle", &bundle, &id]);
        self.oci(&words)
    }
}

/// A container that asks for the host.
fn hostile(host: &Ground, script: &str) -> Config {
    let mut config = Config::sh(script);
    config.capabilities = Some(CAPABILITIES.map(str::to_owned).to_vec());
    // No pid namespace, no masks; the host's files and devices.
    config.namespaces =
        Some("{\"type\":\"mount\"},{\"type\":\"uts\"},{\"type\":\"cgroup\"}".into());
    r#""resources":{"devices":[{"allow":true,"access":"rwm"}]}"#.clone_into(&mut config.linux);
    let data = host.text("data");
    config.mounts = vec![
        r#"{"destination":"/host","source":"/","options":["rbind","ro"]}"#.to_owned(),
        format!(r#"{{"destination":"/data","source":"{data}","options":["bind"]}}"#),
    ];
    config
}

const SHOW: &str =
    "grep -E '^(NoNewPrivs|CapBnd|CapEff|Seccomp):' /proc/self/status | tr '\\t\\n' ' ,';
    echo;
    [ -e /host/usr ] && echo host-files || echo no-host-files;
    cat /data/file; echo;
    ps -o comm | grep -c casemate- | sed 's/^[1-9].*/host-processes/; s/^0/no-host-processes/';
    echo $(wc -c </proc/keys 2>/dev/null) bytes of keys;
    touch /proc/sys/kernel/core_pattern 2>/dev/null && echo settings || echo no-settings;
    echo x >/tmp-file 2>/dev/null && echo writable || echo read-only";

fn line<'e>(ended: &'e Ended, starts: &str) -> &'e str {
    let found = ended.out.lines().find(|line| line.contains(starts));
    found.unwrap_or_else(|| panic!("no {starts}: {ended:?}"))
}

#[test]
fn a_hostile_configuration_is_tightened_and_seen_so_from_inside() {
    let Some(host) = Host::new("hostile", "harden::a_hostile_configuration_is_tightened") else {
        return;
    };
    let mut findings = Findings::default();
    let config = hostile(&host.ground, SHOW);
    // Without a policy it gets what it asks for: the test would show a runtime that hardens nothing.
    let plain = host.run(&[], &config);
    findings.same(format!("plain {plain:?}"), plain.code, 0);
    findings.same("plain".to_owned(), line(&plain, "host-files"), "host-files");
    findings.same(
        "plain".to_owned(),
        line(&plain, "NoNewPrivs").contains("NoNewPrivs: 0"),
        true,
    );
    for (level, bounding) in [
        ("baseline", "0000000008000001"),
        ("restricted", "0000000000000000"),
    ] {
        let log = host.ground.text(&format!("log-{level}"));
        let flag = format!("--harden={level}");
        let flags = ["--log", &log, "--log-format", "json", &flag];
        let ended = host.run(&flags, &config);
        findings.same(format!("{level} {ended:?}"), ended.code, 0);
        if ended.code != 0 {
            continue;
        }
        let status = line(&ended, "NoNewPrivs");
        for says in [
            "NoNewPrivs: 1",
            "Seccomp: 2",
            &format!("CapBnd: {bounding}"),
            &format!("CapEff: {bounding}"),
        ] {
            findings.same(
                format!("{level}: {says} in {status}"),
                status.contains(says),
                true,
            );
        }
        for says in [
            "no-host-files",
            "no-host-processes",
            "0 bytes of keys",
            "no-settings",
            "data",
        ] {
            let found = ended.out.lines().any(|line| line == says);
            findings.same(format!("{level}: {says} in {ended:?}"), found, true);
        }
        let root = if level == "baseline" {
            "writable"
        } else {
            "read-only"
        };
        let found = ended.out.lines().any(|line| line == root);
        findings.same(format!("{level}: {root} in {ended:?}"), found, true);
        let text = fs::read_to_string(&log).unwrap_or_default();
        let told: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("\"harden\":{"))
            .collect();
        findings.same(format!("{level}: told once in {text}"), told.len(), 1);
        for says in [
            "files.binds",
            "capabilities.bounding",
            "namespaces.pid",
            "\"asked\":\"host\"",
        ] {
            findings.same(
                format!("{level}: {says} in {text}"),
                text.contains(says),
                true,
            );
        }
    }
    host.ground.expect_nothing("afterwards", &mut findings);
}

#[test]
fn the_nodes_policy_holds_whatever_the_engine_says() {
    let Some(host) = Host::new("node", "harden::the_nodes_policy_holds") else {
        return;
    };
    let mut findings = Findings::default();
    let script = "grep NoNewPrivs /proc/self/status | tr '\\t' ' '";
    let hostile = hostile(&host.ground, script);
    let mild = Config::sh(script);
    let exception = "level = \"baseline\"\nmode = \"refuse\"\n[[exceptions]]\nlevel = \"none\"\n\
                     annotations = { \"org.example.role\" = \"build*\" }\n";
    let mut excepted = hostile.clone();
    excepted.top = r#""annotations":{"org.example.role":"builder"}"#.to_owned();
    let mut asking = mild.clone();
    asking.top = r#""annotations":{"io.casemate.harden":"restricted"}"#.to_owned();
    let mut loosening = mild.clone();
    loosening.top = r#""annotations":{"io.casemate.harden":"none"}"#.to_owned();
    for (policy, mode, config, flags, code, says) in [
        (
            "level = \"baseline\"",
            0o644,
            &mild,
            &[][..],
            0,
            "NoNewPrivs: 1",
        ),
        ("level = \"none\"", 0o644, &mild, &[], 0, "NoNewPrivs: 0"),
        ("level = \"none\"", 0o644, &asking, &[], 0, "NoNewPrivs: 1"),
        (
            "level = \"none\"",
            0o644,
            &mild,
            &["--harden"],
            0,
            "NoNewPrivs: 1",
        ),
        (
            exception,
            0o644,
            &hostile,
            &[],
            1,
            "policy `baseline` refuses the container",
        ),
        (exception, 0o644, &excepted, &[], 0, "NoNewPrivs: 0"),
        // What cannot be understood, or may be another's, stops everything.
        (
            "level = \"basline\"",
            0o644,
            &mild,
            &[],
            1,
            "the level of /etc/casemate/policy.toml is `basline`",
        ),
        (
            "level",
            0o644,
            &mild,
            &[],
            1,
            "cannot use /etc/casemate/policy.toml: line 1",
        ),
        (
            "level = \"none\"",
            0o666,
            &mild,
            &[],
            1,
            "others than its owner, root, can write it",
        ),
        (
            "level = \"/nothing.toml\"",
            0o644,
            &mild,
            &[],
            1,
            "cannot use /nothing.toml",
        ),
        (
            "level = \"none\"",
            0o644,
            &loosening,
            &[],
            1,
            "it can be baseline or restricted",
        ),
        (
            "level = \"none\"",
            0o644,
            &mild,
            &["--harden=none"],
            1,
            "`--harden` is `none`",
        ),
    ] {
        host.policy(policy, mode);
        let ended = host.run(flags, config);
        let what = format!("{policy} {flags:?}: {ended:?}");
        findings.same(what.clone(), ended.code, code);
        let told = if code == 0 { &ended.out } else { &ended.err };
        findings.same(format!("{says} in {what}"), told.contains(says), true);
    }
    host.ground.expect_nothing("afterwards", &mut findings);
}
#[test]
fn a_program_that_joins_is_bounded_too() {
    let Some(host) = Host::new("joins", "harden::a_program_that_joins_is_bounded_too") else {
        return;
    };
    let mut findings = Findings::default();
    let bundle = host.ground.bundle(&Config::of(&["/bin/sleep", "1000"]));
    let created = host
        .ground
        .quiet(&["--harden", "create", "--bundle", &bundle, "c"]);
    findings.same(format!("{created:?}"), created.code, 0);
    let started = host.ground.oci(&["start", "c"]);
    findings.same(format!("{started:?}"), started.code, 0);
    let all = r#"["CAP_SYS_ADMIN","CAP_CHOWN"]"#;
    let process = format!(
        r#"{{"user":{{"uid":0,"gid":0}},"cwd":"/","env":["PATH=/bin"],
        "args":["grep","-E","^(CapBnd|CapEff|NoNewPrivs|Seccomp):","/proc/self/status"],
        "capabilities":{{"bounding":{all},"effective":{all},"permitted":{all}}}}}"#
    );
    fs::write(host.ground.path("process.json"), process).unwrap();
    // Without the flag: what was decided for the container holds for all that join it.
    let file = host.ground.text("process.json");
    let ended = host.ground.oci(&["exec", "--process", &file, "c"]);
    findings.same(format!("{ended:?}"), ended.code, 0);
    for says in [
        "CapBnd:\t0000000000000001",
        "CapEff:\t0000000000000001",
        "NoNewPrivs:\t1",
        "Seccomp:\t2",
    ] {
        findings.same(
            format!("{says} in {ended:?}"),
            ended.out.contains(says),
            true,
        );
    }
    // Nor are limits lifted later.
    let updated = host.ground.oci(&["update", "--pids-limit", "100000", "c"]);
    findings.same(format!("{updated:?}"), updated.code, 0);
    let told = updated.err.contains("pids.limit was asked to be 100000");
    findings.same(format!("{updated:?}"), told, true);
    let pid = host.ground.pid("c");
    let groups = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
    let group = groups.lines().find_map(|line| line.split_once(":pids:"));
    if let Some((_, group)) = group {
        let file = format!("/sys/fs/cgroup/pids{group}/pids.max");
        let limit = fs::read_to_string(file).unwrap_or_default();
        findings.same("the limit of processes".to_owned(), limit.trim(), "4096");
    }
    let deleted = host.ground.oci(&["delete", "--force", "c"]);
    findings.same(format!("{deleted:?}"), deleted.code, 0);
    host.ground.expect_nothing("afterwards", &mut findings);
}
