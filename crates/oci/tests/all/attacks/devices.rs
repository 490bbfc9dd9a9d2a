//! Attacks by the image's /dev: CVE-2026-41579, CVE-2026-47766, CVE-2025-52565.

use super::bait::{Bait, is_able};
use crate::support::{Config, Findings, finish};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// A bundle whose configuration leaves /dev to the image.
fn with_dev_of_image(bait: &Bait, config: &Config) -> String {
    let bundle = bait.bundle(config);
    let path = Path::new(&bundle).join("config.json");
    let text = fs::read_to_string(&path).unwrap();
    let from = text.find(",\n {\"destination\":\"/dev\"").unwrap();
    let to = text.find("],\n\"linux\"").unwrap();
    fs::write(&path, format!("{}{}", &text[..from], &text[to..])).unwrap();
    bundle
}

#[test]
fn dev_of_the_image_is_a_link_to_the_host() {
    const TEST: &str = "attacks::devices::dev_of_the_image_is_a_link_to_the_host";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("devlink");
    let mut findings = Findings::default();
    let victim = bait.text("victim");
    let dev = bait.path("root/dev");
    for target in [
        victim.clone(),
        format!("../../../../../..{victim}"),
        "/tmp".to_owned(),
    ] {
        fs::remove_dir(&dev).unwrap();
        symlink(&target, &dev).unwrap();
        if target == victim {
            // Without protection: made by its path.
            let ended = finish(
                Command::new("mknod")
                    .arg(dev.join("null"))
                    .args(["c", "1", "3"]),
            );
            findings.same(
                format!("without protection: {ended:?}"),
                bait.is_touched(),
                true,
            );
            bait.restore();
        }
        let mut config = Config::sh("ls -l /tmp/null");
        config.linux =
            r#""devices":[{"path":"/dev/net/x","type":"c","major":1,"minor":5}]"#.to_owned();
        let bundle = with_dev_of_image(&bait, &config);
        let ended = bait.oci(&["run", "--bundle", &bundle, "devlink"]);
        findings.same(format!("{target}: {ended:?}"), bait.is_touched(), false);
        // Where the link leads inside, the devices are made inside.
        findings.same(
            format!("{target}: {ended:?}"),
            ended.code == 0,
            target == "/tmp",
        );
        fs::remove_file(&dev).unwrap();
        fs::create_dir(&dev).unwrap();
        for made in [
            "null", "zero", "full", "random", "urandom", "tty", "ptmx", "fd", "stdin", "stdout",
            "stderr", "core",
        ] {
            match fs::remove_file(bait.path("root/tmp").join(made)) {
                Ok(()) | Err(_) => {}
            }
        }
        match fs::remove_dir_all(bait.path("root/tmp/net")) {
            Ok(()) | Err(_) => {}
        }
    }
    bait.expect_nothing(&mut findings);
}

#[test]
fn a_node_of_the_image_is_not_taken_for_a_device() {
    const TEST: &str = "attacks::devices::a_node_of_the_image_is_not_taken_for_a_device";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("fakenode");
    let mut findings = Findings::default();
    let fake = bait.path("root/dev/null");
    let victim = bait.path("victim/file");
    let cases: [(&str, &dyn Fn()); 3] = [
        ("a file", &|| fs::write(&fake, "x").unwrap()),
        ("a link", &|| symlink(&victim, &fake).unwrap()),
        ("another device", &|| {
            let ended = finish(Command::new("mknod").arg(&fake).args(["c", "1", "5"]));
            assert_eq!(ended.code, 0, "{ended:?}");
        }),
    ];
    for (what, make) in cases {
        make();
        let bundle = with_dev_of_image(&bait, &Config::sh("echo in"));
        let ended = bait.oci(&["run", "--bundle", &bundle, "fakenode"]);
        findings.same(
            format!("{what}: {ended:?}"),
            (ended.code == 0, ended.out.as_str()),
            (false, ""),
        );
        findings.contains(what, &ended.err, "/dev/null");
        findings.same(what, bait.is_touched(), false);
        fs::remove_file(&fake).unwrap();
    }
    // The device itself may be there; it gets the mode that it should have.
    let ended = finish(
        Command::new("mknod")
            .arg(&fake)
            .args(["-m", "600", "c", "1", "3"]),
    );
    assert_eq!(ended.code, 0, "{ended:?}");
    let bundle = with_dev_of_image(&bait, &Config::sh("ls -l /dev/null"));
    let ended = bait.oci(&["run", "--bundle", &bundle, "realnode"]);
    findings.contains(format!("{ended:?}"), &ended.out, "crw-rw-rw-");
    bait.expect_nothing(&mut findings);
}

#[test]
fn the_multiplexer_is_the_containers_own() {
    const TEST: &str = "attacks::devices::the_multiplexer_is_the_containers_own";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("ptmx");
    let mut findings = Findings::default();
    // The image's would be the host's: /dev/ptmx of a devtmpfs leads to the first devpts.
    symlink(bait.path("victim/file"), bait.path("root/dev/ptmx")).unwrap();
    let bundle = with_dev_of_image(&bait, &Config::sh("ls -l /dev/ptmx"));
    let ended = bait.oci(&["run", "--bundle", &bundle, "ptmx"]);
    findings.contains(format!("{ended:?}"), &ended.out, "-> pts/ptmx");
    findings.same("the victim", bait.is_touched(), false);
    bait.expect_nothing(&mut findings);
}
