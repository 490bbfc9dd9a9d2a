//! Arithmetic on vectors of functions, bit by bit.

use casemate_model::syscalls::Action;
use casemate_model::syscalls::diagram::Node;

use super::{Bits, Lifter, Value};
use crate::bpf::Arithmetic;

impl Lifter<'_> {
    pub(super) fn compute(&mut self, arithmetic: Arithmetic, left: Value, right: Value) -> Value {
        let (a, b) = (self.bits(left), self.bits(right));
        let bits = match arithmetic {
            Arithmetic::And => std::array::from_fn(|bit| self.diagrams.and(a[bit], b[bit])),
            Arithmetic::Or => std::array::from_fn(|bit| self.diagrams.or(a[bit], b[bit])),
            Arithmetic::Xor => std::array::from_fn(|bit| self.diagrams.differ(a[bit], b[bit])),
            Arithmetic::Add => self.add(&a, &b, Node::NEVER),
            Arithmetic::Subtract => {
                let inverse = b.map(|bit| self.diagrams.not(bit));
                self.add(&a, &inverse, Node::ALWAYS)
            }
            Arithmetic::ShiftLeft | Arithmetic::ShiftRight => self.shift(arithmetic, a, &b),
            Arithmetic::Multiply => {
                let mut sum = [Node::NEVER; 32];
                for (amount, bit) in b.into_iter().enumerate() {
                    if bit == Node::NEVER {
                        continue;
                    }
                    let part = std::array::from_fn(|place| {
                        if place < amount {
                            Node::NEVER
                        } else {
                            self.diagrams.and(bit, a[place - amount])
                        }
                    });
                    sum = self.add(&sum, &part, Node::NEVER);
                }
                sum
            }
            Arithmetic::Divide => self.divide(a, b, right),
        };
        self.intern(bits, None)
    }

    fn add(&mut self, a: &Bits, b: &Bits, carry: Node) -> Bits {
        let mut carry = carry;
        std::array::from_fn(|bit| {
            let differ = self.diagrams.differ(a[bit], b[bit]);
            let sum = self.diagrams.differ(differ, carry);
            carry = self.diagrams.choose(differ, carry, a[bit]);
            sum
        })
    }

    // By the low five bits of the amount, as the kernel does.
    fn shift(&mut self, arithmetic: Arithmetic, mut a: Bits, amount: &Bits) -> Bits {
        for (step, bit) in amount.iter().enumerate().take(5) {
            let by = 1usize << step;
            a = std::array::from_fn(|place| {
                let from = if arithmetic == Arithmetic::ShiftLeft {
                    place.checked_sub(by)
                } else {
                    Some(place + by).filter(|place| *place < 32)
                };
                let moved = from.map_or(Node::NEVER, |from| a[from]);
                self.diagrams.choose(*bit, moved, a[place])
            });
        }
        a
    }

    fn divide(&mut self, a: Bits, b: Bits, right: Value) -> Bits {
        if let Some(k) = self.as_constant(right)
            && k.is_power_of_two()
        {
            let by = k.trailing_zeros() as usize;
            return std::array::from_fn(|place| a.get(place + by).copied().unwrap_or(Node::NEVER));
        }
        // Long division, from the most significant bit of the dividend down, with a remainder of 33 bits.
        let mut quotient = [Node::NEVER; 32];
        let mut remainder = [Node::NEVER; 32];
        for place in (0..32).rev() {
            let top = remainder[31];
            let shifted: Bits = std::array::from_fn(|bit| {
                if bit == 0 {
                    a[place]
                } else {
                    remainder[bit - 1]
                }
            });
            let mut fits = Node::ALWAYS;
            for bit in 0..32 {
                let differ = self.diagrams.differ(shifted[bit], b[bit]);
                fits = self.diagrams.choose(differ, shifted[bit], fits);
            }
            fits = self.diagrams.or(top, fits);
            let inverse = b.map(|bit| self.diagrams.not(bit));
            let less = self.add(&shifted, &inverse, Node::ALWAYS);
            remainder =
                std::array::from_fn(|bit| self.diagrams.choose(fits, less[bit], shifted[bit]));
            quotient[place] = fits;
        }
        quotient
    }

    // RET A: one answer for each value of the bits.
    pub(super) fn return_value(&mut self, value: Value) -> Option<Node> {
        let bits = self.bits(value);
        // What the kernel does depends on the action half first, so that half is decided first.
        self.return_from(&bits, 0, 0, Node::ALWAYS)
    }

    fn return_from(&mut self, bits: &Bits, depth: usize, raw: u32, when: Node) -> Option<Node> {
        if self.diagrams.overflowed() {
            return None;
        }
        if depth == 32 {
            return Some(self.diagrams.answer(Action::from_raw(raw).to_raw()));
        }
        let place = 31 - depth;
        let bit = bits[place];
        let set = self.diagrams.and(when, bit);
        let clear = self.diagrams.choose(bit, Node::NEVER, when);
        // A side that cannot happen must not be walked, or 2^32 answers would be made.
        match (set == Node::NEVER, clear == Node::NEVER) {
            (true, _) => self.return_from(bits, depth + 1, raw, clear),
            (_, true) => self.return_from(bits, depth + 1, raw | 1 << place, set),
            (false, false) => {
                let high = self.return_from(bits, depth + 1, raw | 1 << place, set)?;
                let low = self.return_from(bits, depth + 1, raw, clear)?;
                Some(self.diagrams.choose(bit, high, low))
            }
        }
    }
}
