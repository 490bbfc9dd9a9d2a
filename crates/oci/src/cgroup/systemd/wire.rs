//! Messages of D-Bus, of the kinds that systemd is told and answers (the D-Bus specification, "Message Protocol").
//!
//! Written by hand: what is needed is a dozen types in one direction and three in the other, and the libraries that there
//! are bring a runtime or two dozen packages.

/// A value that is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// `b`
    Bool(bool),
    /// `i`
    Int32(i32),
    /// `u`
    Uint32(u32),
    /// `x`
    Int64(i64),
    /// `t`
    Uint64(u64),
    /// `s`
    Text(String),
    /// `as`
    Texts(Vec<String>),
    /// `au`
    Numbers(Vec<u32>),
    /// `ay`
    Bytes(Vec<u8>),
    /// `a(ss)`
    Pairs(Vec<(String, String)>),
    /// `a(sv)`
    Properties(Vec<(String, Value)>),
    /// `a(sa(sv))`, of which only the empty one is sent.
    NoUnits,
}

impl Value {
    /// Its signature.
    pub fn signature(&self) -> &'static str {
        match self {
            Self::Bool(_) => "b",
            Self::Int32(_) => "i",
            Self::Uint32(_) => "u",
            Self::Int64(_) => "x",
            Self::Uint64(_) => "t",
            Self::Text(_) => "s",
            Self::Texts(_) => "as",
            Self::Numbers(_) => "au",
            Self::Bytes(_) => "ay",
            Self::Pairs(_) => "a(ss)",
            Self::Properties(_) => "a(sv)",
            Self::NoUnits => "a(sa(sv))",
        }
    }
}

/// Writes values. Each starts at a multiple of its size, counted from the start of the message.
#[derive(Debug, Default)]
pub struct Encoder(Vec<u8>);

impl Encoder {
    fn align(&mut self, to: usize) {
        while !self.0.len().is_multiple_of(to) {
            self.0.push(0);
        }
    }

    fn number(&mut self, value: u32) {
        self.align(4);
        self.0.extend(value.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.0.extend(text.as_bytes());
        self.0.push(0);
    }

    fn signature(&mut self, signature: &str) {
        self.0.push(signature.len() as u8);
        self.0.extend(signature.as_bytes());
        self.0.push(0);
    }

    /// An array's length is that of its elements, without what aligns the first.
    fn array(&mut self, align: usize, elements: impl FnOnce(&mut Self)) {
        self.number(0);
        let place = self.0.len() - 4;
        self.align(align);
        let start = self.0.len();
        elements(self);
        let length = (self.0.len() - start) as u32;
        if let Some(bytes) = self.0.get_mut(place..place + 4) {
            bytes.copy_from_slice(&length.to_le_bytes());
        }
    }

    fn variant(&mut self, value: &Value) {
        self.signature(value.signature());
        self.value(value);
    }

    /// Writes a value.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Bool(value) => self.number(u32::from(*value)),
            Value::Uint32(value) => self.number(*value),
            Value::Int32(value) => self.number(value.cast_unsigned()),
            Value::Uint64(value) => {
                self.align(8);
                self.0.extend(value.to_le_bytes());
            }
            Value::Int64(value) => {
                self.align(8);
                self.0.extend(value.to_le_bytes());
            }
            Value::Text(text) => self.text(text),
            Value::Texts(texts) => self.array(4, |to| texts.iter().for_each(|text| to.text(text))),
            Value::Numbers(numbers) => {
                self.array(4, |to| numbers.iter().for_each(|number| to.number(*number)));
            }
            Value::Bytes(bytes) => self.array(1, |to| to.0.extend(bytes)),
            Value::Pairs(pairs) => self.array(8, |to| {
                for (first, second) in pairs {
                    to.align(8);
                    to.text(first);
                    to.text(second);
                }
            }),
            Value::Properties(properties) => self.array(8, |to| {
                for (name, value) in properties {
                    to.align(8);
                    to.text(name);
                    to.variant(value);
                }
            }),
            Value::NoUnits => self.array(8, |_| {}),
        }
    }
}

/// Whom a call is for.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The name on the bus; none without a bus.
    pub destination: Option<&'a str>,
    /// The object.
    pub path: &'a str,
    /// The interface.
    pub interface: &'a str,
}

/// Writes a method call.
pub fn call(serial: u32, target: Target<'_>, member: &str, arguments: &[Value]) -> Vec<u8> {
    let mut body = Encoder::default();
    for argument in arguments {
        body.value(argument);
    }
    let signature: String = arguments.iter().map(Value::signature).collect();
    // Little endian, method call, no flags, version 1.
    let mut message = Encoder(vec![b'l', 1, 0, 1]);
    message.number(body.0.len() as u32);
    message.number(serial);
    message.array(8, |to| {
        let mut field = |code: u8, kind: &str, text: &str| {
            to.align(8);
            to.0.push(code);
            to.signature(kind);
            if kind == "g" {
                to.signature(text);
            } else {
                to.text(text);
            }
        };
        field(1, "o", target.path);
        field(2, "s", target.interface);
        field(3, "s", member);
        if let Some(destination) = target.destination {
            field(6, "s", destination);
        }
        if !signature.is_empty() {
            field(8, "g", &signature);
        }
    });
    message.align(8);
    message.0.extend(body.0);
    message.0
}

/// The kind of a message that is received.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A call of ours is answered.
    Answer,
    /// A call of ours fails.
    Error,
    /// Something has happened.
    Signal,
    /// Another kind, which is passed over.
    Other,
}

/// A message that is received: of its body the texts and numbers up to the first value of another type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Its kind.
    pub kind: Kind,
    /// To which call of ours it answers.
    pub answers: u32,
    /// The signal's name.
    pub member: String,
    /// The error's name.
    pub error: String,
    /// Texts of the body; numbers as text.
    pub body: Vec<String>,
}

/// The longest message that is taken.
const MOST: usize = 4 << 20;

/// The size of a message by its first 16 bytes.
pub fn size(head: &[u8; 16]) -> Option<usize> {
    if head[0] != b'l' || head[3] != 1 {
        return None;
    }
    let number =
        |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?) as usize);
    let (body, fields) = (number(4)?, number(12)?);
    let size = 16usize
        .checked_add(fields.checked_next_multiple_of(8)?)?
        .checked_add(body)?;
    (size <= MOST).then_some(size)
}

struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Decoder<'a> {
    fn align(&mut self, to: usize) -> Option<()> {
        self.at = self.at.checked_next_multiple_of(to)?;
        Some(())
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u32> {
        self.align(4)?;
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()? as usize;
        let text = std::str::from_utf8(self.take(length)?).ok()?.to_owned();
        (self.byte()? == 0).then_some(text)
    }

    fn signature(&mut self) -> Option<String> {
        let length = usize::from(self.byte()?);
        let text = std::str::from_utf8(self.take(length)?).ok()?.to_owned();
        (self.byte()? == 0).then_some(text)
    }
}

/// Reads a message.
pub fn read(bytes: &[u8]) -> Option<Message> {
    let mut from = Decoder { bytes, at: 1 };
    let kind = match from.byte()? {
        2 => Kind::Answer,
        3 => Kind::Error,
        4 => Kind::Signal,
        _ => Kind::Other,
    };
    from.at = 12;
    let fields = from.number()? as usize;
    let end = from.at.checked_add(fields)?;
    let mut message = Message {
        kind,
        answers: 0,
        member: String::new(),
        error: String::new(),
        body: Vec::new(),
    };
    let mut signature = String::new();
    while from.at < end {
        from.align(8)?;
        if from.at >= end {
            break;
        }
        let code = from.byte()?;
        match from.signature()?.as_str() {
            "s" | "o" => {
                let text = from.text()?;
                match code {
                    3 => message.member = text,
                    4 => message.error = text,
                    _ => {}
                }
            }
            "u" => {
                let number = from.number()?;
                if code == 5 {
                    message.answers = number;
                }
            }
            "g" => signature = from.signature()?,
            _ => return None,
        }
    }
    from.align(8)?;
    body(&mut from, &signature, &mut message.body)?;
    Some(message)
}

fn body(from: &mut Decoder<'_>, signature: &str, values: &mut Vec<String>) -> Option<()> {
    for kind in signature.bytes() {
        match kind {
            b's' | b'o' => values.push(from.text()?),
            b'u' | b'b' => values.push(from.number()?.to_string()),
            b'v' => {
                let inner = from.signature()?;
                // A variant in a variant is of no use here.
                if inner.contains('v') {
                    return Some(());
                }
                body(from, &inner, values)?;
            }
            _ => return Some(()),
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::{Kind, Target, Value, call, read, size};

    /// By the tables of the specification, by hand: each field at a multiple of 8, the body after them.
    #[test]
    fn calls_have_the_form_of_the_specification() {
        let target = Target {
            destination: Some("org.a"),
            path: "/a",
            interface: "org.b",
        };
        let arguments = [Value::Text("x".to_owned()), Value::Bool(true)];
        let bytes = call(7, target, "Do", &arguments);
        let expected: &[u8] = &[
            b'l', 1, 0, 1, 12, 0, 0, 0, 7, 0, 0, 0, 72, 0, 0, 0, // head
            1, 1, b'o', 0, 2, 0, 0, 0, b'/', b'a', 0, 0, 0, 0, 0, 0, // path
            2, 1, b's', 0, 5, 0, 0, 0, b'o', b'r', b'g', b'.', b'b', 0, 0, 0, // interface
            3, 1, b's', 0, 2, 0, 0, 0, b'D', b'o', 0, 0, 0, 0, 0, 0, // member
            6, 1, b's', 0, 5, 0, 0, 0, b'o', b'r', b'g', b'.', b'a', 0, 0, 0, // destination
            8, 1, b'g', 0, 2, b's', b'b', 0, // signature, which ends the fields
            1, 0, 0, 0, b'x', 0, 0, 0, 1, 0, 0, 0, // body
        ];
        assert_eq!(bytes, expected);
        assert_eq!(size(bytes[..16].try_into().unwrap()), Some(bytes.len()));
    }

    #[test]
    fn what_is_cut_or_damaged_is_refused() {
        let target = Target {
            destination: None,
            path: "/a",
            interface: "b",
        };
        let properties = vec![
            ("P".to_owned(), Value::Numbers(vec![1, 2])),
            (
                "Q".to_owned(),
                Value::Pairs(vec![("a".to_owned(), "b".to_owned())]),
            ),
            ("R".to_owned(), Value::Uint64(u64::MAX)),
        ];
        let whole = call(
            1,
            target,
            "M",
            &[Value::Text("n".to_owned()), Value::Properties(properties)],
        );
        let message = read(&whole).unwrap();
        assert_eq!((message.kind, message.member.as_str()), (Kind::Other, "M"));
        assert_eq!(message.body, ["n"]);
        for length in 0..whole.len() {
            read(&whole[..length]);
            let mut damaged = whole.clone();
            damaged[length] ^= 0x55;
            read(&damaged);
        }
        assert_eq!(size(b"B\x01\0\x01\0\0\0\0\0\0\0\0\0\0\0\0"), None);
        assert_eq!(
            size(b"l\x01\0\x01\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff"),
            None
        );
    }
}
