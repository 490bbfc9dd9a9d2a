//! Lists of C strings, as `execve` takes them.

use crate::errno::{Errno, Result};
use crate::memory::Memory;
use core::ffi::{CStr, c_char};
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// A borrowed C string in one word, so that a slice of them is what the kernel calls `char *const argv[]`.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct StrPtr<'a>(NonNull<c_char>, PhantomData<&'a CStr>);

impl<'a> StrPtr<'a> {
    /// Points at a string.
    pub const fn new(string: &'a CStr) -> Self {
        // PANIC: never; the address of a reference is not null. `NonNull::from` is not usable in constants.
        match NonNull::new(string.as_ptr().cast_mut()) {
            Some(pointer) => Self(pointer, PhantomData),
            None => unreachable!(),
        }
    }

    /// The string.
    pub fn as_cstr(self) -> &'a CStr {
        // SAFETY: `new` is the only constructor, so this points at a C string that lives for 'a.
        unsafe { CStr::from_ptr(self.0.as_ptr()) }
    }
}

impl fmt::Debug for StrPtr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_cstr().fmt(f)
    }
}

/// A list of C strings that ends with a null pointer, as the kernel needs it.
#[derive(Clone, Copy, Debug)]
pub struct StrList<'a>(&'a [Option<StrPtr<'a>>]);

impl<'a> StrList<'a> {
    /// A list without strings.
    pub const EMPTY: StrList<'static> = StrList(&[None]);

    /// Takes pointers of which the last, and only the last, is `None`.
    ///
    /// # Errors
    /// `EINVAL` when the list does not end with its first `None`.
    pub fn new(strings: &'a [Option<StrPtr<'a>>]) -> Result<Self> {
        match strings.iter().position(Option::is_none) {
            Some(end) if end + 1 == strings.len() => Ok(Self(strings)),
            _ => Err(Errno::EINVAL),
        }
    }

    /// The strings in their order.
    pub fn iter(self) -> impl Iterator<Item = &'a CStr> {
        self.0.iter().flatten().map(|string| string.as_cstr())
    }

    /// The address of the first pointer.
    pub(crate) const fn as_ptr(self) -> *const Option<StrPtr<'a>> {
        self.0.as_ptr()
    }
}

/// A growing list of C strings in anonymous memory of its own: no allocator is needed.
#[derive(Debug)]
pub struct StrVec<'a> {
    memory: Memory,
    len: usize,
    strings: PhantomData<StrPtr<'a>>,
}

impl<'a> StrVec<'a> {
    /// Makes room for `capacity` strings.
    ///
    /// # Errors
    /// `ENOMEM` when there is no memory, `EOVERFLOW` for a capacity beyond all address space.
    pub fn with_capacity(capacity: usize) -> Result<Self> {
        let slots = capacity.checked_add(1).ok_or(Errno::EOVERFLOW)?;
        let bytes = slots
            .checked_mul(size_of::<Option<StrPtr<'a>>>())
            .ok_or(Errno::EOVERFLOW)?;
        Ok(Self {
            memory: Memory::anonymous(bytes)?,
            len: 0,
            strings: PhantomData,
        })
    }

    /// Appends a string.
    ///
    /// # Errors
    /// `E2BIG` when the capacity is used up.
    pub fn push(&mut self, string: &'a CStr) -> Result<()> {
        let last = self.memory.len() / size_of::<Option<StrPtr<'a>>>() - 1;
        if self.len >= last {
            return Err(Errno::E2BIG);
        }
        #[expect(clippy::cast_ptr_alignment, reason = "a mapping starts at a page")]
        let base = self.memory.as_mut_ptr().cast::<Option<StrPtr<'a>>>();
        // SAFETY: len < last, the index of the last whole slot, so the slot lies inside the mapping.
        let slot = unsafe { base.add(self.len) };
        // SAFETY: the slot is inside the mapping, which is writable, exclusively borrowed and aligned to a page.
        unsafe { slot.write(Some(StrPtr::new(string))) };
        self.len += 1;
        Ok(())
    }

    /// The list with its end mark, for [`exec`](crate::exec).
    pub fn as_list(&self) -> StrList<'_> {
        #[expect(clippy::cast_ptr_alignment, reason = "a mapping starts at a page")]
        let base = self.memory.as_ptr().cast::<Option<StrPtr<'_>>>();
        // SAFETY: slots 0..len were written by `push`; slot `len` is inside the mapping (push leaves the last one free) and
        // still zero as the kernel delivered it, which is the representation of `None`.
        StrList(unsafe { core::slice::from_raw_parts(base, self.len + 1) })
    }
}
