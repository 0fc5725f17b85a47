/// What a test came to.
enum TestResult {
    case passed
    /// The policies answer otherwise; how, in sentences.
    case failed([String])
    /// The test could not be run; why, in sentences.
    case error([String])
}
