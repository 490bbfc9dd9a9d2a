?HAS_APPIMAGE: ignore private-bin
?BROWSER_DISABLE_U2F: nou2f
net none
?HAS_NET: blacklist /run/network
?HAS_X11: private-tmp
ignore noroot
ignore dbus-user
noroot
dbus-user filter
dbus-user.talk org.freedesktop.Notifications
memory-deny-write-execute
restrict-namespaces
