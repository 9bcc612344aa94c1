package dev.stowage.sim.tool.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartDataTest {
  @Test
  void series_ofZeros_areLeftOut() throws JsonProcessingException {
    JsonNode data = data();
    assertThat(labels(data.get("causes"))).containsExactly("new", "repair", "growth", "balance");
    assertThat(labels(data.get("moving")))
        .containsExactly("draining", "superseded", "waiting for bytes");
  }

  @Test
  void events_ofARun_beginWhereTheCycleBeforeEnded() throws JsonProcessingException {
    JsonNode events = data().get("events");
    assertThat(events.get(0).get("from").asLong()).isZero();
    assertThat(events.get(1).get("from").asLong()).isEqualTo(events.get(0).get("to").asLong());
    assertThat(events.get(3).get("to").asLong()).isEqualTo(60 * 30);
  }

  @Test
  void deviation_ofAWorker_isInMillionthsOfTheLevelAndNullWhileItIsAway()
      throws JsonProcessingException {
    JsonNode rows = data().get("deviation");
    assertThat(rows.get(0).get("name").asText()).isEqualTo("mirror-00");
    assertThat(rows.get(1).get("name").asText()).isEqualTo("mirror-04");
    JsonNode first = rows.get(0).get("values");
    assertThat(first.get(0).asLong()).isEqualTo((70_000L - 850_000L) * 1_000_000 / 850_000);
    assertThat(first.get(59).asLong()).isZero();
    assertThat(rows.get(18).get("name").asText()).isEqualTo("mirror-09");
    assertThat(rows.get(18).get("values").get(59).asLong())
        .isEqualTo((862_000L - 425_000L) * 1_000_000 / 425_000);
    for (JsonNode row : rows) {
      assertThat(row.get("values").get(0).isNull())
          .isEqualTo(row.get("name").asText().compareTo("mirror-60") >= 0);
    }
  }

  private static JsonNode data() throws JsonProcessingException {
    return new ObjectMapper().readTree(new ChartData(SampleRun.of("r", List.of())).json());
  }

  private static List<String> labels(JsonNode series) {
    List<String> labels = new ArrayList<>();
    series.forEach(each -> labels.add(each.get("label").asText()));
    return labels;
  }
}
