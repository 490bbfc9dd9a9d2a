//! `start`: lets the init of a created container go on to its program.

use crate::cli::Call;
use crate::failure::{Attempt, Failure};
use crate::hooks;
use crate::log::{Level, Log};
use crate::state::{CONFIG, Container, START, Status, describe};
use casemate_enforce::listener::{self, Announcement};
use casemate_formats::oci;
use casemate_sys::net::{self, Address, Family, SocketType};
use casemate_sys::process::Pid;
use casemate_sys::signal::Signal;
use casemate_sys::{Errno, Fd, file};

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let id = call.word(0, "the container's id")?;
    let container = Container::take(&call.globals.states(), id)?;
    start(container, &call.globals.log)?;
    Ok(0)
}

/// Starts a created container.
pub fn start(container: Container, log: &Log) -> Result<(), Failure> {
    let id = container.directory.id.clone();
    match container.status {
        Status::Created => {}
        Status::Stopped => {
            return Err(Failure::new(format!(
                "cannot start container {id} that has stopped"
            )));
        }
        status => {
            return Err(Failure::new(format!(
                "cannot start container {id} that is {} already",
                status.name()
            )));
        }
    }
    let socket = connect(&container)?;
    // From here on it counts as started: init leaves when it is not let go.
    container.directory.unlink(START)?;
    release(&socket, &container)?;
    let hooks = if container.state.poststart {
        poststart(&container)?
    } else {
        Vec::new()
    };
    let Container {
        directory,
        state,
        process,
        ..
    } = container;
    // A hook may use the runtime itself.
    drop(directory);
    let pid = process.as_ref().map(|process| process.pid);
    for hook in hooks {
        let text = describe(&state, Status::Running, pid);
        if let Err(failure) = hooks::run(&hook, &text, &state.bundle) {
            log.write(
                Level::Debug,
                "a poststart hook failed: the container is killed",
            );
            if let Some(process) = &process {
                match process.signal(Some(Signal::KILL)) {
                    // ESRCH: it has just ended.
                    Ok(()) | Err(_) => {}
                }
            }
            return Err(Failure::new(format!("poststart hook: {failure}")));
        }
    }
    Ok(())
}

/// Connects to the init of a created container. The path of a socket is short, so it goes by the directory's descriptor.
fn connect(container: &Container) -> Result<Fd, Failure> {
    let what = || format!("reach the init of container {}", container.directory.id);
    let kind = SocketType::SEQPACKET | SocketType::CLOEXEC;
    let socket = net::socket(Family::Unix, kind, 0).attempt(what)?;
    let path = format!("/proc/self/fd/{}/{START}", container.directory.fd().raw());
    let address = Address::unix(path.as_bytes()).attempt(what)?;
    net::connect(socket.as_fd(), &address).attempt(what)?;
    Ok(socket)
}

/// Lets init go on. It answers with why it failed, or hangs up when it becomes the program.
fn release(socket: &Fd, container: &Container) -> Result<(), Failure> {
    let id = &container.directory.id;
    let what = || format!("let the init of container {id} go on");
    file::write_all(socket.as_fd(), b"g").attempt(what)?;
    let mut message = [0; 4096];
    loop {
        let mut agent = [None];
        let received = match net::recv_fds(socket.as_fd(), &mut message, &mut agent) {
            Ok(received) => received,
            Err(Errno::EINTR) => continue,
            Err(errno) => return Err(errno).attempt(what),
        };
        if received.len == 0 {
            return Ok(());
        }
        let said = message.get(..received.len).unwrap_or(&[]);
        match (Announcement::from_bytes(said), agent) {
            (Some(announcement), [Some(agent)]) => pass_on(container, announcement, &agent)?,
            _ => return Err(Failure::new(String::from_utf8_lossy(said).into_owned())),
        }
    }
}

/// Passes the listener of the container's filter to the filter's agent.
fn pass_on(container: &Container, announcement: Announcement, agent: &Fd) -> Result<(), Failure> {
    let what = || "pass the filter's listener to its agent".to_owned();
    let bytes = container.directory.config()?;
    let reading = oci::read(CONFIG, &bytes).attempt(|| format!("read {CONFIG}"))?;
    let metadata = reading
        .spec
        .linux
        .and_then(|linux| linux.seccomp)
        .map_or_else(String::new, |seccomp| seccomp.listener_metadata);
    let (before, after) = crate::plan::told(&container.state, &metadata);
    let process = container.running()?;
    let pid = process.pid;
    let told = format!("{before}{pid}{after}{pid}}}");
    let target = Pid::new(pid).ok_or_else(|| Failure::new("container not running"))?;
    let passed = listener::pass_on(
        (target, process.fd()),
        announcement,
        agent.as_fd(),
        told.as_bytes(),
    );
    if passed.is_err() {
        match process.signal(Some(Signal::KILL)) {
            // ESRCH: it has just ended.
            Ok(()) | Err(_) => {}
        }
    }
    passed.attempt(what)
}

fn poststart(container: &Container) -> Result<Vec<oci::schema::Hook>, Failure> {
    let bytes = container.directory.config()?;
    let reading = oci::read(CONFIG, &bytes).attempt(|| format!("read {CONFIG}"))?;
    Ok(reading
        .spec
        .hooks
        .map_or_else(Vec::new, |hooks| hooks.poststart))
}
