# What compiler/emit adds to the compiler. Both readings of a bundle are runtime/bundle_check.c.
libcompiler_a_SOURCES += compiler/emit/emit.h \
	runtime/bundle.c runtime/bundle.h runtime/bundle_check.c \
	compiler/emit/bundle_write.c compiler/emit/bundle_read.c compiler/emit/raw.c \
	compiler/emit/c_header.c compiler/emit/elf_object.c compiler/emit/program_text.h \
	compiler/emit/symbol.c compiler/emit/target.c compiler/emit/target.h
