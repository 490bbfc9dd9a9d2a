//! Docker: its daemon with the configuration that docs/install.md gives, and its command line.

mod confinement;
mod life;

use super::{Case, Enclosure, able, go_through, image, run, snippet};
use crate::support::{Ended, Findings};
use std::process::Command;

const TEST: &str = "engines::docker::containers_live_as_docker_has_it";

/// A running daemon, with the image `bb`.
struct Docker {
    host: Enclosure,
}

impl Docker {
    fn start() -> Self {
        // dash waits for whatever is its child, also for shims that have lost their parent.
        let mut host = Enclosure::start(
            "dk",
            &[("daemon.json", snippet("## Docker"))],
            "dockerd --config-file $DIR/daemon.json --data-root $DIR/r --exec-root $DIR/e -p $DIR/pid -H unix://$DIR/s \
             --storage-driver overlay2 --cgroup-parent /$(basename $DIR) & wait",
        );
        host.wait_for(&[
            "docker",
            "-H",
            &format!("unix://{}", host.text("s")),
            "version",
        ]);
        let docker = Self { host };
        let archive = image::archive(&docker.host.path("."));
        let imported = docker.run(&["import", &archive, "bb"]);
        assert_eq!(imported.code, 0, "{imported:?}");
        docker
    }

    fn command(&self, words: &[&str]) -> Command {
        let socket = format!("unix://{}", self.host.text("s"));
        let mut all = vec!["docker", "-H", &socket];
        all.extend(words);
        self.host.command(&all)
    }

    fn run(&self, words: &[&str]) -> Ended {
        run(self.command(words))
    }

    /// `docker run --rm` of a shell's script, with flags.
    fn sh(&self, flags: &[&str], script: &str) -> Ended {
        let mut words = vec!["run", "--rm", "--network", "none"];
        words.extend(flags);
        words.extend(["bb", "sh", "-c", script]);
        self.run(&words)
    }

    /// Starts a container in the background, which is removed again when the guard goes.
    fn background<'d>(
        &'d self,
        name: &'static str,
        flags: &[&str],
        script: &str,
    ) -> Background<'d> {
        let mut words = vec!["run", "-d", "--name", name, "--network", "none"];
        words.extend(flags);
        words.extend(["bb", "sh", "-c", script]);
        let started = self.run(&words);
        Background {
            docker: self,
            name,
            id: started.out.trim().to_owned(),
            started,
        }
    }
}

struct Background<'d> {
    docker: &'d Docker,
    name: &'static str,
    id: String,
    started: Ended,
}

impl Background<'_> {
    fn inspect(&self, what: &str) -> String {
        let format = format!("{{{{{what}}}}}");
        let ended = self.docker.run(&["inspect", "-f", &format, self.name]);
        ended.out.trim().to_owned()
    }

    fn logs(&self) -> String {
        self.docker.run(&["logs", self.name]).out
    }

    /// A value that the kernel has for the container's group.
    fn limit(&self, names: &[&str]) -> String {
        let value = self.docker.host.of_group(&self.id, names);
        value.unwrap_or_else(|| "none".to_owned())
    }
}

impl Drop for Background<'_> {
    fn drop(&mut self) {
        let removed = self.docker.run(&["rm", "-f", self.name]);
        if !std::thread::panicking() {
            assert_eq!(removed.code, 0, "{removed:?}");
        }
    }
}

#[test]
fn containers_live_as_docker_has_it() {
    if !able(
        TEST,
        &["dockerd", "docker", "iptables", "busybox", "nsenter"],
    ) {
        return;
    }
    let docker = Docker::start();
    let mut findings = Findings::default();
    go_through(&docker, CASES, &mut findings);
    let left = docker.run(&["ps", "-aq"]);
    findings.same("containers that are left", left.out.trim(), "");
    // Each hierarchy keeps the engine's own group.
    let groups = docker.host.groups();
    let of_containers = groups
        .iter()
        .filter(|path| !path.ends_with(docker.host.group()));
    findings.same("groups that are left", of_containers.count(), 0);
    drop(docker);
}

const CASES: &[Case<Docker>] = &[
    Case("run", life::plain_run),
    Case("failing programs", life::failing),
    Case("exec", life::exec),
    Case("terminal", life::terminal),
    Case("signals", life::signals),
    Case("pause", life::pause),
    Case("limits", confinement::limits),
    Case("watching", life::watching),
    Case("restart", life::restart),
    Case("files", confinement::files),
    Case("privileges", confinement::privileges),
    Case("namespaces", confinement::namespaces),
    Case("network", confinement::network),
    Case("fast ends", life::fast_ends),
    Case("privileged", confinement::privileged),
    Case("hardened", confinement::hardened),
];
