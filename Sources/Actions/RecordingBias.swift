/// How far boundaries lie from what is seen and heard.
public struct RecordingBias: Sendable {}
