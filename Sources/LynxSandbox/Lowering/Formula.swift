/// The decision form: a boolean combination of tests on an event, each of which has an answer for every event.
///
/// What may fail in Cedar (an overflow, an attribute that is missing) is no failure any more: it is a test of its own.
indirect enum Formula: Hashable, Sendable {
    case always
    case never
    case test(Test)
    /// The test does not hold.
    case not(Test)
    /// Two or more, none of which is a conjunction itself.
    case all([Formula])
    /// Two or more, none of which is a disjunction itself.
    case any([Formula])
}

extension Formula {
    /// Whether a test in it tells system calls apart.
    var asksForSystemCall: Bool {
        switch self {
        case .always, .never: false
        case .test(.code(.systemCall, _)), .not(.code(.systemCall, _)): true
        case .test, .not: false
        case .all(let parts), .any(let parts): parts.contains(where: \.asksForSystemCall)
        }
    }

    /// Whether it holds for no sockets but those of the families `inet` and `inet6`.
    var isOfInternetSockets: Bool {
        switch self {
        case .never: true
        case .test(.code(.socketFamily, let families)): families.isSubset(of: Vocabulary.internetFamilies)
        case .always, .test, .not: false
        case .all(let parts): parts.contains(where: \.isOfInternetSockets)
        case .any(let parts): parts.allSatisfy(\.isOfInternetSockets)
        }
    }

    /// The conjunction, simplified: without what always holds and what stands twice.
    static func all(of parts: some Sequence<Formula>) -> Formula {
        var flat: [Formula] = []
        var seen: Set<Formula> = []
        for part in parts {
            switch part {
            case .always: continue
            case .never: return .never
            case .all(let inner): for formula in inner where seen.insert(formula).inserted { flat.append(formula) }
            default: if seen.insert(part).inserted { flat.append(part) }
            }
        }
        flat = joined(flat) { if case .not(let test) = $0 { test } else { nil } } making: { .not($0) }
        return flat.count > 1 ? .all(flat) : flat.first ?? .always
    }

    /// The disjunction, simplified; tests that ask a field for one set or another become one.
    static func any(of parts: some Sequence<Formula>) -> Formula {
        var flat: [Formula] = []
        var seen: Set<Formula> = []
        for part in parts {
            switch part {
            case .never: continue
            case .always: return .always
            case .any(let inner): for formula in inner where seen.insert(formula).inserted { flat.append(formula) }
            default: if seen.insert(part).inserted { flat.append(part) }
            }
        }
        flat = joined(flat) { if case .test(let test) = $0 { test } else { nil } } making: { .test($0) }
        return flat.count > 1 ? .any(flat) : flat.first ?? .never
    }

    /// Joins the tests that `test` finds, where one test can stand for two.
    private static func joined(
        _ parts: [Formula], _ test: (Formula) -> Test?, making formula: (Test) -> Formula
    ) -> [Formula] {
        var places: [Test.Dimension: Int] = [:]
        var tests: [Test.Dimension: Test] = [:]
        var result: [Formula] = []
        for part in parts {
            guard let candidate = test(part), let dimension = candidate.dimension else {
                result.append(part)
                continue
            }
            if let known = tests[dimension] {
                tests[dimension] = known.union(candidate)
            } else {
                tests[dimension] = candidate
                places[dimension] = result.count
                result.append(part)
            }
        }
        for (dimension, place) in places {
            if let test = tests[dimension] { result[place] = formula(test) }
        }
        return result
    }

    /// What holds where this does not.
    var negated: Formula {
        switch self {
        case .always: .never
        case .never: .always
        case .test(let test): .not(test)
        case .not(let test): .test(test)
        case .all(let parts): .any(of: parts.map(\.negated))
        case .any(let parts): .all(of: parts.map(\.negated))
        }
    }

    /// How many tests it has, each as often as it stands there.
    var size: Int {
        switch self {
        case .always, .never: 0
        case .test, .not: 1
        case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.size }
        }
    }

    /// What it costs to try it, in simple tests.
    var cost: Int {
        switch self {
        case .always, .never: 0
        case .test(.joined), .not(.joined): 64
        case .test(.same), .not(.same): 32
        case .test, .not: 1
        case .all(let parts), .any(let parts): parts.reduce(0) { $0 + $1.cost }
        }
    }

    /// Calls `body` with each test.
    func forEachTest(_ body: (Test) -> Void) {
        switch self {
        case .always, .never: break
        case .test(let test), .not(let test): body(test)
        case .all(let parts), .any(let parts): for part in parts { part.forEachTest(body) }
        }
    }
}
