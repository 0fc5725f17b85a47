import CedarGenerators

/// A message with bytes that are not its own, the same ones in every run: readers refuse it or take it, and end either way.
struct DamagedBytes {
    private let message: [UInt8]

    init(of message: [UInt8]) {
        self.message = message
    }

    /// - Returns: how many of 20,000 were read, and how many refused.
    func read(_ body: ([UInt8]) throws -> Void) -> (taken: Int, refused: Int) {
        var generator = SeededGenerator(seed: 1)
        var taken = 0
        for _ in 0..<20_000 {
            var bytes = message
            for _ in 0..<3 { bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator) }
            if (try? body(bytes)) != nil { taken += 1 }
        }
        return (taken, 20_000 - taken)
    }
}
