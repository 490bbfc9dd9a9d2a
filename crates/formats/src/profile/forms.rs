//! Checks one value against the form that its key asks for.

use super::amounts;
use super::error::{Fault, Problem};
use super::keys::{Form, Key, SHARED_KINDS};
use super::paths::{self, Anchor};
use casemate_model::facets::network::Port;
use casemate_model::facets::resources::RlimitPair;
use casemate_model::lattice::Limit;
use casemate_model::names::capabilities::{self, Capability};
use casemate_model::names::rlimits;
use casemate_model::names::suggest::nearest;
use casemate_model::names::syscalls::{self, SyscallId};
use casemate_model::syscalls::ordinary::GRANTS;
use casemate_model::{Origin, facets::ids::InsideId};
use std::ffi::{OsStr, OsString};

/// The word that stands for everything of a kind.
pub(crate) const ALL: &str = "all";

/// The word for a temporary directory that is taken away.
pub(crate) const NONE: &str = "none";

/// The longest host name that the kernel takes (`__NEW_UTS_LEN`, linux/utsname.h).
const HOST_NAME_MAX: usize = 64;

/// Checks a text and returns it, a path absolute and normalised.
pub(crate) fn check(
    key: &'static Key,
    form: Form,
    written: &OsStr,
    origin: &Origin,
    anchor: &Anchor<'_>,
) -> Result<OsString, Box<Problem>> {
    let refused = |fault, hint| Err(Box::new(Problem::new(fault, origin.clone()).hint(hint)));
    let found = || format!("`{}`", written.to_string_lossy());
    if form == Form::Path {
        return match paths::resolve(written, anchor) {
            Ok(path) => Ok(path.into_os_string()),
            Err(why) => {
                let fault = Fault::Path {
                    found: found(),
                    why,
                };
                refused(fault, why.hint().map(str::to_owned))
            }
        };
    }
    if key.name == super::keys::names::COMMAND {
        if !has_nul(written) {
            return Ok(written.to_owned());
        }
        let what = "an argument: it has a NUL byte";
        return refused(
            Fault::NotA {
                what,
                found: found(),
            },
            None,
        );
    }
    let Some(text) = written.to_str() else {
        return refused(
            Fault::NotA {
                what: "UTF-8 text",
                found: found(),
            },
            None,
        );
    };
    match checked(key, form, text) {
        Ok(()) => Ok(written.to_owned()),
        Err((fault, hint)) => refused(fault, hint),
    }
}

fn has_nul(text: &OsStr) -> bool {
    text.as_encoded_bytes().contains(&0)
}

type Checked = Result<(), (Fault, Option<String>)>;

fn not(what: &'static str, text: &str, hint: Option<String>) -> Checked {
    Err((
        Fault::NotA {
            what,
            found: format!("`{text}`"),
        },
        hint,
    ))
}

fn checked(key: &'static Key, form: Form, text: &str) -> Checked {
    match form {
        Form::Text if text.contains('\0') => not(
            "a text that the kernel takes: it has a NUL byte",
            text,
            None,
        ),
        // Paths have been resolved.
        Form::Path | Form::Text => Ok(()),
        Form::SyscallRule => system_call(key, text),
        Form::Size if key.name == "temporary" && text == NONE => Ok(()),
        Form::Size => amount(
            amounts::size(text),
            "a size",
            text,
            "write bytes, or a number with K, M, G or T, such as 512M",
        ),
        Form::Count => amount(
            amounts::count(text),
            "a number of things",
            text,
            "write a whole number or `unlimited`",
        ),
        Form::Processors => {
            let hint = "write processors with at most three decimal places, such as 1.5, or percent of one, such as 150%";
            amount(
                amounts::processors(text),
                "a share of processors",
                text,
                hint,
            )
        }
        Form::Duration => amount(
            amounts::duration(text),
            "a duration",
            text,
            "write a number with ms, s, m or h, such as 30s",
        ),
        Form::LimitPair => limit_pair(text),
        Form::Choice(kinds) if kinds == SHARED_KINDS => namespace(text),
        Form::Choice(words) => choice(key, words, text),
        Form::User if user(text).is_some() => Ok(()),
        Form::User => not(
            "a user id",
            text,
            Some("write a number or `nobody`; names of /etc/passwd are not looked up".to_owned()),
        ),
        Form::Capability => capability(text),
        Form::Device => device(text),
        Form::Port if text == ALL || port(text).is_some() => Ok(()),
        Form::Port => not(
            "a port",
            text,
            Some("write 1 to 65535, with /udp unless it is TCP".to_owned()),
        ),
        Form::Variable => variable(key, text),
        Form::Descriptor => descriptor(text),
        Form::LimitName => limit_name(text),
        Form::Parameter => parameter(text),
        Form::HostName => host_name(text),
    }
}

/// Checks the name of a system call or of a group of them.
fn system_call(key: &'static Key, text: &str) -> Checked {
    if text == ALL && key.name == "syscalls" {
        return Ok(());
    }
    if let Some(group) = text.strip_prefix('@') {
        let groups = || GRANTS.iter().map(|grant| grant.name);
        if groups().any(|name| name == group) {
            return Ok(());
        }
        let hint = match nearest(group, groups()) {
            Some(name) => format!("did you mean `@{name}`?"),
            None => format!(
                "the groups are @{}",
                groups().collect::<Vec<_>>().join(", @")
            ),
        };
        return not("a group of system calls", text, Some(hint));
    }
    if SyscallId::from_name(text).is_some() {
        return Ok(());
    }
    let hint = match syscalls::suggest(text) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "write the name of a system call, or a group such as @debug".to_owned(),
    };
    not("a system call", text, Some(hint))
}

fn amount(read: Option<Limit>, what: &'static str, text: &str, hint: &str) -> Checked {
    match read {
        Some(_) => Ok(()),
        None => not(what, text, Some(hint.to_owned())),
    }
}

/// Reads `N`, `SOFT:HARD`, with units.
pub(crate) fn pair(text: &str) -> Option<RlimitPair> {
    match text.split_once(':') {
        None => amounts::size(text).map(RlimitPair::both),
        Some((soft, hard)) => Some(RlimitPair {
            soft: amounts::size(soft)?,
            hard: amounts::size(hard)?,
        }),
    }
}

fn limit_pair(text: &str) -> Checked {
    match pair(text) {
        None => not("a limit", text, Some("write one number, or a soft and a hard one with a colon between, such as 1024:4096".to_owned())),
        Some(pair) if exceeds(pair.soft, pair.hard) => {
            not("a limit: the soft one is above the hard one", text, None)
        }
        Some(_) => Ok(()),
    }
}

fn exceeds(soft: Limit, hard: Limit) -> bool {
    match (soft, hard) {
        (_, Limit::Unlimited) => false,
        (Limit::Unlimited, Limit::AtMost(_)) => true,
        (Limit::AtMost(soft), Limit::AtMost(hard)) => soft > hard,
    }
}

fn choice(key: &'static Key, words: &'static [&'static str], text: &str) -> Checked {
    if words.contains(&text) {
        return Ok(());
    }
    let hint = match nearest(text, words.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("write {}", one_of(words)),
    };
    Err((
        Fault::NotAChoice {
            key: key.name,
            found: format!("`{text}`"),
        },
        Some(hint),
    ))
}

/// Lists words as `a, b or c`.
pub(crate) fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

fn namespace(text: &str) -> Checked {
    let refused =
        |kind, why, hint: &str| Err((Fault::NotShared { kind, why }, Some(hint.to_owned())));
    match text {
        kind if SHARED_KINDS.contains(&kind) => Ok(()),
        "pid" => refused(
            "pid",
            "the program could signal and watch every process of yours, and none of its own would end with it",
            "a program that must see others' processes cannot run in a compartment",
        ),
        "user" => refused(
            "user",
            "without one of its own the program would have your rights, and no other namespace could be made for it",
            "to be seen as another id inside, use `user`",
        ),
        "mount" => refused(
            "mount",
            "the private root is built in one of its own",
            "to show files of the host, use `read`, `write` and `run`",
        ),
        other => {
            let hint = match nearest(other, SHARED_KINDS.iter().copied()) {
                Some(kind) => format!("did you mean `{kind}`?"),
                None => format!("write {}", one_of(SHARED_KINDS)),
            };
            not("a kind of namespace", other, Some(hint))
        }
    }
}

/// Reads a user id.
pub(crate) fn user(text: &str) -> Option<u32> {
    if text == "nobody" {
        return Some(InsideId::NOBODY);
    }
    // The largest number is the kernel's "no id" (include/linux/uidgid.h, INVALID_UID).
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|id| *id != u32::MAX)
}

fn capability(text: &str) -> Checked {
    if text == ALL || Capability::from_name(text).is_some() {
        return Ok(());
    }
    let hint = capabilities::suggest(text)
        .map(|name| format!("did you mean `{}`?", name.trim_start_matches("cap_")));
    not("a capability", text, hint)
}

/// Reads a device's name: below /dev, without `..`.
pub(crate) fn device_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix("/dev/").unwrap_or(text);
    let plain =
        |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains('\0');
    name.split('/').all(plain).then_some(name)
}

fn device(text: &str) -> Checked {
    if text.contains(['*', '?']) {
        return not(
            "a device",
            text,
            Some("patterns are not expanded: name each device".to_owned()),
        );
    }
    match device_name(text) {
        Some(_) => Ok(()),
        None => not(
            "a device",
            text,
            Some("write its name below /dev, such as dri/renderD128".to_owned()),
        ),
    }
}

/// Reads a port. Port 0 lets the kernel choose, which no rule can hold to a number.
pub(crate) fn port(text: &str) -> Option<Port> {
    let digits = text.split('/').next()?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Port::parse(text).filter(|port| port.number != 0)
}

fn variable(key: &'static Key, text: &str) -> Checked {
    let what = "the name of an environment variable";
    let (name, patterns) = match text.strip_suffix('*') {
        Some(prefix) if key.name == "environment" => (prefix, true),
        _ => (text, false),
    };
    if name.contains('=') && key.name == "environment" {
        return not(
            what,
            text,
            Some("to give a variable a text, use `set`".to_owned()),
        );
    }
    if name.is_empty() && patterns {
        return not(
            what,
            text,
            Some("write `all` to pass everything on".to_owned()),
        );
    }
    if name.is_empty() || name.contains(['=', '\0', '*']) {
        not(what, text, None)
    } else {
        Ok(())
    }
}

/// Reads the number of a descriptor above the standard ones.
pub(crate) fn descriptor_number(text: &str) -> Option<u32> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Descriptors are `int` in the kernel's interface.
    text.parse()
        .ok()
        .filter(|number| (3..=i32::MAX as u32).contains(number))
}

fn descriptor(text: &str) -> Checked {
    match text {
        ALL => Ok(()),
        "0" | "1" | "2" => not("a descriptor to pass on: 0, 1 and 2 always are", text, None),
        _ if descriptor_number(text).is_some() => Ok(()),
        _ => not(
            "a descriptor",
            text,
            Some("write the number of an open descriptor, such as 3".to_owned()),
        ),
    }
}

fn limit_name(text: &str) -> Checked {
    if rlimits::all().any(|limit| limit.name == text) {
        return Ok(());
    }
    not(
        "a limit of getrlimit(2)",
        text,
        rlimits::suggest(text).map(|name| format!("did you mean `{name}`?")),
    )
}

/// The parameters that exist once per namespace, by the beginning of their names.
/// Sources: net/sysctl_net.c (all of net/ is per network namespace or read-only in others), ipc/ipc_sysctl.c, ipc/mq_sysctl.c.
pub(crate) fn parameter_namespace(name: &str) -> Option<&'static str> {
    let of_ipc = [
        "kernel.msg",
        "kernel.sem",
        "kernel.shm",
        "kernel.auto_msgmni",
        "fs.mqueue.",
    ];
    if name.starts_with("net.") {
        Some("net")
    } else if of_ipc.iter().any(|start| name.starts_with(start)) {
        Some("ipc")
    } else {
        None
    }
}

fn parameter(text: &str) -> Checked {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
    if text.contains("..") || !text.chars().all(plain) || !text.contains('.') {
        return not(
            "the name of a kernel parameter",
            text,
            Some("write it as sysctl(8) does, such as net.ipv4.ip_forward".to_owned()),
        );
    }
    if matches!(text, "kernel.hostname" | "kernel.domainname") {
        return Err((
            Fault::HostWide(format!("`{text}`")),
            Some("to give the program a host name, use `hostname`".to_owned()),
        ));
    }
    if parameter_namespace(text).is_some() {
        return Ok(());
    }
    let hint = "parameters of a namespace begin with net., kernel.msg, kernel.sem, kernel.shm or fs.mqueue., and the \
                others are the host's";
    Err((Fault::HostWide(format!("`{text}`")), Some(hint.to_owned())))
}

fn host_name(text: &str) -> Checked {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
    };
    if text.len() <= HOST_NAME_MAX && text.split('.').all(label) {
        return Ok(());
    }
    not(
        "a host name",
        text,
        Some("write at most 64 letters, digits, hyphens and dots".to_owned()),
    )
}
