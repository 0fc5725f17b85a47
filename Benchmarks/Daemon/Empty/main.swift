import GRPCCore
import GRPCNIOTransportHTTP2Posix

// What the transport takes: a server like that of lynxd that allows every call without reading it. For `make bench-lynxd`; nothing of lynxd is in it, and nothing of
// it in lynxd.
//
//     lynxd-empty PORT

struct Bytes: MessageSerializer, MessageDeserializer {
    func serialize<Contiguous: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Contiguous { Contiguous(message) }

    func deserialize<Contiguous: GRPCContiguousBytes>(_ bytes: Contiguous) throws -> [UInt8] { bytes.withUnsafeBytes { Array($0) } }
}

struct EmptyService: RegistrableRPCService {
    /// A CheckResponse with the status 0.
    private static let allow: [UInt8] = [0x0A, 0x02, 0x08, 0x00]

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(
            forMethod: MethodDescriptor(fullyQualifiedService: "envoy.service.auth.v3.Authorization", method: "Check"), deserializer: Bytes(),
            serializer: Bytes()
        ) { (request: StreamingServerRequest<[UInt8]>, _) in
            _ = try await ServerRequest(stream: request)
            return StreamingServerResponse(single: ServerResponse(message: EmptyService.allow))
        }
    }
}

guard CommandLine.arguments.count == 2, let port = UInt16(CommandLine.arguments[1]) else {
    print("usage: lynxd-empty PORT")
    throw CancellationError()
}
let server = GRPCServer(
    transport: HTTP2ServerTransport.Posix(address: .ipv4(host: "127.0.0.1", port: Int(port)), transportSecurity: .plaintext),
    services: [EmptyService()])
try await server.serve()
