//! A filter whose notifications go to an agent: what init does, and what the launcher does when it let init go on.

use super::inside::Inside;
use crate::fault::Fault;
use crate::listener::{Announcement, pass_on};
use crate::outside::Outside;
use crate::step::{Borrowed, Stage, Step};
use casemate_sys::memory::Memory;
use casemate_sys::net::send_fds;
use casemate_sys::seccomp::{FilterFlags, Program, load_filter_with_listener};
use casemate_sys::{Errno, Fd, STDIN, file};
use core::sync::atomic::Ordering;

/// Announces the listener, installs the filter, and waits, without a call, until the listener is with the agent.
pub(crate) fn install(inside: &Inside<'_>, step: &Step<Borrowed<'_>>) -> Result<(), Fault> {
    let Step::InstallFilterForAgent {
        flags,
        program,
        slot,
        ..
    } = step
    else {
        return Err(Fault::Plan);
    };
    let (instructions, rest) = program.as_chunks::<8>();
    if !rest.is_empty() || instructions.is_empty() {
        return Err(Fault::Plan);
    }
    let program = Program::from_bytes(instructions)?;
    let flags = FilterFlags::from_bits(u32::try_from(*flags).map_err(|_| Fault::Plan)?);
    let word = Memory::shared_words(1)?;
    let word = word.first().ok_or(Fault::Plan)?;
    // The kernel gives the lowest free number.
    let free = file::dup_cloexec(STDIN, 3)?;
    let announcement = Announcement {
        number: u8::try_from(free.raw()).map_err(|_| Fault::Call(Errno::EMFILE))?,
        address: core::ptr::from_ref(word).expose_provenance() as u64,
    };
    free.close()?;
    let agent = inside.init.slots.get(*slot)?;
    let bytes = announcement.to_bytes();
    if send_fds(inside.other_end(), &bytes, &[agent])? != bytes.len() {
        return Err(Fault::Call(Errno::EIO));
    }
    // Left open: closing it is a call. execve(2) closes it.
    load_filter_with_listener(program, flags)?.into_raw();
    while word.load(Ordering::Acquire) == 0 {
        core::hint::spin_loop();
    }
    Ok(())
}

/// Fetches init's listener for the agent.
pub(crate) fn pass_on_from(
    outside: &Outside<'_>,
    announcement: Announcement,
    agent: &Fd,
) -> Result<(), Fault> {
    let init = outside.init.as_ref().ok_or(Fault::Plan)?;
    let told = outside
        .job
        .records(Stage::Payload)
        .find_map(|(_, record)| match record.step {
            Step::InstallFilterForAgent { before, after, .. } => Some((before, after)),
            _ => None,
        });
    let (before, after) = told.ok_or(Fault::Plan)?;
    let mut digits = [0; 12];
    let pid = crate::outside::decimal(init.pid.get(), &mut digits);
    let parts = [before.to_bytes(), pid, after.to_bytes(), pid, b"}"];
    let mut text = Memory::anonymous(parts.iter().map(|part| part.len()).sum())?;
    let mut at = 0;
    for part in parts {
        text.get_mut(at..at + part.len())
            .ok_or(Fault::Plan)?
            .copy_from_slice(part);
        at += part.len();
    }
    let process = (init.pid, init.pidfd.as_fd());
    Ok(pass_on(process, announcement, agent.as_fd(), &text)?)
}
