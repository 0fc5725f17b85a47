import LynxIdentity

/// The keys that we sign with.
struct KeysConfiguration: Hashable {
    /// `nil` to make a key that is gone with the program.
    let folder: String?
    let algorithm: KeyRing.Algorithm
    let times: KeyRing.Times

    init(_ file: ConfigurationSection) {
        let section = file.section("keys")
        folder = section?.text("folder")
        algorithm = section?.choice("algorithm", default: .es256) ?? .es256
        var times = KeyRing.Times()
        if let section {
            times.overlap = section.seconds("overlap", default: times.overlap, in: 60...7 * 86400)
            times.rotation = section.seconds("rotation", default: max(times.rotation, times.overlap), in: 60...365 * 86400)
            if times.rotation < times.overlap {
                section.report("`keys.rotation` must not be shorter than `keys.overlap`", at: "rotation")
            }
        }
        self.times = times
        section?.finish()
    }
}
