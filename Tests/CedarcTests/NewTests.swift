import Foundation
import Testing

@Suite("cedarc new")
struct NewTests {
    @Test("a new project passes its own tests, validates, and its README's commands run")
    func project() async throws {
        let workspace = try Workspace()
        let run = try await workspace.cedarc("new", "--name", "shop")
        #expect(run.errors == "")
        #expect(run.status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path + "/shop").sorted()
            == ["README.md", "entities.json", "policies.cedar", "schema.cedarschema", "tests.json"])
        let readme = try workspace.read("shop/README.md")
        #expect(readme.hasPrefix("# shop\n"))
        let commands = readme.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }.joined(separator: "\n")
        let shell = try await workspace.shell(
            "cedarc() { \"$cedarc\" \"$@\"; }; set -e; cd shop\n\(commands)")
        #expect(shell.errors == "")
        #expect(shell.output.contains("policy set validation passed\n"))
        #expect(shell.output.contains("results: 3 passed, 0 failed\n"))
        #expect(shell.output.contains("ALLOW\n"))
        #expect(shell.status == 0)
        #expect(try await workspace.cedarc("format", "--check", "shop").status == 0)
    }

    @Test("an empty folder is taken")
    func emptyFolder() async throws {
        let workspace = try Workspace()
        try FileManager.default.createDirectory(at: workspace.folder.appendingPathComponent("p"), withIntermediateDirectories: false)
        #expect(try await workspace.cedarc("new", "-n", "p").status == 0)
    }

    @Test("nothing that is there is written over")
    func nonEmptyFolder() async throws {
        let workspace = try Workspace()
        try FileManager.default.createDirectory(at: workspace.folder.appendingPathComponent("p"), withIntermediateDirectories: false)
        try workspace.write("p/.hidden", "mine")
        let run = try await workspace.cedarc("new", "-n", "p")
        #expect(run.errors.hasPrefix("error: the folder `p` is not empty"))
        #expect(run.status == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path + "/p") == [".hidden"])
        try workspace.write("file", "mine")
        let file = try await workspace.cedarc("new", "-n", "file")
        #expect(file.errors.hasPrefix("error: cannot make the folder `file`: "))
        #expect(file.status == 1)
        #expect(try workspace.read("file") == "mine")
    }

    @Test(
        "a name that is none is a usage error",
        arguments: ["", ".", "..", "a/b", "/tmp", "a b", "-n", "a\nb", "a`b", "~", ".git", "a\u{202E}b"])
    func badName(name: String) async throws {
        let workspace = try Workspace()
        let run = try await workspace.cedarc("new", "--name=\(name)")
        #expect(run.status == 64)
        #expect(run.output == "")
        #expect(try workspace.names() == [])
    }

    @Test("a name may be in any script")
    func otherScripts() async throws {
        #expect(try await Workspace().cedarc("new", "-n", "日本-2.läden").status == 0)
    }
}
