import LynxCedar

/// Makes a case smaller while it still shows what it shows.
struct CaseShrinker {
    let schema: Schema
    /// Whether a smaller case is still one of interest. Only cases that are as the schema says are asked about.
    let isInteresting: (FuzzCase) -> Bool

    /// How many smaller cases are tried before the smallest so far has to do.
    private static let maximumTries = 5000

    func shrink(_ original: FuzzCase) -> FuzzCase {
        var smallest = original
        var tries = 0
        var isSmaller = true
        while isSmaller {
            isSmaller = false
            for candidate in candidates(for: smallest) {
                tries += 1
                guard tries < CaseShrinker.maximumTries else { return smallest }
                // Where something could be left out, the other candidates may still be of use: they are made anew.
                if candidate.conforms(to: schema), isInteresting(candidate) {
                    smallest = candidate
                    isSmaller = true
                    break
                }
            }
        }
        return smallest
    }

    /// Cases with a little less, those with much less first.
    private func candidates(for original: FuzzCase) -> some Sequence<FuzzCase> {
        let entities = original.entities.indices
        let withoutEntity = entities.lazy.map { index in
            var copy = original
            copy.entities.remove(at: index)
            return copy
        }
        let smallerContext = original.request.context.smaller.lazy.map { context in
            var copy = original
            copy.request.context = context
            return copy
        }
        let smallerEntities = entities.lazy.flatMap { index in
            original.entities[index].smaller.lazy.map { entity in
                var copy = original
                copy.entities[index] = entity
                return copy
            }
        }
        return [
            AnySequence(withoutEntity), AnySequence(smallerContext), AnySequence(smallerEntities),
        ].lazy.joined()
    }
}

extension Entity {
    /// The entity with a parent, an attribute or a tag less, or with a smaller one.
    fileprivate var smaller: [Entity] {
        var result: [Entity] = []
        for parent in parents.sorted() {
            var copy = self
            copy.parents.remove(parent)
            result.append(copy)
        }
        for tags in tags.smaller {
            var copy = self
            copy.tags = tags
            result.append(copy)
        }
        for attributes in attributes.smaller {
            var copy = self
            copy.attributes = attributes
            result.append(copy)
        }
        return result
    }
}

extension Record {
    /// The record with an attribute less, or with a smaller one.
    fileprivate var smaller: [Record] {
        var result: [Record] = []
        for attribute in attributes {
            var copy = self
            copy[attribute.name] = nil
            result.append(copy)
        }
        for attribute in attributes {
            for value in attribute.value.smaller {
                var copy = self
                copy[attribute.name] = value
                result.append(copy)
            }
        }
        return result
    }
}

extension Value {
    /// Simpler values of the same kind, the simplest first. Each is simpler than this one, so that shrinking comes to an end.
    fileprivate var smaller: [Value] {
        switch self {
        case .bool(let bool): bool ? [false] : []
        case .long(let long): Value.nearerToZero(long).map { .long($0) }
        case .string(let string): Value.shorter(string).map { .string($0) }
        case .entity: []
        case .decimal(let decimal):
            Value.nearerToZero(decimal.tenThousandths).map { .decimal(Decimal(tenThousandths: $0)) }
        case .duration(let duration): Value.nearerToZero(duration.milliseconds).map { .duration(Duration(milliseconds: $0)) }
        case .datetime(let datetime):
            Value.nearerToZero(datetime.millisecondsSinceEpoch).map { .datetime(Datetime(millisecondsSinceEpoch: $0)) }
        case .ip(let ip): Value.smaller(ip).map { .ip($0) }
        case .set(let set):
            set.elements.indices.map { index in
                var elements = set.elements
                elements.remove(at: index)
                return .set(ValueSet(elements))
            }
                + set.elements.indices.flatMap { index in
                    set.elements[index].smaller.map { element in
                        var elements = set.elements
                        elements[index] = element
                        return .set(ValueSet(elements))
                    }
                }
        case .record(let record): record.smaller.map { .record($0) }
        }
    }

    private static func nearerToZero(_ number: Int64) -> [Int64] {
        guard number != 0 else { return [] }
        var result: [Int64] = [0]
        // What goes away, by half from one to the next: the number itself less that is ever nearer to the number.
        var part = number / 2
        while part != 0 {
            result.append(number - part)
            part /= 2
        }
        // Of two numbers that are as far from zero, the positive one is the simpler.
        if number < 0, number != .min { result.append(-number) }
        return result
    }

    private static func shorter(_ text: CedarString) -> [CedarString] {
        let scalars = Array(text.string.unicodeScalars)
        guard !scalars.isEmpty else { return [] }
        func string(_ scalars: some Sequence<Unicode.Scalar>) -> CedarString {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            return CedarString(String(view))
        }
        var result: [CedarString] = [""]
        if scalars.count > 1 {
            result.append(string(scalars.prefix(scalars.count / 2)))
            result.append(string(scalars.suffix(scalars.count / 2)))
            result.append(string(scalars.dropLast()))
            result.append(string(scalars.dropFirst()))
        }
        return result
    }

    private static func smaller(_ ip: IPAddress) -> [IPAddress] {
        ip.octets.indices.filter { ip.octets[$0] != 0 }.compactMap { index in
            var octets = ip.octets
            octets[index] = 0
            return IPAddress(octets: octets, prefixLength: ip.prefixLength)
        }
    }
}
