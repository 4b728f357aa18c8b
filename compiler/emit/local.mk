# What compiler/emit adds to the compiler.
