import Foundation
import Testing

/// Holds the README to the examples that ``ReadmeTests`` runs; apart from them, because Foundation has an `Expression` too.
@Suite("the README's text")
struct ReadmeTextTests {
    @Test("the README shows what is run here")
    func sameText() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "ReadmeTests.swift")
        let package = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
        let lines = try String(contentsOf: here, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        var example: [Substring]?
        var count = 0
        for line in lines {
            if line.hasPrefix("        // README end") {
                let text = (example ?? []).map { $0.dropFirst(8) }.joined(separator: "\n")
                #expect(readme.contains(text), "the README lacks\n\(text)")
                count += 1
                example = nil
            } else if line.hasPrefix("        // README ") {
                example = []
            } else {
                example?.append(line)
            }
        }
        #expect(count == 4)
    }
}
