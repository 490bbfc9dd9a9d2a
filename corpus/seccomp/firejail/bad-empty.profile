seccomp.drop
