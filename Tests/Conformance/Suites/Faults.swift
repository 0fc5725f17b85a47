import Foundation
import LynxCedar

/// Broken texts with the faults that must be reported, as `NAME.faults` holds them.
///
/// A line for each fault in order: `LINE:COLUMN: MESSAGE`, after ` | ` the help if any, and, where notes are listed, after ` > ` each
/// of them as `LINE:COLUMN: NOTE`.
struct Faults {
    private let text: String

    /// The faults that a text must have.
    init(expectedIn file: URL) throws {
        text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .newlines)
    }

    /// The faults that reading a text reports.
    init<Result>(of source: SourceText, listsNotes: Bool, reading read: () throws(ParseError) -> Result) {
        do throws(ParseError) {
            _ = try read()
            text = "no fault was found"
        } catch {
            text = error.diagnostics.map { diagnostic in
                let place = diagnostic.span.map { "\(source.position(of: $0.lowerBound)): " } ?? ""
                let help = diagnostic.help.map { " | \($0)" } ?? ""
                let notes = listsNotes ? diagnostic.notes.map { " > \(source.position(of: $0.span.lowerBound)): \($0.message)" } : []
                return place + diagnostic.message + help + notes.joined()
            }.joined(separator: "\n")
        }
    }

    func differences(from expected: Faults) -> [String] {
        CedarString(text) == CedarString(expected.text) ? [] : ["faults: expected [\(expected.text)], seen [\(text)]"]
    }
}
