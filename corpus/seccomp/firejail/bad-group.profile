seccomp @clok
