import NIOCore

/// Closes a connection over which the beginning of HTTP/2 has not come in time, behind TLS where there is TLS.
final class HandshakeDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let time: TimeAmount
    /// The length of a client's preface (RFC 9113, 3.4). That it is one is for others to see.
    private var missing = 24
    private var deadline: Scheduled<Void>?

    init(_ time: TimeAmount) {
        self.time = time
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        missing -= unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
        if missing <= 0 { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
    }
}
