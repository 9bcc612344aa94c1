package example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Carries the page of ten commands out on a live fleet: empties one worker, by the plan that was
 * reviewed, lets another go for an hour, and empties a third one under a budget that paces it.
 * Writes what each command prints into a file that is named after it, and compares the time left
 * that was told with the time it took. Exits with 1 if they differ by more than 25 %.
 */
public final class DayTwoTrial {
  private static final String LINK = "150000";
  private static final int WORKERS = 6;
  private static final int CHUNKS = 1_500;
  private static final int CHUNK_BYTES = 100_000;
  private static final long CAPACITY = 128 << 20;
  private static final int MOST_REVIEWS = 10;
  private static final int SHOWN = 3;
  private static final int FIRST_PORT = 19_200;
  private static final int DEGRADED = 4;

  /** Lets a few chunks go by each plan, however much the machine is under pressure. */
  private static final String PACE =
      "movement_budget_bytes=500kB elevated_budget=1 high_budget=1 critical_budget=1";

  private final FilledFleet filled;
  private final Path transcripts;
  private final String leaving;
  private final String absent;
  private final String paced;

  /** Holds what was told of the time left, and when, in seconds since the drain began. */
  private record Told(double at, double least, double most) {}

  private DayTwoTrial(FilledFleet filled, Path transcripts) {
    this.filled = filled;
    this.transcripts = transcripts;
    leaving = "localhost:" + filled.ports.get(2);
    absent = "localhost:" + filled.ports.get(3);
    paced = "localhost:" + filled.ports.get(4);
  }

  /**
   * Takes the address of a database, the name of a schema to be created, {@code stowage.jar}, and
   * the folder of the transcripts.
   */
  public static void main(String[] args) throws Exception {
    boolean isGood;
    try (LocalFleet fleet = new LocalFleet(args[0], args[1], CHUNK_BYTES)) {
      FilledFleet filled = new FilledFleet(fleet, CHUNKS, args[0], args[1], args[2]);
      for (int i = 0; i < WORKERS; i++) {
        filled.ports.add(FIRST_PORT + i);
      }
      filled.fill(WORKERS, CAPACITY, LINK);
      isGood = new DayTwoTrial(filled, Path.of(args[3])).run();
    }
    System.exit(isGood ? 0 : 1);
  }

  private boolean run() throws IOException, InterruptedException {
    transcribe("status");
    transcribe("workers");
    String change = "change.txt";
    Files.writeString(filled.fleet.folder().resolve(change), "drain " + leaving + "\n");
    String hash = reviewed(change);
    for (int at = 0; filled.code("apply", "--plan-hash", hash, change) != 0; at++) {
      if (at == MOST_REVIEWS) {
        throw new IllegalStateException("the plan changed after each of " + at + " reviews");
      }
      hash = reviewed(change); // such as after another budget under pressure
    }
    keep("apply");
    boolean isGood = watch(leaving);
    transcribe("leaving", leaving);
    transcribe("away", absent, "--for", "1h");
    filled.live("back", absent);
    transcribe("explain", "d/c7");
    transcribe("audit");
    transcribe("export", "--out", "fleet");
    filled.live(("set " + PACE).split(" "));
    filled.live("drain", paced);
    return watch(paced) && isGood;
  }

  /** Asks for the progress until the worker may stop, and judges what was told in the first half. */
  private boolean watch(String worker) throws IOException, InterruptedException {
    long began = System.nanoTime();
    List<Told> told = new ArrayList<>();
    double copied = 0;
    while (!filled.maySwitchOff(List.of(worker))) {
      String json = Files.readString(filled.live("progress", "--json", "--quiet", worker));
      double at = (System.nanoTime() - began) / 1e9;
      double most = figure(json, "left_most_seconds");
      copied = copied == 0 && !told.isEmpty() && figure(json, "copies_to_go") == 0 ? at : copied;
      if (most > 0) {
        told.add(new Told(at, figure(json, "left_least_seconds"), most));
        if (told.size() == SHOWN && worker.equals(leaving)) {
          transcribe("progress", worker);
        }
      }
    }
    System.out.printf(
        Locale.ROOT, "copied after %.0f s, may be switched off after %.0f s%n",
        copied, (System.nanoTime() - began) / 1e9);
    boolean isGood = told.size() >= SHOWN;
    for (Told each : told) {
      double left = copied - each.at;
      // At first no plan at the new pace was timed, and near the end a question takes as long as
      // what is left.
      boolean isJudged = copied / 5 <= each.at && each.at <= copied / 2;
      isGood &= !isJudged || 0.75 * each.least <= left && left <= 1.25 * each.most;
      System.out.printf(
          Locale.ROOT, "after %.0f s: %.0f to %.0f s left were told, %.0f s it took%n",
          each.at, each.least, each.most, left);
    }
    return isGood;
  }

  private static double figure(String json, String name) {
    Matcher found = Pattern.compile("\"" + Pattern.quote(name) + "\" ?: ?([0-9.E]+)").matcher(json);
    return found.find() ? Double.parseDouble(found.group(1)) : 0;
  }

  /** Reviews the plan behind a change and returns its hash. */
  private String reviewed(String change) throws IOException, InterruptedException {
    String plan = transcribe("plan", "--what-if", change, "--report", "change.html");
    Matcher hash = Pattern.compile("(?i)plan hash: (\\S+)").matcher(plan);
    if (!hash.find()) {
      throw new IllegalStateException("no plan hash: " + plan);
    }
    return hash.group(1);
  }

  private String transcribe(String command, String... args)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(args));
    int code = filled.code(all.toArray(String[]::new));
    if (code != 0 && !(command.equals("status") && code == DEGRADED)) {
      throw new IllegalStateException(command + " ended with " + code);
    }
    return keep(command);
  }

  private String keep(String command) throws IOException {
    String printed = Files.readString(filled.printed(command));
    Files.writeString(transcripts.resolve(command), printed);
    System.out.printf(Locale.ROOT, "%s: %d lines%n", command, printed.lines().count());
    return printed;
  }
}
