package dev.stowage.sim.filestore;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.Claim;
import dev.stowage.store.Commit;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StoreSession;
import dev.stowage.store.StoreTransaction;
import dev.stowage.store.TransactionScope;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Writes one chunk after the other into a folder, by turns as the leader and through the inbox, and
 * says of each that it is durable: a process to be killed. Its argument is the folder.
 */
final class WriterProcess {
  private static final LifecycleConfig CONFIG = LifecycleConfig.defaults();
  private static final ChainPoint NO_EVIDENCE =
      ChainPoint.originOf(EvidenceHeader.of("writer", Hash256.ZERO, 0));
  private static final Tick NOW = Tick.of(1);

  /** Small, so that it may be killed while it rewrites. */
  private static final FileChunkStore.Tuning TUNING =
      new FileChunkStore.Tuning(16L << 10, Journal.Durability.DEVICE);

  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final StoreSession session;
  private final LifecycleState mirror;
  private long sequence;

  private WriterProcess(FileChunkStore store) {
    Claim claim = store.claim(new LeaseRequest("writer", Duration.ofMinutes(1)));
    session = ((Claim.Granted) claim).session();
    mirror = session.load().state().orElseGet(() -> session.found(CONFIG).state().orElseThrow());
  }

  /** Writes until it is killed. */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    FileChunkStore store = FileChunkStore.open(Path.of(arguments[0]), () -> 1, () -> 1, TUNING);
    write(
        store,
        Long.MAX_VALUE,
        number -> {
          out.println(number);
          out.flush();
        });
  }

  /** Writes so many chunks more; the number of each is told once it is durable. */
  static void write(FileChunkStore store, long count, LongConsumer isDurable) {
    WriterProcess writer = new WriterProcess(store);
    long number = writer.takeNews();
    for (long written = 0; written < count; written++) {
      if (isLeaders(number)) {
        writer.commit(number);
      } else {
        store.inbox().submit(ingest(number), NOW);
      }
      isDurable.accept(number);
      number++;
    }
  }

  /** Whether a chunk is written by the leader; else it goes through the inbox. */
  static boolean isLeaders(long number) {
    return number % 3 != 2;
  }

  /** The commit of a chunk that the leader of a fresh folder writes. */
  static CommitKey keyOf(long number) {
    return new CommitKey(1, 2 + number - number / 3);
  }

  /** Takes in what is left of the process before; how many chunks there are then. */
  private long takeNews() {
    commit(-1);
    return mirror.chunkCount();
  }

  /** Commits a chunk, and the news before it. */
  private void commit(long number) {
    AssignmentIds expected =
        new AssignmentIds(mirror.newestWorkerAssignment(), mirror.newestPortalAssignment());
    try (StoreTransaction transaction = session.begin(TransactionScope.everyDataset())) {
      List<Commit.Consumed> consumed =
          transaction.news().readable().stream()
              .map(item ->
                  new Commit.Consumed(
                      item.mark(),
                      lifecycle.execute(mirror, item.command(), item.tick()).changes()))
              .toList();
      Optional<Lifecycle.Outcome<?>> own =
          number < 0
              ? Optional.empty()
              : Optional.of(lifecycle.execute(mirror, ingest(number), NOW));
      CommitKey key = new CommitKey(session.lease().epoch(), ++sequence);
      transaction.commit(
          new Commit(
              key,
              expected,
              NOW,
              consumed,
              own.map(Lifecycle.Outcome::changes),
              mirror.digest(),
              List.of(),
              NO_EVIDENCE));
    }
  }

  private static Command<?> ingest(long number) {
    BlockRange range = BlockRange.of(10 * number, 10 * number + 9);
    return new Command.Ingest(
        ProposedChunk.listOf(List.of(Chunk.of(ChunkKey.of("d", "c" + number), range, 100))));
  }
}
