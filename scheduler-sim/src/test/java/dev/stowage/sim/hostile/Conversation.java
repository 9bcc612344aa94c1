package dev.stowage.sim.hostile;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.StowageService;
import dev.stowage.Transfers;
import dev.stowage.client.ClientConfig;
import dev.stowage.client.ClientDoor;
import dev.stowage.client.ClientMemory;
import dev.stowage.client.Download;
import dev.stowage.client.PortalClient;
import dev.stowage.client.Transport;
import dev.stowage.client.WorkerClient;
import dev.stowage.client.WorkerDisk;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.PortalId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;

/** The honest talk of two workers and a portal with the door of a small fleet, word by word. */
final class Conversation {
  private static final String FLEET = "tried";
  private static final long SECOND = 1_000_000_000L;
  private static final long TURN = SECOND / 4;
  private static final int ROUNDS = 100;

  /** A request and its answer. */
  record Said(byte[] request, byte[] answer) {
    String name() {
      return Envelope.open(request).name();
    }
  }

  /** A client that a talk can be told to again. */
  interface Client {
    void turn(long now);

    /** Returns the number of failed requests and the last trouble. */
    String state();
  }

  /** Makes a client of a transport. */
  interface Maker {
    Client over(Transport transport, DocumentFormat format);
  }

  /** Keeps what a worker keeps; its fetches end at once. */
  private static final class Site implements WorkerDisk, ClientMemory {
    private final Map<ChunkNumber, Long> held = new LinkedHashMap<>();
    private byte[] memory;

    Site(byte[] memory) {
      this.memory = memory;
    }

    @Override
    public List<Held> held() {
      return held.entrySet().stream().map(it -> new Held(it.getKey(), it.getValue())).toList();
    }

    @Override
    public void delete(ChunkNumber number) {
      held.remove(number);
    }

    @Override
    public CompletionStage<?> fetch(Download download) {
      held.put(download.entry().number(), download.entry().sizeBytes());
      return CompletableFuture.completedFuture("whole");
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

  private final AtomicLong now = new AtomicLong(1_000 * SECOND);
  private final Stowage stowage;
  private final StowageService service;
  private final ClientDoor door;
  private final DocumentFormat format;
  final List<Said> ofWorker = new ArrayList<>();
  final List<Said> ofPortal = new ArrayList<>();
  private final Site first = new Site(new byte[0]);

  private Conversation(DocumentFormat format) {
    this.format = format;
    stowage =
        Stowage.builder(MemoryChunkStore.builder().fixedLineages().leaseClock(() -> 0).build())
            .config(SmallFleet.config().withHolder("leader").withAudit(AuditLevel.OFF))
            .build();
    service =
        new StowageService(
            stowage, new ScheduledThreadPoolExecutor(1), now::get, StowageService.Pace.DEFAULT);
    Transfers transfers =
        Transfers.of(stowage, ContentScheduler.of(ContentConfig.DEFAULT), (worker, bytes) -> 1);
    door = ClientDoor.of(stowage, FLEET).transferring(service, transfers);
    talk();
  }

  static Conversation in(DocumentFormat format) {
    return new Conversation(format);
  }

  private void talk() {
    Client one = worker("one", first).over(recorded(ofWorker), format);
    Client two = worker("two", new Site(new byte[0])).over(recorded(new ArrayList<>()), format);
    Client portal = portal().over(recorded(ofPortal), format);
    service.turn();
    for (int i = 0; i < 20; i++) {
      Chunk chunk = SmallFleet.chunk("c" + i, 10L * i);
      stowage.ingest(List.of(chunk), now.get());
    }
    for (int round = 0; round < ROUNDS; round++) {
      now.addAndGet(TURN);
      if (round == ROUNDS / 2) {
        stowage.remove(SmallFleet.key("c3"), now.get());
      }
      service.turn();
      one.turn(now.get());
      two.turn(now.get());
      portal.turn(now.get());
    }
  }

  private Transport recorded(List<Said> said) {
    return (request, route) -> {
      byte[] answer = door.answer(request, now.get());
      said.add(new Said(request, answer));
      return CompletableFuture.completedFuture(answer);
    };
  }

  /** Returns the bytes that the worker remembers. */
  byte[] memory() {
    return first.load();
  }

  /** Answers a request; returns false if the answer is a refusal. */
  boolean takes(byte[] request) {
    byte[] answer = door.answer(request, now.get());
    return !Envelope.open(answer).name().equals("refused");
  }

  static Maker worker() {
    return (transport, format) -> worker("one", new Site(new byte[0])).over(transport, format);
  }

  private static Maker worker(String name, Site site) {
    return (transport, format) -> {
      Worker worker = Worker.of(WorkerId.of(name), 10_000);
      WorkerClient client = new WorkerClient(FLEET, worker, transport, site, site, config(format));
      return client(client::turn, () -> client.status().failures() + client.status().trouble());
    };
  }

  static Maker portal() {
    return (transport, format) -> {
      PortalClient client = new PortalClient(FLEET, PortalId.of("p"), transport, config(format));
      return client(client::turn, () -> client.status(0).failures() + client.status(0).trouble());
    };
  }

  private static ClientConfig config(DocumentFormat format) {
    return ClientConfig.DEFAULT.withFormat(format);
  }

  private interface Turning {
    long at(long now);
  }

  private interface Telling {
    String state();
  }

  private static Client client(Turning turning, Telling telling) {
    return new Client() {
      @Override
      public void turn(long now) {
        turning.at(now);
      }

      @Override
      public String state() {
        return telling.state();
      }
    };
  }

  /** Starts a worker that remembers these bytes; returns false if it takes them for damaged. */
  static boolean remembers(byte[] memory) {
    List<byte[]> requests = new ArrayList<>();
    Site site = new Site(memory);
    Client client =
        worker("one", site)
            .over(
                (request, route) -> {
                  requests.add(request);
                  return new CompletableFuture<>();
                },
                DocumentFormat.BINARY);
    client.turn(SECOND);
    return site.memory == memory && !requests.isEmpty();
  }

  /**
   * Tells a new client the answers before place {@code at} of a talk, and {@code bytes} there;
   * returns its state.
   */
  static String stateAfter(
      Maker maker, DocumentFormat format, List<Said> talk, int at, byte[] bytes) {
    int[] sent = {0};
    Client client =
        maker.over(
            (request, route) -> {
              int place = sent[0]++;
              return place > at
                  ? new CompletableFuture<>()
                  : CompletableFuture.completedFuture(
                      place == at ? bytes : talk.get(place).answer());
            },
            format);
    long time = SECOND;
    for (int turns = 0; sent[0] <= at && turns < ROUNDS; turns++) {
      client.turn(time += TURN);
    }
    client.turn(time += TURN);
    client.turn(time + TURN);
    return client.state();
  }
}
