import GRPCCore

/// `envoy.service.auth.v3.Authorization`: what Envoy and agentgateway ask.
public struct AuthorizationService: RegistrableRPCService {
    private let point: DecisionPoint
    private let trust: GatewayTrust

    public static let name = "envoy.service.auth.v3.Authorization"

    public init(_ point: DecisionPoint, trust: GatewayTrust) {
        self.point = point
        self.trust = trust
    }

    public func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerUnary(AuthorizationService.name, "Check") { bytes, context in
            let isTrusted = try trust.isGiven(to: context)
            do throws(WireReader.Fault) {
                let request = try CheckRequest(bytes)
                return CheckResponse(await point.decide(request.call(isTrusted: isTrusted))).bytes
            } catch {
                throw RPCError(code: .invalidArgument, message: "the request cannot be read")
            }
        }
    }
}
