//! Tests of the formats as their users see them.

mod profile;
