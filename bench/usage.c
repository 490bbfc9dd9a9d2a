/* What a command and everything that it waited for used: usage TIMES COMMAND [ARGS]
 *
 * Prints the largest resident size of any one process in KiB, shared pages included, and the mean CPU time of a run in
 * microseconds. A program of its own, and static: the kernel counts the memory of the parent until the exec as the child's.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count < 3)
        return 2;
    int times = atoi(words[1]);
    long peak = 0;
    double cpu = 0;
    for (int i = 0; i < times; i++) {
        pid_t child;
        int status;
        struct rusage usage;
        if (posix_spawn(&child, words[2], NULL, NULL, words + 2, environ) != 0)
            return 1;
        if (wait4(child, &status, 0, &usage) < 0 || status != 0)
            return 1;
        if (usage.ru_maxrss > peak)
            peak = usage.ru_maxrss;
        cpu += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6;
        cpu += (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    }
    printf("%ld %.0f\n", peak, cpu / times);
    return 0;
}
