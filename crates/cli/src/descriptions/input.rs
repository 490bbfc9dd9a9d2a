//! What a word of the command line names: `FILE`, `FILE#NAME`, `-`, `pid:N`, `docker:NAME` and the like.

use crate::caller;
use crate::failure::{Failure, tell};
use casemate_formats::document::MAX_SIZE;
use casemate_formats::profile::error::printable;
use casemate_formats::reader::{Context, ENGINES, Engine, Files};
use casemate_formats::{FORMATS, Format, Loss};
use casemate_model::Workload;
use casemate_model::names::suggest::nearest;
use casemate_observe::live;
use casemate_sys::file::OpenFlags;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// How inputs are read.
#[derive(Debug, Default)]
pub struct Settings {
    /// The format, when it is named.
    pub from: Option<&'static Format>,
    /// The engine whose defaults fill gaps, when it is named.
    pub engine: Option<Engine>,
    /// The engine's own configuration, and what is in it.
    pub configuration: Option<(PathBuf, Vec<u8>)>,
}

impl Settings {
    /// Takes a flag that all verbs have. Tells whether it was one.
    pub fn take(&mut self, name: &str, value: &OsStr) -> Result<bool, Failure> {
        match name {
            "from" => self.from = Some(format("--from", value)?),
            "engine" => self.engine = Some(engine(value)?),
            "engine-config" => {
                let path = PathBuf::from(value);
                let bytes = read_file(&path).map_err(|error| Failure::File {
                    doing: "read",
                    path: path.clone(),
                    error,
                })?;
                self.configuration = Some((path, bytes));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Tells whether something was said about an input.
    pub fn is_given(&self) -> bool {
        self.from.is_some() || self.engine.is_some() || self.configuration.is_some()
    }
}

/// An input, read.
#[derive(Debug)]
pub struct Input {
    /// As the user named it.
    pub name: String,
    /// What runs confined.
    pub workloads: Vec<Workload>,
    /// What is not carried over, or not understood.
    pub losses: Vec<Loss>,
    /// What is not known of a live process.
    pub unseen: Vec<live::Unseen>,
}

impl Input {
    /// The only workload.
    pub fn one(&self) -> Result<&Workload, Failure> {
        match &self.workloads[..] {
            [one] => Ok(one),
            [] => Err(Failure::usage(
                format!("{}: nothing in it runs confined", self.name),
                None,
            )),
            several => {
                let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
                Err(Failure::usage(
                    format!("{}: several are in it: {}", self.name, names.join(", ")),
                    format!("name one, as `{}#{}`", self.name, names[0]),
                ))
            }
        }
    }
}

/// Tells whether a word names an input, and not a command: it has a scheme, or it is a file that nobody can execute, or
/// one in a known format.
pub fn is_input(word: &OsStr) -> bool {
    if scheme(word).is_some() {
        return true;
    }
    let (path, _) = split(word);
    let executable =
        |found: &fs::Metadata| !found.is_file() || found.permissions().mode() & 0o111 != 0;
    if fs::metadata(&path).is_ok_and(|found| !executable(&found)) {
        return true;
    }
    read_file(&path).is_ok_and(|bytes| casemate_formats::detect(&path, &bytes).is_some())
}

/// Reads an input.
pub fn read(word: &OsStr, settings: &Settings) -> Result<Input, Failure> {
    let name = word.to_string_lossy().into_owned();
    if let Some((engine, container)) = scheme(word) {
        return process(&name, engine, container);
    }
    let (path, wanted) = split(word);
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin()
            .take(MAX_SIZE as u64 + 1)
            .read_to_end(&mut bytes)
            .map(|_| bytes)
    } else {
        read_named(&path)
    };
    let bytes = bytes.map_err(|error| Failure::File {
        doing: "read",
        path: path.clone(),
        error,
    })?;
    let format = match settings.from {
        Some(format) => format,
        None => casemate_formats::detect(&path, &bytes).ok_or_else(|| unknown_format(&name))?,
    };
    let reading = with_context(settings, |context| (format.read)(&path, &bytes, context)).map_err(
        |error| Failure::Input {
            reasons: error
                .problems
                .into_iter()
                .map(|problem| {
                    (
                        format!("{}: {}", problem.origin, problem.what),
                        problem.hint,
                    )
                })
                .collect(),
            details: Vec::new(),
        },
    )?;
    let mut workloads = reading.workloads;
    if let Some(wanted) = wanted {
        let names: Vec<String> = workloads.iter().map(|one| one.name.clone()).collect();
        workloads.retain(|one| one.name == wanted);
        if workloads.is_empty() {
            let hint = nearest(&wanted, names.iter().map(String::as_str)).map_or_else(
                || format!("there is {}", names.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let what = format!("{}: nothing in it is called `{wanted}`", path.display());
            return Err(Failure::usage(what, hint));
        }
    }
    Ok(Input {
        name,
        workloads,
        losses: reading.losses,
        unseen: Vec::new(),
    })
}

/// Says on standard error what an input does not carry over.
pub fn tell_losses(input: &Input) {
    for loss in &input.losses {
        let place = loss
            .origin
            .as_ref()
            .map_or_else(|| input.name.clone(), ToString::to_string);
        tell(&format!(
            "note: {place}: {}\n",
            printable(&loss.to_string())
        ));
    }
}

/// What formats are read and written with here.
pub fn with_context<T>(settings: &Settings, act: impl FnOnce(&mut Context<'_>) -> T) -> T {
    let caller = caller::context();
    let environment = environment();
    let machine = caller::numberings();
    act(&mut Context {
        engine: settings.engine,
        configuration: settings
            .configuration
            .as_ref()
            .map(|(path, bytes)| (path.as_path(), bytes.as_slice())),
        caller: &caller,
        files: &mut Disk,
        environment: &environment,
        archs: &machine,
        kernel: caller::kernel(),
    })
}

/// Reads the value of `--from` or `--to`.
pub fn format(flag: &str, value: &OsStr) -> Result<&'static Format, Failure> {
    let text = value.to_string_lossy();
    casemate_formats::find(&text).ok_or_else(|| {
        let names = FORMATS.iter().map(|format| format.name);
        let hint = nearest(&text, names.clone()).map_or_else(
            || format!("one of {}", names.collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Failure::usage(format!("{flag}: there is no format `{text}`"), hint)
    })
}

/// Reads the value of `--engine`.
fn engine(value: &OsStr) -> Result<Engine, Failure> {
    let text = value.to_string_lossy();
    Engine::find(&text).ok_or_else(|| {
        let labels: Vec<&str> = ENGINES.iter().map(|engine| engine.label).collect();
        let hint = nearest(
            &text,
            labels
                .iter()
                .copied()
                .chain(ENGINES.iter().map(|engine| engine.name)),
        )
        .map_or_else(
            || format!("one of {}", labels.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Failure::usage(
            format!("--engine: the defaults of `{text}` are not known"),
            hint,
        )
    })
}

fn unknown_format(name: &str) -> Failure {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    Failure::usage(
        format!("{name}: looks like no format that is read here"),
        format!("name it with `--from`, one of {}", names.join(", ")),
    )
}

fn scheme(word: &OsStr) -> Option<(&str, &str)> {
    let (scheme, name) = word.to_str()?.split_once(':')?;
    let known = scheme == "pid" || live::ENGINES.contains(&scheme);
    (known && !name.is_empty()).then_some((scheme, name))
}

/// Parts a file from the name of what is in it. A file whose own name has the mark is found, too.
fn split(word: &OsStr) -> (PathBuf, Option<String>) {
    let whole = PathBuf::from(word);
    let bytes = word.as_bytes();
    let Some(mark) = bytes.iter().rposition(|byte| *byte == b'#') else {
        return (whole, None);
    };
    if whole.exists() {
        return (whole, None);
    }
    let (path, name) = bytes.split_at(mark);
    let name = String::from_utf8_lossy(name.get(1..).unwrap_or_default()).into_owned();
    (PathBuf::from(OsStr::from_bytes(path)), Some(name))
}

fn process(name: &str, engine: &str, container: &str) -> Result<Input, Failure> {
    let pid = if engine == "pid" {
        container
            .parse()
            .ok()
            .filter(|pid| *pid > 0)
            .ok_or_else(|| {
                Failure::usage(
                    format!("`{container}` is no number of a process"),
                    "as `ps` shows it".to_owned(),
                )
            })?
    } else {
        live::find(engine, container).map_err(|error| Failure::usage(error.to_string(), None))?
    };
    let live = live::read(pid).map_err(|error| {
        Failure::usage(
            error.to_string(),
            "as `ps` shows it; another user's process takes root".to_owned(),
        )
    })?;
    Ok(Input {
        name: name.to_owned(),
        workloads: vec![live.workload],
        losses: Vec::new(),
        unseen: live.unseen,
    })
}

fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Reads what the user names: a file, or a pipe such as a shell's `<(command)`.
fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo()) {
        let mut bytes = Vec::new();
        File::open(path)?
            .take(MAX_SIZE as u64 + 1)
            .read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    read_file(path)
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    // Opening a pipe would wait for a writer; a device may never end.
    let flags = OpenFlags::NONBLOCK.bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ));
    }
    let mut bytes = Vec::new();
    file.take(MAX_SIZE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Files that inputs include, from the file system.
#[derive(Clone, Copy, Debug)]
struct Disk;

impl Files for Disk {
    fn read(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        read_file(path)
    }

    fn list(&mut self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(path)?;
        let mut paths = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<PathBuf>>>()?;
        paths.sort();
        Ok(paths)
    }
}
