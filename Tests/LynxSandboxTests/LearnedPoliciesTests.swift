import CLibBPF
import LynxCedar
import Testing

@testable import LynxSandbox

@Suite("What learn proposes")
struct LearnedPoliciesTests {
    /// What the kernel's side reports: zeros, but for what is said.
    private func report(_ operation: Operation, _ numbers: [(place: Int, number: UInt32)], comm: String? = nil, guardNumber: UInt32 = 0) throws -> SandboxReport {
        var bytes = [UInt8](repeating: 0, count: REPORT_EVENT + MemoryLayout<event>.size)
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: UInt32(operation.rawValue), toByteOffset: REPORT_EVENT + EVENT_OPERATION, as: UInt32.self)
            $0.storeBytes(of: guardNumber, toByteOffset: 28, as: UInt32.self)
            for (place, number) in numbers { $0.storeBytes(of: number, toByteOffset: REPORT_EVENT + place, as: UInt32.self) }
            for (index, byte) in (comm ?? "").utf8.enumerated() { $0[REPORT_EVENT + EVENT_TARGET_COMM + index] = byte }
        }
        return try #require(bytes.withUnsafeBytes { SandboxReport($0) })
    }

    /// The lines of what is proposed, which must be policies that the kernel can get, without the first comment.
    private func proposal(_ reports: SandboxReport...) throws -> [Substring] {
        var learned = LearnedPolicies()
        for report in reports { learned.add(report) }
        _ = try SandboxProgram(PolicySet(cedar: SourceText(learned.text)))
        return learned.text.split(separator: "\n").dropFirst().map { $0 }
    }

    @Test("a socket is permitted with its family and its kind, as the schema names them, and with the protocol where that says what it is for")
    func sockets() throws {
        let netlink = try report(.createSocket, [(EVENT_SOCKET_FAMILY, 16), (EVENT_SOCKET_KIND, 3), (EVENT_PROTOCOL, 9)])
        #expect(netlink.resource == #"Sandbox::Socket::"netlink""#)
        let unix = try report(.createSocket, [(EVENT_SOCKET_FAMILY, 1), (EVENT_SOCKET_KIND, 1)])
        #expect(
            try proposal(netlink, unix, netlink) == [
                #"permit (principal, action == Sandbox::Action::"createSocket", resource) when { resource.family == "netlink" && resource.kind == "raw" && resource.protocol == 9 };"#,
                #"permit (principal, action == Sandbox::Action::"createSocket", resource) when { resource.family == "unix" && resource.kind == "stream" };"#,
            ])
    }

    @Test("signals to the workload's own processes are permitted as such, those to others by what these are called and by their number")
    func signals() throws {
        let own = try report(.signal, [(EVENT_TARGET_IS_OWN, 1), (EVENT_PRESENT, HAS_TARGET.rawValue)], comm: "sh")
        let other = try report(.signal, [(EVENT_TARGET_PID, 7), (EVENT_PRESENT, HAS_TARGET.rawValue), (EVENT_ARGUMENT, 15)], comm: "a\"b")
        #expect(
            try proposal(own, other) == [
                #"permit (principal, action == Sandbox::Action::"signal", resource) when { resource has comm && resource.comm == "a\"b" && context.signal == 15 };"#,
                #"permit (principal, action == Sandbox::Action::"signal", resource) when { resource.own };"#,
            ])
    }

    @Test("reports that did not come in are told where the policies are")
    func lostReports() throws {
        var learned = LearnedPolicies()
        #expect(!learned.text.contains("lost"))
        learned.lostReportCount = 17
        _ = try SandboxProgram(PolicySet(cedar: SourceText(learned.text)))
        #expect(learned.text.contains("for reports were lost: 17."))
    }

    @Test("what is refused whatever policies permit is told, and not permitted")
    func guarded() throws {
        let outside = try report(.ptrace, [(EVENT_TARGET_PID, 1), (EVENT_PRESENT, HAS_TARGET.rawValue)], comm: "init", guardNumber: 4)
        #expect(
            try proposal(outside) == ["// Refused whatever is permitted: `ptrace`: a workload cannot trace processes outside of it."])
    }

    @Test("a capability that the schema does not name is not permitted, and that is said")
    func newerCapability() throws {
        let proposal = try proposal(try report(.useCapability, [(EVENT_CAPABILITY, 63)]))
        #expect(proposal == ["// `useCapability` was also asked of what has no path, address or name, which nothing here permits."])
    }

    @Test("of a process that is gone nothing is permitted, and that is said")
    func nobody() throws {
        let gone = try report(.signal, [(EVENT_TARGET_PID, 7)])
        #expect(
            try proposal(gone) == ["// `signal` was also asked of what has no path, address or name, which nothing here permits."])
    }
}
