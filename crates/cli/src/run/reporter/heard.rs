//! What the launcher says, message by message.

use casemate_enforce::Plan;
use casemate_enforce::plan::PlannedStep;
use casemate_enforce::step::Stage;
use casemate_sys::Errno;
use std::collections::BTreeMap;

/// All that was heard.
#[derive(Debug, Default)]
pub struct Heard {
    /// Texts by name: files of /proc, as the launcher or the program's process saw them.
    pub texts: BTreeMap<String, String>,
    /// Limits of the program's process after they were set: which, soft, hard.
    pub limits: Vec<(u32, u64, u64)>,
    /// Steps that failed and were accepted.
    pub failed: Vec<Failed>,
    /// The end.
    pub end: Option<End>,
}

/// A step that failed.
#[derive(Clone, Copy, Debug)]
pub struct Failed {
    stage: Stage,
    index: u16,
    fault: u32,
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// With a code of the program's.
    Exited,
    /// By a signal to the program.
    Killed,
    /// A step failed.
    Failed,
    /// The time was over.
    TimeOver,
    /// By a signal to the launcher, before the program was started.
    Interrupted,
    /// By the end of init.
    Lost,
}

/// The end of a launch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct End {
    /// How it came.
    pub how: How,
    /// The program's code, or the signal's number.
    pub value: u8,
    /// What the launcher ends with.
    pub code: u8,
    /// Processor time in the program, microseconds.
    pub user: u64,
    /// Processor time in the kernel, microseconds.
    pub system: u64,
    /// The largest memory of one process, KiB.
    pub peak: u64,
}

impl Heard {
    /// Tells whether there was nothing.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.failed.is_empty() && self.end.is_none()
    }

    /// Takes a message. One that is not understood is from another build, which the launcher refuses by itself.
    pub fn message(&mut self, message: &[u8]) {
        match message.split_first() {
            Some((b'r', rest)) => {
                let mut parts = rest.splitn(2, |byte| *byte == 0);
                if let (Some(name), Some(text)) = (parts.next(), parts.next()) {
                    let name = String::from_utf8_lossy(name).into_owned();
                    let text = String::from_utf8_lossy(text);
                    self.texts.entry(name).or_default().push_str(&text);
                }
            }
            Some((b'm', rest)) => self.limits.extend(limit(rest)),
            Some((b'g', rest)) => self.failed.extend(failed(rest)),
            Some((b'e', rest)) => self.end = end(rest),
            _ => {}
        }
    }

    /// Returns a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// Tells whether the program was started: then every step before it has succeeded or is among the failed.
    pub fn started(&self) -> bool {
        self.end
            .is_some_and(|end| matches!(end.how, How::Exited | How::Killed | How::TimeOver))
    }
}

fn limit(bytes: &[u8]) -> Option<(u32, u64, u64)> {
    let (resource, bounds) = bytes.split_first_chunk::<4>()?;
    let (bounds, _) = bounds.as_chunks::<8>();
    let [soft, hard] = *bounds else {
        return None;
    };
    let bound = u64::from_le_bytes;
    Some((u32::from_le_bytes(*resource), bound(soft), bound(hard)))
}

fn failed(bytes: &[u8]) -> Option<Failed> {
    let [stage, low, high, a, b, c, d] = *bytes else {
        return None;
    };
    Some(Failed {
        stage: match stage {
            0 => Stage::Outside,
            1 => Stage::Inside,
            _ => Stage::Payload,
        },
        index: u16::from_le_bytes([low, high]),
        fault: u32::from_le_bytes([a, b, c, d]),
    })
}

fn end(bytes: &[u8]) -> Option<End> {
    let ([how, value, code], numbers) = bytes.split_first_chunk::<3>()?;
    let (numbers, _) = numbers.as_chunks::<8>();
    let [user, system, peak] = *numbers else {
        return None;
    };
    Some(End {
        how: match how {
            0 => How::Exited,
            1 => How::Killed,
            2 => How::Failed,
            3 => How::TimeOver,
            4 => How::Interrupted,
            _ => How::Lost,
        },
        value: *value,
        code: *code,
        user: u64::from_le_bytes(user),
        system: u64::from_le_bytes(system),
        peak: u64::from_le_bytes(peak),
    })
}

impl Failed {
    /// Finds the step.
    pub fn step(self, plan: &Plan) -> Option<&PlannedStep> {
        plan.steps
            .iter()
            .filter(|step| step.stage == self.stage)
            .nth(usize::from(self.index))
    }

    /// Says why it failed.
    pub fn why(self) -> String {
        match self.fault >> 16 {
            0 => u16::try_from(self.fault & 0xffff).map_or_else(
                |_| "unknown".to_owned(),
                |raw| Errno::from_raw(raw).to_string(),
            ),
            1 => "what the kernel shows is not what was asked for".to_owned(),
            2 => "the helper program failed".to_owned(),
            _ => "the plan is broken".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_messages_apart() {
        let mut heard = Heard::default();
        assert!(heard.is_empty());
        heard.message(b"rself/status\0Name:\tx\n");
        heard.message(b"rself/status\0Umask:\t0022\n");
        let mut limit = vec![b'm', 7, 0, 0, 0];
        limit.extend([5u64, u64::MAX].map(u64::to_le_bytes).concat());
        heard.message(&limit);
        assert_eq!(heard.limits, [(7, 5, u64::MAX)]);
        heard.message(&[b'g', 1, 2, 1, 13, 0, 0, 0]);
        let mut last = vec![b'e', 1, 9, 137];
        for number in [1u64, 2, 3] {
            last.extend(number.to_le_bytes());
        }
        heard.message(&last);
        assert_eq!(heard.text("self/status"), Some("Name:\tx\nUmask:\t0022\n"));
        assert_eq!(heard.failed.len(), 1);
        assert_eq!(heard.failed[0].index, 258);
        assert_eq!(heard.failed[0].stage, Stage::Inside);
        let end = heard.end.unwrap();
        assert_eq!((end.how, end.value, end.code), (How::Killed, 9, 137));
        assert_eq!((end.user, end.system, end.peak), (1, 2, 3));
        assert!(heard.started());
    }

    #[test]
    fn broken_messages_are_nothing() {
        for message in [
            &b""[..],
            b"r",
            b"rname",
            b"g123",
            b"m123",
            b"e",
            b"e12",
            b"?",
        ] {
            let mut heard = Heard::default();
            heard.message(message);
            assert!(heard.is_empty(), "{message:?}");
        }
    }
}
