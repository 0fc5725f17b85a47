extension EntityUID { public init(cedar text: String) throws(ParseError) { throw ParseError(Diagnostic("stub")) } }
extension Expression: CustomStringConvertible { public var description: String { "stub" } }
