package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkNumber;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Routes by the number of their chunk, in pages. An index made from another one shares its
 * unchanged pages, because lagging portals keep many tables that differ little. Immutable.
 */
final class RouteIndex {
  private static final int SHIFT = 7;
  private static final int MASK = (1 << SHIFT) - 1;

  private final Map<Long, @Nullable Route[][]> pagesOf;
  private final boolean isUnique;

  private RouteIndex(Draft draft) {
    this.pagesOf = draft.pagesOf;
    this.isUnique = draft.isUnique;
  }

  /** Creates an index; of several routes with one number it finds the last. */
  static RouteIndex of(List<Route> routes) {
    Draft draft = new Draft(Map.of());
    routes.forEach(draft::add);
    return new RouteIndex(draft);
  }

  /** Reports whether no two routes have one number. */
  boolean isUnique() {
    return isUnique;
  }

  @Nullable Route get(ChunkNumber number) {
    @Nullable Route[][] pages = pagesOf.get(number.lineage().token());
    int page = pageOf(number);
    return pages == null || page >= pages.length || pages[page] == null
        ? null
        : pages[page][placeOf(number)];
  }

  /**
   * Returns an index without the routes of {@code gone} and with those of {@code come}; it is not
   * unique if any of its numbers was, or becomes, ambiguous.
   */
  RouteIndex changed(List<Route> gone, List<Route> come) {
    Draft draft = new Draft(pagesOf);
    draft.isUnique = isUnique;
    gone.forEach(draft::remove);
    come.forEach(draft::add);
    return new RouteIndex(draft);
  }

  private static int pageOf(ChunkNumber number) {
    return Math.toIntExact(number.counter() >>> SHIFT);
  }

  private static int placeOf(ChunkNumber number) {
    return (int) number.counter() & MASK;
  }

  /** A changed copy of an index. Copies each page once, before the first write. */
  private static final class Draft {
    private final Map<Long, @Nullable Route[][]> pagesOf;
    private final Map<Long, boolean[]> own = new TreeMap<>();
    private boolean isUnique = true;

    Draft(Map<Long, @Nullable Route[][]> shared) {
      pagesOf = new TreeMap<>(shared);
    }

    void add(Route route) {
      @Nullable Route[] page = page(route.number());
      int place = placeOf(route.number());
      isUnique &= page[place] == null;
      page[place] = route;
    }

    void remove(Route route) {
      @Nullable Route[] page = page(route.number());
      int place = placeOf(route.number());
      isUnique &= page[place] != null;
      page[place] = null;
    }

    private @Nullable Route[] page(ChunkNumber number) {
      Long lineage = number.lineage().token();
      int page = pageOf(number);
      @Nullable Route[][] pages = pagesOf.get(lineage);
      boolean[] mine = own.get(lineage);
      if (pages == null || mine == null || page >= pages.length) {
        int most = Math.max(pages == null ? 0 : pages.length, page + 1 + page / 2);
        pages = pages == null ? new Route[most][] : Arrays.copyOf(pages, most);
        mine = mine == null ? new boolean[most] : Arrays.copyOf(mine, most);
        pagesOf.put(lineage, pages);
        own.put(lineage, mine);
      }
      if (!mine[page]) {
        Route[] old = pages[page];
        pages[page] = old == null ? new Route[MASK + 1] : old.clone();
        mine[page] = true;
      }
      return pages[page];
    }
  }
}
