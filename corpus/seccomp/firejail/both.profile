seccomp-error-action EPERM
seccomp.drop chroot,pivot_root
seccomp.32.drop chroot,stime
