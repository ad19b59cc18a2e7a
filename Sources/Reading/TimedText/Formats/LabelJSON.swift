/// Labels of annotation tools in JSON: Label Studio's exports, ActivityNet's `database`, BORIS projects.
///
/// Files with video frame numbers have no times: CVAT's files, and Label Studio's timelines.
enum LabelJSON {
    /// Reads the labels of a document; false if it is none of these.
    ///
    /// - Throws: `TimedTextError` with the code `counts-frames` if all positions are frame numbers.
    static func read(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder)
        throws(TimedTextError) -> Bool
    {
        let before = builder.items.count
        let countsFrames = labelStudio(source, root, into: &builder) || isCVAT(root)
        activityNet(source, root, into: &builder)
        boris(source, root, into: &builder)
        if builder.items.count > before { return true }
        guard countsFrames else { return false }
        throw TimedTextError(
            code: "counts-frames", message: "uses video frame numbers and has no times",
            remedy: "keep the file as it is: frame numbers do not change when the video's times do")
    }

    /// Reads regions in seconds; reports whether there are any in frames.
    private static func labelStudio(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder)
        -> Bool
    {
        var countsFrames = false
        for task in root.elements ?? [root] {
            for annotation in task.first(of: ["annotations", "completions"])?.elements ?? [] {
                for region in annotation["result"]?.elements ?? [] {
                    guard let value = region["value"] else { continue }
                    if value["ranges"] != nil || value["sequence"] != nil { countsFrames = true }
                    guard let start = value["start"]?.time(source), let end = value["end"]?.time(source) else {
                        continue
                    }
                    let labels = value.first(of: [
                        "timelinelabels", "labels", "hypertextlabels", "videolabels", "choices", "text",
                    ])
                    let text = labels?.elements?.first?.text ?? labels?.text ?? ""
                    add(text, region["from_name"]?.text ?? "", from: start, to: end, region, into: &builder)
                }
            }
        }
        return countsFrames
    }

    private static func isCVAT(_ root: JSONNode) -> Bool {
        let documents = root.elements ?? [root]
        return documents.contains {
            $0["tracks"]?.elements != nil && ($0["shapes"] ?? $0["tags"])?.elements != nil
                || $0["items"]?.elements != nil && $0["categories"] != nil
        }
    }

    private static func activityNet(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) {
        guard case .object(let videos, _)? = root["database"] else { return }
        for (name, video) in videos {
            for annotation in video["annotations"]?.elements ?? [] {
                guard let segment = annotation["segment"]?.elements, segment.count == 2,
                    let start = segment[0].time(source), let end = segment[1].time(source)
                else {
                    continue
                }
                add(annotation["label"]?.text ?? "", name, from: start, to: end, annotation, into: &builder)
            }
        }
    }

    /// Every BORIS event is an instant: `[time, subject, behaviour, ...]`; a state has two.
    private static func boris(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) {
        guard case .object(let observations, _)? = root["observations"] else { return }
        for (name, observation) in observations {
            for event in observation["events"]?.elements ?? [] {
                guard let parts = event.elements, parts.count >= 3, let time = parts[0].time(source) else { continue }
                builder.items.append(
                    TimedItem(
                        tier: builder.tier(name), kind: .event, text: parts[2].text ?? "", start: time.seconds,
                        end: time.seconds,
                        line: builder.line(at: event.place), speaker: parts[1].text))
                builder.fields.append(time.field())
            }
        }
    }

    private static func add(
        _ text: String, _ tier: String, from start: WrittenTime, to end: WrittenTime, _ node: JSONNode,
        into builder: inout DocumentBuilder
    ) {
        builder.add(
            TimedItem(
                tier: builder.tier(tier), kind: .event, text: text, start: start.seconds, end: end.seconds,
                line: builder.line(at: node.place)),
            from: start, to: end)
    }
}
