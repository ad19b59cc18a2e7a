/// Two actions that stand in another relation in time in one view than in another.
public struct RelationDifference: Sendable {}
