//! States that somebody has changed, and processes that are others than they were.

use super::ground;
use crate::support::{Config, Findings, Ground};
use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Child, Command};

/// A process of the test's that must not be hit.
struct Bystander(Child);

impl Bystander {
    fn start() -> Self {
        Self(Command::new("sleep").arg("600").spawn().unwrap())
    }

    fn lives(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        self.0.kill().unwrap_or_default();
        self.0.wait().unwrap();
    }
}

fn state_file(ground: &Ground, id: &str) -> std::path::PathBuf {
    ground.path("states").join(id).join("state.json")
}

/// The number of a process that has ended is another's after a while.
#[test]
fn a_number_that_is_used_again_is_not_hit() {
    const TEST: &str = "attacks::states::a_number_that_is_used_again_is_not_hit";
    let Some(ground) = ground(TEST, "numbers") else {
        return;
    };
    let mut findings = Findings::default();
    let mut bystander = Bystander::start();
    // Starts are counted in ticks of 10 ms: two processes of one tick cannot have the same number, but could be taken for
    // each other here.
    std::thread::sleep(std::time::Duration::from_millis(50));
    ground.start("old", &Config::of(&["/bin/true"]));
    findings.same(
        "stopped",
        crate::support::eventually(|| ground.status("old") == "stopped"),
        true,
    );
    let file = state_file(&ground, "old");
    let text = fs::read_to_string(&file).unwrap();
    let (before, after) = text.split_once("\"pid\":").unwrap();
    let rest = after
        .trim_start()
        .trim_start_matches(|letter: char| letter.is_ascii_digit());
    fs::write(&file, format!("{before}\"pid\":{}{rest}", bystander.0.id())).unwrap();
    findings.same("its status", ground.status("old").as_str(), "stopped");
    let killed = ground.oci(&["kill", "old", "KILL"]);
    findings.same(format!("kill: {killed:?}"), killed.code != 0, true);
    findings.contains("its message", &killed.err, "not running");
    let joined = ground.exec("old", &["/bin/true"]);
    findings.same(format!("exec: {joined:?}"), joined.code != 0, true);
    let deleted = ground.oci(&["delete", "old"]);
    findings.same(format!("delete: {deleted:?}"), deleted.code, 0);
    findings.same("the bystander", bystander.lives(), true);
    ground.expect_nothing("at the end", &mut findings);
}

/// Whatever somebody has put in the place of a state: no crash, no harm to others, and `delete --force` removes it.
#[test]
fn a_state_that_was_changed_harms_nobody() {
    const TEST: &str = "attacks::states::a_state_that_was_changed_harms_nobody";
    let Some(ground) = ground(TEST, "states") else {
        return;
    };
    let mut findings = Findings::default();
    let mut bystander = Bystander::start();
    fs::write(ground.path("precious"), "precious").unwrap();
    ground.start("other", &Config::of(&["/bin/sleep", "600"]));
    let whole = fs::read_to_string(state_file(&ground, "other")).unwrap();
    let replace = |from: &str, to: &str| whole.replace(from, to);
    let nested = "[".repeat(100_000);
    let huge = format!("{{\"id\":\"{}\"}}", "x".repeat(20 << 20));
    let cases: [(&str, String); 9] = [
        ("empty", String::new()),
        ("cut", whole[..whole.len() / 2].to_owned()),
        ("not JSON", "hunter2\n".to_owned()),
        ("not UTF-8", "{\"id\": \"\u{0}\"}".to_owned()),
        ("deep", nested),
        ("huge", huge),
        ("list", "[]".to_owned()),
        (
            "numbers",
            replace("\"pid\":", "\"pid\":99999999999999999999"),
        ),
        ("negative", replace("\"pid\":", "\"pid\":-1, \"x\":")),
    ];
    for (name, text) in &cases {
        ground.start("changed", &Config::of(&["/bin/sleep", "600"]));
        let pid = ground.pid("changed");
        fs::write(state_file(&ground, "changed"), text).unwrap();
        for words in [
            &["state", "changed"][..],
            &["kill", "changed", "KILL"],
            &["exec", "changed", "/bin/true"],
            &["start", "changed"],
            &["list"],
        ] {
            let ended = ground.quiet(words);
            findings.same(
                format!("{name}: {words:?}: {ended:?}"),
                (0..=255).contains(&ended.code),
                true,
            );
            findings.lacks(format!("{name}: {words:?}"), &ended.err, "panicked");
        }
        let deleted = ground.oci(&["delete", "--force", "changed"]);
        findings.same(
            format!("{name}: delete --force: {deleted:?}"),
            deleted.code,
            0,
        );
        findings.same(
            format!("{name}: its state"),
            ground.path("states/changed").exists(),
            false,
        );
        // A state that says nothing lets nobody find the process; it is ended here, by the number from before.
        Command::new("kill")
            .args(["-9", &pid.to_string()])
            .output()
            .unwrap();
        findings.same(
            format!("{name}: the other container"),
            ground.status("other").as_str(),
            "running",
        );
    }
    links(&ground, &mut findings);
    findings.same("the bystander", bystander.lives(), true);
    findings.same(
        "what is precious",
        fs::read_to_string(ground.path("precious"))
            .unwrap_or_default()
            .as_str(),
        "precious",
    );
    ground.delete_all();
    // The groups of the containers whose states were lost are known to this test alone.
    for group in ground.groups() {
        crate::support::eventually(|| fs::remove_dir(&group).is_ok() || !group.exists());
    }
    ground.expect_nothing("at the end", &mut findings);
}

/// A link, a pipe, a directory in the place of the file.
fn links(ground: &Ground, findings: &mut Findings) {
    for kind in ["link", "pipe", "directory", "nothing"] {
        let directory = ground.path("states/made");
        fs::create_dir(&directory).unwrap();
        let file = directory.join("state.json");
        match kind {
            "link" => symlink(ground.path("precious"), &file).unwrap(),
            "pipe" => {
                let made = Command::new("mkfifo").arg(&file).output().unwrap();
                assert!(made.status.success(), "{made:?}");
            }
            "directory" => fs::create_dir(&file).unwrap(),
            _ => {}
        }
        for words in [&["state", "made"][..], &["kill", "made", "KILL"], &["list"]] {
            let ended = ground.quiet(words);
            findings.lacks(
                format!("{kind}: {words:?}: {ended:?}"),
                &ended.err,
                "panicked",
            );
        }
        let deleted = ground.oci(&["delete", "--force", "made"]);
        findings.same(
            format!("{kind}: delete --force: {deleted:?}"),
            deleted.code,
            0,
        );
        findings.same(format!("{kind}: its state"), directory.exists(), false);
        if directory.exists() {
            fs::remove_dir_all(&directory).unwrap();
        }
    }
}
