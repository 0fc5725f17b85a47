import GRPCCore

/// `grpc.reflection.v1.ServerReflection`, and the same as v1alpha: which services there are, and their definitions.
public struct ReflectionService: RegistrableRPCService {
    private let index: DescriptorIndex

    /// - Returns: `nil` when our own definitions cannot be read, which the tests rule out.
    public init?() {
        guard let index = try? DescriptorIndex(set: PackageResources.services_pb) else { return nil }
        self.index = index
    }

    public func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        for service in ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"] {
            router.registerHandler(
                forMethod: MethodDescriptor(fullyQualifiedService: service, method: "ServerReflectionInfo"), deserializer: RawMessages(),
                serializer: RawMessages()
            ) { (request: StreamingServerRequest<[UInt8]>, _) in
                StreamingServerResponse { writer in
                    for try await message in request.messages { try await writer.write(try answer(message)) }
                    return [:]
                }
            }
        }
    }

    private func answer(_ request: [UInt8]) throws(RPCError) -> [UInt8] {
        var response = WireWriter()
        response.add(2, bytes: request)
        do throws(WireReader.Fault) {
            var reader = WireReader(request[...])
            while let field = try reader.next() {
                switch field.number {
                case 3: add(index.definitions(file: try field.value.text()), to: &response)
                case 4: add(index.definitions(symbol: try field.value.text()), to: &response)
                case 7:
                    response.add(6) { list in
                        for service in index.services { list.add(1) { $0.add(1, service) } }
                    }
                default: break
                }
            }
        } catch {
            throw RPCError(code: .invalidArgument, message: "the request cannot be read")
        }
        return response.bytes
    }

    private func add(_ definitions: [[UInt8]]?, to response: inout WireWriter) {
        if let definitions {
            response.add(4) { files in
                for file in definitions { files.add(1, bytes: file) }
            }
        } else {
            response.add(7) { error in
                // NOT_FOUND
                error.add(1, 5)
                error.add(2, "there is no such definition")
            }
        }
    }
}
