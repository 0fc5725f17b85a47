/// The right side of `like`: literal text with wildcards, each of which matches any text, also none.
///
/// Matching compares Unicode scalars and takes time linear in text and pattern together, whatever they are.
public struct Pattern: Hashable, Sendable {
    public enum Element: Hashable, Sendable {
        case wildcard
        case scalar(Unicode.Scalar)
    }

    public let elements: [Element]
    /// For each element the length of the longest text that both begins the wildcard-free part it is in and ends with it, short of all that
    /// is there of the part (Knuth, Morris, Pratt: where to go on after a mismatch without a look back at the text).
    private let borders: [Int]

    public init(_ elements: [Element]) {
        self.elements = elements
        self.borders = Pattern.borders(of: elements)
    }

    private static func borders(of elements: [Element]) -> [Int] {
        var borders = Array(repeating: 0, count: elements.count)
        var partStart = 0
        for index in elements.indices {
            if elements[index] == .wildcard {
                partStart = index + 1
            } else if index > partStart {
                var length = borders[index - 1]
                while length > 0, elements[partStart + length] != elements[index] { length = borders[partStart + length - 1] }
                borders[index] = elements[partStart + length] == elements[index] ? length + 1 : 0
            }
        }
        return borders
    }

    /// Whether the whole of `text` matches.
    public func matches(_ text: CedarString) -> Bool {
        var rest = text.string.unicodeScalars[...]
        let head = elements.prefix { $0 != .wildcard }
        for element in head {
            guard let scalar = rest.popFirst(), element == .scalar(scalar) else { return false }
        }
        guard head.endIndex < elements.endIndex else { return rest.isEmpty }
        // There is a wildcard: what stands behind the last one ends the text.
        var end = elements.endIndex
        while elements[end - 1] != .wildcard {
            guard let scalar = rest.popLast(), elements[end - 1] == .scalar(scalar) else { return false }
            end -= 1
        }
        var start = head.endIndex
        while start < end {
            let partEnd = elements[start..<end].firstIndex(of: .wildcard) ?? end
            guard skip(to: start..<partEnd, in: &rest) else { return false }
            start = partEnd + 1
        }
        return true
    }

    /// Steps behind the first occurrence of a wildcard-free part.
    ///
    /// - Returns: whether there is one.
    private func skip(to part: Range<Int>, in rest: inout Substring.UnicodeScalarView) -> Bool {
        var matched = 0
        while matched < part.count {
            guard let scalar = rest.popFirst() else { return false }
            while matched > 0, elements[part.lowerBound + matched] != .scalar(scalar) {
                matched = borders[part.lowerBound + matched - 1]
            }
            if elements[part.lowerBound + matched] == .scalar(scalar) { matched += 1 }
        }
        return true
    }
}

extension Pattern: CustomStringConvertible {
    /// The pattern as it stands in a policy, quotes included.
    public var description: String {
        var result = "\""
        for element in elements {
            switch element {
            case .wildcard: result.append("*")
            case .scalar("*"): result.append("\\*")
            case .scalar(let scalar): result.append(escaping: scalar)
            }
        }
        result.append("\"")
        return result
    }
}
