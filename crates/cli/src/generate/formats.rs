//! The documentation of formats.

use casemate_formats::FORMATS;
use casemate_formats::reader::ENGINES;
use casemate_observe::live;

/// Writes docs/formats.md.
pub fn markdown() -> String {
    let mut text = String::from(
        "<!-- Made by `cargo xtask format-docs` of the table of formats; do not edit. -->\n\n# Formats\n\n\
         `casemate show`, `convert` and `diff` read descriptions of confinement in these formats, and live processes, into one model.\n\n\
         ```console\n\
         $ casemate show compose.yaml#web\n\
         $ casemate convert lxc:web.conf --to oci --output config.json\n\
         $ casemate diff config.json pid:1234\n\
         ```\n\n\
         | format | what it is | files | written |\n|---|---|---|---|\n",
    );
    for format in FORMATS {
        let files: Vec<String> = format
            .files
            .iter()
            .map(|file| format!("`{file}`"))
            .collect();
        let written = if format.write.is_some() { "yes" } else { "no" };
        text.extend([format!(
            "| `{}` | {} | {} | {written} |\n",
            format.name,
            format.about.replace('|', "\\|"),
            files.join(" ")
        )]);
    }
    text.push_str(
        "\nThe format of a file is told from its name and its content; `--from` names it. `FILE#NAME` takes one of several: a service, \
         a container of a pod (`pod/container`), a process type.\n\n\
         ## Live processes\n\n\
         `pid:N` is read from /proc: ids through their maps, namespaces beside the host's, capabilities, filters lifted to a policy, mounts \
         traced back to the host's paths, limits of both cgroup versions, labels, listeners, descriptors. As root that works for all processes, \
         else for one's own. Containers are found by name in what their engines keep on disk, without asking a daemon: ",
    );
    let engines: Vec<String> = live::ENGINES
        .iter()
        .map(|name| format!("`{name}:NAME`"))
        .collect();
    text.push_str(&engines.join(", "));
    text.push_str(
        ".\n\nWhat the kernel does not show (securebits, Landlock rules, device programs of cgroup version 2, session keyrings) is said to be \
         unknown, with the reason.\n\n\
         ## Defaults\n\n\
         What a description leaves out is filled with the defaults of an engine, and each such value says whose it is. `--engine` names the \
         engine and its version; `--engine-config` gives its own configuration (daemon.json, containers.conf), which changes them. Known are: ",
    );
    let labels: Vec<String> = ENGINES
        .iter()
        .map(|engine| format!("`{}`", engine.label))
        .collect();
    text.push_str(&labels.join(", "));
    text.push_str(
        ".\n\n\
         ## What is lost\n\n\
         A reader reports each key, option or line that it does not understand, that has no effect, that the model has no place for, or whose \
         meaning depends on what is not there (an image, a host), with its place. A writer never loosens: what it wrote is read back and compared \
         field by field, and where it would permit more than what was read, nothing is written, unless `--allow-loss` is given; then each such \
         field is listed.\n\n\
         How engines differ from what their descriptions say, as far as the tests have found it, is in [reference-behaviour.md](reference-behaviour.md).\n",
    );
    text
}
