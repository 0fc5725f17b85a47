import Foundation
import LynxCedar

/// Policies in any layout with the one that formatting must give them.
///
/// `formatter/NAME.cedar` comes with `NAME.cedar.formatted`: width 80, indentation 2, white space at the end ignored. What is formatted
/// must stay as it is.
struct FormatterSuite {
    let root: URL

    func run() -> [SuiteResult] {
        SuiteResult.of("formatter", root.appending(path: "formatter").files(endingIn: ".cedar"), differences: differences)
    }

    private func differences(_ file: URL) throws -> [String] {
        let expected = try file.appendingPathExtension("formatted").sourceText()
        let formatter = CedarFormatter()
        return ConformanceSuites.differences([
            ("formatted", trimmed(expected.text), trimmed(try formatter.format(policies: file.sourceText()))),
            ("formatted again", trimmed(expected.text), trimmed(try formatter.format(policies: expected))),
        ])
    }

    private func trimmed(_ text: String) -> String {
        String(text.reversed().drop(while: \.isWhitespace).reversed())
    }
}
