import LynxCedar
import LynxSandbox

/// Random policies, compiled, with random events and what the engine says of them.
public struct SandboxCase {
    public let policies: PolicySet
    public let program: SandboxProgram
    private let events: [SandboxEvent]
    private let responses: [Response]
    private let completeness: [Completeness]
    /// Whether a policy speaks of the program that acts, and may be denied an answer where that is not known.
    private let asksForExecutable: Bool
    /// The same of a file's file system, which may be empty: then it is not known.
    private let asksForFilesystem: Bool
    /// The file of events, for the programs.
    public let wire: [UInt8]

    /// What was told of an event's texts.
    private enum Completeness {
        case noPath
        /// Where a rule for the operation asks for what was not told, that is a denial; elsewhere it is as good as whole.
        case told(executable: Bool, filesystem: Bool)
    }

    /// - Parameter policyCount: how many policies, about.
    public init(seed: UInt64, policyCount: Int, eventCount: Int) throws {
        var dice = SandboxDice(seed: seed)
        let world = SandboxWorld(&dice)
        var entities = try world.entities(&dice)
        var generator = SandboxPolicyGenerator(world, SandboxDice(seed: dice.next()))
        var texts: [String] = []
        if dice.chance(40) { texts += generator.family(dice.int(2...60)) }
        if dice.chance(20) { texts += generator.family(dice.int(2...60)) }
        for _ in 0..<dice.pick([0, 0, 1, 1, 2]) { texts += generator.joinFamily(dice.int(2...80)) }
        // So that forbids decide, and not the lack of a permit only.
        if dice.chance(50) { texts.append("permit (principal, action, resource);") }
        texts = texts.filter { SandboxCase.isAccepted($0) }
        while texts.count < policyCount {
            let text = generator.policy()
            if SandboxCase.isAccepted(text) { texts.append(text) }
        }
        var policies = try PolicySet(cedar: SourceText(texts.joined(separator: "\n"), name: "random.cedar"))
        for number in 0..<dice.pick([0, 0, 0, 1, 3]) {
            let (template, links) = generator.template("template \(number)")
            guard var own = try? PolicySet(cedar: template) else { continue }
            try own.rename { annotations in annotations.first { $0.key == "id" }.map { PolicyID($0.value ?? "") } }
            guard let only = own.templates.first else { continue }
            texts.append(template)
            for (place, values) in links.enumerated() {
                let link = PolicyID("link \(number) \(place)")
                var alone = own
                try alone.link(template: only.id, as: link, values: values)
                guard (try? SandboxProgram(alone)) != nil else { continue }
                if policies.template(only.id) == nil { try policies.add(only) }
                try policies.link(template: only.id, as: link, values: values)
            }
        }
        self.policies = policies
        program = try SandboxProgram(policies, entities: entities)

        let eventGenerator = try SandboxEventGenerator(world, &dice)
        let records = world.principals.map { [plan = program.plan, entities] in plan.record(for: $0, entities: entities) }
        try entities.add(contentsOf: eventGenerator.entities)
        try entities.add(contentsOf: SandboxSchema.schema().actionEntities)
        let authorizer = Authorizer(policies: policies, entities: entities)
        // Operations that policies speak of, mostly.
        let spoken = program.plan.entries.filter { !$0.rules.isEmpty }.map(\.operation)
        var events: [SandboxEvent] = []
        var completeness: [Completeness] = []
        var wire: [UInt8] = []
        SandboxCase.append(UInt32(eventCount), to: &wire)
        for _ in 0..<eventCount {
            let event = eventGenerator.event(&dice, among: spoken.isEmpty || dice.chance(5) ? Operation.allCases : spoken)
            guard let place = world.principals.firstIndex(of: event.principal), let record = records[place] else { continue }
            let hasPath = event.operation.resourceKind == .file || event.operation.resourceKind == .unixSocket
            let state: UInt32 = hasPath && dice.chance(2) ? (dice.chance(50) ? 0 : 2) : 1
            let executableState: UInt32 = dice.chance(2) ? (dice.chance(50) ? 0 : 2) : 1
            event.appendWire(
                to: &wire, workload: record, states: (path: state, executable: executableState), isMapped: dice.chance(30),
                encode: SandboxWorld.bytes(of:))
            events.append(event)
            var hasFilesystem = true
            if case .file(let file) = event.resource, file.filesystem.isEmpty { hasFilesystem = false }
            completeness.append(state != 1 ? .noPath : .told(executable: executableState == 1, filesystem: hasFilesystem))
        }
        self.events = events
        self.completeness = completeness
        asksForExecutable = texts.contains { $0.contains("context.executable") }
        asksForFilesystem = texts.contains { $0.contains("resource.filesystem") }
        self.wire = wire
        responses = events.map { authorizer.isAuthorized($0.request) }
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Whether a policy is valid and can be lowered: the generator does not always see to it.
    private static func isAccepted(_ text: String) -> Bool {
        do {
            _ = try SandboxProgram(try PolicySet(cedar: text))
            return true
        } catch {
            return false
        }
    }

    /// The code, its tables, their names as a list for the preprocessor, the events, and the policies' texts as a fuzzer's dictionary.
    public var files: [(name: String, bytes: [UInt8])] {
        let names = program.tables.map { "X(\($0.name))" }.joined(separator: " ")
        var words: Set<String> = []
        for policy in policies.policies {
            // The odd ones stand in quotation marks.
            for (place, part) in "\(policy)".split(separator: "\"", omittingEmptySubsequences: false).enumerated() where place % 2 == 1 {
                words.insert("\"" + part.utf8.prefix(64).map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\"")
            }
        }
        let dictionary = words.subtracting(["\"\""]).sorted().joined(separator: "\n") + "\n"
        return [
            ("decide.h", Array(program.header.utf8)), ("tables", PolicyTable.file(of: program.tables)), ("names", Array(names.utf8)),
            ("events", wire), ("words", Array(dictionary.utf8)),
        ]
    }

    public var eventCount: Int { events.count }
    public var policyCount: Int { policies.policies.count }
    /// How many events the engine allows.
    public var allowedCount: Int { responses.count { $0.decision == .allow } }
    public var errorCount: Int { responses.count { !$0.errors.isEmpty } }

    /// Where verdicts differ from the engine's answers: one line for each.
    public func disagreements(_ verdicts: [UInt64]) -> [String] {
        guard verdicts.count == events.count else { return ["\(verdicts.count) verdicts on \(events.count) events"] }
        let killing = Set(policies.policies.filter { $0.annotation("enforce") != nil }.map(\.id))
        return events.indices.compactMap { index in
            let (verdict, response) = (verdicts[index], responses[index])
            let reason = verdict >> 8 & 0xff
            func complaint(_ text: String) -> String {
                "\(text): verdict \(String(verdict, radix: 16)), \(response.decision) for \(response.reasons), \(events[index])"
            }
            switch completeness[index] {
            case .noPath: return verdict == 2 << 8 ? nil : complaint("a text that is not whole is not denied")
            case .told(let executable, let filesystem):
                guard verdict == 2 << 8, !executable || !filesystem else { break }
                let isAskedFor = !executable && asksForExecutable || !filesystem && asksForFilesystem
                return isAskedFor ? nil : complaint("nobody asks for what was not told")
            }
            if (verdict & 1 == 1) != (response.decision == .allow) { return complaint("another decision") }
            if (verdict & 2 == 2) != response.reasons.contains(where: { killing.contains($0) && response.decision == .deny }) {
                return complaint("another tier")
            }
            let rule = Int(verdict >> 32)
            if reason == 0 {
                guard rule > 0, rule <= program.plan.rules.count else { return complaint("no such rule") }
                let policies = Set(program.plan.rules[rule - 1].policies)
                return response.reasons.contains(where: policies.contains) ? nil : complaint("another reason")
            }
            return reason == 1 && rule == 0 && response.reasons.isEmpty ? nil : complaint("another reason")
        }
    }
}
