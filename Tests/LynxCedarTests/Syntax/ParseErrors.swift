import LynxCedar
import Testing

/// The error of reading a text, `nil` when it parses.
func parseError<Result>(_ parse: () throws -> Result) -> ParseError? {
    do {
        _ = try parse()
        return nil
    } catch let error as ParseError {
        return error
    } catch {
        Issue.record("expected a ParseError, caught \(error)")
        return nil
    }
}

/// Expects that an error has something to say, and that all its spans lie inside the text.
func expectSpansInside(
    _ text: String, _ error: ParseError, sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
    let size = text.utf8.count
    #expect(!error.diagnostics.isEmpty, sourceLocation: sourceLocation)
    for diagnostic in error.diagnostics {
        #expect(!diagnostic.message.isEmpty, sourceLocation: sourceLocation)
        for span in [diagnostic.span].compactMap({ $0 }) + diagnostic.notes.map(\.span) {
            let isInside = span.lowerBound <= span.upperBound && span.upperBound <= size
            #expect(isInside, "\(span.range) in \(size) bytes: \(diagnostic)", sourceLocation: sourceLocation)
        }
    }
}
