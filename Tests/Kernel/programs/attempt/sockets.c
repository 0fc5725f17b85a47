// Attempts on sockets, and the witness of what comes of them.

#define _GNU_SOURCE
#include "attempt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <unistd.h>

// Where the witness listens.
#define STREAM_PORT "4001"
#define DATAGRAM_PORT "4009"
#define STREAM_SOCKET "/tmp/witness.stream"
#define DATAGRAM_SOCKET "/tmp/witness.datagram"
enum { SCTP_PORT = 4002, VSOCK_PORT = 4003, ACCEPT_PORT = 4020 };
#ifndef SOL_SCTP
#define SOL_SCTP 132
#endif
#define SCTP_SOCKOPT_CONNECTX 110
#define VMADDR_CID_LOOPBACK 1

static int listening(int family, int type, int protocol, const void *address, socklen_t length) {
    int fd = socket(family, type, protocol), on = 1, queue = 16;
    if (fd < 0) return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, 26 /* IPV6_V6ONLY */, &on, sizeof on);
    if (bind(fd, address, length) != 0) return -1;
    if (type != SOCK_DGRAM && listen(fd, 64) != 0) return -1;
    if (protocol == 0 && family != AF_UNIX && family != AF_VSOCK && type == SOCK_STREAM) setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof queue);
    return fd;
}

// Listens wherever attempts go, and notes in a file who came, by the name of the way. Tells which ways there are.
static long witness(char **a) {
    static const char *const names[] = {"tcp4", "tcp6", "udp4", "udp6", "stream", "datagram", "sctp", "vsock"};
    enum { WAYS = sizeof names / sizeof *names };
    struct pollfd ways[WAYS];
    // Whoever came stays connected for a while: a reset would be an answer too.
    int guests[16], guest = 0;
    struct sockaddr_storage address;
    socklen_t length;
    char *const places[][2] = {
        {"127.0.0.1", STREAM_PORT}, {"::1", STREAM_PORT}, {"127.0.0.1", DATAGRAM_PORT}, {"::1", DATAGRAM_PORT}, {STREAM_SOCKET, NULL},
        {DATAGRAM_SOCKET, NULL},
    };
    memset(guests, -1, sizeof guests);
    unlink(STREAM_SOCKET);
    unlink(DATAGRAM_SOCKET);
    for (int way = 0; way < 6; way++) {
        length = address_of((char **)places[way], &address);
        ways[way].fd = listening(address.ss_family, way == 2 || way == 3 || way == 5 ? SOCK_DGRAM : SOCK_STREAM, 0, &address, length);
    }
    struct sockaddr_in sctp = {.sin_family = AF_INET, .sin_port = htons(SCTP_PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ways[6].fd = listening(AF_INET, SOCK_STREAM, IPPROTO_SCTP, &sctp, sizeof sctp);
    struct sockaddr_vm vsock = {.svm_family = AF_VSOCK, .svm_port = VSOCK_PORT, .svm_cid = VMADDR_CID_ANY};
    ways[7].fd = listening(AF_VSOCK, SOCK_STREAM, 0, &vsock, sizeof vsock);
    for (int way = 0; way < WAYS; way++) {
        ways[way].events = POLLIN;
        if (ways[way].fd >= 0) printf("%s ", names[way]);
    }
    puts("");
    fflush(stdout);
    // Nobody is to wait for the end of its output.
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    while (poll(ways, WAYS, -1) > 0) {
        for (int way = 0; way < WAYS; way++) {
            char text[2048];
            if (!(ways[way].revents & POLLIN)) continue;
            if (way == 2 || way == 3 || way == 5) {
                ssize_t got = recv(ways[way].fd, text, sizeof text, MSG_DONTWAIT);
                if (got < 0) continue;
            } else {
                close(guests[guest]);
                guests[guest] = accept4(ways[way].fd, NULL, NULL, SOCK_NONBLOCK);
                guest = (guest + 1) % (int)(sizeof guests / sizeof *guests);
            }
            snprintf(text, sizeof text, "%s\n", names[way]);
            note(a[0], text);
        }
    }
    return -1;
}

// A client outside, which connects as soon as somebody listens, and notes that it was greeted.
static long prepare_client(char **a) {
    (void)a;
    if (fork() != 0) return 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(ACCEPT_PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(5);
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        char byte;
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
            if (read(fd, &byte, 1) == 1) note("/tmp/w/greeted", "greeted\n");
            _exit(0);
        }
        close(fd);
        usleep(5000);
    }
}
static long do_accept(char **a) {
    (void)a;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(ACCEPT_PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = listening(AF_INET, SOCK_STREAM, 0, &address, sizeof address);
    if (fd < 0) return -1;
    int peer = accept(fd, NULL, NULL);
    return peer < 0 ? -1 : write(peer, "x", 1);
}
static long bind_udp(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    return listening(address.ss_family, SOCK_DGRAM, 0, &address, length);
}
static long send_unix(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    return fd < 0 ? -1 : sendto(fd, "x", 1, 0, (struct sockaddr *)&address, length);
}
// A connected datagram socket asks when it connects, and again when it sends.
static long connect_send_unix(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    return fd < 0 || connect(fd, (struct sockaddr *)&address, length) != 0 ? -1 : send(fd, "x", 1, 0);
}

static int prepared[2] = {-1, -1};

static void pass(int through, int descriptor) {
    char byte = 'x', room[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec data = {&byte, 1};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptor);
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    sendmsg(through, &message, MSG_NOSIGNAL);
}
// Somebody outside passes what he has opened: a file, a socket that is connected to the witness, or a pipe whose other end he reads.
static long prepare_giver(char **a) {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, prepared) != 0) return -1;
    if (fork() != 0) return close(prepared[1]);
    close(prepared[0]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (strcmp(a[0], "socket") == 0) {
        struct sockaddr_storage address;
        socklen_t length = address_of((char *[]){"127.0.0.1", DATAGRAM_PORT}, &address);
        int fd = socket(AF_INET, SOCK_DGRAM, 0);
        connect(fd, (struct sockaddr *)&address, length);
        pass(prepared[1], fd);
    } else if (strcmp(a[0], "pipe") == 0) {
        int ends[2];
        char byte;
        if (pipe(ends) != 0) _exit(1);
        pass(prepared[1], ends[1]);
        close(ends[1]);
        if (read(ends[0], &byte, 1) == 1) note("/tmp/w/given", "pipe\n");
    } else {
        pass(prepared[1], open(a[0], O_RDWR));
    }
    pause();
    _exit(0);
}
// Receives it and writes to it. What is not received is missing from the message: the kernel tells no error.
static long do_receive(char **a) {
    (void)a;
    char byte, room[CMSG_SPACE(sizeof(int))];
    struct iovec data = {&byte, 1};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    if (recvmsg(prepared[0], &message, 0) < 0) return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL || message.msg_flags & MSG_CTRUNC) { errno = EPERM; return -1; }
    int received;
    memcpy(&received, CMSG_DATA(header), sizeof received);
    return write(received, "taken", 5);
}

// A socket that was made outside and brought along.
static long prepare_udp(char **a) { (void)a; return prepared[0] = socket(AF_INET, SOCK_DGRAM, 0); }
static long prepare_tcp(char **a) { (void)a; return prepared[0] = socket(AF_INET6, SOCK_STREAM, 0); }
static long prepared_send(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    return sendto(prepared[0], "x", 1, 0, (struct sockaddr *)&address, length);
}
static long prepared_connect(char **a) {
    struct sockaddr_storage address;
    socklen_t length = address_of(a, &address);
    return connect(prepared[0], (struct sockaddr *)&address, length);
}

static const struct sockaddr_in sctp_witness = {.sin_family = AF_INET};
static struct sockaddr_in sctp_address(void) {
    struct sockaddr_in address = sctp_witness;
    address.sin_port = htons(SCTP_PORT);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}
static long sctp_connect(char **a) {
    (void)a;
    struct sockaddr_in address = sctp_address();
    int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, sizeof address);
}
// Connects by a socket option.
static long sctp_connectx(char **a) {
    (void)a;
    struct sockaddr_in address = sctp_address();
    int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
    return fd < 0 ? -1 : setsockopt(fd, SOL_SCTP, SCTP_SOCKOPT_CONNECTX, &address, sizeof address);
}
// Connects by sending.
static long sctp_send(char **a) {
    (void)a;
    struct sockaddr_in address = sctp_address();
    int fd = socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP);
    return fd < 0 ? -1 : sendto(fd, "x", 1, 0, (struct sockaddr *)&address, sizeof address);
}
static long vsock_connect(char **a) {
    (void)a;
    struct sockaddr_vm address = {.svm_family = AF_VSOCK, .svm_port = VSOCK_PORT, .svm_cid = VMADDR_CID_LOOPBACK};
    int fd = socket(AF_VSOCK, SOCK_STREAM, 0);
    return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&address, sizeof address);
}

// A datagram for the witness with its headers.
struct packet {
    struct iphdr ip;
    struct udphdr udp;
    char text[1];
};
enum { TEXT_LENGTH = 1, DATAGRAM_LENGTH = sizeof(struct udphdr) + TEXT_LENGTH, PACKET_LENGTH = sizeof(struct iphdr) + DATAGRAM_LENGTH };
static struct packet packet_for_witness(void) {
    struct packet packet = {
        .ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP, .tot_len = htons(PACKET_LENGTH), .saddr = htonl(INADDR_LOOPBACK),
               .daddr = htonl(INADDR_LOOPBACK)},
        // A checksum of 0 is none (RFC 768).
        .udp = {.source = htons(4444), .dest = htons(4009), .len = htons(DATAGRAM_LENGTH)},
        .text = {'x'},
    };
    const unsigned short *words = (const unsigned short *)&packet.ip;
    unsigned sum = 0;
    for (size_t word = 0; word < sizeof packet.ip / 2; word++) sum += words[word];
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    packet.ip.check = ~sum;
    return packet;
}
static struct sockaddr_ll loopback_device(void) {
    struct sockaddr_ll device = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = if_nametoindex("lo"), .sll_halen = 6};
    return device;
}
static long packet_send(char **a) {
    (void)a;
    struct packet packet = packet_for_witness();
    int fd = socket(AF_PACKET, SOCK_DGRAM, 0);
    struct sockaddr_ll device = loopback_device();
    return fd < 0 ? -1 : sendto(fd, &packet, PACKET_LENGTH, 0, (struct sockaddr *)&device, sizeof device);
}
// The address is given before, to bind.
static long packet_bind_send(char **a) {
    (void)a;
    struct packet packet = packet_for_witness();
    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    struct sockaddr_ll device = loopback_device();
    char frame[sizeof(struct ethhdr) + PACKET_LENGTH] = {0};
    ((struct ethhdr *)frame)->h_proto = htons(ETH_P_IP);
    memcpy(frame + sizeof(struct ethhdr), &packet, PACKET_LENGTH);
    if (fd < 0 || bind(fd, (struct sockaddr *)&device, sizeof device) != 0) return -1;
    return send(fd, frame, sizeof frame, 0);
}
static long raw_send(char **a) {
    (void)a;
    struct packet packet = packet_for_witness();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
    return fd < 0 ? -1 : sendto(fd, &packet.udp, DATAGRAM_LENGTH, 0, (struct sockaddr *)&address, sizeof address);
}
static long raw6_send(char **a) {
    (void)a;
    struct { struct udphdr udp; char text[1]; } packet = {
        .udp = {.source = htons(4444), .dest = htons(4009), .len = htons(DATAGRAM_LENGTH)}, .text = {'x'}};
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_RAW, IPPROTO_UDP), offset = 6;
    // The kernel writes the checksum there.
    if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, 7 /* IPV6_CHECKSUM */, &offset, sizeof offset) != 0) return -1;
    return sendto(fd, &packet, DATAGRAM_LENGTH, 0, (struct sockaddr *)&address, sizeof address);
}

const struct attempt socket_attempts[] = {
    {"witness", witness, NULL},
    {"accept", do_accept, prepare_client},
    {"bind-udp", bind_udp, NULL},
    {"send-unix", send_unix, NULL},
    {"connect-send-unix", connect_send_unix, NULL},
    {"receive", do_receive, prepare_giver},
    {"prepared-send", prepared_send, prepare_udp},
    {"prepared-connect", prepared_connect, prepare_tcp},
    {"sctp-connect", sctp_connect, NULL},
    {"sctp-connectx", sctp_connectx, NULL},
    {"sctp-send", sctp_send, NULL},
    {"vsock-connect", vsock_connect, NULL},
    {"packet-send", packet_send, NULL},
    {"packet-bind-send", packet_bind_send, NULL},
    {"raw-send", raw_send, NULL},
    {"raw6-send", raw6_send, NULL},
    {0},
};
