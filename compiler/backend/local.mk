# What compiler/backend adds to the compiler: libseccomp in the place of pale's own.
libcompiler_a_SOURCES += compiler/backend/equal.c compiler/backend/equal.h \
	compiler/backend/libseccomp.h
if HAVE_LIBSECCOMP
libcompiler_a_SOURCES += compiler/backend/libseccomp.c compiler/backend/libseccomp_open.c \
	compiler/backend/seccomp_functions.h compiler/backend/writer.c compiler/backend/writer.h \
	compiler/backend/writer_check.c compiler/backend/writer_rules.c
else
libcompiler_a_SOURCES += compiler/backend/libseccomp_none.c
endif
libcompiler_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBSECCOMP_CFLAGS)
