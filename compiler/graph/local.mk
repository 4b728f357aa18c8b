# What compiler/graph adds to the compiler.
libcompiler_a_SOURCES += \
	compiler/graph/bit_tests.c compiler/graph/bit_tests.h \
	compiler/graph/bound.c compiler/graph/bound.h \
	compiler/graph/graph.c compiler/graph/graph.h \
	compiler/graph/lower.c compiler/graph/lower.h \
	compiler/graph/piece.c compiler/graph/piece.h \
	compiler/graph/plan.h compiler/graph/plan_chain.c compiler/graph/plan_chain.h \
	compiler/graph/plan_exact.c compiler/graph/plan_ranges.c \
	compiler/graph/plan_shallow.c \
	compiler/graph/print.c \
	compiler/graph/search_tree.c compiler/graph/search_tree.h \
	compiler/graph/select.c compiler/graph/select.h \
	compiler/graph/translate.c compiler/graph/translate.h \
	compiler/graph/typical.c compiler/graph/typical.h \
	compiler/graph/verdict.c compiler/graph/verdict.h \
	compiler/graph/weights.c compiler/graph/weights.h
