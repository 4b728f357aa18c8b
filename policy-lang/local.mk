# The language: grammar, tree, printer, includes and the shipped rule sets.
noinst_LIBRARIES += libpolicy.a
libpolicy_a_SOURCES = \
	policy-lang/ast.c policy-lang/ast.h \
	policy-lang/build.c \
	policy-lang/comments.c \
	policy-lang/encoding.c policy-lang/encoding.h \
	policy-lang/grammar.y \
	policy-lang/keywords.def \
	policy-lang/lexer.l \
	policy-lang/literal.c \
	policy-lang/parse.c policy-lang/parse.h \
	policy-lang/parse_error.c policy-lang/parse_error.h \
	policy-lang/parser.h

# The grammar uses bison's own directives, which POSIX's yacc has not.
AM_YFLAGS = -d -Wno-yacc
BUILT_SOURCES += policy-lang/grammar.h
