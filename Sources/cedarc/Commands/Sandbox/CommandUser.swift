import ArgumentParser

/// Whom a command runs as that root starts.
struct CommandUser: Sendable {
    /// As it was asked for.
    let text: String
    let user: uid_t
    let group: gid_t
    /// Beside `group`.
    let groups: [gid_t]
    let account: Account?

    struct Account: Sendable {
        let name: String
        let home: String
    }

    /// Becomes the user, with its home and its name in the environment.
    ///
    /// From root it takes the capabilities too (capabilities(7), "Effect of user ID changes on capabilities"); whoever else has some would keep them.
    ///
    /// - Returns: 0, or an error number.
    func become() -> Int32 {
        guard geteuid() == 0 else { return EPERM }
        guard setgroups(groups.count, groups) == 0, setgid(group) == 0, setuid(user) == 0 else { return errno }
        // There must be no way back.
        guard user == 0 || setuid(0) != 0 else { return EPERM }
        if let account {
            setenv("HOME", account.home, 1)
            setenv("USER", account.name, 1)
            setenv("LOGNAME", account.name, 1)
        } else {
            setenv("HOME", "/", 1)
            unsetenv("USER")
            unsetenv("LOGNAME")
        }
        return 0
    }
}

extension CommandUser {
    /// Looks a user up.
    ///
    /// - Parameter text: `USER` or `USER:GROUP`, each a name or a number. Without a group they are the account's.
    /// - Throws: when there is no such user or group, or a number stands alone that no account has.
    init(_ text: String) throws(Failure) {
        self.text = text
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        // What it points to is good until the next question.
        let entry = (getpwnam(name) ?? CommandUser.number(name).flatMap { getpwuid($0) })?.pointee
        guard let user = entry?.pw_uid ?? CommandUser.number(name) else { throw Failure("there is no user `\(name)`") }
        self.user = user
        account = entry.map { Account(name: String(cString: $0.pw_name), home: String(cString: $0.pw_dir)) }
        if parts.count == 2 {
            guard let group = getgrnam(parts[1])?.pointee.gr_gid ?? CommandUser.number(parts[1]) else {
                throw Failure("there is no group `\(parts[1])`")
            }
            self.group = group
            // Whoever names a group means this one.
            groups = []
        } else {
            guard let entry, let account else {
                throw Failure("no account has the number \(name)", help: "give the group too: --user \(name):GROUP")
            }
            group = entry.pw_gid
            groups = try CommandUser.groups(of: account.name, with: entry.pw_gid)
        }
    }

    /// The highest number means that there is none (setuid(2)).
    private static func number(_ text: String) -> UInt32? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return UInt32(text).flatMap { $0 == .max ? nil : $0 }
    }

    private static func groups(of name: String, with group: gid_t) throws(Failure) -> [gid_t] {
        // NGROUPS_MAX in include/uapi/linux/limits.h
        var count: Int32 = 65536
        var groups = [gid_t](repeating: 0, count: Int(count))
        guard getgrouplist(name, group, &groups, &count) >= 0 else { throw Failure("cannot list the groups of `\(name)`") }
        return Array(groups.prefix(Int(count)))
    }
}

/// `--user`, where commands are started.
struct SandboxUserArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run the command as this user, by name or number, with its groups or the one that is named. Its environment is yours but for HOME, USER and LOGNAME. Where no LSM programs run, root is not held.",
            valueName: "user[:group]"))
    var user: String?

    func find() throws(Failure) -> CommandUser? {
        guard let user else { return nil }
        return try CommandUser(user)
    }
}
