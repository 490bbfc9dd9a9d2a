//! Attacks on the places at which mounts are made: CVE-2021-30465, CVE-2024-45310, bubblewrap's CVE-2026-41163.

use super::bait::{Bait, is_able};
use crate::support::{Config, Findings, finish};
use casemate_sys::file::{RenameFlags, renameat2};
use casemate_sys::{CWD, Errno};
use std::ffi::CString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is mounted at a path of the container: a directory with a file in it.
fn mount_at(bait: &Bait, path: &str) -> String {
    fs::create_dir_all(bait.path("source")).unwrap();
    fs::write(bait.path("source/here"), "it is").unwrap();
    let source = bait.text("source");
    format!(r#"{{"destination":"{path}","source":"{source}","options":["bind"]}}"#)
}

#[test]
fn a_link_in_the_image_leads_to_the_host() {
    const TEST: &str = "attacks::mounts::a_link_in_the_image_leads_to_the_host";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("link");
    let mut findings = Findings::default();
    let victim = bait.text("victim");
    let up = format!("../../../../../../..{victim}");
    let nested = format!("{victim}/deep");
    for (name, target) in [
        ("absolute", &victim),
        ("relative", &up),
        ("missing", &nested),
    ] {
        symlink(target, bait.path("root").join(name)).unwrap();
        // Without protection: the mount point is made by its path.
        if name != "missing" {
            fs::create_dir(bait.path("root").join(name).join("made")).unwrap();
            let what = format!("{name}: without protection");
            findings.same(what, bait.is_touched(), true);
            bait.restore();
        }

        let mut config = Config::sh("cat /proc/self/mountinfo");
        config.mounts = vec![mount_at(&bait, &format!("/{name}/made"))];
        let ended = bait.run(&config);
        findings.same(format!("{name}: {ended:?}"), bait.is_touched(), false);
        // A place that does not exist inside is no place.
        findings.lacks(name, &ended.out, "/made");
        findings.contains(name, &ended.err, "symbolic link");
        findings.contains(name, &ended.err, &format!("/{name}/made"));
    }
    bait.expect_nothing(&mut findings);
}

#[test]
fn links_are_followed_inside_of_the_root() {
    const TEST: &str = "attacks::mounts::links_are_followed_inside_of_the_root";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("inside");
    let mut findings = Findings::default();
    // The host has both, and the image has both; a link of the image is about the image's.
    fs::create_dir_all(bait.path("root/etc/inner")).unwrap();
    symlink("/etc/inner", bait.path("root/data")).unwrap();
    symlink("../../../../etc/inner", bait.path("root/up")).unwrap();
    for name in ["data", "up"] {
        let mut config =
            Config::sh("cat /etc/inner/here; grep -c ' /etc/inner ' /proc/self/mountinfo");
        config.mounts = vec![mount_at(&bait, &format!("/{name}"))];
        let ended = bait.run(&config);
        findings.same(format!("{name}: {ended:?}"), ended.out.as_str(), "it is1\n");
    }
    bait.expect_nothing(&mut findings);
}

/// Swaps a directory and a link for one another as fast as it can, for as long as something takes.
fn swapping<T>(one: &Path, other: &Path, mut during: impl FnMut() -> T) -> T {
    let [one, other] = [one, other].map(|path| CString::new(path.to_str().unwrap()).unwrap());
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let swapped = renameat2((CWD, &one), (CWD, &other), RenameFlags::EXCHANGE);
                assert!(matches!(swapped, Ok(()) | Err(Errno::EBUSY)), "{swapped:?}");
            }
        });
        let result = during();
        is_over.store(true, Ordering::Relaxed);
        result
    })
}

#[test]
fn a_place_in_a_shared_volume_is_swapped_for_a_link() {
    const TEST: &str = "attacks::mounts::a_place_in_a_shared_volume_is_swapped_for_a_link";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("swap");
    let mut findings = Findings::default();
    let (volume, link) = (bait.path("volume/a"), bait.path("volume/link"));
    fs::create_dir_all(&volume).unwrap();
    symlink(bait.text("victim"), &link).unwrap();
    // Without protection: looked at, and then made by its path.
    let naive = swapping(&volume, &link, || {
        (0..20_000).any(|attempt| {
            let looked = fs::symlink_metadata(&volume).is_ok_and(|found| found.is_dir());
            if looked {
                // As a link it is followed, and as a directory it is not what is looked for here.
                fs::create_dir(volume.join(format!("made-{attempt}"))).unwrap();
            }
            bait.is_touched()
        })
    });
    findings.same("without protection", naive, true);
    bait.restore();

    let outcomes = swapping(&volume, &link, || {
        let mut outcomes = [0; 2];
        for attempt in 0..40 {
            let mut config = Config::sh(&format!(
                "cat /volume/*/deep-{attempt}/b/here; cat /proc/self/mountinfo"
            ));
            let source = bait.text("volume");
            config.mounts = vec![
                format!(r#"{{"destination":"/volume","source":"{source}","options":["rbind"]}}"#),
                mount_at(&bait, &format!("/volume/a/deep-{attempt}/b")),
            ];
            let ended = bait.run(&config);
            // It may be refused, or be where it belongs; it is never elsewhere.
            let is_there = ended.code == 0 && ended.out.contains(&format!("/deep-{attempt}/b "));
            outcomes[usize::from(is_there)] += 1;
            let is_refused = ended.err.contains("/volume/a/deep-")
                // Made, and then carried away with the directory.
                || ended.err.contains("does not show one of the mounts");
            if !is_there && !is_refused {
                findings.add(format!("attempt {attempt}: {ended:?}"));
            }
        }
        outcomes
    });
    println!("{TEST}: refused {}, made {}", outcomes[0], outcomes[1]);
    findings.same("something is made on the host", bait.is_touched(), false);
    bait.expect_nothing(&mut findings);
}

#[test]
fn a_source_is_mounted_and_not_what_its_name_becomes() {
    const TEST: &str = "attacks::mounts::a_source_is_mounted_and_not_what_its_name_becomes";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("source");
    let mut findings = Findings::default();
    // A read-only mount stays one, whatever its place becomes while it is made: its attributes are set before it is
    // attached, by its descriptor.
    let (volume, link) = (bait.path("volume/a"), bait.path("volume/link"));
    fs::create_dir_all(&volume).unwrap();
    symlink("/tmp", &link).unwrap();
    let written = swapping(&volume, &link, || {
        let mut written = 0;
        for attempt in 0..20 {
            let mut config = Config::sh(
                "for d in /volume/a /volume/link/.; do touch $d/x && echo written $d; done; mount",
            );
            let (source, read_only) = (bait.text("volume"), mount_at(&bait, "/volume/a"));
            config.mounts = vec![
                format!(
                    r#"{{"destination":"/volume","source":"{source}","options":["rbind","rro"]}}"#
                ),
                read_only.replace("\"bind\"", "\"bind\",\"ro\""),
            ];
            let ended = bait.run(&config);
            // What the link leads to is the image's own /tmp, which may be written to: the source is not there.
            if bait.path("source/x").exists() || bait.path("volume/a/x").exists() {
                written += 1;
                findings.add(format!("attempt {attempt}: {ended:?}"));
            }
        }
        written
    });
    findings.same("a read-only source is written to", written, 0);
    bait.expect_nothing(&mut findings);
}

#[test]
fn a_mount_over_the_root_of_the_host_is_not_left() {
    const TEST: &str = "attacks::mounts::a_mount_over_the_root_of_the_host_is_not_left";
    if !is_able(TEST) {
        return;
    }
    let bait = Bait::new("shared");
    let mut findings = Findings::default();
    let mounts = || {
        let ended = finish(Command::new("cat").arg("/proc/self/mountinfo"));
        ended.out.lines().count()
    };
    let before = mounts();
    for propagation in [
        "shared",
        "rshared",
        "slave",
        "rslave",
        "private",
        "unbindable",
        "runbindable",
    ] {
        let mut config = Config::sh("head -1 /proc/self/mountinfo; mount -t tmpfs x /tmp; true");
        config.linux = format!(r#""rootfsPropagation":"{propagation}""#);
        config.mounts = vec![mount_at(&bait, "/data")];
        let ended = bait.run(&config);
        findings.same(format!("{propagation}: {ended:?}"), ended.code, 0);
        findings.same(
            format!("{propagation}: shared"),
            ended.out.contains(" shared:"),
            propagation.ends_with("shared"),
        );
        findings.same(
            format!("{propagation}: unbindable"),
            ended.out.contains(" unbindable "),
            propagation.contains("unbind"),
        );
        findings.same(
            format!("{propagation}: mounts of the host"),
            mounts(),
            before,
        );
    }
    bait.expect_nothing(&mut findings);
}
