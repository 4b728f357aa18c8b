/* SPDX-License-Identifier: Apache-2.0 */
/* Text as HTML. What comes from outside goes through html_text(), in elements and in attributes. */
#ifndef PALE_PROFILER_REPORT_HTML_H
#define PALE_PROFILER_REPORT_HTML_H

#include "policy-lang/base/text.h"

#include <stdint.h>

/* Markup that is written here, and may hold no word from outside. */
void html_raw(struct text *out, const char *markup);
/* TEXT with < > & " ' as references, so that it is text wherever it stands. */
void html_text(struct text *out, const char *text);
/* The same for at most LENGTH bytes of it, which is UTF-8; what is left out is "...". */
void html_text_cut(struct text *out, const char *text, size_t length);
/* What printf() would make, as text. */
void html_printf(struct text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* <NAME class="CLASS">TEXT</NAME>; CLASS may be NULL. Both names are written here. */
void html_element(struct text *out, const char *name, const char *class, const char *text);
/* COUNT with commas between thousands. */
void html_count(struct text *out, uint64_t count);
/* COUNT and the word for it: "1 call", "2 calls", "2 processes". */
void html_counted(struct text *out, uint64_t count, const char *one, const char *many);

#endif
