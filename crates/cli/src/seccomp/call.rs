//! System calls as people write them: `socket(AF_INET, SOCK_RAW, 0)`.

use crate::failure::Failure;
use casemate_model::names::suggest::nearest;
use casemate_model::names::{Arch, SyscallId, arguments, constants, syscalls};
use casemate_model::syscalls::diagram::{Point, Word};

/// A call on an architecture, with its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Call {
    /// The numbering.
    pub arch: Arch,
    /// The number, as a filter sees it.
    pub number: u32,
    /// The arguments.
    pub args: [u64; 6],
}

impl Call {
    /// What a filter sees.
    pub fn point(&self) -> Point {
        let mut point = [0; Word::COUNT];
        point[Word::ARCH.index()] = self.arch.audit();
        point[Word::NR.index()] = self.number;
        for (place, value) in (0..).zip(self.args) {
            point[Word::high(place).index()] = (value >> 32) as u32;
            point[Word::low(place).index()] = value as u32;
        }
        point
    }

    /// The call that a filter sees, if its architecture is known.
    pub fn of_point(point: &Point) -> Option<Self> {
        let number = point[Word::NR.index()];
        let mut args = [0; 6];
        for (place, arg) in (0..).zip(&mut args) {
            *arg = u64::from(point[Word::high(place).index()]) << 32
                | u64::from(point[Word::low(place).index()]);
        }
        Some(Self {
            arch: Arch::from_audit(point[Word::ARCH.index()], number)?,
            number,
            args,
        })
    }

    /// Reads a call; without an architecture of its own it is one of this architecture.
    pub fn parse(text: &str, arch: Arch) -> Result<Self, Failure> {
        let (head, rest) = match text.split_once('(') {
            Some((head, rest)) => (head.trim(), Some(rest)),
            None => (text.trim(), None),
        };
        let (arch, name) = match head.split_once(':') {
            None => (arch, head),
            Some((before, name)) => {
                let arch = Arch::from_name(before.trim()).ok_or_else(|| {
                    wrong(
                        text,
                        &format!("unknown architecture `{before}`"),
                        nearest(before.trim(), Arch::ALL.map(Arch::name)),
                    )
                })?;
                (arch, name.trim())
            }
        };
        let (number, id) = number(text, name, arch)?;
        let mut args = [0; 6];
        if let Some(rest) = rest {
            let inner = rest
                .trim_end()
                .strip_suffix(')')
                .ok_or_else(|| wrong(text, "expected `)` at the end", None))?;
            let reader = Reader { text, arch, id };
            reader.arguments(inner, &mut args)?;
        }
        Ok(Self { arch, number, args })
    }

    /// The name, or the number where there is none.
    pub fn name(&self) -> String {
        match syscalls::name(self.arch, self.number) {
            Some(name) => name.to_owned(),
            None => format!("{:#x}", self.number & !self.arch.number_bit()),
        }
    }

    /// Writes the call so that [`Call::parse`] reads it back.
    pub fn write(&self, native: Arch) -> String {
        let id = syscalls::find(self.arch, self.number).map(|call| call.id);
        let named = id
            .and_then(|id| arguments::signature_of(id, self.arch))
            .map_or(0, <[_]>::len);
        let last = self.args.iter().rposition(|arg| *arg != 0);
        let count = named.max(last.map_or(0, |last| last + 1));
        let args: Vec<String> = (0..)
            .zip(self.args)
            .take(count)
            .map(|(place, value)| self.value(id, place, value))
            .collect();
        let prefix = if self.arch == native {
            String::new()
        } else {
            format!("{}:", self.arch)
        };
        format!("{prefix}{}({})", self.name(), args.join(", "))
    }

    fn value(&self, id: Option<SyscallId>, place: usize, value: u64) -> String {
        let name = id.and_then(|id| constants::name_of(id, place, value, self.arch));
        let reader = Reader {
            text: "",
            arch: self.arch,
            id,
        };
        match name {
            Some(name) if reader.value(&name, place).is_ok_and(|again| again == value) => name,
            _ if value < 10 => value.to_string(),
            _ => format!("{value:#x}"),
        }
    }
}

fn wrong(text: &str, what: &str, near: Option<&str>) -> Failure {
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "for example `socket(AF_INET, SOCK_STREAM, 0)`".to_owned(),
    };
    Failure::usage(format!("the call `{text}`: {what}"), hint)
}

fn number(text: &str, name: &str, arch: Arch) -> Result<(u32, Option<SyscallId>), Failure> {
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        let number = plain(name)
            .and_then(|number| u32::try_from(number).ok())
            .ok_or_else(|| wrong(text, &format!("`{name}` is no number of 32 bits"), None))?;
        let number = number | arch.number_bit();
        return Ok((number, syscalls::find(arch, number).map(|call| call.id)));
    }
    let id = SyscallId::from_name(name).ok_or_else(|| {
        wrong(
            text,
            &format!("unknown system call `{name}`"),
            syscalls::suggest(name),
        )
    })?;
    if let Some(number) = id.number(arch) {
        return Ok((number, Some(id)));
    }
    let having: Vec<&str> = Arch::ALL
        .into_iter()
        .filter(|arch| id.number(*arch).is_some())
        .map(Arch::name)
        .collect();
    Err(Failure::usage(
        format!("the call `{text}`: {arch} has no {name}"),
        format!("these have it: {}", having.join(", ")),
    ))
}

/// A number in decimal, hexadecimal or octal.
fn plain(text: &str) -> Option<u64> {
    casemate_seccomp::formats::c_number(text)
}

struct Reader<'a> {
    text: &'a str,
    arch: Arch,
    id: Option<SyscallId>,
}

impl Reader<'_> {
    fn arguments(&self, inner: &str, args: &mut [u64; 6]) -> Result<(), Failure> {
        if inner.trim().is_empty() {
            return Ok(());
        }
        for (at, part) in inner.split(',').enumerate() {
            let (place, value) = match part.split_once('=') {
                Some((name, value)) => (self.place(name.trim())?, value.trim()),
                None => (at, part.trim()),
            };
            let value = self.value(value, place)?;
            match args.get_mut(place) {
                Some(arg) => *arg = value,
                None => {
                    return Err(wrong(
                        self.text,
                        "a system call has at most 6 arguments",
                        None,
                    ));
                }
            }
        }
        Ok(())
    }

    fn place(&self, name: &str) -> Result<usize, Failure> {
        let known = self.id.and_then(|id| arguments::index(id, self.arch, name));
        let bare = name
            .strip_prefix("arg")
            .and_then(|digit| digit.parse().ok());
        known.or(bare.filter(|place| *place < 6)).ok_or_else(|| {
            let near = self
                .id
                .and_then(|id| arguments::suggest(id, self.arch, name));
            wrong(self.text, &format!("no argument is called `{name}`"), near)
        })
    }

    // Numbers and constants, joined with |. A negative one sets the bits that the kernel looks at, as programs do.
    fn value(&self, text: &str, place: usize) -> Result<u64, Failure> {
        let mask = self
            .id
            .and_then(|id| arguments::argument_of(id, self.arch, place))
            .map_or(u64::MAX, |argument| argument.mask(self.arch));
        let mut sum = 0;
        for part in text.split('|').map(str::trim) {
            let (inverted, part) = match part.strip_prefix('~') {
                Some(part) => (true, part.trim()),
                None => (false, part),
            };
            let value = self.term(part)?;
            let value = if inverted { !value } else { value };
            // No argument holds a number that is as small as that: it is a negative one.
            let negative = value >= 0xffff_ffff_8000_0000 && !part.starts_with("0x");
            sum |= if negative { value & mask } else { value };
        }
        Ok(match self.arch.register() {
            casemate_model::names::arch::Word::W32 => sum & u64::from(u32::MAX),
            casemate_model::names::arch::Word::W64 => sum,
        })
    }

    fn term(&self, text: &str) -> Result<u64, Failure> {
        if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return plain(text).ok_or_else(|| {
                wrong(
                    self.text,
                    &format!("`{text}` is no number of 64 bits"),
                    None,
                )
            });
        }
        if text.is_empty() {
            return Err(wrong(self.text, "an argument is empty", None));
        }
        if text == "NULL" || text == "_" {
            return Ok(0);
        }
        constants::lookup(text, self.arch).ok_or_else(|| {
            if constants::find(text).is_some() {
                return wrong(self.text, &format!("{} has no {text}", self.arch), None);
            }
            wrong(
                self.text,
                &format!("unknown constant `{text}`"),
                constants::suggest(text),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Call;
    use crate::failure::Failure;
    use casemate_model::names::Arch;

    #[test]
    fn calls_are_read() {
        let cases: &[(&str, Arch, u32, [u64; 6])] = &[
            ("getpid", Arch::X86_64, 39, [0; 6]),
            ("getpid()", Arch::X86_64, 39, [0; 6]),
            ("i386:getpid", Arch::I386, 20, [0; 6]),
            (
                "socket(AF_INET, SOCK_RAW, 0)",
                Arch::X86_64,
                41,
                [2, 3, 0, 0, 0, 0],
            ),
            (
                "socket(0x100000002, 1|SOCK_CLOEXEC)",
                Arch::X86_64,
                41,
                [0x1_0000_0002, 0x8_0001, 0, 0, 0, 0],
            ),
            (
                "openat(AT_FDCWD, 0, O_RDONLY)",
                Arch::X86_64,
                257,
                [0xffff_ff9c, 0, 0, 0, 0, 0],
            ),
            ("close(-1)", Arch::X86_64, 3, [0xffff_ffff, 0, 0, 0, 0, 0]),
            ("lseek(0, -1)", Arch::X86_64, 8, [0, u64::MAX, 0, 0, 0, 0]),
            ("socket(protocol=6)", Arch::X86_64, 41, [0, 0, 6, 0, 0, 0]),
            ("x32:getpid", Arch::X32, 0x4000_0027, [0; 6]),
            ("999(arg5 = 7)", Arch::X86_64, 999, [0, 0, 0, 0, 0, 7]),
        ];
        for (text, arch, number, args) in cases {
            let call = Call::parse(text, Arch::X86_64).unwrap();
            let expected = Call {
                arch: *arch,
                number: *number,
                args: *args,
            };
            assert_eq!(call, expected, "{text}");
            let written = call.write(Arch::X86_64);
            assert_eq!(
                Call::parse(&written, Arch::X86_64).unwrap(),
                call,
                "{text}: {written}"
            );
            assert_eq!(Call::of_point(&call.point()), Some(call), "{text}");
        }
    }

    #[test]
    fn what_is_no_call_is_told_with_what_may_help() {
        let cases = [
            ("sokcet(1)", "did you mean `socket`?"),
            ("socket(AF_INETT)", "did you mean `AF_INET`?"),
            ("socket(famliy=2)", "did you mean `family`?"),
            ("socket(1", "for example"),
            ("socket(1,,2)", "for example"),
            ("read(0,0,0,0,0,0,0)", "for example"),
            ("socketcall(1)", "these have it: i386"),
            ("i387:read", "did you mean `i386`?"),
            ("99999999999", "for example"),
        ];
        for (text, expected) in cases {
            match Call::parse(text, Arch::X86_64) {
                Err(Failure::Usage { hint, .. }) => {
                    assert!(
                        hint.clone().unwrap_or_default().contains(expected),
                        "{text}: {hint:?}"
                    );
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
