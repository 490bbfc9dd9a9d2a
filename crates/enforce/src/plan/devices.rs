//! The terminal, and whether there are pseudo-terminals at all.

use super::{Builder, PlanError, required};
use crate::step::Step;
use casemate_model::facets::devices::Terminal;
use casemate_model::host::Stream;
use casemate_model::lattice::Selection;

/// Tells whether the program gets pseudo-terminals of its own.
pub(super) fn has_terminals(builder: &Builder<'_>) -> Result<bool, PlanError> {
    let own =
        *required(&builder.confinement.devices.terminal, "devices.terminal")? == Terminal::Own;
    Ok(own && required(&builder.confinement.devices.nodes, "devices.nodes")? != &Selection::All)
}

/// Returns which standard streams are replaced by an own terminal: those that are one, by bit.
pub(super) fn terminal_streams(builder: &Builder<'_>) -> Result<u8, PlanError> {
    if *required(&builder.confinement.devices.terminal, "devices.terminal")? != Terminal::Own {
        return Ok(0);
    }
    let streams = builder.facts.streams.iter().enumerate();
    Ok(streams
        .filter(|(_, stream)| **stream == Stream::Terminal)
        .map(|(at, _)| 1 << at)
        .sum())
}

/// Opens the terminal.
pub(super) fn terminal(builder: &mut Builder<'_>, streams: u8) {
    if streams == 0 {
        return;
    }
    let all = builder.confinement.devices.nodes.value() == Some(&Selection::All);
    // Among the host's devices only its own multiplexer is open to everybody (devpts: ptmxmode=000).
    let path = if all { c"dev/ptmx" } else { c"dev/pts/ptmx" }.to_owned();
    builder.inside("devices", Step::OpenTerminal { path });
}
