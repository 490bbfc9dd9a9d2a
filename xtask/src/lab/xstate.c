/* Preloaded into user-mode-linux on processors with AMX or APX.
 *
 * Up to Linux 6.12 user-mode-linux keeps 2696 bytes of extended registers for each task (arch/x86/um, FP_SIZE), which is
 * all there was until AMX. The host takes PTRACE_SETREGSET of NT_X86_XSTATE only for the whole area (EFAULT otherwise),
 * so on newer processors the first exec fails and the kernel panics: "ptrace set fp regs failed, errno = 14".
 * This completes a short area with what the task has now. Nothing in the lab can own AMX state: it needs a permission
 * (arch_prctl ARCH_REQ_XCOMP_PERM) that user-mode-linux never asks for.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

long ptrace(enum __ptrace_request request, ...) {
    va_list arguments;
    va_start(arguments, request);
    pid_t pid = va_arg(arguments, pid_t);
    void *address = va_arg(arguments, void *);
    void *data = va_arg(arguments, void *);
    va_end(arguments);

    if (request == PTRACE_SETREGSET && (long)address == NT_X86_XSTATE) {
        static _Thread_local char whole[65536] __attribute__((aligned(64)));
        const struct iovec *given = data;
        struct iovec all = {.iov_base = whole, .iov_len = sizeof whole};
        if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, address, &all) == 0 && given->iov_len < all.iov_len) {
            memcpy(whole, given->iov_base, given->iov_len);
            return syscall(SYS_ptrace, request, pid, address, &all);
        }
    }
    /* The C library's peeks return the word itself; the system call stores it. */
    if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA || request == PTRACE_PEEKUSER) {
        long word;
        long result = syscall(SYS_ptrace, request, pid, address, &word);
        return result < 0 ? result : word;
    }
    return syscall(SYS_ptrace, request, pid, address, data);
}
