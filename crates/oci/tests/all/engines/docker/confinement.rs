//! What a container is kept from, and what it is given.

use super::Docker;
use crate::engines::{PATIENCE, eventually, image, is_ours};
use crate::support::{Ended, Findings, finish_within};
use std::fs;

const MEMORY: &[&str] = &["memory.limit_in_bytes", "memory.max"];
const PIDS: &[&str] = &["pids.max"];
const QUOTA: &[&str] = &["cpu.cfs_quota_us", "cpu.max"];
const SHARES: &[&str] = &["cpu.shares", "cpu.weight"];
const CPUS: &[&str] = &["cpuset.cpus"];

pub fn limits(docker: &Docker, findings: &mut Findings) {
    let flags = [
        "--memory",
        "64m",
        "--pids-limit",
        "30",
        "--cpus",
        "0.5",
        "--cpu-shares",
        "512",
        "--cpuset-cpus",
        "0",
    ];
    let running = docker.background("limits", &flags, "exec sleep 600");
    findings.same(format!("{:?}", running.started), running.started.code, 0);
    findings.same("memory", running.limit(MEMORY).as_str(), "67108864");
    findings.same("pids", running.limit(PIDS).as_str(), "30");
    findings.contains("quota", &running.limit(QUOTA), "50000");
    findings.same(
        "shares",
        ["512", "20"].contains(&running.limit(SHARES).as_str()),
        true,
    );
    findings.same("cpus", running.limit(CPUS).as_str(), "0");
    let ended = docker.run(&[
        "update",
        "--memory",
        "96m",
        "--memory-swap",
        "96m",
        "--pids-limit",
        "40",
        "--cpus",
        "0.25",
        "--cpuset-cpus",
        "1",
        "limits",
    ]);
    findings.same(format!("update: {ended:?}"), ended.code, 0);
    findings.same(
        "memory, updated",
        running.limit(MEMORY).as_str(),
        "100663296",
    );
    findings.same("pids, updated", running.limit(PIDS).as_str(), "40");
    findings.contains("quota, updated", &running.limit(QUOTA), "25000");
    findings.same("cpus, updated", running.limit(CPUS).as_str(), "1");
    drop(running);

    let ended = docker.sh(
        &["--pids-limit", "4"],
        "for i in 1 2 3 4 5 6; do sleep 1 & done; wait",
    );
    findings.same(
        format!("fork beyond the limit: {ended:?}"),
        ended.code != 0,
        true,
    );
    findings.contains("fork beyond the limit", &ended.err, "fork");
    let script = "x=0123456789abcdef; while :; do x=$x$x; done";
    let running = docker.background("oom", &["--memory", "16m", "--memory-swap", "16m"], script);
    docker.run(&["wait", "oom"]);
    findings.same(
        "out of memory",
        running.inspect(".State.ExitCode").as_str(),
        "137",
    );
    findings.same(
        "said to be",
        running.inspect(".State.OOMKilled").as_str(),
        "true",
    );
}

pub fn files(docker: &Docker, findings: &mut Findings) {
    let ended = docker.sh(
        &["--read-only", "--tmpfs", "/scratch:size=1m,mode=700"],
        "touch /x; touch /scratch/y && grep ' /scratch ' /proc/mounts",
    );
    findings.contains("read-only", &ended.err, "Read-only file system");
    findings.contains("tmpfs", &ended.out, "tmpfs");
    findings.contains("tmpfs", &ended.out, "size=1024k,mode=700");
    let shared = docker.host.path("shared");
    fs::create_dir(&shared).unwrap();
    fs::write(shared.join("file"), "seen\n").unwrap();
    let shared = shared.to_str().unwrap();
    let volume = format!("{shared}:/shared");
    let ended = docker.sh(&["-v", &volume], "cat /shared/file; echo x >/shared/made");
    findings.same(format!("a volume: {ended:?}"), ended.out.as_str(), "seen\n");
    let made = fs::read_to_string(docker.host.path("shared/made"));
    findings.same(
        "written through it",
        made.unwrap_or_default().as_str(),
        "x\n",
    );
    let ended = docker.sh(
        &["-v", &format!("{volume}:ro")],
        "cat /shared/file; echo x >/shared/other",
    );
    findings.same(
        "a read-only volume",
        (ended.code, ended.out.as_str()),
        (1, "seen\n"),
    );
    findings.contains("a read-only volume", &ended.err, "Read-only file system");
    let ended = docker.sh(&["-v", "named:/data"], "echo kept >/data/file");
    findings.same(format!("a named volume: {ended:?}"), ended.code, 0);
    let ended = docker.sh(
        &["--mount", "type=volume,src=named,dst=/d,readonly"],
        "cat /d/file",
    );
    findings.same("a named volume", ended.out.as_str(), "kept\n");
    docker.run(&["volume", "rm", "named"]);
    let one = format!("{shared}/file:/etc/one:ro");
    let ended = docker.sh(
        &["-v", &one, "--shm-size", "2m"],
        "cat /etc/one; df -k /dev/shm | tail -1",
    );
    findings.contains("a file as a volume", &ended.out, "seen");
    findings.contains("shm", &ended.out, "2048");
    let ended = docker.sh(&[], "cat /etc/hostname /etc/hosts /etc/resolv.conf >/dev/null && ls -l /dev/null /dev/fd /dev/ptmx");
    findings.same(format!("what Docker mounts: {ended:?}"), ended.code, 0);
    let ended = docker.sh(&["--device", "/dev/fuse:/dev/other:r"], "[ -c /dev/other ]");
    findings.same(format!("a device: {ended:?}"), ended.code, 0);
    let ended = docker.sh(&[], "mknod /tmp/m c 1 1 && cat /tmp/m");
    findings.same("a device that is not listed", ended.code != 0, true);
}

fn status(ended: &Ended, field: &str) -> String {
    let line = ended.out.lines().find_map(|line| line.strip_prefix(field));
    line.unwrap_or("absent")
        .trim_matches([':', '\t', ' '])
        .to_owned()
}

pub fn privileges(docker: &Docker, findings: &mut Findings) {
    const STATUS: &str = "cat /proc/self/status; id -G";
    let ended = docker.sh(&[], STATUS);
    findings.same(
        "default capabilities",
        status(&ended, "CapEff").as_str(),
        "00000000a80425fb",
    );
    findings.same(
        "inheritable",
        status(&ended, "CapInh").as_str(),
        "0000000000000000",
    );
    findings.same("filter", status(&ended, "Seccomp:").as_str(), "2");
    let ended = docker.sh(&["--cap-drop", "ALL", "--cap-add", "CHOWN"], STATUS);
    findings.same(
        "what is left",
        status(&ended, "CapBnd").as_str(),
        "0000000000000001",
    );
    let ended = docker.sh(&["--cap-drop", "CHOWN"], "chown 1 /tmp");
    findings.same("chown without CHOWN", ended.code, 1);
    let ended = docker.sh(&["--security-opt", "no-new-privileges"], STATUS);
    findings.same("no_new_privs", status(&ended, "NoNewPrivs").as_str(), "1");
    let ended = docker.sh(&["--security-opt", "seccomp=unconfined"], STATUS);
    findings.same("unconfined", status(&ended, "Seccomp:").as_str(), "0");
    let profile = docker.host.file("no-mkdir.json", image::NO_MKDIR);
    let ended = docker.sh(
        &["--security-opt", &format!("seccomp={profile}")],
        "mkdir /tmp/d; echo $?",
    );
    findings.contains(
        "a profile of one's own",
        &ended.err,
        "Function not implemented",
    );
    let ended = docker.sh(
        &["--user", "1000:5", "--group-add", "7"],
        "id -u; id -g; id -G; touch /etc/x",
    );
    findings.same(
        format!("a user: {ended:?}"),
        ended.out.as_str(),
        "1000\n5\n5 7\n",
    );
    findings.contains("a user", &ended.err, "Permission denied");
    let ended = docker.sh(&["--user", "ann"], "id -u; id -G");
    findings.same(
        format!("a user by name: {ended:?}"),
        ended.out.as_str(),
        "1000\n1000 1234\n",
    );
    let ended = docker.sh(
        &["--ulimit", "nofile=100:200", "--ulimit", "core=0"],
        "ulimit -n; ulimit -Hn; ulimit -c",
    );
    findings.same(
        format!("limits: {ended:?}"),
        ended.out.as_str(),
        "100\n200\n0\n",
    );
    let ended = docker.sh(
        &["--sysctl", "net.ipv4.ip_forward=1"],
        "cat /proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv4/ip_forward",
    );
    findings.same("a sysctl", ended.out.as_str(), "1\n");
    findings.contains("a sysctl", &ended.err, "Read-only file system");
    let ended = docker.sh(&[], "for f in kcore keys timer_list latency_stats; do [ -e /proc/$f ] && head -c 1 /proc/$f; done; ls /sys/firmware; \
         ls /proc/acpi /proc/scsi 2>/dev/null | grep -v :; echo x >/proc/sys/vm/swappiness");
    findings.same("masked", ended.out.trim(), "");
    findings.contains("read-only", &ended.err, "Read-only file system");
    let ended = docker.sh(&["--oom-score-adj", "500"], "cat /proc/self/oom_score_adj");
    findings.same("the out-of-memory score", ended.out.as_str(), "500\n");
}

pub fn namespaces(docker: &Docker, findings: &mut Findings) {
    let ended = docker.sh(&["--init"], "ps -o pid,args | head -2");
    // Debian has docker-init in a package of its own.
    if ended.err.contains("docker-init") {
        println!("    --init: {}", ended.err.trim());
    } else {
        findings.contains(
            format!("--init: {ended:?}"),
            &ended.out,
            "1 /sbin/docker-init -- sh",
        );
    }
    let ended = docker.sh(
        &["--cgroupns", "private"],
        "cut -d: -f3 /proc/self/cgroup | sort -u",
    );
    findings.same("--cgroupns private", ended.out.as_str(), "/\n");
    let ended = docker.sh(&["--cgroupns", "host"], "cat /proc/self/cgroup");
    findings.contains("--cgroupns host", &ended.out, docker.host.group());
    let ended = docker.sh(
        &["--cgroupns", "private"],
        "ls /sys/fs/cgroup/memory/memory.limit_in_bytes && echo 1 >/sys/fs/cgroup/pids/pids.max",
    );
    findings.contains("cgroups inside", &ended.err, "Read-only file system");
    let ended = docker.sh(&["--pid", "host"], "[ $$ != 1 ] && ls -d /proc/1");
    findings.same(format!("--pid host: {ended:?}"), ended.code, 0);
    let ended = docker.sh(&["--ipc", "host", "--uts", "host"], "true");
    findings.same(format!("--ipc host: {ended:?}"), ended.code, 0);
    let _running = docker.background("other", &["--ipc", "shareable"], "exec sleep 600");
    let ended = docker.sh(
        &["--pid", "container:other", "--ipc", "container:other"],
        "ps -o args | grep -c '^sleep 600'",
    );
    findings.same(
        format!("--pid container: {ended:?}"),
        ended.out.as_str(),
        "1\n",
    );
}

pub fn network(docker: &Docker, findings: &mut Findings) {
    let ended = docker.run(&[
        "run",
        "--rm",
        "--network",
        "none",
        "bb",
        "ls",
        "/sys/class/net",
    ]);
    findings.same(
        format!("--network none: {ended:?}"),
        ended.out.as_str(),
        "lo\n",
    );
    let ended = docker.run(&[
        "run",
        "--rm",
        "--network",
        "host",
        "bb",
        "sh",
        "-c",
        "ip link show docker0",
    ]);
    findings.contains("--network host", &ended.out, "docker0");
    let words = [
        "run",
        "-d",
        "--name",
        "web",
        "-p",
        "8080:80",
        "bb",
        "sh",
        "-c",
        "mkdir /tmp/w; echo served >/tmp/w/page; exec httpd -f -p 80 -h /tmp/w",
    ];
    let started = docker.run(&words);
    findings.same(format!("a port: {started:?}"), started.code, 0);
    let reached = eventually(|| {
        let get = [
            "busybox",
            "wget",
            "-q",
            "-O",
            "-",
            "http://127.0.0.1:8080/page",
        ];
        finish_within(&mut docker.host.command(&get), PATIENCE).out == "served\n"
    });
    findings.same("the port is reached", reached, true);
    let address = docker.run(&["inspect", "-f", "{{.NetworkSettings.IPAddress}}", "web"]);
    let url = format!("http://{}/page", address.out.trim());
    let ended = docker.run(&["run", "--rm", "bb", "wget", "-q", "-O", "-", &url]);
    findings.same(
        format!("from the next container: {ended:?}"),
        ended.out.as_str(),
        "served\n",
    );
    docker.run(&["rm", "-f", "web"]);
}

/// Docker asks for every capability. What the machine's root lacks cannot be granted; the specification has the runtime say so
/// and go on.
pub fn privileged(docker: &Docker, findings: &mut Findings) {
    let own = fs::read_to_string("/proc/self/status").unwrap();
    let bounding = own
        .lines()
        .find_map(|line| line.strip_prefix("CapBnd:\t"))
        .unwrap();
    let held = u64::from_str_radix(bounding, 16).unwrap();
    let last: u32 = fs::read_to_string("/proc/sys/kernel/cap_last_cap")
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let all = (1_u64 << (last + 1)) - 1;
    let ended = docker.sh(
        &["--privileged"],
        "grep CapEff /proc/self/status; mkdir /mnt && mount -t tmpfs x /mnt && echo mounted",
    );
    println!(
        "    --privileged with {bounding}: {} {} {}",
        ended.code,
        ended.out.trim(),
        ended.err.trim()
    );
    if is_ours() || held & all == all {
        findings.contains("--privileged", &ended.out, "mounted");
        let effective = u64::from_str_radix(&status(&ended, "CapEff"), 16).unwrap();
        findings.same("more than root has", effective & !held, 0);
        // CAP_SYS_ADMIN
        findings.same("what was asked for", effective >> 21 & 1, 1);
    }
}

/// Whoever asks for everything gets what the host's owner gives.
pub fn hardened(docker: &Docker, findings: &mut Findings) {
    if !is_ours() {
        return;
    }
    let runtime = ["--runtime", "casemate-restricted"];
    let asked = ["--privileged", "--pid", "host", "-v", "/:/host"];
    let script = "grep -E '^(CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; [ -e /host/etc ] && echo host; \
                  touch /x 2>/dev/null && echo writable; wc -c </proc/keys; echo $$";
    let ended = docker.sh(&[&runtime[..], &asked].concat(), script);
    findings.same(
        format!("{ended:?}"),
        ended.out.as_str(),
        "CapBnd:\t0000000000000400\nNoNewPrivs:\t1\nSeccomp:\t2\n0\n1\n",
    );
    // What needs nothing of this runs as ever, and who joins it gets no more.
    let data = docker.host.text("hardened-data");
    fs::create_dir(&data).unwrap();
    fs::write(format!("{data}/file"), "data\n").unwrap();
    let volume = format!("{data}:/data");
    let flags = [&runtime[..], &["-v", &volume, "--tmpfs", "/tmp"]].concat();
    let running = docker.background("hardened", &flags, "cat /data/file; exec sleep 600");
    findings.same(format!("{:?}", running.started), running.started.code, 0);
    let joined = docker.run(&[
        "exec",
        "--privileged",
        "hardened",
        "grep",
        "CapBnd",
        "/proc/self/status",
    ]);
    findings.same(
        format!("{joined:?}"),
        joined.out.as_str(),
        "CapBnd:\t0000000000000400\n",
    );
    findings.same("the log", running.logs().as_str(), "data\n");
    let updated = docker.run(&["update", "--pids-limit", "99999", "hardened"]);
    findings.same(format!("{updated:?}"), updated.code, 0);
    findings.same("pids", running.limit(PIDS).as_str(), "1024");
}
