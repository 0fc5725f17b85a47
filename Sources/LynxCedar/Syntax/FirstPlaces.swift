/// Where each of several names was given first, to tell those that are given twice.
struct FirstPlaces<Name: Hashable> {
    /// Few names are looked through: a table costs more than that.
    private var few: [(name: Name, place: SourceSpan)] = []
    private var many: [Name: SourceSpan] = [:]

    private static var fewest: Int { 8 }

    /// Notes a name, unless it is there.
    ///
    /// - Returns: where the name was given before, if it was.
    mutating func note(_ name: Name, at place: SourceSpan) -> SourceSpan? {
        if many.isEmpty {
            for other in few where other.name == name { return other.place }
            few.append((name, place))
            if few.count > Self.fewest { many = Dictionary(uniqueKeysWithValues: few.map { ($0.name, $0.place) }) }
            return nil
        }
        if let other = many[name] { return other }
        many[name] = place
        return nil
    }
}
