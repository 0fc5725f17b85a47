/// A policy in a program: its scope as numbers, and the instructions that must all be true.
struct PolicyCode: BitwiseCopyable {
    enum Scope: UInt8, BitwiseCopyable {
        case any, equal, `in`, `is`, isIn
    }

    var principal: Place = Place()
    var resource: Place = Place()
    /// `any`, `equal` or `in`.
    var actionScope = Scope.any
    /// Of `equal` the entity's number; of `in` an operand list of such.
    var action: UInt32 = 0
    /// An operand list of instructions.
    var conditions: UInt32 = 0
    /// From which level of the index on the way there has shown that the scope holds; above all levels where none does.
    var shownFrom: UInt8 = .max
    var isForbid = false
    /// Whether the policy is left to the simple semantics, because it nests deeper than the authorizer allows.
    var isInterpreted = false
    var isPresent = true

    /// The constraint on the principal or the resource.
    struct Place: BitwiseCopyable {
        var scope = Scope.any
        var entity: UInt32 = 0
        /// The symbol of the type's name.
        var type: UInt32 = 0
    }

    static var absent: PolicyCode {
        var code = PolicyCode()
        code.isPresent = false
        return code
    }
}
