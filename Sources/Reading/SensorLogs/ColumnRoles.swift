import Foundation
import SyncModel

/// The role of a log's column.
public enum ColumnRole: String, Sendable, CaseIterable {
    case time, speed, acceleration, position, gyroscope, force, gripper, command, frame, episode

    /// Names by which columns are recognised, without blanks, dots and underscores.
    var names: [String] {
        switch self {
        case .time:
            [
                "timestamp", "time", "t", "ts", "stamp", "headerstamp", "seconds", "timestamps", "unixtime", "epoch",
                "walltime", "datetime", "nanoseconds", "elapsed",
            ]
        case .speed:
            [
                "speed", "velocity", "vel", "jointvel", "jointvelocity", "qvel", "qdot", "dq", "observationvelocity",
                "jointvelocities", "jointspeed", "twist", "twistlinear", "twisttwistlinear",
            ]
        case .acceleration:
            ["acceleration", "accel", "acc", "linearacceleration", "imuaccel", "imuacc", "accelerometer"]
        case .position:
            [
                "position", "pos", "observationstate", "state", "qpos", "jointpos", "jointposition", "jointpositions",
                "q", "joints", "jointstates", "eepos", "pose", "poseposition", "poseposeposition",
                "transformtranslation",
            ]
        case .gyroscope: ["gyroscope", "gyro", "angularvelocity", "imugyro", "angvel"]
        case .force: ["force", "wrenchforce", "wrench", "torque", "forcetorque", "effort"]
        case .gripper: ["gripper", "gripperposition", "gripperpos", "gripperstate"]
        case .command: ["action", "command", "cmd", "target"]
        case .frame: ["frameindex", "frame", "frameid", "framenumber"]
        case .episode: ["episodeindex", "episode", "episodeid"]
        }
    }
}

/// The user's assignment of columns: `time=t:ms,speed=joint_vel`.
public struct ColumnChoice: Sendable, Hashable {
    public var names: [ColumnRole: String] = [:]
    public var timeUnit: LogUnit?

    public init() {}

    /// An error in the text.
    public struct Problem: Error, CustomStringConvertible { public let description: String }

    public init(parsing text: String) throws(Problem) {
        for pair in text.split(separator: ",") {
            let sides = pair.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
            guard sides.count == 2, let role = ColumnRole(rawValue: sides[0]) else {
                let roles = ColumnRole.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(
                    description:
                        """
                        '\(pair)' does not assign a role to a column: give ROLE=COLUMN, with the roles \(roles), such \
                        as time=t,speed=joint_vel
                        """
                )
            }
            var name = sides[1]
            if role == .time, let colon = name.lastIndex(of: ":") {
                guard let unit = LogUnit(word: String(name[name.index(after: colon)...])) else {
                    throw Problem(
                        description:
                            "'\(pair)' has no time unit after the colon: give s, ms, us or ns, such as time=t:ms")
                }
                timeUnit = unit
                name = String(name[..<colon])
            }
            names[role] = name
        }
    }
}
