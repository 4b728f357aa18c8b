/* SPDX-License-Identifier: Apache-2.0 */
/* A call as people write it: names for constants, and the paths that it was given. */
#ifndef PALE_PROFILER_DENIALS_CALL_TEXT_H
#define PALE_PROFILER_DENIALS_CALL_TEXT_H

#include "profiler/recorder/recorder.h"

/*
 * `openat(AT_FDCWD, "/etc/passwd", O_RDONLY | O_CLOEXEC, 0)`. Paths are read from the caller's memory,
 * escaped, and a long one is cut; another thread may change them at any time, so they inform and
 * prove nothing. A call without a name is its number with six registers.
 */
const char *call_event_text(struct arena *arena, const struct call_event *event);

#endif
