//! Completions for bash, zsh and fish.

use super::File;
use crate::commands::{COMMANDS, Command, Flag, Keys, Words, keys_of, verbs_of, words_of};
use casemate_formats::profile::keys::{Kind, Topic};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Makes a script for each shell.
pub fn scripts() -> Vec<File> {
    [
        ("casemate.bash", bash()),
        ("_casemate", zsh()),
        ("casemate.fish", fish()),
    ]
    .map(|(name, text)| (PathBuf::from("completions").join(name), text))
    .into()
}

/// A flag as a shell completes it.
struct Row {
    long: String,
    short: Option<char>,
    takes: Takes,
    help: &'static str,
}

/// What comes after a flag.
enum Takes {
    Nothing,
    Value(Words),
}

fn rows(command: &Command) -> Vec<Row> {
    // Of a command with verbs: the flags of all verbs.
    let mut flags: Vec<&Flag> = Vec::new();
    for flag in std::iter::once(command)
        .chain(verbs_of(command))
        .flat_map(|command| command.flags)
    {
        if flags.iter().all(|other| other.name != flag.name) {
            flags.push(flag);
        }
    }
    let mut rows: Vec<Row> = flags
        .into_iter()
        .map(|flag| Row {
            long: flag.name.to_owned(),
            short: flag.short,
            takes: flag
                .value
                .map_or(Takes::Nothing, |_| Takes::Value(flag.words)),
            help: flag.help,
        })
        .collect();
    if command.keys == Keys::Taken {
        for key in Topic::ALL.into_iter().flat_map(keys_of) {
            let row = |long: String, takes| Row {
                long,
                short: None,
                takes,
                help: key.help,
            };
            if let Kind::Switch { .. } = key.kind {
                rows.push(row(key.name.to_owned(), Takes::Nothing));
                rows.push(row(format!("no-{}", key.name), Takes::Nothing));
            } else {
                rows.push(row(key.name.to_owned(), Takes::Value(words_of(key))));
            }
        }
    }
    rows
}

/// The first word that is neither a flag nor a flag's value begins the command, which completes itself.
const BASH_COMMAND: &str = r#"    esac
    for (( index = 2; index < COMP_CWORD; index++ )); do
        case ${COMP_WORDS[index]} in
            --) start=$(( index + 1 )); break ;;
            -*) [[ $valued == *" ${COMP_WORDS[index]} "* ]] && (( index++ )) ;;
            *) start=$index; break ;;
        esac
    done
    if [[ -z $start && $index -eq $COMP_CWORD && -n $current && $current != -* ]]; then
        start=$COMP_CWORD
    fi
    if [[ -n $start && ( ${COMP_WORDS[1]} == run || ${COMP_WORDS[1]} == show ) ]]; then
        if declare -F _command_offset >/dev/null; then
            _command_offset "$start"
        elif (( start == COMP_CWORD )); then
            COMPREPLY=($(compgen -c -- "$current"))
        else
            COMPREPLY=($(compgen -f -- "$current"))
        fi
        return
    fi
    case ${COMP_WORDS[1]}:$previous in
"#;

fn bash() -> String {
    let mut script = String::from(
        "# Completion of casemate for bash.\n\
         _casemate() {\n    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n    local flags valued index start=\n",
    );
    let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    let names = names.join(" ");
    script.push_str("    if (( COMP_CWORD == 1 )); then\n");
    script.extend([format!("        COMPREPLY=($(compgen -W '{names} --help --version' -- \"$current\"))\n        return\n    fi\n")]);
    script.push_str("    case ${COMP_WORDS[1]} in\n");
    for command in COMMANDS {
        let rows = rows(command);
        let flags: Vec<String> = rows.iter().flat_map(spellings).collect();
        let valued: Vec<String> = rows
            .iter()
            .filter(|row| matches!(row.takes, Takes::Value(_)))
            .flat_map(spellings)
            .collect();
        script.extend([format!(
            "        {}) flags='{}' valued=' {} ' ;;\n",
            command.name,
            flags.join(" "),
            valued.join(" ")
        )]);
    }
    script.push_str("    esac\n");
    script.push_str("    case ${COMP_WORDS[1]} in\n");
    script.extend([format!(
        "        help) COMPREPLY=($(compgen -W '{names}' -- \"$current\")); return ;;\n"
    )]);
    for command in COMMANDS.iter().filter(|one| !verbs_of(one).is_empty()) {
        script.extend([format!(
            "        {}) if (( COMP_CWORD == 2 )) && [[ $current != -* ]]; then\n            \
             COMPREPLY=($(compgen -W '{}' -- \"$current\")); return\n        \
             elif [[ $current != -* && $valued != *\" $previous \"* ]]; then\n            \
             COMPREPLY=($(compgen -f -- \"$current\")); return\n        fi ;;\n",
            command.name,
            verb_names(command).join(" ")
        )]);
    }
    for command in COMMANDS.iter().filter(|one| takes_inputs(one)) {
        script.extend([format!(
            "        {}) if [[ $current != -* && $valued != *\" $previous \"* ]]; then\n            \
             COMPREPLY=($(compgen -f -- \"$current\")); return\n        fi ;;\n",
            command.name
        )]);
    }
    script.push_str(BASH_COMMAND);
    script.push_str(&bash_values());
    script.push_str("    esac\n    COMPREPLY=($(compgen -W \"$flags\" -- \"$current\"))\n}\ncomplete -F _casemate casemate\n");
    script
}

/// What a flag's value can be. A flag that means the same everywhere is written once.
fn bash_values() -> String {
    let mut flags: BTreeMap<String, BTreeMap<String, Vec<&str>>> = BTreeMap::new();
    for command in COMMANDS {
        for row in rows(command) {
            let Takes::Value(words) = row.takes else {
                continue;
            };
            let answer = match words {
                Words::Of(words) => format!(
                    "COMPREPLY=($(compgen -W '{}' -- \"$current\"))",
                    words.join(" ")
                ),
                Words::File => "COMPREPLY=($(compgen -f -- \"$current\"))".to_owned(),
                Words::Any => "COMPREPLY=()".to_owned(),
            };
            for spelling in spellings(&row) {
                let answers = flags.entry(spelling).or_default();
                answers
                    .entry(answer.clone())
                    .or_default()
                    .push(command.name);
            }
        }
    }
    let mut script = String::new();
    for (flag, answers) in flags {
        let alone = answers.len() == 1;
        for (answer, commands) in answers {
            let pattern = if alone {
                format!("*:{flag}")
            } else {
                let one = |command: &&str| format!("{command}:{flag}");
                commands.iter().map(one).collect::<Vec<_>>().join("|")
            };
            script.push_str("        ");
            script.push_str(&pattern);
            script.push_str(") ");
            script.push_str(&answer);
            script.push_str("; return ;;\n");
        }
    }
    script
}

/// Whether its words are files.
fn takes_inputs(command: &Command) -> bool {
    command.keys == Keys::NotTaken && command.synopsis.contains("INPUT")
}

fn verb_names(command: &Command) -> Vec<&'static str> {
    verbs_of(command)
        .iter()
        .filter_map(|verb| verb.name.rsplit(' ').next())
        .collect()
}

fn spellings(row: &Row) -> Vec<String> {
    row.short
        .map(|letter| format!("-{letter}"))
        .into_iter()
        .chain([format!("--{}", row.long)])
        .collect()
}

fn zsh() -> String {
    let mut script = String::from(
        "#compdef casemate\n# Completion of casemate for zsh.\n_casemate() {\n    local -a commands\n    commands=(\n",
    );
    for command in COMMANDS {
        script.extend([format!(
            "        {}\n",
            single(&format!("{}:{}", command.name, command.about))
        )]);
    }
    script.push_str("    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n        return\n    fi\n");
    script.push_str("    local command=${words[2]}\n    shift words\n    (( CURRENT-- ))\n    case $command in\n");
    for command in COMMANDS {
        script.extend([format!(
            "        {})\n            _arguments -s -S \\\n",
            command.name
        )]);
        for row in rows(command) {
            let help = row
                .help
                .replace('[', "(")
                .replace(']', ")")
                .replace(':', "\\:");
            let value = match row.takes {
                Takes::Nothing => String::new(),
                Takes::Value(Words::Any) => ":value: ".to_owned(),
                Takes::Value(Words::File) => ":file:_files".to_owned(),
                Takes::Value(Words::Of(words)) => format!(":value:({})", words.join(" ")),
            };
            for spelling in spellings(&row) {
                script.extend([format!(
                    "                {} \\\n",
                    single(&format!("*{spelling}[{help}]{value}"))
                )]);
            }
        }
        let rest = match (command.keys, command.name) {
            (Keys::Taken, _) => "'*::command:_normal'",
            (_, "help") => "'1:command:($commands)'",
            _ => "'*:file:_files'",
        };
        let verbs = verb_names(command);
        let with_verbs = format!(
            "'1:verb:({})' \\\n                '*:file:_files'",
            verbs.join(" ")
        );
        let rest = if command.name == "help" {
            "\"1:command:(${commands%%:*})\""
        } else if verbs.is_empty() {
            rest
        } else {
            with_verbs.as_str()
        };
        script.extend([format!("                {rest}\n            ;;\n")]);
    }
    script.push_str("    esac\n}\n_casemate \"$@\"\n");
    script
}

fn fish() -> String {
    let mut script = String::from("# Completion of casemate for fish.\ncomplete -c casemate -f\n");
    for command in COMMANDS {
        script.extend([format!(
            "complete -c casemate -n __fish_use_subcommand -a {} -d {}\n",
            command.name,
            single(command.about)
        )]);
    }
    for command in COMMANDS {
        let condition = format!("'__fish_seen_subcommand_from {}'", command.name);
        for row in rows(command) {
            let short = row
                .short
                .map_or(String::new(), |letter| format!(" -s {letter}"));
            let value = match row.takes {
                Takes::Nothing => String::new(),
                Takes::Value(Words::Any) => " -x".to_owned(),
                Takes::Value(Words::File) => " -r -F".to_owned(),
                Takes::Value(Words::Of(words)) => format!(" -x -a {}", single(&words.join(" "))),
            };
            script.extend([format!(
                "complete -c casemate -n {condition}{short} -l {}{value} -d {}\n",
                row.long,
                single(row.help)
            )]);
        }
        for verb in verbs_of(command) {
            let name = verb.name.rsplit(' ').next().unwrap_or(verb.name);
            script.extend([format!(
                "complete -c casemate -n 'test (count (commandline -opc)) -eq 2; and __fish_seen_subcommand_from {}' -a {name} -d {}\n",
                command.name,
                single(verb.about)
            )]);
        }
        if !verbs_of(command).is_empty() {
            script.extend([format!(
                "complete -c casemate -n 'test (count (commandline -opc)) -gt 2; and __fish_seen_subcommand_from {}' -F\n",
                command.name
            )]);
        }
        if command.keys == Keys::Taken {
            script.extend([format!(
                "complete -c casemate -n {condition} -a '(__fish_complete_command)'\n"
            )]);
        }
    }
    script
}

/// Quotes a text for any of the shells.
fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
