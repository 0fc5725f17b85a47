/// A Cedar set: values of any kinds, without order and without duplicates.
///
/// Elements are kept sorted, so equal sets are equal arrays, printing is deterministic and membership is a binary search.
public struct ValueSet: Hashable, Sendable {
    /// The distinct elements in the total order of ``Value``.
    public let elements: [Value]

    /// `O(n log n)` comparisons.
    public init(_ values: some Sequence<Value>) {
        let sorted = values.sorted()
        var distinct: [Value] = []
        distinct.reserveCapacity(sorted.count)
        for value in sorted where value != distinct.last {
            distinct.append(value)
        }
        self.elements = distinct
    }

    public var isEmpty: Bool { elements.isEmpty }
    public var count: Int { elements.count }

    /// `O(log n)` comparisons.
    public func contains(_ value: Value) -> Bool {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if elements[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < elements.count && elements[low] == value
    }

    /// Whether every element of `other` is in this set. `O(m log n)` comparisons.
    public func isSuperset(of other: ValueSet) -> Bool {
        other.count <= count && other.elements.allSatisfy(contains)
    }

    /// Whether some element of `other` is in this set. `O(m log n)` comparisons, `m` the size of the smaller.
    public func intersects(_ other: ValueSet) -> Bool {
        count < other.count ? elements.contains(where: other.contains) : other.elements.contains(where: contains)
    }
}

extension ValueSet: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Value...) { self.init(elements) }
}
