//! Fills an [`Ask`] from words, wherever they stand.

use super::ask::{Ask, Maybe, Notes, Said, setting};
use super::parts::{self, Base, Options};
use crate::reader::{Context, Files};
use casemate_model::Origin;
use std::path::Path;

/// An ask that is being filled.
pub(crate) struct Asker<'a> {
    /// What is asked so far.
    pub ask: Ask,
    /// What there is to say of it.
    pub notes: &'a mut Notes,
    /// Brings files that are named.
    pub files: &'a mut dyn Files,
    /// Where relative paths begin.
    pub base: &'a Base,
}

/// Where an input's relative paths begin: in its own directory.
pub(crate) fn base_of(path: &Path, context: &Context<'_>) -> Base {
    let directory = context.caller.directory.clone().unwrap_or_default();
    Base {
        directory: parts::clean(&directory.join(path.parent().unwrap_or(Path::new("")))),
        home: context.caller.home.clone(),
    }
}

impl Asker<'_> {
    /// Reads one thing of a word.
    pub(crate) fn one<T>(
        &mut self,
        text: &str,
        origin: &Origin,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Maybe<T> {
        self.notes.keep(read(text), origin)
    }

    #[expect(clippy::unnecessary_wraps, reason = "what is asked may be left out")]
    pub(crate) fn text(text: &str, origin: &Origin) -> Maybe<String> {
        Some(Said::new(text.to_owned(), origin.clone()))
    }

    pub(crate) fn volume(&mut self, text: &str, origin: &Origin) {
        let mount = parts::volume(text, self.base);
        self.ask.mounts.extend(self.notes.keep(mount, origin));
    }

    pub(crate) fn mount(&mut self, text: &str, origin: &Origin) {
        let mount = parts::mount(text, self.base);
        self.ask.mounts.extend(self.notes.keep(mount, origin));
    }

    pub(crate) fn tmpfs(&mut self, text: &str, origin: &Origin) {
        let mount = parts::tmpfs(text);
        self.ask.mounts.extend(self.notes.keep(mount, origin));
    }

    pub(crate) fn port(&mut self, text: &str, origin: &Origin) {
        let Some(ports) = self.notes.keep(parts::ports(text), origin) else {
            return;
        };
        let said = |port| Said::new(port, origin.clone());
        self.ask
            .published
            .extend(ports.value.published.into_iter().map(said));
        for other in ports.value.others {
            self.notes.no_place("the published port", other, origin);
        }
    }

    pub(crate) fn device(&mut self, text: &str, origin: &Origin) {
        if text.contains('=') && !text.starts_with('/') {
            // A name of the container device interface, such as nvidia.com/gpu=all.
            self.ask.setting(setting::GPU, "", text, origin.clone());
            return;
        }
        let device = parts::device(text);
        self.ask.devices.extend(self.notes.keep(device, origin));
    }

    pub(crate) fn device_rule(&mut self, text: &str, origin: &Origin) {
        if let Some(rules) = self.notes.keep(parts::device_rule(text), origin) {
            let said = |rule| Said::new(rule, origin.clone());
            self.ask
                .device_rules
                .extend(rules.value.into_iter().map(said));
        }
    }

    pub(crate) fn ulimit(&mut self, text: &str, origin: &Origin) {
        if text == "host" {
            self.notes.elsewhere("the limits", "the host", origin);
            return;
        }
        let limit = parts::ulimit(text);
        self.ask.ulimits.extend(self.notes.keep(limit, origin));
    }

    pub(crate) fn sysctl(&mut self, text: &str, origin: &Origin) {
        match text.split_once('=') {
            Some((name, value)) => {
                let pair = (name.trim().to_owned(), value.trim().to_owned());
                self.ask.sysctls.push(Said::new(pair, origin.clone()));
            }
            None => self
                .notes
                .wrong(format!("{text:?} sets no parameter"), origin),
        }
    }

    pub(crate) fn variable(&mut self, text: &str, origin: &Origin) {
        let (name, value) = parts::pair(text);
        if name.is_empty() {
            self.notes
                .wrong(format!("{text:?} names no variable"), origin);
            return;
        }
        // Of one variable the last value counts.
        self.ask.environment.retain(|said| said.value.0 != name);
        self.ask
            .environment
            .push(Said::new((name, value), origin.clone()));
    }

    /// A file of `NAME=VALUE` lines.
    pub(crate) fn lines(&mut self, name: &str, what: &str, origin: &Origin) -> Vec<String> {
        let plain = Path::new(name).strip_prefix(".").unwrap_or(Path::new(name));
        let bytes = self
            .files
            .read(plain)
            .or_else(|_| self.files.read(&self.base.host(name)));
        let Ok(bytes) = bytes else {
            self.notes
                .elsewhere(what, format!("the file {name}"), origin);
            return Vec::new();
        };
        let Ok(text) = String::from_utf8(bytes) else {
            self.notes
                .wrong(format!("the file {name} is not UTF-8"), origin);
            return Vec::new();
        };
        let text = text.trim_start_matches('\u{feff}');
        text.lines()
            .map(str::trim_start)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect()
    }

    pub(crate) fn environment_file(&mut self, name: &str, origin: &Origin) {
        for line in self.lines(name, "the environment", origin) {
            self.variable(&line, origin);
        }
    }

    pub(crate) fn label_file(&mut self, name: &str, origin: &Origin) {
        for line in self.lines(name, "the labels", origin) {
            self.keyed(setting::LABEL, &line, origin);
        }
    }

    /// A setting `KEY=VALUE`.
    pub(crate) fn keyed(&mut self, name: &'static str, text: &str, origin: &Origin) {
        let (key, value) = parts::pair(text);
        self.ask
            .setting(name, key, value.unwrap_or_default(), origin.clone());
    }

    /// A setting with a value alone.
    pub(crate) fn plain(&mut self, name: &'static str, value: &str, origin: &Origin) {
        self.ask.setting(name, "", value, origin.clone());
    }

    pub(crate) fn security(&mut self, text: &str, origin: &Origin) {
        let mut options = Options {
            files: self.files,
            base: self.base,
        };
        parts::security_option(&mut self.ask, self.notes, text, origin, &mut options);
    }

    /// A rate of a device, `/dev/sda:10mb` or `/dev/sda:1000`.
    pub(crate) fn rate(&mut self, text: &str, word: &str, origin: &Origin) {
        let read = text
            .rsplit_once(':')
            .ok_or_else(|| format!("{text:?} is no rate such as `/dev/sda:10mb`"))
            .and_then(|(device, rate)| Ok((format!("{device} {word}"), parts::bytes(rate)?)));
        self.ask.rates.extend(self.notes.keep(read, origin));
    }
}
