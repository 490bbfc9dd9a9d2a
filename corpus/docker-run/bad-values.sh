docker run --memory lots --cap-add NET_ADMINN --ulimit files=3 -p 80:80:80:80 \
  -v relative/path --pid sideways --security-opt no-new-privs --user 1000 alpine
