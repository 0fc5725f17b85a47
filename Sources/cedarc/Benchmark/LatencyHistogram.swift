/// How often decisions took how long: classes that grow by the square root of two.
struct LatencyHistogram {
    struct Class {
        /// In nanoseconds; the upper bound belongs to the next class.
        let from: Double
        let to: Double
        let count: Int
    }

    /// From the first to the last that is not empty; the outermost ones hold what lies beyond.
    let classes: [Class]

    private static let maximumClasses = 24

    /// - Parameter latencies: in ascending order.
    init(_ latencies: [Double]) {
        // The slowest one in a thousand are mostly the system's doing and would press the others into a few lines.
        let last = LatencyHistogram.number(of: latencies.sortedQuantile(0.999))
        let first = max(LatencyHistogram.number(of: latencies.first ?? 0), last - LatencyHistogram.maximumClasses + 1)
        var counts = [Int](repeating: 0, count: last - first + 1)
        for latency in latencies {
            counts[min(last, max(first, LatencyHistogram.number(of: latency))) - first] += 1
        }
        classes = counts.enumerated().map { offset, count in
            let number = first + offset
            return Class(
                from: offset == 0 ? min(latencies.first ?? 0, LatencyHistogram.bound(number)) : LatencyHistogram.bound(number),
                to: number == last ? max(latencies.last ?? 0, LatencyHistogram.bound(number + 1)) : LatencyHistogram.bound(number + 1),
                count: count)
        }
    }

    /// The lower bound of a class in nanoseconds: 1, 1.4, 2, 2.8, 4, ...
    private static func bound(_ number: Int) -> Double {
        let power = Double(sign: .plus, exponent: number / 2, significand: 1)
        return number % 2 == 0 ? power : power * 2.squareRoot()
    }

    private static func number(of latency: Double) -> Int {
        guard latency >= 1 else { return 0 }
        let exponent = Int(latency.exponent)
        return 2 * exponent + (latency.significand >= 2.squareRoot() ? 1 : 0)
    }

    /// A line for each class: its lower bound, a bar, its part of all.
    ///
    /// - Parameter width: how many columns the longest bar takes.
    func lines(width: Int) -> [String] {
        let largest = classes.map(\.count).max() ?? 0
        let total = classes.reduce(0) { $0 + $1.count }
        guard largest > 0 else { return [] }
        return classes.map { entry in
            let eighths = (entry.count * width * 8 + largest - 1) / largest
            let bar = String(repeating: "█", count: eighths / 8) + LatencyHistogram.rest[eighths % 8]
            let padding = String(repeating: " ", count: width - (eighths + 7) / 8)
            let part = Figure.decimal(100 * Double(entry.count) / Double(total), places: 1)
            return "\(Figure.padded(Figure.grouped(entry.from), to: 12)) ns  \(bar)\(padding) \(Figure.padded(part, to: 5)) %"
        }
    }

    private static let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
}
