/* SPDX-License-Identifier: Apache-2.0
 *
 * What a hook tells the generated `decide` of an operation, and what `decide` answers.
 *
 * This header is read by three compilers: clang for BPF, clang for the host (native.h) and, through tests, Swift, which checks that
 * names and numbers are those of the sandbox schema. Include types first: <linux/types.h>, a vmlinux header, or native.h.
 *
 * A hook fills the fields of the operation's kind and those of every operation; `decide` reads no others. The struct is too large for
 * the stack: it lives in task storage, or in a map of one element for tests.
 */
#ifndef SANDBOX_EVENT_H
#define SANDBOX_EVENT_H

/* The actions of the schema. Numbers are kept for good: programs and plans of different ages meet. All are below 64, for sets. */
enum operation {
	/* Resource: File. */
	OPERATION_READ = 1,
	OPERATION_WRITE = 2,
	OPERATION_CREATE = 3,
	OPERATION_EXECUTE = 4, /* execve, and each interpreter of a script in turn */
	OPERATION_MAP_EXECUTABLE = 5, /* mmap or mprotect with PROT_EXEC */
	OPERATION_DELETE = 6,
	OPERATION_RENAME = 7, /* the old path; the new one is a `create`, and a `delete` of what it replaces */
	OPERATION_LINK = 8, /* the path that is there; the new one is a `create` */
	OPERATION_SYMLINK = 9, /* the new path */
	OPERATION_MAKE_DIRECTORY = 10,
	OPERATION_REMOVE_DIRECTORY = 11,
	OPERATION_MAKE_NODE = 12,
	OPERATION_CHMOD = 13,
	OPERATION_CHOWN = 14,
	OPERATION_TRUNCATE = 15,
	OPERATION_SET_ATTRIBUTES = 16, /* times and extended attributes */
	OPERATION_RECEIVE = 17, /* an open file that another process passes */
	/* Resource: Process. */
	OPERATION_PTRACE = 20,
	OPERATION_SIGNAL = 21,
	/* Resource: Identity. */
	OPERATION_SET_UID = 22,
	OPERATION_SET_GID = 23,
	/* Resource: Socket. */
	OPERATION_CREATE_SOCKET = 28,
	/* Resource: Endpoint. */
	OPERATION_CONNECT = 29,
	OPERATION_BIND = 30,
	OPERATION_LISTEN = 31,
	OPERATION_ACCEPT = 32,
	OPERATION_SEND = 33,
	/* Resource: UnixSocket. */
	OPERATION_CONNECT_UNIX = 34,
	OPERATION_BIND_UNIX = 35,
	OPERATION_SEND_UNIX = 36,
	/* Resource: File, the mount point. */
	OPERATION_MOUNT = 40,
	OPERATION_UNMOUNT = 41,
	OPERATION_PIVOT_ROOT = 42,
	/* Resource: Capability. */
	OPERATION_USE_CAPABILITY = 43,
	/* Resource: a Facility of the same name. */
	OPERATION_UNSHARE = 44, /* a user namespace */
	OPERATION_BPF = 45,
	OPERATION_LOAD_MODULE = 46,
	OPERATION_KEXEC = 47,
	OPERATION_IO_URING = 48,
	OPERATION_PERF = 49,
	OPERATION_KEYCTL = 50,
	/* Resource: SystemCall. */
	OPERATION_SYSTEM_CALL = 56,
};

/* A text that a hook could not get whole is never matched: where a rule might ask for it, the answer is deny. */
enum text_state {
	TEXT_UNRESOLVED = 0, /* so that a forgotten field denies */
	TEXT_WHOLE = 1,
	TEXT_TRUNCATED = 2,
};

enum {
	PATH_CAPACITY = 4096,
	EXECUTABLE_CAPACITY = 1024,
	COMM_CAPACITY = 16,
	FILESYSTEM_CAPACITY = 16,
	GROUP_WORDS = 4,
	/* The kernel's tries hold 256 bytes and no more (kernel/bpf/lpm_trie.c, LPM_DATA_SIZE_MAX). */
	TEXT_PREFIX_CAPACITY = 256,
	/* Room behind a text, for the words that its last bytes are read with. What is in it never counts. */
	TEXT_SLACK = 64,
};

/*
 * A path as d_path tells it, or, of what is in no directory, the type of its file system and a colon ("pipefs:"); of memory without a
 * file, "memory:". Absolute otherwise, without a slash at the end (but "/"), not followed by a zero. `text_finish` must have run over it:
 * then bytes[length] is '/', zeros go on to the end of the bucket, and `prefix` with the bytes behind it is the key of a trie.
 * `length` is less than the capacity.
 */
struct path_text {
	__u32 length;
	__u32 state; /* enum text_state */
	__u32 reserved;
	__u32 prefix; /* in bits */
	char bytes[PATH_CAPACITY] __attribute__((aligned(8)));
	char slack[TEXT_SLACK];
};

struct executable_text {
	__u32 length;
	__u32 state;
	__u32 reserved;
	__u32 prefix;
	char bytes[EXECUTABLE_CAPACITY] __attribute__((aligned(8)));
	char slack[TEXT_SLACK];
};

/* Which of the schema's optional attributes are there. */
enum presence {
	/* owner, group, mode and links of a file: not of one that is yet to be made */
	HAS_INODE = 1 << 0,
	/* what a process that is traced or signalled is called and runs as */
	HAS_TARGET = 1 << 1,
};

/* The members of `context.flags`. */
enum event_flag {
	FLAG_APPEND = 1 << 0, /* open */
	FLAG_TRUNCATE = 1 << 1,
	FLAG_CREATE = 1 << 2,
	FLAG_EXCLUSIVE = 1 << 3,
	FLAG_DIRECT = 1 << 4,
	FLAG_NO_FOLLOW = 1 << 5,
	FLAG_TEMPORARY = 1 << 6, /* O_TMPFILE */
	FLAG_WRITABLE = 1 << 7, /* a mapping that is writable too */
	FLAG_SHARED = 1 << 8,
	FLAG_SETUID = 1 << 9, /* a mode that chmod or create is about to give */
	FLAG_SETGID = 1 << 10,
	FLAG_STICKY = 1 << 11,
	FLAG_BIND = 1 << 12, /* mount */
	FLAG_REMOUNT = 1 << 13,
	FLAG_READ_ONLY = 1 << 14,
	FLAG_MOVE = 1 << 15,
	FLAG_EXCHANGE = 1 << 16, /* rename */
	FLAG_NO_REPLACE = 1 << 17,
	FLAG_MEMORY_FILE = 1 << 18, /* execute, map: what lies in memory and in no directory */
};

/* The types that a principal may have. */
enum workload_type {
	WORKLOAD_UNKNOWN = 0, /* always denied */
	WORKLOAD_AGENT = 1, /* Lynx::Agent */
	WORKLOAD_PLAIN = 2, /* Sandbox::Workload */
};

/* What the loader writes for a cgroup: the value of the map `workloads`, whose key is the cgroup's id. */
struct workload {
	__u32 number; /* the plan's number of the principal; 0 for one that no policy names */
	__u32 type; /* enum workload_type */
	__u64 groups[GROUP_WORDS]; /* bit n: in the plan's group n, at whatever distance */
	__u32 mode; /* enum workload_mode */
	__u32 generation; /* of the policies, which reports tell */
};

enum workload_mode {
	MODE_ENFORCE = 0,
	MODE_AUDIT = 1,
};

struct event {
	/* Of every operation. */
	__u32 operation; /* enum operation */
	__u32 present; /* enum presence */
	__u32 workload; /* struct workload: number, type, groups */
	__u32 workload_type;
	__u64 groups[GROUP_WORDS];
	__u32 uid; /* effective */
	__u32 gid;
	__u32 pid; /* of the thread group, in the initial namespace */
	__u32 flags; /* enum event_flag */
	char comm[COMM_CAPACITY] __attribute__((aligned(8))); /* zeros behind the text */

	/* File. */
	__u32 owner;
	__u32 group;
	__u32 mode; /* the permission bits, 07777 */
	__u32 kind; /* S_IFMT >> 12 */
	__u64 links;
	/* s_type->name; for mount, of what is mounted; zeros behind the text. Empty: not known, and denied where a rule asks. */
	char filesystem[FILESYSTEM_CAPACITY] __attribute__((aligned(8)));

	/* chmod: the mode that it is to become; signal: its number; setuid, setgid: the id. */
	__u32 argument;

	/*
	 * Endpoint. From address_prefix on, the key of a trie. An IPv4 address stands in the first four bytes, with zeros behind it, also
	 * where the socket is IPv6 and the address a mapped one: `address_set` sees to it.
	 */
	__u32 address_prefix; /* in bits, of the family and the address */
	__u32 family; /* 4 or 6; 0 for an end that has no such address, which is denied where a rule asks for address, port or protocol */
	__u8 address[16];
	__u32 port; /* in host order */
	__u32 protocol; /* IPPROTO_*; Socket too */

	/* Socket. */
	__u32 socket_family; /* AF_* */
	__u32 socket_kind; /* SOCK_* without flags */

	__u32 capability; /* CAP_* */
	__u32 system_call; /* of the native table; the hook denies compat and x32 calls by itself */

	/* Process: the one that it is done to. */
	__u32 target_pid;
	__u32 target_uid;
	__u32 target_is_own; /* 1 when it is of the same workload */
	__u32 is_abstract; /* UnixSocket: 1 for a name that is in no directory; the path is then '@' and the name */
	char target_comm[COMM_CAPACITY] __attribute__((aligned(8)));

	struct executable_text executable; /* of the process that acts */
	struct path_text path; /* File, UnixSocket */
};

/* The texts' bytes are read in words. */
_Static_assert(__builtin_offsetof(struct path_text, bytes) == 16, "prefix and bytes are the key of a trie");
_Static_assert(__builtin_offsetof(struct executable_text, bytes) == 16, "prefix and bytes are the key of a trie");
_Static_assert(__builtin_offsetof(struct event, address) == __builtin_offsetof(struct event, address_prefix) + 8, "the key of a trie");

/* What `decide` answers: flags, a reason, and above bit 32 the plan's number of the rule that decided, 0 where none did. */
enum {
	VERDICT_ALLOW = 1 << 0,
	VERDICT_KILL = 1 << 1, /* the rule is annotated @enforce("kill") */
	VERDICT_REASON_SHIFT = 8,
	VERDICT_RULE_SHIFT = 32,
};

enum verdict_reason {
	REASON_RULE = 0, /* a permit or a forbid */
	REASON_DEFAULT = 1, /* no permit holds */
	REASON_UNRESOLVED = 2, /* a text is not whole, or a number that the schema has no name for */
};

#define VERDICT(flags, reason, rule) \
	((__u64)(flags) | (__u64)(reason) << VERDICT_REASON_SHIFT | (__u64)(rule) << VERDICT_RULE_SHIFT)

/* The keys of tables of whole texts have the least of these lengths that has room for the text and the slash behind it. */
enum {
	BUCKET_SMALLEST = 64,
	BUCKET_LARGEST = 4096,
};

static inline __attribute__((always_inline)) __u32 bucket_of(__u32 length)
{
	__u32 size = length + 1;

	if (size <= 64)
		return 64;
	if (size <= 128)
		return 128;
	if (size <= 256)
		return 256;
	if (size <= 512)
		return 512;
	if (size <= 1024)
		return 1024;
	if (size <= 2048)
		return 2048;
	return 4096;
}

/*
 * Ends a text that stands in `bytes`: the slash, the zeros, the key of the trie. Words are written where that can be done, and the loop has a
 * constant bound, for the verifier's sake. `capacity` is a constant and a power of two.
 *
 * Returns the prefix; the caller stores it, and state TEXT_WHOLE. What does not fit with the slash must not come here: it is TEXT_TRUNCATED.
 */
static inline __attribute__((always_inline)) __u32 text_finish(char *bytes, __u32 length, __u32 capacity)
{
	__u32 end, word, i;

	length &= capacity - 1;
	bytes[length] = '/';
	end = bucket_of(length);
	for (i = 1; i < 8; i++) {
		if (((length + i) & 7) == 0)
			break;
		bytes[(length + i) & (capacity - 1)] = 0;
	}
	word = (length + 8) >> 3; /* the first word that is all behind the slash */
	for (i = 0; i < capacity / 8; i++, word++) {
		if (word >= end >> 3)
			break;
		*(__u64 *)(bytes + (word & (capacity / 8 - 1)) * 8) = 0;
	}
	return 8 * (length + 1 < TEXT_PREFIX_CAPACITY ? length + 1 : TEXT_PREFIX_CAPACITY);
}

static inline __attribute__((always_inline)) void path_finish(struct path_text *path, __u32 length)
{
	path->prefix = text_finish(path->bytes, length, PATH_CAPACITY);
	path->length = length & (PATH_CAPACITY - 1);
	path->state = TEXT_WHOLE;
}

static inline __attribute__((always_inline)) void executable_finish(struct executable_text *text, __u32 length)
{
	text->prefix = text_finish(text->bytes, length, EXECUTABLE_CAPACITY);
	text->length = length & (EXECUTABLE_CAPACITY - 1);
	text->state = TEXT_WHOLE;
}

/* Stores an address: 4 bytes of IPv4 (`is_ipv4`), or 16 of IPv6. ::ffff:a.b.c.d is a.b.c.d, or every rule on IPv4 could be walked around. */
static inline __attribute__((always_inline)) void address_set(struct event *event, const __u8 *bytes, int is_ipv4)
{
	const __u32 *words = (const __u32 *)bytes;
	__u32 *address = (__u32 *)event->address;

	if (!is_ipv4 && words[0] == 0 && words[1] == 0 && bytes[8] == 0 && bytes[9] == 0 && bytes[10] == 0xff && bytes[11] == 0xff) {
		words += 3;
		is_ipv4 = 1;
	}
	address[0] = words[0];
	address[1] = is_ipv4 ? 0 : words[1];
	address[2] = is_ipv4 ? 0 : words[2];
	address[3] = is_ipv4 ? 0 : words[3];
	event->family = is_ipv4 ? 4 : 6;
	event->address_prefix = is_ipv4 ? 64 : 160;
}

#endif
