# What compiler/cbpf adds to the compiler.
libcompiler_a_SOURCES += compiler/cbpf/filter.h compiler/cbpf/check.c compiler/cbpf/print.c \
	compiler/cbpf/simulate.c
