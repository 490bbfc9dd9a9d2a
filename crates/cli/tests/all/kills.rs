//! SIGKILL to any process of a launch at any moment: nothing is left, and the launcher's end makes sense.

use crate::privileges::groups_of;
use crate::support::{Caller, Findings, Place, open_to_all, wait};
use casemate_sys::process::{Pid, Target, kill};
use casemate_sys::signal::Signal;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long the kernel and the janitor may take to clear up.
const CLEARING: Duration = Duration::from_secs(5);

/// How many moments there are for each process.
const MOMENTS: u64 = 50;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Victim {
    Launcher,
    Init,
    Program,
    Janitor,
    Reporter,
}

const VICTIMS: [Victim; 5] = [
    Victim::Launcher,
    Victim::Init,
    Victim::Program,
    Victim::Janitor,
    Victim::Reporter,
];

/// A process as /proc shows it.
struct Seen {
    pid: i32,
    parent: i32,
    name: String,
}

fn processes() -> Vec<Seen> {
    let seen = |entry: fs::DirEntry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        // The name is in parentheses and may hold some; state and parent follow.
        let (head, tail) = stat.rsplit_once(')')?;
        let name = head.split_once('(')?.1.to_owned();
        let parent = tail.split_ascii_whitespace().nth(1)?.parse().ok()?;
        Some(Seen { pid, parent, name })
    };
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(seen)
        .collect()
}

/// Finds the process to kill, if there is one at the moment.
fn find(victim: Victim, launcher: i32) -> Option<i32> {
    if victim == Victim::Launcher {
        return Some(launcher);
    }
    let all = processes();
    let child = |of: i32, fits: &dyn Fn(&str) -> bool| {
        let children = all.iter().filter(|process| process.parent == of);
        // The last: others keep a namespace for a moment.
        children
            .filter(|process| fits(&process.name))
            .map(|process| process.pid)
            .max()
    };
    let is_helper =
        |name: &str| name.starts_with("casemate-janit") || name.starts_with("casemate-report");
    let init = || child(launcher, &|name| !is_helper(name));
    match victim {
        Victim::Launcher => Some(launcher),
        Victim::Init => init(),
        Victim::Program => child(init()?, &|_| true),
        Victim::Janitor => child(launcher, &|name| name.starts_with("casemate-janit")),
        Victim::Reporter => child(launcher, &|name| name.starts_with("casemate-report")),
    }
}

/// What came of one launch.
struct Trial {
    code: Option<i32>,
    text: Option<String>,
    launcher: i32,
    killed: bool,
}

/// Launches, and kills after a while.
fn attempt(
    place: &Place,
    caller: Caller,
    directory: &Path,
    victim: Option<(Victim, Duration)>,
) -> Trial {
    let writable = directory.to_str().unwrap();
    let mut flags = vec!["--quiet", "--write", writable, "--report", "report"];
    if caller == Caller::Root {
        flags.extend(["--memory", "64M", "--processes", "20"]);
    }
    let script = "sleep 600 & sleep 0.02; exit 0";
    let mut command = place.command(caller, &flags, &["sh", "-c", script]);
    command.current_dir(directory).process_group(0);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let launcher = child.id().cast_signed();
    let (sender, receiver) = mpsc::channel();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let reading = thread::spawn(move || {
        let mut text = String::new();
        // Every process of a launch has both from its parent: their ends are the end of the last one.
        let read = err
            .read_to_string(&mut text)
            .and_then(|_| out.read_to_string(&mut text));
        sender.send(read.map(|_| text).unwrap()).unwrap_or_default();
    });
    let mut killed = false;
    if let Some((victim, moment)) = victim {
        thread::sleep(moment);
        if let Some(pid) = find(victim, launcher).and_then(Pid::new) {
            killed = kill(Target::Process(pid), Some(Signal::KILL)).is_ok();
        }
    }
    let code = wait(&mut child, Duration::from_secs(20));
    let text = receiver.recv_timeout(CLEARING).ok();
    if text.is_some() {
        reading.join().unwrap();
    }
    Trial {
        code,
        text,
        launcher,
        killed,
    }
}

/// Judges a launch of which a process may have been killed.
fn judge(victim: Victim, trial: &Trial, directory: &Path) -> Result<(), String> {
    let Some(text) = &trial.text else {
        return Err("a process is left".to_owned());
    };
    let expected: &[i32] = match victim {
        _ if !trial.killed => &[0],
        Victim::Launcher => &[0, 1009],
        // It may have ended by itself meanwhile, or have failed for want of who is gone.
        Victim::Init => &[0, 125, 137],
        Victim::Program => &[0, 137],
        // Without a janitor no group is made.
        Victim::Janitor => &[0, 125],
        Victim::Reporter => &[0],
    };
    let code = trial.code.ok_or("no end")?;
    if !expected.contains(&code) {
        return Err(format!(
            "code {code}, expected one of {expected:?}: {text:?}"
        ));
    }
    if matches!(code, 125 | 137) && !text.contains("casemate: ") {
        return Err(format!("code {code} without a word: {text:?}"));
    }
    let end = Instant::now() + CLEARING;
    loop {
        let mut left: Vec<String> = groups_of(trial.launcher)
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let files = fs::read_dir(directory)
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name());
        left.extend(
            files
                .filter(|name| name != "report")
                .map(|name| name.to_string_lossy().into_owned()),
        );
        if left.is_empty() {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(format!("{left:?} are left"));
        }
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn any_process_may_be_killed_at_any_moment() {
    let place = Place::new("kills");
    let mounts = || fs::read_to_string("/proc/self/mountinfo").unwrap();
    for caller in Caller::all("kills::any_process_may_be_killed_at_any_moment") {
        let findings = Mutex::new(Findings::default());
        let hits = Mutex::new(BTreeMap::new());
        let directories = [0, 1].map(|worker| {
            let directory = place.directory(&format!("{caller:?}-{worker}"));
            std::os::unix::fs::chown(
                &directory,
                Some(if caller == Caller::Root {
                    0
                } else {
                    caller.id()
                }),
                None,
            )
            .unwrap();
            open_to_all(&directory);
            directory
        });
        // The first launch reads programs from the disk.
        attempt(&place, caller, &directories[0], None);
        let begun = Instant::now();
        let trial = attempt(&place, caller, &directories[0], None);
        assert_eq!(trial.code, Some(0), "{:?}", trial.text);
        let whole = begun.elapsed();
        thread::scope(|scope| {
            for (worker, directory) in directories.iter().enumerate() {
                let (place, findings, hits) = (&place, &findings, &hits);
                scope.spawn(move || {
                    let mut random = 0x0ca5_e3a7_e000_0001_u64 + worker as u64;
                    for round in 0..MOMENTS / 2 {
                        for victim in VICTIMS {
                            // xorshift64, Marsaglia 2003.
                            random ^= random << 13;
                            random ^= random >> 7;
                            random ^= random << 17;
                            let moment = Duration::from_nanos(random % whole.as_nanos() as u64);
                            let trial = attempt(place, caller, directory, Some((victim, moment)));
                            if let Err(wrong) = judge(victim, &trial, directory) {
                                findings.lock().unwrap().add(format!("{caller:?}: {victim:?} in round {round} after {moment:?} of {whole:?}: {wrong}"));
                            }
                            *hits.lock().unwrap().entry(victim).or_insert(0) += u64::from(trial.killed);
                        }
                    }
                });
            }
        });
        let hits = hits.into_inner().unwrap();
        println!("{caller:?}: killed, of {MOMENTS} each: {hits:?}");
        for victim in VICTIMS
            .into_iter()
            .filter(|victim| caller == Caller::Root || *victim != Victim::Janitor)
        {
            // Some moments are before there is such a process.
            findings.lock().unwrap().same(
                format!("{caller:?}: {victim:?} is killed, {hits:?}"),
                hits[&victim] >= MOMENTS / 10,
                true,
            );
        }
        let place = place.path("").display().to_string();
        findings.lock().unwrap().lacks("mounts", &mounts(), &place);
    }
}
