package dev.stowage.content;

import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * What shares bandwidth with others: a stream of a tenant, or all of a tenant's items without a
 * stream. Two flows are the same if tenant name and stream are; weight and sharing are those of the
 * item that made the flow backlogged in its class. Hosts share one instance among a flow's items.
 *
 * @param named whether it is a stream; all items without one form one flow
 * @param stream the stream's id, unsigned; 0 where there is none
 * @param tenant on whose behalf
 * @param weight its share relative to the other flows of the tenant, 1 to {@value #MAX_WEIGHT}
 * @param sharing how it shares
 */
public record Flow(boolean named, long stream, Tenant tenant, int weight, Sharing sharing) {
  /** The greatest weight. */
  public static final int MAX_WEIGHT = 1_000_000;

  /** The flow of items without a stream. */
  public static final Flow NONE = new Flow(false, 0, Tenant.NONE, 1, Sharing.FAIR);

  /** How a flow shares its class with others. */
  public enum Sharing {
    /** In turns, by bytes. */
    FAIR,
    /** Served until it is empty, before all fair flows, the one that began first before others. */
    SEQUENTIAL
  }

  /** The fields. */
  public static final Shape<Flow> SHAPE =
      Shape.of(
          "flow",
          row -> {
            var named = row.flag("named", Flow::named);
            var stream = row.number("stream", Flow::stream).unsigned().orElse(0);
            var tenant = row.nested("tenant", Flow::tenant, Tenant.SHAPE).orElse(Tenant.NONE);
            var weight = row.number("weight", Flow::weight).narrow().orElse(1);
            var sharing = row.oneOf("sharing", Sharing.class, Flow::sharing).orElse(Sharing.FAIR);
            return v ->
                new Flow(named.of(v), stream.of(v), tenant.of(v), weight.intOf(v), sharing.of(v));
          });

  /**
   * Refuses, with {@link IllegalArgumentException}, a weight out of range and a nameless stream.
   */
  public Flow {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(sharing, "sharing");
    Tenant.requireWeight(weight);
    if (!named && stream != 0) {
      throw new IllegalArgumentException("stream is " + stream + " in a flow without a stream");
    }
  }

  /** A stream, fair, of weight 1. */
  public static Flow ofStream(long stream) {
    return new Flow(true, stream, Tenant.NONE, 1, Sharing.FAIR);
  }

  /** All of a tenant's items without a stream, fair, of weight 1. */
  public static Flow ofTenant(Tenant tenant) {
    return new Flow(false, 0, tenant, 1, Sharing.FAIR);
  }

  /** This flow for another tenant. */
  public Flow withTenant(Tenant other) {
    return new Flow(named, stream, other, weight, sharing);
  }

  /** This flow with another weight. */
  public Flow withWeight(int other) {
    return new Flow(named, stream, tenant, other, sharing);
  }

  /**
   * This flow sharing as a field of RFC 9218 says: incremental ones in turns, others until they are
   * empty.
   */
  public Flow withPriority(HttpPriority field) {
    Sharing shared = field.incremental() ? Sharing.FAIR : Sharing.SEQUENTIAL;
    return new Flow(named, stream, tenant, weight, shared);
  }

  /** Whether both name the same stream of the same tenant. */
  public boolean isSameAs(Flow other) {
    return named == other.named
        && stream == other.stream
        && tenant.name().equals(other.tenant.name());
  }
}
