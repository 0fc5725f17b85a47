/// How an entity's ancestors are found.
struct AncestorPlace: BitwiseCopyable, Equatable {
    private let number: UInt32

    /// They are the parents, none of which has parents of its own.
    static let parents = AncestorPlace(number: 0)
    /// By looking at the parents' ancestors.
    static let throughParents = AncestorPlace(number: .max)

    /// They are one of the store's ancestor sets.
    static func set(_ index: Int) -> AncestorPlace { AncestorPlace(number: UInt32(truncatingIfNeeded: index + 1)) }

    @inline(__always)
    var index: UInt32? { number == 0 || number == .max ? nil : number - 1 }
}
