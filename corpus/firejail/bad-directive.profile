caps.drop all
no-root
private-bni sh
noroot please
rlimit-nofile
?MOON_IS_FULL: noroot
