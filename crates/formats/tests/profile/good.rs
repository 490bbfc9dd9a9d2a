//! What good profiles mean.

use super::{Files, field, files, outside, read, source, user};
use casemate_formats::profile::{self, Context, keys::KEYS};
use casemate_model::Origin;
use casemate_model::Permission;
use casemate_model::facet::Standing;
use casemate_model::host::Subordinate;
use casemate_model::names::SyscallId;
use casemate_model::syscalls::{Call, SyscallPolicy};
use std::collections::BTreeMap;
use std::path::PathBuf;

const SYSTEM: &str =
    "run:/bin read:/etc run:/lib run:/lib32 run:/lib64 run:/libx32 run:/sbin run:/usr";

#[test]
fn fields_have_the_values_that_keys_give() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        (
            "",
            &[
                ("ids.uid", "1000"),
                ("ids.uid_map", "1000:1000:1"),
                ("ids.rights", "caller"),
                ("namespaces.hostname", "casemate"),
                ("capabilities.bounding", "none"),
                ("network.reach", "none"),
                ("resources.memory", "4294967296"),
                (
                    "resources.rlimits",
                    "core=0 fsize=4294967296 nofile=1024:4096",
                ),
                ("files.temporary", "/dev/shm=67108864 /tmp=268435456"),
                ("devices.nodes", "full null random tty urandom zero"),
                ("devices.terminal", "own"),
                ("kernel.descriptors", "none"),
            ],
        ),
        (
            "user = 0",
            &[
                ("ids.uid", "0"),
                ("ids.gid", "0"),
                ("ids.uid_map", "0:1000:1"),
                ("ids.gid_map", "0:1000:1"),
            ],
        ),
        (
            "user = 'nobody'",
            &[("ids.uid", "65534"), ("ids.uid_map", "65534:1000:1")],
        ),
        (
            "user = 1000",
            &[("ids.gid", "1000"), ("ids.gid_map", "1000:1000:1")],
        ),
        (
            "keep = ['CAP_CHOWN', 'setuid']",
            &[
                ("capabilities.ambient", "chown, setuid"),
                ("capabilities.securebits", "on"),
            ],
        ),
        ("keep = ['all']", &[("capabilities.bounding", "all")]),
        (
            "new-privileges = true",
            &[
                ("capabilities.no_new_privs", "off"),
                ("files.nosuid", "off"),
            ],
        ),
        (
            "share = ['ipc', 'time']",
            &[
                ("namespaces.ipc", "host"),
                ("namespaces.time", "host"),
                ("namespaces.uts", "new"),
            ],
        ),
        (
            "system = false",
            &[("files.grants", "read:/home/ada/project")],
        ),
        (
            "read = ['/srv', '~/src', 'x']",
            &[(
                "files.grants",
                "run:/bin read:/etc read:/home/ada/project read:/home/ada/src run:/lib run:/lib32 run:/lib64 run:/libx32 read:/profiles/x run:/sbin read:/srv run:/usr",
            )],
        ),
        (
            "system = false\nwrite = ['/a']\nrun = ['/a', '/b']\nhide = ['/b/c']",
            &[(
                "files.grants",
                "write+run:/a run:/b hide:/b/c read:/home/ada/project",
            )],
        ),
        (
            "read = ['/usr/share']\nwrite = ['/etc/x']\ndirectory = '/'",
            &[(
                "files.grants",
                "run:/bin read:/etc write:/etc/x run:/lib run:/lib32 run:/lib64 run:/libx32 run:/sbin run:/usr run:/usr/share",
            )],
        ),
        (
            "temporary = { '/tmp' = 'none', '/var/tmp' = '1M' }",
            &[("files.temporary", "/dev/shm=67108864 /var/tmp=1048576")],
        ),
        (
            "write = ['/tmp']",
            &[("files.temporary", "/dev/shm=67108864")],
        ),
        (
            "proc = 'processes'\nsys = 'read-only'",
            &[("files.proc", "processes"), ("files.sys", "read-only")],
        ),
        (
            "memory = 1000\ncpu = 1.5\ntime = '2m'\nprocesses = 'unlimited'",
            &[
                ("resources.memory", "1000"),
                ("resources.cpu", "1500"),
                ("resources.time", "120000"),
                ("resources.processes", "unlimited"),
            ],
        ),
        (
            "open-files = 64\nfile-size = 'unlimited'\nlimits = { stack = '8M:unlimited' }",
            &[(
                "resources.rlimits",
                "core=0 nofile=64 stack=8388608:unlimited",
            )],
        ),
        (
            "network = 'loopback'",
            &[
                ("network.listen", "all"),
                ("network.connect", "all"),
                ("namespaces.net", "new"),
            ],
        ),
        (
            "network = 'loopback'\nlisten = [80, '53/udp']",
            &[
                ("network.listen", "80/tcp 53/udp"),
                ("network.connect", "all"),
            ],
        ),
        (
            "network = 'host'\nconnect = ['443', 'all']",
            &[
                ("network.connect", "all"),
                ("network.listen", "none"),
                ("namespaces.net", "host"),
            ],
        ),
        (
            "landlock = false",
            &[
                ("mac.landlock", "off"),
                ("mac.signal_scope", "off"),
                ("mac.abstract_unix_scope", "off"),
            ],
        ),
        (
            "apparmor = 'a b'\nsmack = 'x'",
            &[
                ("mac.apparmor", "\"a b\""),
                ("mac.smack", "x"),
                ("mac.selinux", "unconfined"),
            ],
        ),
        (
            "environment = ['none', 'RUST_*']\nset = { PATH = '/x' }",
            &[(
                "kernel.environment",
                "HOME=/tmp PATH=/x RUST_BACKTRACE RUST_LOG",
            )],
        ),
        (
            "environment = ['all']",
            &[("kernel.environment", "inherited")],
        ),
        (
            "devices = ['/dev/kvm', 'net/tun']",
            &[(
                "devices.nodes",
                "full kvm net/tun null random tty urandom zero",
            )],
        ),
        ("devices = ['none', 'null']", &[("devices.nodes", "null")]),
        (
            "descriptors = [3, '7']\nkeyring = 'inherited'",
            &[
                ("kernel.descriptors", "3 7"),
                ("kernel.keyring", "inherited"),
            ],
        ),
        (
            "sysctl = { 'net.ipv4.ip_forward' = '1' }",
            &[("kernel.sysctl", "net.ipv4.ip_forward=1")],
        ),
    ];
    let mut failures = Vec::new();
    for (text, expected) in cases {
        match read(text) {
            Ok(document) => {
                for (name, value) in *expected {
                    let found = field(&document, name);
                    if found != *value {
                        failures.push(format!(
                            "{text:?}: {name} is {found:?} instead of {value:?}"
                        ));
                    }
                }
            }
            Err(errors) => failures.push(format!("{text:?}: {errors}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn calls_are_added_and_refused() {
    let policy = |text: &str| {
        let document = read(text).unwrap_or_else(|errors| panic!("{text}\n{errors}"));
        document
            .confinement
            .syscalls
            .filter
            .value()
            .expect("there is a filter")
            .clone()
    };
    let ordinary = policy("");
    let with = |names: &[&str], without: &[&str]| {
        let mut policy = SyscallPolicy::ordinary();
        for name in names {
            policy.grant(name).expect("is known");
        }
        for name in without {
            policy.refuse(name).expect("is known");
        }
        policy
    };
    assert_eq!(ordinary, SyscallPolicy::ordinary());
    assert_eq!(policy("syscalls = ['all']"), SyscallPolicy::open());
    assert_eq!(
        policy("syscalls = ['@debug', 'bpf']"),
        with(&["@debug", "bpf"], &[])
    );
    assert_eq!(
        policy("refuse = ['ptrace']\nsyscalls = ['@debug']"),
        with(&["@debug"], &["ptrace"])
    );
    // What is ordinary of a group's calls stays, or no program would run.
    for group in ["@namespaces", "@terminal", "@debug"] {
        let without = policy(&format!("refuse = ['{group}']"));
        for name in ["clone", "unshare", "ioctl", "personality"] {
            let call = SyscallId::from_name(name)
                .map(Call::Named)
                .expect("is known");
            assert_eq!(
                without.rules.get(&call),
                ordinary.rules.get(&call),
                "{group} {name}"
            );
        }
        let permitted = policy(&format!("syscalls = ['{group}']"));
        assert!(
            without.no_more_than(&ordinary) && !permitted.no_more_than(&ordinary),
            "{group}"
        );
    }
    let mut loader = files(&[("base.toml", "syscalls = ['@debug']\nrefuse = ['fork']")]);
    let cases = [
        (
            "refuse = ['ptrace']",
            Ok(with(&["@debug"], &["fork", "ptrace"])),
        ),
        ("syscalls = ['kcmp']", Ok(with(&["kcmp"], &["fork"]))),
        (
            "syscalls = ['bpf']",
            Err("`syscalls` permits something that the extended profile does not"),
        ),
        (
            "[loosen]\nsyscalls = ['fork']",
            Ok(with(&["@debug", "fork"], &[])),
        ),
    ];
    for (line, expected) in cases {
        let text = format!("extends = 'base.toml'\n{line}");
        let result = profile::read(&source(text.as_bytes()), &user(), &mut loader);
        match expected {
            Ok(policy) => {
                let document = result.unwrap_or_else(|errors| panic!("{line}\n{errors}"));
                assert_eq!(
                    document.confinement.syscalls.filter.value(),
                    Some(&policy),
                    "{line}"
                );
            }
            Err(message) => assert!(
                result.is_err_and(|errors| errors.to_string().contains(message)),
                "{line}"
            ),
        }
    }
}

#[test]
fn the_working_directory_is_read_unless_it_shows_too_much() {
    let cases = [
        (Some("/home/ada/project"), true, "/home/ada/project", 0),
        (Some("/home/ada"), false, "/", 1),
        (Some("/home"), false, "/", 1),
        (Some("/"), false, "/", 0),
        (Some("/usr/share"), false, "/usr/share", 0),
        (Some("/tmp"), false, "/tmp", 1),
        (Some("/tmp/build"), true, "/tmp/build", 0),
        (Some("/proc/1"), false, "/proc/1", 0),
        (None, false, "/", 0),
    ];
    for (directory, granted, start, notes) in cases {
        let context = Context {
            directory: directory.map(PathBuf::from),
            ..user()
        };
        let document = profile::read(&source(b""), &context, &mut Files::new())
            .expect("an empty profile is good");
        let grants = field(&document, "files.grants");
        let grant = format!("read:{}", directory.unwrap_or("none"));
        assert_eq!(
            grants.split(' ').any(|word| word == grant),
            granted,
            "{directory:?}: {grants}"
        );
        assert_eq!(
            document.program.directory.value(),
            Some(&PathBuf::from(start)),
            "{directory:?}"
        );
        assert_eq!(
            document.losses.len(),
            notes,
            "{directory:?}: {:?}",
            document.losses
        );
    }
    let named = Context {
        directory: Some(PathBuf::from("/home/ada")),
        ..user()
    };
    let document =
        profile::read(&source(b"write = ['~']"), &named, &mut Files::new()).expect("is good");
    assert!(
        document.losses.is_empty() && field(&document, "files.grants").contains("write:/home/ada")
    );
    let bare = read("system = false\ndirectory = '/'").expect("is good");
    assert_eq!(field(&bare, "files.grants"), "none");
    assert_eq!(
        field(&read("directory = '/'").expect("is good"), "files.grants"),
        SYSTEM
    );
}

#[test]
fn root_becomes_nobody_and_keeps_no_right_of_its_own() {
    let root = Context {
        uid: 0,
        gid: 0,
        home: Some(PathBuf::from("/root")),
        ..user()
    };
    let cases = [
        ("", "65534", "65534:65534:1"),
        ("user = 0", "0", "0:65534:1"),
        ("user = 5", "5", "5:65534:1"),
    ];
    for (text, uid, map) in cases {
        let document =
            profile::read(&source(text.as_bytes()), &root, &mut Files::new()).expect("is good");
        assert_eq!(
            (
                field(&document, "ids.uid").as_str(),
                field(&document, "ids.uid_map").as_str()
            ),
            (uid, map),
            "{text}"
        );
        assert_eq!(field(&document, "ids.rights"), "granted");
    }
}

#[test]
fn ranges_are_taken_when_the_program_changes_ids() {
    let ranges = Subordinate {
        uids: vec![(100_000, 65_536)],
        gids: vec![(200_000, 65_536)],
        ..Subordinate::default()
    };
    let context = Context {
        subordinate: ranges,
        ..user()
    };
    let cases = [
        ("", "1000:1000:1", "denied"),
        ("keep = ['chown']", "1000:1000:1", "denied"),
        ("keep = ['setgid']\nids = 'single'", "1000:1000:1", "denied"),
        (
            "ids = 'range'\nuser = 0",
            "0:1000:1 1:200000:65536",
            "denied",
        ),
        (
            "keep = ['setgid']\nuser = 0",
            "0:1000:1 1:200000:65536",
            "permitted",
        ),
    ];
    for (text, gid_map, setgroups) in cases {
        let document =
            profile::read(&source(text.as_bytes()), &context, &mut Files::new()).expect("is good");
        assert_eq!(field(&document, "ids.gid_map"), gid_map, "{text}");
        assert_eq!(field(&document, "ids.setgroups"), setgroups, "{text}");
    }
    let without = profile::read(&source(b"keep = ['setgid']"), &user(), &mut Files::new());
    assert_eq!(without.map(|document| document.losses.len()), Ok(1));
}

#[test]
fn extended_profiles_are_tightened_and_loosened_where_it_says_so() {
    let mut loader = files(&[
        (
            "base.toml",
            "read = ['/srv']\nhide = ['/srv/secret']\nmemory = '1G'\nkeep = ['chown', 'fowner']\nnetwork = 'host'\nconnect = ['80', '443']\nset = { A = '1', B = '2' }",
        ),
        ("more.toml", "read = ['/opt']\nmemory = '2G'"),
        (
            "middle.toml",
            "extends = 'base.toml'\nmemory = '512M'\nhide = ['/srv/other']",
        ),
    ]);
    let system = |more: &str| {
        let mut words: Vec<&str> = SYSTEM
            .split(' ')
            .chain(more.split(' '))
            .chain(["read:/home/ada/project"])
            .collect();
        words.sort_by_key(|word| word.split(':').nth(1));
        words.join(" ")
    };
    let cases: Vec<(&str, Vec<(&str, String)>)> = vec![
        (
            "extends = 'base.toml'",
            vec![
                ("files.grants", system("read:/srv hide:/srv/secret")),
                ("resources.memory", (1 << 30).to_string()),
            ],
        ),
        (
            "extends = 'base.toml'\nread = ['/srv/www']\nhide = ['/srv/www/x']\nkeep = ['chown']\nconnect = ['443']\nset = { B = '3' }",
            vec![
                (
                    "files.grants",
                    system("hide:/srv/secret read:/srv/www hide:/srv/www/x"),
                ),
                ("capabilities.bounding", "chown".to_owned()),
                ("network.connect", "443/tcp".to_owned()),
            ],
        ),
        (
            "extends = 'base.toml'\n[loosen]\nwrite = ['/srv/data']\nread = ['/srv/secret']\nmemory = '4G'\nkeep = ['setuid']",
            vec![
                (
                    "files.grants",
                    system("read:/srv write:/srv/data read:/srv/secret"),
                ),
                ("resources.memory", (4_u64 << 30).to_string()),
                ("capabilities.bounding", "chown, fowner, setuid".to_owned()),
            ],
        ),
        (
            "extends = ['base.toml', 'more.toml']",
            vec![
                (
                    "files.grants",
                    system("read:/opt read:/srv hide:/srv/secret"),
                ),
                ("resources.memory", (2_u64 << 30).to_string()),
            ],
        ),
        (
            "extends = 'middle.toml'\nmemory = '256M'",
            vec![
                (
                    "files.grants",
                    system("read:/srv hide:/srv/other hide:/srv/secret"),
                ),
                ("resources.memory", (256 << 20).to_string()),
            ],
        ),
        (
            "extends = 'base.toml'\nread = []\nconnect = []\nnetwork = 'none'",
            vec![("network.reach", "none".to_owned())],
        ),
    ];
    for (text, expected) in cases {
        let document = profile::read(&source(text.as_bytes()), &user(), &mut loader)
            .unwrap_or_else(|e| panic!("{text}\n{e}"));
        for (name, value) in expected {
            assert_eq!(field(&document, name), value, "{text}: {name}");
        }
    }
}

#[test]
fn a_profile_that_only_tightens_permits_no_more() {
    let base = "read = ['/srv', '/opt']\nwrite = ['/srv/data']\nmemory = '1G'\nkeep = ['chown']\nnetwork = 'loopback'";
    let mut loader = files(&[("base.toml", base)]);
    let before = read(base).expect("is good");
    let tightenings = [
        "read = ['/srv']",
        "write = []",
        "hide = ['/srv/data']",
        "memory = '1M'",
        "keep = []",
        "network = 'none'",
        "system = false",
        "proc = 'absent'",
        "processes = 1",
        "time = '1s'",
        "listen = [80]",
        "terminal = 'none'",
        "refuse = ['socket']",
        "environment = ['none']",
        "devices = ['none']",
        "open-files = 5",
        "limits = { stack = '8M' }",
    ];
    for line in tightenings {
        let text = format!("extends = 'base.toml'\n{line}");
        let after = profile::read(&source(text.as_bytes()), &user(), &mut loader)
            .unwrap_or_else(|e| panic!("{e}"));
        assert!(
            after.confinement.no_more_than(&before.confinement),
            "{line}"
        );
        assert_ne!(
            after.confinement.entries(),
            before.confinement.entries(),
            "{line} changes nothing"
        );
    }
}

#[test]
fn every_value_that_was_asked_for_has_its_place() {
    let text = "read = ['/srv']\nmemory = '1G'\n\nnetwork = 'host'\nconnect = [443]\nkeep = ['chown']\nuser = 0\nset = { A = 'b' }\n";
    let document = read(text).expect("is good");
    let sources = BTreeMap::from([(PathBuf::from("test.toml"), text.to_owned())]);
    let set: Vec<_> = document
        .confinement
        .entries()
        .into_iter()
        .filter(|entry| entry.stated == Standing::Set)
        .collect();
    assert_eq!(set.len(), 15, "{set:?}");
    let lines = BTreeMap::from([
        ("files", 1),
        ("resources", 2),
        ("network", 4),
        ("capabilities", 6),
        ("ids", 7),
        ("kernel", 8),
    ]);
    for entry in &set {
        let line: usize = entry
            .provenance
            .strip_prefix("test.toml:")
            .and_then(|n| n.parse().ok())
            .expect("has a line");
        let expected = lines.get(entry.field.facet).copied();
        assert!(
            expected.is_none_or(|expected| line == expected || line == expected + 1),
            "{entry:?}"
        );
    }
    let origins = [document.confinement.resources.memory.clone()];
    for stated in origins {
        let casemate_model::Stated::Set { origin, .. } = stated else {
            panic!("it is set")
        };
        assert_eq!(outside(&origin, &sources), None);
        let Origin::File { start, end, .. } = origin else {
            panic!("it stands in the file")
        };
        assert_eq!(text.get(start..end), Some("'1G'"));
    }
}

#[test]
fn every_example_of_the_table_is_good() {
    let subordinate = Subordinate {
        uids: vec![(100_000, 65_536)],
        gids: vec![(100_000, 65_536)],
        ..Subordinate::default()
    };
    let context = Context {
        subordinate,
        ..user()
    };
    let mut loader = files(&[("base.toml", "")]);
    for key in KEYS {
        let extra = match key.name {
            "listen" | "connect" => "network = 'host'\n",
            "network" => "connect = ['443']\n",
            _ => "",
        };
        let text = format!("{extra}{}", key.example);
        assert!(
            key.example.starts_with(&format!("{} = ", key.name)),
            "{}",
            key.name
        );
        if let Err(errors) = profile::read(&source(text.as_bytes()), &context, &mut loader) {
            panic!("{}\n{errors}", key.name);
        }
    }
}

#[test]
fn keys_set_fields_that_exist_and_every_field_that_can_be_asked_for_has_a_key() {
    let document = read("").expect("an empty profile is good");
    let entries = document.confinement.entries();
    for key in KEYS {
        for stated in key.fields {
            assert!(
                entries.iter().any(|entry| entry.field == *stated),
                "{} states {stated}",
                key.name
            );
        }
    }
    // No profile says these: they follow from others, are never given up, or are for containers.
    let without = [
        "ids.user_name",
        "ids.rights",
        "namespaces.domainname",
        "files.root",
        "files.binds",
        "devices.numbers",
        "resources.memory_and_swap",
        "resources.oom_kill",
        "resources.oom_score_adj",
        "resources.cpu_weight",
        "resources.cpus",
        "resources.memory_nodes",
        "resources.io",
        "resources.huge_pages",
        "network.published",
        "namespaces.user",
        "namespaces.mount",
        "namespaces.pid",
        "capabilities.securebits",
        "files.masked",
        "files.read_only",
        "files.nodev",
        "kernel.session",
        "kernel.parent_death",
    ];
    for entry in entries {
        let has_key = KEYS.iter().any(|key| key.fields.contains(&entry.field));
        assert_eq!(
            has_key,
            !without.contains(&entry.field.to_string().as_str()),
            "{}",
            entry.field
        );
    }
}
