package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Form;
import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * A wish to move a replica of {@code chunk}; the copy is confirmed before the old one drains.
 *
 * @param from the worker to leave
 * @param to the worker to go to
 * @param sizeBytes bytes to copy
 * @param gainMicros the gain of score, in micro-points
 * @param costMicros the cost, in micro-points
 * @param reason the scorer's words for leaving, at most {@value #MOST_CHARACTERS} characters
 */
public record MoveIntent(
    ChunkKey chunk,
    WorkerId from,
    WorkerId to,
    long sizeBytes,
    long gainMicros,
    long costMicros,
    String reason) {
  /** The most characters of a reason; what is beyond them is cut off. */
  public static final int MOST_CHARACTERS = 64;

  /** The fields of an intent. */
  static final Shape<MoveIntent> SHAPE =
      Shape.of(
          "move",
          row -> {
            var chunk = row.value("chunk", MoveIntent::chunk, Form.of(ChunkKey.class));
            var from =
                row.value("from", MoveIntent::from, Form.of(WorkerId.class)).subject("worker");
            var to = row.value("to", MoveIntent::to, Form.of(WorkerId.class)).subject("worker");
            var size = row.number("size_bytes", MoveIntent::sizeBytes);
            var gain = row.number("gain_micros", MoveIntent::gainMicros);
            var cost = row.number("cost_micros", MoveIntent::costMicros);
            var reason = row.text("reason", MoveIntent::reason);
            return v ->
                new MoveIntent(
                    chunk.of(v),
                    from.of(v),
                    to.of(v),
                    size.of(v),
                    gain.of(v),
                    cost.of(v),
                    reason.of(v));
          });

  /** Cuts the reason; throws {@code NullPointerException} for nulls. */
  public MoveIntent {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    reason = reason.substring(0, Math.min(reason.length(), MOST_CHARACTERS));
  }
}
