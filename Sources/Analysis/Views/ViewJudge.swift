import Foundation
import SyncModel

/// Converts the common clock into findings, clock entries and pair reports.
struct ViewJudge {
    let tolerance: Tolerance
    let expectation: Expectation
    let views: [ViewInput]
    let pairs: PairTable
    let clock: StreamClock

    /// The zero of a recording's offset: its declared timecode, if the reference has one too.
    private func declaredShift(_ view: Int) -> Double {
        guard let own = views[view].declared?.timecodeSeconds, let other = views[0].declared?.timecodeSeconds else {
            return 0
        }
        // Timecode begins again at midnight.
        var shift = own - other
        if shift > 43_200 { shift -= 86_400 }
        if shift < -43_200 { shift += 86_400 }
        return shift
    }

    private func edges(of view: Int) -> [Int] {
        clock.rows.indices.filter {
            let row = pairs.rows[clock.rows[$0]]
            return clock.solution.isUsed[$0] && (row.reference == view || row.subject == view)
        }
    }

    func entry(_ view: Int) -> ClockEntry {
        let member = clock.solution.members[view]
        let isReference = member.group == 0
        return ClockEntry(
            clip: views[view].clip,
            offset: isReference ? Offset(seconds: member.offset - declaredShift(view)) : Offset(seconds: member.offset),
            drift: drift(member), group: member.group, residualMilliseconds: member.residual.map { $0 * 1000 },
            start: member.offset,
            duration: views[view].durationSeconds)
    }

    private func drift(_ member: ClockSolver.Member) -> Drift? {
        guard let error = member.slopeError, error > 0 else { return nil }
        let (ppm, half) = (member.slope * 1e6, 1.96e6 * error)
        return Drift(ppm: ppm, interval: ppm - half...ppm + half)
    }

    func finding(_ view: Int) -> Finding {
        let member = clock.solution.members[view]
        let own = edges(of: view)
        guard member.group == 0, !own.isEmpty else { return unconnected(view) }
        let shift = declaredShift(view)
        let offset = Offset(seconds: member.offset - shift)
        let span = common(view, member)
        let shared = systematic(own)
        let error = hypot(errorAtZero(view, member), shared)
        let spread = hypot(member.error, shared)
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 1.96 * error)
        let segments = segments(view, member, shift)
        // Drift moves the offset within the overlap; the worst time is judged.
        let candidates =
            [span.start, span.end].map { offset.seconds + member.slope * $0 } + (segments ?? []).map(\.offset.seconds)
        let worst = expectation.worst(of: candidates.map { Offset(seconds: $0) }) ?? offset
        let width = OffsetInterval(centre: worst, halfWidthSeconds: 1.96 * spread)
        let verdict = tolerance.verdict(on: worst, interval: width, expecting: expectation)
        let direct = pairs.rows.indices.filter { pairs.rows[$0].reference == 0 && pairs.rows[$0].subject == view }.map {
            pairs.rows[$0].measurement
        }
        let methods = Set(own.map { pairs.rows[clock.rows[$0]].measurement.method.rawValue }).sorted()
        let confidence = own.map { pairs.rows[clock.rows[$0]].measurement.confidence }.max() ?? 0
        var because: [Reason] = []
        if verdict == .inconclusive {
            because.append(
                Reason(
                    """
                    the offset is known only to within \(number(1960 * spread, 0)) ms: too uncertain for this tolerance
                    """
                ))
        }
        because += clock.notes.filter { $0.clip == views[view].clip }.map(\.note)
        let speed =
            PlaySpeed.name(of: 1 + member.slope) ?? direct.lazy.compactMap(\.speed).first.flatMap(PlaySpeed.name(of:))
        if let speed { because.append(Reason("it plays at a different speed from the reference: \(speed)")) }
        var evidence = [Evidence("method", .text(methods.joined(separator: "+")))]
        if let speed { evidence.append(Evidence("speed", .text(speed))) }
        if verdict == .inconclusive {
            evidence.append(.candidate(offset))
        }
        if let residual = member.residual, views.count > 2 {
            evidence.append(Evidence("closure_residual_ms", .number(residual * 1000, decimals: 2)))
        }
        for measurement in direct {
            if let fit = measurement.fit {
                evidence.append(
                    Evidence(
                        "\(measurement.method.rawValue)_offset_ms",
                        .number((fit.offset(at: 0) - shift) * 1000, decimals: 1)))
            }
            evidence += measurement.evidence.filter { $0.name != "method" }.map {
                Evidence("\(measurement.method.rawValue)_\($0.name)", $0.value)
            }
        }
        if clock.ownSound[view] != 0 {
            evidence.append(Evidence("own_sound_ms", .number(-clock.ownSound[view] * 1000, decimals: 1)))
        }
        evidence += declared(view, member)
        let best = direct.first(where: \.isAnswered)
        let curve = (best?.curve ?? []).map {
            CurvePoint(offset: Offset(seconds: $0.offset.seconds - shift), height: $0.height)
        }
        var finding = Finding(
            check: .views, subject: .named(views[view].clip), reference: .named(views[0].clip),
            judgement: Judgement(
                verdict, offset: verdict.carriesOffset ? offset : nil, interval: verdict.carriesOffset ? interval : nil,
                confidence: withinFortyMilliseconds(confidence, spread),
                candidate: verdict == .inconclusive ? offset : nil, tolerance: tolerance, expectation: expectation),
            because: because, evidence: evidence, curve: curve, method: ViewsAnalyser.method)
        if verdict.carriesOffset { finding.worst = worst }
        finding.drift = drift(member)
        finding.segments = segments
        finding.clip = views[view].clip
        finding.against = views[0].clip
        return finding
    }

    /// The error of a recording located only by video that closure cannot detect; audio has none.
    private func systematic(_ own: [Int]) -> Double {
        let measurements = own.map { pairs.rows[clock.rows[$0]].measurement }
        if measurements.contains(where: { $0.method == .sound }) { return 0 }
        return measurements.map(\.systematic).max() ?? 0
    }

    /// The part of a recording that overlaps the reference, in its seconds; all of it if none does.
    private func common(_ view: Int, _ member: ClockSolver.Member) -> TimeSpan {
        let length = views[view].durationSeconds ?? 0
        let other = views[0].durationSeconds ?? 0
        let low = max(0, -member.offset)
        let high = min(length, other - member.offset)
        return low < high ? TimeSpan(start: low, end: high) : TimeSpan(start: 0, end: max(0, length))
    }

    /// Standard error of the offset at time 0: drift makes it grow away from what was compared.
    private func errorAtZero(_ view: Int, _ member: ClockSolver.Member) -> Double {
        let middles = edges(of: view).compactMap { index -> Double? in
            let row = pairs.rows[clock.rows[index]]
            return row.subject == view ? row.measurement.fit?.middle : row.measurement.fit?.reversed.middle
        }
        let far = middles.map { abs($0) }.min() ?? 0
        return hypot(member.error, (member.slopeError ?? 0) * far)
    }

    /// Segments with separate offsets, where the pair with the reference found some.
    private func segments(_ view: Int, _ member: ClockSolver.Member, _ shift: Double) -> [OffsetSegment]? {
        guard let measurement = pairs.measurement(0, view, .sound), measurement.isAnswered, let fit = measurement.fit
        else { return nil }
        return measurement.segments?.map {
            // The pair's segments, moved by the difference of the common clock and the pair.
            OffsetSegment(
                span: $0.span, offset: Offset(seconds: $0.offset.seconds - fit.offset(at: 0) + member.offset - shift))
        }
    }

    private func unconnected(_ view: Int) -> Finding {
        let direct = pairs.rows.filter { $0.reference == 0 && $0.subject == view }.map(\.measurement)
        var because: [Reason] = []
        if !views[view].hasSound, !views[view].hasPicture {
            because.append(Reason("it has neither audio nor moving video"))
        } else if direct.isEmpty {
            let lacking = !views[view].hasSound && !views[0].hasPicture || !views[0].hasSound && !views[view].hasPicture
            because.append(
                Reason(
                    lacking
                        ? "one has only audio and the other only video: nothing can be compared"
                        : "nothing in the two could be compared"))
        }
        because += direct.flatMap(\.because)
        let heard = direct.first { $0.method == .sound }
        // Long audio on both sides in which nothing fits: they do not overlap, or belong to different events.
        let isUnpaired =
            heard.map { $0.isAmple && !$0.isAnswered && $0.confidence < 0.2 } ?? false
            && !direct.contains { $0.method == .picture && $0.confidence > 0.5 }
        if isUnpaired {
            because.insert(
                Reason(
                    """
                    nothing heard in one is heard in the other: they do not overlap, or show different events
                    """
                ), at: 0)
        }
        let verdict: Verdict = direct.isEmpty ? .notApplicable : isUnpaired ? .unpaired : .inconclusive
        let best = direct.max { $0.confidence < $1.confidence }
        var evidence = [Evidence("method", .text(direct.map(\.method.rawValue).joined(separator: "+")))]
        let fit = verdict == .inconclusive ? best?.fit : nil
        let candidate = fit.map { Offset(seconds: $0.offset(at: 0) - declaredShift(view)) }
        if let candidate { evidence.append(.candidate(candidate)) }
        for measurement in direct {
            evidence += measurement.evidence.filter { $0.name != "method" }.map {
                Evidence("\(measurement.method.rawValue)_\($0.name)", $0.value)
            }
        }
        if let timecode = views[view].declared?.timecode { evidence.append(Evidence("timecode", .text(timecode))) }
        var finding = Finding(
            check: .views, subject: .named(views[view].clip), reference: .named(views[0].clip),
            judgement: Judgement(
                verdict, confidence: best?.confidence, candidate: candidate, tolerance: tolerance,
                expectation: expectation),
            because: because, evidence: evidence, curve: [], method: ViewsAnalyser.method)
        finding.clip = views[view].clip
        finding.against = views[0].clip
        return finding
    }

    /// The declared times against the content.
    private func declared(_ view: Int, _ member: ClockSolver.Member) -> [Evidence] {
        var evidence: [Evidence] = []
        if let timecode = views[view].declared?.timecode { evidence.append(Evidence("timecode", .text(timecode))) }
        if views[view].declared?.timecodeSeconds != nil, views[0].declared?.timecodeSeconds != nil {
            evidence.append(Evidence("timecode_offset_ms", .number(declaredShift(view) * 1000, decimals: 1)))
            evidence.append(
                Evidence(
                    "timecode_says_less_content_ms", .number((declaredShift(view) - member.offset) * 1000, decimals: 1))
            )
            if let rate = views[view].declared?.frameRate {
                evidence.append(
                    Evidence(
                        "timecode_says_less_content_frames",
                        .number((declaredShift(view) - member.offset) * rate, decimals: 1)))
            }
        }
        if let own = views[view].declared?.createdSeconds, let other = views[0].declared?.createdSeconds {
            evidence.append(Evidence("creation_time_offset_s", .number(own - other, decimals: 3)))
        }
        return evidence
    }

    /// The confidence: right within 40 ms, given the right peak and its standard error.
    private func withinFortyMilliseconds(_ confidence: Double, _ error: Double) -> Double {
        confidence * erf(0.04 / max(1e-6, error) / 2.0.squareRoot())
    }

    private func number(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

    var reports: [PairReport] {
        pairs.rows.indices.map { index in
            let row = pairs.rows[index]
            let edge = clock.rows.firstIndex(of: index)
            let residual = edge.flatMap { clock.solution.residuals[$0] }
            let isUsed = edge.map { clock.solution.isUsed[$0] } ?? false
            let use: PairReport.Use = isUsed ? .used : row.measurement.isAnswered ? .leftOut : .untold
            let fit = row.measurement.fit
            let offset = fit.map { Offset(seconds: $0.offset(at: 0)) }
            let drift = fit.flatMap { fit in
                fit.slopeError.map {
                    Drift(ppm: fit.slope * 1e6, interval: fit.slope * 1e6 - 1.96e6 * $0...fit.slope * 1e6 + 1.96e6 * $0)
                }
            }
            var report = PairReport(
                clip: views[row.subject].clip, against: views[row.reference].clip,
                method: row.measurement.method.rawValue, offset: offset,
                interval: fit.flatMap { fit in
                    offset.map {
                        OffsetInterval(
                            centre: $0, halfWidthSeconds: 1.96 * hypot(fit.error(at: 0), row.measurement.systematic))
                    }
                }, drift: drift,
                confidence: row.measurement.confidence, use: use)
            report.residualMilliseconds = residual.map { $0 * 1000 }
            (report.because, report.evidence) = (row.measurement.because, row.measurement.evidence)
            return report
        }
    }
}
