import LynxCedar

/// Ends the run, so that the fuzzer keeps the input: what must hold for every input does not hold for this one.
public func fail(_ message: @autoclosure () -> String) -> Never {
    fatalError(message())
}

public func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fail(message()) }
}

/// The input that libFuzzer passes.
public func input(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: start, count: count))
}

/// Expects that an error says something, and that its spans lie inside its text.
public func expectUseful(_ error: ParseError) {
    expect(!error.diagnostics.isEmpty, "an error without diagnostics")
    for diagnostic in error.diagnostics {
        expect(!diagnostic.message.isEmpty, "a diagnostic without a message")
        let spans = [diagnostic.span].compactMap { $0 } + diagnostic.notes.map(\.span)
        let size = diagnostic.source?.text.utf8.count ?? 0
        for span in spans {
            expect(span.lowerBound <= span.upperBound && span.upperBound <= size, "\(span) is not within \(size) bytes")
        }
    }
    // What people see of it must not trap either; more than a few of the same kind tell nothing new.
    for form in [DiagnosticRenderer.Form.human(colored: true), .plain, .json] {
        expect(!DiagnosticRenderer(form).render(error.diagnostics.prefix(3)).isEmpty, "a diagnostic that renders as nothing")
    }
}

/// The result of reading, `nil` for an error, which must be a useful one.
public func attempt<Result>(_ read: () throws(ParseError) -> Result) -> Result? {
    do throws(ParseError) {
        return try read()
    } catch {
        expectUseful(error)
        return nil
    }
}

/// The result of reading what must be readable.
public func expectReadable<Result>(_ what: String, _ read: () throws(ParseError) -> Result) -> Result {
    do throws(ParseError) {
        return try read()
    } catch {
        fail("\(what) cannot be read back: \(error)")
    }
}

/// Expects that a set prints as Cedar text that reads back to the same policies.
public func expectRoundTrips(_ set: PolicySet) {
    let text = set.description
    // Brackets may come in that the author did not write, so the text may nest deeper than the tree.
    let printed = expectReadable("the text \(text)") { () throws(ParseError) in
        try PolicySet(cedar: text, maximumNesting: 4 * NestingLimit.standard)
    }
    expect(isSame(set, printed), "\(text) is another set")
}

/// Expects that an expression prints as Cedar text that reads back to the same expression.
public func expectRoundTrips(_ expression: Expression) {
    let text = expression.description
    let printed = expectReadable("the text \(text)") { () throws(ParseError) in
        try Expression(cedar: text, maximumNesting: 4 * NestingLimit.standard)
    }
    expect(expression == printed, "\(text) is another expression")
}

/// Whether two sets have the same policies and templates in the same order, whatever their ids.
public func isSame(_ left: PolicySet, _ right: PolicySet) -> Bool {
    Array(left.policies) == Array(right.policies) && Array(left.templates) == Array(right.templates)
}
