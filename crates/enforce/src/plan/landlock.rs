//! Landlock: a second wall behind the mounts.

use super::layout::{Content, Mount, Shape};
use super::{Builder, Gap, Layout, PlanError, asked, required};
use crate::step::{NO_SLOT, Slot, Step};
use casemate_model::facets::files::Access;
use casemate_model::facets::network::Transport;
use casemate_model::lattice::{Guard, Selection};
use std::collections::BTreeMap;
use std::path::Path;

/// `LANDLOCK_ACCESS_FS_*` of <linux/landlock.h>.
mod right {
    pub(super) const EXECUTE: u64 = 1;
    pub(super) const WRITE_FILE: u64 = 1 << 1;
    pub(super) const READ_FILE: u64 = 1 << 2;
    pub(super) const READ_DIR: u64 = 1 << 3;
    /// REMOVE_DIR to MAKE_SYM, bits 4 to 12, without MAKE_CHAR (6) and MAKE_BLOCK (11): nobody here makes devices.
    pub(super) const CHANGE_DIR: u64 = 0x1fff & !0xf & !(1 << 6) & !(1 << 11);
    pub(super) const MAKE_DEVICES: u64 = 1 << 6 | 1 << 11;
    /// Version 2, kernel 5.19.
    pub(super) const REFER: u64 = 1 << 13;
    /// Version 3, kernel 6.2.
    pub(super) const TRUNCATE: u64 = 1 << 14;
    /// Version 5, kernel 6.10.
    pub(super) const IOCTL_DEV: u64 = 1 << 15;
}

/// `LANDLOCK_ACCESS_NET_*`, version 4, kernel 6.7.
mod net {
    pub(super) const BIND_TCP: u64 = 1;
    pub(super) const CONNECT_TCP: u64 = 2;
}

/// `LANDLOCK_SCOPE_*`, version 6, kernel 6.12.
mod scope {
    pub(super) const ABSTRACT_UNIX_SOCKET: u64 = 1;
    pub(super) const SIGNAL: u64 = 2;
}

/// File rights that a version of the interface knows.
fn known(abi: u32) -> u64 {
    let all = right::EXECUTE
        | right::WRITE_FILE
        | right::READ_FILE
        | right::READ_DIR
        | right::CHANGE_DIR
        | right::MAKE_DEVICES;
    let since = [
        (2, right::REFER),
        (3, right::TRUNCATE),
        (5, right::IOCTL_DEV),
    ];
    since
        .iter()
        .filter(|(version, _)| abi >= *version)
        .fold(all, |rights, (_, right)| rights | right)
}

/// Adds the ruleset and the step that enforces it.
pub(super) fn build(
    builder: &mut Builder<'_>,
    layout: &Layout,
    proc: Slot,
) -> Result<(), PlanError> {
    let stated = &builder.confinement.mac.landlock;
    if *required(stated, "mac.landlock")? == Guard::Off {
        without(
            builder,
            "it is by Landlock, which is off (landlock = false)",
        )?;
        return super::network::without_ports(builder, "they are by Landlock, which is off");
    }
    let Some(abi) = builder.facts.landlock else {
        super::network::without_ports(builder, "they are by Landlock, which this kernel lacks")?;
        // Named best-effort or not: what is on by default is on because the second wall is part of the promise.
        let what = "Landlock".to_owned();
        let why = "this kernel has none, or it is not in the list of /sys/kernel/security/lsm (boot parameter lsm=)".to_owned();
        return builder.not_enforced(
            super::Asked::ByUser,
            Gap {
                facet: "mac",
                what,
                why,
            },
        );
    };
    let fs = known(abi);
    let slot = builder.reserve_slot();
    let scoped = scopes(builder, abi)?;
    let ports = ports(builder, abi)?;
    let handled = if abi >= 4 { ports.handled } else { 0 };
    builder.inside(
        "mac",
        Step::LandlockCreate {
            fs,
            net: handled,
            scoped,
            slot,
        },
    );
    rules(builder, layout, slot, fs)?;
    if !matches!(layout.mounts.get(Path::new("/proc")), Some(mount) if mount.content == Content::Proc)
    {
        // The program's process is verified through a procfs that is mounted nowhere; the program itself cannot reach it.
        builder.inside(
            "mac",
            Step::LandlockPath {
                slot,
                mount: proc,
                path: c"/proc".to_owned(),
                access: right::READ_FILE,
            },
        );
    }
    for (port, access) in ports.rules {
        builder.inside("mac", Step::LandlockPort { slot, port, access });
    }
    builder.inside("mac", Step::LandlockRestrict { slot });
    Ok(())
}

fn rules(builder: &mut Builder<'_>, layout: &Layout, slot: Slot, fs: u64) -> Result<(), PlanError> {
    // A rule covers all that is beneath, so a grant that takes away from the one above it cannot be said: the mounts do.
    let mut rules: Vec<(&Path, u64)> = Vec::new();
    if !layout.has_host_root() {
        rules.push((Path::new("/"), right::READ_DIR));
    }
    for (path, mount) in &layout.mounts {
        let mut rights = rights(mount);
        if super::SYSTEM.iter().any(|system| path == Path::new(system)) {
            // A right that open(2) might need later is looked for up to the root when the rule does not have it, which
            // makes each open of a library a tenth slower. These directories are root's, whom nobody inside is.
            rights |= right::TRUNCATE;
        }
        let rights = rights & fs;
        let covered = rules
            .iter()
            .any(|(above, theirs)| path.starts_with(above) && rights & !theirs == 0);
        if rights != 0 && !covered {
            rules.push((path, rights));
        }
    }
    for (path, access) in rules {
        let mount = builder.kept.get(path).copied().unwrap_or(NO_SLOT);
        let path = super::filesystem::c_path(path)?;
        builder.inside(
            "mac",
            Step::LandlockPath {
                slot,
                mount,
                path,
                access,
            },
        );
    }
    for (stream, access) in builder.facts.streams.iter().enumerate() {
        let wanted = match access {
            casemate_model::host::Stream::File(access) => rights_of(*access, Shape::File) & fs,
            _ => continue,
        };
        builder.inside(
            "mac",
            Step::LandlockStream {
                slot,
                stream: stream as u8,
                access: wanted,
            },
        );
    }
    Ok(())
}

fn rights(mount: &Mount) -> u64 {
    match mount.content {
        Content::Cover => 0,
        Content::Device | Content::Devices | Content::Terminals => {
            let node = right::READ_FILE | right::WRITE_FILE | right::TRUNCATE | right::IOCTL_DEV;
            if mount.shape == Shape::Directory {
                node | right::READ_DIR
            } else {
                node
            }
        }
        Content::Host | Content::Temporary(_) | Content::Proc => {
            rights_of(mount.access, mount.shape)
        }
    }
}

fn rights_of(access: Access, shape: Shape) -> u64 {
    let mut rights = 0;
    if access.includes(Access::READ) {
        rights |= right::READ_FILE | right::READ_DIR;
    }
    if access.includes(Access::RUN) {
        rights |= right::EXECUTE;
    }
    if access.includes(Access::WRITE) {
        rights |= right::WRITE_FILE | right::TRUNCATE | right::CHANGE_DIR | right::REFER;
    }
    if shape == Shape::File {
        rights &= right::EXECUTE
            | right::WRITE_FILE
            | right::READ_FILE
            | right::TRUNCATE
            | right::IOCTL_DEV;
    }
    rights
}

fn scopes(builder: &mut Builder<'_>, abi: u32) -> Result<u64, PlanError> {
    if abi < 6 {
        let why =
            format!("Landlock here is version {abi}, and scopes came with version 6 (kernel 6.12)");
        without(builder, &why)?;
        return Ok(0);
    }
    let scopes = wanted_scopes(builder)?;
    Ok(scopes.iter().fold(0, |scoped, scope| scoped | scope.bit))
}

/// Records that there are no scopes.
fn without(builder: &mut Builder<'_>, why: &str) -> Result<(), PlanError> {
    for scope in wanted_scopes(builder)? {
        let gap = Gap {
            facet: "mac",
            what: scope.what.to_owned(),
            why: why.to_owned(),
        };
        builder.not_enforced(scope.asked, gap)?;
    }
    Ok(())
}

struct Scope {
    bit: u64,
    what: &'static str,
    asked: super::Asked,
}

fn wanted_scopes(builder: &Builder<'_>) -> Result<Vec<Scope>, PlanError> {
    let mac = &builder.confinement.mac;
    let mut scopes = Vec::new();
    let wanted = [
        (
            &mac.signal_scope,
            "mac.signal_scope",
            scope::SIGNAL,
            "the scope of signals",
        ),
        (
            &mac.abstract_unix_scope,
            "mac.abstract_unix_scope",
            scope::ABSTRACT_UNIX_SOCKET,
            "the scope of abstract Unix sockets",
        ),
    ];
    for (stated, field, bit, what) in wanted {
        if *required(stated, field)? == Guard::On {
            let asked = asked(stated);
            scopes.push(Scope { bit, what, asked });
        }
    }
    Ok(scopes)
}

struct Ports {
    handled: u64,
    rules: BTreeMap<u16, u64>,
}

fn ports(builder: &mut Builder<'_>, abi: u32) -> Result<Ports, PlanError> {
    let network = &builder.confinement.network;
    let mut found = Ports {
        handled: 0,
        rules: BTreeMap::new(),
    };
    for (stated, access) in [
        (&network.listen, net::BIND_TCP),
        (&network.connect, net::CONNECT_TCP),
    ] {
        if let Selection::Only(ports) = required(stated, "network")? {
            found.handled |= access;
            for port in ports.iter().filter(|port| port.transport == Transport::Tcp) {
                *found.rules.entry(port.number).or_default() |= access;
            }
        }
    }
    if abi < 4 && found.handled != 0 {
        let why =
            format!("Landlock here is version {abi}, and ports came with version 4 (kernel 6.7)");
        super::network::without_ports(builder, &why)?;
    }
    if abi < 4 {
        found.rules.clear();
    }
    Ok(found)
}
