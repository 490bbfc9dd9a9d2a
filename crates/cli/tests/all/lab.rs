//! Launches under Debian's kernel: cgroups of version 2 alone, AppArmor, no Landlock.

mod in_lab {
    use crate::privileges::limits_together;
    use crate::skip;
    use crate::support::{Caller, Findings, Place, finish};
    use std::fs;

    /// What a launch needs where there is no Landlock.
    const WITHOUT_LANDLOCK: [&str; 2] = ["--best-effort", "mac"];

    fn is_lab(test: &str) -> bool {
        let is_lab = std::env::var_os("CASEMATE_LAB").is_some();
        if !is_lab {
            skip(test, "needs the lab's kernel");
        }
        is_lab
    }

    /// A layer that is promised and not to be had is an error, and one that may lack is reported.
    #[test]
    fn no_landlock() {
        if !is_lab("lab::in_lab::no_landlock") {
            return;
        }
        let place = Place::new("no-landlock");
        for caller in Caller::all("lab::in_lab::no_landlock") {
            let mut findings = Findings::default();
            let ended = place.run(caller, &[], &["true"]);
            findings.same(format!("{caller:?}: {ended:?}"), ended.code, 125);
            for part in [
                "mac: Landlock cannot be enforced here",
                "this kernel has none",
                "--best-effort mac",
            ] {
                findings.contains(format!("{caller:?}"), &ended.err, part);
            }
            let directory = place.directory(&format!("reports-{caller:?}"));
            if caller == Caller::User {
                std::os::unix::fs::chown(&directory, Some(caller.id()), None).unwrap();
            }
            let file = directory.join("report").to_str().unwrap().to_owned();
            let flags = [&WITHOUT_LANDLOCK[..], &["--report", &file]].concat();
            let ended = place.sh(
                caller,
                &flags,
                "grep -E '^(Seccomp|NoNewPrivs|CapBnd):' /proc/self/status",
            );
            findings.same(format!("{caller:?}: {ended:?}"), ended.code, 0);
            findings.contains(
                format!("{caller:?}"),
                &ended.err,
                "not enforced: mac: Landlock",
            );
            // The other walls stand.
            let status = "CapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n";
            findings.same(format!("{caller:?}"), ended.out.as_str(), status);
            let report = fs::read_to_string(&file).unwrap();
            findings.contains(format!("{caller:?}: the report"), &report, "Landlock");
            // Quiet means quiet.
            let flags = [&WITHOUT_LANDLOCK[..], &["--quiet"]].concat();
            let ended = place.run(caller, &flags, &["true"]);
            findings.same(
                format!("{caller:?}"),
                (ended.code, ended.err.as_str()),
                (0, ""),
            );
        }
    }

    #[test]
    fn limits_of_root() {
        if is_lab("lab::in_lab::limits_of_root") {
            limits_together(
                &Place::new("lab-root"),
                &Caller::Root.wall(),
                &WITHOUT_LANDLOCK_QUIETLY,
            );
        }
    }

    const WITHOUT_LANDLOCK_QUIETLY: [&str; 3] = ["--best-effort", "mac", "--quiet"];

    /// A group with a leaf that the caller is in, as who delegates makes them. The script runs as root, before the caller.
    fn delegated(script: &str, caller: Caller) -> Vec<String> {
        let group = "/sys/fs/cgroup/casemate-lab";
        let id = caller.id();
        let script = format!(
            "echo '+cpu +memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
             mkdir -p {group}/leaf
             {script}
             for file in . cgroup.procs cgroup.subtree_control cgroup.threads leaf leaf/cgroup.procs; do chown {id} {group}/$file; done
             echo $$ >{group}/leaf/cgroup.procs
             exec \"$@\""
        );
        let shell = ["sh", "-ec", &script, "sh"];
        [&shell[..], &caller.wall()]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn limits_of_a_user_with_a_delegated_group() {
        if !is_lab("lab::in_lab::limits_of_a_user_with_a_delegated_group") {
            return;
        }
        let place = Place::new("lab-user");
        let wall = delegated("", Caller::User);
        let wall: Vec<&str> = wall.iter().map(String::as_str).collect();
        limits_together(&place, &wall, &WITHOUT_LANDLOCK_QUIETLY);
        // Without delegation there is none, and that is told.
        let ended = place.run(
            Caller::User,
            &["--best-effort", "mac", "--memory", "64M"],
            &["true"],
        );
        let mut findings = Findings::default();
        findings.same(format!("{ended:?}"), ended.code, 125);
        findings.contains(
            "what",
            &ended.err,
            "the limit of memory cannot be enforced here",
        );
        findings.contains("how to go on", &ended.err, "--best-effort resources");
    }

    /// A group that has processes cannot give controllers to its children. Where it is the topmost one that can be seen,
    /// as in a container, there is no place for a group of ours.
    #[test]
    fn no_internal_processes() {
        if !is_lab("lab::in_lab::no_internal_processes") {
            return;
        }
        let place = Place::new("lab-internal");
        let outer = "echo '+memory' >/sys/fs/cgroup/cgroup.subtree_control
            mkdir -p /sys/fs/cgroup/casemate-top
            echo $$ >/sys/fs/cgroup/casemate-top/cgroup.procs
            exec \"$@\"";
        let inner = "umount /sys/fs/cgroup
            mount -t cgroup2 none /sys/fs/cgroup";
        let leaf = "mkdir /sys/fs/cgroup/leaf
            echo 0 >/sys/fs/cgroup/leaf/cgroup.procs";
        let mut findings = Findings::default();
        for (more, code) in [("", 125), (leaf, 0)] {
            let inner = format!("{inner}\n{more}\nexec \"$@\"");
            let wall = [
                "sh", "-ec", outer, "sh", "unshare", "--cgroup", "--mount", "sh", "-ec", &inner,
                "sh",
            ];
            let flags = [&WITHOUT_LANDLOCK_QUIETLY[..], &["--memory", "64M"]].concat();
            let ended = finish(&mut place.behind(&wall, &flags, &["true"]));
            findings.same(format!("{more}: {ended:?}"), ended.code, code);
            if code != 0 {
                let why = "is the topmost group in sight and has processes";
                findings.contains("why", &ended.err, why);
            }
        }
    }

    /// AppArmor's own confinement of the caller goes on inside; a profile that is asked for is not silently left out.
    #[test]
    fn apparmor() {
        if !is_lab("lab::in_lab::apparmor") {
            return;
        }
        let place = Place::new("lab-apparmor");
        let mut findings = Findings::default();
        let profile = place.file(
            "profile",
            "profile casemate-test flags=(attach_disconnected,mediate_deleted) {\n  file, userns, capability, mount, umount, \
             pivot_root, network, signal, ptrace, unix,\n  deny /**/secret r,\n}\n",
        );
        let loaded = finish(
            std::process::Command::new("apparmor_parser")
                .arg("-r")
                .arg(&profile),
        );
        if loaded.code != 0 {
            // Versions before 4 do not know `userns`, and do not mediate it.
            let old = fs::read_to_string(&profile)
                .unwrap()
                .replace(" userns,", "");
            fs::write(&profile, old).unwrap();
            let loaded = finish(
                std::process::Command::new("apparmor_parser")
                    .arg("-r")
                    .arg(&profile),
            );
            assert_eq!(loaded.code, 0, "{loaded:?}");
        }
        place.file("desk/secret", "hunter2");
        for caller in Caller::all("lab::in_lab::apparmor") {
            let ended = place.sh(
                caller,
                &WITHOUT_LANDLOCK_QUIETLY,
                "cat /proc/self/attr/current secret",
            );
            findings.same(
                format!("{caller:?}: {ended:?}"),
                ended.out.as_str(),
                "unconfined\nhunter2",
            );
            let wall = [
                &["aa-exec", "-p", "casemate-test", "--"][..],
                &caller.wall(),
            ]
            .concat();
            let script = "cat /proc/self/attr/current; cat secret";
            let ended =
                finish(&mut place.behind(&wall, &WITHOUT_LANDLOCK_QUIETLY, &["sh", "-c", script]));
            findings.same(
                format!("{caller:?}: {ended:?}"),
                ended.out.as_str(),
                "casemate-test (enforce)\n",
            );
            let ended = place.run(caller, &["--apparmor", "casemate-test"], &["true"]);
            findings.same(format!("{caller:?}: {ended:?}"), ended.code, 125);
            findings.contains("which", &ended.err, "the AppArmor profile casemate-test");
        }
    }
}
