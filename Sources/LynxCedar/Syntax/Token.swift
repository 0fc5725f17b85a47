/// A token of Cedar's policy and schema syntax: what it is and where it stands.
package struct Token: Sendable {
    package enum Kind: Equatable, Sendable {
        case identifier
        /// A reserved word; see ``Name/reservedWords``.
        case `true`, `false`, `if`, then, `else`, `in`, `is`, like, has
        case number
        /// A string with its quotes; escapes are not yet decoded.
        case string
        /// `?principal` and the like.
        case slot
        case at, dot, comma, semicolon, colon, doubleColon
        case leftParenthesis, rightParenthesis, leftBrace, rightBrace, leftBracket, rightBracket
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case or, and, plus, minus, star, slash, percent, bang
        /// A single `=`, which is an error in policies and legal in schemas.
        case assign
        case question
        case end
    }

    package let kind: Kind
    package let start: UInt32
    package let end: UInt32

    package var span: SourceSpan { SourceSpan(start..<end) }

    /// Whether the token is spelled like an identifier, reserved or not.
    package var isWord: Bool {
        switch kind {
        case .identifier, .true, .false, .if, .then, .else, .in, .is, .like, .has: true
        default: false
        }
    }
}

extension Token.Kind {
    /// The token as a message names it.
    var text: String {
        switch self {
        case .identifier: "an identifier"
        case .true: "`true`"
        case .false: "`false`"
        case .if: "`if`"
        case .then: "`then`"
        case .else: "`else`"
        case .in: "`in`"
        case .is: "`is`"
        case .like: "`like`"
        case .has: "`has`"
        case .number: "a number"
        case .string: "a string"
        case .slot: "a template slot"
        case .at: "`@`"
        case .dot: "`.`"
        case .comma: "`,`"
        case .semicolon: "`;`"
        case .colon: "`:`"
        case .doubleColon: "`::`"
        case .leftParenthesis: "`(`"
        case .rightParenthesis: "`)`"
        case .leftBrace: "`{`"
        case .rightBrace: "`}`"
        case .leftBracket: "`[`"
        case .rightBracket: "`]`"
        case .equal: "`==`"
        case .notEqual: "`!=`"
        case .less: "`<`"
        case .lessOrEqual: "`<=`"
        case .greater: "`>`"
        case .greaterOrEqual: "`>=`"
        case .or: "`||`"
        case .and: "`&&`"
        case .plus: "`+`"
        case .minus: "`-`"
        case .star: "`*`"
        case .slash: "`/`"
        case .percent: "`%`"
        case .bang: "`!`"
        case .assign: "`=`"
        case .question: "`?`"
        case .end: "the end of the text"
        }
    }
}
