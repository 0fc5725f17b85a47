import Foundation
import Testing

@Suite("cedarc visualize")
struct VisualizeTests {
    @Test("entities are nodes in clusters by type, parents are edges")
    func graph() async throws {
        let workspace = try Workspace()
        try workspace.write(
            "e.json",
            """
            [
              {"uid": {"type": "User", "id": "alice"}, "attrs": {}, "parents": [{"type": "Group", "id": "staff"}]},
              {"uid": {"type": "Group", "id": "staff"}, "attrs": {}, "parents": [{"type": "Group", "id": "all"}]}
            ]
            """)
        let run = try await workspace.cedarc("visualize", "--entities", "e.json")
        // What the reference implementation prints, with the types in order; its own order is by chance.
        let expected = [
            "strict digraph {", "\tordering=\"out\"", "\tnode[shape=box]",
            "\tsubgraph \"cluster_Group\" {", "\t\tlabel=\"Group\"", "\t\t\"Group::\\\"staff\\\"\" [label=\"staff\"]", "\t}",
            "\tsubgraph \"cluster_User\" {", "\t\tlabel=\"User\"", "\t\t\"User::\\\"alice\\\"\" [label=\"alice\"]", "\t}",
            "\t\"Group::\\\"staff\\\"\" -> \"Group::\\\"all\\\"\"",
            "\t\"User::\\\"alice\\\"\" -> \"Group::\\\"staff\\\"\"",
            "}", "",
        ]
        #expect(run.output == expected.joined(separator: "\n"))
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    /// Ids with what DOT and Graphviz have a meaning for.
    static let awkward = ["", "\"", "\\", "a\\", "\\\"", "\\N", "\\n", "\n", "&lt;", "<b>", "a\"] x [", "é", "e\u{301}", "\u{202E}", "\0"]

    private func awkwardWorkspace() throws -> Workspace {
        let workspace = try Workspace()
        let entities = VisualizeTests.awkward.map {
            ["uid": ["type": "A::B", "id": $0], "attrs": [:], "parents": [["type": "A::B", "id": "\($0)p"]]] as [String: Any]
        }
        try workspace.write("e.json", bytes: Array(JSONSerialization.data(withJSONObject: entities)))
        return workspace
    }

    @Test("no id can leave its quotes or steer the drawing")
    func escaping() async throws {
        let run = try await awkwardWorkspace().cedarc("visualize", "--entities", "e.json")
        #expect(run.status == 0)
        var nodes = 0
        for line in run.output.split(separator: "\n") where line.hasPrefix("\t\t\"") {
            nodes += 1
            // A quote ends a text unless an odd number of backslashes is before it: nothing but the form may be left outside.
            var outside = ""
            var isQuoted = false
            var isEscaped = false
            for scalar in line.unicodeScalars {
                if isEscaped {
                    isEscaped = false
                } else if isQuoted, scalar == "\\" {
                    isEscaped = true
                } else if scalar == "\"" {
                    isQuoted.toggle()
                } else if !isQuoted {
                    outside.unicodeScalars.append(scalar)
                }
            }
            #expect(outside == "\t\t [label=]", "\(line)")
        }
        #expect(nodes == VisualizeTests.awkward.count)
        // A backslash that is shown is doubled, and no character reference is left to be resolved.
        #expect(run.output.contains(#"[label="\\N"]"#))
        #expect(run.output.contains(#"[label="&amp;lt;"]"#))
        #expect(!run.output.unicodeScalars.contains { $0 == "\0" || $0 == "\u{202E}" })
    }

    @Test("the same entities give the same text")
    func deterministic() async throws {
        let workspace = try awkwardWorkspace()
        let first = try await workspace.cedarc("visualize", "--entities", "e.json")
        for _ in 0..<3 {
            #expect(try await workspace.cedarc("visualize", "--entities", "e.json").output == first.output)
        }
    }

    @Test("entities may come from the standard input, and none are an empty graph")
    func standardInput() async throws {
        let run = try await Workspace().cedarc(["visualize", "--entities", "-"], input: "[]")
        #expect(run.output == "strict digraph {\n\tordering=\"out\"\n\tnode[shape=box]\n}\n")
    }

    @Test("a file is written where one is named, and only when all went well")
    func outputFile() async throws {
        let workspace = try Sample.workspace()
        let run = try await workspace.cedarc("visualize", "--entities", "e.json", "--output", "g.dot")
        #expect(run.output + run.errors == "")
        #expect(try workspace.read("g.dot").hasPrefix("strict digraph {\n"))
        let faulty = try await workspace.cedarc("visualize", "--entities", "p.cedar", "-o", "h.dot")
        #expect(faulty.status == 1)
        #expect(try workspace.names() == ["e.json", "g.dot", "p.cedar", "s.cedarschema"])
        let folder = try await workspace.cedarc("visualize", "--entities", "e.json", "-o", "missing/g.dot")
        #expect(folder.errors.hasPrefix("error: cannot write the graph file `missing/g.dot`: "))
        #expect(folder.status == 1)
        // A device is written to and stays what it is.
        #expect(try await workspace.cedarc("visualize", "--entities", "e.json", "-o", "/dev/null").status == 0)
        #expect(try await workspace.shell("test -c /dev/null").status == 0)
    }

    @Test("without Graphviz, SVG is an error that says what is missing")
    func noGraphviz() async throws {
        let workspace = try Sample.workspace()
        for arguments in [["--format", "svg"], ["-o", "g.svg"]] {
            let run = try await workspace.cedarc(
                "visualize", "--entities", "e.json", arguments[0], arguments[1], environment: ["PATH": workspace.folder.path])
            #expect(run.output == "")
            #expect(run.errors.hasPrefix("error: the program `dot`, which draws SVG, is not installed\nhelp: "))
            #expect(run.status == 1)
        }
        #expect(try workspace.names() == ["e.json", "p.cedar", "s.cedarschema"])
    }

    @Test("the program `dot` gets the graph, and its answer is the picture")
    func graphviz() async throws {
        let workspace = try Sample.workspace()
        func install(_ script: String) throws {
            try workspace.write("dot", "#!/bin/sh\n" + script)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: workspace.folder.appendingPathComponent("dot").path)
        }
        let path = ["PATH": workspace.folder.path + ":/usr/bin:/bin"]
        try install("echo \"$1\"; exec cat\n")
        let run = try await workspace.cedarc("visualize", "--entities", "e.json", "-o", "g.svg", environment: path)
        #expect(run.errors == "")
        let graph = try await workspace.cedarc("visualize", "--entities", "e.json")
        #expect(try workspace.read("g.svg") == "-Tsvg\n" + graph.output)
        try install("exit 3\n")
        let failing = try await workspace.cedarc("visualize", "--entities", "e.json", "--format", "svg", environment: path)
        #expect(failing.errors == "error: the program `dot` failed\n")
        #expect(failing.status == 1)
    }

    @Test("Graphviz itself takes awkward ids", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/dot")))
    func realGraphviz() async throws {
        let run = try await awkwardWorkspace().cedarc("visualize", "--entities", "e.json", "--format", "svg")
        #expect(run.status == 0)
        #expect(run.output.contains("<svg"))
        #expect(run.output.contains("&amp;lt;"))
        #expect(run.output.components(separatedBy: "class=\"node\"").count - 1 == VisualizeTests.awkward.count * 2)
    }
}
