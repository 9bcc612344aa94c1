package dev.stowage.client;

import dev.stowage.Stowage;
import dev.stowage.columns.RandomToken;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The reports of one worker by a host that calls the facade itself, where {@link WorkerClient}
 * would be too much: keeps the name of the disk, the incarnation, the lineage and the number of the
 * next report. The facade has a {@link Stowage.Builder#clock}. Thread-safe.
 *
 * <pre>{@code
 * WorkerSession session = WorkerSession.open("fleet", worker, stowage, ClientMemory.at(file));
 * if (session.isInventoryWanted()) {
 *   session.inventory(numbersOnTheDisk);
 * }
 * session.slice().ifPresent(slice -> {
 *   // delete what it neither names nor keeps, download what is lacking
 *   session.applied(slice.id(), lacking);
 * });
 * }</pre>
 */
public final class WorkerSession {
  private final String fleet;
  private final Worker description;
  private final Stowage stowage;
  private final ClientMemory memory;
  private WorkerState state;
  private long lastReport;
  private boolean owesInventory;

  private WorkerSession(
      String fleet, Worker worker, Stowage stowage, ClientMemory memory, WorkerState state) {
    this.fleet = fleet;
    this.description = worker;
    this.stowage = stowage;
    this.memory = memory;
    this.state = state;
    this.owesInventory = !state.isInventoryTaken();
  }

  /**
   * Registers a worker with the disk that {@code memory} knows, and describes it if it is unknown.
   * An empty memory means a new, empty disk: if the disk is not empty, send its {@link #inventory}
   * before obeying any slice. Throws {@link IllegalStateException} if the memory is of another
   * fleet or the worker is refused, {@link dev.stowage.lifecycle.documents.DocumentException} if it
   * is damaged, and {@link UncheckedIOException} if it cannot be read or saved.
   */
  public static WorkerSession open(
      String fleet, Worker worker, Stowage stowage, ClientMemory memory) {
    Objects.requireNonNull(fleet, "fleet");
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(stowage, "stowage");
    WorkerSession session =
        new WorkerSession(fleet, worker, stowage, memory, remembered(fleet, memory));
    Result.Registered answer = session.register();
    if (!answer.isAccepted()) {
      throw new IllegalStateException(
          "worker " + worker.id() + " is refused: " + answer.code() + " " + answer.reasons());
    }
    return session;
  }

  private static WorkerState remembered(String fleet, ClientMemory memory) {
    byte[] bytes;
    try {
      bytes = memory.load();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes.length == 0) {
      return WorkerState.of(HexFormat.of().toHexDigits(RandomToken.draw()));
    }
    Envelope saved = Envelope.open(bytes);
    if (!saved.fleet().equals(fleet)) {
      throw new IllegalStateException(
          "the memory belongs to fleet " + saved.fleet() + ", not to " + fleet);
    }
    return saved.read(WorkerState.SHAPE);
  }

  /** Returns the worker's name. */
  public WorkerId id() {
    return description.id();
  }

  /**
   * Registers again, which {@link #open} and a report of a worker that the fleet no longer knows,
   * or in an old lineage, do by themselves.
   */
  public synchronized Result.Registered register() {
    save(state);
    Result.Registered answer = stowage.register(id(), state.diskId(), stowage.now());
    if (answer.code() == ResultCode.UNKNOWN_WORKER) {
      stowage.describe(description, stowage.now());
      answer = stowage.register(id(), state.diskId(), stowage.now());
    }
    if (answer.isAccepted()) {
      save(state.registered(answer.incarnation(), answer.lineage(), true));
      lastReport = answer.lastReport();
      owesInventory =
          answer.inventoryWanted() || !state.isInventoryTaken() || isInventoryForgotten();
    }
    return answer;
  }

  // A registration makes stale what was sent before it, an inventory under way too.
  private boolean isInventoryForgotten() {
    long sent = state.inventoryReport();
    return sent > 0
        && stowage.fleet().slice(id()).map(it -> it.inventoryReport() < sent).orElse(true);
  }

  /** Reports whether {@link #inventory} is to come before anything else. */
  public synchronized boolean isInventoryWanted() {
    return owesInventory;
  }

  /**
   * Returns the newest slice if the worker may obey it now: it was made for this life of the disk,
   * which was told to hold something, and for its last inventory.
   */
  public synchronized Optional<WorkerSlice> slice() {
    long tick = stowage.fleet().tick().value();
    return sliceToFetch().filter(slice -> tick >= slice.deleteFromTick());
  }

  /**
   * Returns the newest slice if the worker may download what it names. That is what {@link #slice}
   * returns, and also the slice of a lineage in its pause, for which nothing may be deleted yet.
   */
  public synchronized Optional<WorkerSlice> sliceToFetch() {
    return stowage.fleet().slice(id()).filter(this::isMine);
  }

  private boolean isMine(WorkerSlice slice) {
    return !owesInventory
        && slice.lineage().equals(state.lineage())
        && slice.incarnation().equals(state.incarnation())
        && !slice.isInventoryWanted()
        && slice.inventoryReport() >= state.inventoryReport();
  }

  /** Reports a sign of life ({@link Stowage#heartbeat(ReportHeader, long)}). */
  public Result.Answer heartbeat() {
    return report(stowage::heartbeat);
  }

  /** Reports a sign of life and a pressure. */
  public Result.Answer heartbeat(PressureSnapshot pressure) {
    Objects.requireNonNull(pressure, "pressure");
    return report((header, now) -> stowage.heartbeat(header, pressure, now));
  }

  /** Reports that the worker holds its slice up to {@code id}, except {@code missing}. */
  public Result.Answer applied(WorkerAssignmentId id, List<ChunkNumber> missing) {
    return report((header, now) -> stowage.applied(header, id, missing, now));
  }

  /** Reports chunks gone from the disk. */
  public Result.Answer lost(List<ChunkNumber> chunks) {
    return report((header, now) -> stowage.lost(header, chunks, now));
  }

  /** Reports all that the disk holds; until a slice made with it comes, none may be obeyed. */
  public synchronized Result.Answer inventory(List<ChunkNumber> chunks) {
    Objects.requireNonNull(chunks, "chunks");
    owesInventory = true;
    return report((header, now) -> {
      save(state.inventory(header.number(), false));
      Result.Answer answer = stowage.inventory(header, chunks, now);
      if (answer.isAccepted()) {
        save(state.inventory(header.number(), true));
        owesInventory = false;
      }
      return answer;
    });
  }

  private synchronized Result.Answer report(BiFunction<ReportHeader, Long, Result.Answer> sends) {
    ReportHeader header =
        new ReportHeader(id(), state.incarnation(), state.lineage(), ++lastReport);
    Result.Answer answer = sends.apply(header, stowage.now());
    switch (answer.code()) {
      case UNKNOWN_WORKER, FOREIGN_LINEAGE -> register();
      case INVENTORY_WANTED -> owesInventory = true;
      default -> {}
    }
    return answer;
  }

  private void save(WorkerState next) {
    try {
      memory.save(next.toBytes(fleet));
      state = next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
