//! Paths that are hidden or read-only, and what becomes read-only at the end.

use super::options::attribute;
use super::path::Inside;
use super::rules::{Presence, Rule};
use super::{Builder, TOP, is_borrowed, needs_namespace};
use crate::failure::Failure;
use casemate_enforce::step::{Change, Step};

/// Makes read-only what had to be written to until now.
pub(super) fn close(builder: &mut Builder<'_>, root_is_readonly: bool) -> Result<(), Failure> {
    let change = Change {
        set: attribute::RDONLY,
        ..Change::default()
    };
    let mut closed = std::mem::take(&mut builder.closed_late);
    // The kernel changes only the topmost mount of a tree that is in no namespace.
    if is_borrowed(builder.spec)
        && let Some((_, path)) = closed.first()
    {
        return Err(needs_namespace(&format!(
            "a read-only tmpfs at {}",
            path.absolute()
        )));
    }
    if root_is_readonly {
        closed.push((TOP, Inside::new("/")?));
    }
    for (slot, path) in closed {
        builder.finish(
            "files",
            Step::ChangeMount {
                slot,
                change,
                recursive: 0,
                at: path.text()?,
            },
        );
    }
    Ok(())
}

/// Adds `readonlyPaths` and `maskedPaths`. A path that the image lacks is passed over, as the specification has it.
pub(super) fn add(builder: &mut Builder<'_>) -> Result<(), Failure> {
    let Some(linux) = &builder.spec.linux else {
        return Ok(());
    };
    for path in &linux.readonly_paths {
        let path = path_of(path, "linux.readonlyPaths")?;
        let rule = Rule {
            there: attribute::RDONLY,
            below: attribute::RDONLY,
            presence: Presence::Possible,
        };
        builder.rules.add(&path, rule)?;
        builder.finish("files", Step::ProtectIn { path: path.text()? });
    }
    if linux.masked_paths.is_empty() {
        return Ok(());
    }
    let (null, _spare, empty) = (builder.slot()?, builder.slot()?, builder.slot()?);
    builder.finish("files", Step::OpenNull { slot: null });
    for path in &linux.masked_paths {
        let path = path_of(path, "linux.maskedPaths")?;
        let rule = Rule {
            there: 0,
            below: 0,
            presence: Presence::Possible,
        };
        builder.rules.add(&path, rule)?;
        let path = path.text()?;
        builder.finish("files", Step::Cover { path, null, empty });
    }
    Ok(())
}

fn path_of(path: &str, property: &str) -> Result<Inside, Failure> {
    let inside = Inside::new(path)?;
    if !path.starts_with('/') || inside.relative().is_empty() {
        return Err(Failure::new(format!(
            "{property}: {path:?} is not an absolute path below the root"
        )));
    }
    Ok(inside)
}
