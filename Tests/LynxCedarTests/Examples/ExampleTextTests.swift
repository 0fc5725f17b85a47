import Foundation
import Testing

/// Holds the README and the articles to the examples that ``ReadmeTests`` and ``ArticleTests`` run; apart from them, because Foundation has an
/// `Expression` too.
///
/// An example stands there between the lines `// EXAMPLE` with the name of its document and `// EXAMPLE END`.
@Suite("the text of the examples")
struct ExampleTextTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let package = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let documents = [
        "README.md": "README.md",
        "GettingStarted.md": "Sources/LynxCedar/LynxCedar.docc/GettingStarted.md",
        "ErrorsAndDiagnostics.md": "Sources/LynxCedar/LynxCedar.docc/ErrorsAndDiagnostics.md",
        "PartialEvaluation.md": "Sources/LynxCedar/LynxCedar.docc/PartialEvaluation.md",
    ]

    private static func text(_ path: String, in folder: URL) throws -> String {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }

    /// The examples that are run, by their document.
    private static func examples() throws -> [String: [String]] {
        var examples: [String: [String]] = [:]
        for file in ["ReadmeTests.swift", "ArticleTests.swift"] {
            var open: (document: String, lines: [Substring])?
            for line in try text(file, in: folder).split(separator: "\n", omittingEmptySubsequences: false) {
                let mark = line.drop { $0 == " " }
                if mark == "// EXAMPLE END" {
                    guard let example = open else { continue }
                    examples[example.document, default: []].append(unindented(example.lines))
                    open = nil
                } else if mark.hasPrefix("// EXAMPLE ") {
                    open = (String(mark.dropFirst("// EXAMPLE ".count)), [])
                } else {
                    open?.lines.append(line)
                }
            }
        }
        return examples
    }

    private static func unindented(_ lines: [Substring]) -> String {
        let indentation = lines.first.map { $0.prefix { $0 == " " }.count } ?? 0
        return lines.map { $0.dropFirst(indentation) }.joined(separator: "\n")
    }

    /// What stands in a document between "```swift" and "```".
    private static func blocks(of text: String) -> [String] {
        text.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "\n```")[0] }
    }

    @Test("every example of a document is run, and every one that is run stands there", arguments: documents)
    func sameText(name: String, path: String) throws {
        let examples = try Self.examples()[name] ?? []
        let blocks = Self.blocks(of: try Self.text(path, in: Self.package))
        #expect(!blocks.isEmpty)
        // Behind the code that is run a block may show in comments what comes of it.
        for block in blocks { #expect(examples.contains { block.hasPrefix($0) }, "no test runs\n\(block)") }
        for example in examples { #expect(blocks.contains { $0.hasPrefix(example) }, "\(name) lacks\n\(example)") }
    }
}
