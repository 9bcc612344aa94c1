package dev.stowage.storage.memory;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkNumber;
import dev.stowage.shape.Shape;
import dev.stowage.storage.memory.SavedRows.Begun;
import dev.stowage.storage.memory.SavedRows.Free;
import dev.stowage.storage.memory.SavedRows.Replica;
import dev.stowage.storage.memory.SavedRows.Store;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.News;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A store and its bytes: the rows of each section, in the order of {@link Section}. */
record SavedStore(String fleet, MemoryChunkStore.Saved saved) {
  void write(OutputStream to) throws IOException {
    SectionWriter out = new SectionWriter(to);
    MemoryChunkStore.LeaseState leaseState = saved.leaseState();
    out.row(Section.STORE, SavedRows.STORE, new Store(fleet, leaseState));
    Optional<Checkpoint> held = saved.held();
    if (held.isPresent()) {
      write(held.get(), saved.digest(), out);
    }
    out.end();
  }

  private static void write(Checkpoint held, long digest, SectionWriter out) throws IOException {
    LifecycleSnapshot base = held.base.get();
    DurableState.Waiting waiting = held.waiting;
    ChangeSet others = base.rows().build();
    History history = held.history;
    Begun begun =
        new Begun(
            waiting.committedTick(), digest, waiting.marks(), history.start(), history.head());
    out.row(Section.BEGUN, SavedRows.BEGUN, begun);
    out.row(Section.FLEET, Shape.of(FleetRow.class), base.fleetRow());
    out.rows(Section.WORKERS, Shape.of(WorkerRow.class), others.workers());
    for (WorkerRow row : others.workers()) {
      for (PendingReport report : row.pending()) {
        if (report.isPart()) {
          out.row(Section.INVENTORY_PARTS, SavedRows.INVENTORY_PART, report.chunks());
        }
      }
    }
    free(Section.FREE_WORKERS, others.workers().stream().mapToInt(WorkerRow::position), out);
    out.rows(Section.CHUNKS, Shape.of(ChunkRow.class), others.chunks());
    free(Section.FREE_CHUNKS, others.chunks().stream().mapToInt(ChunkRow::position), out);
    out.rows(Section.SWAPS, Shape.of(SwapRow.class), others.swaps());
    ReplicaRows replicas = others.replicas();
    for (int row = 0; row < replicas.size(); row++) {
      out.row(Section.REPLICAS, SavedRows.REPLICA, Replica.of(replicas, row));
    }
    out.rows(Section.LOG, SavedRows.LOG, waiting.log());
    out.rows(Section.ANSWERS, SavedRows.ANSWER, waiting.answers());
    out.rows(Section.QUARANTINE, SavedRows.QUARANTINE, waiting.quarantine().values());
    for (Map.Entry<Long, Long> commit : held.commits.entrySet()) {
      CommitKey key = new CommitKey(commit.getKey(), commit.getValue());
      out.row(Section.COMMITS, SavedRows.COMMIT, key);
    }
    out.rows(Section.EVIDENCE, SavedRows.EVIDENCE, history.all());
  }

  private static void free(Section section, IntStream taken, SectionWriter out) throws IOException {
    for (PrimitiveIterator.OfInt all = FreePositions.below(taken).iterator(); all.hasNext(); ) {
      out.row(section, SavedRows.FREE, new Free(all.nextInt()));
    }
  }

  static SavedStore read(InputStream from) throws IOException {
    SectionReader in = new SectionReader(from);
    Reading reading = new Reading();
    while (in.next()) {
      try {
        reading.take(in);
      } catch (RuntimeException e) {
        throw in.unreadable(e);
      }
    }
    try {
      return reading.store();
    } catch (RuntimeException e) {
      throw in.unreadable(e);
    }
  }

  private static final class Reading {
    private final List<Store> store = new ArrayList<>();
    private final List<Begun> begun = new ArrayList<>();
    private final List<FleetRow> fleet = new ArrayList<>();
    private final List<WorkerRow> workers = new ArrayList<>();
    private final Deque<List<ChunkNumber>> parts = new ArrayDeque<>();
    private final FreePositions freeWorkers = new FreePositions();
    private final List<ChunkRow> chunks = new ArrayList<>();
    private final FreePositions freeChunks = new FreePositions();
    private final List<SwapRow> swaps = new ArrayList<>();
    private final ReplicaRows.Builder replicas = ReplicaRows.builder(0);
    private final List<News.Item> log = new ArrayList<>();
    private final List<DurableState.Answered> answers = new ArrayList<>();
    private final TreeMap<Long, QuarantinedNews> quarantine = new TreeMap<>();
    private final TreeMap<Long, Long> commits = new TreeMap<>();
    private final List<History.Saved> evidence = new ArrayList<>();

    void take(SectionReader in) {
      switch (in.section()) {
        case STORE -> in.rows(SavedRows.STORE, store::add);
        case BEGUN -> in.rows(SavedRows.BEGUN, begun::add);
        case FLEET -> in.rows(Shape.of(FleetRow.class), fleet::add);
        case WORKERS -> in.rows(Shape.of(WorkerRow.class), workers::add);
        case INVENTORY_PARTS -> in.rows(SavedRows.INVENTORY_PART, parts::add);
        case FREE_WORKERS -> in.rows(SavedRows.FREE, row -> freeWorkers.add(row.position()));
        case FREE_CHUNKS -> in.rows(SavedRows.FREE, row -> freeChunks.add(row.position()));
        case CHUNKS -> in.rows(Shape.of(ChunkRow.class), chunks::add);
        case SWAPS -> in.rows(Shape.of(SwapRow.class), swaps::add);
        case REPLICAS -> in.rows(SavedRows.REPLICA, row -> row.addTo(replicas));
        case LOG -> in.rows(SavedRows.LOG, log::add);
        case ANSWERS -> in.rows(SavedRows.ANSWER, answers::add);
        case QUARANTINE -> in.rows(SavedRows.QUARANTINE, row -> quarantine.put(row.mark(), row));
        case COMMITS -> in.rows(SavedRows.COMMIT, row -> commits.put(row.epoch(), row.sequence()));
        case EVIDENCE -> in.rows(SavedRows.EVIDENCE, evidence::add);
        case END -> throw new IllegalArgumentException("the end is no section");
      }
    }

    SavedStore store() {
      Store one = only(Section.STORE, store);
      MemoryChunkStore.Saved saved =
          begun.isEmpty()
              ? new MemoryChunkStore.Saved(one.leaseState(), Optional.empty(), 0)
              : new MemoryChunkStore.Saved(
                  one.leaseState(), Optional.of(checkpoint()), begun.get(0).digest());
      return new SavedStore(one.fleet(), saved);
    }

    private Checkpoint checkpoint() {
      Begun one = only(Section.BEGUN, begun);
      freeWorkers.require(
          Section.WORKERS, workers.size(), workers.stream().mapToInt(WorkerRow::position));
      freeChunks.require(
          Section.CHUNKS, chunks.size(), chunks.stream().mapToInt(ChunkRow::position));
      ChangeSet.Parts others =
          new ChangeSet.Parts()
              .workers(filled())
              .chunks(chunks)
              .swaps(swaps)
              .replicas(replicas.build());
      FleetRow row = only(Section.FLEET, fleet);
      return new Checkpoint(
          () -> LifecycleState.load(row, others).snapshot(),
          new DurableState.Waiting(
              one.committedTick(), List.copyOf(log), answers, quarantine, one.marks()),
          commits,
          History.of(evidence, one.evidenceStart(), one.evidenceHead()));
    }

    /** Returns the workers with the numbers of their parts, which come in the same order. */
    private List<WorkerRow> filled() {
      List<WorkerRow> filled = new ArrayList<>();
      for (WorkerRow row : workers) {
        List<PendingReport> pending = new ArrayList<>();
        for (PendingReport it : row.pending()) {
          pending.add(
              it.isPart()
                  ? PendingReport.part(it.number(), it.place(), it.of(), parts.remove())
                  : it);
        }
        filled.add(Shape.of(WorkerRow.class).with(row, WorkerRow.PENDING, pending));
      }
      return filled;
    }

    private static <T> T only(Section section, List<T> rows) {
      if (rows.size() != 1) {
        throw new IllegalArgumentException(
            "section " + section + " has " + rows.size() + " rows; 1 is expected");
      }
      return rows.get(0);
    }
  }
}
