/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody would write for small.cedar by hand: measure.py compares the generated code with it.
 */

struct search { const char *bytes; __u32 length; __u32 found; };
static long search_block(__u32 block, void *context)
{
	struct search *search = context;
	__u32 at = block * 64, i;
	for (i = 0; i < 64; i++, at++) {
		if (at + 6 > search->length)
			return 1;
		const char *p = search->bytes + (at & 4087);
		if (p[0] == '/' && p[1] == '.' && p[2] == 's' && p[3] == 's' && p[4] == 'h' && p[5] == '/') {
			search->found = 1;
			return 1;
		}
	}
	return 0;
}
static __noinline __u64 decide_file(const struct event *event)
{
	__u64 operation = 1ULL << (event->operation & 63);
	const char *b = event->path.bytes;
	if (event->path.state != TEXT_WHOLE)
		return VERDICT(0, REASON_UNRESOLVED, 0);
	if (operation & 0x3fffe) {
		struct search search = { b, event->path.length, 0 };
		bpf_loop((event->path.length + 63) / 64, search_block, &search, 0);
		if (search.found)
			return VERDICT(0, REASON_RULE, 1);
	}
	if (operation & 0x32 && b[0] == '/' && b[1] == 'u' && b[2] == 's' && b[3] == 'r' && b[4] == '/')
		return VERDICT(VERDICT_ALLOW, REASON_RULE, 2);
	if (operation & 0x3fffe && __builtin_memcmp(b, "/var/lib/payments/", 18) == 0)
		return VERDICT(VERDICT_ALLOW, REASON_RULE, 3);
	return VERDICT(0, REASON_DEFAULT, 0);
}
static __noinline __u64 decide_endpoint(const struct event *event)
{
	if (event->operation == OPERATION_CONNECT && event->family == 4 && event->address[0] == 10 && event->port == 443)
		return VERDICT(VERDICT_ALLOW, REASON_RULE, 4);
	return VERDICT(0, REASON_DEFAULT, 0);
}
static __always_inline __u64 decide(const struct event *event)
{
	switch (event->operation) {
	case OPERATION_READ: case OPERATION_WRITE: case OPERATION_CREATE: case OPERATION_EXECUTE: case OPERATION_MAP_EXECUTABLE:
	case OPERATION_DELETE: case OPERATION_RENAME: case OPERATION_LINK: case OPERATION_SYMLINK: case OPERATION_MAKE_DIRECTORY:
	case OPERATION_REMOVE_DIRECTORY: case OPERATION_MAKE_NODE: case OPERATION_CHMOD: case OPERATION_CHOWN: case OPERATION_TRUNCATE:
	case OPERATION_SET_ATTRIBUTES: case OPERATION_RECEIVE: case OPERATION_MOUNT: case OPERATION_UNMOUNT: case OPERATION_PIVOT_ROOT:
		return decide_file(event);
	case OPERATION_CONNECT: case OPERATION_BIND: case OPERATION_LISTEN: case OPERATION_ACCEPT: case OPERATION_SEND:
		return decide_endpoint(event);
	}
	return VERDICT(0, REASON_DEFAULT, 0);
}
