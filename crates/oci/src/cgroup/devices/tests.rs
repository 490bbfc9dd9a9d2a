use super::program::{self, Instruction};
use super::{ALWAYS, Access, Default, Devices, Kind, Policy};
use casemate_formats::oci::schema::DeviceCgroup;

/// `+c 1:3 rw`, `-a`, `+ 10:* r`.
fn rule(text: &str) -> DeviceCgroup {
    let (sign, rest) = text.split_at(1);
    let mut words = rest.split(' ');
    let kind = words.next().unwrap().to_owned();
    let number = |word: Option<&str>| word.and_then(|word| word.parse().ok());
    let mut numbers = words.next().unwrap_or("*:*").split(':');
    DeviceCgroup {
        allow: sign == "+",
        kind,
        major: number(numbers.next()),
        minor: number(numbers.next()),
        access: words.next().unwrap_or("rwm").to_owned(),
    }
}

fn rules(texts: &[&str]) -> Vec<DeviceCgroup> {
    texts.iter().map(|text| rule(text)).collect()
}

/// The exceptions that are not those of every container.
fn own(policy: &Policy) -> Vec<String> {
    let always = Policy::of(&[]).unwrap();
    let new = policy
        .exceptions
        .iter()
        .filter(|(devices, access)| always.exceptions.get(devices) != Some(*access));
    new.map(|(devices, access)| format!("{devices} {access}"))
        .collect()
}

#[test]
fn rules_in_order_amount_to_a_default_and_exceptions() {
    let cases: [(&[&str], Default, &[&str]); 12] = [
        (&[], Default::Deny, &[]),
        (&["-a"], Default::Deny, &[]),
        (
            &["-a", "+c 10:229 rw", "+b 8:0 r"],
            Default::Deny,
            &["b 8:0 r", "c 10:229 rw"],
        ),
        (
            &["+c 10:229 r", "+c 10:229 w"],
            Default::Deny,
            &["c 10:229 rw"],
        ),
        (
            &["+c 10:229 rw", "-c 10:229 w"],
            Default::Deny,
            &["c 10:229 r"],
        ),
        (
            &["+c 10:229 rw", "-c 10:* w"],
            Default::Deny,
            &["c 10:229 r"],
        ),
        (&["+c 10:229 rw", "-a"], Default::Deny, &[]),
        // What the kernel would take for all devices is about these only.
        (
            &["+a 10:229 rw"],
            Default::Deny,
            &["b 10:229 rw", "c 10:229 rw"],
        ),
        (&["+ *:* r"], Default::Deny, &["b *:* rm", "c *:* rm"]),
        (
            &["+c 10:229 rw", "-a *:* w"],
            Default::Deny,
            &["c 10:229 r"],
        ),
        (&["+a"], Default::Allow, &[]),
        (&["+a", "-b 8:* w"], Default::Allow, &["b 8:* w"]),
    ];
    for (texts, default, exceptions) in cases {
        let policy = Policy::of(&rules(texts)).unwrap();
        assert_eq!(policy.default, default, "{texts:?}");
        assert_eq!(own(&policy), exceptions, "{texts:?}");
    }
    assert!(Policy::of(&rules(&["-a", "+a"])).unwrap().is_open());
}

#[test]
fn a_part_of_an_exception_cannot_be_taken() {
    let cases: [(&[&str], usize, &str); 3] = [
        (&["+c 10:* rw", "-c 10:229 w"], 1, "`c 10:229`"),
        (&["+b *:1 rwm", "-b 8:* m"], 1, "`b *:1`"),
        // What every container may use.
        (&["+a", "-c *:* r"], 3, "`c *:*`"),
    ];
    for (texts, index, part) in cases {
        let hole = Policy::of(&rules(texts)).unwrap_err();
        assert!(hole.to_string().contains(part), "{hole}");
        assert!(hole.index >= index, "{hole}");
    }
    // Other ways of access are not concerned.
    assert!(Policy::of(&rules(&["+c 10:* r", "-c 10:229 w"])).is_ok());
}

#[test]
fn lines_reset_a_group_and_name_exceptions() {
    let (files, lines) = Policy::of(&rules(&["+b 8:0 r"])).unwrap().lines();
    assert_eq!(files, ["devices.deny", "devices.allow"]);
    assert_eq!(lines.len(), ALWAYS.len() + 1);
    assert!(lines.contains(&"c 136:* rwm".to_owned()), "{lines:?}");
    let (files, lines) = Policy::of(&rules(&["+a", "-b 8:0 w"])).unwrap().lines();
    assert_eq!(files, ["devices.allow", "devices.deny"]);
    assert_eq!(lines, ["b 8:0 w"]);
}

/// What the kernel does with a program, for the operations that are used.
fn interpret(program: &[Instruction], context: [u32; 3]) -> u64 {
    let mut registers = [0u64; 10];
    let mut place = 0;
    for _ in 0..=program.len() {
        let one = program[place];
        place += 1;
        let number = one.number;
        let target = &mut registers[usize::from(one.target)];
        let jump = match one.code {
            program::LOAD => {
                *target = context[usize::try_from(one.offset).unwrap() / 4].into();
                false
            }
            program::PUT => {
                *target = i64::from(number).cast_unsigned();
                false
            }
            program::COPY => {
                let value = registers[usize::from(one.source)] as u32;
                registers[usize::from(one.target)] = value.into();
                false
            }
            program::AND => {
                *target = u64::from(*target as u32 & number.cast_unsigned());
                false
            }
            program::SHIFT => {
                *target = u64::from(*target as u32 >> number);
                false
            }
            program::UNLESS => *target != i64::from(number).cast_unsigned(),
            program::IF => *target == i64::from(number).cast_unsigned(),
            program::END => return registers[0],
            other => panic!("unknown operation {other:#x}"),
        };
        if jump {
            place += usize::try_from(one.offset).unwrap();
        }
    }
    panic!("no end");
}

/// What the first version of cgroups does, devcgroup_check_permission().
fn permits(policy: &Policy, device: Devices, access: u8) -> bool {
    let mut matching = policy
        .exceptions
        .iter()
        .filter(|(devices, _)| devices.holds(device));
    match policy.default {
        Default::Deny => matching.any(|(_, ways)| access & !ways.bits() == 0),
        Default::Allow => !matching.any(|(_, ways)| access & ways.bits() != 0),
    }
}

#[test]
fn programs_decide_as_the_first_version_does() {
    let policies = [
        vec![],
        rules(&["-a", "+c 10:229 rw", "+b 8:0 r", "+b 8:* m", "+c *:7 w"]),
        rules(&["+a"]),
        rules(&["+a", "-b 8:* w", "-c 4:1 rwm", "-b *:3 r"]),
    ];
    let mut cases = 0;
    for rules in &policies {
        let policy = Policy::of(rules).unwrap();
        let program = program::compile(&policy);
        for kind in [Kind::Block, Kind::Character] {
            for major in [0, 1, 4, 5, 8, 10, 136, 4095] {
                for minor in [0, 1, 2, 3, 7, 8, 200, 229, 1_048_575] {
                    for access in 0..=Access::ALL.bits() {
                        let device = Devices {
                            major: Some(major),
                            minor: Some(minor),
                            kind,
                        };
                        let number = if kind == Kind::Block { 1 } else { 2 };
                        let context = [u32::from(access) << 16 | number, major, minor];
                        let expected = u64::from(permits(&policy, device, access));
                        let found = interpret(&program, context);
                        assert_eq!(found, expected, "{rules:?}: {device} {access}");
                        cases += 1;
                    }
                }
            }
        }
    }
    assert_eq!(cases, 4 * 2 * 8 * 9 * 8);
}

#[test]
fn a_program_is_eight_bytes_an_instruction() {
    let program = program::compile(&Policy::of(&[]).unwrap());
    let bytes = program::bytes(&program);
    assert_eq!(bytes.len(), program.len() * 8);
    if cfg!(target_endian = "little") {
        // Register 2 from register 1, at 0.
        assert_eq!(bytes[..8], [0x61, 0x12, 0, 0, 0, 0, 0, 0]);
    }
}
