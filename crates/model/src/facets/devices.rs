//! Device nodes and the terminal.

use super::device_numbers::DeviceNumbers;
use crate::facet::facet;
use crate::lattice::{Selection, ladder};

facet! {
    /// Device nodes and the terminal.
    pub struct Devices("devices") {
        /// Nodes below /dev, by name.
        nodes: Selection<String> = strictest Selection::none(), open Selection::All;
        /// Which devices can be opened or made, by number (device control of cgroups).
        numbers: DeviceNumbers = strictest DeviceNumbers::none(), open DeviceNumbers::All;
        /// The terminal.
        terminal: Terminal = strictest Terminal::None, open Terminal::Inherited;
    }
}

ladder! {
    /// What terminal the program has.
    pub enum Terminal {
        /// None, not even when the caller has one.
        None = "none",
        /// A pseudo-terminal of its own, when the caller's standard streams are one.
        Own = "own",
        /// The caller's: what is written into its input queue is typed by the caller (TIOCSTI, CVE-2017-5226).
        Inherited = "inherited",
    }
}
