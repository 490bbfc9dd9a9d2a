//! What only Linux has.

use super::resources::{Whole, is_interface, resources};
use super::{Check, is_number_list};
use crate::oci::decode::short;
use crate::oci::error::Problem;
use crate::oci::schema::{
    Device, DeviceType, IntelRdt, Linux, MemoryPolicy, MemoryPolicyFlag, MemoryPolicyMode,
    NamespaceKind, Seccomp,
};
use std::collections::BTreeMap;

pub(super) fn linux(check: &mut Check, linux: &Linux) {
    namespaces(check, linux);
    check.mappings("uidMappings", &linux.uid_mappings);
    check.mappings("gidMappings", &linux.gid_mappings);
    time(check, linux);
    check.within("sysctl", |check| sysctl(check, linux));
    if let Some(own) = &linux.resources {
        check.within("resources", |check| {
            resources(check, own, Whole::Configuration);
        });
    }
    cgroups_path(check, &linux.cgroups_path);
    check.each("devices", &linux.devices, device);
    net_devices(check, linux);
    if let Some(own) = &linux.seccomp {
        check.within("seccomp", |check| seccomp(check, own));
    }
    check.absolutes("maskedPaths", &linux.masked_paths);
    check.absolutes("readonlyPaths", &linux.readonly_paths);
    if let Some(own) = &linux.intel_rdt {
        check.within("intelRdt", |check| intel_rdt(check, own));
    }
    if let Some(own) = &linux.memory_policy {
        check.within("memoryPolicy", |check| memory_policy(check, own));
    }
    if let Some(own) = &linux.personality {
        check.within("personality", |check| {
            let none = own.flags.is_empty();
            check.demand("flags", none, "must be empty, the specification has none");
        });
    }
}

fn namespaces(check: &mut Check, linux: &Linux) {
    check.within("namespaces", |check| {
        let kinds = linux.namespaces.iter();
        check.once("namespace", kinds.map(|namespace| namespace.kind.oci()));
    });
    check.each("namespaces", &linux.namespaces, |check, namespace| {
        if !namespace.path.is_empty() {
            check.absolute("path", &namespace.path);
        }
    });
    let users = linux.namespace(NamespaceKind::User);
    for (key, mappings) in [
        ("uidMappings", &linux.uid_mappings),
        ("gidMappings", &linux.gid_mappings),
    ] {
        match users {
            None => check.demand(
                key,
                mappings.is_empty(),
                "must not be set without a user namespace",
            ),
            Some(own) => check.demand(
                key,
                !mappings.is_empty() || !own.path.is_empty(),
                "must be given for a new user namespace",
            ),
        }
    }
}

fn time(check: &mut Check, linux: &Linux) {
    if linux.time_offsets.is_empty() {
        return;
    }
    let new = linux
        .namespace(NamespaceKind::Time)
        .is_some_and(|namespace| namespace.path.is_empty());
    check.demand(
        "timeOffsets",
        new,
        "must not be set without a new time namespace",
    );
    check.within("timeOffsets", |check| {
        for (clock, offset) in &linux.time_offsets {
            let known = ["boottime", "monotonic"].contains(&clock.as_str());
            check.demand(clock, known, "must be boottime or monotonic");
            check.within(clock, |check| {
                let fits = offset.nanosecs < 1_000_000_000;
                check.demand("nanosecs", fits, "must be below 1000000000");
            });
        }
    });
}

/// Kernel parameters that belong to a namespace, with its kind. All others are the host's.
const NAMESPACED: [(&str, NamespaceKind); 12] = [
    ("fs.mqueue.", NamespaceKind::Ipc),
    ("kernel.domainname", NamespaceKind::Uts),
    ("kernel.msg_next_id", NamespaceKind::Ipc),
    ("kernel.msgmax", NamespaceKind::Ipc),
    ("kernel.msgmnb", NamespaceKind::Ipc),
    ("kernel.msgmni", NamespaceKind::Ipc),
    ("kernel.sem", NamespaceKind::Ipc),
    ("kernel.sem_next_id", NamespaceKind::Ipc),
    ("kernel.shm", NamespaceKind::Ipc),
    ("net.", NamespaceKind::Net),
    ("user.max_", NamespaceKind::User),
    ("kernel.hostname", NamespaceKind::Uts),
];

fn sysctl(check: &mut Check, linux: &Linux) {
    let mut normal: BTreeMap<String, &str> = BTreeMap::new();
    for name in linux.sysctl.keys() {
        let dotted = dotted(name);
        let steps = dotted.split('.');
        let plain =
            dotted.contains('.') && steps.clone().all(|step| !step.is_empty() && step != "/");
        check.demand(name, plain, "must be a name of a kernel parameter");
        if let Some(other) = normal.insert(dotted.clone(), name) {
            let name = short(other);
            let what = "kernel parameter";
            check.error(Problem::Twice { what, name });
        }
        let owner = NAMESPACED
            .iter()
            .find(|(prefix, _)| match prefix.strip_suffix(['.', '_']) {
                Some(_) => dotted.starts_with(prefix),
                None => {
                    dotted == *prefix || (*prefix == "kernel.shm" && dotted.starts_with(prefix))
                }
            });
        match owner {
            None => check.demand(
                name,
                false,
                "must not be set, it belongs to no namespace and would change the host",
            ),
            Some((_, kind)) => check.demand(
                name,
                linux.namespace(*kind).is_some(),
                "must not be set without a namespace of its kind, it would change the host",
            ),
        }
        let host = dotted == "kernel.hostname";
        check.demand(
            name,
            !host,
            "must be set with hostname, which has precedence",
        );
    }
}

/// The name of a kernel parameter with dots between its parts. As sysctl(8) has it, the first separator decides which
/// one separates; the other one is exchanged.
pub fn dotted(name: &str) -> String {
    let slashed = name.find(['.', '/']).and_then(|at| name.as_bytes().get(at)) == Some(&b'/');
    if !slashed {
        return name.to_owned();
    }
    let swap = |c| match c {
        '/' => '.',
        '.' => '/',
        other => other,
    };
    name.chars().map(swap).collect()
}

fn cgroups_path(check: &mut Check, path: &str) {
    let climbs = path.split('/').any(|step| step == "..");
    check.text("cgroupsPath", path, !climbs, "must not have .. in it");
    let lines = path.contains('\n');
    check.text("cgroupsPath", path, !lines, "must be one line");
}

fn device(check: &mut Check, device: &Device) {
    check.absolute("path", &device.path);
    let climbs = device.path.split('/').any(|step| step == "..");
    check.text("path", &device.path, !climbs, "must not have .. in it");
    for (key, number, most) in [
        ("major", device.major, 4095),
        ("minor", device.minor, 1_048_575),
    ] {
        let fits = match (device.kind, number) {
            // Engines write 0 for pipes, and some any number.
            (DeviceType::Pipe, _) => true,
            (_, Some(number)) => (0..=most).contains(&number),
            (_, None) => false,
        };
        check.demand(key, fits, "must be a device number");
    }
    check.demand(
        "fileMode",
        device.file_mode.is_none_or(|mode| mode & !0o170_777 == 0),
        "must be permission bits, in decimal",
    );
}

fn net_devices(check: &mut Check, linux: &Linux) {
    if linux.net_devices.is_empty() {
        return;
    }
    let own = linux.namespace(NamespaceKind::Net).is_some();
    check.demand(
        "netDevices",
        own,
        "must not be set without a network namespace",
    );
    check.within("netDevices", |check| {
        let names = linux.net_devices.iter();
        let inside = |(outside, device): (&'_ String, &'_ crate::oci::schema::NetDevice)| {
            if device.name.is_empty() {
                outside.clone()
            } else {
                device.name.clone()
            }
        };
        let inside: Vec<String> = names
            .map(inside)
            .filter(|name| !name.contains("%d"))
            .collect();
        check.once("name", inside.iter().map(String::as_str));
        for (outside, device) in &linux.net_devices {
            check.demand(
                outside,
                is_interface(outside),
                "must be a name of an interface",
            );
            check.within(outside, |check| {
                let template = device.name.replacen("%d", "0", 1);
                let fits = device.name.is_empty()
                    || (is_interface(&device.name) && !template.contains('%'));
                check.text("name", &device.name, fits, "must be a name of an interface");
            });
        }
    });
}

fn seccomp(check: &mut Check, own: &Seccomp) {
    // The agent could not be told of the call with which the runtime tells it.
    check.demand(
        "defaultAction",
        own.default_action != "SCMP_ACT_NOTIFY",
        "must not be SCMP_ACT_NOTIFY, the runtime itself could not go on",
    );
    check.demand(
        "listenerMetadata",
        own.listener_metadata.is_empty() || !own.listener_path.is_empty(),
        "must not be set without listenerPath",
    );
    if !own.listener_path.is_empty() {
        check.absolute("listenerPath", &own.listener_path);
    }
    check.each("syscalls", &own.syscalls, |check, rule| {
        check.demand("names", !rule.names.is_empty(), "must have a name");
        check.each("args", &rule.args, |check, arg| {
            check.demand("index", arg.index < 6, "must be from 0 to 5");
        });
    });
}

fn intel_rdt(check: &mut Check, own: &IntelRdt) {
    let id = own.clos_id.as_str();
    let plain = id == "/" || !(id.contains(['/', '\n']) || id == "." || id == "..");
    check.text("closID", id, plain, "must be a name of a directory, or /");
    let line = |text: &str| !text.contains('\n');
    check.demand(
        "l3CacheSchema",
        line(&own.l3_cache_schema),
        "must be one line",
    );
    let bandwidth = own.mem_bw_schema.as_str();
    check.demand(
        "memBwSchema",
        line(bandwidth) && (bandwidth.is_empty() || bandwidth.starts_with("MB:")),
        "must be one line that begins with MB:",
    );
    let lines = own.schemata.iter().all(|text| line(text));
    check.demand("schemata", lines, "must have one line in each element");
}

fn memory_policy(check: &mut Check, own: &MemoryPolicy) {
    use MemoryPolicyMode as Mode;
    let fits = own.nodes.is_empty() || is_number_list(&own.nodes, 1023);
    check.text(
        "nodes",
        &own.nodes,
        fits,
        "must be a list of nodes such as 0-3,7",
    );
    let named = !own.nodes.is_empty();
    match own.mode {
        Mode::Default | Mode::Local => {
            check.demand("nodes", !named, "must not be set for this mode");
        }
        Mode::Preferred => {}
        Mode::Bind | Mode::Interleave | Mode::WeightedInterleave | Mode::PreferredMany => {
            check.demand("nodes", named, "must be given for this mode");
        }
    }
    let has = |flag| own.flags.contains(&flag);
    check.demand(
        "flags",
        !(has(MemoryPolicyFlag::RelativeNodes) && has(MemoryPolicyFlag::StaticNodes)),
        "must not have both relative and static nodes",
    );
    let named_flags = has(MemoryPolicyFlag::RelativeNodes) || has(MemoryPolicyFlag::StaticNodes);
    check.demand(
        "flags",
        !named_flags || named,
        "must not be about nodes when there are none",
    );
    check.demand(
        "flags",
        !has(MemoryPolicyFlag::NumaBalancing)
            || own.mode == Mode::Bind
            || own.mode == Mode::PreferredMany,
        "must not balance without MPOL_BIND or MPOL_PREFERRED_MANY",
    );
}
