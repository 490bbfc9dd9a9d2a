//! Properties of units, systemd.resource-control(5), as far as systemd has them. What it has not is written into the groups
//! by us, as all is: systemd only must not think otherwise when it writes them again.

use super::unit::Unit;
use super::wire::Value;
use crate::cgroup::devices::{Default, Devices, Kind, Policy};
use crate::cgroup::settings::shares_to_weight;
use crate::cgroup::{Record, UNIFIED};
use crate::failure::Failure;
use casemate_formats::oci::schema::{Cpu, Memory, Resources};
use std::collections::BTreeMap;

/// Properties by name.
pub type Properties = Vec<(String, Value)>;

fn property(name: &str, value: Value) -> (String, Value) {
    (name.to_owned(), value)
}

/// What makes a unit a container's.
pub fn of_unit(unit: &Unit, id: &str, pid: u32) -> Properties {
    let mut all = vec![property(
        "Description",
        Value::Text(format!("container {id}")),
    )];
    if unit.is_slice() {
        all.push(property("Wants", Value::Texts(vec![unit.slice.clone()])));
    } else {
        all.push(property("Slice", Value::Text(unit.slice.clone())));
        all.push(property("Delegate", Value::Bool(true)));
        all.push(property("PIDs", Value::Numbers(vec![pid])));
    }
    for name in [
        "MemoryAccounting",
        "CPUAccounting",
        "IOAccounting",
        "TasksAccounting",
    ] {
        all.push(property(name, Value::Bool(true)));
    }
    all.push(property("DefaultDependencies", Value::Bool(false)));
    all
}

/// Limits and devices.
///
/// # Errors
/// A rule of devices cannot be enforced.
pub fn of_resources(
    record: &Record,
    resources: &Resources,
    version: u32,
) -> Result<Properties, Failure> {
    let mut all = of_limits(record, resources, version)?;
    all.extend(of_devices(resources)?);
    Ok(all)
}

/// Limits alone.
///
/// # Errors
/// A list of processors is none.
pub fn of_limits(
    record: &Record,
    resources: &Resources,
    version: u32,
) -> Result<Properties, Failure> {
    let mut all = Properties::new();
    let v1 = |controller: &str| record.paths.contains_key(controller);
    if let Some(memory) = &resources.memory {
        self::memory(memory, v1("memory"), &mut all);
    }
    if let Some(cpu) = &resources.cpu {
        self::cpu(cpu, v1("cpu"), version, &mut all);
        for (name, list) in [
            ("AllowedCPUs", &cpu.cpus),
            ("AllowedMemoryNodes", &cpu.mems),
        ] {
            // Since 244; of the second version's alone.
            if !list.is_empty()
                && version >= 244
                && !v1("cpuset")
                && record.paths.contains_key(UNIFIED)
            {
                let bits = bits(list).ok_or_else(|| {
                    Failure::new(format!("linux.resources.cpu: bad list `{list}`"))
                })?;
                all.push(property(name, Value::Bytes(bits)));
            }
        }
    }
    if let Some(limit) = resources.pids.as_ref().and_then(|pids| pids.limit) {
        // It takes no 0.
        let most = u64::try_from(limit).map_or(u64::MAX, |limit| limit.max(1));
        all.push(property("TasksMax", Value::Uint64(most)));
    }
    Ok(all)
}

/// A limit of bytes; -1 is none, which is the largest number.
fn limit(bytes: Option<i64>) -> Option<u64> {
    match bytes {
        None | Some(0) => None,
        Some(bytes) => Some(u64::try_from(bytes).unwrap_or(u64::MAX)),
    }
}

fn memory(memory: &Memory, v1: bool, all: &mut Properties) {
    let name = if v1 { "MemoryLimit" } else { "MemoryMax" };
    if let Some(most) = limit(memory.limit) {
        all.push(property(name, Value::Uint64(most)));
    }
    if v1 {
        return;
    }
    if let Some(least) = limit(memory.reservation) {
        all.push(property("MemoryLow", Value::Uint64(least)));
    }
    let swap = match (limit(memory.limit), limit(memory.swap)) {
        (_, Some(u64::MAX)) | (Some(u64::MAX), None) => Some(u64::MAX),
        (Some(u64::MAX), Some(swap)) => Some(swap),
        (Some(most), Some(both)) => Some(both.saturating_sub(most)),
        _ => None,
    };
    if let Some(swap) = swap {
        all.push(property("MemorySwapMax", Value::Uint64(swap)));
    }
}

fn cpu(cpu: &Cpu, v1: bool, version: u32, all: &mut Properties) {
    if let Some(shares) = cpu.shares.filter(|shares| *shares != 0) {
        match shares_to_weight(shares) {
            _ if v1 => all.push(property("CPUShares", Value::Uint64(shares))),
            // Since 252 a weight of 0 is idle.
            Some(weight) if cpu.idle != Some(1) => {
                all.push(property("CPUWeight", Value::Uint64(weight)));
            }
            _ => {}
        }
    }
    if cpu.idle == Some(1) && !v1 && version >= 252 {
        all.push(property("CPUWeight", Value::Uint64(0)));
    }
    let quota = cpu.quota.filter(|quota| *quota != 0);
    let period = cpu.period.filter(|period| *period != 0);
    if let Some(period) = period.filter(|_| version >= 242) {
        all.push(property("CPUQuotaPeriodUSec", Value::Uint64(period)));
    }
    if quota.is_some() || period.is_some() {
        let second = match quota.and_then(|quota| u64::try_from(quota).ok()) {
            // It knows whole percents; we write the exact value after it.
            Some(quota) => {
                let exact = quota.saturating_mul(1_000_000) / period.unwrap_or(100_000);
                exact.div_ceil(10_000).saturating_mul(10_000)
            }
            None => u64::MAX,
        };
        all.push(property("CPUQuotaPerSecUSec", Value::Uint64(second)));
    }
}

/// A list such as `0-3,7` as bits, the lowest first.
fn bits(list: &str) -> Option<Vec<u8>> {
    let mut bits = Vec::new();
    for part in list.split(',') {
        let (first, end) = part.split_once('-').unwrap_or((part, part));
        let (first, end): (usize, usize) = (first.trim().parse().ok()?, end.trim().parse().ok()?);
        if end > 65_535 {
            return None;
        }
        for number in first..=end {
            if bits.len() <= number / 8 {
                bits.resize(number / 8 + 1, 0u8);
            }
            *bits.get_mut(number / 8)? |= 1 << (number % 8);
        }
    }
    Some(bits)
}

/// Devices, where systemd can say it: a list of what is permitted. Where it cannot it is told to leave them alone; ours is
/// in force in any case.
fn of_devices(resources: &Resources) -> Result<Properties, Failure> {
    let policy = Policy::of(&resources.devices).map_err(|hole| Failure::new(hole.to_string()))?;
    let named: Option<Vec<_>> = policy
        .exceptions
        .iter()
        .map(|(devices, access)| Some((path(*devices)?, access.to_string())))
        .collect();
    let (policy, list) = match named {
        Some(list) if policy.default == Default::Deny => ("strict", list),
        _ => ("auto", Vec::new()),
    };
    let mut all = vec![
        // An empty list forgets an older one.
        property("DeviceAllow", Value::Pairs(Vec::new())),
        property("DevicePolicy", Value::Text(policy.to_owned())),
    ];
    if !list.is_empty() {
        all.push(property("DeviceAllow", Value::Pairs(list)));
    }
    Ok(all)
}

/// systemd's name for devices; it has none for one minor number of all major ones.
fn path(devices: Devices) -> Option<String> {
    let kind = match devices.kind {
        Kind::Block => "block",
        Kind::Character => "char",
    };
    Some(match (devices.major, devices.minor) {
        (Some(major), Some(minor)) => format!("/dev/{kind}/{major}:{minor}"),
        (Some(major), None) => format!("{kind}-{major}"),
        (None, None) => format!("{kind}-*"),
        (None, Some(_)) => return None,
    })
}

/// What annotations `org.systemd.property.NAME` say, in GVariant's text form as far as runc's users write it.
///
/// # Errors
/// A value of another form.
pub fn of_annotations(annotations: &BTreeMap<String, String>) -> Result<Properties, Failure> {
    let mut all = Properties::new();
    for (key, text) in annotations {
        let Some(name) = key.strip_prefix("org.systemd.property.") else {
            continue;
        };
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        let value = plain.then(|| variant(text.trim())).flatten().ok_or_else(|| {
            Failure::with_hint(
                format!("annotations.{key}: `{text}` is no value of a property"),
                "it is true, false, 'text', ['text'] or a number with its type such as uint64 5",
            )
        })?;
        // In the file it is in seconds, on the bus in microseconds.
        let (name, value) = match (name.strip_suffix("Sec"), value) {
            (Some(stem), value) if !stem.ends_with('U') => {
                let seconds = match value {
                    Value::Uint64(seconds) => Some(seconds),
                    Value::Int32(seconds) => u64::try_from(seconds).ok(),
                    Value::Uint32(seconds) => Some(u64::from(seconds)),
                    Value::Int64(seconds) => u64::try_from(seconds).ok(),
                    _ => None,
                };
                let micro = seconds.and_then(|seconds| seconds.checked_mul(1_000_000));
                let micro = micro.ok_or_else(|| {
                    Failure::new(format!("annotations.{key}: `{text}` is no time in seconds"))
                })?;
                (format!("{stem}USec"), Value::Uint64(micro))
            }
            (_, value) => (name.to_owned(), value),
        };
        all.push((name, value));
    }
    Ok(all)
}

fn variant(text: &str) -> Option<Value> {
    let quoted = |text: &str| -> Option<String> {
        let quote = text
            .chars()
            .next()
            .filter(|quote| matches!(quote, '\'' | '"'))?;
        let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains([quote, '\\'])).then(|| inner.to_owned())
    };
    match text {
        "true" => return Some(Value::Bool(true)),
        "false" => return Some(Value::Bool(false)),
        _ => {}
    }
    if let Some(text) = quoted(text) {
        return Some(Value::Text(text));
    }
    if let Some(inner) = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
    {
        let texts = inner.split(',').map(|one| quoted(one.trim()));
        return texts.collect::<Option<_>>().map(Value::Texts);
    }
    let (kind, number) = text.split_once(' ').unwrap_or(("int32", text));
    Some(match kind {
        "uint64" => Value::Uint64(number.parse().ok()?),
        "uint32" => Value::Uint32(number.parse().ok()?),
        "int64" => Value::Int64(number.parse().ok()?),
        "int32" => Value::Int32(number.parse().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Value, bits, of_annotations, of_devices, of_limits};
    use crate::cgroup::{Record, UNIFIED};
    use casemate_formats::oci::read_resources;

    #[test]
    fn limits_become_properties() {
        let unified = Record {
            paths: [(UNIFIED.to_owned(), "/g".into())].into(),
            unit: None,
        };
        let json = br#"{"memory":{"limit":1000,"swap":3000,"reservation":5},"pids":{"limit":0},
            "cpu":{"shares":1024,"quota":50500,"period":100000,"cpus":"0-1,9"}}"#;
        let resources = read_resources("r", json).unwrap().value;
        let all = of_limits(&unified, &resources, 252).unwrap();
        let find = |name: &str| {
            all.iter()
                .find(|(one, _)| one == name)
                .map(|(_, value)| value.clone())
        };
        for (name, value) in [
            ("MemoryMax", 1000),
            ("MemoryLow", 5),
            ("MemorySwapMax", 2000),
            ("TasksMax", 1),
            ("CPUWeight", 100),
            ("CPUQuotaPeriodUSec", 100_000),
            ("CPUQuotaPerSecUSec", 510_000),
        ] {
            assert_eq!(find(name), Some(Value::Uint64(value)), "{name}");
        }
        assert_eq!(find("AllowedCPUs"), Some(Value::Bytes(vec![3, 2])));
        let old = of_limits(&unified, &resources, 240).unwrap();
        assert!(
            old.iter()
                .all(|(name, _)| name != "AllowedCPUs" && name != "CPUQuotaPeriodUSec")
        );
        let first = Record {
            paths: ["memory", "cpu"]
                .map(|name| (name.to_owned(), "/g".into()))
                .into(),
            unit: None,
        };
        let names: Vec<String> = of_limits(&first, &resources, 252)
            .unwrap()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            names,
            [
                "MemoryLimit",
                "CPUShares",
                "CPUQuotaPeriodUSec",
                "CPUQuotaPerSecUSec",
                "TasksMax"
            ]
        );
        assert_eq!(bits("70000"), None);
    }

    #[test]
    fn devices_are_a_list_where_systemd_has_names_for_them() {
        let ask =
            |json: &str| of_devices(&read_resources("r", json.as_bytes()).unwrap().value).unwrap();
        let strict = ask(r#"{"devices":[{"allow":true,"type":"c","major":10,"access":"rw"}]}"#);
        assert_eq!(strict[1].1, Value::Text("strict".to_owned()));
        let Value::Pairs(list) = &strict[2].1 else {
            panic!("{strict:?}");
        };
        for (path, access) in [
            ("char-10", "rw"),
            ("/dev/char/1:3", "rwm"),
            ("block-*", "m"),
        ] {
            assert!(
                list.contains(&(path.to_owned(), access.to_owned())),
                "{list:?}"
            );
        }
        for json in [
            r#"{"devices":[{"allow":true,"type":"c","minor":7,"access":"rw"}]}"#,
            r#"{"devices":[{"allow":true,"type":"a","access":"rwm"}]}"#,
        ] {
            let open = ask(json);
            assert_eq!(open.len(), 2, "{open:?}");
            assert_eq!(open[1].1, Value::Text("auto".to_owned()));
        }
    }

    #[test]
    fn annotations_set_properties() {
        let ask =
            |key: &str, text: &str| of_annotations(&[(key.to_owned(), text.to_owned())].into());
        for (key, text, name, value) in [
            (
                "CollectMode",
                "'inactive-or-failed'",
                "CollectMode",
                Value::Text("inactive-or-failed".to_owned()),
            ),
            (
                "TimeoutStopUSec",
                "uint64 123",
                "TimeoutStopUSec",
                Value::Uint64(123),
            ),
            (
                "TimeoutStopSec",
                "uint64 2",
                "TimeoutStopUSec",
                Value::Uint64(2_000_000),
            ),
            (
                "After",
                "['a.service', 'b.service']",
                "After",
                Value::Texts(vec!["a.service".to_owned(), "b.service".to_owned()]),
            ),
            ("Some", "true", "Some", Value::Bool(true)),
        ] {
            let all = ask(&format!("org.systemd.property.{key}"), text).unwrap();
            assert_eq!(all, [(name.to_owned(), value)], "{key}");
        }
        assert!(ask("other", "x").unwrap().is_empty());
        for (key, text) in [
            ("A", "x"),
            ("", "true"),
            ("A b", "true"),
            ("A", "'a'b'"),
            ("A", "uint64 -1"),
            ("ASec", "'a'"),
        ] {
            assert!(
                ask(&format!("org.systemd.property.{key}"), text).is_err(),
                "{key} {text}"
            );
        }
    }
}
