# The tracer that counts in the kernel.
libprofiler_a_SOURCES += \
	profiler/ebpf/ebpf_tracer.h
# The kernel's side of the eBPF tracer, and what loads it.
EBPF_TRACER_SIDE = \
	profiler/ebpf/calls.c \
	profiler/ebpf/ebpf_tracer.c \
	profiler/ebpf/launch.c \
	profiler/ebpf/news.c \
	profiler/ebpf/objects.c profiler/ebpf/objects.h \
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
profiler/ebpf/libprofiler_a-objects.$(OBJEXT) profiler/ebpf/libprofiler_a-programs.$(OBJEXT): \
	profiler/ebpf/trace.skel.h
profiler/ebpf/trace.skel.h: profiler/ebpf/trace.bpf.o
	$(AM_V_GEN)$(BPFTOOL) gen skeleton profiler/ebpf/trace.bpf.o name trace_bpf >$@.tmp
	$(AM_V_at)mv $@.tmp $@
