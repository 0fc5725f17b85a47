import GRPCCore
import Synchronization

/// `grpc.health.v1.Health`, for the whole server (the empty name) and for its services.
public final class HealthService: RegistrableRPCService {
    /// How it is with the server, and so with each of its services.
    public enum Health: Hashable, Sendable {
        case ready
        case unready
        /// Whoever watches is told so, and then nothing more.
        case ending
    }

    private enum Status: UInt64 {
        case serving = 1
        case notServing = 2
        /// Only for those who watch: the others get an error.
        case serviceUnknown = 3
    }

    private static let name = "grpc.health.v1.Health"
    /// The path of the one method whose calls last for as long as somebody listens.
    public static let watchPath = "/\(name)/Watch"

    /// How many may watch at once: each holds a call for as long as it likes.
    private static let maximumWatches = 64
    /// How long a change may go unnoticed by those who watch.
    private static let interval = Duration.milliseconds(250)

    private let services: Set<String>
    private let health: @Sendable () -> Health
    private let watches = Mutex(0)

    public init(services: Set<String>, health: @escaping @Sendable () -> Health) {
        self.services = services
        self.health = health
    }

    public func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerUnary(HealthService.name, "Check") { question, _ in
            guard case .success(let bytes) = question else { throw RPCError(code: .invalidArgument, message: "the request cannot be read") }
            guard self.isKnown(try HealthService.service(bytes)) else { throw RPCError(code: .notFound, message: "there is no such service") }
            return HealthService.response(self.health() == .ready ? .serving : .notServing)
        }
        router.registerHandler(
            forMethod: MethodDescriptor(fullyQualifiedService: HealthService.name, method: "Watch"), deserializer: RawMessages(), serializer: RawMessages()
        ) { (request: StreamingServerRequest<[UInt8]>, context) in
            StreamingServerResponse { writer in
                try await self.watch(request, writer, context)
                return [:]
            }
        }
    }

    private func isKnown(_ service: String) -> Bool { service.isEmpty || services.contains(service) }

    private static func service(_ request: [UInt8]) throws(RPCError) -> String {
        var name = ""
        do throws(WireReader.Fault) {
            var reader = WireReader(request[...])
            while let field = try reader.next() { if field.number == 1 { name = try field.value.text() } }
        } catch {
            throw RPCError(code: .invalidArgument, message: "the request cannot be read")
        }
        return name
    }

    private static func response(_ status: Status) -> [UInt8] {
        var response = WireWriter()
        response.add(1, status.rawValue)
        return response.bytes
    }

    // MARK: Watching

    private func watch(_ request: StreamingServerRequest<[UInt8]>, _ writer: RPCWriter<[UInt8]>, _ context: ServerContext) async throws {
        // Counted before it is read: nothing else bounds a question that is never finished.
        let isOne = watches.withLock { watches in
            guard watches < HealthService.maximumWatches else { return false }
            watches += 1
            return true
        }
        guard isOne else { throw RPCError(code: .resourceExhausted, message: "too many watch already") }
        defer { watches.withLock { $0 -= 1 } }
        let isKnown = self.isKnown(try HealthService.service(try await ServerRequest(stream: request).message))
        var last: Status?
        while true {
            // Also when the transport wants to close.
            let isOver = context.cancellation.isCancelled || Task.isCancelled
            let health = isOver ? .ending : health()
            let status: Status = !isKnown ? .serviceUnknown : health == .ready ? .serving : .notServing
            if status != last { try await writer.write(HealthService.response(status)) }
            last = status
            guard health != .ending else { return }
            try await Task.sleep(for: HealthService.interval)
        }
    }
}
