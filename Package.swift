// swift-tools-version: 6.2
import PackageDescription

/// Strictness shared by every Swift target: Swift 6 language mode, no implicit imports of members or types, and no
/// warning. Said a target at a time, as dependencies are built with `-suppress-warnings`, which excludes the flag.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "genlock",
    products: [
        .executable(name: "genlock", targets: ["GenlockCLI"]),
        .library(
            name: "Genlock",
            targets: [
                "SyncModel", "SignalCore", "MediaIO", "FaceTracking", "LipSync", "ContainerChecks", "Impacts", "Views",
                "ViewsPass", "TimedText",
                "Transcripts", "CrossChecks", "LabelFiles", "Actions", "Scanning", "Storage", "Reporting",
                "Muxing", "Mending",
                "Statistics",
                "SensorLogs", "Sensors", "RobotSets",
                "SensorPass",
                "WordTrust",
                "VoiceModels", "Speakers", "SoundEvents", "AnnotationScores",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // C libraries: a module map and a shim header each, nothing else.
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavformat libavcodec libavutil libswresample libswscale",
            providers: [
                .apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswresample-dev", "libswscale-dev"])
            ]),
        .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "COpenVINO"),
        .systemLibrary(name: "CConfinement"),
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

        .target(name: "ContainerChecks", dependencies: ["SyncModel"], swiftSettings: strict),
        .target(name: "Impacts", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),
        // Labels of actions.
        .target(name: "LabelFiles", dependencies: ["SyncModel", "TimedText"], swiftSettings: strict),
        .target(name: "Actions", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),

        // Words one by one. PocketSphinx runs in a program of its own and is looked up when that starts.
        .target(name: "WordTrust", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),
        .executableTarget(name: "genlock-word-aligner", path: "Sources/WordAligner", swiftSettings: strict),

        // Labels of sound: who speaks, what happens, and scores against a second annotation.
        .target(name: "VoiceModels", dependencies: ["SignalCore", "FaceTracking"], swiftSettings: strict),
        .target(name: "Speakers", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),
        .target(name: "SoundEvents", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),
        .target(name: "AnnotationScores", swiftSettings: strict),

        // What is made of it.
        .target(name: "Statistics", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),
        .target(
            name: "Reporting", dependencies: ["SyncModel", "SignalCore", "Actions", "Statistics"], swiftSettings: strict
        ),
        .target(name: "Excerpts", dependencies: ["SyncModel", "MediaIO", "FaceTracking"], swiftSettings: strict),
        .target(
            name: "HTMLReport", dependencies: ["SyncModel", "Reporting", "Statistics"], resources: [.copy("Resources")],
            swiftSettings: strict),
        .target(name: "Views", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),
        .target(name: "SensorLogs", dependencies: ["SyncModel"], swiftSettings: strict),
        .target(name: "Sensors", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),
        .target(
            name: "RobotSets", dependencies: ["SyncModel", "SensorLogs", "Sensors", "MediaIO"], swiftSettings: strict),
        .target(
            name: "SensorPass",
            dependencies: ["SyncModel", "SignalCore", "SensorLogs", "Sensors", "MediaIO", "Views", "Impacts"],
            swiftSettings: strict),
        .target(
            name: "ViewsPass", dependencies: ["SyncModel", "SignalCore", "MediaIO", "Views"], swiftSettings: strict),
        .target(
            name: "Scanning",
            dependencies: [
                "SyncModel", "SignalCore", "MediaIO", "FaceTracking", "LipSync", "ContainerChecks", "Impacts",
                "TimedText", "Transcripts",
                "CrossChecks", "CConfinement", "Views", "ViewsPass", "LabelFiles", "Actions", "WordTrust", "Sensors",
                "RobotSets",
                "VoiceModels", "Speakers", "SoundEvents",
            ],
            swiftSettings: strict),
        .target(name: "Muxing", dependencies: ["SyncModel", "MediaIO", "CFFmpeg"], swiftSettings: strict),
        .target(
            name: "Mending",
            dependencies: [
                "SyncModel", "SignalCore", "MediaIO", "Muxing", "TimedText", "LabelFiles", "Transcripts", "Scanning",
                "ViewsPass", "Reporting",
            ], swiftSettings: strict),
        .target(
            name: "Storage", dependencies: ["SyncModel", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .target(
            name: "Review",
            dependencies: [
                "SyncModel", "MediaIO", "FaceTracking", "Scanning", "Storage", "Reporting", "TimedText", "Transcripts",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            resources: [.copy("Page")], swiftSettings: strict),
        .executableTarget(
            name: "GenlockCLI",
            dependencies: [
                "SyncModel", "SignalCore", "MediaIO", "FaceTracking", "LipSync", "Scanning", "Storage", "Reporting",
                "LabelFiles", "Actions",
                "SensorLogs", "Sensors", "RobotSets",
                "SensorPass", "Impacts",
                "Views", "ViewsPass", "TimedText", "Transcripts", argumentParser,
                "Mending", "Muxing", "Review",
                "HTMLReport", "Excerpts",
                "Statistics", "WordTrust",
                "Speakers", "SoundEvents", "AnnotationScores", "VoiceModels",
            ],
            swiftSettings: strict),

        // TestMedia. GPL-3 through espeak-ng: SpeechSynth is a program of its own, run by others, linked by none.
        .executableTarget(
            name: "genlock-speech-synth", dependencies: ["CEspeak", argumentParser], path: "Sources/SpeechSynth",
            swiftSettings: strict),
        .executableTarget(
            name: "genlock-testmedia", dependencies: [argumentParser], path: "Sources/TestMediaMaker",
            swiftSettings: strict),

        // Examples for programs of one's own.
        .executableTarget(
            name: "example-measure", dependencies: ["SyncModel", "FaceTracking", "Scanning", "Reporting"],
            path: "examples/measure", swiftSettings: strict),
        .executableTarget(
            name: "example-own-check", dependencies: ["SyncModel", "MediaIO", "Scanning", "Reporting"],
            path: "examples/own-check", swiftSettings: strict),
        .testTarget(
            name: "ExamplesTests", dependencies: ["example-measure", "example-own-check"], swiftSettings: strict),

        // What training looks at.
        .executableTarget(
            name: "genlock-tracks", dependencies: ["MediaIO", "FaceTracking"], path: "training/tracks",
            swiftSettings: strict),
        // Benches.
        .executableTarget(
            name: "genlock-accuracy",
            dependencies: [
                "SyncModel", "SignalCore", "MediaIO", "FaceTracking", "LipSync", "Scanning", argumentParser,
            ],
            path: "bench/accuracy", exclude: ["run"], swiftSettings: strict),
        .executableTarget(
            name: "genlock-container", dependencies: ["SyncModel", "MediaIO", "ContainerChecks", "Reporting"],
            path: "bench/container",
            exclude: ["run", "make", "summary"], swiftSettings: strict),
        .executableTarget(
            name: "genlock-impacts", dependencies: ["SyncModel", "SignalCore", "MediaIO", "Impacts"],
            path: "bench/impacts", exclude: ["run", "make", "summary"],
            swiftSettings: strict),
        .executableTarget(
            name: "genlock-views-bench",
            dependencies: ["SyncModel", "SignalCore", "MediaIO", "Views", "ViewsPass", argumentParser],
            path: "bench/views", exclude: ["run", "make_cuts.py", "make_long.py", "peers.py", "summary.py"],
            swiftSettings: strict),
        .executableTarget(
            name: "genlock-statistics", dependencies: ["SyncModel", "Statistics", "Storage"], path: "bench/statistics",
            exclude: ["run", "summary.py", "speed.py", "real.py"], swiftSettings: strict),
        .executableTarget(
            name: "genlock-sensors-bench", dependencies: ["Sensors", "SignalCore"], path: "bench/sensors",
            exclude: ["run", "summary.py", "make_set.py", "sets.py", "run-sets"], swiftSettings: strict),
        .executableTarget(
            name: "genlock-words-bench", dependencies: ["MediaIO", "WordTrust"], path: "bench/words",
            exclude: ["run", "bench.py", "recordings.py", "summary.py", "edges.py"], swiftSettings: strict),
        .executableTarget(
            name: "genlock-motion-bench",
            dependencies: [
                "SyncModel", "SignalCore", "SensorLogs", "Sensors", "SensorPass", "Impacts", "Views", "ViewsPass",
            ], path: "bench/motion",
            exclude: ["run", "make_arms.py", "make_real.py", "summary.py"], swiftSettings: strict),
        .executableTarget(name: "genlock-speed", path: "bench/speed", exclude: ["run"], swiftSettings: strict),

        // Tests.
        .testTarget(name: "SyncModelTests", dependencies: ["SyncModel", "SignalCore"], swiftSettings: strict),
        .testTarget(name: "SignalCoreTests", dependencies: ["SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "CrossChecksTests", dependencies: ["CrossChecks", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "TimedTextTests", dependencies: ["TimedText"], swiftSettings: strict),
        .testTarget(
            name: "TranscriptsTests", dependencies: ["Transcripts", "SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(
            name: "WordTrustTests",
            dependencies: ["WordTrust", "SignalCore", "SyncModel", "genlock-speech-synth", "genlock-word-aligner"],
            swiftSettings: strict),
        .testTarget(
            name: "SpeakersTests", dependencies: ["Speakers", "SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(
            name: "SoundEventsTests", dependencies: ["SoundEvents", "SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "AnnotationScoresTests", dependencies: ["AnnotationScores"], swiftSettings: strict),
        .testTarget(name: "MediaIOTests", dependencies: ["MediaIO", "SyncModel"], swiftSettings: strict),
        .testTarget(
            name: "LipSyncTests", dependencies: ["LipSync", "SignalCore", "SyncModel"],
            exclude: ["Fixtures/make_fixture.py"], resources: [.copy("Fixtures/lips.safetensors")],
            swiftSettings: strict),
        .testTarget(
            name: "ContainerChecksTests", dependencies: ["ContainerChecks", "MediaIO", "SyncModel"],
            swiftSettings: strict),
        .testTarget(
            name: "MuxingTests", dependencies: ["Muxing", "MediaIO", "SyncModel", "CFFmpeg"], swiftSettings: strict),
        .testTarget(
            name: "ReviewTests", dependencies: ["Review", "Storage", "Reporting", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "ImpactsTests", dependencies: ["Impacts", "SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "ActionsTests", dependencies: ["Actions", "SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "LabelFilesTests", dependencies: ["LabelFiles", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "MendingTests", dependencies: ["Mending", "Muxing", "SyncModel"], swiftSettings: strict),
        .testTarget(
            name: "ViewsTests", dependencies: ["Views", "ViewsPass", "SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "SensorLogsTests", dependencies: ["SensorLogs", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "RobotSetsTests", dependencies: ["RobotSets", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "SensorsTests", dependencies: ["Sensors", "SignalCore", "SyncModel"], swiftSettings: strict),
        .testTarget(
            name: "SensorPassTests",
            dependencies: ["SensorPass", "Sensors", "SensorLogs", "Views", "Impacts", "SignalCore", "SyncModel"],
            swiftSettings: strict),
        .testTarget(
            name: "GenlockCLITests", dependencies: ["GenlockCLI", argumentParser], resources: [.copy("Golden")],
            swiftSettings: strict),
        .testTarget(
            name: "ScanningTests", dependencies: ["Scanning", "Reporting", "MediaIO", "SyncModel"],
            swiftSettings: strict),
        .testTarget(
            name: "StorageTests",
            dependencies: ["Storage", "Reporting", "SyncModel", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .testTarget(name: "ExcerptsTests", dependencies: ["Excerpts", "SyncModel"], swiftSettings: strict),
        .testTarget(
            name: "HTMLReportTests", dependencies: ["HTMLReport", "Reporting", "SyncModel"], swiftSettings: strict),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "SyncModel"], swiftSettings: strict),
        .testTarget(
            name: "ReportingTests", dependencies: ["Reporting", "SyncModel"], exclude: ["Golden"], swiftSettings: strict
        ),
    ]
)
