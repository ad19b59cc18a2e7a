import Foundation
import Testing

/// `genlock doctor`.
struct DoctorTests {
    private func names(_ arguments: [String], _ environment: [String: String] = [:]) throws -> [String] {
        let run = try Program(["doctor", "--json"] + arguments, environment: environment)
        let document = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let parts = try #require(document["parts"] as? [[String: Any]])
        let missing = parts.filter { $0["state"] as? String == "missing" }
        #expect(run.status == (missing.isEmpty ? 0 : 2))
        #expect(parts.allSatisfy { ($0["version"] is NSNull) == ($0["state"] as? String != "ok") })
        #expect(missing.allSatisfy { ($0["remedy"] as? String)?.isEmpty == false })
        return parts.compactMap { $0["name"] as? String }
    }

    @Test("programs that only some verbs ask are no matter of health")
    func needed() throws {
        let (all, needed) = (try names([]), try names(["--needed"]))
        #expect(
            Set(all).subtracting(needed) == [
                "ffmpeg program", "duckdb program", "libcurl", "libhdf5", "libzstd", "liblz4", "training",
            ])
        #expect(needed.allSatisfy(all.contains))
    }

    @Test("where nothing was fetched, what is missing is named with its remedy, and health is bad")
    func missing() throws {
        let nowhere = ["GENLOCK_HOME": "/nonexistent", "GENLOCK_OPENVINO": "/nonexistent"]
        let run = try Program(["doctor", "--needed"], environment: nowhere)
        #expect(run.status == 2)
        #expect(run.output.contains("missing  OpenVINO"))
    }
}
