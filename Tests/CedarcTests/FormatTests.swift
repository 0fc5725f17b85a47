import Foundation
import Testing

@Suite("cedarc format")
struct FormatTests {
    static let policy = "permit(principal,action,resource) // all\nwhen{true};"
    static let formattedPolicy = "permit (principal, action, resource) // all\nwhen { true };\n"
    static let schema = "entity A;\n\n\nentity B in A{x:Long};"
    static let formattedSchema = "entity A;\n\nentity B in A { x: Long };\n"

    @Test("formats policies from the standard input, or a schema where it is told so")
    func standardInput() async throws {
        let workspace = try Workspace()
        let policies = try await workspace.cedarc("format", input: Self.policy)
        #expect(policies.output == Self.formattedPolicy)
        #expect(policies.status == 0)
        let schema = try await workspace.cedarc("format", "--language", "schema", input: Self.schema)
        #expect(schema.output == Self.formattedSchema)
        let named = try await workspace.cedarc("format", "-p", "-", input: Self.policy)
        #expect(named.output == Self.formattedPolicy)
    }

    @Test("takes files by their names, or as the option says")
    func files() async throws {
        let workspace = try Workspace()
        try workspace.write("a.cedar", Self.policy)
        try workspace.write("b.cedarschema", Self.schema)
        try workspace.write("c.txt", Self.schema)
        let both = try await workspace.cedarc("format", "a.cedar", "b.cedarschema")
        #expect(both.output == Self.formattedPolicy + Self.formattedSchema)
        #expect(try await workspace.cedarc("format", "--schema", "c.txt").output == Self.formattedSchema)
        #expect(try await workspace.cedarc("format", "--language", "schema", "c.txt").output == Self.formattedSchema)
        #expect(try await workspace.cedarc("format", "-p", "a.cedar").output == Self.formattedPolicy)
        #expect(try workspace.read("a.cedar") == Self.policy)
    }

    @Test("breaks lines and indents as it is told")
    func widths() async throws {
        let workspace = try Workspace()
        let run = try await workspace.cedarc("format", "--line-width", "10", "--indent-width", "4", input: "permit(principal,action,resource) when { true && false };")
        #expect(run.output == "permit (principal, action, resource)\nwhen\n{\n    true &&\n    false\n};\n".replacing("permit (", with: "permit\n("))
    }

    @Test("--check changes nothing, names what would change and ends with 1")
    func check() async throws {
        let workspace = try Workspace()
        try workspace.write("a.cedar", Self.policy)
        try workspace.write("b.cedar", Self.formattedPolicy)
        let run = try await workspace.cedarc("format", "--check", "a.cedar", "b.cedar")
        #expect(run.output == "a.cedar\n")
        #expect(run.errors == "")
        #expect(run.status == 1)
        #expect(try workspace.read("a.cedar") == Self.policy)
        #expect(try await workspace.cedarc("format", "-c", "b.cedar").status == 0)
        let input = try await workspace.cedarc("format", "--check", input: Self.policy)
        #expect(input.output == "<stdin>\n")
        #expect(input.status == 1)
    }

    @Test("--write replaces what changes, keeps its permissions, and touches nothing else")
    func write() async throws {
        let workspace = try Workspace()
        try workspace.write("a.cedar", Self.policy)
        try workspace.write("b.cedar", Self.formattedPolicy)
        let setUp = try await workspace.shell("chmod 640 a.cedar && chmod 444 b.cedar && ln -s a.cedar link.cedar && touch -d 2001-01-01 b.cedar")
        #expect(setUp.status == 0)
        let run = try await workspace.cedarc("format", "--write", "link.cedar", "b.cedar")
        #expect(run.output == "")
        #expect(run.errors == "")
        #expect(run.status == 0)
        #expect(try workspace.read("a.cedar") == Self.formattedPolicy)
        #expect(try workspace.names() == ["a.cedar", "b.cedar", "link.cedar"])
        let look = try await workspace.shell("stat -c '%a' a.cedar; stat -c '%y' b.cedar | cut -c 1-4; test -L link.cedar && echo link")
        #expect(look.output == "640\n2001\nlink\n")
    }

    @Test("takes all policies and schemas below a folder, hidden ones and links to folders not")
    func folders() async throws {
        let workspace = try Workspace()
        let setUp = try await workspace.shell("mkdir -p d/e/f d/.hidden d/empty && ln -s .. d/e/loop")
        #expect(setUp.status == 0)
        for name in ["d/b.cedar", "d/e/f/a.cedar", "d/.hidden/c.cedar", "d/.c.cedar", "d/other.txt"] { try workspace.write(name, Self.policy) }
        try workspace.write("d/e/s.cedarschema", Self.schema)
        let run = try await workspace.cedarc("format", "--check", "d")
        #expect(run.output == "d/b.cedar\nd/e/f/a.cedar\nd/e/s.cedarschema\n")
        #expect(try await workspace.cedarc("format", "-w", "d/").status == 0)
        #expect(try await workspace.cedarc("format", "-c", "d").status == 0)
        #expect(try workspace.read("d/.c.cedar") == Self.policy)
        #expect(try await workspace.shell(": > d/empty/none.cedar").status == 0)
        #expect(try await workspace.cedarc("format", "-c", "d/empty").status == 0)
    }

    @Test("reports the faults of all files, formats the others, and ends with 1")
    func errors() async throws {
        let workspace = try Workspace()
        try workspace.write("a.cedar", "permit(principal, action);")
        try workspace.write("b.cedarschema", "entity;")
        try workspace.write("c.cedar", Self.policy)
        let run = try await workspace.cedarc("format", "-w", "-f", "plain", "a.cedar", "b.cedarschema", "c.cedar", "missing.cedar")
        #expect(run.status == 1)
        #expect(run.errors.contains("a.cedar:1:"))
        #expect(run.errors.contains("b.cedarschema:1:"))
        #expect(run.errors.contains("missing.cedar"))
        #expect(try workspace.read("a.cedar") == "permit(principal, action);")
        #expect(try workspace.read("c.cedar") == Self.formattedPolicy)
    }
}
