//! Steps as a person reads them: what `--dry-run` prints, and what an error names.

use super::{Owned, Plan};
use crate::step::{NO_SLOT, Stage, Step};
use std::ffi::CString;
use std::fmt::{Display, Formatter, Result};

/// Text of a plan, with what is not printable escaped.
struct Shown<'a>(&'a CString);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let text = self.0.to_string_lossy();
        if text.is_empty() || text.chars().any(|c| c.is_control() || c == ' ' || c == '"') {
            write!(f, "{text:?}")
        } else {
            f.write_str(&text)
        }
    }
}

/// A path relative to the new root, as it is called inside.
struct Inside<'a>(&'a CString);

impl Display for Inside<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.0.is_empty() {
            f.write_str("/")
        } else {
            write!(f, "/{}", self.0.to_string_lossy().escape_debug())
        }
    }
}

struct Attributes(u64);

impl Display for Attributes {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let names = [
            (0x1, "ro"),
            (0x2, "nosuid"),
            (0x4, "nodev"),
            (0x8, "noexec"),
            (0x0020_0000, "nosymfollow"),
        ];
        let set: Vec<&str> = names
            .iter()
            .filter(|(bit, _)| self.0 & bit != 0)
            .map(|(_, name)| *name)
            .collect();
        f.write_str(&if set.is_empty() {
            "rw".to_owned()
        } else {
            set.join(",")
        })
    }
}

fn words(texts: &[CString]) -> String {
    texts
        .iter()
        .map(|text| Shown(text).to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

fn namespaces(flags: u64) -> String {
    let kinds = casemate_model::names::namespaces::NamespaceKind::ALL;
    kinds
        .iter()
        .filter(|kind| flags & kind.flag() != 0)
        .map(|kind| kind.name())
        .collect::<Vec<_>>()
        .join(" ")
}

impl Display for Step<Owned> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::MakeCgroup { path, .. } => write!(f, "make cgroup {}", Shown(path)),
            Self::SetCgroup {
                path,
                values,
                field,
                ..
            } => {
                if !field.is_empty() {
                    write!(f, "set {}: ", Shown(field))?;
                }
                write!(f, "write {} to {}", words(values), Shown(path))
            }
            Self::GiveCgroup { paths, uid } => {
                write!(f, "give to uid {uid}: {}", words(paths))
            }
            Self::PlaceBy { helper, arguments } => write!(
                f,
                "put init into cgroups: {} {} PID",
                Shown(helper),
                words(arguments)
            ),
            Self::LoadDeviceProgram { program, .. } => {
                write!(f, "control devices: {} instructions", program.len() / 8)
            }
            Self::DropGroups {} => f.write_str("drop supplementary groups"),
            Self::MakeIdmap {
                uid_map, gid_map, ..
            } => {
                write!(
                    f,
                    "make an id mapping for mounts: uid {}, gid {}",
                    Shown(uid_map),
                    Shown(gid_map)
                )
            }
            Self::Clone { flags, .. } => {
                write!(f, "start init in new namespaces: {}", namespaces(*flags))
            }
            Self::OpenCgroup { path, .. } => write!(f, "open cgroup {}", Shown(path)),
            Self::MapIds {
                deny_setgroups,
                uid_map,
                gid_map,
            } => {
                let deny = if *deny_setgroups == 1 {
                    ", setgroups denied"
                } else {
                    ""
                };
                write!(
                    f,
                    "map ids: uid {}, gid {}{deny}",
                    Shown(uid_map),
                    Shown(gid_map)
                )
            }
            Self::MapIdsBy { helper, arguments } => {
                write!(f, "map ids: {} PID {}", Shown(helper), words(arguments))
            }
            Self::Release {} => f.write_str("let init go on"),
            Self::NewCgroupNamespace {} => f.write_str("make a cgroup namespace"),
            inside => inside.fmt_inside(f),
        }
    }
}

impl Step<Owned> {
    fn fmt_inside(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::BecomeIds {
                uid,
                gid,
                clear_groups,
            } => {
                let groups = if *clear_groups == 1 {
                    ", no supplementary groups"
                } else {
                    ""
                };
                write!(f, "become uid {uid}, gid {gid}{groups}")
            }
            Self::DieWithParent {} => f.write_str("end when the parent ends"),
            Self::CutPropagation {} => f.write_str("cut propagation of mounts"),
            Self::NewMount {
                kind,
                options,
                attributes,
                ..
            } => {
                write!(
                    f,
                    "make {} [{}] {}",
                    Shown(kind),
                    words(options),
                    Attributes(*attributes)
                )
            }
            Self::CloneTree {
                source,
                recursive,
                attributes,
                idmap,
                ..
            } => {
                let below = if *recursive == 1 {
                    " with mounts below"
                } else {
                    ""
                };
                let mapped = if *idmap == NO_SLOT {
                    ""
                } else {
                    " with mapped ids"
                };
                write!(
                    f,
                    "copy mount of {}{below} {}{mapped}",
                    Shown(source),
                    Attributes(*attributes)
                )
            }
            Self::AttachRoot {} => f.write_str("attach the new root"),
            Self::MakeDirectory { path, mode } => {
                write!(f, "make directory {} {mode:04o}", Inside(path))
            }
            Self::MakeFile { path, .. } => write!(f, "make file {}", Inside(path)),
            Self::MakeLink { path, target } => {
                write!(f, "make link {} -> {}", Inside(path), Shown(target))
            }
            Self::Attach { path, .. } => write!(f, "attach at {}", Inside(path)),
            Self::AttachChecked { path, .. } => {
                write!(f, "attach at {}, following no link", Inside(path))
            }
            Self::Mask { path, .. } => write!(f, "cover {}", Inside(path)),
            Self::Protect { path } => write!(f, "make {} read-only", Inside(path)),
            Self::SetMount {
                path,
                recursive,
                attributes,
            } => {
                let below = if *recursive == 1 {
                    " and all below"
                } else {
                    ""
                };
                write!(
                    f,
                    "make {}{below} {}",
                    Inside(path),
                    Attributes(*attributes)
                )
            }
            Self::OpenTerminal { .. } => f.write_str("open a pseudo-terminal"),
            Self::PivotRoot {} => f.write_str("pivot to the new root, detach the old one"),
            Self::SetHostname { name } => write!(f, "set host name {}", Shown(name)),
            Self::SetSysctl { path, value } => {
                write!(f, "write {} to {}", Shown(value), Inside(path))
            }
            Self::LoopbackUp {} => f.write_str("bring up the loopback interface"),
            Self::NewKeyring {} => f.write_str("join a new session keyring"),
            Self::DropBounding { drop } => write!(f, "drop from the bounding set: {drop:#x}"),
            Self::SetCapabilities {
                permitted,
                inheritable,
                ambient,
                securebits,
            } => write!(
                f,
                "set capabilities: permitted {permitted:#x}, inheritable {inheritable:#x}, ambient {ambient:#x}, securebits {securebits:#x}"
            ),
            Self::SetNoNewPrivs {} => f.write_str("set no_new_privs"),
            payload => payload.fmt_restrictions(f),
        }
    }

    fn fmt_restrictions(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::LandlockCreate {
                fs, net, scoped, ..
            } => {
                write!(
                    f,
                    "make a Landlock ruleset: fs {fs:#x}, net {net:#x}, scoped {scoped:#x}"
                )
            }
            Self::LandlockPath { path, access, .. } => {
                write!(f, "Landlock: permit {access:#x} below {}", Shown(path))
            }
            Self::LandlockPort { port, access, .. } => {
                write!(f, "Landlock: permit {access:#x} on TCP port {port}")
            }
            Self::LandlockStream { stream, access, .. } => {
                write!(f, "Landlock: permit {access:#x} on stream {stream}")
            }
            Self::LandlockRestrict { .. } => f.write_str("enforce the Landlock ruleset"),
            Self::VerifyStatus { .. } => f.write_str("verify capabilities and no_new_privs"),
            Self::VerifyIdMap { path, map, .. } => {
                write!(f, "verify {}: {}", Shown(path), Shown(map))
            }
            Self::VerifyMounts { rules, .. } => {
                write!(f, "verify the flags of all mounts by {} rules", rules.len())
            }
            Self::EnterCgroup { .. } => f.write_str("enter the cgroup"),
            Self::Spawn {} => f.write_str("start the program's process"),
            Self::NewSession { streams: 0 } => f.write_str("start a session without a terminal"),
            Self::NewSession { streams } => write!(
                f,
                "start a session with an own terminal (streams {streams:#05b})"
            ),
            Self::SetRlimit {
                resource,
                soft,
                hard,
            } => {
                let value = |n: &u64| {
                    if *n == u64::MAX {
                        "unlimited".to_owned()
                    } else {
                        n.to_string()
                    }
                };
                let arch = casemate_model::names::arch::Arch::native()
                    .unwrap_or(casemate_model::names::arch::Arch::X86_64);
                let number = u8::try_from(*resource).ok();
                let name = number
                    .and_then(|n| casemate_model::names::rlimits::of(arch, n))
                    .map_or("?", |r| r.name);
                write!(
                    f,
                    "limit {name} to {}, at most {}",
                    value(soft),
                    value(hard)
                )
            }
            Self::ChangeDirectory { path } => write!(f, "go to {}", Shown(path)),
            Self::CloseDescriptors { keep } if keep.is_empty() => {
                f.write_str("close all descriptors above 2")
            }
            Self::CloseDescriptors { keep } => {
                write!(f, "close all descriptors above 2 but {keep:?}")
            }
            Self::InstallFilter { program, .. } => write!(
                f,
                "install the syscall filter ({} instructions)",
                program.len() / 8
            ),
            Self::Execute {
                path, arguments, ..
            } => write!(f, "execute {}: {}", Shown(path), words(arguments)),
            root => root.fmt_root(f),
        }
    }

    /// Steps of a container's root.
    fn fmt_root(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::EnterRdt { directory, .. } => {
                write!(f, "enter the resource class {}", Shown(directory))
            }
            Self::MoveInterface { name, inside, .. } => write!(
                f,
                "move network interface {} into the container as {}",
                Shown(name),
                Shown(inside)
            ),
            Self::Propagate { .. } => f.write_str("set the propagation of mounts"),
            Self::CopyTree { source, at, .. } => {
                write!(f, "mount {} at {}", Shown(source), Inside(at))
            }
            Self::MakeMount {
                kind, options, at, ..
            } => write!(
                f,
                "mount {} at {} [{}]",
                Shown(kind),
                Inside(at),
                words(options)
            ),
            Self::ChangeMount { change, at, .. } => {
                write!(f, "make {} {}", Inside(at), Attributes(change.set))
            }
            Self::AttachRootAt { path, .. } => write!(f, "attach the new root at {}", Shown(path)),
            Self::AttachIn { path, .. } => write!(f, "attach at {}", Inside(path)),
            Self::AttachFresh { at, .. } => write!(f, "attach at {}", Inside(at)),
            Self::CopyUp { path, .. } => write!(f, "copy what is at {}", Inside(path)),
            Self::OpenDirectory { path, .. } => write!(f, "open or make {}", Inside(path)),
            Self::MakeNode {
                path, major, minor, ..
            } => write!(f, "make device {} {major}:{minor}", Shown(path)),
            Self::MakeLinkIn { name, target, .. } => {
                write!(f, "make link {} -> {}", Shown(name), Shown(target))
            }
            Self::OpenNull { .. } => f.write_str("open the host's null device"),
            Self::Cover { path, .. } => write!(f, "hide {}", Inside(path)),
            Self::ProtectIn { path } => write!(f, "make {} read-only", Inside(path)),
            Self::OpenProc { .. } => f.write_str("open a procfs"),
            Self::WriteSysctl { path, value, .. } => {
                write!(f, "write {} to {}", Shown(value), Inside(path))
            }
            Self::EnterRoot { .. } => f.write_str("make the new root the root"),
            Self::VerifyTree { rules, .. } => {
                write!(f, "verify the flags of all mounts by {} rules", rules.len())
            }
            other => other.fmt_container(f),
        }
    }
}

impl Step<Owned> {
    /// The steps of containers' launches.
    fn fmt_container(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::OpenNamespace { path, pid, .. } if path.is_empty() => {
                write!(f, "open process {pid}")
            }
            Self::OpenNamespace { path, .. } => write!(f, "open namespace {}", Shown(path)),
            Self::JoinNamespace { kinds, .. } => {
                write!(f, "join namespaces: {}", namespaces(*kinds))
            }
            Self::Unshare { flags } => write!(f, "make namespaces: {}", namespaces(*flags)),
            Self::EnterPidNamespace { .. } => f.write_str("join namespaces: pid"),
            Self::NewTimeNamespace { offsets, .. } => {
                write!(f, "make a time namespace with offsets {}", Shown(offsets))
            }
            Self::ListenForStart { name, .. } => {
                write!(f, "listen at {} in the container's directory", Shown(name))
            }
            Self::Connect {
                directory, name, ..
            } => write!(
                f,
                "connect to the socket {}/{}",
                Shown(directory),
                Shown(name)
            ),
            Self::SetOomScore { score } => write!(f, "set oomScoreAdj to {score}"),
            Self::RaiseRlimit { resource, hard } => {
                write!(f, "raise the hard limit {} to {hard}", limit(*resource))
            }
            Self::SetRlimitExactly {
                resource,
                soft,
                hard,
            } => write!(f, "limit {} to {soft}, at most {hard}", limit(*resource)),
            Self::SetScheduler { .. } => f.write_str("set the scheduler"),
            Self::SetIoPriority { .. } => f.write_str("set the priority of input and output"),
            Self::SetAffinity { .. } | Self::SetAffinityOf { .. } => {
                f.write_str("bind the process to processors")
            }
            Self::SetMemoryPolicy { .. } => f.write_str("set the memory policy"),
            Self::SetPersonality { persona } => write!(f, "set the personality {persona:#x}"),
            Self::AwaitReport {} => f.write_str("wait for the container to be made"),
            Self::AwaitProgram {} => f.write_str("wait for the program to run"),
            Self::AwaitStart { .. } => f.write_str("wait for start"),
            Self::RunHook { kind, path, .. } => {
                write!(f, "run the {} hook {}", Shown(kind), Shown(path))
            }
            Self::WritePidFile { path, .. } => write!(f, "write the pid file {}", Shown(path)),
            Self::WriteState { .. } => f.write_str("write the container's state"),
            Self::SendPidfd { .. } => f.write_str("send the process's descriptor"),
            Self::BecomeRoot { .. } => f.write_str("become root of the user namespace"),
            Self::SetDomainname { name } => write!(f, "set domain name {}", Shown(name)),
            Self::WriteProc { path, value, .. } => {
                write!(f, "write {} to /proc/{}", Shown(value), Shown(path))
            }
            Self::OpenConsole { .. } => f.write_str("open the console"),
            Self::TakeIdentity { uid, gid, .. } => write!(f, "become uid {uid}, gid {gid}"),
            Self::EnterWorkingDirectory { path } => {
                write!(f, "go to the working directory {}", Shown(path))
            }
            Self::FindProgram { name, .. } | Self::ExecuteFound { name } => {
                write!(f, "run {:?}", name.to_string_lossy())
            }
            Self::SetCapabilitySets { .. } => f.write_str("set the capability sets"),
            Self::VerifyCapabilitySets { .. } => f.write_str("verify the capability sets"),
            Self::InstallFilterForAgent { program, .. } => write!(
                f,
                "install the syscall filter for an agent ({} instructions)",
                program.len() / 8
            ),
            other => f.write_str(other.name()),
        }
    }
}

/// The name of a resource limit.
fn limit(resource: u32) -> &'static str {
    let arch = casemate_model::names::arch::Arch::native()
        .unwrap_or(casemate_model::names::arch::Arch::X86_64);
    u8::try_from(resource)
        .ok()
        .and_then(|number| casemate_model::names::rlimits::of(arch, number))
        .map_or("?", |known| known.name)
}

impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let mut stage = None;
        for step in &self.steps {
            if stage != Some(step.stage) {
                stage = Some(step.stage);
                f.write_str(match step.stage {
                    Stage::Outside => "outside, in the launcher:\n",
                    Stage::Inside => "inside, in the init process:\n",
                    Stage::Payload => "in the program's process:\n",
                })?;
            }
            writeln!(f, "  {:<12} {}", step.facet, step.step)?;
        }
        for gap in &self.gaps {
            writeln!(f, "not enforced: {}: {} ({})", gap.facet, gap.what, gap.why)?;
        }
        Ok(())
    }
}
