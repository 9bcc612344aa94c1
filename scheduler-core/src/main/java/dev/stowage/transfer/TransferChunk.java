package dev.stowage.transfer;

import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.real;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * A chunk to send, identified by the unsigned object and the offset; offset and size are in bytes,
 * at least 0. The deadline ends its bonus; {@link Long#MAX_VALUE} means none.
 */
public record TransferChunk(
    long object,
    long offset,
    long sizeBytes,
    TransferPriority priority,
    Value value,
    Costs costs,
    long deadlineNanos) {
  static final Shape<TransferChunk> SHAPE =
      Shape.of(
          "transfer_chunk",
          row -> {
            var object = row.number("object", TransferChunk::object).unsigned().subject();
            var offset = row.number("offset", TransferChunk::offset);
            var size = row.number("size_bytes", TransferChunk::sizeBytes);
            var priority = row.oneOf("priority", TransferPriority.class, TransferChunk::priority);
            var value = row.nested("value", TransferChunk::value, Value.SHAPE);
            var costs = row.nested("costs", TransferChunk::costs, Costs.SHAPE);
            var deadline =
                row.number("deadline_nanos", TransferChunk::deadlineNanos)
                    .orElse(Long.MAX_VALUE, "none");
            return v ->
                new TransferChunk(
                    object.of(v),
                    offset.of(v),
                    size.of(v),
                    priority.of(v),
                    value.of(v),
                    costs.of(v),
                    deadline.of(v));
          });

  /** Throws {@link IllegalArgumentException} for a negative offset or size. */
  public TransferChunk {
    Objects.requireNonNull(priority, "priority");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(costs, "costs");
    if (offset < 0 || sizeBytes < 0) {
      throw new IllegalArgumentException(
          "offset is " + offset + ", sizeBytes " + sizeBytes + "; at least 0 is accepted");
    }
  }

  public static TransferChunk of(
      long object, long offset, long sizeBytes, TransferPriority priority) {
    return new TransferChunk(
        object, offset, sizeBytes, priority, Value.NONE, Costs.NONE, Long.MAX_VALUE);
  }

  public TransferChunk withValue(Value other) {
    return new TransferChunk(object, offset, sizeBytes, priority, other, costs, deadlineNanos);
  }

  public TransferChunk withCosts(Costs other) {
    return new TransferChunk(object, offset, sizeBytes, priority, value, other, deadlineNanos);
  }

  public TransferChunk withDeadline(long nanos) {
    return new TransferChunk(object, offset, sizeBytes, priority, value, costs, nanos);
  }

  /** The value of a chunk, finite and at least 0; {@code resumeBytes} need not be sent again. */
  public record Value(double earlyUsability, double decodeUsefulness, long resumeBytes) {
    static final Shape<Value> SHAPE =
        shape(
            "transfer_value",
            real("early_usability", Value::earlyUsability),
            real("decode_usefulness", Value::decodeUsefulness),
            number("resume_bytes", Value::resumeBytes),
            Value::new);

    public static final Value NONE = new Value(0, 0, 0);

    /** Throws {@link IllegalArgumentException} for a negative or infinite component. */
    public Value {
      requireCost(earlyUsability, "earlyUsability");
      requireCost(decodeUsefulness, "decodeUsefulness");
      requireCost((double) resumeBytes, "resumeBytes");
    }
  }

  /** The costs of a chunk, finite and at least 0, each in a unit of the host's choice. */
  public record Costs(double cpu, double disk, double network) {
    static final Shape<Costs> SHAPE =
        shape(
            "transfer_costs",
            real("cpu", Costs::cpu),
            real("disk", Costs::disk),
            real("network", Costs::network),
            Costs::new);

    public static final Costs NONE = new Costs(0, 0, 0);

    /** Throws {@link IllegalArgumentException} for a negative or infinite component. */
    public Costs {
      requireCost(cpu, "cpu");
      requireCost(disk, "disk");
      requireCost(network, "network");
    }

    public double sum() {
      return cpu + disk + network;
    }
  }

  private static void requireCost(double value, String name) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          name + " is " + value + "; finite, at least 0 is accepted");
    }
  }
}
