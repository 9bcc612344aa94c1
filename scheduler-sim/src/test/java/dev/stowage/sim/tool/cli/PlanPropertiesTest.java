package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Tests the properties of the files of any fleet. */
class PlanPropertiesTest {
  private static final int MOST_STEPS = 12;
  private static final List<String> STATUSES =
      List.of("", "", "", "", "active", "cordoned", "leaving", "suspect", "departed");

  @Property(seed = "1")
  void planningNextHeldAgain_reachesEmptyActions(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int floor) throws IOException {
    Path folder = Files.createTempDirectory("plan");
    try {
      PlanRunner stowage = drawn(folder, seed, floor);
      stowage.plan("0", "--config", stowage.at("plan.yaml"));
      int step = 0;
      while (!stowage.rows("" + step, "actions.csv").isEmpty() && step < MOST_STEPS) {
        String held = folder.resolve("" + step++).resolve("next_held.csv").toString();
        int code = stowage.plan("" + step, "--held", held, "--config", stowage.at("plan.yaml"));
        assertThat(code).isIn(ExitCode.OK, ExitCode.INFEASIBLE);
      }
      assertThat(stowage.rows("" + step, "actions.csv")).isEmpty();
    } finally {
      delete(folder);
    }
  }

  private static PlanRunner drawn(Path folder, long seed, int floor) {
    Random random = new Random(seed);
    PlanRunner stowage = new PlanRunner(folder);
    workers(stowage, random);
    StringBuilder chunks =
        new StringBuilder(
            "dataset,chunk_id,first_block,last_block,size_bytes,weight,min_version,visible\n");
    int count = 1 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      chunks
          .append("d")
          .append(random.nextInt(2))
          .append(",c")
          .append(i)
          .append(',')
          .append(i * 10)
          .append(',')
          .append(i * 10 + 9)
          .append(',')
          .append(random.nextInt(60))
          .append(',')
          .append(1 + random.nextInt(5))
          .append(',')
          .append(random.nextInt(4) == 0 ? "1.0.0" : "")
          .append(',')
          .append(random.nextBoolean())
          .append('\n');
    }
    stowage.write("chunks.csv", chunks.toString());
    stowage.write(
        "plan.yaml",
        "min_replication: "
            + floor
            + "\nmax_replication: none\nsaturation: 0."
            + (5 + random.nextInt(5))
            + "\n");
    return stowage;
  }

  private static void workers(PlanRunner stowage, Random random) {
    StringBuilder workers = new StringBuilder("worker_id,capacity_bytes,zone,version,status\n");
    for (int i = 0; i < 6; i++) {
      workers
          .append('w')
          .append(i)
          .append(',')
          .append(100 * (1 + random.nextInt(4)))
          .append(",z")
          .append(i % 3)
          .append(',')
          .append(random.nextBoolean() ? "1.0.0" : "")
          .append(',')
          .append(STATUSES.get(random.nextInt(STATUSES.size())))
          .append('\n');
    }
    stowage.write("workers.csv", workers.toString());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
