//! Man pages in roff.

use super::File;
use crate::commands::{self, COMMANDS, Command, Flag, Keys, keys_of};
use casemate_formats::profile::keys::{KEYS, Key, Kind, Topic};
use std::path::{Path, PathBuf};

/// Makes a page for the program, one for each command, and one for the profile.
pub fn pages() -> Vec<File> {
    let of_command = |command: &Command| (format!("{}.1", title(command)), command_page(command));
    let mut pages = vec![("casemate.1".to_owned(), overview())];
    pages.extend(
        commands::all()
            .filter(|command| command.name != "help")
            .map(of_command),
    );
    pages.push(("casemate-profile.5".to_owned(), profile()));
    pages
        .into_iter()
        .map(|(name, text)| (Path::new("docs/man").join(name), text))
        .collect::<Vec<(PathBuf, String)>>()
}

/// Lines of roff.
struct Page(String);

impl Page {
    fn new(name: &str, section: u8, about: &str) -> Self {
        let mut page = Self(String::new());
        let title = name.to_uppercase();
        page.line(&format!(
            ".TH {title} {section} \"\" \"casemate {}\"",
            env!("CARGO_PKG_VERSION")
        ));
        page.section("NAME");
        page.text(&format!("{name} - {}", lower(about)));
        page
    }

    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn section(&mut self, title: &str) {
        self.line(&format!(".SH {title}"));
    }

    fn text(&mut self, text: &str) {
        let text = escaped(text);
        self.line(&text);
    }

    fn paragraph(&mut self, text: &str) {
        self.line(".PP");
        self.text(text);
    }

    /// An item: roff that is ready, and what it means.
    fn item(&mut self, roff: &str, meaning: &str) {
        self.line(".TP");
        self.line(roff);
        self.text(meaning);
    }

    fn example(&mut self, what: &str, line: &str) {
        self.paragraph(what);
        self.line(".RS 4\n.nf");
        self.text(line);
        self.line(".fi\n.RE");
    }
}

/// The name of a command's page.
fn title(command: &Command) -> String {
    format!("casemate-{}", command.name.replace(' ', "-"))
}

fn overview() -> String {
    let mut page = Page::new("casemate", 1, "run programs in tight compartments");
    page.section("SYNOPSIS");
    page.line(".B casemate\n.I COMMAND\n.RI [ FLAGS ]");
    page.section("DESCRIPTION");
    page.text("Casemate runs programs in tight compartments, without root, daemon or image.");
    page.section("COMMANDS");
    for command in COMMANDS {
        page.item(
            &format!(".BR casemate\\-{} (1)", command.name),
            &sentence(command.about),
        );
    }
    page.section("EXAMPLES");
    for (line, what) in COMMANDS.iter().flat_map(|command| command.examples) {
        page.example(&format!("To {what}:"), line);
    }
    page.section("SEE ALSO");
    page.line(".BR casemate\\-profile (5)");
    page.0
}

fn command_page(command: &Command) -> String {
    let mut page = Page::new(&title(command), 1, command.about);
    page.section("SYNOPSIS");
    page.line(&format!(".B casemate {}", command.name));
    page.text(command.synopsis);
    page.section("DESCRIPTION");
    page.text(&sentence(command.about));
    for paragraph in command.long {
        page.paragraph(paragraph);
    }
    let verbs = commands::verbs_of(command);
    if !verbs.is_empty() {
        page.section("VERBS");
    }
    for verb in verbs {
        page.item(
            &format!(".BR {} (1)", escaped(&title(verb))),
            &sentence(verb.about),
        );
    }
    page.section("FLAGS");
    for flag in command.flags {
        page.item(
            &flag_roff(flag),
            &format!("{} {}", sentence(flag.help), flag.long),
        );
    }
    if command.keys == Keys::Taken {
        for topic in Topic::ALL {
            page.line(&format!(".SS {}", topic.title()));
            for key in keys_of(topic) {
                page.item(
                    &key_flag_roff(key),
                    &format!("{} {}", sentence(key.help), key.long),
                );
            }
        }
    }
    page.section("EXIT STATUS");
    for (code, meaning) in command.exits {
        page.item(&format!(".B {}", escaped(code)), &sentence(meaning));
    }
    if !command.examples.is_empty() {
        page.section("EXAMPLES");
        for (line, what) in command.examples {
            page.example(&format!("To {what}:"), line);
        }
    }
    page.section("SEE ALSO");
    page.line(".BR casemate (1),\n.BR casemate\\-profile (5)");
    page.0
}

fn profile() -> String {
    let mut page = Page::new(
        "casemate-profile",
        5,
        "a command and its grants, for casemate run",
    );
    page.section("DESCRIPTION");
    page.text(super::profile::ABOUT);
    for paragraph in super::profile::RULES {
        page.paragraph(paragraph);
    }
    page.section("KEYS");
    for topic in Topic::ALL {
        page.line(&format!(".SS {}", topic.title()));
        for key in KEYS.iter().filter(|key| key.topic == topic) {
            page.item(
                &format!(".B {}", escaped(key.name)),
                &format!("{} {}", sentence(key.help), key.long),
            );
            page.line(".RS\n.nf");
            page.text(key.example);
            page.line(".fi\n.RE");
        }
    }
    page.section("EXAMPLES");
    page.line(".nf");
    for line in super::profile::EXAMPLE.lines() {
        page.text(line);
    }
    page.line(".fi");
    page.section("SEE ALSO");
    page.line(".BR casemate\\-run (1)");
    page.0
}

fn flag_roff(flag: &Flag) -> String {
    let short = flag
        .short
        .map_or(String::new(), |letter| format!("\\fB\\-{letter}\\fR, "));
    let value = flag
        .value
        .map_or(String::new(), |value| format!(" \\fI{value}\\fR"));
    format!("{short}\\fB\\-\\-{}\\fR{value}", escaped(flag.name))
}

fn key_flag_roff(key: &Key) -> String {
    let name = escaped(key.name);
    match key.kind {
        Kind::Switch { .. } => format!("\\fB\\-\\-{name}\\fR, \\fB\\-\\-no\\-{name}\\fR"),
        _ => format!("\\fB\\-\\-{name}\\fR \\fI{}\\fR", escaped(key.value)),
    }
}

fn sentence(text: &str) -> String {
    format!("{text}.")
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Escapes what roff would read as a request: backslashes, hyphens that must stay hyphens, dots and quotes that begin a
/// line.
fn escaped(text: &str) -> String {
    let text = text.trim().replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text
    }
}
