/// What `--timing` prints.
enum Timing {
    static func line(_ duration: Duration, of work: String = "Authorization") -> String {
        "\(work) Time (micro seconds) : \(microseconds(duration))"
    }

    static func line(_ duration: Duration, requests: Int) -> String {
        "\(line(duration)) for \(requests) requests"
    }

    private static func microseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
