# What compiler/graph adds to the compiler.
libcompiler_a_SOURCES += compiler/graph/graph.h
