//! The architectures whose system calls Casemate knows.
//!
//! "Architecture" means one numbering of system calls, which is what a filter meets: one 64-bit x86 kernel serves
//! three of them. Audit numbers are from linux/audit.h (`AUDIT_ARCH_*`); the OCI spellings are those of the runtime
//! specification's `linux.seccomp.architectures`.

use std::fmt;

/// One numbering of system calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arch {
    /// 64-bit x86.
    X86_64,
    /// 32-bit x86; a 64-bit kernel serves it through `int 0x80` and 32-bit programs.
    I386,
    /// 64-bit x86 with 32-bit pointers. Same audit number as [`Arch::X86_64`], bit 30 set in the number of each call.
    X32,
    /// 64-bit Arm, little endian.
    Aarch64,
    /// 32-bit Arm, EABI, little endian.
    Arm,
    /// 64-bit RISC-V.
    Riscv64,
    /// 64-bit IBM Z, big endian.
    S390x,
    /// 64-bit Power, little endian.
    Ppc64le,
    /// 64-bit LoongArch.
    Loongarch64,
    /// 64-bit MIPS (n64), big endian.
    Mips64,
    /// 64-bit MIPS (n64), little endian. Numbers as on [`Arch::Mips64`].
    Mips64el,
}

/// The order of bytes in a word, which decides where a filter finds the halves of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    /// The low half comes first.
    Little,
    /// The high half comes first.
    Big,
}

/// The width of `long` and of a pointer in the calls of an architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// 32 bits.
    W32,
    /// 64 bits.
    W64,
}

struct Facts {
    name: &'static str,
    oci: &'static str,
    uname: &'static str,
    audit: u32,
    aliases: &'static [&'static str],
}

// linux/audit.h, `__AUDIT_ARCH_64BIT` and `__AUDIT_ARCH_LE`; the low bits are the ELF machine.
const AUDIT_64BIT: u32 = 0x8000_0000;
const AUDIT_LE: u32 = 0x4000_0000;

/// Bit 30 of a call's number marks the x32 ABI (`__X32_SYSCALL_BIT`, asm/unistd.h, since 3.4).
pub const X32_SYSCALL_BIT: u32 = 0x4000_0000;

impl Arch {
    /// Every architecture, in the order of the tables.
    pub const ALL: [Self; 11] = [
        Self::X86_64,
        Self::I386,
        Self::X32,
        Self::Aarch64,
        Self::Arm,
        Self::Riscv64,
        Self::S390x,
        Self::Ppc64le,
        Self::Loongarch64,
        Self::Mips64,
        Self::Mips64el,
    ];

    const fn facts(self) -> &'static Facts {
        match self {
            Self::X86_64 => &Facts {
                name: "x86_64",
                oci: "SCMP_ARCH_X86_64",
                uname: "x86_64",
                audit: AUDIT_64BIT | AUDIT_LE | 0x3e,
                aliases: &["amd64", "x86-64"],
            },
            Self::I386 => &Facts {
                name: "i386",
                oci: "SCMP_ARCH_X86",
                uname: "i686",
                audit: AUDIT_LE | 0x3,
                aliases: &["x86", "i486", "i586"],
            },
            Self::X32 => &Facts {
                name: "x32",
                oci: "SCMP_ARCH_X32",
                uname: "x86_64",
                audit: AUDIT_64BIT | AUDIT_LE | 0x3e,
                aliases: &[],
            },
            Self::Aarch64 => &Facts {
                name: "aarch64",
                oci: "SCMP_ARCH_AARCH64",
                uname: "aarch64",
                audit: AUDIT_64BIT | AUDIT_LE | 0xb7,
                aliases: &["arm64"],
            },
            Self::Arm => &Facts {
                name: "arm",
                oci: "SCMP_ARCH_ARM",
                uname: "armv7l",
                audit: AUDIT_LE | 0x28,
                aliases: &["armhf", "armel", "armv6l", "armv8l"],
            },
            Self::Riscv64 => &Facts {
                name: "riscv64",
                oci: "SCMP_ARCH_RISCV64",
                uname: "riscv64",
                audit: AUDIT_64BIT | AUDIT_LE | 0xf3,
                aliases: &[],
            },
            Self::S390x => &Facts {
                name: "s390x",
                oci: "SCMP_ARCH_S390X",
                uname: "s390x",
                audit: AUDIT_64BIT | 0x16,
                aliases: &[],
            },
            Self::Ppc64le => &Facts {
                name: "ppc64le",
                oci: "SCMP_ARCH_PPC64LE",
                uname: "ppc64le",
                audit: AUDIT_64BIT | AUDIT_LE | 0x15,
                aliases: &["ppc64el", "powerpc64le"],
            },
            Self::Loongarch64 => &Facts {
                name: "loongarch64",
                oci: "SCMP_ARCH_LOONGARCH64",
                uname: "loongarch64",
                audit: AUDIT_64BIT | AUDIT_LE | 0x102,
                aliases: &["loong64"],
            },
            Self::Mips64 => &Facts {
                name: "mips64",
                oci: "SCMP_ARCH_MIPS64",
                uname: "mips64",
                audit: AUDIT_64BIT | 0x8,
                aliases: &[],
            },
            Self::Mips64el => &Facts {
                name: "mips64el",
                oci: "SCMP_ARCH_MIPSEL64",
                // Both byte orders print the same machine name; `from_uname` takes the big-endian one.
                uname: "mips64",
                audit: AUDIT_64BIT | AUDIT_LE | 0x8,
                aliases: &["mips64le"],
            },
        }
    }

    /// The name in Casemate's own texts: `x86_64`, `i386`, `x32`, `aarch64`.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The name in an OCI configuration: `SCMP_ARCH_X86_64`.
    pub const fn oci(self) -> &'static str {
        self.facts().oci
    }

    /// The machine that `uname -m` prints. [`Arch::X32`] and [`Arch::Mips64el`] share theirs with another one.
    pub const fn uname(self) -> &'static str {
        self.facts().uname
    }

    /// The `arch` word of `struct seccomp_data` (`AUDIT_ARCH_*`).
    pub const fn audit(self) -> u32 {
        self.facts().audit
    }

    /// The order of bytes.
    pub const fn endian(self) -> Endian {
        if self.audit() & AUDIT_LE == 0 {
            Endian::Big
        } else {
            Endian::Little
        }
    }

    /// The width of `long` and of a pointer. On [`Arch::X32`] that is 32 bits, though its registers, and so the
    /// arguments in `struct seccomp_data`, are 64 bits wide: see [`Arch::register`].
    pub const fn word(self) -> Word {
        match self {
            Self::I386 | Self::Arm | Self::X32 => Word::W32,
            _ => Word::W64,
        }
    }

    /// The width of the registers that arguments come in. Where it is 32, the high half of each argument in
    /// `struct seccomp_data` is 0.
    pub const fn register(self) -> Word {
        match self {
            Self::I386 | Self::Arm => Word::W32,
            _ => Word::W64,
        }
    }

    /// The bit that is set in the number of each call: bit 30 on [`Arch::X32`], none elsewhere.
    pub const fn number_bit(self) -> u32 {
        match self {
            Self::X32 => X32_SYSCALL_BIT,
            _ => 0,
        }
    }

    /// The further numberings that a kernel of this architecture can serve, by its build options: a filter that does
    /// not decide about them leaves a way around.
    pub const fn companions(self) -> &'static [Self] {
        match self {
            Self::X86_64 => &[Self::I386, Self::X32],
            Self::Aarch64 => &[Self::Arm],
            _ => &[],
        }
    }

    /// The architecture that this program was built for, if it is one of these.
    pub const fn native() -> Option<Self> {
        if cfg!(all(target_arch = "x86_64", target_pointer_width = "32")) {
            Some(Self::X32)
        } else if cfg!(target_arch = "x86_64") {
            Some(Self::X86_64)
        } else if cfg!(target_arch = "x86") {
            Some(Self::I386)
        } else if cfg!(all(target_arch = "aarch64", target_endian = "little")) {
            Some(Self::Aarch64)
        } else if cfg!(all(target_arch = "arm", target_endian = "little")) {
            Some(Self::Arm)
        } else if cfg!(target_arch = "riscv64") {
            Some(Self::Riscv64)
        } else if cfg!(target_arch = "s390x") {
            Some(Self::S390x)
        } else if cfg!(all(target_arch = "powerpc64", target_endian = "little")) {
            Some(Self::Ppc64le)
        } else if cfg!(target_arch = "loongarch64") {
            Some(Self::Loongarch64)
        } else if cfg!(all(target_arch = "mips64", target_endian = "big")) {
            Some(Self::Mips64)
        } else if cfg!(all(target_arch = "mips64", target_endian = "little")) {
            Some(Self::Mips64el)
        } else {
            None
        }
    }

    /// Reads Casemate's own name, an OCI name, or a usual alias (`amd64`, `arm64`), letter case aside.
    pub fn from_name(text: &str) -> Option<Self> {
        let is = |name: &str| name.eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(|arch| {
            let facts = arch.facts();
            is(facts.name) || is(facts.oci) || facts.aliases.iter().any(|alias| is(alias))
        })
    }

    /// Reads an OCI name, exactly as the runtime specification spells it.
    pub fn from_oci(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|arch| arch.oci() == text)
    }

    /// Reads what `uname -m` prints.
    pub fn from_uname(text: &str) -> Option<Self> {
        if matches!(text, "i386" | "i486" | "i586") {
            return Some(Self::I386);
        }
        if text.starts_with("armv") {
            return Some(Self::Arm);
        }
        Self::ALL.into_iter().find(|arch| arch.uname() == text)
    }

    /// Tells which numbering a call belongs to, from the two words that a filter sees. `None` is an architecture that
    /// Casemate does not know.
    pub fn from_audit(audit: u32, nr: u32) -> Option<Self> {
        let arch = Self::ALL.into_iter().find(|arch| arch.audit() == audit)?;
        // -1 is what a tracer writes to skip a call; its bit 30 does not make it an x32 call.
        if arch == Self::X86_64 && nr & X32_SYSCALL_BIT != 0 && nr != u32::MAX {
            return Some(Self::X32);
        }
        Some(arch)
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audit_numbers_are_those_of_the_header() {
        // Written out from linux/audit.h, not computed as above.
        let cases = [
            (Arch::X86_64, 0xc000_003e),
            (Arch::I386, 0x4000_0003),
            (Arch::X32, 0xc000_003e),
            (Arch::Aarch64, 0xc000_00b7),
            (Arch::Arm, 0x4000_0028),
            (Arch::Riscv64, 0xc000_00f3),
            (Arch::S390x, 0x8000_0016),
            (Arch::Ppc64le, 0xc000_0015),
            (Arch::Loongarch64, 0xc000_0102),
            (Arch::Mips64, 0x8000_0008),
            (Arch::Mips64el, 0xc000_0008),
        ];
        assert_eq!(cases.len(), Arch::ALL.len());
        for (arch, audit) in cases {
            assert_eq!(arch.audit(), audit, "{arch}");
        }
        assert_eq!(Arch::S390x.endian(), Endian::Big);
        assert_eq!(Arch::Mips64.endian(), Endian::Big);
        assert_eq!(Arch::Ppc64le.endian(), Endian::Little);
    }

    #[test]
    fn names_round_trip() {
        for (index, arch) in Arch::ALL.into_iter().enumerate() {
            assert_eq!(arch as usize, index);
            assert_eq!(Arch::from_name(arch.name()), Some(arch));
            assert_eq!(Arch::from_name(arch.oci()), Some(arch));
            assert_eq!(Arch::from_oci(arch.oci()), Some(arch));
        }
        let others = [("AMD64", Arch::X86_64), ("arm64", Arch::Aarch64)];
        for (text, arch) in others {
            assert_eq!(Arch::from_name(text), Some(arch));
            assert_eq!(Arch::from_oci(text), None);
        }
        let unames = [
            ("x86_64", Some(Arch::X86_64)),
            ("i686", Some(Arch::I386)),
            ("i586", Some(Arch::I386)),
            ("armv7l", Some(Arch::Arm)),
            ("armv6l", Some(Arch::Arm)),
            ("aarch64", Some(Arch::Aarch64)),
            ("sparc64", None),
        ];
        for (text, arch) in unames {
            assert_eq!(Arch::from_uname(text), arch, "{text}");
        }
    }

    #[test]
    fn tells_the_three_numberings_of_x86_apart() {
        let x86_64 = Arch::X86_64.audit();
        assert_eq!(Arch::from_audit(x86_64, 0), Some(Arch::X86_64));
        assert_eq!(Arch::from_audit(x86_64, X32_SYSCALL_BIT), Some(Arch::X32));
        assert_eq!(Arch::from_audit(x86_64, u32::MAX), Some(Arch::X86_64));
        assert_eq!(
            Arch::from_audit(Arch::I386.audit(), X32_SYSCALL_BIT),
            Some(Arch::I386)
        );
        assert_eq!(Arch::from_audit(0, 0), None);
    }

    #[test]
    fn native_is_what_the_standard_library_says() {
        let machine = match std::env::consts::ARCH {
            "x86" => "i386",
            "powerpc64" => "ppc64le",
            other => other,
        };
        assert_eq!(Arch::native(), Arch::from_name(machine));
    }
}
