bind /srv/data,/mnt/data
tmpfs /opt/scratch
private ${HOME}/sandbox
private-cache
read-write /var/lib/app
blacklist ${PATH}/sudo
allow-debuggers
keep-var-tmp
netns blue
