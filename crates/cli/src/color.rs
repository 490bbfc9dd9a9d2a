//! Whether output is coloured: `--color`, `NO_COLOR`, and whether anybody looks.

use casemate_formats::profile::Paint;
use std::io::IsTerminal;

/// What `--color` says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    /// Colours on a terminal.
    Auto,
    /// Colours in any case.
    Always,
    /// No colours.
    Never,
}

impl Choice {
    /// The words of `--color`.
    pub const WORDS: &'static [&'static str] = &["auto", "always", "never"];

    /// Reads a word of `--color`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Auto),
            "always" => Some(Self::Always),
            "never" => Some(Self::Never),
            _ => None,
        }
    }

    /// Decides for a stream. NO_COLOR counts when it is not empty (no-color.org); a flag counts more.
    pub fn on(self, stream: &impl IsTerminal) -> Paint {
        let refused = || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = || std::env::var_os("TERM").is_none_or(|value| value == "dumb");
        match self {
            Self::Always => Paint::Ansi,
            Self::Auto if !refused() && !dumb() && stream.is_terminal() => Paint::Ansi,
            Self::Auto | Self::Never => Paint::Plain,
        }
    }
}
