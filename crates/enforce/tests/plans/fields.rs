//! No field of a confinement is passed over: another value changes the plan, or is refused.

use super::{Case, cases};
use casemate_model::facets::binds::Binds;
use casemate_model::facets::device_numbers::DeviceNumbers;
use casemate_model::facets::devices::Terminal;
use casemate_model::facets::files::{
    Access, Grants, ProcView, Root, ShownPath, SysView, Temporary,
};
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, InsideId};
use casemate_model::facets::kernel::{Environment, Keyring, Sysctls, Variable};
use casemate_model::facets::mac::SecurityLabel;
use casemate_model::facets::namespaces::Placement;
use casemate_model::facets::network::{Port, Reach};
use casemate_model::facets::resources::{Limits, OomScore, RlimitPair, Rlimits};
use casemate_model::lattice::{Guard, Label, Limit, Permit, Restrictions, Selection};
use casemate_model::names::capabilities::{Capability, CapabilitySet};
use casemate_model::syscalls::SyscallPolicy;
use casemate_model::{Confinement, Origin, Stated};
use std::collections::{BTreeMap, BTreeSet};

fn set<T>(value: T) -> Stated<T> {
    Stated::set(value, Origin::Flag("--made-up".to_owned()))
}

struct Field {
    name: &'static str,
    /// The case of `plans` that it is tried on.
    on: &'static str,
    change: fn(&mut Confinement),
}

macro_rules! fields {
    ($( $facet:ident . $field:ident on $case:literal = $value:expr; )*) => {
        &[ $( Field {
            name: concat!(stringify!($facet), ".", stringify!($field)),
            on: $case,
            change: |confinement| confinement.$facet.$field = set($value),
        }, )* ]
    };
}

fn one_id(inside: u32, outside: u32) -> IdMap {
    IdMap::Mapped(vec![IdRange {
        inside,
        outside,
        count: 1,
    }])
}

fn named() -> SecurityLabel {
    SecurityLabel::Named("tight".to_owned())
}

fn path(path: &str) -> Restrictions<ShownPath> {
    Restrictions::These(BTreeSet::from([ShownPath(path.into())]))
}

fn only(text: &str) -> Selection<Port> {
    Selection::Only(BTreeSet::from([Port::parse(text).unwrap()]))
}

fn some() -> CapabilitySet {
    CapabilitySet::EMPTY.with(Capability::Chown)
}

const FIELDS: &[Field] = fields! {
    ids.uid on "user" = InsideId(7);
    ids.user_name on "user" = Label("web".to_owned());
    ids.gid on "user" = InsideId(7);
    ids.groups on "user" = Groups::Only(Vec::new());
    ids.uid_map on "root" = one_id(65_534, 7);
    ids.gid_map on "root" = one_id(65_534, 7);
    ids.setgroups on "root" = Permit::Permitted;
    ids.rights on "user" = FileRights::Nobody;
    namespaces.user on "user" = Placement::Host;
    namespaces.mount on "user" = Placement::Host;
    namespaces.pid on "user" = Placement::Host;
    namespaces.net on "user" = Placement::Host;
    namespaces.ipc on "user" = Placement::Host;
    namespaces.uts on "user" = Placement::Host;
    namespaces.cgroup on "user" = Placement::Host;
    namespaces.time on "user" = Placement::Host;
    namespaces.hostname on "user" = Label("other".to_owned());
    namespaces.domainname on "user" = Label("other".to_owned());
    capabilities.effective on "user" = some();
    capabilities.permitted on "user" = some();
    capabilities.inheritable on "user" = some();
    capabilities.bounding on "user" = some();
    capabilities.ambient on "user" = some();
    capabilities.no_new_privs on "user" = Guard::Off;
    capabilities.securebits on "user" = Guard::Off;
    syscalls.filter on "user" = SyscallPolicy::open();
    files.grants on "user" = Grants(BTreeMap::from([("/usr".into(), Access::READ)]));
    files.root on "user" = Root::Writable;
    files.binds on "user" = Binds::everything();
    files.temporary on "user" = Temporary(BTreeMap::new());
    files.proc on "user" = ProcView::Absent;
    files.sys on "user" = SysView::ReadOnly;
    files.masked on "user" = path("/proc/keys");
    files.read_only on "proc-writable" = path("/proc/sys");
    files.nosuid on "user" = Guard::Off;
    files.nodev on "user" = Guard::Off;
    devices.nodes on "user" = Selection::Only(BTreeSet::from(["null".to_owned()]));
    devices.numbers on "user" = DeviceNumbers::none();
    devices.terminal on "terminal" = Terminal::None;
    resources.memory on "root" = Limit::AtMost(1 << 20);
    resources.processes on "root" = Limit::AtMost(3);
    resources.cpu on "root" = Limit::AtMost(100);
    resources.memory_and_swap on "root" = Limit::AtMost(1 << 20);
    resources.oom_kill on "root" = Guard::Off;
    resources.oom_score_adj on "root" = OomScore(7);
    resources.cpu_weight on "root" = Limit::AtMost(7);
    resources.cpus on "root" = Selection::Only(BTreeSet::from([0]));
    resources.memory_nodes on "root" = Selection::Only(BTreeSet::from([0]));
    resources.io on "root" = Limits(BTreeMap::from([("8:0 rbps".to_owned(), Limit::AtMost(9))]));
    resources.huge_pages on "root" = Limits(BTreeMap::from([("2MB".to_owned(), Limit::AtMost(0))]));
    resources.time on "root" = Limit::AtMost(0);
    resources.rlimits on "root" = Rlimits(BTreeMap::from([("nproc".to_owned(), RlimitPair::both(Limit::AtMost(2)))]));
    network.reach on "user" = Reach::Loopback;
    network.published on "user" = Selection::All;
    network.listen on "ports" = only("81");
    network.connect on "ports" = only("81");
    mac.landlock on "user" = Guard::Off;
    mac.signal_scope on "user" = Guard::Off;
    mac.abstract_unix_scope on "user" = Guard::Off;
    mac.apparmor on "user" = named();
    mac.selinux on "user" = named();
    mac.smack on "user" = named();
    kernel.environment on "user" = Environment::Only(BTreeMap::from([("A".to_owned(), Variable::Text("b".to_owned()))]));
    kernel.descriptors on "user" = Selection::Only(BTreeSet::from([7]));
    kernel.keyring on "user" = Keyring::Inherited;
    kernel.session on "user" = Guard::Off;
    kernel.parent_death on "user" = Guard::Off;
    kernel.sysctl on "user" = Sysctls(BTreeMap::from([("net.core.somaxconn".to_owned(), "1".to_owned())]));
};

fn find(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).unwrap()
}

#[test]
fn none_is_passed_over() {
    let mut passed_over = Vec::new();
    for field in FIELDS {
        let case = find(field.on);
        let mut document = case.document();
        let before = case.plan();
        (field.change)(&mut document.confinement);
        let after = case.plan_of(&document);
        if after.is_ok_and(|after| after.encode() == before.encode() && after.gaps == before.gaps) {
            passed_over.push(field.name);
        }
    }
    assert!(passed_over.is_empty(), "{passed_over:?}");
    let all: BTreeSet<String> = Confinement::open()
        .entries()
        .iter()
        .map(|entry| format!("{}.{}", entry.field.facet, entry.field.name))
        .collect();
    let tried: BTreeSet<String> = FIELDS.iter().map(|field| field.name.to_owned()).collect();
    assert_eq!(tried, all);
}

/// What would let the program out is an error, whatever made it so.
#[test]
fn what_cannot_be_enforced_is_refused() {
    type Change = fn(&mut Confinement);
    let cases: [(&str, &str, Change, &str); 10] = [
        (
            "user",
            "a label",
            |c| c.mac.apparmor = set(named()),
            "labels of security modules",
        ),
        (
            "ports",
            "ports without Landlock",
            |c| c.mac.landlock = set(Guard::Off),
            "they are by Landlock, which is off",
        ),
        (
            "terminal",
            "no terminal, at one",
            |c| c.devices.terminal = set(Terminal::None),
            "standard input is one",
        ),
        (
            "user",
            "another's rights with the own id",
            |c| c.ids.rights = set(FileRights::Granted),
            "is the caller's own on the host",
        ),
        (
            "user",
            "the root as a temporary directory",
            |c| {
                c.files.temporary =
                    set(Temporary(BTreeMap::from([("/".into(), Limit::Unlimited)])));
            },
            "the root cannot be a temporary directory",
        ),
        (
            "user",
            "a temporary directory with ..",
            |c| {
                c.files.temporary = set(Temporary(BTreeMap::from([(
                    "/tmp/../etc".into(),
                    Limit::Unlimited,
                )])));
            },
            "it has . or .. in it",
        ),
        (
            "user",
            "a device outside of /dev",
            |c| c.devices.nodes = set(Selection::Only(BTreeSet::from(["/etc/shadow".to_owned()]))),
            "is not below /dev",
        ),
        (
            "user",
            "to outlive the launcher",
            |c| c.kernel.parent_death = set(Guard::Off),
            "ends with its launcher",
        ),
        (
            "user",
            "a part of a writable /sys",
            |c| {
                c.files.sys = set(SysView::Writable);
                c.files.read_only = set(path("/sys/firmware"));
            },
            "it is to be read-only, and /sys is writable",
        ),
        (
            "user",
            "root inside with more than it should have",
            |c| {
                c.ids.uid = set(InsideId(0));
                c.ids.uid_map = set(one_id(0, 1000));
                c.capabilities.securebits = set(Guard::Off);
                c.capabilities.no_new_privs = set(Guard::Off);
                c.capabilities.bounding = set(some());
            },
            "gives id 0 the bounding set",
        ),
    ];
    for (on, what, change, expected) in cases {
        let case = find(on);
        let mut document = case.document();
        change(&mut document.confinement);
        let error = case.plan_of(&document).map(|plan| plan.gaps);
        let text = error
            .as_ref()
            .map_or_else(ToString::to_string, |gaps| format!("{gaps:?}"));
        assert!(error.is_err() && text.contains(expected), "{what}: {text}");
    }
}

#[test]
fn a_directory_is_no_standard_stream() {
    let case = find("user");
    let document = case.document();
    let mut facts = case.facts();
    facts.streams[0] = casemate_model::host::Stream::Directory;
    let options = casemate_enforce::plan::Options {
        best_effort: BTreeSet::new(),
        name: "casemate-7".to_owned(),
        executable: "/usr/bin/true".into(),
        reporter: casemate_enforce::plan::Reporter::Absent,
    };
    let error =
        casemate_enforce::plan::plan(&document.confinement, &document.program, &facts, &options);
    assert!(error.is_err_and(|error| error.to_string().contains("standard input is a directory")));
}

/// A process limit never raises one that was set for each process.
#[test]
fn the_lower_limit_of_processes_holds() {
    use casemate_enforce::step::Step;
    for (own, expected) in [(2, 2), (600, 513)] {
        let case = find("user");
        let mut document = case.document();
        let limit = RlimitPair::both(Limit::AtMost(own));
        document.confinement.resources.rlimits =
            set(Rlimits(BTreeMap::from([("nproc".to_owned(), limit)])));
        let plan = case.plan_of(&document).unwrap();
        let found: Vec<(u64, u64)> = plan
            .steps
            .iter()
            .filter_map(|step| match step.step {
                Step::SetRlimit { soft, hard, .. } => Some((soft, hard)),
                _ => None,
            })
            .collect();
        assert_eq!(found, [(expected, expected)], "{own}");
    }
}
