/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in for the kernel when `decide` is compiled for the host: types, sections, and maps that a test fills from the plan's tables.
 *
 * Where BPF has a map, there is a struct of this header with the same name. `native_map_lookup` searches by the rules of the kernel's hash,
 * trie and array.
 */
#ifndef SANDBOX_NATIVE_H
#define SANDBOX_NATIVE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t __u8;
typedef uint16_t __u16;
typedef uint32_t __u32;
typedef uint64_t __u64;
typedef int8_t __s8;
typedef int16_t __s16;
typedef int32_t __s32;
typedef int64_t __s64;

#define SEC(name)
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif

enum native_map_kind { NATIVE_HASH, NATIVE_TRIE, NATIVE_ARRAY };

struct native_map {
	enum native_map_kind kind;
	const char *name;
	__u32 key_size;
	__u32 value_size;
	__u32 count;
	unsigned char *keys; /* in ascending order of their bytes */
	unsigned char *values;
};

#define NATIVE_MAP(map_kind, map_name, map_key, map_value) \
	static struct native_map map_name = { map_kind, #map_name, map_key, map_value, 0, NULL, NULL };

#define SANDBOX_HASH(name, key_size, value_size, size) NATIVE_MAP(NATIVE_HASH, name, key_size, value_size)
#define SANDBOX_TRIE(name, key_size, value_size, size) NATIVE_MAP(NATIVE_TRIE, name, key_size, value_size)
#define SANDBOX_ARRAY(name, value_size, size) NATIVE_MAP(NATIVE_ARRAY, name, 4, value_size)

static inline unsigned char *native_key(const struct native_map *map, __u32 index)
{
	return map->keys + (size_t)index * map->key_size;
}

static inline unsigned char *native_value(const struct native_map *map, __u32 index)
{
	return map->values + (size_t)index * map->value_size;
}

static inline int native_bits_are_equal(const unsigned char *left, const unsigned char *right, __u32 bits)
{
	__u32 rest = bits % 8;

	if (memcmp(left, right, bits / 8) != 0)
		return 0;
	return rest == 0 || ((left[bits / 8] ^ right[bits / 8]) >> (8 - rest)) == 0;
}

static inline void *native_map_lookup(const struct native_map *map, const void *key)
{
	unsigned char *best = NULL;
	__u32 best_bits = 0, low = 0, high = map->count;

	if (map->kind == NATIVE_TRIE) {
		__u32 wanted, bits;

		memcpy(&wanted, key, 4);
		for (__u32 i = 0; i < map->count; i++) {
			unsigned char *candidate = native_key(map, i);

			memcpy(&bits, candidate, 4);
			if (bits <= wanted && (best == NULL || bits >= best_bits)
			    && native_bits_are_equal(candidate + 4, (const unsigned char *)key + 4, bits)) {
				best = native_value(map, i);
				best_bits = bits;
			}
		}
		return best;
	}
	if (map->kind == NATIVE_ARRAY) {
		__u32 index;

		memcpy(&index, key, 4);
		return index < map->count ? native_value(map, index) : NULL;
	}
	while (low < high) {
		__u32 middle = low + (high - low) / 2;
		int order = memcmp(native_key(map, middle), key, map->key_size);

		if (order == 0)
			return native_value(map, middle);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static inline long native_loop(__u32 count, long (*step)(__u32, void *), void *context)
{
	for (__u32 i = 0; i < count; i++)
		if (step(i, context) != 0)
			return i + 1;
	return count;
}

#define bpf_loop(count, step, context, flags) native_loop((count), (step), (context))
#define bpf_map_lookup_elem(map, key) native_map_lookup((map), (key))

#endif
