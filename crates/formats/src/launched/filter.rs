//! A system call filter in a file of its own, with the files that it includes.

use crate::loss::Loss;
use crate::reader::{Context, Files, Problem};
use casemate_model::names::capabilities::CapabilitySet;
use casemate_model::{Origin, Stated, Workload};
use casemate_seccomp::formats as filters;
use std::cell::RefCell;
use std::path::Path;

struct Loader<'a>(RefCell<&'a mut dyn Files>);

impl filters::Loader for Loader<'_> {
    fn load(&self, name: &str, from: &str) -> Result<String, String> {
        let path = Path::new(from).parent().unwrap_or(Path::new("")).join(name);
        let mut files = self.0.try_borrow_mut().map_err(|error| error.to_string())?;
        let bytes = files.read(&path).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    }
}

/// Reads a filter from a file beside the one that names it; one that is not here is a loss, and not known.
pub(crate) fn file(
    format: &str,
    (beside, name): (&Path, &str),
    context: &mut Context<'_>,
    workload: &mut Workload,
    origin: &Origin,
) -> Result<Vec<Loss>, Problem> {
    let path = beside.parent().unwrap_or(Path::new("")).join(name);
    match context.files.read(&path) {
        Ok(bytes) => text(format, (&path, &bytes), context, workload, origin),
        Err(error) => {
            workload.confinement.syscalls.filter = Stated::Unknown;
            let on = format!("the file, which cannot be read: {error}");
            let what = format!("the system call filter {}", path.display());
            Ok(vec![Loss::elsewhere(what, on, origin.clone())])
        }
    }
}

/// Reads a filter.
pub(crate) fn text(
    format: &str,
    (path, bytes): (&Path, &[u8]),
    context: &mut Context<'_>,
    workload: &mut Workload,
    origin: &Origin,
) -> Result<Vec<Loss>, Problem> {
    let Some(format) = filters::find(format) else {
        let what = format!("no reader of {format} filters");
        return Err(Problem::new(what, origin.clone()));
    };
    let own = filters::Context {
        archs: context.archs,
        kernel: context.kernel,
        capabilities: CapabilitySet::EMPTY,
        unknown: None,
        loader: &Loader(RefCell::new(&mut *context.files)),
    };
    let reading = (format.read)(&path.to_string_lossy(), bytes, &own)
        .map_err(|error| Problem::new(error.to_string(), origin.clone()))?;
    workload.confinement.syscalls.filter = Stated::set(reading.policy, origin.clone());
    // A note may stand in a file that is included: the place is in its text.
    let notes = reading.notes.iter().map(|note| {
        let what = format!("the system call filter: {}", note.remark);
        Loss::caution(what, origin.clone())
    });
    Ok(notes.collect())
}
