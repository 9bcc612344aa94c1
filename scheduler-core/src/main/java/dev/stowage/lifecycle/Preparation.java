package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.ActionKind;
import dev.stowage.placement.Cause;
import dev.stowage.placement.Explanation;
import dev.stowage.placement.PlacementPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a host plans from, outside of any transaction; see {@link Lifecycle#prepare}. The state may
 * go on meanwhile. One thread at a time.
 */
public final class Preparation {
  private final Tables tables;
  private final Prepared prepared;
  private @Nullable PlacementPlan plan;

  Preparation(Tables tables, Prepared prepared) {
    this.tables = tables;
    this.prepared = prepared;
  }

  /**
   * The plan, made by the planner of the lifecycle when it is asked for first.
   *
   * @throws IllegalStateException if the state was prepared anew before that
   */
  public PlacementPlan plan() {
    PlacementPlan made = plan;
    if (made == null) {
      made = prepared.source().plan();
      plan = made;
    }
    return made;
  }

  /**
   * The chunks of which the plan gives up replicas because they have too many, in canonical order.
   */
  public List<ChunkKey> shrunk() {
    List<ChunkKey> chunks = new ArrayList<>();
    PlacementPlan made = plan();
    int last = ReplicaTable.NONE;
    for (int action = 0; action < made.actionCount(); action++) {
      boolean shrinks =
          made.kind(action) == ActionKind.SUPERSEDE && made.cause(action) == Cause.SHRINK;
      if (shrinks && made.actionChunk(action) != last) {
        last = made.actionChunk(action);
        chunks.add(chunk(last));
      }
    }
    return chunks;
  }

  /** The chunk that the plan calls by a number. */
  public ChunkKey chunk(int number) {
    return prepared.facts().key(prepared.source().chunk(number));
  }

  /** The worker that the plan calls by a number; to be asked before the state goes on. */
  public WorkerId worker(int number) {
    return tables.workers.entry(prepared.source().worker(number)).description.id();
  }

  /**
   * Why a chunk is where the plan has it, or is deferred; to be asked before the state goes on.
   *
   * @return empty if nothing is planned for it
   */
  public Optional<Explanation> explain(ChunkKey chunk) {
    int number = prepared.source().numberOfChunk(tables.chunks.find(chunk));
    return number < 0
        ? Optional.empty()
        : Optional.of(plan().explain(number, at -> chunk(at).toString()));
  }

  /**
   * Why a worker is as full as the plan has it; to be asked before the state goes on.
   *
   * @return empty if the plan does not know it
   */
  public Optional<Explanation> explain(WorkerId worker) {
    int number = prepared.source().numberOfWorker(tables.workers.find(worker));
    return number < 0 ? Optional.empty() : Optional.of(plan().explainWorker(number));
  }

  @SuppressWarnings("ReferenceEquality")
  boolean made(PlacementPlan other) {
    return plan == other;
  }

  Prepared prepared() {
    return prepared;
  }
}
