import LynxCedar

/// The id of an endpoint: an address and a port, as in `10.0.0.1:443` and `[2001:db8::1]:443`.
struct EndpointName {
    let address: IPAddress
    let port: UInt16

    init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// - Returns: `nil` when the text is not just what ``description`` gives for an endpoint.
    init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.first == "[" && host.last == "]" { host = host.dropFirst().dropLast() }
        do throws(EvaluationError) {
            self.init(address: try IPAddress(String(host)), port: port)
        } catch {
            return nil
        }
        guard description == text else { return nil }
    }

    var description: String {
        let text = address.description
        let host = text[..<(text.lastIndex(of: "/") ?? text.endIndex)]
        return address.isIPv4 ? "\(host):\(port)" : "[\(host)]:\(port)"
    }
}
