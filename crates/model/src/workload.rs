//! Something that runs confined, as a description or a live process shows it.

use crate::confinement::Confinement;
use crate::program::Program;
use crate::stated::{Origin, Stated};

/// A program with its confinement, and what its description says beside.
#[derive(Clone, PartialEq, Debug)]
pub struct Workload {
    /// Its name in the description, such as `web` or `web/nginx`; empty when there is only one, without a name.
    pub name: String,
    /// What it is in its format's words, such as `service`, `container`, `init container`, `unit`.
    pub kind: &'static str,
    /// Where its description begins.
    pub origin: Origin,
    /// The command and where it starts.
    pub program: Program,
    /// The image or root directory that it is made from.
    pub image: Stated<String>,
    /// How it is confined.
    pub confinement: Confinement,
    /// What the description says that confines nothing by itself, in the order it stands there.
    pub settings: Vec<Setting>,
}

/// Something that a description says and that is no confinement: a restart policy, a health check, a label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// What it is about, in kebab case and the same for all formats: see [`setting`].
    pub name: &'static str,
    /// For what has a key, such as a label or a hook's stage; else empty.
    pub key: String,
    /// The value as text.
    pub value: String,
    /// Whether it was asked for, and where.
    pub origin: Stated<()>,
}

/// The names of settings that several formats share. A format may have others, under its own name: `lxc-tty`.
pub mod setting {
    /// All restrictions were taken away at once (`privileged: true`); what that means is in the confinement.
    pub const PRIVILEGED: &str = "privileged";
    /// When it is started again after it ended.
    pub const RESTART: &str = "restart";
    /// How it is checked to be alive.
    pub const HEALTH_CHECK: &str = "health-check";
    /// Where its output goes.
    pub const LOG_DRIVER: &str = "log-driver";
    /// A label or an annotation; the key is its name.
    pub const LABEL: &str = "label";
    /// A program that runs at a point of the life of a container, outside or inside; the key is the point.
    pub const HOOK: &str = "hook";
    /// A network that it is attached to; the key is its name.
    pub const NETWORK: &str = "network";
    /// A name of a secret or a configuration that it is given.
    pub const SECRET: &str = "secret";
    /// A device that is handed over; the key is the path on the host, the value the path inside and the access.
    pub const DEVICE: &str = "device";
    /// An interface of the host's that is moved inside; the key is its name.
    pub const INTERFACE: &str = "interface";
    /// Memory that is kept for it, in bytes (soft limit).
    pub const MEMORY_RESERVATION: &str = "memory-reservation";
    /// The program that gets the command as arguments, when it is stated apart from the command.
    pub const ENTRYPOINT: &str = "entrypoint";
    /// A process 1 that reaps is put before the command.
    pub const INIT: &str = "init";
    /// The permissions that files get when they are made.
    pub const UMASK: &str = "umask";
    /// The execution domain (personality(2)).
    pub const PERSONALITY: &str = "personality";
    /// The runtime that starts it.
    pub const RUNTIME: &str = "runtime";
    /// The signal that asks it to end.
    pub const STOP_SIGNAL: &str = "stop-signal";
    /// An isolator or restriction that its format names and that no engine enforces.
    pub const NOT_ENFORCED: &str = "not-enforced";
}

impl Workload {
    /// Starts a workload of which nothing is known but where it stands.
    pub fn new(name: impl Into<String>, kind: &'static str, origin: Origin) -> Self {
        Self {
            name: name.into(),
            kind,
            origin,
            program: Program::unknown(),
            image: Stated::Unknown,
            confinement: Confinement::unknown(),
            settings: Vec::new(),
        }
    }

    /// Adds a setting that was asked for.
    pub fn set(&mut self, name: &'static str, key: &str, value: impl Into<String>, origin: Origin) {
        self.settings.push(Setting {
            name,
            key: key.to_owned(),
            value: value.into(),
            origin: Stated::set((), origin),
        });
    }

    /// Returns the settings of a name.
    pub fn settings_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Setting> {
        self.settings
            .iter()
            .filter(move |setting| setting.name == name)
    }
}
