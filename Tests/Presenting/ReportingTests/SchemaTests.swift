import Foundation
import MadeFiles
import SyncModel
import Testing

@testable import Reporting

/// Made documents against `docs/report.schema.json`, and that against `docs/json.md`.
@Suite struct SchemaTests {
    let schema: [String: Any]
    let page: String

    init() throws {
        let docs = Repository.root.appending(path: "docs")
        let data = try Data(contentsOf: docs.appending(path: "report.schema.json"))
        schema = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        page = try String(contentsOf: docs.appending(path: "json.md"), encoding: .utf8)
    }

    @Test func madeDocumentsFollowTheSchemaAndHaveExactlyItsMembers() throws {
        for report in Made.all {
            let document = try JSONSerialization.jsonObject(
                with: Data(report.json.compact.utf8), options: .fragmentsAllowed)
            #expect(violations(document, schema, "document") == [])
            let object = try #require(document as? [String: Any])
            let listed = try #require(schema["properties"] as? [String: Any]).keys
            let measured = Set(listed).subtracting(["audio", "attributes"])
            #expect(Set(object.keys) == measured.subtracting(report.failure == nil ? ["error"] : []))
            // The row of a manifest is added where there is one.
            var record = report.record(key: "k")
            record.audioFile = "a \"b\".wav"
            record.attributes = [ClipRecord.Attribute("camera", "Nikon\n"), ClipRecord.Attribute("weather", "")]
            let row = try JSONSerialization.jsonObject(with: Data(record.documentWithRow.utf8))
            #expect(violations(row, schema, "document") == [])
            let members = try #require(row as? [String: Any])
            #expect(Set(members.keys) == Set(object.keys).union(["audio", "attributes"]))
            #expect(members["attributes"] as? [String: String] == ["camera": "Nikon\n", "weather": ""])
            #expect(members["audio"] as? String == record.audioFile)
        }
    }

    @Test func aFindingWithEverythingFollowsTheSchema() throws {
        let document = try JSONSerialization.jsonObject(with: Data(Made.report(Made.drifting).json.compact.utf8))
        #expect(violations(document, schema, "document") == [])
    }

    @Test func documentsThatBreakTheContractAreRefused() throws {
        let good = Made.misaligned.json.compact
        for (part, wrong) in [
            ("\"offset_ms\":-240", "\"offset_ms\":\"-240\""), ("\"direction\":\"late\"", "\"direction\":\"behind\""),
            ("\"verdict\":\"misaligned\"", "\"verdict\":\"bad\""), ("\"confidence\":0.98", "\"confidence\":98"),
            ("[-265,-215]", "[-265]"), ("\"schema_version\":1", "\"schema_version\":2"), ("\"rate\":null,", ""),
            ("\"because\":[]", "\"because\":[1]"), ("\"evidence\":{}", "\"evidence\":[]"),
            ("\"duration_s\":12.5", "\"duration_s\":-1"),
        ] {
            #expect(good.contains(part), "\(part)")
            let document = try JSONSerialization.jsonObject(with: Data(good.replacing(part, with: wrong).utf8))
            #expect(violations(document, schema, "document") != [], "\(wrong)")
        }
    }

    @Test func theSchemaKnowsTheSameVerdictsChecksAndDirections() throws {
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        let finding = try #require(definitions["finding"]?["properties"] as? [String: [String: Any]])
        #expect(
            Set(try #require(definitions["verdict"]?["enum"] as? [String])) == Set(Verdict.allCases.map(\.rawValue)))
        #expect(Set(try #require(finding["check"]?["enum"] as? [String])) == Set(Check.allCases.map(\.rawValue)))
        let item = try #require(definitions["item"]?["properties"] as? [String: [String: Any]])
        #expect(Set(try #require(item["kind"]?["enum"] as? [String])) == Set(FindingItem.Kind.allCases.map(\.rawValue)))
        let flags = try #require((item["flags"]?["items"] as? [String: Any])?["enum"] as? [String])
        #expect(Set(flags) == Set(FindingItem.Flag.allCases.map(\.rawValue)))
        #expect(
            (finding["direction"]?["enum"] as? [Any])?.compactMap { $0 as? String } == ["early", "late", "aligned"])
    }

    @Test func thePageExplainsEveryMemberOfTheSchema() throws {
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        for part in [
            schema, definitions["finding"] ?? [:], definitions["segment"] ?? [:], definitions["item"] ?? [:],
            definitions["error"] ?? [:],
        ] {
            for name in try #require(part["properties"] as? [String: Any]).keys {
                #expect(page.contains("`\(name)`"), "docs/json.md says nothing of \(name)")
            }
        }
        for verdict in Verdict.allCases { #expect(page.contains("| `\(verdict.rawValue)` |")) }
    }

    /// What of a document breaks the schema, for those keywords that the schema uses; another keyword is a violation
    /// too.
    private func violations(_ value: Any, _ rules: [String: Any], _ place: String) -> [String] {
        if let reference = rules["$ref"] as? String {
            let name = reference.replacing("#/$defs/", with: "")
            guard let target = (schema["$defs"] as? [String: [String: Any]])?[name] else {
                return ["\(place): no \(reference)"]
            }
            return violations(value, target, place)
        }
        var found: [String] = []
        for (keyword, rule) in rules {
            switch keyword {
            case "$schema", "$defs", "title", "description": continue
            case "type":
                let types = rule as? [String] ?? [rule as? String ?? ""]
                if !types.contains(where: { isOfType(value, $0) }) { found.append("\(place) is no \(types)") }
            case "const": if !same(value, rule) { found.append("\(place) is not \(rule)") }
            case "enum":
                let allowed = rule as? [Any] ?? []
                if !allowed.contains(where: { same(value, $0) }) { found.append("\(place) is none of \(allowed)") }
            case "minimum":
                if let number = value as? Double, let least = rule as? Double, number < least {
                    found.append("\(place) < \(least)")
                }
            case "maximum":
                if let number = value as? Double, let most = rule as? Double, number > most {
                    found.append("\(place) > \(most)")
                }
            case "pattern":
                let matches = (rule as? String).flatMap { pattern in
                    (value as? String)?.range(of: pattern, options: .regularExpression)
                }
                if matches == nil { found.append("\(place) does not match \(rule)") }
            case "required":
                for name in rule as? [String] ?? [] where (value as? [String: Any])?[name] == nil {
                    found.append("\(place) lacks \(name)")
                }
            case "properties":
                for (name, inner) in rule as? [String: [String: Any]] ?? [:] {
                    if let member = (value as? [String: Any])?[name] {
                        found += violations(member, inner, "\(place).\(name)")
                    }
                }
            case "additionalProperties":
                for (name, member) in value as? [String: Any] ?? [:] {
                    found += violations(member, rule as? [String: Any] ?? [:], "\(place).\(name)")
                }
            case "items":
                for (index, item) in (value as? [Any] ?? []).enumerated() {
                    found += violations(item, rule as? [String: Any] ?? [:], "\(place)[\(index)]")
                }
            case "minItems":
                if let items = value as? [Any], items.count < rule as? Int ?? 0 {
                    found.append("\(place) is too short")
                }
            case "maxItems":
                if let items = value as? [Any], items.count > rule as? Int ?? 0 { found.append("\(place) is too long") }
            default: found.append("the test does not know \(keyword)")
            }
        }
        return found
    }

    private func isOfType(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "null": value is NSNull
        case "string": value is String
        case "array": value is [Any]
        case "object": value is [String: Any]
        case "boolean": isBoolean(value)
        case "number": value is NSNumber && !isBoolean(value)
        case "integer":
            (value as? NSNumber).map { !isBoolean($0) && $0.doubleValue == $0.doubleValue.rounded() } ?? false
        default: false
        }
    }

    private func isBoolean(_ value: Any) -> Bool {
        (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
    }

    private func same(_ one: Any, _ other: Any) -> Bool { (one as? NSObject)?.isEqual(other) ?? false }
}
