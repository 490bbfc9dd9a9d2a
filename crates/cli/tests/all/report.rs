//! `--report`: what is in force, compared with what the program sees of itself.

use super::support::{Caller, Findings, Json, Place, finish};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A directory in which the caller can write, for reports.
fn drop_box(place: &Place) -> String {
    let path = place.directory("reports");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn names(directory: &str) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

fn read(path: &str) -> Json {
    Json::parse(&fs::read_to_string(path).unwrap())
}

fn status(text: &str) -> BTreeMap<&str, String> {
    let words = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(",");
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name, words(value)))
        .collect()
}

#[test]
fn says_what_the_program_sees() {
    let place = Place::new("report-status");
    let reports = drop_box(&place);
    let mut findings = Findings::default();
    for caller in Caller::all("report::says_what_the_program_sees") {
        let file = format!("{reports}/{caller:?}.json");
        let script = "cat /proc/self/status; hostname=$(uname -n); echo Host: $hostname; for n in net pid mnt user uts ipc; do \
                      echo ns-$n: $(readlink /proc/self/ns/$n); done; echo Nofile: $(ulimit -Sn) $(ulimit -Hn); exit 3";
        let ended = place.sh(
            caller,
            &["--report", &file, "--open-files", "100:200"],
            script,
        );
        findings.same(
            format!("{caller:?} code"),
            (ended.code, ended.err.as_str()),
            (3, ""),
        );
        let (seen, report) = (status(&ended.out), read(&file));
        let actual =
            |facet: &str, name: &str| report.at(&["facets", facet, "actual", name]).clone();
        for (facet, name, field) in [("ids", "uid", "Uid"), ("ids", "gid", "Gid")] {
            let value = actual(facet, name).to_string();
            findings.same(
                format!("{caller:?} {name}"),
                value,
                format!("[{}]", seen[field]),
            );
        }
        for (name, field) in [
            ("permitted", "CapPrm"),
            ("bounding", "CapBnd"),
            ("ambient", "CapAmb"),
        ] {
            findings.same(
                format!("{caller:?} {field}"),
                seen[field].as_str(),
                "0000000000000000",
            );
            findings.same(
                format!("{caller:?} {name}"),
                actual("capabilities", name),
                Json::List(vec![]),
            );
        }
        findings.same(
            "no_new_privs",
            actual("capabilities", "no_new_privs").to_string(),
            "true".to_owned(),
        );
        findings.same("program's", seen["NoNewPrivs"].as_str(), "1");
        findings.same(
            "mode",
            actual("syscalls", "mode").to_string(),
            "filter".to_owned(),
        );
        findings.same("program's mode", seen["Seccomp"].as_str(), "2");
        findings.same(
            "host name",
            actual("namespaces", "hostname").to_string(),
            seen["Host"].clone(),
        );
        for kind in ["net", "pid", "mnt", "user", "uts", "ipc"] {
            let namespace = report.at(&["facets", "namespaces", "actual", kind]);
            findings.same(
                kind,
                namespace.at(&["namespace"]).to_string(),
                seen[format!("ns-{kind}").as_str()].clone(),
            );
            findings.same(kind, namespace.at(&["new"]).to_string(), "true".to_owned());
        }
        let limit = report
            .at(&["facets", "resources", "actual", "limits", "nofile"])
            .to_string();
        findings.same("nofile", limit, format!("[{}]", seen["Nofile"]));
        let outcome = report.at(&["outcome"]);
        findings.same("how", outcome.at(&["how"]).to_string(), "exited".to_owned());
        findings.same(
            "code",
            outcome.at(&["exit_code"]).to_string(),
            "3".to_owned(),
        );
        let asked = report.at(&["facets", "resources", "requested", "rlimits"]);
        findings.contains(
            "requested",
            &asked.at(&["value"]).to_string(),
            "nofile=100:200",
        );
        findings.same(
            "stated",
            asked.at(&["stated"]).to_string(),
            "set".to_owned(),
        );
        findings.contains("origin", &asked.at(&["origin"]).to_string(), "--open-files");
        let mounts = report
            .at(&["facets", "files", "actual", "mounts"])
            .to_string();
        findings.contains("mounts", &mounts, "/usr");
        findings.lacks("mounts", &mounts, "reports");
    }
    let left = names(&reports)
        .iter()
        .filter(|name| name.starts_with('.'))
        .count();
    findings.same("files left", left, 0);
}

/// A name, flags, a command, the code, and how it is told.
type Ending<'t> = (&'t str, &'t [&'t str], &'t [&'t str], i32, &'t str, &'t str);

#[test]
fn tells_how_it_ended() {
    let place = Place::new("report-outcome");
    let reports = drop_box(&place);
    let mut findings = Findings::default();
    let cases: [Ending<'_>; 4] = [
        ("code", &[], &["sh", "-c", "exit 7"], 7, "exited", "7"),
        (
            "signal",
            &[],
            &["sh", "-c", "kill -KILL $$"],
            137,
            "killed",
            "KILL",
        ),
        (
            "time",
            &["--time", "200ms"],
            &["sleep", "20"],
            137,
            "killed: the time was over",
            "KILL",
        ),
        ("none", &[], &["/etc/hostname-that-is-absent"], 127, "", ""),
    ];
    for caller in Caller::all("report::tells_how_it_ended") {
        for (name, flags, command, code, how, value) in cases {
            let file = format!("{reports}/{caller:?}-{name}.json");
            let flags: Vec<&str> = flags.iter().copied().chain(["--report", &file]).collect();
            let ended = place.run(caller, &flags, command);
            findings.same(format!("{caller:?} {name}"), ended.code, code);
            if how.is_empty() {
                findings.same(name, Path::new(&file).exists(), false);
                continue;
            }
            let outcome = read(&file).at(&["outcome"]).clone();
            findings.same(name, outcome.at(&["how"]).to_string(), how.to_owned());
            findings.contains(name, &outcome.to_string(), value);
        }
    }
}

#[test]
fn fails_before_the_program_when_it_cannot_be_written() {
    let place = Place::new("report-early");
    let mark = place.text("desk");
    let mut findings = Findings::default();
    for caller in Caller::all("report::fails_before_the_program_when_it_cannot_be_written") {
        for file in ["/proc/report.json", "/absent/report.json", "/usr"] {
            let ended = place.sh(caller, &["--report", file, "--read", &mark], "echo ran");
            findings.same(file, (ended.code, ended.out.as_str()), (125, ""));
            findings.contains(file, &ended.err, "cannot write the report");
        }
    }
}

#[test]
fn a_killed_launcher_leaves_nothing_half_made() {
    let place = Place::new("report-killed");
    let reports = drop_box(&place);
    let file = format!("{reports}/report.json");
    let script = format!(
        "{} run --report {file} -- sleep 30 & sleep 0.3; kill -KILL $!; wait $!; sleep 0.3",
        place.text("casemate")
    );
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).current_dir(place.path("desk"));
    let ended = finish(&mut shell);
    assert_eq!(ended.code, 0, "{ended:?}");
    // Either all of it, or nothing.
    for name in names(&reports) {
        assert_eq!(name, "report.json");
        assert!(
            read(&file)
                .at(&["outcome", "how"])
                .to_string()
                .starts_with("lost")
        );
    }
}
