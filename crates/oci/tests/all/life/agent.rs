//! A filter's agent is given the listener, whoever lets the container go on.

use crate::support::{Config, Findings, Ground, is_root, quoted, skip};
use casemate_sys::net::recv_fds;
use casemate_sys::seccomp::{Response, receive, respond};
use casemate_sys::{Errno, FdRef};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixListener;
use std::thread;

#[test]
fn an_agent_answers_for_the_kernel() {
    if !is_root() {
        return skip("life::agent::an_agent_answers_for_the_kernel", "needs root");
    }
    let ground = Ground::new("agent");
    let path = ground.text("agent");
    let listener = UnixListener::bind(&path).unwrap();
    let agent = thread::spawn(move || {
        let mut told = Vec::new();
        for _ in 0..2 {
            let (socket, _) = listener.accept().unwrap();
            let (mut bytes, mut fds) = ([0; 8192], [None]);
            let socket = FdRef::from_raw(socket.as_raw_fd());
            let received = recv_fds(socket, &mut bytes, &mut fds).unwrap();
            told.push(String::from_utf8(bytes[..received.len].to_vec()).unwrap());
            let fd = fds[0].take().unwrap();
            let asked = receive(fd.as_fd()).unwrap();
            respond(fd.as_fd(), &Response::error(asked.id, Errno::ENOSPC)).unwrap();
        }
        told
    });
    let config = Config {
        linux: format!(
            "\"seccomp\":{{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":{},\"listenerMetadata\":\"about\",\
             \"syscalls\":[{{\"names\":[\"mkdir\",\"mkdirat\"],\"action\":\"SCMP_ACT_NOTIFY\"}}]}}",
            quoted(&path)
        ),
        ..Config::sh("mkdir /tmp/x; test $? = 1 && exit 6")
    };
    let ended = ground.run(&config);
    assert_eq!(ended.code, 6, "{ended:?}");
    ground.start("a", &config);
    for text in agent.join().unwrap() {
        assert!(
            text.contains("\"fds\":[\"seccompFd\"],\"metadata\":\"about\",\"state\":{"),
            "{text}"
        );
    }
    ground.delete_all();
    ground.expect_nothing("at the end", &mut Findings::default());
}
