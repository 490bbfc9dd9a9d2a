//! Files that include and extend each other, and the services in them.

use super::interpolate::{Found, interpolate};
use super::service;
use crate::document::{self, Fields, Node, Value};
use crate::engine::ask::{Ask, Notes, beginning};
use crate::engine::asker::{Asker, base_of};
use crate::engine::parts::{Base, clean};
use crate::engine::resolve::Resolver;
use crate::engine::{Family, configuration};
use crate::loss::Loss;
use crate::reader::{Context, Files, Problem, ReadError, Reading, Text};
use casemate_model::Origin;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The most files of one project.
const MOST_FILES: usize = 100;

/// A file that has been read.
struct File {
    path: PathBuf,
    text: String,
    root: Node,
}

/// Named volumes, secrets and configs that are a path of the host.
#[derive(Default)]
pub(super) struct Named {
    pub volumes: BTreeMap<String, String>,
    pub secrets: BTreeMap<String, String>,
    pub configs: BTreeMap<String, String>,
}

/// A project that is being read.
struct Project<'a> {
    files: &'a mut dyn Files,
    variables: BTreeMap<String, String>,
    base: Base,
    notes: Notes,
    read: BTreeMap<PathBuf, Rc<File>>,
    named: Named,
}

/// A service that was found: its file, its name, its place.
struct Placed {
    file: Rc<File>,
    name: String,
    place: (usize, usize),
}

/// Reads a project.
pub(super) fn read(
    path: &Path,
    bytes: &[u8],
    context: &mut Context<'_>,
) -> Result<Reading, ReadError> {
    let text = Text::new(path, bytes)?;
    let mut notes = Notes::default();
    let Some(defaults) = configuration::defaults(Family::Docker, context, &mut notes) else {
        return Err(Problem::new("no engine of this name is known", beginning(&text)).into());
    };
    let base = base_of(path, context);
    let mut project = Project {
        variables: variables(path, context),
        files: context.files,
        base,
        notes,
        read: BTreeMap::new(),
        named: Named::default(),
    };
    let file = project.file(path, text.text.to_owned())?;
    let mut found = Vec::new();
    let mut open = vec![path.to_owned()];
    project.collect(&file, &mut found, &mut open)?;
    let mut asks = Vec::new();
    for one in &found {
        let mut chain = Vec::new();
        let ask = project.service(&one.file, &one.name, &mut chain);
        asks.push((ask, one));
    }
    let mut notes = project.notes;
    let mut workloads = Vec::new();
    for (ask, one) in asks {
        let text = Text::of(&one.file.path, &one.file.text);
        let origin = text.origin(one.place.0, one.place.1);
        workloads
            .push(Resolver::new(&defaults, context, &mut notes).workload(&ask, "service", origin));
    }
    notes.finish(workloads)
}

/// The caller's variables, and beneath them those of the `.env` beside the file.
fn variables(path: &Path, context: &mut Context<'_>) -> BTreeMap<String, String> {
    let beside = path.parent().unwrap_or(Path::new("")).join(".env");
    let mut variables = BTreeMap::new();
    if let Some(text) = context
        .files
        .read(&beside)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
    {
        for line in text.lines().map(str::trim) {
            let line = line.strip_prefix("export ").unwrap_or(line);
            if let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
                let value = value.trim();
                let bare = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
                let value = bare('"').or_else(|| bare('\'')).unwrap_or(value);
                variables.insert(name.trim().to_owned(), value.to_owned());
            }
        }
    }
    variables.extend(
        context
            .environment
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    variables
}

impl Project<'_> {
    fn file(&mut self, path: &Path, text: String) -> Result<Rc<File>, ReadError> {
        let mut root = {
            let text = Text::of(path, &text);
            let mut documents = document::parse(&text)?;
            if documents.len() > 1 {
                let problem = Problem::new("a compose file is one document", beginning(&text));
                return Err(problem.into());
            }
            let Some(root) = documents.pop() else {
                return Err(Problem::new("nothing is in the file", beginning(&text)).into());
            };
            if !matches!(root.value, Value::Object(_)) {
                return Err(root.expected(&text, "an object with `services`").into());
            }
            root
        };
        let mut found = Found::default();
        interpolate(&mut root, &self.variables, &mut found);
        let of = Text::of(path, &text);
        for (what, start, end) in found.wrong {
            self.notes.wrong(what, &of.origin(start, end));
        }
        for (name, start, end) in found.unset {
            let loss = Loss::elsewhere(
                format!("${name}, which is not set,"),
                "the environment",
                of.origin(start, end),
            );
            if !self.notes.losses.contains(&loss) {
                self.notes.losses.push(loss);
            }
        }
        let file = Rc::new(File {
            path: path.to_owned(),
            text,
            root,
        });
        self.read.insert(path.to_owned(), file.clone());
        Ok(file)
    }

    /// A file that another names.
    fn named_file(&mut self, from: &Path, name: &str, origin: &Origin) -> Option<Rc<File>> {
        let path = clean(&from.parent().unwrap_or(Path::new("")).join(name));
        if let Some(file) = self.read.get(&path) {
            return Some(file.clone());
        }
        if self.read.len() >= MOST_FILES {
            self.notes
                .wrong(format!("more than {MOST_FILES} files"), origin);
            return None;
        }
        let bytes = self.files.read(&path);
        let text = bytes
            .map_err(|error| error.to_string())
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
        match text {
            Ok(text) => match self.file(&path, text) {
                Ok(file) => Some(file),
                Err(error) => {
                    self.notes.problems.extend(error.problems);
                    None
                }
            },
            Err(why) => {
                self.notes
                    .wrong(format!("the file {name} cannot be read: {why}"), origin);
                None
            }
        }
    }

    /// Lists the services of a file and of those it includes.
    fn collect(
        &mut self,
        file: &Rc<File>,
        found: &mut Vec<Placed>,
        open: &mut Vec<PathBuf>,
    ) -> Result<(), ReadError> {
        let text = Text::of(&file.path, &file.text);
        let fields = Fields::of(&file.root);
        for entry in fields.prefixed("x-") {
            let origin = text.origin(entry.start, entry.value.end);
            let what = format!("`{}`{}", entry.key, names(&entry.value));
            self.notes.ignored(
                what,
                "keys that begin with x- are the author's own",
                &origin,
            );
        }
        if let Some(version) = fields.take("version") {
            let origin = text.origin(version.start, version.end);
            self.notes
                .ignored("`version`", "compose passes over it", &origin);
        }
        if let Some(name) = fields.take("name") {
            let origin = text.origin(name.start, name.end);
            self.notes
                .no_place("the project's name", name.scalar().unwrap_or(""), &origin);
        }
        self.include(&text, fields.take("include"), found, open)?;
        for (key, what) in [
            ("networks", "network"),
            ("volumes", "volume"),
            ("secrets", "secret"),
            ("configs", "config"),
            ("models", "model"),
        ] {
            if let Some(node) = fields.take(key) {
                self.top(&text, node, key, what);
            }
        }
        let services = fields.take("services");
        fields.report_rest(&text, "", &mut self.notes.losses);
        if let Some(node) = services
            && !matches!(node.value, Value::Object(_))
        {
            let problem = node.expected(&text, "an object of services");
            self.notes.problems.push(problem);
        }
        for entry in services.map_or(&[][..], Node::entries) {
            if found.iter().any(|other| other.name == entry.key) {
                let origin = text.origin(entry.start, entry.end);
                self.notes
                    .wrong(format!("the service {} is given twice", entry.key), &origin);
                continue;
            }
            found.push(Placed {
                file: file.clone(),
                name: entry.key.clone(),
                place: (entry.start, entry.value.end.max(entry.end)),
            });
        }
        Ok(())
    }

    fn include(
        &mut self,
        text: &Text<'_>,
        node: Option<&Node>,
        found: &mut Vec<Placed>,
        open: &mut Vec<PathBuf>,
    ) -> Result<(), ReadError> {
        for item in node.map_or(&[][..], Node::items) {
            let origin = text.origin(item.start, item.end);
            let mut paths: Vec<&str> = Vec::new();
            match &item.value {
                Value::Object(_) => {
                    let own = Fields::of(item);
                    match own.take("path") {
                        Some(list) if !list.items().is_empty() => {
                            paths.extend(list.items().iter().filter_map(Node::text));
                        }
                        Some(one) => paths.extend(one.text()),
                        None => self.notes.wrong("what is included has no `path`", &origin),
                    }
                    for key in ["project_directory", "env_file"] {
                        if let Some(node) = own.take(key) {
                            let value = node.scalar().unwrap_or("").to_owned();
                            self.notes.no_place(
                                format!("`{key}` of what is included"),
                                value,
                                &origin,
                            );
                        }
                    }
                    own.report_rest(text, "what is included", &mut self.notes.losses);
                }
                _ => paths.extend(item.text()),
            }
            for name in paths {
                let path = clean(&text.path.parent().unwrap_or(Path::new("")).join(name));
                if open.contains(&path) {
                    self.notes.wrong(format!("{name} includes itself"), &origin);
                    continue;
                }
                if let Some(file) = self.named_file(text.path, name, &origin) {
                    open.push(path);
                    self.collect(&file, found, open)?;
                    open.pop();
                }
            }
        }
        Ok(())
    }

    /// Networks, volumes, secrets and configs: what of them is a path of the host counts, the rest is the engine's.
    fn top(&mut self, text: &Text<'_>, node: &Node, key: &str, what: &str) {
        for entry in node.entries() {
            let origin = text.origin(entry.start, entry.value.end.max(entry.end));
            let own = Fields::of(&entry.value);
            match key {
                "volumes" => {
                    if let Some(host) = bound_volume(&own) {
                        let path = self.base.host(&host).to_string_lossy().into_owned();
                        self.named.volumes.insert(entry.key.clone(), path);
                    }
                }
                "secrets" | "configs" => {
                    if let Some(file) = own.take("file").and_then(Node::text) {
                        let path = self.base.host(file).to_string_lossy().into_owned();
                        let list = if key == "secrets" {
                            &mut self.named.secrets
                        } else {
                            &mut self.named.configs
                        };
                        list.insert(entry.key.clone(), path);
                    }
                }
                _ => {}
            }
            const KNOWN: [&str; 20] = [
                "attachable",
                "content",
                "context_size",
                "driver",
                "driver_opts",
                "enable_ipv4",
                "enable_ipv6",
                "environment",
                "external",
                "file",
                "internal",
                "ipam",
                "labels",
                "model",
                "name",
                "runtime_flags",
                "template_driver",
                "uid",
                "gid",
                "mode",
            ];
            let mut said = Vec::new();
            for known in KNOWN {
                if let Some(value) = own.entry(known) {
                    let words: Vec<&str> = text
                        .text
                        .get(value.start..value.value.end)
                        .unwrap_or("")
                        .split_whitespace()
                        .collect();
                    said.push(words.join(" "));
                }
            }
            for extension in own.prefixed("x-") {
                said.push(format!("{}{}", extension.key, names(&extension.value)));
            }
            own.report_rest(
                text,
                &format!("the {what} {}", entry.key),
                &mut self.notes.losses,
            );
            if !said.is_empty() {
                let name = format!("the {what} {}", entry.key);
                self.notes
                    .no_place(name, format!("({})", said.join("; ")), &origin);
            }
            if entry.value.scalar().is_some() {
                self.notes
                    .wrong(format!("the {what} {} is no object", entry.key), &origin);
            }
        }
    }

    /// Reads a service, after the one it extends.
    fn service(&mut self, file: &Rc<File>, name: &str, chain: &mut Vec<(PathBuf, String)>) -> Ask {
        let node = file
            .root
            .at(&["services"])
            .and_then(|services| services.get(name));
        let Some(node) = node else {
            return Ask::default();
        };
        let text = Text::of(&file.path, &file.text);
        let origin = text.origin(node.start, node.end);
        chain.push((file.path.clone(), name.to_owned()));
        let mut ask = Ask::default();
        if !matches!(node.value, Value::Object(_)) {
            self.notes
                .problems
                .push(node.expected(&text, "a service with its keys"));
        }
        if let Some(extends) = node.get("extends") {
            ask = self.extended(&text, file, extends, chain);
        }
        chain.pop();
        ask.name = name.to_owned();
        let base = Base {
            directory: clean(&self.base.directory),
            home: self.base.home.clone(),
        };
        let mut asker = Asker {
            ask,
            notes: &mut self.notes,
            files: self.files,
            base: &base,
        };
        service::Service {
            text: &text,
            asker: &mut asker,
            named: &self.named,
            name,
        }
        .read(node);
        let mut ask = asker.ask;
        if ask.image.is_none()
            && node.get("build").is_none()
            && node.get("provider").is_none()
            && chain.is_empty()
        {
            self.notes.wrong(
                format!("the service {name} has neither `image` nor `build`"),
                &origin,
            );
        }
        ask.name = name.to_owned();
        ask
    }

    fn extended(
        &mut self,
        text: &Text<'_>,
        file: &Rc<File>,
        node: &Node,
        chain: &mut Vec<(PathBuf, String)>,
    ) -> Ask {
        let origin = text.origin(node.start, node.end);
        let (mut other, mut service) = (None, node.text());
        if let Value::Object(_) = node.value {
            let own = Fields::of(node);
            other = own.take("file").and_then(Node::text);
            service = own.take("service").and_then(Node::text);
            own.report_rest(text, "`extends`", &mut self.notes.losses);
        }
        let Some(service) = service else {
            self.notes.wrong("`extends` names no service", &origin);
            return Ask::default();
        };
        let base = match other {
            Some(name) => self.named_file(&file.path, name, &origin),
            None => Some(file.clone()),
        };
        let Some(base) = base else {
            return Ask::default();
        };
        if base.root.at(&["services", service]).is_none() {
            self.notes
                .wrong(format!("there is no service {service} to extend"), &origin);
            return Ask::default();
        }
        if chain
            .iter()
            .any(|(path, name)| *path == base.path && name == service)
        {
            self.notes
                .wrong(format!("the service {service} extends itself"), &origin);
            return Ask::default();
        }
        if chain.len() > MOST_FILES {
            self.notes
                .wrong("services extend each other too deeply", &origin);
            return Ask::default();
        }
        self.service(&base, service, chain)
    }
}

/// The path of the host that a volume of the local driver is.
fn bound_volume(own: &Fields<'_>) -> Option<String> {
    let options = own.take("driver_opts")?;
    let option = |key: &str| options.get(key).and_then(Node::scalar).unwrap_or("");
    let bound = option("o")
        .split(',')
        .any(|word| matches!(word, "bind" | "rbind"));
    (bound && !option("device").is_empty()).then(|| option("device").to_owned())
}

/// The keys below a value, so that what is passed over can be seen.
fn names(node: &Node) -> String {
    fn walk(node: &Node, names: &mut Vec<String>) {
        for entry in node.entries() {
            names.push(entry.key.clone());
            walk(&entry.value, names);
        }
        for item in node.items() {
            walk(item, names);
        }
    }
    let mut found = Vec::new();
    walk(node, &mut found);
    if found.is_empty() {
        String::new()
    } else {
        format!(" ({})", found.join(", "))
    }
}
