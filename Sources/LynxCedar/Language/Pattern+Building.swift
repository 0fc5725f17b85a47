extension Pattern {
    /// Takes a pattern as it stands between the quotes of a policy: `*` is a wildcard, `\*` an asterisk, `\\` a backslash.
    ///
    /// Every other scalar stands for itself, also a backslash before it.
    public init(_ text: some StringProtocol) {
        var elements: [Element] = []
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "*": elements.append(.wildcard)
            case "\\":
                switch scalars.next() {
                case let escaped? where escaped == "*" || escaped == "\\": elements.append(.scalar(escaped))
                case let other?: elements += [.scalar(scalar), .scalar(other)]
                case nil: elements.append(.scalar(scalar))
                }
            default: elements.append(.scalar(scalar))
            }
        }
        self.init(elements)
    }
}

extension Pattern: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}
