# Completion of casemate-oci for bash.
_casemate_oci() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local verb= index flags='--root --log --log-format --log-level --debug --systemd-cgroup --cgroup-manager --rootless --harden -v --version -h --help' valued=' --root --log --log-format --log-level --cgroup-manager --rootless ' files=' --root --log ' ids=
    for (( index = 1; index < COMP_CWORD; index++ )); do
        case ${COMP_WORDS[index]} in
            -*) [[ $valued == *" ${COMP_WORDS[index]} "* ]] && (( index++ )) ;;
            *) verb=${COMP_WORDS[index]}; break ;;
        esac
    done
    case $verb in
        create) flags='-b --bundle -f --config --pid-file --console-socket --pidfd-socket --preserve-fds --no-pivot --no-new-keyring --help' valued=' -b --bundle -f --config --pid-file --console-socket --pidfd-socket --preserve-fds ' files=' -b --bundle -f --config --pid-file --console-socket --pidfd-socket ' ids= ;;
        start) flags=' --help' valued='  ' files='  ' ids=yes ;;
        run) flags='-b --bundle -f --config --pid-file --console-socket --pidfd-socket --preserve-fds --no-pivot --no-new-keyring --no-subreaper -d --detach --keep --help' valued=' -b --bundle -f --config --pid-file --console-socket --pidfd-socket --preserve-fds ' files=' -b --bundle -f --config --pid-file --console-socket --pidfd-socket ' ids= ;;
        state) flags=' --help' valued='  ' files='  ' ids=yes ;;
        exec) flags='-p --process --cwd -e --env -t --tty -u --user -g --additional-gids -c --cap --apparmor --process-label --no-new-privs --ignore-paused --cgroup -d --detach --pid-file --console-socket --pidfd-socket --preserve-fds --no-subreaper --help' valued=' -p --process --cwd -e --env -u --user -g --additional-gids -c --cap --apparmor --process-label --cgroup --pid-file --console-socket --pidfd-socket --preserve-fds ' files=' -p --process --cwd --pid-file --console-socket --pidfd-socket ' ids=yes ;;
        kill) flags='-a --all --help' valued='  ' files='  ' ids=yes ;;
        delete) flags='-f --force --help' valued='  ' files='  ' ids=yes ;;
        list) flags='-f --format -q --quiet --help' valued=' -f --format ' files='  ' ids= ;;
        spec) flags='-b --bundle --rootless --help' valued=' -b --bundle ' files=' -b --bundle ' ids= ;;
        features) flags=' --help' valued='  ' files='  ' ids= ;;
        pause) flags=' --help' valued='  ' files='  ' ids=yes ;;
        resume) flags=' --help' valued='  ' files='  ' ids=yes ;;
        ps) flags='-f --format --help' valued=' -f --format ' files='  ' ids=yes ;;
        events) flags='--interval --stats --help' valued=' --interval ' files='  ' ids=yes ;;
        update) flags='-r --resources --blkio-weight --cpu-period --cpu-quota --cpu-burst --cpu-share --cpu-rt-period --cpu-rt-runtime --cpuset-cpus --cpuset-mems --cpu-idle --memory --memory-reservation --memory-swap --kernel-memory --kernel-memory-tcp --pids-limit --l3-cache-schema --mem-bw-schema --help' valued=' -r --resources --blkio-weight --cpu-period --cpu-quota --cpu-burst --cpu-share --cpu-rt-period --cpu-rt-runtime --cpuset-cpus --cpuset-mems --cpu-idle --memory --memory-reservation --memory-swap --kernel-memory --kernel-memory-tcp --pids-limit --l3-cache-schema --mem-bw-schema ' files=' -r --resources ' ids=yes ;;
        checkpoint) flags='--image-path --work-path --parent-path --page-server --leave-running --pre-dump --tcp-established --ext-unix-sk --shell-job --lazy-pages --file-locks --manage-cgroups-mode --empty-ns --auto-dedup --help' valued=' --image-path --work-path --parent-path --page-server --manage-cgroups-mode --empty-ns ' files=' --image-path --work-path --parent-path ' ids=yes ;;
        restore) flags='--image-path --work-path -b --bundle -d --detach --pid-file --console-socket --no-subreaper --no-pivot --tcp-established --ext-unix-sk --shell-job --lazy-pages --file-locks --manage-cgroups-mode --empty-ns --auto-dedup --help' valued=' --image-path --work-path -b --bundle --pid-file --console-socket --manage-cgroups-mode --empty-ns ' files=' --image-path --work-path -b --bundle --pid-file --console-socket ' ids= ;;
    esac
    if [[ $files == *" $previous "* ]]; then
        COMPREPLY=($(compgen -f -- "$current"))
    elif [[ $valued == *" $previous "* ]]; then
        COMPREPLY=()
    elif [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$current"))
    elif [[ -z $verb ]]; then
        COMPREPLY=($(compgen -W 'create start run state exec kill delete list spec features pause resume ps events update checkpoint restore' -- "$current"))
    elif [[ -n $ids ]]; then
        COMPREPLY=($(compgen -W "$(casemate-oci list --quiet 2>/dev/null)" -- "$current"))
    fi
}
complete -F _casemate_oci casemate-oci
