//! What a verb works on: a filter or a policy, from a file, a live process, or Casemate itself.

use super::live;
use super::settings::Settings;
use crate::failure::{Failure, tell};
use casemate_formats::profile::error::printable;
use casemate_model::names::Arch;
use casemate_model::names::suggest::nearest;
use casemate_model::syscalls::SyscallPolicy;
use casemate_seccomp::explain::{Explanation, explain};
use casemate_seccomp::formats::{self, Context, FORMATS, Loader};
use casemate_seccomp::lift::LiftError;
use casemate_seccomp::listing::ListingError;
use casemate_seccomp::{Program, compile, fuse, language, listing};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// An input.
#[derive(Debug)]
pub struct Input {
    /// How messages call it.
    pub name: String,
    /// What it holds.
    pub what: What,
    /// The numberings of the machine that it is for, its own first.
    pub machine: Vec<Arch>,
}

/// What an input holds.
#[derive(Debug)]
pub enum What {
    /// Rules.
    Policy(Box<SyscallPolicy>),
    /// Instructions.
    Program(Program),
}

/// The longest file that is read: a hundred times the largest profile in use.
const LONGEST: u64 = 4 << 20;

/// The format that is none of [`FORMATS`].
const OWN: [&str; 1] = ["text"];

impl Input {
    /// Reads what a word of the command line names.
    pub fn read(settings: &Settings, word: &OsStr) -> Result<Self, Failure> {
        let name = word.to_string_lossy().into_owned();
        if name == "ordinary" {
            return Ok(Self::policy(settings, name, SyscallPolicy::ordinary()));
        }
        if let Some(process) = name.strip_prefix("pid:") {
            let program = live(process, settings)?;
            let machine = settings.machine();
            return Ok(Self {
                name,
                what: What::Program(program),
                machine,
            });
        }
        let path = Path::new(word);
        let (name, bytes) = if name == "-" {
            let name = "standard input".to_owned();
            (name.clone(), bounded(io::stdin().lock(), Path::new(&name))?)
        } else {
            (path.display().to_string(), bounded(open(path)?, path)?)
        };
        Self::parse(settings, name, &bytes)
    }

    fn parse(settings: &Settings, name: String, bytes: &[u8]) -> Result<Self, Failure> {
        let form = match &settings.from {
            Some(form) => form.as_str(),
            None => detect(bytes, &name)?,
        };
        let wrong = |what: String| Failure::usage(format!("{name}: {what}"), None);
        let program = match form {
            "bpf" => Program::from_bytes_either(bytes).map_err(|error| wrong(error.to_string()))?,
            "asm" => {
                let endian = settings
                    .machine()
                    .first()
                    .map_or(casemate_model::names::arch::Endian::Little, |arch| {
                        arch.endian()
                    });
                listing::read(text(bytes, &name)?, endian)
                    .map_err(|error| Failure::usage(placed(&name, &error), None))?
            }
            "text" => {
                let policy = language::read(text(bytes, &name)?, &name, &mut |from, path| {
                    include(from, path)
                })
                .map_err(|error| Failure::usage(error.to_string(), None))?;
                return Ok(Self::policy(settings, name, policy));
            }
            other => return Self::foreign(settings, name, bytes, other),
        };
        let machine = settings.machine();
        Ok(Self {
            name,
            what: What::Program(program),
            machine,
        })
    }

    // In a format of other programs.
    fn foreign(
        settings: &Settings,
        name: String,
        bytes: &[u8],
        form: &str,
    ) -> Result<Self, Failure> {
        let format = formats::find(form).ok_or_else(|| {
            let known: Vec<&str> = known().collect();
            let hint = match nearest(form, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("one of {}", known.join(", ")),
            };
            Failure::usage(format!("`--from` cannot be `{form}`"), hint)
        })?;
        let machine = settings.machine();
        let context = Context {
            archs: &machine,
            kernel: settings.kernel,
            capabilities: settings.capabilities,
            unknown: None,
            loader: &Files,
        };
        let reading = (format.read)(&name, bytes, &context)
            .map_err(|error| Failure::usage(error.to_string(), None))?;
        for note in reading.notes {
            tell(&format!("note: {}\n", printable(&note.to_string())));
        }
        Ok(Self::policy(settings, name, reading.policy))
    }

    fn policy(settings: &Settings, name: String, policy: SyscallPolicy) -> Self {
        let mut machine = settings.machine();
        let covers = machine.iter().any(|arch| policy.archs.contains(arch));
        // A policy for other machines says itself which.
        if settings.archs.is_none()
            && !covers
            && let Some(first) = policy.archs.first()
        {
            machine = policy
                .archs
                .iter()
                .copied()
                .filter(|arch| *arch == *first || first.companions().contains(arch))
                .collect();
        }
        Self {
            name,
            what: What::Policy(Box::new(policy)),
            machine,
        }
    }

    /// The instructions: those of the input, or what its policy compiles to.
    pub fn program(&self) -> Result<Program, Failure> {
        match &self.what {
            What::Program(program) => Ok(program.clone()),
            What::Policy(policy) => compile(policy, &self.machine)
                .map_err(|error| Failure::usage(format!("{}: {error}", self.name), None)),
        }
    }

    /// The rules: those of the input, or what its filter is read back as.
    pub fn rules(&self) -> Result<SyscallPolicy, Failure> {
        match &self.what {
            What::Policy(policy) => Ok(SyscallPolicy::clone(policy)),
            What::Program(program) => {
                match explain(program).map_err(|e| lifting(&self.name, &e))? {
                    Explanation::Policy(policy) => Ok(policy),
                    Explanation::Numbers(_) => Err(Failure::usage(
                        format!("{}: no policy says what this filter does", self.name),
                        "`casemate seccomp explain` lists it by number".to_owned(),
                    )),
                }
            }
        }
    }
}

/// What is wrong with a listing, its place first.
fn placed(name: &str, error: &ListingError) -> String {
    match error {
        ListingError::Line {
            line,
            column,
            expected,
        } => format!("{name}:{line}:{column}: expected {expected}"),
        ListingError::Label { line, label } => format!("{name}:{line}: no label {label:?}"),
        other => format!("{name}: {other}"),
    }
}

/// A failure to read a filter back.
pub fn lifting(name: &str, error: &LiftError) -> Failure {
    match error {
        LiftError::Undecided => Failure::Undecided(format!("{name}: {error}")),
        LiftError::Program(_) => Failure::usage(format!("{name}: {error}"), None),
    }
}

/// The words of `--from`.
fn known() -> impl Iterator<Item = &'static str> {
    OWN.into_iter()
        .chain(FORMATS.iter().map(|format| format.name))
}

fn live(process: &str, settings: &Settings) -> Result<Program, Failure> {
    let (pid, index) = match process.split_once('/') {
        Some((pid, index)) => (pid, Some(index)),
        None => (process, None),
    };
    let pid = live::pid(pid)?;
    let index = index
        .map(|index| {
            index.parse().map_err(|_| {
                Failure::usage(
                    format!("`{index}` is no number of a filter"),
                    "0 is the filter that was loaded last".to_owned(),
                )
            })
        })
        .transpose()?;
    let mut filters = live::filters(pid, index)?;
    if filters.len() == 1
        && let Some(only) = filters.pop()
    {
        return Ok(only);
    }
    // The kernel counts from the one that was loaded last.
    filters.reverse();
    fuse(&filters, &settings.machine())
        .map_err(|error| Failure::Undecided(format!("pid:{process}: {error}")))
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Failure {
    let path = path.to_owned();
    move |error| Failure::File {
        doing: "read",
        path,
        error,
    }
}

fn bounded(file: impl Read, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    file.take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(failed(path))?;
    if bytes.len() as u64 > LONGEST {
        let what = format!("{}: longer than {LONGEST} bytes", path.display());
        return Err(Failure::usage(what, None));
    }
    Ok(bytes)
}

fn text<'a>(bytes: &'a [u8], name: &str) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let line = 1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
        Failure::usage(
            format!("{name}:{line}: expected text in UTF-8, found another byte"),
            "a filter in binary form is read with `--from bpf`".to_owned(),
        )
    })
}

// A path in a policy counts from the directory of the policy.
fn include(from: &str, path: &str) -> Result<String, String> {
    let path: PathBuf = match Path::new(from).parent() {
        Some(directory) => directory.join(path),
        None => PathBuf::from(path),
    };
    let mut bytes = Vec::new();
    File::open(&path)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| error.to_string().to_lowercase())?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "not text in UTF-8".to_owned())
}

/// Brings included files.
struct Files;

impl Loader for Files {
    fn load(&self, name: &str, from: &str) -> Result<String, String> {
        include(from, name)
    }
}

/// The operations of listings that can come first.
const OPERATIONS: [&str; 8] = ["ld", "ldi", "ldx", "ldxi", "ret", "jmp", "ja", "tax"];

/// The words that begin a line of Casemate's language and no other.
const WORDS: [&str; 14] = [
    "arch",
    "kernel",
    "default",
    "newer",
    "foreign",
    "flags",
    "const",
    "group",
    "include",
    "allow",
    "errno",
    "trap",
    "trace",
    "kill-thread",
];

/// Tells what bytes are, from what is certain to what is not.
fn detect(bytes: &[u8], name: &str) -> Result<&'static str, Failure> {
    if bytes.is_empty() {
        return Err(Failure::usage(format!("{name}: the input is empty"), None));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok("bpf");
    };
    if text.contains('\0') {
        return Ok("bpf");
    }
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with(['#', ';']) && !line.starts_with("/*"))
        .unwrap_or_default();
    if is_listing(first, text) {
        return Ok("asm");
    }
    if is_ours(first) {
        return Ok("text");
    }
    Ok(formats::detect(bytes).map_or("text", |format| format.name))
}

// The operations of bpf_asm and of tcpdump -d, with an operand that no policy has.
fn is_listing(first: &str, text: &str) -> bool {
    let four = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.len() == 4 && words.iter().all(|word| word.parse::<u32>().is_ok())
    };
    if first.bytes().all(|byte| byte.is_ascii_digit()) && !first.is_empty() {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        return lines.nth(1).is_some_and(four);
    }
    let inner = first.strip_prefix('{').map(str::trim_start);
    if inner.is_some_and(|inner| inner.starts_with(|c: char| c.is_ascii_digit())) {
        return true;
    }
    let numbered = first
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'));
    if let Some((number, _)) = numbered {
        return !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    }
    let line = match first.split_once(':') {
        Some((label, rest)) if !label.contains(char::is_whitespace) => rest.trim_start(),
        _ => first,
    };
    let (operation, operand) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let operand = operand.trim_start();
    OPERATIONS.contains(&operation)
        && (operand.is_empty() || operand.starts_with(['[', '#', 'M', 'a', 'A', '%']))
}

fn is_ours(first: &str) -> bool {
    let word = first
        .split(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or_default();
    let followed = first.get(word.len()..).unwrap_or_default();
    WORDS.contains(&word)
        && followed.starts_with([' ', '\t', '('])
        && !followed.trim_start().starts_with(['=', ':'])
}

#[cfg(test)]
mod tests {
    use super::detect;

    #[test]
    fn inputs_are_told_apart() {
        let cases: &[(&[u8], &str)] = &[
            (b"\x20\0\0\0\x04\0\0\0", "bpf"),
            (b"\xff\xfe", "bpf"),
            (b"(000) ld       [4]\n(001) ret      #0\n", "asm"),
            (b"{ 0x20, 0, 0, 0x00000004 },\n{ 0x6, 0, 0, 0 },\n", "asm"),
            (b"2\n32 0 0 4\n6 0 0 0\n", "asm"),
            (b"; a comment\nld [4]\nret #0\n", "asm"),
            (b"start: ld [0]\nret #0\n", "asm"),
            (b"# mine\narch x86_64\nallow read\n", "text"),
            (b"errno(ENOSYS) socket(otherwise)\n", "text"),
            (b"default kill\n", "text"),
            (b"{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }", "oci"),
            (b"2\nallowlist errno 1\nread\n", "lxc"),
            (b"@default kill\nread: 1\n", "minijail"),
        ];
        for (bytes, expected) in cases {
            let found = detect(bytes, "x").unwrap();
            assert_eq!(found, *expected, "{}", String::from_utf8_lossy(bytes));
        }
        assert!(detect(b"", "x").is_err());
    }
}
