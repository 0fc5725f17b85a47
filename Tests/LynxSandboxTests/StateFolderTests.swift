import Foundation
import LynxCedar
@testable import LynxSandbox
import Testing

@Suite("What is kept of sandboxes")
struct StateFolderTests {
    private let folder: TemporaryFolder
    private let state: StateFolder
    private var file: String { "\(state.path)/one.json" }

    init() throws {
        folder = try TemporaryFolder()
        state = StateFolder(path: folder.path + "/state")
    }

    @Test("a folder that is not there has no files")
    func nothing() throws {
        #expect(try state.read("one.json") == nil)
        try state.remove("one.json")
    }

    @Test("what is written is read, replaced and removed, and nobody else can read it")
    func whole() throws {
        try state.write([1, 2, 3], to: "one.json")
        #expect(try state.read("one.json") == [1, 2, 3])
        try state.write([4], to: "one.json")
        #expect(try state.read("one.json") == [4])
        #expect(try mode(state.path) == 0o700)
        #expect(try mode(file) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: state.path) == ["one.json"])
        try state.remove("one.json")
        #expect(try state.read("one.json") == nil)
    }

    @Test("a link in the folder's place is not followed")
    func folderLink() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/other", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try FileManager.default.createSymbolicLink(atPath: state.path, withDestinationPath: folder.path + "/other")
        #expect(throws: LoadingError.self) { try state.read("one.json") }
        #expect(throws: LoadingError.self) { try state.write([1], to: "one.json") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/other").isEmpty)
    }

    @Test("a folder that others may write to or read is not used", arguments: [0o770, 0o702, 0o750, 0o704])
    func openFolder(mode: Int) throws {
        try state.write([1], to: "one.json")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: state.path)
        let error = #expect(throws: LoadingError.self) { try state.read("one.json") }
        #expect(error?.message == "`\(state.path)` is open to other users, and is not used")
        #expect(throws: LoadingError.self) { try state.write([1], to: "one.json") }
    }

    @Test("a file that is a link, has a second name, or is open to others is not read")
    func files() throws {
        try state.write([1], to: "one.json")
        try FileManager.default.createSymbolicLink(atPath: state.path + "/link.json", withDestinationPath: file)
        #expect(throws: LoadingError.self) { try state.read("link.json") }
        #expect(try state.read("one.json") == [1])
        try FileManager.default.linkItem(atPath: file, toPath: state.path + "/second.json")
        #expect(throws: LoadingError.self) { try state.read("one.json") }
        try FileManager.default.removeItem(atPath: state.path + "/second.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o622], ofItemAtPath: file)
        #expect(throws: LoadingError.self) { try state.read("one.json") }
        mkfifo(state.path + "/pipe.json", 0o600)
        #expect(throws: LoadingError.self) { try state.read("pipe.json") }
    }

    @Test("a link that lies where a file is to be written is replaced, not followed")
    func writing() throws {
        try state.write([1], to: "one.json")
        let victim = folder.path + "/victim"
        try Data([9]).write(to: URL(fileURLWithPath: victim))
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: victim)
        try FileManager.default.createSymbolicLink(atPath: state.path + "/.one.json.new", withDestinationPath: victim)
        try state.write([2], to: "one.json")
        #expect(try state.read("one.json") == [2])
        #expect(try Data(contentsOf: URL(fileURLWithPath: victim)) == Data([9]))
    }

    @Test("what belongs to another user is not used", .enabled(if: geteuid() == 0, "giving files away needs root"))
    func owners() throws {
        try state.write([1], to: "one.json")
        chown(file, 65534, 65534)
        #expect(throws: LoadingError.self) { try state.read("one.json") }
        chown(file, 0, 0)
        #expect(try state.read("one.json") == [1])
        chown(state.path, 65534, 65534)
        let error = #expect(throws: LoadingError.self) { try state.read("one.json") }
        #expect(error?.message == "`\(state.path)` belongs to user 65534 and not to user 0, and is not used")
        chown(state.path, 0, 0)
    }

    @Test("denials are explained by the policies that were in force when they came")
    func generations() throws {
        func names(_ policy: String) -> SandboxNames {
            SandboxNames(principals: [], groups: [], rules: [.init(number: 1, policies: [policy], kills: false)], mentions: [:])
        }
        let binding = SandboxState.Binding(cgroup: "/sys/fs/cgroup/x", id: .max - 1, principal: #"Lynx::Agent::"a""#, isAudited: true)
        try SandboxState(
            name: "one", bindings: [binding], tier: .prevented,
            gaps: [EnforcementGap(operation: .keyctl, reason: "no hook"), EnforcementGap(operation: nil, reason: "no guard")],
            generations: [.init(number: 3, names: names("old")), .init(number: 4, names: names("new"))]
        ).save(in: state)
        let read = try SandboxState(reading: "one", in: state)
        #expect(read.policies(of: 1, generation: 3) == ["old"])
        #expect(read.policies(of: 1, generation: 4) == ["new"])
        #expect(read.policies(of: 1, generation: 2) == [])
        #expect(read.policies(of: 2, generation: 4) == [])
        #expect(read.principal(of: .max - 1) == binding.principal)
        #expect(read.gaps == [EnforcementGap(operation: .keyctl, reason: "no hook"), EnforcementGap(operation: nil, reason: "no guard")])
        try state.write(Array("{}".utf8), to: "one.json")
        #expect(throws: LoadingError.self) { try SandboxState(reading: "one", in: state) }
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }
}
