//! Completions for bash, zsh and fish.

use super::help::shown;
use super::table::{Flag, GLOBAL, Verb};

/// Whether a flag's value is a file or a directory.
fn is_file(flag: &Flag) -> bool {
    matches!(flag.value, Some("FILE" | "DIRECTORY" | "SOCKET"))
}

/// Whether the first word of a verb is a container's id, which `list --quiet` knows.
fn takes_id(verb: &Verb) -> bool {
    verb.synopsis.starts_with("ID") && !matches!(verb.name, "create" | "run" | "restore")
}

/// Whether a word of its own follows the flag.
fn is_valued(flag: &Flag) -> bool {
    flag.value.is_some_and(|value| !value.starts_with('['))
}

fn spellings(flag: &Flag) -> impl Iterator<Item = String> {
    let short = flag.short.map(|letter| format!("-{letter}"));
    short.into_iter().chain([format!("--{}", flag.name)])
}

fn joined<'a>(flags: impl Iterator<Item = &'a Flag>) -> String {
    flags.flat_map(spellings).collect::<Vec<_>>().join(" ")
}

/// The script for bash.
pub fn bash() -> String {
    let names: Vec<&str> = shown().map(|verb| verb.name).collect();
    let mut script = format!(
        "# Completion of casemate-oci for bash.\n\
         _casemate_oci() {{\n    \
         local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}\n    \
         local verb= index flags='{}' valued=' {} ' files=' {} ' ids=\n    \
         for (( index = 1; index < COMP_CWORD; index++ )); do\n        \
         case ${{COMP_WORDS[index]}} in\n            \
         -*) [[ $valued == *\" ${{COMP_WORDS[index]}} \"* ]] && (( index++ )) ;;\n            \
         *) verb=${{COMP_WORDS[index]}}; break ;;\n        esac\n    done\n    case $verb in\n",
        joined(GLOBAL.iter()),
        joined(GLOBAL.iter().filter(|flag| is_valued(flag))),
        joined(GLOBAL.iter().filter(|flag| is_file(flag))),
    );
    for verb in shown() {
        script.extend([format!(
            "        {}) flags='{} --help' valued=' {} ' files=' {} ' ids={} ;;\n",
            verb.name,
            joined(verb.flags.iter()),
            joined(verb.flags.iter().filter(|flag| is_valued(flag))),
            joined(verb.flags.iter().filter(|flag| is_file(flag))),
            if takes_id(verb) { "yes" } else { "" },
        )]);
    }
    script.extend([format!(
        "    esac\n    \
         if [[ $files == *\" $previous \"* ]]; then\n        \
         COMPREPLY=($(compgen -f -- \"$current\"))\n    \
         elif [[ $valued == *\" $previous \"* ]]; then\n        \
         COMPREPLY=()\n    \
         elif [[ $current == -* ]]; then\n        \
         COMPREPLY=($(compgen -W \"$flags\" -- \"$current\"))\n    \
         elif [[ -z $verb ]]; then\n        \
         COMPREPLY=($(compgen -W '{}' -- \"$current\"))\n    \
         elif [[ -n $ids ]]; then\n        \
         COMPREPLY=($(compgen -W \"$(casemate-oci list --quiet 2>/dev/null)\" -- \"$current\"))\n    \
         fi\n}}\ncomplete -F _casemate_oci casemate-oci\n",
        names.join(" ")
    )]);
    script
}

/// The script for zsh.
pub fn zsh() -> String {
    let mut script = String::from(
        "#compdef casemate-oci\n# Completion of casemate-oci for zsh.\n\
         _casemate_oci() {\n    local -a commands ids\n    local line state\n    commands=(\n",
    );
    for verb in shown() {
        let text = single(&format!("{}:{}", verb.name, verb.about));
        script.extend([format!("        {text}\n")]);
    }
    script.push_str("    )\n    _arguments -s -S -C \\\n");
    for flag in GLOBAL {
        script.push_str(&zsh_flag(flag));
    }
    script.push_str(
        "        '1:command:->command' '*::word:->word'\n    case $state in\n        \
         command) _describe command commands; return ;;\n    esac\n    \
         ids=(${(f)\"$(casemate-oci list --quiet 2>/dev/null)\"})\n    case $line[1] in\n",
    );
    for verb in shown() {
        script.extend([format!(
            "        {})\n        _arguments -s -S \\\n",
            verb.name
        )]);
        for flag in verb.flags {
            script.push_str(&zsh_flag(flag));
        }
        let first = if takes_id(verb) {
            "\"1:container:($ids)\""
        } else {
            "'1:word: '"
        };
        script.extend([format!("        {first} '*:word: '\n        ;;\n")]);
    }
    script.push_str("    esac\n}\n_casemate_oci \"$@\"\n");
    script
}

fn zsh_flag(flag: &Flag) -> String {
    let help = flag.help.replace('[', "(").replace(']', ")");
    let help = help.replace(':', "\\:");
    let value = match flag.value {
        None => "",
        Some(_) if is_file(flag) => ":file:_files",
        Some(_) => ":value: ",
    };
    let one = |spelling: String| {
        // A value that may be left out stands behind `=`.
        let equals = if flag.value.is_some() && !is_valued(flag) {
            "=-"
        } else {
            ""
        };
        let optional = if equals.is_empty() { "" } else { ":" };
        let text = format!("*{spelling}{equals}[{help}]{optional}{value}");
        format!("        {} \\\n", single(&text))
    };
    spellings(flag).map(one).collect()
}

/// The script for fish.
pub fn fish() -> String {
    let mut script =
        String::from("# Completion of casemate-oci for fish.\ncomplete -c casemate-oci -f\n");
    for flag in GLOBAL {
        script.push_str(&fish_flag(flag, "__fish_use_subcommand"));
    }
    for verb in shown() {
        script.extend([format!(
            "complete -c casemate-oci -n __fish_use_subcommand -a {} -d {}\n",
            verb.name,
            single(verb.about)
        )]);
        let condition = format!("'__fish_seen_subcommand_from {}'", verb.name);
        for flag in verb.flags {
            script.push_str(&fish_flag(flag, &condition));
        }
        if takes_id(verb) {
            script.extend([format!(
                "complete -c casemate-oci -n {condition} -a '(casemate-oci list --quiet 2>/dev/null)'\n"
            )]);
        }
    }
    script
}

fn fish_flag(flag: &Flag, condition: &str) -> String {
    let short = flag
        .short
        .map_or(String::new(), |letter| format!(" -s {letter}"));
    let value = match flag.value {
        Some(_) if is_file(flag) => " -r -F",
        Some(_) if is_valued(flag) => " -x",
        _ => "",
    };
    format!(
        "complete -c casemate-oci -n {condition}{short} -l {}{value} -d {}\n",
        flag.name,
        single(flag.help)
    )
}

/// Quotes a text for any of the shells.
fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
