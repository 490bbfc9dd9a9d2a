//! A set of flags as a type of its own.

/// Declares a type for the flags of one argument: constants, `|`, `bits`, `from_bits`, `contains`.
///
/// Unknown bits are kept: the kernel is the judge of them, and a plan may carry a flag that is newer than this table.
macro_rules! flags {
    (
        $(#[$outer:meta])*
        pub struct $name:ident: $int:ty {
            $($(#[$inner:meta])* $flag:ident = $value:expr;)*
        }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name($int);

        impl $name {
            $($(#[$inner])* pub const $flag: Self = Self($value);)*

            /// Every named flag with its name.
            pub const NAMES: &'static [(&'static str, Self)] = &[$((stringify!($flag), Self::$flag)),*];

            /// No flag.
            pub const fn empty() -> Self {
                Self(0)
            }

            /// The flags as the kernel takes them.
            pub const fn bits(self) -> $int {
                self.0
            }

            /// Flags from their number; bits without a name are kept.
            pub const fn from_bits(bits: $int) -> Self {
                Self(bits)
            }

            /// Whether all of `other` is set.
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether nothing is set.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// Both, as `|` does, in a constant.
            #[must_use]
            pub const fn with(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// These without `other`.
            #[must_use]
            pub const fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }
        }

        impl core::ops::BitOr for $name {
            type Output = Self;
            fn bitor(self, other: Self) -> Self {
                self.with(other)
            }
        }

        impl core::ops::BitOrAssign for $name {
            fn bitor_assign(&mut self, other: Self) {
                self.0 |= other.0;
            }
        }

        impl core::ops::BitAnd for $name {
            type Output = Self;
            fn bitand(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($name), "({:#x})"), self.0)
            }
        }

        impl $crate::syscall::Arg for $name {
            fn arg(self) -> usize {
                self.0 as usize
            }
        }
    };
}
