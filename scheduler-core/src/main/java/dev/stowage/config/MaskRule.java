package dev.stowage.config;

import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A hard rule about datasets and workers that is fixed while one plan is made. It splits chunks
 * into pools by a key, and refuses workers to pools once for each plan, so that every phase asks it
 * with one access to an array. A constant of {@link dev.stowage.config.Reason} registers it.
 * Stateless: everything comes from the configuration and the census.
 */
public interface MaskRule {
  /** Returns its setting, of a name that is unique among rules. */
  RuleSetting<?> setting();

  /** Returns why a replica leaves or is stuck, a floor is short, and workers are refused. */
  Sentences sentences();

  /** Returns the key of the chunks of a dataset, or null if the rule does not concern them. */
  @Nullable String key(PlacementConfig config, DatasetId dataset);

  /**
   * Refuses workers to the pools of this rule's keys ({@link Census#pools}). A refused worker is
   * given no replica of the pool, and those it has leave it.
   */
  void mark(PlacementConfig config, Census census);

  /**
   * Judges one replica in the slow and obvious form, for the commit, audits and models: reports
   * whether a worker that has no replica of a dataset must not be given one.
   */
  boolean isBroken(PlacementConfig config, DatasetId dataset, Holdings worker);

  /**
   * Reports whether a plan may refuse what {@link #isBroken} permits, because it weighs other
   * workers and chunks too.
   */
  boolean mayRefuse(PlacementConfig config, DatasetId dataset, Holdings worker);

  /** A worker, and whether it has a replica of a dataset in any state. */
  record Holdings(Worker worker, Predicate<DatasetId> hasAny) {
    /** Reports whether the worker has a replica of a dataset. */
    public boolean hasAny(DatasetId dataset) {
      return hasAny.test(dataset);
    }
  }
}
