import LynxAudit
import LynxCedar
import LynxIdentity
import LynxPolicy

/// Issues a token for one destination in exchange for one of the subject (RFC 8693), when the client is who it says it is and policies permit it.
///
/// A hop that policies forbid never gets a token, and a token that cannot be recorded is not issued.
public final class TokenExchange: Sendable {
    let rules: Current<ExchangeRules>
    private let audit: AuditLog
    private let observe: @Sendable (AuditRecord, Swift.Duration) -> Void
    private let replays = ReplayCache()

    /// - Parameter observe: is told of every record and how long it took.
    public init(
        _ rules: Current<ExchangeRules>, audit: AuditLog, observe: @escaping @Sendable (AuditRecord, Swift.Duration) -> Void = { _, _ in }
    ) {
        self.rules = rules
        self.audit = audit
        self.observe = observe
    }

    struct Question: Sendable {
        let authorization: [String]
        /// What the client's channel was opened with, or why that is not taken.
        let certificate: Result<PeerCertificate?, TokenRefusal>
        let isForm: Bool
        let body: [UInt8]
        let source: String?
        let trace: TraceContext
    }

    struct Answer: Sendable {
        let status: Int
        let json: JSONValue
    }

    func answer(_ question: Question) async -> Answer {
        let start = ContinuousClock.now
        let time = WallClock.milliseconds()
        var record = AuditRecord(.issuance, id: RandomID.make(), time: time)
        record.entrance = "token"
        record.traceID = question.trace.traceID
        (record.spanID, record.parentSpanID, record.isSampled) = (question.trace.spanID, question.trace.parentSpanID, question.trace.isSampled)
        record.call = AuditRecord.Call(method: "POST", host: "", path: "/token", source: question.source)
        var answer: Answer
        do throws(ExchangeError) {
            answer = Answer(status: 200, json: try await issue(question, rules.value, time, &record))
            record.isAllowed = true
            record.reason = "permitted"
        } catch {
            record.isAllowed = false
            record.reason = error.reason
            record.detail = error.detail
            record.credential = nil
            if let client = error.client { record.client = client }
            answer = Answer(status: error.status, json: error.json)
        }
        record.microseconds = TokenExchange.microseconds(since: start)
        do throws(AuditFault) {
            try await audit.record(record)
        } catch {
            let error = ExchangeError(.temporarilyUnavailable, "try again later", reason: "audit-unavailable")
            record.isAllowed = false
            record.reason = error.reason
            answer = Answer(status: error.status, json: error.json)
        }
        observe(record, ContinuousClock.now - start)
        return answer
    }

    private static func microseconds(since start: ContinuousClock.Instant) -> Int64 {
        let elapsed = (ContinuousClock.now - start).components
        return elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000
    }

    private func issue(
        _ question: Question, _ rules: ExchangeRules, _ time: Int64, _ record: inout AuditRecord
    ) async throws(ExchangeError) -> JSONValue {
        let now = time / 1000
        guard question.isForm else { throw .invalidRequest("the body must be application/x-www-form-urlencoded") }
        let form = try FormParameters(question.body)
        let client = try await ClientAuthentication(rules: rules, replays: replays).client(
            authorization: question.authorization, question.certificate, form, now: now)
        record.client = client.client.id
        record.principal = client.client.registration.principal
        record.authentication = .init(method: client.method, issuer: client.party.issuer.string, tokenID: nil)
        let request = try ExchangeRequest(form)
        let destination = try request.destination(in: rules.installation.destinations)
        record.destination = destination.name
        record.resource = destination.resource

        let subject = try await subject(request, client, rules, now)
        record.authentication?.tokenID = subject.id
        record.subject = CedarString("\(subject.origin.issuer)|\(subject.origin.subject)")
        let actor = try await actor(request, client, subject, rules, now)
        record.principal = actor.principal
        let chain = try TokenExchange.chain(subject, actor, rules.installation.callers)
        record.chain = chain.actors.dropFirst().map { CedarString("\($0.issuer)|\($0.subject)") }
        let scopes = try request.scopes(of: subject, for: destination)
        try permit(subject, actor, chain, scopes, destination, rules, time, &record)

        let lifetime = min(300, max(60, rules.lifetime))
        let expires = min(subject.expires, actor.expires ?? .max, now + lifetime)
        guard expires > now else { throw ExchangeError(TokenRefusal(.expired), of: "subject_token") }
        let contents = TokenIssuer.Contents(
            subject: subject.origin, audience: destination.audience, actors: chain, mayAct: subject.mayAct, client: client.client.id, scopes: scopes,
            groups: rules.installation.callers.groups(of: subject), expires: expires, certificate: client.binding)
        guard let issued = rules.installation.issuer.issue(contents, id: RandomID.make(), now: now) else {
            throw ExchangeError(.temporarilyUnavailable, "try again later", reason: "credential-not-signed")
        }
        record.credential = AuditRecord.Credential(id: issued.id, audience: contents.audience, scopes: scopes ?? [], expires: expires)
        return request.response(issued, scopes: scopes, lifetime: expires - now)
    }

    // MARK: Who

    private func subject(
        _ request: ExchangeRequest, _ client: ClientAuthentication.Authenticated, _ rules: ExchangeRules, _ now: Int64
    ) async throws(ExchangeError) -> VerifiedToken {
        // Only what was meant for us or for the client: a token that it came by otherwise is of no use.
        let audiences = rules.ownAudiences + [client.client.id] + client.client.registration.audiences
        do throws(TokenRefusal) {
            let subject = try await rules.installation.validator.validate(
                request.subjectToken, at: .exchange, audiences: audiences, certificate: client.certificate, now: now)
            guard subject.actors.actors.isEmpty || subject.issuer.profile == .own else {
                throw TokenRefusal(.actorChain, "of an issuer that is not ours")
            }
            return subject
        } catch {
            throw ExchangeError(error, of: "subject_token")
        }
    }

    struct Actor: Sendable {
        let party: Party
        let principal: EntityUID
        let method: Caller.Method
        let issuer: String
        let expires: Int64?
    }

    private func actor(
        _ request: ExchangeRequest, _ client: ClientAuthentication.Authenticated, _ subject: VerifiedToken, _ rules: ExchangeRules, _ now: Int64
    ) async throws(ExchangeError) -> Actor {
        var actor = Actor(
            party: client.party, principal: client.client.registration.principal, method: .client,
            issuer: client.party.issuer.string, expires: client.expires)
        if let text = request.actorToken {
            do throws(TokenRefusal) {
                let token = try await rules.installation.validator.validate(
                    text, at: .exchange, audiences: rules.ownAudiences + [client.client.id] + client.client.registration.audiences,
                    certificate: client.certificate, now: now)
                guard token.actors.actors.isEmpty else { throw TokenRefusal(.actorChain, "an actor that acts for somebody") }
                guard let registration = rules.installation.callers.registration(of: token.origin) else { throw TokenRefusal(.unregistered) }
                actor = Actor(
                    party: token.origin, principal: registration.principal, method: token.issuer.method, issuer: token.issuer.name,
                    expires: min(token.expires, client.expires ?? .max))
            } catch {
                throw ExchangeError(error, of: "actor_token")
            }
            guard actor.principal == client.client.registration.principal || client.client.mayNameActors else {
                throw ExchangeError(.unauthorizedClient, "the client may not name another actor", reason: "actor-of-another-client")
            }
        }
        // RFC 8693, 4.4: who may act is who is named, under whatever name we know it.
        if let allowed = subject.mayAct {
            let named = allowed.contains { $0 == actor.party || rules.installation.callers.registration(of: $0)?.principal == actor.principal }
            guard named else { throw ExchangeError(.unauthorizedClient, "the subject has not allowed this actor", reason: "may-act") }
        }
        return actor
    }

    /// Who acts, in the token that is issued. Nobody, where the subject asks for itself.
    private static func chain(_ subject: VerifiedToken, _ actor: Actor, _ callers: CallerResolver) throws(ExchangeError) -> ActorChain {
        if subject.actors.actors.isEmpty, callers.principal(of: subject.origin) == actor.principal { return ActorChain() }
        do throws(TokenRefusal) {
            // The same agent under another of its names closes a circle too.
            for earlier in subject.actors.actors.dropFirst() where callers.principal(of: earlier) == actor.principal {
                throw TokenRefusal(.actorCycle)
            }
            if let latest = subject.actors.actors.first, callers.principal(of: latest) == actor.principal { return subject.actors }
            return try subject.actors.adding(actor.party)
        } catch {
            throw ExchangeError(error, of: "subject_token")
        }
    }

    // MARK: Whether

    private func permit(
        _ subject: VerifiedToken, _ actor: Actor, _ chain: ActorChain, _ scopes: [CedarString]?, _ destination: Destination, _ rules: ExchangeRules,
        _ time: Int64, _ record: inout AuditRecord
    ) throws(ExchangeError) {
        let callers = rules.installation.callers
        let isItself = chain.actors.isEmpty
        let caller = Caller(
            principal: actor.principal, party: isItself ? subject.origin : actor.party, subject: subject.origin,
            subjectPrincipal: callers.principal(of: subject.origin), chain: ActorChain(chain.actors.dropFirst()), method: actor.method,
            issuer: actor.issuer, scopes: scopes, expires: actor.expires, tokenID: subject.id, groups: callers.groups(of: subject), claims: callers.claims(of: subject))
        let question = AccessQuestion(
            caller: caller, action: "Lynx::Action::\"exchangeToken\"", resource: destination.resource,
            circumstances: .init(now: time, scopes: scopes ?? []))
        record.action = question.action
        let answer = rules.installation.policies.decide(question)
        record.policies = answer.policies
        record.errors = answer.errors
        record.shadow = answer.shadow.map { AuditRecord.Shadow(isAllowed: $0.isAllowed, policies: $0.policies) }
        guard answer.isAllowed else {
            let description = answer.messages.isEmpty ? "no token is issued for this target" : answer.messages.map(\.string).joined(separator: "; ")
            throw ExchangeError(.invalidTarget, description, reason: answer.reason)
        }
    }
}
