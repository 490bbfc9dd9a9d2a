//! The options of bwrap(1).

/// Options and how many words each takes.
#[rustfmt::skip]
pub(super) static OPTIONS: [(&str, usize); 57] = [
    ("--add-seccomp-fd", 1), ("--args", 1), ("--as-pid-1", 0), ("--assert-userns-disabled", 0), ("--bind", 2),
    ("--bind-data", 2), ("--bind-fd", 2), ("--bind-try", 2), ("--block-fd", 1), ("--cap-add", 1), ("--cap-drop", 1),
    ("--chdir", 1), ("--chmod", 2), ("--clearenv", 0), ("--dev", 1), ("--dev-bind", 2), ("--dev-bind-try", 2),
    ("--die-with-parent", 0), ("--dir", 1), ("--disable-userns", 0), ("--exec-label", 1), ("--file", 2),
    ("--file-label", 1), ("--gid", 1), ("--hostname", 1), ("--info-fd", 1), ("--json-status-fd", 1),
    ("--lock-file", 1), ("--mqueue", 1), ("--new-session", 0), ("--perms", 1), ("--pidns", 1), ("--proc", 1),
    ("--remount-ro", 1), ("--ro-bind", 2), ("--ro-bind-data", 2), ("--ro-bind-fd", 2), ("--ro-bind-try", 2),
    ("--seccomp", 1), ("--setenv", 2), ("--share-net", 0), ("--size", 1), ("--symlink", 2), ("--sync-fd", 1),
    ("--tmpfs", 1), ("--uid", 1), ("--unsetenv", 1), ("--unshare-all", 0), ("--unshare-cgroup", 0),
    ("--unshare-cgroup-try", 0), ("--unshare-ipc", 0), ("--unshare-net", 0), ("--unshare-pid", 0),
    ("--unshare-user", 0), ("--unshare-user-try", 0), ("--unshare-uts", 0), ("--userns", 1),
];

/// Finds an option.
pub(super) fn find(name: &str) -> Option<(&'static str, usize)> {
    OPTIONS.iter().copied().find(|(known, _)| *known == name)
}
