public struct Decimal: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let tenThousandths: Int64
    public static func < (a: Self, b: Self) -> Bool { a.tenThousandths < b.tenThousandths }
    public var description: String { "" }
}
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    public var description: String { "" }
    func canonicallyPrecedes(_ other: IPAddress) -> Bool { false }
}
public struct Datetime: Hashable, Comparable, Sendable {
    public let millisecondsSinceEpoch: Int64
    public static func < (a: Self, b: Self) -> Bool { a.millisecondsSinceEpoch < b.millisecondsSinceEpoch }
}
public struct Duration: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let milliseconds: Int64
    public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }
    public var description: String { "" }
}
