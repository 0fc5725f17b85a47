/// Gathers the faults of one text while it is being read.
///
/// Bounded: text from outside must not make us keep a fault for each of its bytes.
struct DiagnosticCollector: Sendable {
    let source: SourceText?
    private(set) var diagnostics: [Diagnostic] = []
    private var omitted = 0

    static let maximumCount = 1_000

    init(source: SourceText?) {
        self.source = source
    }

    var isEmpty: Bool { diagnostics.isEmpty }

    /// Whether more faults were found than are kept, so that reading on is of no use.
    var isFull: Bool { omitted > 0 }

    mutating func report(
        _ message: String, span: SourceSpan?, help: String? = nil, notes: [Diagnostic.Note] = []
    ) {
        guard diagnostics.count < DiagnosticCollector.maximumCount else {
            omitted += 1
            return
        }
        diagnostics.append(Diagnostic(message, span: span, help: help, notes: notes, source: source))
    }

    mutating func report(_ other: [Diagnostic]) {
        for diagnostic in other {
            guard diagnostics.count < DiagnosticCollector.maximumCount else {
                omitted += 1
                return
            }
            diagnostics.append(diagnostic)
        }
    }

    /// - Throws: ``ParseError`` with all faults in the order of their places, each once, when there are any.
    func finish() throws(ParseError) {
        guard !diagnostics.isEmpty else { return }
        var sorted = diagnostics.enumerated().sorted {
            let lhs = $0.element.span?.lowerBound ?? .max
            let rhs = $1.element.span?.lowerBound ?? .max
            return lhs == rhs ? $0.offset < $1.offset : lhs < rhs
        }.map(\.element)
        // What is declared once for several names would tell its faults for each of them.
        var told: Set<Diagnostic> = []
        sorted.removeAll { !told.insert($0).inserted }
        if omitted > 0 {
            sorted.append(Diagnostic("there are more errors than the \(sorted.count) shown", source: source))
        }
        throw ParseError(sorted)
    }
}
