//! The words of a failure. Labels hold words of the container's maker: what could start a line is escaped.

use crate::fault::Fault;
use crate::step::Record;
use casemate_sys::file;
use casemate_sys::time::{self, Clock};
use casemate_sys::{Errno, FdRef, STDERR};

/// Longest message.
const LONGEST: usize = 2000;

/// A message being written; what does not fit is cut off.
pub(crate) struct Text {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Text {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; LONGEST],
            length: 0,
        }
    }

    pub(crate) fn put(&mut self, part: &[u8]) {
        for byte in part {
            if let Some(place) = self.bytes.get_mut(self.length) {
                *place = *byte;
                self.length += 1;
            }
        }
    }

    /// Appends a number with at least so many digits.
    pub(crate) fn number(&mut self, number: u64, digits: usize) {
        let mut buffer = [b'0'; 20];
        let mut rest = number;
        let mut at = buffer.len();
        while (rest > 0 || buffer.len() - at < digits.max(1)) && at > 0 {
            at -= 1;
            buffer[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.put(buffer.get(at..).unwrap_or(&[]));
    }

    /// Appends text with quotes, backslashes and control characters written as JSON writes them.
    fn escaped(&mut self, text: &[u8]) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        for byte in text {
            match byte {
                b'"' | b'\\' => self.put(&[b'\\', *byte]),
                0..0x20 | 0x7f => {
                    let high = DIGITS[usize::from(byte >> 4)];
                    let low = DIGITS[usize::from(byte & 15)];
                    self.put(&[b'\\', b'u', b'0', b'0', high, low]);
                }
                _ => self.put(&[*byte]),
            }
        }
    }

    /// Adds what somebody has said, when it is anything.
    pub(crate) fn with(mut self, said: Option<&Self>) -> Self {
        let said = said.map_or(&[][..], Self::as_bytes).trim_ascii();
        if !said.is_empty() {
            self.put(b": ");
            self.put(said);
        }
        self
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }
}

/// Says why a step failed.
pub(crate) fn describe(record: &Record<'_>, fault: Fault) -> Text {
    let mut text = Text::new();
    let label = record.label;
    match fault {
        Fault::NotInForce(reading) => {
            text.put(label);
            text.put(b": ");
            text.put(reading.text());
        }
        Fault::Ended(code) => {
            text.put(label);
            text.put(b": it ended with ");
            text.number(u64::from(code), 1);
        }
        Fault::Killed(signal) => {
            text.put(label);
            text.put(b": it was ended by signal ");
            text.number(u64::from(signal), 1);
        }
        Fault::TimeOver => {
            text.put(label);
            text.put(b": it took longer than it may");
        }
        _ => {
            text.put(b"cannot ");
            text.put(label);
            text.put(b": ");
            reason(&mut text, record, fault);
        }
    }
    text
}

fn reason(text: &mut Text, record: &Record<'_>, fault: Fault) {
    match fault {
        Fault::Call(errno) => call(text, errno),
        Fault::Option(index, errno) => {
            text.put(b"option ");
            text.put(crate::message::option(&record.step, index));
            text.put(b": ");
            call(text, errno);
        }
        Fault::Obstacle(obstacle) => text.put(obstacle.text()),
        Fault::Helper => text.put(b"the helper failed, see its message above"),
        Fault::Occupied => {
            text.put(b"it is there already and has processes, which are not this container's");
        }
        Fault::Frozen => text.put(b"it is there already and is frozen"),
        _ => text.put(b"the plan is broken, please report this"),
    }
}

fn call(text: &mut Text, errno: Errno) {
    text.put(errno.description().unwrap_or("unknown error").as_bytes());
    text.put(b" (");
    text.put(errno.name().unwrap_or("errno without a name").as_bytes());
    text.put(b")");
}

/// Where the launcher's messages go.
#[derive(Clone, Copy)]
pub(crate) struct Log<'a> {
    pub(crate) file: Option<FdRef<'a>>,
    pub(crate) json: bool,
}

/// How grave a message is.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    Warning,
    Error,
}

impl Log<'_> {
    /// Writes a line to the log, and to standard error when it is an error or there is no log.
    pub(crate) fn write(&self, level: Level, message: &[u8]) {
        let name: &[u8] = match level {
            Level::Warning => b"warning",
            Level::Error => b"error",
        };
        let mut logged = false;
        if let Some(file) = self.file {
            let line = self.line(name, message);
            logged = file::write_all(file, line.as_bytes()).is_ok();
        }
        if !logged || matches!(level, Level::Error) {
            let mut line = Text::new();
            line.put(b"casemate-oci: ");
            line.put(name);
            line.put(b": ");
            for byte in message {
                let shown = if byte.is_ascii_control() { b'?' } else { *byte };
                line.put(&[shown]);
            }
            line.put(b"\n");
            match file::write_all(STDERR, line.as_bytes()) {
                // Without standard error nobody can be told; the exit code still says that it failed.
                Ok(()) | Err(_) => {}
            }
        }
    }

    fn line(&self, level: &[u8], message: &[u8]) -> Text {
        let mut line = Text::new();
        // The end of the line must fit, whatever the message.
        let message = message.get(..600).unwrap_or(message);
        if self.json {
            line.put(b"{\"level\":\"");
            line.put(level);
            line.put(b"\",\"msg\":\"");
            line.escaped(whole_letters(message));
            line.put(b"\",\"time\":\"");
            moment(&mut line);
            line.put(b"\"}\n");
        } else {
            line.put(b"time=\"");
            moment(&mut line);
            line.put(b"\" level=");
            line.put(level);
            line.put(b" msg=\"");
            line.escaped(whole_letters(message));
            line.put(b"\"\n");
        }
        line
    }
}

/// What of a text is valid UTF-8, up to the first byte that is not.
fn whole_letters(text: &[u8]) -> &[u8] {
    match core::str::from_utf8(text) {
        Ok(_) => text,
        Err(error) => text.get(..error.valid_up_to()).unwrap_or(&[]),
    }
}

/// Writes the time of day as RFC 3339 has it.
fn moment(text: &mut Text) {
    let seconds = time::now(Clock::Realtime).map_or(0, |now| now.as_secs());
    // Years are counted from March, so that the leap day ends one.
    let shifted = seconds / 86_400 + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let of_day = seconds % 86_400;
    text.number(year_of_era + era * 400 + u64::from(month <= 2), 4);
    for (separator, value) in [
        (b"-", month),
        (b"-", day),
        (b"T", of_day / 3600),
        (b":", of_day / 60 % 60),
        (b":", of_day % 60),
    ] {
        text.put(separator);
        text.number(value, 2);
    }
    text.put(b"Z");
}
