package dev.stowage.sim.tool.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonSummaryTest {
  @Test
  void summary_ofARun_hasTheKeysThatScriptsRead() {
    JsonNode root = JsonSummary.of(SampleRun.of("r", List.of("x")));
    assertThat(root.get("violations").asInt()).isEqualTo(1);
    assertThat(root.get("corrections_fired").asInt()).isEqualTo(1_028);
    assertThat(root.get("corrections").asInt()).isEqualTo(1_028);
    assertThat(root.get("max_over_mean_fill").asDouble()).isEqualTo(1.0123);
    assertThat(root.get("cycles").asInt()).isEqualTo(60);
    assertThat(root.get("seconds").asDouble()).isEqualTo(31.4);
    assertThat(root.get("plan_hashes")).hasSize(60);
    assertThat(root.get("stuck").asInt()).isEqualTo(2);
    assertThat(root.get("stuck_bytes").asLong()).isEqualTo(3_001_000_000L);
    assertThat(root.get("leaving").toString())
        .isEqualTo(
            "[{\"worker\":\"mirror-09\",\"replicas\":41,\"bytes\":7000000000,"
                + "\"stuck_replicas\":1,\"stuck_bytes\":3000000000}]");
    assertThat(root.get("domains").get(0).toString())
        .isEqualTo("{\"level\":2,\"domains\":21,\"most\":2,\"reached\":2}");
    assertThat(root.get("groups")).hasSize(2);
    assertThat(root.get("groups").get(1).get("level").asDouble()).isEqualTo(0.31);
    assertThat(root.get("groups").get(1).get("workers").asInt()).isEqualTo(1);
    assertThat(root.get("events").get(0).get("name").asText()).isEqualTo("fill");
    assertThat(root.get("events").get(0).get("bytes_moved").asLong()).isEqualTo(475_000_000_000L);
    assertThat(root.get("events").get(0).get("bytes_minimum").asLong()).isEqualTo(475_000_000_000L);
    assertThat(root.get("events").get(0).get("ticks_until_whole").asLong())
        .isEqualTo(RunRecord.NEVER);
    assertThat(root.get("events").get(2).get("most_under_floor").asLong()).isEqualTo(12);
    assertThat(root.get("events").get(2).get("most_unreadable").asLong()).isEqualTo(1);
  }
}
