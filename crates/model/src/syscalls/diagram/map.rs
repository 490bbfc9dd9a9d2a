//! Maps keyed by nodes.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map whose keys are nodes and other small numbers of our own making.
///
/// The keys come from counters, so nobody can choose them to collide, and the standard library's keyed hash costs
/// more than all else together.
pub type NodeMap<K, V> = HashMap<K, V, BuildHasherDefault<NodeHasher>>;

/// A set like [`NodeMap`].
pub type NodeSet<K> = HashSet<K, BuildHasherDefault<NodeHasher>>;

/// The hash of [`NodeMap`]: multiply and mix.
#[derive(Clone, Copy, Default, Debug)]
pub struct NodeHasher(u64);

impl Hasher for NodeHasher {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 29
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = (self.0.rotate_left(26) ^ u64::from(value)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u32(u32::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.write_u32(u32::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u32(value as u32);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_u32(value as u32);
    }
}
