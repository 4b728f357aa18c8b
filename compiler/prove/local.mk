# What compiler/prove adds to the compiler: the second reading, which shares nothing with the first.
libcompiler_a_SOURCES += compiler/prove/bits.c compiler/prove/bits.h \
	compiler/prove/diagram.c compiler/prove/diagram.h compiler/prove/field.c \
	compiler/prove/judge.c compiler/prove/judge.h \
	compiler/prove/meaning.c compiler/prove/meaning.h \
	compiler/prove/program.c compiler/prove/program.h \
	compiler/prove/prove.c compiler/prove/prove.h compiler/prove/reading.h
