import Crypto
import Foundation
import LynxAudit

/// The files of the demo: a configuration with an issuer, an agent and a tool server, and policies for them.
struct DemoFiles {
    let folder: String
    let ports: Ports

    /// One behind the other.
    struct Ports {
        let first: Int

        /// The tool server, which asks before it answers.
        var server: Int { first }
        var grpc: Int { first + 1 }
        var http: Int { first + 2 }
        var tokens: Int { first + 3 }
        var operation: Int { first + 4 }
        var issuer: Int { first + 5 }
    }

    static let secret = "planner-secret"

    var issuer: String { "http://127.0.0.1:\(ports.issuer)" }

    var configurationPath: String { "\(folder)/lynxd.yaml" }

    /// - Parameter keys: those of the demo's issuer, as a JWK set.
    func write(keys: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in [("lynxd.yaml", configuration), ("policies.cedar", policies), ("idp.json", keys)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }

    private var policies: String {
        """
        // Everybody may look around.
        @id("sessions")
        permit (principal, action in [Lynx::Action::"openSession", Lynx::Action::"listTools"], resource);

        // Users may add, by themselves or through one agent.
        @id("sums")
        permit (principal, action in Lynx::Action::"callTool", resource == Lynx::Tool::"demo/add")
        when { context has user && context.depth <= 1 };

        @id("no-wiping")
        @message("nobody wipes anything here")
        forbid (principal, action in Lynx::Action::"callTool", resource == Lynx::Tool::"demo/wipe");

        // The planner gets tokens for the server on behalf of users.
        @id("planner")
        permit (principal == Lynx::Agent::"planner", action == Lynx::Action::"exchangeToken", resource == Lynx::MCPServer::"demo")
        when { context has user };

        """
    }

    private var configuration: String {
        let hash = SHA256.hash(data: Array(DemoFiles.secret.utf8)).hexadecimal
        return """
            issuer: http://127.0.0.1:\(ports.tokens)
            listen:
              - grpc: 127.0.0.1:\(ports.grpc)
              - http: 127.0.0.1:\(ports.http)
                gateway: nginx
              - tokens: 127.0.0.1:\(ports.tokens)
              - operation: 127.0.0.1:\(ports.operation)
            keys: {folder: keys}
            audit: {file: audit.jsonl, sync: always}
            policies: policies.cedar
            issuers:
              - {name: demo, issuer: "\(issuer)", keys: {file: idp.json}, users: true}
            registrations:
              - agent: planner
                audiences: [https://planner.example]
                client: {id: planner, secret-sha256: \(hash)}
            destinations:
              - {name: demo, kind: mcp, path: /mcp, audience: "https://demo.example"}

            """
    }

    /// What to try.
    func instructions(program: String) -> String {
        let call = "-H 'content-type: application/json' -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"add\",\"arguments\":{\"a\":1,\"b\":2}}}'"
        let server = "http://127.0.0.1:\(ports.server)/mcp"
        return """
            lynxd demo: policies, keys and records are in \(folder). Try:

            # a token of the demo's issuer for alice
            ALICE=$(curl -s "\(issuer)/token?sub=alice&aud=https://demo.example")

            # she calls a tool, and sees what reached it: a credential for this one hop
            curl -s \(server) -H "Authorization: Bearer $ALICE" \(call)

            # without a token, and a tool that a policy forbids
            curl -s -i \(server) \(call)
            curl -s -i \(server) -H "Authorization: Bearer $ALICE" \(call.replacingOccurrences(of: "\"add\"", with: "\"wipe\""))

            # the planner acts for alice
            GIVEN=$(curl -s "\(issuer)/token?sub=alice&aud=https://planner.example")
            curl -s http://127.0.0.1:\(ports.tokens)/token -u planner:\(DemoFiles.secret) \\
              -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange -d audience=https://demo.example \\
              -d subject_token=$GIVEN -d subject_token_type=urn:ietf:params:oauth:token-type:access_token

            # who did what; change \(folder)/policies.cedar meanwhile, it is read again
            tail -n 1 \(folder)/audit.jsonl
            \(program) audit verify \(folder)/audit.jsonl
            curl -s http://127.0.0.1:\(ports.operation)/metrics

            """
    }
}
