import LynxCedar
@testable import LynxSandbox
import Testing

@Suite("What the loader reads")
struct LoadingTests {
    @Test("a file of tables gives back the tables that were written to it")
    func tables() throws {
        let tables = [
            PolicyTable(
                name: "paths", kind: .hash, keySize: 2, valueSize: 1,
                entries: [.init(key: [1, 2], value: [3]), .init(key: [0, 9], value: [4])]),
            PolicyTable(name: "addresses", kind: .trie, keySize: 4, valueSize: 8, entries: []),
        ]
        #expect(try PolicyTable.tables(ofFile: PolicyTable.file(of: tables)) == tables)
    }

    @Test("a file of tables that ends early is damaged", arguments: [0, 3, 4, 8, 11, 20, 30])
    func damagedTables(length: Int) {
        let table = PolicyTable(name: "paths", kind: .hash, keySize: 2, valueSize: 1, entries: [.init(key: [1, 2], value: [3])])
        let bytes = Array(PolicyTable.file(of: [table]).prefix(length))
        #expect(throws: LoadingError.self) { try PolicyTable.tables(ofFile: bytes) }
    }

    @Test("tables are refused that hold nothing, stand twice, or are followed by something", arguments: FaultyTables.allCases)
    func faultyTables(fault: FaultyTables) {
        #expect(throws: LoadingError.self) { try PolicyTable.tables(ofFile: fault.bytes) }
    }

    /// The file of one table `t`: hash, keys of 2 bytes, values of 1, one entry; and what is wrong in each.
    enum FaultyTables: CaseIterable {
        case zeroSizes, zeroKey, zeroValue, fourThousandMillionEntries, twice, trailing, unnamed, sameKeyTwice, keysOutOfOrder, otherKind

        var bytes: [UInt8] {
            func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
            func table(
                _ name: String = "t", kind: UInt32 = 0, key: UInt32 = 2, value: UInt32 = 1, count: UInt32 = 1, entries: [UInt8] = [1, 2, 3]
            ) -> [UInt8] {
                number(UInt32(name.utf8.count)) + Array(name.utf8) + number(kind) + number(key) + number(value) + number(count) + entries
            }
            func file(_ tables: [UInt8]...) -> [UInt8] { Array("LXT1".utf8) + number(UInt32(tables.count)) + tables.flatMap { $0 } }
            return switch self {
            case .zeroSizes: file(table(key: 0, value: 0, count: .max, entries: []))
            case .zeroKey: file(table(key: 0, value: 3))
            case .zeroValue: file(table(key: 3, value: 0))
            case .fourThousandMillionEntries: file(table(count: .max))
            case .twice: file(table(), table())
            case .trailing: file(table()) + [0]
            case .unnamed: file(table(""))
            case .sameKeyTwice: file(table(count: 2, entries: [1, 2, 3, 1, 2, 4]))
            case .keysOutOfOrder: file(table(count: 2, entries: [1, 3, 3, 1, 2, 4]))
            case .otherKind: file(table(kind: 3))
            }
        }
    }

    @Test("a file of names gives back what the numbers mean")
    func names() throws {
        let names = SandboxNames(
            kernel: KernelVersion(6, 12), principals: [#"Lynx::Agent::"payments""#], groups: [#"Lynx::AgentGroup::"all \"of\" them""#],
            rules: [.init(number: 1, policies: ["first", "second"], kills: true)],
            mentions: [.ptrace: OperationMention(asksForRefusal: false, asksForKill: true)])
        #expect(try SandboxNames(text: names.text) == names)
    }

    @Test("what policies ask for is told by operation: a permit leaves the rest denied, a forbid may kill instead")
    func mentions() throws {
        let policies = try PolicySet(
            cedar: """
                permit (principal, action == Sandbox::Action::"read", resource);
                @enforce("kill") forbid (principal, action == Sandbox::Action::"ptrace", resource);
                @enforce("kill") forbid (principal, action == Sandbox::Action::"signal", resource);
                permit (principal, action == Sandbox::Action::"signal", resource) when { resource.own };
                permit (principal, action == Sandbox::Action::"systemCall", resource);
                """)
        #expect(
            SandboxNames(try SandboxProgram(policies).plan).mentions == [
                .read: OperationMention(asksForRefusal: true, asksForKill: false),
                .ptrace: OperationMention(asksForRefusal: false, asksForKill: true),
                .signal: OperationMention(asksForRefusal: true, asksForKill: true),
                .systemCall: OperationMention(asksForRefusal: false, asksForKill: false),
            ])
    }

    @Test(
        "a forbid of all actions asks for no refusal of system calls by name, one that speaks of them does",
        arguments: [
            ("forbid (principal, action, resource) when { context.uid == 0 };", false),
            (#"forbid (principal, action == Sandbox::Action::"systemCall", resource);"#, true),
            (#"forbid (principal, action in [Sandbox::Action::"systemCall", Sandbox::Action::"ptrace"], resource);"#, true),
            (#"forbid (principal, action, resource) when { action == Sandbox::Action::"systemCall" };"#, true),
            (#"forbid (principal, action, resource == Sandbox::SystemCall::"mount");"#, true),
            ("forbid (principal, action, resource is Sandbox::SystemCall);", true),
            (#"forbid (principal, action, resource) when { resource == Sandbox::SystemCall::"mount" };"#, true),
            (#"forbid (principal, action, resource) when { context.uid == 0 || resource == Sandbox::SystemCall::"mount" };"#, true),
        ])
    func generalForbids(policy: String, asksForRefusal: Bool) throws {
        let mentions = SandboxNames(try SandboxProgram(try PolicySet(cedar: policy)).plan).mentions
        #expect(mentions[.systemCall] == OperationMention(asksForRefusal: asksForRefusal, asksForKill: false))
    }

    @Test("a sandbox's name cannot leave its folder", arguments: ["", "..", "a/b", "a b", ".", String(repeating: "x", count: 65)])
    func badNames(name: String) {
        #expect(throws: LoadingError.self) { try Sandbox.check(name: name) }
    }

    @Test("a sandbox is named by letters, digits, - and _", arguments: ["a", "run-12", "Payments_2"])
    func goodNames(name: String) throws {
        try Sandbox.check(name: name)
    }
}
