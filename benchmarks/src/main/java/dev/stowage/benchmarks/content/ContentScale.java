package dev.stowage.benchmarks.content;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints how the content scheduler compares: operations beside the JDK's ordered collections and
 * Netty's weighted fair distributor, on the items of the published measurement, under its recorded
 * figures; then bytes an item, churn and allocation. Every row runs in a process of its own, on one
 * thread; times are that thread's processor time, so that neighbours count little.
 *
 * <p>Without arguments everything; {@code quick} leaves out a million items; {@code row NAME COUNT
 * STREAMS} is one row, in this process.
 */
public final class ContentScale {
  private static final List<String> ALL =
      List.of(
          "stowage",
          "stowage-recording",
          "stowage-recording-alone",
          "stowage-fair",
          "stowage-fair-recording",
          "priority-queue",
          "skip-list-set",
          "netty");

  private static final List<String> RECORDED =
      List.of(
          "none 1000 115 271 298 10 382",
          "none 100000 130 835 1152 28 1219",
          "none 1000000 200 1540 2236 69 2444",
          "1000 1000 112 47132 39786 12 23332",
          "1000 100000 142 161023 89616 19 50208",
          "1000 1000000 171 188952 89105 57 54084");

  private ContentScale() {}

  /** Measures what the arguments say. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 4 && arguments[0].equals("row")) {
      int count = Integer.parseInt(arguments[2]);
      ContentRow.print(arguments[1], count, Integer.parseInt(arguments[3]));
      return;
    }
    if (arguments.length > 0 && arguments[0].equals("memory")) {
      ContentMemory.print();
      return;
    }
    boolean quick = arguments.length == 1 && arguments[0].equals("quick");
    System.out.printf(
        Locale.ROOT,
        "%-30s %7s %9s %9s %9s %9s %9s %9s %9s%n",
        "ns of processor time each",
        "streams",
        "items",
        "schedule",
        "next",
        "next+sch",
        "cancel",
        "next-c.",
        "hashing");
    for (String streams : List.of("none", "1", "1000")) {
      for (int count : quick ? new int[] {1_000, 100_000} : new int[] {1_000, 100_000, 1_000_000}) {
        for (String name : ALL) {
          String number = streams.equals("none") ? "0" : streams;
          fork(List.of("row", name, Integer.toString(count), number));
        }
        recorded(streams, count);
      }
    }
    fork(List.of("memory"));
  }

  private static void recorded(String streams, int count) {
    for (String line : RECORDED) {
      String[] cells = line.split(" ", -1);
      if (cells[0].equals(streams) && cells[1].equals(Integer.toString(count))) {
        System.out.printf(
            Locale.ROOT,
            "%-30s %7s %9d %9s %9s %9s %9s %9s %9s  %s%n",
            "published (recorded)",
            streams,
            count,
            cells[2],
            cells[3],
            cells[4],
            cells[5],
            cells[6],
            "none",
            "recorded elsewhere, not in this run");
      }
    }
  }

  private static void fork(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xms3g", "-Xmx3g", "-XX:+UseParallelGC", "-XX:ParallelGCThreads=2"));
    command.addAll(List.of("-cp", ManagementFactory.getRuntimeMXBean().getClassPath()));
    command.add(ContentScale.class.getName());
    command.addAll(arguments);
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      System.out.println(String.join(" ", arguments) + ": ended with " + code);
    }
  }
}
