//! Integration tests of the syscall filters.
#![forbid(unsafe_code)]
#![expect(
    clippy::similar_names,
    reason = "`arch` and `args` are the kernel's words"
)]

#[cfg(test)]
mod docker;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod json;
#[cfg(test)]
mod random;
#[cfg(test)]
mod tools;
