package dev.stowage.lifecycle.planning;

import dev.stowage.command.own.PlanningAdvice.Newest;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.state.Tables;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that were never placed, in the order of their numbers, and which of them a plan
 * considers: those up to a bound. A new side of a swap is left out as a whole, with all sides that
 * rest on it.
 */
public final class NewChunks {
  /** Numbers without a chunk that waits are skipped up to this multiple of a part's size. */
  private static final int STEPS_A_CHUNK = 16;

  private final Tables tables;
  private final Optional<Newest> bound;
  private final Map<Long, Boolean> leftOut = new HashMap<>();

  NewChunks(Tables tables, Optional<Newest> bound) {
    this.tables = tables;
    this.bound = bound;
  }

  /**
   * Returns the last number of the chunks behind another one that a cycle considers next: as many
   * as it places, and the new sides of swaps that begin among them; empty if nothing waits behind.
   */
  public static Optional<Newest> next(Tables tables, @Nullable Newest after) {
    Newest newest = newest(tables);
    long most = tables.fleet.config().maxChunksPerCycle();
    if (tables.waitingChunks() <= most) {
      return Optional.empty();
    }
    long steps = most > Long.MAX_VALUE / STEPS_A_CHUNK ? Long.MAX_VALUE : most * STEPS_A_CHUNK;
    Newest at = after == null ? new Newest(0, 0) : after;
    Newest end = at;
    Set<Long> sides = new HashSet<>();
    for (long found = 0;
        at.compareTo(newest) < 0 && ((found < most && steps > 0) || at.compareTo(end) < 0);
        steps--) {
      at = behind(tables, at);
      int chunk = find(tables, at);
      if (chunk >= 0 && tables.waits(chunk)) {
        found++;
        long swap = tables.swaps.pendingProducing(chunk);
        if (swap != 0 && sides.add(swap)) {
          Newest last = endOf(tables, swap);
          end = last.compareTo(end) > 0 ? last : end;
        }
      }
    }
    return at.compareTo(newest) < 0 ? Optional.of(at) : Optional.empty();
  }

  private static Newest endOf(Tables tables, long swap) {
    Newest end = new Newest(0, 0);
    for (int chunk : newSide(tables, swap)) {
      if (tables.waits(chunk)) {
        Newest at =
            new Newest(tables.chunks.facts.lineage(chunk), tables.chunks.facts.counter(chunk));
        end = at.compareTo(end) > 0 ? at : end;
      }
    }
    return end;
  }

  private static Newest behind(Tables tables, Newest at) {
    boolean isLast = at.number() >= tables.fleet.lineages().get(at.lineage()).lastNumber();
    return isLast && at.lineage() < tables.fleet.lineages().size() - 1
        ? new Newest(at.lineage() + 1, 0)
        : new Newest(at.lineage(), at.number() + 1);
  }

  private static int find(Tables tables, Newest at) {
    return tables.chunks.find(
        tables.fleet.lineages().get(at.lineage()).token().token(), at.number());
  }

  public boolean isBounded() {
    return bound.isPresent();
  }

  /** Returns the newest number that is considered. */
  Newest last() {
    return bound.orElseGet(() -> newest(tables));
  }

  private static Newest newest(Tables tables) {
    return new Newest(tables.fleet.lineages().size() - 1, tables.fleet.present().lastNumber());
  }

  /** Reports whether these are at least as many as others. */
  boolean reach(NewChunks others) {
    return bound.isEmpty()
        || (others.bound.isPresent() && bound.get().compareTo(others.bound.get()) >= 0);
  }

  boolean isLeftOut(int chunk) {
    if (bound.isEmpty() || tables.chunks.isEstablished(chunk)) {
      return false;
    }
    long swap = tables.swaps.pendingProducing(chunk);
    return swap == 0 ? isBeyond(chunk) : judgeSide(swap);
  }

  private boolean isBeyond(int chunk) {
    Newest last = bound.orElseThrow();
    int lineage = tables.chunks.facts.lineage(chunk);
    return lineage == last.lineage()
        ? tables.chunks.facts.counter(chunk) > last.number()
        : lineage > last.lineage();
  }

  /** Judges each swap once, and those that it rests on first. */
  private boolean judgeSide(long asked) {
    Boolean known = leftOut.get(asked);
    if (known != null) {
      return known;
    }
    Deque<Long> open = new ArrayDeque<>(List.of(asked));
    while (!open.isEmpty()) {
      long swap = open.peek();
      List<Long> below = leftOut.containsKey(swap) ? List.of() : below(swap);
      if (leftOut.putIfAbsent(swap, false) == null && !below.isEmpty()) {
        below.forEach(open::push);
      } else {
        open.pop();
        leftOut.put(swap, isJudgedOut(swap));
      }
    }
    return leftOut.getOrDefault(asked, false);
  }

  private boolean isJudgedOut(long swap) {
    return below(swap).stream().anyMatch(it -> leftOut.getOrDefault(it, false))
        || newSide(tables, swap).stream()
            .anyMatch(it -> !tables.chunks.isEstablished(it) && isBeyond(it));
  }

  private List<Long> below(long swap) {
    SwapRow row = tables.swaps.row(swap);
    return row == null
        ? List.of()
        : row.oldChunks().stream()
            .map(key -> tables.swaps.pendingProducing(tables.chunks.find(key)))
            .filter(id -> id != 0)
            .distinct()
            .toList();
  }

  private static List<Integer> newSide(Tables tables, long swap) {
    SwapRow row = tables.swaps.row(swap);
    return row == null
        ? List.of()
        : row.newChunks().stream().map(tables.chunks::find).filter(it -> it >= 0).toList();
  }

  /** Visits what may be considered now and was not among the chunks of an earlier plan. */
  void forEachBehind(NewChunks earlier, IntConsumer visitor) {
    if (earlier.bound.isEmpty()) {
      return;
    }
    Newest last = last();
    Newest newest = newest(tables);
    Newest at = earlier.bound.get();
    while (at.compareTo(last) < 0 && at.compareTo(newest) < 0) {
      at = behind(tables, at);
      int chunk = find(tables, at);
      if (chunk >= 0) {
        visitor.accept(chunk);
      }
    }
    for (long swap : tables.swaps.pending()) {
      newSide(tables, swap).forEach(visitor::accept);
    }
  }
}
