//! A connection to systemd: by the bus, or by the socket that it has for root.

use super::wire::{self, Kind, Message, Target, Value};
use crate::failure::{Attempt, Failure};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long one answer may take, and how long a job.
const PATIENCE: Duration = Duration::from_secs(30);

const NAME: &str = "org.freedesktop.systemd1";
const OBJECT: &str = "/org/freedesktop/systemd1";
const MANAGER: &str = "org.freedesktop.systemd1.Manager";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// Whose systemd.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// The system's.
    System,
    /// The user's own.
    User,
}

impl Whose {
    /// The variable that has the address of the bus.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::System => "DBUS_SYSTEM_BUS_ADDRESS",
            Self::User => "DBUS_SESSION_BUS_ADDRESS",
        }
    }
}

/// A connection.
pub struct Bus {
    stream: UnixStream,
    serial: u32,
    /// Whether there is a bus in between.
    has_broker: bool,
    /// Jobs that have ended, with their results.
    ended: Vec<(String, String)>,
    end: Instant,
}

impl Bus {
    /// Connects to an address, or where systemd mostly is.
    ///
    /// # Errors
    /// There is none, or it refuses us.
    pub fn connect(whose: Whose, address: Option<&str>) -> Result<Self, Failure> {
        let (stream, has_broker) = open(whose, address)?;
        let what = || "talk to systemd".to_owned();
        stream.set_read_timeout(Some(PATIENCE)).attempt(what)?;
        stream.set_write_timeout(Some(PATIENCE)).attempt(what)?;
        let mut bus = Self {
            stream,
            serial: 0,
            has_broker,
            ended: Vec::new(),
            end: Instant::now() + PATIENCE,
        };
        bus.authenticate()?;
        if has_broker {
            let own = Target {
                destination: Some("org.freedesktop.DBus"),
                path: "/org/freedesktop/DBus",
                interface: "org.freedesktop.DBus",
            };
            bus.call(own, "Hello", &[])?;
            let rule =
                format!("type='signal',sender='{NAME}',interface='{MANAGER}',member='JobRemoved'");
            bus.call(own, "AddMatch", &[Value::Text(rule)])?;
        }
        Ok(bus)
    }

    /// SASL with the user id that the socket shows anyway.
    fn authenticate(&mut self) -> Result<(), Failure> {
        let what = || "authenticate to D-Bus".to_owned();
        let mut hex = String::new();
        for byte in casemate_sys::ids::geteuid().to_string().bytes() {
            // PANIC: never; writing to a String does not fail, and what it says is passed over with it.
            write!(hex, "{byte:02x}").attempt(what)?;
        }
        // All at once, as sd-bus does. systemd at the other end of its own socket reads what it gets together: were BEGIN in
        // one piece with the first message, it would leave that lying until there is more.
        let words = format!("\0AUTH EXTERNAL {hex}\r\nBEGIN\r\n");
        self.stream.write_all(words.as_bytes()).attempt(what)?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n") && answer.len() < 512 {
            let mut byte = [0];
            self.stream.read_exact(&mut byte).attempt(what)?;
            answer.extend(byte);
        }
        if !answer.starts_with(b"OK ") {
            return Err(Failure::new(format!(
                "cannot authenticate to D-Bus: it answers {}",
                String::from_utf8_lossy(&answer).trim()
            )));
        }
        Ok(())
    }

    /// Calls a method of systemd's manager.
    ///
    /// # Errors
    /// It answers with an error, or not in time.
    pub fn manager(&mut self, member: &str, arguments: &[Value]) -> Result<Vec<String>, Failure> {
        self.call(self.target(OBJECT, MANAGER), member, arguments)
    }

    /// A property of the manager's, as text.
    ///
    /// # Errors
    /// It has none.
    pub fn property(&mut self, name: &str) -> Result<String, Failure> {
        let arguments = [
            Value::Text(MANAGER.to_owned()),
            Value::Text(name.to_owned()),
        ];
        let answer = self.call(self.target(OBJECT, PROPERTIES), "Get", &arguments)?;
        answer
            .into_iter()
            .next()
            .ok_or_else(|| Failure::new(format!("systemd has no property {name}")))
    }

    fn target<'t>(&self, path: &'t str, interface: &'t str) -> Target<'t> {
        Target {
            destination: self.has_broker.then_some(NAME),
            path,
            interface,
        }
    }

    fn call(
        &mut self,
        target: Target<'_>,
        member: &str,
        arguments: &[Value],
    ) -> Result<Vec<String>, Failure> {
        let what = || format!("call systemd's {member}");
        self.serial += 1;
        self.end = Instant::now() + PATIENCE;
        let message = wire::call(self.serial, target, member, arguments);
        self.stream.write_all(&message).attempt(what)?;
        loop {
            let message = self.receive().attempt(what)?;
            match message.kind {
                Kind::Answer if message.answers == self.serial => return Ok(message.body),
                Kind::Error if message.answers == self.serial => {
                    let text = message.body.first().map_or("", String::as_str);
                    return Err(Failure::new(format!(
                        "cannot {}: {}: {text}",
                        what(),
                        message.error
                    )));
                }
                _ => {}
            }
        }
    }

    /// Reads the next message, and keeps what it says of jobs.
    fn receive(&mut self) -> Result<Message, Failure> {
        let rest = self.end.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            return Err(Failure::new("no answer in time"));
        }
        let what = || "receive an answer".to_owned();
        self.stream.set_read_timeout(Some(rest)).attempt(what)?;
        let mut head = [0; 16];
        self.stream.read_exact(&mut head).attempt(what)?;
        let size = wire::size(&head).ok_or_else(|| Failure::new("what it says is no message"))?;
        let mut bytes = head.to_vec();
        bytes.resize(size, 0);
        let rest = bytes.get_mut(16..).unwrap_or_default();
        self.stream.read_exact(rest).attempt(what)?;
        let message =
            wire::read(&bytes).ok_or_else(|| Failure::new("what it says is no message"))?;
        if message.kind == Kind::Signal
            && message.member == "JobRemoved"
            && let [_, job, _, result] = &message.body[..]
        {
            self.ended.push((job.clone(), result.clone()));
        }
        Ok(message)
    }

    /// Waits for the end of a job, and returns its result.
    ///
    /// # Errors
    /// It does not end in time.
    pub fn wait(&mut self, job: &str) -> Result<String, Failure> {
        self.end = Instant::now() + PATIENCE;
        loop {
            if let Some((_, result)) = self.ended.iter().find(|(ended, _)| ended == job) {
                return Ok(result.clone());
            }
            self.receive()
                .attempt(|| format!("wait for systemd's job {job}"))?;
        }
    }
}

/// Opens the socket. Whether there is a bus behind it.
fn open(whose: Whose, address: Option<&str>) -> Result<(UnixStream, bool), Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let own = address
        .map(str::to_owned)
        .or_else(|| variable(whose.variable()));
    let named = own.is_some();
    let mut addresses: Vec<_> = own.map(|text| (text, true)).into_iter().collect();
    match whose {
        _ if named => {}
        Whose::System => {
            addresses.push(("unix:path=/run/dbus/system_bus_socket".to_owned(), true));
            // Only root may use it; it is there before the bus is.
            addresses.push(("unix:path=/run/systemd/private".to_owned(), false));
        }
        Whose::User => {
            let directory = variable("XDG_RUNTIME_DIR")
                .unwrap_or_else(|| format!("/run/user/{}", casemate_sys::ids::geteuid()));
            addresses.push((format!("unix:path={directory}/bus"), true));
            addresses.push((format!("unix:path={directory}/systemd/private"), false));
        }
    }
    let mut last = String::new();
    for (address, has_broker) in addresses {
        for one in address.split(';') {
            match connect(one) {
                Ok(stream) => return Ok((stream, has_broker)),
                Err(why) => last = format!("{one}: {why}"),
            }
        }
    }
    Err(Failure::with_hint(
        format!("cannot connect to systemd: {last}"),
        "--systemd-cgroup needs systemd as the first process; for a user its own, and the package dbus-user-session",
    ))
}

/// Connects to one address such as `unix:path=/run/dbus/system_bus_socket,guid=…`.
fn connect(address: &str) -> Result<UnixStream, String> {
    let options = address
        .strip_prefix("unix:")
        .ok_or("only addresses of unix sockets are known")?;
    let option = |key: &str| {
        let of = |one: &str| Some(one.strip_prefix(key)?.strip_prefix('=')?.to_owned());
        options.split(',').find_map(of).map(|text| unescaped(&text))
    };
    let stream = if let Some(path) = option("path") {
        UnixStream::connect(Path::new(&path))
    } else if let Some(name) = option("abstract") {
        SocketAddr::from_abstract_name(name).and_then(|address| UnixStream::connect_addr(&address))
    } else {
        return Err("it has no path".to_owned());
    };
    stream.map_err(|error| error.to_string())
}

/// Takes `%2f` and the like out of an address.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = escaped {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn addresses_are_unescaped() {
        assert_eq!(unescaped("/a%2fb%20c%"), "/a/b c%");
        assert_eq!(unescaped("%zz%e4%"), "%zz\u{fffd}%");
    }
}
