/// How far a long run has come, on a line of the terminal that is written over; nothing where the standard error is no terminal.
struct ProgressBar {
    private let total: Int
    private let isShown: Bool
    private var lastShown: UInt64 = 0

    private static let width = 30
    private static let interval: UInt64 = 100_000_000

    init(total: Int) {
        self.total = total
        isShown = Environment.isTerminal(STDERR_FILENO)
    }

    /// - Parameter note: what else to say, of one line.
    mutating func show(_ done: Int, note: String) {
        guard isShown, total > 0, MonotonicClock.now - lastShown > ProgressBar.interval else { return }
        lastShown = MonotonicClock.now
        let filled = done * ProgressBar.width / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: ProgressBar.width - filled)
        write("\r\(bar) \(Figure.grouped(done)) of \(Figure.grouped(total)) \(note)\u{1B}[K")
    }

    /// Leaves the line empty.
    func finish() {
        if isShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
    }
}
