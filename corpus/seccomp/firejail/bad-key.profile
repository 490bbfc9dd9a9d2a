seccomp.dorp mount
