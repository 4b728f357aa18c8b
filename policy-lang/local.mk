# The language: grammar, tree, printer, includes and the shipped rule sets.
noinst_LIBRARIES += libpolicy.a
libpolicy_a_SOURCES = \
	policy-lang/ast.c policy-lang/ast.h \
	policy-lang/build.c policy-lang/build.h policy-lang/build_expr.c \
	policy-lang/comments.c \
	policy-lang/encoding.c policy-lang/encoding.h \
	policy-lang/equal.c \
	policy-lang/grammar.y \
	policy-lang/include.c \
	policy-lang/keywords.def \
	policy-lang/lexer.l \
	policy-lang/library.c policy-lang/library.h \
	policy-lang/literal.c \
	policy-lang/parse.c policy-lang/parse.h \
	policy-lang/parse_error.c policy-lang/parse_error.h \
	policy-lang/parser.h \
	policy-lang/phases.c policy-lang/phases.h \
	policy-lang/print.c policy-lang/print_expr.c policy-lang/print_text.c \
	policy-lang/printer.c policy-lang/printer.h
nodist_libpolicy_a_SOURCES = policy-lang/library_data.c

# The grammar uses bison's own directives, which POSIX's yacc has not.
AM_YFLAGS = -d -Wno-yacc
BUILT_SOURCES += policy-lang/grammar.h

# Each defines the group of its name; in the order of the alphabet.
LIBRARY_SETS = \
	policy-lang/library/basic-io.pale \
	policy-lang/library/clock.pale \
	policy-lang/library/debug.pale \
	policy-lang/library/file-read.pale \
	policy-lang/library/io-uring.pale \
	policy-lang/library/kernel-module.pale \
	policy-lang/library/libc-startup.pale \
	policy-lang/library/memory.pale \
	policy-lang/library/mount.pale \
	policy-lang/library/namespace.pale \
	policy-lang/library/network-client.pale \
	policy-lang/library/network-server.pale \
	policy-lang/library/obsolete.pale \
	policy-lang/library/process.pale \
	policy-lang/library/raw-io.pale \
	policy-lang/library/reboot.pale \
	policy-lang/library/signal.pale
EXTRA_DIST += $(LIBRARY_SETS) build-aux/embed_library.awk
policy-lang/library_data.c: $(LIBRARY_SETS) build-aux/embed_library.awk
	$(AM_V_GEN)$(MKDIR_P) policy-lang && \
	(cd $(srcdir) && $(AWK) -f build-aux/embed_library.awk $(LIBRARY_SETS)) >$@.tmp && \
	mv $@.tmp $@
CLEANFILES += policy-lang/library_data.c
