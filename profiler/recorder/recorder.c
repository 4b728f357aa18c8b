/* SPDX-License-Identifier: Apache-2.0 */
/* Counts calls into a run, and their arguments. */
#include "profiler/recorder/recorder.h"

#include "profiler/recorder/address.h"
#include "profiler/recorder/slots.h"
#include "profiler/recording/operation.h"

#include <string.h>
#include <sys/random.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>

/* An executable's names as the tracer gave them, to find it again. */
struct executable_names {
	const char *path;
	const char *script;
};

struct recorder {
	struct arena *arena;
	VEC(struct executable_names) names; /* beside run->executables */
	struct recorded_run *run;
	struct slot_table slots;
	struct recorder_figures figures;
	struct timespec begin;
};

static const char *recorder_make_id(struct arena *arena)
{
	unsigned char bytes[16];
	char digits[33];

	/* 16 bytes come whole once the kernel's pool is ready, which getrandom() waits for. */
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return NULL;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		digits[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		digits[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	return arena_copy(arena, digits, 32);
}

static const char *recorder_copy(struct recorder *recorder, const char *string)
{
	size_t length = strlen(string);

	/* Escaping makes four bytes of one at worst. */
	if (length > RECORDING_STRING_MAX / 4)
		length = RECORDING_STRING_MAX / 4;
	return recording_escape(recorder->arena, string, length);
}

struct recorder *recorder_new(struct arena *arena, const struct recorder_subject *subject)
{
	struct recorder *recorder = arena_alloc(arena, sizeof(*recorder));
	struct recorded_run *run = arena_alloc(arena, sizeof(*run));
	struct utsname names;

	recorder->arena = arena;
	recorder->run = run;
	slot_table_init(&recorder->slots, arena);
	clock_gettime(CLOCK_MONOTONIC, &recorder->begin);
	run->id = recorder_make_id(arena);
	if (!run->id || uname(&names) < 0)
		return NULL;
	run->host = recorder_copy(recorder, names.nodename);
	run->kernel = recorder_copy(recorder, names.release);
	run->machine = recorder_copy(recorder, names.machine);
	run->tracer = subject->tracer;
	run->scope = subject->scope;
	if (subject->scope_name)
		run->scope_name = recorder_copy(recorder, subject->scope_name);
	if (subject->serving_rule)
		run->serving_rule = recorder_copy(recorder, subject->serving_rule);
	run->results_seen = subject->results_seen;
	for (size_t i = 0; i < subject->label_count; i++)
		*VEC_PUSH(arena, &run->labels) = subject->labels[i];
	run->started = (int64_t)time(NULL);
	for (size_t i = 0; subject->command[i] && i < RECORDING_WORDS_MAX; i++)
		*VEC_PUSH(arena, &run->command) = recorder_copy(recorder, subject->command[i]);
	return recorder;
}

static bool same_string(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The entry that executables share which come after the limit. */
static executable_id executable_overflow(struct recorder *recorder)
{
	executable_id last = RECORDING_EXECUTABLES_MAX - 1;

	if (recorder->run->executables.count <= last) {
		struct recorded_executable *shared = arena_alloc(recorder->arena, sizeof(*shared));

		shared->path = "";
		*VEC_PUSH(recorder->arena, &recorder->run->executables) = shared;
	}
	recorder_unseen(recorder, UNSEEN_SHARED_ENTRY, EXECUTABLE_NONE);
	recorder->run->executables.items[last]->started++;
	return last;
}

executable_id recorder_executable_start(struct recorder *recorder,
					const struct executable_identity *identity)
{
	struct recorded_run *run = recorder->run;
	struct recorded_executable *added;
	struct executable_names *names;

	for (size_t i = 0; i < recorder->names.count; i++) {
		struct recorded_executable *known = run->executables.items[i];

		names = &recorder->names.items[i];

		if (known->inode != identity->inode ||
		    known->device_major != major(identity->device) ||
		    known->device_minor != minor(identity->device) ||
		    strcmp(names->path, identity->path) != 0 ||
		    !same_string(names->script, identity->script))
			continue;
		known->started++;
		return (executable_id)i;
	}
	if (run->executables.count >= RECORDING_EXECUTABLES_MAX - 1)
		return executable_overflow(recorder);
	names = VEC_PUSH(recorder->arena, &recorder->names);
	names->path = arena_printf(recorder->arena, "%s", identity->path);
	if (identity->script)
		names->script = arena_printf(recorder->arena, "%s", identity->script);
	added = arena_alloc(recorder->arena, sizeof(*added));
	added->path = recorder_copy(recorder, names->path);
	added->script = names->script ? recorder_copy(recorder, names->script) : NULL;
	added->device_major = major(identity->device);
	added->device_minor = minor(identity->device);
	added->inode = identity->inode;
	added->started = 1;
	*VEC_PUSH(recorder->arena, &run->executables) = added;
	return (executable_id)(run->executables.count - 1);
}

void recorder_executable_more(struct recorder *recorder, executable_id executable, uint64_t times)
{
	recorder->run->executables.items[executable]->started += times;
}

bool recorder_executable_find(const struct recorder *recorder, dev_t device, ino_t inode,
			      executable_id *id)
{
	const struct recorded_run *run = recorder->run;

	for (size_t i = run->executables.count; i > 0; i--) {
		const struct recorded_executable *known = run->executables.items[i - 1];

		if (known->inode != inode || known->device_major != major(device) ||
		    known->device_minor != minor(device) || !known->path[0])
			continue;
		*id = (executable_id)(i - 1);
		return true;
	}
	return false;
}

bool recorder_executable_is(const struct recorder *recorder, executable_id executable, dev_t device,
			    ino_t inode)
{
	const struct recorded_executable *known = recorder->run->executables.items[executable];

	/* The shared entry stands for any. */
	return !known->path[0] || (known->inode == inode && known->device_major == major(device) &&
				   known->device_minor == minor(device));
}

/* Found or made; NULL where the executable has made too many different calls. */
static struct recorder_slot *recorder_slot(struct recorder *recorder, const struct slot_key *key)
{
	struct recorded_executable *executable = recorder->run->executables.items[key->executable];
	struct recorder_slot *slot = slot_table_find(&recorder->slots, key);

	if (slot)
		return slot;
	if (executable->calls.count == RECORDING_CALLS_MAX)
		return NULL;
	slot = slot_table_add(&recorder->slots, key);
	recorder->figures.news++;
	*VEC_PUSH(recorder->arena, &executable->calls) = &slot->call;
	return slot;
}

static uint64_t recorded_value(const struct arg_place *place, enum arg_kind kind,
			       const uint64_t args[CALL_ARGS_MAX])
{
	uint64_t value = args[place->low];

	if (place->split)
		value = (value & UINT32_MAX) | args[place->high] << 32;
	else if (place->bits < 64)
		value &= ((uint64_t)1 << place->bits) - 1;
	return kind == ARG_POINTER ? value != 0 : value;
}

static void arg_count_value(struct recorded_arg *arg, uint64_t value, bool first, unsigned int bits,
			    bool is_signed)
{
	arg->all &= value;
	arg->some |= value;
	if (first || recorded_value_less(value, arg->least, bits, is_signed))
		arg->least = value;
	if (first || recorded_value_less(arg->most, value, bits, is_signed))
		arg->most = value;
}

/* What cannot be read (a bad pointer) is recorded as 0: the call fails with EFAULT anyway. */
static uint64_t behind_value(const struct recorder_slot *slot, const struct behind_field *field,
			     const struct call_event *event)
{
	const struct arg_place *pointer = &slot->places[field->pointer];
	const struct arg_place *size = &slot->places[field->size];
	uint64_t address = event->args[pointer->low], value = 0;

	if (pointer->bits == 32)
		address &= UINT32_MAX;
	if (!event->read_memory || !address)
		return 0;
	if (recorded_value(size, ARG_ULONG, event->args) < field->offset + sizeof(value))
		return 0;
	if (event->read_memory(event->user, address + field->offset, &value, sizeof(value)) < 0)
		return 0;
	return value;
}

static void tuple_count(struct recorder *recorder, struct recorder_slot *slot,
			const uint64_t values[RECORDED_ARGS_MAX], uint64_t count)
{
	struct recorded_call *call = &slot->call;
	struct recorded_tuple *tuple;

	if (call->saturated)
		return;
	if (slot->last_tuple < call->tuples.count) {
		tuple = &call->tuples.items[slot->last_tuple];
		if (memcmp(tuple->values, values, sizeof(tuple->values)) == 0) {
			tuple->count += count;
			return;
		}
	}
	for (size_t i = 0; i < call->tuples.count; i++) {
		tuple = &call->tuples.items[i];
		if (memcmp(tuple->values, values, sizeof(tuple->values)) != 0)
			continue;
		tuple->count += count;
		slot->last_tuple = i;
		return;
	}
	recorder->figures.news++;
	if (call->tuples.count == RECORDING_TUPLES_MAX) {
		call->saturated = true;
		call->tuples.count = 0;
		return;
	}
	tuple = VEC_PUSH(recorder->arena, &call->tuples);
	memcpy(tuple->values, values, sizeof(tuple->values));
	tuple->count = count;
	slot->last_tuple = call->tuples.count - 1;
}

struct recorded_call *recorder_call(struct recorder *recorder, executable_id executable,
				    const struct call_event *event)
{
	const struct abi *abi = abi_identify(event->audit_arch, event->number);
	uint64_t values[RECORDED_ARGS_MAX] = {0};
	struct recorder_slot *slot;
	unsigned int ruled = 0;
	bool first;

	recorder->figures.calls++;
	if (!abi) {
		recorder_unseen(recorder, UNSEEN_UNKNOWN_ABI, executable);
		return NULL;
	}
	slot = recorder_slot(recorder,
			     &(struct slot_key){executable, event->phase, abi->id, event->number});
	if (!slot) {
		recorder_lost(recorder, 1);
		return NULL;
	}
	first = slot->call.count++ == 0;
	for (unsigned int i = 0; i < slot->call.args.count; i++) {
		struct recorded_arg *arg = &slot->call.args.items[i];
		unsigned int bits;
		bool is_signed;
		uint64_t value;

		slot_arg_form(slot, i, &bits, &is_signed);
		if (i < slot->arg_count)
			value = recorded_value(&slot->places[i], slot->args[i].kind, event->args);
		else
			value = behind_value(slot, &slot->behind[i - slot->arg_count], event);
		arg_count_value(arg, value, first, bits, is_signed);
		if (arg->ruled)
			values[ruled++] = value;
	}
	if (ruled)
		tuple_count(recorder, slot, values, 1);
	return &slot->call;
}

static void arg_aggregate(struct recorder_slot *slot, unsigned int index,
			  const struct call_aggregate *aggregate, bool first)
{
	struct recorded_arg *arg = &slot->call.args.items[index];
	unsigned int bits;
	bool is_signed;

	slot_arg_form(slot, index, &bits, &is_signed);
	arg->all &= aggregate->args[index].all;
	arg->some |= aggregate->args[index].some;
	if (first || recorded_value_less(aggregate->args[index].least, arg->least, bits, is_signed))
		arg->least = aggregate->args[index].least;
	if (first || recorded_value_less(arg->most, aggregate->args[index].most, bits, is_signed))
		arg->most = aggregate->args[index].most;
}

struct recorded_call *recorder_aggregate(struct recorder *recorder, executable_id executable,
					 const struct call_aggregate *aggregate)
{
	const struct abi *abi = abi_identify(aggregate->audit_arch, aggregate->number);
	struct recorder_slot *slot;
	bool first;

	recorder->figures.calls += aggregate->count;
	if (!abi) {
		recorder_unseen(recorder, UNSEEN_UNKNOWN_ABI, executable);
		return NULL;
	}
	slot = recorder_slot(recorder, &(struct slot_key){executable, aggregate->phase, abi->id,
							  aggregate->number});
	if (!slot) {
		recorder_lost(recorder, aggregate->count);
		return NULL;
	}
	first = slot->call.count == 0;
	slot->call.count += aggregate->count;
	for (unsigned int i = 0; i < slot->call.args.count; i++)
		arg_aggregate(slot, i, aggregate, first);
	if (aggregate->saturated) {
		slot->call.saturated = true;
		slot->call.tuples.count = 0;
		return &slot->call;
	}
	for (size_t i = 0; i < aggregate->tuple_count; i++)
		tuple_count(recorder, slot, aggregate->tuples[i].values,
			    aggregate->tuples[i].count);
	return &slot->call;
}

void recorder_operation(struct recorder *recorder, executable_id executable,
			enum recorded_phase phase, uint8_t opcode, uint64_t count)
{
	struct recorded_executable *into = recorder->run->executables.items[executable];
	struct recorded_operation *operation;

	for (size_t i = 0; i < into->operations.count; i++) {
		operation = &into->operations.items[i];
		if (operation->phase == phase && operation->opcode == opcode) {
			operation->count += count;
			return;
		}
	}
	operation = VEC_PUSH(recorder->arena, &into->operations);
	operation->phase = phase;
	operation->opcode = opcode;
	operation->name = operation_name(opcode);
	operation->count = count;
}

void recorder_error(struct recorder *recorder, struct recorded_call *call, int number)
{
	struct recorded_error *error;

	for (size_t i = 0; i < call->errors.count; i++) {
		if (call->errors.items[i].number == number) {
			call->errors.items[i].count++;
			return;
		}
	}
	error = VEC_PUSH(recorder->arena, &call->errors);
	error->number = number;
	error->count = 1;
}

void recorder_launcher_call(struct recorder *recorder, enum abi_id abi, call_id id)
{
	struct recorded_call *call = arena_alloc(recorder->arena, sizeof(*call));

	call->abi = abi;
	call->number = (uint32_t)call_number(id, abi);
	call->name = call_get(id)->name;
	call->count = 1;
	*VEC_PUSH(recorder->arena, &recorder->run->launcher) = call;
}

void recorder_unseen(struct recorder *recorder, enum unseen_kind kind, executable_id executable)
{
	struct recorded_run *run = recorder->run;
	const char *path = NULL;
	struct recorded_unseen *unseen;

	if (executable != EXECUTABLE_NONE)
		path = run->executables.items[executable]->path;
	for (size_t i = 0; i < run->unseen.count; i++) {
		unseen = &run->unseen.items[i];
		if (unseen->kind == kind && same_string(unseen->path, path)) {
			unseen->count++;
			return;
		}
	}
	unseen = VEC_PUSH(recorder->arena, &run->unseen);
	unseen->kind = kind;
	unseen->path = path;
	unseen->count = 1;
}

void recorder_lost(struct recorder *recorder, uint64_t calls)
{
	recorder->run->lost += calls;
}

void recorder_counts_least(struct recorder *recorder)
{
	recorder->run->counts_are_least = true;
	recorder->run->results_seen = false;
}

void recorder_set_tracer(struct recorder *recorder, const char *tracer)
{
	recorder->run->tracer = tracer;
}

static uint64_t milliseconds_since_begin(const struct recorder *recorder)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)((now.tv_sec - recorder->begin.tv_sec) * 1000 +
			  (now.tv_nsec - recorder->begin.tv_nsec) / 1000000);
}

void recorder_serving(struct recorder *recorder)
{
	if (recorder->run->served)
		return;
	recorder->run->served = true;
	recorder->run->serving_after = milliseconds_since_begin(recorder);
}

struct recorder_figures recorder_figures(const struct recorder *recorder)
{
	struct recorder_figures figures = recorder->figures;

	figures.different = recorder->slots.different;
	return figures;
}

const struct recorded_executable *const *recorder_executables(const struct recorder *recorder,
							      size_t *count)
{
	*count = recorder->run->executables.count;
	return (const struct recorded_executable *const *)recorder->run->executables.items;
}

void recorder_task_begin(struct recorder *recorder, bool is_process)
{
	recorder->figures.processes += is_process;
	recorder->figures.threads++;
}

void recorder_tasks_more(struct recorder *recorder, uint64_t processes, uint64_t threads)
{
	recorder->figures.processes += processes;
	recorder->figures.threads += threads;
}

struct recorded_run *recorder_finish(struct recorder *recorder, enum recorded_end_kind end,
				     int end_value)
{
	struct recorded_run *run = recorder->run;

	run->duration = milliseconds_since_begin(recorder);
	run->end = end;
	run->end_value = end_value;
	run->processes = recorder->figures.processes;
	run->threads = recorder->figures.threads;
	recorded_run_hide_addresses(run);
	recorded_run_sort(run);
	return run;
}
