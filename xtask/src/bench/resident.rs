//! What stays resident beside the payload while it runs.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::contender::{Contender, command};

/// The launcher's own processes while the payload sleeps.
#[derive(Debug, PartialEq, Eq)]
pub struct Resident {
    pub processes: u64,
    /// Sum of their proportional set sizes: shared pages are divided among those who share them.
    pub pss_kib: u64,
}

/// Starts a payload that sleeps, looks at everything else in its tree, and lets it end by itself.
pub fn resident(contender: &Contender) -> Result<Resident, String> {
    let mut child = command(&contender.line(&["/bin/sleep", "1.5"]))
        .spawn()
        .map_err(|error| error.to_string())?;
    let looked = look(child.id());
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() {
        looked
    } else {
        Err(status.to_string())
    }
}

fn look(root: u32) -> Result<Resident, String> {
    let deadline = Instant::now() + Duration::from_secs(1);
    loop {
        let tree = descendants(root);
        if tree.iter().any(|(_, name)| name == "sleep") {
            // Late in the set-up a launcher may still be freeing what it needed.
            thread::sleep(Duration::from_millis(200));
            return sum(&descendants(root));
        }
        if Instant::now() > deadline {
            return Err("the payload did not appear".to_owned());
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn sum(tree: &[(u32, String)]) -> Result<Resident, String> {
    let mut resident = Resident {
        processes: 0,
        pss_kib: 0,
    };
    for (process, name) in tree.iter().filter(|(_, name)| name != "sleep") {
        let path = format!("/proc/{process}/smaps_rollup");
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("memory of {name} cannot be read: {error}"))?;
        resident.processes += 1;
        resident.pss_kib += pss(&text).ok_or_else(|| format!("no Pss in {path}"))?;
    }
    Ok(resident)
}

fn pss(smaps: &str) -> Option<u64> {
    let line = smaps.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// A process and all below it, with their names.
fn descendants(root: u32) -> Vec<(u32, String)> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut names: BTreeMap<u32, String> = BTreeMap::new();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    for process in processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok()) {
        // One that ended in between is none of the tree that we look for.
        let Ok(stat) = fs::read_to_string(format!("/proc/{process}/stat")) else {
            continue;
        };
        if let Some((name, parent)) = name_and_parent(&stat) {
            children.entry(parent).or_default().push(process);
            names.insert(process, name);
        }
    }
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(process) = tree.get(next) {
        tree.extend(
            children
                .get(process)
                .into_iter()
                .flatten()
                .copied()
                .collect::<Vec<_>>(),
        );
        next += 1;
    }
    tree.into_iter()
        .filter_map(|process| Some((process, names.remove(&process)?)))
        .collect()
}

/// From proc(5) stat: the name is in parentheses and may hold any character, parentheses included.
fn name_and_parent(stat: &str) -> Option<(String, u32)> {
    let (head, tail) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let parent = tail.split_whitespace().nth(1)?.parse().ok()?;
    Some((name.to_owned(), parent))
}

#[cfg(test)]
mod tests {
    use super::{name_and_parent, pss};

    #[test]
    fn the_kernel_is_understood() {
        assert_eq!(
            name_and_parent("12 (a) b (c) S 7 12 12 0"),
            Some(("a) b (c".to_owned(), 7))
        );
        assert_eq!(name_and_parent("nonsense"), None);
        assert_eq!(
            pss("x\nRss:   9 kB\nPss:    34 kB\nPss_Dirty: 1 kB\n"),
            Some(34)
        );
    }
}
