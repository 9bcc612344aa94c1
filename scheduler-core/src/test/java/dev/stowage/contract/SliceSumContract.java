package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.StoreSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The checksum in each worker's row is the sum over its slice, whatever changed it, before and
 * after a takeover; documents lead to what it says. A backend extends this class, says how its
 * store is opened, and changes nothing else.
 */
public abstract class SliceSumContract extends OpenedStore {
  private static final List<String> WORKERS = List.of("a", "b", "c", "d");

  private final TreeMap<String, SliceDocument> told = new TreeMap<>();
  private SmallFleet fleet;

  @Test
  void checksum_isTheSumOfItsSlice_whateverChangedIt() {
    SplittableRandom random = new SplittableRandom(21);
    int chunks = 0;
    for (int term = 0; term < 3; term++) {
      try (Stowage stowage = SmallFleet.facade(store, "leader " + term)) {
        if (fleet == null) {
          fleet = new SmallFleet(stowage);
          stowage.claim(fleet.now());
          fleet.join(3_000, "a", "b", "c", "d");
        } else {
          fleet.through(stowage).pass(1);
          stowage.claim(fleet.now());
        }
        requireSums(stowage);
        for (int step = 0; step < 12; step++) {
          fleet.ingest(chunk("c" + chunks, 10L * chunks));
          chunks++;
          disturb(stowage, random, chunks);
          fleet.round();
          requireSums(stowage);
        }
        stowage.resign();
      }
    }
    try (StoreSession session =
        ((Claim.Granted) store.claim(new LeaseRequest("reader", Duration.ofMinutes(1))))
            .session()) {
      assertThat(session.load().digest()).isEqualTo(session.verify());
    }
  }

  private void disturb(Stowage stowage, SplittableRandom random, int chunks) {
    String name = WORKERS.get(random.nextInt(WORKERS.size()));
    List<ChunkNumber> disk = new ArrayList<>(fleet.disk(name));
    switch (random.nextInt(7)) {
      case 0 -> stowage.remove(key("c" + random.nextInt(chunks)), fleet.now());
      case 1 ->
          stowage.setStatus(
              WorkerId.of(name),
              random.nextBoolean() ? WorkerStatus.LEAVING : WorkerStatus.ACTIVE,
              fleet.now());
      case 2 -> stowage.lost(fleet.header(name), disk.stream().limit(2).toList(), fleet.now());
      case 3, 4 -> stowage.inventory(fleet.header(name), disk, fleet.now());
      case 5 -> {
        stowage.schedule(fleet.now());
        stowage.inventory(fleet.header(name), toldTo(stowage, name), fleet.now());
      }
      default -> stowage.purge(fleet.now());
    }
  }

  /** Returns the contents of a worker that reports them before it applied the assignment. */
  private static List<ChunkNumber> toldTo(Stowage stowage, String name) {
    WorkerSlice slice = stowage.fleet().slice(WorkerId.of(name)).orElseThrow();
    return slice.entries().stream().map(SliceEntry::number).toList();
  }

  private void requireSums(Stowage stowage) {
    FleetView view = stowage.fleet();
    LifecycleSnapshot rows = SmallFleet.state(stowage);
    rows.forEachWorker(position -> {
      WorkerRow row = rows.workerRow(position);
      WorkerSlice slice = view.slice(row.id()).orElseThrow();
      long sum = 0;
      for (SliceEntry entry : slice.entries()) {
        sum += entry.checksum(0);
      }
      assertThat(row.sliceSum()).as("the row of %s", row.id()).isEqualTo(sum);
      assertThat(slice.addsUp()).isTrue();
      requireDelta(view, row.id(), SliceDocument.of(slice));
    });
  }

  private void requireDelta(FleetView view, WorkerId worker, SliceDocument now) {
    SliceDocument before = told.put(worker.value(), now);
    if (before != null) {
      WorkerAssignmentId known = before.id();
      Optional<SliceDocument> delta = view.sliceSince(worker, before.lineage(), known);
      assertThat(delta.orElseThrow().after(before)).isEqualTo(now);
    }
  }
}
