//! Sockets, terminals, memory files, timers, clocks, and calls by number.

use crate::{Outcome, case, get, isolated, must, run_all};
use casemate_sys::event::{self, Poll, PollFd};
use casemate_sys::file::{self, OnExec, OpenFlags, Seals};
use casemate_sys::memory::{self, Executable, Mapping};
use casemate_sys::net::{self, Address, Family, SocketType};
use casemate_sys::process::{self, CloneFlags};
use casemate_sys::signal::SigSet;
use casemate_sys::terminal::{self, When, WindowSize};
use casemate_sys::time::{self, Clock};
use casemate_sys::{CWD, Errno, Fd, FdRef, random, raw, stat};
use core::fmt::Write;
use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;

#[test]
fn round_trips() {
    run_all(&[
        case("descriptors over a socket", descriptors),
        case("too many descriptors leave none open", too_many),
        case("local and abstract names", names),
        case("terminal settings, size and session", terminals),
        case("a sealed file maps", sealed),
        case("counters, timers and poll", events),
        case("a watched file", watched),
        case("clocks and sleep", clocks),
        case("duplicates and flags", duplicates),
        case("random bytes", randoms),
        case("calls by number", numbers),
        isolated("the loopback interface", CloneFlags::NEWNET, loopback),
    ]);
}

#[test]
fn errors_print_their_name_and_meaning() {
    for (errno, display, debug) in [
        (Errno::EPERM, "operation not permitted (EPERM)", "EPERM"),
        (
            Errno::EHWPOISON,
            "memory page has hardware error (EHWPOISON)",
            "EHWPOISON",
        ),
        (Errno::from_raw(0), "error 0", "Errno(0)"),
        (Errno::from_raw(41), "error 41", "Errno(41)"),
        (Errno::from_raw(512), "error 512", "Errno(512)"),
    ] {
        assert_eq!(
            (errno.to_string().as_str(), format!("{errno:?}").as_str()),
            (display, debug)
        );
    }
    for errno in Errno::ALL {
        let text = errno.description().unwrap();
        assert!(
            !text.ends_with('.') && !text.is_empty(),
            "{errno:?}: {text}"
        );
        assert_eq!(Errno::from_raw(errno.raw()).name(), errno.name());
    }
}

#[test]
fn a_descriptor_becomes_one_of_the_standard_library_and_back() {
    use std::io::{Read as _, Seek as _, Write as _};
    use std::os::fd::{FromRawFd as _, IntoRawFd as _};
    let fd = memory::memfd(c"test", Executable::No).unwrap();
    let mut std_file = fd.into_std(std::fs::File::from_raw_fd);
    std_file.write_all(b"text").unwrap();
    std_file.rewind().unwrap();
    let fd = Fd::from_raw(std_file.into_raw_fd());
    let mut text = String::new();
    fd.into_std(std::fs::File::from_raw_fd)
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "text");
}

fn descriptors() -> Outcome {
    let (left, right) = get!(net::socketpair(SocketType::STREAM | SocketType::CLOEXEC));
    let memfd = get!(memory::memfd(c"passed", Executable::No));
    get!(file::write_all(memfd.as_fd(), b"inside"));
    get!(net::send_fds(
        left.as_fd(),
        b"three",
        &[memfd.as_fd(), left.as_fd(), memfd.as_fd()]
    ));
    let (mut bytes, mut fds) = ([0; 16], [const { None }; 4]);
    let received = get!(net::recv_fds(right.as_fd(), &mut bytes, &mut fds));
    must!(received.len == 5 && &bytes[..5] == b"three" && received.fds == 3 && fds[3].is_none());
    let passed = get!(fds[2].take().ok_or(Errno::EBADF));
    must!(get!(file::on_exec(passed.as_fd())) == OnExec::Close);
    must!(get!(stat::fstat(passed.as_fd())).inode == get!(stat::fstat(memfd.as_fd())).inode);
    get!(net::send_fds(left.as_fd(), b"none", &[]));
    must!(matches!(net::recv_fd(right.as_fd()), Err(Errno::EBADMSG)));
    get!(file::read(right.as_fd(), &mut bytes));
    get!(net::shutdown_write(left.as_fd()));
    must!(matches!(
        net::recv_fd(right.as_fd()),
        Err(Errno::ECONNRESET)
    ));
    Ok(())
}

/// The lowest number that is free.
fn lowest() -> Result<i32, Errno> {
    file::dup(casemate_sys::STDERR).map(|fd| fd.raw())
}

fn too_many() -> Outcome {
    let (left, right) = get!(net::socketpair(SocketType::SEQPACKET | SocketType::CLOEXEC));
    let many = [left.as_fd(); net::MAX_FDS + 1];
    must!(net::send_fds(left.as_fd(), b"x", &many) == Err(Errno::EINVAL));
    let before = get!(lowest());
    get!(net::send_fds(left.as_fd(), b"x", &many[..net::MAX_FDS]));
    must!(net::recv_fds(right.as_fd(), &mut [0; 4], &mut [None, None]).is_err());
    must!(get!(lowest()) == before);
    get!(net::send_fds(left.as_fd(), b"longer than that", &many[..1]));
    must!(net::recv_fds(right.as_fd(), &mut [0; 4], &mut [None, None]).is_err());
    must!(get!(lowest()) == before);
    Ok(())
}

fn names() -> Outcome {
    must!(Address::unix(&[b'a'; 108]).is_err() && Address::unix(&[b'a'; 107]).is_ok());
    let mut name = [0u8; 24];
    get!(random::fill(&mut name[1..]));
    let address = get!(Address::unix(&name));
    let server = get!(net::socket(
        Family::Unix,
        SocketType::STREAM | SocketType::CLOEXEC,
        0
    ));
    get!(net::bind(server.as_fd(), &address));
    get!(net::listen(server.as_fd(), 1));
    let client = get!(net::socket(
        Family::Unix,
        SocketType::STREAM | SocketType::CLOEXEC,
        0
    ));
    get!(net::connect(client.as_fd(), &address));
    let accepted = get!(net::accept(server.as_fd()));
    get!(file::write_all(client.as_fd(), b"hello"));
    let mut text = [0; 5];
    must!(get!(file::read_full(accepted.as_fd(), &mut text)) == 5 && &text == b"hello");
    let absent = get!(net::socket(
        Family::Unix,
        SocketType::STREAM | SocketType::CLOEXEC,
        0
    ));
    must!(
        net::connect(absent.as_fd(), &get!(Address::unix(b"/nonexistent/socket")))
            == Err(Errno::ENOENT)
    );
    Ok(())
}

fn terminals() -> Outcome {
    let flags = OpenFlags::RDWR | OpenFlags::NOCTTY | OpenFlags::CLOEXEC;
    let master = get!(file::openat(CWD, c"/dev/ptmx", flags, 0));
    must!(matches!(
        terminal::open_pty_peer(master.as_fd(), flags),
        Err(Errno::EIO)
    ));
    get!(terminal::unlock_pty(master.as_fd()));
    get!(terminal::pty_number(master.as_fd()));
    let peer = get!(terminal::open_pty_peer(master.as_fd(), flags));
    must!(terminal::is_terminal(peer.as_fd()));
    let size = WindowSize {
        rows: 33,
        columns: 77,
        width: 0,
        height: 0,
    };
    get!(terminal::set_window_size(master.as_fd(), size));
    must!(get!(terminal::window_size(peer.as_fd())) == size);
    get!(process::setsid());
    must!(terminal::foreground(peer.as_fd()) == Err(Errno::ENOTTY));
    get!(terminal::set_controlling(peer.as_fd()));
    must!(get!(terminal::foreground(peer.as_fd())) == process::getpid());
    get!(terminal::set_foreground(peer.as_fd(), process::getpid()));
    must!(terminal::set_foreground(peer.as_fd(), i32::MAX).is_err());
    let cooked = get!(terminal::settings(peer.as_fd()));
    get!(terminal::set_settings(
        peer.as_fd(),
        When::Now,
        &cooked.raw()
    ));
    must!(get!(terminal::settings(peer.as_fd())) == cooked.raw() && cooked != cooked.raw());
    get!(file::write_all(peer.as_fd(), b"a\n"));
    let mut text = [0; 8];
    // Cooked it would arrive as "a\r\n".
    must!(get!(file::read(master.as_fd(), &mut text)) == 2 && &text[..2] == b"a\n");
    get!(terminal::set_settings(peer.as_fd(), When::Drain, &cooked));
    // Giving it up sends SIGHUP to the foreground group, which is this process.
    get!(casemate_sys::signal::set_disposition(
        casemate_sys::signal::Signal::HUP,
        casemate_sys::signal::Disposition::Ignore
    ));
    get!(terminal::give_up_controlling(peer.as_fd()));
    must!(terminal::foreground(peer.as_fd()) == Err(Errno::ENOTTY));
    let null = get!(file::openat(CWD, c"/dev/null", OpenFlags::RDWR, 0));
    must!(!terminal::is_terminal(null.as_fd()));
    Ok(())
}

fn sealed() -> Outcome {
    let fd = get!(memory::memfd(c"sealed", Executable::No));
    get!(write!(file::Writer(fd.as_fd()), "plan {}", 7).map_err(|_| Errno::EIO));
    must!(matches!(Mapping::sealed(fd.as_fd()), Err(Errno::EPERM)));
    get!(file::seal(fd.as_fd(), Seals::SHRINK | Seals::GROW));
    must!(matches!(Mapping::sealed(fd.as_fd()), Err(Errno::EPERM)));
    get!(file::seal(fd.as_fd(), Seals::WRITE | Seals::SEAL));
    let mapping = get!(Mapping::sealed(fd.as_fd()));
    must!(&*mapping == b"plan 7");
    must!(
        get!(file::seals(fd.as_fd()))
            .contains(Seals::WRITE | Seals::SHRINK | Seals::GROW | Seals::SEAL)
    );
    must!(
        file::write(fd.as_fd(), b"x") == Err(Errno::EPERM)
            && file::ftruncate(fd.as_fd(), 0) == Err(Errno::EPERM)
    );
    must!(file::seal(fd.as_fd(), Seals::FUTURE_WRITE) == Err(Errno::EPERM));
    drop(fd);
    must!(&*mapping == b"plan 7");
    let null = get!(file::openat(CWD, c"/dev/null", OpenFlags::RDONLY, 0));
    must!(matches!(Mapping::sealed(null.as_fd()), Err(Errno::EINVAL)));
    let empty = get!(memory::memfd(c"empty", Executable::No));
    get!(file::seal(empty.as_fd(), Seals::SHRINK | Seals::WRITE));
    must!(get!(Mapping::sealed(empty.as_fd())).is_empty());
    Ok(())
}

fn events() -> Outcome {
    let counter = get!(event::eventfd(0));
    let timer = get!(event::timerfd(Clock::Monotonic));
    let mut fds = [
        PollFd::new(counter.as_fd(), Poll::IN),
        PollFd::new(timer.as_fd(), Poll::IN),
        PollFd::unused(),
    ];
    must!(
        get!(event::ppoll(&mut fds, Some(Duration::ZERO), None)) == 0 && fds[0].happened.is_empty()
    );
    get!(event::add_count(counter.as_fd(), 3));
    get!(event::add_count(counter.as_fd(), 4));
    must!(
        get!(event::ppoll(&mut fds, None, Some(SigSet::ALL))) == 1 && fds[0].happened == Poll::IN
    );
    must!(get!(event::read_count(counter.as_fd())) == 7);
    must!(event::read_count(timer.as_fd()) == Err(Errno::EAGAIN));
    get!(event::set_timer(timer.as_fd(), Duration::from_millis(2)));
    must!(
        get!(event::ppoll(&mut fds, Some(Duration::from_secs(20)), None)) == 1
            && fds[1].happened == Poll::IN
    );
    must!(get!(event::read_count(timer.as_fd())) == 1);
    let mut closed = [PollFd::new(FdRef::from_raw(999), Poll::IN)];
    must!(get!(event::ppoll(&mut closed, None, None)) == 1 && closed[0].happened == Poll::NVAL);
    Ok(())
}

fn clocks() -> Outcome {
    let start = get!(time::now(Clock::Monotonic));
    get!(time::sleep(Duration::from_millis(2)));
    must!(get!(time::now(Clock::Monotonic)) >= start + Duration::from_millis(2));
    let deadline = get!(time::now(Clock::Boottime)) + Duration::from_millis(2);
    get!(time::sleep_until(Clock::Boottime, deadline));
    must!(get!(time::now(Clock::Boottime)) >= deadline);
    must!(get!(time::now(Clock::Realtime)).as_secs() > 1_700_000_000);
    must!(get!(time::now(Clock::Process)) < Duration::from_secs(60));
    Ok(())
}

fn duplicates() -> Outcome {
    let (reader, writer) = get!(file::pipe2(OpenFlags::CLOEXEC));
    let copy = get!(file::dup_cloexec(writer.as_fd(), 50));
    must!(copy.raw() >= 50 && get!(file::on_exec(copy.as_fd())) == OnExec::Close);
    get!(file::set_on_exec(copy.as_fd(), OnExec::Keep));
    must!(get!(file::on_exec(copy.as_fd())) == OnExec::Keep);
    let fixed = get!(file::dup3(writer.as_fd(), 60, OpenFlags::CLOEXEC));
    must!(fixed.raw() == 60 && file::dup3(fixed.as_fd(), 60, OpenFlags::empty()).is_err());
    let flags = get!(file::status_flags(reader.as_fd()));
    get!(file::set_status_flags(
        reader.as_fd(),
        flags | OpenFlags::NONBLOCK
    ));
    must!(file::read(reader.as_fd(), &mut [0; 4]) == Err(Errno::EAGAIN));
    drop((writer, copy));
    must!(file::read(reader.as_fd(), &mut [0; 4]) == Err(Errno::EAGAIN));
    get!(fixed.close());
    // Every writing end is closed now: the end of the file.
    must!(file::read(reader.as_fd(), &mut [0; 4]) == Ok(0));
    let own = get!(process::Pid::new(process::getpid()).ok_or(Errno::ESRCH));
    let pidfd = get!(casemate_sys::pidfd::pidfd_open(own));
    let taken = get!(casemate_sys::pidfd::pidfd_getfd(
        pidfd.as_fd(),
        reader.raw()
    ));
    must!(taken.raw() != reader.raw() && get!(file::on_exec(taken.as_fd())) == OnExec::Close);
    Ok(())
}

fn watched() -> Outcome {
    let flags = OpenFlags::TMPFILE | OpenFlags::RDWR | OpenFlags::CLOEXEC;
    let file = get!(file::openat(CWD, c"/tmp", flags, 0o600));
    let file = get!(file::dup3(file.as_fd(), 70, OpenFlags::CLOEXEC));
    let path = c"/proc/self/fd/70";
    let watcher = get!(event::inotify());
    get!(event::watch(watcher.as_fd(), path, event::Watch::MODIFY));
    must!(file::read(watcher.as_fd(), &mut [0; 64]) == Err(Errno::EAGAIN));
    get!(file::write_all(file.as_fd(), b"news"));
    let mut happened = [0; 64];
    must!(get!(file::read(watcher.as_fd(), &mut happened)) == 16 && happened[4] == 2);
    must!(event::watch(watcher.as_fd(), c"/nonexistent", event::Watch::MODIFY).is_err());
    Ok(())
}

fn randoms() -> Outcome {
    let (mut first, mut second) = ([0; 32], [0; 32]);
    get!(random::fill(&mut first));
    get!(random::fill(&mut second));
    must!(first != second && first != [0; 32]);
    Ok(())
}

#[expect(unsafe_code, reason = "calls by number are what is tested")]
fn numbers() -> Outcome {
    let getpid = if cfg!(target_arch = "aarch64") {
        172
    } else {
        39
    };
    // SAFETY: getpid takes nothing.
    must!(unsafe { raw::call(getpid, [0; 6]) } == i64::from(process::getpid()));
    // SAFETY: there is no call of this number.
    must!(unsafe { raw::call(100_000, [0; 6]) } == -38);
    Ok(())
}

fn loopback() -> Outcome {
    let local = Address::inet(SocketAddr::from((Ipv4Addr::LOCALHOST, 9)));
    let socket = get!(net::socket(
        Family::Inet,
        SocketType::STREAM | SocketType::CLOEXEC,
        0
    ));
    must!(net::connect(socket.as_fd(), &local) == Err(Errno::ENETUNREACH));
    get!(net::bring_loopback_up());
    must!(net::connect(socket.as_fd(), &local) == Err(Errno::ECONNREFUSED));
    Ok(())
}
