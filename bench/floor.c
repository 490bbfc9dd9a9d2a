/* The floor of the launch bench: what a launch must cost at least.
 *
 *   floor [--no-lo] [--read DIRECTORY] COMMAND [ARGS]
 *
 * One clone and one exec with the same confinement as `casemate run` gives: eight namespaces, a map to one unprivileged id, a
 * root of its own with the system's directories read-only, /tmp, /dev with six devices, a terminal directory and /dev/shm,
 * /proc, the loopback interface up (unless --no-lo), no capability in any set, no_new_privs, Landlock and a syscall filter of
 * 60 numbers. There is no init, no terminal, no limits and nothing that checks or explains; the first error ends it. It is a
 * ruler, not a tool.
 *
 * Every constant that Debian 12's headers lack is defined here, with the version it appeared in.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* linux/sched.h, 5.6; only clone3 takes it. */
#define CLONE_NEWTIME_ 0x00000080ULL
/* linux/mount.h, 5.12 */
struct attributes {
    uint64_t set, clear, propagation, userns;
};
#define ATTR_RDONLY 0x1
#define ATTR_NOSUID 0x2
#define ATTR_NODEV 0x4
#define AT_RECURSIVE_ 0x8000
/* linux/landlock.h: net since ABI 4 (6.7), scoped since ABI 6 (6.12). */
struct ruleset {
    uint64_t fs, net, scoped;
};
struct beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));
#define FS_EXECUTE (1 << 0)
#define FS_READ (1 << 2 | 1 << 3)

static void check(long result, const char *what) {
    if (result >= 0)
        return;
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    _exit(125);
}

static void put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    check(fd, path);
    check(write(fd, text, strlen(text)), path);
    close(fd);
}

static void map_ids(unsigned uid, unsigned gid) {
    char line[64];
    snprintf(line, sizeof line, "1000 %u 1", uid);
    put("/proc/self/uid_map", line);
    put("/proc/self/setgroups", "deny");
    snprintf(line, sizeof line, "1000 %u 1", gid);
    put("/proc/self/gid_map", line);
}

/* A directory of the host, or the link that stands in its place on a merged /usr. */
static void expose(const char *name) {
    char host[64], target[64];
    snprintf(host, sizeof host, "/%s", name);
    ssize_t length = readlink(host, target, sizeof target - 1);
    if (length >= 0) {
        target[length] = 0;
        check(symlink(target, name), name);
        return;
    }
    if (mkdir(name, 0755) == 0 && mount(host, name, NULL, MS_BIND | MS_REC, NULL) != 0 && errno != ENOENT)
        check(-1, host);
}

static void device(const char *name) {
    char host[64], here[64];
    snprintf(host, sizeof host, "/dev/%s", name);
    snprintf(here, sizeof here, "dev/%s", name);
    check(mknod(here, S_IFREG | 0666, 0), here);
    check(mount(host, here, NULL, MS_BIND, NULL), host);
}

/* A further directory of the host at its own path. */
static void bind_at_own_path(const char *path) {
    char here[256];
    snprintf(here, sizeof here, "%s", path + 1);
    for (char *slash = strchr(here, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(here, 0755) != 0 && errno != EEXIST)
            check(-1, here);
        *slash = '/';
    }
    check(mkdir(here, 0755), here);
    check(mount(path, here, NULL, MS_BIND, NULL), path);
}

static void enter_root(const char *further) {
    static const char *system[] = {"usr", "etc", "bin", "sbin", "lib", "lib64"};
    static const char *empty[] = {"tmp", "dev", "proc"};
    static const char *devices[] = {"null", "zero", "full", "random", "urandom", "tty"};
    check(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make private");
    check(mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m"), "root");
    check(chdir("/tmp"), "root");
    for (size_t i = 0; i < sizeof system / sizeof *system; i++)
        expose(system[i]);
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        check(mkdir(empty[i], 0755), empty[i]);
    if (further)
        bind_at_own_path(further);
    struct attributes locked = {.set = ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV};
    check(syscall(SYS_mount_setattr, AT_FDCWD, ".", AT_RECURSIVE_, &locked, sizeof locked), "read-only");
    check(mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m"), "tmp");
    check(mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k"), "dev");
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        device(devices[i]);
    check(mkdir("dev/pts", 0755), "dev/pts");
    check(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620"), "devpts");
    check(symlink("pts/ptmx", "dev/ptmx"), "ptmx");
    check(mkdir("dev/shm", 01777), "dev/shm");
    check(mount("tmpfs", "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=64m"), "shm");
    check(mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "proc");
    check(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    check(umount2(".", MNT_DETACH), "detach");
    check(chdir("/"), "chdir");
}

static void raise_loopback(void) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    check(fd, "socket");
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    check(ioctl(fd, SIOCSIFFLAGS, &request), "lo");
    close(fd);
}

static void allow(int ruleset, const char *path, uint64_t rights) {
    struct beneath rule = {.allowed = rights, .parent = open(path, O_PATH | O_CLOEXEC)};
    check(rule.parent, path);
    check(syscall(SYS_landlock_add_rule, ruleset, 1, &rule, 0), path);
    close(rule.parent);
}

static void restrict_self(const char *further) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
    if (abi < 0)
        return; /* a kernel without Landlock: the row says so by its number of calls */
    uint64_t all = (1 << 13) - 1; /* ABI 1; then refer, truncate and, at 5, ioctl on devices */
    if (abi >= 2) all |= 1 << 13;
    if (abi >= 3) all |= 1 << 14;
    if (abi >= 5) all |= 1 << 15;
    struct ruleset handled = {.fs = all, .net = abi >= 4 ? 3 : 0, .scoped = abi >= 6 ? 3 : 0};
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    int ruleset = syscall(SYS_landlock_create_ruleset, &handled, size, 0);
    check(ruleset, "landlock");
    /* Close to the files: the kernel looks for a rule at each directory from the file upwards, at every open. */
    static const char *readable[] = {"/usr", "/etc", "/proc"};
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
        allow(ruleset, readable[i], FS_READ | FS_EXECUTE);
    if (further)
        allow(ruleset, further, FS_READ | FS_EXECUTE);
    allow(ruleset, "/tmp", all);
    allow(ruleset, "/dev", all);
    check(syscall(SYS_landlock_restrict_self, ruleset, 0), "restrict");
    close(ruleset);
}

static void drop_capabilities(void) {
    int capability = 0;
    while (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
        capability++;
    if (errno != EINVAL) /* which is the answer for the first number that this kernel does not know */
        check(-1, "bounding set");
    check(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "ambient set");
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    check(syscall(SYS_capset, &header, none), "capset");
}

/* Sixty numbers that an ordinary program does without, refused one after the other. */
static void filter_calls(void) {
    static const uint16_t refused[60] = {
        101, 134, 135, 136, 139, 153, 154, 155, 156, 159, 161, 163, 164, 165, 166, 167, 168, 169, 170, 172,
        173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 205, 211, 212, 227, 236, 237, 238,
        239, 246, 248, 249, 250, 256, 272, 279, 298, 300, 303, 304, 305, 308, 310, 311, 312, 313, 320, 321,
    };
    struct sock_filter filter[4 + 60 + 2] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    for (int i = 0; i < 60; i++)
        filter[4 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[i], 60 - i, 0);
    filter[64] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[65] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog program = {.len = 66, .filter = filter};
    check(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program), "filter");
}

int main(int count, char **words) {
    int first = 1, loopback = 1;
    const char *further = NULL;
    if (count > first && strcmp(words[first], "--no-lo") == 0) {
        loopback = 0;
        first += 1;
    }
    if (count > first + 1 && strcmp(words[first], "--read") == 0) {
        further = words[first + 1];
        first += 2;
    }
    if (first >= count || (further && *further != '/')) {
        fprintf(stderr, "usage: floor [--no-lo] [--read DIRECTORY] COMMAND [ARGS]\n");
        return 125;
    }
    unsigned uid = geteuid(), gid = getegid();
    uint64_t arguments[8] = {
        CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME_,
        [4] = SIGCHLD,
    };
    long child = syscall(SYS_clone3, arguments, sizeof arguments);
    check(child, "clone3");
    if (child == 0) {
        check(prctl(PR_SET_PDEATHSIG, SIGKILL), "death signal");
        map_ids(uid, gid);
        check(sethostname("floor", 5), "hostname");
        if (loopback)
            raise_loopback();
        enter_root(further);
        check(setsid(), "session");
        check(syscall(SYS_close_range, 3, ~0U, 4), "close_range");
        drop_capabilities();
        check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
        restrict_self(further);
        filter_calls();
        execv(words[first], words + first);
        check(-1, words[first]);
    }
    int status;
    check(waitpid(child, &status, 0), "wait");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
