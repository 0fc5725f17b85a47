/// What this program and its language go by: the only place where the numbers stand.
enum Version {
    static let cedarc = "0.1.0"
    /// Of the Cedar language, as the reference implementation counts it.
    static let language = "4.5"
}
