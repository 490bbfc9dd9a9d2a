docker run --security-opt seccomp=./tight.json --security-opt label=type:svirt_apache_t \
  --security-opt label=level:s0:c100,c200 --userns host --cgroupns host httpd:2.4
docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined --name open httpd:2.4
docker run --security-opt seccomp=/etc/docker/missing.json --name elsewhere httpd:2.4
