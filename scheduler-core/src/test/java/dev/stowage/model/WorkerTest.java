package dev.stowage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.shape.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker's description, what its status allows, and who may hold a chunk. */
class WorkerTest {
  private static final Worker WORKER = Worker.of(WorkerId.of("w"), 10);

  @Test
  void worker_described_without_a_zone_is_a_zone_of_its_own() {
    assertThat(WORKER.zone()).isEqualTo("w");
    assertThat(WORKER.status()).isEqualTo(WorkerStatus.ACTIVE);
    assertThat(WORKER.version()).isEqualTo(WorkerVersion.ZERO);
    assertThat(WORKER.labels()).isEqualTo(Labels.NONE);
  }

  @Test
  void each_change_changes_one_part() {
    Worker changed =
        WORKER
            .withCapacityBytes(0)
            .withZone("z")
            .withVersion(WorkerVersion.parse("1.2.3"))
            .withLabels(Labels.of("ssd"))
            .withStatus(WorkerStatus.LEAVING)
            .withMaxReplicas(7);

    assertThat(changed)
        .isEqualTo(
            new Worker(
                WorkerId.of("w"),
                Shape.of(Worker.Description.class)
                    .draft(Worker.Description.of(0, "z"))
                    .with("version", WorkerVersion.parse("1.2.3"))
                    .with("labels", Labels.of("ssd"))
                    .with("max_replicas", 7)
                    .row(),
                WorkerStatus.LEAVING));
    assertThat(changed.isLimited()).isTrue();
    assertThat(WORKER.isLimited()).isFalse();
  }

  @Test
  void negative_capacity_and_a_zone_that_is_no_name_are_refused() {
    assertThatThrownBy(() -> WORKER.withCapacityBytes(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("description: capacity_bytes is -1; at least 0 is accepted");
    assertThatThrownBy(() -> WORKER.withZone(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("description: zone has 0 characters");
    assertThatThrownBy(() -> WORKER.withMaxReplicas(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("description: max_replicas is 0; 1 to 2147483647 is accepted");
  }

  @ParameterizedTest
  @CsvSource({
    "eu, 1, eu, eu//w, eu//w",
    "eu/hall-b, 2, eu, eu/hall-b, eu/hall-b//w",
    "eu/hall-b/rack-07, 3, eu, eu/hall-b, eu/hall-b/rack-07",
    "eu//rack-07, 1, eu, eu//rack-07//w, eu//rack-07//w",
    "/eu, 0, /eu//w, /eu//w, /eu//w",
    "w, 0, w, w//w, w//w",
    "w/x, 2, w, w/x, w/x//w"
  })
  void zone_is_a_path_and_what_it_lacks_is_a_domain_of_its_own(
      String zone, int levels, String first, String second, String third) {
    Worker worker = WORKER.withZone(zone);
    assertThat(worker.levels()).isEqualTo(levels);
    assertThat(worker.domain()).isEqualTo(first);
    assertThat(worker.domain(1)).isEqualTo(first);
    assertThat(worker.domain(2)).isEqualTo(second);
    assertThat(worker.domain(3)).isEqualTo(third);
  }

  @Test
  void worker_without_a_zone_is_a_domain_of_its_own_whatever_its_id() {
    Worker worker = Worker.of(WorkerId.of("host/7"), 1);
    assertThat(worker.levels()).isZero();
    assertThat(worker.domain()).isEqualTo("host/7");
    assertThat(worker.domain(2)).isEqualTo("host/7//host/7");
    assertThatThrownBy(() -> worker.domain(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("level is 0; at least 1 is accepted");
  }

  @ParameterizedTest
  @CsvSource({"eu, true", "eu/b, true", "/eu, false", "eu/, false", "eu//b, false", "/, false"})
  void path_has_no_empty_part(String zone, boolean accepted) {
    assertThat(Worker.isPath(zone)).isEqualTo(accepted);
  }

  @Test
  void null_parts_are_refused_by_name() {
    assertThatThrownBy(() -> Worker.of(null, 1)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> WORKER.withZone(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("zone");
    assertThatThrownBy(() -> WORKER.withVersion(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("version");
    assertThatThrownBy(() -> WORKER.withLabels(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("labels");
    assertThatThrownBy(() -> WORKER.withStatus(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("status");
    assertThatThrownBy(() -> new Eligibility(null, Labels.NONE))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("minVersion");
    assertThatThrownBy(() -> new Eligibility(WorkerVersion.ZERO, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("requiredLabels");
  }

  @ParameterizedTest
  @CsvSource({
    "ACTIVE, true, true, true",
    "CORDONED, true, true, false",
    "LEAVING, true, true, false",
    "SUSPECT, true, false, false",
    "DEPARTED, false, false, false"
  })
  void status_allows_what_its_row_says(
      WorkerStatus status, boolean present, boolean counted, boolean placeable) {
    assertThat(status.isPresent()).isEqualTo(present);
    assertThat(status.isCounted()).isEqualTo(counted);
    assertThat(status.isPlaceable()).isEqualTo(placeable);
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3, ssd;eu, true",
    "1.2.3, ssd, true",
    "1.2.3, '', true",
    "1.2.4, '', false",
    "1.10.0, '', false",
    "0.0.0, hdd, false",
    "1.2.3, ssd;hdd, false"
  })
  void chunk_may_be_held_by_a_worker_of_the_version_with_all_labels(
      String minVersion, String required, boolean admitted) {
    Worker worker =
        WORKER.withVersion(WorkerVersion.parse("1.2.3")).withLabels(Labels.of("eu", "ssd"));
    Labels labels = required.isEmpty() ? Labels.NONE : Labels.of(required.split(";", -1));
    Eligibility eligibility = new Eligibility(WorkerVersion.parse(minVersion), labels);

    assertThat(eligibility.admits(worker)).isEqualTo(admitted);
    assertThat(eligibility.admits(worker.withStatus(WorkerStatus.DEPARTED))).isEqualTo(admitted);
  }

  @Test
  void both_constraints_together_ask_for_the_higher_version_and_all_labels() {
    Eligibility left = new Eligibility(WorkerVersion.parse("1.0.0"), Labels.of("a", "b"));
    Eligibility right = new Eligibility(WorkerVersion.parse("0.9.0"), Labels.of("b", "c"));

    Eligibility both = new Eligibility(WorkerVersion.parse("1.0.0"), Labels.of("a", "b", "c"));
    assertThat(left.and(right)).isEqualTo(both);
    assertThat(right.and(left)).isEqualTo(both);
    assertThat(left.and(Eligibility.ANY)).isEqualTo(left);
  }

  @Test
  void workers_are_ordered_by_the_bytes_of_their_ids() {
    Worker supplementary = Worker.of(WorkerId.of("\ud800\udc00"), 1);
    Worker privateUse = Worker.of(WorkerId.of("\ue000"), 2);

    assertThat(Worker.CANONICAL_ORDER.compare(privateUse, supplementary)).isNegative();
    assertThat(PortalId.of("b")).isGreaterThan(PortalId.of("a"));
  }
}
