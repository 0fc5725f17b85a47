import LynxCedar
@testable import LynxSandbox
import Testing

@Suite("The table of programs")
struct HookProgramTests {
    /// The functions of the templates with the sections that they are in, as C declares them.
    private static let declared: [String: String] = {
        let templates = TemplateFiles.all.filter { $0.name.hasPrefix("hooks-") }
        var result: [String: String] = [:]
        for template in templates {
            var section: String?
            for line in String(decoding: template.bytes, as: UTF8.self).split(separator: "\n") {
                if line.hasPrefix("SEC(\"") {
                    let name = line.split(separator: "\"")[1]
                    section = name == ".maps" ? nil : String(name)
                } else if let place = section, line.hasPrefix("long ") || line.hasPrefix("int ") {
                    let declaration = line.drop { $0 != " " }.dropFirst()
                    let name = declaration.hasPrefix("BPF_PROG(") ? declaration.dropFirst("BPF_PROG(".count) : declaration
                    result[String(name.prefix { $0.isLetter || $0.isNumber || $0 == "_" })] = place
                    section = nil
                }
            }
        }
        return result
    }()

    @Test("every program of the templates is in the table under its section, and no other is")
    func isComplete() {
        let listed = Dictionary(HookProgram.all.map { ($0.name, $0.section) }, uniquingKeysWith: { first, _ in first })
        #expect(listed.count == HookProgram.all.count, "a name is there twice")
        #expect(listed == HookProgramTests.declared)
    }

    @Test("every operation has a program, and what is called prevented has one that refuses", arguments: Operation.allCases)
    func isJudged(_ operation: Operation) {
        let programs = HookProgram.judging(operation)
        #expect(!programs.isEmpty)
        #expect((Enforcement(operation).tier == .prevented) == programs.contains { $0.use == .prevention })
    }

    @Test("on each kernel of the range an operation has the hooks that it had before, in one shape or another")
    func hasNoGaps() {
        for operation in Operation.allCases {
            let programs = HookProgram.judging(operation).filter { $0.before != nil }
            for program in programs {
                #expect(
                    HookProgram.all.contains { $0.section == program.section && $0.since == program.before && $0.operations == program.operations },
                    "\(program.name) has no successor")
            }
        }
    }

    @Test("system calls are killed for where a policy asks for it, and else nothing happens")
    func systemCalls() {
        #expect(Enforcement(.systemCall, kills: true).tier == .killedAfter)
        #expect(Enforcement(.systemCall, kills: false).tier == .notEnforced)
    }

    @Test("without LSM programs only what a policy kills for, or the cgroup's programs see, is not let pass")
    func fallbacks() {
        #expect(Enforcement(.connect, kills: false).fallback == .preventedByCgroup)
        #expect(Enforcement(.listen, kills: true).fallback == .notEnforced)
        #expect(Enforcement(.ptrace, kills: true).fallback == .killedAfter)
        #expect(Enforcement(.ptrace, kills: false).fallback == .notEnforced)
        // Paths are the caller's memory.
        #expect(Enforcement(.mount, kills: true).fallback == .notEnforced)
    }

    @Test("what a path, an endpoint or a file system that is not known would be asked for is denied")
    func unknowns() throws {
        let asking = try SandboxProgram(
            try PolicySet(cedar: #"""
                permit (principal, action == Sandbox::Action::"mount", resource) unless { resource.filesystem == "proc" };
                permit (principal, action == Sandbox::Action::"connect", resource) unless { resource.port == 22 };
                """#))
        #expect(asking.header.contains("event->filesystem[0] == 0"))
        #expect(asking.header.contains("event->family == 0"))
        let indifferent = try SandboxProgram(
            try PolicySet(cedar: #"permit (principal, action in [Sandbox::Action::"mount", Sandbox::Action::"connect"], resource);"#))
        #expect(!indifferent.header.contains("event->filesystem[0] == 0"))
        #expect(!indifferent.header.contains("event->family == 0"))
    }
}
