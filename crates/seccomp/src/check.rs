//! Holes and blemishes of a filter.

use std::collections::BTreeSet;
use std::fmt;

use casemate_model::names::arch::Arch;
use casemate_model::names::syscalls::{self, SyscallId};
use casemate_model::syscalls::condition::Size;
use casemate_model::syscalls::diagram::{Diagrams, Node, Point, Word};
use casemate_model::syscalls::policy::{register, shape};
use casemate_model::syscalls::{Action, Passage};

use crate::bpf::Program;
use crate::cache;
use crate::lift::{LiftError, coverage, lift};

/// Something that the author of a filter will want to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// Calls of architectures that nobody knows pass, so the architecture is not asked for.
    ArchitectureUnchecked {
        /// A call that passes.
        witness: Box<Point>,
    },
    /// What the filter refuses on one architecture passes by another numbering of the same machine.
    WayRound {
        /// Where it is refused.
        arch: Arch,
        /// Where it passes.
        by: Arch,
        /// The calls.
        calls: Vec<SyscallId>,
    },
    /// A condition looks at bits of an argument that the kernel drops, and setting one gets past it.
    Truncated {
        /// The architecture.
        arch: Arch,
        /// The call.
        call: SyscallId,
        /// The argument.
        arg: u8,
        /// Arguments that are refused.
        refused: Box<Point>,
        /// Arguments that pass, and that the kernel takes for the same.
        passes: Box<Point>,
    },
    /// Instructions that no call reaches.
    Dead(Vec<usize>),
    /// Calls that are permitted without conditions, but whose path through the filter keeps the kernel from remembering
    /// it.
    Uncached {
        /// The architecture.
        arch: Arch,
        /// The calls.
        calls: Vec<SyscallId>,
    },
    /// Calls that break out of confinements, or reach code that often has, can pass.
    Dangerous {
        /// The architecture.
        arch: Arch,
        /// The calls.
        calls: Vec<SyscallId>,
    },
}

impl Finding {
    /// Whether the finding is a hole, through which more passes than the author can have meant.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::ArchitectureUnchecked { .. } | Self::Truncated { .. } | Self::WayRound { .. } => {
                Severity::Hole
            }
            Self::Dangerous { .. } => Severity::Risk,
            Self::Dead(_) | Self::Uncached { .. } => Severity::Cost,
        }
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// It costs time.
    Cost,
    /// It may be meant.
    Risk,
    /// It is a way past the filter.
    Hole,
}

/// Calls with which confined programs have got out, or that reach much code that nobody asked for.
#[rustfmt::skip]
const DANGEROUS: &[&str] = &[
    "add_key", "bpf", "delete_module", "finit_module", "fsconfig", "fsmount", "fsopen", "init_module",
    "io_uring_enter", "io_uring_register", "io_uring_setup", "kcmp", "kexec_file_load", "kexec_load", "keyctl", "mount",
    "mount_setattr", "move_mount", "open_by_handle_at", "open_tree", "perf_event_open", "pivot_root",
    "process_vm_writev", "ptrace", "request_key", "setns", "userfaultfd",
];

/// Checks a program for a machine of this architecture, the companions of the architecture included.
pub fn check(program: &Program, native: Arch) -> Result<Vec<Finding>, LiftError> {
    let mut diagrams = Diagrams::new();
    let root = lift(&mut diagrams, program)?;
    let archs: Vec<Arch> = [native]
        .iter()
        .chain(native.companions())
        .copied()
        .collect();
    let mut checker = Checker {
        diagrams: &mut diagrams,
        root,
        program,
        findings: Vec::new(),
    };
    checker.architecture();
    for arch in &archs {
        checker.truncated(*arch);
        checker.uncached(*arch);
        checker.dangerous(*arch);
    }
    for by in archs.iter().skip(1) {
        checker.way_round(native, *by);
    }
    let mut findings = checker.findings;
    let reached = coverage(&mut diagrams, program)?;
    let dead: Vec<usize> = (0..)
        .zip(&reached)
        .filter(|(_, condition)| **condition == Node::NEVER)
        .map(|(at, _)| at)
        .collect();
    if !dead.is_empty() {
        findings.push(Finding::Dead(dead));
    }
    if diagrams.overflowed() {
        return Err(LiftError::Undecided);
    }
    Ok(findings)
}

struct Checker<'a> {
    diagrams: &'a mut Diagrams,
    root: Node,
    program: &'a Program,
    findings: Vec<Finding>,
}

impl Checker<'_> {
    fn at(&self, arch: Arch, number: u32) -> Node {
        let line = self.diagrams.at(self.root, Word::ARCH, arch.audit());
        self.diagrams.at(line, Word::NR, number)
    }

    fn passages(&self, node: Node) -> BTreeSet<Passage> {
        self.diagrams
            .image(node)
            .into_iter()
            .map(|raw| Action::from_raw(raw).passage())
            .collect()
    }

    fn may_run(&self, arch: Arch, number: u32) -> bool {
        self.passages(self.at(arch, number))
            .iter()
            .any(|passage| passage.may_run())
    }

    fn architecture(&mut self) {
        // No architecture has the audit number 0.
        let nobody = self.diagrams.at(self.root, Word::ARCH, 0);
        let passing = self
            .diagrams
            .answers(nobody, &mut |raw| Action::from_raw(raw).passage().may_run());
        if let Some(witness) = self.diagrams.witness(passing) {
            self.findings.push(Finding::ArchitectureUnchecked {
                witness: Box::new(witness),
            });
        }
    }

    fn way_round(&mut self, arch: Arch, by: Arch) {
        let calls: Vec<SyscallId> = syscalls::all(arch)
            .filter(|call| !syscalls::is_exempt(arch, call.nr))
            .filter(|call| !self.may_run(arch, call.nr))
            .filter(|call| {
                call.id
                    .number(by)
                    .is_some_and(|number| self.may_run(by, number))
            })
            .map(|call| call.id)
            .collect();
        if !calls.is_empty() {
            self.findings.push(Finding::WayRound { arch, by, calls });
        }
    }

    // For each argument of which the kernel drops bits: does the answer depend on them?
    fn truncated(&mut self, arch: Arch) {
        if register(arch).size != Size::Bits64 {
            return;
        }
        for call in syscalls::all(arch) {
            let node = self.at(arch, call.nr);
            if self.diagrams.as_answer(node).is_some() {
                continue;
            }
            for arg in 0..6 {
                if shape(arch, call.id, arg).size == Size::Bits64 {
                    continue;
                }
                let word = Word::high(arg);
                // What passes with some upper half, against what passes with none.
                let passing = self
                    .diagrams
                    .answers(node, &mut |raw| Action::from_raw(raw).passage().may_run());
                let plain = self.diagrams.restrict(passing, word, 0, u32::MAX);
                let gained = self.diagrams.choose(plain, Node::NEVER, passing);
                let Some(mut passes) = self.diagrams.witness(gained) else {
                    continue;
                };
                passes[Word::ARCH.index()] = arch.audit();
                passes[Word::NR.index()] = call.nr;
                let mut refused = passes;
                refused[word.index()] = 0;
                self.findings.push(Finding::Truncated {
                    arch,
                    call: call.id,
                    arg,
                    refused: Box::new(refused),
                    passes: Box::new(passes),
                });
            }
        }
    }

    fn uncached(&mut self, arch: Arch) {
        let allow = Action::Allow.to_raw();
        let calls: Vec<SyscallId> = syscalls::all(arch)
            .filter(|call| self.diagrams.as_answer(self.at(arch, call.nr)) == Some(allow))
            .filter(|call| arch != Arch::X32 && !cache::is_cached(self.program, arch, call.nr))
            .map(|call| call.id)
            .collect();
        if !calls.is_empty() {
            self.findings.push(Finding::Uncached { arch, calls });
        }
    }

    fn dangerous(&mut self, arch: Arch) {
        let calls: Vec<SyscallId> = DANGEROUS
            .iter()
            .filter_map(|name| SyscallId::from_name(name))
            .filter(|id| {
                id.number(arch)
                    .is_some_and(|number| self.may_run(arch, number))
            })
            .collect();
        if !calls.is_empty() {
            self.findings.push(Finding::Dangerous { arch, calls });
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |calls: &[SyscallId]| {
            let names: Vec<_> = calls.iter().map(|id| id.name()).collect();
            names.join(", ")
        };
        match self {
            Self::ArchitectureUnchecked { witness } => write!(
                f,
                "the architecture is not checked: number {} passes on architecture {:#x}",
                witness[Word::NR.index()],
                witness[Word::ARCH.index()]
            ),
            Self::WayRound { arch, by, calls } => write!(
                f,
                "refused on {arch}, but not by the {by} numbers of the same machine: {}",
                list(calls)
            ),
            Self::Truncated {
                arch,
                call,
                arg,
                refused,
                passes,
            } => {
                let value = |point: &Point| {
                    u64::from(point[Word::high(*arg).index()]) << 32
                        | u64::from(point[Word::low(*arg).index()])
                };
                write!(
                    f,
                    "{arch}: {call} with argument {arg} = {:#x} is refused, but with {:#x}, which the kernel \
                     takes for the same, it passes",
                    value(refused),
                    value(passes)
                )
            }
            Self::Dead(dead) => {
                let places: Vec<_> = dead.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "instructions that no call reaches: {}",
                    places.join(", ")
                )
            }
            Self::Uncached { arch, calls } => write!(
                f,
                "{arch}: permitted without conditions, but not remembered by the kernel: {}",
                list(calls)
            ),
            Self::Dangerous { arch, calls } => {
                write!(f, "{arch}: dangerous calls can pass: {}", list(calls))
            }
        }
    }
}
