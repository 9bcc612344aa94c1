package dev.stowage.benchmarks.deterministic;

import dev.stowage.engine.TurnOrder;
import dev.stowage.engine.TurnOrder.Input;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Retention;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Prints the processor time that a turn costs the order of the turns of many fleets, all of which
 * fall due at once on one server, take their turn, and fall due again. Arguments: numbers of
 * fleets.
 */
public final class TurnOrderScale {
  private static final int ROUNDS = 25;
  private static final int MOST = 4;
  private static final int LOG_RECORDS = 1 << 14;

  private TurnOrderScale() {}

  /** Prints a line for each number of fleets: the best of 25 rounds. */
  public static void main(String[] args) {
    for (String arg : args.length == 0 ? new String[] {"100", "1000", "4000"} : args) {
      int fleets = Integer.parseInt(arg);
      EvidenceLog log =
          EvidenceLog.builder(TurnOrder.config().header())
              .retention(Retention.records(LOG_RECORDS))
              .build();
      double best = Double.MAX_VALUE;
      try (TurnOrder order = new TurnOrder(MOST, log)) {
        for (int round = 0; round < ROUNDS; round++) {
          long begun = processorNanos();
          round(order, fleets);
          best = Math.min(best, (processorNanos() - begun) / 1e3 / fleets);
        }
      }
      System.out.println(
          String.format(Locale.ROOT, "%d fleets: %.1f us for the turn of a fleet", fleets, best));
    }
  }

  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void round(TurnOrder order, int fleets) {
    Deque<Integer> running = new ArrayDeque<>();
    for (int fleet = 0; fleet < fleets; fleet++) {
      running.addAll(order.take(Input.DUE, fleet, 0));
    }
    int ended = 0;
    for (; !running.isEmpty(); ended++) {
      running.addAll(order.take(Input.FINISHED, running.poll(), 0));
    }
    if (ended != fleets) {
      throw new IllegalStateException(ended + " of " + fleets + " fleets had a turn");
    }
  }
}
