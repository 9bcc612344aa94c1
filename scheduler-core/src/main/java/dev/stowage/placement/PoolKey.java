package dev.stowage.placement;

import dev.stowage.columns.NoNulls;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.config.Reason;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the chunks of one pool have in common: the same workers may hold them. Pools are ordered by
 * their constraint and keys, so that plans do not depend on how they are numbered.
 *
 * @param eligibility the constraint on workers
 * @param keys what hard rules know the chunks by, such as {@code keep_apart=lake}; empty for chunks
 *     that no rule concerns
 */
public record PoolKey(Eligibility eligibility, List<String> keys) {
  /** The pool of the chunks without a constraint that no rule concerns. */
  public static final PoolKey ANY = new PoolKey(Eligibility.ANY, List.of());

  /** The fields of a pool. */
  static final Shape<PoolKey> SHAPE =
      Shape.of(
          "pool",
          row -> {
            var eligibility =
                row.nested("eligibility", PoolKey::eligibility, Shape.of(Eligibility.class));
            var keys = row.list("keys", PoolKey::keys, Forms.TEXT).orElse(List.of());
            return v -> new PoolKey(eligibility.of(v), keys.of(v));
          });

  /** Throws {@code NullPointerException} for nulls. */
  public PoolKey {
    Objects.requireNonNull(eligibility, "eligibility");
    keys = List.copyOf(NoNulls.in(keys, "keys"));
  }

  /** Returns the pool of a constraint, without keys of rules. */
  public static PoolKey of(Eligibility eligibility) {
    return eligibility.equals(Eligibility.ANY) ? ANY : new PoolKey(eligibility, List.of());
  }

  /** Returns the pool of the chunks of a dataset with a constraint. */
  public static PoolKey of(Eligibility eligibility, DatasetId dataset, PlacementConfig config) {
    List<String> keys = new ArrayList<>(0);
    for (Reason reason : Reason.OF_RULES) {
      MaskRule rule = Objects.requireNonNull(reason.rule());
      String key = rule.key(config, dataset);
      if (key != null) {
        keys.add(rule.setting().name() + "=" + key);
      }
    }
    return keys.isEmpty() ? of(eligibility) : new PoolKey(eligibility, keys);
  }
}
