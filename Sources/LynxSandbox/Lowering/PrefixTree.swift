/// Values for whole texts and for what texts begin with, as tables of both forms hold them.
///
/// A table answers with the one entry that fits best. After ``close(_:)`` that entry has what the others that fit have to add.
struct PrefixTree<Value> {
    /// What holds for the texts that begin with something, a slash behind each text counted in.
    struct Beginning {
        /// Of texts that go on behind it, or end with it.
        var below: Value?
        /// Of the text that is it without its last slash.
        var itself: Value?
    }

    private(set) var whole: [[UInt8]: Value] = [:]
    private(set) var beginnings: [[UInt8]: Beginning] = [:]

    init() {}

    init(whole: [[UInt8]: Value], beginnings: [[UInt8]: Beginning]) {
        self.whole = whole
        self.beginnings = beginnings
    }

    /// Adds a value where an indexed pattern stands.
    mutating func insert(_ value: Value, at pattern: TextPattern, joining join: (inout Value, Value) -> Void) {
        func add(to place: inout Value?) {
            guard var known = place else {
                place = value
                return
            }
            // Held by nobody else, so that what is joined is not copied.
            place = nil
            join(&known, value)
            place = known
        }
        if case .exact(let text) = pattern {
            add(to: &whole[text])
        } else if let prefix = pattern.prefix {
            add(to: &beginnings[prefix, default: Beginning()].below)
            if case .under = pattern { add(to: &beginnings[prefix, default: Beginning()].itself) }
        }
    }

    /// Puts values of another tree beside those that are there, or where there are none.
    mutating func merge<Other>(_ other: PrefixTree<Other>, _ join: (Value?, Other) -> Value) {
        for (text, value) in other.whole { whole[text] = join(whole[text], value) }
        for (key, beginning) in other.beginnings {
            var own = beginnings[key] ?? Beginning()
            if let value = beginning.below { own.below = join(own.below, value) }
            if let value = beginning.itself { own.itself = join(own.itself, value) }
            beginnings[key] = own
        }
    }

    /// The value at a pattern's own place.
    func value(at pattern: TextPattern) -> Value? {
        if case .exact(let text) = pattern { return whole[text] }
        return pattern.prefix.flatMap { beginnings[$0]?.below }
    }

    /// All values, in no order.
    var values: [Value] { Array(whole.values) + beginnings.values.flatMap { [$0.below, $0.itself].compactMap(\.self) } }

    /// Gives each entry what holds for all texts of the entries around it. An entry without a value of its own takes that of the nearest.
    mutating func close(_ add: (inout Value, Value) -> Void) {
        // A whole text comes behind what it begins with.
        var keys = beginnings.keys.map { (key: $0, isWhole: false) }
        keys += whole.keys.map { ($0 + [UInt8(ascii: "/")], true) }
        keys.sort { left, right in
            left.key == right.key ? !left.isWhole && right.isWhole : left.key.lexicographicallyPrecedes(right.key)
        }
        func joined(_ own: Value?, _ above: Value?) -> Value? {
            guard var own, let above else { return own ?? above }
            add(&own, above)
            return own
        }
        var open: [(key: [UInt8], entry: Beginning)] = []
        for (key, isWhole) in keys {
            while let last = open.last, !key.starts(with: last.key) { open.removeLast() }
            if isWhole {
                let text = Array(key.dropLast())
                let around = open.last.flatMap { $0.key.count == key.count ? $0.entry.itself : $0.entry.below }
                whole[text] = joined(whole[text], around)
            } else {
                var entry = beginnings[key] ?? Beginning()
                entry.below = joined(entry.below, open.last?.entry.below)
                entry.itself = joined(entry.itself, open.last?.entry.below)
                beginnings[key] = entry
                open.append((key, entry))
            }
        }
    }

    func mapValues<Other>(_ transform: (Value) -> Other) -> PrefixTree<Other> {
        PrefixTree<Other>(
            whole: whole.mapValues(transform),
            beginnings: beginnings.mapValues { PrefixTree<Other>.Beginning(below: $0.below.map(transform), itself: $0.itself.map(transform)) })
    }
}

extension PrefixTree: Sendable where Value: Sendable {}
extension PrefixTree.Beginning: Sendable where Value: Sendable {}
