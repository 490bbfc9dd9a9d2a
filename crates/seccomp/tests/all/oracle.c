// Loads a filter in a child, makes system calls there, and prints what each returned.
//
// Input: two 32-bit counts, of instructions and of calls; the instructions; for each call the entry (0 is `syscall`,
// 1 is `int 0x80`), the number, and six 64-bit arguments. Output: one 64-bit result a call. The filter answers every
// call with an errno, so none is executed; the child cannot even exit, and ends by an illegal instruction.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct call {
    uint32_t entry, number;
    uint64_t args[6];
};

static long enter(const struct call *call)
{
    long result;
    const uint64_t *a = call->args;
    if (call->entry == 0) {
        register uint64_t r10 __asm__("r10") = a[3];
        register uint64_t r8 __asm__("r8") = a[4];
        register uint64_t r9 __asm__("r9") = a[5];
        __asm__ volatile("syscall"
                         : "=a"(result)
                         : "a"((uint64_t)call->number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                         : "rcx", "r11", "memory");
    } else {
        // The sixth argument is in ebp, which the compiler may need for itself.
        __asm__ volatile("pushq %%rbp\n\tmovq %7, %%rbp\n\tint $0x80\n\tpopq %%rbp"
                         : "=a"(result)
                         : "a"((uint64_t)call->number), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4]), "r"(a[5])
                         : "memory", "r8", "r9", "r10", "r11");
        result = (int32_t)result;
    }
    return result;
}

int main(void)
{
    uint32_t counts[2];
    if (fread(counts, sizeof counts, 1, stdin) != 1)
        return 10;
    struct sock_filter *filter = calloc(counts[0], sizeof *filter);
    struct call *calls = calloc(counts[1], sizeof *calls);
    if (!filter || !calls || fread(filter, sizeof *filter, counts[0], stdin) != counts[0] ||
        fread(calls, sizeof *calls, counts[1], stdin) != counts[1])
        return 11;
    int64_t *results = mmap(0, counts[1] * sizeof *results + 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (results == MAP_FAILED)
        return 12;
    for (uint32_t i = 0; i < counts[1]; i++)
        results[i] = 1;
    pid_t child = fork();
    if (child == 0) {
        struct sock_fprog program = {.len = (unsigned short)counts[0], .filter = filter};
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
            _exit(13);
        if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
            _exit(14);
        for (uint32_t i = 0; i < counts[1]; i++)
            results[i] = enter(&calls[i]);
        __builtin_trap();
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 15;
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    return fwrite(results, sizeof *results, counts[1], stdout) == counts[1] ? 0 : 16;
}
