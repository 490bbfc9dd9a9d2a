docker run --privileged --pid=host --net=host --ipc host --uts=host \
  -v /:/host -v /var/run/docker.sock:/var/run/docker.sock \
  --name toolbox debian:12 sleep infinity
