import LynxCedar
import LynxSandbox
import Testing

@Suite("What cannot be enforced exactly")
struct RefusalTests {
    @Test(
        "is refused with the place, the reason and what to write instead",
        arguments: [
            (
                #"permit (principal, action == Sandbox::Action::"read", resource in Sandbox::Directory::"/etc/");"#,
                "the kernel never calls a directory `/etc/`", #"write `Sandbox::Directory::"/etc"`"#
            ),
            (
                #"permit (principal, action == Sandbox::Action::"read", resource in Sandbox::Directory::"etc");"#,
                "`etc` is no absolute path", "write the path from the root"
            ),
            (
                #"permit (principal, action == Sandbox::Action::"read", resource == Sandbox::File::"/a/../b");"#,
                "the kernel never calls a file `/a/../b`", #"write `Sandbox::File::"/b"`"#
            ),
            (
                #"permit (principal, action == Sandbox::Action::"read", resource) when { principal has trust };"#,
                "the kernel does not know the attributes of principals", "groups"
            ),
            (
                #"permit (principal, action == Sandbox::Action::"read", resource) when { principal.hasTag("trust") };"#,
                "the kernel knows no tags", "groups"
            ),
            (
                #"permit (principal, action == Sandbox::Action::"read", resource) when { Sandbox::File::"/x" has owner };"#,
                "the kernel does not know the value", "attributes of the resource"
            ),
            (
                #"permit (principal, action == Sandbox::Action::"read", resource) when { context.flags.contains("apend") };"#,
                "there is no flag `apend`", "append"
            ),
            (
                #"permit (principal, action == Sandbox::Action::"connect", resource == Sandbox::Endpoint::"localhost");"#,
                "`localhost` is no endpoint", "10.0.0.1:443"
            ),
            (
                #"permit (principal, action == Sandbox::Action::"read", resource) when { Sandbox::File::"/x".path == "/x" };"#,
                "the attributes of the resource only", "resource.path"
            ),
            (
                #"@enforce("kill") permit (principal, action == Sandbox::Action::"read", resource);"#,
                "only a forbid can kill", "leave the annotation out"
            ),
            (
                #"@enforce("ask") forbid (principal, action == Sandbox::Action::"read", resource);"#, "`@enforce` takes `\"kill\"`",
                #"@enforce("kill")"#
            ),
        ])
    func refused(policy: String, reason: String, suggestion: String) throws {
        let policies = try PolicySet(cedar: policy)
        let error = try #require(throws: SandboxError.self) { try SandboxProgram(policies) }
        #expect(!error.isValidation)
        let diagnostic = try #require(error.diagnostics.first)
        #expect(error.diagnostics.count == 1)
        #expect(diagnostic.message.contains(reason), "\(diagnostic.message)")
        #expect(diagnostic.help?.contains(suggestion) == true, "\(diagnostic.help ?? "")")
        #expect(diagnostic.span != nil && diagnostic.source != nil)
    }

    @Test("policies that are not valid against the schema are validation errors")
    func invalid() throws {
        let policies = try PolicySet(cedar: #"permit (principal, action == Sandbox::Action::"read", resource) when { resource.size > 3 };"#)
        let error = try #require(throws: SandboxError.self) { try SandboxProgram(policies) }
        #expect(error.isValidation)
    }

    @Test("conditions that nest too deep are refused", arguments: [30, 60, 200])
    func deep(levels: Int) throws {
        var sum = "context.uid"
        var choice = "context.uid == 1"
        for level in 0..<levels {
            sum = "(\(sum) + \(level))"
            choice = level % 2 == 0 ? "(context.gid == \(level) && \(choice))" : "(context.pid == \(level) || \(choice))"
        }
        for condition in ["\(sum) == 7", choice] {
            let policies = try PolicySet(cedar: #"permit (principal, action == Sandbox::Action::"read", resource) when { \#(condition) };"#)
            if levels <= 30 {
                #expect(try SandboxProgram(policies).plan.rules.isEmpty == false)
            } else {
                #expect(throws: SandboxError.self) { try SandboxProgram(policies) }
            }
        }
    }

    @Test(
        "more than a program of the kernel can hold is refused with the policy that is too much",
        arguments: [
            ((0..<1100).map { #"permit (principal, action == Sandbox::Action::"read", resource == Sandbox::File::"/\#($0)") when { context.uid < \#($0) };"# }, "1024 sets"),
            ((0..<257).map { #"permit (principal in Lynx::AgentGroup::"\#($0)", action == Sandbox::Action::"read", resource);"# }, "256 groups"),
            (
                (0..<1000).map { #"permit (principal, action == Sandbox::Action::"read", resource) when { resource.path like "*a\#($0)*b\#($0 * 7)*" };"# },
                "too many to be looked for at once"
            ),
        ])
    func overloads(policies: [String], reason: String) throws {
        let policies = try PolicySet(cedar: policies.joined(separator: "\n"))
        let error = try #require(throws: SandboxError.self) { try SandboxProgram(policies) }
        let diagnostic = try #require(error.diagnostics.first)
        #expect(diagnostic.message.contains(reason), "\(diagnostic.message)")
        #expect(diagnostic.help?.isEmpty == false && diagnostic.span != nil && diagnostic.source != nil)
    }

    @Test("expressions that double with each level are refused before they fill the memory")
    func doubling() throws {
        var condition = "(context.uid < 1)"
        for level in 0..<30 { condition = "(\(condition) == (context.gid < \(level)))" }
        let policies = try PolicySet(cedar: #"permit (principal, action == Sandbox::Action::"read", resource) when { \#(condition) };"#)
        let error = try #require(throws: SandboxError.self) { try SandboxProgram(policies) }
        #expect(error.diagnostics.first?.message.contains("tests") == true)
    }

    @Test("all refusals of a set are reported")
    func all() throws {
        let policies = try PolicySet(
            cedar: #"""
                permit (principal, action == Sandbox::Action::"read", resource in Sandbox::Directory::"/a/");
                permit (principal, action == Sandbox::Action::"read", resource in Sandbox::Directory::"/b/");
                """#)
        let error = try #require(throws: SandboxError.self) { try SandboxProgram(policies) }
        #expect(error.diagnostics.count == 2)
    }
}
