//! Control groups: limits that hold, and the verbs that change and measure them.

mod adopted;
mod limits;
mod systemd;
mod verbs;
