//! A program without a C library that tests its own start; `tests/start.rs` builds and runs it.
#![no_std]
#![no_main]
#![deny(unsafe_code)]

use casemate_start::Args;
use casemate_sys::{STDOUT, file::Writer};
use core::cmp::Ordering;
use core::fmt::Write;
use core::hint::black_box;

casemate_start::entry!("selftest", main);

/// Data with addresses inside, which are wrong until the image is relocated.
static TABLE: &[&str] = &["alpha", "beta", "gamma"];
static SHAPES: &[&dyn Shape] = &[&Square(3), &Circle(2)];
type Named = (&'static str, fn(u64) -> u64);
static NAMED: &[Named] = &[("double", double), ("square", square)];

trait Shape: Sync {
    fn area(&self) -> u64;
}
struct Square(u64);
struct Circle(u64);
impl Shape for Square {
    fn area(&self) -> u64 {
        self.0 * self.0
    }
}
impl Shape for Circle {
    fn area(&self) -> u64 {
        3 * self.0 * self.0
    }
}
fn double(n: u64) -> u64 {
    n * 2
}
fn square(n: u64) -> u64 {
    n * n
}

fn main(args: Args) -> i32 {
    let mode = args.argv().iter().nth(1).unwrap_or_default().to_bytes();
    let mut out = Writer(STDOUT);
    let written = match mode {
        b"data" => data(&mut out),
        b"args" => arguments(&mut out, &args),
        b"address" => writeln!(out, "{:p} {:p}", TABLE, &raw const out),
        b"memory" => memory(&mut out),
        b"panic" => {
            let number = TABLE[black_box(7)].len();
            return number as i32;
        }
        _ => return 3,
    };
    if written.is_ok() { 0 } else { 4 }
}

fn data(out: &mut Writer<'_>) -> core::fmt::Result {
    for name in black_box(TABLE) {
        write!(out, "{name} ")?;
    }
    for shape in black_box(SHAPES) {
        write!(out, "{} ", shape.area())?;
    }
    for (name, function) in black_box(NAMED) {
        write!(out, "{name}={} ", function(7))?;
    }
    writeln!(out)
}

fn arguments(out: &mut Writer<'_>, args: &Args) -> core::fmt::Result {
    for argument in args.argv().iter().skip(2) {
        write!(out, "{argument:?} ")?;
    }
    for variable in args.envp().iter() {
        write!(out, "{variable:?} ")?;
    }
    let home = args.env("B").map(<[u8]>::len);
    let random = args.random().map(|bytes| bytes.len());
    writeln!(
        out,
        "{home:?} {random:?} {} {} {:?}",
        args.page_size(),
        args.is_privileged_exec(),
        args.exec_path()
            .map(|path| path.to_bytes().ends_with(b"selftest")),
    )
}

/// Compares each memory function with a loop that moves one byte at a time, for lengths around every border in them.
fn memory(out: &mut Writer<'_>) -> core::fmt::Result {
    const SIZE: usize = 96;
    let mut pattern = [0u8; SIZE];
    for (i, byte) in pattern.iter_mut().enumerate() {
        *black_box(byte) = (i * 7 + 1) as u8;
    }
    for len in 0..=40 {
        for from in 0..20 {
            for to in 0..20 {
                let mut moved = pattern;
                moved.copy_within(black_box(from)..from + len, black_box(to));
                let mut copied = pattern;
                let (source, target) = (pattern, &mut copied[to..to + black_box(len)]);
                target.copy_from_slice(&source[from..from + len]);
                for i in 0..SIZE {
                    let wanted = if (to..to + len).contains(&i) {
                        pattern[from + i - to]
                    } else {
                        pattern[i]
                    };
                    if moved[i] != wanted || copied[i] != wanted {
                        return writeln!(out, "copy {len} from {from} to {to} is wrong at {i}");
                    }
                }
            }
        }
        let mut filled = pattern;
        filled[3..3 + black_box(len)].fill(black_box(0xa5));
        for i in 0..SIZE {
            let wanted = if (3..3 + len).contains(&i) {
                0xa5
            } else {
                pattern[i]
            };
            if filled[i] != wanted {
                return writeln!(out, "fill {len} is wrong at {i}");
            }
        }
        let source = black_box(pattern);
        for at in 0..len {
            let mut other = pattern;
            other[at] = 0xff;
            let (left, right) = (&pattern[..black_box(len)], &other[..black_box(len)]);
            if left.cmp(right) != Ordering::Less || left == right || left != &source[..len] {
                return writeln!(out, "comparison of {len} is wrong at {at}");
            }
        }
    }
    writeln!(out, "memory functions agree")
}
