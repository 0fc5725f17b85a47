import LynxCedar
@testable import LynxSandbox
import SandboxCases
import Testing

@Suite("Rules that differ in several constants")
struct ManyRulesTests {
    private static let agent: EntityUID = #"Lynx::Agent::"worker""#

    /// Rule `index` of a shape, and an event that has the constants of two rules.
    private enum Shape: CaseIterable {
        case rangeAndPort, directoryAndUser, pathAndGroup, pathAndUserAndComm

        func policy(_ index: Int) -> String {
            switch self {
            case .rangeAndPort:
                #"permit (principal, action == Sandbox::Action::"connect", resource) when { resource.address.isInRange(ip("10.\#(index / 250).\#(index % 250).0/24")) && resource.port == \#(1000 + index) };"#
            case .directoryAndUser:
                #"permit (principal, action == Sandbox::Action::"write", resource in Sandbox::Directory::"/srv/d\#(index)") when { context.uid == \#(index) };"#
            case .pathAndGroup:
                #"permit (principal in Lynx::AgentGroup::"g\#(index % 200)", action == Sandbox::Action::"read", resource == Sandbox::File::"/data/\#(index)");"#
            case .pathAndUserAndComm:
                #"permit (principal, action == Sandbox::Action::"delete", resource == Sandbox::File::"/tmp/\#(index)") when { context.gid == \#(index) && context.comm == "c\#(index)" };"#
            }
        }

        func event(_ first: Int, _ second: Int) -> SandboxEvent {
            switch self {
            case .rangeAndPort:
                SandboxEvent(
                    .connect, by: agent,
                    on: .endpoint(
                        address: (try? IPAddress("10.\(first / 250).\(first % 250).7")) ?? "0.0.0.0", port: UInt16(1000 + second),
                        protocol: 6))
            case .directoryAndUser:
                SandboxEvent(.write, by: agent, .init(uid: UInt32(second)), on: .file(.init(path: "/srv/d\(first)/a/b")))
            case .pathAndGroup:
                SandboxEvent(.read, by: agent, on: .file(.init(path: "/data/\(first)")))
            case .pathAndUserAndComm:
                SandboxEvent(.delete, by: agent, .init(gid: UInt32(second), comm: "c\(second)"), on: .file(.init(path: "/tmp/\(first)")))
            }
        }

        /// Whether the policies allow that event to somebody who is in the group `g7` alone.
        func allows(_ first: Int, _ second: Int) -> Bool { self == .pathAndGroup ? first % 200 == 7 : first == second }
    }

    @Test("ten thousand of them are as many rules as they have shapes, and an event finds its own")
    func joins() throws {
        let count = 2500
        let text = Shape.allCases.flatMap { shape in (0..<count).map(shape.policy) }
        let program = try SandboxProgram(try PolicySet(cedar: text.joined(separator: "\n")))
        #expect(program.plan.rules.map(\.policies.count) == [count, count, count, count])
        #expect(program.header.utf8.count < 20_000)
        // Nothing multiplies: a table has no more entries than there are rules.
        #expect(program.tables.allSatisfy { $0.entries.count <= 2 * count })

        let store = try Entities([Entity(uid: ManyRulesTests.agent, parents: [#"Lynx::AgentGroup::"g7""#])])
        let record = try #require(program.plan.record(for: ManyRulesTests.agent, entities: store))
        var wire: [UInt8] = []
        var expected: [Bool] = []
        for shape in Shape.allCases {
            for index in stride(from: 0, to: count, by: 13) {
                for other in [index, (index * 7 + 5) % count] {
                    shape.event(index, other).appendWire(to: &wire, workload: record)
                    expected.append(shape.allows(index, other))
                }
            }
        }
        wire = withUnsafeBytes(of: UInt32(expected.count).littleEndian) { Array($0) } + wire
        let folder = try CaseFolder()
        guard let programs = try CasePrograms(folder) else {
            print("skipped: there is no clang here that compiles for the kernel")
            return
        }
        #expect(try programs.nativeVerdicts(program, events: wire).map { $0 & 1 == 1 } == expected)
        if let reason = programs.reasonWithoutKernel {
            print("skipped: the kernel, because \(reason)")
            return
        }
        #expect(try programs.kernelVerdicts(program, events: wire).map { $0 & 1 == 1 } == expected)
    }

    @Test("ranges and directories inside of others do not multiply the tables")
    func nesting() throws {
        var text = (0..<1000).map {
            #"permit (principal, action == Sandbox::Action::"write", resource in Sandbox::Directory::"/srv/d\#($0)") when { context.uid == \#($0) };"#
        }
        // Around all of them, each with another user, so that every pair of a directory and a user would be a case of its own.
        text += (0..<1000).map {
            #"permit (principal, action == Sandbox::Action::"write", resource in Sandbox::Directory::"/srv") when { context.uid == \#(5000 + $0) && context.gid == \#($0) };"#
        }
        text += (0..<1000).map {
            #"permit (principal, action == Sandbox::Action::"write", resource in Sandbox::Directory::"/srv/d\#($0)") when { context.uid == \#(9000 + $0) && context.gid == \#($0) };"#
        }
        let program = try SandboxProgram(try PolicySet(cedar: text.joined(separator: "\n")))
        #expect(program.plan.rules.count <= 4)
        #expect(program.tables.reduce(0) { $0 + $1.entries.count } < 200_000)
    }

    @Test(
        "two questions of one attribute are one of what both hold for",
        arguments: [
            (#"resource.path like "/a/*""#, #"resource in Sandbox::Directory::"/a/b""#, ["/a/b": true, "/a/b/c": true, "/a": false, "/a/c": false]),
            (#"resource.path like "/a/*""#, #"resource in Sandbox::Directory::"/a""#, ["/a/b": true, "/a": false, "/ab": false]),
            (#"resource.path like "/a*""#, #"resource in Sandbox::Directory::"/a""#, ["/a/b": true, "/a": true, "/ab": false]),
            (#"resource.path like "/a*""#, #"resource.path like "/ab*""#, ["/a": false, "/ab": true, "/abc/d": true]),
            (#"resource.path == "/a/b""#, #"resource in Sandbox::Directory::"/a""#, ["/a/b": true, "/a": false]),
            (#"resource in Sandbox::Directory::"/""#, #"resource in Sandbox::Directory::"/a""#, ["/a/b": true, "/a": true, "/b": false]),
        ])
    func intersections(first: String, second: String, answers: [String: Bool]) throws {
        for (left, right) in [(first, second), (second, first)] {
            let policies = try PolicySet(cedar: #"permit (principal, action == Sandbox::Action::"read", resource) when { \#(left) && \#(right) };"#)
            let program = try SandboxProgram(policies)
            var wire: [UInt8] = withUnsafeBytes(of: UInt32(answers.count).littleEndian) { Array($0) }
            let paths = answers.keys.sorted()
            let record = try #require(program.plan.record(for: ManyRulesTests.agent, entities: Entities()))
            for path in paths { SandboxEvent(.read, by: ManyRulesTests.agent, on: .file(.init(path: path))).appendWire(to: &wire, workload: record) }
            guard let programs = try CasePrograms(try CaseFolder()) else {
                print("skipped: there is no clang here that compiles for the kernel")
                return
            }
            #expect(try programs.nativeVerdicts(program, events: wire).map { $0 & 1 == 1 } == paths.map { answers[$0] })
        }
    }
}
