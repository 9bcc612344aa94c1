package dev.stowage.rebalance.tables;

import dev.stowage.model.WorkerId;
import dev.stowage.placement.KeyHash;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The workers by position, with their room and fingerprints. */
public final class WorkerRoster {
  private static final int NONE = -1;

  private @Nullable WorkerFacts[] facts = new WorkerFacts[0];
  private WorkerId[] ids = new WorkerId[0];
  private long[] idHash = new long[0];
  private long[] fingerprint = new long[0];
  private boolean[] hasFingerprint = new boolean[0];
  private long[] coming = new long[0];
  private Map<WorkerId, Integer> positions = Map.of();
  private boolean isDirectoryStale;

  public int limit() {
    return facts.length;
  }

  public boolean exists(int worker) {
    return worker >= 0 && worker < facts.length && facts[worker] != null;
  }

  public WorkerFacts facts(int worker) {
    return Objects.requireNonNull(facts[worker]);
  }

  public WorkerId id(int worker) {
    return ids[worker];
  }

  /** Returns the ids by position; the array is replaced, not changed. */
  public WorkerId[] ids() {
    return ids;
  }

  public void put(int worker, WorkerFacts now) {
    if (worker >= facts.length) {
      int capacity = worker + 1;
      facts = Arrays.copyOf(facts, capacity);
      idHash = Arrays.copyOf(idHash, capacity);
      fingerprint = Arrays.copyOf(fingerprint, capacity);
      hasFingerprint = Arrays.copyOf(hasFingerprint, capacity);
      coming = Arrays.copyOf(coming, capacity);
    }
    WorkerFacts former = facts[worker];
    WorkerId id = now.worker().id();
    if (former == null || !former.worker().id().equals(id)) {
      ids = Arrays.copyOf(ids, facts.length);
      ids[worker] = id;
      idHash[worker] = KeyHash.of(id);
      hasFingerprint[worker] = false;
      isDirectoryStale = true;
    }
    facts[worker] = now;
  }

  public void drop(int worker) {
    if (exists(worker)) {
      facts[worker] = null;
      hasFingerprint[worker] = false;
      isDirectoryStale = true;
    }
  }

  /** Returns positions by id; the map is replaced, not changed. */
  public Map<WorkerId, Integer> positions() {
    if (isDirectoryStale) {
      Map<WorkerId, Integer> fresh = new HashMap<>();
      for (int worker = 0; worker < facts.length; worker++) {
        if (facts[worker] != null) {
          fresh.put(ids[worker], worker);
        }
      }
      positions = fresh;
      isDirectoryStale = false;
    }
    return positions;
  }

  public int position(WorkerId id) {
    return positions().getOrDefault(id, NONE);
  }

  public long idHash(int worker) {
    return idHash[worker];
  }

  public boolean hasFingerprint(int worker) {
    return exists(worker) && hasFingerprint[worker];
  }

  public long fingerprint(int worker) {
    return fingerprint[worker];
  }

  public boolean fingerprint(int worker, OptionalLong now) {
    boolean changed =
        now.isPresent() != hasFingerprint[worker]
            || (now.isPresent() && now.getAsLong() != fingerprint[worker]);
    hasFingerprint[worker] = now.isPresent();
    fingerprint[worker] = now.orElse(0);
    return changed;
  }

  /** Returns the free bytes after moves not yet begun; negative if there are none. */
  public long freeBytes(int worker) {
    WorkerFacts now = facts(worker);
    long left = now.worker().capacityBytes() - now.footprintBytes();
    return left < coming[worker] ? -1 : left - coming[worker];
  }

  public void nothingComes() {
    Arrays.fill(coming, 0);
  }

  public void comes(int worker, long bytes) {
    coming[worker] = Terms.later(coming[worker], bytes);
  }
}
