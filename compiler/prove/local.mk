# What compiler/prove adds to the compiler: the second reading, which shares nothing with the first.
libcompiler_a_SOURCES += compiler/prove/bits.c compiler/prove/bits.h \
	compiler/prove/diagram.c compiler/prove/diagram.h compiler/prove/field.c \
	compiler/prove/judge.c compiler/prove/judge.h \
	compiler/prove/meaning.c compiler/prove/meaning.h \
	compiler/prove/program.c compiler/prove/program.h \
	compiler/prove/prove.c compiler/prove/prove.h \
	compiler/prove/read_action.c compiler/prove/read_argument.c compiler/prove/read_call.c \
	compiler/prove/read_compare.c compiler/prove/read_condition.c \
	compiler/prove/read_define.c compiler/prove/read_expect.c compiler/prove/read_group.c \
	compiler/prove/read_intervals.c compiler/prove/read_loaded.c \
	compiler/prove/read_names.c compiler/prove/read_number.c \
	compiler/prove/read_policy.c compiler/prove/read_survey.c compiler/prove/read_value.c \
	compiler/prove/read_when.c compiler/prove/read_wide.c compiler/prove/reader.h \
	compiler/prove/reading.h
