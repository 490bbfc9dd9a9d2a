//! Labels of security modules, under kernels that have them.

use crate::support::{Config, Findings, Ground, skip};

/// Whether this is the lab's kernel.
fn is_lab(test: &str) -> bool {
    let is_lab = std::env::var_os("CASEMATE_LAB").is_some();
    if !is_lab {
        skip(test, "needs the lab's kernel");
    }
    is_lab
}

/// A container with further members of `process`.
fn with(process: &str, script: &str) -> Config {
    let mut config = Config::sh(script);
    process.clone_into(&mut config.process);
    config
}

mod in_lab {
    use super::{is_lab, with};
    use crate::support::{Findings, Ground, finish};
    use std::fs;
    use std::process::Command;

    const PROFILE: &str = "profile casemate-oci-test flags=(attach_disconnected,mediate_deleted) {
  file,
  capability,
  network,
  signal,
  ptrace,
  unix,
  deny /**secret r,
}
";

    #[test]
    fn an_apparmor_profile_is_enforced_and_a_missing_one_is_refused() {
        if !is_lab("labels::in_lab::an_apparmor_profile_is_enforced") {
            return;
        }
        let ground = Ground::new("apparmor");
        let mut findings = Findings::default();
        let file = ground.path("profile");
        fs::write(&file, PROFILE).unwrap();
        let loaded = finish(Command::new("apparmor_parser").arg("-r").arg(&file));
        assert_eq!(loaded.code, 0, "{loaded:?}");
        fs::write(ground.path("root/secret"), "hunter2\n").unwrap();
        let script = "cat /proc/self/attr/current; cat /secret";
        // Without a profile the file is read: it is the profile that keeps it from being read.
        let ended = ground.run(&with("", script));
        findings.same(
            format!("{ended:?}"),
            ended.out.as_str(),
            "unconfined\nhunter2\n",
        );
        let asked = r#""apparmorProfile":"casemate-oci-test""#;
        for more in ["", r#","noNewPrivileges":true"#] {
            let ended = ground.run(&with(&format!("{asked}{more}"), script));
            findings.same(
                format!("{more}: {ended:?}"),
                ended.out.as_str(),
                "casemate-oci-test (enforce)\n",
            );
            findings.contains("why", &ended.err, "Permission denied");
        }
        let ended = ground.run(&with(r#""apparmorProfile":"no-such-profile""#, script));
        findings.same(
            format!("{ended:?}"),
            (ended.code, ended.out.as_str()),
            (1, ""),
        );
        findings.contains("which", &ended.err, "no-such-profile");
        // Who joins later is confined alike.
        ground.start("c", &with(asked, "exec sleep 1000"));
        let ended = ground.exec("c", &["cat", "/proc/self/attr/current"]);
        findings.same(
            format!("{ended:?}"),
            ended.out.as_str(),
            "casemate-oci-test (enforce)\n",
        );
        ground.delete_all();
        ground.expect_nothing("afterwards", &mut findings);
    }
}

mod in_lab_selinux {
    use super::{is_lab, with};
    use crate::support::{Findings, Ground};

    /// The lab's SELinux has no policy, so it knows no label: one that is asked for is an error, for a process as for mounts.
    #[test]
    fn a_label_that_selinux_does_not_know_is_refused() {
        if !is_lab("labels::in_lab_selinux::a_label_that_selinux_does_not_know") {
            return;
        }
        let ground = Ground::new("selinux");
        let mut findings = Findings::default();
        let ended = ground.run(&with("", "echo ran"));
        findings.same(format!("{ended:?}"), ended.out.as_str(), "ran\n");
        let label = "system_u:system_r:no_such_t:s0";
        let ended = ground.run(&with(&format!(r#""selinuxLabel":"{label}""#), "echo ran"));
        findings.same(
            format!("{ended:?}"),
            (ended.code, ended.out.as_str()),
            (1, ""),
        );
        let mut config = with("", "echo ran");
        config.linux = format!(r#""mountLabel":"{label}""#);
        let ended = ground.run(&config);
        findings.same(
            format!("{ended:?}"),
            (ended.code, ended.out.as_str()),
            (1, ""),
        );
        let ended = ground.run(&with(r#""apparmorProfile":"x""#, "echo ran"));
        findings.same(format!("{ended:?}"), ended.code, 1);
        findings.contains("which", &ended.err, "process.apparmorProfile");
        ground.expect_nothing("afterwards", &mut findings);
    }
}

mod in_lab_smack {
    use super::{is_lab, with};
    use crate::support::{Findings, Ground, finish};
    use std::process::Command;

    /// The specification has no word for SMACK: a container keeps its caller's label, and others' labels are errors.
    #[test]
    fn a_container_keeps_the_smack_label_of_its_caller() {
        if !is_lab("labels::in_lab_smack::a_container_keeps_the_smack_label") {
            return;
        }
        let ground = Ground::new("smack");
        let mut findings = Findings::default();
        let script = "cat /proc/self/attr/current";
        let bundle = ground.bundle(&with("", script));
        let line = "echo Acme >/proc/self/attr/current && exec \"$@\"";
        let program = ground.program();
        let states = ground.text("states");
        let mut command = Command::new("sh");
        command.args(["-c", line, "sh"]).arg(&program);
        command.args(["--root", &states, "run", "--bundle", &bundle, "c"]);
        let ended = finish(command.current_dir(ground.path("")));
        findings.same(
            format!("{ended:?}"),
            ended.out.trim_end_matches(['\n', '\0']),
            "Acme",
        );
        for (property, name) in [
            (r#""apparmorProfile":"x""#, "process.apparmorProfile"),
            (r#""selinuxLabel":"u:r:t:s0""#, "process.selinuxLabel"),
        ] {
            let ended = ground.run(&with(property, script));
            findings.same(
                format!("{ended:?}"),
                (ended.code, ended.out.as_str()),
                (1, ""),
            );
            findings.contains("which", &ended.err, name);
        }
        ground.expect_nothing("afterwards", &mut findings);
    }
}

#[test]
fn a_label_of_a_module_that_the_kernel_lacks_is_refused() {
    const TEST: &str = "labels::a_label_of_a_module_that_the_kernel_lacks";
    let modules = std::fs::read_to_string("/sys/kernel/security/lsm").unwrap_or_default();
    if !crate::support::is_root() || modules.contains("apparmor") || modules.contains("selinux") {
        skip(
            TEST,
            "needs root, and a kernel without AppArmor and SELinux",
        );
        return;
    }
    let ground = Ground::new("labels");
    let mut findings = Findings::default();
    for (property, name) in [
        (r#""apparmorProfile":"x""#, "process.apparmorProfile"),
        (r#""selinuxLabel":"u:r:t:s0""#, "process.selinuxLabel"),
    ] {
        let ended = ground.run(&with(property, "echo ran"));
        findings.same(
            format!("{ended:?}"),
            (ended.code, ended.out.as_str()),
            (1, ""),
        );
        findings.contains("which", &ended.err, name);
    }
    ground.expect_nothing("afterwards", &mut findings);
}
