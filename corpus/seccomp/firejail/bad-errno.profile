seccomp.drop mount:ENOET
