# A web server behind a proxy, in namespaces of its own.
minijail0 -u 33 -g 33 -c 0x400 --ambient -n -p -l -N -v -e --uts=web \
  -S web.policy -R RLIMIT_NOFILE,1024,4096 -t32M \
  -b /var/www,/var/www -b /var/log/web,/var/log/web,1 \
  -- /usr/sbin/webd --foreground
