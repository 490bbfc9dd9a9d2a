//! Reading back: the kernel's own words are compared with what was asked. A difference ends the launch.

use crate::fault::{Fault, Reading};
use crate::outside::{Slots, leave_open};
use crate::report;
use crate::step::{Borrowed, Slot, Step, Texts};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::memory::Memory;
use casemate_sys::{Fd, FdRef};
use core::ffi::CStr;

/// Most that a procfs file may hold: a line of mountinfo is some hundred bytes.
const ROOM: usize = 4 << 20;

/// Most that a file about one process may hold: the masks of processors and memory nodes are its longest lines.
const SMALL: usize = 16 << 10;

/// Reads a whole file of a procfs, and gives a copy to the reporter.
fn read<'m>(
    proc: FdRef<'_>,
    path: &CStr,
    memory: &'m mut [u8],
    reporter: Option<&Fd>,
) -> Result<&'m [u8], Fault> {
    let file = file::openat(proc, path, OpenFlags::RDONLY | OpenFlags::CLOEXEC, 0)?;
    let length = file::read_full(file.as_fd(), memory)?;
    leave_open(file);
    if length == memory.len() {
        return Err(Fault::NotInForce(Reading::Unreadable));
    }
    let text = memory.get(..length).unwrap_or(&[]);
    if let Some(reporter) = reporter {
        report::text(reporter.as_fd(), path, text);
    }
    Ok(text)
}

/// Compares capabilities and no_new_privs.
pub(crate) fn status(
    slots: &Slots,
    step: &Step<Borrowed<'_>>,
    reporter: Option<&Fd>,
) -> Result<(), Fault> {
    let Step::VerifyStatus {
        proc,
        inheritable,
        permitted,
        bounding,
        ambient,
        no_new_privs,
    } = step
    else {
        return Err(Fault::Plan);
    };
    let mut memory = [0; SMALL];
    let text = read(slots.get(*proc)?, c"self/status", &mut memory, reporter)?;
    if let Some(reporter) = reporter {
        report::surroundings(reporter.as_fd(), slots.get(*proc)?);
    }
    let sets = [
        (b"CapInh:".as_slice(), *inheritable),
        (b"CapPrm:", *permitted),
        (b"CapEff:", *permitted),
        (b"CapBnd:", *bounding),
        (b"CapAmb:", *ambient),
    ];
    compare(text, &sets)?;
    if *no_new_privs == 1 && field(text, b"NoNewPrivs:") != Some("1") {
        return Err(Fault::NotInForce(Reading::NoNewPrivs));
    }
    Ok(())
}

/// Compares capability sets, by the names of their lines.
pub(crate) fn capabilities(slots: &Slots, proc: Slot, sets: &[(&[u8], u64)]) -> Result<(), Fault> {
    let mut memory = [0; SMALL];
    let text = read(slots.get(proc)?, c"self/status", &mut memory, None)?;
    compare(text, sets)
}

fn compare(text: &[u8], sets: &[(&[u8], u64)]) -> Result<(), Fault> {
    for (name, expected) in sets {
        let value = field(text, name).and_then(|value| u64::from_str_radix(value, 16).ok());
        if value != Some(*expected) {
            return Err(Fault::NotInForce(Reading::Capabilities));
        }
    }
    Ok(())
}

fn field<'t>(text: &'t [u8], name: &[u8]) -> Option<&'t str> {
    let line = text
        .split(|byte| *byte == b'\n')
        .find_map(|line| line.strip_prefix(name))?;
    core::str::from_utf8(line).ok().map(str::trim)
}

/// Compares an id map.
pub(crate) fn id_map(
    slots: &Slots,
    proc: Slot,
    path: &CStr,
    map: &CStr,
    reporter: Option<&Fd>,
) -> Result<(), Fault> {
    let mut memory = [0; SMALL];
    let text = read(slots.get(proc)?, path, &mut memory, reporter)?;
    let words = |text: &'_ [u8]| -> Option<u64> {
        // The kernel pads with blanks: both are compared as lists of numbers, by a running sum over place and value.
        let text = core::str::from_utf8(text).ok()?;
        let mut sum = 0u64;
        for word in text.split_ascii_whitespace() {
            sum = sum
                .wrapping_mul(0x1_0000_01b3)
                .wrapping_add(word.parse::<u64>().ok()? + 1);
        }
        Some(sum)
    };
    let numbers = |text: &'_ [u8]| {
        text.split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty())
            .count()
    };
    let expected = map.to_bytes();
    if numbers(text) != numbers(expected) || words(text).is_none() || words(text) != words(expected)
    {
        return Err(Fault::NotInForce(Reading::IdMap));
    }
    Ok(())
}

/// Most rules that can be told apart as found.
const MOST_RULES: usize = 1024;

/// Compares all mounts of the namespace with the rules.
pub(crate) fn mounts(
    slots: &Slots,
    proc: Slot,
    rules: Texts<'_>,
    reporter: Option<&Fd>,
) -> Result<(), Fault> {
    let mut memory = Memory::anonymous(ROOM)?;
    let text = read(slots.get(proc)?, c"self/mountinfo", &mut memory, reporter)?;
    let mut found = [false; MOST_RULES];
    if rules.iter().count() > MOST_RULES {
        return Err(Fault::Plan);
    }
    for line in text
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let mut fields = line.split(|byte| *byte == b' ');
        let (Some(point), Some(options)) = (fields.nth(4), fields.next()) else {
            return Err(Fault::NotInForce(Reading::Unreadable));
        };
        let mut deepest: Option<(usize, &[u8])> = None;
        for (index, rule) in rules.iter().enumerate() {
            let rule = rule.to_bytes();
            let (Some(letters), Some(path)) = (rule.get(..5), rule.get(6..)) else {
                return Err(Fault::Plan);
            };
            let Some(relation) = below(point, path) else {
                continue;
            };
            if relation == Below::Same
                && let Some(found) = found.get_mut(index)
            {
                *found = true;
            }
            if deepest.is_none_or(|(length, _)| path.len() >= length) {
                deepest = Some((path.len(), letters));
            }
        }
        let (_, letters) = deepest.ok_or(Fault::NotInForce(Reading::Missing))?;
        allowed(options, letters)?;
    }
    for (rule, found) in rules.iter().zip(found) {
        if rule.to_bytes().get(4) == Some(&b'm') && !found {
            return Err(Fault::NotInForce(Reading::Missing));
        }
    }
    Ok(())
}

pub(crate) fn allowed(options: &[u8], letters: &[u8]) -> Result<(), Fault> {
    let has = |option: &[u8]| {
        options
            .split(|byte| *byte == b',')
            .any(|word| word == option)
    };
    let checks = [
        (b'w', b"ro".as_slice(), Reading::Writable),
        (b'x', b"noexec", Reading::Executable),
        (b'd', b"nodev", Reading::Devices),
        (b's', b"nosuid", Reading::SetUserId),
    ];
    for (letter, option, reading) in checks {
        if !letters.contains(&letter) && !has(option) {
            return Err(Fault::NotInForce(reading));
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Below {
    Same,
    Under,
}

/// Tells whether a mount point, as mountinfo writes it, is at or below a path.
pub(crate) fn below(point: &[u8], path: &[u8]) -> Option<Below> {
    let mut at = 0;
    let mut next = || -> Option<u8> {
        let byte = *point.get(at)?;
        // Blanks and backslashes are written as three octal digits: proc(5).
        if byte == b'\\'
            && let Some(&[a, b, c]) = point
                .get(at + 1..at + 4)
                .and_then(|digits| <&[u8; 3]>::try_from(digits).ok())
        {
            at += 4;
            return Some(
                (a.wrapping_sub(b'0') << 6) | (b.wrapping_sub(b'0') << 3) | c.wrapping_sub(b'0'),
            );
        }
        at += 1;
        Some(byte)
    };
    for expected in path {
        if next()? != *expected {
            return None;
        }
    }
    match next() {
        None => Some(Below::Same),
        Some(b'/') => Some(Below::Under),
        Some(_) if path == b"/" => Some(Below::Under),
        Some(_) => None,
    }
}
