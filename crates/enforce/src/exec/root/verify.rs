//! Reading back the mounts of a container.

use super::procfs;
use crate::fault::{Fault, Reading};
use crate::outside::{Slots, leave_open};
use crate::step::{Slot, Texts};
use crate::verify::{Below, allowed, below};
use casemate_sys::file::{self, OpenFlags};
use casemate_sys::memory::Memory;

/// Most that mountinfo may hold: a line is some hundred bytes.
const ROOM: usize = 4 << 20;

/// Most rules that can be told apart as found.
const MOST_RULES: usize = 1024;

/// Characters of a rule before the path.
const LETTERS: usize = 9;

/// Compares all mounts of the namespace with the rules.
pub(crate) fn tree(slots: &Slots, proc: Slot, rules: Texts<'_>) -> Result<(), Fault> {
    if rules.iter().count() > MOST_RULES {
        return Err(Fault::Plan);
    }
    let mut memory = Memory::anonymous(ROOM)?;
    let file = procfs::open_file(slots.get(proc)?, c"self/mountinfo", OpenFlags::RDONLY)?;
    let length = file::read_full(file.as_fd(), &mut memory)?;
    leave_open(file);
    if length == memory.len() {
        return Err(Fault::NotInForce(Reading::Unreadable));
    }
    let text = memory.get(..length).unwrap_or_default();
    let mut found = [false; MOST_RULES];
    let lines = text.split(|byte| *byte == b'\n');
    for line in lines.filter(|line| !line.is_empty()) {
        let (letters, options) = rule_of(slots, line, rules, &mut found)?;
        allowed(options, letters)?;
    }
    for (rule, found) in rules.iter().zip(found) {
        if rule.to_bytes().get(LETTERS - 1) == Some(&b'm') && !found {
            return Err(Fault::NotInForce(Reading::Missing));
        }
    }
    Ok(())
}

/// Finds the letters that are for a line of mountinfo, and the line's options. Notes which rules the line fulfils: of
/// mounts over one another each has its own.
fn rule_of<'t>(
    slots: &Slots,
    line: &'t [u8],
    rules: Texts<'t>,
    found: &mut [bool],
) -> Result<(&'t [u8], &'t [u8]), Fault> {
    let unreadable = Fault::NotInForce(Reading::Unreadable);
    let mut fields = line.split(|byte| *byte == b' ');
    let id = fields.next().and_then(number).ok_or(unreadable)?;
    let (Some(point), Some(options)) = (fields.nth(3), fields.next()) else {
        return Err(unreadable);
    };
    // A mount behind a symbolic link has another path than its rule says.
    let linked = slots.linked_rule(id).map(usize::from);
    let mut deepest: Option<(usize, &[u8])> = None;
    for ((index, rule), found) in rules.iter().enumerate().zip(found) {
        let rule = rule.to_bytes();
        let (Some(there), Some(under), Some(path)) =
            (rule.get(..4), rule.get(4..8), rule.get(LETTERS + 1..))
        else {
            return Err(Fault::Plan);
        };
        if linked == Some(index) {
            *found = true;
            return Ok((there, options));
        }
        let letters = match below(point, path) {
            None => continue,
            Some(Below::Same) => {
                *found = true;
                there
            }
            Some(Below::Under) => under,
        };
        if deepest.is_none_or(|(length, _)| path.len() >= length) {
            deepest = Some((path.len(), letters));
        }
    }
    let (_, letters) = deepest.ok_or(Fault::NotInForce(Reading::Missing))?;
    Ok((letters, options))
}

fn number(text: &[u8]) -> Option<u64> {
    core::str::from_utf8(text).ok()?.parse().ok()
}
