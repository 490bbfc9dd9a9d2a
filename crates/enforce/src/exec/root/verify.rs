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
        let (index, letters, options) = rule_of(slots, line, rules)?;
        allowed(options, letters)?;
        if let Some(found) = index.and_then(|index| found.get_mut(index)) {
            *found = true;
        }
    }
    for (rule, found) in rules.iter().zip(found) {
        if rule.to_bytes().get(LETTERS - 1) == Some(&b'm') && !found {
            return Err(Fault::NotInForce(Reading::Missing));
        }
    }
    Ok(())
}

type Ruled<'t> = (Option<usize>, &'t [u8], &'t [u8]);

/// Finds the rule for a line of mountinfo: its number if it is for this very mount, its letters, and the line's options.
fn rule_of<'t>(slots: &Slots, line: &'t [u8], rules: Texts<'t>) -> Result<Ruled<'t>, Fault> {
    let unreadable = Fault::NotInForce(Reading::Unreadable);
    let mut fields = line.split(|byte| *byte == b' ');
    let id = fields.next().and_then(number).ok_or(unreadable)?;
    let (Some(point), Some(options)) = (fields.nth(3), fields.next()) else {
        return Err(unreadable);
    };
    // A mount behind a symbolic link has another path than its rule says.
    let linked = slots.linked_rule(id).map(usize::from);
    let mut deepest: Option<(usize, Option<usize>, &[u8])> = None;
    for (index, rule) in rules.iter().enumerate() {
        let rule = rule.to_bytes();
        let (Some(there), Some(under), Some(path)) =
            (rule.get(..4), rule.get(4..8), rule.get(LETTERS + 1..))
        else {
            return Err(Fault::Plan);
        };
        if linked == Some(index) {
            return Ok((linked, there, options));
        }
        let (number, letters) = match below(point, path) {
            None => continue,
            Some(Below::Same) => (Some(index), there),
            Some(Below::Under) => (None, under),
        };
        if deepest.is_none_or(|(length, ..)| path.len() >= length) {
            deepest = Some((path.len(), number, letters));
        }
    }
    let (_, index, letters) = deepest.ok_or(Fault::NotInForce(Reading::Missing))?;
    Ok((index, letters, options))
}

fn number(text: &[u8]) -> Option<u64> {
    core::str::from_utf8(text).ok()?.parse().ok()
}
