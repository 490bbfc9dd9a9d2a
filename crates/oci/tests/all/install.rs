//! docs/install.md: its blocks are well formed. The tests of engines start Docker, containerd and Podman with theirs.

use crate::support::{Findings, Json};
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn every_block_is_well_formed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/install.md");
    let document = std::fs::read_to_string(path).unwrap();
    let mut findings = Findings::default();
    let mut counts = BTreeMap::new();
    for block in document.split("```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').unwrap();
        *counts.entry(language).or_insert(0) += 1;
        match language {
            "json" => {
                let runtimes = Json::parse(text);
                findings.same(
                    language,
                    runtimes.at(&["default-runtime"]).to_string().as_str(),
                    "casemate",
                );
            }
            "toml" => match toml::de::DeTable::parse(text) {
                Ok(table) => findings.same("an empty table", table.get_ref().is_empty(), false),
                Err(error) => findings.add(format!("{error} in {text}")),
            },
            "yaml" => {
                for event in saphyr_parser::Parser::new_from_str(text) {
                    if let Err(error) = event {
                        findings.add(format!("{error} in {text}"));
                    }
                }
            }
            other => findings.add(format!("a block of {other:?}, which this test cannot read")),
        }
    }
    findings.same(
        "blocks",
        counts,
        BTreeMap::from([("json", 1), ("toml", 4), ("yaml", 1)]),
    );
}
