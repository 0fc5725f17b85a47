/* SPDX-License-Identifier: Apache-2.0
 *
 * kernel OBJECT TABLES EVENTS VERDICTS: decides on events with the generated code as the running kernel verified and compiled it.
 *
 * Exit status 77 where the kernel does not permit bpf(). With REPEAT in the environment, times that many runs over all events.
 */
#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "event.h"
#include "wire.h"

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return level == LIBBPF_WARN && getenv("VERBOSE") ? vfprintf(stderr, format, arguments) : 0;
}

static void *map_memory(struct bpf_object *object, const char *name, size_t size)
{
	int map = bpf_object__find_map_fd_by_name(object, name);
	void *memory = map < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, map, 0);

	if (memory == MAP_FAILED) {
		fprintf(stderr, "no memory of map %s: %s\n", name, strerror(errno));
		exit(1);
	}
	return memory;
}

static void fill_tables(struct bpf_object *object, struct bytes *file)
{
	__u32 count;

	take(file, 4);
	count = take_number(file);
	for (__u32 i = 0; i < count; i++) {
		__u32 length = take_number(file);
		char name[64] = { 0 };
		__u32 numbers[4];
		int map;

		memcpy(name, take(file, length), length < 63 ? length : 63);
		memcpy(numbers, take(file, sizeof numbers), sizeof numbers);
		map = bpf_object__find_map_fd_by_name(object, name);
		for (__u32 entry = 0; entry < numbers[3]; entry++) {
			const void *key = take(file, numbers[1]);
			const void *value = take(file, numbers[2]);

			if (bpf_map_update_elem(map, key, value, BPF_ANY) != 0) {
				fprintf(stderr, "cannot fill %s: %s\n", name, strerror(errno));
				exit(1);
			}
		}
		if (bpf_map_freeze(map) != 0) {
			fprintf(stderr, "cannot freeze %s: %s\n", name, strerror(errno));
			exit(1);
		}
	}
}

static void run(struct bpf_object *object, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);
	LIBBPF_OPTS(bpf_test_run_opts, options);

	if (!program || bpf_prog_test_run_opts(bpf_program__fd(program), &options) != 0 || options.retval != 0) {
		fprintf(stderr, "cannot run %s: %s\n", name, strerror(errno));
		exit(1);
	}
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	struct bytes tables, events;
	struct event *slots;
	__u64 *results, *verdicts;
	__u32 count, batch, at, i, page = 4095;
	const char *repeat = getenv("REPEAT");
	size_t stride = (sizeof(struct event) + 7) / 8 * 8;
	int error;

	if (argc != 5) {
		fprintf(stderr, "usage: kernel OBJECT TABLES EVENTS VERDICTS\n");
		return 64;
	}
	libbpf_set_print(quiet);
	object = bpf_object__open_file(argv[1], NULL);
	if (!object) {
		fprintf(stderr, "cannot open %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	error = bpf_object__load(object);
	if (error != 0) {
		fprintf(stderr, "the kernel refuses %s: %s\n", argv[1], strerror(-error));
		return error == -EPERM ? 77 : 1;
	}
	tables = bytes_of_file(argv[2]);
	fill_tables(object, &tables);
	events = bytes_of_file(argv[3]);
	count = take_number(&events);
	verdicts = calloc(count, 8);
	batch = bpf_map__max_entries(bpf_object__find_map_by_name(object, "events"));
	slots = map_memory(object, "events", (stride * batch + page) / (page + 1) * (page + 1));
	results = map_memory(object, "verdicts", (8 * batch + page) / (page + 1) * (page + 1));
	for (at = 0; at < count; at += batch) {
		__u32 filled = count - at < batch ? count - at : batch;

		for (i = 0; i < filled; i++)
			take_event(&events, (struct event *)((char *)slots + stride * i));
		run(object, "finish_events");
		run(object, "decide_events");
		memcpy(verdicts + at, results, 8 * (size_t)filled);
	}
	write_verdicts(argv[4], verdicts, count);
	if (repeat) {
		double best = 1e9;

		for (i = 0; i < (__u32)atoi(repeat); i++) {
			double start = seconds(), time;

			run(object, "decide_events");
			time = seconds() - start;
			if (time < best)
				best = time;
		}
		printf("%.1f\n", best / batch * 1e9);
	}
	bpf_object__close(object);
	return 0;
}
