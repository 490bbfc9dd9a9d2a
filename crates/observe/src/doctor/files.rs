//! Judges where Casemate itself lies.

use super::{Deep, Finding};

pub(super) fn program(deep: &Deep) -> Finding {
    const NAME: &str = "casemate-exec";
    match &deep.installed {
        None => Finding::blocks(NAME, "the path of casemate itself cannot be found out")
            .consequence("the part that acts, casemate-exec, is looked for beside it")
            .remedy("mount -t proc proc /proc"),
        Some(installed) if !installed.has_exec => Finding::blocks(
            NAME,
            format!("{} is not there or cannot be run", installed.exec.display()),
        )
        .consequence("casemate plans and casemate-exec acts: without it nothing can be started")
        .remedy(format!(
            "install -m 0755 casemate-exec {}",
            installed.exec.display()
        )),
        Some(installed) => {
            Finding::fine(NAME, format!("{} is there", installed.exec.display()), "")
        }
    }
}

pub(super) fn mount(deep: &Deep) -> Finding {
    const NAME: &str = "program-mount";
    let Some(installed) = &deep.installed else {
        return Finding::fine(NAME, "unknown", "see casemate-exec");
    };
    let point = installed.point.display();
    if installed.noexec {
        return Finding::blocks(NAME, format!("{point} is mounted noexec"))
            .consequence("casemate-exec, which lies there, cannot be run")
            .remedy("install casemate and casemate-exec in /usr/local/bin");
    }
    if installed.nosuid {
        return Finding::limits(
            NAME,
            "a domain of its own under SELinux",
            format!("{point} is mounted nosuid"),
        )
        .consequence(
            "SELinux changes no domain for programs on such a mount; nothing else needs it",
        )
        .remedy("install casemate and casemate-exec in /usr/local/bin");
    }
    Finding::fine(
        NAME,
        format!("{} is on {point}", installed.program.display()),
        "",
    )
}
