//! Hooks that run while the container is made.

use super::{facet, text, texts};
use crate::failure::Failure;
use crate::state::{State, Status, describe_around};
use casemate_enforce::plan::Steps;
use casemate_enforce::step::{Policy, Stage, Step};
use casemate_formats::oci::schema::Hook;

/// Adds hooks of a kind.
pub fn add(
    steps: &mut Steps,
    stage: Stage,
    kind: &str,
    hooks: &[Hook],
    state: &State,
    status: Status,
) -> Result<(), Failure> {
    if hooks.is_empty() {
        return Ok(());
    }
    let (before, after) = describe_around(state, status);
    // Hooks of the runtime start in the bundle; inside it need not be there.
    let directory = match stage {
        Stage::Outside => text(state.bundle.as_str())?,
        _ => text("")?,
    };
    for hook in hooks {
        let arguments = if hook.args.is_empty() {
            vec![text(hook.path.as_str())?]
        } else {
            texts(&hook.args)?
        };
        let timeout = match hook.timeout {
            None => 0,
            Some(seconds) => u64::try_from(seconds)
                .ok()
                .filter(|seconds| *seconds > 0)
                .map(|seconds| seconds.saturating_mul(1000))
                .ok_or_else(|| {
                    Failure::new(format!(
                        "hooks.{kind}: the timeout {seconds} is not positive"
                    ))
                })?,
        };
        steps.add(
            stage,
            facet::KERNEL,
            Policy::Required,
            Step::RunHook {
                kind: text(kind)?,
                path: text(hook.path.as_str())?,
                arguments,
                environment: texts(&hook.env)?,
                timeout,
                directory: directory.clone(),
                before: text(before.as_str())?,
                after: text(after.as_str())?,
            },
        );
    }
    Ok(())
}
