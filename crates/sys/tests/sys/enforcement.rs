//! What takes rights away for good: capabilities, filters, Landlock.

use crate::{Outcome, as_root, case, get, isolated, must, run_all};
use casemate_sys::caps::{self, CapSets};
use casemate_sys::file::{self, AtFlags, OnExec, OpenFlags};
use casemate_sys::landlock::{self, Abi, FsRights, Handled, NetRights, RestrictFlags, Scopes};
use casemate_sys::net::{self, Address, Family, SocketType};
use casemate_sys::prctl::{self, SeccompMode, Securebits, Switch};
use casemate_sys::process::{self, Clone, CloneFlags, Forked, Target};
use casemate_sys::ptrace;
use casemate_sys::seccomp::{self, FilterFlags, Program, Response, SockFilter};
use casemate_sys::signal::Signal;
use casemate_sys::wait::{self, Event, WaitFlags, WaitFor};
use casemate_sys::{CWD, Errno, ids, namespace};
use core::net::{Ipv4Addr, SocketAddr};

#[test]
fn enforcement() {
    run_all(&[
        isolated("capability sets", CloneFlags::empty(), capabilities),
        isolated(
            "ambient capabilities and securebits",
            CloneFlags::empty(),
            ambient,
        ),
        case("a filter refuses", filter),
        case("a program that the kernel refuses", bad_filter),
        case("a supervisor answers", supervisor),
        case("actions and sizes", actions),
        as_root("the filter of a live process", live_filter),
        case("Landlock refuses files", landlock_files),
        case("Landlock refuses ports", landlock_ports),
        case("Landlock's versions", landlock_versions),
        case("speculation", speculation),
    ]);
}

fn capabilities() -> Outcome {
    const SYS_ADMIN: u8 = 21;
    let all = get!(caps::capget(0));
    must!(all.permitted >> 40 == 1 && all.effective == all.permitted);
    get!(prctl::drop_bounding(SYS_ADMIN));
    must!(get!(prctl::bounding_contains(SYS_ADMIN)) == Switch::Off);
    must!(get!(prctl::bounding_contains(SYS_ADMIN - 1)) == Switch::On);
    must!(
        namespace::sethostname(b"x") == Err(Errno::EPERM)
            || namespace::unshare(CloneFlags::NEWUTS).is_ok()
    );
    let few = CapSets {
        effective: 1 << 0,
        permitted: 1 << 0 | 1 << 40,
        inheritable: 1 << 40,
    };
    get!(caps::capset(few));
    must!(get!(caps::capget(0)) == few);
    must!(caps::capset(all) == Err(Errno::EPERM));
    must!(namespace::unshare(CloneFlags::NEWUTS) == Err(Errno::EPERM));
    must!(prctl::drop_bounding(0) == Err(Errno::EPERM));
    get!(caps::capset(CapSets::default()));
    must!(get!(caps::capget(0)) == CapSets::default());
    Ok(())
}

fn ambient() -> Outcome {
    let all = get!(caps::capget(0));
    get!(caps::capset(CapSets {
        inheritable: 1 << 5,
        ..all
    }));
    get!(prctl::raise_ambient(5));
    must!(get!(prctl::ambient_contains(5)) == Switch::On);
    must!(prctl::raise_ambient(6) == Err(Errno::EPERM));
    get!(prctl::clear_ambient());
    must!(get!(prctl::ambient_contains(5)) == Switch::Off);
    let locked = Securebits::NOROOT
        | Securebits::NOROOT_LOCKED
        | Securebits::NO_CAP_AMBIENT_RAISE
        | Securebits::NO_CAP_AMBIENT_RAISE_LOCKED;
    get!(prctl::set_securebits(locked));
    must!(get!(prctl::securebits()) == locked);
    must!(prctl::set_securebits(Securebits::empty()) == Err(Errno::EPERM));
    must!(prctl::raise_ambient(5) == Err(Errno::EPERM));
    Ok(())
}

const fn op(code: u16, jt: u8, jf: u8, k: u32) -> SockFilter {
    SockFilter { code, jt, jf, k }
}

/// Answers `action` to one call and permits all others.
const fn only(nr: u32, action: u32) -> [SockFilter; 4] {
    [
        op(0x20, 0, 0, 0),
        op(0x15, 0, 1, nr),
        op(6, 0, 0, action),
        op(6, 0, 0, 0x7fff_0000),
    ]
}

const SETHOSTNAME: u32 = if cfg!(target_arch = "aarch64") {
    161
} else {
    170
};
const PERSONALITY: u32 = if cfg!(target_arch = "aarch64") {
    92
} else {
    135
};

fn filter() -> Outcome {
    must!(get!(prctl::seccomp_mode()) == SeccompMode::Disabled);
    get!(prctl::seal_no_new_privs());
    let instructions = only(SETHOSTNAME, 0x0005_0000 | u32::from(Errno::EDOM.raw()));
    get!(seccomp::load_filter(
        get!(Program::new(&instructions)),
        FilterFlags::empty()
    ));
    must!(get!(prctl::seccomp_mode()) == SeccompMode::Filter);
    must!(namespace::sethostname(b"refused") == Err(Errno::EDOM));
    get!(namespace::personality(u32::MAX));
    // Once more as bytes, at an odd address, and on top of the first.
    let mut bytes = [[0u8; 8]; 5];
    let flat = bytes.as_flattened_mut();
    for (i, instruction) in only(PERSONALITY, 0x0005_0000 | u32::from(Errno::ERANGE.raw()))
        .iter()
        .enumerate()
    {
        must!(SockFilter::from_bytes(instruction.to_bytes()) == *instruction);
        flat[1 + i * 8..9 + i * 8].copy_from_slice(&instruction.to_bytes());
    }
    let (odd, _) = flat[1..].as_chunks::<8>();
    get!(seccomp::load_filter(
        get!(Program::from_bytes(&odd[..4])),
        FilterFlags::LOG
    ));
    must!(namespace::personality(u32::MAX) == Err(Errno::ERANGE));
    must!(namespace::sethostname(b"refused") == Err(Errno::EDOM));
    Ok(())
}

fn bad_filter() -> Outcome {
    get!(prctl::seal_no_new_privs());
    let wrong: [&[SockFilter]; 4] = [
        &[],
        &[op(0x20, 0, 0, 0)],
        &[op(0x20, 0, 0, 1), op(6, 0, 0, 0)],
        &[op(0x15, 9, 9, 0), op(6, 0, 0, 0)],
    ];
    for instructions in wrong {
        let loaded = seccomp::load_filter(get!(Program::new(instructions)), FilterFlags::empty());
        must!(loaded == Err(Errno::EINVAL));
    }
    must!(get!(prctl::seccomp_mode()) == SeccompMode::Disabled);
    Ok(())
}

/// The child's calls are answered by the parent: a value, an error, a descriptor, and "go on".
fn supervisor() -> Outcome {
    let (ours, theirs) = get!(net::socketpair(SocketType::SEQPACKET | SocketType::CLOEXEC));
    let child = match get!(process::clone3(&Clone::new(CloneFlags::empty()))) {
        Forked::Parent(child) => child,
        Forked::Child => match supervised(theirs.as_fd()) {
            Ok(()) => process::exit(0),
            Err(fault) => process::exit(fault.line.cast_signed() & 0xff),
        },
    };
    drop(theirs);
    let listener = get!(net::recv_fd(ours.as_fd()));
    if let Err(error) = seccomp::set_sync_wake_up(listener.as_fd()) {
        // Before 6.6.
        must!(error == Errno::EINVAL);
    }
    let file = get!(file::openat(
        CWD,
        c"/dev/null",
        OpenFlags::RDONLY | OpenFlags::CLOEXEC,
        0
    ));
    for turn in 0..4u64 {
        let call = get!(seccomp::receive(listener.as_fd()));
        must!(call.data.nr.cast_unsigned() == PERSONALITY && call.data.args[0] == turn);
        must!(call.pid == child.pid.get().cast_unsigned());
        get!(seccomp::still_waits(listener.as_fd(), call.id));
        match turn {
            0 => get!(seccomp::respond(
                listener.as_fd(),
                &Response::value(call.id, 1234)
            )),
            1 => get!(seccomp::respond(
                listener.as_fd(),
                &Response::error(call.id, Errno::ENOTNAM)
            )),
            2 => {
                let number = seccomp::respond_with_fd(
                    listener.as_fd(),
                    call.id,
                    file.as_fd(),
                    OnExec::Close,
                );
                must!(get!(number) > 2);
            }
            _ => get!(seccomp::respond(
                listener.as_fd(),
                &Response::proceed(call.id)
            )),
        }
        must!(seccomp::still_waits(listener.as_fd(), call.id + 99) == Err(Errno::ENOENT));
    }
    let waited = get!(wait::waitid(
        WaitFor::Fd(child.pidfd.as_fd()),
        WaitFlags::EXITED
    ));
    must!(waited.is_some_and(|waited| waited.event == Event::Exited(0)));
    Ok(())
}

fn supervised(socket: casemate_sys::FdRef<'_>) -> Outcome {
    get!(prctl::seal_no_new_privs());
    let instructions = only(PERSONALITY, 0x7fc0_0000);
    let program = get!(Program::new(&instructions));
    let listener = get!(seccomp::load_filter_with_listener(
        program,
        FilterFlags::empty()
    ));
    get!(net::send_fd(socket, listener.as_fd()));
    drop(listener);
    must!(get!(namespace::personality(0)) == 1234);
    must!(namespace::personality(1) == Err(Errno::ENOTNAM));
    let given = casemate_sys::Fd::from_raw(get!(namespace::personality(2)).cast_signed());
    must!(get!(file::on_exec(given.as_fd())) == OnExec::Close);
    get!(namespace::personality(3));
    Ok(())
}

fn actions() -> Outcome {
    for action in [
        0u32,
        0x8000_0000,
        0x0003_0000,
        0x0005_0000,
        0x7fc0_0000,
        0x7ffc_0000,
        0x7fff_0000,
    ] {
        get!(seccomp::action_available(action));
    }
    must!(seccomp::action_available(0x1234_0000) == Err(Errno::EOPNOTSUPP));
    let sizes = get!(seccomp::notif_sizes());
    must!(
        sizes
            == seccomp::NotifSizes {
                notification: 80,
                response: 24,
                data: 64
            }
    );
    Ok(())
}

fn live_filter() -> Outcome {
    let Forked::Parent(child) = get!(process::clone3(&Clone::new(CloneFlags::empty()))) else {
        let loaded = Program::new(&only(SETHOSTNAME, 0x0005_0001))
            .and_then(|program| seccomp::load_filter(program, FilterFlags::LOG));
        let own = process::Pid::new(process::getpid());
        if let (Ok(()), Some(own)) = (loaded, own) {
            match process::kill(Target::Process(own), Some(Signal::STOP)) {
                Ok(()) | Err(_) => {}
            }
        }
        process::exit(0)
    };
    let stopped = get!(wait::waitid(WaitFor::Pid(child.pid), WaitFlags::STOPPED));
    must!(stopped.is_some_and(|waited| waited.event == Event::Stopped(Signal::STOP)));
    get!(ptrace::seize(child.pid));
    get!(ptrace::interrupt(child.pid));
    get!(wait::waitid(WaitFor::Pid(child.pid), WaitFlags::STOPPED));
    let wanted = only(SETHOSTNAME, 0x0005_0001);
    must!(get!(ptrace::filter_len(child.pid, 0)) == wanted.len());
    #[expect(
        clippy::large_stack_arrays,
        reason = "32 KiB; a forked child may not allocate"
    )]
    let mut buffer = [SockFilter::default(); ptrace::MAX_INSTRUCTIONS];
    must!(ptrace::filter(child.pid, 0, &mut buffer[..64]) == Err(Errno::ENOSPC));
    must!(get!(ptrace::filter(child.pid, 0, &mut buffer)) == wanted);
    must!(get!(ptrace::filter_flags(child.pid, 0)) == FilterFlags::LOG);
    must!(ptrace::filter_len(child.pid, 1) == Err(Errno::ENOENT));
    get!(ptrace::detach(child.pid));
    get!(process::kill(
        Target::Process(child.pid),
        Some(Signal::KILL)
    ));
    get!(wait::waitid(WaitFor::Pid(child.pid), WaitFlags::EXITED));
    Ok(())
}

fn landlock_files() -> Outcome {
    let abi = get!(Abi::known(get!(landlock::version())).ok_or(Errno::ENOSYS));
    let handled = Handled {
        fs: abi.fs,
        net: NetRights::empty(),
        scopes: abi.scopes,
    };
    let ruleset = get!(landlock::create_ruleset(&handled));
    let path = OpenFlags::PATH | OpenFlags::CLOEXEC;
    let usr = get!(file::openat(CWD, c"/usr", path, 0));
    let null = get!(file::openat(CWD, c"/dev/null", path, 0));
    get!(landlock::allow_path(
        ruleset.as_fd(),
        usr.as_fd(),
        FsRights::READ_FILE | FsRights::READ_DIR
    ));
    get!(landlock::allow_path(
        ruleset.as_fd(),
        null.as_fd(),
        FsRights::WRITE_FILE
    ));
    let directory_right = landlock::allow_path(ruleset.as_fd(), null.as_fd(), FsRights::READ_DIR);
    must!(directory_right == Err(Errno::EINVAL));
    must!(
        landlock::allow_path(ruleset.as_fd(), usr.as_fd(), FsRights::empty()) == Err(Errno::ENOMSG)
    );
    if ids::geteuid() != 0 {
        must!(
            landlock::restrict_self(ruleset.as_fd(), RestrictFlags::empty()) == Err(Errno::EPERM)
        );
    }
    get!(prctl::seal_no_new_privs());
    get!(landlock::restrict_self(
        ruleset.as_fd(),
        abi.restrict.without(RestrictFlags::TSYNC)
    ));
    must!(matches!(
        file::openat(CWD, c"/etc/passwd", OpenFlags::RDONLY, 0),
        Err(Errno::EACCES)
    ));
    must!(matches!(
        file::openat(CWD, c"/etc", OpenFlags::RDONLY, 0),
        Err(Errno::EACCES)
    ));
    get!(file::openat(CWD, c"/usr", OpenFlags::RDONLY, 0));
    get!(file::openat(CWD, c"/dev/null", OpenFlags::WRONLY, 0));
    must!(matches!(
        file::openat(CWD, c"/dev/null", OpenFlags::RDONLY, 0),
        Err(Errno::EACCES)
    ));
    must!(file::mkdirat(CWD, c"/tmp/never-made", 0o700) == Err(Errno::EACCES));
    must!(file::unlinkat(CWD, c"/usr/bin", AtFlags::REMOVEDIR).is_err());
    if abi.scopes.contains(Scopes::SIGNAL) {
        let parent = get!(process::Pid::new(process::getppid()).ok_or(Errno::ESRCH));
        must!(process::kill(Target::Process(parent), None) == Err(Errno::EPERM));
    }
    Ok(())
}

fn landlock_ports() -> Outcome {
    let abi = get!(Abi::known(get!(landlock::version())).ok_or(Errno::ENOSYS));
    // This project needs 6.7 for the ports; a kernel without them has nothing to test here.
    must!(
        abi.net
            .contains(NetRights::BIND_TCP | NetRights::CONNECT_TCP)
    );
    let handled = Handled {
        fs: FsRights::empty(),
        net: abi.net,
        scopes: Scopes::empty(),
    };
    let ruleset = get!(landlock::create_ruleset(&handled));
    get!(landlock::allow_port(
        ruleset.as_fd(),
        0,
        NetRights::BIND_TCP
    ));
    get!(landlock::allow_port(
        ruleset.as_fd(),
        1,
        NetRights::CONNECT_TCP
    ));
    get!(prctl::seal_no_new_privs());
    get!(landlock::restrict_self(
        ruleset.as_fd(),
        RestrictFlags::empty()
    ));
    let local = |port| Address::inet(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let open = || net::socket(Family::Inet, SocketType::STREAM | SocketType::CLOEXEC, 0);
    must!(net::bind(get!(open()).as_fd(), &local(40_404)) == Err(Errno::EACCES));
    get!(net::bind(get!(open()).as_fd(), &local(0)));
    must!(net::connect(get!(open()).as_fd(), &local(2)) == Err(Errno::EACCES));
    must!(net::connect(get!(open()).as_fd(), &local(1)) == Err(Errno::ECONNREFUSED));
    Ok(())
}

/// Every right that the table gives to this kernel's version is accepted, and every one that it does not is refused.
fn landlock_versions() -> Outcome {
    let version = get!(landlock::version());
    let abi = get!(Abi::known(version).ok_or(Errno::ENOSYS));
    must!(Abi::known(0).is_none() && Abi::known(99).is_some_and(|abi| abi.version == 9));
    for (place, abi) in landlock::ABIS.iter().enumerate() {
        must!(abi.version as usize == place + 1);
    }
    let none = Handled {
        fs: FsRights::empty(),
        net: NetRights::empty(),
        scopes: Scopes::empty(),
    };
    must!(matches!(
        landlock::create_ruleset(&none),
        Err(Errno::ENOMSG)
    ));
    get!(landlock::create_ruleset(&Handled {
        fs: abi.fs,
        net: abi.net,
        scopes: abi.scopes
    }));
    if version <= 9 {
        for (_, right) in FsRights::NAMES {
            let made = landlock::create_ruleset(&Handled { fs: *right, ..none });
            must!(made.is_ok() == abi.fs.contains(*right));
        }
        for (_, right) in NetRights::NAMES {
            let made = landlock::create_ruleset(&Handled {
                net: *right,
                ..none
            });
            must!(made.is_ok() == abi.net.contains(*right));
        }
        for (_, scope) in Scopes::NAMES {
            let made = landlock::create_ruleset(&Handled {
                scopes: *scope,
                ..none
            });
            must!(made.is_ok() == abi.scopes.contains(*scope));
        }
    }
    if version >= 7 {
        get!(landlock::errata());
    }
    Ok(())
}

fn speculation() -> Outcome {
    // Bit 0 says that the processor leaves the choice to prctl.
    if get!(prctl::speculation(prctl::Speculation::StoreBypass)) & 1 != 0 {
        get!(prctl::seal_speculation(prctl::Speculation::StoreBypass));
        must!(get!(prctl::speculation(prctl::Speculation::StoreBypass)) & 8 != 0);
    }
    Ok(())
}
