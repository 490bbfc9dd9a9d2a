minijail0 --ambiant -u 1000 -- /bin/true
