extension Expression: CustomStringConvertible { public var description: String { "stub" } }
