//! As much JSON as a container profile needs, for tests only.

#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(u64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn read(text: &str) -> Self {
        let mut rest = text.trim_start();
        value(&mut rest)
    }

    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn list(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            _ => &[],
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    pub fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            _ => 0,
        }
    }
}

fn skip(rest: &mut &str, token: &str) -> bool {
    *rest = rest.trim_start();
    match rest.strip_prefix(token) {
        Some(after) => {
            *rest = after.trim_start();
            true
        }
        None => false,
    }
}

fn value(rest: &mut &str) -> Json {
    if skip(rest, "{") {
        let mut entries = Vec::new();
        while !skip(rest, "}") {
            let key = value(rest).text().to_owned();
            assert!(skip(rest, ":"));
            entries.push((key, value(rest)));
            skip(rest, ",");
        }
        return Json::Object(entries);
    }
    if skip(rest, "[") {
        let mut values = Vec::new();
        while !skip(rest, "]") {
            values.push(value(rest));
            skip(rest, ",");
        }
        return Json::List(values);
    }
    for (word, value) in [
        ("null", Json::Null),
        ("true", Json::Bool(true)),
        ("false", Json::Bool(false)),
    ] {
        if skip(rest, word) {
            return value;
        }
    }
    if let Some(after) = rest.strip_prefix('"') {
        let end = after.find('"').expect("closing quote");
        let text = after[..end].to_owned();
        *rest = &after[end + 1..];
        return Json::Text(text);
    }
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    assert!(end > 0, "unexpected {rest:.20}");
    let number = rest[..end].parse().expect("number");
    *rest = &rest[end..];
    Json::Number(number)
}
