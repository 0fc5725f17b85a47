/// How much callers may take, at each address.
struct LimitsConfiguration: Hashable, Sendable {
    /// How many connections there may be at once.
    let connections: Int
    /// How many calls there may be at once on a connection, over gRPC.
    let streams: Int
    /// The largest message over gRPC, in bytes.
    let message: Int64
    /// In seconds: how long a connection may be without a call,
    let idle: Int64
    /// how long it may take until it is one of HTTP/2,
    let handshake: Int64
    /// and how long a call may take to be there as a whole and to be answered.
    let call: Int64

    init(_ file: ConfigurationSection) {
        let section = file.section("limits")
        connections = section?.number("connections", default: 1024, in: 1...1_000_000) ?? 1024
        streams = section?.number("streams", default: 256, in: 1...100_000) ?? 256
        message = section?.bytes("message", default: 4 << 20, in: 16384...(64 << 20)) ?? 4 << 20
        idle = section?.seconds("idle", default: 300, in: 1...86400) ?? 300
        handshake = section?.seconds("handshake", default: 10, in: 1...300) ?? 10
        call = section?.seconds("call", default: 30, in: 1...600) ?? 30
        section?.finish()
    }
}
