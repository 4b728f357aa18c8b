# The language: grammar, tree, printer, includes and the shipped rule sets.
noinst_LIBRARIES += libpolicy.a
libpolicy_a_SOURCES = policy-lang/ast.h policy-lang/parse.h
