package dev.stowage.client;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one portal assignment, found by block and by key; no two overlap. Immutable: a
 * reader of several blocks sees one assignment in all of them.
 *
 * <p>A persistent map in two forms: sorted pages for each dataset, and hashed buckets of keys. A
 * book that a delta makes shares all pages and buckets that the delta does not touch.
 */
public final class RouteBook {
  /** The book of a portal that has taken nothing. */
  static final RouteBook EMPTY =
      new RouteBook(Lineage.of(0), PortalAssignmentId.of(0), Map.of(), new Route[1][0], 0);

  private static final Comparator<Route> BY_BLOCK =
      Comparator.comparingLong(route -> route.range().first());

  private static final Route[] NO_PAGE = {};
  private static final Route[][] NO_PAGES = {};
  private static final int PAGE = 64;
  private static final int BUCKET = 4;

  private final Lineage lineage;
  private final PortalAssignmentId id;
  private final Map<DatasetId, Route[][]> pages;
  private final Route[][] buckets;
  private final int size;

  private RouteBook(
      Lineage lineage,
      PortalAssignmentId id,
      Map<DatasetId, Route[][]> pages,
      Route[][] buckets,
      int size) {
    this.lineage = lineage;
    this.id = id;
    this.pages = pages;
    this.buckets = buckets;
    this.size = size;
  }

  /** Returns the book of a full document; throws {@link IllegalArgumentException} for a delta. */
  public static RouteBook of(RoutesDocument full) {
    if (!full.isFull()) {
      throw new IllegalArgumentException("a delta from " + full.from() + " has nothing to change");
    }
    return EMPTY.after(full);
  }

  /** Returns the lineage of the assignment. */
  public Lineage lineage() {
    return lineage;
  }

  /** Returns the assignment; 0 before the first. */
  public PortalAssignmentId id() {
    return id;
  }

  /** Returns the number of routes. */
  public int size() {
    return size;
  }

  /** Returns the route of the chunk that covers a block. */
  public Optional<Route> at(DatasetId dataset, long block) {
    Route[][] all = pages.getOrDefault(dataset, NO_PAGES);
    int page = floor(all, block);
    if (page < 0) {
      return Optional.empty();
    }
    Route[] near = all[page];
    Route found = near[floor(near.length, place -> near[place], block)];
    return found.range().last() < block ? Optional.empty() : Optional.of(found);
  }

  // The last page that begins at or before a block, or -1.
  private static int floor(Route[][] pages, long block) {
    return floor(pages.length, place -> pages[place][0], block);
  }

  private static int floor(int length, IntFunction<Route> routes, long block) {
    int low = -1;
    int high = length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (routes.apply(middle).range().first() <= block) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Returns the route of a chunk. */
  public Optional<Route> of(ChunkKey key) {
    for (Route route : buckets[bucket(key, buckets.length)]) {
      if (route.key().equals(key)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  private static int bucket(ChunkKey key, int buckets) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 16) & (buckets - 1);
  }

  /** Returns the routes by dataset and first block. */
  public List<Route> routes() {
    List<Route> all = new ArrayList<>(size);
    for (Route[][] dataset : new TreeMap<>(pages).values()) {
      for (Route[] page : dataset) {
        Collections.addAll(all, page);
      }
    }
    return all;
  }

  /**
   * Returns the routes to which {@code other} has no equal, by dataset and first block, in time
   * that grows with what the two do not share.
   */
  public List<Route> without(RouteBook other) {
    List<Route> all = new ArrayList<>();
    forEachUnshared(other, (page, theirs) -> addWithoutEqual(page, theirs, all));
    return all;
  }

  // A merge by first block: an equal route begins where this one does.
  private static void addWithoutEqual(Route[] mine, Route[][] theirs, List<Route> into) {
    int page = Math.max(0, floor(theirs, mine[0].range().first()));
    int place = 0;
    for (Route route : mine) {
      long first = route.range().first();
      while (page + 1 < theirs.length && theirs[page + 1][0].range().first() <= first) {
        page++;
        place = 0;
      }
      Route[] near = page < theirs.length ? theirs[page] : NO_PAGE;
      while (place + 1 < near.length && near[place + 1].range().first() <= first) {
        place++;
      }
      if (near.length == 0 || !near[place].equals(route)) {
        into.add(route);
      }
    }
  }

  private void forEachUnshared(RouteBook other, BiConsumer<Route[], Route[][]> visitor) {
    new TreeMap<>(pages)
        .forEach((dataset, mine) -> {
          Route[][] theirs = other.pages.getOrDefault(dataset, NO_PAGES);
          if (mine != theirs) {
            Set<Route[]> shared = Collections.newSetFromMap(new IdentityHashMap<>());
            Collections.addAll(shared, theirs);
            for (Route[] page : mine) {
              if (!shared.contains(page)) {
                visitor.accept(page, theirs);
              }
            }
          }
        });
  }

  // The number of routes that the other book holds in none of its pages.
  int unshared(RouteBook other) {
    int[] count = new int[1];
    forEachUnshared(other, (page, theirs) -> count[0] += page.length);
    return count[0];
  }

  /**
   * Returns the book after a document: a full one, or a delta from this assignment. Throws {@link
   * IllegalArgumentException} for another delta, and if routes would overlap.
   */
  public RouteBook after(RoutesDocument document) {
    if (document.isFull()) {
      return new Draft(EMPTY).with(document);
    }
    if (!document.from().orElseThrow().equals(id) || !document.lineage().equals(lineage)) {
      throw new IllegalArgumentException(
          "a delta from assignment "
              + document.from().orElseThrow()
              + " of lineage "
              + document.lineage()
              + " does not continue assignment "
              + id
              + " of lineage "
              + lineage);
    }
    return document.removed().isEmpty() && document.put().isEmpty()
        ? new RouteBook(lineage, document.id(), pages, buckets, size)
        : new Draft(this).with(document);
  }

  /** The changes to a book. */
  private static final class Draft {
    private final Map<DatasetId, Route[][]> pages;
    private final Map<DatasetId, Edit> edits = new HashMap<>();
    private Route[][] buckets;
    private int size;

    /** The changes to a dataset. */
    private static final class Edit {
      final List<Route> gone = new ArrayList<>();
      final List<Route> come = new ArrayList<>();
    }

    Draft(RouteBook from) {
      pages = new HashMap<>(from.pages);
      buckets = from.buckets.clone();
      size = from.size;
    }

    RouteBook with(RoutesDocument document) {
      document.removed().forEach(this::remove);
      document.put().forEach(route -> remove(route.key()));
      document.put().forEach(this::put);
      edits.forEach((dataset, edit) -> {
        edit.gone.sort(BY_BLOCK);
        Route[][] edited = new Merge(edit).over(pages.getOrDefault(dataset, NO_PAGES));
        if (edited.length == 0) {
          pages.remove(dataset);
        } else {
          pages.put(dataset, edited);
        }
      });
      return new RouteBook(document.lineage(), document.id(), pages, buckets, size);
    }

    private Edit edit(Route route) {
      return edits.computeIfAbsent(route.key().dataset(), any -> new Edit());
    }

    private void remove(ChunkKey key) {
      int bucket = bucket(key, buckets.length);
      Route[] routes = buckets[bucket];
      for (int i = 0; i < routes.length; i++) {
        if (routes[i].key().equals(key)) {
          edit(routes[i]).gone.add(routes[i]);
          Route[] fewer = Arrays.copyOf(routes, routes.length - 1);
          System.arraycopy(routes, i + 1, fewer, i, fewer.length - i);
          buckets[bucket] = fewer;
          size--;
          return;
        }
      }
    }

    private void put(Route route) {
      edit(route).come.add(route);
      if (size >= buckets.length * BUCKET) {
        grow();
      }
      add(route);
      size++;
    }

    private void grow() {
      Route[][] old = buckets;
      buckets = new Route[old.length * BUCKET][];
      Arrays.fill(buckets, EMPTY.buckets[0]);
      for (Route[] routes : old) {
        for (Route route : routes) {
          add(route);
        }
      }
    }

    private void add(Route route) {
      int bucket = bucket(route.key(), buckets.length);
      Route[] more = Arrays.copyOf(buckets[bucket], buckets[bucket].length + 1);
      more[more.length - 1] = route;
      buckets[bucket] = more;
    }
  }

  /** Merges the changes to a dataset into its pages, and shares pages without changes. */
  private static final class Merge {
    private final List<Route> gone;
    private final List<Route> come;
    private final List<Route[]> pages = new ArrayList<>();
    private final List<Route> open = new ArrayList<>();
    private @Nullable Route last;
    private int went;
    private int came;

    Merge(Draft.Edit edit) {
      gone = edit.gone;
      come = edit.come;
    }

    Route[][] over(Route[][] old) {
      for (int at = 0; at < old.length; at++) {
        long end = at + 1 < old.length ? old[at + 1][0].range().first() - 1 : Long.MAX_VALUE;
        if (open.isEmpty() && !isUpTo(gone, went, end) && !isUpTo(come, came, end)) {
          follows(old[at][0]);
          last = old[at][old[at].length - 1];
          pages.add(old[at]);
        } else {
          merge(old[at], end);
        }
      }
      addUpTo(Long.MAX_VALUE);
      close();
      return pages.toArray(NO_PAGES);
    }

    private static boolean isUpTo(List<Route> routes, int at, long end) {
      return at < routes.size() && routes.get(at).range().first() <= end;
    }

    private void addUpTo(long end) {
      while (isUpTo(come, came, end)) {
        add(come.get(came++));
      }
    }

    private void merge(Route[] page, long end) {
      for (Route route : page) {
        addUpTo(route.range().first() - 1);
        if (went < gone.size() && gone.get(went) == route) {
          went++;
        } else {
          add(route);
        }
      }
      addUpTo(end);
      if (open.size() >= PAGE / 2) {
        close();
      }
    }

    private void add(Route route) {
      follows(route);
      last = route;
      open.add(route);
    }

    private void follows(Route route) {
      Route before = last;
      if (before != null && before.range().last() >= route.range().first()) {
        throw new IllegalArgumentException(route.key() + " overlaps " + before.key());
      }
    }

    private void close() {
      int count = (open.size() + PAGE - 1) / PAGE;
      for (int i = 0; i < count; i++) {
        int from = (int) ((long) open.size() * i / count);
        int to = (int) ((long) open.size() * (i + 1) / count);
        pages.add(open.subList(from, to).toArray(new Route[0]));
      }
      open.clear();
    }
  }
}
