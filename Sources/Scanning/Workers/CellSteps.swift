import Foundation
import Plan

/// Sequential work of a cell on several clips.
extension Cell {
    /// The outcome of a step.
    public enum Step<Value> {
        /// Done in this cell.
        case done(Value)
        /// Done in an earlier cell that died later.
        case before(Value)
        /// The cell died in it.
        case died(End)
    }

    /// Does the next step. If the cell dies in it, another one reports this and continues with the next.
    ///
    /// Steps are counted: a command must do the same ones in the same order after a restart, on one thread. Outside a
    /// cell only the work is done.
    public static func step<Value: Codable>(_ work: () throws -> Value) rethrows -> Step<Value> {
        guard let journal else { return .done(try work()) }
        let number = nextStep
        nextStep += 1
        if let end = died[number] { return .died(end) }
        if let data = earlier[number], let value = try? WireJSON.decode(Value.self, data) { return .before(value) }
        journal.current = number
        defer { journal.current = nil }
        let value = try work()
        if let data = try? WireJSON.encode(value) { journal.keep(data, step: number) }
        return .done(value)
    }
}
