package dev.stowage.sim.clients;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.StowageException;
import dev.stowage.StowageService;
import dev.stowage.Transfers;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.ClientMemory;
import dev.stowage.client.Download;
import dev.stowage.client.PortalClient;
import dev.stowage.client.WorkerClient;
import dev.stowage.client.WorkerDisk;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.world.FaultyWire;
import dev.stowage.sim.kit.world.WorldFaults;
import dev.stowage.storage.memory.Checkpoint;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A fleet of two control planes over one store, with workers and portals that are clients, over a
 * faulty wire. One thread drives it; equal seeds are equal runs.
 */
final class ClientWorld implements AutoCloseable {
  static final String FLEET = "tried";

  private static final long STEP_NANOS = 250_000_000L;
  private static final long TIMEOUT_NANOS = 3_000_000_000L;
  private static final long SIZE = 100;
  private static final int LOSS_PERCENT = 6;
  private static final List<DatasetId> DATASETS = List.of(DatasetId.of("d"), DatasetId.of("e"));

  private final Random random;
  private final MemoryChunkStore store;
  private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
  private final List<ControlPlane> processes = new ArrayList<>();
  private final FaultyWire wire;
  private final Map<WorkerId, Site> sites = new LinkedHashMap<>();
  private final List<PortalClient> portals = new ArrayList<>();
  private final List<String> findings = new ArrayList<>();
  private boolean isAnyFetched;
  private final ClientConfig config;
  private @Nullable Checkpoint checkpoint;
  private long now = 1_000_000_000_000L;
  private long restoredAt = -TIMEOUT_NANOS;
  private int leader;
  private int drawn;
  private boolean isHealed;

  /** A control plane. */
  private final class ControlPlane {
    final Stowage stowage;
    final StowageService service;
    final ClientDoor door;

    ControlPlane(String holder, boolean isTransferring) {
      stowage = Stowage.builder(store).config(settings().withHolder(holder)).build();
      service = new StowageService(stowage, executor, () -> now, StowageService.Pace.DEFAULT);
      door = ClientDoor.of(stowage, FLEET);
      if (isTransferring) {
        Transfers transfers =
            Transfers.of(stowage, ContentScheduler.of(ContentConfig.DEFAULT), (worker, bytes) -> 1);
        door.transferring(service, transfers);
      }
    }
  }

  /** A worker's machine: what is on its disk outlives the client. */
  private final class Site implements WorkerDisk, ClientMemory {
    final Worker worker;
    final Map<ChunkNumber, Long> bytes = new LinkedHashMap<>();
    final Map<Download, CompletableFuture<Void>> fetches = new LinkedHashMap<>();

    final Set<ChunkNumber> everHeld = new HashSet<>();

    /** Gone from the disk, and not by a command that the fleet remembers. */
    final Set<ChunkNumber> faults = new HashSet<>();

    /**
     * Taken by a fault and perhaps fetched again, but not yet routed to again. What a worker called
     * missing has no drain window, so older routes may lead to it in vain.
     */
    final Set<ChunkNumber> lost = new HashSet<>();

    /** The lost ones that the newest routes have ceased to name. */
    final Set<ChunkNumber> unrouted = new HashSet<>();

    byte[] memory = {};
    @Nullable WorkerClient client;

    Site(Worker worker) {
      this.worker = worker;
    }

    void start() {
      client = new WorkerClient(FLEET, worker, wire.transport(), this, this, config);
    }

    @Override
    public List<Held> held() throws IOException {
      mayFail("read");
      return bytes.entrySet().stream().map(it -> new Held(it.getKey(), it.getValue())).toList();
    }

    @Override
    public void delete(ChunkNumber number) throws IOException {
      mayFail("delete");
      for (PortalClient portal : portals) {
        routes(portal).stream()
            .filter(route -> route.number().equals(number))
            .filter(route -> route.workers().contains(worker.id()))
            .filter(route -> !isLostToRoutes(number))
            .forEach(route ->
                findings.add(
                    worker.id() + " deletes " + number + ", which " + portal.id() + " routes"));
      }
      bytes.remove(number);
      if (now - restoredAt <= TIMEOUT_NANOS) {
        // By a slice that was on its way when the store forgot that it had been made.
        faults.add(number);
      }
    }

    @Override
    public CompletionStage<?> fetch(Download download) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      fetches.put(download, end);
      return end;
    }

    void lose(Set<ChunkNumber> numbers) {
      faults.addAll(numbers);
      lost.addAll(numbers);
      unrouted.removeAll(numbers);
    }

    boolean isLostToRoutes(ChunkNumber number) {
      return lost.contains(number) && !isRouted(worker.id(), number);
    }

    void noteRoutes() {
      for (ChunkNumber number : Set.copyOf(lost)) {
        if (!isRouted(worker.id(), number)) {
          unrouted.add(number);
        } else if (bytes.containsKey(number) && unrouted.remove(number)) {
          lost.remove(number);
        }
      }
    }

    void excuseWhatWent() {
      faults.addAll(everHeld);
      faults.removeAll(bytes.keySet());
    }

    /** Ends a fetch, in one way or another; or lets it hang. */
    void work() {
      if (fetches.isEmpty()) {
        return;
      }
      Download download = fetches.keySet().iterator().next();
      int fate = isHealed ? 99 : random.nextInt(100);
      CompletableFuture<Void> end = fetches.remove(download);
      if (fate < 10) {
        end.completeExceptionally(new IOException("reset"));
      } else if (fate < 15) {
        end.completeExceptionally(new Download.Partly(random.nextInt(50), "cut off"));
      } else if (fate >= 20) {
        bytes.put(download.entry().number(), download.entry().sizeBytes());
        everHeld.add(download.entry().number());
        faults.remove(download.entry().number());
        end.complete(null);
        isAnyFetched = true;
      }
    }

    @Override
    public byte[] load() throws IOException {
      mayFail("load");
      return memory;
    }

    @Override
    public void save(byte[] state) throws IOException {
      mayFail("save");
      memory = state;
    }

    private void mayFail(String what) throws IOException {
      if (!isHealed && random.nextInt(50) == 0) {
        throw new IOException("cannot " + what);
      }
    }
  }

  ClientWorld(long seed) {
    random = new Random(seed);
    store = MemoryChunkStore.builder().lineageTokens(new Random(seed)::nextLong).build();
    boolean isTransferring = random.nextBoolean();
    config =
        ClientConfig.DEFAULT
            .withFormat(random.nextInt(4) == 0 ? DocumentFormat.JSON : DocumentFormat.BINARY)
            .withHold(0)
            .withTimeout(TIMEOUT_NANOS)
            .withRetries(200_000_000L, 2_000_000_000L)
            .withReports(500_000_000L, 4_000_000_000L)
            .withDownloads(2, 5_000_000_000L, 4, 6_000_000_000L)
            .withInventoryPart(random.nextBoolean() ? 2 : 1_000);
    processes.add(new ControlPlane("one", isTransferring));
    processes.add(new ControlPlane("two", isTransferring));
    wire =
        new FaultyWire(
            random::nextInt,
            WorldFaults.ofLoss(LOSS_PERCENT),
            (request, route) -> {
              int at = route % processes.size();
              return processes.get(at).door.answer(request, now);
            });
    for (int i = 0; i < 4; i++) {
      Worker worker = Worker.of(WorkerId.of("w" + i), 12 * SIZE);
      Site site = new Site(worker);
      sites.put(worker.id(), site);
      site.start();
    }
    for (int i = 0; i < 2; i++) {
      PortalClient portal = new PortalClient(FLEET, PortalId.of("p" + i), wire.transport(), config);
      portals.add(portal);
    }
  }

  private static StowageConfig settings() {
    LifecycleConfig fleet =
        LifecycleConfig.builder()
            .minReplication(2)
            .maxReplication(WeightPolicy.UNCAPPED)
            .drainWindowTicks(12)
            .lineagePauseTicks(12)
            .suspectAfterTicks(40)
            .departAfterTicks(200)
            .trust(new LifecycleConfig.Trust(LifecycleConfig.NEVER, 0, 500_000, 500_000))
            .build();
    return StowageConfig.defaults()
        .withFleet(fleet)
        .withAudit(AuditLevel.ALL)
        .withAnswersWithin(Duration.ZERO);
  }

  List<String> findings() {
    return findings;
  }

  // ---- what happens ----

  void step() {
    now += STEP_NANOS;
    for (int i = random.nextInt(6); i > 0; i--) {
      wire.deliver();
    }
    sites.values().forEach(this::act);
    portals.forEach(portal -> portal.turn(now));
    if (random.nextInt(3) == 0) {
      lead();
    }
    happen(random.nextInt(1_000));
    judge();
  }

  private void act(Site site) {
    if (random.nextInt(3) == 0) {
      site.work();
    }
    if (site.client != null) {
      site.client.turn(now);
    }
  }

  private void lead() {
    processes.get(leader).service.turn();
  }

  private void happen(int fate) {
    if (fate < 60) {
      ingest();
    } else if (fate < 75) {
      chunk().ifPresent(key -> command(stowage -> stowage.remove(key, now)));
    } else if (fate < 90) {
      crash(site());
    } else if (fate < 96) {
      loseBytes(site());
    } else if (fate < 98) {
      loseDisk(site());
    } else if (fate < 104) {
      command(Stowage::resign);
      leader = 1 - leader;
    } else if (fate < 106 && restoredAt + 10 * TIMEOUT_NANOS < now && isAnyFetched) {
      checkpoint = store.checkpoint();
    } else if (fate < 108 && checkpoint != null) {
      store.restore(checkpoint);
      restoredAt = now;
      // What the store remembers of copies that went since is believed until workers say otherwise.
      sites.values().forEach(Site::excuseWhatWent);
      checkpoint = null;
    } else if (fate < 114) {
      portals.get(random.nextInt(2)).follow(random.nextBoolean() ? Set.of() : Set.of(dataset()));
    }
  }

  private Site site() {
    return List.copyOf(sites.values()).get(random.nextInt(sites.size()));
  }

  private DatasetId dataset() {
    return DATASETS.get(random.nextInt(DATASETS.size()));
  }

  private Optional<ChunkKey> chunk() {
    return drawn == 0 ? Optional.empty() : Optional.of(key(random.nextInt(drawn)));
  }

  private static ChunkKey key(int at) {
    return ChunkKey.of(DATASETS.get(at % DATASETS.size()).value(), "c" + at);
  }

  private void ingest() {
    if (drawn < 14) {
      int at = drawn++;
      Chunk chunk = Chunk.of(key(at), BlockRange.of(at * 10L, at * 10L + 9), SIZE);
      command(stowage -> stowage.ingest(List.of(chunk), now));
    }
  }

  private void command(Consumer<Stowage> command) {
    try {
      command.accept(processes.get(leader).stowage);
    } catch (StorageException | StowageException refused) {
      // nobody leads, or commits were lost
    }
  }

  private void crash(Site site) {
    site.fetches.clear();
    site.client = null;
    site.start();
  }

  private void loseBytes(Site site) {
    WorkerClient client = site.client;
    if (!site.bytes.isEmpty() && client != null) {
      ChunkNumber number = site.bytes.keySet().iterator().next();
      site.bytes.remove(number);
      site.lose(Set.of(number));
      client.lost(List.of(number));
    }
  }

  private void loseDisk(Site site) {
    site.lose(Set.copyOf(site.bytes.keySet()));
    site.bytes.clear();
    site.memory = new byte[0];
    crash(site);
  }

  // ---- what must hold ----

  private List<Route> routes(PortalClient portal) {
    List<Route> routes = new ArrayList<>();
    for (int at = 0; at < drawn; at++) {
      if (portal.of(key(at), now) instanceof PortalClient.Sight.Found found) {
        routes.add(found.route());
      }
    }
    return routes;
  }

  /** Reports whether the newest routes name a worker for a chunk. */
  private boolean isRouted(WorkerId worker, ChunkNumber number) {
    PortalAssignment newest;
    try {
      newest = processes.get(leader).stowage.fleet().portalAssignment();
    } catch (StorageException.Transient lostCommits) {
      return true; // excuses nothing
    }
    for (int at = 0; at < drawn; at++) {
      Optional<Route> route = newest.route(key(at).dataset(), at * 10L);
      if (route.filter(it -> it.number().equals(number)).isPresent()) {
        return route.orElseThrow().workers().contains(worker);
      }
    }
    return false;
  }

  /** Notes each route to a worker that lacks the bytes, but for what a fault took. */
  private void judge() {
    sites.values().forEach(Site::noteRoutes);
    for (PortalClient portal : portals) {
      for (Route route : routes(portal)) {
        for (WorkerId id : route.workers()) {
          Site site = sites.get(id);
          if (site != null
              && !site.bytes.containsKey(route.number())
              && !site.faults.contains(route.number())
              && !site.isLostToRoutes(route.number())) {
            findings.add(
                portal.id() + " asks " + id + " for " + route.number() + ", which it has not got");
          }
        }
      }
    }
  }

  /** Everything works from now on; after a while everybody has what he should have. */
  void settle() {
    isHealed = true;
    wire.heal();
    for (PortalClient portal : portals) {
      portal.follow(Set.of());
    }
    for (int i = 0; i < 1_200; i++) {
      now += STEP_NANOS;
      for (Site site : sites.values()) {
        while (!site.fetches.isEmpty()) {
          site.work();
        }
        Objects.requireNonNull(site.client).turn(now);
      }
      portals.forEach(portal -> portal.turn(now));
      if (i % 4 == 0) {
        lead();
      }
      judge();
    }
    judgeSettled();
  }

  private void judgeSettled() {
    Stowage stowage = processes.get(leader).stowage;
    if (!stowage.isLeading()) {
      findings.add("nobody leads: " + processes.get(leader).service.status());
      return;
    }
    stowage.audit().forEach(violation -> findings.add("audit: " + violation));
    for (Site site : sites.values()) {
      WorkerClient.Status status = Objects.requireNonNull(site.client).status();
      boolean isIdle =
          stowage.fleet().slice(site.worker.id()).filter(it -> it.entries().isEmpty()).isPresent();
      boolean isSettled = status.phase() == WorkerClient.Phase.OBEYING || isIdle;
      if (!isSettled || status.missingChunks() > 0) {
        findings.add(site.worker.id() + " has not settled: " + status);
      }
      if (status.heldChunks() != site.bytes.size()) {
        findings.add(site.worker.id() + " miscounts its disk: " + status + site.bytes);
      }
    }
    List<ChunkKey> keys = new ArrayList<>();
    for (int at = 0; at < drawn; at++) {
      keys.add(key(at));
    }
    stowage.status(keys).stream()
        .filter(it -> it.state().equals(Optional.of(ChunkState.VISIBLE)))
        .forEach(it -> portals.forEach(portal -> judgeSeen(portal, it.key())));
  }

  private void judgeSeen(PortalClient portal, ChunkKey key) {
    if (!(portal.of(key, now) instanceof PortalClient.Sight.Found found)) {
      findings.add(portal.id() + " does not see " + key + ": " + portal.status(now));
    } else if (found.route().workers().size() < 2) {
      findings.add(portal.id() + " sees too few copies: " + found.route());
    }
  }

  @Override
  public void close() {
    processes.forEach(process -> process.stowage.close());
    executor.shutdownNow();
  }
}
