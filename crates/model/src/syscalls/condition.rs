//! Conditions on the arguments of a call.

use std::fmt;

use super::diagram::{Compare, Diagrams, Node, Word};

/// The place of an argument, 0 to 5.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Arg(u8);

impl Arg {
    /// Checks a place.
    pub const fn new(place: u8) -> Option<Self> {
        if place < 6 { Some(Self(place)) } else { None }
    }

    /// The place.
    pub const fn index(self) -> u8 {
        self.0
    }
}

/// Which bits of an argument a test looks at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Width {
    /// Those that the kernel looks at, with the sign that it gives them: what a policy should use.
    ///
    /// A 32-bit argument arrives in a 64-bit register of which the kernel drops the upper half. A comparison of all 64
    /// bits can be passed by setting one there (CVE-2019-7303, CVE-2019-10063).
    Kernel,
    /// The lower half, unsigned.
    Low32,
    /// The upper half, unsigned.
    High32,
    /// All 64 bits, unsigned, whatever the kernel makes of them: what an OCI profile means.
    Raw64,
}

/// How a value is compared. Of a signed argument, constants are read as two's complement.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Operator {
    /// It is this.
    Equal(u64),
    /// It is not this.
    NotEqual(u64),
    /// It is less.
    Less(u64),
    /// It is less or equal.
    AtMost(u64),
    /// It is greater.
    Greater(u64),
    /// It is greater or equal.
    AtLeast(u64),
    /// The bits of the mask have this value.
    Masked {
        /// The bits that count.
        mask: u64,
        /// Their value.
        value: u64,
    },
    /// The bits of the mask do not have this value.
    NotMasked {
        /// The bits that count.
        mask: u64,
        /// The value that they must not have.
        value: u64,
    },
    /// It is in one of these ranges, both ends included.
    In(Vec<(u64, u64)>),
    /// It is in none of these ranges.
    NotIn(Vec<(u64, u64)>),
}

/// A condition on one argument.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Test {
    /// The argument.
    pub arg: Arg,
    /// Which of its bits.
    pub width: Width,
    /// What they are compared with.
    pub operator: Operator,
}

/// What the kernel reads of an argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Whether the upper half counts.
    pub size: Size,
    /// Whether the uppermost bit is a sign.
    pub sign: Sign,
}

/// How much of an argument the kernel reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// The lowest quarter.
    Bits16,
    /// The lower half.
    Bits32,
    /// All of it.
    Bits64,
}

/// Whether a number has a sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// It has.
    Signed,
    /// It has none.
    Unsigned,
}

impl Shape {
    /// A whole register.
    pub const RAW: Self = Self {
        size: Size::Bits64,
        sign: Sign::Unsigned,
    };
    /// A half.
    pub const HALF: Self = Self {
        size: Size::Bits32,
        sign: Sign::Unsigned,
    };

    const fn least(self) -> i128 {
        match (self.sign, self.size) {
            (Sign::Unsigned, _) => 0,
            (Sign::Signed, Size::Bits16) => i16::MIN as i128,
            (Sign::Signed, Size::Bits32) => i32::MIN as i128,
            (Sign::Signed, Size::Bits64) => i64::MIN as i128,
        }
    }

    const fn greatest(self) -> i128 {
        match (self.sign, self.size) {
            (Sign::Unsigned, Size::Bits16) => u16::MAX as i128,
            (Sign::Signed, Size::Bits16) => i16::MAX as i128,
            (Sign::Unsigned, Size::Bits32) => u32::MAX as i128,
            (Sign::Unsigned, Size::Bits64) => u64::MAX as i128,
            (Sign::Signed, Size::Bits32) => i32::MAX as i128,
            (Sign::Signed, Size::Bits64) => i64::MAX as i128,
        }
    }

    // A constant that is a 32-bit number or the sign extension of one is taken as that number, as C would.
    fn number(self, constant: u64) -> i128 {
        let short = self.size != Size::Bits64
            && (u32::try_from(constant).is_ok() || constant >= 0xffff_ffff_8000_0000);
        match (self.sign, short) {
            (Sign::Unsigned, true) => i128::from(constant as u32),
            (Sign::Signed, true) => i128::from(constant as u32 as i32),
            (Sign::Unsigned, false) => i128::from(constant),
            (Sign::Signed, false) => i128::from(constant as i64),
        }
    }

    // The bit patterns of a range of numbers, as at most two ranges.
    fn patterns(self, low: i128, high: i128) -> impl Iterator<Item = (u64, u64)> {
        let (low, high) = (low.max(self.least()), high.min(self.greatest()));
        let mask = match self.size {
            Size::Bits16 => u64::from(u16::MAX),
            Size::Bits32 => u64::from(u32::MAX),
            Size::Bits64 => u64::MAX,
        };
        let bits = move |number: i128| number as u64 & mask;
        let negative = (low < 0 && low <= high).then(|| (bits(low), bits(high.min(-1))));
        let positive = (high >= 0 && low <= high).then(|| (bits(low.max(0)), bits(high)));
        negative.into_iter().chain(positive)
    }
}

impl Test {
    /// A test of what the kernel reads. Places past the sixth are the sixth.
    pub const fn kernel(place: u8, operator: Operator) -> Self {
        Self {
            arg: Arg(if place < 6 { place } else { 5 }),
            width: Width::Kernel,
            operator,
        }
    }

    /// The condition as a diagram, for an argument of this shape as the kernel reads it.
    pub fn diagram(&self, diagrams: &mut Diagrams, kernel: Shape) -> Node {
        let place = self.arg.index();
        let (shape, word) = match self.width {
            Width::Kernel => (kernel, Word::low(place)),
            Width::Low32 => (Shape::HALF, Word::low(place)),
            Width::High32 => (Shape::HALF, Word::high(place)),
            Width::Raw64 => (Shape::RAW, Word::low(place)),
        };
        let words = match shape.size {
            Size::Bits16 | Size::Bits32 => Words::One(word),
            Size::Bits64 => Words::Both(Word::high(place), Word::low(place)),
        };
        let least = shape.least();
        let greatest = shape.greatest();
        let number = |k: &u64| shape.number(*k);
        let node = match &self.operator {
            Operator::Equal(k) => in_ranges(diagrams, words, shape, &[(number(k), number(k))]),
            Operator::NotEqual(k) => {
                let equal = in_ranges(diagrams, words, shape, &[(number(k), number(k))]);
                diagrams.not(equal)
            }
            Operator::Less(k) => in_ranges(diagrams, words, shape, &[(least, number(k) - 1)]),
            Operator::AtMost(k) => in_ranges(diagrams, words, shape, &[(least, number(k))]),
            Operator::Greater(k) => in_ranges(diagrams, words, shape, &[(number(k) + 1, greatest)]),
            Operator::AtLeast(k) => in_ranges(diagrams, words, shape, &[(number(k), greatest)]),
            Operator::Masked { mask, value } => masked(diagrams, words, shape.size, *mask, *value),
            Operator::NotMasked { mask, value } => {
                let equal = masked(diagrams, words, shape.size, *mask, *value);
                diagrams.not(equal)
            }
            Operator::In(ranges) | Operator::NotIn(ranges) => {
                let ranges: Vec<_> = ranges
                    .iter()
                    .map(|(low, high)| (number(low), number(high)))
                    .collect();
                let inside = in_ranges(diagrams, words, shape, &ranges);
                if matches!(self.operator, Operator::In(_)) {
                    inside
                } else {
                    diagrams.not(inside)
                }
            }
        };
        match shape.size {
            // The half above is not looked at, which is as if it were known.
            Size::Bits16 => diagrams.given(node, word, 0, 0xffff_0000),
            Size::Bits32 | Size::Bits64 => node,
        }
    }
}

#[derive(Clone, Copy)]
enum Words {
    One(Word),
    Both(Word, Word),
}

fn in_ranges(diagrams: &mut Diagrams, words: Words, shape: Shape, ranges: &[(i128, i128)]) -> Node {
    let mut any = Node::NEVER;
    for (low, high) in ranges
        .iter()
        .flat_map(|(low, high)| shape.patterns(*low, *high))
    {
        let not_below = at_least(diagrams, words, low);
        let above = if high == u64::MAX {
            Node::NEVER
        } else {
            at_least(diagrams, words, high + 1)
        };
        let inside = diagrams.choose(above, Node::NEVER, not_below);
        any = diagrams.or(any, inside);
    }
    any
}

fn at_least(diagrams: &mut Diagrams, words: Words, bound: u64) -> Node {
    match words {
        Words::One(word) => match u32::try_from(bound) {
            Ok(bound) => diagrams.compare(word, Compare::AtLeast, bound),
            Err(_) => Node::NEVER,
        },
        Words::Both(high, low) => {
            let (bound_high, bound_low) = ((bound >> 32) as u32, bound as u32);
            let enough = diagrams.compare(low, Compare::AtLeast, bound_low);
            let tied = diagrams.branch(high, Compare::Equal, bound_high, enough, Node::NEVER);
            diagrams.branch(high, Compare::Above, bound_high, Node::ALWAYS, tied)
        }
    }
}

// Bits of the mask past the width are known and do not count; a value that has bits outside the mask is never met, which is
// also what a comparison in C says. Cutting the value too would make `arg & 1 << 32 == 1 << 32` hold always.
fn masked(diagrams: &mut Diagrams, words: Words, size: Size, mask: u64, value: u64) -> Node {
    let width = match size {
        Size::Bits16 => u64::from(u16::MAX),
        Size::Bits32 => u64::from(u32::MAX),
        Size::Bits64 => u64::MAX,
    };
    let extended = size != Size::Bits64 && value >= 0xffff_ffff_8000_0000;
    let value = if extended { value & width } else { value };
    let mask = mask & width;
    if value & !mask != 0 {
        return Node::NEVER;
    }
    match words {
        Words::One(word) => diagrams.masked(word, mask as u32, value as u32, Node::ALWAYS),
        Words::Both(high, low) => {
            let below = diagrams.masked(low, mask as u32, value as u32, Node::ALWAYS);
            diagrams.masked(high, (mask >> 32) as u32, (value >> 32) as u32, below)
        }
    }
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kernel => "kernel",
            Self::Low32 => "low32",
            Self::High32 => "high32",
            Self::Raw64 => "raw64",
        })
    }
}
