//! What Docker and Podman give unasked, against the profiles that they publish.

mod defaults;
mod speed;
