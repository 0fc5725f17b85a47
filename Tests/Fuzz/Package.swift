// swift-tools-version: 6.2

import PackageDescription

/// Fuzz targets for libFuzzer. `make fuzz` builds them with coverage and links each of the static libraries with libFuzzer's `main`;
/// a package of its own, because the sanitizer's flags hold for all of a build.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
]

let targets = ["FuzzPolicies", "FuzzJSON", "FuzzEvaluator", "FuzzMachine"]

let package = Package(
    name: "Fuzz",
    products: targets.map { .library(name: $0, type: .static, targets: [$0]) },
    dependencies: [
        .package(name: "LynxCedar", path: "../.."),
    ],
    targets: [
        .target(
            name: "FuzzSupport",
            dependencies: [.product(name: "LynxCedar", package: "LynxCedar")],
            path: "Support",
            swiftSettings: strict
        ),
    ]
        + targets.map {
            .target(
                name: $0,
                dependencies: ["FuzzSupport", .product(name: "LynxCedar", package: "LynxCedar")],
                path: String($0.dropFirst("Fuzz".count)),
                swiftSettings: strict
            )
        }
)
