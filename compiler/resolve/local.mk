# What compiler/resolve adds to the compiler.
libcompiler_a_SOURCES += compiler/resolve/ruleset.h compiler/resolve/resolve.h \
	compiler/resolve/sandbox.h compiler/resolve/action_text.c \
	compiler/resolve/comparison.c compiler/resolve/comparison.h \
	compiler/resolve/condition.c compiler/resolve/condition.h \
	compiler/resolve/number.c compiler/resolve/number.h \
	compiler/resolve/operand.c compiler/resolve/operand.h \
	compiler/resolve/pattern.c compiler/resolve/pattern.h
