docker run --name sidecar --network container:web --pid container:web --ipc container:web \
  --volumes-from web -P --init --stop-signal SIGINT --hostname side --domainname example.net \
  --cpu-period 50000 --cpu-quota 25000 --memory-reservation 64m --kernel-memory 32m \
  --blkio-weight 300 --storage-opt size=10G --annotation run.example=1 debian:12 tail -f /var/log/app.log
