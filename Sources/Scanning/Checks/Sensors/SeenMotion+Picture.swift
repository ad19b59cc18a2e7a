public import Sensors
public import Views

extension SeenMotion {
    /// The motion in a recording's video, on the recording's timeline.
    public init(_ picture: PictureSignal) {
        let motion = picture.motion
        let stir = picture.stir
        let whole = picture.wholeMotion
        self.init(
            speed: MotionSignal(
                kind: .speed, source: "picture", times: motion.map(\.seconds), values: motion.map(\.speed)),
            stir: stir.count < 2
                ? nil
                : MotionSignal(kind: .speed, source: "picture", times: stir.map(\.seconds), values: stir.map(\.size)),
            whole: TurningCourse(
                source: "picture", times: whole.map(\.seconds),
                components: [whole.map(\.right), whole.map(\.down), whole.map(\.clockwise)]),
            frameSeconds: picture.frameSeconds)
    }
}
