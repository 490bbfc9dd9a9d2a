//! What holds of the order of steps in every plan.

use super::cases;
use casemate_enforce::plan::{Owned, Plan};
use casemate_enforce::step::{NO_SLOT, Stage, Step};
use casemate_model::Confinement;
use std::collections::BTreeSet;
use std::ffi::CString;

type Is = fn(&Step<Owned>) -> bool;
type Steps<'p> = Vec<&'p Step<Owned>>;

/// CAP_SYS_ADMIN.
const ADMIN: u64 = 1 << 21;

fn steps(plan: &Plan) -> Steps<'_> {
    plan.steps.iter().map(|planned| &planned.step).collect()
}

fn first(steps: &Steps<'_>, wanted: impl Fn(&Step<Owned>) -> bool) -> Option<usize> {
    steps.iter().position(|step| wanted(step))
}

fn last(steps: &Steps<'_>, wanted: impl Fn(&Step<Owned>) -> bool) -> Option<usize> {
    steps.iter().rposition(|step| wanted(step))
}

/// Steps that need a capability in the new user namespace, or over the caller's.
fn is_privileged(step: &Step<Owned>) -> bool {
    !matches!(
        step,
        Step::SetNoNewPrivs {}
            | Step::LandlockCreate { .. }
            | Step::LandlockPath { .. }
            | Step::LandlockPort { .. }
            | Step::LandlockStream { .. }
            | Step::LandlockRestrict { .. }
            | Step::Spawn {}
            | Step::DieWithParent {}
            | Step::NewSession { .. }
            | Step::SetRlimit { .. }
            | Step::ChangeDirectory { .. }
            | Step::CloseDescriptors { .. }
            | Step::VerifyStatus { .. }
            | Step::VerifyIdMap { .. }
            | Step::InstallFilter { .. }
            | Step::Execute { .. }
    )
}

/// Returns what is wrong with a plan.
fn faults(plan: &Plan) -> Vec<String> {
    let steps = steps(plan);
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    let stages: Vec<Stage> = plan.steps.iter().map(|step| step.stage).collect();
    must(stages.is_sorted(), "stages follow each other");
    let pivot = first(&steps, |step| matches!(step, Step::PivotRoot {}));
    must(pivot.is_some(), "there is a new root");
    let landlock = |step: &Step<Owned>| {
        matches!(
            step,
            Step::LandlockCreate { .. }
                | Step::LandlockPath { .. }
                | Step::LandlockPort { .. }
                | Step::LandlockStream { .. }
                | Step::LandlockRestrict { .. }
        )
    };
    let wall = first(&steps, landlock);
    must(
        wall.is_none() || pivot < wall,
        "the new root comes before Landlock's rules",
    );
    let cut = first(&steps, |step| matches!(step, Step::CutPropagation {}));
    let mount = first(&steps, |step| matches!(step, Step::AttachRoot {}));
    must(
        cut.is_some() && cut < mount,
        "propagation is cut before anything is mounted",
    );
    let verify = first(&steps, |step| matches!(step, Step::VerifyMounts { .. }));
    must(pivot < verify, "mounts are verified in the new root");
    let drop = first(&steps, |step| matches!(step, Step::SetCapabilities { .. }));
    let bounding = first(&steps, |step| matches!(step, Step::DropBounding { .. }));
    must(
        verify < bounding && bounding < drop,
        "the bounding set is dropped before the others, and after all mounts",
    );
    let first_drop = drop.unwrap_or(0);
    let later = steps.iter().skip(first_drop + 1);
    for step in later.filter(|step| !matches!(step, Step::SetCapabilities { .. })) {
        must(
            !is_privileged(step),
            &format!("no capability is needed once they are dropped: {step}"),
        );
    }
    let filter = first(&steps, |step| matches!(step, Step::InstallFilter { .. }));
    let after: Steps<'_> = steps
        .iter()
        .skip(filter.map_or(0, |at| at + 1))
        .copied()
        .collect();
    let sealed = first(&steps, |step| matches!(step, Step::SetNoNewPrivs {}));
    if let Some(sealed) = sealed {
        must(
            wall.is_none_or(|wall| sealed < wall) && Some(sealed) < filter,
            "no_new_privs comes before what needs it",
        );
        must(
            matches!(after[..], [Step::Execute { .. }]),
            "nothing but the program comes after the filter",
        );
    } else {
        let last_drop = last(&steps, |step| matches!(step, Step::SetCapabilities { .. }));
        must(
            matches!(
                last_drop.map(|at| steps[at]),
                Some(Step::SetCapabilities { permitted, .. }) if permitted & ADMIN == 0
            ) && filter < last_drop,
            "CAP_SYS_ADMIN is given up once the filter is in force",
        );
        must(
            after[1..].iter().all(|step| {
                matches!(
                    step,
                    Step::VerifyStatus { .. }
                        | Step::VerifyIdMap { .. }
                        | Step::SetRlimit { .. }
                        | Step::Execute { .. }
                )
            }),
            "after that only limits are set and what is in force is looked at",
        );
    }
    must(
        matches!(steps.last(), Some(Step::Execute { .. })),
        "the program comes last",
    );
    let close = first(&steps, |step| matches!(step, Step::CloseDescriptors { .. }));
    let spawn = first(&steps, |step| matches!(step, Step::Spawn {}));
    must(
        spawn < close && close < filter,
        "descriptors are closed in the program's process, before the filter",
    );
    faults.extend(unverified(&steps));
    faults.extend(empty_slots(&steps));
    faults
}

/// Every mount has a rule by which it is read back.
fn unverified(steps: &Steps<'_>) -> Vec<String> {
    let rules: BTreeSet<CString> = steps
        .iter()
        .filter_map(|step| match step {
            Step::VerifyMounts { rules, .. } => Some(rules.iter()),
            _ => None,
        })
        .flatten()
        .filter(|rule| rule.as_bytes()[4] == b'm')
        .map(|rule| CString::new(&rule.as_bytes()[6..]).unwrap())
        .collect();
    let absolute = |path: &CString| CString::new([b"/", path.as_bytes()].concat()).unwrap();
    let mut missing = Vec::new();
    if !rules.contains(c"/") {
        missing.push("the root is not verified".to_owned());
    }
    for step in steps {
        if let Step::Attach { path, .. }
        | Step::AttachChecked { path, .. }
        | Step::Mask { path, .. }
        | Step::Protect { path } = step
            && !rules.contains(&absolute(path))
        {
            missing.push(format!("not verified: {step}"));
        }
    }
    missing
}

/// Every descriptor is made before it is used.
fn empty_slots(steps: &Steps<'_>) -> Vec<String> {
    let mut full = BTreeSet::from([NO_SLOT]);
    let mut wrong = Vec::new();
    for step in steps {
        let used = match step {
            Step::Clone { cgroup: slot, .. }
            | Step::EnterCgroup { slot }
            | Step::CloneTree { idmap: slot, .. }
            | Step::Attach { slot, .. }
            | Step::AttachChecked { slot, .. }
            | Step::LandlockPath { mount: slot, .. }
            | Step::LandlockRestrict { slot }
            | Step::VerifyStatus { proc: slot, .. }
            | Step::VerifyIdMap { proc: slot, .. }
            | Step::VerifyMounts { proc: slot, .. } => *slot,
            _ => NO_SLOT,
        };
        if !full.contains(&used) {
            wrong.push(format!("nothing is in slot {used}: {step}"));
        }
        if let Step::NewMount { slot, .. }
        | Step::CloneTree { slot, .. }
        | Step::MakeIdmap { slot, .. }
        | Step::OpenCgroup { slot, .. }
        | Step::LandlockCreate { slot, .. } = step
        {
            full.insert(*slot);
        }
    }
    wrong
}

#[test]
fn steps_come_in_an_order_that_holds() {
    let mut wrong = Vec::new();
    for case in cases() {
        wrong.extend(
            faults(&case.plan())
                .into_iter()
                .map(|fault| format!("{}: {fault}", case.name)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A test that cannot fail is none: each of these orders is wrong.
#[test]
fn a_wrong_order_is_found() {
    let case = &cases()[0];
    let moves: [(&str, Is); 5] = [
        ("PivotRoot", |step| matches!(step, Step::PivotRoot {})),
        ("VerifyMounts", |step| {
            matches!(step, Step::VerifyMounts { .. })
        }),
        ("SetCapabilities", |step| {
            matches!(step, Step::SetCapabilities { .. })
        }),
        ("InstallFilter", |step| {
            matches!(step, Step::InstallFilter { .. })
        }),
        ("CutPropagation", |step| {
            matches!(step, Step::CutPropagation {})
        }),
    ];
    for (name, is_it) in moves {
        for to in [0, usize::MAX] {
            let mut plan = case.plan();
            let at = plan.steps.iter().position(|step| is_it(&step.step));
            let step = plan.steps.remove(at.unwrap());
            let to = to.min(plan.steps.len());
            plan.steps.insert(to, step);
            assert!(!faults(&plan).is_empty(), "{name} at {to}");
        }
        let mut plan = case.plan();
        plan.steps.retain(|step| !is_it(&step.step));
        assert!(!faults(&plan).is_empty(), "without {name}");
    }
}

/// CLONE_NEWNET.
const NEWNET: u64 = 0x4000_0000;

#[test]
fn every_facet_has_a_step_or_a_gap() {
    for case in cases() {
        let plan = case.plan();
        let restricted: BTreeSet<&str> = case
            .document()
            .confinement
            .diff(&Confinement::open())
            .into_iter()
            .map(|difference| difference.field.facet)
            .collect();
        for facet in restricted {
            let steps = plan.steps.iter().any(|step| step.facet == facet);
            let gaps = plan.gaps.iter().any(|gap| gap.facet == facet);
            // A network of its own is empty, and a list of ports is Landlock's.
            let elsewhere = facet == "network"
                && plan.steps.iter().any(|step| {
                    matches!(step.step, Step::Clone { flags, .. } if flags & NEWNET != 0)
                        || matches!(step.step, Step::LandlockPort { .. })
                });
            assert!(steps || gaps || elsewhere, "{}: {facet}", case.name);
        }
    }
}
