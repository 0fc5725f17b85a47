import HashTreeCollections

/// A policy set made ready to decide: instructions, and an index that finds the policies a request can match.
///
/// A value like all that it is made of: adding or removing a policy copies some pages, and snapshots taken before stay as they are.
struct Program: Sendable {
    private(set) var instructions = PagedArray<Instruction>()
    private(set) var operands = OperandLists()
    private(set) var constants = PagedArray<FlatValue>()
    private(set) var patterns = PagedArray<FlatPattern>()
    /// By the place of the policy in its set.
    private(set) var policies = PagedArray<PolicyCode>()
    private(set) var index = ScopeIndex()
    /// How many values are kept during a request.
    private(set) var memoCount: UInt32 = 0

    private var instructionIndex = HashIndex()
    private var constantIndex = HashIndex()
    private var patternPlaces: TreeDictionary<Pattern, UInt32> = [:]
    private var memory = BlockArena()

    let maximumNesting: Int
    let features: LanguageFeatures

    init(maximumNesting: Int, features: LanguageFeatures) {
        self.maximumNesting = maximumNesting
        self.features = features
    }

    /// Adds a policy under its place in the set, where none is.
    ///
    /// Linear in the size of the policy, times how deep its expressions without variables nest.
    mutating func add(_ policy: Policy, at place: Int, _ numbers: inout EntityNumbers) {
        while policies.count <= place { policies.append(.absent) }
        let code = PolicyCompiler(policy, maximumNesting: maximumNesting).code(in: &self, &numbers)
        policies[place] = code
        index.insert(UInt32(truncatingIfNeeded: place), code, PolicyView(self))
    }

    /// Takes out the policy with that place.
    ///
    /// Its instructions stay, as others may have them too: a program that changes without end grows, until it is compiled anew.
    mutating func remove(at place: Int) {
        guard place < policies.count, policies[place].isPresent else { return }
        index.remove(UInt32(truncatingIfNeeded: place), policies[place], PolicyView(self))
        policies[place] = .absent
    }

    // MARK: Instructions

    /// The number of an instruction. From the second use on its value is kept during a request.
    mutating func intern(_ instruction: Instruction) -> UInt32 {
        let hash = instruction.hash
        if let number = instructionIndex.find(hash, where: { instructions[$0].isSame(as: instruction) }) {
            remember(number)
            return number
        }
        let number = UInt32(truncatingIfNeeded: instructions.count)
        instructions.append(instruction)
        instructionIndex.insert(number, hash: hash)
        return number
    }

    /// Has the value of an instruction with several uses kept during a request.
    mutating func remember(_ number: UInt32) {
        guard instructions[number].memo == 0 && !instructions[number].isCheap else { return }
        memoCount += 1
        instructions[number].memo = memoCount
    }

    mutating func intern(_ list: [UInt32]) -> UInt32 { operands.intern(list) }

    /// The instruction for a value.
    mutating func intern(_ value: Value, _ numbers: inout EntityNumbers) -> UInt32 {
        let size = FlatSize.of(value, writesTexts: false)
        var writer = FlatWriter(into: memory.allocate(byteCount: size))
        let flat = writer.write(value, &numbers)
        let hash = flat.hash
        if let number = constantIndex.find(hash, where: { constants[$0] == flat }) { return intern(Instruction(.constant, number)) }
        let number = UInt32(truncatingIfNeeded: constants.count)
        constants.append(flat)
        constantIndex.insert(number, hash: hash)
        return intern(Instruction(.constant, number))
    }

    /// The number of a pattern.
    mutating func intern(_ pattern: Pattern) -> UInt32 {
        if let number = patternPlaces[pattern] { return number }
        let number = UInt32(truncatingIfNeeded: patterns.count)
        patterns.append(FlatPattern(pattern, in: &memory))
        patternPlaces[pattern] = number
        return number
    }
}

extension FlatValue {
    /// Equal values of one store have equal hashes.
    fileprivate var hash: UInt64 {
        let head = ContentHash.combine(UInt64(tag.rawValue), UInt64(count))
        switch tag {
        case .error, .bool, .long, .string, .entity, .decimal, .datetime, .duration: return ContentHash.combine(head, payload)
        case .text: return ContentHash.combine(head, ContentHash.of(textBytes))
        case .ip: return ContentHash.of(UnsafeRawBufferPointer(start: block, count: 24))
        case .foreignEntity: return ContentHash.combine(element(0).hash, element(1).hash)
        case .set: return (0..<size).reduce(head) { ContentHash.combine($0, element($1).hash) }
        case .record:
            return (0..<size).reduce(head) {
                ContentHash.combine($0, ContentHash.combine(attributeName($1).hash, attributeValue($1).hash))
            }
        }
    }
}
