package dev.stowage.content;

/**
 * A stream that was handed out: a lane.
 *
 * @param stream its id, unsigned
 * @param priority what it is for
 * @param assignedAtNanos since when
 */
public record StreamAssignment(long stream, StreamPriority priority, long assignedAtNanos) {}
