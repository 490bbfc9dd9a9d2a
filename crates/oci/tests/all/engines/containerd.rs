//! containerd: its daemon with the configuration that docs/install.md gives, its shim, and `ctr`.

use super::{Case, Enclosure, able, eventually, go_through, image, is_ours, run, runtime, snippet};
use crate::support::{Ended, Findings, Pty};
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

const TEST: &str = "engines::containerd::tasks_live_as_ctr_has_them";
const IMAGE: &str = "docker.io/library/bb:1";

/// A running daemon, with an image.
struct Containerd {
    host: Enclosure,
    started: AtomicU32,
}

impl Containerd {
    fn start() -> Self {
        let snippet = snippet("## containerd 1.6 and 1.7");
        let (version, cri) = snippet.split_once("\n\n").unwrap();
        let config = format!(
            "{version}\nroot = \"DIR/r\"\nstate = \"DIR/e\"\n\n[grpc]\n  address = \"DIR/s\"\n\n{cri}"
        );
        let script =
            "sed -i \"s|DIR|$DIR|\" $DIR/config.toml; containerd -c $DIR/config.toml & wait";
        let mut host = Enclosure::start("ct", &[("config.toml", config)], script);
        host.wait_for(&["ctr", "-a", &host.text("s"), "version"]);
        let archive = image::docker_archive(&host.path("."), "bb:1");
        let containerd = Self {
            host,
            started: AtomicU32::new(0),
        };
        let imported = containerd.ctr(&["image", "import", &archive]);
        assert_eq!(imported.code, 0, "{imported:?}");
        containerd
    }

    fn command(&self, words: &[&str]) -> Command {
        let socket = self.host.text("s");
        let mut all = vec!["ctr", "-a", &socket];
        all.extend(words);
        self.host.command(&all)
    }

    fn ctr(&self, words: &[&str]) -> Ended {
        run(self.command(words))
    }

    /// The words of `ctr run` with flags, up to the container's name.
    fn words(&self, name: &str, flags: &[&str]) -> Vec<String> {
        let group = format!("/{}/{name}", self.host.group());
        let runtime = runtime();
        let mut words = vec![
            "run",
            "--runc-binary",
            runtime.to_str().unwrap(),
            "--cgroup",
            &group,
        ];
        words.extend(flags);
        words.extend([IMAGE, name]);
        words.into_iter().map(str::to_owned).collect()
    }

    /// Runs a shell's script to its end.
    fn sh(&self, flags: &[&str], script: &str) -> Ended {
        self.run(flags, &["sh", "-c", script])
    }

    fn run(&self, flags: &[&str], program: &[&str]) -> Ended {
        let name = format!("c{}", self.started.fetch_add(1, Ordering::Relaxed));
        let mut all = vec!["--rm"];
        all.extend(flags);
        let words = self.words(&name, &all);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.extend(program);
        self.ctr(&words)
    }

    /// Starts a container that is ended with the guard.
    fn background(&self, name: &'static str, flags: &[&str], script: &str) -> Background<'_> {
        let mut all = vec!["-d", "--null-io"];
        all.extend(flags);
        let words = self.words(name, &all);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.extend(["sh", "-c", script]);
        let started = self.ctr(&words);
        assert_eq!(started.code, 0, "{started:?}");
        Background {
            containerd: self,
            name,
        }
    }
}

struct Background<'c> {
    containerd: &'c Containerd,
    name: &'static str,
}

impl Background<'_> {
    fn state(&self) -> String {
        let listed = self.containerd.ctr(&["task", "ls"]).out;
        let line = listed.lines().find(|line| line.starts_with(self.name));
        let state = line.and_then(|line| line.split_whitespace().nth(2));
        state.unwrap_or("absent").to_owned()
    }
}

impl Drop for Background<'_> {
    fn drop(&mut self) {
        let killed = self.containerd.ctr(&["task", "rm", "-f", self.name]);
        let removed = self.containerd.ctr(&["container", "rm", self.name]);
        if !std::thread::panicking() {
            assert_eq!(
                (killed.code, removed.code),
                (0, 0),
                "{killed:?} {removed:?}"
            );
        }
    }
}

#[test]
fn tasks_live_as_ctr_has_them() {
    if !able(TEST, &["containerd", "ctr", "busybox", "nsenter"]) {
        return;
    }
    let containerd = Containerd::start();
    let mut findings = Findings::default();
    go_through(&containerd, CASES, &mut findings);
    let left = containerd.ctr(&["container", "ls", "-q"]);
    findings.same("containers that are left", left.out.trim(), "");
    drop(containerd);
}

const CASES: &[Case<Containerd>] = &[
    Case("configuration", configuration),
    Case("run", plain_run),
    Case("exec", exec),
    Case("terminal", terminal),
    Case("life", life),
    Case("limits", limits),
    Case("confinement", confinement),
    Case("user namespace", user_namespace),
];

/// The block for the plug-in that Kubernetes uses is what containerd has understood.
fn configuration(containerd: &Containerd, findings: &mut Findings) {
    let plugins = containerd.ctr(&["plugins", "ls"]);
    let cri = plugins
        .out
        .lines()
        .find(|line| line.contains("io.containerd.grpc.v1") && line.contains(" cri "));
    findings.same(
        format!("the plug-in: {cri:?}"),
        cri.is_some_and(|line| line.trim_end().ends_with("ok")),
        true,
    );
    let dump = run(containerd.host.command(&[
        "containerd",
        "-c",
        &containerd.host.text("config.toml"),
        "config",
        "dump",
    ]));
    findings.contains(
        "the configuration",
        &dump.out,
        &format!("BinaryName = \"{}\"", runtime().display()),
    );
    findings.contains(
        "the configuration",
        &dump.out,
        "default_runtime_name = \"casemate\"",
    );
}

fn plain_run(containerd: &Containerd, findings: &mut Findings) {
    let ended = containerd.sh(
        &["--env", "A=b c", "--cwd", "/tmp"],
        "echo \"$A\" $(pwd) $$; echo wrong >&2; exit 7",
    );
    findings.same(
        format!("run: {ended:?}"),
        (ended.code, ended.out.as_str()),
        (7, "b c /tmp 1\n"),
    );
    findings.contains("its standard error", &ended.err, "wrong\n");
    for program in ["nosuch", "/etc/passwd"] {
        let ended = containerd.run(&[], &[program]);
        findings.same(format!("{program}: {ended:?}"), ended.code != 0, true);
        findings.contains("its message", &ended.err, program);
    }
    for turn in 0..20 {
        let ended = containerd.run(&[], &["true"]);
        findings.same(format!("fast end {turn}: {ended:?}"), ended.code, 0);
    }
}

fn exec(containerd: &Containerd, findings: &mut Findings) {
    let running = containerd.background("exec", &[], "exec sleep 600");
    let ended = containerd.ctr(&[
        "task",
        "exec",
        "--exec-id",
        "e1",
        "--cwd",
        "/tmp",
        "--user",
        "1:1",
        "exec",
        "sh",
        "-c",
        "echo $(pwd) $(id -u):$(id -g) $(cat /proc/1/comm); exit 3",
    ]);
    findings.same(
        format!("exec: {ended:?}"),
        (ended.code, ended.out.as_str()),
        (3, "/tmp 1:1 sleep\n"),
    );
    let ended = containerd.ctr(&["task", "exec", "--exec-id", "e2", "exec", "nosuch"]);
    findings.same("exec of nothing", ended.code != 0, true);
    findings.contains("its message", &ended.err, "nosuch");
    let ended = containerd.ctr(&[
        "task",
        "exec",
        "--detach",
        "--exec-id",
        "e3",
        "exec",
        "sh",
        "-c",
        "echo x >/made; exec sleep 601",
    ]);
    findings.same(format!("exec --detach: {ended:?}"), ended.code, 0);
    let listed = || containerd.ctr(&["task", "ps", "exec"]).out.lines().count() == 3;
    findings.same("both processes", eventually(listed), true);
    findings.same("still there", running.state().as_str(), "RUNNING");
}

fn terminal(containerd: &Containerd, findings: &mut Findings) {
    let words = containerd.words("terminal", &["--rm", "-t"]);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.push("sh");
    let mut pty = Pty::new();
    let session = pty.spawn(&containerd.command(&words), [true; 3]);
    pty.expect("# ");
    pty.write("tty; echo is$((1+1)); exit 4\n");
    let shown = pty.expect("is2");
    findings.contains("the terminal", &shown, "/dev/pts/0");
    pty.rest();
    findings.same("the code", session.code(), 4);

    let _running = containerd.background("terminal2", &[], "exec sleep 600");
    let mut pty = Pty::new();
    let words = ["task", "exec", "-t", "--exec-id", "t", "terminal2", "sh"];
    let session = pty.spawn(&containerd.command(&words), [true; 3]);
    pty.expect("# ");
    pty.write("[ -t 0 ] && echo a-\"\"terminal; exit 5\n");
    let rest = pty.rest();
    findings.contains("exec -t", &rest, "a-terminal");
    findings.same("the code of exec -t", session.code(), 5);
}

fn life(containerd: &Containerd, findings: &mut Findings) {
    let running = containerd.background(
        "life",
        &["--memory-limit", "67108864"],
        "trap 'exit 0' TERM; while :; do sleep 0.05; done",
    );
    let ended = containerd.ctr(&["task", "pause", "life"]);
    findings.same(format!("pause: {ended:?}"), ended.code, 0);
    findings.same("its state", running.state().as_str(), "PAUSED");
    let ended = containerd.ctr(&["task", "resume", "life"]);
    findings.same(format!("resume: {ended:?}"), ended.code, 0);
    findings.same("its state", running.state().as_str(), "RUNNING");
    let ended = containerd.ctr(&["task", "metrics", "life"]);
    findings.contains(format!("metrics: {ended:?}"), &ended.out, "67108864");
    let ended = containerd.ctr(&["task", "kill", "life"]);
    findings.same(format!("kill: {ended:?}"), ended.code, 0);
    findings.same("ended", eventually(|| running.state() == "STOPPED"), true);
    let ended = containerd.ctr(&["task", "kill", "life"]);
    findings.same("kill of a stopped one", ended.code != 0, true);
    findings.same(
        format!("its message: {}", ended.err),
        ended.err.contains("not found") || ended.err.contains("already finished"),
        true,
    );
}

fn limits(containerd: &Containerd, findings: &mut Findings) {
    let flags = [
        "--memory-limit",
        "33554432",
        "--cpus",
        "0.5",
        "--cpu-shares",
        "512",
    ];
    let _running = containerd.background("limits", &flags, "exec sleep 600");
    let of = |names: &[&str]| {
        containerd
            .host
            .of_group("limits", names)
            .unwrap_or_default()
    };
    findings.same(
        "memory",
        of(&["memory.limit_in_bytes", "memory.max"]).as_str(),
        "33554432",
    );
    findings.contains("quota", &of(&["cpu.cfs_quota_us", "cpu.max"]), "50000");
    let ended = containerd.sh(
        &["--memory-limit", "16777216"],
        "x=0123456789abcdef; while :; do x=$x$x; done",
    );
    findings.same(format!("out of memory: {ended:?}"), ended.code, 137);
}

fn confinement(containerd: &Containerd, findings: &mut Findings) {
    const STATUS: &str = "grep -E 'CapBnd|CapInh|NoNewPrivs|Seccomp:' /proc/self/status";
    let ended = containerd.sh(&["--seccomp", "--cap-drop", "CAP_CHOWN"], STATUS);
    for line in [
        "CapInh:\t0000000000000000",
        "CapBnd:\t00000000a80425fa",
        "NoNewPrivs:\t1",
        "Seccomp:\t2",
    ] {
        findings.contains(format!("{ended:?}"), &ended.out, line);
    }
    let profile = containerd.host.file("no-mkdir.json", image::NO_MKDIR);
    let ended = containerd.sh(&["--seccomp", "--seccomp-profile", &profile], "mkdir /d");
    findings.contains(
        "a profile of one's own",
        &ended.err,
        "Function not implemented",
    );
    let ended = containerd.sh(&["--read-only"], "touch /x");
    findings.contains("read-only", &ended.err, "Read-only file system");
    let shared = containerd.host.path("shared");
    fs::create_dir(&shared).unwrap();
    fs::write(shared.join("file"), "seen\n").unwrap();
    let mount = format!("type=bind,src={},dst=/d,options=rbind:ro", shared.display());
    let ended = containerd.sh(&["--mount", &mount], "cat /d/file; touch /d/x");
    findings.same("a mount", ended.out.as_str(), "seen\n");
    findings.contains("a mount", &ended.err, "Read-only file system");
    let ended = containerd.sh(
        &["--mount", "type=tmpfs,dst=/t,options=size=64k"],
        "grep ' /t ' /proc/mounts",
    );
    findings.contains(format!("tmpfs: {ended:?}"), &ended.out, "size=64k");
    let ended = containerd.sh(&["--net-host"], "ls /sys/class/net");
    findings.contains(format!("the host's network: {ended:?}"), &ended.out, "lo");
    let ended = containerd.sh(
        &["--privileged", "--device", "/dev/fuse"],
        "mkdir /m; mount -t tmpfs x /m && echo mounted; [ -c /dev/fuse ] && echo fuse",
    );
    findings.same(
        format!("--privileged: {ended:?}"),
        ended.out.as_str(),
        "mounted\nfuse\n",
    );
    if is_ours() {
        let ended = containerd.sh(&["--rdt-class", "nosuch"], "true");
        findings.same(
            "a class of Intel RDT that is not there",
            ended.code != 0,
            true,
        );
    }
}

fn user_namespace(containerd: &Containerd, findings: &mut Findings) {
    let ended = containerd.sh(
        &["--uidmap", "0:100000:65536", "--gidmap", "0:200000:65536"],
        "cat /proc/self/uid_map /proc/self/gid_map; id -u; ls -nd /bin/busybox",
    );
    let maps: Vec<&str> = ended.out.split_whitespace().take(7).collect();
    findings.same(
        format!("maps: {ended:?}"),
        maps,
        vec!["0", "100000", "65536", "0", "200000", "65536", "0"],
    );
}
