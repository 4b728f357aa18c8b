# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# bash completion for pale. What can be completed is asked of pale itself, so it cannot be outdated.

_pale_values() { # option
	case $1 in
	--arch)
		case ${COMP_WORDS[1]} in list | generate) ;; *) echo all ;; esac
		pale list abis 2>/dev/null | cut -f1
		;;
	--as)
		echo disasm policy
		[ "${COMP_WORDS[1]}" != dump ] || echo raw
		;;
	--dump) echo rules graph optimise emit ;;
	--backend) echo pale libseccomp libseccomp-1 ;;
	--format) echo bundle raw c elf asm ;;
	--optimise | --optimize) echo speed size ;;
	--phase) echo start serving ;;
	--to) echo docker oci lxc ;;
	--tracer) echo auto ebpf ptrace ;;
	--widen) echo none equivalents family sets ;;
	*) return 1 ;;
	esac
}

_pale() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} commands words
	commands=$(pale --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
	if [ "$COMP_CWORD" -eq 1 ]; then
		words="$commands --help --version"
	elif [ "$command" = help ]; then
		words=$commands
	elif words=$(_pale_values "$previous"); then
		:
	elif [ "$command" = list ] && [[ $current != -* ]]; then
		words="abis calls constants sets"
	elif [[ $current == -* ]]; then
		words=$(pale "$command" --help 2>/dev/null |
			sed -n '/^Options:/,$s/^ .*\(--[a-z-]*\).*/\1/p')
	else
		COMPREPLY=() # file names
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -o default -F _pale pale
