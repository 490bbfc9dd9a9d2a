//! `Config`: what comes of the image and the command line together.

use super::Inspector;
use crate::document::{Fields, Node, Value};
use crate::engine::Family;
use crate::engine::ask::{Said, setting};
use crate::engine::asker::Asker;
use crate::engine::shell;

impl Inspector<'_> {
    pub(super) fn config(&mut self, node: &Node) {
        let fields = Fields::of(node);
        if let Some((image, origin)) = self.scalar(&fields, "Image") {
            self.asker.ask.image = Asker::text(image, &origin);
        }
        if let Some((name, origin)) = self.scalar(&fields, "Hostname") {
            self.asker.ask.hostname = Asker::text(name, &origin);
        }
        if let Some((name, origin)) = self.scalar(&fields, "Domainname") {
            self.asker.ask.domainname = Asker::text(name, &origin);
        }
        if let Some(user) = fields.take("User") {
            let text = user.text().unwrap_or("");
            // Neither the image nor the command line names one.
            let text = if text.is_empty() { "root" } else { text };
            self.asker.ask.user = Asker::text(text, &self.origin(user));
        }
        for (text, origin) in self.texts(&fields, "Env") {
            self.asker.variable(text, &origin);
        }
        self.asker.ask.tty = self.switch(&fields, "Tty");
        if let Some((directory, origin)) = self.scalar(&fields, "WorkingDir") {
            self.asker.ask.directory = Asker::text(directory, &origin);
        }
        if let Some(words) = self.words(&fields, "Entrypoint") {
            self.asker.ask.entrypoint = Some(words).filter(|words| !words.value.is_empty());
        }
        if let Some(words) = self.words(&fields, "Cmd") {
            self.asker.ask.command = Some(words).filter(|words| !words.value.is_empty());
        }
        for (key, name) in [
            ("Labels", setting::LABEL),
            ("Annotations", setting::ANNOTATION),
        ] {
            for entry in fields.take(key).map_or(&[][..], Node::entries) {
                let origin = self.text.origin(entry.start, entry.value.end);
                let value = entry.value.scalar().unwrap_or("");
                self.asker.ask.setting(name, &entry.key, value, origin);
            }
        }
        for entry in fields.take("ExposedPorts").map_or(&[][..], Node::entries) {
            let origin = self.text.origin(entry.start, entry.value.end);
            self.asker.plain(setting::EXPOSE, &entry.key, &origin);
        }
        if let Some(check) = fields
            .take("Healthcheck")
            .or_else(|| fields.take("HealthCheck"))
        {
            self.health(check);
        }
        self.setting(&fields, "OpenStdin", setting::STDIN);
        self.setting(&fields, "StopSignal", setting::STOP_SIGNAL);
        self.setting(&fields, "StopTimeout", setting::STOP_TIMEOUT);
        self.option(&fields, "MacAddress", "mac-address");
        if self.family == Family::Podman {
            self.setting(&fields, "Umask", setting::UMASK);
            self.option(&fields, "Timeout", "timeout");
            self.option(&fields, "sdNotifyMode", "sdnotify");
            self.option(&fields, "SystemdMode", "systemd");
            for (text, origin) in self.texts(&fields, "ChrootDirs") {
                self.asker
                    .ask
                    .setting(setting::OPTION, "chrootdirs", text, origin);
            }
            for (text, origin) in self.texts(&fields, "Secrets") {
                self.asker.plain(setting::SECRET, text, &origin);
            }
        }
        // What the image says of itself, and how the client was attached.
        for key in [
            "AttachStderr",
            "AttachStdin",
            "AttachStdout",
            "ArgsEscaped",
            "OnBuild",
            "Shell",
            "StdinOnce",
            "Volumes",
            "NetworkDisabled",
            "CreateCommand",
            "ExposedPortsRange",
            "StartupHealthCheck",
            "HealthcheckOnFailureAction",
            "HealthLogDestination",
            "HealthMaxLogCount",
            "HealthMaxLogSize",
            "PasswdEntry",
            "Passwd",
            "TZ",
        ] {
            self.skip(&fields, key);
        }
        self.rest(&fields, "`Config`");
    }

    /// A list of words, or one text that holds them.
    fn words(&mut self, fields: &Fields<'_>, key: &str) -> Option<Said<Vec<String>>> {
        let node = fields.take(key)?;
        let origin = self.origin(node);
        let words = match &node.value {
            Value::Text(text) if text.is_empty() => Vec::new(),
            Value::Text(text) => shell::split(text).unwrap_or_else(|| vec![text.clone()]),
            _ => self
                .texts(fields, key)
                .into_iter()
                .map(|(text, _)| text.to_owned())
                .collect(),
        };
        Some(Said::new(words, origin))
    }

    fn health(&mut self, node: &Node) {
        let fields = Fields::of(node);
        let test: Vec<String> = self
            .texts(&fields, "Test")
            .into_iter()
            .map(|(text, _)| text.to_owned())
            .collect();
        let origin = self.origin(node);
        match test.split_first() {
            Some((first, _)) if first == "NONE" => {
                self.asker
                    .ask
                    .setting(setting::OPTION, "no-healthcheck", "true", origin);
            }
            Some((first, rest)) if first == "CMD-SHELL" => {
                self.asker
                    .plain(setting::HEALTH_CHECK, &rest.join(" "), &origin);
            }
            Some((first, rest)) => {
                let words = if first == "CMD" { rest } else { &test };
                self.asker
                    .plain(setting::HEALTH_CHECK, &shell::join(words), &origin);
            }
            None => {}
        }
        for (key, name) in [
            ("Interval", "health-interval"),
            ("Timeout", "health-timeout"),
            ("StartPeriod", "health-start-period"),
            ("StartInterval", "health-start-interval"),
        ] {
            if let Some(nanoseconds) = self.number::<u64>(&fields, key) {
                let text = if nanoseconds.value % 1_000_000_000 == 0 {
                    format!("{}s", nanoseconds.value / 1_000_000_000)
                } else {
                    format!("{}ms", nanoseconds.value / 1_000_000)
                };
                self.asker
                    .ask
                    .setting(setting::OPTION, name, text, nanoseconds.origin);
            }
        }
        self.option(&fields, "Retries", "health-retries");
        self.rest(&fields, "the health check");
    }
}
