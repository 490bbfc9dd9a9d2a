minijail0 --profile=minimalistic-mountns --preload-library /lib64/libminijailpreload.so -u 1001 -g 1001 -s -L --env-add A=b /usr/bin/decode
