//! The cgroups of the process, and whether it can leave or change them.

use crate::areas::{files, mounts, writable};
use crate::json::Json;
use crate::outcome;
use std::fs;
use std::path::Path;

pub fn look() -> Json {
    let own = match fs::read_to_string("/proc/self/cgroup") {
        Ok(text) => Json::list(text.lines()),
        Err(error) => outcome::name(outcome::errno(&error)).into(),
    };
    let mounted = mounts::read()
        .unwrap_or_default()
        .into_iter()
        .filter(|mount| mount.kind.starts_with("cgroup"));
    let judged = mounted.map(|mount| {
        let point = Path::new(&mount.point);
        let judgement = Json::object([
            ("type", Json::from(mount.kind.as_str())),
            ("make_group", writable::attempt(point).into()),
            (
                "write_cgroup.procs",
                files::write(&point.join("cgroup.procs")).into(),
            ),
            (
                "write_release_agent",
                files::write(&point.join("release_agent")).into(),
            ),
        ]);
        (mount.point.clone(), judgement)
    });
    Json::object([("own", own), ("mounted", Json::object(judged))])
}
