//! The running kernel's version.

use casemate_model::names::version::KernelVersion;

/// Reads the version out of uname(2)'s `release` and `version`.
///
/// Debian puts the version of its interface into `release` (`6.1.0-18-amd64`) and that of the source, whose third number
/// counts the fixes, into `version` (`#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)`).
pub(crate) fn version(release: &str, version: &str) -> Option<KernelVersion> {
    let released: KernelVersion = release.parse().ok()?;
    let source = version
        .split_once("Debian ")
        .and_then(|(_, source)| source.parse::<KernelVersion>().ok());
    match source {
        Some(source) if (source.major, source.minor) == (released.major, released.minor) => {
            Some(source.max(released))
        }
        _ => Some(released),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_distributions_call_their_kernels() {
        let cases = [
            (
                "6.1.0-18-amd64",
                "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)",
                "6.1.76",
            ),
            (
                "6.12.117+deb12-cloud-amd64",
                "#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1~bpo12+1 (2026-01-01)",
                "6.12.117",
            ),
            (
                "6.8.0-40-generic",
                "#40~22.04.1-Ubuntu SMP PREEMPT_DYNAMIC Tue Jul 30",
                "6.8",
            ),
            (
                "5.15.153.1-microsoft-standard-WSL2",
                "#1 SMP Fri Mar 29 23:14:13 UTC 2024",
                "5.15.153",
            ),
            (
                "4.18.0-553.el8_10.x86_64",
                "#1 SMP Fri May 24 13:05:10 UTC 2024",
                "4.18",
            ),
            ("6.18.44-fc-v769", "#1 SMP PREEMPT_DYNAMIC @0", "6.18.44"),
            // A vendor's mention of another kernel does not count.
            ("5.10.0-x", "#1 built on Debian 12 with gcc", "5.10"),
        ];
        for (release, build, expected) in cases {
            assert_eq!(
                version(release, build)
                    .map(|version| version.to_string())
                    .as_deref(),
                Some(expected),
                "{release}"
            );
        }
        assert_eq!(version("unknown", "Debian 6.1.76-1"), None);
    }
}
