import LynxCedar

extension TextPosition {
    /// - Returns: `nil` for anything but two numbers.
    init?(_ json: JSONValue?) {
        guard let line = json?["line"]?.integer, let character = json?["character"]?.integer else { return nil }
        // What is beyond any text is taken for its end.
        self.init(line: Int(clamping: line), character: Int(clamping: character))
    }

    var json: JSONValue { ["line": JSONValue(line), "character": JSONValue(character)] }
}

extension LineTable {
    /// A range of bytes as the protocol writes it.
    func range(_ range: Range<Int>) -> JSONValue {
        ["start": position(of: range.lowerBound).json, "end": position(of: range.upperBound).json]
    }

    func range(_ span: SourceSpan) -> JSONValue { range(span.range) }
}
