/* SPDX-License-Identifier: Apache-2.0
 *
 * native TABLES EVENTS VERDICTS: decides on events with the generated code compiled for the host, under sanitizers.
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

int main(int argc, char **argv)
{
	struct bytes tables, events;
	struct event *event = malloc(sizeof *event);
	__u64 *verdicts;
	__u32 count;

	if (argc != 4) {
		fprintf(stderr, "usage: native TABLES EVENTS VERDICTS\n");
		return 64;
	}
	tables = bytes_of_file(argv[1]);
	fill_tables(&tables);
	events = bytes_of_file(argv[2]);
	count = take_number(&events);
	verdicts = calloc(count, 8);
	for (__u32 i = 0; i < count; i++) {
		take_event(&events, event);
		if (event->path.state == TEXT_WHOLE)
			path_finish(&event->path, event->path.length);
		if (event->executable.state == TEXT_WHOLE)
			executable_finish(&event->executable, event->executable.length);
		verdicts[i] = decide(event);
	}
	write_verdicts(argv[3], verdicts, count);
	return 0;
}
