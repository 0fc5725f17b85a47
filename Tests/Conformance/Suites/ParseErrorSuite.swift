import Foundation
import LynxCedar

/// Broken texts with the faults that must be reported.
///
/// `parse-errors/NAME.cedar` comes with `NAME.faults`, a line for each fault in order: `LINE:COLUMN: MESSAGE`, and after ` | ` the help if any.
struct ParseErrorSuite {
    let root: URL

    func run() -> [SuiteResult] {
        let files = root.appending(path: "parse-errors").files(endingIn: ".cedar")
        guard !files.isEmpty else { return [] }
        var result = SuiteResult(name: "parse-errors")
        for file in files {
            do {
                let expected = try String(contentsOf: file.deletingPathExtension().appendingPathExtension("faults"), encoding: .utf8)
                let seen = faults(of: try file.sourceText())
                result.count(
                    file.lastPathComponent,
                    differences: differences([
                        ("faults", expected.trimmingCharacters(in: .newlines), seen.joined(separator: "\n"))
                    ]))
            } catch {
                result.count(file.lastPathComponent, differences: ["\(error)"])
            }
        }
        return [result]
    }

    private func faults(of source: SourceText) -> [String] {
        do {
            _ = try PolicySet(cedar: source)
            return ["no fault was found"]
        } catch {
            return error.diagnostics.map { diagnostic in
                let place = diagnostic.span.map { "\(source.position(of: $0.lowerBound)): " } ?? ""
                return place + diagnostic.message + (diagnostic.help.map { " | \($0)" } ?? "")
            }
        }
    }
}
