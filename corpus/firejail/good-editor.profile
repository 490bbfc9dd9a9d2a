# An editor without network.
quiet
include editor.local
include shared.inc

noblacklist ${HOME}/.bashrc
blacklist ${HOME}/.config/*
blacklist ${HOME}/.bashrc

caps.drop all
net none
nonewprivs
noroot
nogroups
private-dev
private-tmp
seccomp
protocol unix
disable-mnt
dbus-user none
x11 none
rlimit-nofile 512
