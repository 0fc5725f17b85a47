/// Whether two texts of an event are the same.
struct TextComparisonCode {
    private let left: ComparedText
    private let right: ComparedText

    /// The name comes first, and what has a length before what zeros fill up.
    init(_ left: ComparedText, _ right: ComparedText) {
        func rank(_ text: ComparedText) -> Int {
            switch text {
            case .name: 0
            case .field(let field): field.isPath ? 1 : 2
            }
        }
        (self.left, self.right) = (rank(left), left) <= (rank(right), right) ? (left, right) : (right, left)
    }

    /// The expression in C.
    var call: String {
        switch (left, right) {
        case (.field(let left), .field(let right)) where left == right: "1"
        case (.name, .name): "1"
        case (.name, .field(let field)), (.field(let field), .name):
            field.isPath
                ? "name_is(&event->path, \(field.bytes), event->\(field.rawValue).length, \(field.capacityName))"
                : "name_is(&event->path, \(field.bytes), short_length(\(field.bytes), \(field.capacityName)), \(field.capacityName))"
        case (.field(let left), .field(let right)):
            if left.isPath && right.isPath {
                "path_is_executable(event)"
            } else if left.isPath {
                "text_is_short(\(left.bytes), event->\(left.rawValue).length, \(right.bytes))"
            } else {
                // Zeros fill both up.
                "(TEXT_WORD(\(left.bytes), 0) == TEXT_WORD(\(right.bytes), 0) && TEXT_WORD(\(left.bytes), 8) == TEXT_WORD(\(right.bytes), 8))"
            }
        }
    }
}
