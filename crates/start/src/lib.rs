//! Placeholder.
#![no_std]
#![allow(unsafe_code)]
