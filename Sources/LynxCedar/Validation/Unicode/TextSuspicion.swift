/// A reason to suspect that a text in a policy does not read as it compares.
///
/// The checks are those of the Cedar validator's warnings; a text gives at most one, the first that applies.
public enum TextSuspicion: Hashable, Sendable {
    /// The text has control characters that reorder how the text around them is shown ("Trojan Source").
    case bidirectionalControls
    /// The scalar is neither printable ASCII nor one that UTS 39 admits in identifiers; many of those look like others
    /// or cannot be seen.
    case confusable(Unicode.Scalar)
    /// No single script suffices for the text: a letter of one may pass for another's.
    case mixedScripts
}

extension TextSuspicion {
    /// What a text is for: a name has to do without most of the scalars that a string may have.
    enum Role: Sendable {
        /// An attribute, an entity's id or a part of a type's name.
        case identifier
        /// A string value or the pattern of a `like`.
        case string
    }

    /// The first reason to suspect the text, or nil where it is fine.
    init?(in text: CedarString, as role: Role) {
        let scalars = text.string.unicodeScalars
        if scalars.contains(where: \.isBidirectionalControl) {
            self = .bidirectionalControls
        } else if role == .identifier, let scalar = scalars.first(where: { !$0.isUnsuspiciousInIdentifiers }) {
            self = .confusable(scalar)
        } else if !text.isSingleScript {
            self = .mixedScripts
        } else {
            return nil
        }
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is one of the embeddings, overrides and isolates of the bidirectional algorithm (UAX 9, 2.1
    /// to 2.5). Its implicit marks (U+061C, U+200E, U+200F) reorder nothing but themselves and are not among them.
    fileprivate var isBidirectionalControl: Bool {
        switch self {
        case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": true
        default: false
        }
    }

    /// Whether the scalar is printable ASCII or admitted in identifiers. Cedar's entity ids are identifiers here, and
    /// commonly addresses or sentences: the punctuation that UTS 39 keeps out of identifiers is fine in them.
    fileprivate var isUnsuspiciousInIdentifiers: Bool {
        " "..."~" ~= self || isAllowedInIdentifiers
    }
}
