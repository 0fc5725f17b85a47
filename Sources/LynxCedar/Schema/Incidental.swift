/// A part of a syntax tree that says where something stands, not what it is: trees are equal whatever is in it.
@propertyWrapper
struct Incidental<Value: Sendable>: Hashable, Sendable {
    var wrappedValue: Value

    static func == (lhs: Incidental, rhs: Incidental) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
