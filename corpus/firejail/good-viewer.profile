whitelist ${DOWNLOADS}
whitelist ${HOME}/.config/viewer
whitelist-ro /usr/share/viewer
whitelist ${HOME}/.cache/viewer-*
read-only ${HOME}/.config/viewer/theme
private-bin viewer,sh
private-etc fonts,passwd
caps.keep chown,net_bind_service
nosound
notv
novideo
no3d
private-dev
ipc-namespace
hostname viewer
machine-id
noexec /tmp
timeout 01:30:00
