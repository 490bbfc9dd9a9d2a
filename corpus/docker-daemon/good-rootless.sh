dockerd --rootless --exec-opt native.cgroupdriver=systemd --log-opt max-size=10m --default-shm-size=1g
