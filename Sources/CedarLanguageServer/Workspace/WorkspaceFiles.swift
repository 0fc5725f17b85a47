/// The files that the server looks into, for those that the client has not opened.
public protocol WorkspaceFiles {
    /// The bytes of a file; `nil` when there is none that can be read.
    func contents(of path: String) -> [UInt8]?

    /// The names of the files in a folder, not of those below it.
    func names(in folder: String) -> [String]

    /// The paths of the files below a folder whose names end so.
    func files(below folder: String, endingIn suffix: String) -> [String]
}
