import LynxCedar
@testable import LynxSandbox
import Testing

@Suite("Compiled sandbox policies")
struct ProgramTests {
    @Test("policies that differ in one constant are one rule, however many they are")
    func families() throws {
        let text = (0..<500).map { #"permit (principal, action == Sandbox::Action::"read", resource == Sandbox::File::"/data/\#($0)");"# }
        let program = try SandboxProgram(try PolicySet(cedar: text.joined(separator: "\n")))
        #expect(program.plan.rules.count == 1)
        #expect(program.plan.rules.first?.policies.count == 500)
        #expect(program.tables.map(\.entries.count) == [500])
    }

    @Test("a forbid that kills is asked before one that does not, and both before permits")
    func order() throws {
        let program = try SandboxProgram(
            try PolicySet(
                cedar: #"""
                    permit (principal, action == Sandbox::Action::"ptrace", resource);
                    forbid (principal, action == Sandbox::Action::"ptrace", resource) when { context.uid == 7 };
                    @enforce("kill") forbid (principal, action == Sandbox::Action::"ptrace", resource) when { context.gid == 7 };
                    """#))
        #expect(program.plan.rules.map(\.effect) == [.forbid, .forbid, .permit])
        #expect(program.plan.rules.map(\.kills) == [true, false, false])
    }

    @Test("the same policies give the same code, run after run")
    func deterministic() throws {
        let policies = try PolicySet(
            cedar: #"""
                permit (principal, action in Sandbox::Action::"filesystem", resource) when { resource.path like "*.pem" || resource.name == "x" || context.uid == 3 };
                forbid (principal in Lynx::AgentGroup::"a", action, resource) unless { context.comm == "sh" && context.gid < 10 };
                permit (principal, action == Sandbox::Action::"connect", resource) when { resource.port == 1 || resource.address.isLoopback() };
                """#)
        let first = try SandboxProgram(policies)
        for _ in 0..<5 {
            let again = try SandboxProgram(policies)
            #expect(again.header == first.header)
            #expect(again.tables == first.tables)
        }
    }

    @Test("a table of prefixes gives the longest what holds for the shorter ones")
    func prefixes() throws {
        var numbers = SetNumbers()
        _ = numbers.number(of: .text(.path, [.under(Array("/a".utf8))]))
        _ = numbers.number(of: .text(.path, [.under(Array("/a/b".utf8))]))
        let table = try #require(try TextIndex(.path, numbers, columns: []).tables.first)
        // Key: 8 bits a byte, the directory with a slash behind it. Value: its length, what holds below it, what holds for itself.
        #expect(table.entries.map { Array($0.key.prefix(9)) } == [[24, 0, 0, 0] + "/a/\0\0".utf8, [40, 0, 0, 0] + "/a/b/".utf8].map { Array($0) })
        #expect(table.entries.map { $0.value.enumerated().filter { $0.offset % 8 == 0 }.map(\.element) } == [[3, 1, 1], [5, 3, 3]])
    }

    @Test("a thousand endings are looked for in a few walks")
    func endings() throws {
        let text = (0..<1000).map { #"permit (principal, action == Sandbox::Action::"read", resource) when { resource.path like "*.ext\#($0)" };"# }
        let program = try SandboxProgram(try PolicySet(cedar: text.joined(separator: "\n")))
        #expect(program.plan.rules.count == 1)
        #expect((1...8).contains(program.tables.count))
    }

    @Test("a text that is found whole has what its directories hold too")
    func whole() throws {
        var numbers = SetNumbers()
        _ = numbers.number(of: .text(.path, [.under(Array("/a".utf8))]))
        _ = numbers.number(of: .text(.path, [.exact(Array("/a/b".utf8))]))
        _ = numbers.number(of: .text(.path, [.exact(Array("/b".utf8))]))
        let tables = try TextIndex(.path, numbers, columns: []).tables
        let whole = try #require(tables.first { $0.kind == .hash })
        #expect(whole.entries.map { $0.value.first } == [0b011, 0b100])
    }

    @Test("a workload's record has the number and the groups of the plan")
    func records() throws {
        let program = try SandboxProgram(
            try PolicySet(
                cedar: #"""
                    permit (principal == Lynx::Agent::"mail", action == Sandbox::Action::"perf", resource);
                    permit (principal in Lynx::AgentGroup::"outer", action == Sandbox::Action::"bpf", resource);
                    """#))
        let entities = try Entities([
            Entity(uid: #"Lynx::AgentGroup::"inner""#, parents: [#"Lynx::AgentGroup::"outer""#]),
            Entity(uid: #"Lynx::Agent::"mail""#, parents: [#"Lynx::AgentGroup::"inner""#]),
        ])
        let mail = program.plan.record(for: #"Lynx::Agent::"mail""#, entities: entities)
        #expect(mail == WorkloadRecord(number: 1, type: 1, groups: [1, 0, 0, 0]))
        #expect(program.plan.record(for: #"Sandbox::Workload::"x""#, entities: entities) == WorkloadRecord(number: 0, type: 2, groups: [0, 0, 0, 0]))
        #expect(program.plan.record(for: #"Lynx::AgentGroup::"inner""#, entities: entities) == nil)
    }

    @Test("a seccomp profile lists what is permitted, or stops what is forbidden")
    func seccomp() throws {
        func profile(_ text: String) throws -> String { try SandboxProgram(try PolicySet(cedar: text)).seccompProfile.description }
        let listed = try profile(
            #"permit (principal, action == Sandbox::Action::"systemCall", resource) when { resource in [Sandbox::SystemCall::"read", Sandbox::SystemCall::"write"] };"#)
        #expect(listed.contains(#""defaultAction":"SCMP_ACT_ERRNO""#))
        #expect(listed.contains(#"{"names":["read","write"],"action":"SCMP_ACT_ALLOW"}"#))
        let forbidden = try profile(
            #"""
            permit (principal, action in Sandbox::Action::"kernel", resource);
            permit (principal, action in Sandbox::Action::"process", resource);
            forbid (principal, action == Sandbox::Action::"systemCall", resource == Sandbox::SystemCall::"reboot");
            forbid (principal, action == Sandbox::Action::"systemCall", resource == Sandbox::SystemCall::"swapon") when { context.uid == 3 };
            @enforce("kill") forbid (principal, action == Sandbox::Action::"systemCall", resource == Sandbox::SystemCall::"acct");
            """#)
        #expect(forbidden.contains(#""defaultAction":"SCMP_ACT_ALLOW""#))
        #expect(forbidden.contains(#"{"names":["reboot"],"action":"SCMP_ACT_ERRNO","errnoRet":1}"#))
        #expect(forbidden.contains(#"{"names":["acct"],"action":"SCMP_ACT_KILL_PROCESS"}"#))
    }

    @Test("an endpoint is an address and a port in one form only")
    func endpoints() throws {
        #expect(EndpointName("10.0.0.1:443")?.port == 443)
        #expect(EndpointName("[2001:db8::1]:443")?.address == IPAddress("2001:db8::1"))
        for text in ["10.0.0.1", "10.0.0.1:0443", "2001:db8::1:443", "10.0.0.0/8:443", "[10.0.0.1]:443", ":443"] {
            #expect(EndpointName(text) == nil, "\(text)")
        }
    }
}
