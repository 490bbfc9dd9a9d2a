//! Examples of command lines, for help and the man page.

/// A command line, and what it is to do.
pub type Example = (&'static str, &'static str);

/// The examples of a verb.
pub fn of(verb: &str) -> &'static [Example] {
    match verb {
        "create" => &[(
            "casemate-oci create --bundle /srv/web --pid-file /run/web.pid web",
            "create a container and wait with its command",
        )],
        "start" => &[("casemate-oci start web", "run the command of a container")],
        "run" => &[
            (
                "casemate-oci run --bundle /srv/web web",
                "run a container to its end",
            ),
            (
                "casemate-oci --harden=restricted run --detach --bundle /srv/web web",
                "run one in the background, tighter than its bundle asks for",
            ),
        ],
        "exec" => &[
            (
                "casemate-oci exec --tty web sh",
                "get a shell in a container",
            ),
            (
                "casemate-oci exec --user 1000:1000 --cwd /tmp web id",
                "run a command as somebody else",
            ),
        ],
        "kill" => &[
            ("casemate-oci kill web", "ask a container to end"),
            (
                "casemate-oci kill --all web KILL",
                "end all of its processes at once",
            ),
        ],
        "delete" => &[(
            "casemate-oci delete --force web",
            "remove a container, whatever is left of it",
        )],
        "list" => &[("casemate-oci list --format json", "list containers as JSON")],
        "spec" => &[(
            "casemate-oci spec --bundle /srv/web",
            "write a config.json to begin with",
        )],
        "update" => &[(
            "casemate-oci update --memory 512m --pids-limit 100 web",
            "change the limits of a container",
        )],
        "events" => &[(
            "casemate-oci events --stats web",
            "print once what a container uses",
        )],
        "checkpoint" => &[(
            "casemate-oci checkpoint --image-path /srv/images --leave-running web",
            "write the processes of a container to files",
        )],
        _ => &[],
    }
}
