//! Network interfaces that move into the container, `linux.netDevices`.

use super::Builder;
use super::path::text;
use crate::failure::Failure;
use casemate_enforce::step::Step;
use casemate_formats::oci::schema::NamespaceKind;
use casemate_sys::netlink::NAME;
use std::collections::BTreeSet;

/// Adds the steps. They run in the launcher once init is there.
pub(super) fn add(builder: &mut Builder<'_>) -> Result<(), Failure> {
    let Some(linux) = &builder.spec.linux else {
        return Ok(());
    };
    if linux.net_devices.is_empty() {
        return Ok(());
    }
    let namespace = linux.namespace(NamespaceKind::Net).ok_or_else(|| {
        Failure::with_hint(
            "linux.netDevices: the container has no network namespace to move them into",
            "add {\"type\": \"network\"} to linux.namespaces",
        )
    })?;
    let mut taken = BTreeSet::new();
    for (name, device) in &linux.net_devices {
        let inside = if device.name.is_empty() {
            name
        } else {
            &device.name
        };
        for name in [name, inside] {
            check(name)?;
        }
        if !taken.insert(inside) {
            return Err(Failure::new(format!(
                "linux.netDevices: two are named {inside} inside"
            )));
        }
        builder.started(
            "network",
            Step::MoveInterface {
                name: text(name)?,
                inside: text(inside)?,
                namespace: text(&namespace.path)?,
            },
        );
    }
    Ok(())
}

/// What the kernel takes for a name, `dev_valid_name` of net/core/dev.c.
fn check(name: &str) -> Result<(), Failure> {
    let is_valid = !name.is_empty()
        && name.len() <= NAME
        && !matches!(name, "." | "..")
        && !name.contains(|c: char| {
            c == '/' || c == ':' || c == '%' || c.is_ascii_whitespace() || c == '\0'
        });
    if is_valid {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "linux.netDevices: {name:?} is not a name of an interface"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_kernel() {
        for name in ["eth0", "veth-1.2", "fifteen-letters"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for name in ["", ".", "..", "a/b", "eth0:1", "e %d", "sixteen-letters-"] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
