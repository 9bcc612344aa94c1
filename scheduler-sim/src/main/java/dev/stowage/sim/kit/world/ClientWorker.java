package dev.stowage.sim.kit.world;

import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientMemory;
import dev.stowage.client.Download;
import dev.stowage.client.WorkerClient;
import dev.stowage.client.WorkerDisk;
import dev.stowage.lifecycle.documents.SliceDocument.Deletion;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A worker's machine that runs the shipped client. A turn leaves its requests in the outbox and its
 * deletions in a list, which the world takes. Not thread-safe.
 */
final class ClientWorker extends SimulatedWorker implements WorkerDisk, ClientMemory {
  private final String fleet;
  private final ClientConfig config;
  private final Map<ChunkNumber, Fetch> fetches = new LinkedHashMap<>();
  private final List<SliceEntry> deleted = new ArrayList<>();
  private Outbox outbox = new Outbox();
  private byte[] memory = {};
  private @Nullable WorkerClient client;
  private Deletion before = new Deletion(0, 0, 0, 0);

  /** The number of the newest routes that promise nothing of its disk. */
  private long unpromised = Long.MIN_VALUE;

  private boolean isNewDisk = true;

  /** The chunks that its client takes for held and that are gone. */
  private final Set<ChunkNumber> gone = new LinkedHashSet<>();

  /** The chunks that were gone, and have not come back. */
  private final Set<ChunkNumber> missed = new HashSet<>();

  private long judged;
  private long failures;

  private record Fetch(Download download, CompletableFuture<Void> end) {}

  ClientWorker(String fleet, Worker description, String diskId, ClientConfig config) {
    super(description, diskId);
    this.fleet = fleet;
    this.config = config;
  }

  void describe(Worker other) {
    described(other);
  }

  // ---- coming and going ----

  void start() {
    outbox = new Outbox();
    fetches.clear();
    failures = 0;
    client = new WorkerClient(fleet, id(), outbox, this, this, config);
  }

  void stop() {
    client = null;
  }

  boolean isUp() {
    return client != null;
  }

  @Override
  public void loseDisk(String otherDiskId) {
    super.loseDisk(otherDiskId);
    memory = new byte[0];
    gone.clear();
    isNewDisk = true;
    unpromised = Long.MAX_VALUE;
  }

  /** Loses a chunk of its disk without noticing it; null if the disk is empty. */
  @Nullable SliceEntry loseUnnoticed(Chance chance) {
    if (disk().count() == 0) {
      return null;
    }
    SliceEntry lost = disk().entries().get(chance.below(disk().count()));
    disk().delete(lost.number());
    gone.add(lost.number());
    missed.add(lost.number());
    return lost;
  }

  /** Notices lost bytes, and lets its client report them. */
  void noticeLosses() {
    if (!gone.isEmpty()) {
      client().lost(List.copyOf(gone));
      gone.clear();
    }
  }

  /** Reports whether a chunk was lost unnoticed, so that routes may name it in vain. */
  boolean mayMiss(ChunkNumber number) {
    return missed.contains(number);
  }

  int goneCount() {
    return gone.size();
  }

  /** Takes note of the newest routes; those that were made before its disk was known are void. */
  void routed(long routes) {
    if (isNewDisk && client().status().phase().compareTo(WorkerClient.Phase.REGISTERING) > 0) {
      isNewDisk = false;
      unpromised = routes;
    }
  }

  /** Reports whether routes promise something of its disk. */
  boolean isPromised(long routes) {
    return unpromised < routes;
  }

  // ---- its client ----

  WorkerClient client() {
    return Objects.requireNonNull(client);
  }

  Outbox outbox() {
    return outbox;
  }

  void turn(long nowNanos) {
    before = new Deletion(disk().count(), 0, disk().usedBytes(), 0);
    client().turn(nowNanos);
  }

  /**
   * Counts failures anew; reports whether its client waits or must repeat what failed in this turn.
   */
  boolean noticeTalk() {
    long before = failures;
    failures = client().status().failures();
    return failures > before || outbox.isWaiting();
  }

  /** Returns the entries deleted since the last call. */
  List<SliceEntry> takeDeleted() {
    List<SliceEntry> taken = List.copyOf(deleted);
    deleted.clear();
    return taken;
  }

  /** Returns the share of the disk that the last turn deleted. */
  Deletion deletion(List<SliceEntry> gone) {
    long bytes = gone.stream().mapToLong(SliceEntry::sizeBytes).sum();
    return new Deletion(before.heldChunks(), gone.size(), before.heldBytes(), bytes);
  }

  /** Downloads what the links let through and has room; returns what is whole now. */
  List<SliceEntry> download(Bandwidth links) {
    fetches.values().removeIf(each -> each.download.isCancelled());
    List<SliceEntry> whole = new ArrayList<>();
    for (Fetch each : List.copyOf(fetches.values())) {
      SliceEntry entry = each.download.entry();
      WorkerId source = links.source(entry.number(), each.download.sources());
      if (source == null) {
        each.download.fromOrigin();
      } else {
        each.download.from(source);
      }
      if (hasRoomFor(entry) && links.bring(this, source, entry)) {
        whole.add(entry);
      }
    }
    return whole;
  }

  /** Returns the assignment that it obeys; empty if it was returned before, or it obeys none. */
  Optional<Long> toBeJudged() {
    WorkerClient.Status status = client().status();
    boolean isNew = status.phase() == WorkerClient.Phase.OBEYING && status.assignment() != judged;
    judged = isNew ? status.assignment() : judged;
    return isNew ? Optional.of(judged) : Optional.empty();
  }

  void judgeAgain() {
    judged = 0;
  }

  /** Reports whether its disk holds a chunk, as far as its client knows. */
  boolean hasHad(ChunkNumber number) {
    return holds(number) || gone.contains(number);
  }

  boolean isFetching(ChunkNumber number) {
    return fetches.containsKey(number);
  }

  int fetchCount() {
    return fetches.size();
  }

  @Override
  protected void came(SliceEntry entry) {
    missed.remove(entry.number());
    Fetch fetch = fetches.remove(entry.number());
    if (fetch != null) {
      fetch.end.complete(null);
    }
  }

  // ---- disk and memory of the client ----

  @Override
  public String newId() {
    return disk().id();
  }

  @Override
  public List<Held> held() {
    return disk().entries().stream().map(it -> new Held(it.number(), it.sizeBytes())).toList();
  }

  @Override
  public void delete(ChunkNumber number) {
    SliceEntry had = disk().delete(number);
    if (had != null) {
      deleted.add(had);
    }
    gone.remove(number);
  }

  @Override
  public CompletionStage<?> fetch(Download download) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    fetches.put(download.entry().number(), new Fetch(download, end));
    return end;
  }

  @Override
  public byte[] load() {
    return memory;
  }

  @Override
  public void save(byte[] state) {
    memory = state;
  }
}
