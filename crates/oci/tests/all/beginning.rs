//! What a user or an engine begins with: `spec` and `features`.

use crate::support::{Config, Findings, Ground, finish, is_root, skip};
use std::fs;
use std::io::Read;
use std::os::unix::net::{UnixListener, UnixStream};

#[test]
fn a_written_configuration_runs() {
    const TEST: &str = "beginning::a_written_configuration_runs";
    if !is_root() {
        skip(TEST, "needs root");
        return;
    }
    let ground = Ground::new("spec");
    let mut findings = Findings::default();
    for flags in [&[][..], &["--rootless"]] {
        let bundle = ground.text(&format!("spec{}", flags.len()));
        fs::create_dir(&bundle).unwrap();
        let words = [&["spec", "--bundle", &bundle], flags].concat();
        let ended = ground.oci(&words);
        findings.same(format!("{ended:?}"), ended.code, 0);
        let path = format!("{bundle}/config.json");
        let text = fs::read_to_string(&path).unwrap();
        findings.same(
            format!("a terminal in {text}"),
            text.contains("\"terminal\": true"),
            true,
        );
        // One that is there is left alone.
        let ended = ground.oci(&words);
        findings.same(format!("{ended:?}"), ended.code, 1);
        findings.contains("why", &ended.err, "config.json");
        findings.same(
            "what is there",
            fs::read_to_string(&path).unwrap() == text,
            true,
        );
        // With another command, and without the terminal that nobody is there for.
        let script = "id -u; grep -E '^(NoNewPrivs|CapBnd):' /proc/self/status; touch /x";
        let changed = text
            .replace("\"terminal\": true", "\"terminal\": false")
            .replace("\"sh\"", &format!("\"sh\", \"-c\", \"{script}\""))
            .replace("\"rootfs\"", "\"../root\"");
        fs::write(&path, changed).unwrap();
        let ended = ground.oci(&["run", "--bundle", &bundle, "c"]);
        let said = "0\nCapBnd:\t0000000020000420\nNoNewPrivs:\t1\n";
        findings.same(format!("{flags:?}: {ended:?}"), ended.out.as_str(), said);
        findings.contains("the root", &ended.err, "Read-only file system");
    }
    ground.expect_nothing("afterwards", &mut findings);
}

#[test]
fn features_are_those_that_there_are() {
    const TEST: &str = "beginning::features_are_those_that_there_are";
    if !is_root() {
        skip(TEST, "needs root");
        return;
    }
    let ground = Ground::new("features");
    let mut findings = Findings::default();
    let ended = ground.oci(&["features"]);
    findings.same(format!("{ended:?}"), ended.code, 0);
    let features = ended.json();
    for (path, value) in [
        (&["ociVersionMin"][..], "1.0.0"),
        (&["ociVersionMax"], "1.3.0"),
        (&["linux", "cgroup", "v1"], "true"),
        (&["linux", "cgroup", "v2"], "true"),
        (&["linux", "seccomp", "enabled"], "true"),
        (&["linux", "apparmor", "enabled"], "true"),
        (&["linux", "mountExtensions", "idmap", "enabled"], "true"),
        (&["linux", "netDevices", "enabled"], "true"),
    ] {
        findings.same(
            format!("{path:?}"),
            features.at(path).to_string(),
            value.to_owned(),
        );
    }
    // The driver speaks to the bus that it is told of.
    let bundle = ground.bundle_of(&Config::of(&["true"]).text("system.slice:test:bus"));
    let address = ground.path("bus");
    let bus = UnixListener::bind(&address).unwrap();
    let listener = std::thread::spawn(move || {
        let (mut stream, _) = bus.accept().unwrap();
        let mut first = [0; 5];
        stream.read_exact(&mut first).is_ok() && first == *b"\0AUTH"
    });
    let mut command = ground.command(&["--systemd-cgroup", "run", "--bundle", &bundle, "c"]);
    command.env(
        "DBUS_SYSTEM_BUS_ADDRESS",
        format!("unix:path={}", address.display()),
    );
    let asked = finish(&mut command);
    // When nobody came, this lets the listener end.
    drop(UnixStream::connect(&address));
    let has = listener.join().unwrap();
    findings.same(
        format!("without an answer: {asked:?}"),
        asked.code == 0,
        false,
    );
    findings.same(format!("the bus: {asked:?}"), has, true);
    let told = features.at(&["linux", "cgroup", "systemd"]).to_string();
    findings.same(format!("systemd: {asked:?}"), told, has.to_string());
    ground.delete_all();
}
