//! Mounts, each in a mount namespace of its own.

use crate::{Outcome, get, isolated, must, run_all};
use casemate_sys::dir::getdents;
use casemate_sys::file::{self, AtFlags, Device, OpenFlags, Resolve};
use casemate_sys::mount::{
    self, Config, Mount, MountAttr, MoveMount, MsFlags, Propagation, SetAttr, Tree, UmountFlags,
};
use casemate_sys::process::{self, CloneFlags};
use casemate_sys::stat::{self, FileType, StatfsFlags, magic};
use casemate_sys::{CWD, Errno, Fd};
use core::ffi::CStr;

#[test]
fn mounts() {
    let namespace = CloneFlags::NEWNS;
    run_all(&[
        isolated("a detached tmpfs and its attributes", namespace, detached),
        isolated("a mistake is explained", namespace, explained),
        isolated(
            "a recursive read-only copy covers submounts",
            namespace,
            recursive,
        ),
        isolated("pivot_root and the old root detached", namespace, pivot),
        isolated("files, links and directories", namespace, files),
        isolated("the ways of a path", namespace, ways),
        isolated("the old mount call", namespace, old_call),
        isolated(
            "proc of a new pid namespace",
            namespace.with(CloneFlags::NEWPID),
            proc_mount,
        ),
    ]);
}

/// A detached tmpfs of one megabyte.
fn tmpfs(attributes: MountAttr) -> Result<Fd, Errno> {
    let context = mount::fsopen(c"tmpfs")?;
    mount::fsconfig(context.as_fd(), Config::String(c"size", c"1m"))?;
    mount::fsconfig(context.as_fd(), Config::String(c"mode", c"0755"))?;
    mount::fsconfig(context.as_fd(), Config::Create)?;
    mount::fsmount(context.as_fd(), attributes)
}

/// Mounts a tmpfs at a path.
fn tmpfs_at(path: &CStr) -> Result<(), Errno> {
    let tree = tmpfs(MountAttr::NOSUID)?;
    mount::move_mount((tree.as_fd(), c""), (CWD, path), MoveMount::F_EMPTY_PATH)
}

fn detached() -> Outcome {
    let tree = get!(tmpfs(MountAttr::NOSUID | MountAttr::NODEV));
    let fs = get!(stat::fstatfs(tree.as_fd()));
    must!(fs.magic == magic::TMPFS && fs.blocks * fs.block_size == 1 << 20);
    must!(
        fs.flags.contains(StatfsFlags::NOSUID | StatfsFlags::NODEV)
            && !fs.flags.contains(StatfsFlags::RDONLY)
    );
    get!(file::mkdirat(tree.as_fd(), c"sub", 0o755));
    let change = SetAttr::set(MountAttr::RDONLY | MountAttr::NOEXEC | MountAttr::NOSYMFOLLOW);
    get!(mount::mount_setattr(
        tree.as_fd(),
        c"",
        AtFlags::EMPTY_PATH | AtFlags::RECURSIVE,
        change
    ));
    must!(file::mkdirat(tree.as_fd(), c"more", 0o755) == Err(Errno::EROFS));
    let flags = get!(stat::fstatfs(tree.as_fd())).flags;
    must!(flags.contains(StatfsFlags::RDONLY | StatfsFlags::NOEXEC | StatfsFlags::NOSYMFOLLOW));
    let change = SetAttr {
        clear: MountAttr::RDONLY,
        ..SetAttr::set(MountAttr::empty())
    };
    get!(mount::mount_setattr(
        tree.as_fd(),
        c"",
        AtFlags::EMPTY_PATH,
        change
    ));
    get!(file::mkdirat(tree.as_fd(), c"more", 0o755));
    get!(mount::move_mount(
        (tree.as_fd(), c""),
        (CWD, c"/mnt"),
        MoveMount::F_EMPTY_PATH
    ));
    let there = get!(stat::fstatat(CWD, c"/mnt", AtFlags::empty()));
    must!(
        there.mount_root == Some(true)
            && there.kind == Some(FileType::Directory)
            && there.mode == 0o755
    );
    must!(get!(stat::fstatat(CWD, c"/mnt/sub", AtFlags::empty())).mount_root == Some(false));
    must!(there.mount_id != get!(stat::fstatat(CWD, c"/", AtFlags::empty())).mount_id);
    must!(get!(stat::unique_mount_id(CWD, c"/mnt", AtFlags::empty())) >= 1 << 31);
    must!(get!(stat::statfs(c"/mnt")).magic == magic::TMPFS);
    drop(tree);
    get!(mount::umount2(
        c"/mnt",
        UmountFlags::DETACH | UmountFlags::NOFOLLOW
    ));
    must!(stat::fstatat(CWD, c"/mnt/sub", AtFlags::empty()) == Err(Errno::ENOENT));
    Ok(())
}

fn explained() -> Outcome {
    must!(matches!(
        mount::fsopen(c"nonexistentfs"),
        Err(Errno::ENODEV)
    ));
    let context = get!(mount::fsopen(c"tmpfs"));
    must!(mount::fsconfig(context.as_fd(), Config::String(c"size", c"many")) == Err(Errno::EINVAL));
    let mut text = [0; 128];
    let count = get!(file::read(context.as_fd(), &mut text));
    must!(text[..count].starts_with(b"e tmpfs: "));
    must!(mount::fsconfig(context.as_fd(), Config::Flag(c"nonsense")) == Err(Errno::EINVAL));
    must!(matches!(
        mount::fsmount(context.as_fd(), MountAttr::empty()),
        Err(Errno::EINVAL | Errno::EBUSY)
    ));
    Ok(())
}

fn recursive() -> Outcome {
    get!(tmpfs_at(c"/mnt"));
    get!(file::mkdirat(CWD, c"/mnt/sub", 0o755));
    get!(tmpfs_at(c"/mnt/sub"));
    let copy = get!(mount::open_tree(
        CWD,
        c"/mnt",
        Tree::CloneRecursive,
        AtFlags::empty()
    ));
    let all = AtFlags::EMPTY_PATH | AtFlags::RECURSIVE;
    let change = SetAttr {
        propagation: Some(Propagation::Private),
        ..SetAttr::set(MountAttr::RDONLY)
    };
    get!(mount::mount_setattr(copy.as_fd(), c"", all, change));
    must!(file::mkdirat(copy.as_fd(), c"sub/new", 0o755) == Err(Errno::EROFS));
    must!(file::mkdirat(copy.as_fd(), c"new", 0o755) == Err(Errno::EROFS));
    // The original stays writable.
    get!(file::mkdirat(CWD, c"/mnt/sub/new", 0o755));
    let single = get!(mount::open_tree(
        CWD,
        c"/mnt",
        Tree::Clone,
        AtFlags::empty()
    ));
    must!(stat::fstatat(single.as_fd(), c"sub/new", AtFlags::empty()) == Err(Errno::ENOENT));
    let same = get!(mount::open_tree(CWD, c"/mnt", Tree::Same, AtFlags::empty()));
    get!(stat::fstatat(same.as_fd(), c"sub/new", AtFlags::empty()));
    Ok(())
}

fn pivot() -> Outcome {
    get!(tmpfs_at(c"/mnt"));
    get!(file::mkdirat(CWD, c"/mnt/inside", 0o755));
    get!(process::chdir(c"/mnt"));
    get!(mount::pivot_root(c".", c"."));
    get!(mount::umount2(c".", UmountFlags::DETACH));
    get!(process::chdir(c"/"));
    get!(stat::fstatat(CWD, c"/inside", AtFlags::empty()));
    must!(stat::fstatat(CWD, c"/etc", AtFlags::empty()) == Err(Errno::ENOENT));
    must!(mount::pivot_root(c"/inside", c"/inside") == Err(Errno::EINVAL));
    Ok(())
}

fn files() -> Outcome {
    let tree = get!(tmpfs(MountAttr::empty()));
    let dir = tree.as_fd();
    let create = OpenFlags::CREAT | OpenFlags::EXCL | OpenFlags::RDWR | OpenFlags::CLOEXEC;
    let fd = get!(file::openat(dir, c"file", create, 0o600));
    must!(matches!(
        file::openat(dir, c"file", create, 0o600),
        Err(Errno::EEXIST)
    ));
    get!(file::writev(
        fd.as_fd(),
        &[file::Piece::new(b"hello "), file::Piece::new(b"world")]
    ));
    get!(file::pwrite(fd.as_fd(), b"W", 6));
    let mut text = [0; 20];
    must!(get!(file::pread(fd.as_fd(), &mut text, 6)) == 5 && &text[..5] == b"World");
    must!(get!(file::seek(fd.as_fd(), file::Seek::End(-5))) == 6);
    must!(get!(file::seek(fd.as_fd(), file::Seek::Current(1))) == 7);
    must!(get!(file::seek(fd.as_fd(), file::Seek::Start(0))) == 0);
    must!(get!(file::read_full(fd.as_fd(), &mut text)) == 11 && &text[..11] == b"hello World");
    get!(file::ftruncate(fd.as_fd(), 4));
    get!(file::fchmod(fd.as_fd(), 0o4711));
    let status = get!(stat::fstat(fd.as_fd()));
    must!(
        status.size == 4
            && status.mode == 0o4711
            && status.kind == Some(FileType::Regular)
            && status.uid == 0
    );
    get!(file::fchmodat(dir, c"file", 0o640));
    get!(file::fchown(fd.as_fd(), Some(0), None));
    get!(file::fchownat(
        dir,
        c"file",
        None,
        Some(0),
        AtFlags::SYMLINK_NOFOLLOW
    ));
    must!(file::fchown(fd.as_fd(), Some(77), None) == Err(Errno::EINVAL));
    get!(file::symlinkat(c"target", dir, c"link"));
    let mut buffer = [0; 20];
    must!(get!(file::readlinkat(dir, c"link", &mut buffer)) == b"target");
    let link = get!(stat::fstatat(dir, c"link", AtFlags::SYMLINK_NOFOLLOW));
    must!(link.kind == Some(FileType::Symlink));
    get!(file::linkat(
        (dir, c"file"),
        (dir, c"second"),
        AtFlags::empty()
    ));
    must!(get!(stat::fstat(fd.as_fd())).links == 2);
    get!(file::mknodat(
        dir,
        c"pipe",
        FileType::Fifo.bits() | 0o600,
        Device { major: 0, minor: 0 }
    ));
    must!(get!(stat::fstatat(dir, c"pipe", AtFlags::empty())).kind == Some(FileType::Fifo));
    let null = Device { major: 1, minor: 3 };
    must!(
        file::mknodat(dir, c"null", FileType::Character.bits() | 0o600, null) == Err(Errno::EPERM)
    );
    let refused = file::renameat2((dir, c"pipe"), (dir, c"link"), file::RenameFlags::NOREPLACE);
    must!(refused == Err(Errno::EEXIST));
    get!(file::renameat2(
        (dir, c"pipe"),
        (dir, c"link"),
        file::RenameFlags::EXCHANGE
    ));
    must!(get!(stat::fstatat(dir, c"link", AtFlags::empty())).kind == Some(FileType::Fifo));
    get!(file::mkdirat(dir, c"sub", 0o700));
    must!(file::unlinkat(dir, c"sub", AtFlags::empty()) == Err(Errno::EISDIR));
    get!(file::unlinkat(dir, c"sub", AtFlags::REMOVEDIR));
    get!(file::faccessat2(
        dir,
        c"file",
        file::Access::READ | file::Access::WRITE,
        AtFlags::EACCESS
    ));
    must!(
        file::faccessat2(dir, c"file", file::Access::EXEC, AtFlags::empty()) == Err(Errno::EACCES)
    );
    listing(&tree)
}

/// Lists a directory through a buffer that holds only some of the names.
fn listing(tree: &Fd) -> Outcome {
    let list = get!(file::openat(
        tree.as_fd(),
        c".",
        OpenFlags::RDONLY | OpenFlags::DIRECTORY,
        0
    ));
    let names = [c".", c"..", c"file", c"link", c"second", c"pipe"];
    let mut seen = [0u8; 6];
    let mut buffer = [0; 64];
    let mut calls = 0;
    loop {
        let entries = get!(getdents(list.as_fd(), &mut buffer));
        if entries.is_empty() {
            break;
        }
        calls += 1;
        for entry in entries {
            let place = names.iter().position(|name| *name == entry.name);
            seen[get!(place.ok_or(Errno::ENOENT))] += 1;
            must!(entry.inode != 0 && entry.kind.is_some());
            must!((entry.name == c"link") == (entry.kind == Some(FileType::Fifo)));
        }
    }
    must!(seen == [1; 6] && calls > 1);
    must!(matches!(getdents(list.as_fd(), &mut []), Ok(entries) if entries.is_empty()));
    Ok(())
}

fn ways() -> Outcome {
    let tree = get!(tmpfs(MountAttr::empty()));
    let dir = tree.as_fd();
    get!(file::mkdirat(dir, c"etc", 0o755));
    get!(file::symlinkat(c"/etc", dir, c"absolute"));
    get!(file::symlinkat(c"../../..", dir, c"etc/up"));
    let path = OpenFlags::PATH | OpenFlags::CLOEXEC;
    let open = |name: &CStr, resolve| file::openat2(dir, name, path, 0, resolve);
    must!(matches!(
        open(c"absolute", Resolve::BENEATH),
        Err(Errno::EXDEV)
    ));
    must!(matches!(open(c"..", Resolve::BENEATH), Err(Errno::EXDEV)));
    must!(matches!(
        open(c"absolute", Resolve::NO_SYMLINKS),
        Err(Errno::ELOOP)
    ));
    let etc = get!(stat::fstatat(dir, c"etc", AtFlags::empty())).inode;
    let inside = get!(open(c"absolute", Resolve::IN_ROOT | Resolve::NO_MAGICLINKS));
    must!(get!(stat::fstat(inside.as_fd())).inode == etc);
    let up = get!(open(c"etc/up/etc", Resolve::IN_ROOT));
    must!(get!(stat::fstat(up.as_fd())).inode == etc);
    let magic = file::openat2(CWD, c"/proc/self/exe", path, 0, Resolve::NO_MAGICLINKS);
    must!(matches!(magic, Err(Errno::ELOOP)));
    must!(matches!(
        file::openat2(CWD, c"/proc/self", path, 0, Resolve::NO_XDEV),
        Err(Errno::EXDEV)
    ));
    Ok(())
}

fn old_call() -> Outcome {
    let target = c"/mnt";
    let flags = MsFlags::NOSUID | MsFlags::NOEXEC;
    get!(mount::mount(&Mount {
        source: Some(c"tmpfs"),
        target,
        kind: Some(c"tmpfs"),
        flags,
        data: Some(c"size=64k"),
    }));
    let fs = get!(stat::statfs(target));
    must!(
        fs.blocks * fs.block_size == 65536
            && fs.flags.contains(StatfsFlags::NOSUID | StatfsFlags::NOEXEC)
    );
    let bind = MsFlags::BIND | MsFlags::REMOUNT | MsFlags::RDONLY | flags;
    get!(mount::mount(&Mount {
        source: None,
        target,
        kind: None,
        flags: bind,
        data: None
    }));
    must!(
        get!(stat::statfs(target))
            .flags
            .contains(StatfsFlags::RDONLY)
    );
    let picked = get!(mount::fspick(
        CWD,
        target,
        mount::FspickFlags::SYMLINK_NOFOLLOW
    ));
    get!(mount::fsconfig(
        picked.as_fd(),
        Config::String(c"size", c"128k")
    ));
    get!(mount::fsconfig(picked.as_fd(), Config::Reconfigure));
    let fs = get!(stat::statfs(target));
    must!(fs.blocks * fs.block_size == 131_072);
    get!(mount::umount2(target, UmountFlags::empty()));
    must!(mount::umount2(target, UmountFlags::empty()) == Err(Errno::EINVAL));
    Ok(())
}

fn proc_mount() -> Outcome {
    let context = get!(mount::fsopen(c"proc"));
    get!(mount::fsconfig(
        context.as_fd(),
        Config::String(c"hidepid", c"invisible")
    ));
    get!(mount::fsconfig(
        context.as_fd(),
        Config::String(c"subset", c"pid")
    ));
    get!(mount::fsconfig(context.as_fd(), Config::Create));
    let tree = get!(mount::fsmount(
        context.as_fd(),
        MountAttr::NOSUID | MountAttr::NODEV | MountAttr::NOEXEC
    ));
    must!(get!(stat::fstatfs(tree.as_fd())).magic == magic::PROC);
    let mut buffer = [0; 16];
    must!(get!(file::readlinkat(tree.as_fd(), c"self", &mut buffer)) == b"1");
    must!(stat::fstatat(tree.as_fd(), c"meminfo", AtFlags::empty()) == Err(Errno::ENOENT));
    Ok(())
}
