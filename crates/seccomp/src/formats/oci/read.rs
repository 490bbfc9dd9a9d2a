//! Reads a profile.

use std::collections::BTreeSet;

use casemate_model::names::{Arch, Capability, KernelVersion, SyscallId, capabilities, errno};
use casemate_model::syscalls::{Action, Arg, Call, Operator, SyscallPolicy, Test, Width};

use super::FLAGS;
use crate::formats::json::{self, Member, Value};
use crate::formats::report::{Notes, Problem, ReadError, Remark, Source, What, quoted, shortened};
use crate::formats::rules::{Rules, Stated};
use crate::formats::{Context, Reading, Unknown};

const ACTIONS: [&str; 9] = [
    "SCMP_ACT_KILL",
    "SCMP_ACT_KILL_THREAD",
    "SCMP_ACT_KILL_PROCESS",
    "SCMP_ACT_TRAP",
    "SCMP_ACT_ERRNO",
    "SCMP_ACT_TRACE",
    "SCMP_ACT_ALLOW",
    "SCMP_ACT_LOG",
    "SCMP_ACT_NOTIFY",
];
const OPERATORS: [&str; 7] = [
    "SCMP_CMP_EQ",
    "SCMP_CMP_NE",
    "SCMP_CMP_LT",
    "SCMP_CMP_LE",
    "SCMP_CMP_GT",
    "SCMP_CMP_GE",
    "SCMP_CMP_MASKED_EQ",
];
// A call has six arguments; a rule with more conditions than this is no rule of a person.
const MOST_CONDITIONS: usize = 16;

/// Reads a profile for a context.
pub fn read(file: &str, bytes: &[u8], context: &Context<'_>) -> Result<Reading, ReadError> {
    let source = Source::new(file, bytes)?;
    let root = json::parse(&source)?;
    let profile = find_profile(&source, &root)?;
    read_profile(&source, profile, context)
}

/// Reads a profile that is part of a text that has been parsed.
pub fn read_profile(
    source: &Source<'_>,
    profile: &Value,
    context: &Context<'_>,
) -> Result<Reading, ReadError> {
    let mut reader = Reader {
        source,
        context,
        notes: Notes::default(),
        rules: Rules::default(),
    };
    let policy = reader.profile(profile)?;
    Ok(Reading {
        policy,
        notes: reader.notes.finish(),
    })
}

fn find_profile<'a>(source: &Source<'_>, root: &'a Value) -> Result<&'a Value, ReadError> {
    root.members(source)?;
    if root.get("defaultAction").is_some() {
        return Ok(root);
    }
    root.get("linux")
        .and_then(|linux| linux.get("seccomp"))
        .filter(|profile| profile.kind != json::Kind::Null)
        .ok_or_else(|| {
            let expected = "an object with \"defaultAction\", or \"linux\" with \"seccomp\" in it";
            source.error(root.at, Problem::Nothing { expected })
        })
}

/// The number where both are given.
fn errno_of<'a>(of: &'a Value, number: &str, name: &str) -> Option<&'a Value> {
    let given = |key| {
        of.get(key).filter(|value| {
            value.kind != json::Kind::Null && value.kind != json::Kind::Text(String::new())
        })
    };
    given(number).or_else(|| given(name))
}

struct Reader<'a> {
    source: &'a Source<'a>,
    context: &'a Context<'a>,
    notes: Notes,
    rules: Rules,
}

impl Reader<'_> {
    fn profile(&mut self, profile: &Value) -> Result<SyscallPolicy, ReadError> {
        const KEYS: [&str; 9] = [
            "defaultAction",
            "defaultErrno",
            "defaultErrnoRet",
            "archMap",
            "architectures",
            "flags",
            "listenerMetadata",
            "listenerPath",
            "syscalls",
        ];
        for member in profile.members(self.source)? {
            self.known_key(member, &KEYS)?;
        }
        let action = profile.get("defaultAction").ok_or_else(|| {
            self.source
                .expected_not(profile.at, "\"defaultAction\"", "an object without it")
        })?;
        let default = self.action(action, errno_of(profile, "defaultErrnoRet", "defaultErrno"))?;
        let archs = self.archs(profile)?;
        let mut policy = SyscallPolicy::without_rules(archs, default);
        policy.foreign = Action::KillThread;
        if let Some(flags) = profile.get("flags") {
            for flag in flags.list(self.source)? {
                let name = flag.text(self.source)?;
                let known = FLAGS.iter().find(|(known, _)| *known == name);
                let (_, known) = known.ok_or_else(|| {
                    let names = FLAGS.iter().map(|(name, _)| *name);
                    self.source.unknown(flag.at, What::Flag, name, names)
                })?;
                policy.flags.insert(*known);
            }
        }
        if let Some(rules) = profile.get("syscalls") {
            for rule in rules.list(self.source)? {
                self.rule(rule, default)?;
            }
        }
        let rules = std::mem::take(&mut self.rules);
        rules.resolve(&mut policy, self.source, &mut self.notes);
        Ok(policy)
    }

    // A misspelt key of a rule would make it a rule without conditions.
    fn known_key(&mut self, member: &Member, known: &[&'static str]) -> Result<(), ReadError> {
        if known.contains(&member.key.as_str()) {
            return Ok(());
        }
        let near = casemate_model::names::suggest::nearest(&member.key, known.iter().copied());
        if near.is_some() {
            let names = known.iter().copied();
            return Err(self
                .source
                .unknown(member.at, What::Key, &member.key, names));
        }
        self.notes.add(
            self.source.position(member.at),
            Remark::Unknown {
                what: What::Key,
                name: shortened(&member.key),
            },
        );
        Ok(())
    }

    fn action(&mut self, value: &Value, errno: Option<&Value>) -> Result<Action, ReadError> {
        let name = value.text(self.source)?;
        let errno = errno.filter(|errno| errno.kind != json::Kind::Null);
        let number = match errno {
            None => None,
            Some(errno) => {
                let number = self.errno(errno)?;
                let most = if name == "SCMP_ACT_TRACE" {
                    u16::MAX
                } else {
                    Action::MAX_ERRNO
                };
                let fits = u16::try_from(number).ok().filter(|number| *number <= most);
                Some(fits.ok_or_else(|| {
                    let expected = format!("a number of at most {most}");
                    self.source
                        .expected_not(errno.at, expected, number.to_string())
                })?)
            }
        };
        // EPERM, as the specification says.
        let given = number.unwrap_or(1);
        let action = match name {
            "SCMP_ACT_KILL" | "SCMP_ACT_KILL_THREAD" => Action::KillThread,
            "SCMP_ACT_KILL_PROCESS" => Action::KillProcess,
            "SCMP_ACT_TRAP" => Action::Trap(0),
            "SCMP_ACT_ERRNO" => return Ok(Action::Errno(given)),
            "SCMP_ACT_TRACE" => return Ok(Action::Trace(given)),
            "SCMP_ACT_ALLOW" => Action::Allow,
            "SCMP_ACT_LOG" => Action::Log,
            "SCMP_ACT_NOTIFY" => Action::Notify,
            _ => return Err(self.source.unknown(value.at, What::Action, name, ACTIONS)),
        };
        // The specification demands an error. Docker writes the key for all actions, as 0 or the default EPERM.
        match (errno, number) {
            (Some(errno), Some(number)) if number > 1 => Err(self.source.expected_not(
                errno.at,
                format!("no errno for {name}"),
                number.to_string(),
            )),
            _ => Ok(action),
        }
    }

    // A number, or by the custom of containers-common a name.
    fn errno(&self, value: &Value) -> Result<u64, ReadError> {
        let json::Kind::Text(name) = &value.kind else {
            return value.number(self.source);
        };
        let arch = self.context.native().unwrap_or(Arch::X86_64);
        errno::number(arch, name).map(u64::from).ok_or_else(|| {
            let expected = "an errno such as \"EPERM\"";
            self.source.expected_not(value.at, expected, quoted(name))
        })
    }

    fn archs(&mut self, profile: &Value) -> Result<BTreeSet<Arch>, ReadError> {
        let mut archs = BTreeSet::new();
        let list = profile
            .get("architectures")
            .map(|list| list.list(self.source))
            .transpose()?
            .unwrap_or_default();
        let map = profile
            .get("archMap")
            .map(|map| map.list(self.source))
            .transpose()?
            .unwrap_or_default();
        if let (Some(_), Some(first)) = (map.first(), list.first()) {
            let what = "the list of architectures (\"archMap\" and \"architectures\")".to_owned();
            return Err(self.source.error(first.at, Problem::Twice { what }));
        }
        for value in list {
            archs.extend(self.arch(value)?);
        }
        let native = self.context.native();
        // The engine's own architecture is in every filter that libseccomp makes.
        archs.extend(native);
        for entry in map {
            const KEYS: [&str; 2] = ["architecture", "subArchitectures"];
            for member in entry.members(self.source)? {
                self.known_key(member, &KEYS)?;
            }
            let own = entry.get("architecture").ok_or_else(|| {
                self.source
                    .expected_not(entry.at, "\"architecture\"", "an object without it")
            })?;
            if Arch::from_oci(own.text(self.source)?) != native || native.is_none() {
                continue;
            }
            if let Some(more) = entry.get("subArchitectures") {
                for value in more.list(self.source)? {
                    archs.extend(self.arch(value)?);
                }
            }
        }
        Ok(archs)
    }

    fn arch(&mut self, value: &Value) -> Result<Option<Arch>, ReadError> {
        let name = value.text(self.source)?;
        let arch = Arch::from_oci(name);
        if arch.is_none() {
            if !name.starts_with("SCMP_ARCH_") {
                let names = Arch::ALL.into_iter().map(Arch::oci);
                return Err(self.source.unknown(value.at, What::Arch, name, names));
            }
            let name = shortened(name);
            self.notes
                .add(self.source.position(value.at), Remark::UnknownArch { name });
        }
        Ok(arch)
    }

    fn rule(&mut self, rule: &Value, default: Action) -> Result<(), ReadError> {
        const KEYS: [&str; 9] = [
            "name", "names", "action", "errno", "errnoRet", "args", "comment", "includes",
            "excludes",
        ];
        for member in rule.members(self.source)? {
            self.known_key(member, &KEYS)?;
        }
        let action = rule.get("action").ok_or_else(|| {
            self.source
                .expected_not(rule.at, "\"action\"", "a rule without it")
        })?;
        let action = self.action(action, errno_of(rule, "errnoRet", "errno"))?;
        let when = self.conditions(rule)?;
        let names = self.names(rule)?;
        if !self.included(rule)? || action == default {
            return Ok(());
        }
        for id in names {
            let rule = Stated {
                when: when.clone(),
                action,
                at: rule.at,
            };
            self.rules
                .add(Call::Named(id), rule, self.source, &mut self.notes);
        }
        Ok(())
    }

    fn names(&mut self, rule: &Value) -> Result<BTreeSet<SyscallId>, ReadError> {
        let list = rule.get("names").map(|names| names.list(self.source));
        let list = list.transpose()?.unwrap_or_default();
        let single = rule
            .get("name")
            .filter(|name| name.kind != json::Kind::Null);
        // Docker writes an empty `name` beside `names`.
        let single = single.filter(|name| name.kind != json::Kind::Text(String::new()));
        if let (Some(single), Some(_)) = (single, list.first()) {
            let what = "the call of a rule (\"name\" and \"names\")".to_owned();
            return Err(self.source.error(single.at, Problem::Twice { what }));
        }
        let mut ids = BTreeSet::new();
        let mut any = false;
        for value in single.into_iter().chain(list) {
            any = true;
            let name = value.text(self.source)?;
            match SyscallId::from_name(name) {
                Some(id) => {
                    ids.insert(id);
                }
                None if self.context.unknown == Some(Unknown::Refuse) || name.is_empty() => {
                    return Err(self.source.unknown_call(value.at, name));
                }
                None => {
                    let at = self.source.position(value.at);
                    self.notes.unknown_call(at, name);
                }
            }
        }
        if !any {
            return Err(self.source.expected_not(
                rule.at,
                "\"names\" with at least one system call",
                "a rule without it",
            ));
        }
        Ok(ids)
    }

    fn conditions(&mut self, rule: &Value) -> Result<Vec<Test>, ReadError> {
        let list = rule.get("args").map(|args| args.list(self.source));
        let list = list.transpose()?.unwrap_or_default();
        if let Some(beyond) = list.get(MOST_CONDITIONS) {
            let problem = Problem::TooMany {
                what: "conditions in a rule",
                most: MOST_CONDITIONS,
            };
            return Err(self.source.error(beyond.at, problem));
        }
        let mut tests: Vec<Test> = Vec::new();
        for value in list {
            let test = self.condition(value)?;
            if tests.iter().any(|other| other.arg == test.arg) {
                let argument = test.arg.index();
                self.notes.add(
                    self.source.position(value.at),
                    Remark::SameArgument { argument },
                );
            }
            tests.push(test);
        }
        Ok(tests)
    }

    fn condition(&mut self, value: &Value) -> Result<Test, ReadError> {
        const KEYS: [&str; 4] = ["index", "value", "valueTwo", "op"];
        for member in value.members(self.source)? {
            self.known_key(member, &KEYS)?;
        }
        let need = |key: &str| {
            value.get(key).ok_or_else(|| {
                let expected = format!("\"{key}\"");
                self.source
                    .expected_not(value.at, expected, "a condition without it")
            })
        };
        let index = need("index")?;
        let number = index.number(self.source)?;
        let arg = u8::try_from(number).ok().and_then(Arg::new);
        let arg = arg.ok_or_else(|| {
            let found = number.to_string();
            self.source
                .expected_not(index.at, "an argument from 0 to 5", found)
        })?;
        let one = need("value")?.number(self.source)?;
        let two = match value.get("valueTwo") {
            Some(two) if two.kind != json::Kind::Null => two.number(self.source)?,
            _ => 0,
        };
        let operator = need("op")?;
        let operator = match operator.text(self.source)? {
            "SCMP_CMP_EQ" => Operator::Equal(one),
            "SCMP_CMP_NE" => Operator::NotEqual(one),
            "SCMP_CMP_LT" => Operator::Less(one),
            "SCMP_CMP_LE" => Operator::AtMost(one),
            "SCMP_CMP_GT" => Operator::Greater(one),
            "SCMP_CMP_GE" => Operator::AtLeast(one),
            "SCMP_CMP_MASKED_EQ" => {
                if two & !one != 0 {
                    self.notes
                        .add(self.source.position(value.at), Remark::OutsideMask);
                }
                Operator::Masked {
                    mask: one,
                    // "the masked datum value", seccomp_rule_add(3)
                    value: two & one,
                }
            }
            other => {
                let at = operator.at;
                return Err(self.source.unknown(at, What::Operator, other, OPERATORS));
            }
        };
        Ok(Test {
            arg,
            width: Width::Raw64,
            operator,
        })
    }

    // Whether the rule counts in this context. As in Docker: all capabilities of `includes`, none of `excludes`.
    fn included(&mut self, rule: &Value) -> Result<bool, ReadError> {
        let includes = self.filter(rule.get("includes"))?;
        let excludes = self.filter(rule.get("excludes"))?;
        let wanted = includes.caps.iter().all(|held| *held)
            && (includes.archs.is_empty() || includes.archs.contains(&true))
            && includes.kernel != Some(false);
        let unwanted = excludes.caps.contains(&true)
            || excludes.archs.contains(&true)
            || excludes.kernel == Some(true);
        Ok(wanted && !unwanted)
    }

    fn filter(&mut self, value: Option<&Value>) -> Result<Filter, ReadError> {
        const KEYS: [&str; 3] = ["caps", "arches", "minKernel"];
        let mut filter = Filter::default();
        let Some(value) = value else {
            return Ok(filter);
        };
        for member in value.members(self.source)? {
            self.known_key(member, &KEYS)?;
        }
        if let Some(caps) = value.get("caps") {
            for cap in caps.list(self.source)? {
                filter.caps.push(self.holds(cap)?);
            }
        }
        if let Some(archs) = value.get("arches") {
            for arch in archs.list(self.source)? {
                let name = arch.text(self.source)?;
                let native = self.context.native();
                filter
                    .archs
                    .push(native.is_some() && go_arch(name) == native);
            }
        }
        if let Some(kernel) = value.get("minKernel")
            && kernel.kind != json::Kind::Null
        {
            let text = kernel.text(self.source)?;
            let least: KernelVersion = text.parse().map_err(|_| {
                let found = quoted(text);
                self.source
                    .expected_not(kernel.at, "a kernel version such as \"4.8\"", found)
            })?;
            filter.kernel = Some(self.context.kernel >= least);
        }
        Ok(filter)
    }

    // A capability newer than the tables cannot be held.
    fn holds(&mut self, value: &Value) -> Result<bool, ReadError> {
        let name = value.text(self.source)?;
        if let Some(capability) = Capability::from_name(name) {
            return Ok(self.context.capabilities.contains(capability));
        }
        if let Some(near) = capabilities::suggest(name) {
            let problem = Problem::Unknown {
                what: What::Capability,
                name: shortened(name),
                suggestion: Some(format!("CAP_{}", near.to_ascii_uppercase())),
            };
            return Err(self.source.error(value.at, problem));
        }
        self.notes.add(
            self.source.position(value.at),
            Remark::Unknown {
                what: What::Capability,
                name: shortened(name),
            },
        );
        Ok(false)
    }
}

#[derive(Default)]
struct Filter {
    caps: Vec<bool>,
    archs: Vec<bool>,
    kernel: Option<bool>,
}

// Docker names architectures as Go does.
fn go_arch(name: &str) -> Option<Arch> {
    match name {
        "386" => Some(Arch::I386),
        "amd64p32" => Some(Arch::X32),
        _ => Arch::from_name(name),
    }
}
