import Foundation
import Reporting
import SyncModel
import Tuning

/// The measurements on the sample.
struct TuningMeasurement {
    let corpus: TuningRun.Corpus
    /// Of each clip, with one worker alone on the machine.
    let costs: [ClipCost]
    /// Number of these that cannot be read.
    let failed: Int
    /// The first one is of one worker alone.
    let trials: [TuningTrial]
    let startSeconds: Double
    /// Read rate of uncached files in bytes per second; nil: unknown.
    let reading: Double?
    /// Bytes of a store per clip.
    let storedBytes: Double

    var best: TuningTrial? { TuningAdvice.best(trials) }

    var machine: Machine {
        let alone = trials.first?.clipsPerSecond ?? 0
        // By how much longer a clip takes with the best setting than with one worker alone.
        let slowing = best.map { max(0.1, Double($0.workers) * alone / $0.clipsPerSecond) } ?? 1
        return Machine(
            workers: best?.workers ?? 1, slowing: slowing, startSeconds: startSeconds,
            measuredBytesPerSecond: reading)
    }

    struct Forecast {
        let machines: Int
        let forecast: FleetForecast
    }

    func forecast(clips: Int?, machines: Int, bytesPerSecond: Double?, failing: Double) -> Forecast {
        var machine = machine
        machine.bytesPerSecond = bytesPerSecond
        return Forecast(
            machines: machines,
            forecast: FleetForecast(
                .init(sizes: corpus.sizes, clips: clips, machines: machines, failing: failing), sample: costs,
                on: machine))
    }
}

/// The same as text and as JSON.
struct TuningReport {
    private let measured: TuningMeasurement
    private let forecasts: [TuningMeasurement.Forecast]
    private let clips: Int
    private let price: Double?
    /// The paths that were named.
    private let paths: [String]

    init(
        _ measured: TuningMeasurement, forecasts: [TuningMeasurement.Forecast], clips: Int, price: Double?,
        paths: [String]
    ) {
        self.paths = paths
        self.measured = measured
        self.forecasts = forecasts
        self.clips = clips
        self.price = price
    }

    private var missing: String {
        switch measured.corpus.missing.count {
        case 0: ""
        case 1: "; 1 does not exist"
        case let count: "; \(count) do not exist"
        }
    }

    private func cost(_ forecast: FleetForecast) -> Double? { price.map { $0 * forecast.machineHours } }

    var json: JSONValue {
        func trial(_ trial: TuningTrial) -> JSONValue {
            .object([
                ("options", .string(trial.options.joined(separator: " "))), ("workers", .integer(trial.workers)),
                ("decoder_threads", .integer(trial.decoderThreads)),
                ("clips_per_s", .number(trial.clipsPerSecond, decimals: 4)),
                ("processor_s_per_clip", .number(trial.processorSeconds, decimals: 3)),
                ("answered", .integer(trial.answered)), ("clips", .integer(trial.clips)),
                ("keeps_answers", .bool(trial.keepsAnswers)),
            ])
        }
        return .object([
            ("schema_version", .integer(Version.schema)), ("tool_version", .string(Version.tool)),
            ("corpus_clips", .integer(measured.corpus.sizes.count)),
            ("left_out", .integer(measured.corpus.others)), ("missing", .integer(measured.corpus.missing.count)),
            ("sample_clips", .integer(measured.costs.count)), ("failed_clips", .integer(measured.failed)),
            ("recommended", measured.best.map { .string($0.options.joined(separator: " ")) } ?? .null),
            ("start_s", .number(measured.startSeconds, decimals: 2)),
            ("reading_mb_per_s", measured.reading.map { .number($0 / 1e6, decimals: 1) } ?? .null),
            ("store_bytes_per_clip", .number(measured.storedBytes, decimals: 0)),
            ("trials", .array(measured.trials.map(trial))),
            (
                "forecasts",
                .array(
                    forecasts.map { entry in
                        .object([
                            ("machines", .integer(entry.machines)), ("clips", .integer(clips)),
                            ("seconds", .number(entry.forecast.seconds, decimals: 1)),
                            (
                                "interval90_s",
                                .array([
                                    .number(entry.forecast.lower, decimals: 1),
                                    .number(entry.forecast.upper, decimals: 1),
                                ])
                            ),
                            ("machine_hours", .number(entry.forecast.machineHours, decimals: 5)),
                            ("straggling_s", .number(entry.forecast.straggling, decimals: 1)),
                            ("cost", cost(entry.forecast).map { .number($0, decimals: 2) } ?? .null),
                            ("store_mb", .number(measured.storedBytes * Double(clips) / 1e6, decimals: 1)),
                        ])
                    })
            ),
        ])
    }

    var text: String {
        var lines = [
            "\(measured.costs.count) of \(measured.corpus.sizes.count) clips were measured"
                + (measured.failed > 0 ? ", of which \(measured.failed) cannot be read" : "")
                + (measured.corpus.others > 0 ? "; \(measured.corpus.others) others were left out" : "")
                + missing
        ]
        lines.append("")
        lines.append("   clips/s  processor s/clip  answered  setting")
        for trial in measured.trials {
            let marked = trial == measured.best ? "*" : " "
            lines.append(
                String(format: "%@ %8.3f  %16.2f  ", marked, trial.clipsPerSecond, trial.processorSeconds)
                    + "\(trial.answered) of \(trial.clips)  ".leftPadded(to: 10)
                    + trial.words)
        }
        if let best = measured.best {
            lines.append("")
            lines.append(
                "recommended: \(best.options.joined(separator: " "))"
                    + String(format: " (%.2f clips a second)", best.clipsPerSecond))
            lines += trades(best)
        }
        if let reading = measured.reading {
            let bytes = measured.costs.reduce(0) { $0 + $1.bytes } / Double(measured.costs.count)
            let share = (measured.best?.clipsPerSecond ?? 0) * bytes / reading
            lines.append(
                String(
                    format:
                        "storage: uncached files are read at %.0f MB/s; a scan needs %.0f %% of that",
                    reading / 1e6, 100 * share))
        }
        lines.append("")
        for entry in forecasts {
            let forecast = entry.forecast
            lines.append(
                "\(clips) clips on \(entry.machines) machine\(entry.machines == 1 ? "" : "s"): "
                    + TuningReport.words(forecast.seconds)
                    + " (\(TuningReport.words(forecast.lower)) to \(TuningReport.words(forecast.upper)))"
                    + (entry.machines > 1 ? ", the last \(TuningReport.words(forecast.straggling)) after the mean" : "")
                    + (cost(forecast).map { String(format: ", costs %.2f", $0) } ?? ""))
        }
        if let machines = forecasts.map(\.machines).max(), machines > 1 {
            let options = measured.best?.options ?? []
            lines.append(
                "on each machine, with its number in place of 1 and your other options: "
                    + (["genlock", "scan"] + paths.map(ShellWord.path) + ["--shard", "1/\(machines)"] + options
                    + ["--store", "shard-1.sqlite"]).joined(separator: " "))
        }
        lines.append(
            String(format: "the store will take %.1f MB", measured.storedBytes * Double(clips) / 1e6))
        return lines.joined(separator: "\n") + "\n"
    }

    /// What leaving something out, or measuring more, gains and costs.
    private func trades(_ best: TuningTrial) -> [String] {
        measured.trials.filter { !$0.keepsAnswers }.map { trial in
            let time = trial.clipsPerSecond / best.clipsPerSecond
            return String(format: "  %.2f times as fast: ", time) + trial.words
                + "; \(trial.answered) of \(trial.clips) answered instead of \(best.answered)"
        }
    }

    /// Seconds as text.
    static func words(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: String(format: "%.0f s", seconds)
        case ..<5400: String(format: "%.0f min", seconds / 60)
        case ..<172_800: String(format: "%.1f h", seconds / 3600)
        default: String(format: "%.1f days", seconds / 86_400)
        }
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
