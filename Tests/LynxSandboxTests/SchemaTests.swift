import LynxCedar
@testable import LynxSandbox
import Testing

@Suite("The sandbox schema")
struct SchemaTests {
    @Test("the schema that ships is a schema, without warnings")
    func parses() throws {
        #expect(try SandboxSchema.schema().warnings.isEmpty)
    }

    @Test("every operation is an action on the kind of resource that it says")
    func operations() throws {
        let schema = try SandboxSchema.schema()
        for operation in Operation.allCases {
            let environments = schema.requestEnvironments.filter { $0.action.uid == operation.action }
            #expect(Set(environments.map(\.resource)) == [operation.resourceKind.type], "\(operation)")
            #expect(Set(environments.map(\.principal)) == ["Lynx::Agent", "Sandbox::Workload"], "\(operation)")
        }
        // Besides the operations there are groups of them only.
        let groups: Set<String> = ["filesystem", "process", "network", "kernel", "open"]
        #expect(Set(schema.actions.map(\.uid.id.string)) == groups.union(Operation.allCases.map(\.description)))
    }

    @Test("operations have the numbers that the header for hooks gives them")
    func numbers() {
        let header = String(decoding: PackageResources.event_h, as: UTF8.self)
        for operation in Operation.allCases {
            #expect(header.contains("OPERATION_\(operation.constantName) = \(operation.rawValue),"), "\(operation)")
        }
    }

    @Test("flags have the bits that the header gives them")
    func flags() {
        let header = String(decoding: PackageResources.event_h, as: UTF8.self)
        for (name, bit) in Vocabulary.flags {
            let constant = name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1)" : $1.uppercased() }
            #expect(header.contains("FLAG_\(constant) = 1 << \(bit.trailingZeroBitCount),"), "\(name)")
        }
    }

    @Test("capabilities and system calls of the schema are those that have numbers")
    func vocabularies() throws {
        let text = SandboxSchema.text
        for name in CapabilityTable.names { #expect(text.contains("\"\(name)\""), "\(name)") }
        let numbers = SystemCallTable.numbers(on: .x86_64)
        // arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h
        #expect(numbers["read"] == 0 && numbers["execve"] == 59 && numbers["io_uring_setup"] == 425)
        #expect(SystemCallTable.numbers(on: .arm64)["execve"] == 221)
        for name in numbers.keys { #expect(text.contains("\"\(name)\""), "\(name)") }
    }

    @Test("the base profile is valid, and one annotation brings it in")
    func baseProfile() throws {
        let plain = try SandboxProgram(try PolicySet(cedar: #"permit (principal, action == Sandbox::Action::"perf", resource);"#))
        let policies = try PolicySet(cedar: #"@include("base") permit (principal, action == Sandbox::Action::"perf", resource);"#)
        let program = try SandboxProgram(policies)
        #expect(!plain.plan.isBaseIncluded && program.plan.isBaseIncluded)
        #expect(program.plan.entries.contains { $0.policies.contains("base:libraries") })
        #expect(program.plan.text.contains("base:libraries"))
    }
}
