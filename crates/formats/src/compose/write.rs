//! A compose file as a person would have written it.

use crate::engine::ask::{Ask, Mount, MountKind, Said, Writing, setting};
use crate::engine::defaults::Defaults;
use crate::engine::parts::{bytes_text, port_text, processors_text};
use crate::engine::request::{request, rule_text};
use crate::engine::written::{device_text, security_options, tmpfs_text, volume_text};
use crate::engine::yaml::{self, Object, Value};
use crate::reader::{Context, WriteError, Written};
use casemate_model::Workload;
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::Limit;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Writes all workloads as services.
pub(super) fn write(workloads: &[Workload], context: &Context<'_>) -> Result<Written, WriteError> {
    let engine = context.engine_of(&["docker"]).ok_or(WriteError::NoWriter)?;
    let defaults = Defaults::of(engine);
    let mut out = Written::default();
    let mut services = Object::default();
    let (mut volumes, mut networks) = (BTreeSet::new(), BTreeSet::new());
    let mut used = BTreeSet::new();
    for workload in workloads {
        let name = service_name(&workload.name, &mut used);
        let file = if workloads.len() > 1 {
            PathBuf::from(format!("{name}-seccomp.json"))
        } else {
            PathBuf::from("seccomp.json")
        };
        let request = request(workload, &defaults, context, &file)?;
        out.files.extend(request.files);
        let ask = &request.ask;
        if ask.image.is_none() && option(ask, "compose build").is_none() {
            return Err(WriteError::Missing { what: "the image" });
        }
        for mount in ask
            .mounts
            .iter()
            .filter(|mount| mount.value.kind == MountKind::Volume)
        {
            volumes.extend(mount.value.source.clone());
        }
        let modes = |name: &String| !crate::engine::resolve::is_network(name);
        let own = ask.networks.iter().map(|said| said.value.clone());
        networks.extend(own.filter(|name| !modes(name)));
        services.put(&name, Value::Object(service(ask).0));
    }
    let mut file = Object::default();
    file.put_object("services", services);
    for (key, names) in [("networks", networks), ("volumes", volumes)] {
        let mut object = Object::default();
        for name in names {
            object.put(&name, Value::Object(Vec::new()));
        }
        file.put_object(key, object);
    }
    out.text = yaml::write(&file);
    Ok(out)
}

/// A name that compose takes and no other service has.
fn service_name(name: &str, used: &mut BTreeSet<String>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let clean: String = name
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .collect();
    let clean = if clean.is_empty() {
        "app".to_owned()
    } else {
        clean
    };
    let mut name = clean.clone();
    let mut number = 2;
    while !used.insert(name.clone()) {
        name = format!("{clean}-{number}");
        number += 1;
    }
    name
}

/// Dollars are variables to compose.
fn text(text: &str) -> Value {
    Value::text(text.replace('$', "$$"))
}

fn put(object: &mut Object, key: &str, said: &Option<Said<String>>) {
    if let Some(said) = said {
        object.put(key, text(&said.value));
    }
}

fn list(object: &mut Object, key: &str, list: &[Said<String>]) {
    object.put_list(key, list.iter().map(|said| text(&said.value)).collect());
}

fn number(object: &mut Object, key: &str, number: Option<impl ToString>) {
    if let Some(number) = number {
        object.put(key, Value::Plain(number.to_string()));
    }
}

fn switch(object: &mut Object, key: &str, said: &Option<Said<bool>>) {
    if let Some(said) = said {
        object.put(key, said.value.into());
    }
}

fn option<'a>(ask: &'a Ask, key: &str) -> Option<&'a str> {
    let own = |setting: &&casemate_model::workload::Setting| {
        setting.name == setting::OPTION && setting.key == key
    };
    ask.settings
        .iter()
        .find(own)
        .map(|setting| setting.value.as_str())
}

fn settings<'a>(
    ask: &'a Ask,
    name: &'a str,
) -> impl Iterator<Item = &'a casemate_model::workload::Setting> {
    ask.settings
        .iter()
        .filter(move |setting| setting.name == name)
}

fn service(ask: &Ask) -> Object {
    let mut object = Object::default();
    put(&mut object, "image", &ask.image);
    identity(ask, &mut object);
    privileges(ask, &mut object);
    files(ask, &mut object);
    network(ask, &mut object);
    limits(ask, &mut object);
    surroundings(ask, &mut object);
    object
}

fn words(object: &mut Object, key: &str, said: &Option<Said<Vec<String>>>) {
    if let Some(said) = said {
        object.put(
            key,
            Value::List(said.value.iter().map(|word| text(word)).collect()),
        );
    }
}

fn identity(ask: &Ask, object: &mut Object) {
    if let Some(build) = option(ask, "compose build") {
        object.put("build", text(build));
    }
    if let Some(name) = option(ask, "compose container_name") {
        object.put("container_name", text(name));
    }
    words(object, "entrypoint", &ask.entrypoint);
    words(object, "command", &ask.command);
    put(object, "working_dir", &ask.directory);
    put(object, "hostname", &ask.hostname);
    put(object, "domainname", &ask.domainname);
    put(object, "user", &ask.user);
    list(object, "group_add", &ask.groups);
}

fn privileges(ask: &Ask, object: &mut Object) {
    switch(object, "privileged", &ask.privileged);
    if ask.privileged.as_ref().is_some_and(|said| said.value) {
        object.comment("all restrictions are off: root in it is root on the host");
    }
    list(object, "cap_drop", &ask.cap_drop);
    list(object, "cap_add", &ask.cap_add);
    let options = security_options(ask);
    object.put_list(
        "security_opt",
        options.iter().map(|option| text(option)).collect(),
    );
    for (key, mode, comment) in [
        ("pid", &ask.pid, "the host's processes are seen"),
        ("ipc", &ask.ipc, "the host's shared memory is seen"),
        ("uts", &ask.uts, "the host's name can be changed"),
        ("userns_mode", &ask.userns, "ids are those of the host"),
        ("cgroup", &ask.cgroupns, "the host's cgroups are seen"),
    ] {
        put(object, key, mode);
        if mode.as_ref().is_some_and(|said| said.value == "host") {
            object.comment(comment);
        }
    }
}

fn files(ask: &Ask, object: &mut Object) {
    switch(object, "read_only", &ask.read_only);
    let (memory, others): (Vec<_>, Vec<_>) = ask
        .mounts
        .iter()
        .map(|said| &said.value)
        .partition(|mount| mount.kind == MountKind::Tmpfs);
    object.put_list(
        "tmpfs",
        memory
            .into_iter()
            .map(|mount| text(&tmpfs_text(mount)))
            .collect(),
    );
    object.put_list("volumes", others.into_iter().map(volume).collect());
    if let Some(size) = &ask.shm_size {
        object.put("shm_size", Value::text(bytes_text(size.value)));
    }
    let devices = ask
        .devices
        .iter()
        .map(|said| text(&device_text(&said.value)));
    object.put_list("devices", devices.collect());
    let rules = ask
        .device_rules
        .iter()
        .map(|said| text(&rule_text(&said.value)));
    object.put_list("device_cgroup_rules", rules.collect());
}

/// The short form where it can say it, else the long one.
fn volume(mount: &Mount) -> Value {
    if let Some(short) = volume_text(mount) {
        return text(&short);
    }
    let mut object = Object::default();
    object.put(
        "type",
        if mount.kind == MountKind::Bind {
            "bind"
        } else {
            "volume"
        }
        .into(),
    );
    if let Some(source) = &mount.source {
        object.put("source", text(source));
    }
    object.put("target", text(&mount.target.to_string_lossy()));
    if mount.access == Writing::Refused {
        object.put("read_only", true.into());
    }
    let (mut bind, mut own) = (Object::default(), Object::default());
    if let Some(passes) = mount.propagation {
        bind.put("propagation", Value::text(format!("r{}", passes.as_str())));
    }
    for word in &mount.words {
        match word.split_once('=') {
            None if matches!(word.as_str(), "z" | "Z") => bind.put("selinux", text(word)),
            None if word == "nocopy" => own.put("nocopy", true.into()),
            Some(("volume-subpath", path)) => own.put("subpath", text(path)),
            Some(("bind-recursive", mode)) => bind.put("recursive", text(mode)),
            Some(("bind-create-src", _)) => bind.put("create_host_path", false.into()),
            _ => {}
        }
    }
    object.put_object("bind", bind);
    object.put_object("volume", own);
    Value::Object(object.0)
}

fn network(ask: &Ask, object: &mut Object) {
    let mode = ask
        .networks
        .iter()
        .find(|said| !crate::engine::resolve::is_network(&said.value));
    match mode {
        Some(mode) => {
            object.put("network_mode", text(&mode.value));
            if mode.value == "host" {
                object.comment("the host's interfaces and all that listens there are reached");
            }
        }
        None => {
            let names = ask.networks.iter().map(|said| text(&said.value));
            object.put_list("networks", names.collect());
        }
    }
    let ports = ask
        .published
        .iter()
        .map(|said| text(&port_text(&said.value)));
    object.put_list("ports", ports.collect());
    object.put_list(
        "expose",
        settings(ask, setting::EXPOSE)
            .map(|setting| text(&setting.value))
            .collect(),
    );
    for (key, kind) in [
        ("dns", "server"),
        ("dns_search", "search"),
        ("dns_opt", "option"),
    ] {
        let own = settings(ask, setting::DNS).filter(|setting| setting.key == kind);
        object.put_list(key, own.map(|setting| text(&setting.value)).collect());
    }
    object.put_list(
        "extra_hosts",
        settings(ask, setting::EXTRA_HOST)
            .map(|setting| text(&setting.value))
            .collect(),
    );
}

fn limits(ask: &Ask, object: &mut Object) {
    let amount = |said: &Option<Said<i64>>| {
        said.as_ref().map(|said| match u64::try_from(said.value) {
            Ok(bytes) => Value::text(bytes_text(bytes)),
            Err(_) => Value::Plain(said.value.to_string()),
        })
    };
    for (key, value) in [
        ("mem_limit", amount(&ask.memory)),
        ("memswap_limit", amount(&ask.memory_swap)),
    ] {
        if let Some(value) = value {
            object.put(key, value);
        }
    }
    if let Some(bytes) = ask
        .setting_of(setting::MEMORY_RESERVATION)
        .and_then(|text| text.parse().ok())
    {
        object.put("mem_reservation", Value::text(bytes_text(bytes)));
    }
    switch(object, "oom_kill_disable", &ask.oom_kill_disable);
    number(
        object,
        "oom_score_adj",
        ask.oom_score_adj.as_ref().map(|said| said.value),
    );
    number(
        object,
        "pids_limit",
        ask.pids_limit.as_ref().map(|said| said.value),
    );
    number(
        object,
        "cpus",
        ask.cpus.as_ref().map(|said| processors_text(said.value)),
    );
    number(
        object,
        "cpu_shares",
        ask.cpu_shares.as_ref().map(|said| said.value),
    );
    put(object, "cpuset", &ask.cpuset_cpus);
    blocks(ask, object);
    let mut limits = Object::default();
    for said in &ask.ulimits {
        let (name, pair) = &said.value;
        limits.put(name, ulimit(*pair));
    }
    object.put_object("ulimits", limits);
    let mut parameters = Object::default();
    for said in &ask.sysctls {
        parameters.put(&said.value.0, text(&said.value.1));
    }
    object.put_object("sysctls", parameters);
}

fn ulimit(pair: RlimitPair) -> Value {
    let one = |limit: Limit| {
        Value::Plain(
            limit
                .bound()
                .map_or_else(|| "-1".to_owned(), |bound| bound.to_string()),
        )
    };
    if pair.soft == pair.hard {
        return one(pair.soft);
    }
    let mut object = Object::default();
    object.put("soft", one(pair.soft));
    object.put("hard", one(pair.hard));
    Value::Object(object.0)
}

fn blocks(ask: &Ask, object: &mut Object) {
    let mut config = Object::default();
    let weights: Vec<_> = settings(ask, setting::IO_WEIGHT).collect();
    if let Some(weight) = weights.iter().find(|setting| setting.key.is_empty()) {
        config.put("weight", Value::Plain(weight.value.clone()));
    }
    let entry = |path: &str, key: &str, value: &str| {
        let mut entry = Object::default();
        entry.put("path", text(path));
        entry.put(key, Value::Plain(value.to_owned()));
        Value::Object(entry.0)
    };
    let devices = weights.iter().filter(|setting| !setting.key.is_empty());
    config.put_list(
        "weight_device",
        devices
            .map(|setting| entry(&setting.key, "weight", &setting.value))
            .collect(),
    );
    for (key, word) in [
        ("device_read_bps", "rbps"),
        ("device_write_bps", "wbps"),
        ("device_read_iops", "riops"),
        ("device_write_iops", "wiops"),
    ] {
        let own = ask.rates.iter().filter_map(|said| {
            let (path, own) = said.value.0.rsplit_once(' ')?;
            (own == word).then(|| entry(path, "rate", &said.value.1.to_string()))
        });
        config.put_list(key, own.collect());
    }
    object.put_object("blkio_config", config);
}

fn surroundings(ask: &Ask, object: &mut Object) {
    let mut environment = Object::default();
    for said in &ask.environment {
        let (name, value) = &said.value;
        match value {
            Some(value) => environment.put(name, text(value)),
            None => environment.put(name, Value::Plain("null".to_owned())),
        }
    }
    object.put_object("environment", environment);
    switch(object, "tty", &ask.tty);
    for (key, name) in [("stdin_open", setting::STDIN), ("init", setting::INIT)] {
        if ask.setting_of(name).is_some() {
            object.put(key, true.into());
        }
    }
    for (key, name) in [
        ("restart", setting::RESTART),
        ("runtime", setting::RUNTIME),
        ("platform", setting::PLATFORM),
        ("pull_policy", setting::PULL),
        ("stop_signal", setting::STOP_SIGNAL),
        ("stop_grace_period", setting::STOP_TIMEOUT),
        ("cgroup_parent", setting::CGROUP_PARENT),
        ("mem_swappiness", setting::SWAPPINESS),
    ] {
        if let Some(value) = ask.setting_of(name) {
            object.put(key, text(value));
        }
    }
    health(ask, object);
    let mut logging = Object::default();
    if let Some(driver) = ask.setting_of(setting::LOG_DRIVER) {
        logging.put("driver", text(driver));
    }
    logging.put_object("options", keyed(ask, setting::LOG_OPTION));
    object.put_object("logging", logging);
    object.put_list("depends_on", dependencies(ask));
    object.put_list(
        "profiles",
        settings(ask, setting::PROFILE)
            .map(|setting| text(&setting.value))
            .collect(),
    );
    object.put_object("labels", keyed(ask, setting::LABEL));
    object.put_object("annotations", keyed(ask, setting::ANNOTATION));
}

/// Dependencies without a condition; those with one need the long form, which a list cannot hold.
fn dependencies(ask: &Ask) -> Vec<Value> {
    settings(ask, setting::DEPENDS_ON)
        .filter(|setting| !setting.value.contains(' '))
        .map(|setting| text(&setting.value))
        .collect()
}

fn keyed(ask: &Ask, name: &str) -> Object {
    let mut object = Object::default();
    for setting in settings(ask, name) {
        object.put(&setting.key, text(&setting.value));
    }
    object
}

fn health(ask: &Ask, object: &mut Object) {
    let mut check = Object::default();
    if let Some(test) = ask.setting_of(setting::HEALTH_CHECK) {
        check.put("test", text(test));
    }
    for (key, name) in [
        ("interval", "health-interval"),
        ("timeout", "health-timeout"),
        ("retries", "health-retries"),
        ("start_period", "health-start-period"),
        ("start_interval", "health-start-interval"),
    ] {
        if let Some(value) = option(ask, name) {
            check.put(key, text(value));
        }
    }
    if option(ask, "no-healthcheck") == Some("true") {
        check.put("disable", true.into());
    }
    object.put_object("healthcheck", check);
}
