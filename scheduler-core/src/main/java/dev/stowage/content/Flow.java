package dev.stowage.content;

import dev.stowage.shape.Shape;

/**
 * A stream, or all items without one; flows share bandwidth. The stream's id is unsigned, and 0 if
 * unnamed; the weight, relative to other flows, is 1 to {@value #MAX_WEIGHT}. The weight is that of
 * the item that made the flow backlogged in its class. Hosts share one instance among the items of
 * a flow.
 */
public record Flow(boolean named, long stream, int weight) {
  /** The greatest weight. */
  public static final int MAX_WEIGHT = 1_000_000;

  /** The flow of items without a stream. */
  public static final Flow NONE = new Flow(false, 0, 1);

  /** The shape of a flow. */
  static final Shape<Flow> SHAPE =
      Shape.of(
          "flow",
          row -> {
            var named = row.flag("named", Flow::named);
            var stream = row.number("stream", Flow::stream).unsigned().orElse(0);
            var weight = row.number("weight", Flow::weight).narrow().orElse(1);
            return v -> new Flow(named.of(v), stream.of(v), weight.intOf(v));
          });

  /** Throws {@link IllegalArgumentException} for a weight out of range or an unnamed stream. */
  public Flow {
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "weight is " + weight + "; 1 to " + MAX_WEIGHT + " is accepted");
    }
    if (!named && stream != 0) {
      throw new IllegalArgumentException(
          "stream is " + stream + "; 0 is accepted if named is false");
    }
  }

  /** Creates a stream of weight 1. */
  public static Flow ofStream(long stream) {
    return new Flow(true, stream, 1);
  }

  /** Returns this flow with another weight. */
  public Flow withWeight(int other) {
    return other == weight ? this : new Flow(named, stream, other);
  }

  /** Reports whether both are one stream, whatever their weights. */
  public boolean isSameAs(Flow other) {
    return named == other.named && stream == other.stream;
  }
}
