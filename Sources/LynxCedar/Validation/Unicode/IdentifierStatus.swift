extension Unicode.Scalar {
    /// Whether the General Security Profile for identifiers (UTS 39, 3.1) admits the scalar: whether its
    /// Identifier_Status is Allowed.
    ///
    /// O(log n) in the length of the table.
    var isAllowedInIdentifiers: Bool {
        // After an odd number of boundaries lies a run of allowed scalars.
        !UnicodeTables.identifierBoundaries.firstSortedIndex(above: value).isMultiple(of: 2)
    }
}
