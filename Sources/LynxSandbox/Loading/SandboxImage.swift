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
    /// The policies as text, the base profile among them: for people, and for the digest.
    let policies: [UInt8]
    let names: SandboxNames

    /// The groups that policies name.
    public var groups: [EntityUID] { names.groups }

    /// The names of the files in a folder.
    public static let objectName = "sandbox.bpf.o"
    public static let tablesName = "sandbox.tables"
    public static let namesName = "sandbox.json"
    public static let policiesName = "sandbox.policies"
    public static let digestName = "sandbox.digest"

    public init(_ program: SandboxProgram, object: [UInt8]) {
        self.init(
            object: object, tables: program.tables, policies: Array(program.policies.description.utf8), names: SandboxNames(program.plan))
    }

    init(object: [UInt8], tables: [PolicyTable], policies: [UInt8], names: SandboxNames) {
        self.object = object
        self.tables = tables
        self.policies = policies
        self.names = names
    }

    /// Reads a folder that ``write(to:)`` has written.
    ///
    /// - Throws: when a file is missing, or the files are not those that were written together.
    public init(folder: String) throws(LoadingError) {
        let object = try SmallFile.read("\(folder)/\(SandboxImage.objectName)")
        let tables = try SmallFile.read("\(folder)/\(SandboxImage.tablesName)")
        let names = try SmallFile.read("\(folder)/\(SandboxImage.namesName)")
        let policies = try SmallFile.read("\(folder)/\(SandboxImage.policiesName)")
        let digest = try SmallFile.readText("\(folder)/\(SandboxImage.digestName)")
        guard digest == SandboxImage.digest(object: object, tables: tables, names: names, policies: policies) + "\n" else {
            throw LoadingError(
                "the files in `\(folder)` do not belong together: their digest is not the one in `\(SandboxImage.digestName)`",
                help: "compile the policies again")
        }
        self.init(
            object: object, tables: try PolicyTable.tables(ofFile: tables), policies: policies,
            names: try SandboxNames(text: String(decoding: names, as: UTF8.self)))
        guard self.names.version == SandboxNames.ownVersion else {
            throw LoadingError("the policies in `\(folder)` were compiled by another version of cedarc", help: "compile the policies again")
        }
    }

    /// Writes the files; the folder is made where it is missing.
    public func write(to folder: String) throws(LoadingError) {
        try SmallFile.makeFolder(folder, mode: 0o755)
        let tables = PolicyTable.file(of: tables)
        let names = Array(names.text.utf8)
        let digest = SandboxImage.digest(object: object, tables: tables, names: names, policies: policies)
        for (name, bytes) in [
            (SandboxImage.objectName, object), (SandboxImage.tablesName, tables), (SandboxImage.namesName, names),
            (SandboxImage.policiesName, policies), (SandboxImage.digestName, Array((digest + "\n").utf8)),
        ] {
            try SmallFile.write(bytes, to: "\(folder)/\(name)", creating: true)
        }
    }

    /// One digest over all parts, each behind its length. The version is among the names.
    static func digest(object: [UInt8], tables: [UInt8], names: [UInt8], policies: [UInt8]) -> String {
        var digest = SHA256()
        for part in [policies, object, tables, names] {
            var length: [UInt8] = []
            length.append(littleEndian: UInt64(part.count))
            digest.update(length)
            digest.update(part)
        }
        return digest.text()
    }

    /// What is written for a principal.
    ///
    /// - Parameter entities: the store that says in which groups the principal is.
    /// - Throws: when the principal is of no type that workloads have.
    func record(for principal: EntityUID, entities: Entities, isAudited: Bool, generation: Int) throws(LoadingError) -> [UInt8] {
        guard let record = WorkloadRecord(principal, entities: entities, principals: names.principals, groups: names.groups) else {
            throw LoadingError(
                "`\(principal)` cannot be a workload", help: "workloads are of the types Lynx::Agent and Sandbox::Workload")
        }
        return record.bytes(isAudited: isAudited, generation: generation)
    }
}

extension PolicyTable {
    /// Reads what ``file(of:)`` writes.
    ///
    /// - Throws: when the bytes are no such file to their end, or name a table twice.
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
            let count = try number()
            // What is said to be there has to be there, before room is made for it.
            guard keySize > 0, valueSize > 0, count <= rest.count / (keySize + valueSize), !name.isEmpty,
                !tables.contains(where: { $0.name == name })
            else { throw damaged }
            var entries: [Entry] = []
            for _ in 0..<count {
                let key = Array(try take(keySize))
                entries.append(Entry(key: key, value: Array(try take(valueSize))))
            }
            // The order of the keys is the format's, and a key stands once.
            guard zip(entries, entries.dropFirst()).allSatisfy({ $0.key.lexicographicallyPrecedes($1.key) }) else { throw damaged }
            tables.append(PolicyTable(name: name, kind: kind, keySize: keySize, valueSize: valueSize, entries: entries))
        }
        guard rest.isEmpty else { throw damaged }
        return tables
    }
}
