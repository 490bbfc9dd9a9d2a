//! Filters as text: `tcpdump -d` and its -dd and -ddd, written and read, and the assembler's language of the kernel's
//! `bpf_asm`, read.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use casemate_model::names::arch::Endian;

use crate::bpf::{
    Arithmetic, Comparison, Instruction, Operation, Program, ProgramError, Register, Source,
    validate,
};

/// Writes a program as `tcpdump -d` would.
pub fn write(program: &Program) -> String {
    let mut text = String::new();
    for (at, instruction) in program.instructions.iter().enumerate() {
        let (name, operand) = words(at, *instruction);
        let line = match instruction.operation() {
            Some(Operation::Branch(_, _, yes, no)) => format!(
                "({at:03}) {name:<8} {operand:<16} jt {}\tjf {}",
                at + 1 + usize::from(yes),
                at + 1 + usize::from(no)
            ),
            _ => format!("({at:03}) {name:<8} {operand}"),
        };
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Writes a program as `tcpdump -dd` would: the elements of a C array.
pub fn write_c(program: &Program) -> String {
    let mut text = String::new();
    for i in &program.instructions {
        // PANIC: writing to a String cannot fail.
        if writeln!(
            text,
            "{{ {:#x}, {}, {}, 0x{:08x} }},",
            i.code, i.jt, i.jf, i.k
        )
        .is_err()
        {
            break;
        }
    }
    text
}

/// Writes a program as `tcpdump -ddd` would: decimal numbers, their count first.
pub fn write_decimal(program: &Program) -> String {
    let mut text = format!("{}\n", program.instructions.len());
    for i in &program.instructions {
        if writeln!(text, "{} {} {} {}", i.code, i.jt, i.jf, i.k).is_err() {
            break;
        }
    }
    text
}

fn words(at: usize, instruction: Instruction) -> (&'static str, String) {
    let hex = |source: Source| match source {
        Source::K(k) => format!("#{k:#x}"),
        Source::X => "x".to_owned(),
    };
    let decimal = |source: Source| match source {
        Source::K(k) => format!("#{k}"),
        Source::X => "x".to_owned(),
    };
    let load = |register| match register {
        Register::A => "ld",
        Register::X => "ldx",
    };
    match instruction.operation() {
        None => ("unimp", format!("{:#x}", instruction.code)),
        Some(Operation::Load(offset)) => ("ld", format!("[{offset}]")),
        Some(Operation::LoadSize(register)) => (load(register), "#pktlen".to_owned()),
        Some(Operation::LoadConstant(register, k)) => (load(register), format!("#{k:#x}")),
        Some(Operation::LoadScratch(register, word)) => (load(register), format!("M[{word}]")),
        Some(Operation::Store(Register::A, word)) => ("st", format!("M[{word}]")),
        Some(Operation::Store(Register::X, word)) => ("stx", format!("M[{word}]")),
        Some(Operation::Negate) => ("neg", String::new()),
        Some(Operation::ToIndex) => ("tax", String::new()),
        Some(Operation::FromIndex) => ("txa", String::new()),
        Some(Operation::Return(k)) => ("ret", format!("#{k}")),
        Some(Operation::ReturnAccumulator) => ("ret", String::new()),
        Some(Operation::Jump(skip)) => ("ja", (at as u64 + 1 + u64::from(skip)).to_string()),
        Some(Operation::Branch(comparison, source, _, _)) => {
            let name = match comparison {
                Comparison::Equal => "jeq",
                Comparison::Greater => "jgt",
                Comparison::AtLeast => "jge",
                Comparison::AnyBit => "jset",
            };
            (name, hex(source))
        }
        Some(Operation::Compute(arithmetic, source)) => match arithmetic {
            Arithmetic::Add => ("add", decimal(source)),
            Arithmetic::Subtract => ("sub", decimal(source)),
            Arithmetic::Multiply => ("mul", decimal(source)),
            Arithmetic::Divide => ("div", decimal(source)),
            Arithmetic::And => ("and", hex(source)),
            Arithmetic::Or => ("or", hex(source)),
            Arithmetic::Xor => ("xor", hex(source)),
            Arithmetic::ShiftLeft => ("lsh", decimal(source)),
            Arithmetic::ShiftRight => ("rsh", decimal(source)),
        },
    }
}

/// Why a text is no filter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ListingError {
    /// A line that is none of an instruction, a label or a comment.
    Line {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
        /// What was expected.
        expected: Expected,
    },
    /// A label that is nowhere.
    Label {
        /// The line that jumps there.
        line: usize,
        /// The label.
        label: String,
    },
    /// A jump backwards, or too far for one.
    Jump {
        /// The line.
        line: usize,
        /// The label or number.
        to: String,
    },
    /// The count at the top is not the number of lines.
    Count {
        /// What the text says.
        said: usize,
        /// What it has.
        found: usize,
    },
    /// The kernel would refuse the program.
    Program(ProgramError),
}

/// What a line lacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// The name of an operation.
    Operation,
    /// A number.
    Number,
    /// An operand such as `[4]`, `#0x1`, `M[0]` or `x`.
    Operand,
    /// Where to go on.
    Target,
    /// Four numbers: code, jt, jf, k.
    FourNumbers,
    /// The end of the line.
    End,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operation => "an operation such as ld, jeq or ret",
            Self::Number => "a number",
            Self::Operand => "an operand such as [4], #0x1, M[0] or x",
            Self::Target => "a label or a line to jump to",
            Self::FourNumbers => "four numbers: code, jt, jf, k",
            Self::End => "the end of the line",
        })
    }
}

impl fmt::Display for ListingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line {
                line,
                column,
                expected,
            } => write!(f, "line {line}, column {column}: expected {expected}"),
            Self::Label { line, label } => write!(f, "line {line}: no label {label:?}"),
            Self::Jump { line, to } => write!(
                f,
                "line {line}: {to:?} is behind the jump or farther than a comparison reaches (255 instructions)"
            ),
            Self::Count { said, found } => {
                write!(
                    f,
                    "line 1: {said} instructions are announced, {found} follow"
                )
            }
            Self::Program(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ListingError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Program(error) => Some(error),
            _ => None,
        }
    }
}

/// Reads any of the forms, for a machine of this byte order, and checks the program as the kernel would.
pub fn read(text: &str, endian: Endian) -> Result<Program, ListingError> {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("/*") && !line.starts_with(';'));
    let instructions = match first {
        Some(line) if line.starts_with('{') => read_c(text)?,
        Some(line) if line.bytes().all(|b| b.is_ascii_digit()) => read_decimal(text)?,
        _ => Assembler::read(text)?,
    };
    validate(&instructions).map_err(ListingError::Program)?;
    Ok(Program {
        instructions,
        endian,
    })
}

fn four(
    line: usize,
    text: &str,
    separator: impl Fn(char) -> bool,
) -> Result<Instruction, ListingError> {
    let error = ListingError::Line {
        line,
        column: 1,
        expected: Expected::FourNumbers,
    };
    let numbers: Vec<u32> = text
        .split(separator)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(number)
        .collect::<Option<_>>()
        .ok_or_else(|| error.clone())?;
    let [code, jt, jf, k] = numbers[..] else {
        return Err(error);
    };
    match (u16::try_from(code), u8::try_from(jt), u8::try_from(jf)) {
        (Ok(code), Ok(jt), Ok(jf)) => Ok(Instruction { code, jt, jf, k }),
        _ => Err(error),
    }
}

fn read_c(text: &str) -> Result<Vec<Instruction>, ListingError> {
    (1..)
        .zip(text.lines())
        .map(|(number, line)| (number, line.split("//").next().unwrap_or("").trim()))
        .filter(|(_, line)| !line.is_empty())
        .map(|(number, line)| {
            let inner = line.trim_end_matches(',').trim();
            let inner = inner
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'))
                .unwrap_or("");
            four(number, inner, |c| c == ',')
        })
        .collect()
}

fn read_decimal(text: &str) -> Result<Vec<Instruction>, ListingError> {
    let mut lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    let said = lines
        .next()
        .and_then(|(_, line)| line.trim().parse().ok())
        .unwrap_or(0);
    let instructions = lines
        .map(|(number, line)| four(number, line, char::is_whitespace))
        .collect::<Result<Vec<_>, _>>()?;
    if instructions.len() != said {
        return Err(ListingError::Count {
            said,
            found: instructions.len(),
        });
    }
    Ok(instructions)
}

fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    if digits.starts_with(['+', '-']) {
        return text.parse::<i32>().ok().map(|number| number as u32);
    }
    u32::from_str_radix(digits, radix).ok()
}

// A place to jump to: a label, or the number of an instruction.
#[derive(Clone, Debug)]
enum Target {
    Next,
    Label(String),
    Absolute(usize),
}

struct Pending {
    line: usize,
    instruction: Instruction,
    yes: Target,
    no: Target,
}

#[derive(Default)]
struct Assembler {
    pending: Vec<Pending>,
    labels: BTreeMap<String, usize>,
}

impl Assembler {
    fn read(text: &str) -> Result<Vec<Instruction>, ListingError> {
        let mut assembler = Self::default();
        let text = without_comments(text);
        for (number, line) in (1..).zip(text.lines()) {
            assembler.line(number, line)?;
        }
        assembler.resolve()
    }

    fn line(&mut self, line: usize, whole: &str) -> Result<(), ListingError> {
        let mut rest = whole.trim();
        let column = |rest: &str| {
            whole.len() - whole.trim_end().len().min(whole.len()) + whole.trim_end().len()
                - rest.len()
                + 1
        };
        // The position in front of a listing's line.
        if let Some((position, after)) =
            rest.strip_prefix('(').and_then(|rest| rest.split_once(')'))
            && position.bytes().all(|byte| byte.is_ascii_digit())
        {
            rest = after.trim_start();
        }
        while let Some((label, after)) = rest.split_once(':') {
            if label.is_empty()
                || !label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'_')
            {
                break;
            }
            self.labels.insert(label.to_owned(), self.pending.len());
            rest = after.trim_start();
        }
        if rest.is_empty() {
            return Ok(());
        }
        let (name, operands) = rest
            .split_once(char::is_whitespace)
            .map_or((rest, ""), |(name, operands)| (name, operands.trim()));
        let pending = parse(name, operands).map_err(|expected| ListingError::Line {
            line,
            column: if expected == Expected::Operation {
                column(rest)
            } else {
                column(operands)
            },
            expected,
        })?;
        let (instruction, yes, no) = pending;
        self.pending.push(Pending {
            line,
            instruction,
            yes,
            no,
        });
        Ok(())
    }

    fn resolve(self) -> Result<Vec<Instruction>, ListingError> {
        let skip = |at: usize, line: usize, target: &Target| -> Result<u32, ListingError> {
            let (to, name) = match target {
                Target::Next => return Ok(0),
                Target::Absolute(to) => (*to, to.to_string()),
                Target::Label(label) => {
                    let to = self.labels.get(label).ok_or_else(|| ListingError::Label {
                        line,
                        label: label.clone(),
                    })?;
                    (*to, label.clone())
                }
            };
            to.checked_sub(at + 1)
                .and_then(|skip| u32::try_from(skip).ok())
                .ok_or(ListingError::Jump { line, to: name })
        };
        let mut instructions = Vec::with_capacity(self.pending.len());
        for (at, pending) in self.pending.iter().enumerate() {
            let mut instruction = pending.instruction;
            let yes = skip(at, pending.line, &pending.yes)?;
            let no = skip(at, pending.line, &pending.no)?;
            if matches!(instruction.operation(), Some(Operation::Jump(_))) {
                instruction.k = yes;
            } else {
                let short = |skip: u32| {
                    u8::try_from(skip).map_err(|_| ListingError::Jump {
                        line: pending.line,
                        to: (at as u64 + 1 + u64::from(skip)).to_string(),
                    })
                };
                instruction.jt = short(yes)?;
                instruction.jf = short(no)?;
            }
            instructions.push(instruction);
        }
        Ok(instructions)
    }
}

fn without_comments(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        clean.push_str(before);
        let (comment, after) = after.split_once("*/").unwrap_or((after, ""));
        clean.extend(comment.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    clean.push_str(rest);
    clean
        .lines()
        .map(|line| line.split([';']).next().unwrap_or(""))
        .collect::<Vec<_>>()
        .join("\n")
}

type Parsed = (Instruction, Target, Target);

fn parse(name: &str, operands: &str) -> Result<Parsed, Expected> {
    let plain = |code, k| Ok((Instruction::plain(code, k), Target::Next, Target::Next));
    match name {
        "ld" | "ldx" => {
            let x = u16::from(name == "ldx");
            match operand(operands)? {
                Operand::Offset(offset) if x == 0 => plain(0x20, offset),
                Operand::Constant(k) => plain(x, k),
                Operand::Size => plain(0x80 | x, 0),
                Operand::Scratch(word) => plain(0x60 | x, word),
                Operand::Offset(_) | Operand::Index => Err(Expected::Operand),
            }
        }
        "ldi" | "ldxi" => match operand(operands)? {
            Operand::Constant(k) => plain(u16::from(name == "ldxi"), k),
            _ => Err(Expected::Operand),
        },
        "st" | "stx" => match operand(operands)? {
            Operand::Scratch(word) => plain(if name == "st" { 0x02 } else { 0x03 }, word),
            _ => Err(Expected::Operand),
        },
        "tax" => plain(0x07, 0),
        "txa" => plain(0x87, 0),
        "neg" => plain(0x84, 0),
        "ret" => match operands {
            "" | "a" | "A" | "%a" => plain(0x16, 0),
            _ => match operand(operands)? {
                Operand::Constant(k) => plain(0x06, k),
                _ => Err(Expected::Operand),
            },
        },
        "ja" | "jmp" => Ok((Instruction::plain(0x05, 0), target(operands)?, Target::Next)),
        _ => match arithmetic(name) {
            Some(code) => match operand(operands)? {
                Operand::Constant(k) => plain(code, k),
                Operand::Index => plain(code | 0x08, 0),
                _ => Err(Expected::Operand),
            },
            None => branch(name, operands),
        },
    }
}

fn arithmetic(name: &str) -> Option<u16> {
    Some(match name {
        "add" => 0x04,
        "sub" => 0x14,
        "mul" => 0x24,
        "div" => 0x34,
        "or" => 0x44,
        "and" => 0x54,
        "lsh" => 0x64,
        "rsh" => 0x74,
        "xor" => 0xa4,
        _ => return None,
    })
}

fn branch(name: &str, operands: &str) -> Result<Parsed, Expected> {
    let (code, inverted) = match name {
        "jeq" => (0x15, false),
        "jne" | "jneq" => (0x15, true),
        "jgt" => (0x25, false),
        "jle" => (0x25, true),
        "jge" => (0x35, false),
        "jlt" => (0x35, true),
        "jset" => (0x45, false),
        _ => return Err(Expected::Operation),
    };
    // A listing has `jt` and `jf` and no commas; the assembler has commas.
    let parts: Vec<&str> = if operands.contains(',') {
        operands.split(',').map(str::trim).collect()
    } else {
        operands
            .split_whitespace()
            .filter(|part| !matches!(*part, "jt" | "jf"))
            .collect()
    };
    let (value, yes, no) = match parts[..] {
        [value, yes, no] => (value, target(yes)?, target(no)?),
        [value, yes] => (value, target(yes)?, Target::Next),
        _ => return Err(Expected::Target),
    };
    let (code, k) = match operand(value)? {
        Operand::Constant(k) => (code, k),
        Operand::Index => (code | 0x08, 0),
        _ => return Err(Expected::Operand),
    };
    let (yes, no) = if inverted { (no, yes) } else { (yes, no) };
    Ok((Instruction::plain(code, k), yes, no))
}

fn target(text: &str) -> Result<Target, Expected> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(Expected::Target);
    }
    if let Ok(position) = text.parse() {
        return Ok(Target::Absolute(position));
    }
    let label = text.strip_prefix('#').unwrap_or(text);
    Ok(Target::Label(label.to_owned()))
}

enum Operand {
    Offset(u32),
    Constant(u32),
    Scratch(u32),
    Size,
    Index,
}

fn operand(text: &str) -> Result<Operand, Expected> {
    let inside = |open: &str| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(']'))
            .map(str::trim)
    };
    let read = |text| number(text).ok_or(Expected::Number);
    match text {
        "x" | "X" | "%x" => return Ok(Operand::Index),
        "#pktlen" | "len" | "#len" | "pktlen" => return Ok(Operand::Size),
        _ => {}
    }
    if let Some(offset) = inside("[") {
        return Ok(Operand::Offset(read(offset)?));
    }
    if let Some(word) = inside("M[") {
        return Ok(Operand::Scratch(read(word)?));
    }
    if let Some(constant) = text.strip_prefix('#') {
        return Ok(Operand::Constant(read(constant)?));
    }
    Err(Expected::Operand)
}
