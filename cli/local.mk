# The command line: pale, one file a subcommand, over what the subcommands share.
bin_PROGRAMS += pale
noinst_LIBRARIES += libcli.a
libcli_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) -DPALE_BINDIR='"$(bindir)"'
libcli_a_SOURCES = \
	cli/against.c cli/against.h \
	cli/backend.c cli/backend.h \
	cli/command.c cli/command.h cli/commands.def \
	cli/compile_output.c cli/compile_output.h \
	cli/dependencies.c cli/dependencies.h \
	cli/diagnostics.c cli/diagnostics.h \
	cli/differences.c cli/differences.h \
	cli/differences_json.c \
	cli/diff_input.c cli/diff_input.h \
	cli/diff_json.c cli/diff_print.c \
	cli/diff_report.c cli/diff_report.h \
	cli/filter_input.c cli/filter_input.h \
	cli/filter_policy.c cli/filter_policy.h \
	cli/frequencies.c cli/frequencies.h \
	cli/inputs.c cli/inputs.h \
	cli/kinds.c cli/kinds.h \
	cli/live_filter.c cli/live_filter.h \
	cli/live_process.c cli/live_process.h \
	cli/loads.c cli/loads.h \
	cli/options.c cli/options.h \
	cli/output.c cli/output.h \
	cli/policy_filter.c cli/policy_filter.h \
	cli/policy_input.c cli/policy_input.h \
	cli/ready.c cli/ready.h \
	cli/recording_input.c cli/recording_input.h \
	cli/recording_summary.c cli/recording_summary.h \
	cli/run.h cli/run_report.c cli/run_watch.c \
	cli/requests.c cli/requests.h \
	cli/shim_find.c cli/shim_find.h \
	cli/static_input.c cli/static_input.h \
	cli/stats.c cli/stats.h

pale_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) -DPALE_BINDIR='"$(bindir)"'
# One line a subcommand, in the order of the alphabet.
pale_SOURCES = cli/main.c
pale_SOURCES += cli/cmd_asm.c
pale_SOURCES += cli/cmd_check.c
pale_SOURCES += cli/cmd_compile.c
pale_SOURCES += cli/cmd_diff.c
pale_SOURCES += cli/cmd_disasm.c
pale_SOURCES += cli/cmd_dump.c
pale_SOURCES += cli/cmd_export.c
pale_SOURCES += cli/cmd_fmt.c
pale_SOURCES += cli/cmd_generate.c
pale_SOURCES += cli/cmd_list.c
pale_SOURCES += cli/cmd_merge.c
pale_SOURCES += cli/cmd_profile.c
pale_SOURCES += cli/cmd_report.c
pale_SOURCES += cli/cmd_run.c
pale_SOURCES += cli/cmd_sim.c
pale_LDADD = libcli.a libprofiler.a libcompiler.a libpolicy.a libcatalog.a libbase.a $(JANSSON_LIBS) \
	$(LIBELF_LIBS) $(LIBBPF_LIBS)
pale_LDFLAGS = $(AM_LDFLAGS) $(PALE_LDFLAGS)

# Run by container runtimes, not by people.
pkglibexecdir = $(libexecdir)/pale
pkglibexec_PROGRAMS = pale-oci-hook
pale_oci_hook_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) -DPALE_BINDIR='"$(bindir)"'
pale_oci_hook_SOURCES = \
	cli/hook/hook.c \
	cli/hook/container_cgroup.c cli/hook/container_cgroup.h \
	cli/hook/container_state.c cli/hook/container_state.h \
	cli/hook/recorder_process.c cli/hook/recorder_process.h
pale_oci_hook_LDADD = libcli.a libprofiler.a libbase.a $(JANSSON_LIBS)
pale_oci_hook_LDFLAGS = $(AM_LDFLAGS) $(PALE_LDFLAGS)

bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_zshcompletion_DATA = cli/completion/_pale
dist_fishcompletion_DATA = cli/completion/pale.fish
EXTRA_DIST += cli/completion/pale.bash
# bash looks for a file of the command's own name.
install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(bashcompletiondir)"
	$(INSTALL_DATA) $(srcdir)/cli/completion/pale.bash "$(DESTDIR)$(bashcompletiondir)/pale"
uninstall-local:
	rm -f "$(DESTDIR)$(bashcompletiondir)/pale"
