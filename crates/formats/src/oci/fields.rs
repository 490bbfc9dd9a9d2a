//! What becomes of every property of the specification: the one table, of which docs/oci.md is made.

use super::decode::{FOREIGN, Json, Need, Shape, Special};
use super::schema::Spec;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What becomes of a property.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is done as the specification says; the text is what more there is to say.
    Honoured(&'static str),
    /// It is an error, for this reason.
    Refused(&'static str),
    /// It is passed over with a warning, for this reason.
    Ignored(&'static str),
}

use Fate::Honoured as Yes;

/// Every property by its path: `[]` is each value of a list, `{}` each value of an object whose keys are names.
#[rustfmt::skip]
pub const FIELDS: &[(&str, Fate)] = &[
    ("ociVersion", Yes("any 1.x.y; another major version is an error")),
    ("root", Yes("")),
    ("root.path", Yes("a relative path is of the bundle")),
    ("root.readonly", Yes("")),
    ("process", Yes("needed to start")),
    ("process.terminal", Yes("")),
    ("process.consoleSize", Yes("without a terminal it has no effect, as the specification says")),
    ("process.consoleSize.height", Yes("")),
    ("process.consoleSize.width", Yes("")),
    ("process.user", Yes("")),
    ("process.user.uid", Yes("must be given: a missing one is not taken for root")),
    ("process.user.gid", Yes("must be given")),
    ("process.user.umask", Yes("0022 when absent, whatever the caller's is")),
    ("process.user.additionalGids", Yes("these and no others")),
    ("process.args", Yes("at least the program")),
    ("process.env", Yes("each must be NAME=VALUE")),
    ("process.cwd", Yes("absolute; verified to be inside after the change of root")),
    ("process.capabilities", Yes("absent is the same as all sets empty")),
    ("process.capabilities.bounding", Yes("what no kernel has is left out with a warning")),
    ("process.capabilities.effective", Yes("")),
    ("process.capabilities.inheritable", Yes("")),
    ("process.capabilities.permitted", Yes("")),
    ("process.capabilities.ambient", Yes("")),
    ("process.rlimits", Yes("one twice is an error")),
    ("process.rlimits[].type", Yes("an unknown one is an error")),
    ("process.rlimits[].soft", Yes("above hard is an error")),
    ("process.rlimits[].hard", Yes("")),
    ("process.noNewPrivileges", Yes("read back")),
    ("process.apparmorProfile", Yes("an error without AppArmor or the profile")),
    ("process.oomScoreAdj", Yes("unchanged when absent")),
    ("process.scheduler", Yes("")),
    ("process.scheduler.policy", Yes("SCHED_ISO is an error: no kernel has it")),
    ("process.scheduler.nice", Yes("")),
    ("process.scheduler.priority", Yes("")),
    ("process.scheduler.flags", Yes("clamps of utilisation are an error: there is no property for the value")),
    ("process.scheduler.runtime", Yes("")),
    ("process.scheduler.deadline", Yes("")),
    ("process.scheduler.period", Yes("")),
    ("process.selinuxLabel", Yes("an error without SELinux")),
    ("process.ioPriority", Yes("")),
    ("process.ioPriority.class", Yes("")),
    ("process.ioPriority.priority", Yes("")),
    ("process.execCPUAffinity", Yes("for `exec` only, as the specification says")),
    ("process.execCPUAffinity.initial", Yes("")),
    ("process.execCPUAffinity.final", Yes("")),
    ("hostname", Yes("an error without a uts namespace")),
    ("domainname", Yes("an error without a uts namespace")),
    ("mounts", Yes("in the listed order")),
    ("mounts[].destination", Yes("found inside of the root, through no link that leads out")),
    ("mounts[].type", Yes("`bind` is the same as the option")),
    ("mounts[].source", Yes("")),
    ("mounts[].options", Yes("`remount` is an error, since all mounts are new; what is not the specification's goes to the file system")),
    ("mounts[].uidMappings", Yes("only together with gidMappings")),
    ("mounts[].uidMappings[].containerID", Yes("")),
    ("mounts[].uidMappings[].hostID", Yes("")),
    ("mounts[].uidMappings[].size", Yes("")),
    ("mounts[].gidMappings", Yes("only together with uidMappings")),
    ("mounts[].gidMappings[].containerID", Yes("")),
    ("mounts[].gidMappings[].hostID", Yes("")),
    ("mounts[].gidMappings[].size", Yes("")),
    ("hooks", Yes("")),
    ("hooks.prestart", Yes("before createRuntime")),
    ("hooks.createRuntime", Yes("")),
    ("hooks.createContainer", Yes("")),
    ("hooks.startContainer", Yes("")),
    ("hooks.poststart", Yes("one that fails ends the container, as of 1.3")),
    ("hooks.poststop", Yes("one that fails is logged, the others run")),
    ("hooks.*[].path", Yes("absolute")),
    ("hooks.*[].args", Yes("")),
    ("hooks.*[].env", Yes("these and no others")),
    ("hooks.*[].timeout", Yes("in seconds, then the hook is killed")),
    ("annotations", Yes("shown by `state`; `io.casemate.harden` tightens")),
    ("annotations{}", Yes("")),
    ("linux", Yes("")),
    ("linux.uidMappings", Yes("an error without a user namespace")),
    ("linux.uidMappings[].containerID", Yes("ranges that overlap are an error")),
    ("linux.uidMappings[].hostID", Yes("")),
    ("linux.uidMappings[].size", Yes("")),
    ("linux.gidMappings", Yes("an error without a user namespace")),
    ("linux.gidMappings[].containerID", Yes("")),
    ("linux.gidMappings[].hostID", Yes("")),
    ("linux.gidMappings[].size", Yes("")),
    ("linux.sysctl", Yes("only those of a namespace that the container has; others would be the host's")),
    ("linux.sysctl{}", Yes("")),
    ("linux.resources", Yes("")),
    ("linux.resources.devices", Yes("in the listed order, then the default devices")),
    ("linux.resources.devices[].allow", Yes("")),
    ("linux.resources.devices[].type", Yes("")),
    ("linux.resources.devices[].major", Yes("-1 is any")),
    ("linux.resources.devices[].minor", Yes("-1 is any")),
    ("linux.resources.devices[].access", Yes("")),
    ("linux.resources.memory", Yes("")),
    ("linux.resources.memory.limit", Yes("")),
    ("linux.resources.memory.reservation", Yes("")),
    ("linux.resources.memory.swap", Yes("without limit it is an error")),
    ("linux.resources.memory.kernel", Fate::Ignored("kernels since 5.16 limit their own memory with memory.limit only")),
    ("linux.resources.memory.kernelTCP", Yes("with version 1 of cgroups")),
    ("linux.resources.memory.swappiness", Yes("with version 1 of cgroups")),
    ("linux.resources.memory.disableOOMKiller", Yes("with version 1 of cgroups")),
    ("linux.resources.memory.useHierarchy", Yes("with version 1 of cgroups")),
    ("linux.resources.memory.checkBeforeUpdate", Yes("")),
    ("linux.resources.cpu", Yes("")),
    ("linux.resources.cpu.shares", Yes("with version 2 of cgroups as the weight")),
    ("linux.resources.cpu.quota", Yes("")),
    ("linux.resources.cpu.burst", Yes("")),
    ("linux.resources.cpu.period", Yes("")),
    ("linux.resources.cpu.realtimeRuntime", Yes("with version 1 of cgroups")),
    ("linux.resources.cpu.realtimePeriod", Yes("with version 1 of cgroups")),
    ("linux.resources.cpu.cpus", Yes("")),
    ("linux.resources.cpu.mems", Yes("")),
    ("linux.resources.cpu.idle", Yes("")),
    ("linux.resources.pids", Yes("")),
    ("linux.resources.pids.limit", Yes("0 is a limit, -1 is none")),
    ("linux.resources.blockIO", Yes("")),
    ("linux.resources.blockIO.weight", Yes("")),
    ("linux.resources.blockIO.leafWeight", Yes("with version 1 of cgroups, where the kernel still has it")),
    ("linux.resources.blockIO.weightDevice", Yes("")),
    ("linux.resources.blockIO.weightDevice[].major", Yes("")),
    ("linux.resources.blockIO.weightDevice[].minor", Yes("")),
    ("linux.resources.blockIO.weightDevice[].weight", Yes("")),
    ("linux.resources.blockIO.weightDevice[].leafWeight", Yes("with version 1 of cgroups, where the kernel still has it")),
    ("linux.resources.blockIO.throttleReadBpsDevice", Yes("")),
    ("linux.resources.blockIO.throttleReadBpsDevice[].major", Yes("")),
    ("linux.resources.blockIO.throttleReadBpsDevice[].minor", Yes("")),
    ("linux.resources.blockIO.throttleReadBpsDevice[].rate", Yes("")),
    ("linux.resources.blockIO.throttleWriteBpsDevice", Yes("")),
    ("linux.resources.blockIO.throttleWriteBpsDevice[].major", Yes("")),
    ("linux.resources.blockIO.throttleWriteBpsDevice[].minor", Yes("")),
    ("linux.resources.blockIO.throttleWriteBpsDevice[].rate", Yes("")),
    ("linux.resources.blockIO.throttleReadIOPSDevice", Yes("")),
    ("linux.resources.blockIO.throttleReadIOPSDevice[].major", Yes("")),
    ("linux.resources.blockIO.throttleReadIOPSDevice[].minor", Yes("")),
    ("linux.resources.blockIO.throttleReadIOPSDevice[].rate", Yes("")),
    ("linux.resources.blockIO.throttleWriteIOPSDevice", Yes("")),
    ("linux.resources.blockIO.throttleWriteIOPSDevice[].major", Yes("")),
    ("linux.resources.blockIO.throttleWriteIOPSDevice[].minor", Yes("")),
    ("linux.resources.blockIO.throttleWriteIOPSDevice[].rate", Yes("")),
    ("linux.resources.hugepageLimits", Yes("")),
    ("linux.resources.hugepageLimits[].pageSize", Yes("")),
    ("linux.resources.hugepageLimits[].limit", Yes("")),
    ("linux.resources.network", Yes("with version 1 of cgroups")),
    ("linux.resources.network.classID", Yes("")),
    ("linux.resources.network.priorities", Yes("")),
    ("linux.resources.network.priorities[].name", Yes("")),
    ("linux.resources.network.priorities[].priority", Yes("")),
    ("linux.resources.rdma", Yes("")),
    ("linux.resources.rdma{}", Yes("")),
    ("linux.resources.rdma{}.hcaHandles", Yes("")),
    ("linux.resources.rdma{}.hcaObjects", Yes("")),
    ("linux.resources.unified", Yes("with version 2 of cgroups; files that are the runtime's own to write are an error")),
    ("linux.resources.unified{}", Yes("")),
    ("linux.cgroupsPath", Yes("`..` in it is an error")),
    ("linux.namespaces", Yes("one twice is an error")),
    ("linux.namespaces[].type", Yes("all eight")),
    ("linux.namespaces[].path", Yes("a file of another type is an error")),
    ("linux.devices", Yes("")),
    ("linux.devices[].path", Yes("")),
    ("linux.devices[].type", Yes("")),
    ("linux.devices[].major", Yes("")),
    ("linux.devices[].minor", Yes("")),
    ("linux.devices[].fileMode", Yes("0666 when absent")),
    ("linux.devices[].uid", Yes("")),
    ("linux.devices[].gid", Yes("")),
    ("linux.netDevices", Yes("an error without a network namespace")),
    ("linux.netDevices{}", Yes("")),
    ("linux.netDevices{}.name", Yes("")),
    ("linux.seccomp", Yes("compiled with proof; docs/seccomp.md")),
    ("linux.seccomp.defaultAction", Yes("SCMP_ACT_NOTIFY is an error here")),
    ("linux.seccomp.defaultErrnoRet", Yes("")),
    ("linux.seccomp.architectures", Yes("")),
    ("linux.seccomp.flags", Yes("")),
    ("linux.seccomp.listenerPath", Yes("")),
    ("linux.seccomp.listenerMetadata", Yes("without listenerPath it is an error")),
    ("linux.seccomp.syscalls", Yes("")),
    ("linux.seccomp.syscalls[].names", Yes("a call that no table has is left out with a warning")),
    ("linux.seccomp.syscalls[].action", Yes("")),
    ("linux.seccomp.syscalls[].errnoRet", Yes("")),
    ("linux.seccomp.syscalls[].args", Yes("all conditions of a rule must hold")),
    ("linux.seccomp.syscalls[].args[].index", Yes("")),
    ("linux.seccomp.syscalls[].args[].value", Yes("")),
    ("linux.seccomp.syscalls[].args[].valueTwo", Yes("")),
    ("linux.seccomp.syscalls[].args[].op", Yes("")),
    ("linux.rootfsPropagation", Yes("")),
    ("linux.maskedPaths", Yes("")),
    ("linux.readonlyPaths", Yes("")),
    ("linux.mountLabel", Yes("an error without SELinux")),
    ("linux.intelRdt", Yes("an error without resctrl")),
    ("linux.intelRdt.closID", Yes("")),
    ("linux.intelRdt.schemata", Yes("")),
    ("linux.intelRdt.l3CacheSchema", Yes("")),
    ("linux.intelRdt.memBwSchema", Yes("")),
    ("linux.intelRdt.enableMonitoring", Yes("")),
    ("linux.memoryPolicy", Yes("")),
    ("linux.memoryPolicy.mode", Yes("")),
    ("linux.memoryPolicy.nodes", Yes("")),
    ("linux.memoryPolicy.flags", Yes("")),
    ("linux.personality", Yes("")),
    ("linux.personality.domain", Yes("")),
    ("linux.personality.flags", Fate::Refused("the specification has no flag")),
    ("linux.timeOffsets", Yes("an error without a new time namespace")),
    ("linux.timeOffsets{}", Yes("`boottime` and `monotonic`")),
    ("linux.timeOffsets{}.secs", Yes("")),
    ("linux.timeOffsets{}.nanosecs", Yes("")),
];

/// All properties of the specification by their paths, with whether each must be given, as the types have them.
pub fn properties() -> BTreeMap<String, Need> {
    let mut found = BTreeMap::new();
    walk("", &Spec::SHAPE, &mut found);
    found
}

fn walk(path: &str, shape: &Shape, found: &mut BTreeMap<String, Need>) {
    match shape {
        Shape::Leaf => {}
        Shape::List(inner) => walk(&format!("{path}[]"), inner, found),
        Shape::Map(inner) => {
            let path = format!("{path}{{}}");
            found.insert(path.clone(), Need::optional);
            walk(&path, inner, found);
        }
        Shape::Object(keys) => {
            for key in *keys {
                let separator = if path.is_empty() { "" } else { "." };
                // The six kinds of hooks are alike.
                let path = match path.strip_prefix("hooks.") {
                    Some(kind) if kind.ends_with("[]") => "hooks.*[]",
                    _ => path,
                };
                let path = format!("{path}{separator}{}", key.name);
                found.insert(path.clone(), key.need);
                walk(&path, &key.shape, found);
            }
        }
    }
}

/// The page of documentation.
pub fn markdown() -> String {
    let mut text = String::from(INTRODUCTION);
    let needs = properties();
    let foreign = FOREIGN.iter().map(|(path, special)| {
        let fate = match special {
            Special::Refused(why) => Fate::Refused(why),
            Special::WithoutEffect(why) => Fate::Ignored(why),
        };
        (*path, fate)
    });
    for (path, fate) in FIELDS.iter().copied().chain(foreign) {
        let (word, note) = match fate {
            Fate::Honoured(note) => ("honoured", note),
            Fate::Refused(why) => ("refused", why),
            Fate::Ignored(why) => ("passed over with a warning", why),
        };
        let need = match needs.get(path) {
            Some(Need::required) => "yes",
            _ => "",
        };
        // Writing to a text does not fail.
        if writeln!(text, "| `{path}` | {need} | {word} | {note} |").is_err() {
            return text;
        }
    }
    text
}

const INTRODUCTION: &str = "\
<!-- Made by `cargo xtask generate` of crates/formats/src/oci/fields.rs. -->
# config.json, property by property

`casemate-oci` reads `config.json` as the OCI runtime specification 1.3 has it, and any other 1.x, whose properties are
among these. Every property is honoured or is an error that names it; none is dropped in silence:

- A property that is in no version of the specification is passed over with a warning, as the specification demands. One
  that differs from a known one only in the case of its letters is an error: runtimes that are written in Go would honour
  it.
- A key that is given twice is an error, since readers disagree about which one counts; so is a text with a zero byte,
  which the kernel would cut there, and a name that is not one of a fixed set.
- What this kernel or machine cannot do is an error when the container is created, in the words of the property.
- All errors of a file are reported at once, each with line, column and path: `config.json:12:5: linux.namespaces[2].type:
  unknown namespace type \"netns\"`.

`casemate show config.json` prints what a configuration permits, `casemate diff config.json pid:N` compares it with a
process. What Casemate adds to the specification is in docs/harden.md.

`[]` stands for each value of a list, `{}` for each value of an object whose keys are names, `*` for each kind of hook.

| property | must be given | | |
|---|---|---|---|
";
