/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a recording from their JSON. For the reader's own files alone. */
#ifndef PALE_PROFILER_RECORDING_READ_H
#define PALE_PROFILER_RECORDING_READ_H

#include "profiler/recording/json.h"

/* OBJECT's "phase"; absent: what stands in the file is of the first. */
enum recorded_phase recorded_phase_read(struct json_reader *reader, json_t *object);
/* An element of "calls". Never NULL; what it has is of no use after a mistake. */
const struct recorded_call *recorded_observation_read(struct json_reader *reader, json_t *object);
/*
 * An executable's call: of version 1 whole, since then a reference into "calls". Nobody may change
 * it, since equal ones are one. NULL after a mistake.
 */
struct recorded_call *recorded_call_read(struct json_reader *reader, json_t *value);
/* In order, with nothing twice; NULL on a mistake. */
struct recorded_run *recorded_run_read(struct json_reader *reader, json_t *object);

#endif
