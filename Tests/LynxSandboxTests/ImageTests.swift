import Foundation
import LynxCedar
@testable import LynxSandbox
import Testing

@Suite("Compiled policies in a folder")
struct ImageTests {
    private static let names = [
        SandboxImage.objectName, SandboxImage.tablesName, SandboxImage.namesName, SandboxImage.policiesName, SandboxImage.digestName,
    ]

    private static func image(version: String = SandboxNames.ownVersion) -> SandboxImage {
        SandboxImage(
            object: Array("object".utf8),
            tables: [PolicyTable(name: "paths", kind: .hash, keySize: 2, valueSize: 1, entries: [.init(key: [1, 2], value: [3])])],
            policies: Array("permit (principal, action, resource);\n".utf8),
            names: SandboxNames(
                version: version, principals: [], groups: [], rules: [.init(number: 1, policies: ["first"], kills: false)],
                mentions: [.read: OperationMention(asksForRefusal: true, asksForKill: false)]))
    }

    @Test("what is written is read")
    func whole() throws {
        let folder = try TemporaryFolder()
        try ImageTests.image().write(to: folder.path)
        let read = try SandboxImage(folder: folder.path)
        #expect(read.object == Array("object".utf8))
        #expect(read.tables == ImageTests.image().tables)
        #expect(read.names == ImageTests.image().names)
    }

    @Test("a file that is missing is named", arguments: names)
    func missing(name: String) throws {
        let folder = try TemporaryFolder()
        try ImageTests.image().write(to: folder.path)
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
        let error = #expect(throws: LoadingError.self) { try SandboxImage(folder: folder.path) }
        #expect(error?.message == "cannot read `\(folder.path)/\(name)`: No such file or directory")
    }

    @Test("a file that was changed is not loaded with the others", arguments: names)
    func changed(name: String) throws {
        let folder = try TemporaryFolder()
        try ImageTests.image().write(to: folder.path)
        var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)")))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
        let error = #expect(throws: LoadingError.self) { try SandboxImage(folder: folder.path) }
        #expect(error?.message.contains("do not belong together") == true)
    }

    @Test("policies that another version compiled are compiled again")
    func otherVersion() throws {
        let folder = try TemporaryFolder()
        try ImageTests.image(version: "another").write(to: folder.path)
        let error = #expect(throws: LoadingError.self) { try SandboxImage(folder: folder.path) }
        #expect(error?.message.contains("by another version") == true)
    }

    @Test("the tables have to be those of the object, each once and in its size")
    func tables() throws {
        guard let compiler = try? ObjectCompiler() else {
            print("skipped: there is no clang here that compiles for the kernel")
            return
        }
        // So many that they are looked up in tables, not compared one by one.
        let paths = (0..<300).map { "\"/files/\($0)\"" }.joined(separator: ", ")
        let folders = (0..<300).map { "Sandbox::Directory::\"/folders/\($0)\"" }.joined(separator: ", ")
        let policies = try PolicySet(
            cedar: """
                permit (principal, action == Sandbox::Action::"read", resource)
                when { [\(paths)].contains(resource.path) || resource in [\(folders)] };
                """)
        let program = try SandboxProgram(policies)
        let tables = program.tables
        try #require(!tables.isEmpty)
        let object = try KernelObject(try compiler.object(of: program))
        try object.check(tables)
        for place in tables.indices {
            var others = tables
            let table = others.remove(at: place)
            #expect(throws: LoadingError.self, "\(table.name) is missing") { try object.check(others) }
            #expect(throws: LoadingError.self, "\(table.name) stands twice") { try object.check(tables + [table]) }
            let larger = PolicyTable(name: table.name, kind: table.kind, keySize: table.keySize + 8, valueSize: table.valueSize, entries: table.entries)
            #expect(throws: LoadingError.self, "\(table.name) has other keys") { try object.check(others + [larger]) }
            let longer = PolicyTable(
                name: table.name, kind: table.kind, keySize: table.keySize, valueSize: table.valueSize,
                entries: table.entries + [.init(key: [UInt8](repeating: 7, count: table.keySize), value: table.entries.first?.value ?? [])])
            #expect(throws: LoadingError.self, "\(table.name) has more entries") { try object.check(others + [longer]) }
        }
        let stranger = PolicyTable(name: "stranger", kind: .hash, keySize: 4, valueSize: 8, entries: [])
        #expect(throws: LoadingError.self) { try object.check(tables + [stranger]) }
    }
}

/// A folder for one test; removed with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("lynxsandbox-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
