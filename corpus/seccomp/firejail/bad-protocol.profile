protocol unix,inet7
seccomp
