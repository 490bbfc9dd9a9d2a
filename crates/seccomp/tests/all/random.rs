//! Random policies: what is compiled does what the policy says.

use casemate_model::names::{Arch, SyscallId};
use casemate_model::syscalls::diagram::{Point, Word};
use casemate_model::syscalls::{Action, Arg, Call, Case, Operator, SyscallPolicy, Test, Width};
use casemate_seccomp::compile;
use casemate_seccomp::interpret::interpret;

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }
}

const VALUES: [u64; 12] = [
    0,
    1,
    2,
    38,
    40,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x1_0000_0026,
    0x7e02_0000,
    u64::MAX,
];

pub fn operator(random: &mut Random) -> Operator {
    let k = random.pick(&VALUES);
    match random.below(10) {
        0 | 1 => Operator::Equal(k),
        2 => Operator::NotEqual(k),
        3 => Operator::Less(k),
        4 => Operator::AtMost(k),
        5 => Operator::Greater(k),
        6 => Operator::AtLeast(k),
        7 => {
            let mask =
                random.next() & random.next() & random.pick(&[u64::MAX, 0xffff_ffff, 0xffff]);
            Operator::Masked {
                mask,
                value: random.next() & mask,
            }
        }
        8 => Operator::NotMasked {
            mask: random.pick(&VALUES),
            value: 0,
        },
        _ => {
            let (a, b) = (random.pick(&VALUES), random.pick(&VALUES));
            Operator::In(vec![(a.min(b), a.max(b)), (k, k)])
        }
    }
}

pub fn policy(random: &mut Random, archs: &[Arch]) -> SyscallPolicy {
    let actions = [
        Action::Allow,
        Action::Allow,
        Action::Errno(1),
        Action::Errno(95),
        Action::KillProcess,
        Action::Trap(7),
        Action::Trace(9),
        Action::Log,
        Action::Notify,
    ];
    let mut policy = SyscallPolicy::without_rules(archs.iter().copied(), random.pick(&actions));
    policy.newer = random.pick(&actions);
    policy.foreign = random.pick(&actions);
    policy.known_up_to = "5.4".parse().expect("version");
    let names: Vec<SyscallId> = SyscallId::all().collect();
    for _ in 0..random.below(80) {
        let call = match random.below(8) {
            0 => Call::On(random.pick(archs), random.pick(&names)),
            1 => {
                let start = random.below(600) as u32;
                Call::Numbers(random.pick(archs), start, start + random.below(9) as u32)
            }
            _ => Call::Named(random.pick(&names)),
        };
        for _ in 0..=random.below(3) {
            let when = (0..random.below(3))
                .map(|_| Test {
                    arg: Arg::new(random.below(6) as u8).expect("place"),
                    width: random.pick(&[Width::Kernel, Width::Low32, Width::High32, Width::Raw64]),
                    operator: operator(random),
                })
                .collect();
            policy.add(
                call,
                Case {
                    when,
                    action: random.pick(&actions),
                },
            );
        }
    }
    policy
}

// What the policy answers, found without any diagram. Kernel-width tests must have been made with the shape given.
pub fn answer(policy: &SyscallPolicy, point: &Point) -> Action {
    let skipped = point[1] == u32::MAX;
    let arch = Arch::ALL.into_iter().find(|arch| {
        let x32 = point[1] >= 0x4000_0000 && !skipped;
        arch.audit() == point[0]
            && match arch {
                Arch::X86_64 => !x32,
                Arch::X32 => x32,
                _ => true,
            }
    });
    let Some(arch) = arch.filter(|arch| policy.archs.contains(arch)) else {
        return policy.foreign;
    };
    let call = casemate_model::names::syscalls::find(arch, point[1]);
    let rule = call.and_then(|call| {
        policy
            .rules
            .get(&Call::On(arch, call.id))
            .or_else(|| policy.rules.get(&Call::Named(call.id)))
    });
    let numbered = || {
        policy.rules.iter().find_map(|(call, cases)| match call {
            Call::Numbers(of, low, high) if *of == arch && (*low..=*high).contains(&point[1]) => {
                Some(cases)
            }
            _ => None,
        })
    };
    let beneath = match call {
        Some(call) if call.since <= policy.known_up_to => policy.default,
        _ => policy.newer,
    };
    let holds = |case: &Case| {
        case.when.iter().all(|test| {
            let place = test.arg.index();
            let (high, low) = (
                point[Word::high(place).index()],
                point[Word::low(place).index()],
            );
            let shape = match call {
                Some(call) if rule.is_some() => {
                    casemate_model::syscalls::policy::shape(arch, call.id, place)
                }
                _ => casemate_model::syscalls::policy::register(arch),
            };
            passes(test, shape, high, low)
        })
    };
    rule.or_else(numbered)
        .and_then(|cases| cases.iter().find(|case| holds(case)))
        .map_or(beneath, |case| case.action)
}

fn passes(
    test: &Test,
    kernel: casemate_model::syscalls::condition::Shape,
    high: u32,
    low: u32,
) -> bool {
    use casemate_model::syscalls::condition::{Sign, Size};
    let whole = u64::from(high) << 32 | u64::from(low);
    let (bits, size, sign) = match test.width {
        Width::Kernel => match kernel.size {
            Size::Bits16 => (u64::from(low & 0xffff), Size::Bits16, kernel.sign),
            Size::Bits32 => (u64::from(low), Size::Bits32, kernel.sign),
            Size::Bits64 => (whole, Size::Bits64, kernel.sign),
        },
        Width::Low32 => (u64::from(low), Size::Bits32, Sign::Unsigned),
        Width::High32 => (u64::from(high), Size::Bits32, Sign::Unsigned),
        Width::Raw64 => (whole, Size::Bits64, Sign::Unsigned),
    };
    let number = |k: u64| -> i128 {
        let short = size != Size::Bits64 && (k >> 32 == 0 || k >> 31 == 0x1_ffff_ffff);
        match (short, sign) {
            (true, Sign::Unsigned) => i128::from(k & 0xffff_ffff),
            (true, Sign::Signed) => i128::from(k as u32 as i32),
            (false, Sign::Unsigned) => i128::from(k),
            (false, Sign::Signed) => i128::from(k as i64),
        }
    };
    let value = match (size, sign) {
        (Size::Bits16, Sign::Signed) => i128::from(bits as u16 as i16),
        (Size::Bits32, Sign::Signed) => i128::from(bits as u32 as i32),
        (Size::Bits64, Sign::Signed) => i128::from(bits as i64),
        (_, Sign::Unsigned) => i128::from(bits),
    };
    let width = match size {
        Size::Bits16 => 0xffff,
        Size::Bits32 => 0xffff_ffff,
        Size::Bits64 => u64::MAX,
    };
    let masked = |mask: u64, want: u64| {
        let negative = size != Size::Bits64 && want >> 31 == 0x1_ffff_ffff;
        bits & mask & width == if negative { want & width } else { want }
    };
    let inside = |ranges: &[(u64, u64)]| {
        ranges
            .iter()
            .any(|(a, b)| number(*a) <= value && value <= number(*b))
    };
    match &test.operator {
        Operator::Equal(k) => value == number(*k),
        Operator::NotEqual(k) => value != number(*k),
        Operator::Less(k) => value < number(*k),
        Operator::AtMost(k) => value <= number(*k),
        Operator::Greater(k) => value > number(*k),
        Operator::AtLeast(k) => value >= number(*k),
        Operator::Masked { mask, value } => masked(*mask, *value),
        Operator::NotMasked { mask, value } => !masked(*mask, *value),
        Operator::In(ranges) => inside(ranges),
        Operator::NotIn(ranges) => !inside(ranges),
    }
}

pub fn point(random: &mut Random, policy: &SyscallPolicy) -> Point {
    let mut point = [0; Word::COUNT];
    let arch = random.pick(&Arch::ALL);
    point[0] = if random.below(20) == 0 {
        random.next() as u32
    } else {
        arch.audit()
    };
    let named: Vec<u32> = policy
        .rules
        .keys()
        .filter_map(|call| match call {
            Call::Named(id) | Call::On(_, id) => id.number(arch),
            Call::Numbers(_, low, _) => Some(*low),
        })
        .collect();
    point[1] = match random.below(6) {
        0 => random.below(600) as u32 | arch.number_bit(),
        1 => u32::MAX,
        2 => random.next() as u32,
        _ if named.is_empty() => 0,
        _ => random.pick(&named),
    };
    for arg in 0..6 {
        let value = random.pick(&VALUES);
        let value = match random.below(5) {
            0 => value.wrapping_add(1),
            1 => value.wrapping_sub(1),
            2 => value | random.next() << 32,
            3 => random.next(),
            _ => value,
        };
        point[Word::high(arg).index()] = (value >> 32) as u32;
        point[Word::low(arg).index()] = value as u32;
    }
    point
}

#[test]
fn compiled_policies_answer_as_the_policy_says() {
    let sets: [&[Arch]; 6] = [
        &[Arch::X86_64],
        &[Arch::X32],
        &[Arch::X86_64, Arch::I386, Arch::X32],
        &[Arch::Aarch64, Arch::Arm],
        &[Arch::S390x],
        &[
            Arch::Riscv64,
            Arch::Ppc64le,
            Arch::Loongarch64,
            Arch::Mips64el,
        ],
    ];
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let archs = random.pick(&sets);
        let policy = policy(&mut random, archs);
        let program =
            compile(&policy, archs).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        for _ in 0..300 {
            let point = point(&mut random, &policy);
            let run = interpret(&program, &point).expect("a valid program");
            assert_eq!(
                Action::from_raw(run.answer),
                answer(&policy, &point),
                "seed {seed}, {point:x?}"
            );
        }
    }
}

// Few tests on two arguments, many times: what one word's plan takes over from another's shows here.
#[test]
fn small_conditions_are_compiled_and_proved() {
    let read = SyscallId::from_name("read").expect("known");
    for seed in 0..5000 {
        let mut random = Random::new(seed);
        let mut policy = SyscallPolicy::without_rules([Arch::X86_64], Action::EPERM);
        for _ in 0..=random.below(2) {
            let when = (0..=random.below(2))
                .map(|_| Test {
                    arg: Arg::new(random.below(2) as u8).expect("place"),
                    width: random.pick(&[Width::Low32, Width::Raw64]),
                    operator: operator(&mut random),
                })
                .collect();
            let action = random.pick(&[Action::Allow, Action::Errno(3)]);
            policy.add(Call::Named(read), Case { when, action });
        }
        if let Err(error) = compile(&policy, &[Arch::X86_64]) {
            panic!("seed {seed}: {error}: {policy}");
        }
    }
}
