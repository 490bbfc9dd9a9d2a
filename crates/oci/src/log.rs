//! The log that engines read: one line a message, the last one is the reason of a failure.
//!
//! What is logged may hold words of the container's maker. With `--log-format json` they are quoted, else what could
//! start a line or move a cursor is escaped, so that nothing can be passed off as a message of the runtime's.

use crate::json::Writer;
use crate::time;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

/// How lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `time="…" level=… msg="…"`.
    Text,
    /// An object with `level`, `msg` and `time`.
    Json,
}

/// How grave a message is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Only with `--debug`.
    Debug,
    /// Something is not as it was asked for, and that is accepted.
    Warning,
    /// It failed.
    Error,
}

impl Level {
    const fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where messages go.
#[derive(Clone, Debug)]
pub struct Log {
    /// The file of `--log`.
    pub file: Option<OsString>,
    /// How its lines look.
    pub format: Format,
    /// Whether debug messages are written.
    pub debug: bool,
}

impl Log {
    /// Logs to the file of `--log`, and says it on standard error when there is none or it is an error.
    pub fn write(&self, level: Level, message: &str) {
        self.write_with(level, message, "", "");
    }

    /// The same with a member more, which is JSON already; no text line has it.
    pub fn write_with(&self, level: Level, message: &str, key: &str, json: &str) {
        if level == Level::Debug && !self.debug {
            return;
        }
        let logged = self
            .file
            .as_ref()
            .is_some_and(|file| append(file, &line(self.format, level, message, (key, json))));
        if !logged || level == Level::Error {
            let text = format!("casemate-oci: {}: {}\n", level.name(), printable(message));
            match std::io::stderr().write_all(text.as_bytes()) {
                // Without standard error nobody can be told; the exit code still says that it failed.
                Ok(()) | Err(_) => {}
            }
        }
    }
}

/// Appends a line in one write, so that lines of several processes do not mix.
fn append(file: &OsString, line: &str) -> bool {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)
        .is_ok_and(|mut file| file.write_all(line.as_bytes()).is_ok())
}

/// Writes a line of the log.
fn line(format: Format, level: Level, message: &str, (key, json): (&str, &str)) -> String {
    match format {
        Format::Json => {
            let mut writer = Writer::new();
            writer.open('{').key("level").text(level.name());
            writer.key("msg").text(message);
            writer.key("time").text(&time::now());
            if !key.is_empty() {
                writer.key(key).plain(json);
            }
            writer.close('}');
            writer.finish() + "\n"
        }
        Format::Text => format!(
            "time=\"{}\" level={} msg=\"{}\"\n",
            time::now(),
            level.name(),
            printable(&message.replace('\\', "\\\\").replace('"', "\\\""))
        ),
    }
}

/// Escapes what could start a line or move a cursor.
pub fn printable(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    for letter in message.chars() {
        if letter.is_control() {
            text.extend(letter.escape_default());
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Format, Level, line};

    #[test]
    fn no_message_can_start_a_line() {
        for format in [Format::Text, Format::Json] {
            let line = line(
                format,
                Level::Error,
                "a\nlevel=info \"\u{1b}[2J\u{9b}x\r",
                ("", ""),
            );
            assert_eq!(line.matches('\n').count(), 1, "{line}");
            assert!(line.ends_with('\n'), "{line}");
            assert!(!line.contains(['\u{1b}', '\r']), "{line}");
        }
    }
}
