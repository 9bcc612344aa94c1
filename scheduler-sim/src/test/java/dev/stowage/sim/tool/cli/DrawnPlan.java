package dev.stowage.sim.tool.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Files of a plan drawn from a seed, with all that they can say: statuses, versions, labels, held
 * rows in every state, pending swaps and chains of them, budgets, smooth factors, pins and bans.
 */
final class DrawnPlan implements AutoCloseable {
  private static final List<String> STATUSES =
      List.of("", "", "", "", "active", "cordoned", "leaving", "suspect", "departed");
  private static final List<String> STATES =
      List.of("assigned", "assigned", "assigned", "superseded", "draining");
  private static final int WORKERS = 6;

  final PlanRunner stowage;
  private final Path folder;
  private final Random random;
  private final List<String> chunks = new ArrayList<>();

  DrawnPlan(long seed) throws IOException {
    folder = Files.createTempDirectory("plan");
    stowage = new PlanRunner(folder);
    random = new Random(seed);
    workers();
    chunks();
    held();
    rules();
  }

  private static String line(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private boolean oneIn(int many) {
    return random.nextInt(many) == 0;
  }

  private void workers() {
    StringBuilder text = new StringBuilder("worker_id,capacity_bytes,zone,version,labels,status\n");
    for (int i = 0; i < WORKERS; i++) {
      text.append(
          line(
              "w%d,%d,z%d,%s,%s,%s\n",
              i,
              oneIn(12) ? 0 : 100 * (1 + random.nextInt(4)),
              i % 3,
              random.nextBoolean() ? "1.0.0" : "",
              oneIn(3) ? "ssd" : "",
              STATUSES.get(random.nextInt(STATUSES.size()))));
    }
    stowage.write("workers.csv", text.toString());
  }

  private void chunks() {
    StringBuilder text =
        new StringBuilder(
            "dataset,chunk_id,first_block,last_block,size_bytes,weight,min_version,labels,visible,"
                + "marked,admitted,replaces\n");
    int count = 1 + random.nextInt(30);
    for (int i = 0; i < count; i++) {
      boolean visible = random.nextBoolean();
      text.append(row("d" + i % 2 + ",c" + i, i, visible, visible && oneIn(9), ""));
      chunks.add("d" + i % 2 + ",c" + i);
      String before = "c" + i;
      for (int step = 0; visible && oneIn(5) && step < 2; step++) {
        String next = before + "n";
        text.append(row("d" + i % 2 + "," + next, i, false, false, before));
        before = next;
      }
    }
    stowage.write("chunks.csv", text.toString());
  }

  private String row(String key, int slot, boolean visible, boolean marked, String replaces) {
    return line(
        "%s,%d,%d,%d,%d,%s,%s,%s,%s,%d,%s\n",
        key,
        slot * 10,
        slot * 10 + 9,
        random.nextInt(60),
        1 + random.nextInt(5),
        oneIn(4) ? "1.0.0" : "",
        oneIn(8) ? "ssd" : "",
        visible,
        marked && replaces.isEmpty(),
        random.nextInt(4),
        replaces);
  }

  private void held() {
    StringBuilder text =
        new StringBuilder("dataset,chunk_id,worker_id,state,possessed,routed,drained\n");
    for (String chunk : chunks) {
      for (int worker = 0; worker < WORKERS; worker++) {
        if (oneIn(4)) {
          String state = STATES.get(random.nextInt(STATES.size()));
          boolean draining = state.equals("draining");
          boolean possessed = !oneIn(4);
          text.append(
              line(
                  "%s,w%d,%s,%s,%s,%s\n",
                  chunk,
                  worker,
                  state,
                  possessed,
                  possessed && !draining && random.nextBoolean(),
                  draining && random.nextBoolean()));
        }
      }
    }
    stowage.write("held.csv", text.toString());
  }

  private void rules() {
    StringBuilder text = new StringBuilder();
    int floor = 1 + random.nextInt(3);
    text.append("min_replication: ").append(floor).append('\n');
    text.append("max_replication: ").append(oneIn(3) ? "" + (floor + 1) : "none").append('\n');
    text.append("saturation: 0.").append(5 + random.nextInt(5)).append('\n');
    if (oneIn(3)) {
      text.append("factors: smooth\n");
    }
    if (oneIn(4)) {
      text.append("planner: stateless\n");
    }
    if (oneIn(3)) {
      text.append("movement_budget_bytes: ").append(random.nextInt(200)).append('\n');
      text.append("worker_in_bytes: ").append(random.nextInt(100)).append('\n');
      text.append("worker_out_bytes: ").append(random.nextInt(100)).append('\n');
    }
    if (oneIn(3)) {
      text.append("previous_factors: {1: 2, 3: 4}\n");
    }
    if (oneIn(3)) {
      String chunk = chunks.get(random.nextInt(chunks.size())).replace(',', '/');
      text.append(oneIn(2) ? "pins" : "bans").append(": ['").append(chunk).append("@w1']\n");
    }
    stowage.write("plan.yaml", text.toString());
  }

  /** Plans with the files as they are now. */
  int plan(String to, String... more) {
    List<String> words = new ArrayList<>(List.of(more));
    if (!words.contains("--held")) {
      words.addAll(List.of("--held", stowage.at("held.csv")));
    }
    words.addAll(List.of("--config", stowage.at("plan.yaml")));
    return stowage.plan(to, words.toArray(new String[0]));
  }

  /** Puts the rows of all files in another order. */
  void shuffle(long seed) throws IOException {
    for (String file : List.of("workers.csv", "chunks.csv", "held.csv")) {
      List<String> lines = Files.readAllLines(folder.resolve(file));
      List<String> rows = new ArrayList<>(lines.subList(1, lines.size()));
      Collections.shuffle(rows, new Random(seed));
      rows.add(0, lines.get(0));
      Files.write(folder.resolve(file), rows);
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
