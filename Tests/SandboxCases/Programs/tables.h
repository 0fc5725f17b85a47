/* SPDX-License-Identifier: Apache-2.0
 *
 * Fills the maps of the generated code from the file of tables, where the code is compiled for the host. Comes after decide.h and wire.h.
 */
#ifndef SANDBOX_TABLES_H
#define SANDBOX_TABLES_H

/* The maps of decide.h, by name: TABLES is a list X(name) that the build makes. */
static struct native_map *const maps[] = {
#define X(name) &name,
	TABLES
#undef X
	NULL
};

/* Memory of its own for each table: sanitizers see what reads behind the end. */
static void fill_table(struct native_map *map, struct bytes *file, __u32 count)
{
	map->count = count;
	map->keys = malloc((size_t)count * map->key_size);
	map->values = malloc((size_t)count * map->value_size);
	for (__u32 i = 0; i < count; i++) {
		memcpy(native_key(map, i), take(file, map->key_size), map->key_size);
		memcpy(native_value(map, i), take(file, map->value_size), map->value_size);
	}
}

static void fill_tables(struct bytes *file)
{
	__u32 count;

	take(file, 4);
	count = take_number(file);
	for (__u32 i = 0; i < count; i++) {
		__u32 length = take_number(file);
		const char *name = (const char *)take(file, length);
		__u32 numbers[4];
		int found = 0;

		memcpy(numbers, take(file, sizeof numbers), sizeof numbers);
		for (struct native_map *const *map = maps; *map; map++) {
			if (strlen((*map)->name) == length && memcmp((*map)->name, name, length) == 0) {
				fill_table(*map, file, numbers[3]);
				found = numbers[1] == (*map)->key_size && numbers[2] == (*map)->value_size;
			}
		}
		if (!found) {
			fprintf(stderr, "no such table: %.*s\n", (int)length, name);
			exit(1);
		}
	}
}

#endif
