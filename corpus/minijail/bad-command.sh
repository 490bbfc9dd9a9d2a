minijail0 -u 1000 -R RLIMIT_NOFILES,1,1 -c 0xzz
