import Foundation

/// Which faults are tried. `GENLOCK_FAULTS=all`: every kind at every call; `GENLOCK_FAULTS=kill,short`: those at every
/// call; else every kind at the first call, the last and some between.
/// `GENLOCK_FAULT_SCENE=merge`: in this scene alone.
enum Faults {
    static let all = ["enospc", "kill", "eio", "edquot", "short"]
    private static let asked = ProcessInfo.processInfo.environment["GENLOCK_FAULTS"] ?? ""

    static var isWhole: Bool { !asked.isEmpty }

    static func tries(_ scene: String) -> Bool {
        ProcessInfo.processInfo.environment["GENLOCK_FAULT_SCENE"].map { $0.isEmpty || $0 == scene } ?? true
    }

    static var kinds: [String] {
        let named = asked.split(separator: ",").map(String.init)
        return named.isEmpty || named == ["all"] ? all : all.filter(named.contains)
    }
}
