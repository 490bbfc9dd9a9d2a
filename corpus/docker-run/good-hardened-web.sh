#!/bin/sh
# The shop's front, as tight as it goes.
docker run -d --name web \
  --user 101:101 \
  --read-only --tmpfs /tmp:size=16m --tmpfs /var/cache/nginx:rw,size=64m,mode=0700 \
  --cap-drop ALL --cap-add NET_BIND_SERVICE \
  --security-opt no-new-privileges \
  --memory 256m --memory-swap 256m --pids-limit 100 --cpus 1.5 \
  --ulimit nofile=1024:2048 \
  -p 127.0.0.1:8080:80 \
  -v /srv/shop/html:/usr/share/nginx/html:ro \
  -v "$HOME/certs:/etc/nginx/certs:ro" \
  --restart unless-stopped \
  --label com.example.team=shop \
  nginx:1.27 nginx -g 'daemon off;'
