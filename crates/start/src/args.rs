//! What the kernel leaves on the stack of a new program: arguments, environment, auxiliary values.

use casemate_sys::{StrList, StrPtr};
use core::ffi::{CStr, c_char};

/// One auxiliary value, `Elf64_auxv_t`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Aux {
    /// What it is, `AT_*` of linux/auxvec.h.
    pub kind: u64,
    /// The value.
    pub value: u64,
}

/// Arguments, environment and auxiliary values of this program.
#[derive(Clone, Copy, Debug)]
pub struct Args {
    argv: StrList<'static>,
    envp: StrList<'static>,
    auxv: &'static [Aux],
}

const AT_PAGESZ: u64 = 6; // linux/auxvec.h
const AT_SECURE: u64 = 23;
const AT_RANDOM: u64 = 25;
const AT_EXECFN: u64 = 31;

impl Args {
    /// Reads the stack of a new program.
    ///
    /// # Safety
    /// `stack` is the stack pointer of the first instruction, and nothing has written above it.
    pub(crate) unsafe fn from_stack(stack: *const usize) -> Self {
        // SAFETY: the first word is the count of arguments (the ELF convention of both architectures).
        let count = unsafe { stack.read() };
        // SAFETY: the arguments follow the count.
        let argv = unsafe { stack.add(1) };
        // SAFETY: there are `count` of them and a null pointer; the environment follows.
        let envp = unsafe { argv.add(count + 1) };
        // SAFETY: `count` pointers to strings and a null pointer lie at `argv`, for the life of the process.
        let argv = unsafe { strings(argv, count) };
        // SAFETY: the environment is a list of words that ends with 0.
        let count = unsafe { length(envp, |word| *word == 0) };
        // SAFETY: the auxiliary values follow the null pointer.
        let first = unsafe { envp.add(count + 1) }.cast::<Aux>();
        // SAFETY: `count` pointers to strings and a null pointer lie at `envp`, for the life of the process.
        let envp = unsafe { strings(envp, count) };
        // SAFETY: the auxiliary values end with one of kind 0.
        let count = unsafe { length(first, |aux| aux.kind == 0) };
        // SAFETY: `count` values lie there, for the life of the process, and nothing writes to them.
        let auxv = unsafe { core::slice::from_raw_parts(first, count) };
        Self { argv, envp, auxv }
    }

    /// The arguments, the name of the program first; a caller may have left out even that.
    pub const fn argv(&self) -> StrList<'static> {
        self.argv
    }

    /// The environment.
    pub const fn envp(&self) -> StrList<'static> {
        self.envp
    }

    /// The value of an environment variable.
    pub fn env(&self, name: &str) -> Option<&'static [u8]> {
        self.envp.iter().find_map(|entry| {
            entry
                .to_bytes()
                .strip_prefix(name.as_bytes())?
                .strip_prefix(b"=")
        })
    }

    /// The auxiliary values.
    pub const fn auxv(&self) -> &'static [Aux] {
        self.auxv
    }

    /// An auxiliary value.
    pub fn aux(&self, kind: u64) -> Option<u64> {
        let value = self.auxv.iter().find(|aux| aux.kind == kind)?;
        Some(value.value)
    }

    /// Whether exec gave this program privileges that its caller lacks (`AT_SECURE`); yes when the kernel does not say.
    pub fn is_privileged_exec(&self) -> bool {
        self.aux(AT_SECURE) != Some(0)
    }

    /// The size of a page, bytes.
    pub fn page_size(&self) -> usize {
        self.aux(AT_PAGESZ).map_or(4096, |size| size as usize)
    }

    /// 16 random bytes from the kernel (`AT_RANDOM`), the same at each call.
    pub fn random(&self) -> Option<&'static [u8; 16]> {
        let address = self.aux(AT_RANDOM)? as usize;
        let pointer = core::ptr::with_exposed_provenance::<[u8; 16]>(address);
        // SAFETY: the kernel puts 16 bytes at this address, which stay for the life of the process.
        unsafe { pointer.as_ref() }
    }

    /// The path by which this program was run (`AT_EXECFN`).
    pub fn exec_path(&self) -> Option<&'static CStr> {
        let address = self.aux(AT_EXECFN)? as usize;
        let pointer = core::ptr::with_exposed_provenance::<c_char>(address);
        // SAFETY: the kernel puts a string at this address, which stays for the life of the process.
        Some(unsafe { CStr::from_ptr(pointer) })
    }
}

/// Takes a list of strings that the kernel has made.
///
/// # Safety
/// `count` pointers to strings and a null pointer lie at `first`, unchanged for the life of the process.
unsafe fn strings(first: *const usize, count: usize) -> StrList<'static> {
    // SAFETY: passed on to the caller; `Option<StrPtr>` is a pointer to a string, or null for `None`.
    let slice =
        unsafe { core::slice::from_raw_parts(first.cast::<Option<StrPtr<'_>>>(), count + 1) };
    StrList::new(slice).unwrap_or(StrList::EMPTY)
}

/// Counts the values before the last one.
///
/// # Safety
/// Values lie at `first` and after it, up to and with one for which `is_last` says yes.
unsafe fn length<T: Copy>(first: *const T, is_last: impl Fn(&T) -> bool) -> usize {
    let mut count = 0;
    loop {
        // SAFETY: the last value is not passed: the loop ends there.
        let place = unsafe { first.add(count) };
        // SAFETY: a value lies at each place up to the last one (passed on to the caller).
        if is_last(&unsafe { place.read() }) {
            return count;
        }
        count += 1;
    }
}
