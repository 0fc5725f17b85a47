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

    @Test("a file of names gives back what the numbers mean")
    func names() throws {
        let names = SandboxNames(
            principals: [#"Lynx::Agent::"payments""#], groups: [#"Lynx::AgentGroup::"all \"of\" them""#],
            rules: [.init(number: 1, policies: ["first", "second"], kills: true)], killing: ["ptrace"])
        let read = try SandboxNames(text: names.text)
        #expect(read.principals == names.principals)
        #expect(read.groups == names.groups)
        #expect(read.rules == names.rules)
        #expect(read.killing == names.killing)
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
