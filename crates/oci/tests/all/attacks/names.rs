//! Ids that want to be paths.

use super::ground;
use crate::support::{Config, Findings};
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn an_id_is_no_path() {
    const TEST: &str = "attacks::names::an_id_is_no_path";
    let Some(ground) = ground(TEST, "ids") else {
        return;
    };
    let mut findings = Findings::default();
    let bundle = ground.bundle(&Config::of(&["/bin/true"]));
    // What a traversal would reach.
    let outside = ground.path("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("state.json"), "{}").unwrap();
    fs::create_dir(ground.path("states")).unwrap();
    let long = "x".repeat(300);
    for id in [
        "",
        ".",
        "..",
        "../outside",
        "a/../../outside",
        "/tmp/x",
        "a/b",
        "a\\b",
        "a b",
        "a\nb",
        "é",
        "$(id)",
        "a;b",
        &long,
    ] {
        for words in [
            &["create", "--bundle", &bundle, id][..],
            &["run", "--bundle", &bundle, id],
            &["start", id],
            &["state", id],
            &["kill", id, "KILL"],
            &["delete", id],
            &["delete", "--force", id],
            &["exec", id, "/bin/true"],
            &["pause", id],
            &["ps", id],
            &["update", "--pids-limit", "5", id],
        ] {
            let ended = ground.quiet(words);
            // Idempotent by the engines' wish: what cannot be a container does not exist.
            let may_succeed = words.starts_with(&["delete", "--force"]);
            findings.same(
                format!("{words:?}: {ended:?}"),
                ended.code != 0 || may_succeed,
                true,
            );
        }
    }
    findings.same("outside", fs::read_dir(&outside).unwrap().count(), 1);
    let states: Vec<_> = fs::read_dir(ground.path("states"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    findings.same("states", states, Vec::<std::ffi::OsString>::new());

    // A link in the place of a state's directory leads nowhere.
    symlink(&outside, ground.path("states/link")).unwrap();
    for words in [
        &["state", "link"][..],
        &["kill", "link", "KILL"],
        &["delete", "--force", "link"],
        &["start", "link"],
    ] {
        ground.quiet(words);
    }
    findings.same("behind a link", fs::read_dir(&outside).unwrap().count(), 1);
    let listed = ground.oci(&["list"]);
    findings.same(
        format!("list with a foreign entry: {listed:?}"),
        listed.code,
        0,
    );
    fs::remove_file(ground.path("states/link")).unwrap_or_default();
    ground.expect_nothing("at the end", &mut findings);
}
