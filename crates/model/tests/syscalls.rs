//! The algebra of syscall policies against evaluation call by call, and the laws of their order.
#![forbid(unsafe_code)]

#[cfg(test)]
mod policies {
    use casemate_model::names::{Arch, SyscallId};
    use casemate_model::order::{Permission, Relation};
    use casemate_model::syscalls::diagram::{Compare, Diagrams, Node, Point, Word};
    use casemate_model::syscalls::order::permits_beyond;
    use casemate_model::syscalls::{
        Action, Arg, Call, Case, Flag, Operator, SyscallPolicy, Test, Width,
    };

    struct Random(u64);

    impl Random {
        fn new(seed: u64) -> Self {
            Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
        }

        fn next(&mut self) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0
        }

        fn below(&mut self, bound: u64) -> u64 {
            (self.next() >> 11) % bound
        }

        fn pick<T: Copy>(&mut self, list: &[T]) -> T {
            list[self.below(list.len() as u64) as usize]
        }
    }

    const ACTIONS: [Action; 6] = [
        Action::Allow,
        Action::Errno(1),
        Action::ENOSYS,
        Action::Notify,
        Action::Log,
        Action::KillProcess,
    ];
    const CALLS: [&str; 5] = ["read", "socket", "clone", "chown32", "mseal"];
    const VALUES: [u64; 6] = [0, 1, 2, 0xffff_ffff, 1 << 32, u64::MAX];

    fn policy(random: &mut Random) -> SyscallPolicy {
        let archs = [Arch::X86_64, Arch::I386, Arch::X32, Arch::S390x];
        let covered = archs
            .into_iter()
            .filter(|_| random.below(3) > 0)
            .collect::<Vec<_>>();
        let mut policy = SyscallPolicy::without_rules(covered, random.pick(&ACTIONS));
        policy.newer = random.pick(&ACTIONS);
        policy.foreign = random.pick(&ACTIONS);
        policy.known_up_to = random
            .pick(&["5.4", "6.10", "7.1"])
            .parse()
            .expect("version");
        for _ in 0..random.below(4) {
            let id = SyscallId::from_name(random.pick(&CALLS)).expect("known");
            let call = match random.below(6) {
                0 => Call::On(random.pick(&archs), id),
                1 => Call::Numbers(random.pick(&archs), 330, 1000),
                _ => Call::Named(id),
            };
            let k = random.pick(&VALUES);
            let operator = match random.below(4) {
                0 => Operator::Equal(k),
                1 => Operator::AtMost(k),
                2 => Operator::Masked { mask: k, value: 0 },
                _ => Operator::NotIn(vec![(1, k.max(1))]),
            };
            let test = Test {
                arg: Arg::new(random.below(2) as u8).expect("place"),
                width: random.pick(&[Width::Kernel, Width::Raw64]),
                operator,
            };
            let when = if random.below(3) == 0 {
                vec![]
            } else {
                vec![test]
            };
            let action = random.pick(&ACTIONS);
            policy.add(call, Case { when, action });
        }
        if random.below(4) == 0 {
            policy.flags.insert(Flag::SpecAllow);
        }
        policy
    }

    fn point(random: &mut Random) -> Point {
        let mut point = [0; Word::COUNT];
        let arch = random.pick(&Arch::ALL);
        point[0] = if random.below(9) == 0 {
            7
        } else {
            arch.audit()
        };
        let id = SyscallId::from_name(random.pick(&CALLS)).expect("known");
        let any = random.pick(&[0, 3, 335, 999, 1001, 0x4000_0000, 0x4000_0150, u32::MAX]);
        point[1] = id
            .number(arch)
            .filter(|_| random.below(3) > 0)
            .unwrap_or(any);
        for arg in 0..2 {
            let value = random.pick(&VALUES);
            point[Word::high(arg).index()] = (value >> 32) as u32;
            point[Word::low(arg).index()] = value as u32;
        }
        point
    }

    fn answer(diagrams: &Diagrams, node: Node, point: &Point) -> Action {
        Action::from_raw(diagrams.evaluate(node, point).expect("an answer"))
    }

    #[test]
    fn the_order_of_policies_obeys_its_laws_and_agrees_with_every_call() {
        for seed in 0..150 {
            let mut random = Random::new(seed);
            let [a, b, c] = std::array::from_fn(|_| policy(&mut random));
            assert_eq!(Relation::between(&a, &a), Relation::Equal, "seed {seed}");
            let met = a.meet(&b);
            assert!(met.no_more_than(&a) && met.no_more_than(&b), "seed {seed}");
            let least = met.meet(&c);
            assert!(
                least.no_more_than(&a) && least.no_more_than(&met),
                "seed {seed}"
            );
            if c.no_more_than(&a) && c.no_more_than(&b) {
                assert!(c.no_more_than(&met), "seed {seed}");
            }
            let mut diagrams = Diagrams::new();
            let [da, db, dm] = [&a, &b, &met].map(|one| one.diagram(&mut diagrams, &Arch::ALL));
            let beyond = permits_beyond(&mut diagrams, da, db);
            assert_eq!(
                beyond == Node::NEVER,
                SyscallPolicy {
                    flags: [].into(),
                    ..a.clone()
                }
                .no_more_than(&SyscallPolicy {
                    flags: [].into(),
                    ..b.clone()
                }),
                "seed {seed}"
            );
            if let Some(witness) = diagrams.witness(beyond) {
                let (left, right) = (
                    answer(&diagrams, da, &witness),
                    answer(&diagrams, db, &witness),
                );
                assert!(left.passage() > right.passage(), "seed {seed}");
            }
            for _ in 0..200 {
                let point = point(&mut random);
                let (left, right) = (answer(&diagrams, da, &point), answer(&diagrams, db, &point));
                assert_eq!(
                    diagrams.holds(beyond, &point),
                    left.passage() > right.passage(),
                    "seed {seed}: {point:x?}"
                );
                let expected = left.passage().min(right.passage());
                assert_eq!(
                    answer(&diagrams, dm, &point).passage(),
                    expected,
                    "seed {seed}: {point:x?}"
                );
            }
        }
    }

    #[test]
    fn the_canonical_form_answers_alike_and_is_one_for_all_that_do() {
        for seed in 0..150 {
            let policy = policy(&mut Random::new(seed));
            let canonical = policy.canonical().expect("in reach");
            let mut diagrams = Diagrams::new();
            assert_eq!(
                policy.diagram(&mut diagrams, &Arch::ALL),
                canonical.diagram(&mut diagrams, &Arch::ALL),
                "seed {seed}\n{policy}\n{canonical}"
            );
            assert_eq!(
                canonical.canonical(),
                Some(canonical.clone()),
                "seed {seed}"
            );
        }
    }

    #[test]
    fn comparisons_with_constants_are_what_they_say() {
        let values = [
            0,
            1,
            2,
            0x7fff_ffff,
            0x8000_0000,
            0xffff_fffe,
            0xffff_ffff,
            0x7e02_0000,
        ];
        let mut diagrams = Diagrams::new();
        let word = Word::low(3);
        for k in values {
            let nodes = [
                Compare::Equal,
                Compare::AtLeast,
                Compare::Above,
                Compare::AnyBit,
            ]
            .map(|compare| diagrams.compare(word, compare, k));
            let masked = diagrams.masked(word, k, k & 0x5555_5555, Node::ALWAYS);
            for value in values {
                let mut point = [0; Word::COUNT];
                point[word.index()] = value;
                let expected = [value == k, value >= k, value > k, value & k != 0];
                assert_eq!(
                    nodes.map(|node| diagrams.holds(node, &point)),
                    expected,
                    "{value:x} {k:x}"
                );
                assert_eq!(diagrams.holds(masked, &point), value & k == k & 0x5555_5555);
            }
        }
    }

    #[test]
    fn work_is_bounded_and_said_to_be() {
        let mut diagrams = Diagrams::bounded(10_000);
        // Two words compared bit by bit, the one wholly before the other: every value of the first is remembered.
        let mut equal = Node::ALWAYS;
        for bit in 0..32 {
            let one = diagrams.bit(Word::low(0), bit);
            let other = diagrams.bit(Word::low(1), bit);
            let differ = diagrams.differ(one, other);
            equal = diagrams.choose(differ, Node::NEVER, equal);
        }
        assert!(diagrams.overflowed());
        assert!(diagrams.len() < 100_000);
    }

    #[test]
    fn the_two_ends_of_the_order() {
        let strictest = SyscallPolicy::strictest();
        let ordinary = SyscallPolicy::ordinary();
        let open = SyscallPolicy::open();
        assert_eq!(Relation::between(&strictest, &ordinary), Relation::Tighter);
        assert_eq!(Relation::between(&ordinary, &open), Relation::Tighter);
        assert_eq!(Relation::between(&open, &strictest), Relation::Looser);
    }
}
