package dev.stowage.benchmarks.postgres;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Tries real faults on real servers and prints what came of them as a table of Markdown. Arguments:
 * {@code times=20 rounds=100 cuts=60 seed=1}, and {@code only=PART} for the rows whose name has
 * this part. Servers are those of the embedded binaries; the seed draws the moments, which the
 * machine's own timing decides as well.
 *
 * <p>Ends with code 1 if something acknowledged was lost, an audit failed, a digest differed or a
 * fenced process wrote.
 */
public final class FaultMatrix {
  private final PrintStream out;
  private final String only;
  private int failed;

  private FaultMatrix(PrintStream out, String only) {
    this.out = out;
    this.only = only;
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    int times = Integer.parseInt(option(args, "times", "20"));
    int rounds = Integer.parseInt(option(args, "rounds", "100"));
    int cuts = Integer.parseInt(option(args, "cuts", "60"));
    long seed = Long.parseLong(option(args, "seed", "1"));
    FaultMatrix matrix = new FaultMatrix(System.out, option(args, "only", ""));
    matrix.run(new Faults(ChaosServer.binaries(), seed), times, rounds, cuts);
    System.exit(matrix.failed == 0 ? 0 : 1);
  }

  private static String option(String[] args, String name, String otherwise) {
    return Arrays.stream(args)
        .filter(arg -> arg.startsWith(name + "="))
        .map(arg -> arg.substring(name.length() + 1))
        .findFirst()
        .orElse(otherwise);
  }

  private void run(Faults faults, int times, int rounds, int cuts) {
    out.println("| fault | times tried | lost acknowledged writes | recovery, median | longest |");
    out.println("| --- | --- | --- | --- | --- |");
    row("server killed in mid-commit (SIGKILL), restarted", () -> faults.serverKilled(times));
    row("scheduler process killed in mid-cycle (SIGKILL)", () -> faults.schedulerKilled(times));
    row(
        "connection cut before each message of a command in turn",
        () -> faults.connectionCut(false, cuts));
    row(
        "connection cut before each answer of a command in turn",
        () -> faults.connectionCut(true, cuts));
    row("disk full, then not", () -> faults.diskFull(times));
    row("lease lost between plan and commit", () -> faults.leaseLostWhilePlanning(times));
    row("a worker's disk lost between plan and commit", () -> faults.diskLostWhilePlanning(times));
    row("two processes that both lead", () -> faults.twoLeaders(rounds));
    row("synchronous replica promoted, primary killed", () -> faults.replicaPromoted(times));
    rowOfLosses(
        "asynchronous replica promoted that had ceased to follow, and the way back",
        () -> faults.staleReplicaPromoted(times));
  }

  /** A fault; returns the recovery time of each try, in seconds. */
  private interface Fault {
    double[] tried() throws Exception;
  }

  /** A fault that necessarily loses commits. */
  private interface Losing {
    Faults.Tried tried() throws Exception;
  }

  private void row(String name, Fault fault) {
    print(name, () -> line(name, fault.tried(), "0"));
  }

  /** Prints a row of a fault whose only losses are commits that the replica never had. */
  private void rowOfLosses(String name, Losing fault) {
    print(
        name,
        () -> {
          Faults.Tried tried = fault.tried();
          String lost = tried.lost() + ", all made after the replica ceased to follow";
          return line(name, tried.seconds(), lost);
        });
  }

  private static String line(String name, double[] seconds, String lost) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %.2f s | %.2f s |",
        name,
        seconds.length,
        lost,
        MarkdownTable.median(seconds),
        Arrays.stream(seconds).max().orElse(0));
  }

  private interface Line {
    String make() throws Exception;
  }

  private void print(String name, Line line) {
    if (!name.contains(only)) {
      return;
    }
    try {
      out.println(line.make());
    } catch (SmallDisk.CannotMountException e) {
      out.println("| " + name + " | " + e.getMessage() + " | | | |");
    } catch (Exception e) {
      failed++;
      out.println("| " + name + " | **failed**: " + e.getMessage() + " | | | |");
      e.printStackTrace(System.err);
    }
    out.flush();
  }
}
