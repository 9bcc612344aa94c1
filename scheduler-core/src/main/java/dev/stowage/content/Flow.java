package dev.stowage.content;

import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * A stream of a tenant, or all items of a tenant without a stream; flows share bandwidth. The
 * stream's id is unsigned, and 0 if unnamed; the weight, relative to the tenant's other flows, is 1
 * to {@value #MAX_WEIGHT}. The weight is that of the item that made the flow backlogged in its
 * class. Hosts share one instance among the items of a flow.
 */
public record Flow(boolean named, long stream, Tenant tenant, int weight) {
  /** The greatest weight. */
  public static final int MAX_WEIGHT = 1_000_000;

  /** The flow of items without a stream. */
  public static final Flow NONE = new Flow(false, 0, Tenant.NONE, 1);

  /** The shape of a flow. */
  public static final Shape<Flow> SHAPE =
      Shape.of(
          "flow",
          row -> {
            var named = row.flag("named", Flow::named);
            var stream = row.number("stream", Flow::stream).unsigned().orElse(0);
            var tenant = row.nested("tenant", Flow::tenant, Tenant.SHAPE).orElse(Tenant.NONE);
            var weight = row.number("weight", Flow::weight).narrow().orElse(1);
            return v -> new Flow(named.of(v), stream.of(v), tenant.of(v), weight.intOf(v));
          });

  /** Throws {@link IllegalArgumentException} for a weight out of range or an unnamed stream. */
  public Flow {
    Objects.requireNonNull(tenant, "tenant");
    Tenant.requireWeight(weight);
    if (!named && stream != 0) {
      throw new IllegalArgumentException(
          "stream is " + stream + "; 0 is accepted if named is false");
    }
  }

  /** Creates a stream of weight 1. */
  public static Flow ofStream(long stream) {
    return new Flow(true, stream, Tenant.NONE, 1);
  }

  /** Creates the flow, of weight 1, of a tenant's items without a stream. */
  public static Flow ofTenant(Tenant tenant) {
    return new Flow(false, 0, tenant, 1);
  }

  /** Returns this flow for another tenant. */
  public Flow withTenant(Tenant other) {
    return new Flow(named, stream, other, weight);
  }

  /** Returns this flow with another weight. */
  public Flow withWeight(int other) {
    return new Flow(named, stream, tenant, other);
  }

  /** Reports whether both are one stream of one tenant, whatever their weights. */
  public boolean isSameAs(Flow other) {
    return named == other.named
        && stream == other.stream
        && tenant.name().equals(other.tenant.name());
  }
}
