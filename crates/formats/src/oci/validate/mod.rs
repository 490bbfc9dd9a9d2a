//! What the specification and the kernel demand beyond types.
//!
//! What depends on the machine (does the file exist, has the kernel the controller) is not here but where it is done.

mod linux;
mod process;
mod resources;

pub use linux::dotted;
pub use process::validate_process;
pub use resources::validate_resources;

use super::decode::{short, step_index, step_key};
use super::error::{Error, Problem};
use super::schema::{Hook, Hooks, IdMapping, Mount, NamespaceKind, Spec};

/// Collects what is wrong, with the path to it.
#[derive(Debug, Default)]
pub(super) struct Check {
    path: String,
    errors: Vec<Error>,
}

impl Check {
    fn error(&mut self, problem: Problem) {
        self.errors.push(Error {
            at: None,
            path: self.path.clone(),
            problem,
        });
    }

    fn within(&mut self, key: &str, act: impl FnOnce(&mut Self)) {
        let before = self.path.len();
        // No key is the value itself.
        if !key.is_empty() {
            step_key(&mut self.path, key);
        }
        act(self);
        self.path.truncate(before);
    }

    fn each<'v, T: 'v>(
        &mut self,
        key: &str,
        values: impl IntoIterator<Item = &'v T>,
        act: impl Fn(&mut Self, &'v T),
    ) {
        self.within(key, |check| {
            for (index, value) in values.into_iter().enumerate() {
                let before = check.path.len();
                step_index(&mut check.path, index);
                act(check, value);
                check.path.truncate(before);
            }
        });
    }

    /// Demands something of the property `key`.
    fn demand(&mut self, key: &str, holds: bool, demand: &'static str) {
        if !holds {
            self.within(key, |check| {
                check.error(Problem::Demand {
                    demand,
                    found: None,
                });
            });
        }
    }

    /// Demands something of the property `key` with this text.
    fn text(&mut self, key: &str, text: &str, holds: bool, demand: &'static str) {
        if !holds {
            self.within(key, |check| {
                check.error(Problem::Demand {
                    demand,
                    found: Some(short(text)),
                });
            });
        }
    }

    fn absolute(&mut self, key: &str, path: &str) {
        self.text(key, path, path.starts_with('/'), "must be an absolute path");
    }

    fn absolutes(&mut self, key: &str, paths: &[String]) {
        self.each(key, paths, |check, path| check.absolute("", path));
    }

    /// Demands that no two are the same.
    fn once<'v>(&mut self, what: &'static str, names: impl IntoIterator<Item = &'v str>) {
        let mut seen = std::collections::BTreeSet::new();
        for name in names {
            if !seen.insert(name) {
                self.error(Problem::Twice {
                    what,
                    name: short(name),
                });
            }
        }
    }

    fn environment(&mut self, variables: &[String]) {
        self.each("env", variables, |check, variable| {
            let named = variable.find('=').is_some_and(|at| at > 0);
            check.text("", variable, named, "must be NAME=VALUE");
        });
    }

    fn mappings(&mut self, key: &str, mappings: &[IdMapping]) {
        self.each(key, mappings, |check, mapping| {
            check.demand("size", mapping.size > 0, "must be more than 0");
            let fits = |first: u32| first.checked_add(mapping.size).is_some();
            check.demand(
                "containerID",
                fits(mapping.container_id),
                "must leave the range below 4294967295",
            );
            check.demand(
                "hostID",
                fits(mapping.host_id),
                "must leave the range below 4294967295",
            );
        });
        let overlap = |a: (u32, u32), b: (u32, u32)| {
            u64::from(a.0) < u64::from(b.0) + u64::from(b.1)
                && u64::from(b.0) < u64::from(a.0) + u64::from(a.1)
        };
        let clash = mappings.iter().enumerate().any(|(index, a)| {
            mappings.iter().skip(index + 1).any(|b| {
                overlap((a.container_id, a.size), (b.container_id, b.size))
                    || overlap((a.host_id, a.size), (b.host_id, b.size))
            })
        });
        self.demand(key, !clash, "must not have ranges that overlap");
        self.demand(
            key,
            mappings.len() <= 340,
            "must not have more than the kernel's 340 ranges",
        );
    }
}

/// Checks a whole configuration; the errors have no places, only paths.
pub fn validate(spec: &Spec) -> Vec<Error> {
    let mut check = Check::default();
    version(&mut check, &spec.oci_version);
    if let Some(root) = &spec.root {
        check.within("root", |check| {
            check.demand("path", !root.path.is_empty(), "must not be empty");
        });
    }
    if let Some(process) = &spec.process {
        check.within("process", |check| process::process(check, process));
    }
    let own_names = spec.namespace(NamespaceKind::Uts).is_some();
    for (key, name) in [
        ("hostname", &spec.hostname),
        ("domainname", &spec.domainname),
    ] {
        check.text(
            key,
            name,
            own_names || name.is_empty(),
            "must not be set without a uts namespace, it would be the host's",
        );
        check.text(
            key,
            name,
            name.len() <= 64,
            "must not have more than 64 bytes",
        );
    }
    let users = spec.namespace(NamespaceKind::User).is_some();
    check.each("mounts", &spec.mounts, |check, one| {
        mount(check, one, users);
    });
    if let Some(hooks) = &spec.hooks {
        check.within("hooks", |check| {
            for (name, hooks) in hooks.all() {
                check.each(name, hooks, hook);
            }
        });
    }
    if let Some(linux) = &spec.linux {
        check.within("linux", |check| linux::linux(check, linux));
    }
    check.errors
}

impl Hooks {
    /// The six kinds with their names in the specification, in the order in which they run.
    pub fn all(&self) -> [(&'static str, &[Hook]); 6] {
        [
            ("prestart", &self.prestart),
            ("createRuntime", &self.create_runtime),
            ("createContainer", &self.create_container),
            ("startContainer", &self.start_container),
            ("poststart", &self.poststart),
            ("poststop", &self.poststop),
        ]
    }
}

// Versions below 1.0 had other meanings for the same keys; those after 1.3 stay compatible, as the specification says.
fn version(check: &mut Check, version: &str) {
    let core = version.split(['-', '+']).next().unwrap_or("");
    let mut parts = core.split('.');
    let number = |part: Option<&str>| {
        part.filter(|part| part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
    };
    let parsed = (
        number(parts.next()),
        number(parts.next()),
        number(parts.next()),
        parts.next(),
    );
    let one = matches!(parsed, (Some(1), Some(_), Some(_), None));
    check.text(
        "ociVersion",
        version,
        one,
        "must be a version 1.x.y of the specification",
    );
}

fn mount(check: &mut Check, mount: &Mount, users: bool) {
    check.demand(
        "destination",
        !mount.destination.is_empty(),
        "must not be empty",
    );
    check.demand(
        "source",
        !mount.is_bind() || !mount.source.is_empty(),
        "must be given for a bind mount",
    );
    check.demand(
        "options",
        !(mount.has("idmap") && mount.has("ridmap")),
        "must not have both idmap and ridmap",
    );
    let mapped = !mount.uid_mappings.is_empty();
    check.demand(
        "uidMappings",
        mapped != mount.gid_mappings.is_empty(),
        "must be given together with gidMappings",
    );
    check.demand(
        "options",
        mapped || users || !(mount.has("idmap") || mount.has("ridmap")),
        "must not ask for an idmapped mount without mappings or a user namespace",
    );
    check.mappings("uidMappings", &mount.uid_mappings);
    check.mappings("gidMappings", &mount.gid_mappings);
}

fn hook(check: &mut Check, hook: &Hook) {
    check.absolute("path", &hook.path);
    check.demand(
        "timeout",
        hook.timeout.is_none_or(|seconds| seconds > 0),
        "must be more than 0",
    );
    check.environment(&hook.env);
}

/// Whether a text is a list of numbers such as `0-3,7`, none above `most`.
fn is_number_list(text: &str, most: u32) -> bool {
    let number = |text: &str| {
        let digits =
            !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>()
            .ok()
            .filter(|number| digits && *number <= most)
    };
    text.trim_end_matches('\n').split(',').all(|range| {
        let range = range.trim();
        match range.split_once('-') {
            None => number(range).is_some(),
            Some((first, last)) => {
                matches!((number(first), number(last)), (Some(first), Some(last)) if first <= last)
            }
        }
    })
}
