/// A column of commands and the column of states that follow it, element by element.
package struct CommandPair: Sendable, Hashable {
    package let action: RobotSet.Feature
    package let state: RobotSet.Feature
    /// Which element of one belongs to which of the other, and the joint's name.
    package let joints: [Joint]

    package struct Joint: Sendable, Hashable {
        package let action: Int
        package let state: Int
        package let name: String
    }

    /// nil: no element of one belongs to one of the other.
    init?(action: RobotSet.Feature, state: RobotSet.Feature) {
        let most = RobotSet.widestVector
        self.action = action
        self.state = state
        func name(_ place: Int) -> String {
            action.names.isEmpty ? action.width == 1 ? action.name : "\(action.name)[\(place)]" : action.names[place]
        }
        if !action.names.isEmpty, !state.names.isEmpty, Set(action.names).count == action.width {
            joints = (0..<min(action.width, most)).compactMap { place in
                state.names.prefix(most).firstIndex(of: action.names[place]).map {
                    Joint(action: place, state: $0, name: name(place))
                }
            }
        } else if action.width == state.width {
            joints = (0..<min(action.width, most)).map { Joint(action: $0, state: $0, name: name($0)) }
        } else {
            joints = []
        }
        if joints.isEmpty { return nil }
    }
}

extension RobotSet {
    /// Names of states that belong to `action`, the usual one first.
    private static let states = [
        "observation.state", "observation.qpos", "observation.joint_positions", "observation.joint_position",
    ]

    /// The commands of the set with their states: `action` and `observation.state`, or `action.X` and
    /// `observation.state.X` or `observation.X`.
    package var commandPairs: [CommandPair] {
        let known = Dictionary(channels.map { ($0.name, $0) }) { first, _ in first }
        return channels.compactMap { action in
            let candidates: [String]
            if action.name == "action" {
                candidates = RobotSet.states
            } else if action.name.hasPrefix("action.") {
                let part = action.name.dropFirst("action.".count)
                candidates = ["observation.state.\(part)", "observation.\(part)"]
            } else {
                return nil
            }
            return candidates.lazy.compactMap { known[$0] }.compactMap { CommandPair(action: action, state: $0) }.first
        }
    }
}

/// Commands and states of one episode, row by row; what is not a number is NaN.
package struct CommandRows: Sendable {
    /// By joint.
    package var actions: [[Float]]
    package var states: [[Float]]
    /// Stated times in seconds; empty: unknown. Of single precision: good for times since the episode's start.
    package var times: [Float]

    package init(actions: [[Float]], states: [[Float]], times: [Float] = []) {
        self.actions = actions
        self.states = states
        self.times = times
    }
}
