//! What a configuration says that confines nothing by itself, or that the model has no field for.
//!
//! Hooks, annotations, moved interfaces and the like have names that all formats share. Everything else is kept as
//! [`PROPERTY`] with its path and its JSON, so that writing a configuration anew keeps it.

use super::Maker;
use crate::oci::decode::{Json, encode};
use crate::oci::schema::{Hooks, Linux, Process, Resources, Spec};
use casemate_model::workload::{Setting, setting};

/// The name of a setting that is a property of a configuration; the key is its path, the value its JSON.
pub const PROPERTY: &str = "oci-property";

/// Lists the settings of a configuration.
pub fn settings(spec: &Spec, places: &super::Places<'_>) -> Vec<Setting> {
    let maker = Maker {
        spec,
        places,
        bundle: std::path::Path::new(""),
    };
    let mut list = List {
        maker: &maker,
        settings: Vec::new(),
    };
    list.shared();
    if let Some(process) = &spec.process {
        list.process(process);
    }
    if let Some(linux) = &spec.linux {
        list.linux(linux);
        if let Some(resources) = &linux.resources {
            list.resources(resources);
        }
    }
    list.settings
}

struct List<'a> {
    maker: &'a Maker<'a>,
    settings: Vec<Setting>,
}

impl List<'_> {
    fn add(&mut self, name: &'static str, key: &str, value: String, path: &str) {
        self.settings.push(Setting {
            name,
            key: key.to_owned(),
            value,
            origin: self.maker.field(path, ()),
        });
    }

    fn property<T: Json>(&mut self, path: &str, value: &T) {
        if !value.is_absent() {
            self.add(PROPERTY, path, compact(value), path);
        }
    }

    fn shared(&mut self) {
        let spec = self.maker.spec;
        for (name, hooks) in spec.hooks.iter().flat_map(Hooks::all) {
            for (index, hook) in hooks.iter().enumerate() {
                let path = format!("hooks.{name}[{index}]");
                self.add(setting::HOOK, name, compact(hook), &path);
            }
        }
        for (key, value) in &spec.annotations {
            self.add(setting::LABEL, key, value.clone(), "annotations");
        }
        for (index, mount) in spec.mounts.iter().enumerate() {
            let path = format!("mounts[{index}].uidMappings");
            if !mount.uid_mappings.is_empty() {
                let key = mount.destination.clone();
                self.add(
                    "oci-idmapped-mount",
                    &key,
                    compact(&mount.uid_mappings),
                    &path,
                );
            }
        }
    }

    fn process(&mut self, process: &Process) {
        if let Some(umask) = process.user.umask {
            let value = format!("{umask:04o}");
            self.add(setting::UMASK, "", value, "process.user.umask");
        }
        self.property("process.consoleSize", &process.console_size);
        self.property("process.scheduler", &process.scheduler);
        self.property("process.ioPriority", &process.io_priority);
        self.property("process.execCPUAffinity", &process.exec_cpu_affinity);
    }

    fn linux(&mut self, linux: &Linux) {
        for (outside, device) in &linux.net_devices {
            let path = "linux.netDevices";
            self.add(setting::INTERFACE, outside, device.name.clone(), path);
        }
        if let Some(personality) = &linux.personality {
            let value = personality.domain.name().to_owned();
            self.add(setting::PERSONALITY, "", value, "linux.personality");
        }
        self.property("linux.cgroupsPath", &linux.cgroups_path);
        self.property("linux.devices", &linux.devices);
        self.property("linux.rootfsPropagation", &linux.rootfs_propagation);
        self.property("linux.mountLabel", &linux.mount_label);
        self.property("linux.intelRdt", &linux.intel_rdt);
        self.property("linux.memoryPolicy", &linux.memory_policy);
        self.property("linux.timeOffsets", &linux.time_offsets);
        if let Some(seccomp) = &linux.seccomp {
            self.property("linux.seccomp.listenerPath", &seccomp.listener_path);
            self.property("linux.seccomp.listenerMetadata", &seccomp.listener_metadata);
        }
    }

    fn resources(&mut self, given: &Resources) {
        if let Some(memory) = &given.memory {
            if let Some(bytes) = memory.reservation.filter(|bytes| *bytes > 0) {
                let path = "linux.resources.memory.reservation";
                self.add(setting::MEMORY_RESERVATION, "", bytes.to_string(), path);
            }
            let path = |name: &str| format!("linux.resources.memory.{name}");
            self.property(&path("kernel"), &memory.kernel);
            self.property(&path("kernelTCP"), &memory.kernel_tcp);
            self.property(&path("swappiness"), &memory.swappiness);
            self.property(&path("useHierarchy"), &memory.use_hierarchy);
            self.property(&path("checkBeforeUpdate"), &memory.check_before_update);
        }
        if let Some(cpu) = &given.cpu {
            let path = |name: &str| format!("linux.resources.cpu.{name}");
            self.property(&path("burst"), &cpu.burst);
            self.property(&path("realtimeRuntime"), &cpu.realtime_runtime);
            self.property(&path("realtimePeriod"), &cpu.realtime_period);
            self.property(&path("idle"), &cpu.idle);
        }
        if let Some(block) = &given.block_io {
            let path = |name: &str| format!("linux.resources.blockIO.{name}");
            self.property(&path("weight"), &block.weight);
            self.property(&path("leafWeight"), &block.leaf_weight);
            self.property(&path("weightDevice"), &block.weight_device);
        }
        self.property("linux.resources.network", &given.network);
        self.property("linux.resources.rdma", &given.rdma);
        self.property("linux.resources.unified", &given.unified);
    }
}

/// The JSON of a value on one line. A line break in a text is written as an escape, so every other one is layout.
fn compact<T: Json>(value: &T) -> String {
    let text = encode(value);
    text.lines().map(str::trim_start).collect()
}
