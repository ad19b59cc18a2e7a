import Checks
import Files
import Foundation
import MediaIO
import Plan
import Reporting
import Storage
import SyncModel
import Tuning
import Workers

/// Scans a sample with one setting after another, and measures each.
struct TuningRun {
    /// The clips of a plan that are separate files on this machine.
    struct Corpus {
        let plan: ScanPlan
        /// Size of each in bytes.
        let sizes: [Double]
        /// Number left out: episodes, groups, parts of other files, clips at URLs.
        let others: Int
        /// Clips whose files do not exist.
        let missing: [String]

        init(_ plan: ScanPlan) {
            var sizes: [Double] = []
            var missing: [String] = []
            var kept = plan
            kept.keepFilesOnly { request in
                guard let size = Corpus.bytes(of: request.clip) else {
                    missing.append(request.clip)
                    return false
                }
                sizes.append(size)
                return true
            }
            self.plan = kept
            self.sizes = sizes
            self.missing = missing
            others = plan.clips.count - kept.clips.count - missing.count
        }

        /// Size of a file; nil: it does not exist.
        static func bytes(of path: String) -> Double? {
            var status = stat()
            return stat(path, &status) == 0 ? Double(status.st_size) : nil
        }
    }

    let corpus: Corpus
    let settings: CheckSettings
    let checks: [Check]
    /// Approximate total time, in seconds.
    let budget: Double
    /// Maximum number of clips in the sample.
    let most: Int
    let seed: UInt64
    let tell: (String) -> Void

    /// One scan of some clips.
    private struct Pass {
        /// When each was done, in seconds from the start of the first clip of the sample.
        var ends: [(index: Int, seconds: Double)] = []
        var records: [ClipRecord] = []
        var answered = 0
        var processorSeconds = 0.0
        /// Wall time of the sample, and from the start of the workers to that of the sample, in seconds.
        var seconds = 0.0
        var startSeconds = 0.0
    }

    /// - Throws: why workers cannot be started.
    func measure() throws -> TuningMeasurement {
        let drawn = corpus.plan.sample(min(most, corpus.plan.clips.count), seed: seed)
        let candidates = drawn.clips.map(\.request)
        tell("one worker, alone")
        let first = try pass(candidates, checks, settings, Setting(jobs: 1), seconds: budget / 3)
        guard first.ends.count >= 2 else {
            throw ClipFailure(
                code: "too-slow", message: "fewer than two clips were finished in \(Int(budget / 3)) s",
                remedy: "allow more time: --budget \(Int(budget * 4))")
        }
        // One worker takes them in order: each is done when the next one starts.
        var before = 0.0
        var costs: [ClipCost] = []
        var requests: [ClipRequest] = []
        for end in first.ends {
            let request = candidates[end.index]
            costs.append(ClipCost(bytes: Corpus.bytes(of: request.clip) ?? 0, seconds: end.seconds - before))
            requests.append(request)
            before = end.seconds
        }
        // Longest first, so that the end of a pass does not distort the result.
        let order = costs.indices.sorted { costs[$0].seconds > costs[$1].seconds }
        let sorted = order.map { requests[$0] }
        let alone = costs.reduce(0) { $0 + $1.seconds }
        if costs.count == corpus.sizes.count, alone < budget / 3 {
            tell(String(format: "one worker took %.0f s for all of them: a scan is quicker than this estimate", alone))
        }
        let count = Double(requests.count)
        var trials = [trial(Setting(jobs: 1), first, clips: requests.count, rate: count / alone)]
        let deadline = budget - first.startSeconds - alone
        var spent = 0.0
        for jobs in TuningRun.workers where spent + alone / Double(jobs) < 0.7 * deadline {
            tell("\(jobs) workers")
            let setting = Setting(jobs: jobs)
            let pass = try pass(sorted, checks, settings, setting, seconds: .infinity)
            spent += pass.seconds + pass.startSeconds
            trials.append(trial(setting, pass, clips: requests.count, rate: count / pass.seconds))
        }
        // Two threads for the video of a clip: with half as many workers, and with as many.
        let workers = TuningAdvice.best(trials)?.workers ?? 1
        for jobs in Set([max(1, workers / 2), workers]).sorted()
        where spent + alone / Double(jobs) < 0.8 * deadline {
            let setting = Setting(jobs: jobs, threads: 2)
            tell(setting.words)
            let pass = try pass(sorted, checks, settings, setting, seconds: .infinity)
            spent += pass.seconds + pass.startSeconds
            trials.append(trial(setting, pass, clips: requests.count, rate: count / pass.seconds))
        }
        let best = TuningAdvice.best(trials).map { Setting(jobs: $0.workers, threads: $0.decoderThreads) }
        for variant in variants {
            let setting = best ?? Setting(jobs: 1)
            guard spent + alone / Double(setting.jobs) < deadline else { break }
            tell("\(setting.words) \(variant.words)")
            let pass = try pass(sorted, variant.checks, variant.settings, setting, seconds: budget)
            spent += pass.seconds + pass.startSeconds
            guard pass.ends.count == requests.count else { continue }
            trials.append(trial(setting, pass, clips: requests.count, rate: count / pass.seconds, variant: variant))
        }
        return TuningMeasurement(
            corpus: corpus, costs: costs, failed: first.records.count { $0.verdict == .failed }, trials: trials,
            startSeconds: first.startSeconds,
            reading: try reading(requests), storedBytes: try stored(first.records))
    }

    /// Two, four, and so on to twice the cores, and the number of cores.
    private static var workers: [Int] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        var result = [cores]
        var jobs = 2
        while jobs <= 2 * cores {
            result.append(jobs)
            jobs *= 2
        }
        return Set(result).subtracting([1]).sorted()
    }

    private struct Variant {
        let options: [String]
        let words: String
        let checks: [Check]
        let settings: CheckSettings
    }

    /// Settings that trade answers for time, or time for answers.
    private var variants: [Variant] {
        var result: [Variant] = []
        for check in checks where CheckCatalogue.soundAgainstPicture.contains(check) || check == .container {
            let rest = checks.filter { $0 != check }
            if !rest.isEmpty {
                result.append(
                    Variant(
                        options: ["--checks", rest.map(\.rawValue).joined(separator: ",")],
                        words: "without the check '\(check.rawValue)'", checks: rest, settings: settings))
            }
        }
        if !settings.thorough {
            var thorough = settings
            thorough.thorough = true
            result.append(Variant(options: ["--thorough"], words: "--thorough", checks: checks, settings: thorough))
        }
        return result
    }

    /// What changes the speed of a scan, and no answer.
    private struct Setting {
        let jobs: Int
        /// Threads that decode the video of a clip.
        var threads = 1

        var options: [String] {
            ["--jobs", "\(jobs)"] + (threads > 1 ? ["--decoder-threads", "\(threads)"] : [])
        }

        var words: String { options.joined(separator: " ") }
    }

    /// - Parameter variant: what else was changed, which may change answers; nil: nothing.
    private func trial(
        _ setting: Setting, _ pass: Pass, clips: Int, rate: Double, variant: Variant? = nil
    ) -> TuningTrial {
        TuningTrial(
            options: setting.options + (variant?.options ?? []),
            words: setting.words + (variant.map { " " + $0.words } ?? ""), workers: setting.jobs,
            decoderThreads: setting.threads, clipsPerSecond: rate,
            processorSeconds: pass.processorSeconds / Double(clips), answered: pass.answered, clips: clips,
            keepsAnswers: variant == nil)
    }

    /// Scans clips, after each worker has measured one to load its models.
    ///
    /// - Parameter limit: no clip is started after this many seconds.
    private func pass(
        _ requests: [ClipRequest], _ checks: [Check], _ settings: CheckSettings, _ setting: Setting,
        seconds limit: Double
    ) throws -> Pass {
        let jobs = setting.jobs
        let memory = WorkerLimits.defaultMemory(jobs: jobs)
        let pool = try WorkerPool(
            jobs: jobs,
            launch: .init(
                executable: Programs.otherWorker ?? Programs.own, arguments: ["worker"],
                environment: Programs.workerEnvironment(decoderThreads: setting.threads)),
            orders: WorkerOrders(checks: checks, settings: settings, memoryLimit: memory),
            limits: WorkerLimits(clipSeconds: nil, clipMemory: memory))
        let warming = (0..<jobs).map { requests[$0 % requests.count] }
        let start = ProcessInfo.processInfo.systemUptime
        var (given, warmed, begun) = (0, 0, 0.0)
        var pass = Pass()
        let processorBefore = TuningRun.processorSecondsOfChildren
        var isOver = false
        try pool.run(
            next: {
                if given < jobs {
                    given += 1
                    return WorkerPool.Job(index: -1, request: warming[given - 1])
                }
                // The sample starts when all workers are warm.
                guard warmed == jobs, !isOver, given - jobs < requests.count else { return nil }
                if ProcessInfo.processInfo.systemUptime - begun > limit {
                    isOver = true
                    return nil
                }
                given += 1
                return WorkerPool.Job(index: given - jobs - 1, request: requests[given - jobs - 1])
            },
            isExhausted: { isOver || given - jobs >= requests.count },
            finished: { job, report in
                let now = ProcessInfo.processInfo.systemUptime
                if job.index < 0 {
                    warmed += 1
                    if warmed == jobs {
                        begun = now
                        pass.startSeconds = now - start
                    }
                    return
                }
                pass.ends.append((job.index, now - begun))
                pass.seconds = now - begun
                let record = report.record(key: job.request.clip)
                pass.records.append(record)
                if record.verdict.carriesOffset || record.verdict == .unpaired { pass.answered += 1 }
            })
        // The pool has waited for its workers; warming is a share of the clips.
        let all = TuningRun.processorSecondsOfChildren - processorBefore
        let measured = Double(pass.ends.count)
        pass.processorSeconds = measured > 0 ? all * measured / (measured + Double(jobs)) : 0
        return pass
    }

    /// Processor seconds of all finished child processes.
    private static var processorSecondsOfChildren: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// Read rate of the sample's files when uncached, in bytes per second; nil: too small to measure.
    private func reading(_ requests: [ClipRequest]) throws -> Double? {
        var bytes = 0
        var seconds = 0.0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        for request in requests where bytes < 1 << 30 && seconds < budget / 10 {
            let descriptor = open(request.clip, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
            let start = ProcessInfo.processInfo.systemUptime
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                bytes += count
            }
            seconds += ProcessInfo.processInfo.systemUptime - start
        }
        return bytes > 1 << 20 && seconds > 0 ? Double(bytes) / seconds : nil
    }

    /// Bytes that a store needs per clip.
    private func stored(_ records: [ClipRecord]) throws -> Double {
        let folder = try PrivateFolder.make("genlock-tune")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func size(_ count: Int) throws -> Double {
            let path = "\(folder)/\(count).sqlite"
            let store = try ScanStore(path: path, parameters: "{}")
            for number in 0..<count {
                var record = records[number % records.count]
                record.key += "#\(number)"
                store.add(record, identity: "1 1 1")
            }
            try store.close()
            return Corpus.bytes(of: path) ?? 0
        }
        return (try size(2200) - size(200)) / 2000
    }
}
