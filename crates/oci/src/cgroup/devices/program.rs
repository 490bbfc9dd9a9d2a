//! From a policy on devices to a program of the kernel's (`BPF_PROG_TYPE_CGROUP_DEVICE`, since 4.15).
//!
//! The program gets what is about to be done: `{ access << 16 | kind, major, minor }`, 32 bits each, and answers 1 to permit
//! it. An access can be several ways at once, such as reading and writing. As in the first version of cgroups, one
//! exception must permit all of them, and one that denies any of them is enough.

use super::{Access, Default, Devices, Kind, Policy};

/// `struct bpf_insn`, linux/bpf.h.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instruction {
    /// The operation.
    pub code: u8,
    /// The register that it changes or compares.
    pub target: u8,
    /// The register that it takes.
    pub source: u8,
    /// How far to jump, or where in memory.
    pub offset: i16,
    /// A number.
    pub number: i32,
}

/// `BPF_LDX | BPF_MEM | BPF_W`: loads 32 bits.
pub const LOAD: u8 = 0x61;
/// `BPF_ALU | BPF_MOV | BPF_X`: copies the lower 32 bits and clears the upper.
pub const COPY: u8 = 0xbc;
/// `BPF_ALU64 | BPF_MOV | BPF_K`
pub const PUT: u8 = 0xb7;
/// `BPF_ALU | BPF_AND | BPF_K`
pub const AND: u8 = 0x54;
/// `BPF_ALU | BPF_RSH | BPF_K`
pub const SHIFT: u8 = 0x74;
/// `BPF_JMP | BPF_JNE | BPF_K`
pub const UNLESS: u8 = 0x55;
/// `BPF_JMP | BPF_JEQ | BPF_K`
pub const IF: u8 = 0x15;
/// `BPF_JMP | BPF_EXIT`
pub const END: u8 = 0x95;

// The context comes in register 1, the answer goes to register 0.
const ANSWER: u8 = 0;
const CONTEXT: u8 = 1;
const KIND: u8 = 2;
const ACCESS: u8 = 3;
const MAJOR: u8 = 4;
const MINOR: u8 = 5;
const SCRATCH: u8 = 6;

const fn instruction(code: u8, target: u8, source: u8, offset: i16, number: i32) -> Instruction {
    Instruction {
        code,
        target,
        source,
        offset,
        number,
    }
}

/// Compiles a policy.
pub fn compile(policy: &Policy) -> Vec<Instruction> {
    let mut program = vec![
        instruction(LOAD, KIND, CONTEXT, 0, 0),
        instruction(COPY, ACCESS, KIND, 0, 0),
        instruction(SHIFT, ACCESS, 0, 0, 16),
        instruction(AND, KIND, 0, 0, 0xffff),
        instruction(LOAD, MAJOR, CONTEXT, 4, 0),
        instruction(LOAD, MINOR, CONTEXT, 8, 0),
    ];
    for (devices, access) in &policy.exceptions {
        program.extend(exception(*devices, *access, policy.default));
    }
    program.extend(answer(i32::from(policy.default == Default::Allow)));
    program
}

fn answer(number: i32) -> [Instruction; 2] {
    [
        instruction(PUT, ANSWER, 0, 0, number),
        instruction(END, 0, 0, 0, 0),
    ]
}

/// Tests for one exception, and answers if it is.
fn exception(devices: Devices, access: Access, default: Default) -> Vec<Instruction> {
    let kind = match devices.kind {
        // BPF_DEVCG_DEV_BLOCK, BPF_DEVCG_DEV_CHAR
        Kind::Block => 1,
        Kind::Character => 2,
    };
    let mut tests = vec![instruction(UNLESS, KIND, 0, 0, kind)];
    match default {
        Default::Deny if access == Access::ALL => {}
        // A way that is not permitted is among the wanted ones.
        Default::Deny => {
            let others = i32::from(Access::ALL.bits() & !access.bits());
            tests.extend([
                instruction(COPY, SCRATCH, ACCESS, 0, 0),
                instruction(AND, SCRATCH, 0, 0, others),
                instruction(UNLESS, SCRATCH, 0, 0, 0),
            ]);
        }
        // No way that is denied is among the wanted ones.
        Default::Allow => tests.extend([
            instruction(COPY, SCRATCH, ACCESS, 0, 0),
            instruction(AND, SCRATCH, 0, 0, i32::from(access.bits())),
            instruction(IF, SCRATCH, 0, 0, 0),
        ]),
    }
    for (register, number) in [(MAJOR, devices.major), (MINOR, devices.minor)] {
        if let Some(number) = number {
            // Device numbers have 12 and 20 bits.
            tests.push(instruction(UNLESS, register, 0, 0, number.cast_signed()));
        }
    }
    let end = tests.len() + 2;
    for (place, test) in tests.iter_mut().enumerate() {
        if matches!(test.code, UNLESS | IF) {
            // At most 10 instructions are jumped over.
            test.offset = (end - place - 1) as i16;
        }
    }
    tests.extend(answer(i32::from(default == Default::Deny)));
    tests
}

/// The program as the kernel takes it, on this machine.
pub fn bytes(program: &[Instruction]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(program.len() * 8);
    for one in program {
        let registers = if cfg!(target_endian = "little") {
            one.source << 4 | one.target
        } else {
            one.target << 4 | one.source
        };
        bytes.extend([one.code, registers]);
        bytes.extend(one.offset.to_ne_bytes());
        bytes.extend(one.number.to_ne_bytes());
    }
    bytes
}
