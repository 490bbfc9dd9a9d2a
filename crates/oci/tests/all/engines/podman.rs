//! Podman and its conmon, with the configuration that docs/install.md gives.

use super::{Case, Enclosure, able, eventually, go_through, image, run, snippet};
use crate::support::{Ended, Findings, Pty, finish_within};
use std::fs;
use std::process::Command;

const TEST: &str = "engines::podman::containers_live_as_podman_has_them";

/// Where Podman runs; it has no daemon. The image is `bb`.
struct Podman {
    host: Enclosure,
}

impl Podman {
    fn start() -> Self {
        // Podman wants to raise its containers' limits above what root of this machine may have.
        let limits =
            "\n[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=4096:4096\"]\n";
        let config = snippet("## Podman") + limits;
        // An empty place for the CNI plug-ins' leases, and a first process that collects what conmon leaves.
        let script = "mkdir -p /var/lib/cni && mount -t tmpfs tmpfs /var/lib/cni && touch $DIR/ready; while :; do sleep 1000 & wait; done";
        let mut host = Enclosure::start("pm", &[("containers.conf", config)], script);
        host.wait_for(&["test", "-e", &host.text("ready")]);
        let podman = Self { host };
        let archive = image::archive(&podman.host.path("."));
        let imported = podman.run(&["import", &archive, "bb"]);
        assert_eq!(imported.code, 0, "{imported:?}");
        podman
    }

    fn command(&self, words: &[&str]) -> Command {
        let of = |name: &str| self.host.text(name);
        let places = [
            "--root",
            &of("r"),
            "--runroot",
            &of("e"),
            "--tmpdir",
            &of("t"),
            "--volumepath",
            &of("v"),
            "--storage-driver",
            "overlay",
            "--cgroup-manager",
            "cgroupfs",
            "--events-backend",
            "file",
        ]
        .map(str::to_owned);
        let mut all = vec!["podman"];
        all.extend(places.iter().map(String::as_str));
        all.extend(words);
        let mut command = self.host.command(&all);
        command.env("CONTAINERS_CONF", of("containers.conf"));
        command
    }

    fn run(&self, words: &[&str]) -> Ended {
        run(self.command(words))
    }

    fn started<'w>(&'w self, first: &[&'w str], flags: &[&'w str], program: &[&'w str]) -> Ended {
        let mut words = vec!["run"];
        words.extend(first);
        let parent = format!("/{}", self.host.group());
        words.extend(["--cgroup-parent", &parent]);
        if !flags.contains(&"--network") {
            words.extend(["--network", "none"]);
        }
        words.extend(flags);
        words.push("bb");
        words.extend(program);
        self.run(&words)
    }

    fn sh(&self, flags: &[&str], script: &str) -> Ended {
        self.started(&["--rm"], flags, &["sh", "-c", script])
    }

    fn background(&self, name: &'static str, flags: &[&str], script: &str) -> Background<'_> {
        let started = self.started(&["-d", "--name", name], flags, &["sh", "-c", script]);
        assert_eq!(started.code, 0, "{started:?}");
        let id = started.out.trim().to_owned();
        Background {
            podman: self,
            name,
            id,
        }
    }
}

struct Background<'p> {
    podman: &'p Podman,
    name: &'static str,
    id: String,
}

impl Background<'_> {
    fn inspect(&self, what: &str) -> String {
        let format = format!("{{{{{what}}}}}");
        let ended = self.podman.run(&["inspect", "-f", &format, self.name]);
        ended.out.trim().to_owned()
    }

    fn logs(&self) -> String {
        self.podman.run(&["logs", self.name]).out
    }

    fn limit(&self, names: &[&str]) -> String {
        self.podman
            .host
            .of_group(&self.id, names)
            .unwrap_or_default()
    }
}

impl Drop for Background<'_> {
    fn drop(&mut self) {
        let removed = self.podman.run(&["rm", "-f", "-t", "0", self.name]);
        if !std::thread::panicking() {
            assert_eq!(removed.code, 0, "{removed:?}");
        }
    }
}

#[test]
fn containers_live_as_podman_has_them() {
    if !able(TEST, &["podman", "conmon", "busybox", "nsenter"]) {
        return;
    }
    let podman = Podman::start();
    let mut findings = Findings::default();
    go_through(&podman, CASES, &mut findings);
    let left = podman.run(&["ps", "-aq"]);
    findings.same("containers that are left", left.out.trim(), "");
    drop(podman);
}

const CASES: &[Case<Podman>] = &[
    Case("run", plain_run),
    Case("exec", exec),
    Case("terminal", terminal),
    Case("life", life),
    Case("limits", limits),
    Case("confinement", confinement),
    Case("files", files),
    Case("namespaces", namespaces),
    Case("network", network),
];

fn plain_run(podman: &Podman, findings: &mut Findings) {
    let ended = podman.run(&["info", "--format", "{{.Host.OCIRuntime.Name}}"]);
    findings.same(
        format!("the runtime: {ended:?}"),
        ended.out.trim(),
        "casemate",
    );
    let ended = podman.sh(
        &["-e", "A=b c", "-w", "/tmp", "-h", "fort"],
        "echo \"$A\" $(pwd) $(hostname) $$; echo wrong >&2; exit 7",
    );
    findings.same(
        format!("run: {ended:?}"),
        (ended.code, ended.out.as_str()),
        (7, "b c /tmp fort 1\n"),
    );
    findings.same("its standard error", ended.err.as_str(), "wrong\n");
    for (program, code) in [("nosuch", 127), ("/etc/passwd", 126)] {
        let ended = podman.started(&["--rm"], &[], &[program]);
        findings.same(format!("{program}: {}", ended.err), ended.code, code);
        findings.contains("its message", &ended.err, program);
    }
    for turn in 0..10 {
        let ended = podman.started(&["--rm"], &[], &["true"]);
        findings.same(format!("fast end {turn}: {}", ended.err), ended.code, 0);
    }
}

fn exec(podman: &Podman, findings: &mut Findings) {
    let running = podman.background("exec", &["--user", "1000"], "exec sleep 600");
    let ended = podman.run(&[
        "exec",
        "-e",
        "A=b",
        "-w",
        "/tmp",
        "-u",
        "1:1",
        "exec",
        "sh",
        "-c",
        "echo $A $(pwd) $(id -u):$(id -g); exit 3",
    ]);
    findings.same(
        format!("exec: {ended:?}"),
        (ended.code, ended.out.as_str()),
        (3, "b /tmp 1:1\n"),
    );
    let ended = podman.run(&["exec", "exec", "id", "-u"]);
    findings.same("the user that was asked for", ended.out.as_str(), "1000\n");
    for (program, code) in [("nosuch", 127), ("/etc/passwd", 126)] {
        let ended = podman.run(&["exec", "exec", program]);
        findings.same(format!("exec {program}: {}", ended.err), ended.code, code);
    }
    let ended = podman.run(&[
        "exec",
        "-d",
        "exec",
        "sh",
        "-c",
        "echo x >/tmp/made; exec sleep 601",
    ]);
    findings.same(format!("exec -d: {ended:?}"), ended.code, 0);
    findings.same(
        "what it made",
        eventually(|| podman.run(&["exec", "exec", "cat", "/tmp/made"]).out == "x\n"),
        true,
    );
    let ended = podman.run(&[
        "exec",
        "--privileged",
        "exec",
        "grep",
        "CapBnd",
        "/proc/self/status",
    ]);
    findings.same(format!("exec --privileged: {ended:?}"), ended.code, 0);
    drop(running);
}

fn terminal(podman: &Podman, findings: &mut Findings) {
    let mut pty = Pty::new();
    let parent = format!("/{}", podman.host.group());
    let words = [
        "run",
        "--rm",
        "-it",
        "--network",
        "none",
        "--cgroup-parent",
        &parent,
        "bb",
        "sh",
    ];
    let session = pty.spawn(&podman.command(&words), [true; 3]);
    pty.expect("# ");
    pty.resize(100, 30);
    pty.write("while [ \"$(stty size)\" != '30 100' ]; do sleep 0.1; done; tty; echo is$((1+1))\n");
    let shown = pty.expect("is2");
    findings.contains("the terminal", &shown, "/dev/pts/0");
    pty.write("exit 4\n");
    pty.rest();
    findings.same("the code", session.code(), 4);

    let _running = podman.background("terminal", &[], "exec sleep 600");
    let mut pty = Pty::new();
    let session = pty.spawn(
        &podman.command(&["exec", "-it", "terminal", "sh"]),
        [true; 3],
    );
    pty.expect("# ");
    pty.write("[ -t 0 ] && echo a-\"\"terminal; exit 5\n");
    let rest = pty.rest();
    findings.contains("exec -it", &rest, "a-terminal");
    findings.same("the code of exec -it", session.code(), 5);
}

fn life(podman: &Podman, findings: &mut Findings) {
    let script = "trap 'echo term; exit 9' TERM; echo ready; while :; do sleep 0.05; done";
    let running = podman.background("life", &["--memory", "64m"], script);
    findings.same("ready", eventually(|| running.logs() == "ready\n"), true);
    for (verb, state) in [("pause", "paused"), ("unpause", "running")] {
        let ended = podman.run(&[verb, "life"]);
        findings.same(format!("{verb}: {ended:?}"), ended.code, 0);
        findings.same(verb, running.inspect(".State.Status").as_str(), state);
    }
    let ended = podman.run(&["top", "life", "pid", "args"]);
    findings.contains(format!("top: {ended:?}"), &ended.out, "sh -c");
    let ended = podman.run(&[
        "stats",
        "--no-stream",
        "--format",
        "{{.MemUsage}} {{.PIDs}}",
        "life",
    ]);
    findings.contains(format!("stats: {ended:?}"), &ended.out, "67.11MB");
    let ended = podman.run(&["stop", "life"]);
    findings.same(format!("stop: {ended:?}"), ended.code, 0);
    findings.same("the code", running.inspect(".State.ExitCode").as_str(), "9");
    let ended = podman.run(&["kill", "life"]);
    findings.same("kill of a stopped one", ended.code != 0, true);
    let ended = podman.run(&["restart", "-t", "1", "life"]);
    findings.same(format!("restart: {ended:?}"), ended.code, 0);
    findings.same(
        "started twice",
        eventually(|| running.logs() == "ready\nterm\nready\n"),
        true,
    );
}

fn limits(podman: &Podman, findings: &mut Findings) {
    let flags = [
        "--memory",
        "64m",
        "--pids-limit",
        "30",
        "--cpus",
        "0.5",
        "--cpuset-cpus",
        "0",
    ];
    let running = podman.background("limits", &flags, "exec sleep 600");
    findings.same(
        "memory",
        running
            .limit(&["memory.limit_in_bytes", "memory.max"])
            .as_str(),
        "67108864",
    );
    findings.same("pids", running.limit(&["pids.max"]).as_str(), "30");
    findings.contains(
        "quota",
        &running.limit(&["cpu.cfs_quota_us", "cpu.max"]),
        "50000",
    );
    findings.same("cpus", running.limit(&["cpuset.cpus"]).as_str(), "0");
    let ended = podman.run(&["update", "--memory", "96m", "--cpus", "0.25", "limits"]);
    findings.same(format!("update: {ended:?}"), ended.code, 0);
    findings.same(
        "memory, updated",
        running
            .limit(&["memory.limit_in_bytes", "memory.max"])
            .as_str(),
        "100663296",
    );
    findings.contains(
        "quota, updated",
        &running.limit(&["cpu.cfs_quota_us", "cpu.max"]),
        "25000",
    );
    drop(running);
    let ended = podman.sh(
        &["--pids-limit", "4"],
        "for i in 1 2 3 4 5 6; do sleep 1 & done; wait",
    );
    findings.contains(
        format!("fork beyond the limit: {}", ended.code),
        &ended.err,
        "fork",
    );
    let ended = podman.sh(
        &["--memory", "16m", "--memory-swap", "16m"],
        "x=0123456789abcdef; while :; do x=$x$x; done",
    );
    findings.same(format!("out of memory: {ended:?}"), ended.code, 137);
}

fn confinement(podman: &Podman, findings: &mut Findings) {
    const STATUS: &str = "grep -E 'Cap|NoNewPrivs|Seccomp:' /proc/self/status";
    let ended = podman.sh(&[], STATUS);
    for line in [
        "CapInh:\t0000000000000000",
        "CapEff:\t00000000a80425fb",
        "Seccomp:\t2",
    ] {
        findings.contains(format!("{ended:?}"), &ended.out, line);
    }
    let ended = podman.sh(
        &[
            "--cap-drop",
            "ALL",
            "--cap-add",
            "CHOWN",
            "--security-opt",
            "no-new-privileges",
        ],
        STATUS,
    );
    findings.contains("--cap-drop", &ended.out, "CapBnd:\t0000000000000001");
    findings.contains("no_new_privs", &ended.out, "NoNewPrivs:\t1");
    let profile = podman.host.file("no-mkdir.json", image::NO_MKDIR);
    let ended = podman.sh(
        &["--security-opt", &format!("seccomp={profile}")],
        "mkdir /tmp/d",
    );
    findings.contains(
        "a profile of one's own",
        &ended.err,
        "Function not implemented",
    );
    let ended = podman.sh(&["--user", "ann"], "id -u; id -G");
    findings.same(
        format!("a user by name: {ended:?}"),
        ended.out.as_str(),
        "1000\n1000 1234\n",
    );
    let ended = podman.sh(
        &["--ulimit", "nofile=100:200", "--ulimit", "nproc=4096:4096"],
        "ulimit -n; ulimit -Hn",
    );
    findings.same(
        format!("limits: {ended:?}"),
        ended.out.as_str(),
        "100\n200\n",
    );
    // Podman asks for what root has here, so this works where Docker's --privileged does not.
    let ended = podman.sh(
        &["--privileged"],
        "mkdir -p /m; mount -t tmpfs x /m && echo mounted",
    );
    findings.same(
        format!("--privileged: {ended:?}"),
        ended.out.as_str(),
        "mounted\n",
    );
}

fn files(podman: &Podman, findings: &mut Findings) {
    let ended = podman.sh(
        &["--read-only", "--tmpfs", "/scratch:size=1m"],
        "touch /x; touch /scratch/y && grep ' /scratch ' /proc/mounts",
    );
    findings.contains(
        format!("read-only: {ended:?}"),
        &ended.err,
        "Read-only file system",
    );
    findings.contains("tmpfs", &ended.out, "size=1024k");
    let shared = podman.host.path("shared");
    fs::create_dir(&shared).unwrap();
    fs::write(shared.join("file"), "seen\n").unwrap();
    let volume = format!("{}:/shared", shared.display());
    let ended = podman.sh(&["-v", &volume], "cat /shared/file; echo x >/shared/made");
    findings.same(format!("a volume: {ended:?}"), ended.out.as_str(), "seen\n");
    findings.same("written through it", shared.join("made").exists(), true);
    let ended = podman.sh(
        &["-v", &format!("{volume}:ro")],
        "cat /shared/file; touch /shared/x",
    );
    findings.contains(
        format!("a read-only volume: {ended:?}"),
        &ended.err,
        "Read-only file system",
    );
}

fn namespaces(podman: &Podman, findings: &mut Findings) {
    let ended = podman.sh(&["--init"], "cat /proc/1/comm");
    findings.same(
        format!("--init: {ended:?}"),
        ended.out.as_str(),
        "podman-init\n",
    );
    let ended = podman.sh(
        &["--cgroupns", "private"],
        "cut -d: -f3 /proc/self/cgroup | sort -u",
    );
    findings.same(
        format!("--cgroupns private: {ended:?}"),
        ended.out.as_str(),
        "/\n",
    );
    let maps = ["--uidmap", "0:100000:1000", "--gidmap", "0:200000:1000"];
    let ended = podman.sh(&maps, "cat /proc/self/uid_map; id -u");
    let found: Vec<&str> = ended.out.split_whitespace().collect();
    findings.same(
        format!("--uidmap: {ended:?}"),
        found,
        vec!["0", "100000", "1000", "0"],
    );
    let _running = podman.background("other", &[], "exec sleep 600");
    let ended = podman.sh(
        &["--pid", "container:other"],
        "ps -o args | grep -c '^sleep 600'",
    );
    findings.same(
        format!("--pid container: {ended:?}"),
        ended.out.as_str(),
        "1\n",
    );
}

fn network(podman: &Podman, findings: &mut Findings) {
    let ended = podman.started(&["--rm"], &["--network", "host"], &["ls", "/sys/class/net"]);
    findings.contains(format!("--network host: {ended:?}"), &ended.out, "lo");
    let script = "mkdir /tmp/w; echo served >/tmp/w/page; exec httpd -f -p 80 -h /tmp/w";
    let flags = ["--network", "podman", "-p", "8080:80"];
    let web = podman.started(&["-d", "--name", "web"], &flags, &["sh", "-c", script]);
    if web.code != 0 && web.err.contains("plugin") {
        // containernetworking-plugins, a recommendation of Debian's podman.
        println!("    a port: {}", web.err.trim());
        podman.run(&["rm", "-f", "web"]);
        return;
    }
    findings.same(format!("a port: {web:?}"), web.code, 0);
    let reached = eventually(|| {
        let get = [
            "busybox",
            "wget",
            "-q",
            "-O",
            "-",
            "http://127.0.0.1:8080/page",
        ];
        finish_within(&mut podman.host.command(&get), super::PATIENCE).out == "served\n"
    });
    findings.same("the port is reached", reached, true);
    podman.run(&["rm", "-f", "-t", "0", "web"]);
}
