//! The laws of the order "permits no more than", for the type of every field and for the facets together.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use casemate_model::facets::binds::{Bind, Binds, Extra, Propagation, Source};
use casemate_model::facets::capabilities::Capabilities;
use casemate_model::facets::device_numbers::{DeviceAccess, DeviceKind, DeviceNumbers, DeviceRule};
use casemate_model::facets::devices::{Devices, Terminal};
use casemate_model::facets::files::{
    Access, Files, Grants, ProcView, Root, ShownPath, SysView, Temporary,
};
use casemate_model::facets::ids::{FileRights, Groups, IdMap, IdRange, Ids, InsideId};
use casemate_model::facets::kernel::{Environment, Kernel, Keyring, Variable};
use casemate_model::facets::mac::{Mac, SecurityLabel};
use casemate_model::facets::namespaces::{Namespaces, Placement};
use casemate_model::facets::network::{Network, Port, Reach, Transport};
use casemate_model::facets::resources::{Limits, OomScore, Resources, RlimitPair, Rlimits};
use casemate_model::lattice::{Guard, Limit, Permit, Restrictions, Selection};
use casemate_model::names::capabilities::CapabilitySet;
use casemate_model::{Confinement, Facet, Permission, Relation, Stated};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A small generator (xorshift64*), so that failures repeat.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 33) % n
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[usize::try_from(self.below(items.len() as u64)).unwrap()].clone()
    }

    fn subset<T: Clone + Ord>(&mut self, items: &[T]) -> BTreeSet<T> {
        items
            .iter()
            .filter(|_| self.below(2) == 0)
            .cloned()
            .collect()
    }
}

/// Checks the laws on all triples of some generated values.
fn laws<T: Permission>(name: &str, mut generate: impl FnMut(&mut Random) -> T) {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let values: Vec<T> = (0..24).map(|_| generate(&mut random)).collect();
    for a in &values {
        assert!(a.no_more_than(a), "{name}: {} is not reflexive", a.text());
        for b in &values {
            let meet = a.meet(b);
            assert!(
                meet.no_more_than(a) && meet.no_more_than(b),
                "{name}: meet of {} and {} is {}",
                a.text(),
                b.text(),
                meet.text()
            );
            for c in &values {
                if a.no_more_than(b) && b.no_more_than(c) {
                    assert!(
                        a.no_more_than(c),
                        "{name}: not transitive: {} {} {}",
                        a.text(),
                        b.text(),
                        c.text()
                    );
                }
                if c.no_more_than(a) && c.no_more_than(b) {
                    assert!(
                        c.no_more_than(&meet),
                        "{name}: {} is not below the meet {}",
                        c.text(),
                        meet.text()
                    );
                }
            }
        }
    }
}

fn limit(random: &mut Random) -> Limit {
    if random.below(4) == 0 {
        Limit::Unlimited
    } else {
        Limit::AtMost(random.below(3))
    }
}

fn paths() -> Vec<PathBuf> {
    ["/", "/a", "/a/b", "/a/b/c", "/ab", "/d"]
        .map(PathBuf::from)
        .to_vec()
}

fn grants(random: &mut Random) -> Grants {
    let access = [
        Access::NONE,
        Access::READ,
        Access::WRITE,
        Access::RUN,
        Access::FULL,
    ];
    Grants(
        random
            .subset(&paths())
            .into_iter()
            .map(|path| (path, random.pick(&access)))
            .collect(),
    )
}

fn binds(random: &mut Random) -> Binds {
    if random.below(12) == 0 {
        return Binds::everything();
    }
    let host = |path: &PathBuf| Source::Host(path.clone());
    let mut sources: Vec<Source> = paths().iter().map(host).collect();
    sources.extend([
        Source::Own,
        Source::Volume("v".to_owned()),
        Source::Volume("w".to_owned()),
    ]);
    let access = [Access::READ, Access::WRITE, Access::RUN, Access::FULL];
    let passes = [
        Propagation::Private,
        Propagation::Slave,
        Propagation::Shared,
    ];
    let extra = [Extra::NONE, Extra::DEVICES, Extra::SETUID, Extra::ALL];
    let one = |random: &mut Random| Bind {
        at: random.pick(&paths()),
        source: random.pick(&sources),
        access: random.pick(&access),
        extra: random.pick(&extra),
        propagation: random.pick(&passes),
    };
    Binds((0..random.below(4)).map(|_| one(random)).collect())
}

fn device_numbers(random: &mut Random) -> DeviceNumbers {
    if random.below(6) == 0 {
        return DeviceNumbers::All;
    }
    let numbers = [None, Some(1), Some(2)];
    let accesses = ["r", "w", "rw", "rwm", "m"];
    let one = |random: &mut Random| DeviceRule {
        kind: random.pick(&[DeviceKind::Block, DeviceKind::Char]),
        major: random.pick(&numbers),
        minor: random.pick(&numbers),
        access: DeviceAccess::parse(random.pick(&accesses)).unwrap(),
    };
    DeviceNumbers::Only((0..random.below(4)).map(|_| one(random)).collect())
}

fn environment(random: &mut Random) -> Environment {
    if random.below(5) == 0 {
        return Environment::Inherited;
    }
    let names: Vec<String> = ["A", "B", "C"].map(str::to_owned).to_vec();
    let values = [Variable::FromCaller, Variable::Text("x".to_owned())];
    Environment::Only(
        random
            .subset(&names)
            .into_iter()
            .map(|name| (name, random.pick(&values)))
            .collect(),
    )
}

fn id_map(random: &mut Random) -> IdMap {
    if random.below(6) == 0 {
        return IdMap::Host;
    }
    let ranges: Vec<IdRange> = (0..random.below(3))
        .map(|_| {
            let (at, offset) = (
                u32::try_from(random.below(8)).unwrap(),
                u32::try_from(random.below(2)).unwrap(),
            );
            IdRange {
                inside: at,
                outside: at + offset * 100,
                count: 1 + u32::try_from(random.below(4)).unwrap(),
            }
        })
        .collect();
    IdMap::canonical(&ranges)
}

#[test]
fn each_field_type_obeys_the_laws() {
    laws("Guard", |r| r.pick(Guard::ALL));
    laws("Permit", |r| r.pick(Permit::ALL));
    laws("Terminal", |r| r.pick(Terminal::ALL));
    laws("ProcView", |r| r.pick(ProcView::ALL));
    laws("SysView", |r| r.pick(SysView::ALL));
    laws("FileRights", |r| r.pick(FileRights::ALL));
    laws("Keyring", |r| r.pick(Keyring::ALL));
    laws("Reach", |r| r.pick(Reach::ALL));
    laws("Limit", limit);
    laws("CapabilitySet", |r| CapabilitySet::from_bits(r.below(16)));
    laws("InsideId", |r| {
        InsideId(r.pick(&[0, 1, 2, 1000, InsideId::NOBODY]))
    });
    laws("IdMap", id_map);
    laws("Groups", |r| {
        if r.below(5) == 0 {
            Groups::Inherited
        } else {
            Groups::Only(r.subset(&[1, 2, 3]).into_iter().collect())
        }
    });
    let join = |name: &str| Placement::Join(PathBuf::from(name));
    laws("Placement", |r| {
        r.pick(&[Placement::New, Placement::Host, join("/x"), join("/y")])
    });
    laws("SecurityLabel", |r| {
        let named = |name: &str| SecurityLabel::Named(name.to_owned());
        r.pick(&[
            SecurityLabel::Strictest,
            SecurityLabel::Unconfined,
            named("a"),
            named("b"),
        ])
    });
    let ports = [1, 2, 3].map(|number| Port {
        transport: Transport::Tcp,
        number,
    });
    laws("Root", |r| r.pick(Root::ALL));
    laws("Binds", binds);
    laws("DeviceNumbers", device_numbers);
    laws("OomScore", |r| OomScore(r.pick(&[-1000, 0, 5, 1000])));
    laws("Limits", |r| {
        let names = ["a", "b", "default"].map(str::to_owned);
        let names = r.subset(&names);
        Limits(names.into_iter().map(|name| (name, limit(r))).collect())
    });
    laws("Selection", |r| {
        if r.below(5) == 0 {
            Selection::All
        } else {
            Selection::Only(r.subset(&ports))
        }
    });
    let shown: Vec<ShownPath> = paths().into_iter().map(ShownPath).collect();
    laws("Restrictions", |r| {
        if r.below(5) == 0 {
            Restrictions::Everything
        } else {
            Restrictions::These(r.subset(&shown))
        }
    });
    laws("Grants", grants);
    laws("Temporary", |r| {
        Temporary(
            r.subset(&paths())
                .into_iter()
                .map(|path| (path, limit(r)))
                .collect(),
        )
    });
    laws("Environment", environment);
    laws("Rlimits", |r| {
        let names: Vec<String> = ["core", "nofile"].map(str::to_owned).to_vec();
        Rlimits(
            r.subset(&names)
                .into_iter()
                .map(|name| {
                    (
                        name,
                        RlimitPair {
                            soft: limit(r),
                            hard: limit(r),
                        },
                    )
                })
                .collect(),
        )
    });
}

fn bounds<F: Facet>() {
    let (bottom, top) = (F::strictest(), F::open());
    assert!(
        bottom.no_more_than(&top),
        "{}: the strictest permits more than the open one",
        F::NAME
    );
    assert!(
        !top.no_more_than(&bottom),
        "{}: the strictest is the open one",
        F::NAME
    );
    assert!(bottom.no_more_than(&bottom.meet(&top)), "{}: meet", F::NAME);
    let unknown = F::unknown();
    assert!(
        unknown.no_more_than(&top) && unknown.no_more_than(&unknown),
        "{}: unknown",
        F::NAME
    );
    assert!(
        !unknown.no_more_than(&bottom),
        "{}: what is unknown may permit everything",
        F::NAME
    );
}

#[test]
fn each_facet_has_a_bottom_and_a_top() {
    bounds::<Ids>();
    bounds::<Namespaces>();
    bounds::<Capabilities>();
    bounds::<casemate_model::facets::syscalls::Syscalls>();
    bounds::<Files>();
    bounds::<Devices>();
    bounds::<Resources>();
    bounds::<Network>();
    bounds::<Mac>();
    bounds::<Kernel>();
}

/// Replaces one field by a generated value, so that every facet takes part in comparisons of the whole.
fn confinement(random: &mut Random) -> Confinement {
    let mut value = if random.below(2) == 0 {
        Confinement::strictest()
    } else {
        Confinement::open()
    };
    let of = "test";
    if random.below(2) == 0 {
        value.files.grants = Stated::default_of(of, grants(random));
    }
    if random.below(2) == 0 {
        value.ids.uid_map = Stated::default_of(of, id_map(random));
    }
    if random.below(2) == 0 {
        value.kernel.environment = Stated::default_of(of, environment(random));
    }
    if random.below(3) == 0 {
        value.resources.memory = Stated::Unknown;
    }
    if random.below(2) == 0 {
        value.capabilities.bounding =
            Stated::default_of(of, CapabilitySet::from_bits(random.below(8)));
    }
    value
}

#[test]
fn confinements_compare_as_their_facets_do() {
    let mut random = Random(77);
    let values: Vec<Confinement> = (0..40).map(|_| confinement(&mut random)).collect();
    for a in &values {
        assert_eq!(a.relation(a), Relation::Equal);
        assert!(
            Confinement::strictest().no_more_than(a),
            "{:#?}",
            Confinement::strictest().diff(a)
        );
        assert!(a.no_more_than(&Confinement::open()));
        for b in &values {
            assert_eq!(a.relation(b), b.relation(a).reverse());
            let meet = a.meet(b);
            let unknown =
                a.resources.memory.value().is_none() || b.resources.memory.value().is_none();
            assert!(unknown || (meet.no_more_than(a) && meet.no_more_than(b)));
            for c in &values {
                assert!(!(a.no_more_than(b) && b.no_more_than(c)) || a.no_more_than(c));
            }
            for difference in a.diff(b) {
                assert_ne!(difference.left, difference.right, "{}", difference.field);
                assert!(!difference.left.contains('\n'));
            }
        }
    }
}

#[test]
fn the_deepest_grant_decides() {
    let grants = Grants(BTreeMap::from([
        (PathBuf::from("/a"), Access::WRITE),
        (PathBuf::from("/a/b"), Access::READ),
        (PathBuf::from("/a/b/c"), Access::NONE),
    ]));
    let cases = [
        ("/a", Access::WRITE),
        ("/a/x", Access::WRITE),
        ("/a/b/x", Access::READ),
        ("/a/b/c/d", Access::NONE),
        ("/ab", Access::NONE),
    ];
    for (path, expected) in cases {
        assert_eq!(grants.access(path.as_ref()), expected, "{path}");
    }
}
