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
    ///
    /// - Parameters:
    ///   - maximumSize: the largest message that is taken, in bytes. Whoever sets the transport's own limit above it can have those between the two answered in words: beyond
    ///     its limit the transport ends the call by itself, and the handler's answer gets lost.
    ///   - handler: gets the message, or why there is none.
    mutating func registerUnary(
        _ service: String, _ method: String, maximumSize: Int = .max,
        _ handler: @escaping @Sendable (Result<[UInt8], UnclassifiedCall>, ServerContext) async throws -> [UInt8]
    ) {
        registerHandler(
            forMethod: MethodDescriptor(fullyQualifiedService: service, method: method), deserializer: RawMessages(), serializer: RawMessages()
        ) { (request: StreamingServerRequest<[UInt8]>, context) in
            let message = try await RawMessages.only(of: request, maximumSize: maximumSize)
            return StreamingServerResponse(single: ServerResponse(message: try await handler(message, context)))
        }
    }
}

extension RawMessages {
    /// - Throws: when the client is gone before it has asked.
    fileprivate static func only(of request: StreamingServerRequest<[UInt8]>, maximumSize: Int) async throws -> Result<[UInt8], UnclassifiedCall> {
        do {
            let message = try await ServerRequest(stream: request).message
            return message.count <= maximumSize ? .success(message) : .failure(.questionSize)
        } catch let error as RPCError where error.code == .internalError {
            // No message, several of them, or one that the transport cannot read or that is beyond its limit: it does not say which.
            return .failure(.question)
        }
    }
}
