minijail0 -m'0 1000 1' -M'0 1000 1' -Urw -T static -K -Y /bin/sh -c 'id; ls'
