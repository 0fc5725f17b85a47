import NIOCore

/// Closes a connection over which the beginning of HTTP/2 has not come in time, behind TLS where there is TLS, and one that is without a call for long.
///
/// The transport asks a client to go when it is idle, and then waits for the client's word that it has understood: one that says nothing would stay.
final class ConnectionDeadline: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let handshake: TimeAmount
    private let idle: TimeAmount
    /// The length of a client's preface (RFC 9113, 3.4). That it is one is for others to see.
    private var missing = 24
    private var streams = 0
    private var quietSince = NIODeadline.now()
    private var look: Scheduled<Void>?

    init(handshake: TimeAmount, idle: TimeAmount) {
        self.handshake = handshake
        self.idle = idle
    }

    func handlerAdded(context: ChannelHandlerContext) {
        lookAgain(in: handshake, context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        look?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        look?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if missing > 0 {
            missing -= unwrapInboundIn(data).readableBytes
            quietSince = missing > 0 ? quietSince : .now()
        }
        context.fireChannelRead(data)
    }

    func beginStream() {
        streams += 1
    }

    func endStream() {
        streams -= 1
        quietSince = .now()
    }

    /// There is one look at a time, whatever happens in between: calls are many, and need not wind a clock each.
    private func lookAgain(in time: TimeAmount, _ channel: any Channel) {
        look = channel.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            guard let self else { return }
            let limit = missing > 0 ? handshake : idle
            let rest = streams > 0 ? limit : quietSince + limit - .now()
            if rest <= .zero {
                channel.close(promise: nil)
            } else {
                lookAgain(in: rest, channel)
            }
        }
    }
}
