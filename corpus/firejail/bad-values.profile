caps.keep chown,fly
cpu one
timeout soon
seccomp.drop no@group,@nonsense
