import Foundation
public import SyncModel
public import Transcripts
public import Words

/// Examines a transcript's words or cues singly, after the transcript as a whole was judged.
public struct WordLook {
    /// Paths of the alignment programs; nil: not installed.
    public struct Programs: Sendable, Hashable {
        public var synthesiser: String?
        public var aligner: String?

        /// Those of the environment (`GENLOCK_SPEECH_SYNTH`, `GENLOCK_WORD_ALIGNER`), else those next to this program,
        /// else those on the PATH.
        public init(environment: [String: String]) {
            let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
            let folders =
                [own.folderOfPath]
                + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
            func find(_ name: String, _ variable: String) -> String? {
                if let named = environment[variable] {
                    return FileManager.default.isExecutableFile(atPath: named) ? named : nil
                }
                return folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile)
            }
            synthesiser = find("genlock-speech-synth", "GENLOCK_SPEECH_SYNTH")
            aligner = find("genlock-word-aligner", "GENLOCK_WORD_ALIGNER")
        }
    }

    /// Seconds of audio that are examined by default.
    public static let budgetSeconds = 180.0
    /// Seconds of a recording kept for it, with a byte per sample.
    public static let keptSeconds = 3600.0
    private static let mostItems = 2000

    private let rendering: RenderingAligner?
    private let sphinx: PocketSphinxAligner?
    private let judge: WordJudge

    public init(_ programs: Programs? = nil, thorough: Bool) {
        let programs = programs ?? Programs(environment: ProcessInfo.processInfo.environment)
        rendering = programs.synthesiser.map(RenderingAligner.init(program:))
        sphinx = programs.aligner.map(PocketSphinxAligner.init(program:))
        let aligners: [(any SpeechAlignment)?] = [rendering, sphinx]
        judge = WordJudge(aligners: aligners.compactMap { $0 }, budgetSeconds: thorough ? nil : WordLook.budgetSeconds)
    }

    /// Starts the programs now, for a process that later gives up the right to.
    public func start() {
        rendering?.start()
        _ = sphinx?.isThere
    }

    /// The finding with its items judged.
    public func added(to finding: Finding, source: TranscriptSource, sound: KeptSound) -> Finding {
        guard ![.failed, .notApplicable].contains(finding.verdict) else { return finding }
        guard let rendering else {
            return finding.adding([
                Evidence("words", .object([Evidence("install", .list([.text(WordLook.noSynthesiser)]))]))
            ])
        }
        let told = finding.language
        let language = told ?? "en"
        let place = WordLook.place(finding)
        let usable = source.text.items.filter {
            $0.start.isFinite && $0.end.isFinite && $0.end > $0.start && ($0.kind == .word || $0.kind == .cue)
        }
        guard let kind = usable.first?.kind else { return finding }
        let stated = usable.map { item in
            StatedItem(
                index: item.index, words: WordTokens.words(of: item.text), start: place(item.start),
                end: place(item.end))
        }
        let report = judge.report(stated, areCues: kind == .cue, language: language, sound: sound)
        let isUnpaired = finding.verdict == .unpaired
        // The words of a text that may be of another recording are not judged: they fit something somewhere. Nor are
        // those of singing and the like, where an aligner finds them anywhere.
        guard
            finding.verdict.carriesOffset
                ? report.isReliable(areCues: kind == .cue) : report.isOfTheRecording(areCues: kind == .cue)
        else {
            guard !isUnpaired else { return finding }
            return WordLook.leftAlone(finding).adding([
                evidence(report, untold: report.looked, language: language, guessed: told == nil, rendering)
            ])
        }
        var result =
            (isUnpaired ? WordLook.doubted(finding, report.right(areCues: kind == .cue), report) : finding)
            .adding([
                evidence(report, untold: report.untold, language: language, guessed: told == nil, rendering)
            ])
        result.items = WordLook.merged(finding.items ?? [], report, source.text, guessed: told == nil)
        if !report.gaps.isEmpty { result.gaps = ((finding.gaps ?? []) + report.gaps).sorted { $0.start < $1.start } }
        return result
    }

    /// A text that cannot be told to be of the recording, and most of whose words were not found at their stated times.
    private static func leftAlone(_ finding: Finding) -> Finding {
        var result = finding
        result.because.append(
            Reason("its words were not judged one by one: too few of them are heard where they are stated"))
        return result
    }

    /// A text judged to be of another recording, most words of which were then found at their stated times.
    private static func doubted(_ finding: Finding, _ right: Int, _ report: WordReport) -> Finding {
        let reason = Reason(
            """
            as a whole the text does not seem to belong to the audio, but \(right) of \(report.looked) words match it \
            in time: it is wrong in places
            """
        )
        var result = finding
        result.judge(finding.judgement.withholding(.inconclusive), because: [reason] + finding.because)
        return result
    }

    /// The recording's time of a time of the transcript; where the offset is not known, the best guess or none.
    private static func place(_ finding: Finding) -> (Double) -> Double {
        let offset = finding.offset?.seconds ?? finding.candidate?.seconds ?? 0
        let segments = finding.segments ?? []
        let rate = 1 + (finding.drift?.ppm ?? 0) * 1e-6
        return { time in
            if let segment = segments.first(where: { time < $0.span.end }) ?? segments.last {
                return time + segment.offset.seconds
            }
            return rate * time + offset
        }
    }

    private static func merged(_ before: [FindingItem], _ report: WordReport, _ text: TranscriptText, guessed: Bool)
        -> [FindingItem]
    {
        let flagged = Dictionary(before.map { ($0.index, $0) }) { first, _ in first }
        let sources = Dictionary(text.items.map { ($0.index, $0) }) { first, _ in first }
        let judged = Set(report.items.map(\.index))
        var items = before.filter { !judged.contains($0.index) }
        for trust in report.items {
            guard let item = sources[trust.index] else { continue }
            // If the language is a guess, wrong words may be of another language.
            let isGuess = guessed && trust.flags.contains(.wrongText)
            let flags = (flagged[item.index]?.flags ?? []) + (isGuess ? [] : trust.flags)
            items.append(
                FindingItem(
                    index: item.index, kind: item.kind, text: item.text, startSeconds: item.start, endSeconds: item.end,
                    offset: trust.move.map { Offset(seconds: $0) }, trust: isGuess ? nil : trust.trust, flags: flags))
        }
        if items.count > mostItems {
            let kept = items.filter { !$0.flags.isEmpty }.prefix(mostItems)
            items = Array(kept) + items.filter(\.flags.isEmpty).prefix(mostItems - kept.count)
        }
        return items.sorted { ($0.startSeconds, $0.index) < ($1.startSeconds, $1.index) }
    }

    private static let noSynthesiser =
        "genlock-speech-synth is neither next to genlock nor on the PATH: with it, words are judged one by one"

    /// - Parameter untold: of how many items nothing is known.
    private func evidence(
        _ report: WordReport, untold: Int, language: String, guessed: Bool, _ rendering: RenderingAligner
    ) -> Evidence {
        var parts = [
            Evidence("aligners", .list(report.aligners.map { .text($0) })),
            Evidence("language", .text(language)), Evidence("language_guessed", .flag(guessed)),
            Evidence("looked_at", .count(report.looked)), Evidence("cannot_tell", .count(untold)),
            Evidence("seconds", .number(report.secondsLookedAt, decimals: 1)),
        ]
        for (aligner, seconds) in report.common {
            parts.append(Evidence("offset_ms_by_\(aligner)", .number(seconds * 1000, decimals: 1)))
        }
        var install: [EvidenceValue] = []
        if language.lowercased().hasPrefix("en"), !report.aligners.contains("pocketsphinx") {
            install.append(
                .text(
                    """
                    a second aligner, without which no word is reported as moved: apt install libpocketsphinx3 \
                    pocketsphinx-en-us, and genlock-word-aligner next to genlock
                    """
                ))
        }
        if !install.isEmpty { parts.append(Evidence("install", .list(install))) }
        return Evidence("words", .object(parts))
    }
}
