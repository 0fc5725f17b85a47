import LynxCedar

/// What the numbers of a compiled object mean, and what its policies ask of a kernel, as JSON.
struct SandboxNames: Hashable, Sendable {
    /// Of the schema, the fixed C and the architecture that the object was compiled from: numbers and layouts mean the same only in the same version.
    var version: String
    /// The oldest kernel that is to run the object.
    var kernel: KernelVersion
    /// The first has number 1.
    var principals: [EntityUID]
    /// The first has bit 0.
    var groups: [EntityUID]
    var rules: [SandboxImage.Rule]
    var mentions: [Operation: OperationMention]

    /// The version of this program.
    static let ownVersion: String = {
        var digest = SHA256()
        digest.update(SandboxSchema.text.utf8)
        // Numbers of system calls and the registers of their arguments differ.
        digest.update("\(SystemCallTable.native)".utf8)
        for (name, bytes) in TemplateFiles.all {
            digest.update(name.utf8)
            digest.update(bytes)
        }
        return digest.text()
    }()

    init(
        version: String = SandboxNames.ownVersion, kernel: KernelVersion = .oldest, principals: [EntityUID], groups: [EntityUID],
        rules: [SandboxImage.Rule], mentions: [Operation: OperationMention]
    ) {
        self.version = version
        self.kernel = kernel
        self.principals = principals
        self.groups = groups
        self.rules = rules
        self.mentions = mentions
    }

    init(_ plan: SandboxPlan) {
        let rules = plan.rules.map { rule in
            SandboxImage.Rule(number: rule.number, policies: rule.policies.map(\.description), kills: rule.kills)
        }
        var mentions: [Operation: OperationMention] = [:]
        for rule in plan.rules {
            for operation in rule.operations {
                // System calls pass unless a rule kills for their names: a permit asks for nothing there.
                let asksForRefusal = operation == .systemCall ? plan.forbidsSystemCallsInVain : !rule.kills
                let known = mentions[operation] ?? OperationMention(asksForRefusal: false, asksForKill: false)
                mentions[operation] = OperationMention(
                    asksForRefusal: known.asksForRefusal || asksForRefusal, asksForKill: known.asksForKill || rule.kills,
                    refusesOtherSockets: known.refusesOtherSockets || operation == .createSocket && rule.forbidsOtherSockets && !rule.kills,
                    killsOtherSockets: known.killsOtherSockets || operation == .createSocket && rule.forbidsOtherSockets && rule.kills)
            }
        }
        self.init(kernel: plan.kernel, principals: plan.principals, groups: plan.groups, rules: rules, mentions: mentions)
    }

    /// Whether some policy has processes killed.
    var kills: Bool { mentions.values.contains(where: \.asksForKill) }

    var json: JSONValue {
        func text(_ text: String) -> JSONValue { JSONValue(.string(CedarString(text))) }
        func texts(_ texts: some Sequence<String>) -> JSONValue { JSONValue(.array(texts.map(text))) }
        return [
            "version": text(version),
            "kernel": text(kernel.description),
            "principals": texts(principals.map(\.description)),
            "groups": texts(groups.map(\.description)),
            "rules": JSONValue(
                .array(
                    rules.map { rule in
                        [
                            "number": JSONValue(.integer(Int64(rule.number))),
                            "policies": texts(rule.policies),
                            "kills": JSONValue(.bool(rule.kills)),
                        ]
                    })),
            "mentions": JSONValue(
                .array(
                    mentions.sorted { $0.key.rawValue < $1.key.rawValue }.map { operation, mention in
                        [
                            "operation": text(operation.description),
                            "refusal": JSONValue(.bool(mention.asksForRefusal)),
                            "kill": JSONValue(.bool(mention.asksForKill)),
                            "refusesOtherSockets": JSONValue(.bool(mention.refusesOtherSockets)),
                            "killsOtherSockets": JSONValue(.bool(mention.killsOtherSockets)),
                        ]
                    })),
        ]
    }

    var text: String { json.formatted() + "\n" }
}

extension SandboxNames {
    init(text: String) throws(LoadingError) {
        do throws(ParseError) {
            try self.init(json: JSONValue(parsing: SourceText(text, name: "names")))
        } catch {
            throw LoadingError("the file of names is damaged", help: "compile the policies again")
        }
    }

    init(json: JSONValue) throws(ParseError) {
        func fail() -> ParseError { ParseError(Diagnostic("the file of names is damaged")) }
        func text(_ json: JSONValue?) throws(ParseError) -> String {
            guard case .string(let text)? = json?.kind else { throw fail() }
            return text.description
        }
        func array(_ json: JSONValue?) throws(ParseError) -> [JSONValue] {
            guard case .array(let elements)? = json?.kind else { throw fail() }
            return elements
        }
        func flag(_ json: JSONValue?) throws(ParseError) -> Bool {
            guard case .bool(let flag)? = json?.kind else { throw fail() }
            return flag
        }
        func uids(_ json: JSONValue?) throws(ParseError) -> [EntityUID] {
            var result: [EntityUID] = []
            for element in try array(json) { result.append(try EntityUID(cedar: try text(element))) }
            return result
        }
        version = try text(json.member("version"))
        guard let kernel = KernelVersion(try text(json.member("kernel"))) else { throw fail() }
        self.kernel = kernel
        principals = try uids(json.member("principals"))
        groups = try uids(json.member("groups"))
        rules = []
        for element in try array(json.member("rules")) {
            guard case .integer(let number)? = element.member("number")?.kind, number > 0 else { throw fail() }
            var policies: [String] = []
            for policy in try array(element.member("policies")) { policies.append(try text(policy)) }
            rules.append(SandboxImage.Rule(number: Int(number), policies: policies, kills: try flag(element.member("kills"))))
        }
        mentions = [:]
        for element in try array(json.member("mentions")) {
            guard let operation = Operation(named: try text(element.member("operation"))), mentions[operation] == nil else { throw fail() }
            mentions[operation] = OperationMention(
                asksForRefusal: try flag(element.member("refusal")), asksForKill: try flag(element.member("kill")),
                // Files of earlier versions do not say.
                refusesOtherSockets: try element.member("refusesOtherSockets").map(flag) ?? false,
                killsOtherSockets: try element.member("killsOtherSockets").map(flag) ?? false)
        }
    }
}

extension JSONValue {
    func member(_ name: CedarString) -> JSONValue? {
        guard case .object(let members) = kind else { return nil }
        return members.first { $0.name == name }?.value
    }
}
