//! The mounts of a configuration.

use super::options::{self, Options, Reach, attribute};
use super::path::{Inside, text};
use super::rules::{Presence, Rule};
use super::{
    Builder, SCRATCH, TOP, UserNamespace, cgroup, copies_outside, is_borrowed, on_host, propagation,
};
use crate::failure::Failure;
use casemate_enforce::step::{
    ATTACH_IS_PROC, ATTACH_KEEP_MODE, ATTACH_NO_LINKS, Change, NO_SLOT, Slot, Step,
};
use casemate_formats::oci::schema::{IdMapping, Mount};
use std::ffi::CString;

/// Copies the root's directory with what is mounted below, for the container alone.
pub(super) fn copy_root(builder: &mut Builder<'_>, directory: &CString) -> Result<(), Failure> {
    let step = Step::CopyTree {
        source: directory.clone(),
        recursive: 1,
        top: Change::default(),
        all: Change {
            propagation: options::propagation::PRIVATE,
            ..Change::default()
        },
        idmap: NO_SLOT,
        idmap_all: 0,
        slot: TOP,
        at: Inside::new("/")?.text()?,
    };
    if copies_outside(builder, NO_SLOT) {
        builder.outside("files", step);
    } else {
        builder.build("files", step);
        builder.early_at = builder.build.len();
    }
    Ok(())
}

/// Adds a mount.
pub(super) fn add(builder: &mut Builder<'_>, mount: &Mount) -> Result<(), Failure> {
    let mut options = options::read(&mount.options)?;
    let path = Inside::new(&mount.destination)?;
    if path.relative().is_empty() {
        return Err(Failure::with_hint(
            "its destination is the root itself",
            "set \"root\" instead",
        ));
    }
    check_below_proc(&path, mount)?;
    let wants_idmap =
        options.idmap.is_some() || !mount.uid_mappings.is_empty() || !mount.gid_mappings.is_empty();
    if mount.is_bind() {
        options.bind.get_or_insert(Reach::Top);
        return bind(builder, mount, &path, &options);
    }
    if wants_idmap {
        return Err(Failure::new("ids can be mapped for bind mounts only"));
    }
    if options.copy_up && mount.kind != "tmpfs" {
        return Err(Failure::new("option tmpcopyup is for tmpfs only"));
    }
    match mount.kind.as_str() {
        "" => Err(Failure::new(
            "it has neither a type nor the option bind or rbind",
        )),
        "cgroup" | "cgroup2" => cgroup::add(builder, mount, &path, &options),
        _ => file_system(builder, mount, &path, &options),
    }
}

/// Files of /proc that engines put their own in the place of.
const BELOW_PROC: [&str; 11] = [
    "proc/cpuinfo",
    "proc/diskstats",
    "proc/meminfo",
    "proc/stat",
    "proc/swaps",
    "proc/uptime",
    "proc/loadavg",
    "proc/slabinfo",
    "proc/net/dev",
    "proc/sys/kernel/ns_last_pid",
    "proc/sys/crypto/fips_enabled",
];

/// What lies below /proc is the kernel's: a mount there is how writes to it are led astray (CVE-2019-19921).
fn check_below_proc(path: &Inside, mount: &Mount) -> Result<(), Failure> {
    let is_proc = path.relative() == "proc";
    if path.is_in("proc") && !is_proc && !BELOW_PROC.contains(&path.relative()) {
        return Err(Failure::new("its destination is below /proc"));
    }
    if is_proc && !mount.is_bind() && mount.kind != "proc" {
        return Err(Failure::new("only a procfs can be mounted at /proc"));
    }
    Ok(())
}

/// What a destination needs of what is there.
fn attach_flags(path: &Inside, mount: &Mount) -> u8 {
    let mut flags = 0;
    // As links they would lead the container's own /proc or /sys elsewhere: CVE-2023-27561, CVE-2023-28642.
    if matches!(path.relative(), "proc" | "sys") || matches!(mount.kind.as_str(), "proc" | "sysfs")
    {
        flags |= ATTACH_NO_LINKS;
    }
    if path.relative() == "proc" && mount.is_bind() {
        flags |= ATTACH_IS_PROC;
    }
    flags
}

fn bind(
    builder: &mut Builder<'_>,
    mount: &Mount,
    path: &Inside,
    options: &Options,
) -> Result<(), Failure> {
    // The specification has it that a bind mount is made of one that exists, which has its own.
    for option in options
        .flags
        .iter()
        .copied()
        .chain(options.data.iter().map(String::as_str))
    {
        let destination = &mount.destination;
        builder.notes.push(format!(
            "mounts: {destination}: option {option} is one of a file system and does nothing on a bind mount"
        ));
    }
    if options.copy_up {
        return Err(Failure::new("option tmpcopyup is for tmpfs only"));
    }
    if mount.source.is_empty() {
        return Err(Failure::new("a bind mount needs a source"));
    }
    let source = on_host(builder.around, &mount.source)?;
    let recursive = options.bind == Some(Reach::All);
    let idmap = idmap(builder, mount, options)?;
    let idmap_all = options.idmap == Some(Reach::All);
    let outside = copies_outside(builder, idmap);
    let of_host = outside || is_borrowed(builder.spec);
    let mut changes = changes_of_propagation(builder, options, of_host);
    let (mut top, mut all) = (options.top, options.all);
    if let Some((bits, reach)) = changes.first().copied() {
        match reach {
            Reach::Top => top.propagation = bits,
            Reach::All => all.propagation = bits,
        }
        changes.remove(0);
    }
    if !recursive {
        top = joined(top, all);
        all = Change::default();
    }
    let early = !outside && propagation::is_shared(builder);
    let slot = if outside || early {
        builder.slot()?
    } else {
        SCRATCH
    };
    let step = Step::CopyTree {
        source,
        recursive: u8::from(recursive),
        top,
        all,
        idmap,
        idmap_all: u8::from(idmap_all && recursive),
        slot,
        at: path.text()?,
    };
    if outside {
        builder.outside("files", step);
    } else if early {
        builder.build_early("files", step);
    } else {
        builder.build("files", step);
    }
    let rule = Rule {
        there: options.attributes(),
        below: options.all.set,
        presence: Presence::Certain,
    };
    attach(
        builder,
        (slot, path),
        &changes,
        attach_flags(path, mount),
        rule,
    )
}

/// Both changes, of which the second has the last word.
fn joined(first: Change, last: Change) -> Change {
    Change {
        set: (first.set & !last.clear) | last.set,
        clear: (first.clear & !last.set) | last.clear,
        propagation: if last.propagation == 0 {
            first.propagation
        } else {
            last.propagation
        },
    }
}

/// The changes of propagation in order. What the launcher copies is of the host's own namespace and begins as a copy in
/// the container's would.
fn changes_of_propagation(
    builder: &Builder<'_>,
    options: &Options,
    outside: bool,
) -> Vec<(u64, Reach)> {
    let mut changes = options.propagation.clone();
    let first = propagation::of_copies(builder);
    let begins = |(bits, reach): &(u64, Reach)| {
        *bits != options::propagation::SHARED && *reach == Reach::All
    };
    if outside && first != 0 && !changes.first().is_some_and(begins) {
        changes.insert(0, (first, Reach::All));
    }
    changes
}

/// Adds the step that makes the mapping of an idmapped mount.
fn idmap(builder: &mut Builder<'_>, mount: &Mount, options: &Options) -> Result<Slot, Failure> {
    let linux = builder.spec.linux.as_ref();
    let (uids, gids) = match (mount.uid_mappings.as_slice(), mount.gid_mappings.as_slice()) {
        ([], []) if options.idmap.is_none() => return Ok(NO_SLOT),
        ([], []) => match linux {
            Some(linux) if !linux.uid_mappings.is_empty() && !linux.gid_mappings.is_empty() => {
                (linux.uid_mappings.as_slice(), linux.gid_mappings.as_slice())
            }
            _ => {
                return Err(Failure::new(
                    "an idmapped mount needs uidMappings and gidMappings, its own or the container's",
                ));
            }
        },
        ([], _) | (_, []) => {
            return Err(Failure::new("uidMappings and gidMappings need one another"));
        }
        both => both,
    };
    if builder.around.user == UserNamespace::OfUnprivileged {
        return Err(Failure::new("idmapped mounts need the host's privileges"));
    }
    let key = (map_text(uids), map_text(gids));
    if let Some(slot) = builder.idmaps.get(&key) {
        return Ok(*slot);
    }
    let slot = builder.slot()?;
    builder.outside(
        "ids",
        Step::MakeIdmap {
            uid_map: text(&key.0)?,
            gid_map: text(&key.1)?,
            slot,
        },
    );
    builder.idmaps.insert(key, slot);
    Ok(slot)
}

fn map_text(mappings: &[IdMapping]) -> String {
    let line = |map: &IdMapping| format!("{} {} {}", map.container_id, map.host_id, map.size);
    mappings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Adds a file system of its own.
fn file_system(
    builder: &mut Builder<'_>,
    mount: &Mount,
    path: &Inside,
    options: &Options,
) -> Result<(), Failure> {
    let attributes = options.attributes();
    let is_tmpfs = mount.kind == "tmpfs";
    let is_readonly = attributes & attribute::RDONLY != 0;
    let mut words = data(builder, mount, options);
    words.extend(options.flags.iter().map(|flag| (*flag).to_owned()));
    // What is mounted or made in a temporary file system has to be there before it is read-only.
    if is_readonly && !is_tmpfs {
        words.push("ro".to_owned());
    }
    let is_terminals = mount.kind == "devpts" && path.relative() == "dev/pts";
    let is_plain_proc = mount.kind == "proc" && words.is_empty();
    let slot = if is_tmpfs || is_terminals || is_plain_proc {
        builder.slot()?
    } else {
        SCRATCH
    };
    builder.build(
        "files",
        Step::MakeMount {
            kind: text(&mount.kind)?,
            source: text(&mount.source)?,
            options: words
                .iter()
                .map(|word| text(word))
                .collect::<Result<_, _>>()?,
            attributes: if is_tmpfs {
                attributes & !attribute::RDONLY
            } else {
                attributes
            },
            slot,
            at: path.text()?,
        },
    );
    if options.copy_up {
        builder.build(
            "files",
            Step::CopyUp {
                slot,
                path: path.text()?,
            },
        );
    }
    let mut flags = attach_flags(path, mount);
    if is_tmpfs && !words.iter().any(|word| word.starts_with("mode=")) {
        flags |= ATTACH_KEEP_MODE;
    }
    let rule = Rule {
        there: attributes,
        below: 0,
        presence: Presence::Certain,
    };
    attach(builder, (slot, path), &options.propagation, flags, rule)?;
    if is_tmpfs {
        builder.fresh.insert(path.clone(), slot);
        if is_readonly {
            builder.closed_late.push((slot, path.clone()));
        }
    }
    if is_terminals {
        builder.terminals = Some(slot);
    }
    if is_plain_proc {
        builder.plain_proc = slot;
    }
    Ok(())
}

/// The file system's own options.
fn data(builder: &Builder<'_>, mount: &Mount, options: &Options) -> Vec<String> {
    let mut words: Vec<String> = options
        .data
        .iter()
        // Every devpts has been an instance of its own since 4.7.
        .filter(|word| !(mount.kind == "devpts" && *word == "newinstance"))
        .flat_map(|word| layers(&mount.kind, word))
        .collect();
    let label = builder
        .spec
        .linux
        .as_ref()
        .map_or("", |linux| linux.mount_label.as_str());
    let takes_label = !matches!(mount.kind.as_str(), "proc" | "sysfs" | "mqueue");
    if !label.is_empty() && takes_label && !words.iter().any(|word| word.starts_with("context=")) {
        words.push(format!("context={label}"));
    }
    words
}

/// Longest value of an option, fsconfig(2).
const VALUE: usize = 255;

/// Splits a list of layers that is too long for one option; since 6.8 they can be given one by one.
fn layers(kind: &str, word: &str) -> Vec<String> {
    match word.strip_prefix("lowerdir=") {
        Some(list)
            if kind == "overlay"
                && list.len() > VALUE
                && !list.contains("\\:")
                && !list.contains("::") =>
        {
            list.split(':')
                .map(|layer| format!("lowerdir+={layer}"))
                .collect()
        }
        _ => vec![word.to_owned()],
    }
}

/// Adds the steps that attach a mount.
pub(super) fn attach(
    builder: &mut Builder<'_>,
    (slot, path): (Slot, &Inside),
    propagation: &[(u64, Reach)],
    flags: u8,
    rule: Rule,
) -> Result<(), Failure> {
    for (bits, reach) in propagation {
        let change = Change {
            propagation: *bits,
            ..Change::default()
        };
        builder.build(
            "files",
            Step::ChangeMount {
                slot,
                change,
                recursive: u8::from(*reach == Reach::All),
                at: path.text()?,
            },
        );
    }
    let rule = builder.rules.add(path, rule)?;
    let (above, name) = path.split();
    // In a file system of ours a name is made at once; what was put over a name before is not of ours.
    let base = builder
        .fresh
        .get(&above)
        .copied()
        .filter(|_| slot_is_directory(builder, slot) && !builder.used.contains(path));
    let step = match base {
        Some(base) => Step::AttachFresh {
            slot,
            base,
            name: text(name)?,
            at: path.text()?,
        },
        None => Step::AttachIn {
            slot,
            path: path.text()?,
            flags,
            rule,
        },
    };
    builder.build("files", step);
    builder.used.insert(path.clone());
    builder
        .fresh
        .retain(|fresh, _| !fresh.is_in(path.relative()));
    Ok(())
}

/// Whether what a slot holds is a file system, whose root is a directory, and not a copy of whatever the host has.
fn slot_is_directory(builder: &Builder<'_>, slot: Slot) -> bool {
    let made = builder
        .build
        .iter()
        .rev()
        .find_map(|planned| match &planned.step {
            Step::MakeMount { slot: made, .. } if *made == slot => Some(true),
            Step::CopyTree { slot: made, .. } if *made == slot => Some(false),
            _ => None,
        });
    made == Some(true)
}
