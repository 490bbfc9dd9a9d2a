//! Debian's libseccomp, by its module for Python: a process that compiles one policy whenever it is asked.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use casemate_model::names::Arch;
use casemate_model::names::arch::Endian;
use casemate_model::syscalls::{Action, Call, Case, Operator, SyscallPolicy, Width};
use casemate_seccomp::Program;

use crate::program;

// Debian's Python, for which Debian's module is.
const PYTHON: &str = "/usr/bin/python3";

/// The process.
pub struct Peer {
    /// How the tables call it.
    pub name: String,
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    line: String,
}

impl Peer {
    /// Starts it for a policy, or says why that is not possible.
    pub fn start(policy: &SyscallPolicy, archs: &[Arch], optimize: u8) -> Result<Self, String> {
        let line = json(policy, archs, optimize)
            .ok_or_else(|| "the policy says what libseccomp cannot".to_owned())?;
        if !Path::new(PYTHON).exists() {
            return Err(format!("no {PYTHON}"));
        }
        let script = program::workspace().join("crates/seccomp/tests/all/libseccomp.py");
        let mut child = Command::new(PYTHON)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let (asks, answers) = (child.stdin.take(), child.stdout.take());
        Ok(Self {
            name: format!("libseccomp, optimize {optimize}"),
            child,
            asks,
            answers: BufReader::new(answers.ok_or("no output")?),
            line,
        })
    }

    /// Compiles the policy: milliseconds, and the filter.
    pub fn compile(&mut self) -> Result<(f64, Program), String> {
        let asks = self.asks.as_mut().ok_or("no input")?;
        asks.write_all(self.line.as_bytes())
            .and_then(|()| asks.flush())
            .map_err(|error| error.to_string())?;
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        let (took, digits) = line
            .trim()
            .split_once(' ')
            .unwrap_or(("error", "no answer"));
        let took = took.parse::<f64>().map_err(|_| digits.to_owned())?;
        let bytes: Option<Vec<u8>> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
            .collect();
        let program = Program::from_bytes(&bytes.unwrap_or_default(), Endian::Little)
            .map_err(|error| error.to_string())?;
        Ok((took, program))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends when nobody can ask any more.
        drop(self.asks.take());
        if let Err(error) = self.child.wait() {
            eprintln!("bench: {}: {error}", self.name);
        }
    }
}

// As libseccomp.py reads it. `None` is a policy that libseccomp cannot say.
fn json(policy: &SyscallPolicy, archs: &[Arch], optimize: u8) -> Option<String> {
    if policy.default != Action::EPERM {
        return None;
    }
    let mut rules = Vec::new();
    for (call, cases) in &policy.rules {
        let id = match call {
            Call::Named(id) => *id,
            Call::On(arch, id) if [*arch] == *archs => *id,
            Call::On(..) | Call::Numbers(..) => return None,
        };
        for case in cases {
            rules.extend(rule(id.name(), case)?);
        }
    }
    let others: Vec<&str> = archs
        .iter()
        .filter_map(|arch| match arch {
            Arch::I386 => Some("\"x86\""),
            Arch::X32 => Some("\"x32\""),
            _ => None,
        })
        .collect();
    let (others, list) = (others.join(", "), rules.join(", "));
    Some(format!(
        "{{\"optimize\": {optimize}, \"archs\": [{others}], \"rules\": [{list}]}}\n"
    ))
}

// An empty list is a rule that says what is so anyway, which libseccomp refuses.
fn rule(name: &str, case: &Case) -> Option<Vec<String>> {
    let errno = match case.action {
        Action::Allow => 0,
        Action::EPERM => return Some(Vec::new()),
        Action::Errno(errno) => errno,
        _ => return None,
    };
    let tests: Vec<String> = case
        .when
        .iter()
        .map(|one| {
            let (op, a, b) = match one.operator {
                _ if one.width != Width::Raw64 => return None,
                Operator::NotEqual(k) => ("ne", k, 0),
                Operator::Less(k) => ("lt", k, 0),
                Operator::AtMost(k) => ("le", k, 0),
                Operator::Equal(k) => ("eq", k, 0),
                Operator::AtLeast(k) => ("ge", k, 0),
                Operator::Greater(k) => ("gt", k, 0),
                Operator::Masked { mask, value } => ("masked", mask, value),
                Operator::NotMasked { .. } | Operator::In(_) | Operator::NotIn(_) => return None,
            };
            Some(format!("[{}, \"{op}\", {a}, {b}]", one.arg.index()))
        })
        .collect::<Option<_>>()?;
    Some(vec![format!(
        "[\"{name}\", [{}], {errno}]",
        tests.join(", ")
    )])
}
