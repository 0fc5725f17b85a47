import GRPCCore

/// `envoy.service.auth.v3.Authorization`: what Envoy and agentgateway ask.
public struct AuthorizationService: RegistrableRPCService {
    private let point: DecisionPoint
    private let trust: GatewayTrust
    private let maximumSize: Int

    public static let name = "envoy.service.auth.v3.Authorization"

    /// - Parameter maximumSize: of a question, in bytes; a larger one is denied.
    public init(_ point: DecisionPoint, trust: GatewayTrust, maximumSize: Int = .max) {
        self.point = point
        self.trust = trust
        self.maximumSize = maximumSize
    }

    public func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerUnary(AuthorizationService.name, "Check", maximumSize: maximumSize) { question, context in
            let isTrusted = try trust.isGiven(to: context)
            return CheckResponse(await point.decide(AuthorizationService.call(in: question, isTrusted: isTrusted))).bytes
        }
    }

    /// The call that is asked about. Where that cannot be found out, it is one that is denied and recorded like any other.
    static func call(in question: Result<[UInt8], UnclassifiedCall>, isTrusted: Bool) -> IncomingCall {
        do {
            return try CheckRequest(question.get()).call(isTrusted: isTrusted)
        } catch {
            return .unreadable(error as? UnclassifiedCall ?? .question, entrance: CheckRequest.entrance)
        }
    }
}
