# What compiler/exchange adds to the compiler.
