// swift-tools-version: 6.2
import PackageDescription

// Built by fuzz/run with -sanitize=fuzzer: the libraries of the package above are made anew with it.
let package = Package(
    name: "genlock-fuzz",
    dependencies: [.package(name: "genlock", path: "..")],
    targets: [
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "genlock-fuzz", dependencies: ["CFuzzer", .product(name: "GenlockParsers", package: "genlock")]),
    ]
)
