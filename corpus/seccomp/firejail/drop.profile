private
seccomp.drop mount,umount2:ENOENT,@clock,!clock_settime,$169,no_such_call,kexec_load:kill
