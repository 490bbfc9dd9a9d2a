//! An engine's own configuration, which changes what a container gets unasked.

mod containers;
mod daemon;

use super::Family;
use super::ask::Notes;
use super::asker::base_of;
use super::defaults::Defaults;
use super::parts::Base;
use crate::reader::{Context, Engine, Files, Text};

/// The defaults of the engine that an input is read for.
pub(crate) fn defaults(
    family: Family,
    context: &mut Context<'_>,
    notes: &mut Notes,
) -> Option<Defaults> {
    let engine = engine(family, context)?;
    let mut defaults = Defaults::of(engine);
    if let Some((path, bytes)) = context.configuration {
        let base = base_of(path, context);
        match Text::new(path, bytes) {
            Ok(text) => {
                let mut reader = Configuration {
                    text: &text,
                    base: &base,
                    files: context.files,
                    notes,
                };
                reader.apply(family, &mut defaults);
            }
            Err(problem) => notes.problems.push(problem),
        }
    }
    Some(defaults)
}

fn engine(family: Family, context: &Context<'_>) -> Option<Engine> {
    context.engine_of(&[match family {
        Family::Docker => "docker",
        Family::Podman => "podman",
    }])
}

/// A configuration that is being read.
pub(crate) struct Configuration<'a> {
    pub text: &'a Text<'a>,
    pub base: &'a Base,
    pub files: &'a mut dyn Files,
    pub notes: &'a mut Notes,
}

impl Configuration<'_> {
    /// Changes defaults by what the configuration says.
    pub(crate) fn apply(&mut self, family: Family, defaults: &mut Defaults) {
        match family {
            Family::Docker => self.daemon(defaults),
            Family::Podman => self.containers(defaults),
        }
    }
}
