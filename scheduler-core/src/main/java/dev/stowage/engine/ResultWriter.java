package dev.stowage.engine;

import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.command.Result.Movement;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hashes the canonical bytes of a result, so that equal answers are equal evidence. Stateless. */
final class ResultWriter {
  private ResultWriter() {}

  static Hash256 hash(Result result) {
    CanonicalWriter out = new CanonicalWriter();
    write(out, result);
    return Hash256.of(out.toBytes());
  }

  private static void write(CanonicalWriter out, Result result) {
    out.string(result.code().name());
    if (result instanceof Result.Answer answer) {
      strings(out, answer.reasons());
    } else if (result instanceof Result.Versioned versioned) {
      out.u64(versioned.version());
      strings(out, versioned.reasons());
    } else if (result instanceof Result.Batch batch) {
      out.list(batch.items(), ResultWriter::writeItem);
    } else if (result instanceof Result.SwapRegistered swap) {
      out.u64(swap.swapId()).string(swap.culprit() == null ? "" : swap.culprit().toString());
      strings(out, swap.reasons());
      writeFree(out, swap.freeFrom());
    } else if (result instanceof Result.SwapCancelled cancelled) {
      longs(out, cancelled.swapIds());
    } else if (result instanceof Result.Registered registered) {
      out.u64(registered.incarnation().value())
          .u64(registered.lineage().token())
          .u64(registered.lastReport())
          .u8(registered.inventoryWanted() ? 1 : 0);
      strings(out, registered.reasons());
    } else {
      writeCycle(out, result);
    }
  }

  private static void writeCycle(CanonicalWriter out, Result result) {
    if (result instanceof Result.Scheduled cycle) {
      out.u64(cycle.tick().value()).u8(cycle.changed() ? 1 : 0);
      out.u64(cycle.minted().map(id -> id.value()).orElse(0L));
      keys(out, cycle.admitted());
      keys(out, cycle.rejected());
      out.list(cycle.deferred(), ResultWriter::writeShortage);
      out.list(cycle.shortfalls(), ResultWriter::writeShortage);
      out.u8(cycle.backpressure() ? 1 : 0).u64(cycle.heldDeletions()).u64(cycle.struck());
      writeMovement(out, cycle.movement());
      workers(out, cycle.unknownBytes());
      workers(out, cycle.guarded());
      out.list(cycle.stuck(), ResultWriter::writeStuck).u8(cycle.more() ? 1 : 0);
      out.u64(cycle.unplaced());
      Shape.of(BudgetInForce.class).write(cycle.budget(), out);
      cycle.held().ifPresent(it -> out.string(it.until().toString()).u64(it.have()));
    } else if (result instanceof Result.Published cycle) {
      out.u64(cycle.tick().value()).u8(cycle.changed() ? 1 : 0);
      out.u64(cycle.minted().map(id -> id.value()).orElse(0L));
      longs(out, cycle.fired());
      keys(out, cycle.promoted());
      keys(out, cycle.dropped());
      out.u64(cycle.released()).u64(cycle.recalled());
      keys(out, cycle.unavailable());
      keys(out, cycle.heldBack());
      workers(out, cycle.guarded());
      out.u8(cycle.more() ? 1 : 0);
    } else if (result instanceof Result.Admitted cycle) {
      keys(out, cycle.admitted());
      keys(out, cycle.rejected());
    } else if (result instanceof Result.Purged cycle) {
      out.u64(cycle.tick().value()).u8(cycle.changed() ? 1 : 0);
      out.u64(cycle.chunks()).u64(cycle.swaps()).u64(cycle.workers());
    }
  }

  private static void workers(CanonicalWriter out, List<WorkerId> workers) {
    out.list(workers, (to, worker) -> to.string(worker.value()));
  }

  private static void writeStuck(CanonicalWriter out, Result.Stuck stuck) {
    out.string(stuck.chunk().toString()).string(stuck.worker().value()).u64(stuck.sizeBytes());
    out.string(stuck.reason().name()).u64(stuck.eligibleWorkers()).u64(stuck.mostRoomBytes());
  }

  private static void writeMovement(CanonicalWriter out, Movement movement) {
    out.u64(movement.added())
        .u64(movement.readopted())
        .u64(movement.superseded())
        .u64(movement.preempted())
        .u64(movement.lastResort())
        .u64(movement.settled());
    out.map(movement.bytesAddedByCause(), CanonicalWriter::u64);
  }

  private static void writeItem(CanonicalWriter out, Result.Item item) {
    out.string(item.key().toString()).string(item.code().name());
    out.u64(item.number() == null ? 0 : item.number().counter());
    out.string(item.winner() == null ? "" : item.winner().toString());
    strings(out, item.reasons());
    writeFree(out, item.freeFrom());
  }

  private static void writeFree(CanonicalWriter out, @Nullable Tick from) {
    out.string(from == null ? "" : from.toString());
  }

  private static void writeShortage(CanonicalWriter out, Result.Shortage shortage) {
    out.string(shortage.chunk().toString()).u64(shortage.missing()).string(shortage.reason());
    out.u8(shortage.isRaise() ? 1 : 0);
  }

  private static void keys(CanonicalWriter out, List<ChunkKey> keys) {
    out.list(keys, (to, key) -> to.string(key.toString()));
  }

  private static void strings(CanonicalWriter out, List<String> texts) {
    out.list(texts, CanonicalWriter::string);
  }

  private static void longs(CanonicalWriter out, List<Long> values) {
    out.list(values, CanonicalWriter::u64);
  }
}
