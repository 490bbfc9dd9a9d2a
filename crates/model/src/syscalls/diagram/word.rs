//! The words that a filter sees.

/// A 32-bit word of `struct seccomp_data`, in diagram order.
///
/// 0 is the architecture, 1 the number, 2 and 3 the high and low half of the first argument, up to 13; 14 and 15 are
/// the instruction pointer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Word(pub(super) u8);

impl Word {
    /// The `AUDIT_ARCH_` value.
    pub const ARCH: Self = Self(0);
    /// The syscall number.
    pub const NR: Self = Self(1);
    /// The high half of the instruction pointer.
    pub const IP_HIGH: Self = Self(14);
    /// The low half of the instruction pointer.
    pub const IP_LOW: Self = Self(15);
    /// How many there are.
    pub const COUNT: usize = 16;

    /// The high half of an argument, counted from 0. Arguments past the sixth are the sixth.
    pub const fn high(arg: u8) -> Self {
        Self(2 + 2 * if arg > 5 { 5 } else { arg })
    }

    /// The low half of an argument, counted from 0.
    pub const fn low(arg: u8) -> Self {
        Self(Self::high(arg).0 + 1)
    }

    /// The place in diagram order, 0 to 15.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The word at a place in diagram order.
    pub const fn from_index(index: usize) -> Option<Self> {
        if index < Self::COUNT {
            Some(Self(index as u8))
        } else {
            None
        }
    }

    /// The argument this is half of, and whether it is the high half.
    pub const fn argument(self) -> Option<(u8, Half)> {
        match self.0 {
            2..=13 => Some((
                (self.0 - 2) / 2,
                if self.0.is_multiple_of(2) {
                    Half::High
                } else {
                    Half::Low
                },
            )),
            _ => None,
        }
    }

    pub(super) const fn first_bit(self) -> u16 {
        self.0 as u16 * 32
    }
}

/// A half of a 64-bit argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Half {
    /// Bits 32 to 63.
    High,
    /// Bits 0 to 31.
    Low,
}

/// A value of every word: one system call.
pub type Point = [u32; Word::COUNT];
