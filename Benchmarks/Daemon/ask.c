// Asks a gRPC server on a schedule, and says how long the answers took.
//
//     ask PORT MESSAGES open RATE WARM-UP SECONDS      so many questions a second, whether the server keeps up or not
//     ask PORT MESSAGES closed WIDTH WARM-UP SECONDS   so many questions at a time on each connection
//
// MESSAGES is a file of CheckRequests, each behind its size in four bytes, the first most significant; they are asked in turns. With `open` a time counts from when the
// question was due, not from when it could be sent: a server that stops for a while is charged with all that waited. Prints one line of JSON.
//
// It speaks as much of HTTP/2 (RFC 9113) as a gRPC client needs, over connections without TLS: it shares nothing with the server but the RFC, and takes a few
// microseconds for a question, so that it does not measure itself.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS = 4,
    // Of a connection: questions under way. A power of two.
    MAXIMUM_STREAMS = 1 << 16,
    BUFFER_SIZE = 1 << 20,
    FRAME_HEAD = 9,
};

enum frame_type { DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, PING = 6, GOAWAY = 7, WINDOW_UPDATE = 8 };
enum frame_flag { ACK = 1, END_STREAM = 1, END_HEADERS = 4, PADDED = 8 };

struct stream {
    int64_t due;
    bool is_allowed;
    bool has_data;
};

struct connection {
    int descriptor;
    uint32_t next_stream;
    uint32_t under_way;
    uint32_t maximum_streams;
    int64_t window;
    int64_t unacknowledged;
    struct stream *streams;
    uint8_t *input;
    size_t input_size;
    uint8_t *output;
    size_t output_size;
};

static struct connection connections[CONNECTIONS];
static uint8_t **messages;
static size_t *message_sizes;
static size_t message_count;

static int64_t *latencies;
static size_t latency_count, latency_capacity;
static int64_t *delays;
static size_t delay_count;
static int64_t measured_from, measured_to;
static int64_t sent, allowed, denied, failed;

static void fail(const char *what) {
    fprintf(stderr, "ask: %s: %s\n", what, errno ? strerror(errno) : "unexpected");
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void read_messages(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail(path);
    uint8_t head[4];
    while (fread(head, 1, 4, file) == 4) {
        size_t size = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        messages = realloc(messages, (message_count + 1) * sizeof *messages);
        message_sizes = realloc(message_sizes, (message_count + 1) * sizeof *message_sizes);
        uint8_t *message = malloc(size);
        if (!messages || !message_sizes || !message || size > 1 << 14 || fread(message, 1, size, file) != size) fail("messages");
        messages[message_count] = message;
        message_sizes[message_count++] = size;
    }
    fclose(file);
    if (message_count == 0) fail("no messages");
}

// MARK: Writing

static void put(struct connection *connection, const void *bytes, size_t size) {
    if (connection->output_size + size > BUFFER_SIZE) fail("the server does not read");
    memcpy(connection->output + connection->output_size, bytes, size);
    connection->output_size += size;
}

static void put_frame(struct connection *connection, enum frame_type type, uint8_t flags, uint32_t stream, const void *payload, size_t size) {
    uint8_t head[FRAME_HEAD] = {
        (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size, (uint8_t)type, flags,
        (uint8_t)(stream >> 24), (uint8_t)(stream >> 16), (uint8_t)(stream >> 8), (uint8_t)stream,
    };
    put(connection, head, sizeof head);
    put(connection, payload, size);
}

static void flush(struct connection *connection) {
    size_t start = 0;
    while (start < connection->output_size) {
        ssize_t count = write(connection->descriptor, connection->output + start, connection->output_size - start);
        if (count < 0 && errno == EAGAIN) break;
        if (count < 0) fail("write");
        start += (size_t)count;
    }
    memmove(connection->output, connection->output + start, connection->output_size - start);
    connection->output_size -= start;
}

// RFC 7541: names and values of the static table by number, all else as literals that are not remembered, so that each block is the same.
static size_t header_block(uint8_t *block) {
    static const char path[] = "/envoy.service.auth.v3.Authorization/Check", authority[] = "127.0.0.1", type[] = "application/grpc";
    size_t size = 0;
    block[size++] = 0x83; // :method POST
    block[size++] = 0x86; // :scheme http
    block[size++] = 0x04; // :path
    block[size++] = sizeof path - 1;
    memcpy(block + size, path, sizeof path - 1);
    size += sizeof path - 1;
    block[size++] = 0x01; // :authority
    block[size++] = sizeof authority - 1;
    memcpy(block + size, authority, sizeof authority - 1);
    size += sizeof authority - 1;
    block[size++] = 0x0F; // content-type, 31 with a prefix of four bits
    block[size++] = 31 - 15;
    block[size++] = sizeof type - 1;
    memcpy(block + size, type, sizeof type - 1);
    size += sizeof type - 1;
    memcpy(block + size, "\0\2te\10trailers", 13);
    return size + 13;
}

static bool has_room(const struct connection *connection, size_t size) {
    return connection->under_way < connection->maximum_streams && connection->window >= (int64_t)size
        && connection->output_size + size + 256 < BUFFER_SIZE;
}

static void ask(struct connection *connection, int64_t due) {
    static size_t turn;
    static uint8_t block[128];
    static size_t block_size;
    if (block_size == 0) block_size = header_block(block);
    size_t size = message_sizes[turn];
    uint8_t data[5 + (1 << 14)] = {0, (uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size};
    memcpy(data + 5, messages[turn], size);
    turn = (turn + 1) % message_count;

    uint32_t id = connection->next_stream;
    connection->next_stream += 2;
    connection->streams[id / 2 % MAXIMUM_STREAMS] = (struct stream){.due = due};
    put_frame(connection, HEADERS, END_HEADERS, id, block, block_size);
    put_frame(connection, DATA, END_STREAM, id, data, size + 5);
    connection->window -= (int64_t)size + 5;
    connection->under_way++;
    if (due >= measured_from && due < measured_to) {
        sent++;
        if (delay_count < latency_capacity) delays[delay_count++] = now() - due;
    }
}

// MARK: Reading

static uint32_t number(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void finish(struct connection *connection, uint32_t id, bool is_whole) {
    struct stream *stream = &connection->streams[id / 2 % MAXIMUM_STREAMS];
    connection->under_way--;
    if (stream->due < measured_from || stream->due >= measured_to) return;
    if (!is_whole || !stream->has_data) failed++;
    else if (stream->is_allowed) allowed++;
    else denied++;
    if (latency_count < latency_capacity) latencies[latency_count++] = now() - stream->due;
}

static void take_settings(struct connection *connection, const uint8_t *payload, size_t size) {
    for (size_t at = 0; at + 6 <= size; at += 6) {
        uint32_t value = number(payload + at + 2);
        if (payload[at] == 0 && payload[at + 1] == 3) connection->maximum_streams = value < MAXIMUM_STREAMS ? value : MAXIMUM_STREAMS;
    }
    put_frame(connection, SETTINGS, ACK, 0, NULL, 0);
}

static void take_frame(struct connection *connection, const uint8_t *frame, size_t size) {
    // A CheckResponse that allows begins with a status, field 1, that has the code 0, behind the five bytes that gRPC puts before a message.
    static const uint8_t allow[] = {0x0A, 0x02, 0x08, 0x00};
    uint8_t flags = frame[4];
    uint32_t id = number(frame + 5) & 0x7FFFFFFF;
    const uint8_t *payload = frame + FRAME_HEAD;
    switch ((enum frame_type)frame[3]) {
    case DATA: {
        struct stream *stream = &connection->streams[id / 2 % MAXIMUM_STREAMS];
        connection->unacknowledged += (int64_t)size;
        // Answers are short: they come in one frame.
        if (!(flags & PADDED) && size >= 9) {
            stream->has_data = true;
            stream->is_allowed = memcmp(payload + 5, allow, sizeof allow) == 0;
        }
        break;
    }
    case HEADERS:
        if (flags & END_STREAM) finish(connection, id, true);
        break;
    case RST_STREAM: finish(connection, id, false); break;
    case SETTINGS:
        if (!(flags & ACK)) take_settings(connection, payload, size);
        break;
    case PING:
        if (!(flags & ACK)) put_frame(connection, PING, ACK, 0, payload, size);
        break;
    case WINDOW_UPDATE:
        if (id == 0) connection->window += number(payload) & 0x7FFFFFFF;
        break;
    case GOAWAY: errno = 0; fail("the server ends the connection");
    }
}

static void receive(struct connection *connection) {
    for (;;) {
        ssize_t count = read(connection->descriptor, connection->input + connection->input_size, BUFFER_SIZE - connection->input_size);
        if (count < 0 && errno == EAGAIN) break;
        if (count <= 0) fail("read");
        connection->input_size += (size_t)count;
        size_t start = 0;
        while (connection->input_size - start >= FRAME_HEAD) {
            const uint8_t *frame = connection->input + start;
            size_t size = (size_t)frame[0] << 16 | (size_t)frame[1] << 8 | frame[2];
            if (connection->input_size - start < FRAME_HEAD + size) break;
            take_frame(connection, frame, size);
            start += FRAME_HEAD + size;
        }
        memmove(connection->input, connection->input + start, connection->input_size - start);
        connection->input_size -= start;
    }
    if (connection->unacknowledged > 1 << 20) {
        uint32_t increment = htonl((uint32_t)connection->unacknowledged);
        put_frame(connection, WINDOW_UPDATE, 0, 0, &increment, sizeof increment);
        connection->unacknowledged = 0;
    }
}

static void open_connection(struct connection *connection, uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    connection->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(connection->descriptor, F_SETFL, O_NONBLOCK);
    connection->next_stream = 1;
    connection->maximum_streams = 100;
    connection->window = 65535;
    connection->streams = calloc(MAXIMUM_STREAMS, sizeof *connection->streams);
    connection->input = malloc(BUFFER_SIZE);
    connection->output = malloc(BUFFER_SIZE);
    if (!connection->streams || !connection->input || !connection->output) fail("memory");
    put(connection, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
    put_frame(connection, SETTINGS, 0, 0, NULL, 0);
    uint32_t increment = htonl(1 << 30);
    put_frame(connection, WINDOW_UPDATE, 0, 0, &increment, sizeof increment);
    flush(connection);
}

// Waits until something comes, or the time is there.
static void wait_until(int64_t time) {
    struct pollfd waiting[CONNECTIONS];
    for (int index = 0; index < CONNECTIONS; index++) {
        waiting[index] = (struct pollfd){connections[index].descriptor, (short)(POLLIN | (connections[index].output_size ? POLLOUT : 0)), 0};
    }
    int64_t rest = time - now();
    struct timespec timeout = {rest > 0 ? rest / 1000000000 : 0, rest > 0 ? rest % 1000000000 : 0};
    if (ppoll(waiting, CONNECTIONS, &timeout, NULL) <= 0) return;
    for (int index = 0; index < CONNECTIONS; index++) {
        if (waiting[index].revents & (POLLIN | POLLERR | POLLHUP)) receive(&connections[index]);
    }
}

// MARK: The two ways

static void ask_open(int64_t start, double rate) {
    int64_t asked = 0, end = measured_to;
    int turn = 0;
    for (;;) {
        int64_t time = now();
        int64_t due = start + (int64_t)((double)asked * 1e9 / rate);
        while (due <= time && due < end) {
            int tries = 0;
            while (tries < CONNECTIONS && !has_room(&connections[turn], 1 << 14)) turn = (turn + 1) % CONNECTIONS, tries++;
            if (tries == CONNECTIONS) break;
            ask(&connections[turn], due);
            turn = (turn + 1) % CONNECTIONS;
            due = start + (int64_t)((double)++asked * 1e9 / rate);
        }
        uint32_t under_way = 0;
        for (int index = 0; index < CONNECTIONS; index++) {
            flush(&connections[index]);
            under_way += connections[index].under_way;
        }
        if (due >= end && (under_way == 0 || time > end + 10000000000)) return;
        wait_until(due < end && due > time ? due : time + 1000000);
    }
}

static void ask_closed(uint32_t width) {
    for (;;) {
        int64_t time = now();
        uint32_t under_way = 0;
        for (int index = 0; index < CONNECTIONS; index++) {
            struct connection *connection = &connections[index];
            while (time < measured_to && connection->under_way < width && has_room(connection, 1 << 14)) ask(connection, now());
            flush(connection);
            under_way += connection->under_way;
        }
        if (time >= measured_to && (under_way == 0 || time > measured_to + 10000000000)) return;
        wait_until(time + 10000000);
    }
}

static int compare(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static double microseconds(const int64_t *sorted, size_t count, double part) {
    if (count == 0) return 0;
    size_t at = (size_t)((double)count * part);
    return (double)sorted[at < count ? at : count - 1] / 1000;
}

int main(int count, char **arguments) {
    if (count != 7) {
        fprintf(stderr, "usage: ask PORT MESSAGES open|closed RATE|WIDTH WARM-UP SECONDS\n");
        return 64;
    }
    // Waits are as long as asked for, not 50 microseconds longer.
    prctl(PR_SET_TIMERSLACK, 1);
    read_messages(arguments[2]);
    double amount = atof(arguments[4]), warm_up = atof(arguments[5]), seconds = atof(arguments[6]);
    latency_capacity = 20 << 20;
    latencies = malloc(latency_capacity * sizeof *latencies);
    delays = malloc(latency_capacity * sizeof *delays);
    if (!latencies || !delays) fail("memory");
    for (int index = 0; index < CONNECTIONS; index++) open_connection(&connections[index], (uint16_t)atoi(arguments[1]));
    int64_t start = now() + 50000000;
    measured_from = start + (int64_t)(warm_up * 1e9);
    measured_to = measured_from + (int64_t)(seconds * 1e9);
    while (now() < start) wait_until(start);
    if (strcmp(arguments[3], "open") == 0) ask_open(start, amount);
    else ask_closed((uint32_t)amount);

    qsort(latencies, latency_count, sizeof *latencies, compare);
    qsort(delays, delay_count, sizeof *delays, compare);
    printf("{\"sent\": %lld, \"allowed\": %lld, \"denied\": %lld, \"failed\": %lld, \"unanswered\": %lld, \"rate\": %.1f, \"p50\": %.1f, \"p99\": %.1f, "
           "\"p999\": %.1f, \"max\": %.1f, \"late_p50\": %.1f, \"late_p99\": %.1f}\n",
        (long long)sent, (long long)allowed, (long long)denied, (long long)failed, (long long)(sent - allowed - denied - failed),
        (double)(allowed + denied + failed) / seconds, microseconds(latencies, latency_count, 0.5), microseconds(latencies, latency_count, 0.99),
        microseconds(latencies, latency_count, 0.999), microseconds(latencies, latency_count, 1), microseconds(delays, delay_count, 0.5),
        microseconds(delays, delay_count, 0.99));
    return 0;
}
