/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads events as SandboxEvent+Wire.swift writes them, into structs that hold rubbish where a hook would leave some.
 */
#ifndef SANDBOX_WIRE_H
#define SANDBOX_WIRE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
	unsigned char *start;
	size_t size;
	size_t at;
};

static inline struct bytes bytes_of_file(const char *path)
{
	struct bytes bytes = { NULL, 0, 0 };
	FILE *file = fopen(path, "rb");
	long size;

	if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
		perror(path);
		exit(1);
	}
	rewind(file);
	bytes.start = malloc((size_t)size + 1);
	bytes.size = fread(bytes.start, 1, (size_t)size, file);
	fclose(file);
	return bytes;
}

static inline const unsigned char *take(struct bytes *bytes, size_t count)
{
	const unsigned char *start = bytes->start + bytes->at;

	if (count > bytes->size - bytes->at) {
		fprintf(stderr, "the file ends early\n");
		exit(1);
	}
	bytes->at += count;
	return start;
}

static inline __u32 take_number(struct bytes *bytes)
{
	__u32 number;

	memcpy(&number, take(bytes, 4), 4);
	return number;
}

/* A text of a field that zeros fill up. */
static inline void take_short_text(struct bytes *bytes, char *text, size_t capacity)
{
	__u32 length = take_number(bytes);

	memset(text, 0, capacity);
	memcpy(text, take(bytes, length), length < capacity ? length : capacity - 1);
}

/* A text of a field with a length, as d_path leaves it: a zero behind it, and whatever was there before. */
static inline __u32 take_long_text(struct bytes *bytes, char *text, size_t capacity)
{
	__u32 length = take_number(bytes);
	const unsigned char *start = take(bytes, length);

	if (length >= capacity)
		length = capacity - 1;
	memcpy(text, start, length);
	text[length] = 0;
	return length;
}

static inline void take_event(struct bytes *bytes, struct event *event)
{
	int is_ipv4;

	memset(event, 0xa5, sizeof *event);
	event->operation = take_number(bytes);
	event->present = take_number(bytes);
	event->workload = take_number(bytes);
	event->workload_type = take_number(bytes);
	memcpy(event->groups, take(bytes, sizeof event->groups), sizeof event->groups);
	event->uid = take_number(bytes);
	event->gid = take_number(bytes);
	event->pid = take_number(bytes);
	event->flags = take_number(bytes);
	take_short_text(bytes, event->comm, sizeof event->comm);
	event->owner = take_number(bytes);
	event->group = take_number(bytes);
	event->mode = take_number(bytes);
	event->kind = take_number(bytes);
	event->links = take_number(bytes);
	take_short_text(bytes, event->filesystem, sizeof event->filesystem);
	event->argument = take_number(bytes);
	is_ipv4 = take_number(bytes) == 4;
	{
		__u32 words[4];

		memcpy(words, take(bytes, 16), 16);
		address_set(event, (const __u8 *)words, is_ipv4);
	}
	event->port = take_number(bytes);
	event->protocol = take_number(bytes);
	event->socket_family = take_number(bytes);
	event->socket_kind = take_number(bytes);
	event->capability = take_number(bytes);
	event->system_call = take_number(bytes);
	event->target_pid = take_number(bytes);
	event->target_uid = take_number(bytes);
	event->target_is_own = take_number(bytes);
	event->is_abstract = take_number(bytes);
	take_short_text(bytes, event->target_comm, sizeof event->target_comm);
	event->executable.state = take_number(bytes);
	event->executable.length = take_long_text(bytes, event->executable.bytes, EXECUTABLE_CAPACITY);
	event->path.state = take_number(bytes);
	event->path.length = take_long_text(bytes, event->path.bytes, PATH_CAPACITY);
}

static inline void write_verdicts(const char *path, const __u64 *verdicts, size_t count)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(verdicts, 8, count, file) != count || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

#endif
