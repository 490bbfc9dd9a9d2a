//! Writes a command line.

use crate::engine::shell::quote;
use crate::reader::{Context, WriteError, Written};
use casemate_model::Workload;
use casemate_model::facets::binds::{Extra, Source};
use casemate_model::facets::files::{Access, ProcView, Root};
use casemate_model::facets::kernel::{Environment, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::Reach;
use casemate_model::lattice::{Guard, Limit, Selection};
use casemate_model::names::capabilities::CapabilitySet;
use std::path::Path;

pub(super) fn write(workloads: &[Workload], context: &Context<'_>) -> Result<Written, WriteError> {
    let [workload] = workloads else {
        return Err(WriteError::Several {
            names: workloads.iter().map(|one| one.name.clone()).collect(),
        });
    };
    let Some(command) = workload.program.command.value() else {
        return Err(WriteError::Missing {
            what: "the command",
        });
    };
    let mut lines: Vec<Vec<String>> = vec![vec!["bwrap".to_owned()]];
    let mut add = |words: &[&str]| lines.push(words.iter().map(|word| quote(word)).collect());
    namespaces(workload, &mut add);
    ids(workload, context.caller.uid == 0, &mut add);
    mounts(workload, &mut add);
    surroundings(workload, &mut add);
    let mut last = vec!["--".to_owned()];
    last.extend(command.iter().map(|word| quote(&word.to_string_lossy())));
    lines.push(last);
    let lines: Vec<String> = lines.iter().map(|words| words.join(" ")).collect();
    Ok(Written {
        text: lines.join(" \\\n  ") + "\n",
        ..Written::default()
    })
}

fn namespaces(workload: &Workload, add: &mut dyn FnMut(&[&str])) {
    let c = &workload.confinement;
    let closed = matches!(c.network.reach.value(), Some(Reach::None | Reach::Loopback));
    for (option, place) in [
        ("--unshare-user", &c.namespaces.user),
        ("--unshare-pid", &c.namespaces.pid),
        ("--unshare-net", &c.namespaces.net),
        ("--unshare-ipc", &c.namespaces.ipc),
        ("--unshare-uts", &c.namespaces.uts),
        ("--unshare-cgroup", &c.namespaces.cgroup),
    ] {
        let set = place.is_set() || option != "--unshare-user";
        if place.value() == Some(&Placement::New) && set || (option == "--unshare-net" && closed) {
            add(&[option]);
        }
    }
    if let Some(name) = c
        .namespaces
        .hostname
        .value()
        .filter(|name| !name.0.is_empty())
    {
        add(&["--hostname", &name.0]);
    }
}

fn ids(workload: &Workload, root: bool, add: &mut dyn FnMut(&[&str])) {
    let c = &workload.confinement;
    for (option, id) in [("--uid", &c.ids.uid), ("--gid", &c.ids.gid)] {
        if let Some(id) = id.value().filter(|_| id.is_set()) {
            add(&[option, &id.0.to_string()]);
        }
    }
    let wanted = c
        .capabilities
        .bounding
        .value()
        .copied()
        .unwrap_or(CapabilitySet::ALL);
    let held = c
        .capabilities
        .permitted
        .value()
        .copied()
        .unwrap_or(wanted)
        .intersection(wanted);
    let mut own = if root {
        CapabilitySet::ALL
    } else {
        CapabilitySet::EMPTY
    };
    if root && held != CapabilitySet::ALL {
        add(&["--cap-drop", "ALL"]);
        own = CapabilitySet::EMPTY;
    }
    for capability in held.difference(own).names() {
        add(&[
            "--cap-add",
            &format!("CAP_{}", capability.to_ascii_uppercase()),
        ]);
    }
}

fn mounts(workload: &Workload, add: &mut dyn FnMut(&[&str])) {
    let files = &workload.confinement.files;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let own_root = matches!(files.root.value(), Some(Root::ReadOnly | Root::Writable));
    if let Some(root) = workload
        .image
        .value()
        .filter(|root| own_root && root.starts_with('/'))
    {
        let read_only = files.root.value() == Some(&Root::ReadOnly);
        add(&[if read_only { "--ro-bind" } else { "--bind" }, root, "/"]);
    }
    // In the order of paths, so that what is above is mounted before what is below.
    let devices = files.nodev.value() == Some(&Guard::Off);
    let mut places: Vec<(String, Vec<String>)> = Vec::new();
    for (path, access) in files.grants.value().iter().flat_map(|grants| &grants.0) {
        let at = text(path);
        let kernel = ["/proc", "/dev"].iter().any(|tree| path == Path::new(tree));
        let option = match (access.is_none(), access.includes(Access::WRITE)) {
            // What is hidden becomes an empty directory that cannot be written.
            (true, _) if kernel => continue,
            (true, _) => {
                places.push((at.clone(), vec!["--tmpfs".to_owned(), at.clone()]));
                if !files
                    .temporary
                    .value()
                    .is_some_and(|own| own.0.contains_key(path))
                {
                    places.push((at.clone(), vec!["--remount-ro".to_owned(), at]));
                }
                continue;
            }
            (false, true) if devices => "--dev-bind",
            (false, true) => "--bind",
            (false, false) => "--ro-bind",
        };
        places.push((at.clone(), vec![option.to_owned(), at.clone(), at]));
    }
    for bind in files.binds.value().iter().flat_map(|binds| &binds.0) {
        let Source::Host(source) = &bind.source else {
            continue;
        };
        let option = match bind.access.includes(Access::WRITE) {
            true if bind.extra.includes(Extra::DEVICES) => "--dev-bind",
            true => "--bind",
            false => "--ro-bind",
        };
        let at = text(&bind.at);
        places.push((at.clone(), vec![option.to_owned(), text(source), at]));
    }
    for (path, size) in files
        .temporary
        .value()
        .iter()
        .flat_map(|temporary| &temporary.0)
    {
        let at = text(path);
        if at == "/" {
            continue;
        }
        let mut words = Vec::new();
        if let Limit::AtMost(bytes) = size {
            words.extend(["--size".to_owned(), bytes.to_string()]);
        }
        // One that is hidden as well is mounted here, once.
        places.retain(|(place, words)| {
            *place != at || words.first().is_none_or(|word| word != "--tmpfs")
        });
        words.extend(["--tmpfs".to_owned(), at.clone()]);
        places.push((at, words));
    }
    if files
        .proc
        .value()
        .is_some_and(|view| !matches!(view, ProcView::Absent))
    {
        places.push((
            "/proc".to_owned(),
            vec!["--proc".to_owned(), "/proc".to_owned()],
        ));
    }
    if matches!(workload.confinement.devices.nodes.value(), Some(Selection::Only(nodes)) if !nodes.is_empty())
    {
        places.push((
            "/dev".to_owned(),
            vec!["--dev".to_owned(), "/dev".to_owned()],
        ));
    }
    places.sort_by(|one, other| Path::new(&one.0).cmp(Path::new(&other.0)));
    for (_, words) in &places {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        add(&words);
    }
    let writable_root = files
        .temporary
        .value()
        .is_some_and(|own| own.0.contains_key(Path::new("/")));
    let root_bound = own_root
        || files
            .grants
            .value()
            .is_some_and(|grants| grants.0.contains_key(Path::new("/")));
    if !writable_root && !root_bound {
        add(&["--remount-ro", "/"]);
    }
}

fn surroundings(workload: &Workload, add: &mut dyn FnMut(&[&str])) {
    let c = &workload.confinement;
    if let Some(Environment::Only(variables)) = c.kernel.environment.value() {
        add(&["--clearenv"]);
        for (name, value) in variables {
            if let Variable::Text(text) = value {
                add(&["--setenv", name, text]);
            }
        }
    }
    if let Some(directory) = workload
        .program
        .directory
        .value()
        .filter(|_| workload.program.directory.is_set())
    {
        add(&["--chdir", &directory.to_string_lossy()]);
    }
    if let Some(SecurityLabel::Named(label)) = c.mac.selinux.value() {
        add(&["--exec-label", label]);
    }
    if c.kernel.session.value() == Some(&Guard::On) {
        add(&["--new-session"]);
    }
    if c.kernel.parent_death.value() == Some(&Guard::On) {
        add(&["--die-with-parent"]);
    }
}
