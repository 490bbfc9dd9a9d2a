//! Quadlet: `.container` units, from which systemd's generator makes `podman run`.

use super::keys::{KEYS, PLAIN, Split};
use super::unit::{Line, lines};
use crate::engine::ask::{Ask, Notes, Said, beginning, setting};
use crate::engine::asker::{Asker, base_of};
use crate::engine::parts::truth;
use crate::engine::resolve::Resolver;
use crate::engine::shell::{self, Word};
use crate::engine::{Family, command, configuration, flags};
use crate::reader::{Context, Problem, ReadError, Reading, Text};
use crate::{Format, Likeness};
use casemate_model::Origin;
use std::path::Path;

/// Units of containers.
pub const FORMAT: Format = Format {
    name: "quadlet",
    about: "quadlet units (.container) of Podman and systemd",
    files: &[".container"],
    detect,
    read,
    write: Some(super::write::write),
};

fn detect(path: &Path, bytes: &[u8]) -> Likeness {
    let named = path.extension().is_some_and(|end| end == "container");
    let section = bytes
        .split(|byte| *byte == b'\n')
        .any(|line| line.trim_ascii() == b"[Container]");
    match (section, named) {
        (true, true) => Likeness::Certain,
        (true, false) => Likeness::Content,
        (false, true) => Likeness::Name,
        (false, false) => Likeness::No,
    }
}

fn read(path: &Path, bytes: &[u8], context: &mut Context<'_>) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    if text.text.len() > crate::profile::MAX_SIZE {
        return Err(Problem::new("too large for a unit", beginning(&text)).into());
    }
    let lines = lines(&text).map_err(|problems| ReadError { problems })?;
    let mut notes = Notes::default();
    let Some(defaults) = configuration::defaults(Family::Podman, context, &mut notes) else {
        return Err(Problem::new("no engine of this name is known", beginning(&text)).into());
    };
    let base = base_of(path, context);
    let home = context.caller.home.clone();
    let mut unit = Unit {
        text: &text,
        home: home.map(|home| home.to_string_lossy().into_owned()),
        asker: Asker {
            ask: Ask::default(),
            notes: &mut notes,
            files: context.files,
            base: &base,
        },
        group: None,
    };
    for line in &lines {
        unit.line(line);
    }
    unit.finish(path, &lines);
    let ask = unit.asker.ask;
    let origin = text.origin(0, text.text.len());
    let workload = Resolver::new(&defaults, context, &mut notes).workload(&ask, "unit", origin);
    notes.finish(vec![workload])
}

struct Unit<'a> {
    text: &'a Text<'a>,
    home: Option<String>,
    asker: Asker<'a>,
    group: Option<Said<String>>,
}

impl Unit<'_> {
    fn line(&mut self, line: &Line) {
        let value = self.specifiers(&line.value, &line.origin);
        match (line.section.as_str(), line.key.as_str()) {
            ("Container", key) => self.container(key, &value, &line.origin),
            ("Service", "Restart") => self.asker.plain(setting::RESTART, &value, &line.origin),
            ("Unit" | "Service" | "Install" | "Quadlet", key) => {
                let key = format!("{}.{key}", line.section);
                self.asker
                    .ask
                    .setting(setting::OPTION, key, value, line.origin.clone());
            }
            (section, key) if section.starts_with("X-") => {
                let why = "sections that begin with X- are for others";
                self.asker
                    .notes
                    .ignored(format!("`{key}` of [{section}]"), why, &line.origin);
            }
            (section, key) => self
                .asker
                .notes
                .unknown(format!("`{key}` of [{section}]"), &line.origin),
        }
    }

    /// systemd's specifiers: `%%`, `%h`; the others are known where the unit runs.
    fn specifiers(&mut self, value: &str, origin: &Origin) -> String {
        let mut out = String::new();
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            match (c, c == '%') {
                (_, false) => out.push(c),
                _ => match (chars.next(), &self.home) {
                    (Some('%'), _) => out.push('%'),
                    (Some('h'), Some(home)) => out.push_str(home),
                    (Some(other), _) => {
                        out.push('%');
                        out.push(other);
                        self.asker
                            .notes
                            .elsewhere(format!("%{other}"), "systemd", origin);
                    }
                    (None, _) => out.push('%'),
                },
            }
        }
        out
    }

    fn words(&mut self, value: &str, origin: &Origin) -> Vec<String> {
        match shell::split(value) {
            Some(words) => words,
            None => {
                self.asker.notes.wrong("a quote is not closed", origin);
                Vec::new()
            }
        }
    }

    fn container(&mut self, key: &str, value: &str, origin: &Origin) {
        let security = |unit: &mut Self, option: String| unit.asker.security(&option, origin);
        match key {
            "Image" | "Rootfs" => {
                self.asker.ask.image = Some(Said::new(value.to_owned(), origin.clone()));
                if key == "Rootfs" {
                    self.asker
                        .ask
                        .setting(setting::OPTION, "rootfs", "true", origin.clone());
                }
            }
            "Exec" => {
                let words = self.words(value, origin);
                let words = words
                    .into_iter()
                    .map(|word| word.replace("$$", "$"))
                    .collect();
                self.asker.ask.command = Some(Said::new(words, origin.clone()));
            }
            "User" => self.asker.ask.user = Some(Said::new(value.to_owned(), origin.clone())),
            "Group" => self.group = Some(Said::new(value.to_owned(), origin.clone())),
            "NoNewPrivileges" => {
                if let Some(on) = self.asker.one(value, origin, truth) {
                    self.asker.ask.no_new_privileges = Some(on);
                }
            }
            "SeccompProfile" => security(self, format!("seccomp={value}")),
            "Mask" => security(self, format!("mask={value}")),
            "Unmask" => security(
                self,
                format!(
                    "unmask={}",
                    value.split_whitespace().collect::<Vec<_>>().join(":")
                ),
            ),
            "SecurityLabelDisable" | "SecurityLabelNested" => {
                if let Some(Said { value: true, .. }) = self.asker.one(value, origin, truth) {
                    let word = if key.ends_with("Disable") {
                        "disable"
                    } else {
                        "nested"
                    };
                    security(self, format!("label={word}"));
                }
            }
            "SecurityLabelType" => security(self, format!("label=type:{value}")),
            "SecurityLabelLevel" => security(self, format!("label=level:{value}")),
            "SecurityLabelFileType" => security(self, format!("label=filetype:{value}")),
            "VolatileTmp" => {
                if let Some(Said { value: true, .. }) = self.asker.one(value, origin, truth) {
                    self.asker.tmpfs("/tmp", origin);
                }
            }
            "Memory" => self.flag("memory", value, origin),
            "PodmanArgs" => self.arguments(value, origin),
            _ if PLAIN.contains(&key) => {
                self.asker.ask.setting(
                    setting::OPTION,
                    format!("Container.{key}"),
                    value,
                    origin.clone(),
                );
            }
            _ => self.by_table(key, value, origin),
        }
    }

    fn by_table(&mut self, key: &str, value: &str, origin: &Origin) {
        let Some((_, flag, split)) = KEYS.iter().find(|(own, ..)| *own == key) else {
            self.asker
                .notes
                .unknown(format!("`{key}` of [Container]"), origin);
            return;
        };
        if *split == Split::Words {
            for word in self.words(value, origin) {
                self.flag(flag, &word, origin);
            }
            return;
        }
        match (*flag, value.split_once(':').unwrap_or((value, ""))) {
            // Units of volumes and networks are named after their file.
            ("volume", (source, rest)) if source.ends_with(".volume") => {
                let name = source.trim_end_matches(".volume");
                self.flag(flag, &format!("systemd-{name}:{rest}"), origin);
            }
            ("network", (name, _)) if name.ends_with(".network") => {
                let name = name.trim_end_matches(".network");
                self.flag(flag, &format!("systemd-{name}"), origin);
            }
            // A leading dash: left out where the host has none.
            ("device", _) => self.flag(flag, value.trim_start_matches('-'), origin),
            _ => self.flag(flag, value, origin),
        }
    }

    fn flag(&mut self, flag: &str, value: &str, origin: &Origin) {
        match flags::find(Family::Podman, flag) {
            Some(flag) => (flag.apply)(&mut self.asker, value, origin),
            None => self.asker.notes.unknown(format!("`{flag}`"), origin),
        }
    }

    fn arguments(&mut self, value: &str, origin: &Origin) {
        let (start, end) = match origin {
            Origin::File { start, end, .. } => (*start, *end),
            _ => (0, 0),
        };
        let word = |text| Word { text, start, end };
        let words: Vec<Word> = self.words(value, origin).into_iter().map(word).collect();
        let rest = command::flags(&mut self.asker, self.text, Family::Podman, &words);
        if let Some(first) = rest.first() {
            self.asker
                .notes
                .wrong(format!("{:?} is no flag", first.text), origin);
        }
    }

    fn finish(&mut self, path: &Path, lines: &[Line]) {
        if let Some(group) = self.group.take() {
            let user = self.asker.ask.user.take();
            let name = user.map_or_else(String::new, |user| user.value);
            let both = format!("{name}:{}", group.value);
            self.asker.ask.user = Some(Said::new(both, group.origin));
        }
        if self.asker.ask.name.is_empty() {
            let stem = path
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned());
            self.asker.ask.name = stem.unwrap_or_default();
        }
        let place = lines.first().map(|line| line.origin.clone());
        let place = place.unwrap_or_else(|| beginning(self.text));
        if !lines.iter().any(|line| line.section == "Container") {
            self.asker
                .notes
                .wrong("there is no [Container] with keys", &place);
        } else if self.asker.ask.image.is_none() {
            self.asker
                .notes
                .wrong("neither `Image` nor `Rootfs` is given", &place);
        }
    }
}
