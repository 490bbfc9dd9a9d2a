//! Many containers, and many callers of one.

use crate::support::{Config, Findings, Ground, eventually, is_root, skip};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A command that must end; its output goes nowhere, as a container in the background holds it open.
fn call(ground: &Ground, words: &[&str]) -> Option<i32> {
    let mut command = ground.command(words);
    command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status.code().unwrap_or(1000));
        }
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// The program ends before anybody could wait for it: nobody may wait for ever.
#[test]
fn a_thousand_fast_ends() {
    const TEST: &str = "robust::stress::a_thousand_fast_ends";
    if !is_root() {
        return skip(TEST, "needs root");
    }
    let ground = Ground::new("fast");
    let mut findings = Findings::default();
    let bundle = ground.bundle(&Config::of(&["/bin/true"]));
    for turn in 0..1000 {
        let code = call(&ground, &["run", "--bundle", &bundle, "fast"]);
        if code != Some(0) {
            findings.add(format!("{turn}: {code:?}"));
            ground.oci(&["delete", "--force", "fast"]);
        }
    }
    ground.expect_nothing("at the end", &mut findings);
}

#[test]
fn five_hundred_containers_sixteen_at_a_time() {
    const TEST: &str = "robust::stress::five_hundred_containers_sixteen_at_a_time";
    if !is_root() {
        return skip(TEST, "needs root");
    }
    let ground = Ground::new("stress");
    let findings = Mutex::new(Findings::default());
    let bundles: Vec<String> = (0..16)
        .map(|_| {
            ground.bundle(&Config {
                linux: "\"resources\":{\"pids\":{\"limit\":20},\"memory\":{\"limit\":67108864}}"
                    .to_owned(),
                ..Config::sh("trap 'exit 7' TERM; sleep 600 & while :; do wait; done")
            })
        })
        .collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for bundle in &bundles {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= 500 {
                        return;
                    }
                    let id = format!("c{number}");
                    for words in [
                        &["create", "--bundle", bundle, &id][..],
                        &["start", &id],
                        &["exec", &id, "/bin/true"],
                        &["pause", &id],
                        &["resume", &id],
                        &["kill", &id, "KILL"],
                        &["delete", "--force", &id],
                    ] {
                        let code = call(&ground, words);
                        if code != Some(0) {
                            findings.lock().unwrap().add(format!("{words:?}: {code:?}"));
                        }
                    }
                }
            });
        }
    });
    let mut findings = findings.into_inner().unwrap();
    ground.expect_nothing("at the end", &mut findings);
}

/// Everybody wants something else of the same container at the same time.
#[test]
fn callers_of_one_container_do_not_lock_each_other_out() {
    const TEST: &str = "robust::stress::callers_of_one_container_do_not_lock_each_other_out";
    if !is_root() {
        return skip(TEST, "needs root");
    }
    let ground = Ground::new("race");
    let findings = Mutex::new(Findings::default());
    let bundle = ground.bundle(&Config::of(&["/bin/sleep", "600"]));
    let verbs: [&[&str]; 8] = [
        &["create", "--bundle", &bundle, "one"],
        &["start", "one"],
        &["kill", "one", "KILL"],
        &["delete", "one"],
        &["delete", "--force", "one"],
        &["state", "one"],
        &["exec", "one", "/bin/true"],
        &["run", "--detach", "--bundle", &bundle, "one"],
    ];
    let succeeded: Vec<AtomicUsize> = verbs.iter().map(|_| AtomicUsize::new(0)).collect();
    thread::scope(|scope| {
        for (verb, succeeded) in verbs.iter().zip(&succeeded) {
            let (ground, findings) = (&ground, &findings);
            scope.spawn(move || {
                for _ in 0..60 {
                    match call(ground, verb) {
                        None => findings
                            .lock()
                            .unwrap()
                            .add(format!("{verb:?} does not end")),
                        Some(0) => {
                            succeeded.fetch_add(1, Ordering::Relaxed);
                        }
                        // Another one was faster.
                        Some(1..=255) => {}
                        Some(code) => findings.lock().unwrap().add(format!("{verb:?}: {code}")),
                    }
                }
            });
        }
    });
    let counts: Vec<usize> = succeeded
        .iter()
        .map(|count| count.load(Ordering::Relaxed))
        .collect();
    println!("succeeded: {counts:?}");
    let mut findings = findings.into_inner().unwrap();
    findings.same("somebody creates", counts[0] + counts[7] > 0, true);
    let deleted = ground.oci(&["delete", "--force", "one"]);
    findings.same(format!("delete --force: {deleted:?}"), deleted.code, 0);
    findings.same(
        "gone",
        eventually(|| ground.status("one") == "absent"),
        true,
    );
    ground.expect_nothing("at the end", &mut findings);
}
