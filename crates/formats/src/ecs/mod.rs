//! Amazon ECS's task definition, as a JSON file that `aws ecs register-task-definition` takes or describes.
//!
//! Containers run under Docker, whose defaults fill what is left out. On Fargate some settings are refused by the
//! service; they are read as they stand.

mod read;

pub use read::FORMAT;
