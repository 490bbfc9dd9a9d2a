//! The same configurations with runc: what is seen inside is the same, or stricter in a way that is listed here.

use crate::support::{Config, Ended, Findings, Ground, find, finish, is_root, skip};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// What each container says of itself.
const SCRIPT: &str = r#"
cat /proc/self/mountinfo
echo == devices
for d in /dev /dev/net /opt; do ls -lnd $d/* 2>/dev/null; done | while read m l u g a b c; do
    case $m in [cb]*) echo "$m $u $g $a $b ${c##* }" ;; l*) echo "$m ${c#* * }" ;; *) echo "$m $u $g ${c##* }" ;; esac; done
echo == hidden
for f in /proc/keys /proc/timer_list /proc/acpi /sys/firmware /hidden/file /hidden/dir; do
    [ -d $f ] && echo "$f directory: $(ls -A $f 2>/dev/null | wc -l)"; [ -d $f ] || { [ -e $f ] && echo "$f: $([ -n "$(head -c 1 $f)" ] && echo shown || echo hidden)"; }; done
echo == writes
for p in /proc/sys/kernel/shmmax /proc/irq/default_smp_affinity; do echo "$p $(cat $p 2>/dev/null >$p && echo yes || echo no)"; done 2>/dev/null
for d in / /tmp /data /data/* /copied /var/x /fresh; do [ -d $d ] && { mkdir $d/made 2>/dev/null && echo "$d yes" && rmdir $d/made || echo "$d no"; }; done
ls -ld /tmp /data /copied /copied/* /var/x /fresh 2>/dev/null | while read m l u g s a b c n; do echo "$m $u $g $n"; done
"#;

/// A configuration, and at which mount points the kernel shows something stricter here, and why.
struct Case {
    name: &'static str,
    config: Config,
    readonly: bool,
    stricter: &'static [(&'static str, &'static str)],
}

fn case(name: &'static str) -> Case {
    Case {
        name,
        config: Config::sh(SCRIPT),
        readonly: false,
        stricter: &[],
    }
}

fn mount(destination: &str, kind: &str, source: &str, options: &str) -> String {
    let options: Vec<String> = options
        .split_whitespace()
        .map(|word| format!("\"{word}\""))
        .collect();
    let options = options.join(",");
    format!(
        r#"{{"destination":"{destination}","type":"{kind}","source":"{source}","options":[{options}]}}"#
    )
}

const SYS: &str = r#"{"destination":"/sys","type":"sysfs","source":"sysfs","options":["nosuid","noexec","nodev","ro"]}"#;

fn cases(ground: &Ground) -> Vec<Case> {
    let source = ground.text("source");
    let bind = |destination: &str, options: &str| mount(destination, "bind", &source, options);
    let mut cases = vec![case("what every container has"), case("a read-only root")];
    cases[1].readonly = true;
    let mut with = |name, mounts: Vec<String>, linux: &str| {
        let mut case = case(name);
        case.config.mounts = mounts;
        linux.clone_into(&mut case.config.linux);
        cases.push(case);
    };
    with(
        "kernel file systems",
        vec![
            SYS.to_owned(),
            mount("/dev/mqueue", "mqueue", "mqueue", "nosuid noexec nodev"),
            mount(
                "/dev/shm",
                "tmpfs",
                "shm",
                "nosuid noexec nodev mode=1777 size=65536k",
            ),
        ],
        "",
    );
    with(
        "bind mounts",
        vec![
            bind("/data", "rbind rprivate"),
            bind("/data/ro", "bind ro"),
            bind("/var/x/y", "bind nosuid nodev noexec"),
        ],
        "",
    );
    with(
        "a file",
        vec![
            mount(
                "/etc/new/file",
                "bind",
                &ground.text("source/file"),
                "bind ro",
            ),
            mount("/etc/passwd", "bind", &ground.text("source/file"), "bind"),
        ],
        "",
    );
    with(
        "access times",
        vec![
            bind("/data", "bind noatime"),
            bind("/data/a", "bind strictatime"),
            bind("/data/b", "bind relatime nodiratime"),
            mount("/tmp", "tmpfs", "tmpfs", "noatime nodiratime"),
        ],
        "",
    );
    with(
        "recursive words",
        vec![mount(
            "/data",
            "bind",
            "/sys/fs/cgroup",
            "rbind rro rnosuid rnoexec rnodev rprivate",
        )],
        "",
    );
    with(
        "propagation",
        vec![
            bind("/data", "rbind rslave"),
            bind("/data/a", "rbind shared"),
            bind("/data/b", "bind private"),
            bind("/data/c", "bind unbindable"),
            bind("/tmp", "rbind rslave rshared"),
        ],
        "",
    );
    with(
        "a shared root",
        vec![bind("/data", "rbind rslave")],
        r#""rootfsPropagation":"shared""#,
    );
    with(
        "a private root",
        vec![bind("/data", "rbind")],
        r#""rootfsPropagation":"private""#,
    );
    with(
        "temporary file systems",
        vec![
            mount("/tmp", "tmpfs", "tmpfs", "nosuid noexec nodev size=1m"),
            mount(
                "/fresh",
                "tmpfs",
                "scratch",
                "mode=0750 uid=5 gid=6 size=64k nr_inodes=100",
            ),
            mount("/data", "tmpfs", "tmpfs", "ro"),
            mount("/copied", "tmpfs", "tmpfs", "tmpcopyup"),
        ],
        "",
    );
    with(
        "links and dots",
        vec![bind("/by/x", "bind"), bind("/data/../data/./z/", "bind ro")],
        "",
    );
    with(
        "hidden and read-only paths",
        vec![SYS.to_owned()],
        r#""maskedPaths":["/proc/keys","/proc/timer_list","/proc/acpi","/sys/firmware","/hidden/file","/hidden/dir","/hidden/not"],"readonlyPaths":["/proc/sys","/proc/irq","/data","/not/there"]"#,
    );
    with(
        "devices",
        vec![],
        r#""devices":[{"path":"/dev/net/tun","type":"c","major":10,"minor":200,"fileMode":384,"uid":5,"gid":6},{"path":"/opt/pipe","type":"p","fileMode":438},{"path":"/dev/zero","type":"c","major":1,"minor":5,"fileMode":432},{"path":"/dev/u","type":"u","major":1,"minor":5}]"#,
    );
    with(
        "an overlay",
        vec![mount(
            "/data",
            "overlay",
            "layers",
            &format!("lowerdir={source}:{}", ground.text("root/etc")),
        )],
        "",
    );
    let groups = |options: &str| {
        vec![
            SYS.to_owned(),
            mount("/sys/fs/cgroup", "cgroup", "cgroup", options),
        ]
    };
    with(
        "cgroups of an own namespace",
        groups("nosuid noexec nodev relatime ro"),
        "",
    );
    with(
        "cgroups of the host's namespace",
        groups("nosuid noexec nodev relatime ro"),
        "",
    );
    with(
        "a user namespace",
        vec![
            bind("/data", "rbind ro"),
            mount("/tmp", "tmpfs", "tmpfs", ""),
        ],
        r#""uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}],"maskedPaths":["/proc/keys","/proc/acpi"],"readonlyPaths":["/proc/sys"]"#,
    );
    for case in &mut cases {
        let usual = r#"{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"}"#;
        match case.name {
            "cgroups of the host's namespace" => case.config.namespaces = Some(usual.to_owned()),
            "a user namespace" => {
                case.config.namespaces = Some(format!(r#"{usual},{{"type":"user"}}"#));
            }
            _ => {}
        }
        case.stricter = match case.name {
            "a shared root" => &[(
                "/",
                "in a peer group of its own, as the specification has it, which this runc leaves out",
            )],
            "a user namespace" => &[("/proc/acpi", "as without one")],
            "hidden and read-only paths" => &[
                (
                    "/proc/acpi",
                    "a directory that hides takes no set-user-id bits, devices or programs",
                ),
                ("/sys/firmware", "the same"),
                ("/hidden/dir", "the same"),
                (
                    "/proc/keys",
                    "the host's null device and not the container's",
                ),
                ("/proc/timer_list", "the same"),
                ("/hidden/file", "the same"),
            ],
            "cgroups of an own namespace" => &[
                (
                    "/sys/fs/cgroup",
                    "read-only as it was asked for, and not only what is in it",
                ),
                (
                    "/sys/fs/cgroup/systemd",
                    "a copy of the group's mount, which names its source as the others do",
                ),
            ],
            "cgroups of the host's namespace" => &[(
                "/sys/fs/cgroup",
                "read-only as it was asked for, and not only what is in it",
            )],
            _ => &[],
        };
    }
    cases
}

/// A line of mountinfo without what differs from run to run.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    above: String,
    root: String,
    options: Vec<String>,
    propagation: Vec<String>,
    rest: String,
}

fn mounts(text: &str) -> BTreeMap<String, Vec<Shown>> {
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    let mut shown: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
    for line in &lines {
        let dash = line.iter().position(|word| *word == "-").unwrap();
        let above = lines
            .iter()
            .find(|above| above[0] == line[1])
            .map_or("", |above| above[4]);
        let kinds = line[6..dash]
            .iter()
            .map(|word| word.split(':').next().unwrap().to_owned());
        let mut options: Vec<String> = line[5].split(',').map(str::to_owned).collect();
        options.sort();
        shown.entry(line[4].to_owned()).or_default().push(Shown {
            above: above.to_owned(),
            root: line[3].to_owned(),
            options,
            propagation: kinds.collect(),
            rest: line[dash + 1..].join(" "),
        });
    }
    shown
}

/// Whether a mount can do no more than another.
fn is_stricter(ours: &Shown, theirs: &Shown) -> bool {
    const GUARDS: [&str; 4] = ["ro", "nosuid", "nodev", "noexec"];
    let has = |shown: &Shown, guard: &str| shown.options.iter().any(|option| option == guard);
    GUARDS.iter().all(|guard| has(ours, guard) || !has(theirs, guard))
        // The null device can be nothing else, whatever file system it is on.
        || ours.root == "/null"
}

fn compare(case: &Case, ours: &Ended, theirs: &Ended, findings: &mut Findings) {
    let name = case.name;
    if theirs.code != 0 || ours.code != 0 {
        findings.add(format!("{name}:\n  ours {ours:?}\n  runc {theirs:?}"));
        return;
    }
    let part = |ended: &Ended, index: usize| {
        ended
            .out
            .split("== ")
            .nth(index)
            .unwrap_or_default()
            .to_owned()
    };
    let (own, peer) = (mounts(&part(ours, 0)), mounts(&part(theirs, 0)));
    findings.same(
        format!("{name}: mount points"),
        own.keys().collect::<Vec<_>>(),
        peer.keys().collect(),
    );
    for (point, peer) in &peer {
        let Some(own) = own.get(point) else { continue };
        let is_listed = case.stricter.iter().any(|(listed, _)| listed == point);
        if own == peer {
            findings.same(
                format!("{name}: {point} is listed as stricter"),
                is_listed,
                false,
            );
        } else if !is_listed
            || !own
                .iter()
                .zip(peer)
                .all(|(own, peer)| is_stricter(own, peer))
        {
            findings.add(format!(
                "{name}: {point}:\n    ours {own:?}\n    runc {peer:?}"
            ));
        }
    }
    for index in 1..=3 {
        findings.same(
            format!("{name}: part {index}"),
            part(ours, index),
            part(theirs, index),
        );
    }
}

fn prepare(ground: &Ground) {
    let make = |path: &str, mode: u32| {
        let path = ground.path(path);
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for path in [
        "source/ro",
        "source/a",
        "source/b",
        "source/c",
        "root/hidden/dir/in",
        "root/data",
        "root/opt",
        "root/var/x",
        "root/var/run",
        "root/copied/deep",
    ] {
        make(path, 0o755);
    }
    make("root/copied", 0o751);
    fs::write(ground.path("source/file"), "content\n").unwrap();
    fs::write(ground.path("root/hidden/file"), "hidden\n").unwrap();
    fs::write(ground.path("root/copied/file"), "copied\n").unwrap();
    fs::write(ground.path("root/copied/deep/file"), "copied\n").unwrap();
    symlink("file", ground.path("root/copied/link")).unwrap();
    symlink("/var", ground.path("root/by")).unwrap();
}

#[test]
fn what_is_seen_inside_is_what_runc_shows() {
    const TEST: &str = "peers::what_is_seen_inside_is_what_runc_shows";
    let runc = find("runc");
    let (true, Some(runc)) = (is_root(), runc) else {
        skip(TEST, "needs root and runc");
        return;
    };
    let ground = Ground::new("peers");
    prepare(&ground);
    let mut findings = Findings::default();
    for case in cases(&ground) {
        let bundle = ground.bundle(&case.config);
        let path = Path::new(&bundle).join("config.json");
        if case.readonly {
            let text = fs::read_to_string(&path).unwrap();
            fs::write(
                &path,
                text.replace(r#""path":"../root""#, r#""path":"../root","readonly":true"#),
            )
            .unwrap();
        }
        let mut command = Command::new(&runc);
        command.args([
            "--root",
            &ground.text("runc"),
            "run",
            "--bundle",
            &bundle,
            "peer",
        ]);
        let theirs = finish(
            command
                .env_clear()
                .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
        );
        // Last, as what runc finds made it changes the mode of.
        let ours = ground.oci(&["run", "--bundle", &bundle, "peer"]);
        compare(&case, &ours, &theirs, &mut findings);
    }
    ground.expect_nothing("afterwards", &mut findings);
}
