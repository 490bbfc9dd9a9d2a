//! The man page, in roff.

use super::examples;
use super::help::shown;
use super::table::{Flag, GLOBAL};

/// Makes the page.
pub fn page() -> String {
    let mut page = vec![
        format!(
            ".TH CASEMATE-OCI 1 \"\" \"casemate-oci {}\"",
            env!("CARGO_PKG_VERSION")
        ),
        ".SH NAME".to_owned(),
        "casemate\\-oci \\- run containers by the OCI runtime specification".to_owned(),
        ".SH SYNOPSIS".to_owned(),
        ".B casemate\\-oci\n.RI [ FLAGS ]\n.I COMMAND\n.RI [ FLAGS ]\n.RI [ WORDS ]".to_owned(),
        ".SH DESCRIPTION".to_owned(),
        "Docker, containerd, Podman and Kubernetes start it in the place of runc or crun."
            .to_owned(),
        ".SH FLAGS OF ALL COMMANDS".to_owned(),
    ];
    page.extend(GLOBAL.iter().map(item));
    page.push(".SH COMMANDS".to_owned());
    for verb in shown() {
        let synopsis = format!("{} [FLAGS] {}", verb.name, verb.synopsis);
        page.push(format!(".SS {}", escaped(synopsis.trim())));
        page.push(escaped(&format!("{}.", verb.about)));
        page.extend(verb.flags.iter().map(item));
    }
    page.push(".SH EXIT STATUS".to_owned());
    page.push(escaped(
        "0 when it was done, 1 when not. `run` and `exec` without `--detach` end as the container's process does.",
    ));
    page.push(".SH EXAMPLES".to_owned());
    for (line, what) in shown().flat_map(|verb| examples::of(verb.name)) {
        page.push(format!(".PP\n{}", escaped(&format!("To {what}:"))));
        page.push(format!(".RS 4\n.nf\n{}\n.fi\n.RE", escaped(line)));
    }
    page.push(".SH SEE ALSO\n.BR casemate (1)\n".to_owned());
    page.join("\n")
}

fn item(flag: &Flag) -> String {
    let short = flag
        .short
        .map_or(String::new(), |letter| format!("\\fB\\-{letter}\\fR, "));
    let value = match flag.value {
        Some(value) if value.starts_with('[') => {
            format!("[=\\fI{}\\fR]", value.trim_matches(['[', ']']))
        }
        Some(value) => format!(" \\fI{}\\fR", escaped(value)),
        None => String::new(),
    };
    format!(
        ".TP\n{short}\\fB\\-\\-{}\\fR{value}\n{}",
        escaped(flag.name),
        escaped(&format!("{}.", flag.help))
    )
}

/// Escapes what roff would read as a request: backslashes, hyphens that must stay hyphens, dots and quotes that begin a line.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text
    }
}
