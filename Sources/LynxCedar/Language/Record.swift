/// A Cedar record: attribute names with values. Also the form of an entity's attributes and tags, and of a request's context.
///
/// Attributes are kept sorted by name, so equal records are equal arrays and a look-up is a binary search.
public struct Record: Hashable, Sendable {
    public struct Attribute: Hashable, Sendable {
        public let name: CedarString
        public let value: Value

        public init(name: CedarString, value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// In ascending order of their names, which are distinct.
    public private(set) var attributes: [Attribute]

    /// The record without attributes.
    public init() {
        self.attributes = []
    }

    /// - Returns: `nil` when two attributes have the same name. `O(n log n)` comparisons.
    public init?(_ attributes: some Sequence<Attribute>) {
        let sorted = attributes.sorted { $0.name < $1.name }
        for (index, attribute) in sorted.enumerated().dropFirst() where sorted[index - 1].name == attribute.name {
            return nil
        }
        self.attributes = sorted
    }

    /// - Precondition: the literal names no attribute twice.
    init(literal: [(CedarString, Value)]) {
        guard let record = Record(literal.map { Attribute(name: $0, value: $1) }) else {
            preconditionFailure("a record literal names an attribute twice")
        }
        self = record
    }

    public var isEmpty: Bool { attributes.isEmpty }
    public var count: Int { attributes.count }

    /// The value of an attribute; assigning adds, replaces or (with `nil`) removes it. Reading takes `O(log n)` comparisons,
    /// adding and removing also `O(n)` moves.
    public subscript(name: CedarString) -> Value? {
        get {
            let index = position(of: name)
            return index < attributes.count && attributes[index].name == name ? attributes[index].value : nil
        }
        set {
            let index = position(of: name)
            let exists = index < attributes.count && attributes[index].name == name
            switch (newValue, exists) {
            case (let value?, true): attributes[index] = Attribute(name: name, value: value)
            case (let value?, false): attributes.insert(Attribute(name: name, value: value), at: index)
            case (nil, true): attributes.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// The record without the attributes of certain names. `O(n)`.
    func removing(_ isRemoved: (CedarString) -> Bool) -> Record {
        var record = self
        record.attributes.removeAll { isRemoved($0.name) }
        return record
    }

    /// Index of the first attribute whose name is not below `name`.
    private func position(of name: CedarString) -> Int {
        var low = 0
        var high = attributes.count
        while low < high {
            let middle = (low + high) / 2
            if attributes[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Record: Comparable {
    /// A total order for canonical forms; no part of the language. Linear in the smaller record.
    public static func < (lhs: Record, rhs: Record) -> Bool { Value.record(lhs) < Value.record(rhs) }
}

extension Record: ExpressibleByDictionaryLiteral {
    /// - Precondition: the literal names no attribute twice.
    public init(dictionaryLiteral elements: (CedarString, Value)...) {
        self.init(literal: elements)
    }
}
