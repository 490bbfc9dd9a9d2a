caps.keep net_bind_service,setgid,setuid
net br0
ip 10.10.20.5
netfilter
private
private-srv www
writable-var-log
writable-etc
cpu 0,1
keep-fd 3,4
env MODE=production
rmenv SECRET
apparmor
seccomp.drop mount,umount2,ptrace
seccomp-error-action kill
