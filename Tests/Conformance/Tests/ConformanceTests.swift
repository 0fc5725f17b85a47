import ConformanceSuites
import Foundation
import Testing

/// The package's own folder.
private let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private let shared = package.deletingLastPathComponent().appending(path: "shared/conformance")

@Suite("conformance")
struct ConformanceTests {
    @Test("the project's own cases pass")
    func corpus() throws {
        try run(package.appending(path: "Corpus"))
    }

    @Test(
        "the shared cases pass",
        .enabled(
            if: FileManager.default.fileExists(atPath: shared.path), "the shared conformance data is not beside the project")
    )
    func sharedCases() throws {
        try run(shared)
    }

    private func run(_ folder: URL) throws {
        for result in try ConformanceFolder(folder).suites() {
            print(result.line)
            #expect(result.failures.isEmpty, "\(result.failures.prefix(5).joined(separator: "\n"))")
        }
    }
}
