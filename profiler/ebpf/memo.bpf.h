/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each task remembers of its last calls, so that most calls touch nothing that another task
 * can touch; and how that gets into the maps. Only a task itself changes its memos while the
 * recording lasts, with no other program between, so that nothing here is atomic before it comes to
 * a map; behind its end the walk takes what is left.
 */
#ifndef PALE_PROFILER_EBPF_MEMO_BPF_H
#define PALE_PROFILER_EBPF_MEMO_BPF_H

#include "profiler/ebpf/maps.bpf.h"

enum {
	RACES = 8, /* how often a word may be changed by others before ours gets in */
	TAG_ABI = 32,
	TAG_PHASE = 34,
	TAG_USED = 36,
};

struct words {
	u64 at[TRACE_WORDS];
};

static const struct trace_record new_record = {
	.values = {[0 ... TRACE_VALUES - 1] = {.all = ~0ULL, .least = ~0ULL, .most = ~0ULL}},
};

static __always_inline u64 tag_make(u32 number, u32 abi, u32 phase)
{
	return number | (u64)abi << TAG_ABI | (u64)phase << TAG_PHASE | 1ULL << TAG_USED;
}

/*
 * The functions that are not inlined are verified once, whoever calls them. They read first: words
 * that many tasks share seldom change.
 */
__noinline int word_lower(u64 *word, u64 to)
{
	u64 old, seen;

	if (!word)
		return 0;
	old = *(volatile u64 *)word;
	for (int i = 0; i < RACES; i++) {
		if (to >= old)
			return 0;
		seen = __sync_val_compare_and_swap(word, old, to);
		if (seen == old)
			return 0;
		old = seen;
	}
	lose(TRACE_LOST_RACES, 1);
	return 0;
}

__noinline int extent_merge(struct trace_extent *into, const struct trace_extent *from)
{
	if (!into || !from)
		return 0;
	if (*(volatile u64 *)&into->all & ~from->all)
		__sync_fetch_and_and(&into->all, from->all);
	if (from->some & ~*(volatile u64 *)&into->some)
		__sync_fetch_and_or(&into->some, from->some);
	if (from->least < *(volatile u64 *)&into->least)
		word_lower(&into->least, from->least);
	/* The highest is kept turned over, so that it is lowered too. */
	if (from->most < *(volatile u64 *)&into->most)
		word_lower(&into->most, from->most);
	return 0;
}

static __always_inline struct trace_record *record_find(const struct trace_key *key)
{
	struct trace_record *record = bpf_map_lookup_elem(&records, key);

	if (record)
		return record;
	bpf_map_update_elem(&records, key, &new_record, BPF_NOEXIST);
	record = bpf_map_lookup_elem(&records, key);
	/* Whoever comes first numbers it; others lose a number, of which there are enough. */
	if (record && !record->id)
		__sync_val_compare_and_swap(&record->id, 0,
					    __sync_add_and_fetch(&shared.next_record, 1));
	return record;
}

static __always_inline void tuple_count(struct trace_record *record, const struct trace_memo *memo,
					u32 ruled)
{
	struct trace_tuple tuple = {.record = record->id};
	u64 count = memo->count, *known;

#pragma unroll
	for (u32 i = 0; i < TRACE_VALUES; i++)
		if (ruled >> i & 1)
			tuple.values[i] = memo->last[i];
	known = bpf_map_lookup_elem(&tuples, &tuple);
	if (!known) {
		long error;

		if (record->tuples > TRACE_TUPLES_EACH)
			return;
		error = bpf_map_update_elem(&tuples, &tuple, &count, BPF_NOEXIST);
		if (!error) {
			__sync_fetch_and_add(&record->tuples, 1);
			return;
		}
		known = bpf_map_lookup_elem(&tuples, &tuple);
	}
	if (known)
		__sync_fetch_and_add(known, count);
	else
		lose(TRACE_LOST_TUPLES, count);
}

/* Memo SLOT into the maps; it remembers nothing then. */
__noinline int memo_flush(struct trace_task *state, u32 slot)
{
	const struct trace_call *call;
	struct trace_record *record;
	struct trace_memo *memo;
	struct trace_key key;

	if (!state)
		return 0;
	slot &= TRACE_MEMOS - 1;
	memo = &state->memos[slot];
	if (!memo->tag)
		return 0;
	key.executable = state->executable;
	key.number = (u32)memo->tag;
	key.abi = memo->tag >> TAG_ABI & 3;
	key.phase = memo->tag >> TAG_PHASE & 1;
	memo->tag = 0;
	record = record_find(&key);
	if (!record) {
		lose(TRACE_LOST_RECORDS, memo->count);
		return 0;
	}
	call = call_describe(key.abi, key.number);
	__sync_fetch_and_add(&record->count, memo->count);
	for (u32 i = 0; i < TRACE_VALUES; i++) {
		if (i >= call->count)
			break;
		extent_merge(&record->values[i], &memo->values[i]);
	}
	if (call->ruled)
		tuple_count(record, memo, call->ruled);
	return 0;
}

static __always_inline void memos_flush(struct trace_task *state)
{
	for (u32 i = 0; i < TRACE_MEMOS; i++)
		memo_flush(state, i);
}

/* Without branches, of which the verifier would walk every combination. Twice is as good as once. */
static __always_inline u64 word_clean(const struct trace_value *value, u64 word)
{
	word &= value->mask;
	return (word & ~value->pointer) | ((word | -word) >> 63 & value->pointer);
}

/* Slot SLOT begins to remember a call, whose values WORDS are, cleaned or not. */
__noinline int memo_begin(struct trace_task *state, u32 slot, u64 tag, const struct words *words)
{
	const struct trace_call *call;
	struct trace_memo *memo;

	if (!state || !words)
		return 0;
	slot &= TRACE_MEMOS - 1;
	memo_flush(state, slot);
	call = call_describe(tag >> TAG_ABI & 3, (u32)tag);
	memo = &state->memos[slot];
	memo->tag = tag;
	memo->count = 1;
	for (u32 i = 0; i < TRACE_VALUES; i++) {
		u64 word = word_clean(&call->values[i], words->at[i]);
		u64 biased = word ^ call->values[i].bias;

		memo->last[i] = words->at[i];
		memo->values[i].all = word;
		memo->values[i].some = word;
		memo->values[i].least = biased;
		memo->values[i].most = ~biased;
	}
	return 0;
}

static __always_inline void extent_widen(struct trace_extent *extent, u64 word, u64 bias)
{
	u64 biased = word ^ bias;

	extent->all &= word;
	extent->some |= word;
	if (biased < extent->least)
		extent->least = biased;
	if (~biased < extent->most)
		extent->most = ~biased;
}

/* The same where the verifier would walk through its ways for each of many values. */
__noinline int extent_widen_once(struct trace_extent *extent, u64 word, u64 bias)
{
	if (extent)
		extent_widen(extent, word, bias);
	return 0;
}

/*
 * Whether a memo is of a call with the same values in the tuples. Not inline for the stack's sake, of
 * which all functions on the way to a map have 512 bytes together.
 */
__noinline int memo_fits(const struct trace_memo *memo, u64 tag, const struct words *words)
{
	const struct trace_call *call = call_describe(tag >> TAG_ABI & 3, (u32)tag);
	u64 differs;

	if (!memo || !words)
		return 0;
	differs = memo->tag ^ tag;
	for (u32 i = 0; i < TRACE_VALUES; i++)
		differs |= (memo->last[i] ^ words->at[i]) & call->values[i].ruled;
	return !differs;
}

/* The first of the two slots where a call may be. */
static __always_inline u32 memo_place(u64 mix)
{
	return mix * HASH_STEP >> 60;
}

/* Counts a call with cleaned values: in one of two places, or else in place of what is there. */
__noinline int memo_count(struct trace_task *state, u64 tag, const struct words *words)
{
	const struct trace_call *call;
	struct trace_memo *memo;
	u64 mix = (u32)tag;
	u32 slot;

	if (!state || !words)
		return 0;
	call = call_describe(tag >> TAG_ABI & 3, (u32)tag);
	for (u32 i = 0; i < TRACE_VALUES; i++)
		mix += (words->at[i] & call->values[i].ruled) * (HASH_STEP + 2 * i);
	slot = memo_place(mix);
	memo = &state->memos[slot & (TRACE_MEMOS - 1)];
	if (!memo_fits(memo, tag, words)) {
		slot ^= 1;
		memo = &state->memos[slot & (TRACE_MEMOS - 1)];
		if (!memo_fits(memo, tag, words)) {
			/* The one that was put there longer ago goes. */
			slot = (slot & ~1u) | (state->turn++ & 1);
			return memo_begin(state, slot, tag, words);
		}
	}
	memo->count++;
	for (u32 i = 0; i < TRACE_VALUES; i++) {
		u64 word = words->at[i];

		if (word == memo->last[i])
			continue;
		memo->last[i] = word;
		extent_widen_once(&memo->values[i], word, call->values[i].bias);
	}
	return 0;
}

static __always_inline void word_follow(struct trace_memo *memo, const struct trace_call *call,
					u32 index, u64 word)
{
	const struct trace_value *value = &call->values[index];

	if (memo->last[index] == word)
		return;
	memo->last[index] = word;
	extent_widen(&memo->values[index], word_clean(value, word), value->bias);
}

/* The same for a quick call, whose registers WORDS has: what did not change needs no cleaning. */
static __always_inline void memo_count_quick(struct trace_task *state, u64 tag,
					     const struct trace_call *call,
					     const struct words *words)
{
	u32 slot = memo_place((u32)tag);
	struct trace_memo *memo = &state->memos[slot & (TRACE_MEMOS - 1)];
	u32 count = call->count;

	if (memo->tag != tag) {
		slot ^= 1;
		memo = &state->memos[slot & (TRACE_MEMOS - 1)];
		if (memo->tag != tag) {
			slot = (slot & ~1u) | (state->turn++ & 1);
			memo_begin(state, slot, tag, words);
			return;
		}
	}
	memo->count++;
	if (count > 0)
		word_follow(memo, call, 0, words->at[0]);
	if (count > 1)
		word_follow(memo, call, 1, words->at[1]);
	if (count > 2)
		word_follow(memo, call, 2, words->at[2]);
}

#endif
