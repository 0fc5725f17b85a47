/// One thing to tell the author of a text: what is wrong, where, and what to do about it.
public struct Diagnostic: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable {
        case error, warning
    }

    /// A further place that the message speaks of.
    public struct Note: Hashable, Sendable {
        public let message: String
        public let span: SourceSpan

        public init(_ message: String, span: SourceSpan) {
            self.message = message
            self.span = span
        }
    }

    public let severity: Severity
    /// A plain sentence without a final full stop.
    public let message: String
    /// Where in ``source``; `nil` when the fault is in no one place.
    public let span: SourceSpan?
    /// What the author can do, where that is known.
    public let help: String?
    public let notes: [Note]
    /// The text that the spans point into.
    public let source: SourceText?
    /// A stable name of the rule that was broken, for programs: ``ValidationRule/code``, or `schema-warning`; `nil` for what is found while a text is read.
    public let code: String?

    public init(
        _ message: String,
        severity: Severity = .error,
        span: SourceSpan? = nil,
        help: String? = nil,
        notes: [Note] = [],
        source: SourceText? = nil,
        code: String? = nil
    ) {
        self.severity = severity
        self.message = message
        self.span = span
        self.help = help
        self.notes = notes
        self.source = source
        self.code = code
    }

    public static func == (lhs: Diagnostic, rhs: Diagnostic) -> Bool {
        lhs.severity == rhs.severity && lhs.message == rhs.message && lhs.span == rhs.span && lhs.help == rhs.help
            && lhs.notes == rhs.notes && lhs.code == rhs.code
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(message)
        hasher.combine(span)
    }
}

extension Diagnostic: CustomStringConvertible {
    /// One line: `file:line:column: error: message (help)`; what would not show on a line of its own is escaped.
    public var description: String {
        var place = ""
        if let source {
            place = span.map { "\(source.name):\(source.position(of: $0.lowerBound)): " } ?? "\(source.name): "
        }
        return DisplayText.line("\(place)\(severity.rawValue): \(message)" + (help.map { " (\($0))" } ?? ""))
    }
}

/// A text that could not be read: every fault that was found in it, in the order of their places.
public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Never empty.
    public let diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    public init(_ diagnostic: Diagnostic) {
        self.diagnostics = [diagnostic]
    }

    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
