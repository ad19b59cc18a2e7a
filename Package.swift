// swift-tools-version: 6.2
import PackageDescription

/// Strictness shared by every Swift target: Swift 6 language mode, no implicit imports of members or types, and no
/// warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

/// The wings of `Sources` and `Tests`, in the order in which data flows: a module imports only modules of its own wing
/// and of wings before it. `CONTRIBUTING.md` says what each module knows; `scripts/lint modules` holds both to it.
enum Wing: String {
    case values = "Values"
    case libraries = "Libraries"
    case signals = "Signals"
    case reading = "Reading"
    case perception = "Perception"
    case analysis = "Analysis"
    case scanning = "Scanning"
    case corpus = "Corpus"
    case repair = "Repair"
    case presenting = "Presenting"
    case programs = "Programs"
}

/// A C library: a module map and a shim header, nothing else.
func library(_ name: String, pkgConfig: String? = nil, apt: [String] = []) -> Target {
    .systemLibrary(
        name: name, path: "Sources/\(Wing.libraries.rawValue)/\(name)", pkgConfig: pkgConfig,
        providers: apt.isEmpty ? nil : [.apt(apt)])
}

func module(
    _ wing: Wing, _ name: String, uses dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(wing.rawValue)/\(name)", resources: resources,
        swiftSettings: strict)
}

/// - Parameter folder: below the top level; default: that of the program's name among the programs.
func program(
    _ name: String, folder: String? = nil, uses dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: folder ?? "Sources/\(Wing.programs.rawValue)/\(name)",
        exclude: exclude, swiftSettings: strict)
}

/// Tests mirror the wings: those of a module `M` are `MTests` in the same wing.
func tests(
    _ wing: Wing, _ name: String, uses dependencies: [Target.Dependency], exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(wing.rawValue)/\(name)", exclude: exclude,
        resources: resources, swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")

let libraries: [Target] = [
    library(
        "CFFmpeg", pkgConfig: "libavformat libavcodec libavutil libswresample libswscale",
        apt: ["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswresample-dev", "libswscale-dev"]),
    library("CSndfile", pkgConfig: "sndfile", apt: ["libsndfile1-dev"]),
    library("CFFTW", pkgConfig: "fftw3f", apt: ["libfftw3-dev"]),
    library("COpenVINO"),
    library("CConfinement"),
    library("CCurl"),
    library("CConvolution"),
    library("CWordPath"),
    library("CEspeak", pkgConfig: "espeak-ng", apt: ["libespeak-ng-dev"]),
]

let modules: [Target] = [
    module(.values, "SyncModel"),
    module(.values, "Files"),

    module(.signals, "SignalCore", uses: ["SyncModel", "CFFTW"]),
    module(.signals, "Assets"),
    module(.signals, "Inference", uses: ["COpenVINO"]),

    module(.reading, "MediaIO", uses: ["SyncModel", "Files", "CFFmpeg", "CSndfile"]),
    module(.reading, "DelimitedText"),
    module(.reading, "Parquet", uses: ["SyncModel", "Files"]),
    module(.reading, "TimedText", uses: ["SyncModel", "DelimitedText"]),
    module(.reading, "LabelFiles", uses: ["SyncModel", "DelimitedText", "TimedText"]),
    module(.reading, "SensorLogs", uses: ["SyncModel", "Files", "DelimitedText"]),
    module(.reading, "RobotRecordings", uses: ["SyncModel", "Files", "SensorLogs", sqlite]),
    module(.reading, "RobotSets", uses: ["SyncModel", "Files", "DelimitedText", "MediaIO", "Parquet"]),

    module(.perception, "FaceTracking", uses: ["SyncModel", "Assets", "Inference"]),
    module(.perception, "VoiceModels", uses: ["SignalCore", "Assets", "Inference"]),

    module(
        .analysis, "LipSync", uses: ["SyncModel", "SignalCore", "CConvolution"],
        resources: [.copy("Resources/lips-3.safetensors")]),
    module(.analysis, "Impacts", uses: ["SyncModel", "SignalCore"]),
    module(.analysis, "Container", uses: ["SyncModel"]),
    module(
        .analysis, "Transcripts", uses: ["SyncModel", "Files", "SignalCore", "CWordPath", "MediaIO", "TimedText"],
        resources: [.copy("Resources/speech-classes-2.json")]),
    module(.analysis, "Words", uses: ["SyncModel", "Files", "SignalCore"]),
    module(.analysis, "Speakers", uses: ["SyncModel", "SignalCore"]),
    module(.analysis, "SoundEvents", uses: ["SyncModel", "SignalCore"]),
    module(.analysis, "Views", uses: ["SyncModel", "SignalCore"]),
    module(.analysis, "Masters", uses: ["SyncModel", "SignalCore"]),
    module(.analysis, "Sensors", uses: ["SyncModel", "SignalCore", "RobotSets"]),
    module(.analysis, "Actions", uses: ["SyncModel", "SignalCore"]),
    module(.analysis, "Scores", uses: ["SignalCore"]),
    module(.analysis, "Consistency", uses: ["SyncModel"]),

    module(
        .scanning, "Plan",
        uses: [
            "SyncModel", "Files", "SignalCore", "DelimitedText", "Parquet", "MediaIO", "TimedText", "SensorLogs",
            "RobotRecordings", "RobotSets", "Sensors",
        ]),
    module(.scanning, "Fetching", uses: ["SyncModel", "Files", "SignalCore", "CCurl"]),
    module(.scanning, "Workers", uses: ["SyncModel", "Files", "Plan", "CConfinement"]),
    module(
        .scanning, "Checks",
        uses: [
            "Inference",
            "SyncModel", "Files", "SignalCore", "Assets", "DelimitedText", "MediaIO", "TimedText", "LabelFiles",
            "SensorLogs", "RobotRecordings",
            "RobotSets", "FaceTracking", "VoiceModels", "LipSync", "Impacts", "Container", "Transcripts", "Words",
            "Speakers",
            "SoundEvents", "Views", "Masters", "Sensors", "Actions", "Consistency", "Plan",
        ]),

    module(.corpus, "Storage", uses: ["SyncModel", grdb]),
    module(.corpus, "Statistics", uses: ["SyncModel", "SignalCore"]),
    module(.corpus, "Tuning", uses: ["SignalCore"]),

    module(.repair, "Muxing", uses: ["SyncModel", "Files", "MediaIO", "CFFmpeg"]),
    module(
        .repair, "Fixing",
        uses: [
            "SyncModel", "Files", "DelimitedText", "Parquet", "MediaIO", "TimedText", "LabelFiles", "RobotSets",
            "Transcripts", "Plan", "Checks", "Muxing",
        ]),

    module(
        .repair, "Perturbing",
        uses: [
            "SyncModel", "Files", "SignalCore", "DelimitedText", "MediaIO", "TimedText", "LabelFiles", "SensorLogs",
            "Plan", "Muxing",
        ]),

    module(
        .presenting, "Reporting", uses: ["SyncModel", "SignalCore", "DelimitedText", "Actions", "Statistics"]),
    module(.presenting, "Excerpts", uses: ["Inference", "SyncModel", "MediaIO", "Assets", "FaceTracking"]),
    module(
        .presenting, "HTMLReport", uses: ["SyncModel", "Statistics", "Reporting"], resources: [.copy("Resources")]),
    module(
        .presenting, "Review",
        uses: [
            "Inference",
            "Files", "SyncModel", "SignalCore", "Assets", "DelimitedText", "MediaIO", "TimedText", "LabelFiles",
            "FaceTracking", "Transcripts", "Actions", "Plan",
            "Storage", "Reporting", flyingFox, flyingSocks,
        ], resources: [.copy("Page")]),
]

let programs: [Target] = [
    program(
        "GenlockCLI",
        uses: [
            "SyncModel", "Files", "SignalCore", "Assets", "Inference", "Parquet", "MediaIO", "TimedText",
            "LabelFiles", "SensorLogs", "RobotRecordings", "RobotSets", "FaceTracking", "LipSync", "Impacts",
            "Transcripts", "Views", "Sensors", "Actions", "Scores", "Plan",
            "Fetching", "Workers", "Checks", "Storage", "Statistics", "Tuning", "Muxing", "Fixing", "Perturbing",
            "Reporting",
            "Excerpts",
            "HTMLReport",
            "Review", argumentParser,
        ]),
    // PocketSphinx is looked up when the program starts.
    program("genlock-word-aligner", folder: "Sources/Programs/WordAligner", uses: ["CConfinement"]),
    // GPL-3 through espeak-ng: a program of its own, run by others, linked by none.
    program(
        "genlock-speech-synth", folder: "Sources/Programs/SpeechSynth",
        uses: ["Files", "CConfinement", "CEspeak", argumentParser]),
    program(
        "genlock-testmedia", folder: "Sources/Programs/TestMediaMaker", uses: ["Files", "SignalCore", argumentParser]),

    program(
        "example-measure", folder: "examples/measure",
        uses: ["SyncModel", "Assets", "Plan", "Checks", "Reporting"]),
    program(
        "example-own-check", folder: "examples/own-check",
        uses: ["SyncModel", "MediaIO", "Plan", "Checks", "Reporting"]),
    // What training looks at.
    program("genlock-tracks", folder: "training/tracks", uses: ["Inference", "MediaIO", "Assets", "FaceTracking"]),
]

let benches: [Target] = [
    program(
        "genlock-accuracy", folder: "bench/accuracy",
        uses: [
            "Inference", "Transcripts",
            "SyncModel", "SignalCore", "Assets", "MediaIO", "FaceTracking", "LipSync", "Plan", "Checks", argumentParser,
        ], exclude: ["run"]),
    program(
        "genlock-container", folder: "bench/container", uses: ["SyncModel", "MediaIO", "Container", "Reporting"],
        exclude: ["run", "make", "summary"]),
    program(
        "genlock-impacts", folder: "bench/impacts", uses: ["SyncModel", "SignalCore", "MediaIO", "Impacts"],
        exclude: ["run", "make", "summary"]),
    program(
        "genlock-views-bench", folder: "bench/views",
        uses: ["SyncModel", "SignalCore", "MediaIO", "Views", "Checks", argumentParser],
        exclude: ["run", "make_cuts.py", "make_long.py", "peers.py", "summary.py"]),
    program(
        "genlock-statistics", folder: "bench/statistics", uses: ["SyncModel", "SignalCore", "Statistics", "Storage"],
        exclude: ["run", "summary.py", "speed.py", "real.py"]),
    program(
        "genlock-sensors-bench", folder: "bench/sensors", uses: ["SyncModel", "Sensors", "SignalCore"],
        exclude: [
            "run", "summary.py", "make_set.py", "sets.py", "run-sets", "run-planted", "planted.py", "told.py",
            "unchanged.py", "large.py",
        ]),
    program(
        "genlock-transcripts-bench", folder: "bench/transcripts",
        uses: ["SyncModel", "SignalCore", "MediaIO", "Transcripts"],
        exclude: [
            "run", "run-speech", "run-beside", "train-speech", "bench.py", "beside.py", "cost.py", "make.py",
            "summary.py",
            "speech_summary.py",
        ]),
    program(
        "genlock-words-bench", folder: "bench/words", uses: ["MediaIO", "Words"],
        exclude: ["run", "bench.py", "recordings.py", "summary.py", "edges.py"]),
    program(
        "genlock-motion-bench", folder: "bench/motion",
        uses: ["SyncModel", "SignalCore", "SensorLogs", "Sensors", "Impacts", "Views", "Checks"],
        exclude: [
            "run", "make_arms.py", "make_mujoco.py", "make_real.py", "noise.py", "pools.py", "summary.py",
        ]),
    program("genlock-speed", folder: "bench/speed", exclude: ["run"]),
]

let testTargets: [Target] = [
    // What tests of several modules make.
    .target(name: "MadeFiles", dependencies: ["SyncModel"], path: "Tests/Support/MadeFiles", swiftSettings: strict),
    // Workers that fail as they are told to, or answer without decoding.
    program(
        "genlock-test-worker", folder: "Tests/Support/TestWorker",
        uses: ["SyncModel", "SignalCore", "Plan", "Checks", "Workers", "CSystemCalls"]),
    .systemLibrary(name: "CSystemCalls", path: "Tests/Support/CSystemCalls"),
    // Loaded into programs to make a disk fail.
    .target(name: "FaultyDisk", path: "Tests/Support/FaultyDisk", linkerSettings: [.linkedLibrary("dl")]),
    // Loaded into programs to make the clock of the day leap.
    .target(name: "LeapingClock", path: "Tests/Support/LeapingClock", linkerSettings: [.linkedLibrary("dl")]),
    // Loaded into programs: tries what they must not be able to do, when they open a recording.
    .target(name: "Trespasser", path: "Tests/Support/Trespasser", linkerSettings: [.linkedLibrary("dl")]),
    // What methods answered before, by their versions.
    .target(
        name: "GoldenNumbers", dependencies: ["SyncModel"], path: "Tests/Support/GoldenNumbers",
        exclude: ["golden-numbers.json"], swiftSettings: strict),

    tests(.values, "GoldenNumbersTests", uses: ["GoldenNumbers"]),
    tests(.values, "SyncModelTests", uses: ["SyncModel", "SignalCore"]),
    tests(.values, "FilesTests", uses: ["Files"]),
    tests(.signals, "SignalCoreTests", uses: ["SignalCore", "SyncModel"]),

    tests(.reading, "MediaIOTests", uses: ["MediaIO", "SyncModel", "MadeFiles"]),
    tests(.reading, "DelimitedTextTests", uses: ["DelimitedText"]),
    tests(.reading, "TimedTextTests", uses: ["TimedText", "MadeFiles"]),
    tests(.reading, "LabelFilesTests", uses: ["LabelFiles", "SyncModel", "TimedText"]),
    tests(.reading, "SensorLogsTests", uses: ["SensorLogs", "SyncModel"]),
    tests(
        .reading, "RobotRecordingsTests", uses: ["RobotRecordings", "SensorLogs", "SyncModel"],
        resources: [.copy("Fixtures")]),
    tests(.reading, "RobotSetsTests", uses: ["RobotSets", "Parquet", "SyncModel", "MadeFiles"]),

    tests(
        .perception, "FaceTrackingTests",
        uses: ["FaceTracking", "Inference", "Assets", "MediaIO", "SyncModel", "genlock-testmedia"]),
    tests(
        .perception, "VoiceModelsTests",
        uses: ["VoiceModels", "Inference", "Assets", "SignalCore", "MediaIO", "genlock-speech-synth", "MadeFiles"]),

    tests(
        .analysis, "LipSyncTests", uses: ["LipSync", "SignalCore", "SyncModel", "GoldenNumbers"],
        exclude: ["Fixtures/make_fixture.py"], resources: [.copy("Fixtures/lips.safetensors")]),
    tests(.analysis, "ImpactsTests", uses: ["Impacts", "SignalCore", "SyncModel", "GoldenNumbers"]),
    tests(.analysis, "ContainerTests", uses: ["Container", "MediaIO", "SignalCore", "SyncModel", "GoldenNumbers"]),
    tests(.analysis, "TranscriptsTests", uses: ["Transcripts", "SignalCore", "SyncModel", "GoldenNumbers"]),
    tests(
        .analysis, "WordsTests",
        uses: ["Words", "SignalCore", "SyncModel", "genlock-speech-synth", "genlock-word-aligner", "MadeFiles"]),
    tests(.analysis, "SpeakersTests", uses: ["Speakers", "SignalCore", "SyncModel", "GoldenNumbers"]),
    tests(.analysis, "SoundEventsTests", uses: ["SoundEvents", "SignalCore", "SyncModel", "GoldenNumbers"]),
    tests(.analysis, "ViewsTests", uses: ["Views", "SignalCore", "SyncModel", "MadeFiles", "GoldenNumbers"]),
    tests(.analysis, "MastersTests", uses: ["Masters", "SignalCore", "SyncModel"]),
    tests(
        .analysis, "SensorsTests",
        uses: ["Sensors", "RobotSets", "SignalCore", "SyncModel", "MadeFiles", "GoldenNumbers"]),
    tests(.analysis, "ActionsTests", uses: ["Actions", "SignalCore", "SyncModel", "GoldenNumbers"]),
    tests(.analysis, "ScoresTests", uses: ["Scores"]),
    tests(.analysis, "ConsistencyTests", uses: ["Consistency", "SyncModel"]),

    tests(
        .scanning, "PlanTests",
        uses: ["Plan", "RobotSets", "Parquet", "MediaIO", "SyncModel", "TimedText", "MadeFiles"]),
    tests(.scanning, "WorkersTests", uses: ["Workers", "Files", "Reporting", "SyncModel"]),
    tests(
        .scanning, "ChecksTests",
        uses: [
            "Checks", "Plan", "Actions", "RobotSets", "Sensors", "Views", "MediaIO", "SignalCore",
            "SyncModel", "MadeFiles", "GoldenNumbers", "Assets", "Inference", "FaceTracking", "LipSync",
        ]),

    tests(.corpus, "StorageTests", uses: ["Storage", "Reporting", "SyncModel", grdb]),
    tests(.corpus, "TuningTests", uses: ["Tuning", "SignalCore"]),
    tests(.corpus, "StatisticsTests", uses: ["Statistics", "SignalCore", "SyncModel"]),

    tests(.repair, "MuxingTests", uses: ["Muxing", "MediaIO", "SyncModel", "CFFmpeg"]),
    tests(.repair, "FixingTests", uses: ["Fixing", "Muxing", "Parquet", "RobotSets", "MadeFiles", "SyncModel"]),
    tests(
        .repair, "PerturbingTests",
        uses: ["Perturbing", "SensorLogs", "Plan", "Muxing", "SyncModel"]),

    tests(.presenting, "ReportingTests", uses: ["Reporting", "SyncModel", "MadeFiles"], exclude: ["Golden"]),
    tests(.presenting, "ExcerptsTests", uses: ["Excerpts", "SyncModel"]),
    tests(.presenting, "HTMLReportTests", uses: ["HTMLReport", "Reporting", "SyncModel"]),
    tests(.presenting, "ReviewTests", uses: ["Review", "Storage", "Reporting", "SyncModel"]),

    tests(
        .programs, "GenlockCLITests", uses: [argumentParser, "GenlockCLI", "genlock-test-worker", "MadeFiles"],
        resources: [.copy("Fixtures-0.1"), .copy("Golden")]),
    tests(.programs, "ExamplesTests", uses: ["example-measure", "example-own-check"]),
]

let package = Package(
    name: "genlock",
    products: [
        .executable(name: "genlock", targets: ["GenlockCLI"]),
        // All but the programs and the pages.
        .library(
            name: "Genlock",
            targets: modules.map(\.name).filter { !["Review", "HTMLReport", "Excerpts"].contains($0) }),
        // What fuzz/ feeds.
        .library(
            name: "GenlockParsers",
            targets: [
                "DelimitedText", "Fixing", "LabelFiles", "MediaIO", "Parquet", "Plan", "Review", "RobotRecordings",
                "RobotSets", "SensorLogs", "SyncModel", "TimedText", "Workers",
            ]),
        .library(name: "FaultyDisk", type: .dynamic, targets: ["FaultyDisk"]),
        .library(name: "LeapingClock", type: .dynamic, targets: ["LeapingClock"]),
        .library(name: "Trespasser", type: .dynamic, targets: ["Trespasser"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: libraries + modules + programs + benches + testTargets
)
