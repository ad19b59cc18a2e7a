// swift-tools-version: 6.0
import PackageDescription

/// Strictness shared by every Swift target: Swift 6 language mode, no implicit imports of members or types.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "genlock",
    products: [
        .executable(name: "genlock", targets: ["GenlockCLI"]),
        .library(name: "Genlock", targets: [
            "SyncModel", "SignalCore", "MediaIO", "FaceTracking", "LipSync", "Scanning", "Reporting", "TimedText", "Transcripts", "CrossChecks",
        ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // C libraries: a module map and a shim header each, nothing else.
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavformat libavcodec libavutil libswresample libswscale",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswresample-dev", "libswscale-dev"])]),
        .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "COpenVINO"),
        .systemLibrary(name: "CEspeak", pkgConfig: "espeak-ng", providers: [.apt(["libespeak-ng-dev"])]),

        // Values.
        .target(name: "SyncModel", swiftSettings: strict),

        // The core.
        .target(name: "SignalCore", dependencies: ["SyncModel", "CFFTW"], swiftSettings: strict),
        .target(name: "MediaIO", dependencies: ["SyncModel", "CFFmpeg", "CSndfile"], swiftSettings: strict),
        .target(name: "TimedText", swiftSettings: strict),
        .target(name: "CrossChecks", dependencies: ["SyncModel"], swiftSettings: strict),
        .target(
            name: "Transcripts", dependencies: ["SyncModel", "SignalCore"],
            resources: [.copy("Resources/speech-classes-1.json")], swiftSettings: strict),
        .target(name: "FaceTracking", dependencies: ["SyncModel", "COpenVINO"], swiftSettings: strict),
        .target(
            name: "LipSync", dependencies: ["SyncModel", "SignalCore"],
            resources: [.copy("Resources/lips-1.safetensors")], swiftSettings: strict),

        // What is made of it.
        .target(name: "Reporting", dependencies: ["SyncModel"], swiftSettings: strict),
        .target(
            name: "Scanning", dependencies: ["SyncModel", "SignalCore", "MediaIO", "FaceTracking", "LipSync", "TimedText", "Transcripts", "CrossChecks"],
            swiftSettings: strict),
        .executableTarget(
            name: "GenlockCLI",
            dependencies: ["SyncModel", "SignalCore", "MediaIO", "FaceTracking", "LipSync", "Scanning", "Reporting", "TimedText", "Transcripts", argumentParser],
            swiftSettings: strict),

        // TestMedia. GPL-3 through espeak-ng: SpeechSynth is a program of its own, run by others, linked by none.
        .executableTarget(name: "genlock-speech-synth", dependencies: ["CEspeak", argumentParser], path: "Sources/SpeechSynth", swiftSettings: strict),
        .executableTarget(name: "genlock-testmedia", dependencies: [argumentParser], path: "Sources/TestMediaMaker", swiftSettings: strict),

        // What training looks at.
        .executableTarget(
            name: "genlock-tracks", dependencies: ["MediaIO", "FaceTracking"], path: "training/tracks", swiftSettings: strict),
        // Benches.
        .executableTarget(
            name: "genlock-accuracy",
            dependencies: ["SyncModel", "SignalCore", "MediaIO", "FaceTracking", "LipSync", argumentParser],
            path: "bench/accuracy", exclude: ["run"], swiftSettings: strict),
        .executableTarget(name: "genlock-speed", path: "bench/speed", exclude: ["run"], swiftSettings: strict),

        // Tests.
        .testTarget(name: "SyncModelTests", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),
        .testTarget(name: "SignalCoreTests", dependencies: ["SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "CrossChecksTests", dependencies: ["CrossChecks", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "TimedTextTests", dependencies: ["TimedText"], swiftSettings: strict),
        .testTarget(name: "TranscriptsTests", dependencies: ["Transcripts", "SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "MediaIOTests", dependencies: ["MediaIO", "SyncModel"], swiftSettings: strict),
        .testTarget(
            name: "LipSyncTests", dependencies: ["LipSync", "SignalCore", "SyncModel"],
            exclude: ["Fixtures/make_fixture.py"], resources: [.copy("Fixtures/lips.safetensors")], swiftSettings: strict),
        .testTarget(
            name: "GenlockCLITests", dependencies: ["GenlockCLI"], resources: [.copy("Golden")], swiftSettings: strict),
        .testTarget(
            name: "ReportingTests", dependencies: ["Reporting", "SyncModel"], exclude: ["Golden"], swiftSettings: strict),
    ]
)
