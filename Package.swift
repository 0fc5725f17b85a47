// swift-tools-version: 6.2

import PackageDescription

/// What every target of ours is built with: Swift 6 language mode comes with the tools version; warnings are errors.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "LynxCedar",
    products: [
        .library(name: "LynxCedar", targets: ["LynxCedar"]),
        .executable(name: "cedarc", targets: ["cedarc"]),
        .executable(name: "lynxd", targets: ["lynxd"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),

        // For lynxd only: no target of the engine, of the sandbox or of cedarc depends on any of these.
        .package(url: "https://github.com/apple/swift-asn1", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.42.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "LynxCedar",
            dependencies: [
                .product(name: "HashTreeCollections", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            swiftSettings: strict
        ),
        // What editors ask of Cedar, without input and output.
        .target(
            name: "CedarLanguageServer",
            dependencies: ["LynxCedar"],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CLibBPF", providers: [.apt(["libbpf-dev"])]),
        // Sandbox policies: their schema, what the kernel gets of them, and how it gets there.
        .target(
            name: "LynxSandbox",
            dependencies: ["CLibBPF", "LynxCedar"],
            resources: [
                .embedInCode("Schema/base.cedar"),
                .embedInCode("Schema/sandbox.cedarschema"),
                // A link to bpf-templates.
                .embedInCode("Templates/bpf.h"),
                .embedInCode("Templates/endpoint.h"),
                .embedInCode("Templates/event.h"),
                .embedInCode("Templates/file.h"),
                .embedInCode("Templates/gate.h"),
                .embedInCode("Templates/hooks-cgroup.bpf.c"),
                .embedInCode("Templates/hooks-file.bpf.c"),
                .embedInCode("Templates/hooks-guard.bpf.c"),
                .embedInCode("Templates/hooks-kernel.bpf.c"),
                .embedInCode("Templates/hooks-network.bpf.c"),
                .embedInCode("Templates/hooks-process.bpf.c"),
                .embedInCode("Templates/hooks-system-call.bpf.c"),
                .embedInCode("Templates/judge.h"),
                .embedInCode("Templates/kernel.h"),
                .embedInCode("Templates/maps.h"),
                .embedInCode("Templates/match.h"),
                .embedInCode("Templates/native.h"),
                .embedInCode("Templates/path.h"),
                .embedInCode("Templates/process.h"),
                .embedInCode("Templates/report.h"),
                .embedInCode("Templates/sandbox.bpf.c"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "cedarc",
            dependencies: [
                "CedarLanguageServer",
                "LynxCedar",
                "LynxSandbox",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        // Who is calling: tokens, certificates, keys, and the credentials of our own.
        .target(
            name: "LynxIdentity",
            dependencies: [
                "LynxCedar",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: strict
        ),
        // What was decided, issued and changed, in a chain that shows what was taken out of it.
        .target(
            name: "LynxAudit",
            dependencies: [
                "LynxCedar",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        // Records sent on to OpenTelemetry collectors and ClickHouse.
        .target(
            name: "LynxTelemetry",
            dependencies: [
                "LynxAudit", "LynxCedar",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        // The schema of agents, tools and models, and the policies in force.
        .target(
            name: "LynxPolicy",
            dependencies: ["LynxCedar", "LynxIdentity"],
            resources: [.embedInCode("Schema/lynx.cedarschema")],
            swiftSettings: strict
        ),
        .target(
            name: "LynxDecisionPoint",
            dependencies: [
                "LynxAudit", "LynxCedar", "LynxIdentity", "LynxPolicy",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            exclude: ["Proto/ext_mcp.proto", "Proto/external_authorization.proto", "Proto/health.proto", "Proto/reflection.proto"],
            // Made of these by protoc; CONTRIBUTING.md has the command.
            resources: [.embedInCode("Proto/services.pb")],
            swiftSettings: strict
        ),
        .target(
            name: "LynxTokenExchange",
            dependencies: [
                "LynxAudit", "LynxCedar", "LynxIdentity", "LynxPolicy",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "lynxd",
            dependencies: [
                "LynxAudit", "LynxCedar", "LynxDecisionPoint", "LynxIdentity", "LynxPolicy", "LynxTelemetry", "LynxTokenExchange",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),

        .testTarget(
            name: "LynxIdentityTests",
            dependencies: ["LynxCedar", "LynxIdentity", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LynxAuditTests",
            dependencies: ["LynxAudit"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LynxTelemetryTests",
            dependencies: ["LynxAudit", "LynxCedar", "LynxTelemetry"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LynxPolicyTests",
            dependencies: ["LynxCedar", "LynxIdentity", "LynxPolicy"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LynxDecisionPointTests",
            dependencies: ["CedarGenerators", "LynxCedar", "LynxDecisionPoint"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LynxTokenExchangeTests",
            dependencies: ["LynxCedar", "LynxTokenExchange"],
            swiftSettings: strict
        ),

        .testTarget(
            name: "LynxCedarTests",
            dependencies: ["LynxCedar", "CedarGenerators", "CedarReference"],
            swiftSettings: strict
        ),

        .testTarget(
            name: "LynxSandboxTests",
            dependencies: ["CLibBPF", "CedarGenerators", "LynxCedar", "LynxSandbox", "SandboxCases"],
            swiftSettings: strict
        ),

        // Random sandbox policies and events, decided by the engine, by the generated code on this machine, and by its kernel.
        .target(
            name: "SandboxCases",
            dependencies: ["CedarGenerators", "LynxCedar", "LynxSandbox"],
            path: "Tests/SandboxCases",
            exclude: ["Programs"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "sandbox-agreement",
            dependencies: ["CedarGenerators", "SandboxCases"],
            path: "Tests/SandboxAgreement",
            exclude: ["sandbox-agreement.mk"],
            swiftSettings: strict
        ),

        .testTarget(
            name: "CedarLanguageServerTests",
            dependencies: ["CedarGenerators", "CedarLanguageServer", "LynxCedar"],
            swiftSettings: strict
        ),

        // Random texts, policies, entities and requests, for property tests, fuzzers and the differential run.
        .target(
            name: "CedarGenerators",
            dependencies: ["LynxCedar"],
            path: "Tests/Generators",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "differential",
            dependencies: ["CedarGenerators", "CedarReference", "LynxCedar"],
            path: "Tests/Differential",
            exclude: ["compare.py", "differential.mk"],
            swiftSettings: strict
        ),

        // The machine and the simple semantics, side by side on random cases.
        .executableTarget(
            name: "agreement",
            dependencies: ["CedarGenerators", "LynxCedar"],
            path: "Tests/Agreement",
            exclude: ["agreement.mk"],
            swiftSettings: strict
        ),

        // A program that decides and does nothing else, for counting instructions.
        .executableTarget(
            name: "decide",
            dependencies: ["LynxCedar"],
            path: "Benchmarks/Instructions",
            swiftSettings: strict
        ),

        // A gRPC server that does nothing, to measure lynxd beside.
        .executableTarget(
            name: "lynxd-empty",
            dependencies: [
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
            ],
            path: "Benchmarks/Daemon/Empty",
            swiftSettings: strict
        ),

        // What the validator finds in the words of the reference implementation, for comparisons.
        .target(
            name: "CedarReference",
            dependencies: ["LynxCedar"],
            path: "Tests/Reference",
            swiftSettings: strict
        ),

        // The shared and the project's own cases, as a command and as a test.
        .target(
            name: "ConformanceSuites",
            dependencies: ["CedarReference", "LynxCedar"],
            path: "Tests/Conformance/Suites",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "conformance",
            dependencies: ["ConformanceSuites"],
            path: "Tests/Conformance/Runner",
            swiftSettings: strict
        ),
        .testTarget(
            name: "ConformanceTests",
            dependencies: ["ConformanceSuites"],
            path: "Tests/Conformance/Tests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "CedarcTests",
            // Not imported: the tests run the built program from outside.
            dependencies: ["cedarc"],
            swiftSettings: strict
        ),
    ]
)
