/// Lets only so many runs of the program go on at once.
///
/// Test cases all start together. With a process and its files for each of several hundred, Foundation's `Process` comes to the end
/// of a buffer that it lists the open files in, and crashes.
actor Turnstile {
    static let runs = Turnstile(places: 8)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) {
        self.places = places
    }

    func enter() async {
        if places > 0 {
            places -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            places += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
