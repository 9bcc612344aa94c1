package dev.stowage.benchmarks.lifecycle;

import dev.stowage.sim.tool.demo.ZoneLoss;
import java.util.Locale;

/**
 * Runs the experiment of {@link ZoneLoss} on three seeds, joined and first come, first served, and
 * prints what came of each.
 *
 * <p>Arguments: mirrors, chunks, the first of the seeds (60, 2000 and 1 if absent), and any word
 * for a trace of every fifth second.
 */
public final class JoinedTransfers {
  private JoinedTransfers() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    int mirrors = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
    int chunks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2_000;
    long first = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
    System.out.println(
        "| seed | transfers | at risk, s | below floor, s | p99, ms | wasted, MiB | moved, GiB"
            + " | violations | run, s |");
    System.out.println("| --- ".repeat(9) + "|");
    for (long seed = first; seed < first + 3; seed++) {
      for (boolean isJoined : new boolean[] {false, true}) {
        long begun = System.nanoTime();
        ZoneLoss.Outcome outcome =
            ZoneLoss.run(new ZoneLoss.Settings(mirrors, chunks, seed, isJoined));
        System.out.printf(
            Locale.ROOT,
            "| %d | %s | %d | %d | %.1f | %.1f | %.1f | %d | %.1f |%n",
            seed,
            isJoined ? "joined" : "first come",
            outcome.secondsAtRisk(),
            outcome.secondsBelowFloor(),
            outcome.p99Millis(),
            outcome.wastedBytes() / (double) (1 << 20),
            outcome.movedBytes() / (double) (1 << 30),
            outcome.violations().size(),
            (System.nanoTime() - begun) / 1e9);
        if (arguments.length > 3) {
          for (int at = 0; at < outcome.seconds().size(); at += 5) {
            System.out.println(at + " " + outcome.seconds().get(at));
          }
        }
      }
    }
  }
}
