# What profiler adds to the build.
