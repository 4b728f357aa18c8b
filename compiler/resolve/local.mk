# What compiler/resolve adds to the compiler.
libcompiler_a_SOURCES += compiler/resolve/ruleset.h compiler/resolve/resolve.h compiler/resolve/sandbox.h
libcompiler_a_SOURCES += compiler/resolve/action_text.c
