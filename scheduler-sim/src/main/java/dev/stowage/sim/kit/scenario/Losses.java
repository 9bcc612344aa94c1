package dev.stowage.sim.kit.scenario;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that workers reported lost or missing and the books do not know of. A missing replica
 * is not readable (lifecycle design, section 2), so routes older than its loss promise nothing of
 * it, even if the worker has fetched it again unreported. Not thread-safe.
 */
final class Losses {
  private final Map<Place, Loss> losses = new HashMap<>();

  /** The bytes missing by reports and inventories but not yet in the books. */
  private final Map<Place, Loss> missed = new HashMap<>();

  private final Map<WorkerId, Parts> parts = new HashMap<>();

  private record Parts(long sending, Set<Integer> places, Set<ChunkNumber> chunks) {}

  private record Place(WorkerId worker, ChunkNumber number) {
    boolean isOf(Command.Report report) {
      return report.header().worker().equals(worker);
    }
  }

  private enum Known {
    /** The report is not settled yet. */
    REPORTED,
    /** The books hold the replica for missing. */
    MISSING,
    /** The books dropped the replica as a missing one. */
    DROPPED
  }

  /**
   * One loss.
   *
   * @param earlier the number of visibility cycles after which the books knew of an earlier loss
   */
  private record Loss(ChunkKey key, long publishes, Known known, long earlier) {
    static Loss reported(ChunkKey key, long publishes, @Nullable Loss before) {
      long earlier = before == null ? -1 : before.voidUntil();
      return new Loss(key, publishes, Known.REPORTED, earlier);
    }

    Loss is(Known now) {
      return new Loss(key, publishes, now, earlier);
    }

    Loss at(long since) {
      return new Loss(key, since, known, earlier);
    }

    long voidUntil() {
      return known == Known.REPORTED ? earlier : publishes;
    }
  }

  /** Records an accepted loss report after {@code publishes} visibility cycles. */
  void reported(WorkerId worker, ChunkKey key, ChunkNumber number, long publishes) {
    losses.compute(
        new Place(worker, number), (place, before) -> Loss.reported(key, publishes, before));
  }

  /**
   * Records a message of a worker and its answer. A progress report makes everything missing that
   * the worker has not got; so does an inventory for what it does not show. A chunk that the worker
   * stopped naming before the books knew of its loss leaves no loss.
   *
   * <p>Of a report that waits in the log, what it makes missing counts at once, as the leader's
   * next turn takes it in; the rest counts when it is {@link #answered}.
   *
   * @return the answer
   */
  Result heard(
      Command<?> said, Result answer, Supplier<? extends LifecycleView> books, long publishes) {
    if (!StepOutcome.of(answer).isDone()) {
      return answer;
    }
    boolean isDecided = answer.isAccepted();
    if (said instanceof Command.Applied report) {
      WorkerId worker = report.header().worker();
      forget(worker, isDecided);
      for (ChunkNumber number : report.missing()) {
        missing(new Place(worker, number), books.get(), publishes);
      }
    } else if (said instanceof Command.Inventory inventory) {
      WorkerId worker = inventory.header().worker();
      forget(worker, isDecided);
      onDisk(worker, inventory.chunks(), books.get(), publishes);
    } else if (said instanceof Command.InventoryPart part) {
      WorkerId worker = part.header().worker();
      Parts open = parts.get(worker);
      if (open == null || open.sending() != part.header().number()) {
        open = new Parts(part.header().number(), new HashSet<>(), new HashSet<>());
        parts.put(worker, open);
      }
      open.places().add(part.place());
      open.chunks().addAll(part.chunks());
      if (open.places().size() == part.of()) {
        forget(worker, isDecided);
        onDisk(worker, open.chunks(), books.get(), publishes);
      }
    }
    return answer;
  }

  /** Records the answer to a report that waited in the log. */
  void answered(Command<?> said, Result answer) {
    if (!answer.isAccepted()) {
      return;
    }
    if (said instanceof Command.Applied report) {
      missed.keySet().removeIf(it -> it.isOf(report) && !report.missing().contains(it.number()));
    } else if (said instanceof Command.Inventory inventory) {
      missed
          .keySet()
          .removeIf(it -> it.isOf(inventory) && inventory.chunks().contains(it.number()));
    }
  }

  private void forget(WorkerId worker, boolean isDecided) {
    if (isDecided) {
      missed.keySet().removeIf(known -> known.worker().equals(worker));
    }
  }

  /** Marks as missing every assigned chunk of a worker that is not on its disk. */
  private void onDisk(
      WorkerId worker, Collection<ChunkNumber> disk, LifecycleView books, long publishes) {
    int position = books.workerPosition(worker);
    books.forEachChunk(chunk -> {
      ChunkNumber number = books.chunkNumber(chunk);
      if (number != null
          && !disk.contains(number)
          && books.findReplica(chunk, position) != LifecycleView.NONE) {
        missing(new Place(worker, number), books, publishes);
      }
    });
  }

  private void missing(Place place, LifecycleView books, long publishes) {
    int chunk = books.chunkPosition(place.number());
    Loss known = losses.get(place);
    if (chunk >= 0 && (known == null || known.known() == Known.DROPPED)) {
      missed.put(place, Loss.reported(books.chunkKey(chunk), publishes, known));
    }
  }

  /**
   * Compares the reports with the books; call it after each cycle. A chunk absent from an inventory
   * or report is lost when a cycle takes the report in: an inventory waits for the next scheduling
   * cycle (lifecycle design, section 2), and routes made until then promise nothing either.
   *
   * @param publishes the number of visibility cycles whose routes did not know the reports that
   *     this cycle took in
   */
  void observe(LifecycleView books, long publishes) {
    losses.replaceAll((place, loss) -> observed(place, loss, books));
    missed.replaceAll((place, loss) -> observed(place, loss, books));
    missed.forEach((place, loss) -> {
      if (loss.known() != Known.REPORTED) {
        losses.put(place, loss.at(publishes));
      }
    });
    missed.values().removeIf(loss -> loss.known() != Known.REPORTED);
    losses.values().removeIf(loss -> loss.publishes() < 0);
  }

  private static Loss observed(Place place, Loss loss, LifecycleView books) {
    int chunk = books.chunkPosition(loss.key());
    int worker = books.workerPosition(place.worker());
    boolean isThis =
        chunk >= 0 && worker >= 0 && Objects.equals(books.chunkNumber(chunk), place.number());
    int slot = isThis ? books.findReplica(chunk, worker) : LifecycleView.NONE;
    if (loss.known() == Known.DROPPED || slot == LifecycleView.NONE) {
      return loss.is(Known.DROPPED);
    }
    if (books.isMissing(slot)) {
      return loss.is(Known.MISSING);
    }
    boolean isFoundAgain = loss.known() == Known.MISSING;
    return isFoundAgain ? new Loss(loss.key(), -1, Known.MISSING, -1) : loss;
  }

  /**
   * Reports whether routes made after {@code routesPublishes} visibility cycles promise nothing of
   * these bytes.
   */
  boolean isPromiseVoid(WorkerId worker, ChunkNumber number, long routesPublishes) {
    Loss loss = losses.get(new Place(worker, number));
    return loss != null && routesPublishes <= loss.voidUntil();
  }
}
