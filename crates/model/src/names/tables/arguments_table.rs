// Written by `cargo xtask names` from xtask/data/names/arguments.tsv: change that, not this.

use crate::names::arch::Arch::{Aarch64, Arm, I386, Mips64, Mips64el, Ppc64le, Riscv64, S390x};
use crate::names::arguments::Kind::{Descriptor, Pointer, Scalar};
use crate::names::arguments::Sign::{Signed, Unsigned};
use crate::names::arguments::Width::{Register, W16, W32, W64};
use crate::names::arguments::{Signature, argument, signature};

#[rustfmt::skip]
pub(in crate::names) static SIGNATURES: [Signature; 521] = [
    signature("_llseek", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("offset_high", "unsigned long", Register, Unsigned, Scalar),
        argument("offset_low", "unsigned long", Register, Unsigned, Scalar),
        argument("result", "loff_t *", Register, Unsigned, Pointer),
        argument("whence", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("_newselect", &[], &[
        argument("n", "int", W32, Signed, Scalar),
        argument("inp", "fd_set *", Register, Unsigned, Pointer),
        argument("outp", "fd_set *", Register, Unsigned, Pointer),
        argument("exp", "fd_set *", Register, Unsigned, Pointer),
        argument("tvp", "struct __kernel_old_timeval *", Register, Unsigned, Pointer),
    ]),
    signature("_sysctl", &[], &[
        argument("args", "struct __sysctl_args *", Register, Unsigned, Pointer),
    ]),
    signature("accept", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("upeer_sockaddr", "struct sockaddr *", Register, Unsigned, Pointer),
        argument("upeer_addrlen", "int *", Register, Unsigned, Pointer),
    ]),
    signature("accept4", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("upeer_sockaddr", "struct sockaddr *", Register, Unsigned, Pointer),
        argument("upeer_addrlen", "int *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("access", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("mode", "int", W32, Signed, Scalar),
    ]),
    signature("acct", &[], &[
        argument("name", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("add_key", &[], &[
        argument("_type", "const char *", Register, Unsigned, Pointer),
        argument("_description", "const char *", Register, Unsigned, Pointer),
        argument("_payload", "const void *", Register, Unsigned, Pointer),
        argument("plen", "size_t", Register, Unsigned, Scalar),
        argument("ringid", "key_serial_t", W32, Signed, Scalar),
    ]),
    signature("adjtimex", &[], &[
        argument("txc_p", "struct __kernel_timex *", Register, Unsigned, Pointer),
    ]),
    signature("alarm", &[], &[
        argument("seconds", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("arch_prctl", &[], &[
        argument("option", "int", W32, Signed, Scalar),
        argument("arg2", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("arm_fadvise64_64", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("advice", "int", W32, Signed, Scalar),
        argument("offset_lo", "u32", W32, Unsigned, Scalar),
        argument("offset_hi", "u32", W32, Unsigned, Scalar),
        argument("len_lo", "u32", W32, Unsigned, Scalar),
        argument("len_hi", "u32", W32, Unsigned, Scalar),
    ]),
    signature("bdflush", &[], &[
        argument("func", "int", W32, Signed, Scalar),
        argument("data", "long", Register, Signed, Scalar),
    ]),
    signature("bind", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("umyaddr", "struct sockaddr *", Register, Unsigned, Pointer),
        argument("addrlen", "int", W32, Signed, Scalar),
    ]),
    signature("bpf", &[], &[
        argument("cmd", "int", W32, Signed, Scalar),
        argument("uattr", "union bpf_attr *", Register, Unsigned, Pointer),
        argument("size", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("breakpoint", &[], &[
    ]),
    signature("brk", &[], &[
        argument("brk", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("cachectl", &[], &[
        argument("addr", "char *", Register, Unsigned, Pointer),
        argument("nbytes", "int", W32, Signed, Scalar),
        argument("op", "int", W32, Signed, Scalar),
    ]),
    signature("cacheflush", &[Arm], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("end", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("cacheflush", &[Mips64, Mips64el], &[
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
        argument("bytes", "unsigned long", Register, Unsigned, Scalar),
        argument("cache", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("cachestat", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("cstat_range", "struct cachestat_range *", Register, Unsigned, Pointer),
        argument("cstat", "struct cachestat *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("capget", &[], &[
        argument("header", "cap_user_header_t", Register, Unsigned, Pointer),
        argument("dataptr", "cap_user_data_t", Register, Unsigned, Pointer),
    ]),
    signature("capset", &[], &[
        argument("header", "cap_user_header_t", Register, Unsigned, Pointer),
        argument("data", "cap_user_data_t", Register, Unsigned, Pointer),
    ]),
    signature("chdir", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("chmod", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
    ]),
    signature("chown", &[I386, Arm], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("user", "old_uid_t", W16, Unsigned, Scalar),
        argument("group", "old_gid_t", W16, Unsigned, Scalar),
    ]),
    signature("chown", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("user", "uid_t", W32, Unsigned, Scalar),
        argument("group", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("chown32", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("user", "uid_t", W32, Unsigned, Scalar),
        argument("group", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("chroot", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("clock_adjtime", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("utx", "struct __kernel_timex *", Register, Unsigned, Pointer),
    ]),
    signature("clock_adjtime64", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("utx", "struct __kernel_timex *", Register, Unsigned, Pointer),
    ]),
    signature("clock_getres", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("tp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("clock_getres_time64", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("tp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("clock_gettime", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("tp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("clock_gettime64", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("tp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("clock_nanosleep", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
        argument("rqtp", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("rmtp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("clock_nanosleep_time64", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
        argument("rqtp", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("rmtp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("clock_settime", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("tp", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("clock_settime64", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("tp", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("clone", &[I386, Arm, Aarch64, Riscv64, Ppc64le, Mips64, Mips64el], &[
        argument("clone_flags", "unsigned long", Register, Unsigned, Scalar),
        argument("newsp", "unsigned long", Register, Unsigned, Scalar),
        argument("parent_tidptr", "int *", Register, Unsigned, Pointer),
        argument("tls", "unsigned long", Register, Unsigned, Scalar),
        argument("child_tidptr", "int *", Register, Unsigned, Pointer),
    ]),
    signature("clone", &[S390x], &[
        argument("newsp", "unsigned long", Register, Unsigned, Scalar),
        argument("clone_flags", "unsigned long", Register, Unsigned, Scalar),
        argument("parent_tidptr", "int *", Register, Unsigned, Pointer),
        argument("child_tidptr", "int *", Register, Unsigned, Pointer),
        argument("tls", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("clone", &[], &[
        argument("clone_flags", "unsigned long", Register, Unsigned, Scalar),
        argument("newsp", "unsigned long", Register, Unsigned, Scalar),
        argument("parent_tidptr", "int *", Register, Unsigned, Pointer),
        argument("child_tidptr", "int *", Register, Unsigned, Pointer),
        argument("tls", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("clone3", &[], &[
        argument("uargs", "struct clone_args *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("close", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
    ]),
    signature("close_range", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("max_fd", "unsigned int", W32, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("connect", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("uservaddr", "struct sockaddr *", Register, Unsigned, Pointer),
        argument("addrlen", "int", W32, Signed, Scalar),
    ]),
    signature("copy_file_range", &[], &[
        argument("fd_in", "int", W32, Signed, Descriptor),
        argument("off_in", "loff_t *", Register, Unsigned, Pointer),
        argument("fd_out", "int", W32, Signed, Descriptor),
        argument("off_out", "loff_t *", Register, Unsigned, Pointer),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("creat", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
    ]),
    signature("create_module", &[], &[
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("delete_module", &[], &[
        argument("name_user", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("dup", &[], &[
        argument("fildes", "unsigned int", W32, Unsigned, Descriptor),
    ]),
    signature("dup2", &[], &[
        argument("oldfd", "unsigned int", W32, Unsigned, Descriptor),
        argument("newfd", "unsigned int", W32, Unsigned, Descriptor),
    ]),
    signature("dup3", &[], &[
        argument("oldfd", "unsigned int", W32, Unsigned, Descriptor),
        argument("newfd", "unsigned int", W32, Unsigned, Descriptor),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("epoll_create", &[], &[
        argument("size", "int", W32, Signed, Scalar),
    ]),
    signature("epoll_create1", &[], &[
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("epoll_ctl", &[], &[
        argument("epfd", "int", W32, Signed, Descriptor),
        argument("op", "int", W32, Signed, Scalar),
        argument("fd", "int", W32, Signed, Descriptor),
        argument("event", "struct epoll_event *", Register, Unsigned, Pointer),
    ]),
    signature("epoll_pwait", &[], &[
        argument("epfd", "int", W32, Signed, Descriptor),
        argument("events", "struct epoll_event *", Register, Unsigned, Pointer),
        argument("maxevents", "int", W32, Signed, Scalar),
        argument("timeout", "int", W32, Signed, Scalar),
        argument("sigmask", "const sigset_t *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("epoll_pwait2", &[], &[
        argument("epfd", "int", W32, Signed, Descriptor),
        argument("events", "struct epoll_event *", Register, Unsigned, Pointer),
        argument("maxevents", "int", W32, Signed, Scalar),
        argument("timeout", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("sigmask", "const sigset_t *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("epoll_wait", &[], &[
        argument("epfd", "int", W32, Signed, Descriptor),
        argument("events", "struct epoll_event *", Register, Unsigned, Pointer),
        argument("maxevents", "int", W32, Signed, Scalar),
        argument("timeout", "int", W32, Signed, Scalar),
    ]),
    signature("eventfd", &[], &[
        argument("count", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("eventfd2", &[], &[
        argument("count", "unsigned int", W32, Unsigned, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("execve", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("argv", "const char **", Register, Unsigned, Pointer),
        argument("envp", "const char **", Register, Unsigned, Pointer),
    ]),
    signature("execveat", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("argv", "const char **", Register, Unsigned, Pointer),
        argument("envp", "const char **", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("exit", &[], &[
        argument("error_code", "int", W32, Signed, Scalar),
    ]),
    signature("exit_group", &[], &[
        argument("error_code", "int", W32, Signed, Scalar),
    ]),
    signature("faccessat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("mode", "int", W32, Signed, Scalar),
    ]),
    signature("faccessat2", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("mode", "int", W32, Signed, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("fadvise64", &[I386], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("offset_lo", "u32", W32, Unsigned, Scalar),
        argument("offset_hi", "u32", W32, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("advice", "int", W32, Signed, Scalar),
    ]),
    signature("fadvise64", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("offset", "loff_t", W64, Signed, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("advice", "int", W32, Signed, Scalar),
    ]),
    signature("fadvise64_64", &[I386], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("offset_low", "u32", W32, Unsigned, Scalar),
        argument("offset_high", "u32", W32, Unsigned, Scalar),
        argument("len_low", "u32", W32, Unsigned, Scalar),
        argument("len_high", "u32", W32, Unsigned, Scalar),
        argument("advice", "int", W32, Signed, Scalar),
    ]),
    signature("fallocate", &[Arm], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("mode", "int", W32, Signed, Scalar),
        argument("offset_lo", "u32", W32, Unsigned, Scalar),
        argument("offset_hi", "u32", W32, Unsigned, Scalar),
        argument("len_lo", "u32", W32, Unsigned, Scalar),
        argument("len_hi", "u32", W32, Unsigned, Scalar),
    ]),
    signature("fallocate", &[I386], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("mode", "int", W32, Signed, Scalar),
        argument("offset_lo", "u32", W32, Unsigned, Scalar),
        argument("offset_hi", "u32", W32, Unsigned, Scalar),
        argument("len_lo", "u32", W32, Unsigned, Scalar),
        argument("len_hi", "u32", W32, Unsigned, Scalar),
    ]),
    signature("fallocate", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("mode", "int", W32, Signed, Scalar),
        argument("offset", "loff_t", W64, Signed, Scalar),
        argument("len", "loff_t", W64, Signed, Scalar),
    ]),
    signature("fanotify_init", &[], &[
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("event_f_flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("fanotify_mark", &[I386, Arm], &[
        argument("fanotify_fd", "int", W32, Signed, Descriptor),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("mask_lo", "u32", W32, Unsigned, Scalar),
        argument("mask_hi", "u32", W32, Unsigned, Scalar),
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("fanotify_mark", &[], &[
        argument("fanotify_fd", "int", W32, Signed, Descriptor),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("mask", "__u64", W64, Unsigned, Scalar),
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("fchdir", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
    ]),
    signature("fchmod", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
    ]),
    signature("fchmodat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
    ]),
    signature("fchmodat2", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("fchown", &[I386, Arm], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("user", "old_uid_t", W16, Unsigned, Scalar),
        argument("group", "old_gid_t", W16, Unsigned, Scalar),
    ]),
    signature("fchown", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("user", "uid_t", W32, Unsigned, Scalar),
        argument("group", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("fchown32", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("user", "uid_t", W32, Unsigned, Scalar),
        argument("group", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("fchownat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("user", "uid_t", W32, Unsigned, Scalar),
        argument("group", "gid_t", W32, Unsigned, Scalar),
        argument("flag", "int", W32, Signed, Scalar),
    ]),
    signature("fcntl", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("cmd", "unsigned int", W32, Unsigned, Scalar),
        argument("arg", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("fcntl64", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("cmd", "unsigned int", W32, Unsigned, Scalar),
        argument("arg", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("fdatasync", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
    ]),
    signature("fgetxattr", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("value", "void *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("file_getattr", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("ufattr", "struct file_attr *", Register, Unsigned, Pointer),
        argument("usize", "size_t", Register, Unsigned, Scalar),
        argument("at_flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("file_setattr", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("ufattr", "struct file_attr *", Register, Unsigned, Pointer),
        argument("usize", "size_t", Register, Unsigned, Scalar),
        argument("at_flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("finit_module", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("uargs", "const char *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("flistxattr", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("list", "char *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("flock", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("cmd", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("fork", &[], &[
    ]),
    signature("fremovexattr", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("name", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("fsconfig", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("cmd", "unsigned int", W32, Unsigned, Scalar),
        argument("_key", "const char *", Register, Unsigned, Pointer),
        argument("_value", "const void *", Register, Unsigned, Pointer),
        argument("aux", "int", W32, Signed, Scalar),
    ]),
    signature("fsetxattr", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("value", "const void *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("fsmount", &[], &[
        argument("fs_fd", "int", W32, Signed, Descriptor),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("attr_flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("fsopen", &[], &[
        argument("_fs_name", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("fspick", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("path", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("fstat", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("statbuf", "struct stat *", Register, Unsigned, Pointer),
    ]),
    signature("fstat64", &[], &[
        argument("fd", "unsigned long", Register, Unsigned, Descriptor),
        argument("statbuf", "struct stat64 *", Register, Unsigned, Pointer),
    ]),
    signature("fstatat64", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("statbuf", "struct stat64 *", Register, Unsigned, Pointer),
        argument("flag", "int", W32, Signed, Scalar),
    ]),
    signature("fstatfs", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("buf", "struct statfs *", Register, Unsigned, Pointer),
    ]),
    signature("fstatfs64", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("sz", "size_t", Register, Unsigned, Scalar),
        argument("buf", "struct statfs64 *", Register, Unsigned, Pointer),
    ]),
    signature("fsync", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
    ]),
    signature("ftruncate", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("length", "off_t", Register, Signed, Scalar),
    ]),
    signature("ftruncate64", &[Arm], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("pad", "u32", W32, Unsigned, Scalar),
        argument("offset_low", "u32", W32, Unsigned, Scalar),
        argument("offset_high", "u32", W32, Unsigned, Scalar),
    ]),
    signature("ftruncate64", &[I386], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("offset_low", "u32", W32, Unsigned, Scalar),
        argument("offset_high", "u32", W32, Unsigned, Scalar),
    ]),
    signature("futex", &[], &[
        argument("uaddr", "u32 *", Register, Unsigned, Pointer),
        argument("op", "int", W32, Signed, Scalar),
        argument("val", "u32", W32, Unsigned, Scalar),
        argument("utime", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("uaddr2", "u32 *", Register, Unsigned, Pointer),
        argument("val3", "u32", W32, Unsigned, Scalar),
    ]),
    signature("futex_requeue", &[], &[
        argument("waiters", "struct futex_waitv *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("nr_wake", "int", W32, Signed, Scalar),
        argument("nr_requeue", "int", W32, Signed, Scalar),
    ]),
    signature("futex_time64", &[], &[
        argument("uaddr", "u32 *", Register, Unsigned, Pointer),
        argument("op", "int", W32, Signed, Scalar),
        argument("val", "u32", W32, Unsigned, Scalar),
        argument("utime", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("uaddr2", "u32 *", Register, Unsigned, Pointer),
        argument("val3", "u32", W32, Unsigned, Scalar),
    ]),
    signature("futex_wait", &[], &[
        argument("uaddr", "void *", Register, Unsigned, Pointer),
        argument("val", "unsigned long", Register, Unsigned, Scalar),
        argument("mask", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("timeout", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("clockid", "clockid_t", W32, Signed, Scalar),
    ]),
    signature("futex_waitv", &[], &[
        argument("waiters", "struct futex_waitv *", Register, Unsigned, Pointer),
        argument("nr_futexes", "unsigned int", W32, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("timeout", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("clockid", "clockid_t", W32, Signed, Scalar),
    ]),
    signature("futex_wake", &[], &[
        argument("uaddr", "void *", Register, Unsigned, Pointer),
        argument("mask", "unsigned long", Register, Unsigned, Scalar),
        argument("nr", "int", W32, Signed, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("futimesat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("utimes", "struct __kernel_old_timeval *", Register, Unsigned, Pointer),
    ]),
    signature("get_kernel_syms", &[], &[
        argument("table", "struct kernel_sym *", Register, Unsigned, Pointer),
    ]),
    signature("get_mempolicy", &[], &[
        argument("policy", "int *", Register, Unsigned, Pointer),
        argument("nmask", "unsigned long *", Register, Unsigned, Pointer),
        argument("maxnode", "unsigned long", Register, Unsigned, Scalar),
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("get_robust_list", &[], &[
        argument("pid", "int", W32, Signed, Scalar),
        argument("head_ptr", "struct robust_list_head **", Register, Unsigned, Pointer),
        argument("len_ptr", "size_t *", Register, Unsigned, Pointer),
    ]),
    signature("get_thread_area", &[], &[
        argument("u_info", "struct user_desc *", Register, Unsigned, Pointer),
    ]),
    signature("get_tls", &[], &[
    ]),
    signature("getcpu", &[], &[
        argument("cpup", "unsigned *", Register, Unsigned, Pointer),
        argument("nodep", "unsigned *", Register, Unsigned, Pointer),
        argument("unused", "struct getcpu_cache *", Register, Unsigned, Pointer),
    ]),
    signature("getcwd", &[], &[
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("size", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("getdents", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("dirent", "struct linux_dirent *", Register, Unsigned, Pointer),
        argument("count", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("getdents64", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("dirent", "struct linux_dirent64 *", Register, Unsigned, Pointer),
        argument("count", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("getegid", &[], &[
    ]),
    signature("getegid32", &[], &[
    ]),
    signature("geteuid", &[], &[
    ]),
    signature("geteuid32", &[], &[
    ]),
    signature("getgid", &[], &[
    ]),
    signature("getgid32", &[], &[
    ]),
    signature("getgroups", &[I386, Arm], &[
        argument("gidsetsize", "int", W32, Signed, Scalar),
        argument("grouplist", "old_gid_t *", Register, Unsigned, Pointer),
    ]),
    signature("getgroups", &[], &[
        argument("gidsetsize", "int", W32, Signed, Scalar),
        argument("grouplist", "gid_t *", Register, Unsigned, Pointer),
    ]),
    signature("getgroups32", &[], &[
        argument("gidsetsize", "int", W32, Signed, Scalar),
        argument("grouplist", "gid_t *", Register, Unsigned, Pointer),
    ]),
    signature("getitimer", &[], &[
        argument("which", "int", W32, Signed, Scalar),
        argument("value", "struct __kernel_old_itimerval *", Register, Unsigned, Pointer),
    ]),
    signature("getpeername", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("usockaddr", "struct sockaddr *", Register, Unsigned, Pointer),
        argument("usockaddr_len", "int *", Register, Unsigned, Pointer),
    ]),
    signature("getpgid", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
    ]),
    signature("getpgrp", &[], &[
    ]),
    signature("getpid", &[], &[
    ]),
    signature("getppid", &[], &[
    ]),
    signature("getpriority", &[], &[
        argument("which", "int", W32, Signed, Scalar),
        argument("who", "int", W32, Signed, Scalar),
    ]),
    signature("getrandom", &[], &[
        argument("ubuf", "char *", Register, Unsigned, Pointer),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("getresgid", &[I386, Arm], &[
        argument("rgidp", "old_gid_t *", Register, Unsigned, Pointer),
        argument("egidp", "old_gid_t *", Register, Unsigned, Pointer),
        argument("sgidp", "old_gid_t *", Register, Unsigned, Pointer),
    ]),
    signature("getresgid", &[], &[
        argument("rgidp", "gid_t *", Register, Unsigned, Pointer),
        argument("egidp", "gid_t *", Register, Unsigned, Pointer),
        argument("sgidp", "gid_t *", Register, Unsigned, Pointer),
    ]),
    signature("getresgid32", &[], &[
        argument("rgidp", "gid_t *", Register, Unsigned, Pointer),
        argument("egidp", "gid_t *", Register, Unsigned, Pointer),
        argument("sgidp", "gid_t *", Register, Unsigned, Pointer),
    ]),
    signature("getresuid", &[I386, Arm], &[
        argument("ruidp", "old_uid_t *", Register, Unsigned, Pointer),
        argument("euidp", "old_uid_t *", Register, Unsigned, Pointer),
        argument("suidp", "old_uid_t *", Register, Unsigned, Pointer),
    ]),
    signature("getresuid", &[], &[
        argument("ruidp", "uid_t *", Register, Unsigned, Pointer),
        argument("euidp", "uid_t *", Register, Unsigned, Pointer),
        argument("suidp", "uid_t *", Register, Unsigned, Pointer),
    ]),
    signature("getresuid32", &[], &[
        argument("ruidp", "uid_t *", Register, Unsigned, Pointer),
        argument("euidp", "uid_t *", Register, Unsigned, Pointer),
        argument("suidp", "uid_t *", Register, Unsigned, Pointer),
    ]),
    signature("getrlimit", &[], &[
        argument("resource", "unsigned int", W32, Unsigned, Scalar),
        argument("rlim", "struct rlimit *", Register, Unsigned, Pointer),
    ]),
    signature("getrusage", &[], &[
        argument("who", "int", W32, Signed, Scalar),
        argument("ru", "struct rusage *", Register, Unsigned, Pointer),
    ]),
    signature("getsid", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
    ]),
    signature("getsockname", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("usockaddr", "struct sockaddr *", Register, Unsigned, Pointer),
        argument("usockaddr_len", "int *", Register, Unsigned, Pointer),
    ]),
    signature("getsockopt", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("level", "int", W32, Signed, Scalar),
        argument("optname", "int", W32, Signed, Scalar),
        argument("optval", "char *", Register, Unsigned, Pointer),
        argument("optlen", "int *", Register, Unsigned, Pointer),
    ]),
    signature("gettid", &[], &[
    ]),
    signature("gettimeofday", &[], &[
        argument("tv", "struct __kernel_old_timeval *", Register, Unsigned, Pointer),
        argument("tz", "struct timezone *", Register, Unsigned, Pointer),
    ]),
    signature("getuid", &[], &[
    ]),
    signature("getuid32", &[], &[
    ]),
    signature("getxattr", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("value", "void *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("getxattrat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("at_flags", "unsigned int", W32, Unsigned, Scalar),
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("uargs", "struct xattr_args *", Register, Unsigned, Pointer),
        argument("usize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("init_module", &[], &[
        argument("umod", "void *", Register, Unsigned, Pointer),
        argument("len", "unsigned long", Register, Unsigned, Scalar),
        argument("uargs", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("inotify_add_watch", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("mask", "u32", W32, Unsigned, Scalar),
    ]),
    signature("inotify_init", &[], &[
    ]),
    signature("inotify_init1", &[], &[
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("inotify_rm_watch", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("wd", "__s32", W32, Signed, Scalar),
    ]),
    signature("io_cancel", &[], &[
        argument("ctx_id", "aio_context_t", Register, Unsigned, Scalar),
        argument("iocb", "struct iocb *", Register, Unsigned, Pointer),
        argument("result", "struct io_event *", Register, Unsigned, Pointer),
    ]),
    signature("io_destroy", &[], &[
        argument("ctx", "aio_context_t", Register, Unsigned, Scalar),
    ]),
    signature("io_getevents", &[], &[
        argument("ctx_id", "aio_context_t", Register, Unsigned, Scalar),
        argument("min_nr", "long", Register, Signed, Scalar),
        argument("nr", "long", Register, Signed, Scalar),
        argument("events", "struct io_event *", Register, Unsigned, Pointer),
        argument("timeout", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("io_pgetevents", &[], &[
        argument("ctx_id", "aio_context_t", Register, Unsigned, Scalar),
        argument("min_nr", "long", Register, Signed, Scalar),
        argument("nr", "long", Register, Signed, Scalar),
        argument("events", "struct io_event *", Register, Unsigned, Pointer),
        argument("timeout", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("usig", "const struct __aio_sigset *", Register, Unsigned, Pointer),
    ]),
    signature("io_pgetevents_time64", &[], &[
        argument("ctx_id", "aio_context_t", Register, Unsigned, Scalar),
        argument("min_nr", "long", Register, Signed, Scalar),
        argument("nr", "long", Register, Signed, Scalar),
        argument("events", "struct io_event *", Register, Unsigned, Pointer),
        argument("timeout", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("usig", "const struct __aio_sigset *", Register, Unsigned, Pointer),
    ]),
    signature("io_setup", &[], &[
        argument("nr_events", "unsigned int", W32, Unsigned, Scalar),
        argument("ctxp", "aio_context_t *", Register, Unsigned, Pointer),
    ]),
    signature("io_submit", &[], &[
        argument("ctx_id", "aio_context_t", Register, Unsigned, Scalar),
        argument("nr", "long", Register, Signed, Scalar),
        argument("iocbpp", "struct iocb **", Register, Unsigned, Pointer),
    ]),
    signature("io_uring_enter", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("to_submit", "u32", W32, Unsigned, Scalar),
        argument("min_complete", "u32", W32, Unsigned, Scalar),
        argument("flags", "u32", W32, Unsigned, Scalar),
        argument("argp", "const void *", Register, Unsigned, Pointer),
        argument("argsz", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("io_uring_register", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("opcode", "unsigned int", W32, Unsigned, Scalar),
        argument("arg", "void *", Register, Unsigned, Pointer),
        argument("nr_args", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("io_uring_setup", &[], &[
        argument("entries", "u32", W32, Unsigned, Scalar),
        argument("params", "struct io_uring_params *", Register, Unsigned, Pointer),
    ]),
    signature("ioctl", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("cmd", "unsigned int", W32, Unsigned, Scalar),
        argument("arg", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("ioperm", &[], &[
        argument("from", "unsigned long", Register, Unsigned, Scalar),
        argument("num", "unsigned long", Register, Unsigned, Scalar),
        argument("turn_on", "int", W32, Signed, Scalar),
    ]),
    signature("iopl", &[], &[
        argument("level", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("ioprio_get", &[], &[
        argument("which", "int", W32, Signed, Scalar),
        argument("who", "int", W32, Signed, Scalar),
    ]),
    signature("ioprio_set", &[], &[
        argument("which", "int", W32, Signed, Scalar),
        argument("who", "int", W32, Signed, Scalar),
        argument("ioprio", "int", W32, Signed, Scalar),
    ]),
    signature("ipc", &[], &[
        argument("call", "unsigned int", W32, Unsigned, Scalar),
        argument("first", "int", W32, Signed, Scalar),
        argument("second", "unsigned long", Register, Unsigned, Scalar),
        argument("third", "unsigned long", Register, Unsigned, Scalar),
        argument("ptr", "void *", Register, Unsigned, Pointer),
        argument("fifth", "long", Register, Signed, Scalar),
    ]),
    signature("kcmp", &[], &[
        argument("pid1", "pid_t", W32, Signed, Scalar),
        argument("pid2", "pid_t", W32, Signed, Scalar),
        argument("type", "int", W32, Signed, Scalar),
        argument("idx1", "unsigned long", Register, Unsigned, Scalar),
        argument("idx2", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("kexec_file_load", &[], &[
        argument("kernel_fd", "int", W32, Signed, Descriptor),
        argument("initrd_fd", "int", W32, Signed, Descriptor),
        argument("cmdline_len", "unsigned long", Register, Unsigned, Scalar),
        argument("cmdline_ptr", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("kexec_load", &[], &[
        argument("entry", "unsigned long", Register, Unsigned, Scalar),
        argument("nr_segments", "unsigned long", Register, Unsigned, Scalar),
        argument("segments", "struct kexec_segment *", Register, Unsigned, Pointer),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("keyctl", &[], &[
        argument("option", "int", W32, Signed, Scalar),
        argument("arg2", "unsigned long", Register, Unsigned, Scalar),
        argument("arg3", "unsigned long", Register, Unsigned, Scalar),
        argument("arg4", "unsigned long", Register, Unsigned, Scalar),
        argument("arg5", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("kill", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("sig", "int", W32, Signed, Scalar),
    ]),
    signature("landlock_add_rule", &[], &[
        argument("ruleset_fd", "int", W32, Signed, Descriptor),
        argument("rule_type", "enum landlock_rule_type", W32, Unsigned, Scalar),
        argument("rule_attr", "const void *", Register, Unsigned, Pointer),
        argument("flags", "__u32", W32, Unsigned, Scalar),
    ]),
    signature("landlock_create_ruleset", &[], &[
        argument("attr", "const struct landlock_ruleset_attr *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
        argument("flags", "__u32", W32, Unsigned, Scalar),
    ]),
    signature("landlock_restrict_self", &[], &[
        argument("ruleset_fd", "int", W32, Signed, Descriptor),
        argument("flags", "__u32", W32, Unsigned, Scalar),
    ]),
    signature("lchown", &[I386, Arm], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("user", "old_uid_t", W16, Unsigned, Scalar),
        argument("group", "old_gid_t", W16, Unsigned, Scalar),
    ]),
    signature("lchown", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("user", "uid_t", W32, Unsigned, Scalar),
        argument("group", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("lchown32", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("user", "uid_t", W32, Unsigned, Scalar),
        argument("group", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("lgetxattr", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("value", "void *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("link", &[], &[
        argument("oldname", "const char *", Register, Unsigned, Pointer),
        argument("newname", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("linkat", &[], &[
        argument("olddfd", "int", W32, Signed, Descriptor),
        argument("oldname", "const char *", Register, Unsigned, Pointer),
        argument("newdfd", "int", W32, Signed, Descriptor),
        argument("newname", "const char *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("listen", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("backlog", "int", W32, Signed, Scalar),
    ]),
    signature("listmount", &[], &[
        argument("req", "const struct mnt_id_req *", Register, Unsigned, Pointer),
        argument("mnt_ids", "u64 *", Register, Unsigned, Pointer),
        argument("nr_mnt_ids", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("listns", &[], &[
        argument("req", "const struct ns_id_req *", Register, Unsigned, Pointer),
        argument("ns_ids", "u64 *", Register, Unsigned, Pointer),
        argument("nr_ns_ids", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("listxattr", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("list", "char *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("listxattrat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("at_flags", "unsigned int", W32, Unsigned, Scalar),
        argument("list", "char *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("llistxattr", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("list", "char *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("lookup_dcookie", &[I386, Arm], &[
        argument("w0", "u32", W32, Unsigned, Scalar),
        argument("w1", "u32", W32, Unsigned, Scalar),
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("len", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("lookup_dcookie", &[], &[
        argument("cookie64", "u64", W64, Unsigned, Scalar),
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("len", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("lremovexattr", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("name", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("lseek", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("offset", "off_t", Register, Signed, Scalar),
        argument("whence", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("lsetxattr", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("value", "const void *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("lsm_get_self_attr", &[], &[
        argument("attr", "unsigned int", W32, Unsigned, Scalar),
        argument("ctx", "struct lsm_ctx *", Register, Unsigned, Pointer),
        argument("size", "u32 *", Register, Unsigned, Pointer),
        argument("flags", "u32", W32, Unsigned, Scalar),
    ]),
    signature("lsm_list_modules", &[], &[
        argument("ids", "u64 *", Register, Unsigned, Pointer),
        argument("size", "u32 *", Register, Unsigned, Pointer),
        argument("flags", "u32", W32, Unsigned, Scalar),
    ]),
    signature("lsm_set_self_attr", &[], &[
        argument("attr", "unsigned int", W32, Unsigned, Scalar),
        argument("ctx", "struct lsm_ctx *", Register, Unsigned, Pointer),
        argument("size", "u32", W32, Unsigned, Scalar),
        argument("flags", "u32", W32, Unsigned, Scalar),
    ]),
    signature("lstat", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("statbuf", "struct stat *", Register, Unsigned, Pointer),
    ]),
    signature("lstat64", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("statbuf", "struct stat64 *", Register, Unsigned, Pointer),
    ]),
    signature("madvise", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len_in", "size_t", Register, Unsigned, Scalar),
        argument("behavior", "int", W32, Signed, Scalar),
    ]),
    signature("map_shadow_stack", &[], &[
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
        argument("size", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("mbind", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "unsigned long", Register, Unsigned, Scalar),
        argument("mode", "unsigned long", Register, Unsigned, Scalar),
        argument("nmask", "const unsigned long *", Register, Unsigned, Pointer),
        argument("maxnode", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("membarrier", &[], &[
        argument("cmd", "int", W32, Signed, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("cpu_id", "int", W32, Signed, Scalar),
    ]),
    signature("memfd_create", &[], &[
        argument("uname", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("memfd_secret", &[], &[
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("migrate_pages", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("maxnode", "unsigned long", Register, Unsigned, Scalar),
        argument("old_nodes", "const unsigned long *", Register, Unsigned, Pointer),
        argument("new_nodes", "const unsigned long *", Register, Unsigned, Pointer),
    ]),
    signature("mincore", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("vec", "unsigned char *", Register, Unsigned, Pointer),
    ]),
    signature("mkdir", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
    ]),
    signature("mkdirat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
    ]),
    signature("mknod", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
        argument("dev", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("mknodat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
        argument("dev", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("mlock", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("mlock2", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("mlockall", &[], &[
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("mmap", &[I386, S390x], &[
        argument("arg", "struct mmap_arg_struct *", Register, Unsigned, Pointer),
    ]),
    signature("mmap", &[], &[
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "unsigned long", Register, Unsigned, Scalar),
        argument("prot", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
        argument("fd", "unsigned long", Register, Unsigned, Descriptor),
        argument("off", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("mmap2", &[], &[
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "unsigned long", Register, Unsigned, Scalar),
        argument("prot", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
        argument("fd", "unsigned long", Register, Unsigned, Descriptor),
        argument("pgoff", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("modify_ldt", &[], &[
        argument("func", "int", W32, Signed, Scalar),
        argument("ptr", "void *", Register, Unsigned, Pointer),
        argument("bytecount", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("mount", &[], &[
        argument("dev_name", "char *", Register, Unsigned, Pointer),
        argument("dir_name", "char *", Register, Unsigned, Pointer),
        argument("type", "char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
        argument("data", "void *", Register, Unsigned, Pointer),
    ]),
    signature("mount_setattr", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("path", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("uattr", "struct mount_attr *", Register, Unsigned, Pointer),
        argument("usize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("move_mount", &[], &[
        argument("from_dfd", "int", W32, Signed, Descriptor),
        argument("from_pathname", "const char *", Register, Unsigned, Pointer),
        argument("to_dfd", "int", W32, Signed, Descriptor),
        argument("to_pathname", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("move_pages", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("nr_pages", "unsigned long", Register, Unsigned, Scalar),
        argument("pages", "const void **", Register, Unsigned, Pointer),
        argument("nodes", "const int *", Register, Unsigned, Pointer),
        argument("status", "int *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("mprotect", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("prot", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("mq_getsetattr", &[], &[
        argument("mqdes", "mqd_t", W32, Signed, Descriptor),
        argument("u_mqstat", "const struct mq_attr *", Register, Unsigned, Pointer),
        argument("u_omqstat", "struct mq_attr *", Register, Unsigned, Pointer),
    ]),
    signature("mq_notify", &[], &[
        argument("mqdes", "mqd_t", W32, Signed, Descriptor),
        argument("u_notification", "const struct sigevent *", Register, Unsigned, Pointer),
    ]),
    signature("mq_open", &[], &[
        argument("u_name", "const char *", Register, Unsigned, Pointer),
        argument("oflag", "int", W32, Signed, Scalar),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
        argument("u_attr", "struct mq_attr *", Register, Unsigned, Pointer),
    ]),
    signature("mq_timedreceive", &[], &[
        argument("mqdes", "mqd_t", W32, Signed, Descriptor),
        argument("u_msg_ptr", "char *", Register, Unsigned, Pointer),
        argument("msg_len", "size_t", Register, Unsigned, Scalar),
        argument("u_msg_prio", "unsigned int *", Register, Unsigned, Pointer),
        argument("u_abs_timeout", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("mq_timedreceive_time64", &[], &[
        argument("mqdes", "mqd_t", W32, Signed, Descriptor),
        argument("u_msg_ptr", "char *", Register, Unsigned, Pointer),
        argument("msg_len", "size_t", Register, Unsigned, Scalar),
        argument("u_msg_prio", "unsigned int *", Register, Unsigned, Pointer),
        argument("u_abs_timeout", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("mq_timedsend", &[], &[
        argument("mqdes", "mqd_t", W32, Signed, Descriptor),
        argument("u_msg_ptr", "const char *", Register, Unsigned, Pointer),
        argument("msg_len", "size_t", Register, Unsigned, Scalar),
        argument("msg_prio", "unsigned int", W32, Unsigned, Scalar),
        argument("u_abs_timeout", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("mq_timedsend_time64", &[], &[
        argument("mqdes", "mqd_t", W32, Signed, Descriptor),
        argument("u_msg_ptr", "const char *", Register, Unsigned, Pointer),
        argument("msg_len", "size_t", Register, Unsigned, Scalar),
        argument("msg_prio", "unsigned int", W32, Unsigned, Scalar),
        argument("u_abs_timeout", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("mq_unlink", &[], &[
        argument("u_name", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("mremap", &[], &[
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
        argument("old_len", "unsigned long", Register, Unsigned, Scalar),
        argument("new_len", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
        argument("new_addr", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("mseal", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("msgctl", &[], &[
        argument("msqid", "int", W32, Signed, Scalar),
        argument("cmd", "int", W32, Signed, Scalar),
        argument("buf", "struct msqid_ds *", Register, Unsigned, Pointer),
    ]),
    signature("msgget", &[], &[
        argument("key", "key_t", W32, Signed, Scalar),
        argument("msgflg", "int", W32, Signed, Scalar),
    ]),
    signature("msgrcv", &[], &[
        argument("msqid", "int", W32, Signed, Scalar),
        argument("msgp", "struct msgbuf *", Register, Unsigned, Pointer),
        argument("msgsz", "size_t", Register, Unsigned, Scalar),
        argument("msgtyp", "long", Register, Signed, Scalar),
        argument("msgflg", "int", W32, Signed, Scalar),
    ]),
    signature("msgsnd", &[], &[
        argument("msqid", "int", W32, Signed, Scalar),
        argument("msgp", "struct msgbuf *", Register, Unsigned, Pointer),
        argument("msgsz", "size_t", Register, Unsigned, Scalar),
        argument("msgflg", "int", W32, Signed, Scalar),
    ]),
    signature("msync", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("munlock", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("munlockall", &[], &[
    ]),
    signature("munmap", &[], &[
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("name_to_handle_at", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("handle", "struct file_handle *", Register, Unsigned, Pointer),
        argument("mnt_id", "void *", Register, Unsigned, Pointer),
        argument("flag", "int", W32, Signed, Scalar),
    ]),
    signature("nanosleep", &[], &[
        argument("rqtp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("rmtp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("newfstatat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("statbuf", "struct stat *", Register, Unsigned, Pointer),
        argument("flag", "int", W32, Signed, Scalar),
    ]),
    signature("nfsservctl", &[], &[
        argument("cmd", "int", W32, Signed, Scalar),
        argument("arg", "struct nfsctl_arg *", Register, Unsigned, Pointer),
        argument("res", "void *", Register, Unsigned, Pointer),
    ]),
    signature("nice", &[], &[
        argument("increment", "int", W32, Signed, Scalar),
    ]),
    signature("oldfstat", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("statbuf", "struct __old_kernel_stat *", Register, Unsigned, Pointer),
    ]),
    signature("oldlstat", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("statbuf", "struct __old_kernel_stat *", Register, Unsigned, Pointer),
    ]),
    signature("oldolduname", &[], &[
        argument("name", "struct oldold_utsname *", Register, Unsigned, Pointer),
    ]),
    signature("oldstat", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("statbuf", "struct __old_kernel_stat *", Register, Unsigned, Pointer),
    ]),
    signature("olduname", &[], &[
        argument("name", "struct old_utsname *", Register, Unsigned, Pointer),
    ]),
    signature("open", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
    ]),
    signature("open_by_handle_at", &[], &[
        argument("mountdirfd", "int", W32, Signed, Descriptor),
        argument("handle", "struct file_handle *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("open_tree", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("open_tree_attr", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("uattr", "struct mount_attr *", Register, Unsigned, Pointer),
        argument("usize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("openat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
    ]),
    signature("openat2", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("how", "struct open_how *", Register, Unsigned, Pointer),
        argument("usize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("pause", &[], &[
    ]),
    signature("pciconfig_iobase", &[], &[
        argument("which", "long", Register, Signed, Scalar),
        argument("bus", "unsigned long", Register, Unsigned, Scalar),
        argument("devfn", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("pciconfig_read", &[], &[
        argument("bus", "unsigned long", Register, Unsigned, Scalar),
        argument("dfn", "unsigned long", Register, Unsigned, Scalar),
        argument("off", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "unsigned long", Register, Unsigned, Scalar),
        argument("buf", "void *", Register, Unsigned, Pointer),
    ]),
    signature("pciconfig_write", &[], &[
        argument("bus", "unsigned long", Register, Unsigned, Scalar),
        argument("dfn", "unsigned long", Register, Unsigned, Scalar),
        argument("off", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "unsigned long", Register, Unsigned, Scalar),
        argument("buf", "void *", Register, Unsigned, Pointer),
    ]),
    signature("perf_event_open", &[], &[
        argument("attr_uptr", "struct perf_event_attr *", Register, Unsigned, Pointer),
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("cpu", "int", W32, Signed, Scalar),
        argument("group_fd", "int", W32, Signed, Descriptor),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("personality", &[], &[
        argument("personality", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("pidfd_getfd", &[], &[
        argument("pidfd", "int", W32, Signed, Descriptor),
        argument("fd", "int", W32, Signed, Descriptor),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("pidfd_open", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("pidfd_send_signal", &[], &[
        argument("pidfd", "int", W32, Signed, Descriptor),
        argument("sig", "int", W32, Signed, Scalar),
        argument("info", "siginfo_t *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("pipe", &[], &[
        argument("fildes", "int *", Register, Unsigned, Pointer),
    ]),
    signature("pipe2", &[], &[
        argument("fildes", "int *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("pivot_root", &[], &[
        argument("new_root", "const char *", Register, Unsigned, Pointer),
        argument("put_old", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("pkey_alloc", &[], &[
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
        argument("init_val", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("pkey_free", &[], &[
        argument("pkey", "int", W32, Signed, Scalar),
    ]),
    signature("pkey_mprotect", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("prot", "unsigned long", Register, Unsigned, Scalar),
        argument("pkey", "int", W32, Signed, Scalar),
    ]),
    signature("poll", &[], &[
        argument("ufds", "struct pollfd *", Register, Unsigned, Pointer),
        argument("nfds", "unsigned int", W32, Unsigned, Scalar),
        argument("timeout_msecs", "int", W32, Signed, Scalar),
    ]),
    signature("ppoll", &[], &[
        argument("ufds", "struct pollfd *", Register, Unsigned, Pointer),
        argument("nfds", "unsigned int", W32, Unsigned, Scalar),
        argument("tsp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("sigmask", "const sigset_t *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("ppoll_time64", &[], &[
        argument("ufds", "struct pollfd *", Register, Unsigned, Pointer),
        argument("nfds", "unsigned int", W32, Unsigned, Scalar),
        argument("tsp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("sigmask", "const sigset_t *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("prctl", &[], &[
        argument("option", "int", W32, Signed, Scalar),
        argument("arg2", "unsigned long", Register, Unsigned, Scalar),
        argument("arg3", "unsigned long", Register, Unsigned, Scalar),
        argument("arg4", "unsigned long", Register, Unsigned, Scalar),
        argument("arg5", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("pread64", &[Arm], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
        argument("pad", "u32", W32, Unsigned, Scalar),
        argument("pos_lo", "u32", W32, Unsigned, Scalar),
        argument("pos_hi", "u32", W32, Unsigned, Scalar),
    ]),
    signature("pread64", &[I386], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
        argument("pos_lo", "u32", W32, Unsigned, Scalar),
        argument("pos_hi", "u32", W32, Unsigned, Scalar),
    ]),
    signature("pread64", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
        argument("pos", "loff_t", W64, Signed, Scalar),
    ]),
    signature("preadv", &[], &[
        argument("fd", "unsigned long", Register, Unsigned, Descriptor),
        argument("vec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("vlen", "unsigned long", Register, Unsigned, Scalar),
        argument("pos_l", "unsigned long", Register, Unsigned, Scalar),
        argument("pos_h", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("preadv2", &[], &[
        argument("fd", "unsigned long", Register, Unsigned, Descriptor),
        argument("vec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("vlen", "unsigned long", Register, Unsigned, Scalar),
        argument("pos_l", "unsigned long", Register, Unsigned, Scalar),
        argument("pos_h", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "rwf_t", W32, Signed, Scalar),
    ]),
    signature("prlimit64", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("resource", "unsigned int", W32, Unsigned, Scalar),
        argument("new_rlim", "const struct rlimit64 *", Register, Unsigned, Pointer),
        argument("old_rlim", "struct rlimit64 *", Register, Unsigned, Pointer),
    ]),
    signature("process_madvise", &[], &[
        argument("pidfd", "int", W32, Signed, Descriptor),
        argument("vec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("vlen", "size_t", Register, Unsigned, Scalar),
        argument("behavior", "int", W32, Signed, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("process_mrelease", &[], &[
        argument("pidfd", "int", W32, Signed, Descriptor),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("process_vm_readv", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("lvec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("liovcnt", "unsigned long", Register, Unsigned, Scalar),
        argument("rvec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("riovcnt", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("process_vm_writev", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("lvec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("liovcnt", "unsigned long", Register, Unsigned, Scalar),
        argument("rvec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("riovcnt", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("pselect6", &[], &[
        argument("n", "int", W32, Signed, Scalar),
        argument("inp", "fd_set *", Register, Unsigned, Pointer),
        argument("outp", "fd_set *", Register, Unsigned, Pointer),
        argument("exp", "fd_set *", Register, Unsigned, Pointer),
        argument("tsp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("sig", "void *", Register, Unsigned, Pointer),
    ]),
    signature("pselect6_time64", &[], &[
        argument("n", "int", W32, Signed, Scalar),
        argument("inp", "fd_set *", Register, Unsigned, Pointer),
        argument("outp", "fd_set *", Register, Unsigned, Pointer),
        argument("exp", "fd_set *", Register, Unsigned, Pointer),
        argument("tsp", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("sig", "void *", Register, Unsigned, Pointer),
    ]),
    signature("ptrace", &[], &[
        argument("request", "long", Register, Signed, Scalar),
        argument("pid", "long", Register, Signed, Scalar),
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
        argument("data", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("pwrite64", &[Arm], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("buf", "const char *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
        argument("pad", "u32", W32, Unsigned, Scalar),
        argument("pos_lo", "u32", W32, Unsigned, Scalar),
        argument("pos_hi", "u32", W32, Unsigned, Scalar),
    ]),
    signature("pwrite64", &[I386], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("buf", "const char *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
        argument("pos_lo", "u32", W32, Unsigned, Scalar),
        argument("pos_hi", "u32", W32, Unsigned, Scalar),
    ]),
    signature("pwrite64", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("buf", "const char *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
        argument("pos", "loff_t", W64, Signed, Scalar),
    ]),
    signature("pwritev", &[], &[
        argument("fd", "unsigned long", Register, Unsigned, Descriptor),
        argument("vec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("vlen", "unsigned long", Register, Unsigned, Scalar),
        argument("pos_l", "unsigned long", Register, Unsigned, Scalar),
        argument("pos_h", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("pwritev2", &[], &[
        argument("fd", "unsigned long", Register, Unsigned, Descriptor),
        argument("vec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("vlen", "unsigned long", Register, Unsigned, Scalar),
        argument("pos_l", "unsigned long", Register, Unsigned, Scalar),
        argument("pos_h", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "rwf_t", W32, Signed, Scalar),
    ]),
    signature("query_module", &[], &[
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("which", "int", W32, Signed, Scalar),
        argument("buf", "void *", Register, Unsigned, Pointer),
        argument("bufsize", "size_t", Register, Unsigned, Scalar),
        argument("ret", "size_t *", Register, Unsigned, Pointer),
    ]),
    signature("quotactl", &[], &[
        argument("cmd", "unsigned int", W32, Unsigned, Scalar),
        argument("special", "const char *", Register, Unsigned, Pointer),
        argument("id", "qid_t", W32, Unsigned, Scalar),
        argument("addr", "void *", Register, Unsigned, Pointer),
    ]),
    signature("quotactl_fd", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("cmd", "unsigned int", W32, Unsigned, Scalar),
        argument("id", "qid_t", W32, Unsigned, Scalar),
        argument("addr", "void *", Register, Unsigned, Pointer),
    ]),
    signature("read", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("readahead", &[Arm], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("pad", "u32", W32, Unsigned, Scalar),
        argument("off_lo", "u32", W32, Unsigned, Scalar),
        argument("off_hi", "u32", W32, Unsigned, Scalar),
        argument("count", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("readahead", &[I386], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("off_lo", "u32", W32, Unsigned, Scalar),
        argument("off_hi", "u32", W32, Unsigned, Scalar),
        argument("count", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("readahead", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("offset", "loff_t", W64, Signed, Scalar),
        argument("count", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("readdir", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("dirent", "struct old_linux_dirent *", Register, Unsigned, Pointer),
        argument("count", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("readlink", &[], &[
        argument("path", "const char *", Register, Unsigned, Pointer),
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("bufsiz", "int", W32, Signed, Scalar),
    ]),
    signature("readlinkat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("bufsiz", "int", W32, Signed, Scalar),
    ]),
    signature("readv", &[], &[
        argument("fd", "unsigned long", Register, Unsigned, Descriptor),
        argument("vec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("vlen", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("reboot", &[], &[
        argument("magic1", "int", W32, Signed, Scalar),
        argument("magic2", "int", W32, Signed, Scalar),
        argument("cmd", "unsigned int", W32, Unsigned, Scalar),
        argument("arg", "void *", Register, Unsigned, Pointer),
    ]),
    signature("recv", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("ubuf", "void *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("recvfrom", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("ubuf", "void *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("addr", "struct sockaddr *", Register, Unsigned, Pointer),
        argument("addr_len", "int *", Register, Unsigned, Pointer),
    ]),
    signature("recvmmsg", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("mmsg", "struct mmsghdr *", Register, Unsigned, Pointer),
        argument("vlen", "unsigned int", W32, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("timeout", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("recvmmsg_time64", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("mmsg", "struct mmsghdr *", Register, Unsigned, Pointer),
        argument("vlen", "unsigned int", W32, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("timeout", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("recvmsg", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("msg", "struct user_msghdr *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("remap_file_pages", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("size", "unsigned long", Register, Unsigned, Scalar),
        argument("prot", "unsigned long", Register, Unsigned, Scalar),
        argument("pgoff", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("removexattr", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("name", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("removexattrat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("at_flags", "unsigned int", W32, Unsigned, Scalar),
        argument("name", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("rename", &[], &[
        argument("oldname", "const char *", Register, Unsigned, Pointer),
        argument("newname", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("renameat", &[], &[
        argument("olddfd", "int", W32, Signed, Descriptor),
        argument("oldname", "const char *", Register, Unsigned, Pointer),
        argument("newdfd", "int", W32, Signed, Descriptor),
        argument("newname", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("renameat2", &[], &[
        argument("olddfd", "int", W32, Signed, Descriptor),
        argument("oldname", "const char *", Register, Unsigned, Pointer),
        argument("newdfd", "int", W32, Signed, Descriptor),
        argument("newname", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("request_key", &[], &[
        argument("_type", "const char *", Register, Unsigned, Pointer),
        argument("_description", "const char *", Register, Unsigned, Pointer),
        argument("_callout_info", "const char *", Register, Unsigned, Pointer),
        argument("destringid", "key_serial_t", W32, Signed, Scalar),
    ]),
    signature("restart_syscall", &[], &[
    ]),
    signature("riscv_flush_icache", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("end", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("riscv_hwprobe", &[], &[
        argument("pairs", "struct riscv_hwprobe *", Register, Unsigned, Pointer),
        argument("pair_count", "size_t", Register, Unsigned, Scalar),
        argument("cpusetsize", "size_t", Register, Unsigned, Scalar),
        argument("cpus", "unsigned long *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("rmdir", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("rseq", &[], &[
        argument("rseq", "struct rseq *", Register, Unsigned, Pointer),
        argument("rseq_len", "u32", W32, Unsigned, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
        argument("sig", "u32", W32, Unsigned, Scalar),
    ]),
    signature("rseq_slice_yield", &[], &[
    ]),
    signature("rt_sigaction", &[], &[
        argument("sig", "int", W32, Signed, Scalar),
        argument("act", "const struct sigaction *", Register, Unsigned, Pointer),
        argument("oact", "struct sigaction *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("rt_sigpending", &[], &[
        argument("uset", "sigset_t *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("rt_sigprocmask", &[], &[
        argument("how", "int", W32, Signed, Scalar),
        argument("nset", "sigset_t *", Register, Unsigned, Pointer),
        argument("oset", "sigset_t *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("rt_sigqueueinfo", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("sig", "int", W32, Signed, Scalar),
        argument("uinfo", "siginfo_t *", Register, Unsigned, Pointer),
    ]),
    signature("rt_sigreturn", &[], &[
    ]),
    signature("rt_sigsuspend", &[], &[
        argument("unewset", "sigset_t *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("rt_sigtimedwait", &[], &[
        argument("uthese", "const sigset_t *", Register, Unsigned, Pointer),
        argument("uinfo", "siginfo_t *", Register, Unsigned, Pointer),
        argument("uts", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("rt_sigtimedwait_time64", &[], &[
        argument("uthese", "const sigset_t *", Register, Unsigned, Pointer),
        argument("uinfo", "siginfo_t *", Register, Unsigned, Pointer),
        argument("uts", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("sigsetsize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("rt_tgsigqueueinfo", &[], &[
        argument("tgid", "pid_t", W32, Signed, Scalar),
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("sig", "int", W32, Signed, Scalar),
        argument("uinfo", "siginfo_t *", Register, Unsigned, Pointer),
    ]),
    signature("rtas", &[], &[
        argument("uargs", "struct rtas_args *", Register, Unsigned, Pointer),
    ]),
    signature("s390_guarded_storage", &[], &[
        argument("command", "int", W32, Signed, Scalar),
        argument("gs_cb", "struct gs_cb *", Register, Unsigned, Pointer),
    ]),
    signature("s390_pci_mmio_read", &[], &[
        argument("mmio_addr", "unsigned long", Register, Unsigned, Scalar),
        argument("user_buffer", "void *", Register, Unsigned, Pointer),
        argument("length", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("s390_pci_mmio_write", &[], &[
        argument("mmio_addr", "unsigned long", Register, Unsigned, Scalar),
        argument("user_buffer", "const void *", Register, Unsigned, Pointer),
        argument("length", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("s390_runtime_instr", &[], &[
        argument("command", "int", W32, Signed, Scalar),
        argument("signum", "int", W32, Signed, Scalar),
    ]),
    signature("s390_sthyi", &[], &[
        argument("function_code", "unsigned long", Register, Unsigned, Scalar),
        argument("buffer", "void *", Register, Unsigned, Pointer),
        argument("return_code", "u64 *", Register, Unsigned, Pointer),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("sched_get_priority_max", &[], &[
        argument("policy", "int", W32, Signed, Scalar),
    ]),
    signature("sched_get_priority_min", &[], &[
        argument("policy", "int", W32, Signed, Scalar),
    ]),
    signature("sched_getaffinity", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("len", "unsigned int", W32, Unsigned, Scalar),
        argument("user_mask_ptr", "unsigned long *", Register, Unsigned, Pointer),
    ]),
    signature("sched_getattr", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("uattr", "struct sched_attr *", Register, Unsigned, Pointer),
        argument("usize", "unsigned int", W32, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("sched_getparam", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("param", "struct sched_param *", Register, Unsigned, Pointer),
    ]),
    signature("sched_getscheduler", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
    ]),
    signature("sched_rr_get_interval", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("interval", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("sched_rr_get_interval_time64", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("interval", "struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("sched_setaffinity", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("len", "unsigned int", W32, Unsigned, Scalar),
        argument("user_mask_ptr", "unsigned long *", Register, Unsigned, Pointer),
    ]),
    signature("sched_setattr", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("uattr", "struct sched_attr *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("sched_setparam", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("param", "struct sched_param *", Register, Unsigned, Pointer),
    ]),
    signature("sched_setscheduler", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("policy", "int", W32, Signed, Scalar),
        argument("param", "struct sched_param *", Register, Unsigned, Pointer),
    ]),
    signature("sched_yield", &[], &[
    ]),
    signature("seccomp", &[], &[
        argument("op", "unsigned int", W32, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("uargs", "void *", Register, Unsigned, Pointer),
    ]),
    signature("select", &[I386], &[
        argument("arg", "struct sel_arg_struct *", Register, Unsigned, Pointer),
    ]),
    signature("select", &[], &[
        argument("n", "int", W32, Signed, Scalar),
        argument("inp", "fd_set *", Register, Unsigned, Pointer),
        argument("outp", "fd_set *", Register, Unsigned, Pointer),
        argument("exp", "fd_set *", Register, Unsigned, Pointer),
        argument("tvp", "struct __kernel_old_timeval *", Register, Unsigned, Pointer),
    ]),
    signature("semctl", &[], &[
        argument("semid", "int", W32, Signed, Scalar),
        argument("semnum", "int", W32, Signed, Scalar),
        argument("cmd", "int", W32, Signed, Scalar),
        argument("arg", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("semget", &[], &[
        argument("key", "key_t", W32, Signed, Scalar),
        argument("nsems", "int", W32, Signed, Scalar),
        argument("semflg", "int", W32, Signed, Scalar),
    ]),
    signature("semop", &[], &[
        argument("semid", "int", W32, Signed, Scalar),
        argument("tsops", "struct sembuf *", Register, Unsigned, Pointer),
        argument("nsops", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("semtimedop", &[], &[
        argument("semid", "int", W32, Signed, Scalar),
        argument("tsops", "struct sembuf *", Register, Unsigned, Pointer),
        argument("nsops", "unsigned int", W32, Unsigned, Scalar),
        argument("timeout", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("semtimedop_time64", &[], &[
        argument("semid", "int", W32, Signed, Scalar),
        argument("tsops", "struct sembuf *", Register, Unsigned, Pointer),
        argument("nsops", "unsigned int", W32, Unsigned, Scalar),
        argument("timeout", "const struct __kernel_timespec *", Register, Unsigned, Pointer),
    ]),
    signature("send", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("buff", "void *", Register, Unsigned, Pointer),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("sendfile", &[I386, Arm], &[
        argument("out_fd", "int", W32, Signed, Descriptor),
        argument("in_fd", "int", W32, Signed, Descriptor),
        argument("offset", "off_t *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("sendfile", &[], &[
        argument("out_fd", "int", W32, Signed, Descriptor),
        argument("in_fd", "int", W32, Signed, Descriptor),
        argument("offset", "loff_t *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("sendfile64", &[], &[
        argument("out_fd", "int", W32, Signed, Descriptor),
        argument("in_fd", "int", W32, Signed, Descriptor),
        argument("offset", "loff_t *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("sendmmsg", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("mmsg", "struct mmsghdr *", Register, Unsigned, Pointer),
        argument("vlen", "unsigned int", W32, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("sendmsg", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("msg", "struct user_msghdr *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("sendto", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("buff", "void *", Register, Unsigned, Pointer),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("addr", "struct sockaddr *", Register, Unsigned, Pointer),
        argument("addr_len", "int", W32, Signed, Scalar),
    ]),
    signature("set_mempolicy", &[], &[
        argument("mode", "int", W32, Signed, Scalar),
        argument("nmask", "const unsigned long *", Register, Unsigned, Pointer),
        argument("maxnode", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("set_mempolicy_home_node", &[], &[
        argument("start", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "unsigned long", Register, Unsigned, Scalar),
        argument("home_node", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("set_robust_list", &[], &[
        argument("head", "struct robust_list_head *", Register, Unsigned, Pointer),
        argument("len", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("set_thread_area", &[Mips64, Mips64el], &[
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("set_thread_area", &[], &[
        argument("u_info", "struct user_desc *", Register, Unsigned, Pointer),
    ]),
    signature("set_tid_address", &[], &[
        argument("tidptr", "int *", Register, Unsigned, Pointer),
    ]),
    signature("set_tls", &[], &[
        argument("value", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("setdomainname", &[], &[
        argument("name", "char *", Register, Unsigned, Pointer),
        argument("len", "int", W32, Signed, Scalar),
    ]),
    signature("setfsgid", &[I386, Arm], &[
        argument("gid", "old_gid_t", W16, Unsigned, Scalar),
    ]),
    signature("setfsgid", &[], &[
        argument("gid", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("setfsgid32", &[], &[
        argument("gid", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("setfsuid", &[I386, Arm], &[
        argument("uid", "old_uid_t", W16, Unsigned, Scalar),
    ]),
    signature("setfsuid", &[], &[
        argument("uid", "uid_t", W32, Unsigned, Scalar),
    ]),
    signature("setfsuid32", &[], &[
        argument("uid", "uid_t", W32, Unsigned, Scalar),
    ]),
    signature("setgid", &[I386, Arm], &[
        argument("gid", "old_gid_t", W16, Unsigned, Scalar),
    ]),
    signature("setgid", &[], &[
        argument("gid", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("setgid32", &[], &[
        argument("gid", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("setgroups", &[I386, Arm], &[
        argument("gidsetsize", "int", W32, Signed, Scalar),
        argument("grouplist", "old_gid_t *", Register, Unsigned, Pointer),
    ]),
    signature("setgroups", &[], &[
        argument("gidsetsize", "int", W32, Signed, Scalar),
        argument("grouplist", "gid_t *", Register, Unsigned, Pointer),
    ]),
    signature("setgroups32", &[], &[
        argument("gidsetsize", "int", W32, Signed, Scalar),
        argument("grouplist", "gid_t *", Register, Unsigned, Pointer),
    ]),
    signature("sethostname", &[], &[
        argument("name", "char *", Register, Unsigned, Pointer),
        argument("len", "int", W32, Signed, Scalar),
    ]),
    signature("setitimer", &[], &[
        argument("which", "int", W32, Signed, Scalar),
        argument("value", "struct __kernel_old_itimerval *", Register, Unsigned, Pointer),
        argument("ovalue", "struct __kernel_old_itimerval *", Register, Unsigned, Pointer),
    ]),
    signature("setns", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("setpgid", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("pgid", "pid_t", W32, Signed, Scalar),
    ]),
    signature("setpriority", &[], &[
        argument("which", "int", W32, Signed, Scalar),
        argument("who", "int", W32, Signed, Scalar),
        argument("niceval", "int", W32, Signed, Scalar),
    ]),
    signature("setregid", &[I386, Arm], &[
        argument("rgid", "old_gid_t", W16, Unsigned, Scalar),
        argument("egid", "old_gid_t", W16, Unsigned, Scalar),
    ]),
    signature("setregid", &[], &[
        argument("rgid", "gid_t", W32, Unsigned, Scalar),
        argument("egid", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("setregid32", &[], &[
        argument("rgid", "gid_t", W32, Unsigned, Scalar),
        argument("egid", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("setresgid", &[I386, Arm], &[
        argument("rgid", "old_gid_t", W16, Unsigned, Scalar),
        argument("egid", "old_gid_t", W16, Unsigned, Scalar),
        argument("sgid", "old_gid_t", W16, Unsigned, Scalar),
    ]),
    signature("setresgid", &[], &[
        argument("rgid", "gid_t", W32, Unsigned, Scalar),
        argument("egid", "gid_t", W32, Unsigned, Scalar),
        argument("sgid", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("setresgid32", &[], &[
        argument("rgid", "gid_t", W32, Unsigned, Scalar),
        argument("egid", "gid_t", W32, Unsigned, Scalar),
        argument("sgid", "gid_t", W32, Unsigned, Scalar),
    ]),
    signature("setresuid", &[I386, Arm], &[
        argument("ruid", "old_uid_t", W16, Unsigned, Scalar),
        argument("euid", "old_uid_t", W16, Unsigned, Scalar),
        argument("suid", "old_uid_t", W16, Unsigned, Scalar),
    ]),
    signature("setresuid", &[], &[
        argument("ruid", "uid_t", W32, Unsigned, Scalar),
        argument("euid", "uid_t", W32, Unsigned, Scalar),
        argument("suid", "uid_t", W32, Unsigned, Scalar),
    ]),
    signature("setresuid32", &[], &[
        argument("ruid", "uid_t", W32, Unsigned, Scalar),
        argument("euid", "uid_t", W32, Unsigned, Scalar),
        argument("suid", "uid_t", W32, Unsigned, Scalar),
    ]),
    signature("setreuid", &[I386, Arm], &[
        argument("ruid", "old_uid_t", W16, Unsigned, Scalar),
        argument("euid", "old_uid_t", W16, Unsigned, Scalar),
    ]),
    signature("setreuid", &[], &[
        argument("ruid", "uid_t", W32, Unsigned, Scalar),
        argument("euid", "uid_t", W32, Unsigned, Scalar),
    ]),
    signature("setreuid32", &[], &[
        argument("ruid", "uid_t", W32, Unsigned, Scalar),
        argument("euid", "uid_t", W32, Unsigned, Scalar),
    ]),
    signature("setrlimit", &[], &[
        argument("resource", "unsigned int", W32, Unsigned, Scalar),
        argument("rlim", "struct rlimit *", Register, Unsigned, Pointer),
    ]),
    signature("setsid", &[], &[
    ]),
    signature("setsockopt", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("level", "int", W32, Signed, Scalar),
        argument("optname", "int", W32, Signed, Scalar),
        argument("optval", "char *", Register, Unsigned, Pointer),
        argument("optlen", "int", W32, Signed, Scalar),
    ]),
    signature("settimeofday", &[], &[
        argument("tv", "struct __kernel_old_timeval *", Register, Unsigned, Pointer),
        argument("tz", "struct timezone *", Register, Unsigned, Pointer),
    ]),
    signature("setuid", &[I386, Arm], &[
        argument("uid", "old_uid_t", W16, Unsigned, Scalar),
    ]),
    signature("setuid", &[], &[
        argument("uid", "uid_t", W32, Unsigned, Scalar),
    ]),
    signature("setuid32", &[], &[
        argument("uid", "uid_t", W32, Unsigned, Scalar),
    ]),
    signature("setxattr", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("value", "const void *", Register, Unsigned, Pointer),
        argument("size", "size_t", Register, Unsigned, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("setxattrat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("at_flags", "unsigned int", W32, Unsigned, Scalar),
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("uargs", "const struct xattr_args *", Register, Unsigned, Pointer),
        argument("usize", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("sgetmask", &[], &[
    ]),
    signature("shmat", &[], &[
        argument("shmid", "int", W32, Signed, Scalar),
        argument("shmaddr", "char *", Register, Unsigned, Pointer),
        argument("shmflg", "int", W32, Signed, Scalar),
    ]),
    signature("shmctl", &[], &[
        argument("shmid", "int", W32, Signed, Scalar),
        argument("cmd", "int", W32, Signed, Scalar),
        argument("buf", "struct shmid_ds *", Register, Unsigned, Pointer),
    ]),
    signature("shmdt", &[], &[
        argument("shmaddr", "char *", Register, Unsigned, Pointer),
    ]),
    signature("shmget", &[], &[
        argument("key", "key_t", W32, Signed, Scalar),
        argument("size", "size_t", Register, Unsigned, Scalar),
        argument("shmflg", "int", W32, Signed, Scalar),
    ]),
    signature("shutdown", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("how", "int", W32, Signed, Scalar),
    ]),
    signature("sigaction", &[], &[
        argument("sig", "int", W32, Signed, Scalar),
        argument("act", "const struct old_sigaction *", Register, Unsigned, Pointer),
        argument("oact", "struct old_sigaction *", Register, Unsigned, Pointer),
    ]),
    signature("sigaltstack", &[], &[
        argument("uss", "const stack_t *", Register, Unsigned, Pointer),
        argument("uoss", "stack_t *", Register, Unsigned, Pointer),
    ]),
    signature("signal", &[], &[
        argument("sig", "int", W32, Signed, Scalar),
        argument("handler", "__sighandler_t", Register, Unsigned, Pointer),
    ]),
    signature("signalfd", &[], &[
        argument("ufd", "int", W32, Signed, Descriptor),
        argument("user_mask", "sigset_t *", Register, Unsigned, Pointer),
        argument("sizemask", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("signalfd4", &[], &[
        argument("ufd", "int", W32, Signed, Descriptor),
        argument("user_mask", "sigset_t *", Register, Unsigned, Pointer),
        argument("sizemask", "size_t", Register, Unsigned, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("sigpending", &[], &[
        argument("uset", "old_sigset_t *", Register, Unsigned, Pointer),
    ]),
    signature("sigprocmask", &[], &[
        argument("how", "int", W32, Signed, Scalar),
        argument("nset", "old_sigset_t *", Register, Unsigned, Pointer),
        argument("oset", "old_sigset_t *", Register, Unsigned, Pointer),
    ]),
    signature("sigreturn", &[], &[
    ]),
    signature("sigsuspend", &[I386, Arm], &[
        argument("unused1", "int", W32, Signed, Scalar),
        argument("unused2", "int", W32, Signed, Scalar),
        argument("mask", "old_sigset_t", Register, Unsigned, Scalar),
    ]),
    signature("sigsuspend", &[], &[
        argument("mask", "old_sigset_t", Register, Unsigned, Scalar),
    ]),
    signature("socket", &[], &[
        argument("family", "int", W32, Signed, Scalar),
        argument("type", "int", W32, Signed, Scalar),
        argument("protocol", "int", W32, Signed, Scalar),
    ]),
    signature("socketcall", &[], &[
        argument("call", "int", W32, Signed, Scalar),
        argument("args", "unsigned long *", Register, Unsigned, Pointer),
    ]),
    signature("socketpair", &[], &[
        argument("family", "int", W32, Signed, Scalar),
        argument("type", "int", W32, Signed, Scalar),
        argument("protocol", "int", W32, Signed, Scalar),
        argument("usockvec", "int *", Register, Unsigned, Pointer),
    ]),
    signature("splice", &[], &[
        argument("fd_in", "int", W32, Signed, Descriptor),
        argument("off_in", "loff_t *", Register, Unsigned, Pointer),
        argument("fd_out", "int", W32, Signed, Descriptor),
        argument("off_out", "loff_t *", Register, Unsigned, Pointer),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("spu_create", &[], &[
        argument("name", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("mode", "umode_t", W16, Unsigned, Scalar),
        argument("neighbor_fd", "int", W32, Signed, Descriptor),
    ]),
    signature("spu_run", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("unpc", "u32 *", Register, Unsigned, Pointer),
        argument("ustatus", "u32 *", Register, Unsigned, Pointer),
    ]),
    signature("ssetmask", &[], &[
        argument("newmask", "int", W32, Signed, Scalar),
    ]),
    signature("stat", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("statbuf", "struct stat *", Register, Unsigned, Pointer),
    ]),
    signature("stat64", &[], &[
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("statbuf", "struct stat64 *", Register, Unsigned, Pointer),
    ]),
    signature("statfs", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("buf", "struct statfs *", Register, Unsigned, Pointer),
    ]),
    signature("statfs64", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("sz", "size_t", Register, Unsigned, Scalar),
        argument("buf", "struct statfs64 *", Register, Unsigned, Pointer),
    ]),
    signature("statmount", &[], &[
        argument("req", "const struct mnt_id_req *", Register, Unsigned, Pointer),
        argument("buf", "struct statmount *", Register, Unsigned, Pointer),
        argument("bufsize", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("statx", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("mask", "unsigned int", W32, Unsigned, Scalar),
        argument("buffer", "struct statx *", Register, Unsigned, Pointer),
    ]),
    signature("stime", &[], &[
        argument("tptr", "time_t *", Register, Unsigned, Pointer),
    ]),
    signature("subpage_prot", &[], &[
        argument("addr", "unsigned long", Register, Unsigned, Scalar),
        argument("len", "unsigned long", Register, Unsigned, Scalar),
        argument("map", "u32 *", Register, Unsigned, Pointer),
    ]),
    signature("swapcontext", &[], &[
        argument("old_ctx", "struct ucontext *", Register, Unsigned, Pointer),
        argument("new_ctx", "struct ucontext *", Register, Unsigned, Pointer),
        argument("ctx_size", "long", Register, Signed, Scalar),
    ]),
    signature("swapoff", &[], &[
        argument("specialfile", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("swapon", &[], &[
        argument("specialfile", "const char *", Register, Unsigned, Pointer),
        argument("swap_flags", "int", W32, Signed, Scalar),
    ]),
    signature("switch_endian", &[], &[
    ]),
    signature("symlink", &[], &[
        argument("oldname", "const char *", Register, Unsigned, Pointer),
        argument("newname", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("symlinkat", &[], &[
        argument("oldname", "const char *", Register, Unsigned, Pointer),
        argument("newdfd", "int", W32, Signed, Descriptor),
        argument("newname", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("sync", &[], &[
    ]),
    signature("sync_file_range", &[I386], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("offset_low", "u32", W32, Unsigned, Scalar),
        argument("offset_high", "u32", W32, Unsigned, Scalar),
        argument("nbytes_low", "u32", W32, Unsigned, Scalar),
        argument("nbytes_high", "u32", W32, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("sync_file_range", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("offset", "loff_t", W64, Signed, Scalar),
        argument("nbytes", "loff_t", W64, Signed, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("sync_file_range2", &[Arm], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("offset_lo", "u32", W32, Unsigned, Scalar),
        argument("offset_hi", "u32", W32, Unsigned, Scalar),
        argument("nbytes_lo", "u32", W32, Unsigned, Scalar),
        argument("nbytes_hi", "u32", W32, Unsigned, Scalar),
    ]),
    signature("sync_file_range2", &[Ppc64le], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
        argument("offset", "loff_t", W64, Signed, Scalar),
        argument("nbytes", "loff_t", W64, Signed, Scalar),
    ]),
    signature("syncfs", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
    ]),
    signature("sys_debug_setcontext", &[], &[
        argument("ctx", "struct ucontext *", Register, Unsigned, Pointer),
        argument("ndbg", "int", W32, Signed, Scalar),
        argument("dbg", "struct sig_dbg_op *", Register, Unsigned, Pointer),
    ]),
    signature("sysfs", &[], &[
        argument("option", "int", W32, Signed, Scalar),
        argument("arg1", "unsigned long", Register, Unsigned, Scalar),
        argument("arg2", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("sysinfo", &[], &[
        argument("info", "struct sysinfo *", Register, Unsigned, Pointer),
    ]),
    signature("syslog", &[], &[
        argument("type", "int", W32, Signed, Scalar),
        argument("buf", "char *", Register, Unsigned, Pointer),
        argument("len", "int", W32, Signed, Scalar),
    ]),
    signature("sysmips", &[], &[
        argument("cmd", "long", Register, Signed, Scalar),
        argument("arg1", "long", Register, Signed, Scalar),
        argument("arg2", "long", Register, Signed, Scalar),
    ]),
    signature("tee", &[], &[
        argument("fdin", "int", W32, Signed, Descriptor),
        argument("fdout", "int", W32, Signed, Descriptor),
        argument("len", "size_t", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("tgkill", &[], &[
        argument("tgid", "pid_t", W32, Signed, Scalar),
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("sig", "int", W32, Signed, Scalar),
    ]),
    signature("time", &[], &[
        argument("tloc", "__kernel_old_time_t *", Register, Unsigned, Pointer),
    ]),
    signature("timer_create", &[], &[
        argument("which_clock", "clockid_t", W32, Signed, Scalar),
        argument("timer_event_spec", "struct sigevent *", Register, Unsigned, Pointer),
        argument("created_timer_id", "timer_t *", Register, Unsigned, Pointer),
    ]),
    signature("timer_delete", &[], &[
        argument("timer_id", "timer_t", W32, Signed, Scalar),
    ]),
    signature("timer_getoverrun", &[], &[
        argument("timer_id", "timer_t", W32, Signed, Scalar),
    ]),
    signature("timer_gettime", &[], &[
        argument("timer_id", "timer_t", W32, Signed, Scalar),
        argument("setting", "struct __kernel_itimerspec *", Register, Unsigned, Pointer),
    ]),
    signature("timer_gettime64", &[], &[
        argument("timer_id", "timer_t", W32, Signed, Scalar),
        argument("setting", "struct __kernel_itimerspec *", Register, Unsigned, Pointer),
    ]),
    signature("timer_settime", &[], &[
        argument("timer_id", "timer_t", W32, Signed, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
        argument("new_setting", "const struct __kernel_itimerspec *", Register, Unsigned, Pointer),
        argument("old_setting", "struct __kernel_itimerspec *", Register, Unsigned, Pointer),
    ]),
    signature("timer_settime64", &[], &[
        argument("timer_id", "timer_t", W32, Signed, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
        argument("new_setting", "const struct __kernel_itimerspec *", Register, Unsigned, Pointer),
        argument("old_setting", "struct __kernel_itimerspec *", Register, Unsigned, Pointer),
    ]),
    signature("timerfd_create", &[], &[
        argument("clockid", "int", W32, Signed, Scalar),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("timerfd_gettime", &[], &[
        argument("ufd", "int", W32, Signed, Descriptor),
        argument("otmr", "struct __kernel_itimerspec *", Register, Unsigned, Pointer),
    ]),
    signature("timerfd_gettime64", &[], &[
        argument("ufd", "int", W32, Signed, Descriptor),
        argument("otmr", "struct __kernel_itimerspec *", Register, Unsigned, Pointer),
    ]),
    signature("timerfd_settime", &[], &[
        argument("ufd", "int", W32, Signed, Descriptor),
        argument("flags", "int", W32, Signed, Scalar),
        argument("utmr", "const struct __kernel_itimerspec *", Register, Unsigned, Pointer),
        argument("otmr", "struct __kernel_itimerspec *", Register, Unsigned, Pointer),
    ]),
    signature("timerfd_settime64", &[], &[
        argument("ufd", "int", W32, Signed, Descriptor),
        argument("flags", "int", W32, Signed, Scalar),
        argument("utmr", "const struct __kernel_itimerspec *", Register, Unsigned, Pointer),
        argument("otmr", "struct __kernel_itimerspec *", Register, Unsigned, Pointer),
    ]),
    signature("times", &[], &[
        argument("tbuf", "struct tms *", Register, Unsigned, Pointer),
    ]),
    signature("tkill", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("sig", "int", W32, Signed, Scalar),
    ]),
    signature("truncate", &[], &[
        argument("path", "const char *", Register, Unsigned, Pointer),
        argument("length", "long", Register, Signed, Scalar),
    ]),
    signature("truncate64", &[Arm], &[
        argument("path", "const char *", Register, Unsigned, Pointer),
        argument("pad", "u32", W32, Unsigned, Scalar),
        argument("offset_low", "u32", W32, Unsigned, Scalar),
        argument("offset_high", "u32", W32, Unsigned, Scalar),
    ]),
    signature("truncate64", &[I386], &[
        argument("path", "const char *", Register, Unsigned, Pointer),
        argument("offset_low", "u32", W32, Unsigned, Scalar),
        argument("offset_high", "u32", W32, Unsigned, Scalar),
    ]),
    signature("ugetrlimit", &[], &[
        argument("resource", "unsigned int", W32, Unsigned, Scalar),
        argument("rlim", "struct rlimit *", Register, Unsigned, Pointer),
    ]),
    signature("umask", &[], &[
        argument("mask", "int", W32, Signed, Scalar),
    ]),
    signature("umount", &[], &[
        argument("name", "char *", Register, Unsigned, Pointer),
    ]),
    signature("umount2", &[], &[
        argument("name", "char *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("uname", &[], &[
        argument("name", "struct new_utsname *", Register, Unsigned, Pointer),
    ]),
    signature("unlink", &[], &[
        argument("pathname", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("unlinkat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("pathname", "const char *", Register, Unsigned, Pointer),
        argument("flag", "int", W32, Signed, Scalar),
    ]),
    signature("unshare", &[], &[
        argument("unshare_flags", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("uprobe", &[], &[
    ]),
    signature("uretprobe", &[], &[
    ]),
    signature("uselib", &[], &[
        argument("library", "const char *", Register, Unsigned, Pointer),
    ]),
    signature("userfaultfd", &[], &[
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("usr26", &[], &[
    ]),
    signature("usr32", &[], &[
    ]),
    signature("ustat", &[], &[
        argument("dev", "unsigned int", W32, Unsigned, Scalar),
        argument("ubuf", "struct ustat *", Register, Unsigned, Pointer),
    ]),
    signature("utime", &[], &[
        argument("filename", "char *", Register, Unsigned, Pointer),
        argument("times", "struct utimbuf *", Register, Unsigned, Pointer),
    ]),
    signature("utimensat", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("utimes", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("utimensat_time64", &[], &[
        argument("dfd", "int", W32, Signed, Descriptor),
        argument("filename", "const char *", Register, Unsigned, Pointer),
        argument("utimes", "struct __kernel_timespec *", Register, Unsigned, Pointer),
        argument("flags", "int", W32, Signed, Scalar),
    ]),
    signature("utimes", &[], &[
        argument("filename", "char *", Register, Unsigned, Pointer),
        argument("utimes", "struct __kernel_old_timeval *", Register, Unsigned, Pointer),
    ]),
    signature("vfork", &[], &[
    ]),
    signature("vhangup", &[], &[
    ]),
    signature("vm86", &[], &[
        argument("cmd", "unsigned long", Register, Unsigned, Scalar),
        argument("arg", "unsigned long", Register, Unsigned, Scalar),
    ]),
    signature("vm86old", &[], &[
        argument("user_vm86", "struct vm86_struct *", Register, Unsigned, Pointer),
    ]),
    signature("vmsplice", &[], &[
        argument("fd", "int", W32, Signed, Descriptor),
        argument("uiov", "const struct iovec *", Register, Unsigned, Pointer),
        argument("nr_segs", "unsigned long", Register, Unsigned, Scalar),
        argument("flags", "unsigned int", W32, Unsigned, Scalar),
    ]),
    signature("wait4", &[], &[
        argument("upid", "pid_t", W32, Signed, Scalar),
        argument("stat_addr", "int *", Register, Unsigned, Pointer),
        argument("options", "int", W32, Signed, Scalar),
        argument("ru", "struct rusage *", Register, Unsigned, Pointer),
    ]),
    signature("waitid", &[], &[
        argument("which", "int", W32, Signed, Scalar),
        argument("upid", "pid_t", W32, Signed, Scalar),
        argument("infop", "struct siginfo *", Register, Unsigned, Pointer),
        argument("options", "int", W32, Signed, Scalar),
        argument("ru", "struct rusage *", Register, Unsigned, Pointer),
    ]),
    signature("waitpid", &[], &[
        argument("pid", "pid_t", W32, Signed, Scalar),
        argument("stat_addr", "int *", Register, Unsigned, Pointer),
        argument("options", "int", W32, Signed, Scalar),
    ]),
    signature("write", &[], &[
        argument("fd", "unsigned int", W32, Unsigned, Descriptor),
        argument("buf", "const char *", Register, Unsigned, Pointer),
        argument("count", "size_t", Register, Unsigned, Scalar),
    ]),
    signature("writev", &[], &[
        argument("fd", "unsigned long", Register, Unsigned, Descriptor),
        argument("vec", "const struct iovec *", Register, Unsigned, Pointer),
        argument("vlen", "unsigned long", Register, Unsigned, Scalar),
    ]),
];
