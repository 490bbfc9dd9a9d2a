/usr/sbin/dockerd -H unix:///var/run/docker.sock --userns-remap=remap:remap --icc=false \
  --no-new-privileges --default-ulimit nofile=1024:2048 --storage-driver overlay2 --log-level warn
