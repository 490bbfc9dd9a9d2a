//! Attacks on the runtime's own program and processes, when it comes into a container: CVE-2019-5736, CVE-2016-9962.

use super::{ground, hunted, hunter, is_hunting};
use crate::support::{Config, Findings, Ground, finish};
use std::fs;
use std::process::Command;

/// Everything but what would let it look at any process.
const MANY: [&str; 6] = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
];

/// The programs of the runtime, as they are on the disk.
fn programs(ground: &Ground) -> [Vec<u8>; 2] {
    ["bin/casemate-oci", "bin/casemate-exec"].map(|name| fs::read(ground.path(name)).unwrap())
}

/// What an attack does to a launcher without protection.
fn unprotected(ground: &Ground, way: &str) -> String {
    ground.start("bait", &hunter(way, 15, &MANY));
    assert!(is_hunting(ground));
    let mut launcher = Command::new(ground.path("attacker"));
    launcher.args(["launcher", &ground.pid("bait").to_string(), "/bin/true"]);
    finish(&mut launcher);
    let hunted = hunted(ground);
    ground.oci(&["delete", "--force", "bait"]);
    fs::remove_file(ground.path("root/hunted")).unwrap();
    hunted
}

/// What it does to the runtime, which comes in again and again.
fn protected(ground: &Ground, way: &str, programs: &[&str]) -> String {
    ground.start("hunter", &hunter(way, 25, &MANY));
    assert!(is_hunting(ground));
    for _ in 0..15 {
        for program in programs {
            ground.exec("hunter", &[program]);
        }
    }
    let hunted = hunted(ground);
    ground.oci(&["delete", "--force", "hunter"]);
    fs::remove_file(ground.path("root/hunted")).unwrap();
    hunted
}

#[test]
fn its_program_cannot_be_overwritten() {
    const TEST: &str = "attacks::program::its_program_cannot_be_overwritten";
    let Some(ground) = ground(TEST, "overwrite") else {
        return;
    };
    let mut findings = Findings::default();
    let before = fs::read(ground.path("attacker")).unwrap();
    let hunted = unprotected(&ground, "overwrite");
    findings.lacks(
        format!("without protection: {hunted}"),
        &hunted,
        "succeeded 0",
    );
    let after = fs::read(ground.path("attacker")).unwrap();
    findings.same(
        "the unprotected launcher is overwritten",
        before != after,
        true,
    );

    std::os::unix::fs::symlink("/proc/self/exe", ground.path("root/bin/self")).unwrap();
    fs::write(ground.path("root/bin/script"), "#!/proc/self/exe\n").unwrap();
    let before = programs(&ground);
    let hunted = protected(
        &ground,
        "overwrite",
        &["/bin/true", "/proc/self/exe", "/bin/self"],
    );
    println!("the runtime: {hunted}");
    findings.contains("the runtime", &hunted, "succeeded 0");
    // As the program that the container begins with, and by a script that names it.
    for program in ["/proc/self/exe", "/bin/self", "/bin/script"] {
        let ended = ground.run(&Config::of(&[program, "--version"]));
        findings.lacks(
            format!("{program} as the first program: {ended:?}"),
            &ended.out,
            "casemate",
        );
    }
    findings.same("its programs are whole", programs(&ground) == before, true);
    ground.expect_nothing("at the end", &mut findings);
}

#[test]
fn it_cannot_be_traced_when_it_joins() {
    const TEST: &str = "attacks::program::it_cannot_be_traced_when_it_joins";
    let Some(ground) = ground(TEST, "trace") else {
        return;
    };
    let mut findings = Findings::default();
    let hunted = unprotected(&ground, "ptrace");
    findings.lacks(
        format!("without protection: {hunted}"),
        &hunted,
        "succeeded 0",
    );
    let hunted = protected(&ground, "ptrace", &["/bin/true"]);
    println!("the runtime: {hunted}");
    findings.contains("the runtime", &hunted, "succeeded 0");
    ground.expect_nothing("at the end", &mut findings);
}

/// A container that has been created waits with the privileges of the launcher; one that shares its processes looks at it.
#[test]
fn who_waits_for_start_cannot_be_looked_at() {
    const TEST: &str = "attacks::program::who_waits_for_start_cannot_be_looked_at";
    let Some(ground) = ground(TEST, "waiting") else {
        return;
    };
    let mut findings = Findings::default();
    ground.start("first", &Config::of(&["/bin/sleep", "600"]));
    let mut second = Config::of(&["/bin/true"]);
    let of = |kind: &str| format!("{{\"type\":\"{kind}\"}}");
    second.namespaces = Some(format!(
        "{{\"type\":\"pid\",\"path\":\"/proc/{}/ns/pid\"}},{},{},{}",
        ground.pid("first"),
        of("mount"),
        of("ipc"),
        of("uts")
    ));
    let bundle = ground.bundle(&second);
    let created = ground.quiet(&["create", "--bundle", &bundle, "second"]);
    findings.same(format!("create: {created:?}"), created.code, 0);
    let script = "for p in /proc/[0-9]*; do [ -e $p ] || continue; n=${p#/proc/}; [ $n = 1 ] || [ $n = $$ ] && continue; \
        for f in exe root cwd fd/0 fd/3; do readlink $p/$f >/dev/null 2>&1 && echo $n $f $(readlink $p/$f); done; \
        (: <$p/mem) 2>/dev/null && echo $n mem; (: <$p/environ) 2>/dev/null && cat $p/environ; done; ls -d /proc/[0-9]* | wc -l";
    let ended = ground.exec("first", &["/bin/sh", "-c", script]);
    // The loop's own children are gone before they can be looked at; what is counted is 1, the shell, ls, wc and who waits.
    let lines: Vec<&str> = ended
        .out
        .lines()
        .filter(|line| !line.contains("/bin/busybox"))
        .collect();
    let shown = lines.iter().any(|line| {
        line.contains("exe")
            || line.contains("root")
            || line.contains("fd/")
            || line.contains("mem")
    });
    findings.same(
        format!("what is seen: {lines:?} {}", ended.err),
        shown,
        false,
    );
    ground.delete_all();
    ground.expect_nothing("at the end", &mut findings);
}
