# Completion of casemate for bash.
_casemate() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local flags valued index start=
    if (( COMP_CWORD == 1 )); then
        COMPREPLY=($(compgen -W 'run show convert diff compare doctor seccomp generate help --help --version' -- "$current"))
        return
    fi
    case ${COMP_WORDS[1]} in
        run) flags='-p --profile -n --dry-run --explain --report --best-effort -v --verbose -q --quiet --color -h --help --directory --read --write --run --hide --temporary --system --no-system --proc --sys --network --listen --connect --memory --processes --cpu --time --file-size --open-files --limits --user --ids --keep --new-privileges --no-new-privileges --syscalls --refuse --share --landlock --no-landlock --apparmor --selinux --smack --environment --set --hostname --devices --terminal --descriptors --keyring --sysctl' valued=' -p --profile --report --best-effort --color --directory --read --write --run --hide --temporary --proc --sys --network --listen --connect --memory --processes --cpu --time --file-size --open-files --limits --user --ids --keep --syscalls --refuse --share --apparmor --selinux --smack --environment --set --hostname --devices --terminal --descriptors --keyring --sysctl ' ;;
        show) flags='-p --profile -f --from --engine --engine-config --format --color -h --help --directory --read --write --run --hide --temporary --system --no-system --proc --sys --network --listen --connect --memory --processes --cpu --time --file-size --open-files --limits --user --ids --keep --new-privileges --no-new-privileges --syscalls --refuse --share --landlock --no-landlock --apparmor --selinux --smack --environment --set --hostname --devices --terminal --descriptors --keyring --sysctl' valued=' -p --profile -f --from --engine --engine-config --format --color --directory --read --write --run --hide --temporary --proc --sys --network --listen --connect --memory --processes --cpu --time --file-size --open-files --limits --user --ids --keep --syscalls --refuse --share --apparmor --selinux --smack --environment --set --hostname --devices --terminal --descriptors --keyring --sysctl ' ;;
        convert) flags='-f --from -t --to --engine --engine-config --allow-loss -o --output --color -h --help' valued=' -f --from -t --to --engine --engine-config -o --output --color ' ;;
        diff) flags='-f --from --engine --engine-config --no-more --format --color -h --help' valued=' -f --from --engine --engine-config --format --color ' ;;
        compare) flags='--format --color -h --help' valued=' --format --color ' ;;
        doctor) flags='--format --color -h --help' valued=' --format --color ' ;;
        seccomp) flags='-h --help --to -o --output --loss --arch --from --kernel --cap --color --format --names --fix-widths --index --since' valued=' --to -o --output --loss --arch --from --kernel --cap --color --format --index --since ' ;;
        generate) flags='-h --help' valued='  ' ;;
        help) flags='' valued='  ' ;;
    esac
    case ${COMP_WORDS[1]} in
        help) COMPREPLY=($(compgen -W 'run show convert diff compare doctor seccomp generate help' -- "$current")); return ;;
        seccomp) if (( COMP_CWORD == 2 )) && [[ $current != -* ]]; then
            COMPREPLY=($(compgen -W 'compile explain list eval diff check dump stats syscalls fuse' -- "$current")); return
        elif [[ $current != -* && $valued != *" $previous "* ]]; then
            COMPREPLY=($(compgen -f -- "$current")); return
        fi ;;
        convert) if [[ $current != -* && $valued != *" $previous "* ]]; then
            COMPREPLY=($(compgen -f -- "$current")); return
        fi ;;
        diff) if [[ $current != -* && $valued != *" $previous "* ]]; then
            COMPREPLY=($(compgen -f -- "$current")); return
        fi ;;
    esac
    for (( index = 2; index < COMP_CWORD; index++ )); do
        case ${COMP_WORDS[index]} in
            --) start=$(( index + 1 )); break ;;
            -*) [[ $valued == *" ${COMP_WORDS[index]} "* ]] && (( index++ )) ;;
            *) start=$index; break ;;
        esac
    done
    if [[ -z $start && $index -eq $COMP_CWORD && -n $current && $current != -* ]]; then
        start=$COMP_CWORD
    fi
    if [[ -n $start && ( ${COMP_WORDS[1]} == run || ${COMP_WORDS[1]} == show ) ]]; then
        if declare -F _command_offset >/dev/null; then
            _command_offset "$start"
        elif (( start == COMP_CWORD )); then
            COMPREPLY=($(compgen -c -- "$current"))
        else
            COMPREPLY=($(compgen -f -- "$current"))
        fi
        return
    fi
    case ${COMP_WORDS[1]}:$previous in
        *:--apparmor) COMPREPLY=(); return ;;
        *:--arch) COMPREPLY=($(compgen -W 'x86_64 i386 x32 aarch64 arm riscv64 s390x ppc64le loongarch64 mips64 mips64el' -- "$current")); return ;;
        *:--best-effort) COMPREPLY=($(compgen -W 'ids namespaces capabilities syscalls files devices resources network mac kernel' -- "$current")); return ;;
        *:--cap) COMPREPLY=(); return ;;
        *:--color) COMPREPLY=($(compgen -W 'auto always never' -- "$current")); return ;;
        *:--connect) COMPREPLY=(); return ;;
        *:--cpu) COMPREPLY=(); return ;;
        *:--descriptors) COMPREPLY=(); return ;;
        *:--devices) COMPREPLY=(); return ;;
        *:--directory) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:--engine) COMPREPLY=(); return ;;
        *:--engine-config) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:--environment) COMPREPLY=(); return ;;
        *:--file-size) COMPREPLY=(); return ;;
        *:--format) COMPREPLY=($(compgen -W 'text json' -- "$current")); return ;;
        show:--from|convert:--from|diff:--from) COMPREPLY=($(compgen -W 'profile oci lxc compose docker-inspect docker-run docker-daemon kubernetes systemd firejail podman-inspect quadlet containers-conf bubblewrap minijail appc ecs procfile' -- "$current")); return ;;
        seccomp:--from) COMPREPLY=(); return ;;
        *:--hide) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:--hostname) COMPREPLY=(); return ;;
        *:--ids) COMPREPLY=($(compgen -W 'auto single range' -- "$current")); return ;;
        *:--index) COMPREPLY=(); return ;;
        *:--keep) COMPREPLY=(); return ;;
        *:--kernel) COMPREPLY=(); return ;;
        *:--keyring) COMPREPLY=($(compgen -W 'new inherited' -- "$current")); return ;;
        *:--limits) COMPREPLY=(); return ;;
        *:--listen) COMPREPLY=(); return ;;
        *:--loss) COMPREPLY=($(compgen -W 'exact tighter looser' -- "$current")); return ;;
        *:--memory) COMPREPLY=(); return ;;
        *:--network) COMPREPLY=($(compgen -W 'none loopback host' -- "$current")); return ;;
        *:--open-files) COMPREPLY=(); return ;;
        *:--output) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:--proc) COMPREPLY=($(compgen -W 'absent processes own writable' -- "$current")); return ;;
        *:--processes) COMPREPLY=(); return ;;
        *:--profile) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:--read) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:--refuse) COMPREPLY=(); return ;;
        *:--report) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:--run) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:--selinux) COMPREPLY=(); return ;;
        *:--set) COMPREPLY=(); return ;;
        *:--share) COMPREPLY=($(compgen -W 'net ipc uts cgroup time' -- "$current")); return ;;
        *:--since) COMPREPLY=(); return ;;
        *:--smack) COMPREPLY=(); return ;;
        *:--sys) COMPREPLY=($(compgen -W 'absent read-only writable' -- "$current")); return ;;
        *:--syscalls) COMPREPLY=(); return ;;
        *:--sysctl) COMPREPLY=(); return ;;
        *:--temporary) COMPREPLY=(); return ;;
        *:--terminal) COMPREPLY=($(compgen -W 'none own inherited' -- "$current")); return ;;
        *:--time) COMPREPLY=(); return ;;
        seccomp:--to) COMPREPLY=($(compgen -W 'bpf asm c decimal text oci lxc minijail systemd firejail appc' -- "$current")); return ;;
        convert:--to) COMPREPLY=($(compgen -W 'profile oci lxc compose docker-run kubernetes systemd quadlet bubblewrap' -- "$current")); return ;;
        *:--user) COMPREPLY=(); return ;;
        *:--write) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:-f) COMPREPLY=($(compgen -W 'profile oci lxc compose docker-inspect docker-run docker-daemon kubernetes systemd firejail podman-inspect quadlet containers-conf bubblewrap minijail appc ecs procfile' -- "$current")); return ;;
        *:-o) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:-p) COMPREPLY=($(compgen -f -- "$current")); return ;;
        *:-t) COMPREPLY=($(compgen -W 'profile oci lxc compose docker-run kubernetes systemd quadlet bubblewrap' -- "$current")); return ;;
    esac
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
}
complete -F _casemate casemate
