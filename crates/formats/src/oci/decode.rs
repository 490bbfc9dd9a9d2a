//! JSON to types and back, with a place for everything that is wrong.
//!
//! [`object!`](crate::oci::decode::object) declares a struct once; its reader, its writer and its list of keys come from
//! the same lines, so that none can forget a field.

use casemate_seccomp::formats::json::{Kind, Member, Value, quote};
use casemate_seccomp::formats::{Position, Source};
use std::collections::BTreeMap;

use super::error::{Error, Problem, Remark, Warning};

/// What a property holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// One value.
    Leaf,
    /// A list.
    List(&'static Shape),
    /// An object whose keys are names that the user gives.
    Map(&'static Shape),
    /// An object with these keys.
    Object(&'static [Key]),
}

/// A key of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub need: Need,
    /// What it holds.
    pub shape: Shape,
}

/// Whether a key must be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(non_camel_case_types, reason = "the words of the declarations")]
pub enum Need {
    /// It must.
    required,
    /// It need not; null is the same as nothing.
    optional,
}

/// A type with a form in JSON.
pub trait Json: Sized {
    /// What it holds.
    const SHAPE: Shape;

    /// Reads it; what is wrong is told to the decoder.
    fn decode(value: &Value, decoder: &mut Decoder<'_>) -> Option<Self>;

    /// Writes it.
    fn encode(&self, encoder: &mut Encoder);

    /// The value that a missing key stands for.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether an optional key with this value is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// Collects what is wrong, with the path to it.
#[derive(Debug)]
pub struct Decoder<'a> {
    source: &'a Source<'a>,
    path: String,
    /// What is wrong.
    pub errors: Vec<Error>,
    /// What is passed over.
    pub warnings: Vec<Warning>,
}

/// What becomes of a property that the specification has, but not for Linux.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Special {
    /// It is an error.
    Refused(&'static str),
    /// It is passed over with a warning.
    WithoutEffect(&'static str),
}

/// Properties of the specification that are not for Linux.
pub const FOREIGN: &[(&str, Special)] = &[
    ("freebsd", Special::Refused("FreeBSD's jails are not Linux")),
    ("solaris", Special::Refused("Solaris' zones are not Linux")),
    (
        "vm",
        Special::Refused("a virtual machine is not started, the container runs on this kernel"),
    ),
    (
        "windows",
        Special::Refused("Windows' containers are not Linux"),
    ),
    ("zos", Special::Refused("z/OS is not Linux")),
    (
        "process.commandLine",
        Special::Refused("it is for Windows, the command of Linux is in args"),
    ),
    (
        "process.user.username",
        Special::WithoutEffect("it is for Windows, the user of Linux is in uid and gid"),
    ),
];

// `exec --process` is given a process alone.
fn special(path: &str) -> Option<Special> {
    let same = |known: &str| known == path || known.strip_prefix("process.") == Some(path);
    let found = FOREIGN.iter().find(|(known, _)| same(known));
    found.map(|(_, special)| *special)
}

// Enough to see what is wrong; a hostile input could have a million.
const MOST: usize = 100;

impl<'a> Decoder<'a> {
    /// Makes one for a text.
    pub fn new(source: &'a Source<'a>) -> Self {
        Self {
            source,
            path: String::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Tells that something is wrong here.
    pub fn error(&mut self, at: usize, problem: Problem) {
        if self.errors.len() < MOST {
            self.errors.push(Error {
                at: Some(self.source.position(at)),
                path: self.path.clone(),
                problem,
            });
        }
    }

    /// Tells that something is passed over here.
    pub fn warn(&mut self, at: usize, remark: Remark) {
        if self.warnings.len() < MOST {
            self.warnings.push(Warning {
                at: Some(self.source.position(at)),
                path: self.path.clone(),
                remark,
            });
        }
    }

    fn wrong(&mut self, value: &Value, expected: &'static str) {
        let found = match &value.kind {
            Kind::Number(text) => text.clone(),
            Kind::Text(text) => short(text),
            _ => value.kind().to_owned(),
        };
        self.error(value.at, Problem::Expected { expected, found });
    }

    fn within<T>(&mut self, step: impl FnOnce(&mut String), act: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.path.len();
        step(&mut self.path);
        let result = act(self);
        self.path.truncate(before);
        result
    }

    /// The members of an object.
    pub fn object<'v>(&mut self, value: &'v Value) -> Option<&'v [Member]> {
        if let Kind::Object(members) = &value.kind {
            return Some(members);
        }
        self.wrong(value, "an object");
        None
    }

    /// Tells of each key that is not one of these.
    pub fn known(&mut self, members: &[Member], keys: &'static [Key]) {
        for member in members {
            let key = member.key.as_str();
            if keys.iter().any(|known| known.name == key) || member.value.kind == Kind::Null {
                continue;
            }
            // Go's reader, which most runtimes use, takes keys in any case: what they would honour is not passed over.
            let near = keys.iter().find(|k| k.name.eq_ignore_ascii_case(key));
            self.within(
                |path| step_key(path, key),
                |inner| match (near, special(&inner.path)) {
                    (Some(near), _) => {
                        inner.error(member.at, Problem::Miscased { right: near.name });
                    }
                    (None, Some(Special::Refused(why))) => {
                        inner.error(member.at, Problem::Refused { why });
                    }
                    (None, Some(Special::WithoutEffect(why))) => {
                        inner.warn(member.at, Remark::WithoutEffect { why });
                    }
                    (None, None) => inner.warn(member.at, Remark::UnknownProperty),
                },
            );
        }
    }

    /// Reads the value of a key.
    pub fn field<T: Json>(
        &mut self,
        at: usize,
        members: &[Member],
        key: &'static str,
    ) -> Option<T> {
        let member = members
            .iter()
            .find(|member| member.key == key && member.value.kind != Kind::Null);
        self.within(
            |path| step_key(path, key),
            |inner| {
                if let Some(member) = member {
                    return T::decode(&member.value, inner);
                }
                let absent = T::absent();
                if absent.is_none() {
                    inner.error(at, Problem::Missing);
                }
                absent
            },
        )
    }

    /// Reads the value of a key that must be there.
    pub fn required<T: Json>(
        &mut self,
        at: usize,
        members: &[Member],
        key: &'static str,
    ) -> Option<T> {
        let given = |m: &Member| m.key == key && m.value.kind != Kind::Null;
        if members.iter().any(given) {
            return self.field(at, members, key);
        }
        self.within(
            |path| step_key(path, key),
            |inner| inner.error(at, Problem::Missing),
        );
        None
    }

    /// Reads a text; one with a zero byte would be cut short by the kernel.
    pub fn text<'v>(&mut self, value: &'v Value) -> Option<&'v str> {
        match &value.kind {
            Kind::Text(text) if text.contains('\0') => {
                self.error(value.at, Problem::ZeroByte);
                None
            }
            Kind::Text(text) => Some(text),
            _ => {
                self.wrong(value, "a text");
                None
            }
        }
    }
}

/// Adds a key to a path; one that is no plain word is put in brackets.
pub(super) fn step_key(path: &mut String, key: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if key.is_empty() || !key.bytes().all(plain) {
        path.push('[');
        path.push_str(&short(key));
        path.push(']');
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// Adds a place in a list to a path.
pub(super) fn step_index(path: &mut String, index: usize) {
    path.push('[');
    path.push_str(&index.to_string());
    path.push(']');
}

pub(super) fn short(text: &str) -> String {
    quote(&text.chars().take(64).collect::<String>())
}

/// Finds the value at a path as [`Error::path`](super::Error) has it.
pub(super) fn locate<'v>(root: &'v Value, path: &str) -> Option<&'v Value> {
    let mut value = root;
    let mut rest = path;
    while !rest.is_empty() {
        if rest.starts_with("[\"") {
            // A key in quotes: compared in its quoted form, which is unique but for very long ones.
            let Kind::Object(members) = &value.kind else {
                return None;
            };
            let found = members.iter().find_map(|member| {
                let form = short(&member.key);
                let after = rest.get(1..)?.strip_prefix(form.as_str())?;
                Some((&member.value, after.strip_prefix(']')?))
            });
            (value, rest) = found?;
        } else if let Some(inner) = rest.strip_prefix('[') {
            let (index, after) = inner.split_once(']')?;
            let Kind::List(values) = &value.kind else {
                return None;
            };
            value = values.get(index.parse::<usize>().ok()?)?;
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            value = value.get(rest.get(..end)?)?;
            rest = rest.get(end..)?;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    Some(value)
}

/// The place of the value at a path, or of the nearest value around it.
pub(super) fn place(source: &Source<'_>, root: &Value, path: &str) -> Position {
    let mut path = path;
    loop {
        if let Some(value) = locate(root, path) {
            return source.position(value.at);
        }
        match path.rfind(['.', '[']) {
            Some(end) => path = path.get(..end).unwrap_or(""),
            None if path.is_empty() => return source.position(root.at),
            None => path = "",
        }
    }
}

/// Writes JSON with one value a line, indented with tabs, as the engines do.
#[derive(Debug, Default)]
pub struct Encoder {
    /// The text so far.
    pub text: String,
    depth: usize,
    // Whether the innermost object or list has a member already.
    filled: bool,
}

impl Encoder {
    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n('\t', self.depth));
    }

    /// Writes a value as it stands.
    pub fn plain(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes what stands between two brackets.
    pub fn group(&mut self, brackets: [char; 2], inside: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.filled, false);
        self.text.push(brackets[0]);
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        if self.filled {
            self.line();
        }
        self.text.push(brackets[1]);
        self.filled = outer;
    }

    /// Begins a value of a list or a member of an object.
    pub fn next(&mut self) {
        if self.filled {
            self.text.push(',');
        }
        self.filled = true;
        self.line();
    }

    /// Writes a member of an object, unless it is optional and absent.
    pub fn member<T: Json>(&mut self, key: &str, value: &T, need: Need) {
        if need == Need::optional && value.is_absent() {
            return;
        }
        self.next();
        self.plain(&quote(key));
        self.plain(": ");
        value.encode(self);
    }
}

/// The text of a value, with a line feed at its end.
pub fn encode<T: Json>(value: &T) -> String {
    let mut encoder = Encoder::default();
    value.encode(&mut encoder);
    encoder.text.push('\n');
    encoder.text
}

impl Json for bool {
    const SHAPE: Shape = Shape::Leaf;

    fn decode(value: &Value, decoder: &mut Decoder<'_>) -> Option<Self> {
        if let Kind::Bool(truth) = value.kind {
            return Some(truth);
        }
        decoder.wrong(value, "true or false");
        None
    }

    fn encode(&self, encoder: &mut Encoder) {
        encoder.plain(if *self { "true" } else { "false" });
    }

    fn absent() -> Option<Self> {
        Some(false)
    }

    fn is_absent(&self) -> bool {
        !*self
    }
}

impl Json for String {
    const SHAPE: Shape = Shape::Leaf;

    fn decode(value: &Value, decoder: &mut Decoder<'_>) -> Option<Self> {
        decoder.text(value).map(str::to_owned)
    }

    fn encode(&self, encoder: &mut Encoder) {
        encoder.plain(&quote(self));
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

macro_rules! numbers {
    ($($ty:ty: $expected:literal;)*) => {$(
        impl Json for $ty {
            const SHAPE: Shape = Shape::Leaf;

            fn decode(value: &Value, decoder: &mut Decoder<'_>) -> Option<Self> {
                if let Kind::Number(text) = &value.kind
                    && let Ok(number) = text.parse()
                {
                    return Some(number);
                }
                decoder.wrong(value, $expected);
                None
            }

            fn encode(&self, encoder: &mut Encoder) {
                encoder.plain(&self.to_string());
            }

            fn absent() -> Option<Self> {
                Some(0)
            }

            fn is_absent(&self) -> bool {
                *self == 0
            }
        }
    )*};
}

numbers! {
    u16: "a whole number from 0 to 65535";
    u32: "a whole number from 0 to 4294967295";
    u64: "a whole number from 0 to 18446744073709551615";
    i32: "a whole number of 32 bits";
    i64: "a whole number of 64 bits";
}

impl<T: Json> Json for Option<T> {
    const SHAPE: Shape = T::SHAPE;

    fn decode(value: &Value, decoder: &mut Decoder<'_>) -> Option<Self> {
        T::decode(value, decoder).map(Some)
    }

    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Some(value) => value.encode(encoder),
            None => encoder.plain("null"),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Json> Json for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn decode(value: &Value, decoder: &mut Decoder<'_>) -> Option<Self> {
        let Kind::List(values) = &value.kind else {
            decoder.wrong(value, "a list");
            return None;
        };
        let before = decoder.errors.len();
        let mut list = Self::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            let step = |path: &mut String| step_index(path, index);
            list.extend(decoder.within(step, |inner| T::decode(value, inner)));
        }
        (decoder.errors.len() == before && list.len() == values.len()).then_some(list)
    }

    fn encode(&self, encoder: &mut Encoder) {
        encoder.group(['[', ']'], |encoder| {
            for value in self {
                encoder.next();
                value.encode(encoder);
            }
        });
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Json> Json for BTreeMap<String, T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);

    fn decode(value: &Value, decoder: &mut Decoder<'_>) -> Option<Self> {
        let members = decoder.object(value)?;
        let mut map = Self::new();
        for member in members {
            if member.key.contains('\0') {
                decoder.error(member.at, Problem::ZeroByte);
                return None;
            }
            let step = |path: &mut String| step_key(path, &member.key);
            let value = decoder.within(step, |inner| T::decode(&member.value, inner))?;
            map.insert(member.key.clone(), value);
        }
        Some(map)
    }

    fn encode(&self, encoder: &mut Encoder) {
        encoder.group(['{', '}'], |encoder| {
            for (key, value) in self {
                encoder.member(key, value, Need::required);
            }
        });
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Declares structs with their keys.
macro_rules! object {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$field_meta:meta])* $field:ident: $ty:ty = $key:literal $need:ident; )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $ty, )*
        }

        impl $crate::oci::decode::Json for $name {
            const SHAPE: $crate::oci::decode::Shape = $crate::oci::decode::Shape::Object(&[
                $( $crate::oci::decode::Key {
                    name: $key,
                    need: $crate::oci::decode::Need::$need,
                    shape: <$ty as $crate::oci::decode::Json>::SHAPE,
                }, )*
            ]);

            fn decode(
                value: &casemate_seccomp::formats::json::Value,
                decoder: &mut $crate::oci::decode::Decoder<'_>,
            ) -> Option<Self> {
                let members = decoder.object(value)?;
                if let $crate::oci::decode::Shape::Object(keys) = Self::SHAPE {
                    decoder.known(members, keys);
                }
                $( let $field: Option<$ty> = $crate::oci::decode::object!(@read $need, decoder, value, members, $key); )*
                Some(Self { $( $field: $field?, )* })
            }

            fn encode(&self, encoder: &mut $crate::oci::decode::Encoder) {
                encoder.group(['{', '}'], |encoder| {
                    $( encoder.member($key, &self.$field, $crate::oci::decode::Need::$need); )*
                });
            }
        }
    )*};
    (@read required, $decoder:ident, $value:ident, $members:ident, $key:literal) => {
        $decoder.required($value.at, $members, $key)
    };
    (@read optional, $decoder:ident, $value:ident, $members:ident, $key:literal) => {
        $decoder.field($value.at, $members, $key)
    };
}
pub(crate) use object;

/// Declares enums whose values have names.
macro_rules! names {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident($what:literal) {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
        }

        impl $name {
            /// All of them with their names.
            pub const NAMES: &'static [(&'static str, Self)] = &[ $( ($text, Self::$variant), )* ];

            /// The name in the specification.
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$variant => $text, )*
                }
            }

            /// The one of a name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
            }
        }

        impl $crate::oci::decode::Json for $name {
            const SHAPE: $crate::oci::decode::Shape = $crate::oci::decode::Shape::Leaf;

            fn decode(
                value: &casemate_seccomp::formats::json::Value,
                decoder: &mut $crate::oci::decode::Decoder<'_>,
            ) -> Option<Self> {
                let name = decoder.text(value)?;
                let found = Self::from_name(name);
                if found.is_none() {
                    let problem = $crate::oci::error::Problem::unknown_name(
                        $what,
                        name,
                        Self::NAMES.iter().map(|(name, _)| *name),
                    );
                    decoder.error(value.at, problem);
                }
                found
            }

            fn encode(&self, encoder: &mut $crate::oci::decode::Encoder) {
                encoder.plain(&casemate_seccomp::formats::json::quote(self.name()));
            }
        }
    )*};
}
pub(crate) use names;
