import Foundation
import Testing

/// Policies in force on the running kernel: only where it lets us, and in cgroups and a mount namespace of the tests' own.
///
/// One after the other, for what is in force is known to the whole machine.
@Suite("cedarc sandbox", .serialized)
struct SandboxTests {
    /// Why the kernel cannot be asked here; `nil` when it can.
    private func obstacle(_ workspace: Workspace) async throws -> String? {
        guard geteuid() == 0 else { return "loading programs into the kernel needs root" }
        let doctor = try await workspace.cedarc("sandbox", "doctor").output
        for ability in ["prevents network operations", "tells workloads apart"] {
            let line = doctor.split(separator: "\n").first { $0.contains(ability) }
            guard let line, line.hasPrefix("yes") else { return "the doctor says: \(line ?? "nothing")" }
        }
        guard try await workspace.shell("clang -target bpf -x c -c /dev/null -o /dev/null").status == 0 else {
            return "there is no clang here that compiles for the kernel"
        }
        guard try await workspace.shell("unshare --mount --propagation private bash -c true").status == 0 else {
            return "there is no mount namespace to be had, or no bash"
        }
        return nil
    }

    /// Runs a script where the file system of pins may be mounted and nobody sees it.
    private func aside(_ workspace: Workspace, _ script: String) async throws -> Run {
        try workspace.write("script", script)
        return try await workspace.shell("exec unshare --mount --propagation private bash script")
    }

    @Test("what learn proposes lets run run the same command, and no other")
    func learning() async throws {
        let workspace = try Workspace()
        if let obstacle = try await obstacle(workspace) {
            print("skipped: \(obstacle)")
            return
        }
        // Nobody has to listen for a datagram to be sent.
        let learned = try await aside(workspace, "$cedarc sandbox learn -o learned.cedar -- bash -c 'echo x >/dev/udp/127.0.0.1/21709'")
        #expect(learned.status == 0, "\(learned.errors)")
        let policies = try workspace.read("learned.cedar")
        #expect(policies.contains(#"Sandbox::Action::"connect""#))
        #expect(policies.contains(#"resource.address.isInRange(ip("127.0.0.1")) && resource.port == 21709"#))
        let same = try await aside(workspace, "exec $cedarc sandbox run --policy learned.cedar -- bash -c 'echo x >/dev/udp/127.0.0.1/21709 && echo sent'")
        #expect(same.status == 0, "\(same.errors)")
        #expect(same.output == "sent\n")
        let other = try await aside(workspace, "exec $cedarc sandbox run --policy learned.cedar -- bash -c 'echo x >/dev/udp/127.0.0.1/21710'")
        #expect(other.status == 1)
        #expect(other.errors.contains("Operation not permitted"))
        #expect(other.errors.contains("denied connect Sandbox::Endpoint::\"127.0.0.1:21710\""))
    }

    @Test("several files of policies are one set: a forbid of the first holds against a permit of the second")
    func severalFiles() async throws {
        let workspace = try Workspace()
        if let obstacle = try await obstacle(workspace) {
            print("skipped: \(obstacle)")
            return
        }
        try workspace.write("forbids.cedar", #"forbid (principal, action == Sandbox::Action::"connect", resource) when { resource.port == 21713 };"#)
        try workspace.write("permits.cedar", #"permit (principal, action in Sandbox::Action::"network", resource);"#)
        for (port, status) in [(21712, Int32(0)), (21713, 1)] {
            let run = try await aside(
                workspace,
                "exec $cedarc sandbox run --accept-unprevented -p forbids.cedar -p permits.cedar -- bash -c 'echo x >/dev/udp/127.0.0.1/\(port)'")
            #expect(run.status == status, "\(run.errors)")
        }
    }

    @Test("run leaves nothing behind when it is told to end, and what the command left running ends under the policies")
    func signals() async throws {
        let workspace = try Workspace()
        if let obstacle = try await obstacle(workspace) {
            print("skipped: \(obstacle)")
            return
        }
        try workspace.write(
            "one-port.cedar",
            """
            permit (principal, action == Sandbox::Action::"createSocket", resource);
            permit (principal, action == Sandbox::Action::"connect", resource) when { resource.port == 21711 };
            """)
        for signal in ["TERM", "INT", "HUP"] {
            let run = try await aside(
                workspace,
                """
                # A shell that is not interactive has background commands ignore SIGINT.
                env --default-signal=INT $cedarc sandbox run --policy one-port.cedar -- bash -c 'sleep 1000 & echo $$ >started; exec sleep 1000' &
                runner=$!
                for _ in $(seq 200); do [ -s started ] && break; sleep 0.05; done
                kill -\(signal) $runner
                wait $runner
                echo "status $?"
                ls /sys/fs/bpf/lynxcedar 2>/dev/null
                ls -d "$(awk '$4 == "/" { for (i = 1; i < NF; i++) if ($i == "-" && $(i + 1) == "cgroup2") { print $5; exit } }' /proc/self/mountinfo)"/lynxcedar/run-$runner 2>/dev/null
                $cedarc sandbox status
                """)
            let number = ["TERM": 15, "INT": 2, "HUP": 1][signal] ?? 0
            #expect(run.output == "status \(128 + number)\nno sandbox is in force\n", "\(run.errors)")
            try FileManager.default.removeItem(at: workspace.folder.appendingPathComponent("started"))
        }
    }

    @Test("run starts the command as the user that is asked for, with the groups of its account or the one that is named")
    func users() async throws {
        let workspace = try Workspace()
        if let obstacle = try await obstacle(workspace) {
            print("skipped: \(obstacle)")
            return
        }
        try workspace.write("all.cedar", "permit (principal, action, resource);")
        // What the system says of the accounts, in the words of the kernel.
        let told = try await aside(
            workspace, "for option in -u -g -G; do id $option bin; done; id -g daemon; awk -F: '$1 == \"bin\" { print $6 }' /etc/passwd")
        let numbers = told.output.split(separator: "\n").map(String.init)
        try #require(numbers.count == 5, "\(told.errors)")
        let (uid, gid, groups, other, home) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
        func lines(_ uid: String, _ gid: String, _ groups: String, _ home: String) -> [String] {
            ["Uid: \(uid) \(uid) \(uid) \(uid)", "Gid: \(gid) \(gid) \(gid) \(gid)", ("Groups: " + groups).trimmingCharacters(in: .whitespaces)]
                + ["CapPrm", "CapEff", "CapAmb"].map { "\($0): 0000000000000000" } + [home]
        }
        let identity = "grep -E '^(Uid|Gid|Groups|CapPrm|CapEff|CapAmb):' /proc/self/status | tr -s '\\t ' ' ' | sed 's/ *$//'; echo $HOME"
        for (user, expected) in [
            ("65432:65431", lines("65432", "65431", "", "/")),
            ("bin:daemon", lines(uid, other, "", home)), ("bin", lines(uid, gid, groups, home)),
        ] {
            let run = try await aside(
                workspace,
                "chmod 755 .; exec $cedarc sandbox run --accept-unprevented --user \(user) --policy all.cedar -- sh -c \"\(identity.replacing("$", with: "\\$"))\"")
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.split(separator: "\n").map(String.init) == expected, "\(run.output)")
        }
        for (user, message) in [
            ("nobody-of-that-name", "there is no user `nobody-of-that-name`"), ("bin:no-such-group", "there is no group `no-such-group`"),
            ("4000000000", "no account has the number 4000000000"), ("4294967295:1", "there is no user `4294967295`"),
            (":1", "there is no user ``"), ("bin:", "there is no group ``"), ("-1:1", "there is no user `-1`"), ("+5:1", "there is no user `+5`"),
        ] {
            let run = try await aside(
                workspace, "exec $cedarc sandbox run --accept-unprevented --user='\(user)' --policy all.cedar -- echo ran")
            #expect(run.status == 1)
            #expect(run.output == "")
            #expect(run.errors.contains(message), "\(run.errors)")
        }
    }

    @Test("what the kernel cannot prevent and policies speak of is refused, unless it is accepted")
    func unprevented() async throws {
        let workspace = try Workspace()
        if let obstacle = try await obstacle(workspace) {
            print("skipped: \(obstacle)")
            return
        }
        guard try await workspace.cedarc("sandbox", "doctor").status != 0
        else {
            print("skipped: this kernel prevents every operation")
            return
        }
        try workspace.write("files.cedar", #"permit (principal, action == Sandbox::Action::"read", resource);"#)
        let refused = try await aside(workspace, "exec $cedarc sandbox run --policy files.cedar -- echo ran")
        #expect(refused.status == 1)
        #expect(refused.output == "")
        #expect(refused.errors.contains("this kernel cannot prevent what the policies speak of: read: "))
        #expect(refused.errors.contains("--accept-unprevented"))
        let strict = try await aside(workspace, "exec $cedarc sandbox run --require prevented --policy files.cedar -- echo ran")
        #expect(strict.status == 1)
        #expect(strict.output == "")
        let accepted = try await aside(workspace, "exec $cedarc sandbox run --accept-unprevented -v --policy files.cedar -- echo ran")
        #expect(accepted.status == 0, "\(accepted.errors)")
        #expect(accepted.output == "ran\n")
        #expect(accepted.errors.contains("the policies speak of what passes on this kernel: read: "))
        #expect(accepted.errors.contains(" instructions verified, at most "))
    }
}
