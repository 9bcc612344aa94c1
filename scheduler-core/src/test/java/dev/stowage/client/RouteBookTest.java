package dev.stowage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RouteBookTest {
  private static final Comparator<Route> ORDER =
      Comparator.comparing((Route it) -> it.key().dataset())
          .thenComparingLong(it -> it.range().first());

  private static Route route(String dataset, long counter, long first, long last, String worker) {
    return new Route(
        ChunkKey.of(dataset, "c" + counter),
        BlockRange.of(first, last),
        Script.number(counter),
        100,
        List.of(WorkerId.of(worker)));
  }

  private static Route route(long counter, long first) {
    return route("d", counter, first, first + 9, "w");
  }

  private static RoutesDocument full(long id, List<Route> routes) {
    return new RoutesDocument(
        Script.LINEAGE, PortalAssignmentId.of(id), Optional.empty(), List.of(), routes);
  }

  private static RoutesDocument delta(long from, List<ChunkKey> removed, List<Route> put) {
    return new RoutesDocument(
        Script.LINEAGE,
        PortalAssignmentId.of(from + 1),
        Optional.of(PortalAssignmentId.of(from)),
        removed,
        put);
  }

  @Test
  void book_afterManyDeltas_answersAsASortedMapDoes() {
    for (long seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      TreeMap<Integer, Route> places = new TreeMap<>();
      RouteBook book = RouteBook.of(full(1, List.of()));
      for (long id = 1; id < 60; id++) {
        RouteBook before = book;
        book = book.after(drawn(random, places, id));
        judge(book, before, places);
      }
    }
  }

  /** Changes places, each of ten blocks, and returns the delta that says so. */
  private static RoutesDocument drawn(Random random, TreeMap<Integer, Route> places, long from) {
    List<ChunkKey> removed = new ArrayList<>();
    List<Route> put = new ArrayList<>();
    int first = random.nextInt(300);
    int end = first + (random.nextInt(4) == 0 ? 150 : random.nextInt(5));
    int likely = random.nextInt(101);
    for (int place = first; place < end; place++) {
      Route old = places.get(place);
      if (random.nextInt(100) < likely) {
        long counter = old == null || random.nextBoolean() ? from * 1_000 + place : counter(old);
        String dataset = place % 2 == 0 ? "d" : "e";
        long block = place * 10L;
        Route made = route(dataset, counter, block, block + 9, "w" + random.nextInt(3));
        if (old != null && !old.key().equals(made.key())) {
          removed.add(old.key());
        }
        places.put(place, made);
        put.add(made);
      } else if (old != null && random.nextBoolean()) {
        removed.add(old.key());
        places.remove(place);
      }
    }
    removed.sort(null);
    put.sort(ORDER);
    return delta(from, removed, put);
  }

  private static long counter(Route route) {
    return route.number().counter();
  }

  private static void judge(RouteBook book, RouteBook before, TreeMap<Integer, Route> places) {
    List<Route> sorted = new ArrayList<>(places.values());
    sorted.sort(ORDER);
    assertThat(book.routes()).isEqualTo(sorted);
    assertThat(book.size()).isEqualTo(sorted.size());
    for (int place = 0; place < 460; place++) {
      DatasetId dataset = DatasetId.of(place % 2 == 0 ? "d" : "e");
      Optional<Route> there = Optional.ofNullable(places.get(place));
      assertThat(book.at(dataset, place * 10L)).isEqualTo(there);
      assertThat(book.at(dataset, place * 10L + 9)).isEqualTo(there);
      there.ifPresent(it -> assertThat(book.of(it.key())).contains(it));
    }
    List<Route> gone = new ArrayList<>(before.routes());
    gone.removeAll(sorted);
    assertThat(before.without(book)).isEqualTo(gone);
    gone.forEach(it -> assertThat(book.of(it.key())).isNotEqualTo(Optional.of(it)));
    List<Route> come = new ArrayList<>(sorted);
    come.removeAll(before.routes());
    assertThat(book.without(before)).isEqualTo(come);
  }

  @Test
  void delta_toLargerBooks_touchesAsFewPages() {
    assertThat(unshared(640)).isEqualTo(unshared(64_000)).isPositive();
  }

  /** Returns the routes in pages that a delta of one route replaces. */
  private static int unshared(int size) {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      routes.add(route(i + 1, i * 10L));
    }
    RouteBook book = RouteBook.of(full(1, routes));
    Route other = route("d", 501, 5_000, 5_009, "other");
    return book.after(delta(1, List.of(), List.of(other))).unshared(book);
  }

  @Test
  void delta_atTheLastBlock_isTaken() {
    Route last = route("d", 1, Long.MAX_VALUE, Long.MAX_VALUE, "w");
    RouteBook book = RouteBook.of(full(1, List.of(last)));
    assertThat(book.at(DatasetId.of("d"), Long.MAX_VALUE)).contains(last);
    assertThat(book.after(delta(1, List.of(last.key()), List.of())).size()).isZero();
  }

  @Test
  void delta_thatOverlapsWhatStays_isRefused() {
    List<Route> many = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      many.add(route(i + 1, i * 10L));
    }
    RouteBook book = RouteBook.of(full(1, many));
    for (long first : List.of(0L, 5L, 635L, 640L, 1_985L)) {
      RoutesDocument both = delta(1, List.of(), List.of(route(999, first)));
      assertThatThrownBy(() -> book.after(both))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("overlaps");
    }
    Route wide = route("d", 999, 1_990, 9_999, "w");
    assertThatThrownBy(() -> book.after(delta(1, List.of(), List.of(wide))))
        .isInstanceOf(IllegalArgumentException.class);
    ChunkKey replaced = many.get(199).key();
    assertThat(book.after(delta(1, List.of(replaced), List.of(wide))).of(wide.key()))
        .contains(wide);
  }

  @Test
  void delta_fromAnotherAssignment_isRefused() {
    RouteBook book = RouteBook.of(full(3, List.of(route(1, 0))));
    assertThatThrownBy(() -> book.after(delta(2, List.of(), List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not continue");
    assertThatThrownBy(() -> RouteBook.of(delta(2, List.of(), List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
