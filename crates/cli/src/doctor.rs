//! `casemate doctor`: what stands in the way of `casemate run` on this host, and the smallest remedy.

use crate::color::Choice;
use crate::failure::{self, Failure};
use crate::flags::{self, Given};
use crate::json::Json;
use crate::{commands, help, output, run};
use casemate_formats::profile::{Paint, error::printable};
use casemate_observe::doctor::{Finding, Verdict, doctor, look};
use std::ffi::{OsStr, OsString};
use std::io;
use std::process::ExitCode;

/// The exit code when something stands in the way.
const BLOCKED: u8 = 1;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

/// Runs the subcommand.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    match examine(arguments) {
        Ok(code) => code,
        Err(failure) => failure.report(failure::USAGE, Choice::Auto),
    }
}

fn examine(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let command =
        commands::command("doctor").ok_or_else(|| help::unknown_command(OsStr::new("doctor")))?;
    let parsed = flags::parse(command, arguments)?;
    if let Some(help) = parsed.help {
        output::say(&help::of(command, help))?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(word) = parsed.words.first() {
        let word = word.to_string_lossy();
        return Err(Failure::usage(
            format!("`casemate doctor` takes no `{word}`"),
            None,
        ));
    }
    let (mut format, mut color) = (Format::Text, Choice::Auto);
    for flag in &parsed.given {
        let Given::Own { name, value } = flag else {
            continue;
        };
        match *name {
            "format" => format = parse_format(value)?,
            "color" => color = run::color(value)?,
            _ => {}
        }
    }
    let deep = match look() {
        Ok(deep) => deep,
        Err(error) => {
            failure::tell(&format!("error: {error}\n"));
            return Ok(ExitCode::from(BLOCKED));
        }
    };
    let findings = doctor(&deep);
    output::say(&match format {
        Format::Text => text(&findings, color.on(&io::stdout())),
        Format::Json => format!("{}\n", json(&findings)),
    })?;
    let is_blocked = findings
        .iter()
        .any(|finding| finding.verdict == Verdict::Blocks);
    Ok(if is_blocked {
        ExitCode::from(BLOCKED)
    } else {
        ExitCode::SUCCESS
    })
}

fn parse_format(value: &OsStr) -> Result<Format, Failure> {
    match value.to_str() {
        Some("text") => Ok(Format::Text),
        Some("json") => Ok(Format::Json),
        _ => Err(Failure::usage(
            run::not_a("--format", value),
            "write text or json".to_owned(),
        )),
    }
}

/// What matters most comes last, where a reader of a terminal looks first: the summary.
fn text(findings: &[Finding], paint: Paint) -> String {
    let entries: String = findings
        .iter()
        .map(|finding| entry(finding, paint))
        .collect();
    let count = |is_it: fn(&Verdict) -> bool| {
        findings
            .iter()
            .filter(|finding| is_it(&finding.verdict))
            .count()
    };
    let blocks = count(|verdict| *verdict == Verdict::Blocks);
    let limits = count(|verdict| matches!(verdict, Verdict::Limits { .. }));
    let summary = match (blocks, limits) {
        (0, 0) => "casemate run works here without limits.".to_owned(),
        (0, 1) => "casemate run works here, with one limit.".to_owned(),
        (0, limits) => format!("casemate run works here, with {limits} limits."),
        (1, _) => "casemate run does not work here: one thing stands in the way.".to_owned(),
        (blocks, _) => {
            format!("casemate run does not work here: {blocks} things stand in the way.")
        }
    };
    format!("{entries}\n{summary}\n")
}

fn entry(finding: &Finding, paint: Paint) -> String {
    let (code, verdict) = match &finding.verdict {
        Verdict::Fine => ("32", "ok".to_owned()),
        Verdict::Limits { what } => ("33", format!("works, without {what}")),
        Verdict::NotTried { before } => {
            return format!("{:16} not tried without {before}\n", finding.name);
        }
        Verdict::Blocks => ("1;31", "stands in the way".to_owned()),
    };
    let (start, end) = match paint {
        Paint::Plain => (String::new(), ""),
        Paint::Ansi => (format!("\x1b[{code}m"), "\x1b[0m"),
    };
    let (name, evidence) = (finding.name, printable(&finding.evidence));
    if finding.verdict == Verdict::Fine {
        return format!("{name:16} {start}{verdict}{end}  {evidence}\n");
    }
    let lines = |head: &str, body: &str| -> String {
        let line = |(index, part)| {
            format!(
                "    {:9}{}\n",
                if index == 0 { head } else { "" },
                printable(part)
            )
        };
        body.lines().enumerate().map(line).collect()
    };
    let seen = lines("seen:", &wrapped(&evidence));
    let so = lines("so:", &wrapped(&finding.consequence));
    // Not wrapped: it is there to be copied.
    let remedy = lines("remedy:", finding.remedy.as_deref().unwrap_or_default());
    format!(
        "{name:16} {start}{}{end}\n{seen}{so}{remedy}",
        printable(&verdict)
    )
}

/// Breaks lines at spaces.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 84;
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let count = word.chars().count();
        if length > 0 {
            let is_full = length + 1 + count > WIDTH;
            lines.push(if is_full { '\n' } else { ' ' });
            length = if is_full { 0 } else { length + 1 };
        }
        lines.push_str(word);
        length += count;
    }
    lines
}

fn json(findings: &[Finding]) -> Json {
    let one = |finding: &Finding| {
        let (verdict, limits) = match &finding.verdict {
            Verdict::Fine => ("ok", Json::Null),
            Verdict::Limits { what } => ("limits", Json::text(what)),
            Verdict::NotTried { .. } => ("not-tried", Json::Null),
            Verdict::Blocks => ("blocks", Json::Null),
        };
        Json::object([
            ("name", Json::text(finding.name)),
            ("verdict", Json::text(verdict)),
            ("limits", limits),
            ("evidence", Json::text(&finding.evidence)),
            ("consequence", Json::text(&finding.consequence)),
            (
                "remedy",
                finding.remedy.as_ref().map_or(Json::Null, Json::text),
            ),
        ])
    };
    Json::object([("findings", Json::List(findings.iter().map(one).collect()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(verdict: Verdict) -> Finding {
        Finding {
            name: "some-thing",
            verdict,
            evidence: "file is \x1b[x".to_owned(),
            consequence: "this follows".to_owned(),
            remedy: Some("first\nsecond".to_owned()),
        }
    }

    #[test]
    fn text_for_people() {
        let fine = Finding {
            remedy: None,
            ..finding(Verdict::Fine)
        };
        let limits = finding(Verdict::Limits {
            what: "much".to_owned(),
        });
        let shown = text(
            &[fine.clone(), limits, finding(Verdict::Blocks)],
            Paint::Plain,
        );
        let expected = "\
some-thing       ok  file is �[x
some-thing       works, without much
    seen:    file is �[x
    so:      this follows
    remedy:  first
             second
some-thing       stands in the way
    seen:    file is �[x
    so:      this follows
    remedy:  first
             second

casemate run does not work here: one thing stands in the way.
";
        assert_eq!(shown, expected);
        assert!(text(&[fine], Paint::Ansi).contains("\x1b[32mok\x1b[0m"));
    }

    #[test]
    fn json_for_programs() {
        let shown = json(&[finding(Verdict::Limits {
            what: "much".to_owned(),
        })])
        .to_string();
        assert!(shown.contains("\"limits\""), "{shown}");
        assert!(!shown.contains('\x1b'), "{shown}");
    }
}
