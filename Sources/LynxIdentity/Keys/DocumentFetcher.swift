import AsyncHTTPClient
import LynxCedar
import NIOCore
import NIOSSL

/// Fetches small JSON documents of issuers, and asks them questions: over HTTPS, or without it from this machine only, never from where a redirect points.
public final class DocumentFetcher: Sendable {
    private let client: HTTPClient
    private let token: Token?

    /// The largest document that is taken, in bytes.
    private static let maximumSize = 256 * 1024
    private static let timeout = TimeAmount.seconds(5)

    /// What is sent as a bearer token, such as Kubernetes asks for.
    public struct Token: Sendable {
        /// Scheme, host and port of the only server that gets it: a document may point to others.
        let origin: String
        let read: @Sendable () -> String?

        /// - Parameters:
        ///   - url: of the server that gets it.
        ///   - read: the token as it is now; `nil` when there is none.
        public init(for url: String, read: @escaping @Sendable () -> String?) {
            origin = Token.origin(of: url)
            self.read = read
        }

        func isFor(_ url: String) -> Bool { origin == Token.origin(of: url) }

        private static func origin(of url: String) -> String {
            let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            return parts.prefix(3).joined(separator: "/").prefix { $0 != "?" && $0 != "#" }.lowercased()
        }
    }

    struct Document: Sendable {
        let bytes: [UInt8]
        /// In seconds, as `Cache-Control` says; `nil` where it says nothing.
        let maximumAge: Int64?
    }

    /// - Parameters:
    ///   - authorities: a file of certificates in PEM to trust in place of the system's.
    ///   - token: sent to its own server only.
    public init(authorities: String? = nil, token: Token? = nil) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(2), read: DocumentFetcher.timeout))
        configuration.httpVersion = .http1Only
        if let authorities {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(authorities)
            configuration.tlsConfiguration = tls
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.token = token
    }

    /// Must be called before the last reference goes.
    public func close() async {
        try? await client.shutdown()
    }

    func fetch(_ url: String) async throws(KeyFault) -> Document {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "accept", value: "application/json, application/jwk-set+json")
        return try await execute(request)
    }

    /// - Returns: the document that a server answers a question with.
    func post(_ question: JSONValue, to url: String) async throws(KeyFault) -> [UInt8] {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(Array(question.description.utf8))
        return try await execute(request).bytes
    }

    private func execute(_ request: HTTPClientRequest) async throws(KeyFault) -> Document {
        let url = request.url
        guard DocumentFetcher.mayFetch(url) else { throw KeyFault("`\(url)` is neither HTTPS nor on this machine") }
        do {
            var request = request
            if let token, token.isFor(url), let text = token.read() { request.headers.add(name: "authorization", value: "Bearer \(text)") }
            let response = try await client.execute(request, timeout: DocumentFetcher.timeout)
            // A question makes something that is kept nowhere: 201.
            guard [200, 201].contains(response.status.code) else { throw KeyFault("`\(url)` answers with status \(response.status.code)") }
            let body = try await response.body.collect(upTo: DocumentFetcher.maximumSize)
            return Document(bytes: Array(body.readableBytesView), maximumAge: DocumentFetcher.maximumAge(response.headers["cache-control"]))
        } catch let fault as KeyFault {
            throw fault
        } catch {
            throw KeyFault("`\(url)` cannot be fetched: \(error)")
        }
    }

    /// Whether a URL is one of HTTPS, or of this machine.
    public static func mayFetch(_ url: String) -> Bool {
        if url.hasPrefix("https://") { return true }
        guard url.hasPrefix("http://") else { return false }
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // What stands before an @ is not the host.
        guard !authority.contains("@") else { return false }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        return ["127.0.0.1", "localhost", "[::1]"].contains(String(host))
    }

    private static func maximumAge(_ values: [String]) -> Int64? {
        for directive in values.joined(separator: ",").split(separator: ",") {
            let directive = directive.filter { $0 != " " }.lowercased()
            if directive == "no-store" || directive == "no-cache" { return 0 }
            if directive.hasPrefix("max-age=") { return Int64(directive.dropFirst("max-age=".count)) }
        }
        return nil
    }
}
