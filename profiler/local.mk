# The profiler: tracers, recordings, and inference to a policy.
noinst_HEADERS += profiler/infer.h profiler/recorder.h profiler/recording.h profiler/tracer.h
