# SPDX-License-Identifier: Apache-2.0
# fish completion for pale. What can be completed is asked of pale itself, so it cannot be outdated.

function __pale_commands
	pale --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\)  *\(.*\)/\1\t\2/p'
end

# Lines of --help: two spaces, perhaps a letter, --name, perhaps VALUE, two spaces, what it does.
function __pale_options
	set -l words (commandline -opc)
	pale $words[2] --help 2>/dev/null | sed -nE \
		'/^Options:/,$s/^  (-.,|   ) (--[a-z-]+)( [A-Z=]+)?  *(.*)/\2\t\4/p'
end

function __pale_first
	test (count (commandline -opc)) -eq 1
end

function __pale_command
	set -l words (commandline -opc)
	test (count $words) -ge 2; and contains -- $words[2] $argv
end

function __pale_after
	set -l words (commandline -opc)
	test "$words[-1]" = "$argv[1]"
end

complete -c pale -n __pale_first -f -a '(__pale_commands)'
complete -c pale -n __pale_first -f -a '--help --version'
complete -c pale -n '__pale_command help' -f -a '(__pale_commands)'
complete -c pale -n '__pale_command list' -f -a 'abis calls constants sets'
complete -c pale -n 'not __pale_first; and string match -q -- "-*" (commandline -ct)' \
	-f -a '(__pale_options)'
complete -c pale -n '__pale_after --arch' -f -a '(pale list abis 2>/dev/null | cut -f1)'
complete -c pale -n '__pale_after --arch; and not __pale_command list; and not __pale_command generate' -f -a all
complete -c pale -n '__pale_after --as' -f -a 'disasm policy'
complete -c pale -n '__pale_after --as; and __pale_command dump' -f -a raw
complete -c pale -n '__pale_after --dump' -f -a 'rules graph optimise emit'
complete -c pale -n '__pale_after --backend' -f -a 'pale libseccomp libseccomp-1'
complete -c pale -n '__pale_after --format' -f -a 'bundle raw c elf asm'
complete -c pale -n '__pale_after --optimise' -f -a 'speed size'
complete -c pale -n '__pale_after --optimize' -f -a 'speed size'
complete -c pale -n '__pale_after --phase' -f -a 'start serving'
complete -c pale -n '__pale_after --to' -f -a 'docker oci lxc'
complete -c pale -n '__pale_after --tracer' -f -a 'auto ebpf ptrace'
complete -c pale -n '__pale_after --widen' -f -a 'none equivalents family sets'
