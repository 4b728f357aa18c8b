# What compiler/prove adds to the compiler: the second reading, which shares nothing with the first.
libcompiler_a_SOURCES += compiler/prove/diagram.c compiler/prove/diagram.h compiler/prove/field.c \
	compiler/prove/reading.h
