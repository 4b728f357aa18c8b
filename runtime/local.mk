# What runtime adds to the build.
