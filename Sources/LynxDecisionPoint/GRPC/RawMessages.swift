import GRPCCore

/// Messages as bytes: each service reads its own.
struct RawMessages: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

    func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
        bytes.withUnsafeBytes { Array($0) }
    }
}

extension RPCRouter {
    /// Registers a method that takes one message and gives one.
    mutating func registerUnary(
        _ service: String, _ method: String, _ handler: @escaping @Sendable ([UInt8], ServerContext) async throws -> [UInt8]
    ) {
        registerHandler(
            forMethod: MethodDescriptor(fullyQualifiedService: service, method: method), deserializer: RawMessages(), serializer: RawMessages()
        ) { (request: StreamingServerRequest<[UInt8]>, context) in
            let single = try await ServerRequest(stream: request)
            return StreamingServerResponse(single: ServerResponse(message: try await handler(single.message, context)))
        }
    }
}
