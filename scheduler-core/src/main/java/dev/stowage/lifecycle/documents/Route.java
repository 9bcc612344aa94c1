package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Objects;

/** A visible chunk and the workers to ask for it, in the order of ids; none if unavailable. */
public record Route(
    ChunkKey key, BlockRange range, ChunkNumber number, long sizeBytes, List<WorkerId> workers) {
  static final Fields.Row<Route> ROW =
      Fields.Row.of(
          new Route(
              ChunkKey.of("-", "-"),
              BlockRange.of(0, 0),
              new ChunkNumber(Lineage.of(0), 1),
              0,
              List.of()),
          true,
          (to, it) -> {
            ChunkKey key = to.key(it.key);
            long first = to.number("first", it.range.first());
            long last = to.atLeast("last", first, it.range.last());
            BlockRange range = to.made(it.range, () -> BlockRange.of(first, last));
            ChunkNumber number = to.chunk("number", it.number);
            long sizeBytes = to.number("bytes", it.sizeBytes);
            List<WorkerId> workers = to.workers("workers", it.workers);
            return to.made(it, () -> new Route(key, range, number, sizeBytes, workers));
          });

  /** Copies the list; throws {@code NullPointerException} for nulls. */
  public Route {
    workers = List.copyOf(workers);
  }

  static Route of(ChunkFacts facts, int chunk, List<WorkerId> workers) {
    return new Route(
        facts.key(chunk),
        facts.range(chunk),
        Objects.requireNonNull(facts.number(chunk)),
        facts.sizeBytes(chunk),
        workers);
  }

  /** Reports whether no worker can be asked. */
  public boolean isUnavailable() {
    return workers.isEmpty();
  }
}
