package dev.stowage.lifecycle.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteTest {
  private static final int WORKERS = 60;
  private static final int CHUNKS = 1_500;
  private static final int READERS = 60;
  private static final double MOST = 1.3;

  private static Route route(int chunk, Map<WorkerId, String> zoned) {
    Map<WorkerId, String> sorted = new TreeMap<>(zoned);
    return new Route(
        ChunkKey.of("logs", "c" + chunk),
        BlockRange.of(chunk, chunk),
        new ChunkNumber(Lineage.of(1), chunk + 1),
        1,
        List.copyOf(sorted.keySet()),
        List.copyOf(sorted.values()));
  }

  private static Route route(String... workersAndZones) {
    Map<WorkerId, String> zoned = new HashMap<>();
    for (int i = 0; i < workersAndZones.length; i += 2) {
      zoned.put(WorkerId.of(workersAndZones[i]), workersAndZones[i + 1]);
    }
    return route(7, zoned);
  }

  private static List<String> order(Route route, String zone, String... pressed) {
    return route.workersFor("r", zone, worker -> List.of(pressed).contains(worker.value())).stream()
        .map(WorkerId::value)
        .toList();
  }

  /** Returns the reads of the busiest worker over the mean; each reader reads each chunk once. */
  private static double busiestOverMean(
      int workers, int chunks, int readers, int zones, IntFunction<String> path) {
    Map<WorkerId, Integer> reads = new HashMap<>();
    int[] held = new int[workers];
    Random random = new Random(65);
    for (int chunk = 0; chunk < chunks; chunk++) {
      Map<WorkerId, String> holders = new HashMap<>();
      int zone = random.nextInt(zones);
      for (int copy = 0; copy < 3; copy++) {
        int worker = emptiest(held, (zone + copy) % zones, zones, holders, random);
        held[worker]++;
        holders.put(worker(worker), path.apply(worker));
      }
      Route route = route(chunk, holders);
      for (int reader = 0; reader < readers; reader++) {
        String from = path.apply(reader * workers / readers);
        reads.merge(route.workersFor("reader-" + reader, from).get(0), 1, Integer::sum);
      }
    }
    double mean = (double) chunks * readers / workers;
    return reads.values().stream().mapToInt(it -> it).max().orElseThrow() / mean;
  }

  /** Returns a worker of a zone that holds the fewest chunks and not this one. */
  private static int emptiest(
      int[] held, int zone, int zones, Map<WorkerId, String> holders, Random random) {
    int start = random.nextInt(held.length);
    int best = -1;
    for (int i = 0; i < held.length; i++) {
      int worker = (start + i) % held.length;
      boolean isFit = worker * zones / held.length == zone && !holders.containsKey(worker(worker));
      if (isFit && (best < 0 || held[worker] < held[best])) {
        best = worker;
      }
    }
    return best;
  }

  private static WorkerId worker(int number) {
    return WorkerId.of("worker-" + (1_000 + number));
  }

  @Test
  void reads_withoutZones_areSpread() {
    assertThat(busiestOverMean(WORKERS, CHUNKS, READERS, 1, worker -> "")).isLessThan(MOST);
  }

  @Test
  void reads_ofReadersInTheZonesOfWorkers_areSpread() {
    for (int zones : List.of(2, 3, 4, 10)) {
      IntFunction<String> halls = worker -> "eu/hall-" + worker * zones / WORKERS;
      assertThat(busiestOverMean(WORKERS, CHUNKS, READERS, zones, halls))
          .as("%s zones", zones)
          .isLessThan(MOST);
    }
    IntFunction<String> racks = worker -> "eu/hall-" + worker / 15 + "/rack-" + worker % 15 / 3;
    assertThat(busiestOverMean(WORKERS, CHUNKS, READERS, 4, racks)).isLessThan(MOST);
  }

  @Test
  void worker_sharingMoreLevels_isAskedFirst() {
    Route route =
        route("a", "eu/h1/r1", "b", "eu/h1/r2", "c", "eu/h10/r1", "d", "us/h1/r1", "e", "eu/h1");
    assertThat(order(route, "eu/h1/r2")).startsWith("b").endsWith("c", "d");
    assertThat(order(route, "us/h1/r9")).startsWith("d");
    assertThat(order(route, "eu/h10").get(0)).isEqualTo("c");
    assertThat(order(route, "eu/h1/r1/shelf").get(0)).isEqualTo("a");
  }

  @Test
  void reader_withoutAZone_orOfAnUnknownOne_getsTheOrderOfAFleetWithoutZones() {
    Route zoned = route("a", "eu/h1", "b", "eu/h2", "c", "us", "d", "");
    Route plain = route("a", "", "b", "", "c", "", "d", "");
    assertThat(plain.zones()).isEmpty();
    assertThat(order(zoned, "")).isEqualTo(order(plain, "eu/h1"));
    assertThat(order(zoned, "mars/h1")).isEqualTo(order(plain, ""));
    assertThat(order(zoned, "eu/h1").get(0)).isEqualTo("a");
  }

  @Test
  void worker_underPressure_isLast_whateverItsZone() {
    Route route = route("a", "eu/h1", "b", "eu/h2", "c", "us/h1");
    assertThat(order(route, "eu/h1", "a", "c")).containsExactly("b", "a", "c");
    assertThat(order(route, "eu/h1", "a", "b", "c")).containsExactly("a", "b", "c");
  }

  @Test
  void worker_thatGoes_movesNoReadOfTheOthers() {
    Map<WorkerId, String> all = new HashMap<>();
    IntStream.range(0, 9).forEach(i -> all.put(WorkerId.of("w" + i), ""));
    for (int reader = 0; reader < 50; reader++) {
      List<WorkerId> before = new ArrayList<>(route(1, all).workersFor("r" + reader, ""));
      Map<WorkerId, String> fewer = new HashMap<>(all);
      fewer.remove(WorkerId.of("w4"));
      before.remove(WorkerId.of("w4"));
      assertThat(route(1, fewer).workersFor("r" + reader, "")).isEqualTo(before);
    }
  }

  @Test
  void workers_ofAnyNumber_areAllInTheAnswer() {
    assertThat(route().workersFor("r", "eu")).isEmpty();
    for (int count : List.of(1, 2, 3, 1_000)) {
      Map<WorkerId, String> all = new HashMap<>();
      IntStream.range(0, count).forEach(i -> all.put(WorkerId.of("w" + i), "z" + i % 3));
      Route route = route(1, all);
      assertThat(route.workersFor("r", "z1")).containsExactlyInAnyOrderElementsOf(route.workers());
      assertThat(route.workers()).isSorted();
    }
  }

  @Test
  void nonsense_isRefused() {
    Route route = route("a", "eu");
    assertThatThrownBy(() -> route.workersFor("", "eu"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reader's name is empty");
    for (String zone : List.of("/eu", "eu/", "eu//h1")) {
      assertThatThrownBy(() -> route.workersFor("r", zone))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(zone);
      assertThatThrownBy(() -> route("a", zone))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(zone);
    }
    assertThatThrownBy(() -> route.workersFor(null, "eu")).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> route.workersFor("r", null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() ->
            new Route(route.key(), route.range(), route.number(), 1, List.of(), List.of("eu")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 workers and 1 zones");
  }

  @Test
  void document_withAWorkerInTwoZones_isRefused() {
    Route one = route(1, Map.of(WorkerId.of("a"), "eu"));
    for (String other : List.of("us", "")) {
      Route two = route(2, Map.of(WorkerId.of("a"), other));
      assertThatThrownBy(() ->
              new RoutesDocument(
                  Lineage.of(1),
                  PortalAssignmentId.of(1),
                  Optional.empty(),
                  List.of(),
                  List.of(one, two)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a is in zone eu");
    }
  }

  @Test
  void zones_thatAreMalformed_areRefused() {
    String head =
        "{\"format\":\"stowage.portal-assignment\",\"version\":1,"
            + "\"lineage\":\"0000000000000001\",\"id\":1,\"zones\":";
    String put =
        ",\"put\":[{\"dataset\":\"d\",\"chunk\":\"c\",\"first\":0,\"last\":1,"
            + "\"number\":\"0000000000000001-1\",\"bytes\":1,\"workers\":[\"a\"]}]}";
    assertThat(read(head + "[{\"worker\":\"a\",\"zone\":\"eu\"}]" + put).put().get(0).zones())
        .containsExactly("eu");
    for (String zones :
        List.of(
            "[{\"worker\":\"a\",\"zone\":\"\"}]",
            "[{\"worker\":\"a\",\"zone\":\"eu//b\"}]",
            "[{\"worker\":\"b\",\"zone\":\"eu\"}]",
            "[{\"worker\":\"a\",\"zone\":\"eu\"},{\"worker\":\"a\",\"zone\":\"us\"}]")) {
      assertThatThrownBy(() -> read(head + zones + put))
          .as(zones)
          .isInstanceOf(DocumentException.Malformed.class);
    }
  }

  private static RoutesDocument read(String json) {
    return DocumentFormat.JSON.readRoutes(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
