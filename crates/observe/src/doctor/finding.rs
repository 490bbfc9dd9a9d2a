//! What the doctor says.

/// How much something matters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[must_use]
pub enum Verdict {
    /// It is as it should be.
    Fine,
    /// `casemate run` works, but something of it does not.
    Limits {
        /// What does not work, in a few words.
        what: String,
    },
    /// It cannot be told before something else is set right.
    NotTried {
        /// The name of that finding.
        before: &'static str,
    },
    /// `casemate run` does not work.
    Blocks,
}

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// A short name, such as `user-namespaces`.
    pub name: &'static str,
    /// How much it matters.
    pub verdict: Verdict,
    /// What was seen: the file and its value, or the call and the kernel's answer.
    pub evidence: String,
    /// What follows, in plain words.
    pub consequence: String,
    /// A command, or a line for a file, that changes it.
    pub remedy: Option<String>,
}

impl Finding {
    pub(super) fn fine(
        name: &'static str,
        evidence: impl Into<String>,
        consequence: impl Into<String>,
    ) -> Self {
        Self {
            name,
            verdict: Verdict::Fine,
            evidence: evidence.into(),
            consequence: consequence.into(),
            remedy: None,
        }
    }

    pub(super) fn limits(
        name: &'static str,
        what: impl Into<String>,
        evidence: impl Into<String>,
    ) -> Self {
        Self {
            name,
            verdict: Verdict::Limits { what: what.into() },
            evidence: evidence.into(),
            consequence: String::new(),
            remedy: None,
        }
    }

    pub(super) fn not_tried(name: &'static str, before: &'static str) -> Self {
        Self {
            name,
            verdict: Verdict::NotTried { before },
            evidence: format!("not tried without {before}"),
            consequence: String::new(),
            remedy: None,
        }
    }

    pub(super) fn blocks(name: &'static str, evidence: impl Into<String>) -> Self {
        Self {
            name,
            verdict: Verdict::Blocks,
            evidence: evidence.into(),
            consequence: String::new(),
            remedy: None,
        }
    }

    pub(super) fn consequence(mut self, consequence: impl Into<String>) -> Self {
        self.consequence = consequence.into();
        self
    }

    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}
