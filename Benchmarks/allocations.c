/* Counts the blocks of memory that a program allocates, for `cedarc bench`:
 *
 *     cc -O2 -shared -fPIC -o .build/allocations.so Benchmarks/allocations.c
 *     LD_PRELOAD=$PWD/.build/allocations.so cedarc bench ...
 *
 * The functions that allocate are defined here and hand over to the C library's own. A count may be off by a few where
 * several threads allocate at once: `cedarc bench` asks while only one does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>

/* glibc's own allocator, under the names that it keeps for such uses. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static volatile size_t count;

size_t lynx_allocation_count(void) { return count; }

void *malloc(size_t size) {
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count++;
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    count++;
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    count++;
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *result = __libc_memalign(alignment, size);
    if (result == NULL) return ENOMEM;
    *block = result;
    return 0;
}
