import NIOCore
import NIOHTTPTypes

/// Closes a connection of HTTP/1.1 over which a request takes too long, or the next does not come: bytes now and then are no request.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let idle: TimeAmount
    private let call: TimeAmount
    private var deadline: Scheduled<Void>?

    /// - Parameters:
    ///   - idle: from the connection's beginning, or the last answer, until the next request's head.
    ///   - call: from there until the answer.
    init(idle: TimeAmount, call: TimeAmount) {
        self.idle = idle
        self.call = call
    }

    func handlerAdded(context: ChannelHandlerContext) {
        wait(idle, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { wait(call, context) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { wait(idle, context) }
        context.write(data, promise: promise)
    }

    private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
