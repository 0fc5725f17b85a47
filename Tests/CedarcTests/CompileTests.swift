import Foundation
import Testing

@Suite("cedarc compile")
struct CompileTests {
    private static let policy = #"permit (principal, action == Sandbox::Action::"read", resource in Sandbox::Directory::"/srv");"#

    @Test("the generated C names the line of every rule")
    func code() async throws {
        let workspace = try Workspace()
        try workspace.write("sandbox.cedar", "// first line\n" + CompileTests.policy)
        let run = try await workspace.cedarc("compile", "sandbox.cedar", "--emit", "c")
        #expect(run.errors == "")
        #expect(run.output.contains("/* 1: permit sandbox.cedar:2 (policy0) */"))
        #expect(run.status == 0)
    }

    @Test("without --emit all is written to the folder, and the plan is printed")
    func everything() async throws {
        let workspace = try Workspace()
        try workspace.write("sandbox.cedar", CompileTests.policy)
        guard try await workspace.shell("clang -target bpf -x c -c /dev/null -o /dev/null").status == 0 else {
            print("skipped: there is no clang here that compiles for the kernel")
            return
        }
        let run = try await workspace.shell("$cedarc compile sandbox.cedar -o out")
        #expect(run.errors == "")
        #expect(run.status == 0)
        #expect(run.output.contains("read: prevented\n"))
        #expect(run.output.contains("denied, because no policy permits it: write, "))
        let names = try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path + "/out").sorted()
        #expect(names == ["decide.h", "plan.json", "plan.txt", "sandbox.bpf.o", "sandbox.digest", "sandbox.json", "sandbox.policies", "sandbox.tables"])
        #expect(try workspace.read("out/plan.txt") == run.output)
    }

    @Test("files are one set, and policies without names of their own keep apart")
    func files() async throws {
        let workspace = try Workspace()
        try workspace.write("a.cedar", CompileTests.policy)
        try workspace.write("b.cedar", CompileTests.policy.replacingOccurrences(of: "permit", with: "forbid"))
        let run = try await workspace.cedarc("compile", "a.cedar", "b.cedar", "--emit", "plan")
        #expect(run.errors == "")
        #expect(run.output.contains("policies  policy0, b.cedar:policy0\n"))
    }

    @Test("what cannot be enforced exactly ends with 1, what is not valid with 3, and nothing is written")
    func refusals() async throws {
        let workspace = try Workspace()
        try workspace.write("slash.cedar", CompileTests.policy.replacingOccurrences(of: "/srv", with: "/srv/"))
        let slash = try await workspace.cedarc("compile", "slash.cedar", "-o", "out")
        #expect(slash.status == 1)
        #expect(slash.errors.contains("the kernel never calls a directory `/srv/`"))
        #expect(slash.errors.contains("slash.cedar:1:"))
        try workspace.write("size.cedar", CompileTests.policy.replacingOccurrences(of: ";", with: " when { resource.size > 3 };"))
        #expect(try await workspace.cedarc("compile", "size.cedar", "-o", "out").status == 3)
        #expect(try await workspace.cedarc("compile", "size.cedar", "--target-kernel", "5.10").status == 64)
        #expect(try workspace.names() == ["size.cedar", "slash.cedar"])
    }

    @Test("the schema that is printed is the one that policies are validated against")
    func schema() async throws {
        let workspace = try Workspace()
        try workspace.write("sandbox.cedar", CompileTests.policy)
        try workspace.write("s.cedarschema", try await workspace.cedarc("sandbox", "schema").output)
        #expect(try await workspace.cedarc("validate", "-p", "sandbox.cedar", "-s", "s.cedarschema").status == 0)
        try workspace.write("base.cedar", try await workspace.cedarc("sandbox", "base").output)
        #expect(try await workspace.cedarc("validate", "-p", "base.cedar", "-s", "s.cedarschema").status == 0)
    }
}
