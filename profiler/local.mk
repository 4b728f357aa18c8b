# The profiler: tracers, recordings, and inference to a policy.
noinst_LIBRARIES += libprofiler.a
libprofiler_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CAPSTONE_CFLAGS) $(LIBBPF_CFLAGS)
libprofiler_a_SOURCES = \
	profiler/container.c profiler/container.h \
	profiler/denials/advice.c profiler/denials/advice.h \
	profiler/denials/call_text.c profiler/denials/call_text.h \
	profiler/denials/count.c profiler/denials/count.h \
	profiler/denials/denials.c profiler/denials/denials.h \
	profiler/denials/registers.c profiler/denials/registers.h \
	profiler/denials/run.h \
	profiler/denials/stops.c \
	profiler/ebpf/ebpf_tracer.h \
	profiler/infer/authority.c profiler/infer/authority.h \
	profiler/infer/companions.c profiler/infer/companions.h \
	profiler/infer/compose.h \
	profiler/infer/condition.c profiler/infer/condition.h \
	profiler/infer/cut.c profiler/infer/cut.h \
	profiler/infer/drafting.h \
	profiler/infer/evidence.c profiler/infer/evidence.h \
	profiler/infer/expectations.c \
	profiler/infer/gather.c profiler/infer/gather.h \
	profiler/infer/infer.h \
	profiler/infer/names.c profiler/infer/names.h \
	profiler/infer/narrow.c \
	profiler/infer/necessities.c \
	profiler/infer/policy.c \
	profiler/infer/rule_list.c \
	profiler/infer/rules.c profiler/infer/rules.h \
	profiler/infer/statics.c profiler/infer/statics.h \
	profiler/infer/table.c profiler/infer/table.h \
	profiler/infer/unsure.c \
	profiler/infer/widen.c profiler/infer/widen.h \
	profiler/ptrace/adapt.c profiler/ptrace/adapt.h \
	profiler/ptrace/attach.c \
	profiler/ptrace/calls.c \
	profiler/ptrace/inject.c profiler/ptrace/inject.h \
	profiler/ptrace/launch.c profiler/ptrace/launch.h \
	profiler/ptrace/learned.c profiler/ptrace/learned.h \
	profiler/ptrace/machine.h profiler/ptrace/machine_arm.c profiler/ptrace/machine_mips.c \
	profiler/ptrace/machine_none.c profiler/ptrace/machine_x86.c \
	profiler/ptrace/run.h \
	profiler/ptrace/signals.c \
	profiler/ptrace/stops.c \
	profiler/ptrace/tasks.c profiler/ptrace/tasks.h \
	profiler/ptrace/tracer.c profiler/ptrace/tracer.h \
	profiler/recorder/address.c profiler/recorder/address.h \
	profiler/recorder/behind.c \
	profiler/recorder/recorder.c profiler/recorder/recorder.h \
	profiler/recording/equal.c \
	profiler/recorder/slots.c profiler/recorder/slots.h \
	profiler/recording/escape.c \
	profiler/recording/hash.c profiler/recording/hash.h \
	profiler/recording/json.c profiler/recording/json.h \
	profiler/recording/call_table.c profiler/recording/call_table.h \
	profiler/recording/label.c \
	profiler/recording/operation.c profiler/recording/operation.h \
	profiler/recording/part.c profiler/recording/part.h \
	profiler/recording/pool.c profiler/recording/pool.h \
	profiler/recording/read.c profiler/recording/read.h \
	profiler/recording/read_call.c \
	profiler/recording/read_run.c \
	profiler/recording/recording.c profiler/recording/recording.h \
	profiler/recording/write.c \
	profiler/static/static.h \
	profiler/process_info.c profiler/process_info.h \
	profiler/report/arguments.c profiler/report/arguments.h \
	profiler/report/call_groups.def profiler/report/dangers.def \
	profiler/report/entry.c profiler/report/entry.h \
	profiler/report/html.c profiler/report/html.h \
	profiler/report/judgement.c profiler/report/judgement.h \
	profiler/report/known.c profiler/report/known.h \
	profiler/report/page.c profiler/report/page.h \
	profiler/report/report.h \
	profiler/report/section_calls.c profiler/report/section_entries.c \
	profiler/report/section_executables.c profiler/report/section_head.c \
	profiler/report/section_limits.c profiler/report/section_phases.c \
	profiler/report/section_runs.c profiler/report/section_surface.c \
	profiler/report/style.h \
	profiler/report/survey.c profiler/report/survey.h \
	profiler/report/vulnerabilities.def \
	profiler/serving.c profiler/serving.h \
	profiler/tracer.c profiler/tracer.h
if HAVE_CAPSTONE
libprofiler_a_SOURCES += \
	profiler/static/body.c profiler/static/body.h \
	profiler/static/bounds.c \
	profiler/static/final.c \
	profiler/static/flow.c profiler/static/flow.h \
	profiler/static/functions.c \
	profiler/static/image.c profiler/static/image.h \
	profiler/static/operation.h \
	profiler/static/operation_aarch64.c \
	profiler/static/operation_x86.c \
	profiler/static/pointers.c \
	profiler/static/reach.c profiler/static/reach.h \
	profiler/static/scan.c \
	profiler/static/link_scope.c profiler/static/link_scope.h \
	profiler/static/search.c profiler/static/search.h \
	profiler/static/static.c \
	profiler/static/symbols.c \
	profiler/static/tables.c \
	profiler/static/value.c profiler/static/value.h
else
libprofiler_a_SOURCES += profiler/static/absent.c
endif
nodist_libprofiler_a_SOURCES = profiler/report/style_data.c

EXTRA_DIST += profiler/report/style.css build-aux/embed_style.awk
profiler/report/style_data.c: profiler/report/style.css build-aux/embed_style.awk
	$(AM_V_GEN)$(MKDIR_P) profiler/report && \
	$(AWK) -f $(srcdir)/build-aux/embed_style.awk $(srcdir)/profiler/report/style.css >$@.tmp && \
	mv $@.tmp $@
CLEANFILES += profiler/report/style_data.c

# The kernel's side of the eBPF tracer, and what loads it.
EBPF_TRACER_SIDE = \
	profiler/ebpf/calls.c \
	profiler/ebpf/ebpf_tracer.c \
	profiler/ebpf/launch.c \
	profiler/ebpf/news.c \
	profiler/ebpf/programs.c \
	profiler/ebpf/run.h \
	profiler/ebpf/scope.c \
	profiler/ebpf/signals.c \
	profiler/ebpf/totals.c \
	profiler/ebpf/trace.h
EBPF_KERNEL_SIDE = \
	profiler/ebpf/cgroup.bpf.h \
	profiler/ebpf/identity.bpf.h \
	profiler/ebpf/kernel.bpf.h \
	profiler/ebpf/maps.bpf.h \
	profiler/ebpf/member.bpf.h \
	profiler/ebpf/memo.bpf.h \
	profiler/ebpf/trace.bpf.c \
	profiler/ebpf/walk.bpf.h
EXTRA_DIST += $(EBPF_KERNEL_SIDE)
if HAVE_EBPF
libprofiler_a_SOURCES += $(EBPF_TRACER_SIDE)
BUILT_SOURCES += profiler/ebpf/trace.skel.h
else
libprofiler_a_SOURCES += profiler/ebpf/absent.c
endif
CLEANFILES += profiler/ebpf/trace.bpf.o profiler/ebpf/trace.skel.h

# Debug information stays out of the object but for what the kernel's loader takes (BTF).
profiler/ebpf/trace.bpf.o: $(EBPF_KERNEL_SIDE) profiler/ebpf/trace.h
	@$(MKDIR_P) profiler/ebpf
	$(AM_V_GEN)$(CLANG) -target bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror $(LIBBPF_CFLAGS) \
		-I$(top_srcdir) -c $(top_srcdir)/profiler/ebpf/trace.bpf.c -o $@.tmp
	$(AM_V_at)$(BPFTOOL) gen object $@ $@.tmp
	$(AM_V_at)rm -f $@.tmp
profiler/ebpf/trace.skel.h: profiler/ebpf/trace.bpf.o
	$(AM_V_GEN)$(BPFTOOL) gen skeleton profiler/ebpf/trace.bpf.o name trace_bpf >$@.tmp
	$(AM_V_at)mv $@.tmp $@
