//! The directives of firejail-profile(5), as of 0.9.72, and the newer ones of 0.9.80.

/// What a directive takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Takes {
    /// Nothing.
    Nothing,
    /// Something.
    Value,
    /// Either.
    Either,
}

use Takes::{Either, Nothing, Value};

/// All directives.
#[rustfmt::skip]
pub(super) static DIRECTIVES: [(&str, Takes); 132] = [
    ("allow-bwrap", Nothing), ("allow-debuggers", Nothing), ("allusers", Nothing), ("apparmor", Either),
    ("apparmor-replace", Nothing), ("apparmor-stack", Nothing), ("bind", Value), ("blacklist", Value),
    ("blacklist-nolog", Value), ("caps", Nothing), ("caps.drop", Value), ("caps.keep", Value), ("cpu", Value),
    ("dbus-system", Value), ("dbus-system.broadcast", Value), ("dbus-system.call", Value),
    ("dbus-system.own", Value), ("dbus-system.see", Value), ("dbus-system.talk", Value), ("dbus-user", Value),
    ("dbus-user.broadcast", Value), ("dbus-user.call", Value), ("dbus-user.own", Value), ("dbus-user.see", Value),
    ("dbus-user.talk", Value), ("defaultgw", Value), ("deterministic-exit-code", Nothing),
    ("deterministic-shutdown", Nothing), ("disable-mnt", Nothing), ("dns", Value), ("env", Value),
    ("hostname", Value), ("hostname-randomize", Nothing), ("hosts-file", Value), ("ignore", Value),
    ("include", Value), ("ip", Value), ("ip6", Value), ("ipc-namespace", Nothing), ("iprange", Value),
    ("join-or-start", Value), ("keep-config-pulse", Nothing), ("keep-dev-ntsync", Nothing),
    ("keep-dev-shm", Nothing), ("keep-dev-tpm", Nothing), ("keep-fd", Value), ("keep-hostname", Nothing),
    ("keep-shell-rc", Nothing), ("keep-var-tmp", Nothing), ("landlock.enforce", Nothing),
    ("landlock.fs.execute", Value), ("landlock.fs.makedev", Value), ("landlock.fs.makeipc", Value),
    ("landlock.fs.read", Value), ("landlock.fs.write", Value), ("mac", Value), ("machine-id", Nothing),
    ("memory-deny-write-execute", Nothing), ("mkdir", Value), ("mkfile", Value), ("mtu", Value), ("name", Value),
    ("net", Value), ("netfilter", Either), ("netfilter6", Value), ("netlock", Nothing), ("netmask", Value),
    ("netns", Value), ("nice", Value), ("no3d", Nothing), ("noautopulse", Nothing), ("noblacklist", Value),
    ("nodbus", Nothing), ("nodvd", Nothing), ("noexec", Value), ("nogroups", Nothing), ("noinput", Nothing),
    ("nonewprivs", Nothing), ("noprinters", Nothing), ("noroot", Nothing), ("nosound", Nothing), ("notpm", Nothing),
    ("notv", Nothing), ("nou2f", Nothing), ("novideo", Nothing), ("nowhitelist", Value), ("private", Either),
    ("private-bin", Value), ("private-cache", Nothing), ("private-cwd", Either), ("private-dev", Nothing),
    ("private-etc", Either), ("private-home", Value), ("private-lib", Either), ("private-opt", Value),
    ("private-srv", Value), ("private-tmp", Nothing), ("protocol", Value), ("quiet", Nothing), ("read-only", Value),
    ("read-write", Value), ("restrict-namespaces", Either), ("rlimit-as", Value), ("rlimit-cpu", Value),
    ("rlimit-fsize", Value), ("rlimit-nofile", Value), ("rlimit-nproc", Value), ("rlimit-sigpending", Value),
    ("rmenv", Value), ("seccomp", Either), ("seccomp-error-action", Value), ("seccomp.32", Either),
    ("seccomp.32.drop", Value), ("seccomp.32.keep", Value), ("seccomp.block-secondary", Nothing),
    ("seccomp.drop", Value), ("seccomp.keep", Value), ("shell", Value), ("tab", Nothing), ("timeout", Value),
    ("tmpfs", Value), ("tracelog", Nothing), ("veth-name", Value), ("warn", Value), ("whitelist", Value),
    ("whitelist-ro", Value), ("writable-etc", Nothing), ("writable-run-user", Nothing), ("writable-var", Nothing),
    ("writable-var-log", Nothing), ("x11", Either), ("xephyr-screen", Value),
];

/// Finds a directive.
pub(super) fn find(name: &str) -> Option<(&'static str, Takes)> {
    // They are sorted.
    let at = DIRECTIVES.binary_search_by(|(known, _)| (*known).cmp(name));
    at.ok().and_then(|at| DIRECTIVES.get(at)).copied()
}
