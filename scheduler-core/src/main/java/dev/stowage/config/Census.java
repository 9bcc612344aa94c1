package dev.stowage.config;

import dev.stowage.model.Worker;
import java.math.BigInteger;
import java.util.List;

/** What a {@link MaskRule} sees of a fleet: its workers, and the pools with a key of the rule. */
public interface Census {
  /** Returns the workers in canonical order. */
  int[] workers();

  /** Reports whether a worker may be given replicas at all. */
  boolean isPlaceable(int worker);

  /** Returns what a worker was described as. */
  Worker worker(int worker);

  /** Returns the number of a worker's zone, from 0. */
  int zone(int worker);

  /** Returns the number of zones, 1 if they do not matter. */
  int zones();

  /** Returns the pools in canonical order. */
  List<KeyedPool> pools();

  /** The chunks of one key and constraint. */
  interface KeyedPool {
    String key();

    /** Reports whether the constraint admits a worker, whatever its status. */
    boolean admits(int worker);

    /** Returns the largest floor of its chunks, 0 without any. */
    int floor();

    /** Returns the sum of size times floor, in bytes. */
    BigInteger floorBytes();

    /** Returns the sum of size times weight, in bytes. */
    BigInteger weightedBytes();

    /** Returns the number of replicas on a worker, in any state. */
    int copies(int worker);

    /** Returns the bytes of wanted replicas on a worker. */
    long wantedBytes(int worker);

    /** Refuses a worker: it may be given no replica, and keeps none. */
    void refuse(int worker);
  }
}
