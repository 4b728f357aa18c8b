# What compiler/resolve adds to the compiler.
libcompiler_a_SOURCES += compiler/resolve/ruleset.h compiler/resolve/resolve.h \
	compiler/resolve/sandbox.h compiler/resolve/value.h compiler/resolve/resolver.h \
	compiler/resolve/abi_list.c compiler/resolve/abi_list.h \
	compiler/resolve/action.c compiler/resolve/action.h \
	compiler/resolve/action_text.c \
	compiler/resolve/call_words.c compiler/resolve/call_words.h \
	compiler/resolve/any.c compiler/resolve/any.h \
	compiler/resolve/bypass.c compiler/resolve/bypass.h \
	compiler/resolve/compare.c compiler/resolve/compare.h \
	compiler/resolve/comparison.c compiler/resolve/comparison.h \
	compiler/resolve/condition.c compiler/resolve/condition.h \
	compiler/resolve/constant_expr.c compiler/resolve/constant_expr.h \
	compiler/resolve/definition.c compiler/resolve/definition.h \
	compiler/resolve/difference.c compiler/resolve/difference.h \
	compiler/resolve/expect.c compiler/resolve/expect.h \
	compiler/resolve/group.c compiler/resolve/group.h \
	compiler/resolve/names.c compiler/resolve/names.h \
	compiler/resolve/number.c compiler/resolve/number.h \
	compiler/resolve/operand.c compiler/resolve/operand.h \
	compiler/resolve/phase.c compiler/resolve/phase.h \
	compiler/resolve/pattern.c compiler/resolve/pattern.h \
	compiler/resolve/print.c \
	compiler/resolve/report.c compiler/resolve/report.h \
	compiler/resolve/resolve.c compiler/resolve/resolver.c \
	compiler/resolve/rule.c compiler/resolve/rule.h \
	compiler/resolve/sandbox_limit.c compiler/resolve/sandbox_map.c \
	compiler/resolve/sandbox_resolve.c compiler/resolve/sandbox_resolve.h \
	compiler/resolve/scope.c compiler/resolve/scope.h \
	compiler/resolve/setting_reader.c \
	compiler/resolve/settings.c compiler/resolve/settings.h \
	compiler/resolve/when.c compiler/resolve/when.h \
	compiler/resolve/where.c compiler/resolve/where.h
