/* SPDX-License-Identifier: Apache-2.0
 *
 * Decides on whatever bytes make of an event, with the generated code compiled for the host: libFuzzer's target, under sanitizers. The tables are
 * in the file that the environment variable TABLES names.
 */
#include "native.h"
#include "event.h"
#include "match.h"
#include "decide.h"
#include "wire.h"
#include "tables.h"

/* What is left at the end is no leak. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static const unsigned char *at, *end;

/* Zeros when there is no more. */
static void fill(void *memory, size_t size)
{
	size_t left = (size_t)(end - at), count = size < left ? size : left;

	memset(memory, 0, size);
	memcpy(memory, at, count);
	at += count;
}

static __u32 number(void)
{
	__u32 value;

	fill(&value, sizeof value);
	return value;
}

/* As hooks leave a short text: zeros behind it. */
static void fill_short(char *text)
{
	fill(text, COMM_CAPACITY);
	text[COMM_CAPACITY - 1] = 0;
	memset(text + strlen(text), 0, COMM_CAPACITY - strlen(text));
}

/* Any bytes but zero. */
static __u32 fill_long(char *bytes, __u32 length)
{
	fill(bytes, length);
	for (__u32 i = 0; i < length; i++)
		if (bytes[i] == 0)
			bytes[i] = '/';
	return length;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static int is_filled;
	struct event *event = malloc(sizeof *event);
	__u64 verdict, again;
	int is_whole;

	if (!is_filled) {
		struct bytes tables = bytes_of_file(getenv("TABLES"));

		fill_tables(&tables);
		free(tables.start);
		is_filled = 1;
	}
	at = data;
	end = data + size;
	memset(event, 0xa5, sizeof *event);
	fill(event, __builtin_offsetof(struct event, executable));
	event->operation &= 63;
	event->workload_type &= 3;
	fill_short(event->comm);
	fill_short(event->filesystem);
	fill_short(event->target_comm);
	{
		__u32 words[4];

		fill(words, sizeof words);
		address_set(event, (const __u8 *)words, number() & 1);
	}
	event->executable.state = number() & 3;
	event->executable.length = number() & (EXECUTABLE_CAPACITY - 1);
	event->path.state = number() & 3;
	event->path.length = number() & (PATH_CAPACITY - 1);
	fill_long(event->path.bytes, event->path.length);
	fill_long(event->executable.bytes, event->executable.length);
	if (event->path.state == TEXT_WHOLE)
		path_finish(&event->path, event->path.length);
	if (event->executable.state == TEXT_WHOLE)
		executable_finish(&event->executable, event->executable.length);
	is_whole = event->path.state == TEXT_WHOLE;

	verdict = decide(event);
	again = decide(event);
	if (verdict != again)
		__builtin_trap();
	/* Nothing is allowed but by a rule, and nothing that has a path where that is not known. */
	if ((verdict & VERDICT_ALLOW) && ((verdict >> VERDICT_REASON_SHIFT & 0xff) != REASON_RULE || verdict >> VERDICT_RULE_SHIFT == 0))
		__builtin_trap();
	if ((verdict & VERDICT_ALLOW) && event->operation <= OPERATION_RECEIVE && !is_whole)
		__builtin_trap();
	if ((verdict & VERDICT_ALLOW) && (event->workload_type == WORKLOAD_UNKNOWN || event->workload_type > WORKLOAD_PLAIN))
		__builtin_trap();
	free(event);
	return 0;
}
