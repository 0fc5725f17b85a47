/* SPDX-License-Identifier: Apache-2.0
 *
 * What generated code is made of: maps, the walk of an automaton, and arithmetic that notices an overflow.
 *
 * Comes after types and helpers (<bpf/bpf_helpers.h>, bpf.h or native.h) and event.h.
 */
#ifndef SANDBOX_MATCH_H
#define SANDBOX_MATCH_H

#ifndef SANDBOX_HASH

/* By number: the enum is in headers that not every includer has (include/uapi/linux/bpf.h). */
enum {
	SANDBOX_TYPE_HASH = 1,
	SANDBOX_TYPE_ARRAY = 2,
	SANDBOX_TYPE_TRIE = 11,
	SANDBOX_NO_PREALLOCATION = 1 << 0, /* tries ask for it */
	SANDBOX_READ_ONLY = 1 << 7, /* for programs; the loader freezes the other side */
};

#define SANDBOX_MAP(map_type, name, key_bytes, value_bytes, size, flags) \
	struct { \
		__uint(type, map_type); \
		__uint(key_size, key_bytes); \
		__uint(value_size, value_bytes); \
		__uint(max_entries, size); \
		__uint(map_flags, (flags) | SANDBOX_READ_ONLY); \
	} name SEC(".maps");

#define SANDBOX_HASH(name, key_bytes, value_bytes, size) SANDBOX_MAP(SANDBOX_TYPE_HASH, name, key_bytes, value_bytes, size, 0)
#define SANDBOX_TRIE(name, key_bytes, value_bytes, size) \
	SANDBOX_MAP(SANDBOX_TYPE_TRIE, name, key_bytes, value_bytes, size, SANDBOX_NO_PREALLOCATION)
#define SANDBOX_ARRAY(name, value_bytes, size) SANDBOX_MAP(SANDBOX_TYPE_ARRAY, name, 4, value_bytes, size, 0)

#endif

/* Eight bytes of a text, the first the lowest: constants are written for little-endian machines, which all that Linux runs BPF on for us are. */
typedef __u64 __attribute__((may_alias)) text_word;
#define TEXT_WORD(bytes, offset) (*(const text_word *)((bytes) + (offset)))
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "constants are little-endian");

/* Eight bytes from anywhere in a text. The machines that have BPF read them in one go; the host's sanitizers want to be told. */
static __always_inline __u64 text_word_at(const char *bytes, __u32 offset)
{
#ifdef __bpf__
	return *(const text_word *)(bytes + offset);
#else
	__u64 word;

	__builtin_memcpy(&word, bytes + offset, 8);
	return word;
#endif
}

/* The kernel calls the step of a walk for each block of so many bytes. */
enum { AUTOMATON_BLOCK = 64, AUTOMATON_CLASSES = 256 };

struct text_search {
	const char *bytes;
	__u32 length;
	__u32 found;
};

/*
 * Defines NAME(bytes, length): whether a literal occurs in a text. Words without the literal's rarest byte are passed over; where it is, the
 * literal's first eight bytes are compared (`mask` for a shorter one) and then `rest`, an expression over `bytes` and `start`.
 */
#define SANDBOX_SEARCH(name, capacity, size, rare, rare_offset, first, mask, rest) \
	static long name##_step(__u32 block, void *context) \
	{ \
		struct text_search *search = context; \
		const char *bytes = search->bytes; \
		__u32 at = block * AUTOMATON_BLOCK, i, j; \
\
		for (i = 0; i < AUTOMATON_BLOCK / 8; i++, at += 8) { \
			__u64 difference; \
\
			if (at >= search->length) \
				return 1; \
			difference = TEXT_WORD(bytes, at & ((capacity) - 1)) ^ (0x0101010101010101ULL * (rare)); \
			if (!((difference - 0x0101010101010101ULL) & ~difference & 0x8080808080808080ULL)) \
				continue; \
			for (j = 0; j < 8; j++) { \
				__u32 start = at + j - (rare_offset); \
\
				if (start > search->length - (size)) \
					continue; \
				start &= (capacity) - 1; \
				if ((text_word_at(bytes, start) & (mask)) == (first) && (rest)) { \
					search->found = 1; \
					return 1; \
				} \
			} \
		} \
		return 0; \
	} \
\
	static __always_inline int name(const char *bytes, __u32 length) \
	{ \
		struct text_search search = { bytes, length, 0 }; \
\
		if (length < (size) || length > (capacity)) \
			return 0; \
		bpf_loop((length + AUTOMATON_BLOCK - 1) / AUTOMATON_BLOCK, name##_step, &search, 0); \
		return search.found; \
	}

/* Joins the words of the value that a table has for a key, if it has one, into `sets`. */
#define SANDBOX_FIND(sets, words, table, key) \
	do { \
		const __u64 *found = bpf_map_lookup_elem(&table, key); \
		if (found) \
			for (int word = 0; word < (words); word++) \
				(sets)[word] |= found[word]; \
	} while (0)

/* The same for a number, as the tables have it. */
#define SANDBOX_FIND_NUMBER(sets, words, table, number) \
	do { \
		const __u64 table_key = (number); \
		SANDBOX_FIND(sets, words, table, &table_key); \
	} while (0)

/* Where a walk through a text is. The kernel calls the step for each block of bytes (bpf_loop), so that its verifier sees one block only. */
struct automaton_walk {
	const __u8 *table;
	const char *bytes;
	__u32 length;
	__u32 row;
};


/*
 * Defines NAME_sets: the sets that a text is in, by the automaton in the table NAME, or NULL if there is no table. Rows are 1 << shift cells wide,
 * `cells` is a power of two, as is the capacity of the text; each state has `words` words of sets behind the cells.
 */
#define SANDBOX_AUTOMATON(name, shift, cells, words, capacity) \
	static long name##_step(__u32 block, void *context) \
	{ \
		struct automaton_walk *walk = context; \
		const __u32 *cell = (const __u32 *)(walk->table + AUTOMATON_CLASSES); \
		__u32 at = block * AUTOMATON_BLOCK, row = walk->row, i; \
\
		for (i = 0; i < AUTOMATON_BLOCK; i++, at++) { \
			if (at >= walk->length) \
				break; \
			row = cell[(row + walk->table[(__u8)walk->bytes[at & ((capacity) - 1)]]) & ((cells) - 1)]; \
		} \
		walk->row = row; \
		return 0; \
	} \
\
	static __always_inline const __u64 *name##_sets(const char *bytes, __u32 length) \
	{ \
		__u32 zero = 0; \
		struct automaton_walk walk = { bpf_map_lookup_elem(&name, &zero), bytes, length, 0 }; \
\
		if (!walk.table) \
			return 0; \
		if (length > (capacity)) \
			return 0; \
		if ((capacity) <= AUTOMATON_BLOCK) \
			name##_step(0, &walk); \
		else \
			bpf_loop((length + AUTOMATON_BLOCK - 1) / AUTOMATON_BLOCK, name##_step, &walk, 0); \
		return (const __u64 *)(walk.table + AUTOMATON_CLASSES + (cells) * 4) \
			+ ((walk.row & ((cells) - 1)) >> (shift)) * (words); \
	}

/* The length of a text that zeros fill up. */
static __always_inline __u32 short_length(const char *bytes, __u32 capacity)
{
	__u32 length;

	for (length = 0; length < capacity; length++)
		if (bytes[length] == 0)
			break;
	return length;
}

/* Whether the last component of a path is a text. */
static __always_inline int name_is(const struct path_text *path, const char *bytes, __u32 length, __u32 capacity)
{
	__u32 start, at;

	if (length > path->length)
		return 0;
	start = path->length - length;
	if (start > 0 && path->bytes[(start - 1) & (PATH_CAPACITY - 1)] != '/')
		return 0;
	for (at = 0; at < capacity && at < length; at++)
		if (bytes[at] == '/' || bytes[at] != path->bytes[(start + at) & (PATH_CAPACITY - 1)])
			return 0;
	return 1;
}

/* Whether a text is one that zeros fill up. */
static __always_inline int text_is_short(const char *bytes, __u32 length, const char *text)
{
	__u32 at;

	if (length >= COMM_CAPACITY)
		return 0;
	for (at = 0; at < COMM_CAPACITY && at < length; at++)
		if (text[at] == 0 || text[at] != bytes[at])
			return 0;
	return at == COMM_CAPACITY || text[at] == 0;
}

/* Whether the program that acts is the file that it is done to. A slash and zeros follow both texts, so whole words are compared. */
static __always_inline int path_is_executable(const struct event *event)
{
	__u32 word;

	if (event->path.length != event->executable.length)
		return 0;
	for (word = 0; word < EXECUTABLE_CAPACITY / 8; word++) {
		if (word * 8 >= event->path.length)
			break;
		if (TEXT_WORD(event->path.bytes, word * 8) != TEXT_WORD(event->executable.bytes, word * 8))
			return 0;
	}
	return 1;
}

/* Cedar's arithmetic: each says whether the result is in range. */
static __always_inline int sum_fits(__s64 left, __s64 right, __s64 *result)
{
	*result = (__s64)((__u64)left + (__u64)right);
	return right >= 0 ? *result >= left : *result < left;
}

static __always_inline int difference_fits(__s64 left, __s64 right, __s64 *result)
{
	*result = (__s64)((__u64)left - (__u64)right);
	return right >= 0 ? *result <= left : *result > left;
}

/* By unsigned division: BPF before its fourth version has no signed one, and no version multiplies to 128 bits. */
static __always_inline int product_fits(__s64 left, __s64 right, __s64 *result)
{
	__u64 magnitude = left < 0 ? -(__u64)left : (__u64)left;
	__u64 other = right < 0 ? -(__u64)right : (__u64)right;
	__u64 limit = (__u64)1 << 63;

	*result = (__s64)((__u64)left * (__u64)right);
	if ((left < 0) == (right < 0))
		limit -= 1;
	return other == 0 || magnitude <= limit / other;
}

#endif
