//! Making, ending, signalling and identifying processes.

use crate::{Outcome, as_root, case, get, isolated, must, run_all};
use casemate_sys::file::{self, AtFlags, OpenFlags};
use casemate_sys::ids::{self, Ids};
use casemate_sys::limits::{self, Limit, Resource};
use casemate_sys::memory::{self, Executable, Memory};
use casemate_sys::pidfd::{self, CloseRange};
use casemate_sys::prctl::{self, Dumpable, Switch};
use casemate_sys::process::{self, Clone, CloneFlags, Forked, Target};
use casemate_sys::signal::{self, Disposition, Mask, SigSet, Signal};
use casemate_sys::wait::{self, Event, WaitFlags, WaitFor};
use casemate_sys::{CWD, Errno, StrList, StrPtr, StrVec, exec, keyring, namespace};
use core::sync::atomic::Ordering;
use core::time::Duration;

#[test]
fn processes() {
    run_all(&[
        case("clone3 and every kind of end", ends),
        case("shared memory crosses a fork, private does not", memories),
        case("flags that share memory are refused", refused_flags),
        case("wait4 tells usage", usage),
        case("kill and stop through a descriptor", pidfds),
        case("exec by path, by descriptor, and its errors", execs),
        case("list of strings", lists),
        case("session and group", sessions),
        case("signals: mask, disposition, descriptor, wait", signals),
        case("limits", limits_),
        case("attributes by prctl", attributes),
        case("nice and idle", priorities),
        case("umask and directories", directories),
        case("close_range", ranges),
        case("session keyring", keyrings),
        case("personality", personality),
        as_root("ids and groups", identities),
        isolated("ids inside a user namespace", CloneFlags::empty(), inside),
        isolated("host and domain name", CloneFlags::NEWUTS, names),
        isolated("the first process is 1", CloneFlags::NEWPID, first),
        isolated("unshare and setns", CloneFlags::empty(), entering),
        isolated("time namespace", CloneFlags::empty(), times),
    ]);
}

/// Forks, runs `child` there, and returns what became of it.
fn outcome_of(child: impl FnOnce()) -> Result<Event, Errno> {
    match process::clone3(&Clone::new(CloneFlags::empty()))? {
        Forked::Child => {
            child();
            process::exit(99)
        }
        Forked::Parent(child) => {
            let waited = wait::waitid(WaitFor::Fd(child.pidfd.as_fd()), WaitFlags::EXITED)?;
            waited
                .filter(|waited| waited.pid == child.pid.get())
                .map(|waited| waited.event)
                .ok_or(Errno::EPROTO)
        }
    }
}

fn ends() -> Outcome {
    for code in [0, 1, 125, 255, 256 + 7] {
        must!(get!(outcome_of(|| process::exit(code))) == Event::Exited(code as u8));
    }
    for signal in [Signal::KILL, Signal::TERM, Signal::USR1] {
        let event = get!(outcome_of(|| {
            let own = process::Pid::new(process::getpid());
            if let (Some(own), Ok(())) = (own, signal::reset_all()) {
                match process::tgkill(own, own, signal) {
                    Ok(()) | Err(_) => {}
                }
            }
        }));
        must!(event == Event::Killed(signal));
    }
    must!(wait::waitid(WaitFor::Any, WaitFlags::EXITED) == Err(Errno::ECHILD));
    Ok(())
}

fn memories() -> Outcome {
    let shared = get!(Memory::shared_words(2));
    let mut private = get!(Memory::anonymous(100));
    must!(private.len() == 100 && private.iter().all(|byte| *byte == 0) && shared.len() == 2);
    let event = get!(outcome_of(|| {
        shared[1].store(42, Ordering::SeqCst);
        private[3] = 1;
        process::exit(i32::from(private[3]));
    }));
    must!(event == Event::Exited(1) && shared[1].load(Ordering::SeqCst) == 42 && private[3] == 0);
    must!(get!(Memory::anonymous(0)).is_empty());
    Ok(())
}

fn refused_flags() -> Outcome {
    for bit in [0x100, 0x200, 0x800, 0x4000, 0x1_0000, 0x8_0000, 0x10_0000] {
        let flags = CloneFlags::from_bits(bit);
        must!(matches!(
            process::clone3(&Clone::new(flags)),
            Err(Errno::EINVAL)
        ));
        must!(matches!(process::fork(flags, None), Err(Errno::EINVAL)));
    }
    must!(matches!(
        process::fork(CloneFlags::NEWTIME, None),
        Err(Errno::EINVAL)
    ));
    Ok(())
}

fn usage() -> Outcome {
    let Forked::Parent(child) = get!(process::fork(CloneFlags::empty(), Some(Signal::CHLD))) else {
        process::exit(9)
    };
    let (waited, usage) =
        get!(get!(wait::wait4(Some(child.pid), WaitFlags::empty())).ok_or(Errno::EPROTO));
    must!(
        waited.pid == child.pid.get()
            && waited.event == Event::Exited(9)
            && usage.peak_kibibytes > 0
    );
    Ok(())
}

fn pidfds() -> Outcome {
    let Forked::Parent(child) = get!(process::clone3(&Clone::new(CloneFlags::empty()))) else {
        loop {
            // It is killed.
            match casemate_sys::time::sleep(Duration::from_secs(5)) {
                Ok(()) | Err(_) => {}
            }
        }
    };
    let fd = get!(pidfd::pidfd_open(child.pid));
    must!(
        get!(wait::waitid(
            WaitFor::Fd(fd.as_fd()),
            WaitFlags::EXITED | WaitFlags::NOHANG
        ))
        .is_none()
    );
    get!(pidfd::pidfd_send_signal(fd.as_fd(), None));
    get!(pidfd::pidfd_send_signal(fd.as_fd(), Some(Signal::STOP)));
    let stopped = get!(wait::waitid(WaitFor::Pid(child.pid), WaitFlags::STOPPED));
    must!(stopped.is_some_and(|waited| waited.event == Event::Stopped(Signal::STOP)));
    get!(pidfd::pidfd_send_signal(fd.as_fd(), Some(Signal::CONT)));
    let continued = get!(wait::waitid(WaitFor::Any, WaitFlags::CONTINUED));
    must!(continued.is_some_and(|waited| waited.event == Event::Continued));
    get!(process::kill(
        Target::Process(child.pid),
        Some(Signal::KILL)
    ));
    let ended = get!(wait::waitid(WaitFor::Fd(fd.as_fd()), WaitFlags::EXITED));
    must!(ended.is_some_and(|waited| waited.event == Event::Killed(Signal::KILL)));
    must!(pidfd::pidfd_send_signal(fd.as_fd(), None) == Err(Errno::ESRCH));
    Ok(())
}

fn execs() -> Outcome {
    let argv = [c"sh", c"-c", c"exit $CODE"].map(|string| Some(StrPtr::new(string)));
    let argv = [argv[0], argv[1], argv[2], None];
    let argv = get!(StrList::new(&argv));
    let envp = [Some(StrPtr::new(c"CODE=42")), None];
    let envp = get!(StrList::new(&envp));
    let event = get!(outcome_of(|| {
        exec::execve(c"/bin/sh", argv, envp);
    }));
    must!(event == Event::Exited(42));
    let event = get!(outcome_of(|| {
        if let Ok(shell) = file::openat(CWD, c"/bin/sh", OpenFlags::PATH | OpenFlags::CLOEXEC, 0) {
            exec::execveat(shell.as_fd(), c"", argv, envp, AtFlags::EMPTY_PATH);
        }
    }));
    must!(event == Event::Exited(42));
    must!(exec::execve(c"/nonexistent", argv, envp) == Errno::ENOENT);
    must!(exec::execve(c"/etc/passwd", argv, envp) == Errno::EACCES);
    let empty = get!(memory::memfd(c"empty", Executable::Yes));
    let refused = exec::execveat(
        empty.as_fd(),
        c"",
        argv,
        StrList::EMPTY,
        AtFlags::EMPTY_PATH,
    );
    must!(refused == Errno::ENOEXEC);
    let data = get!(memory::memfd(c"data", Executable::No));
    let refused = exec::execveat(data.as_fd(), c"", argv, StrList::EMPTY, AtFlags::EMPTY_PATH);
    // Since 6.3 a file of data cannot be executed at all.
    must!(refused == Errno::EACCES);
    Ok(())
}

fn lists() -> Outcome {
    let one = Some(StrPtr::new(c"one"));
    must!(
        StrList::new(&[]).is_err()
            && StrList::new(&[one]).is_err()
            && StrList::new(&[None, one, None]).is_err()
    );
    must!(StrList::new(&[one, None, None]).is_err());
    must!(get!(StrList::new(&[one, None])).iter().eq([c"one"]));
    let mut list = get!(StrVec::with_capacity(2));
    must!(list.as_list().iter().count() == 0);
    get!(list.push(c"a"));
    get!(list.push(c"bc"));
    must!(list.as_list().iter().eq([c"a", c"bc"]));
    // Capacity is rounded up to nothing here: the mapping is as long as was asked for.
    must!(list.push(c"d") == Err(Errno::E2BIG));
    must!(list.as_list().iter().count() == 2);
    must!(StrVec::with_capacity(usize::MAX).is_err());
    Ok(())
}

fn sessions() -> Outcome {
    must!(get!(process::getsid(None)) != process::getpid());
    must!(get!(process::setsid()) == process::getpid());
    must!(
        get!(process::getsid(None)) == process::getpid()
            && get!(process::getpgid(None)) == process::getpid()
    );
    must!(process::setsid() == Err(Errno::EPERM));
    must!(process::setpgid(None, None) == Err(Errno::EPERM));
    Ok(())
}

fn signals() -> Outcome {
    let set = SigSet::EMPTY.with(Signal::USR1).with(Signal::USR2);
    must!(
        set.contains(Signal::USR1)
            && !set.without(Signal::USR1).contains(Signal::USR1)
            && set.bits() == 0xa00
    );
    get!(signal::mask(Mask::Set, SigSet::EMPTY));
    must!(get!(signal::mask(Mask::Block, set)) == SigSet::EMPTY && get!(signal::blocked()) == set);
    let fd = get!(signal::signalfd(
        SigSet::EMPTY.with(Signal::USR1),
        signal::SignalfdFlags::NONBLOCK
    ));
    must!(matches!(
        signal::read_signal(fd.as_fd()),
        Err(Errno::EAGAIN)
    ));
    let own = get!(process::Pid::new(process::getpid()).ok_or(Errno::ESRCH));
    get!(process::kill(Target::Process(own), Some(Signal::USR1)));
    get!(process::kill(Target::Process(own), Some(Signal::USR2)));
    let info = get!(signal::read_signal(fd.as_fd()));
    must!(
        info.signal() == Some(Signal::USR1)
            && info.pid == own.get().cast_unsigned()
            && info.code == 0
    );
    must!(get!(signal::timed_wait(set, Duration::ZERO)) == Some(Signal::USR2));
    must!(get!(signal::timed_wait(set, Duration::from_millis(1))).is_none());
    get!(signal::set_disposition(Signal::TERM, Disposition::Ignore));
    must!(get!(signal::disposition(Signal::TERM)) == Some(Disposition::Ignore));
    get!(process::kill(Target::Process(own), Some(Signal::TERM)));
    get!(signal::reset_all());
    must!(get!(signal::disposition(Signal::TERM)) == Some(Disposition::Default));
    must!(signal::set_disposition(Signal::KILL, Disposition::Ignore) == Err(Errno::EINVAL));
    must!(
        Signal::from_raw(0).is_none()
            && Signal::from_raw(65).is_none()
            && Signal::all().count() == 64
    );
    Ok(())
}

fn limits_() -> Outcome {
    for resource in Resource::ALL {
        must!(Resource::from_raw(resource as u32) == Some(resource));
        get!(limits::limit(0, resource));
    }
    must!(Resource::from_raw(16).is_none());
    let limit = Limit { soft: 17, hard: 20 };
    get!(limits::set_limit(0, Resource::OpenFiles, limit));
    must!(get!(limits::limit(0, Resource::OpenFiles)) == limit);
    must!(
        limits::set_limit(0, Resource::OpenFiles, Limit { soft: 3, hard: 2 }) == Err(Errno::EINVAL)
    );
    let zero = get!(file::openat(
        CWD,
        c"/dev/null",
        OpenFlags::RDONLY | OpenFlags::CLOEXEC,
        0
    ));
    must!(file::dup_cloexec(zero.as_fd(), 17).is_err());
    Ok(())
}

fn attributes() -> Outcome {
    must!(get!(prctl::no_new_privs()) == Switch::Off || casemate_sys::ids::geteuid() != 0);
    get!(prctl::seal_no_new_privs());
    must!(get!(prctl::no_new_privs()) == Switch::On);
    for dumpable in [Dumpable::No, Dumpable::Yes] {
        get!(prctl::set_dumpable(dumpable));
        must!(get!(prctl::dumpable()) == dumpable);
    }
    must!(prctl::set_dumpable(Dumpable::Root) == Err(Errno::EINVAL));
    get!(prctl::set_parent_death_signal(Some(Signal::KILL)));
    must!(get!(prctl::parent_death_signal()) == Some(Signal::KILL));
    get!(prctl::set_parent_death_signal(None));
    must!(get!(prctl::parent_death_signal()).is_none());
    get!(prctl::set_keep_caps(Switch::On));
    must!(get!(prctl::keep_caps()) == Switch::On);
    get!(prctl::set_child_subreaper(Switch::On));
    get!(prctl::set_name(c"a-name-that-is-far-too-long"));
    let comm = get!(file::openat(CWD, c"/proc/self/comm", OpenFlags::RDONLY, 0));
    let mut name = [0; 32];
    let count = get!(file::read_full(comm.as_fd(), &mut name));
    must!(&name[..count] == b"a-name-that-is-\n");
    get!(prctl::seal_memory_write_execute());
    must!(get!(prctl::memory_write_execute()) == 1);
    must!(get!(prctl::bounding_contains(0)) == Switch::On || ids::geteuid() != 0);
    must!(prctl::bounding_contains(64) == Err(Errno::EINVAL));
    get!(prctl::clear_ambient());
    must!(get!(prctl::ambient_contains(0)) == Switch::Off);
    Ok(())
}

fn priorities() -> Outcome {
    let before = get!(limits::nice());
    get!(limits::set_nice(19));
    must!(before <= 19 && get!(limits::nice()) == 19);
    get!(limits::set_io_priority(limits::IoClass::BestEffort, 7));
    must!(limits::set_io_priority(limits::IoClass::BestEffort, 9) == Err(Errno::EINVAL));
    Ok(())
}

fn directories() -> Outcome {
    get!(process::umask(0o27));
    must!(get!(process::umask(0o22)) == 0o27);
    get!(process::chdir(c"/usr"));
    let mut buffer = [0; 64];
    must!(get!(file::readlinkat(CWD, c"/proc/self/cwd", &mut buffer)) == b"/usr");
    let root = get!(file::openat(
        CWD,
        c"/",
        OpenFlags::PATH | OpenFlags::DIRECTORY,
        0
    ));
    get!(process::fchdir(root.as_fd()));
    must!(get!(file::readlinkat(CWD, c"/proc/self/cwd", &mut buffer)) == b"/");
    must!(process::chdir(c"/nonexistent") == Err(Errno::ENOENT));
    Ok(())
}

fn ranges() -> Outcome {
    let (reader, writer) = get!(file::pipe2(OpenFlags::empty()));
    must!(get!(file::on_exec(reader.as_fd())) == file::OnExec::Keep);
    get!(pidfd::close_range(
        3,
        u32::MAX,
        CloseRange::CLOEXEC | CloseRange::UNSHARE
    ));
    must!(get!(file::on_exec(reader.as_fd())) == file::OnExec::Close);
    must!(get!(file::on_exec(writer.as_fd())) == file::OnExec::Close);
    must!(pidfd::close_range(5, 4, CloseRange::empty()) == Err(Errno::EINVAL));
    get!(pidfd::close_range(
        reader.raw().cast_unsigned(),
        reader.raw().cast_unsigned(),
        CloseRange::empty()
    ));
    must!(file::on_exec(reader.as_fd()) == Err(Errno::EBADF));
    must!(reader.close() == Err(Errno::EBADF));
    Ok(())
}

fn keyrings() -> Outcome {
    let first = get!(keyring::join_new_session());
    let second = get!(keyring::join_new_session());
    must!(first != second && first > 0);
    Ok(())
}

fn personality() -> Outcome {
    const NO_RANDOMIZE: u32 = 0x0004_0000;
    let before = get!(namespace::personality(u32::MAX));
    get!(namespace::personality(before | NO_RANDOMIZE));
    must!(get!(namespace::personality(u32::MAX)) == before | NO_RANDOMIZE);
    Ok(())
}

fn identities() -> Outcome {
    get!(ids::setgroups(&[5, 7, 4_000_000]));
    let mut groups = [0; 8];
    must!(get!(ids::getgroups(&mut groups)) == [5, 7, 4_000_000] && get!(ids::group_count()) == 3);
    must!(ids::getgroups(&mut groups[..2]).is_err() && ids::getgroups(&mut []).is_err());
    get!(ids::setgroups(&[]));
    must!(get!(ids::getgroups(&mut [])).is_empty());
    get!(ids::setresgid(Ids {
        real: 10,
        effective: 11,
        saved: 12
    }));
    must!(
        get!(ids::getresgid())
            == Ids {
                real: 10,
                effective: 11,
                saved: 12
            }
            && ids::getegid() == 11
    );
    must!(ids::getgid() == 10);
    get!(ids::setresuid(Ids::all(65534)));
    must!(
        get!(ids::getresuid()) == Ids::all(65534)
            && ids::getuid() == 65534
            && ids::geteuid() == 65534
    );
    must!(
        ids::setresuid(Ids::all(0)) == Err(Errno::EPERM)
            && ids::setgroups(&[1]) == Err(Errno::EPERM)
    );
    must!(get!(prctl::dumpable()) != Dumpable::Yes);
    Ok(())
}

fn inside() -> Outcome {
    must!(get!(ids::getresuid()) == Ids::all(0) && get!(ids::getresgid()) == Ids::all(0));
    must!(ids::setgroups(&[]) == Err(Errno::EPERM));
    must!(ids::setresuid(Ids::all(5)) == Err(Errno::EINVAL));
    Ok(())
}

fn names() -> Outcome {
    get!(namespace::sethostname(b"casemate-host"));
    get!(namespace::setdomainname(b"casemate.example"));
    let name = get!(namespace::uname());
    must!(name.nodename() == c"casemate-host" && name.domainname() == c"casemate.example");
    must!(name.sysname() == c"Linux" && !name.release().is_empty() && !name.version().is_empty());
    must!(
        name.machine()
            == if cfg!(target_arch = "aarch64") {
                c"aarch64"
            } else {
                c"x86_64"
            }
    );
    must!(namespace::sethostname(&[b'a'; 65]) == Err(Errno::EINVAL));
    Ok(())
}

fn first() -> Outcome {
    must!(process::getpid() == 1 && process::getppid() == 0 && process::gettid() == 1);
    Ok(())
}

/// The link of a namespace of the caller.
fn link<'b>(path: &core::ffi::CStr, buffer: &'b mut [u8; 64]) -> Result<&'b [u8], Errno> {
    file::readlinkat(CWD, path, buffer)
}

fn entering() -> Outcome {
    let (mut before, mut after) = ([0; 64], [0; 64]);
    let path = c"/proc/self/ns/uts";
    let before = get!(link(path, &mut before));
    let old = get!(file::openat(
        CWD,
        path,
        OpenFlags::RDONLY | OpenFlags::CLOEXEC,
        0
    ));
    must!(old.as_fd().raw() > 2);
    get!(namespace::unshare(CloneFlags::NEWUTS));
    must!(get!(link(path, &mut after)) != before);
    let new = get!(file::openat(
        CWD,
        path,
        OpenFlags::RDONLY | OpenFlags::CLOEXEC,
        0
    ));
    // The old namespace belongs to the first user namespace, which this one has no rights to.
    must!(namespace::setns(old.as_fd(), CloneFlags::NEWUTS) == Err(Errno::EPERM));
    must!(namespace::setns(new.as_fd(), CloneFlags::NEWNET) == Err(Errno::EINVAL));
    get!(namespace::setns(new.as_fd(), CloneFlags::NEWUTS));
    Ok(())
}

fn times() -> Outcome {
    get!(namespace::unshare(CloneFlags::NEWTIME));
    let offsets = get!(file::openat(
        CWD,
        c"/proc/self/timens_offsets",
        OpenFlags::WRONLY,
        0
    ));
    get!(file::write_all(offsets.as_fd(), b"monotonic 1000000 0\n"));
    let here = get!(casemate_sys::time::now(
        casemate_sys::time::Clock::Monotonic
    ));
    let event = get!(outcome_of(|| {
        let there = casemate_sys::time::now(casemate_sys::time::Clock::Monotonic);
        let later = there.is_ok_and(|there| there > here + Duration::from_secs(900_000));
        process::exit(i32::from(later))
    }));
    must!(event == Event::Exited(1));
    Ok(())
}
