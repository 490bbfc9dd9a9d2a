//! Device nodes and links of the container's /dev.

use super::path::{Inside, text};
use super::{Builder, UserNamespace};
use crate::failure::Failure;
use casemate_enforce::step::{Slot, Step};
use casemate_formats::oci::schema::{Device, DeviceType};

/// Types of nodes, linux/stat.h.
const CHARACTER: u32 = 0o020_000;
const BLOCK: u32 = 0o060_000;
const PIPE: u32 = 0o010_000;

/// The devices that the specification gives to every container, Documentation/admin-guide/devices.txt.
const DEFAULT: [(&str, i64, i64); 6] = [
    ("/dev/null", 1, 3),
    ("/dev/zero", 1, 5),
    ("/dev/full", 1, 7),
    ("/dev/random", 1, 8),
    ("/dev/urandom", 1, 9),
    ("/dev/tty", 5, 0),
];

/// Links, as every container has them.
const LINKS: [(&str, &str); 4] = [
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
];

/// Adds devices and links. Returns the slot of /dev.
pub(super) fn add(builder: &mut Builder<'_>) -> Result<Option<Slot>, Failure> {
    let dev = Inside::new("/dev")?;
    let spec = builder.spec;
    let has_terminal = spec
        .process
        .as_ref()
        .is_some_and(|process| process.terminal);
    // Whoever mounts a /dev of its own has what it wants in it.
    let is_given = spec.mounts.iter().any(|mount| {
        mount.is_bind() && Inside::new(&mount.destination).is_ok_and(|path| path == dev)
    });
    if is_given && !has_terminal {
        return Ok(None);
    }
    let base = directory(builder, &dev)?;
    if is_given {
        return Ok(Some(base));
    }
    let own: &[Device] = spec.linux.as_ref().map_or(&[], |linux| &linux.devices);
    let mut taken = Vec::new();
    for (index, device) in own.iter().enumerate() {
        let path = Inside::new(&device.path)?;
        let add = one(builder, &path, device);
        add.map_err(|failure| {
            failure.within(&format!("linux.devices[{index}] ({})", device.path))
        })?;
        taken.push(path);
    }
    for (path, major, minor) in DEFAULT {
        let inside = Inside::new(path)?;
        if !taken.contains(&inside) {
            let device = Device {
                path: path.to_owned(),
                kind: DeviceType::Character,
                major: Some(major),
                minor: Some(minor),
                file_mode: None,
                uid: None,
                gid: None,
            };
            one(builder, &inside, &device)?;
        }
    }
    links(builder, base)?;
    Ok(Some(base))
}

/// The slot of a directory.
fn directory(builder: &mut Builder<'_>, path: &Inside) -> Result<Slot, Failure> {
    if let Some(slot) = builder.fresh.get(path) {
        return Ok(*slot);
    }
    let slot = builder.slot()?;
    let path_text = path.text()?;
    builder.build(
        "devices",
        Step::OpenDirectory {
            path: path_text,
            slot,
        },
    );
    builder.fresh.insert(path.clone(), slot);
    Ok(slot)
}

fn one(builder: &mut Builder<'_>, path: &Inside, device: &Device) -> Result<(), Failure> {
    let (above, name) = path.split();
    if !device.path.starts_with('/') || name.is_empty() {
        return Err(Failure::new(
            "its path is not an absolute one below the root",
        ));
    }
    let kind = match device.kind {
        DeviceType::Character | DeviceType::Unbuffered => CHARACTER,
        DeviceType::Block => BLOCK,
        DeviceType::Pipe => PIPE,
    };
    let number = |number: Option<i64>, which: &str, most: u32| match number {
        None if kind == PIPE => Ok(0),
        Some(number) => u32::try_from(number)
            .ok()
            .filter(|number| *number <= most)
            .ok_or_else(|| Failure::new(format!("{which} number {number} does not exist"))),
        None => Err(Failure::new(format!("it has no {which} number"))),
    };
    // Twelve bits of major and twenty of minor number, linux/kdev_t.h.
    let (major, minor) = (
        number(device.major, "major", 0xfff)?,
        number(device.minor, "minor", 0xf_ffff)?,
    );
    let base = directory(builder, &above)?;
    let bind = u8::from(builder.around.user != UserNamespace::Same);
    builder.build(
        "devices",
        Step::MakeNode {
            base,
            name: text(name)?,
            mode: kind | device.file_mode.unwrap_or(0o666) & 0o7777,
            major,
            minor,
            uid: device.uid.unwrap_or(0),
            gid: device.gid.unwrap_or(0),
            bind,
            path: text(&path.absolute())?,
        },
    );
    Ok(())
}

fn links(builder: &mut Builder<'_>, base: Slot) -> Result<(), Failure> {
    let core = builder.around.has_kcore.then_some(("core", "/proc/kcore"));
    for (name, target) in LINKS.into_iter().chain(core) {
        builder.build(
            "devices",
            Step::MakeLinkIn {
                base,
                name: text(name)?,
                target: text(target)?,
                replace: 0,
            },
        );
    }
    // The image's own would be the host's multiplexer.
    builder.build(
        "devices",
        Step::MakeLinkIn {
            base,
            name: text("ptmx")?,
            target: text("pts/ptmx")?,
            replace: 1,
        },
    );
    Ok(())
}
