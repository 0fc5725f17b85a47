import LynxCedar

/// Compiled policies as they lie in a folder, ready for any kernel: the object, what its tables hold, and what its numbers mean.
public struct SandboxImage: Sendable {
    /// Whom a rule of the object stands for in reports.
    public struct Rule: Sendable, Hashable {
        public let number: Int
        public let policies: [String]
        public let kills: Bool
    }

    public let object: [UInt8]
    public let tables: [PolicyTable]
    /// The first has number 1.
    public let principals: [EntityUID]
    /// The first has bit 0.
    public let groups: [EntityUID]
    public let rules: [Rule]
    /// The actions that some policy may have a process killed for.
    public let killing: Set<String>

    /// The names of the files in a folder.
    public static let objectName = "sandbox.bpf.o"
    public static let tablesName = "sandbox.tables"
    public static let namesName = "sandbox.json"

    public init(_ program: SandboxProgram, object: [UInt8]) {
        self.object = object
        tables = program.tables
        principals = program.plan.principals
        groups = program.plan.groups
        rules = program.plan.rules.map { rule in
            Rule(number: rule.number, policies: rule.policies.map(\.description), kills: rule.kills)
        }
        killing = Set(program.plan.entries.filter(\.mayKill).map(\.operation.description))
    }

    /// Reads a folder that ``write(to:)`` has written.
    public init(folder: String) throws(LoadingError) {
        object = try SmallFile.read("\(folder)/\(SandboxImage.objectName)")
        tables = try PolicyTable.tables(ofFile: try SmallFile.read("\(folder)/\(SandboxImage.tablesName)"))
        let names = try SandboxNames(text: try SmallFile.readText("\(folder)/\(SandboxImage.namesName)"))
        principals = names.principals
        groups = names.groups
        rules = names.rules
        killing = names.killing
    }

    /// Writes the three files; the folder is made where it is missing.
    public func write(to folder: String) throws(LoadingError) {
        try SmallFile.makeFolder(folder, mode: 0o755)
        try SmallFile.write(object, to: "\(folder)/\(SandboxImage.objectName)", creating: true)
        try SmallFile.write(PolicyTable.file(of: tables), to: "\(folder)/\(SandboxImage.tablesName)", creating: true)
        try SmallFile.write(Array(names.text.utf8), to: "\(folder)/\(SandboxImage.namesName)", creating: true)
    }

    var names: SandboxNames { SandboxNames(principals: principals, groups: groups, rules: rules, killing: killing) }

    /// What is written for a principal.
    ///
    /// - Parameter entities: the store that says in which groups the principal is.
    /// - Throws: when the principal is of no type that workloads have.
    func record(for principal: EntityUID, entities: Entities, isAudited: Bool) throws(LoadingError) -> [UInt8] {
        let type: UInt32
        switch principal.type {
        case "Lynx::Agent": type = 1
        case "Sandbox::Workload": type = 2
        default:
            throw LoadingError(
                "`\(principal)` cannot be a workload", help: "workloads are of the types Lynx::Agent and Sandbox::Workload")
        }
        var groupBits = [UInt64](repeating: 0, count: 4)
        let ancestors = entities.ancestors(of: principal)
        for (bit, group) in groups.enumerated() where bit < 256 && ancestors.contains(group) { groupBits[bit / 64] |= 1 << UInt64(bit % 64) }
        var bytes: [UInt8] = []
        // struct workload in event.h
        bytes.append(littleEndian: UInt32(principals.firstIndex(of: principal).map { $0 + 1 } ?? 0))
        bytes.append(littleEndian: type)
        for word in groupBits { bytes.append(littleEndian: word) }
        bytes.append(littleEndian: UInt32(isAudited ? 1 : 0))
        bytes.append(littleEndian: UInt32(0))
        return bytes
    }
}

extension PolicyTable {
    /// Reads what ``file(of:)`` writes.
    static func tables(ofFile bytes: [UInt8]) throws(LoadingError) -> [PolicyTable] {
        let damaged = LoadingError("the file of tables is damaged", help: "compile the policies again")
        var rest = bytes[...]
        func take(_ count: Int) throws(LoadingError) -> ArraySlice<UInt8> {
            guard count >= 0, rest.count >= count else { throw damaged }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        func number() throws(LoadingError) -> Int {
            Int(try take(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        }
        guard try take(4).elementsEqual("LXT1".utf8) else { throw damaged }
        var tables: [PolicyTable] = []
        for _ in 0..<(try number()) {
            let name = String(decoding: try take(try number()), as: UTF8.self)
            let kind: Kind
            switch try number() {
            case 0: kind = .hash
            case 1: kind = .trie
            case 2: kind = .array
            default: throw damaged
            }
            let keySize = try number()
            let valueSize = try number()
            var entries: [Entry] = []
            for _ in 0..<(try number()) {
                let key = Array(try take(keySize))
                entries.append(Entry(key: key, value: Array(try take(valueSize))))
            }
            tables.append(PolicyTable(name: name, kind: kind, keySize: keySize, valueSize: valueSize, entries: entries))
        }
        return tables
    }
}
