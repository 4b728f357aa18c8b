# What compiler/cbpf adds to the compiler.
libcompiler_a_SOURCES += compiler/cbpf/asm_read.c compiler/cbpf/asm_read.h \
	compiler/cbpf/asm_text.c compiler/cbpf/asm_text.h compiler/cbpf/asm_write.c \
	compiler/cbpf/check.c compiler/cbpf/code.c compiler/cbpf/code.h \
	compiler/cbpf/filter.h compiler/cbpf/layout.c compiler/cbpf/layout.h compiler/cbpf/load.c \
	compiler/cbpf/print.c compiler/cbpf/simulate.c compiler/cbpf/stats.c \
	compiler/cbpf/stats.h compiler/cbpf/watch.c compiler/cbpf/watch.h
