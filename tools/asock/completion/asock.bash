# SPDX-License-Identifier: MIT
#
# Completion of asock for bash. Loaded by bash-completion where it is installed, or by `source`.

_asock() {
    local commands='echo send receive relay bench help'
    local common='--help --verbose --backend'
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' options='' files=false index
    COMPREPLY=()

    # The first argument that is no option is the command.
    for ((index = 1; index < COMP_CWORD; ++index)); do
        if [[ ${COMP_WORDS[index]} != -* ]]; then
            command=${COMP_WORDS[index]}
            break
        fi
    done
    if [[ $command == help ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
        return
    fi

    case $command in
        '')
            mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$word")
            return
            ;;
        echo) options='--listen --port --address --threads' ;;
        send) options='--quiet --progress --wait --timeout' files=true ;;
        receive) options='--listen --address --force --quiet --progress --timeout' files=true ;;
        relay)
            options='--listen --to --max-connections --idle-timeout --connect-timeout --drain-timeout --stats --threads'
            ;;
        bench) options='--connections --size --seconds --warm-up --rate --json --threads --timeout' ;;
        *) return ;;
    esac

    # bash takes an equals sign as a word of its own.
    if [[ $word == '=' ]]; then
        word=''
    elif [[ $before == '=' ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case $before in
        --backend) mapfile -t COMPREPLY < <(compgen -W 'any io_uring epoll' -- "$word") ;;
        --listen | -l) mapfile -t COMPREPLY < <(compgen -W '127.0.0.1: 0.0.0.0: [::]: [::1]:' -- "$word") ;;
        --address) mapfile -t COMPREPLY < <(compgen -W '127.0.0.1 0.0.0.0 :: ::1' -- "$word") ;;
        --port | -p | --threads | --timeout | --wait | --to | --max-connections | --idle-timeout | --connect-timeout | \
            --drain-timeout | --connections | -c | --size | -s | --seconds | -t | --warm-up | -w | --rate | -r) ;;
        *)
            if [[ $word == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W "$options $common" -- "$word")
            elif $files; then
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
            fi
            ;;
    esac
}

complete -F _asock asock
