/* SPDX-License-Identifier: Apache-2.0 */
/* style.css, as the build embeds it. */
#ifndef PALE_PROFILER_REPORT_STYLE_H
#define PALE_PROFILER_REPORT_STYLE_H

#include <stddef.h>

extern const char report_style[];
extern const size_t report_style_length;

#endif
