# What compiler/cbpf adds to the compiler.
libcompiler_a_SOURCES += compiler/cbpf/filter.h
