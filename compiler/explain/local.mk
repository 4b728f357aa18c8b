# What compiler/explain adds to the compiler: what a diagram says, in the language's own words.
libcompiler_a_SOURCES += compiler/explain/abi_answers.c compiler/explain/abi_answers.h \
	compiler/explain/answer.c compiler/explain/answer.h \
	compiler/explain/apply.c compiler/explain/apply.h \
	compiler/explain/budget.h \
	compiler/explain/change.c compiler/explain/change.h \
	compiler/explain/condition.c compiler/explain/condition.h \
	compiler/explain/decompile.c compiler/explain/decompile.h \
	compiler/explain/draft.c compiler/explain/draft.h \
	compiler/explain/memo.c compiler/explain/memo.h \
	compiler/explain/naming.c compiler/explain/naming.h \
	compiler/explain/phrase.c compiler/explain/phrase.h \
	compiler/explain/read_back.c compiler/explain/read_back.h \
	compiler/explain/subject.c compiler/explain/subject.h \
	compiler/explain/values.c compiler/explain/values.h
