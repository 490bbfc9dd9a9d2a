//! One boot of user-mode-linux, from a command to its exit code.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use crate::failure::Failure;
use crate::program;

const INIT: &str = include_str!("init.sh");
const XSTATE: &str = include_str!("xstate.c");

/// Which major security module the kernel starts with; it can have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityModule {
    AppArmor,
    SeLinux,
    Smack,
}

impl SecurityModule {
    /// The module of this name, as `--lsm` takes it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "apparmor" => Some(Self::AppArmor),
            "selinux" => Some(Self::SeLinux),
            "smack" => Some(Self::Smack),
            _ => None,
        }
    }

    fn kernel_arguments(self) -> &'static [&'static str] {
        match self {
            Self::AppArmor => &["security=apparmor"],
            Self::SeLinux => &["security=selinux", "selinux=1", "enforcing=0"],
            Self::Smack => &["security=smack"],
        }
    }
}

/// The machine to boot.
#[derive(Debug)]
pub struct Machine {
    pub module: SecurityModule,
    /// As the kernel's `mem=` takes it.
    pub memory: String,
    pub seconds: u32,
    pub kernel_modules: Vec<String>,
    /// Directories that are this machine's own inside.
    pub shared: Vec<PathBuf>,
    pub environment: BTreeMap<String, String>,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            module: SecurityModule::AppArmor,
            memory: "768M".to_owned(),
            seconds: 120,
            kernel_modules: Vec::new(),
            shared: Vec::new(),
            environment: BTreeMap::from([("CASEMATE_LAB".to_owned(), "1".to_owned())]),
        }
    }
}

/// The kernel, if it is installed.
pub fn kernel() -> Option<PathBuf> {
    program::find("linux.uml")
}

impl Machine {
    /// Runs one command in the caller's working directory; its output appears on ours as it comes, its code is returned.
    pub fn run(&self, words: &[String]) -> Result<u8, Failure> {
        let here = env::current_dir().map_err(Failure::file(Path::new(".")))?;
        let command = words.iter().map(|w| quoted(w)).collect::<Vec<_>>();
        self.run_script(&format!(
            "cd {} || exit 125\n{}\n",
            quoted(&here.to_string_lossy()),
            command.join(" ")
        ))
    }

    /// The same for lines of shell.
    pub fn run_script(&self, script: &str) -> Result<u8, Failure> {
        let desk = Desk::new()?;
        self.lay_out(&desk, script)?;
        let kernel = kernel().ok_or_else(|| Failure::Missing {
            tool: "linux.uml".to_owned(),
            hint: "apt-get install user-mode-linux".to_owned(),
        })?;
        let mut boot = self.boot_command(&desk, &kernel)?;
        let mut child = boot.spawn().map_err(program::start_failure(&boot))?;
        let mut output = Follower::new(desk.path.join("stdout"), io::stdout());
        let mut errors = Follower::new(desk.path.join("stderr"), io::stderr());
        let status = loop {
            let ended = child.try_wait().map_err(program::start_failure(&boot))?;
            output.copy();
            errors.copy();
            if let Some(status) = ended {
                break status;
            }
            thread::sleep(Duration::from_millis(30));
        };
        let code = fs::read_to_string(desk.path.join("code")).ok();
        if let Some(code) = code.and_then(|text| text.trim().parse().ok()) {
            return Ok(code);
        }
        Err(Failure::Missing {
            tool: "the exit code of the lab's command".to_owned(),
            hint: format!(
                "the kernel ended with {status} (124: it took longer than {} s); its last words:\n{}",
                self.seconds,
                desk.last_words()
            ),
        })
    }

    /// Writes what init and the kernel read.
    fn lay_out(&self, desk: &Desk, script: &str) -> Result<(), Failure> {
        let mut shared = vec![desk.path.display().to_string()];
        for directory in &self.shared {
            let path = directory.canonicalize().map_err(Failure::file(directory))?;
            shared.push(path.display().to_string());
        }
        let shared = shared.join("\n") + "\n";
        let kept = kept(&[
            program::workspace().to_owned(),
            env::current_dir().unwrap_or_default(),
        ]);
        let place = quoted(&desk.path.to_string_lossy());
        let mut command = vec![format!("export LAB_DIR={place}")];
        for (name, value) in &self.environment {
            command.push(format!("export {name}={}", quoted(value)));
        }
        command.push(script.to_owned());
        let command = command.join("\n") + "\n";
        for (name, contents) in [
            ("init", INIT),
            ("command", command.as_str()),
            ("shared", shared.as_str()),
            ("kept", kept.as_str()),
            ("stdout", ""),
            ("stderr", ""),
        ] {
            let path = desk.path.join(name);
            fs::write(&path, contents).map_err(Failure::file(&path))?;
        }
        let init = desk.path.join("init");
        fs::set_permissions(&init, PermissionsExt::from_mode(0o755)).map_err(Failure::file(&init))
    }

    fn boot_command(&self, desk: &Desk, kernel: &Path) -> Result<Command, Failure> {
        let console = desk.path.join("console");
        let console = File::create(&console).map_err(Failure::file(&console))?;
        let again = console.try_clone().map_err(Failure::file(&desk.path))?;
        let place = desk.path.display();
        // timeout(1) ends the whole group: the kernel's address spaces are processes of their own. It leaves the terminal's
        // group for that, so setpriv(1) has it told when we are interrupted.
        let mut boot = Command::new("setpriv");
        boot.args(["--pdeathsig=TERM", "timeout", "--kill-after=5"])
            .arg(self.seconds.to_string())
            .arg(kernel)
            .args(["root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro"])
            .args([
                "con=null",
                "con0=null,fd:1",
                "con1=null",
                "ssl=null",
                "quiet",
            ])
            .arg(format!("mem={}", self.memory))
            .args([format!("uml_dir={place}"), "umid=lab".to_owned()])
            .arg(format!("init={place}/init"))
            .args(self.module.kernel_arguments())
            // What the kernel does not know becomes init's environment.
            .arg(format!("LAB_DIR={place}"))
            .arg(format!("LAB_MODULES={}", self.kernel_modules.join(" ")))
            // The machine's memory is a file there, and has to be mapped executable: not every /dev/shm allows it.
            .env("TMPDIR", &desk.path)
            .stdin(Stdio::null())
            .stdout(console)
            .stderr(again);
        if large_register_state() {
            boot.env("LD_PRELOAD", desk.build_xstate()?);
        }
        Ok(boot)
    }
}

/// A private directory that the host and the machine share, removed at the end.
struct Desk {
    path: PathBuf,
}

impl Desk {
    fn new() -> Result<Self, Failure> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "casemate-lab-{}-{}",
            process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = env::temp_dir().join(name);
        // Kernel arguments are separated by spaces and cannot be quoted.
        if path.to_string_lossy().contains(char::is_whitespace) {
            return Err(Failure::Wrong(format!(
                "the temporary directory {} must not have a space in its name",
                path.display()
            )));
        }
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(Failure::file(&path))?;
        Ok(Self { path })
    }

    /// Compiles what makes user-mode-linux start on newer processors; see xstate.c.
    fn build_xstate(&self) -> Result<PathBuf, Failure> {
        let source = self.path.join("xstate.c");
        let library = self.path.join("xstate.so");
        fs::write(&source, XSTATE).map_err(Failure::file(&source))?;
        let mut compiler = Command::new("cc");
        compiler.args(["-O2", "-shared", "-fPIC", "-o"]);
        program::run(compiler.arg(&library).arg(&source))?;
        Ok(library)
    }

    /// The end of what the kernel printed.
    fn last_words(&self) -> String {
        let console = fs::read(self.path.join("console")).unwrap_or_default();
        let text = String::from_utf8_lossy(&console).replace('\r', "");
        // The stack of a kernel that panicked tells nothing about what init said before.
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with(' '))
            .collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("lab: {} stays behind: {error}", self.path.display());
        }
    }
}

/// Whether this processor's extended registers are more than the kernels of the lab have room for.
fn large_register_state() -> bool {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut flags = processor.split_whitespace();
    flags.any(|flag| flag == "amx_tile" || flag == "apx")
}

/// Copies what is appended to a file.
struct Follower<W> {
    path: PathBuf,
    file: Option<File>,
    to: W,
}

impl<W: Write> Follower<W> {
    fn new(path: PathBuf, to: W) -> Self {
        let file = File::open(&path).ok();
        Self { path, file, to }
    }

    fn copy(&mut self) {
        let Some(file) = &mut self.file else { return };
        let mut fresh = Vec::new();
        let copied = file
            .read_to_end(&mut fresh)
            .and_then(|_| self.to.write_all(&fresh))
            .and_then(|()| self.to.flush());
        if let Err(error) = copied {
            // A closed pipe is the reader's choice; the command inside still comes to its end.
            if error.kind() != io::ErrorKind::BrokenPipe {
                eprintln!("lab: {}: {error}", self.path.display());
            }
            self.file = None;
        }
    }
}

/// The directories among these that the lab's own /tmp and /run would hide, one a line, none inside another.
fn kept(wanted: &[PathBuf]) -> String {
    let mut kept: Vec<&PathBuf> = Vec::new();
    for path in wanted {
        // The whole of /tmp is not kept: the lab's has to be writable as a tmpfs is.
        let hidden = ["/tmp", "/run"]
            .iter()
            .any(|top| path.starts_with(top) && path != Path::new(top));
        if hidden && !kept.iter().any(|k| path.starts_with(k)) {
            kept.push(path);
        }
    }
    let lines: Vec<String> = kept.iter().map(|k| format!("{}\n", k.display())).collect();
    lines.concat()
}

/// A word that the shell takes as it is.
pub fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{kept, quoted};

    #[test]
    fn what_would_be_hidden_is_kept() {
        for (wanted, lines) in [
            (&["/home/a", "/home/a/b"][..], ""),
            (&["/tmp/a", "/tmp/a/b"], "/tmp/a\n"),
            (&["/tmp/a", "/run/b"], "/tmp/a\n/run/b\n"),
            (&["/tmp", "/tmpfoo"], ""),
        ] {
            let wanted: Vec<PathBuf> = wanted.iter().map(PathBuf::from).collect();
            assert_eq!(kept(&wanted), lines);
        }
    }

    #[test]
    fn the_shell_gives_back_what_was_quoted() {
        for word in ["", "a b", "it's", "$HOME `id`", "\\", "\n", "''"] {
            let shell = std::process::Command::new("sh")
                .args(["-c", &format!("printf %s {}", quoted(word))])
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(shell.stdout).unwrap(), word);
        }
    }
}
