/* Nanoseconds for one open and close of a file, the best of ten batches: openclose COUNT FILE */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(int count, char **words) {
    if (count != 3)
        return 2;
    long times = atol(words[1]);
    double best = 1e18;
    for (int batch = 0; batch < 10; batch++) {
        double start = now();
        for (long i = 0; i < times; i++) {
            int fd = open(words[2], O_RDONLY | O_CLOEXEC);
            if (fd < 0) {
                perror(words[2]);
                return 1;
            }
            close(fd);
        }
        double each = (now() - start) / (double)times;
        if (each < best)
            best = each;
    }
    printf("%.0f\n", best);
    return 0;
}
