package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Tests the promises for the files of any fleet. */
class PlanPromisesTest {
  private static final List<String> EXACT =
      List.of(
          "placement.csv",
          "actions.csv",
          "deferred.csv",
          "shortfalls.csv",
          "stuck.csv",
          "next_held.csv");

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void plan_ofRowsInAnyOrder_isEqual_andConsistentInItsFiles(@ForAll long seed) throws IOException {
    try (DrawnPlan drawn = new DrawnPlan(seed)) {
      int code = drawn.plan("1");
      assertThat(code).as(drawn.stowage.err()).isIn(ExitCode.OK, ExitCode.INFEASIBLE);
      drawn.shuffle(seed);
      assertThat(drawn.plan("2")).isEqualTo(code);
      assertThat(drawn.stowage.summary("2").get("plan_hash"))
          .isEqualTo(drawn.stowage.summary("1").get("plan_hash"));
      for (String file : EXACT) {
        assertThat(drawn.stowage.text("2", file)).isEqualTo(drawn.stowage.text("1", file));
      }
      PlanRunner stowage = drawn.stowage;
      JsonNode summary = stowage.summary("1");
      int stuck = stowage.rows("1", "stuck.csv").size();
      boolean isShort =
          stowage.rows("1", "deferred.csv").size() + stowage.rows("1", "shortfalls.csv").size() > 0
              || stuck > 0;
      assertThat(summary.get("stuck").asInt()).isEqualTo(stuck);
      assertThat(summary.get("bytes_minimum").asLong())
          .isBetween(0L, summary.get("bytes_added").asLong());
      assertThat(code).isEqualTo(isShort ? ExitCode.INFEASIBLE : ExitCode.OK);
      assertThat(summary.get("deferred").asInt())
          .isEqualTo(stowage.rows("1", "deferred.csv").size());
      long added = 0;
      Set<String> seen = new HashSet<>();
      for (String row : stowage.rows("1", "actions.csv")) {
        String[] fields = row.split(",", -1);
        assertThat(seen.add(fields[1] + "," + fields[2] + "," + fields[3])).as(row).isTrue();
        added += fields[0].equals("add") ? Long.parseLong(fields[4]) : 0;
      }
      assertThat(summary.get("bytes_added").asLong()).isEqualTo(added);
      String chunk = stowage.rows("1", "placement.csv").stream().findFirst().orElse("");
      if (!chunk.isEmpty()) {
        String[] fields = chunk.split(",", -1);
        String name = fields[0] + "/" + fields[1];
        assertThat(stowage.run(List.of("explain", stowage.at("1"), name))).isEqualTo(ExitCode.OK);
        assertThat(stowage.out()).startsWith(name + "\n").contains("on " + fields[2] + ": ");
      }
    }
  }
}
