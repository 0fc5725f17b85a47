import Foundation
import LynxIdentity

/// What Envoy's ext_authz protocol asks, version 3: of its messages, the fields that decisions depend on.
struct CheckRequest: Sendable {
    var method = ""
    var path = ""
    var host = ""
    /// `headers`, or `header_map` where the gateway sends headers as they came.
    var headers: [(name: String, value: String)] = []
    /// Whether one of them has a value that is no UTF-8: no two readers need take it for the same.
    var hasUnreadableHeader = false
    /// -1 when the body was cut off.
    var size: Int64 = 0
    var body: [UInt8] = []
    var sourceAddress: String?
    var sourcePrincipal: String?
    /// In PEM, escaped as in a URL.
    var sourceCertificate: String?
    var sni: String?
    var contextExtensions: [String: String] = [:]

    init(_ bytes: [UInt8]) throws(WireReader.Fault) {
        var reader = WireReader(bytes[...])
        while let field = try reader.next() { if field.number == 1 { try readAttributes(field.value.message()) } }
    }

    private mutating func readAttributes(_ reader: WireReader) throws(WireReader.Fault) {
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 1: try readSource(field.value.message())
            case 4: try readRequest(field.value.message())
            case 10:
                let (key, value) = try field.value.entry()
                contextExtensions[key] = value
            case 12:
                var session = try field.value.message()
                while let field = try session.next() { if field.number == 1 { sni = try field.value.text() } }
            default: break
            }
        }
    }

    private mutating func readSource(_ reader: WireReader) throws(WireReader.Fault) {
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 1:
                var address = try field.value.message()
                while let field = try address.next() {
                    guard field.number == 1 else { continue }
                    var socket = try field.value.message()
                    while let field = try socket.next() { if field.number == 2 { sourceAddress = try field.value.text() } }
                }
            case 4: sourcePrincipal = try field.value.text()
            case 5: sourceCertificate = try field.value.text()
            default: break
            }
        }
    }

    private mutating func readRequest(_ reader: WireReader) throws(WireReader.Fault) {
        var reader = reader
        while let field = try reader.next() { if field.number == 2 { try readHTTP(field.value.message()) } }
    }

    private mutating func readHTTP(_ reader: WireReader) throws(WireReader.Fault) {
        var reader = reader
        while let field = try reader.next() {
            switch field.number {
            case 2: method = try field.value.text()
            case 3: try readHeader(field.value.message())
            case 4: path = try field.value.text()
            case 5: host = try field.value.text()
            case 9: size = try field.value.integer()
            case 11, 12:
                let bytes = try field.value.bytes()
                if !bytes.isEmpty { body = Array(bytes) }
            case 13: try readHeaderMap(field.value.message())
            default: break
            }
        }
    }

    private mutating func readHeaderMap(_ reader: WireReader) throws(WireReader.Fault) {
        var reader = reader
        while let field = try reader.next() {
            if field.number == 1 { try readHeader(field.value.message()) }
        }
    }

    /// An entry of `headers`, or a HeaderValue, which may have its value in bytes.
    private mutating func readHeader(_ reader: WireReader) throws(WireReader.Fault) {
        var reader = reader
        var key = ""
        var value: ArraySlice<UInt8> = []
        while let field = try reader.next() {
            switch field.number {
            case 1: key = try field.value.text()
            case 2, 3:
                let bytes = try field.value.bytes()
                if !bytes.isEmpty { value = bytes }
            default: break
            }
        }
        let text = String(validUTF8: value)
        if text == nil { hasUnreadableHeader = true }
        headers.append((key, text ?? String(decoding: value, as: UTF8.self)))
    }
}

extension CheckRequest {
    static let entrance = "grpc"

    /// - Parameter isTrusted: whether who asks was authenticated: only then is what it says of the caller's certificate believed.
    func call(isTrusted: Bool) -> IncomingCall {
        let body: IncomingCall.Body =
            size < 0 || (size > 0 && !self.body.isEmpty && Int64(self.body.count) < size)
            ? .truncated : self.body.isEmpty ? .absent : .whole(self.body)
        var call = IncomingCall(
            entrance: CheckRequest.entrance, method: method, host: host, path: path,
            // Pseudo-headers repeat what is said elsewhere.
            headers: HeaderList(headers.lazy.filter { $0.name.utf8.first != UInt8(ascii: ":") }), body: body)
        if isTrusted {
            call.certificateID = sourcePrincipal
            call.certificateThumbprint = sourceCertificate?.removingPercentEncoding.flatMap { PeerCertificate.thumbprint(pem: $0) }
        }
        call.source = sourceAddress
        call.sni = sni
        call.destination = contextExtensions["lynx.destination"]
        if hasUnreadableHeader { call.fault = .header }
        return call
    }
}
