/// Numbers for the sets that the tests of one dimension ask for: a table's value has a bit for each.
struct SetNumbers {
    private(set) var tests: [Test] = []
    private var numbers: [Test: Int] = [:]

    /// The number of a test, a new one if need be.
    mutating func number(of test: Test) -> Int {
        if let number = numbers[test] { return number }
        numbers[test] = tests.count
        tests.append(test)
        return tests.count - 1
    }

    func number(ofKnown test: Test) -> Int? { numbers[test] }

    var wordCount: Int { (tests.count + 63) / 64 }
}
