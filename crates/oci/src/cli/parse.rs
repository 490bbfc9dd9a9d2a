//! Takes a command line apart by the table. Flags may stand after the words, as with getopt(3).

use super::help;
use super::table::{Flag, GLOBAL, VERBS, Verb};
use crate::failure::Failure;
use crate::log::{Format, Log};
use casemate_model::names::suggest::nearest;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Who makes cgroups.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CgroupManager {
    /// The runtime itself, in the kernel's file system.
    Cgroupfs,
    /// systemd, by D-Bus.
    Systemd,
}

/// Whether the caller's lack of privilege is to be put up with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rootless {
    /// It is found out.
    Auto,
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// The flags of all verbs.
#[derive(Clone, Debug)]
pub struct Globals {
    /// The directory of states.
    pub root: PathBuf,
    /// Where messages go.
    pub log: Log,
    /// Who makes cgroups.
    pub cgroup_manager: CgroupManager,
    /// Whether the caller's lack of privilege is to be put up with.
    pub rootless: Rootless,
    /// The policy of `--harden`.
    pub harden: Option<String>,
}

impl Globals {
    /// The words that start the runtime again with these flags, for what the launcher has it do.
    pub fn again(&self) -> Vec<String> {
        let text = |text: &OsStr| text.to_string_lossy().into_owned();
        let mut words = vec!["--root".to_owned(), text(self.root.as_os_str())];
        if let Some(file) = &self.log.file {
            let format = match self.log.format {
                Format::Text => "text",
                Format::Json => "json",
            };
            words.extend([
                "--log".to_owned(),
                text(file),
                "--log-format".to_owned(),
                format.to_owned(),
            ]);
        }
        words
    }
}

/// A verb's flags and words.
#[derive(Clone, Debug)]
pub struct Call {
    /// The flags of all verbs.
    pub globals: Globals,
    flags: Vec<(&'static str, OsString)>,
    /// The words: mostly the container's id, and what follows.
    pub words: Vec<OsString>,
}

impl Call {
    /// Whether a flag was given.
    pub fn has(&self, name: &str) -> bool {
        self.flags.iter().any(|(flag, _)| *flag == name)
    }

    /// The last value of a flag.
    pub fn value(&self, name: &str) -> Option<&OsStr> {
        self.values(name).last()
    }

    /// All values of a flag.
    pub fn values<'s>(&'s self, name: &str) -> impl Iterator<Item = &'s OsStr> {
        self.flags
            .iter()
            .filter(move |(flag, _)| *flag == name)
            .map(|(_, value)| value.as_os_str())
    }

    /// The last value of a flag, as text.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        self.value(name)
            .map(|value| {
                value.to_str().ok_or_else(|| {
                    Failure::new(format!("the value of `--{name}` is not valid UTF-8"))
                })
            })
            .transpose()
    }

    /// A word, as text.
    ///
    /// # Errors
    /// It is missing, or not UTF-8.
    pub fn word(&self, index: usize, what: &str) -> Result<&str, Failure> {
        self.words
            .get(index)
            .ok_or_else(|| Failure::new(format!("{what} is missing")))?
            .to_str()
            .ok_or_else(|| Failure::new(format!("{what} is not valid UTF-8")))
    }
}

/// What a command line asks for.
#[derive(Debug)]
pub enum Parsed {
    /// Text, such as help.
    Say(String),
    /// A verb.
    Verb(&'static Verb, Call),
}

/// A command line that cannot be understood, and where to say so, when that was understood.
#[derive(Debug)]
pub struct Wrong {
    /// What is wrong.
    pub failure: Failure,
    /// Where messages go.
    pub log: Option<Log>,
}

/// Takes a command line apart.
pub fn parse(arguments: Vec<OsString>) -> Result<Parsed, Wrong> {
    let mut globals = Globals {
        root: default_root(),
        log: Log {
            file: None,
            format: Format::Text,
            debug: false,
        },
        cgroup_manager: CgroupManager::Cgroupfs,
        rootless: Rootless::Auto,
        harden: None,
    };
    match whole(arguments, &mut globals) {
        Ok(parsed) => Ok(parsed),
        Err(failure) => Err(Wrong {
            failure,
            log: Some(globals.log),
        }),
    }
}

fn whole(arguments: Vec<OsString>, globals: &mut Globals) -> Result<Parsed, Failure> {
    let mut rest = Words::new(arguments);
    let mut verb: Option<&'static Verb> = None;
    let mut flags = Vec::new();
    let mut words = Vec::new();
    let mut only_words = false;
    while let Some(word) = rest.next() {
        let bytes = word.as_bytes();
        let is_word = only_words || bytes == b"-" || !bytes.starts_with(b"-");
        let Some(known) = verb else {
            if is_word {
                verb = Some(find(&word)?);
            } else if let Some(text) = global(&word, &mut rest, globals)? {
                return Ok(Parsed::Say(text));
            }
            continue;
        };
        if is_word {
            words.push(word);
            // The words of a command of the container's are its own.
            if known.command_from.is_some_and(|at| words.len() > at) {
                words.extend(rest.by_ref());
            }
        } else if bytes == b"--" {
            only_words = true;
        } else if known.command_from.is_none() && is_negative_number(bytes) {
            words.push(word);
        } else if let Some(text) = own(known, &word, &mut rest, &mut flags, globals)? {
            return Ok(Parsed::Say(text));
        }
    }
    let Some(verb) = verb else {
        return Ok(Parsed::Say(help::overview()));
    };
    count(verb, words.len())?;
    Ok(Parsed::Verb(
        verb,
        Call {
            globals: globals.clone(),
            flags,
            words,
        },
    ))
}

/// Whether it is a number such as `-9`, which is a signal.
fn is_negative_number(bytes: &[u8]) -> bool {
    bytes
        .strip_prefix(b"-")
        .is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}

fn count(verb: &Verb, words: usize) -> Result<(), Failure> {
    let (least, most) = verb.words;
    if words < least {
        return Err(Failure::with_hint(
            format!("`{}` needs {}", verb.name, verb.synopsis),
            format!("see `casemate-oci {} --help`", verb.name),
        ));
    }
    if words > most {
        return Err(Failure::with_hint(
            format!("`{}` takes {} and nothing else", verb.name, verb.synopsis),
            format!("see `casemate-oci {} --help`", verb.name),
        ));
    }
    Ok(())
}

fn find(word: &OsStr) -> Result<&'static Verb, Failure> {
    let name = word.to_string_lossy();
    VERBS.iter().find(|verb| verb.name == name).ok_or_else(|| {
        let near = nearest(&name, VERBS.iter().map(|verb| verb.name));
        Failure::with_hint(
            format!("unknown command `{name}`"),
            near.map_or_else(
                || "`casemate-oci --help` lists the commands".to_owned(),
                |near| format!("did you mean `{near}`?"),
            ),
        )
    })
}

/// A flag before the verb. Returns what is to be said when it asks for that.
fn global(
    word: &OsStr,
    rest: &mut Words,
    globals: &mut Globals,
) -> Result<Option<String>, Failure> {
    let (flag, value) = flag(GLOBAL, word, rest, "casemate-oci")?;
    match flag.name {
        "help" => return Ok(Some(help::overview())),
        "version" => return Ok(Some(help::version())),
        _ => apply(flag.name, &value, globals)?,
    }
    Ok(None)
}

/// A flag after the verb: its own, or one of all verbs.
fn own(
    verb: &'static Verb,
    word: &OsStr,
    rest: &mut Words,
    flags: &mut Vec<(&'static str, OsString)>,
    globals: &mut Globals,
) -> Result<Option<String>, Failure> {
    let name = name_of(word);
    let of_all = |flag: &&Flag| flag.name == name && !matches!(flag.name, "help" | "version");
    let is_own = verb.flags.iter().any(|flag| flag.name == name);
    if !is_own && word.as_bytes().starts_with(b"--") && GLOBAL.iter().any(|flag| of_all(&flag)) {
        return global(word, rest, globals);
    }
    if name == "help" || (word == "-h" && !verb.flags.iter().any(|flag| flag.short == Some('h'))) {
        return Ok(Some(help::of(verb)));
    }
    let before = rest.letters.is_some();
    let (flag, value) = flag(verb.flags, word, rest, verb.name)?;
    debug_assert!(!before, "letters are taken one after the other");
    flags.push((flag.name, value));
    Ok(None)
}

/// The name of a long flag.
fn name_of(word: &OsStr) -> String {
    let text = word.to_string_lossy();
    let name = text.strip_prefix("--").unwrap_or("");
    name.split('=').next().unwrap_or("").to_owned()
}

/// Words that are left, and letters of one that holds several flags.
struct Words {
    words: std::vec::IntoIter<OsString>,
    letters: Option<OsString>,
}

impl Words {
    fn new(words: Vec<OsString>) -> Self {
        Self {
            words: words.into_iter(),
            letters: None,
        }
    }
}

impl Iterator for Words {
    type Item = OsString;

    fn next(&mut self) -> Option<OsString> {
        self.letters.take().or_else(|| self.words.next())
    }
}

/// Finds a flag and its value.
fn flag(
    flags: &'static [Flag],
    word: &OsStr,
    rest: &mut Words,
    of: &str,
) -> Result<(&'static Flag, OsString), Failure> {
    let bytes = word.as_bytes();
    let is_long = bytes.starts_with(b"--");
    let (name, attached) = if is_long {
        let mut parts = bytes.splitn(2, |byte| *byte == b'=');
        let name = String::from_utf8_lossy(parts.next().unwrap_or(b"")).into_owned();
        (name, parts.next().map(<[u8]>::to_vec))
    } else {
        let name = String::from_utf8_lossy(bytes.get(..2).unwrap_or(bytes)).into_owned();
        let after = bytes.get(2..).filter(|after| !after.is_empty());
        (name, after.map(<[u8]>::to_vec))
    };
    let found = flags.iter().find(|flag| {
        if is_long {
            name.strip_prefix("--") == Some(flag.name)
        } else {
            flag.short
                .is_some_and(|letter| name == format!("-{letter}"))
        }
    });
    let Some(found) = found else {
        return Err(unknown(flags, &name, of));
    };
    if found.value.is_none() {
        match attached {
            None => {}
            Some(letters) if !is_long => {
                let mut word = b"-".to_vec();
                word.extend(letters);
                rest.letters = Some(OsString::from_vec(word));
            }
            // As Go's flags are written.
            Some(value) if value == b"true" => {}
            Some(_) => return Err(Failure::new(format!("`{name}` takes no value"))),
        }
        return Ok((found, OsString::new()));
    }
    let value = match attached {
        Some(value) if is_long => OsString::from_vec(value),
        Some(value) => OsString::from_vec(value.strip_prefix(b"=").unwrap_or(&value).to_vec()),
        // A value that may be left out stands behind `=`, never in a word of its own.
        None if found.value.is_some_and(|value| value.starts_with('[')) => OsString::new(),
        None => rest
            .next()
            .ok_or_else(|| Failure::new(format!("`{name}` needs a value")))?,
    };
    Ok((found, value))
}

fn unknown(flags: &'static [Flag], name: &str, of: &str) -> Failure {
    let names = flags.iter().map(|flag| flag.name);
    let near = name
        .strip_prefix("--")
        .and_then(|name| nearest(name, names));
    Failure::with_hint(
        format!("unknown flag `{name}` of `{of}`"),
        near.map_or_else(
            || "`--help` lists the flags".to_owned(),
            |near| format!("did you mean `--{near}`?"),
        ),
    )
}

/// Puts a flag of all verbs in force.
fn apply(name: &str, value: &OsStr, globals: &mut Globals) -> Result<(), Failure> {
    let text = || value.to_string_lossy().into_owned();
    let bad = |known: &str| {
        Failure::with_hint(
            format!("`--{name}` is `{}`", value.to_string_lossy()),
            format!("it can be {known}"),
        )
    };
    match name {
        "root" => globals.root = absolute(Path::new(value))?,
        "log" => globals.log.file = log_file(value),
        "log-format" => {
            globals.log.format = match text().as_str() {
                "json" => Format::Json,
                "text" => Format::Text,
                _ => return Err(bad("text or json")),
            }
        }
        "log-level" => match text().as_str() {
            "debug" => globals.log.debug = true,
            "info" | "warning" | "error" => {}
            _ => return Err(bad("debug, info, warning or error")),
        },
        "debug" => globals.log.debug = true,
        "systemd-cgroup" => globals.cgroup_manager = CgroupManager::Systemd,
        "cgroup-manager" => {
            globals.cgroup_manager = match text().as_str() {
                "cgroupfs" => CgroupManager::Cgroupfs,
                "systemd" => CgroupManager::Systemd,
                _ => return Err(bad("cgroupfs or systemd")),
            }
        }
        "harden" => {
            let level = value.to_str().ok_or_else(|| bad("UTF-8 only"))?;
            globals.harden = Some(match level {
                "" => "baseline".to_owned(),
                level => level.to_owned(),
            });
        }
        "rootless" => {
            globals.rootless = match text().as_str() {
                "true" => Rootless::Yes,
                "false" => Rootless::No,
                "auto" => Rootless::Auto,
                _ => return Err(bad("true, false or auto")),
            }
        }
        _ => return Err(Failure::new(format!("`--{name}` is of no verb"))),
    }
    Ok(())
}

/// The file of `--log`. Engines also name a file by `file:`; standard error needs no name.
fn log_file(value: &OsStr) -> Option<OsString> {
    match value.as_bytes() {
        b"" | b"/dev/stderr" => None,
        bytes => Some(
            bytes
                .strip_prefix(b"file:")
                .map_or(value, OsStr::from_bytes)
                .to_owned(),
        ),
    }
}

/// A path that does not depend on the working directory.
pub fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::new(format!("cannot use the path {}: {error}", path.display())))
}

/// Where states are kept: below /run, or below the user's own directory there.
fn default_root() -> PathBuf {
    const NAME: &str = "casemate-oci";
    let of_user = std::env::var_os("XDG_RUNTIME_DIR").filter(|path| Path::new(path).is_absolute());
    match of_user {
        Some(directory) if casemate_sys::ids::geteuid() != 0 => Path::new(&directory).join(NAME),
        _ => Path::new("/run").join(NAME),
    }
}
#[cfg(test)]
mod tests {
    use super::{Parsed, parse};
    use std::ffi::OsString;

    fn verb(words: &[&str]) -> Result<super::Call, String> {
        match parse(words.iter().map(OsString::from).collect()) {
            Ok(Parsed::Verb(_, call)) => Ok(call),
            Ok(Parsed::Say(text)) => Err(text),
            Err(wrong) => Err(wrong.failure.to_string()),
        }
    }

    #[test]
    fn flags_stand_before_and_after_words() {
        let lines: [&[&str]; 4] = [
            &[
                "--root",
                "/r",
                "create",
                "--bundle",
                "/b",
                "--pid-file=/p",
                "c1",
            ],
            &["--root=/r", "create", "c1", "-b", "/b", "--pid-file", "/p"],
            &["create", "c1", "-b/b", "--pid-file", "/p", "--root", "/r"],
            &[
                "create",
                "-b=/b",
                "--pid-file",
                "/p",
                "--root",
                "/r",
                "--",
                "c1",
            ],
        ];
        for line in lines {
            let call = verb(line).unwrap();
            assert_eq!(call.words, ["c1"], "{line:?}");
            assert_eq!(call.value("bundle").unwrap(), "/b", "{line:?}");
            assert_eq!(call.value("pid-file").unwrap(), "/p", "{line:?}");
            assert_eq!(call.globals.root.to_str(), Some("/r"), "{line:?}");
        }
    }

    #[test]
    fn the_words_of_a_command_are_its_own() {
        let call = verb(&["exec", "-td", "c1", "--cwd", "/", "ls", "-l", "--env", "--"]).unwrap();
        assert_eq!(call.words, ["c1", "ls", "-l", "--env", "--"]);
        assert!(call.has("tty") && call.has("detach"));
        assert_eq!(verb(&["kill", "c1", "-9"]).unwrap().words, ["c1", "-9"]);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let cases: [(&[&str], &str); 6] = [
            (&["creat", "x"], "unknown command `creat`"),
            (
                &["create", "--bundel", "x"],
                "unknown flag `--bundel` of `create`",
            ),
            (
                &["--nope", "create"],
                "unknown flag `--nope` of `casemate-oci`",
            ),
            (&["--log-format", "xml", "list"], "`--log-format` is `xml`"),
            (&["start"], "`start` needs ID"),
            (&["start", "a", "b"], "`start` takes ID and nothing else"),
        ];
        for (line, message) in cases {
            assert_eq!(verb(line).err().as_deref(), Some(message), "{line:?}");
        }
    }
}
