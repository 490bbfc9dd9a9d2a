# A printer, a tunnel, and a disk that is only read.
docker run --device /dev/fuse --device /dev/net/tun:/dev/net/tun:rw \
  --device-cgroup-rule 'c 189:* rmw' \
  --device-read-bps /dev/sda:10mb --device-write-iops /dev/sda:100 \
  --cap-add=SYS_ADMIN,MKNOD --security-opt apparmor=unconfined \
  --sysctl net.core.somaxconn=1024 --shm-size 1g \
  --gpus all --group-add video --group-add 44 \
  -e DISPLAY -e LANG=C.UTF-8 -w /work -t registry.example.net/print:3 print --now
docker create --name disk --device /dev/sda:/dev/xvda:r debian:12
