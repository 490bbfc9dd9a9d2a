//! Groups that systemd makes, by a systemd of the test's own: first process of a pid namespace under the lab's kernel.

mod in_lab {
    use crate::support::{Config, Ended, Findings, Ground, eventually, skip};
    use std::fs;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};

    const TEST: &str = "groups::systemd::in_lab::units_hold_containers";

    /// systemd, with nothing to start.
    struct Systemd {
        unshare: Child,
        pid: String,
    }

    impl Systemd {
        fn new() -> Self {
            fs::create_dir_all("/run/systemd/system").unwrap();
            let target = "[Unit]\nDefaultDependencies=no\n";
            fs::write("/run/systemd/system/nothing.target", target).unwrap();
            let unshare = Command::new("unshare")
                .args(["--fork", "--pid", "--mount-proc", "--kill-child"])
                .args(["env", "container=lab", "/lib/systemd/systemd", "--system"])
                .args(["--unit=nothing.target", "--log-target=console"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            assert!(eventually(|| Path::new("/run/systemd/private").exists()));
            let children = format!("/proc/{0}/task/{0}/children", unshare.id());
            let pid = fs::read_to_string(children).unwrap().trim().to_owned();
            Self { unshare, pid }
        }

        fn oci(&self, ground: &Ground, words: &[&str]) -> Ended {
            let wall = ["nsenter", "--target", &self.pid, "--pid", "--mount", "--"];
            let mut line = vec!["--systemd-cgroup"];
            line.extend(words);
            let out = fs::File::create(ground.path("out")).unwrap();
            let err = fs::File::create(ground.path("err")).unwrap();
            let mut command = ground.behind(&wall, &line);
            command.stdout(out).stderr(err);
            // What it starts stays, and would hold a pipe open.
            let mut child = command.spawn().unwrap();
            let ended = eventually(|| child.try_wait().unwrap().is_some());
            if !ended {
                child.kill().unwrap();
            }
            let status = child.wait().unwrap();
            let read = |name: &str| fs::read_to_string(ground.path(name)).unwrap();
            Ended {
                code: status.code().unwrap_or(1000),
                out: read("out"),
                err: read("err"),
            }
        }

        fn show(&self, unit: &str, property: &str) -> String {
            let shown = Command::new("nsenter")
                .args(["--target", &self.pid, "--pid", "--mount", "--"])
                .args(["systemctl", "show", "--value", "--property", property, unit])
                .output()
                .unwrap();
            String::from_utf8(shown.stdout).unwrap().trim().to_owned()
        }
    }

    impl Drop for Systemd {
        fn drop(&mut self) {
            self.unshare.kill().unwrap();
            self.unshare.wait().unwrap();
        }
    }

    #[test]
    fn units_hold_containers() {
        if std::env::var_os("CASEMATE_LAB").is_none() {
            return skip(TEST, "needs the lab's kernel");
        }
        if !Path::new("/lib/systemd/systemd").exists() {
            return skip(TEST, "needs systemd");
        }
        let ground = Ground::new("units");
        let systemd = Systemd::new();
        let mut findings = Findings::default();
        let config = Config {
            linux: "\"resources\":{\"memory\":{\"limit\":67108864},\"pids\":{\"limit\":50},\"cpu\":{\"quota\":50000,\"period\":100000},\
                    \"devices\":[{\"allow\":false,\"access\":\"rwm\"}]}"
                .to_owned(),
            top: "\"annotations\":{\"org.systemd.property.Description\":\"'a box'\"}".to_owned(),
            ..Config::sh("sleep 100")
        };
        let text = config.text("a-b.slice:box:one");
        let bundle = ground.bundle_of(&text);
        let created = systemd.oci(&ground, &["create", "--bundle", &bundle, "one"]);
        findings.same(format!("{created:?}"), created.code, 0);
        let group = Path::new("/sys/fs/cgroup/a.slice/a-b.slice/box-one.scope");
        let read = |file: &str| {
            fs::read_to_string(group.join(file))
                .map(|text| text.trim().to_owned())
                .unwrap_or_default()
        };
        for (file, value) in [
            ("memory.max", "67108864"),
            ("pids.max", "50"),
            ("cpu.max", "50000 100000"),
        ] {
            findings.same(file, read(file), value.to_owned());
        }
        findings.same("one process", read("cgroup.procs").lines().count(), 1);
        for (property, value) in [
            ("MemoryMax", "67108864"),
            ("TasksMax", "50"),
            ("Delegate", "yes"),
            ("Description", "a box"),
            ("ActiveState", "active"),
            ("DevicePolicy", "strict"),
        ] {
            findings.same(
                property,
                systemd.show("box-one.scope", property),
                value.to_owned(),
            );
        }
        let started = systemd.oci(&ground, &["start", "one"]);
        findings.same(format!("{started:?}"), started.code, 0);
        let updated = systemd.oci(
            &ground,
            &["update", "--pids-limit", "60", "--memory", "32m", "one"],
        );
        findings.same(format!("{updated:?}"), updated.code, 0);
        findings.same("updated", read("pids.max"), "60".to_owned());
        findings.same(
            "systemd knows",
            systemd.show("box-one.scope", "TasksMax"),
            "60".to_owned(),
        );
        findings.same(
            "systemd knows",
            systemd.show("box-one.scope", "MemoryMax"),
            "33554432".to_owned(),
        );
        let listed = systemd.oci(&ground, &["ps", "--format", "json", "one"]);
        findings.same(format!("{listed:?}"), listed.code, 0);
        let deleted = systemd.oci(&ground, &["delete", "--force", "one"]);
        findings.same(format!("{deleted:?}"), deleted.code, 0);
        findings.same("the group is gone", group.exists(), false);
        findings.same(
            "the unit too",
            systemd.show("box-one.scope", "LoadState"),
            "not-found".to_owned(),
        );
        let wrong = systemd.oci(
            &ground,
            &["create", "--bundle", &bundle_with(&ground, "/a/b"), "two"],
        );
        findings.contains(format!("{wrong:?}"), &wrong.err, "SLICE:PREFIX:NAME");
        // Its devices are controlled as without systemd.
        let script =
            "mknod /dev/log c 1 11 && (: </dev/log) 2>/dev/null; echo $?; : </dev/null; echo $?";
        let mut config = Config::sh(script);
        config.capabilities = Some(
            ["CAP_MKNOD", "CAP_SYSLOG", "CAP_DAC_OVERRIDE"]
                .map(str::to_owned)
                .to_vec(),
        );
        let bundle = ground.bundle_of(&config.text(":box:three"));
        let ran = systemd.oci(&ground, &["run", "--bundle", &bundle, "three"]);
        findings.same(format!("{ran:?}"), ran.out.as_str(), "1\n0\n");
        drop(systemd);
        // Without systemd it is told.
        let none = ground.oci(&["--systemd-cgroup", "create", "--bundle", &bundle, "four"]);
        findings.same(format!("{none:?}"), none.code == 0, false);
        findings.contains(format!("{none:?}"), &none.err, "systemd");
        ground.oci(&["delete", "--force", "four"]);
    }

    fn bundle_with(ground: &Ground, path: &str) -> String {
        ground.bundle_of(&Config::sh("true").text(path))
    }
}
