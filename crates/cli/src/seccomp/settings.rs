//! What the flags of the verbs say.

use crate::caller;
use crate::color::Choice;
use crate::failure::Failure;
use crate::flags::Given;
use crate::run;
use casemate_model::names::{
    Arch, Capability, CapabilitySet, KernelVersion, capabilities, suggest::nearest,
};
use casemate_seccomp::formats::Tolerance;
use std::ffi::OsStr;
use std::path::PathBuf;

/// How results are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Whether names stand beside a listing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Names {
    /// They do.
    Shown,
    /// They do not.
    Hidden,
}

/// Whether widths are repaired.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Widths {
    /// They stay.
    Kept,
    /// They become the kernel's.
    Fixed,
}

/// The flags of all verbs; each takes some of them.
#[derive(Debug)]
pub struct Settings {
    /// The numberings that the machine serves, as given.
    pub archs: Option<Vec<Arch>>,
    /// The kernel that policies are read for.
    pub kernel: KernelVersion,
    /// The capabilities that policies are read for.
    pub capabilities: CapabilitySet,
    /// The format of the input.
    pub from: Option<String>,
    /// The form of the output.
    pub to: Option<String>,
    /// What may be lost.
    pub tolerance: Tolerance,
    /// The file to write.
    pub output: Option<PathBuf>,
    /// How to show results.
    pub format: Format,
    /// Names beside the listing.
    pub names: Names,
    /// Repair of widths.
    pub widths: Widths,
    /// Which filter of a process.
    pub index: Option<usize>,
    /// The first kernel of calls to show.
    pub since: Option<KernelVersion>,
    /// Colours.
    pub color: Choice,
}

/// What Docker and containerd leave to a container by default.
const DOCKER: [Capability; 14] = [
    Capability::AuditWrite,
    Capability::Chown,
    Capability::DacOverride,
    Capability::Fowner,
    Capability::Fsetid,
    Capability::Kill,
    Capability::Mknod,
    Capability::NetBindService,
    Capability::NetRaw,
    Capability::Setfcap,
    Capability::Setgid,
    Capability::Setpcap,
    Capability::Setuid,
    Capability::SysChroot,
];

impl Settings {
    /// Reads flags.
    pub fn of(given: &[Given]) -> Result<Self, Failure> {
        let mut settings = Self {
            archs: None,
            kernel: caller::kernel(),
            capabilities: CapabilitySet::from_bits(0),
            from: None,
            to: None,
            tolerance: Tolerance::Tighter,
            output: None,
            format: Format::Text,
            names: Names::Hidden,
            widths: Widths::Kept,
            index: None,
            since: None,
            color: Choice::Auto,
        };
        for flag in given {
            if let Given::Own { name, value } = flag {
                settings.take(name, value)?;
            }
        }
        Ok(settings)
    }

    fn take(&mut self, name: &str, value: &OsStr) -> Result<(), Failure> {
        let text = value.to_string_lossy();
        match name {
            "arch" => self.archs = Some(archs(&text)?),
            "kernel" => self.kernel = version("--kernel", &text)?,
            "since" => self.since = Some(version("--since", &text)?),
            "cap" => self.capabilities = self.capabilities.union(capability_set(&text)?),
            "from" => self.from = Some(text.into_owned()),
            "to" => self.to = Some(text.into_owned()),
            "loss" => self.tolerance = tolerance(value)?,
            "output" => self.output = Some(PathBuf::from(value)),
            "format" => self.format = format(value)?,
            "names" => self.names = Names::Shown,
            "fix-widths" => self.widths = Widths::Fixed,
            "index" => self.index = Some(index(value)?),
            "color" => self.color = run::color(value)?,
            _ => {}
        }
        Ok(())
    }

    /// The machine's numberings: those given, or those of this machine.
    pub fn machine(&self) -> Vec<Arch> {
        self.archs.clone().unwrap_or_else(caller::numberings)
    }
}

fn version(flag: &str, text: &str) -> Result<KernelVersion, Failure> {
    text.parse().map_err(|_| {
        Failure::usage(
            format!("`{flag}` cannot be `{text}`"),
            "write a kernel version, such as 5.10".to_owned(),
        )
    })
}

fn archs(text: &str) -> Result<Vec<Arch>, Failure> {
    let mut archs = Vec::new();
    for name in text.split(',').map(str::trim) {
        let arch = Arch::from_name(name).ok_or_else(|| {
            let names = Arch::ALL.map(Arch::name);
            let hint = match nearest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("one or several of {}", names.join(",")),
            };
            Failure::usage(format!("unknown architecture `{name}`"), hint)
        })?;
        if !archs.contains(&arch) {
            archs.push(arch);
        }
    }
    Ok(archs)
}

fn capability_set(text: &str) -> Result<CapabilitySet, Failure> {
    let mut set = CapabilitySet::from_bits(0);
    for name in text.split(',').map(str::trim) {
        set = match name {
            "all" => Capability::all().fold(set, CapabilitySet::with),
            "docker" => DOCKER.into_iter().fold(set, CapabilitySet::with),
            _ => set.with(Capability::from_name(name).ok_or_else(|| {
                let hint = match capabilities::suggest(name) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "names as CAP_NET_RAW, or all, or docker".to_owned(),
                };
                Failure::usage(format!("unknown capability `{name}`"), hint)
            })?),
        };
    }
    Ok(set)
}

fn tolerance(value: &OsStr) -> Result<Tolerance, Failure> {
    match value.to_str() {
        Some("exact") => Ok(Tolerance::Exact),
        Some("tighter") => Ok(Tolerance::Tighter),
        Some("looser") => Ok(Tolerance::Looser),
        _ => Err(Failure::usage(
            run::not_a("--loss", value),
            "write exact, tighter or looser".to_owned(),
        )),
    }
}

fn format(value: &OsStr) -> Result<Format, Failure> {
    match value.to_str() {
        Some("text") => Ok(Format::Text),
        Some("json") => Ok(Format::Json),
        _ => Err(Failure::usage(
            run::not_a("--format", value),
            "write text or json".to_owned(),
        )),
    }
}

fn index(value: &OsStr) -> Result<usize, Failure> {
    let number = value.to_str().and_then(|text| text.parse().ok());
    number.ok_or_else(|| {
        Failure::usage(
            run::not_a("--index", value),
            "write a number; 0 is the filter that was loaded last".to_owned(),
        )
    })
}
