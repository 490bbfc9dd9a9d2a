//! Takes the members of an object one by one, so that what nobody took can be reported.

use super::{Entry, Node};
use crate::loss::Loss;
use crate::reader::Text;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// An object whose members are taken by key.
#[derive(Debug)]
pub struct Fields<'a> {
    node: &'a Node,
    taken: RefCell<BTreeSet<&'a str>>,
}

impl<'a> Fields<'a> {
    /// Takes an object; anything else has no members.
    pub fn of(node: &'a Node) -> Self {
        Self {
            node,
            taken: RefCell::new(BTreeSet::new()),
        }
    }

    /// Takes a member that is there and not null.
    pub fn take(&self, key: &str) -> Option<&'a Node> {
        self.entry(key)
            .map(|entry| &entry.value)
            .filter(|node| !node.is_null())
    }

    /// Takes a member with its key's place, also when it is null.
    pub fn entry(&self, key: &str) -> Option<&'a Entry> {
        let entry = self.node.entries().iter().find(|entry| entry.key == key)?;
        self.taken.borrow_mut().insert(&entry.key);
        Some(entry)
    }

    /// Takes all members whose key begins so.
    pub fn prefixed(&self, prefix: &str) -> Vec<&'a Entry> {
        let found: Vec<&Entry> = self
            .node
            .entries()
            .iter()
            .filter(|entry| entry.key.starts_with(prefix))
            .collect();
        let mut taken = self.taken.borrow_mut();
        taken.extend(found.iter().map(|entry| entry.key.as_str()));
        found
    }

    /// The members that nobody took.
    pub fn rest(&self) -> Vec<&'a Entry> {
        let taken = self.taken.borrow();
        let left = |entry: &&Entry| !taken.contains(entry.key.as_str());
        self.node.entries().iter().filter(left).collect()
    }

    /// Reports each member that nobody took as not understood; `of` names the object.
    pub fn report_rest(&self, text: &Text<'_>, of: &str, losses: &mut Vec<Loss>) {
        for entry in self.rest() {
            let what = if of.is_empty() {
                format!("`{}`", entry.key)
            } else {
                format!("`{}` of {of}", entry.key)
            };
            losses.push(Loss::not_understood(
                what,
                text.origin(entry.start, entry.value.end.max(entry.end)),
            ));
        }
    }
}
