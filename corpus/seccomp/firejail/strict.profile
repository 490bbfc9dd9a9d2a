seccomp-error-action kill
seccomp.keep read,write,exit_group,@io-event,!epoll_ctl
seccomp.block-secondary
memory-deny-write-execute
restrict-namespaces user,net,time
