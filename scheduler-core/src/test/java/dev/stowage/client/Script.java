package dev.stowage.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A control plane that answers what a test says, and a disk that does what a test says. */
final class Script implements Transport, WorkerDisk, ClientMemory {
  static final String FLEET = "f";
  static final Lineage LINEAGE = Lineage.of(0xa7);
  static final WorkerId WORKER = WorkerId.of("w");
  static final long SECOND = 1_000_000_000L;
  static final ClientConfig CONFIG = ClientConfig.DEFAULT.withHold(0);

  final Map<ChunkNumber, Long> bytes = new LinkedHashMap<>();
  final List<Download> fetches = new ArrayList<>();
  final List<CompletableFuture<Void>> fetchEnds = new ArrayList<>();
  final List<Integer> attempts = new ArrayList<>();
  byte[] memory = {};
  @Nullable IOException diskFailure;
  @Nullable String newId;
  private @Nullable CompletableFuture<byte[]> open;
  private @Nullable Envelope request;
  private long now;

  static ChunkNumber number(long counter) {
    return new ChunkNumber(LINEAGE, counter);
  }

  static SliceEntry entry(long counter) {
    return new SliceEntry(ChunkKey.of("d", "c" + counter), number(counter), 100, counter);
  }

  static SliceDocument slice(long id, long... counters) {
    List<SliceEntry> entries = new ArrayList<>();
    for (long counter : counters) {
      entries.add(entry(counter));
    }
    return new SliceDocument(header(id, Optional.empty()), List.of(), List.of(), entries);
  }

  static SliceHeader header(long id, Optional<WorkerAssignmentId> from) {
    return pausing(0, id, from);
  }

  /** Returns a header whose lineage lets nothing be deleted before a tick. */
  static SliceHeader pausing(long until, long id, Optional<WorkerAssignmentId> from) {
    return new SliceHeader(
        LINEAGE, WorkerAssignmentId.of(id), from, WORKER, Incarnation.of(1), until, 0, false);
  }

  WorkerClient client() {
    return new WorkerClient(FLEET, WORKER, this, this, this, CONFIG);
  }

  /** Lets seconds pass, and takes a turn. */
  void turn(WorkerClient client, long seconds) {
    now += seconds * SECOND;
    client.turn(now);
  }

  /** Expects a request, answers it, and lets the client take that in. */
  <Q, A> Q answer(WorkerClient client, Shape<Q> expected, Shape<A> shape, A row) {
    Q asked = asked(expected);
    reply(Envelope.seal(DocumentFormat.BINARY, FLEET, shape, row));
    client.turn(now);
    return asked;
  }

  <Q> Q asked(Shape<Q> expected) {
    assertThat(request).as("a request of %s", expected.name()).isNotNull();
    assertThat(request.name()).isEqualTo(expected.name());
    Envelope asked = request;
    request = null;
    return asked.read(expected);
  }

  void reply(byte[] answer) {
    assertThat(open).isNotNull();
    CompletableFuture<byte[]> waiting = open;
    open = null;
    waiting.complete(answer);
  }

  /** Registers the client. */
  void register(WorkerClient client) {
    turn(client, 1);
    answer(
        client,
        CommandKind.REGISTER.shape(),
        Wire.Answered.SHAPE,
        new Wire.Answered(
            ResultCode.ACCEPTED,
            List.of(),
            Optional.of(new Wire.Registration(Incarnation.of(1), LINEAGE, 0, false))));
  }

  Wire.AskSlice slice(WorkerClient client, SliceDocument slice) {
    return answer(
        client,
        Wire.AskSlice.SHAPE,
        Wire.ToldSlice.SHAPE,
        new Wire.ToldSlice(Optional.of(slice), 1, 500_000, false));
  }

  static Wire.Answered code(ResultCode code) {
    return new Wire.Answered(code, List.of(), Optional.empty());
  }

  @Nullable String pending() {
    return request == null ? null : request.name();
  }

  @Override
  public CompletionStage<byte[]> send(byte[] bytes, int attempt) {
    attempts.add(attempt);
    request = Envelope.open(bytes);
    open = new CompletableFuture<>();
    return open;
  }

  @Override
  public String newId() {
    String id = newId;
    return id == null ? WorkerDisk.super.newId() : id;
  }

  @Override
  public List<Held> held() throws IOException {
    check();
    return bytes.entrySet().stream().map(it -> new Held(it.getKey(), it.getValue())).toList();
  }

  @Override
  public void delete(ChunkNumber number) throws IOException {
    check();
    bytes.remove(number);
  }

  private void check() throws IOException {
    if (diskFailure != null) {
      throw diskFailure;
    }
  }

  @Override
  public CompletionStage<?> fetch(Download download) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    fetches.add(download);
    fetchEnds.add(end);
    return end;
  }

  @Override
  public byte[] load() throws IOException {
    check();
    return memory;
  }

  @Override
  public void save(byte[] state) throws IOException {
    check();
    memory = state;
  }
}
