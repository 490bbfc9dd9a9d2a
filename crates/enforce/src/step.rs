//! The steps of a launch and their encoding.
//!
//! This file is compiled twice: into the library, which plans (with the standard library), and into `casemate-exec`,
//! which executes and has only `core`. Text is a parameter, so that the planner owns its strings and the launcher
//! borrows them from the plan's mapping and allocates nothing.
//!
//! A plan is a header, then for each stage a list of records:
//! `u32 length of the rest, u8 facet, u8 policy, u16 length of the label, label, u8 kind, fields`. Numbers are little
//! endian, text is counted and ends with NUL. The encoding is private between the two programs of one build: the header
//! holds [`VERSION`], and another version is refused.

use core::ffi::CStr;
use core::fmt::Debug;

/// Marks a plan, with the version of the encoding.
pub const MAGIC: [u8; 8] = *b"casemate";
/// Version of the encoding. Raised with every change of a step.
pub const VERSION: u32 = 3;

/// How text is held: owned by the planner, or borrowed by the launcher.
pub trait Holding: Clone + PartialEq + Debug {
    /// Text that ends with NUL.
    type Text: Clone + PartialEq + Debug;
    /// Bytes.
    type Bytes: Clone + PartialEq + Debug;
    /// A list of texts.
    type Texts: Clone + PartialEq + Debug;
}

/// Text borrowed from an encoded plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Borrowed<'a>(core::marker::PhantomData<&'a ()>);

impl<'a> Holding for Borrowed<'a> {
    type Text = &'a CStr;
    type Bytes = &'a [u8];
    type Texts = Texts<'a>;
}

/// A list of texts, each ended by NUL, in one piece.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Texts<'a>(&'a [u8]);

impl<'a> Texts<'a> {
    /// Returns the texts one after the other.
    pub fn iter(self) -> impl Iterator<Item = &'a CStr> {
        let mut rest = self.0;
        core::iter::from_fn(move || {
            let text = CStr::from_bytes_until_nul(rest).ok()?;
            rest = rest.get(text.count_bytes() + 1..)?;
            Some(text)
        })
    }
}

/// What happens when a step fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// The launch ends with 125.
    Required,
    /// The launch goes on and the gap is reported: the user named the facet as best-effort.
    BestEffort,
}

/// Takes encoded bytes.
pub trait Sink {
    /// Appends.
    fn put(&mut self, bytes: &[u8]);
}

/// Reads encoded bytes. Everything returns `None` past the end, so a cut plan is refused.
#[derive(Clone, Debug)]
pub struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    /// Starts at the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Takes the next `n` bytes.
    pub fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    /// Tells whether all is read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A field that can be read from a plan.
pub trait Decode<'a>: Sized {
    /// Reads it.
    fn decode(from: &mut Cursor<'a>) -> Option<Self>;
}

/// A field that can be written into a plan.
pub trait Encode {
    /// Writes it.
    fn encode(&self, to: &mut impl Sink);
}

macro_rules! number_fields {
    ($($ty:ty),*) => { $(
        impl Decode<'_> for $ty {
            fn decode(from: &mut Cursor<'_>) -> Option<Self> {
                Some(Self::from_le_bytes(from.take(size_of::<Self>())?.try_into().ok()?))
            }
        }
        impl Encode for $ty {
            fn encode(&self, to: &mut impl Sink) { to.put(&self.to_le_bytes()); }
        }
    )* };
}
number_fields!(u8, u16, u32, u64, i32);

impl<'a> Decode<'a> for &'a [u8] {
    fn decode(from: &mut Cursor<'a>) -> Option<Self> {
        let length = u32::decode(from)?;
        from.take(usize::try_from(length).ok()?)
    }
}

impl Encode for &[u8] {
    fn encode(&self, to: &mut impl Sink) {
        // A plan is far smaller than 4 GiB; the planner checks its whole size.
        (self.len() as u32).encode(to);
        to.put(self);
    }
}

impl<'a> Decode<'a> for &'a CStr {
    fn decode(from: &mut Cursor<'a>) -> Option<Self> {
        CStr::from_bytes_with_nul(<&[u8]>::decode(from)?).ok()
    }
}

impl Encode for &CStr {
    fn encode(&self, to: &mut impl Sink) {
        self.to_bytes_with_nul().encode(to);
    }
}

impl<'a> Decode<'a> for Texts<'a> {
    fn decode(from: &mut Cursor<'a>) -> Option<Self> {
        let bytes = <&[u8]>::decode(from)?;
        (bytes.is_empty() || bytes.ends_with(&[0])).then_some(Self(bytes))
    }
}

/// The facets in the order of their numbers.
pub const FACETS: [&str; 10] = [
    "ids",
    "namespaces",
    "capabilities",
    "syscalls",
    "files",
    "devices",
    "resources",
    "network",
    "mac",
    "kernel",
];

/// A place in the launcher's table of open descriptors.
pub type Slot = u8;

/// How many places there are.
pub const SLOTS: usize = 240;

/// In the place of a slot: none.
pub const NO_SLOT: Slot = 255;

/// The place of the new root's directory.
pub const ROOT: Slot = 0;

/// [`Step::AttachIn`]: no symbolic link may lead there.
pub const ATTACH_NO_LINKS: u8 = 1;
/// [`Step::AttachIn`]: the mount takes the permission bits of the directory that it covers.
pub const ATTACH_KEEP_MODE: u8 = 2;
/// [`Step::AttachIn`]: the mount must be a procfs, from its root.
pub const ATTACH_IS_PROC: u8 = 4;

/// [`Step::EnterRoot`]: by pivot_root(2).
pub const ENTER_PIVOT: u8 = 0;
/// [`Step::EnterRoot`]: over the old root, by chroot(2), which stays mounted below.
pub const ENTER_MOVE: u8 = 1;
/// [`Step::EnterRoot`]: by chroot(2) alone, into a tree that is in no namespace.
pub const ENTER_CHROOT: u8 = 2;

/// What changes on a mount.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Change {
    /// `MOUNT_ATTR_*` that are set.
    pub set: u64,
    /// `MOUNT_ATTR_*` that are cleared.
    pub clear: u64,
    /// `MS_UNBINDABLE`, `MS_PRIVATE`, `MS_SLAVE` or `MS_SHARED`; 0 for no change.
    pub propagation: u64,
}

impl Change {
    /// Whether anything changes.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl Decode<'_> for Change {
    fn decode(from: &mut Cursor<'_>) -> Option<Self> {
        Some(Self {
            set: Decode::decode(from)?,
            clear: Decode::decode(from)?,
            propagation: Decode::decode(from)?,
        })
    }
}

impl Encode for Change {
    fn encode(&self, to: &mut impl Sink) {
        self.set.encode(to);
        self.clear.encode(to);
        self.propagation.encode(to);
    }
}

/// How the launch of a container ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Ending {
    /// The launcher leaves; init waits for `start`, or its program runs.
    Leave,
    /// The launcher waits for the end of the program, and removes the container.
    Remove,
    /// The launcher waits for the end of the program, and leaves the container.
    Keep,
}

/// Declares the steps: each gets a number in the order of the list, and its fields are coded in the order they stand.
macro_rules! steps {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$field_meta:meta])* $field:ident: $ty:ty, )* } )*) => {
        /// One step of a launch.
        #[derive(Clone, PartialEq, Debug)]
        pub enum Step<H: Holding> {
            $( $(#[$meta])* $name { $( $(#[$field_meta])* $field: $ty, )* }, )*
        }

        /// The kinds in the order of their numbers.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        enum Kind { $( $name, )* }

        impl<'a, H: Holding> Step<H>
        where
            H::Text: Decode<'a>,
            H::Bytes: Decode<'a>,
            H::Texts: Decode<'a>,
        {
            /// Reads a step.
            pub fn decode(from: &mut Cursor<'a>) -> Option<Self> {
                let kind = u8::decode(from)?;
                $( if kind == Kind::$name as u8 {
                    return Some(Self::$name { $( $field: Decode::decode(from)?, )* });
                } )*
                None
            }
        }

        impl<H: Holding> Step<H>
        where
            H::Text: Encode,
            H::Bytes: Encode,
            H::Texts: Encode,
        {
            /// Writes the step.
            pub fn encode(&self, to: &mut impl Sink) {
                match self {
                    $( Self::$name { $( $field, )* } => {
                        (Kind::$name as u8).encode(to);
                        $( $field.encode(to); )*
                    } )*
                }
            }
        }

        impl<H: Holding> Step<H> {
            /// Returns the step's name.
            pub fn name(&self) -> &'static str {
                match self { $( Self::$name { .. } => stringify!($name), )* }
            }
        }
    };
}

steps! {
    // Outside: in the launcher, which stays.
    /// Makes a cgroup directory, and removes it at the end.
    MakeCgroup {
        /// Absolute path.
        path: H::Text,
        /// 1: it may be there already, without processes and not frozen, and groups on the way to it are made. 2: it may be
        /// there and in use, and stays: it is on the way to others.
        shared: u8,
    }
    /// Writes values into a file of a cgroup, each in one call.
    SetCgroup {
        /// Absolute path of the file.
        path: H::Text,
        /// What is written.
        values: H::Texts,
        /// The setting of which it is a part, for people; may be empty.
        field: H::Text,
        /// When there is no such file: 0 is an error, 1 skips the step, 2 is an error unless the next step succeeds, which is
        /// skipped otherwise. 3: every error is accepted.
        absent: u8,
    }
    /// Gives a version 2 cgroup to a user: its directory, and files of it that are there.
    GiveCgroup {
        /// Absolute paths, the directory first.
        paths: H::Texts,
        /// Whose it becomes.
        uid: u32,
    }
    /// Has another program put the init process into cgroups: its pid is the last argument.
    PlaceBy {
        /// Absolute path of the program.
        helper: H::Text,
        /// Arguments before the pid.
        arguments: H::Texts,
    }
    /// Has a program decide about the devices of a version 2 cgroup, beside those of groups above.
    LoadDeviceProgram {
        /// The open directory.
        cgroup: Slot,
        /// Instructions of eight bytes each, in the machine's order.
        program: H::Bytes,
    }
    /// Drops the launcher's supplementary groups: inside they could not be dropped any more.
    DropGroups {}
    /// Makes a user namespace by which ids on disk are mapped to ids of the program (idmapped mounts, kernel 5.12).
    MakeIdmap {
        /// `uid_map`.
        uid_map: H::Text,
        /// `gid_map`.
        gid_map: H::Text,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Starts the init process in new namespaces, stopped until [`Step::Release`].
    Clone {
        /// `CLONE_NEW*` flags.
        flags: u64,
        /// The version 2 cgroup in which it starts, or [`NO_SLOT`].
        cgroup: Slot,
    }
    /// Opens what moves a process into a cgroup: the directory of a version 2 group, `tasks` of a version 1 group.
    OpenCgroup {
        /// Absolute path.
        path: H::Text,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Writes the id maps of the init process.
    MapIds {
        /// 1: setgroups(2) is refused inside.
        deny_setgroups: u8,
        /// `uid_map`.
        uid_map: H::Text,
        /// `gid_map`.
        gid_map: H::Text,
    }
    /// Has a setuid helper write an id map of the init process, whose pid is the helper's first argument.
    MapIdsBy {
        /// Absolute path of newuidmap(1) or newgidmap(1).
        helper: H::Text,
        /// Arguments after the pid.
        arguments: H::Texts,
    }
    /// Lets the init process go on.
    Release {}

    // Outside, for containers: what is made stays when the launcher leaves.
    /// Says that this is the launch of a container, or of a further process of one. Always the first step.
    Container {
        /// How it ends, a number of [`Ending`].
        ending: u8,
        /// Number of the log's descriptor, or `u32::MAX`.
        log: u32,
        /// 1: lines of the log are JSON.
        json: u8,
        /// Number of the descriptor of the container's directory, which holds its lock, or `u32::MAX`.
        directory: u32,
        /// The container's directory; removed at the end of a run.
        path: H::Text,
        /// The program that removes what is left when something fails, and its arguments; may be empty.
        removal: H::Texts,
        /// 1: the program is what removes it at the end, too.
        always: u8,
    }
    /// Opens a procfs of the host, for what is written and read through it.
    OpenHostProc {
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Opens the file of a namespace, or a descriptor of a process.
    OpenNamespace {
        /// Absolute path; empty for the process.
        path: H::Text,
        /// The process.
        pid: u32,
        /// When it started, in ticks since the machine did.
        start_time: u64,
        /// `CLONE_NEW*`, one of them.
        kind: u64,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Has children of the launcher start in another pid namespace.
    EnterPidNamespace {
        /// The namespace.
        slot: Slot,
    }
    /// Listens at a socket in the container's directory.
    ListenForStart {
        /// Its name there.
        name: H::Text,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Connects to a socket.
    Connect {
        /// The directory.
        directory: H::Text,
        /// Its name there.
        name: H::Text,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Sets what only the host's root may: the out-of-memory score of the init process.
    SetOomScore {
        /// From -1000 to 1000.
        score: i32,
    }
    /// Raises the ceiling of a resource limit of the init process, so that it can set the limit itself.
    RaiseRlimit {
        /// `RLIMIT_*`.
        resource: u32,
        /// The hard limit that will be set.
        hard: u64,
    }
    /// Sets how the init process is scheduled.
    SetScheduler {
        /// `struct sched_attr`, as the kernel reads it.
        attributes: H::Bytes,
    }
    /// Sets the priority of input and output of the init process.
    SetIoPriority {
        /// Class and level, as ioprio_set(2) takes them.
        priority: u32,
    }
    /// Binds the launcher, and what it starts, to processors.
    SetAffinity {
        /// The mask, as sched_setaffinity(2) takes it.
        mask: H::Bytes,
    }
    /// Binds the init process to processors.
    SetAffinityOf {
        /// The mask, as sched_setaffinity(2) takes it.
        mask: H::Bytes,
    }
    /// Waits until the init process has come to a [`Step::Report`].
    AwaitReport {}
    /// Waits until the program runs.
    AwaitProgram {}
    /// Runs a hook, and waits for its end. In the init process it is found after everything else was.
    RunHook {
        /// Its kind, such as `createRuntime`.
        kind: H::Text,
        /// Absolute path.
        path: H::Text,
        /// Arguments.
        arguments: H::Texts,
        /// Environment.
        environment: H::Texts,
        /// Milliseconds that it may take; 0 is no bound.
        timeout: u64,
        /// Where it starts.
        directory: H::Text,
        /// What it reads: the state up to the process id.
        before: H::Text,
        /// The state after the process id.
        after: H::Text,
    }
    /// Writes the number of the process into a file, as a whole.
    WritePidFile {
        /// Absolute path.
        path: H::Text,
        /// The path while it is being written.
        new: H::Text,
    }
    /// Writes the container's state, as a whole.
    WriteState {
        /// Its name in the container's directory.
        name: H::Text,
        /// The name while it is being written.
        new: H::Text,
        /// What stands before the process id.
        before: H::Text,
        /// Between that and the time at which the process started.
        between: H::Text,
        /// After it.
        after: H::Text,
    }
    /// Sends a descriptor of the process to a socket.
    SendPidfd {
        /// The socket.
        slot: Slot,
        /// What is said with it.
        message: H::Text,
    }

    // Inside: in the init process.
    /// Moves this process into a version 1 cgroup. By itself and as its only thread: another process, or the file
    /// `cgroup.procs`, would have the kernel wait some 10 ms for all processors.
    EnterCgroup {
        /// The open `tasks` file.
        slot: Slot,
    }
    /// Makes a cgroup namespace whose root is the group that this process is in now.
    NewCgroupNamespace {}
    /// Takes the ids inside.
    BecomeIds {
        /// User id, real, effective and saved.
        uid: u32,
        /// Group id, real, effective and saved.
        gid: u32,
        /// 1: the supplementary groups are dropped.
        clear_groups: u8,
    }
    /// Asks the kernel to kill the process when its parent ends.
    DieWithParent {}
    /// Cuts the propagation of mounts between this namespace and any other.
    CutPropagation {}
    /// Makes a file system that is mounted nowhere yet.
    NewMount {
        /// File system type, as in /proc/filesystems.
        kind: H::Text,
        /// Options, `key=value` or `key`.
        options: H::Texts,
        /// `MOUNT_ATTR_*`.
        attributes: u64,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Copies mounts from the host's tree, mounted nowhere yet.
    CloneTree {
        /// Absolute path, without links.
        source: H::Text,
        /// 1: a link on the way is an error: others than root may change what is on it.
        checked: u8,
        /// 1: with the mounts below.
        recursive: u8,
        /// `MOUNT_ATTR_*` that are set, on all of them.
        attributes: u64,
        /// Place of a user namespace's descriptor by which ids on disk are mapped, or [`NO_SLOT`].
        idmap: Slot,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Puts the new root over `/` and goes there.
    AttachRoot {}
    /// Makes a directory below the new root.
    MakeDirectory {
        /// Path relative to the new root.
        path: H::Text,
        /// Permission bits.
        mode: u32,
    }
    /// Makes an empty file below the new root.
    MakeFile {
        /// Path relative to the new root.
        path: H::Text,
        /// What is in it.
        content: H::Bytes,
    }
    /// Makes a symbolic link below the new root.
    MakeLink {
        /// Path relative to the new root.
        path: H::Text,
        /// What it points to.
        target: H::Text,
    }
    /// Attaches a mount at a path that Casemate itself made below the new root.
    Attach {
        /// Which.
        slot: Slot,
        /// Path relative to the new root.
        path: H::Text,
    }
    /// Attaches a mount at a path in a granted tree: no link on the way is followed.
    AttachChecked {
        /// Which.
        slot: Slot,
        /// Path relative to the new root.
        path: H::Text,
    }
    /// Covers a path of the new procfs.
    Mask {
        /// What covers it: a null device, of the new root or (an absolute path) of the host; empty for a new directory.
        cover: H::Text,
        /// Path relative to the new root.
        path: H::Text,
    }
    /// Makes a path of the new procfs a read-only mount of itself.
    Protect {
        /// Path relative to the new root.
        path: H::Text,
    }
    /// Changes the attributes of a mount in place.
    SetMount {
        /// Path relative to the new root.
        path: H::Text,
        /// 1: and of the mounts that are below by now.
        recursive: u8,
        /// `MOUNT_ATTR_*` that are set.
        attributes: u64,
    }
    /// Opens a pseudo-terminal of the new root and hands its master to the launcher.
    OpenTerminal {
        /// Path of the multiplexer relative to the new root.
        path: H::Text,
    }
    /// Makes the new root the root, and the old one unreachable.
    PivotRoot {}
    /// Puts init into a class of Intel's resource director.
    EnterRdt {
        /// The class, a directory of resctrl.
        directory: H::Text,
        /// 1: it is made.
        make: u8,
        /// What is written to its `schemata`; empty for nothing.
        schemata: H::Text,
        /// A directory of `mon_groups` that is made and entered, too; empty for none.
        monitor: H::Text,
    }
    /// Moves a network interface from the launcher's namespace into the container's, with its addresses.
    MoveInterface {
        /// Its name outside.
        name: H::Text,
        /// Its name inside.
        inside: H::Text,
        /// Path of the network namespace; empty for that of init.
        namespace: H::Text,
    }
    /// Sets how mounts propagate between this namespace and the one that it was copied from, from `/` on.
    Propagate {
        /// `MS_UNBINDABLE`, `MS_PRIVATE`, `MS_SLAVE` or `MS_SHARED`.
        propagation: u64,
        /// 1: with all mounts below.
        recursive: u8,
    }
    /// Copies mounts of the host's tree as a container asks for it, mounted nowhere yet. In the launcher or inside.
    CopyTree {
        /// Path on the host.
        source: H::Text,
        /// 1: with the mounts below.
        recursive: u8,
        /// What changes on the top mount.
        top: Change,
        /// What changes on all of them.
        all: Change,
        /// Place of a user namespace's descriptor by which ids on disk are mapped, or [`NO_SLOT`].
        idmap: Slot,
        /// 1: the mapping is for all of them.
        idmap_all: u8,
        /// Where the descriptor is kept.
        slot: Slot,
        /// Where it will be, for people.
        at: H::Text,
    }
    /// Makes a file system that is mounted nowhere yet, as a container asks for it.
    MakeMount {
        /// File system type, as in /proc/filesystems.
        kind: H::Text,
        /// What is mounted, as mountinfo shows it; empty for nothing.
        source: H::Text,
        /// Options, `key=value` or `key`.
        options: H::Texts,
        /// `MOUNT_ATTR_*`.
        attributes: u64,
        /// Where the descriptor is kept.
        slot: Slot,
        /// Where it will be, for people.
        at: H::Text,
    }
    /// Changes a mount by its descriptor.
    ChangeMount {
        /// Which.
        slot: Slot,
        /// What changes.
        change: Change,
        /// 1: on all mounts below, too.
        recursive: u8,
        /// Where it is, for people.
        at: H::Text,
    }
    /// Puts the new root over its directory in the host's tree.
    AttachRootAt {
        /// Path on the host; empty for a root that stays in no namespace.
        path: H::Text,
        /// 1: the mount in which the directory lies is made private, so that nobody else gets the new one.
        private: u8,
    }
    /// Attaches a mount in the new root. The way is resolved inside of it, and what is missing is made.
    AttachIn {
        /// Which.
        slot: Slot,
        /// Path relative to the new root.
        path: H::Text,
        /// `ATTACH_*`.
        flags: u8,
        /// Number of the mount's rule in [`Step::VerifyTree`].
        rule: u16,
    }
    /// Attaches a mount in a fresh file system of ours, at a directory or file made for it.
    AttachFresh {
        /// Which.
        slot: Slot,
        /// The fresh file system.
        base: Slot,
        /// Name in it.
        name: H::Text,
        /// Path inside, for people.
        at: H::Text,
    }
    /// Copies what is at a path of the new root into a mount that will cover it.
    CopyUp {
        /// The mount.
        slot: Slot,
        /// Path relative to the new root.
        path: H::Text,
    }
    /// Opens a directory of the new root, making what is missing.
    OpenDirectory {
        /// Path relative to the new root.
        path: H::Text,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Makes a device or a pipe; where the kernel refuses that, the host's own node is put there.
    MakeNode {
        /// The directory.
        base: Slot,
        /// Name in it.
        name: H::Text,
        /// `S_IFCHR`, `S_IFBLK` or `S_IFIFO` with the permission bits.
        mode: u32,
        /// The driver.
        major: u32,
        /// The unit.
        minor: u32,
        /// The owner.
        uid: u32,
        /// The group.
        gid: u32,
        /// 1: the kernel is not asked first: it refuses nodes in a user namespace.
        bind: u8,
        /// The node's path, on the host and inside.
        path: H::Text,
    }
    /// Makes a symbolic link in a directory that is kept.
    MakeLinkIn {
        /// The directory.
        base: Slot,
        /// Name in it.
        name: H::Text,
        /// What it points to.
        target: H::Text,
        /// 1: what is there is removed first; 0: it stays.
        replace: u8,
    }
    /// Opens the host's null device, having looked that it is one.
    OpenNull {
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Hides a path of the new root, if it is there.
    Cover {
        /// Path relative to the new root.
        path: H::Text,
        /// The null device of [`Step::OpenNull`]; the next place holds a spare copy.
        null: Slot,
        /// Where an empty directory is kept between steps.
        empty: Slot,
    }
    /// Makes a path of the new root a read-only mount of itself, if it is there.
    ProtectIn {
        /// Path relative to the new root.
        path: H::Text,
    }
    /// Opens a procfs that nothing can be mounted over.
    OpenProc {
        /// The container's, of which it is another mount; [`NO_SLOT`] for a new one.
        of: Slot,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Writes a kernel parameter through the procfs of [`Step::OpenProc`].
    WriteSysctl {
        /// The procfs.
        proc: Slot,
        /// Path in it.
        path: H::Text,
        /// The value.
        value: H::Text,
    }
    /// Makes the new root the root.
    EnterRoot {
        /// `ENTER_*`.
        how: u8,
        /// 1: mounts of the old root may be shared with others: they are cut off before they go.
        shared: u8,
    }
    /// Compares every mount with what was asked: the deepest rule at or above it decides what it may be.
    VerifyTree {
        /// A procfs.
        proc: Slot,
        /// Rules: nine characters, a blank, then a path. Four for the mount there, four for those below it, each `w`, `x`,
        /// `d`, `s` or `-` as in [`Step::VerifyMounts`]; then `m` for one that must be there.
        rules: H::Texts,
    }
    /// Sets the host name.
    SetHostname {
        /// The name.
        name: H::Text,
    }
    /// Writes a kernel parameter through the new procfs.
    SetSysctl {
        /// Path relative to the new root.
        path: H::Text,
        /// The value.
        value: H::Text,
    }
    /// Brings the loopback interface up.
    LoopbackUp {}
    /// Joins a new, empty session keyring.
    NewKeyring {}
    /// Drops capabilities from the bounding set.
    DropBounding {
        /// Which, by bit.
        drop: u64,
    }
    /// Sets the capability sets of the process, and locks the securebits between: ambient ones cannot be raised later.
    SetCapabilities {
        /// Permitted and effective.
        permitted: u64,
        /// Inheritable.
        inheritable: u64,
        /// Ambient.
        ambient: u64,
        /// `SECBIT_*`.
        securebits: u32,
    }
    /// Gives up all future gains of privilege.
    SetNoNewPrivs {}
    /// Makes a Landlock ruleset.
    LandlockCreate {
        /// `LANDLOCK_ACCESS_FS_*` that are refused unless a rule permits them.
        fs: u64,
        /// `LANDLOCK_ACCESS_NET_*`.
        net: u64,
        /// `LANDLOCK_SCOPE_*`.
        scoped: u64,
        /// Where the descriptor is kept.
        slot: Slot,
    }
    /// Adds a Landlock rule for what is beneath a path.
    LandlockPath {
        /// The ruleset.
        slot: Slot,
        /// Where the path's mount is kept, or [`NO_SLOT`]: then the path is opened.
        mount: Slot,
        /// Absolute path inside.
        path: H::Text,
        /// `LANDLOCK_ACCESS_FS_*`.
        access: u64,
    }
    /// Adds a Landlock rule for a TCP port.
    LandlockPort {
        /// The ruleset.
        slot: Slot,
        /// The port.
        port: u16,
        /// `LANDLOCK_ACCESS_NET_*`.
        access: u64,
    }
    /// Adds a Landlock rule for the file that a standard stream is redirected to or from, as it was opened.
    LandlockStream {
        /// The ruleset.
        slot: Slot,
        /// 0, 1 or 2.
        stream: u8,
        /// `LANDLOCK_ACCESS_FS_*`.
        access: u64,
    }
    /// Enforces a Landlock ruleset, for good.
    LandlockRestrict {
        /// The ruleset.
        slot: Slot,
    }
    /// Compares what the kernel says of the process with what was asked.
    VerifyStatus {
        /// A procfs.
        proc: Slot,
        /// Inheritable, permitted, effective, bounding, ambient.
        inheritable: u64,
        /// See above.
        permitted: u64,
        /// See above.
        bounding: u64,
        /// See above.
        ambient: u64,
        /// 1: no_new_privs.
        no_new_privs: u8,
    }
    /// Compares an id map with what was asked.
    VerifyIdMap {
        /// A procfs.
        proc: Slot,
        /// `self/uid_map` or `self/gid_map`.
        path: H::Text,
        /// Ranges as they were written, one a line.
        map: H::Text,
    }
    /// Compares every mount of the namespace with what was asked: the deepest rule at or above it decides what it may be.
    VerifyMounts {
        /// A procfs.
        proc: Slot,
        /// Rules: five characters, then a path. `w` may be written, `x` may be executed, `d` may hold devices, `s` may
        /// hold set-user-id programs, `m` must be a mount; `-` in the place of each that is not so.
        rules: H::Texts,
    }
    /// Starts the program's process.
    Spawn {}

    // Inside, for containers.
    /// Waits until the launcher lets go.
    AwaitRelease {}
    /// Joins namespaces.
    JoinNamespace {
        /// The namespace, or the process whose namespaces they are.
        slot: Slot,
        /// `CLONE_NEW*`.
        kinds: u64,
    }
    /// Makes namespaces that belong to a user namespace that was joined.
    Unshare {
        /// `CLONE_NEW*`.
        flags: u64,
    }
    /// Makes a time namespace and enters it.
    NewTimeNamespace {
        /// A procfs.
        proc: Slot,
        /// `timens_offsets`.
        offsets: H::Text,
    }
    /// Becomes root of the user namespace, keeping all capabilities.
    BecomeRoot {
        /// 1: the supplementary groups are dropped.
        clear_groups: u8,
    }
    /// Has nothing inside trace the process or read what it has open, whatever its ids.
    HideProcess {}
    /// Tells the launcher that it came so far, and waits until that lets go.
    Report {}
    /// Sets the NIS domain name.
    SetDomainname {
        /// The name.
        name: H::Text,
    }
    /// Writes a value through a procfs, and reads it back where that can be.
    WriteProc {
        /// A procfs.
        proc: Slot,
        /// Path below it.
        path: H::Text,
        /// The value.
        value: H::Text,
        /// 1: what is read afterwards must be the same.
        compare: u8,
    }
    /// Opens a terminal of the container, and sends its master to a socket or, without one, to the launcher.
    OpenConsole {
        /// The file system of terminals; [`NO_SLOT`] for the one at /dev/pts.
        terminals: Slot,
        /// The socket, or [`NO_SLOT`].
        socket: Slot,
        /// Lines; 0 with no columns: as the caller's terminal has it.
        rows: u16,
        /// Columns.
        columns: u16,
        /// The directory of ours in which it is mounted at `console`, or [`NO_SLOT`].
        devices: Slot,
        /// Whose it is.
        uid: u32,
    }
    /// Gives pipes and sockets among the standard streams to the user.
    OwnStreams {
        /// The user.
        uid: u32,
    }
    /// Takes the user's ids, keeping the capabilities, and reads them back.
    TakeIdentity {
        /// User id.
        uid: u32,
        /// Group id.
        gid: u32,
        /// 0: the supplementary groups stay as they are.
        set_groups: u8,
        /// Supplementary groups, four bytes each, little endian.
        groups: H::Bytes,
        /// File mode mask, or `u32::MAX` to leave it.
        umask: u32,
    }
    /// Sets the execution domain.
    SetPersonality {
        /// As personality(2) takes it.
        persona: u32,
    }
    /// Sets the policy of memory nodes.
    SetMemoryPolicy {
        /// Mode and flags.
        mode: u32,
        /// The mask of nodes.
        nodes: H::Bytes,
    }
    /// Goes to the directory in which the program starts, which must be inside.
    EnterWorkingDirectory {
        /// Absolute path inside.
        path: H::Text,
    }
    /// Finds the program.
    FindProgram {
        /// Its name, or a path.
        name: H::Text,
        /// Directories in which a name is looked for.
        directories: H::Texts,
    }
    /// Sets the capability sets exactly, and nothing else.
    SetCapabilitySets {
        /// Effective.
        effective: u64,
        /// Permitted.
        permitted: u64,
        /// Inheritable.
        inheritable: u64,
        /// Ambient; those that cannot be are left out.
        ambient: u64,
    }
    /// Compares the capability sets with what was asked.
    VerifyCapabilitySets {
        /// A procfs.
        proc: Slot,
        /// Effective.
        effective: u64,
        /// Permitted.
        permitted: u64,
        /// Inheritable.
        inheritable: u64,
        /// Bounding.
        bounding: u64,
        /// Ambient.
        ambient: u64,
    }
    /// Closes what only the making of the container needed.
    CloseAllBut {
        /// The socket for `start`.
        slot: Slot,
        /// The socket of the filter's agent, or [`NO_SLOT`].
        agent: Slot,
        /// How many descriptors after the standard ones are the program's.
        keep: u32,
    }
    /// Waits for `start`.
    AwaitStart {
        /// The listening socket.
        slot: Slot,
    }

    // Payload: in the program's process, before execve(2).
    /// Starts a session, and takes the terminal when there is one.
    NewSession {
        /// Which of the standard streams are replaced by the terminal, by bit.
        streams: u8,
    }
    /// Sets a resource limit.
    SetRlimit {
        /// `RLIMIT_*`.
        resource: u32,
        /// Soft limit; `u64::MAX` is none.
        soft: u64,
        /// Hard limit.
        hard: u64,
    }
    /// Goes to the directory in which the program starts.
    ChangeDirectory {
        /// Absolute path inside.
        path: H::Text,
    }
    /// Marks all descriptors above the standard ones to be closed by execve(2), but for those named.
    CloseDescriptors {
        /// Kept, one byte each.
        keep: H::Bytes,
    }
    /// Installs a syscall filter, for good.
    InstallFilter {
        /// `SECCOMP_FILTER_FLAG_*`.
        flags: u64,
        /// Instructions of eight bytes each, in the machine's order.
        program: H::Bytes,
    }
    /// Becomes the program.
    Execute {
        /// Absolute path inside.
        path: H::Text,
        /// Arguments.
        arguments: H::Texts,
        /// Environment.
        environment: H::Texts,
    }

    // Payload, for containers.
    /// Sets a resource limit to exactly this.
    SetRlimitExactly {
        /// `RLIMIT_*`.
        resource: u32,
        /// Soft limit; `u64::MAX` is none.
        soft: u64,
        /// Hard limit.
        hard: u64,
    }
    /// Closes all descriptors on execve(2) but the standard ones and those that follow them.
    PassDescriptors {
        /// How many.
        count: u32,
    }
    /// Installs a syscall filter whose notifications go to an agent: whoever let init go on fetches the listener.
    InstallFilterForAgent {
        /// `SECCOMP_FILTER_FLAG_*`.
        flags: u64,
        /// Instructions of eight bytes each, in the machine's order.
        program: H::Bytes,
        /// The agent's socket, connected.
        slot: Slot,
        /// What the agent is told, up to the process id.
        before: H::Text,
        /// After it.
        after: H::Text,
    }
    /// Makes everything ready that execve(2) needs: after the limits and the filter nothing else may be possible.
    PrepareProgram {
        /// Arguments.
        arguments: H::Texts,
        /// Environment.
        environment: H::Texts,
    }
    /// Becomes the program that was found.
    ExecuteFound {
        /// Its name, for people.
        name: H::Text,
    }
}

/// The stages of a plan, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Stage {
    /// In the launcher.
    Outside,
    /// In the init process.
    Inside,
    /// In the program's process.
    Payload,
}

/// A record of a plan, as the launcher reads it.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// Index of the facet in `Confinement::FACETS`.
    pub facet: u8,
    /// What happens on failure.
    pub policy: Policy,
    /// What it does, for people.
    pub label: &'a [u8],
    /// The step.
    pub step: Step<Borrowed<'a>>,
}

impl<'a> Record<'a> {
    /// Reads a record.
    pub fn decode(from: &mut Cursor<'a>) -> Option<Self> {
        let length = u32::decode(from)?;
        let mut body = Cursor::new(from.take(usize::try_from(length).ok()?)?);
        let facet = u8::decode(&mut body)?;
        let policy = match u8::decode(&mut body)? {
            0 => Policy::Required,
            1 => Policy::BestEffort,
            _ => return None,
        };
        let label_length = u16::decode(&mut body)?;
        let label = body.take(usize::from(label_length))?;
        let step = Step::decode(&mut body)?;
        body.is_empty().then_some(Self {
            facet,
            policy,
            label,
            step,
        })
    }
}
