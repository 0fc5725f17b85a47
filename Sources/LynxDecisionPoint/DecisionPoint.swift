import LynxAudit
import LynxCedar
import LynxIdentity
import LynxPolicy

/// Decides calls: who calls, what it is, where it goes, and whether policies permit it.
///
/// The same for every protocol that gateways ask by. Whatever cannot be found out denies, and so does a decision that cannot be recorded.
public final class DecisionPoint: Sendable {
    private let rules: Current<DecisionRules>
    private let audit: AuditLog
    private let metrics: DecisionMetrics

    public init(_ rules: Current<DecisionRules>, audit: AuditLog, metrics: DecisionMetrics) {
        self.rules = rules
        self.audit = audit
        self.metrics = metrics
    }

    public func decide(_ call: IncomingCall) async -> Verdict {
        let start = ContinuousClock.now
        var stages = DecisionStages(start: start)
        let time = WallClock.milliseconds()
        let trace = TraceContext(traceparent: call.headers.all("traceparent"))
        let body = CallBody(call)
        var record = AuditRecord(.decision, id: RandomID.make(), time: time)
        record.traceID = trace.traceID
        (record.spanID, record.parentSpanID, record.isSampled) = (trace.spanID, trace.parentSpanID, trace.isSampled)
        record.entrance = call.entrance
        record.call = AuditRecord.Call(
            method: Excerpt.of(call.method), host: Excerpt.of(call.host), path: call.plainPath, source: call.source)
        record.call?.headers = audit.recordedHeaders.compactMap { name in
            let values = call.headers.all(name)
            return values.isEmpty ? nil : AuditRecord.Header(name: name, value: values.joined(separator: ", "))
        }
        let rules = rules.value
        var isRPC = false
        var outcome: Verdict.Outcome
        do throws(Refusal) {
            outcome = try await decide(call, body, rules, time, trace, &record, &isRPC, &stages)
        } catch {
            stages.abandon()
            record.isAllowed = false
            record.reason = error.reason
            record.detail = error.detail
            outcome = .deny(Verdict.Denial(error.kind, decisionID: record.id, messages: [], isRPC: isRPC, rpcID: body.rpcID))
        }
        let elapsed = ContinuousClock.now - start
        record.microseconds = elapsed.components.seconds * 1_000_000 + elapsed.components.attoseconds / 1_000_000_000_000
        do throws(AuditFault) {
            if try await !audit.recordDecision(record) { metrics.countAuditFault() }
        } catch {
            metrics.countAuditFault()
            record.isAllowed = false
            record.reason = "audit-unavailable"
            outcome = .deny(Verdict.Denial(.unavailable, decisionID: record.id, messages: [], isRPC: isRPC, rpcID: body.rpcID))
        }
        stages.end(.record)
        metrics.count(record, elapsed: ContinuousClock.now - start, stages: stages)
        return Verdict(decisionID: record.id, outcome: outcome)
    }

    private func decide(
        _ call: IncomingCall, _ body: CallBody, _ rules: DecisionRules, _ time: Int64, _ trace: TraceContext, _ record: inout AuditRecord,
        _ isRPC: inout Bool, _ stages: inout DecisionStages
    ) async throws(Refusal) -> Verdict.Outcome {
        let installation = rules.installation
        let destination = try DecisionPoint.destination(of: call, installation.destinations)
        record.destination = destination.name
        isRPC = (destination.kind == .mcp || destination.kind == .a2a) && call.method == "POST"
        stages.end(.parse)
        let caller = try await caller(of: call, destination, rules, time)
        stages.end(.verify)
        record.principal = caller.principal
        record.subject = CedarString("\(caller.subject.issuer)|\(caller.subject.subject)")
        record.chain = caller.chain.actors.map { CedarString("\($0.issuer)|\($0.subject)") }
        record.authentication = .init(method: caller.method.rawValue, issuer: caller.issuer, tokenID: caller.tokenID)

        let classified = try DecisionPoint.classified(call, body, destination)
        record.target = classified.recorded
        var question = DecisionPoint.question(call, classified, caller, installation.policies, time)
        record.action = question.action
        record.resource = question.resource
        question.input = try DecisionPoint.input(classified, of: question.action, installation.policies)
        let answer = installation.policies.decide(question)
        stages.end(.evaluate)
        record.isAllowed = answer.isAllowed
        record.reason = answer.reason
        record.policies = answer.policies
        record.errors = answer.errors
        record.shadow = answer.shadow.map { AuditRecord.Shadow(isAllowed: $0.isAllowed, policies: $0.policies) }
        guard answer.isAllowed else {
            return .deny(
                Verdict.Denial(.forbidden, decisionID: record.id, messages: answer.messages, isRPC: isRPC, rpcID: body.rpcID))
        }
        var passage = try DecisionPoint.passage(call, caller, destination, rules, time / 1000, trace, &record)
        if let listing = call.listing {
            // A list may be long, and whoever runs this may have others to answer meanwhile.
            passage.listed = await withTaskExecutorPreference(globalConcurrentExecutor) { [question] in
                DecisionPoint.listed(listing, question, destination, installation.policies)
            }
            record.detail = "\(passage.listed.count(where: \.self)) of \(listing.names.count { $0 != nil }) listed"
        }
        stages.end(.sign)
        return .allow(passage)
    }

    private static func destination(of call: IncomingCall, _ table: DestinationTable) throws(Refusal) -> Destination {
        if let fault = call.fault { throw Refusal(fault) }
        guard !call.headers.isEmpty || call.isMessage else { throw Refusal("headers-absent") }
        guard table.isPlain(call.plainPath) else { throw Refusal("path-not-plain") }
        let found = call.destination.map { table[$0] } ?? table.destination(host: call.host, path: call.plainPath)
        guard let found else { throw Refusal("destination-unknown") }
        return found
    }

    // MARK: Who

    private func caller(
        of call: IncomingCall, _ destination: Destination, _ rules: DecisionRules, _ time: Int64
    ) async throws(Refusal) -> Caller {
        let certified = try DecisionPoint.certified(call, rules.installation.callers)
        guard let token = try DecisionPoint.bearerToken(call.headers) else {
            if let certified { return certified }
            throw Refusal("credentials-absent", .unauthenticated)
        }
        let caller: Caller
        do throws(TokenRefusal) {
            caller = try await rules.callers.caller(
                showing: token, in: rules.installation, audiences: rules.audiences + [destination.audience],
                certificate: call.certificateThumbprint, now: time / 1000)
        } catch {
            throw Refusal(error)
        }
        // Who shows a token over a channel of its own must be whom the token names: somebody else's is of no use.
        if let certified, certified.principal != caller.principal { throw Refusal("token-of-another-caller", .unauthenticated) }
        return caller
    }

    private static func certified(_ call: IncomingCall, _ callers: CallerResolver) throws(Refusal) -> Caller? {
        if let fault = call.certificateFault { throw Refusal(fault) }
        guard let text = call.certificateID, !text.isEmpty else { return nil }
        guard let id = SPIFFEID(text) else { throw Refusal("spiffe-id-malformed", .unauthenticated) }
        do throws(TokenRefusal) {
            return try callers.caller(id)
        } catch {
            throw Refusal(error)
        }
    }

    /// RFC 6750, 2.1.
    private static func bearerToken(_ headers: HeaderList) throws(Refusal) -> Substring? {
        let values = headers.all("authorization")
        guard let value = values.first else { return nil }
        guard values.count == 1 else { throw Refusal("credentials-repeated", .unauthenticated) }
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Refusal("credentials-scheme", .unauthenticated) }
        return parts[1]
    }

    // MARK: What

    private static func classified(_ call: IncomingCall, _ body: CallBody, _ destination: Destination) throws(Refusal) -> ClassifiedCall {
        do throws(UnclassifiedCall) {
            return try CallClassifier(call: call, body: body, destination: destination).classify()
        } catch {
            throw Refusal(error)
        }
    }

    private static func question(
        _ call: IncomingCall, _ classified: ClassifiedCall, _ caller: Caller, _ policies: PolicySnapshot, _ time: Int64
    ) -> AccessQuestion {
        var circumstances = AccessQuestion.Circumstances(
            now: time, scopes: caller.scopes ?? [], sni: call.sni, source: call.source.flatMap { try? IPAddress($0) })
        // A gateway that has read the message need not say where it was sent.
        if !call.isMessage || !call.host.isEmpty {
            circumstances.http = .init(method: call.method, host: call.host.lowercased(), path: call.plainPath)
        }
        circumstances.target = classified.target
        let action =
            switch classified.action {
            case .named(let name): EntityUID(type: EntityTypes.action, id: name)
            case .tool(let name): policies.action(ofTool: name)
            }
        return AccessQuestion(
            caller: caller, action: action, resource: classified.resource, resourceParent: classified.parent, circumstances: circumstances)
    }

    /// Which of the things that a server lists the caller may use, in some way that is still open.
    private static func listed(
        _ listing: IncomingCall.Listing, _ question: AccessQuestion, _ destination: Destination, _ policies: PolicySnapshot
    ) -> [Bool] {
        let names = listing.names.map { $0.map { CedarString($0) } }
        switch listing.kind {
        case .tools: return policies.listedTools(names, of: destination, for: question)
        case .resources, .prompts: return policies.listedTargets(names, for: question)
        // Which of a template's resources is meant is not known before one is read: what holds for one template holds for all.
        case .templates:
            let isListed = policies.listsTemplates(for: question)
            return names.map { $0 != nil && isListed }
        }
    }

    private static func input(
        _ classified: ClassifiedCall, of action: EntityUID, _ policies: PolicySnapshot
    ) throws(Refusal) -> Value? {
        guard let json = classified.input else { return nil }
        let type = policies.inputType(of: action)
        if policies.isChecked && type == nil { return nil }
        do throws(InputConversion.Unrepresentable) {
            return try InputConversion.value(json, as: type)
        } catch {
            throw Refusal("input-not-representable")
        }
    }

    // MARK: What is sent on

    private static func passage(
        _ call: IncomingCall, _ caller: Caller, _ destination: Destination, _ rules: DecisionRules, _ now: Int64, _ trace: TraceContext, _ record: inout AuditRecord
    ) throws(Refusal) -> Verdict.Passage {
        var expires = min(caller.expires ?? .max, now + rules.answerLifetime)
        guard destination.credential == .mint, call.takesCredential else { return Verdict.Passage(credential: nil, traceparent: trace.outgoing, expires: expires) }
        let actors: ActorChain
        do throws(TokenRefusal) {
            actors = caller.party == caller.subject ? caller.chain : try caller.chain.adding(caller.party)
        } catch {
            throw Refusal(error)
        }
        let contents = TokenIssuer.Contents(
            subject: caller.subject, audience: destination.audience, actors: actors, mayAct: caller.mayAct,
            scopes: caller.scopes?.filter { destination.scopes?.contains($0) ?? true }, groups: caller.groups,
            expires: min(caller.expires ?? .max, now + rules.credentialLifetime))
        guard let issued = rules.credentials.credential(saying: contents, bound: caller.expires, by: rules.installation.issuer, now: now) else {
            throw Refusal("credential-not-signed", .unavailable)
        }
        record.credential = AuditRecord.Credential(
            id: issued.id, audience: contents.audience, scopes: contents.scopes ?? [], expires: issued.expires)
        expires = min(expires, issued.expires)
        return Verdict.Passage(credential: issued.token, traceparent: trace.outgoing, expires: expires)
    }
}
