/// What `--timing` prints.
enum Timing {
    static func line(_ duration: Duration) -> String {
        "Authorization Time (micro seconds) : \(microseconds(duration))"
    }

    static func line(_ duration: Duration, requests: Int) -> String {
        "\(line(duration)) for \(requests) requests"
    }

    private static func microseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
