//! Puts properties that the model has no field for back in their places.

use crate::oci::confine::PROPERTY;
use crate::oci::decode::{Decoder, Json, encode};
use crate::oci::schema::Spec;
use crate::reader::WriteError;
use casemate_model::Workload;
use casemate_seccomp::formats::Source;
use casemate_seccomp::formats::json::{self, Kind, Member, Value};

pub(super) fn apply(spec: Spec, workload: &Workload) -> Result<Spec, WriteError> {
    if workload.settings_of(PROPERTY).next().is_none() {
        return Ok(spec);
    }
    let text = encode(&spec);
    let bad = |why: String| WriteError::Unwritable { field: None, why };
    let source = Source::new("config.json", text.as_bytes()).map_err(|e| bad(e.to_string()))?;
    let mut root = json::parse(&source).map_err(|error| bad(error.to_string()))?;
    for setting in workload.settings_of(PROPERTY) {
        let own = Source::new(&setting.key, setting.value.as_bytes());
        let own = own.map_err(|error| bad(error.to_string()))?;
        let value = json::parse(&own).map_err(|error| bad(error.to_string()))?;
        if !put(&mut root, &setting.key, value) {
            return Err(bad(format!("there is no property {:?}", setting.key)));
        }
    }
    let mut decoder = Decoder::new(&source);
    match Spec::decode(&root, &mut decoder) {
        Some(spec) if decoder.errors.is_empty() && decoder.warnings.is_empty() => Ok(spec),
        _ => {
            let errors = decoder.errors.iter().map(ToString::to_string);
            let warnings = decoder.warnings.iter().map(ToString::to_string);
            Err(bad(errors.chain(warnings).collect::<Vec<_>>().join("; ")))
        }
    }
}

/// Puts a value at a path of plain keys; objects on the way are made.
fn put(root: &mut Value, path: &str, value: Value) -> bool {
    let mut place = root;
    for key in path.split('.') {
        if place.kind == Kind::Null {
            place.kind = Kind::Object(Vec::new());
        }
        let Kind::Object(members) = &mut place.kind else {
            return false;
        };
        let index = members
            .iter()
            .position(|member| member.key == key)
            .unwrap_or_else(|| {
                members.push(Member {
                    at: 0,
                    key_end: 0,
                    key: key.to_owned(),
                    value: Value {
                        at: 0,
                        end: 0,
                        kind: Kind::Null,
                    },
                });
                members.len() - 1
            });
        let Some(member) = members.get_mut(index) else {
            return false;
        };
        place = &mut member.value;
    }
    *place = value;
    true
}
