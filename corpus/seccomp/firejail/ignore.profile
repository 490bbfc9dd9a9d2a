ignore seccomp.drop
seccomp.drop mount
seccomp.keep read,exit
seccomp.block-secondary
