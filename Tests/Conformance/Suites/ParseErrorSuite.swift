import Foundation
import LynxCedar

/// Broken policies, `parse-errors/NAME.cedar`, with the faults that must be reported, `NAME.faults`.
struct ParseErrorSuite {
    let root: URL

    func run() -> [SuiteResult] {
        let files = root.appending(path: "parse-errors").files(endingIn: ".cedar")
        guard !files.isEmpty else { return [] }
        var result = SuiteResult(name: "parse-errors")
        for file in files {
            do {
                let expected = try Faults(expectedIn: file.deletingPathExtension().appendingPathExtension("faults"))
                let source = try file.sourceText()
                let seen = Faults(of: source, listsNotes: false) { () throws(ParseError) in try PolicySet(cedar: source) }
                result.count(file.lastPathComponent, differences: seen.differences(from: expected))
            } catch {
                result.count(file.lastPathComponent, differences: ["\(error)"])
            }
        }
        return [result]
    }
}
