# Firejail profile of a browser
include globals.local
noblacklist ${HOME}/.browser
caps.drop all
seccomp !chroot,@memlock
protocol unix,inet,inet6,netlink
