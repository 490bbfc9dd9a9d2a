//! `--security-opt`.

use super::truth;
use crate::engine::ask::{Ask, Filter, Notes, Said};
use crate::reader::Files;
use casemate_model::Origin;

/// What reading an option needs.
pub(crate) struct Options<'a> {
    /// Brings a profile.
    pub files: &'a mut dyn Files,
    /// Where relative paths begin.
    pub base: &'a super::Base,
}

/// Reads `KEY=VALUE`, or with a colon as before Docker 1.11.
pub(crate) fn security_option(
    ask: &mut Ask,
    notes: &mut Notes,
    text: &str,
    origin: &Origin,
    options: &mut Options<'_>,
) {
    let (key, value) = match text.find(['=', ':']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let said = |text: &str| Said::new(text.to_owned(), origin.clone());
    match (key, value) {
        ("no-new-privileges", None) => {
            ask.no_new_privileges = Some(Said::new(true, origin.clone()));
        }
        ("no-new-privileges", Some(value)) => {
            if let Some(on) = notes.keep(truth(value), origin) {
                ask.no_new_privileges = Some(on);
            }
        }
        ("seccomp", Some(value)) => {
            let filter = filter(value, options);
            ask.filter = Some(Said::new(filter, origin.clone()));
        }
        ("apparmor", Some(value)) => ask.apparmor = Some(said(value)),
        ("label", Some(value)) => ask.selinux.push(said(value)),
        ("systempaths", Some("unconfined")) => {
            ask.masked = Some(Said::new(Vec::new(), origin.clone()));
            ask.read_only_paths = Some(Said::new(Vec::new(), origin.clone()));
        }
        ("mask", Some(paths)) => ask.mask.extend(paths.split(':').map(said)),
        ("unmask", Some(paths)) => ask.unmask.extend(paths.split(':').map(said)),
        ("proc-opts", Some(value)) => notes.no_place("proc-opts", value, origin),
        ("credentialspec", _) => notes.ignored("credentialspec", "it is for Windows", origin),
        ("writable-cgroups", Some(value)) => notes.no_place("writable-cgroups", value, origin),
        _ => notes.wrong(format!("{text:?} is no security option"), origin),
    }
}

fn filter(value: &str, options: &mut Options<'_>) -> Filter {
    match value {
        "unconfined" => return Filter::Unconfined,
        "builtin" | "default" => return Filter::Builtin,
        _ => {}
    }
    if value.trim_start().starts_with('{') {
        return Filter::Profile {
            name: "seccomp".to_owned(),
            text: value.as_bytes().to_vec(),
        };
    }
    // As it is named, for files that were written beside the text, then where it leads.
    let named = std::path::Path::new(value);
    let plain = named.strip_prefix(".").unwrap_or(named);
    let text = options
        .files
        .read(plain)
        .or_else(|_| options.files.read(&options.base.host(value)));
    match text {
        Ok(text) => Filter::Profile {
            name: value.to_owned(),
            text,
        },
        Err(_) => Filter::Absent(value.to_owned()),
    }
}
