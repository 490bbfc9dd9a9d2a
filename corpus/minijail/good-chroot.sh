/sbin/minijail0 -P /mnt/empty -b /,/ -b /dev/log,/dev/log -k 'proc,/proc,proc,MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC' \
  -k tmpfs,/run,tmpfs,0xe,mode=0755,size=4M -u nobody -G -i -- /usr/bin/logd
