/// A policy in a program: its scope as numbers, and the instructions that must all be true.
///
/// The members stand in an order that leaves no gaps: 32 bytes.
struct PolicyCode: BitwiseCopyable {
    enum Scope: UInt8, BitwiseCopyable {
        case any, equal, `in`, `is`, isIn
    }

    var principal: Place = Place()
    /// `any`, `equal` or `in`.
    var actionScope = Scope.any
    /// From which level of the index on the way there has shown that the scope holds; above all levels where none does.
    var shownFrom: UInt8 = .max
    var isForbid = false
    var resource: Place = Place()
    /// Whether the policy is left to the simple semantics, because it nests deeper than the authorizer allows.
    var isInterpreted = false
    var isPresent = true
    /// Of `equal` the entity's number; of `in` an operand list of such.
    var action: UInt32 = 0
    /// An operand list of instructions.
    var conditions: UInt32 = 0

    /// The constraint on the principal or the resource.
    struct Place: BitwiseCopyable {
        var entity: UInt32 = 0
        /// The symbol of the type's name.
        var type: UInt32 = 0
        var scope = Scope.any
    }

    static var absent: PolicyCode {
        var code = PolicyCode()
        code.isPresent = false
        return code
    }
}
