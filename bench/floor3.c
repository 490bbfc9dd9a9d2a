/* The floor of the container bench: what a container must cost at least.
 *
 *   floor3 GROUP ROOT COMMAND [ARGS]
 *
 * One clone3 and one exec with what the bench's bundle asks for but its filter and its rules for devices: a control group of its
 * own in every hierarchy, entered by CLONE_INTO_CGROUP with version 2 and through an inherited descriptor with version 1; new
 * mount, pid, network, ipc, uts and cgroup namespaces, a read-only root, the seven usual file systems, six devices and the links
 * beside them, masked and read-only paths, a host name, Docker's capabilities, no_new_privs. ROOT is a directory; nothing is
 * parsed, checked or explained, there is no state, and the first error ends it. It is a ruler, not a tool.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

/* linux/sched.h, 5.7 */
#define CLONE_INTO_CGROUP_ 0x200000000ULL
/* Docker's fourteen capabilities. */
#define KEPT 0xa80425fbULL

static void check(long result, const char *what) {
    if (result >= 0)
        return;
    fprintf(stderr, "floor3: %s: %s\n", what, strerror(errno));
    _exit(125);
}

/* The groups: one with version 2, one a hierarchy with version 1. */
static struct {
    char hierarchy[32], path[128];
    int tasks;
} groups[32];
static int many, unified = -1;

static void copy(const char *from, const char *to) {
    char text[256];
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CLOEXEC);
    ssize_t length = in < 0 ? -1 : read(in, text, sizeof text);
    if (length > 0 && out >= 0)
        check(write(out, text, length), to);
    close(in);
    close(out);
}

static void make_groups(const char *name) {
    const char *base = "/sys/fs/cgroup";
    if (access("/sys/fs/cgroup/cgroup.procs", F_OK) == 0) {
        snprintf(groups[0].path, sizeof groups[0].path, "%s/%s", base, name);
        check(mkdir(groups[0].path, 0755), groups[0].path);
        unified = open(groups[0].path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        check(unified, groups[0].path);
        many = 1;
        return;
    }
    DIR *hierarchies = opendir(base);
    for (struct dirent *entry; hierarchies && many < 32 && (entry = readdir(hierarchies));) {
        char path[320];
        snprintf(path, sizeof path, "%s/%s/tasks", base, entry->d_name);
        /* Links stand for hierarchies that are there under another name. */
        if (entry->d_name[0] == '.' || entry->d_type != DT_DIR || access(path, F_OK) != 0)
            continue;
        snprintf(groups[many].hierarchy, sizeof groups[many].hierarchy, "%.31s", entry->d_name);
        snprintf(groups[many].path, sizeof groups[many].path, "%s/%.31s/%.60s", base, entry->d_name, name);
        check(mkdir(groups[many].path, 0755), groups[many].path);
        if (strcmp(entry->d_name, "cpuset") == 0) {
            snprintf(path, sizeof path, "%s/cpuset.cpus", groups[many].path);
            copy("/sys/fs/cgroup/cpuset/cpuset.cpus", path);
            snprintf(path, sizeof path, "%s/cpuset.mems", groups[many].path);
            copy("/sys/fs/cgroup/cpuset/cpuset.mems", path);
        }
        snprintf(path, sizeof path, "%s/tasks", groups[many].path);
        groups[many].tasks = open(path, O_WRONLY | O_CLOEXEC);
        check(groups[many++].tasks, path);
    }
    closedir(hierarchies);
}

static void mounted(const char *type, const char *where, unsigned long flags, const char *data) {
    check(mount(type, where, type, flags, data), where);
}

static void device(const char *name, unsigned major, unsigned minor) {
    char path[64];
    snprintf(path, sizeof path, "dev/%s", name);
    check(mknod(path, S_IFCHR | 0666, makedev(major, minor)), path);
}

static void enter_root(const char *root) {
    const unsigned long quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    check(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL), "propagation");
    check(mount(root, root, NULL, MS_BIND | MS_REC, NULL), root);
    check(chdir(root), root);
    mounted("proc", "proc", quiet, NULL);
    mounted("tmpfs", "dev", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k");
    check(mkdir("dev/pts", 0755), "dev/pts");
    check(mkdir("dev/shm", 0755), "dev/shm");
    check(mkdir("dev/mqueue", 0755), "dev/mqueue");
    mounted("devpts", "dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5");
    mounted("tmpfs", "dev/shm", quiet, "mode=1777,size=65536k");
    mounted("mqueue", "dev/mqueue", quiet, NULL);
    mounted("sysfs", "sys", quiet | MS_RDONLY, NULL);
    if (unified >= 0)
        mounted("cgroup2", "sys/fs/cgroup", quiet | MS_RDONLY, NULL);
    else
        mounted("tmpfs", "sys/fs/cgroup", quiet, "mode=755");
    for (int i = 0; unified < 0 && i < many; i++) {
        char path[64];
        snprintf(path, sizeof path, "sys/fs/cgroup/%s", groups[i].hierarchy);
        check(mkdir(path, 0755), path);
        check(mount(groups[i].path, path, NULL, MS_BIND, NULL), path);
        check(mount(NULL, path, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | quiet, NULL), path);
    }
    if (unified < 0)
        check(mount(NULL, "sys/fs/cgroup", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | quiet, NULL), "cgroup");
    device("null", 1, 3);
    device("zero", 1, 5);
    device("full", 1, 7);
    device("random", 1, 8);
    device("urandom", 1, 9);
    device("tty", 5, 0);
    static const char *links[][2] = {{"/proc/self/fd", "dev/fd"}, {"/proc/self/fd/0", "dev/stdin"}, {"/proc/self/fd/1", "dev/stdout"},
                                     {"/proc/self/fd/2", "dev/stderr"}, {"pts/ptmx", "dev/ptmx"}};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        check(symlink(links[i][0], links[i][1]), links[i][1]);
    check(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    check(umount2(".", MNT_DETACH), "detach");
    check(chdir("/"), "chdir");
    static const char *hidden[] = {"/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
                                   "/proc/sched_debug", "/proc/scsi", "/sys/firmware"};
    static const char *locked[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (mount("/dev/null", hidden[i], NULL, MS_BIND, NULL) != 0 && errno == ENOTDIR)
            mounted("tmpfs", hidden[i], MS_RDONLY, NULL);
    for (size_t i = 0; i < sizeof locked / sizeof *locked; i++)
        if (mount(locked[i], locked[i], NULL, MS_BIND | MS_REC, NULL) == 0)
            check(mount(NULL, locked[i], NULL, MS_BIND | MS_REMOUNT | MS_REC | MS_RDONLY | quiet, NULL), locked[i]);
    check(mount(NULL, "/", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), "read-only root");
}

static void keep_capabilities(void) {
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        if (!(KEPT >> capability & 1))
            check(prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "bounding set");
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{.effective = (uint32_t)KEPT, .permitted = (uint32_t)KEPT}};
    check(syscall(SYS_capset, &header, data), "capset");
}

int main(int count, char **words) {
    if (count < 4) {
        fprintf(stderr, "usage: floor3 GROUP ROOT COMMAND [ARGS]\n");
        return 125;
    }
    make_groups(words[1]);
    uint64_t arguments[11] = {
        CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS,
        [4] = SIGCHLD,
    };
    if (unified >= 0) {
        arguments[0] |= CLONE_INTO_CGROUP_;
        arguments[10] = unified;
    }
    long child = syscall(SYS_clone3, arguments, sizeof arguments);
    check(child, "clone3");
    if (child == 0) {
        check(prctl(PR_SET_PDEATHSIG, SIGKILL), "death signal");
        for (int i = 0; unified < 0 && i < many; i++)
            check(write(groups[i].tasks, "0", 1), groups[i].path);
        check(unshare(CLONE_NEWCGROUP), "cgroup namespace");
        check(sethostname("bench", 5), "hostname");
        enter_root(words[2]);
        check(setsid(), "session");
        check(syscall(SYS_close_range, 3, ~0U, 4), "close_range");
        keep_capabilities();
        check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
        char *environment[] = {"PATH=/bin", NULL};
        execve(words[3], words + 3, environment);
        check(-1, words[3]);
    }
    int status;
    check(waitpid(child, &status, 0), "wait");
    for (int i = 0; i < many; i++)
        check(rmdir(groups[i].path), "remove group");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
