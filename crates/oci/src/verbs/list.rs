//! `list`: containers with their states. What is in the directory of states and is no container is passed over.

use crate::cli::{Call, print};
use crate::failure::Failure;
use crate::json::Writer;
use crate::state::Container;

/// Runs the verb.
pub fn run(call: &Call) -> Result<u8, Failure> {
    let states = call.globals.states();
    let containers: Vec<Container> = states
        .ids()?
        .iter()
        .filter_map(|id| Container::look(&states, id).ok())
        .collect();
    let text = if call.has("quiet") {
        let mut ids = String::new();
        for container in &containers {
            ids.extend([container.state.id.as_str(), "\n"]);
        }
        ids
    } else {
        match call.text("format")?.unwrap_or("table") {
            "table" => table(&containers),
            "json" => json(&containers),
            other => {
                return Err(Failure::with_hint(
                    format!("`--format` is `{other}`"),
                    "it can be table or json",
                ));
            }
        }
    };
    print(&text)?;
    Ok(0)
}

fn pid(container: &Container) -> i32 {
    container.process.as_ref().map_or(0, |process| process.pid)
}

fn table(containers: &[Container]) -> String {
    let head = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"].map(str::to_owned);
    let rows = containers.iter().map(|container| {
        let state = &container.state;
        [
            state.id.clone(),
            pid(container).to_string(),
            container.status.name().to_owned(),
            crate::log::printable(&state.bundle),
            state.created.clone(),
            format!("#{}", state.owner),
        ]
    });
    let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..6).map(|column| width(column).unwrap_or(0)).collect();
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(&widths);
            let line: Vec<String> = cells
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            line.join("   ").trim_end().to_owned() + "\n"
        })
        .collect()
}

fn json(containers: &[Container]) -> String {
    let mut writer = Writer::new();
    writer.open('[');
    for container in containers {
        let state = &container.state;
        writer.open('{').key("ociVersion").text(&state.oci_version);
        writer.key("id").text(&state.id);
        writer.key("pid").plain(pid(container));
        writer.key("status").text(container.status.name());
        writer.key("bundle").text(&state.bundle);
        writer.key("rootfs").text(&state.rootfs);
        writer.key("created").text(&state.created);
        writer.key("owner").text(&format!("#{}", state.owner));
        crate::state::write_annotations(&mut writer, &state.annotations);
        writer.close('}');
    }
    writer.close(']');
    writer.finish() + "\n"
}
