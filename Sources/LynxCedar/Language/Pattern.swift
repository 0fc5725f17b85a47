/// The right side of `like`: literal text with wildcards, each of which matches any text, also none.
///
/// Matching compares Unicode scalars and takes time linear in the text for each wildcard-free part, without backtracking
/// past the last wildcard.
public struct Pattern: Hashable, Sendable {
    public enum Element: Hashable, Sendable {
        case wildcard
        case scalar(Unicode.Scalar)
    }

    public let elements: [Element]

    public init(_ elements: [Element]) {
        self.elements = elements
    }

    /// Whether the whole of `text` matches.
    ///
    /// Greedy with one point of return: when a literal part fails, only the latest wildcard takes one scalar more.
    public func matches(_ text: CedarString) -> Bool {
        let scalars = text.string.unicodeScalars
        var position = scalars.startIndex
        var index = 0
        var retry: (index: Int, position: String.UnicodeScalarView.Index)?
        while position < scalars.endIndex {
            if index < elements.count, case .wildcard = elements[index] {
                retry = (index, position)
                index += 1
            } else if index < elements.count, elements[index] == .scalar(scalars[position]) {
                index += 1
                position = scalars.index(after: position)
            } else if let last = retry {
                let next = scalars.index(after: last.position)
                retry = (last.index, next)
                position = next
                index = last.index + 1
            } else {
                return false
            }
        }
        return elements[index...].allSatisfy { $0 == .wildcard }
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
