// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that nobody who links the library pulls the benchmark package.

/// What every target of ours is built with, as in the library's package.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
]

/// One target a question.
let questions = ["Decide", "Parse", "Load", "Update", "Validate", "Threads"]

let package = Package(
    name: "LynxCedarBenchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "LynxCedar", path: ".."),
        // Without its traits, which would put other allocators and runtime functions in place of those that are measured.
        .package(url: "https://github.com/ordo-one/package-benchmark", .upToNextMinor(from: "1.38.1"), traits: []),
    ],
    targets: [
        .target(
            name: "Scenarios",
            dependencies: [.product(name: "LynxCedar", package: "LynxCedar")],
            path: "Scenarios",
            swiftSettings: strict
        ),
    ]
        + questions.map { question in
            .executableTarget(
                name: question,
                dependencies: [
                    "Scenarios",
                    .product(name: "Benchmark", package: "package-benchmark"),
                    .product(name: "LynxCedar", package: "LynxCedar"),
                ],
                path: question,
                swiftSettings: strict,
                plugins: [.plugin(name: "BenchmarkPlugin", package: "package-benchmark")]
            )
        }
)
