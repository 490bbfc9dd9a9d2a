//! The reader.

use super::config::{Config, Given};
use super::confine::Maker;
use super::lines::{Collector, Parts, parts};
use super::{cgroups, mounts, proxmox};
use crate::loss::Loss;
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::facets::files::Root;
use casemate_model::names::CapabilitySet;
use casemate_model::workload::setting;
use casemate_model::{Origin, Stated, Workload};
use casemate_seccomp::formats as filters;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The configuration.
pub const FORMAT: Format = Format {
    name: "lxc",
    about: "LXC's container configuration, of every version, and Proxmox's",
    files: &["config", ".conf"],
    detect,
    read,
    write: Some(super::write::write),
};

/// The setting that holds a key of LXC's which confines nothing by itself: the key of the setting is that of LXC.
pub const OTHER: &str = "lxc";
/// The setting that holds options of a mount which permit nothing; the key is the place inside.
pub const MOUNT_OPTIONS: &str = "lxc-mount-options";
/// The setting that names the file of the system call filter, where it cannot be read.
pub const FILTER_FILE: &str = "lxc-seccomp-profile";

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Likeness::No;
    };
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys = |line: &str| matches!(parts(line), Parts::Set(..));
    // A typing error in one line does not make it another format.
    let mut first = lines.take(20);
    if first.any(keys) || proxmox::looks_like(text) {
        let named = path.extension().is_some_and(|end| end == "conf")
            || path.file_name().is_some_and(|name| name == "config");
        return if named {
            Likeness::Certain
        } else {
            Likeness::Content
        };
    }
    Likeness::No
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    if bytes.len() > crate::document::MAX_SIZE {
        let what = format!("larger than {} bytes", crate::document::MAX_SIZE);
        return Err(Problem::new(what, text.origin(0, 1)).into());
    }
    let engine = context.engine_of(&["lxc"]);
    let (of, version) = engine.map_or(("lxc", (6, 0)), |engine| (engine.label, engine.version));
    let whole = text.origin(0, text.text.len());
    let mut config = Config::default();
    let mut workload = Workload::new("", "container", whole);
    let mut collector = Collector::new(context.files);
    if proxmox::looks_like(text.text) {
        proxmox::read(&text, &mut config, &mut collector, &mut workload);
    } else {
        collector.text(&text);
    }
    let Collector {
        lines,
        mut losses,
        mut problems,
        ..
    } = collector;
    config.apply(lines, version, &mut losses, &mut problems);
    let mut maker = Maker {
        config: &config,
        of,
        start: text.origin(0, text.text.lines().next().map_or(0, str::len)),
        problems: &mut problems,
        losses: &mut losses,
    };
    workload.confinement.devices.nodes = Stated::Unknown;
    workload.confinement = maker.confinement();
    program(&config, &mut workload, of);
    root(&config, &mut workload, of);
    let fstab = fstab(&config, path, context, &mut losses);
    mounts::read(
        &config,
        &fstab,
        &mut workload,
        of,
        &mut losses,
        &mut problems,
    );
    cgroups::read(&config, &mut workload, &mut problems, &mut losses);
    filter(
        &config,
        path,
        context,
        &mut workload,
        &mut losses,
        &mut problems,
    );
    settings(&config, &mut workload, &mut losses);
    if !problems.is_empty() {
        return Err(ReadError { problems });
    }
    Ok(Reading {
        workloads: vec![workload],
        losses,
    })
}

fn program(config: &Config, workload: &mut Workload, of: &'static str) {
    let given = config
        .one("lxc.init.cmd")
        .or_else(|| config.one("lxc.execute.cmd"));
    workload.program.command = match given {
        Some(given) => {
            let words = words(&given.value)
                .into_iter()
                .map(OsString::from)
                .collect();
            Stated::set(words, given.origin.clone())
        }
        None => Stated::default_of(of, vec![OsString::from("/sbin/init")]),
    };
    workload.program.directory = match config.one("lxc.init.cwd") {
        Some(given) => Stated::set(PathBuf::from(&given.value), given.origin.clone()),
        None => Stated::default_of(of, PathBuf::from("/")),
    };
}

/// Words, some of them in quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn root(config: &Config, workload: &mut Workload, of: &'static str) {
    let Some(given) = config.one("lxc.rootfs.path") else {
        workload.confinement.files.root = Stated::default_of(of, Root::Host);
        return;
    };
    workload.image = Stated::set(given.value.clone(), given.origin.clone());
    let options = config.one("lxc.rootfs.options");
    let mut read_only = false;
    let mut others = Vec::new();
    for option in options.into_iter().flat_map(|given| given.value.split(',')) {
        match option.trim() {
            "ro" => read_only = true,
            "rw" => read_only = false,
            "" => {}
            other => others.push(other),
        }
    }
    if let Some(options) = options.filter(|_| !others.is_empty()) {
        workload.set(
            OTHER,
            "lxc.rootfs.options",
            others.join(","),
            options.origin.clone(),
        );
    }
    let origin = options
        .map_or(&given.origin, |options| &options.origin)
        .clone();
    let root = if read_only {
        Root::ReadOnly
    } else {
        Root::Writable
    };
    workload.confinement.files.root = Stated::set(root, origin);
}

fn beside(path: &Path, name: &str) -> PathBuf {
    path.parent()
        .map_or_else(|| PathBuf::from(name), |parent| parent.join(name))
}

fn fstab(
    config: &Config,
    path: &Path,
    context: &mut Context<'_>,
    losses: &mut Vec<Loss>,
) -> Vec<Given> {
    let Some(given) = config.one("lxc.mount.fstab") else {
        return Vec::new();
    };
    let file = beside(path, &given.value);
    let bytes = context.files.read(&file);
    let text = bytes
        .as_deref()
        .ok()
        .and_then(|bytes| Text::new(&file, bytes).ok());
    let Some(text) = text else {
        let what = format!("lxc.mount.fstab = {}", given.value);
        losses.push(Loss::elsewhere(
            what,
            "a file that is not here",
            given.origin.clone(),
        ));
        return Vec::new();
    };
    text.lines()
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim().starts_with('#'))
        .map(|(start, line)| Given {
            value: line.to_owned(),
            origin: text.origin(start, start + line.len()),
            order: 0,
        })
        .collect()
}

fn filter(
    config: &Config,
    path: &Path,
    context: &mut Context<'_>,
    workload: &mut Workload,
    losses: &mut Vec<Loss>,
    problems: &mut Vec<Problem>,
) {
    let Some(given) = config.one("lxc.seccomp.profile") else {
        return;
    };
    let nested = config
        .one("lxc.seccomp.allow_nesting")
        .is_some_and(|given| given.value == "1");
    if !nested {
        losses.push(Loss::caution(
            "where a filter is in force already, as inside of another container, LXC does not load this one unless lxc.seccomp.allow_nesting is 1",
            given.origin.clone(),
        ));
    }
    let file = beside(path, &given.value);
    let Ok(bytes) = context.files.read(&file) else {
        let what = format!("lxc.seccomp.profile = {}", given.value);
        losses.push(Loss::elsewhere(
            what,
            "a file that is not here",
            given.origin.clone(),
        ));
        workload.set(FILTER_FILE, "", given.value.clone(), given.origin.clone());
        workload.confinement.syscalls.filter = Stated::Unknown;
        return;
    };
    let own = filters::Context {
        archs: context.archs,
        kernel: context.kernel,
        capabilities: CapabilitySet::EMPTY,
        unknown: None,
        loader: &filters::NoFiles,
    };
    let Some(format) = filters::find("lxc") else {
        return;
    };
    match (format.read)(&file.to_string_lossy(), &bytes, &own) {
        Ok(reading) => {
            losses.extend(
                reading
                    .notes
                    .iter()
                    .map(|note| note_of(note, &file, &bytes)),
            );
            workload.confinement.syscalls.filter =
                Stated::set(reading.policy, given.origin.clone());
        }
        Err(error) => problems.push(Problem::new(error.to_string(), given.origin.clone())),
    }
}

fn note_of(note: &filters::Note, file: &Path, bytes: &[u8]) -> Loss {
    let text = Text::of(file, std::str::from_utf8(bytes).unwrap_or_default());
    let start = text.offset(note.at.line, note.at.column);
    Loss::caution(note.remark.to_string(), text.origin(start, start + 1))
}

/// Everything that confines nothing by itself.
fn settings(config: &Config, workload: &mut Workload, losses: &mut Vec<Loss>) {
    const KEPT: [&str; 27] = [
        "lxc.apparmor.allow_incomplete",
        "lxc.apparmor.allow_nesting",
        "lxc.autodev.tmpfs.size",
        "lxc.cgroup.dir",
        "lxc.cgroup.dir.container",
        "lxc.cgroup.dir.container.inner",
        "lxc.cgroup.dir.monitor",
        "lxc.cgroup.dir.monitor.pivot",
        "lxc.cgroup.relative",
        "lxc.console.buffer.size",
        "lxc.console.logfile",
        "lxc.console.rotate",
        "lxc.console.size",
        "lxc.ephemeral",
        "lxc.hook.version",
        "lxc.log.file",
        "lxc.log.level",
        "lxc.log.syslog",
        "lxc.monitor.unshare",
        "lxc.rootfs.managed",
        "lxc.rootfs.mount",
        "lxc.sched.core",
        "lxc.seccomp.allow_nesting",
        "lxc.seccomp.notify.cookie",
        "lxc.seccomp.notify.proxy",
        "lxc.selinux.context.keyring",
        "lxc.signal.reboot",
    ];
    const ALSO: [&str; 9] = [
        "lxc.pty.max",
        "lxc.signal.stop",
        "lxc.start.auto",
        "lxc.start.delay",
        "lxc.start.order",
        "lxc.time.offset.boot",
        "lxc.time.offset.monotonic",
        "lxc.tty.dir",
        "lxc.tty.max",
    ];
    for key in KEPT.into_iter().chain(ALSO) {
        if let Some(given) = config.one(key) {
            workload.set(OTHER, key, given.value.clone(), given.origin.clone());
        }
    }
    for (key, name) in [
        ("lxc.arch", setting::PERSONALITY),
        ("lxc.signal.halt", setting::STOP_SIGNAL),
    ] {
        if let Some(given) = config.one(key) {
            workload.set(name, "", given.value.clone(), given.origin.clone());
        }
    }
    if let (Some(_), Some(given)) = (config.one("lxc.init.cmd"), config.one("lxc.execute.cmd")) {
        workload.set(
            OTHER,
            "lxc.execute.cmd",
            given.value.clone(),
            given.origin.clone(),
        );
    }
    if let Some(given) = config
        .one("lxc.console.path")
        .filter(|given| given.value != "none")
    {
        workload.set(
            OTHER,
            "lxc.console.path",
            given.value.clone(),
            given.origin.clone(),
        );
    }
    for key in ["lxc.apparmor.raw", "lxc.environment.hooks", "lxc.group"] {
        for given in config.list(key) {
            workload.set(OTHER, key, given.value.clone(), given.origin.clone());
        }
    }
    if let Some(given) = config
        .one("lxc.apparmor.allow_nesting")
        .filter(|given| given.value == "1")
    {
        losses.push(Loss::caution(
            "the AppArmor profile is generated with the rules for nested containers, which permit most mounts",
            given.origin.clone(),
        ));
    }
    network(config, workload);
    below(config, workload);
    hooks(config, workload, losses);
}

fn network(config: &Config, workload: &mut Workload) {
    let kind = |number: &str| {
        let given = config.at("lxc.net.", &format!("{number}.type")).last();
        given.map(|given| given.value.clone())
    };
    for (rest, values) in config.below("lxc.net.") {
        for given in values {
            let key = format!("lxc.net.{rest}");
            workload.set(OTHER, &key, given.value.clone(), given.origin.clone());
            let number = rest.split('.').next().unwrap_or_default();
            if rest.strip_suffix(".link").is_some() && kind(number).as_deref() == Some("phys") {
                workload.set(setting::INTERFACE, &given.value, "", given.origin.clone());
            }
        }
    }
}

fn below(config: &Config, workload: &mut Workload) {
    for (rest, values) in config.below("lxc.proc.") {
        if rest == "oom_score_adj" {
            continue;
        }
        if let Some(given) = values.last() {
            workload.set(
                OTHER,
                &format!("lxc.proc.{rest}"),
                given.value.clone(),
                given.origin.clone(),
            );
        }
    }
}

/// The points at which hooks run, and whether on the host.
pub const HOOKS: [(&str, bool); 10] = [
    ("pre-start", true),
    ("pre-mount", false),
    ("mount", false),
    ("autodev", false),
    ("start-host", true),
    ("start", false),
    ("stop", true),
    ("post-stop", true),
    ("clone", true),
    ("destroy", true),
];

fn hooks(config: &Config, workload: &mut Workload, losses: &mut Vec<Loss>) {
    let mut told = false;
    for (point, outside) in HOOKS {
        for given in config.list(&format!("lxc.hook.{point}")) {
            workload.set(
                setting::HOOK,
                point,
                given.value.clone(),
                given.origin.clone(),
            );
            if outside && !told {
                told = true;
                losses.push(Loss::caution(
                    format!("the hook {point} runs on the host as who starts the container: whoever can write this configuration or the program is that user"),
                    given.origin.clone(),
                ));
            }
        }
    }
}

/// An origin for what Proxmox adds by itself.
pub const PROXMOX: Origin = Origin::Rule("Proxmox adds it to every container");
