import LynxDecisionPoint
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOSSL
import Synchronization

/// Closes connections over gRPC beyond so many, those that are not of HTTP/2 in time or are idle, and calls that take too long.
final class ConnectionLimit: Sendable {
    private let limits: LimitsConfiguration
    private let count = Mutex(0)

    private struct TooMany: Error {}

    init(_ limits: LimitsConfiguration) {
        self.limits = limits
    }

    /// - Returns: a failure for a connection that is one too many, and is closed for it.
    func admit(_ connection: any Channel) -> EventLoopFuture<Void> {
        let isAdmitted = count.withLock { count in
            guard count < limits.connections else { return false }
            count += 1
            return true
        }
        guard isAdmitted else {
            connection.close(promise: nil)
            return connection.eventLoop.makeFailedFuture(TooMany())
        }
        connection.closeFuture.whenComplete { _ in self.count.withLock { $0 -= 1 } }
        return connection.eventLoop.submit { [limits] in
            let pipeline = connection.pipeline.syncOperations
            let deadline = ConnectionDeadline(handshake: .seconds(limits.handshake), idle: .seconds(limits.idle + ConnectionLimit.farewell))
            if let tls = try? pipeline.handler(type: NIOSSLServerHandler.self) {
                try pipeline.addHandler(deadline, position: .after(tls))
            } else {
                try pipeline.addHandler(deadline, position: .first)
            }
        }
    }

    /// How long a client may take to end its calls when it is asked to go, in seconds.
    static let farewell: Int64 = 5

    /// A call that is sent a byte now and then is ended all the same; one that watches our health is not, for that takes as long as somebody likes.
    func begin(_ stream: any Channel) -> EventLoopFuture<Void> {
        let deadline = stream.eventLoop.scheduleTask(in: .seconds(limits.call)) { stream.close(promise: nil) }
        let connection = try? stream.parent?.pipeline.syncOperations.handler(type: ConnectionDeadline.self)
        connection?.beginStream()
        stream.closeFuture.assumeIsolated().whenComplete { _ in
            deadline.cancel()
            connection?.endStream()
        }
        return stream.eventLoop.makeCompletedFuture {
            try stream.pipeline.syncOperations.addHandler(WatchRelease(deadline, write: .seconds(limits.call)), position: .first)
        }
    }
}

/// Takes the deadline from a call that watches when its question is there as a whole, and gives each answer one.
private final class WatchRelease: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let deadline: Scheduled<Void>
    private let limit: TimeAmount
    private var watches = false

    /// - Parameter limit: how long a client may take to take an answer.
    init(_ deadline: Scheduled<Void>, write limit: TimeAmount) {
        self.deadline = deadline
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            if frame.headers[":path"] == [HealthService.watchPath] { watches = true }
            if watches, frame.endStream { deadline.cancel() }
        case .data(let frame):
            if watches, frame.endStream { deadline.cancel() }
        default: break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard watches else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        let deadline = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        written.futureResult.whenComplete { _ in deadline.cancel() }
        context.write(data, promise: written)
    }
}
