//! Limits of the cgroup.

use super::{Check, is_number_list};
use crate::oci::error::Error;
use crate::oci::schema::{BlockIo, Cpu, DeviceCgroup, Memory, Resources};

/// Checks resources alone; the errors have no places, only paths.
pub fn validate_resources(resources: &Resources) -> Vec<Error> {
    let mut check = Check::default();
    self::resources(&mut check, resources, Whole::Change);
    check.errors
}

/// Whether resources are all that a container has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Whole {
    /// They are.
    Configuration,
    /// They change some that it has.
    Change,
}

// Files of a cgroup with which a configuration would do what is the runtime's to do.
const RUNTIMES_OWN: [&str; 6] = [
    "cgroup.procs",
    "cgroup.threads",
    "cgroup.subtree_control",
    "cgroup.type",
    "cgroup.kill",
    "cgroup.freeze",
];

pub(super) fn resources(check: &mut Check, resources: &Resources, whole: Whole) {
    check.each("devices", &resources.devices, device);
    if let Some(own) = &resources.memory {
        check.within("memory", |check| memory(check, own, whole));
    }
    if let Some(own) = &resources.cpu {
        check.within("cpu", |check| cpu(check, own));
    }
    if let Some(own) = &resources.pids {
        check.within("pids", |check| {
            let fits = own.limit.is_none_or(|limit| limit >= -1);
            check.demand("limit", fits, "must be at least 0, or -1 for no limit");
        });
    }
    if let Some(own) = &resources.block_io {
        check.within("blockIO", |check| block_io(check, own));
    }
    check.within("hugepageLimits", |check| {
        let sizes = resources.hugepage_limits.iter();
        check.once("page size", sizes.map(|one| one.page_size.as_str()));
    });
    check.each(
        "hugepageLimits",
        &resources.hugepage_limits,
        |check, one| {
            let fits = is_page_size(&one.page_size);
            check.text(
                "pageSize",
                &one.page_size,
                fits,
                "must be a size such as 2MB",
            );
        },
    );
    if let Some(own) = &resources.network {
        check.within("network", |check| {
            check.each("priorities", &own.priorities, |check, one| {
                let fits = is_interface(&one.name);
                check.text("name", &one.name, fits, "must be a name of an interface");
            });
        });
    }
    check.within("rdma", |check| {
        for (device, limits) in &resources.rdma {
            let fits = limits.hca_handles.is_some() || limits.hca_objects.is_some();
            check.demand(device, fits, "must have hcaHandles or hcaObjects");
            let named = !device.is_empty() && !device.contains([' ', '\n', '\t']);
            check.demand(device, named, "must be a name of a device");
        }
    });
    check.within("unified", |check| {
        for (file, value) in &resources.unified {
            let plain = file.contains('.')
                && !file.starts_with('.')
                && file
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_' || b == b'-');
            check.demand(file, plain, "must be a name of a file of a cgroup");
            let own = RUNTIMES_OWN.contains(&file.as_str());
            check.demand(
                file,
                !own,
                "must not be a file that the runtime itself writes",
            );
            check.demand(file, !value.is_empty(), "must not be empty");
        }
    });
}

fn device(check: &mut Check, rule: &DeviceCgroup) {
    let kinds = ["", "a", "b", "c"];
    check.text(
        "type",
        &rule.kind,
        kinds.contains(&rule.kind.as_str()),
        "must be a, b or c",
    );
    let access = rule.access.as_str();
    let letters = access.bytes().all(|b| matches!(b, b'r' | b'w' | b'm'));
    let once = ['r', 'w', 'm']
        .iter()
        .all(|letter| access.matches(*letter).count() <= 1);
    check.text("access", access, letters && once, "must be of r, w and m");
    for (key, number, most) in [
        ("major", rule.major, 4095),
        ("minor", rule.minor, 1_048_575),
    ] {
        // -1 is what engines write for all.
        let fits = number.is_none_or(|number| (-1..=most).contains(&number));
        check.demand(key, fits, "must be a device number, or -1 for all");
    }
}

fn memory(check: &mut Check, own: &Memory, whole: Whole) {
    for (key, limit) in [
        ("limit", own.limit),
        ("reservation", own.reservation),
        ("swap", own.swap),
        ("kernel", own.kernel),
        ("kernelTCP", own.kernel_tcp),
    ] {
        check.demand(
            key,
            limit.is_none_or(|limit| limit >= -1),
            "must be a number of bytes, or -1 for no limit",
        );
    }
    let limited = |limit: Option<i64>| limit.filter(|limit| *limit > 0);
    if let (Some(limit), Some(swap)) = (limited(own.limit), limited(own.swap)) {
        check.demand(
            "swap",
            swap >= limit,
            "must not be below limit, it is the limit of memory and swap together",
        );
    }
    // Who changes limits of a container that runs need not repeat what stands.
    check.demand(
        "swap",
        whole == Whole::Change || limited(own.swap).is_none() || limited(own.limit).is_some(),
        "must not be set without limit",
    );
    check.demand(
        "swappiness",
        own.swappiness.is_none_or(|value| value <= 100),
        "must be from 0 to 100",
    );
}

fn cpu(check: &mut Check, own: &Cpu) {
    for (key, list) in [("cpus", &own.cpus), ("mems", &own.mems)] {
        let fits = list.is_empty() || is_number_list(list, 65535);
        check.text(key, list, fits, "must be a list of numbers such as 0-3,7");
    }
    let quota = own.quota.filter(|quota| *quota > 0);
    if let (Some(quota), Some(burst)) = (quota, own.burst) {
        check.demand(
            "burst",
            i64::try_from(burst).is_ok_and(|burst| burst <= quota),
            "must not be above quota",
        );
    }
    check.demand(
        "idle",
        own.idle.is_none_or(|idle| matches!(idle, 0 | 1)),
        "must be 0 or 1",
    );
}

const WEIGHT: &str = "must be from 10 to 1000, or 0 for none";

fn block_io(check: &mut Check, own: &BlockIo) {
    let fits = |weight: Option<u16>| weight.is_none_or(|w| w == 0 || (10..=1000).contains(&w));
    check.demand("weight", fits(own.weight), WEIGHT);
    check.demand("leafWeight", fits(own.leaf_weight), WEIGHT);
    check.each("weightDevice", &own.weight_device, |check, device| {
        check.demand("weight", fits(device.weight), WEIGHT);
        check.demand("leafWeight", fits(device.leaf_weight), WEIGHT);
        let one = device.weight.is_some() || device.leaf_weight.is_some();
        check.demand("weight", one, "must be given, or leafWeight");
        numbers(check, device.major, device.minor);
    });
    for (key, devices) in [
        ("throttleReadBpsDevice", &own.throttle_read_bps_device),
        ("throttleWriteBpsDevice", &own.throttle_write_bps_device),
        ("throttleReadIOPSDevice", &own.throttle_read_iops_device),
        ("throttleWriteIOPSDevice", &own.throttle_write_iops_device),
    ] {
        check.each(key, devices, |check, device| {
            numbers(check, device.major, device.minor);
        });
    }
}

fn numbers(check: &mut Check, major: i64, minor: i64) {
    check.demand(
        "major",
        (0..=4095).contains(&major),
        "must be from 0 to 4095",
    );
    let fits = (0..=1_048_575).contains(&minor);
    check.demand("minor", fits, "must be from 0 to 1048575");
}

fn is_page_size(text: &str) -> bool {
    let number = ["KB", "MB", "GB"]
        .iter()
        .find_map(|unit| text.strip_suffix(unit));
    number.is_some_and(|digits| {
        !digits.is_empty()
            && !digits.starts_with('0')
            && digits.len() <= 9
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a text is a name of an interface, as the kernel's dev_valid_name() has it.
pub(super) fn is_interface(name: &str) -> bool {
    !name.is_empty()
        && name.len() < 16
        && name != "."
        && name != ".."
        && !name.contains(|c: char| c == '/' || c == ':' || c.is_whitespace())
}
