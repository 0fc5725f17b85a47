import GRPCCore

/// `grpc.health.v1.Health`, for the whole server (the empty name) and for its services.
public struct HealthService: RegistrableRPCService {
    private let services: Set<String>
    private let isReady: @Sendable () -> Bool

    public init(services: Set<String>, isReady: @escaping @Sendable () -> Bool) {
        self.services = services
        self.isReady = isReady
    }

    public func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerUnary("grpc.health.v1.Health", "Check") { question, _ in
            guard case .success(let bytes) = question, let name = try? HealthService.name(in: bytes) else {
                throw RPCError(code: .invalidArgument, message: "the request cannot be read")
            }
            guard name.isEmpty || services.contains(name) else { throw RPCError(code: .notFound, message: "there is no such service") }
            var response = WireWriter()
            // SERVING or NOT_SERVING
            response.add(1, isReady() ? 1 : 2)
            return response.bytes
        }
    }

    private static func name(in request: [UInt8]) throws(WireReader.Fault) -> String {
        var name = ""
        var reader = WireReader(request[...])
        while let field = try reader.next() { if field.number == 1 { name = try field.value.text() } }
        return name
    }
}
