import Foundation

/// The parameters of a form (application/x-www-form-urlencoded), in which only some may occur more than once.
struct FormParameters: Sendable {
    private let values: [String: [String]]

    private static let maximumCount = 64
    /// RFC 8693, 2.1.
    private static let repeatable: Set<String> = ["audience", "resource"]

    /// - Throws: for text that is not UTF-8, a broken escape, too many parameters, or one that occurs twice (RFC 6749, 3.2).
    init(_ body: [UInt8]) throws(ExchangeError) {
        var values: [String: [String]] = [:]
        let parts = body.split(separator: UInt8(ascii: "&"))
        guard parts.count <= FormParameters.maximumCount else { throw .invalidRequest("there are too many parameters") }
        for part in parts {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = FormParameters.decode(halves[0]), let value = FormParameters.decode(halves.count == 2 ? halves[1] : []) else {
                throw .invalidRequest("the form is not well formed")
            }
            // RFC 6749, 3.1: a parameter without a value counts as not sent.
            guard !value.isEmpty else { continue }
            guard values[name] == nil || FormParameters.repeatable.contains(name) else { throw .invalidRequest("a parameter occurs twice") }
            values[name, default: []].append(value)
        }
        self.values = values
    }

    subscript(name: String) -> String? { values[name]?.first }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    static func decode(_ text: ArraySlice<UInt8>) -> String? {
        // Escapes are taken off behind: `%2B` is a plus.
        String(validating: text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)?.removingPercentEncoding
    }
}
