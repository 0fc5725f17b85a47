/// What a call says of its body's format.
enum ContentType {
    /// Whether whoever gets the body reads it as JSON in UTF-8, as we do: some servers decode it by the `charset` that the call claims, and see another text.
    ///
    /// A body of which nothing is said is read as JSON by those who take it at all.
    static func isJSON(_ headers: HeaderList) -> Bool {
        let values = headers.all("content-type")
        guard let value = values.first else { return true }
        // Several values in one header are joined by commas; neither types nor the parameters that JSON has need one.
        guard values.count == 1, !value.utf8.contains(UInt8(ascii: ",")) else { return false }
        if value == "application/json" { return true }
        let parts = value.split(separator: ";", omittingEmptySubsequences: false).map { trimmed($0).lowercased() }
        guard let type = parts.first, type.isEmpty || type == "application/json" || isJSONSuffixed(type) else { return false }
        // A text in quotes may hold a semicolon. What looks like a charset in there must be a good one too.
        return parts.dropFirst().filter { $0.hasPrefix("charset") }.allSatisfy {
            ["charset=utf-8", "charset=utf8", "charset=\"utf-8\"", "charset=\"utf8\""].contains($0)
        }
    }

    /// RFC 6839, 3.1.
    private static func isJSONSuffixed(_ type: String) -> Bool {
        let halves = type.split(separator: "/", omittingEmptySubsequences: false)
        return halves.count == 2 && !halves[0].isEmpty && halves[1].hasSuffix("+json") && !type.utf8.contains { $0 <= 0x20 || $0 >= 0x7F }
    }

    /// Without the spaces and tabs around it (RFC 9110, 5.6.3).
    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
