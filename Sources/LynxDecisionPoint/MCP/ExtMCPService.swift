import GRPCCore
import LynxCedar

/// `agentgateway.dev.ext_mcp.ExtMcp`: what agentgateway asks about MCP, before a message goes to a server and before a result goes to the client.
///
/// A message that goes to several servers must be permitted at each. Lists are cut down to what the caller may use; other results pass, because their messages were decided. What
/// cannot be read is an error of JSON-RPC for the client.
public struct ExtMCPService: RegistrableRPCService {
    private let point: DecisionPoint
    private let trust: GatewayTrust
    private let maximumSize: Int

    public static let name = "agentgateway.dev.ext_mcp.ExtMcp"

    /// - Parameter maximumSize: of a question, in bytes; a larger one is denied.
    public init(_ point: DecisionPoint, trust: GatewayTrust, maximumSize: Int = .max) {
        self.point = point
        self.trust = trust
        self.maximumSize = maximumSize
    }

    public func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerUnary(ExtMCPService.name, "CheckRequest", maximumSize: maximumSize) { question, context in
            let isTrusted = try trust.isGiven(to: context)
            switch ExtMCPService.check(in: question) {
            case .success(let check): return await request(check, isTrusted: isTrusted)
            case .failure(let fault): return try await refusal(fault)
            }
        }
        router.registerUnary(ExtMCPService.name, "CheckResponse", maximumSize: maximumSize) { question, context in
            let isTrusted = try trust.isGiven(to: context)
            switch ExtMCPService.check(in: question) {
            case .success(let check): return try await response(check, isTrusted: isTrusted)
            case .failure(let fault): return try await refusal(fault)
            }
        }
    }

    private static func check(in question: Result<[UInt8], UnclassifiedCall>) -> Result<MCPCheck, UnclassifiedCall> {
        question.flatMap { bytes in
            (try? MCPCheck(bytes)).map { .success($0) } ?? .failure(.question)
        }
    }

    /// The answer to a question that cannot be read: it is denied and recorded like any other.
    private func refusal(_ fault: UnclassifiedCall) async throws(RPCError) -> [UInt8] {
        try await denial(of: .unreadable(fault, entrance: MCPCheck.entrance))
    }

    private func denial(of call: IncomingCall) async throws(RPCError) -> [UInt8] {
        guard case .deny(let denial) = await point.decide(call).outcome else {
            throw RPCError(code: .internalError, message: "what cannot be read is not permitted")
        }
        return MCPAnswer.error(denial)
    }

    /// More servers than anybody gathers lists from.
    private static let maximumServices = 256

    /// The servers as the calls are to be decided for each; one that is not known where there is none or too many.
    private func calls(_ check: MCPCheck, isTrusted: Bool) -> [IncomingCall] {
        let services = (1...ExtMCPService.maximumServices).contains(check.services.count) ? check.services : [""]
        return services.map { check.call(to: $0, isTrusted: isTrusted) }
    }

    // MARK: Messages

    private func request(_ check: MCPCheck, isTrusted: Bool) async -> [UInt8] {
        var passages: [Verdict.Passage] = []
        var decisionID = ""
        for var call in calls(check, isTrusted: isTrusted) {
            call.body = .message(method: check.method, parameters: check.json)
            let verdict = await point.decide(call)
            decisionID = verdict.decisionID
            switch verdict.outcome {
            case .allow(let passage): passages.append(passage)
            case .deny(let denial): return MCPAnswer.error(denial)
            }
        }
        var metadata = [(name: "decision_id", text: decisionID)]
        // The header is gone when the list comes back: the gateway keeps what it said until then, and sends it with the list.
        if MCPListing.Kind(rawValue: check.method) != nil,
            let authorization = check.call(to: "", isTrusted: isTrusted).headers.only("authorization")
        {
            metadata.append((MCPCheck.Key.authorization, authorization))
        }
        return MCPAnswer.pass(passages.count == 1 ? passages.first : nil, metadata: metadata)
    }

    // MARK: Results

    /// Methods whose messages agentgateway asks about before: their results pass.
    private static let decidedBefore: Set<String> = [
        "initialize", "ping", "logging/setLevel", "tools/call", "resources/read", "prompts/get",
    ]

    private func response(_ check: MCPCheck, isTrusted: Bool) async throws(RPCError) -> [UInt8] {
        if let kind = MCPListing.Kind(rawValue: check.method) { return try await list(check, kind, isTrusted: isTrusted) }
        if ExtMCPService.decidedBefore.contains(check.method) || check.method.hasPrefix("notifications/") { return MCPAnswer.unchanged }
        // Not asked about before: what the server has done is done, but nobody gets to know what came of it who may not do it.
        for call in calls(check, isTrusted: isTrusted) {
            if case .deny(let denial) = await point.decide(call).outcome { return MCPAnswer.error(denial) }
        }
        return MCPAnswer.unchanged
    }

    private func list(_ check: MCPCheck, _ kind: MCPListing.Kind, isTrusted: Bool) async throws(RPCError) -> [UInt8] {
        let calls = calls(check, isTrusted: isTrusted)
        let listing: MCPListing
        do throws(UnclassifiedCall) {
            listing = try MCPListing(kind, result: check.json ?? [])
        } catch {
            // Denied and recorded as a message is that cannot be read.
            var call = calls.first ?? check.call(to: "", isTrusted: isTrusted)
            call.body = .unreadable(error)
            return try await denial(of: call)
        }
        let names = listing.names
        // A name may be that of a thing of several servers, where one server's name begins with another's: it must then be permitted at each.
        var isOfAny = [Bool](repeating: false, count: names.count)
        var isKept = [Bool](repeating: true, count: names.count)
        var denials: [Verdict.Denial] = []
        for var call in calls {
            let service = call.destination ?? ""
            let natives = names.map { kind.native($0, of: service, isGathered: calls.count > 1) }
            call.listing = IncomingCall.Listing(kind: kind, names: natives)
            call.takesCredential = false
            var listed: [Bool] = []
            switch await point.decide(call).outcome {
            case .allow(let passage): listed = passage.listed
            case .deny(let denial):
                // Who may not list one of several servers may still list the others. Who is not known may list none.
                guard calls.count > 1, denial.status == 403 else { return MCPAnswer.error(denial) }
                denials.append(denial)
            }
            for (index, native) in natives.enumerated() where native != nil {
                isOfAny[index] = true
                isKept[index] = isKept[index] && index < listed.count && listed[index]
            }
        }
        if let denial = denials.first, denials.count == calls.count { return MCPAnswer.error(denial) }
        let kept = zip(isOfAny, isKept).map { $0 && $1 }
        return kept.contains(false) ? MCPAnswer.changed(listing.keeping(kept)) : MCPAnswer.unchanged
    }
}
