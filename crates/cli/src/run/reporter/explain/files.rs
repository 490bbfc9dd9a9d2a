//! Files: what is not there, is read-only, or is not to be executed.

use super::super::Subject;
use super::call::{Deed, PathUse};
use super::notes::{Kind, Notes, Refused, Weight};
use super::process::{Last, Look, Process, There};
use casemate_model::facets::files::ProcView;
use casemate_sys::stat::FileType;
use std::fs;
use std::path::Path;

/// Judges what a call would do with a path.
pub fn judge(subject: &Subject<'_>, notes: &mut Notes, process: Process, wanted: &PathUse) {
    let path = wanted.path.as_path();
    if is_own_view(subject, path) {
        return;
    }
    match process.look(path, wanted.last) {
        Look::Unknown => {}
        Look::There(there) => {
            notes.found(path);
            present(notes, process, wanted, there);
        }
        Look::Absent(path) => absent(notes, process, wanted, &path),
    }
}

/// What the C library looks for on behalf of every program that asks for a user's name: services of the host that answer
/// where they are. Nobody misses them.
const NAME_SERVICES: [&str; 4] = [
    "/run/systemd/userdb",
    "/run/nscd",
    "/var/run/nscd",
    "/var/run/systemd/userdb",
];

/// Tells whether a look at a path is one that most programs make.
fn is_noise(deed: Deed, path: &Path) -> bool {
    let service = |service: &str| {
        path.starts_with(service) || (deed == Deed::Look && Path::new(service).starts_with(path))
    };
    NAME_SERVICES.iter().any(|of| service(of))
}

/// Tells whether a path shows something of the process itself, which looks different from outside.
fn is_own_view(subject: &Subject<'_>, path: &Path) -> bool {
    let view = subject.request.document.confinement.files.proc.value();
    let proc = matches!(
        view,
        Some(ProcView::Own | ProcView::Writable | ProcView::Host)
    );
    let streams = [
        "/dev/fd",
        "/dev/stdin",
        "/dev/stdout",
        "/dev/stderr",
        "/dev/pts",
        "/proc/self",
        "/proc/thread-self",
    ];
    (proc && path.starts_with("/proc")) || streams.iter().any(|own| path.starts_with(own))
}

fn present(notes: &mut Notes, process: Process, wanted: &PathUse, there: There) {
    let path = wanted.path.as_path();
    // Devices, pipes and sockets can be written to on a read-only mount.
    let is_changed = matches!(wanted.deed, Deed::Change | Deed::Remove);
    let has_content = matches!(
        there.kind,
        Some(FileType::Regular | FileType::Directory | FileType::Symlink)
    );
    match wanted.deed {
        Deed::Write | Deed::WriteOrMake | Deed::Change | Deed::Remove
            if there.read_only && (has_content || is_changed) =>
        {
            // A directory that is opened to be written to fails everywhere.
            let is_directory = there.kind == Some(FileType::Directory);
            if is_directory && matches!(wanted.deed, Deed::Write | Deed::WriteOrMake) {
                return;
            }
            read_only(notes, process, wanted.deed, path);
        }
        Deed::Execute if there.no_exec && there.kind == Some(FileType::Regular) => {
            let refused = Refused::NotExecutable(path.to_owned());
            notes.add(refused, process, "execute", Weight::Sure);
        }
        // mmap(2) of its code will fail; the open is what can be seen.
        Deed::Open
            if there.no_exec && there.kind == Some(FileType::Regular) && is_library(path) =>
        {
            let refused = Refused::NotExecutable(path.to_owned());
            notes.add(refused, process, "load the library", Weight::Sure);
        }
        _ => {}
    }
}

/// `libx.so`, `libx.so.1`.
fn is_library(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split_once(".so").is_some_and(|(stem, version)| {
        !stem.is_empty() && version.chars().all(|c| c == '.' || c.is_ascii_digit())
    })
}

fn absent(notes: &mut Notes, process: Process, wanted: &PathUse, path: &Path) {
    let on_host = fs::symlink_metadata(path).is_ok();
    match wanted.deed {
        Deed::Make | Deed::WriteOrMake | Deed::OpenOrMake => {
            let parent = path.parent().unwrap_or(Path::new("/"));
            match process.look(parent, Last::Followed) {
                Look::There(there) if there.read_only => {
                    read_only(notes, process, wanted.deed, path);
                }
                Look::Absent(_) if parent.is_dir() => read_only(notes, process, wanted.deed, path),
                _ => {}
            }
        }
        Deed::Write | Deed::Change | Deed::Remove if on_host => {
            read_only(notes, process, wanted.deed, path);
        }
        Deed::Execute if on_host && path.is_file() => {
            notes.missing(path, Kind::Run, process, wanted.deed);
        }
        Deed::Look | Deed::Open if on_host && !is_noise(wanted.deed, path) => {
            notes.missing(path, Kind::Read, process, wanted.deed);
        }
        // It is not on the host either: nothing was kept from the program.
        _ => {}
    }
}

fn read_only(notes: &mut Notes, process: Process, deed: Deed, path: &Path) {
    let refused = Refused::ReadOnly(path.to_owned());
    notes.add(refused, process, deed.verb(), Weight::Sure);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_everybody_looks_for() {
        for (deed, path, expected) in [
            (Deed::Look, "/run", true),
            (Deed::Open, "/run", false),
            (Deed::Open, "/run/systemd/userdb/", true),
            (Deed::Open, "/var/run/nscd/socket", true),
            (Deed::Look, "/run/user", false),
        ] {
            assert_eq!(is_noise(deed, Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn knows_libraries_by_name() {
        for (name, expected) in [
            ("libx.so", true),
            ("libx.so.1.2", true),
            ("_x.cpython-311.so", true),
            ("x.sock", false),
            ("x.so.conf", false),
            (".so", false),
            ("x", false),
        ] {
            assert_eq!(is_library(Path::new(name)), expected, "{name}");
        }
    }
}
