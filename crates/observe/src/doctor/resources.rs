//! Judges limits, ranges of ids and the device for networks.

use super::{Deep, Finding};
use std::io;
use std::path::{Path, PathBuf};

const CONTROLLERS: [&str; 3] = ["memory", "pids", "cpu"];

pub(super) fn cgroups(deep: &Deep) -> Finding {
    const NAME: &str = "cgroups";
    let states = CONTROLLERS.map(|controller| (controller, state(deep, controller)));
    let missing: Vec<&str> = states
        .iter()
        .filter(|(_, state)| state.is_err())
        .map(|(name, _)| *name)
        .collect();
    if missing.is_empty() {
        let consequence = if is_hybrid(deep) {
            "all limits can be set; this host is hybrid, and they are in hierarchies of version 1"
        } else {
            "all limits can be set"
        };
        return Finding::fine(
            NAME,
            grouped(&states, |state| {
                state
                    .as_ref()
                    .ok()
                    .map(|parent| format!("in {}", parent.display()))
            }),
            consequence,
        );
    }
    Finding::limits(NAME, format!("limits on {}", missing.join(", ")), grouped(&states, |state| state.as_ref().err().cloned()))
        .consequence(
            "a profile that sets one of them is refused unless it is named with --best-effort resources; then rlimits, which \
             count for each process or user, are all there is",
        )
        .remedy(remedy(deep))
}

type State<'a> = Result<&'a PathBuf, String>;

/// Lists controllers with what is said of them; those of which the same is said stand together.
fn grouped(states: &[(&str, State<'_>)], say: impl Fn(&State<'_>) -> Option<String>) -> String {
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for (controller, state) in states {
        let Some(text) = say(state) else { continue };
        match said.iter_mut().find(|(other, _)| *other == text) {
            Some((_, controllers)) => controllers.push(controller),
            None => said.push((text, vec![controller])),
        }
    }
    let one =
        |(text, controllers): (String, Vec<&str>)| format!("{}: {text}", controllers.join(", "));
    said.into_iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Where a group with a limit of this controller can be made, or why not.
fn state<'a>(deep: &'a Deep, controller: &str) -> State<'a> {
    let cgroups = &deep.facts.cgroups;
    if let Some(v1) = cgroups.v1.get(controller) {
        return v1.parent.as_ref().map_err(Clone::clone);
    }
    let Some(v2) = &cgroups.v2 else {
        return Err("in no cgroup hierarchy that is mounted".to_owned());
    };
    let parent = v2.parent.as_ref().map_err(Clone::clone)?;
    if v2.controllers.contains(controller) {
        Ok(parent)
    } else {
        Err(format!(
            "not given to groups by {}",
            parent.join("cgroup.subtree_control").display()
        ))
    }
}

/// Controllers of version 1 beside a unified hierarchy.
fn is_hybrid(deep: &Deep) -> bool {
    let has = |kind: &str| {
        deep.cgroup_mounts
            .iter()
            .any(|(mounted, _)| mounted == kind)
    };
    has("cgroup") && has("cgroup2")
}

fn remedy(deep: &Deep) -> String {
    let Some(v2) = deep
        .facts
        .cgroups
        .v2
        .as_ref()
        .filter(|_| deep.facts.cgroups.v1.is_empty())
    else {
        return remedy_v1(deep);
    };
    let is_slice = |path: &Path| path.to_string_lossy().contains(".slice");
    match &v2.parent {
        Ok(parent) if is_slice(parent) => {
            "let systemd give the controllers to users: in /etc/systemd/system/user@.service.d/delegate.conf write\n\
             [Service]\nDelegate=cpu cpuset io memory pids\nthen systemctl daemon-reload, and log in again"
                .to_owned()
        }
        Ok(parent) => format!("echo '+cpu +memory +pids' > {}", parent.join("cgroup.subtree_control").display()),
        Err(reason) if reason.contains("topmost") => {
            let mount = v2.mount.display();
            format!(
                "move the container's processes into a group of their own: mkdir {mount}/init && \
                 while read p; do echo $p > {mount}/init/cgroup.procs; done < {mount}/cgroup.procs"
            )
        }
        Err(reason) if reason.contains(".slice") || reason.contains(".scope") => {
            "start it in a scope that systemd delegates: systemd-run --user --scope -p Delegate=yes casemate run ...".to_owned()
        }
        Err(reason) if reason.contains("read-only") => {
            "start the outer container with its cgroups writable: -v /sys/fs/cgroup:/sys/fs/cgroup:rw --cgroupns=private"
                .to_owned()
        }
        Err(_) => {
            let (uid, mount) = (deep.facts.caller.uid, v2.mount.display());
            format!(
                "as root, with the number of your shell for PID: g={mount}/user-{uid}; mkdir -p $g/shell && \
                 echo '+cpu +memory +pids' > {mount}/cgroup.subtree_control && \
                 echo '+cpu +memory +pids' > $g/cgroup.subtree_control && \
                 chown {uid} $g $g/cgroup.procs $g/cgroup.subtree_control && echo PID > $g/shell/cgroup.procs"
            )
        }
    }
}

fn remedy_v1(deep: &Deep) -> String {
    let uid = deep.facts.caller.uid;
    let closed: Vec<String> = deep
        .facts
        .cgroups
        .v1
        .values()
        .filter(|hierarchy| hierarchy.parent.is_err())
        .map(|hierarchy| hierarchy.mount.display().to_string())
        .collect();
    if closed.is_empty() {
        return "mount the controllers, with systemd or: mount -t cgroup2 cgroup2 /sys/fs/cgroup"
            .to_owned();
    }
    format!(
        "as root, with the number of your shell for PID: for d in {}; do mkdir -p $d/user-{uid} && \
         chown {uid} $d/user-{uid} && echo PID > $d/user-{uid}/cgroup.procs; done",
        closed.join(" ")
    )
}

pub(super) fn subordinate(deep: &Deep) -> Finding {
    const NAME: &str = "subordinate-ids";
    let ids = &deep.facts.subordinate;
    let caller = &deep.facts.caller;
    let user = caller
        .name
        .clone()
        .unwrap_or_else(|| caller.uid.to_string());
    let limits = |evidence: String| {
        Finding::limits(NAME, "more than one id inside", evidence)
            .consequence("programs inside have one user and one group; what changes owners, as package managers do, fails")
    };
    if caller.is_privileged() {
        return match deep.mapped_ids {
            // Root of a container with hardly more than itself.
            Some(count) if count < 65_536 => limits(format!("/proc/self/uid_map has {count} ids"))
                .remedy("start the outer container with a range of ids, such as --uidmap 0:100000:65536"),
            _ => Finding::fine(NAME, "the caller is root", "any ids can be mapped"),
        };
    }
    if ids.uids.is_empty() || ids.gids.is_empty() {
        let file = if ids.uids.is_empty() {
            "/etc/subuid"
        } else {
            "/etc/subgid"
        };
        let (first, last) = (deep.free_range, deep.free_range.saturating_add(65_535));
        return limits(format!("{file} has no line for {user}")).remedy(format!(
            "usermod --add-subuids {first}-{last} --add-subgids {first}-{last} {user}"
        ));
    }
    if let Some((name, _)) = deep.helpers.iter().find(|(_, path)| path.is_none()) {
        return limits(format!(
            "no {name} with its privilege in /usr/bin, /bin or /usr/local/bin"
        ))
        .remedy(
            "apt-get install uidmap, or the package shadow-utils or shadow of other distributions",
        );
    }
    if let Some(path) = &deep.helpers_nosuid {
        return limits(format!("{} is on a mount with nosuid", path.display()))
            .remedy("mount -o remount,suid on the file system that holds it");
    }
    let (uids, gids) = (total(&ids.uids), total(&ids.gids));
    Finding::fine(
        NAME,
        format!("/etc/subuid and /etc/subgid: {uids} users and {gids} groups for {user}"),
        "ranges can be mapped",
    )
}

fn total(ranges: &[(u32, u32)]) -> u64 {
    ranges.iter().map(|(_, count)| u64::from(*count)).sum()
}

pub(super) fn tun(deep: &Deep) -> Finding {
    const NAME: &str = "tun";
    const FILE: &str = "/dev/net/tun";
    let limits = |evidence: &str| {
        Finding::limits(NAME, "a network by a stack in user space", format!("{FILE}: {evidence}"))
            .consequence("compartments without a network, with loopback, or with the host's network are not concerned")
    };
    match deep.tun {
        Ok(()) => Finding::fine(NAME, format!("{FILE} may be written"), "a network by a stack in user space is possible"),
        Err(io::ErrorKind::NotFound) => limits("does not exist").remedy("modprobe tun"),
        Err(io::ErrorKind::PermissionDenied) => limits("no right to write").remedy(
            "chmod 0666 /dev/net/tun, for good with KERNEL==\"tun\", MODE=\"0666\" in /etc/udev/rules.d/50-tun.rules: each \
             user can only use it in network namespaces of his own",
        ),
        Err(kind) => limits(&kind.to_string()).remedy("ls -l /dev/net/tun"),
    }
}
