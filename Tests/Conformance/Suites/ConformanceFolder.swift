import Foundation
import LynxCedar

/// A folder of conformance cases, laid out as the shared data and as the project's own `Corpus/`.
///
/// Archives are unpacked into a temporary folder, which goes when the folder's value goes.
public final class ConformanceFolder {
    let root: URL
    private var unpacked: URL?

    public init(_ root: URL) {
        self.root = root
    }

    deinit {
        if let unpacked { try? FileManager.default.removeItem(at: unpacked) }
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// All suites that the folder holds cases of, in a fixed order.
    ///
    /// - Throws: ``Failure`` when it holds none, or when its archive cannot be unpacked.
    public func suites() throws -> [SuiteResult] {
        var results: [SuiteResult] = []
        if let corpus = try corpusRoot() {
            results += DecisionSuite(root: corpus, folder: "corpus-tests", name: "corpus").run()
            results += SchemaSuite(root: corpus, folders: ["corpus-tests"], name: "corpus-schemas").run()
            results += ValidationVerdictSuite(root: corpus, folder: "corpus-tests", name: "corpus-validation").run()
            results += ValidationSuite(
                root: corpus, cases: "corpus-tests", answers: "corpus-tests-validation", name: "corpus-validation"
            ).run()
            results += JSONSchemaSuite(root: corpus).run()
        }
        results += DecisionSuite(root: root, folder: "tests", name: "handwritten").run()
        results += SchemaSuite(
            root: root, folders: ["schemas", "sample-data", "validation-cases", "entity-parsing"], name: "schemas"
        ).run()
        results += ValidationVerdictSuite(root: root, folder: "tests", name: "handwritten-validation").run()
        results += ValidationSuite(
            root: root, cases: "validation-cases", answers: "validation-cases", name: "validation-cases"
        ).run()
        results += EntityParsingSuite(root: root).run()
        results += PartialSuite(root: root).run()
        results += ParseErrorSuite(root: root).run()
        results += FormatterSuite(root: root).run()
        results += SchemaRoundTripSuite(root: root).run()
        results += SchemaErrorSuite(root: root).run()
        results += ValidationErrorSuite(root: root).run()
        guard results.contains(where: { $0.passed + $0.failures.count > 0 }) else {
            throw Failure(description: "`\(root.path)` holds no cases")
        }
        return results
    }

    /// Where `corpus-tests/` lies: in the folder itself, or in its archive.
    private func corpusRoot() throws -> URL? {
        if root.appending(path: "corpus-tests").isFolder { return root }
        let archive = root.appending(path: "corpus.tar.xz")
        guard FileManager.default.fileExists(atPath: archive.path) else { return nil }
        let folder = FileManager.default.temporaryDirectory.appending(path: "conformance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        unpacked = folder
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = ["tar", "-xf", archive.path, "-C", folder.path]
        try tar.run()
        tar.waitUntilExit()
        guard tar.terminationStatus == 0 else {
            throw Failure(description: "`tar` could not unpack `\(archive.path)`; are tar and xz installed?")
        }
        return folder
    }
}

/// How a suite went.
public struct SuiteResult: Sendable {
    /// One word.
    public let name: String
    public internal(set) var passed = 0
    /// What was expected and what was seen, a text for each failed case.
    public internal(set) var failures: [String] = []

    init(name: String) {
        self.name = name
    }

    /// A suite with one case for each file.
    ///
    /// - Parameter differences: what a case should have been and was not; a case that throws has failed.
    /// - Returns: nothing where there is no file.
    static func of(_ name: String, _ files: [URL], differences: (URL) throws -> [String]) -> [SuiteResult] {
        var result = SuiteResult(name: name)
        for file in files {
            do {
                result.count(file.lastPathComponent, differences: try differences(file))
            } catch {
                result.count(file.lastPathComponent, differences: ["\(error)"])
            }
        }
        return result.isEmpty ? [] : [result]
    }

    public var isEmpty: Bool { passed == 0 && failures.isEmpty }

    /// `name: N passed, M failed`
    public var line: String { "\(name): \(passed) passed, \(failures.count) failed" }

    /// Counts a case.
    ///
    /// - Parameter differences: what the case should have been and was not; none for a case that passed.
    mutating func count(_ name: String, differences: [String]) {
        if differences.isEmpty {
            passed += 1
        } else {
            failures.append("\(name)\n" + differences.map { "    \($0)" }.joined(separator: "\n"))
        }
    }
}

extension URL {
    var isFolder: Bool { (try? resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true }

    /// The files below the folder whose names end as given, sorted by path.
    func files(endingIn suffix: String) -> [URL] {
        guard isFolder, let walk = FileManager.default.enumerator(at: self, includingPropertiesForKeys: nil) else { return [] }
        return walk.compactMap { $0 as? URL }
            .filter { $0.lastPathComponent.hasSuffix(suffix) }
            .sorted { $0.path < $1.path }
    }

    /// The file as a text for the engine.
    func sourceText() throws -> SourceText {
        try SourceText(utf8: try Data(contentsOf: self), name: lastPathComponent)
    }
}
