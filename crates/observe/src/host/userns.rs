//! Why a user namespace was refused.
//!
//! Nothing is tried here: the launcher, or the doctor, has tried and brings the kernel's answer. The files that may hold
//! the cause are read only then.

use super::mountinfo::Mounts;
use super::view::View;
use casemate_model::host::Availability;
use casemate_sys::Errno;
use std::path::Path;

/// What may stand in the way of a new user namespace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cause {
    /// The kernel was built without them.
    NotBuilt,
    /// The administrator allows none: `user.max_user_namespaces` is 0.
    LimitZero,
    /// As many as allowed exist, or they nest 32 deep.
    LimitReached {
        /// The limit for each user.
        limit: u64,
    },
    /// Debian's switch `kernel.unprivileged_userns_clone` is 0.
    DebianSwitch,
    /// AppArmor forbids them to programs without a profile: `kernel.apparmor_restrict_unprivileged_userns` is 1.
    AppArmor,
    /// The AppArmor profile that confines the process has no rule `userns,`.
    Profile {
        /// The profile's name.
        name: String,
    },
    /// The process has another root than its mount namespace (chroot), for which the kernel refuses them.
    Chroot,
    /// The caller's ids are not mapped in its own user namespace.
    UnmappedIds,
    /// A syscall filter that was there before refuses, as container engines' default filters do.
    Filter,
    /// Nothing of the above: most likely a security module's policy.
    Unknown,
}

/// A cause with what it was told by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// What stands in the way.
    pub cause: Cause,
    /// The file and what it says, or the kernel's answer.
    pub evidence: String,
}

/// Tells why the kernel answered `errno` to a new user namespace, or to the first privileged step within it.
pub fn explain(view: &impl View, errno: Errno) -> Explanation {
    let found = match errno {
        // ENOSPC since 4.9, EUSERS before.
        Errno::ENOSPC | Errno::EUSERS => limit(view),
        Errno::ENOSYS | Errno::EINVAL => not_built(view),
        _ => denied(view),
    };
    found.unwrap_or_else(|| Explanation {
        cause: Cause::Unknown,
        evidence: format!("the kernel answers {errno}, and no setting says why"),
    })
}

impl Explanation {
    /// States the cause and the smallest change that helps.
    pub fn availability(&self) -> Availability {
        Availability::Refused {
            obstacle: self.evidence.clone(),
            remedy: self.cause.remedy(),
        }
    }
}

impl Cause {
    /// Says the smallest change that helps.
    pub fn remedy(&self) -> String {
        let remedy = match self {
            Self::NotBuilt => {
                "use a kernel built with CONFIG_USER_NS, as those of all distributions are"
            }
            Self::LimitZero => "sysctl -w user.max_user_namespaces=15000",
            Self::LimitReached { .. } => {
                "end programs that hold user namespaces, or raise user.max_user_namespaces"
            }
            Self::DebianSwitch => "sysctl -w kernel.unprivileged_userns_clone=1",
            Self::AppArmor => {
                "install the profile that comes with Casemate: \
                 cp docs/apparmor/casemate /etc/apparmor.d/casemate && apparmor_parser -r /etc/apparmor.d/casemate"
            }
            Self::Profile { name } => {
                return format!(
                    "add the line `userns,` to the AppArmor profile {name}, and load it with apparmor_parser -r"
                );
            }
            Self::Chroot => {
                "start Casemate outside of the chroot, or enter the tree with pivot_root"
            }
            Self::UnmappedIds => "start the container with a map that has this user",
            Self::Filter => {
                "let the outer container's filter permit clone, unshare and mount, \
                 for Docker and Podman with --security-opt seccomp=FILE"
            }
            Self::Unknown => {
                "look for a denial in the kernel's log: dmesg | grep -i -e apparmor -e avc -e denied"
            }
        };
        remedy.to_owned()
    }
}

fn limit(view: &impl View) -> Option<Explanation> {
    const FILE: &str = "/proc/sys/user/max_user_namespaces";
    let limit: u64 = value(view, FILE)?.parse().ok()?;
    let cause = if limit == 0 {
        Cause::LimitZero
    } else {
        Cause::LimitReached { limit }
    };
    Some(Explanation {
        cause,
        evidence: format!("{FILE} is {limit}"),
    })
}

fn not_built(view: &impl View) -> Option<Explanation> {
    const FILE: &str = "/proc/self/ns/user";
    // Where /proc itself is missing, the absence of the file says nothing.
    view.read(Path::new("/proc/self/status")).ok()?;
    let is_absent = view.look(Path::new(FILE)) == casemate_model::host::PathFact::Absent;
    is_absent.then(|| Explanation {
        cause: Cause::NotBuilt,
        evidence: format!("{FILE} does not exist"),
    })
}

fn denied(view: &impl View) -> Option<Explanation> {
    let switches = [
        (
            "/proc/sys/kernel/unprivileged_userns_clone",
            "0",
            Cause::DebianSwitch,
        ),
        ("/proc/sys/user/max_user_namespaces", "0", Cause::LimitZero),
        (
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            "1",
            Cause::AppArmor,
        ),
    ];
    for (file, closed, cause) in switches {
        // The switches are for those without CAP_SYS_ADMIN; who has it meets another obstacle.
        let is_closed = value(view, file).is_some_and(|value| value == closed);
        if is_closed && (cause == Cause::LimitZero || !has_sys_admin(view)) {
            return Some(Explanation {
                cause,
                evidence: format!("{file} is {closed}"),
            });
        }
    }
    profile(view)
        .or_else(|| chroot(view))
        .or_else(|| unmapped(view))
        .or_else(|| filter(view))
}

/// AppArmor mediates user namespaces since 6.7. Its labels end with the mode; those of other modules do not.
fn profile(view: &impl View) -> Option<Explanation> {
    let files = [
        "/proc/self/attr/apparmor/current",
        "/proc/self/attr/current",
    ];
    files.into_iter().find_map(|file| {
        let label = value(view, file)?;
        let name = label
            .strip_suffix(" (enforce)")
            .or_else(|| label.strip_suffix(" (kill)"))?
            .to_owned();
        Some(Explanation {
            cause: Cause::Profile { name },
            evidence: format!("{file} is {label}"),
        })
    })
}

/// The kernel refuses a process whose root is not that of its mount namespace (`current_chrooted`). In such a process,
/// unless its root happens to be a mount, no mount stands at `/`.
fn chroot(view: &impl View) -> Option<Explanation> {
    let mounts = Mounts::parse(&view.read(Path::new("/proc/self/mountinfo")).ok()?);
    let has_root = mounts.0.iter().any(|mount| mount.point == Path::new("/"));
    (!has_root).then(|| Explanation {
        cause: Cause::Chroot,
        evidence: "/proc/self/mountinfo has no mount at /".to_owned(),
    })
}

fn unmapped(view: &impl View) -> Option<Explanation> {
    let ids = status(view, "Uid:")?;
    let effective: u32 = ids.split_whitespace().nth(1)?.parse().ok()?;
    let map = value(view, "/proc/self/uid_map")?;
    let is_mapped = map.lines().any(|line| {
        let mut numbers = line
            .split_whitespace()
            .filter_map(|number| number.parse::<u32>().ok());
        let (first, _, count) = (numbers.next(), numbers.next(), numbers.next());
        first
            .zip(count)
            .is_some_and(|(first, count)| effective.checked_sub(first).is_some_and(|at| at < count))
    });
    (!is_mapped).then(|| Explanation {
        cause: Cause::UnmappedIds,
        evidence: format!("/proc/self/uid_map does not have user id {effective}"),
    })
}

fn filter(view: &impl View) -> Option<Explanation> {
    let mode = status(view, "Seccomp:")?;
    (mode == "2").then(|| Explanation {
        cause: Cause::Filter,
        evidence: "/proc/self/status has Seccomp: 2, a syscall filter of whoever started us"
            .to_owned(),
    })
}

fn has_sys_admin(view: &impl View) -> bool {
    const SYS_ADMIN: u64 = 1 << 21; // linux/capability.h
    status(view, "CapEff:")
        .and_then(|bits| u64::from_str_radix(&bits, 16).ok())
        .is_some_and(|bits| bits & SYS_ADMIN != 0)
}

fn status(view: &impl View, key: &str) -> Option<String> {
    let status = view.read(Path::new("/proc/self/status")).ok()?;
    let status = String::from_utf8_lossy(&status);
    status
        .lines()
        .find_map(|line| line.strip_prefix(key))
        .map(|value| value.trim().to_owned())
}

fn value(view: &impl View, file: &str) -> Option<String> {
    let text = view.read_attribute(Path::new(file)).ok()?;
    Some(String::from_utf8_lossy(&text).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::view::fixture::Fixture;
    use super::*;

    const STATUS: &str = "Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\nSeccomp:\t0\n";
    const ROOT: &str = "1 0 0:1 / / rw - ext4 a rw\n";
    const IDENTITY: &str = "         0          0 4294967295\n";

    type Case<'a> = (&'a str, Errno, &'a [(&'a str, &'a str)], Cause);

    #[test]
    fn each_cause_is_told_apart() {
        let base = [
            ("/proc/self/status", STATUS),
            ("/proc/self/mountinfo", ROOT),
            ("/proc/self/uid_map", IDENTITY),
            ("/proc/sys/user/max_user_namespaces", "1000\n"),
            ("/proc/self/ns/user", ""),
        ];
        let filtered = "Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0\nSeccomp:\t2\n";
        let root = "Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\nSeccomp:\t2\n";
        let clone = "/proc/sys/kernel/unprivileged_userns_clone";
        let apparmor = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
        let cases: [Case<'_>; 16] = [
            (
                "limit 0",
                Errno::ENOSPC,
                &[("/proc/sys/user/max_user_namespaces", "0\n")],
                Cause::LimitZero,
            ),
            (
                "limit",
                Errno::ENOSPC,
                &[],
                Cause::LimitReached { limit: 1000 },
            ),
            (
                "old kernel's limit",
                Errno::EUSERS,
                &[],
                Cause::LimitReached { limit: 1000 },
            ),
            (
                "debian",
                Errno::EPERM,
                &[(clone, "0\n"), (apparmor, "1\n")],
                Cause::DebianSwitch,
            ),
            (
                "ubuntu",
                Errno::EACCES,
                &[(clone, "1\n"), (apparmor, "1\n")],
                Cause::AppArmor,
            ),
            (
                "open",
                Errno::EPERM,
                &[(clone, "1\n"), (apparmor, "0\n")],
                Cause::Unknown,
            ),
            (
                "root in docker on ubuntu",
                Errno::EPERM,
                &[(apparmor, "1\n"), ("/proc/self/status", root)],
                Cause::Filter,
            ),
            (
                "docker",
                Errno::EPERM,
                &[("/proc/self/status", filtered)],
                Cause::Filter,
            ),
            (
                "chroot",
                Errno::EPERM,
                &[("/proc/self/mountinfo", "30 29 0:1 / /proc rw - proc p rw\n")],
                Cause::Chroot,
            ),
            (
                "profile",
                Errno::EACCES,
                &[("/proc/self/attr/apparmor/current", "/usr/bin/x (enforce)\n")],
                Cause::Profile {
                    name: "/usr/bin/x".to_owned(),
                },
            ),
            (
                "unconfined",
                Errno::EPERM,
                &[("/proc/self/attr/current", "unconfined\n")],
                Cause::Unknown,
            ),
            (
                "complaining",
                Errno::EPERM,
                &[("/proc/self/attr/current", "x (complain)\n")],
                Cause::Unknown,
            ),
            (
                "selinux",
                Errno::EPERM,
                &[("/proc/self/attr/current", "u:r:t:s0\0")],
                Cause::Unknown,
            ),
            (
                "unmapped",
                Errno::EPERM,
                &[("/proc/self/uid_map", "0 100000 1000\n")],
                Cause::UnmappedIds,
            ),
            ("policy", Errno::EPERM, &[], Cause::Unknown),
            (
                "invalid for another reason",
                Errno::EINVAL,
                &[],
                Cause::Unknown,
            ),
        ];
        for (name, errno, changed, expected) in cases {
            let view = Fixture::new(&base).with(changed);
            assert_eq!(explain(&view, errno).cause, expected, "{name}");
        }
        let unbuilt = Fixture::new(&base).without("/proc/self/ns/user");
        assert_eq!(explain(&unbuilt, Errno::EINVAL).cause, Cause::NotBuilt);
        assert_eq!(
            explain(&Fixture::new(&[]), Errno::EINVAL).cause,
            Cause::Unknown,
            "no /proc"
        );
    }
}
