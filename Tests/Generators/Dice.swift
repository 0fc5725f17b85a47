/// The source of every choice that the generators make, shared by them so that one seed fixes a whole scenario.
final class Dice {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// True in that many cases of a hundred.
    func chance(_ percent: Int) -> Bool { int(0...99) < percent }

    func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    /// A number of any magnitude; see ``SeededGenerator/anySize()``.
    func long() -> Int64 { generator.anySize() }

    func bit() -> Bool { Bool.random(using: &generator) }

    /// One of the elements, `nil` when there are none.
    func any<Elements: Collection>(of elements: Elements) -> Elements.Element? {
        elements.randomElement(using: &generator)
    }

    /// One of the elements of a literal list.
    func pick<Element>(_ first: Element, _ others: Element...) -> Element {
        let index = int(0...others.count)
        return index == 0 ? first : others[index - 1]
    }

    /// As many elements as a number from the range says.
    func several<Element>(_ range: ClosedRange<Int>, _ make: () -> Element) -> [Element] {
        (0..<int(range)).map { _ in make() }
    }

    /// The elements that a throw with that chance selects, in their order.
    func some<Elements: Sequence>(of elements: Elements, _ percent: Int) -> [Elements.Element] {
        elements.filter { _ in chance(percent) }
    }

    func shuffled<Elements: Sequence>(_ elements: Elements) -> [Elements.Element] {
        elements.shuffled(using: &generator)
    }
}
