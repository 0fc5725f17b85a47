/// A range of bytes in a source text, by UTF-8 offsets from its start.
///
/// Offsets are 32 bits wide: a node of the syntax tree carries its span in eight bytes, and ``SourceText`` takes no more
/// than 4 GiB - 2.
public struct SourceSpan: Hashable, Sendable {
    public let lowerBound: UInt32
    public let upperBound: UInt32

    public init(_ range: Range<UInt32>) {
        self.lowerBound = range.lowerBound
        self.upperBound = range.upperBound
    }

    /// The smallest span that covers both.
    public func union(_ other: SourceSpan) -> SourceSpan {
        SourceSpan(min(lowerBound, other.lowerBound)..<max(upperBound, other.upperBound))
    }

    /// The span as a range of byte offsets.
    public var range: Range<Int> { Int(lowerBound)..<Int(upperBound) }
}

/// An optional span in eight bytes, so that syntax nodes stay small: `UInt32.max` as lower bound says there is none.
struct PackedSpan: Sendable {
    private let lowerBound: UInt32
    private let upperBound: UInt32

    init(_ span: SourceSpan?) {
        self.lowerBound = span?.lowerBound ?? .max
        self.upperBound = span?.upperBound ?? .max
    }

    var span: SourceSpan? {
        lowerBound == .max ? nil : SourceSpan(lowerBound..<upperBound)
    }
}
