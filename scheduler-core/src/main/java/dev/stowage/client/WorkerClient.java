package dev.stowage.client;

import dev.stowage.Transfers;
import dev.stowage.columns.ForeignText;
import dev.stowage.columns.RandomToken;
import dev.stowage.columns.WideSum;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: it registers, reports its disk's content, fetches its slice, deletes what it may,
 * downloads what it lacks, and reports. The host passes transport, disk and memory, and calls
 * {@link #turn}. Thread-safe: one turn runs at a time. It never deletes by a slice of another life
 * of its disk, another lineage, before its last inventory, not yet to be obeyed or not continuing
 * the known one; beyond the fleet's {@code massDeletionMillionths} of its chunks or bytes a second
 * full document must agree.
 */
public final class WorkerClient {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerClient.class);

  private static final int PATIENCE = 60;

  private static final int BUSY = 20;

  private static final Comparator<SliceEntry> OLDEST_FIRST =
      Comparator.comparingLong(SliceEntry::since).thenComparing(SliceEntry::key);

  private final WorkerId id;
  private final String fleet;
  private final WorkerDisk disk;
  private final ClientMemory memory;
  private final ClientConfig config;
  private final Optional<Worker> description;
  private final Exchange exchange;
  private final Downloads downloads;
  private final Clock clock = new Clock();

  private @Nullable WorkerState state;
  private @Nullable String broken;
  private boolean isSaved;
  private boolean isRegistered;
  private boolean isUnknown;
  private boolean owesInventory;
  private @Nullable Sending sending;
  private long lastReport;
  private long inventorySentAt;

  private final Map<ChunkNumber, Long> held = new HashMap<>();
  private final WideSum heldBytes = new WideSum();

  private final Set<ChunkNumber> lost = new LinkedHashSet<>();

  private @Nullable SliceDocument told;
  private final Map<ChunkNumber, SliceEntry> named = new HashMap<>();

  private final TreeSet<SliceEntry> missing = new TreeSet<>(OLDEST_FIRST);

  private long toldTick;
  private int massMillionths;
  private boolean isTransferring;

  private boolean isUnsettled;

  private boolean isObeying;

  private boolean wantsWhole;
  private @Nullable Doubt doubt;

  private final Map<Long, Pending> jobs = new LinkedHashMap<>();
  private final Map<Long, Wire.Ended> ended = new LinkedHashMap<>();

  private long sliceAt;
  private long transfersAt;
  private long reportAt;
  private long repeatAt;
  private @Nullable Progress said;
  private long deletions;
  private long disagreements;
  private String trouble = "";

  private record Sending(ReportHeader header, List<ChunkNumber> chunks, int next) {}

  private record Pending(Wire.Job job, long since) {}

  private record Progress(WorkerAssignmentId id, List<ChunkNumber> missing) {}

  // Null until the second document has come.
  private record Doubt(
      WorkerAssignmentId id, Set<ChunkNumber> names, @Nullable Set<ChunkNumber> spared) {}

  /** The activity of a client. */
  public enum Phase {
    /** Reads its disk and its memory, or cannot. */
    STARTING,
    /** Registers. */
    REGISTERING,
    /** Reports its disk's content, or waits for a slice made with that. */
    TAKING_STOCK,
    /** Has no slice that it may obey now. */
    WAITING,
    /** Has deleted what its slice does not name, and downloads what it lacks. */
    OBEYING,
    /** Does nothing: its memory is that of another fleet. */
    REFUSING
  }

  /**
   * The condition of a client at one moment.
   *
   * @param phase the activity
   * @param trouble the last failure in plain words; empty once it went well
   * @param assignment the known assignment, 0 for none
   * @param heldChunks the number of chunks on its disk
   * @param heldBytes their bytes, saturated
   * @param missingChunks the number of chunks of its slice that it lacks
   * @param downloads the number of running fetches
   * @param givenUp the number of times that it gave a chunk up
   * @param deletions the number of deleted chunks
   * @param disagreements the number of second documents that disagreed with the first
   * @param requests the number of requests sent
   * @param failures the number of failed requests
   */
  public record Status(
      Phase phase,
      String trouble,
      long assignment,
      int heldChunks,
      long heldBytes,
      int missingChunks,
      int downloads,
      long givenUp,
      long deletions,
      long disagreements,
      long requests,
      long failures) {}

  /** Creates a worker that describes itself if unknown and refuses answers of other fleets. */
  public WorkerClient(
      String fleet,
      Worker worker,
      Transport transport,
      WorkerDisk disk,
      ClientMemory memory,
      ClientConfig config) {
    this(fleet, worker.id(), Optional.of(worker), transport, disk, memory, config);
  }

  /** Creates a worker that the control plane describes. */
  public WorkerClient(
      String fleet,
      WorkerId worker,
      Transport transport,
      WorkerDisk disk,
      ClientMemory memory,
      ClientConfig config) {
    this(fleet, worker, Optional.empty(), transport, disk, memory, config);
  }

  private WorkerClient(
      String fleet,
      WorkerId worker,
      Optional<Worker> description,
      Transport transport,
      WorkerDisk disk,
      ClientMemory memory,
      ClientConfig config) {
    this.id = Objects.requireNonNull(worker, "worker");
    this.fleet = Objects.requireNonNull(fleet, "fleet");
    this.disk = Objects.requireNonNull(disk, "disk");
    this.memory = Objects.requireNonNull(memory, "memory");
    this.config = Objects.requireNonNull(config, "config");
    this.description = description;
    this.exchange = new Exchange(transport, config, fleet, worker.value());
    this.downloads = new Downloads(disk, config, exchange);
  }

  /** Returns the worker's name. */
  public WorkerId id() {
    return id;
  }

  /**
   * Takes in answers, works on the disk and sends the next request, without waiting; returns the
   * nanoseconds until the next useful turn, at least 1. An earlier turn does no harm, and a step
   * back of the clock, best {@link System#nanoTime}, counts as none.
   */
  public synchronized long turn(long nowNanos) {
    clock.stepsBack(nowNanos);
    long now = clock.nanos();
    if (!start()) {
      return config.pollNanos();
    }
    downloads.settle(now).forEach(this::ended);
    exchange.turn(now);
    obey(now);
    fetch(now);
    if (exchange.isFree(now)) {
      say(now);
    }
    return pause(now);
  }

  private long pause(long now) {
    long most = Math.max(1, config.pollNanos());
    if (!exchange.isFree(now) || downloads.count() > 0) {
      return Math.max(1, most / BUSY);
    }
    long due = Math.min(now + most, sliceAt);
    for (long each : new long[] {repeatAt, reportAt, transfersAt}) {
      due = each > now ? Math.min(due, each) : due;
    }
    return Math.max(1, due - now);
  }

  /** Reports chunks as gone from the disk or damaged; they are downloaded again. */
  public synchronized void lost(Collection<ChunkNumber> chunks) {
    for (ChunkNumber number : chunks) {
      if (forget(number)) {
        lost.add(number);
      }
    }
  }

  /** Returns the condition of the client. */
  public synchronized Status status() {
    SliceDocument slice = told;
    return new Status(
        phase(),
        broken != null ? broken : exchange.failedInRow() > 0 ? exchange.lastFailure() : trouble,
        slice == null ? 0 : slice.id().value(),
        held.size(),
        heldBytes.saturated(),
        missing.size(),
        downloads.count(),
        downloads.givenUp(),
        deletions,
        disagreements,
        exchange.requests(),
        exchange.failures());
  }

  private Phase phase() {
    if (broken != null) {
      return Phase.REFUSING;
    }
    if (state == null) {
      return Phase.STARTING;
    }
    if (!isRegistered) {
      return Phase.REGISTERING;
    }
    if (owesInventory || sending != null) {
      return Phase.TAKING_STOCK;
    }
    return isObeying ? Phase.OBEYING : Phase.WAITING;
  }

  private boolean start() {
    if (broken != null) {
      return false;
    }
    if (state != null) {
      return true;
    }
    try {
      WorkerState found = remembered(memory.load());
      if (found == null) {
        return false;
      }
      for (WorkerDisk.Held each : disk.held()) {
        keep(each.number(), each.bytes());
      }
      state = found;
      owesInventory = !found.isInventoryTaken();
      trouble = "";
      return true;
    } catch (IOException | RuntimeException failed) {
      held.clear();
      heldBytes.clear();
      complain("it cannot read its disk or its memory: " + failed);
      return false;
    }
  }

  // Damaged memory counts as none: new disk name, new inventory. Another fleet's is refused, since
  // its chunks would be unknown here and be deleted in the end.
  private @Nullable WorkerState remembered(byte[] bytes) {
    if (bytes.length > 0) {
      try {
        Envelope saved = Envelope.open(bytes);
        if (!saved.fleet().equals(fleet)) {
          broken =
              "its disk belongs to fleet "
                  + ForeignText.quoted(saved.fleet())
                  + ", not to "
                  + fleet;
          LOG.error("event=foreign_disk worker={} reason=\"{}\"", id, broken);
          return null;
        }
        WorkerState found = saved.read(WorkerState.SHAPE);
        isSaved = true;
        return found;
      } catch (DocumentException damaged) {
        LOG.warn("event=memory_damaged worker={} reason=\"{}\"", id, damaged.getMessage());
      }
    }
    return WorkerState.of(HexFormat.of().toHexDigits(RandomToken.draw()));
  }

  // Without a saved state nothing further is said.
  private boolean save(WorkerState next, long now) {
    if (isSaved && next.equals(state)) {
      return true;
    }
    try {
      memory.save(next.toBytes(fleet));
      state = next;
      isSaved = true;
      return true;
    } catch (IOException | RuntimeException failed) {
      exchange.failed("it cannot save its memory: " + failed, now);
      return false;
    }
  }

  private WorkerState state() {
    return Objects.requireNonNull(state);
  }

  private void keep(ChunkNumber number, long bytes) {
    Long before = held.put(number, bytes);
    heldBytes.add(bytes);
    heldBytes.subtract(before == null ? 0 : before);
    SliceEntry entry = named.get(number);
    if (entry != null) {
      missing.remove(entry);
    }
  }

  private boolean forget(ChunkNumber number) {
    Long bytes = held.remove(number);
    heldBytes.subtract(bytes == null ? 0 : bytes);
    SliceEntry entry = named.get(number);
    if (entry != null) {
      missing.add(entry);
    }
    return bytes != null;
  }

  private void complain(String complaint) {
    String why = ForeignText.message(complaint);
    if (!why.equals(trouble)) {
      LOG.warn("event=trouble worker={} reason=\"{}\"", id, why);
    }
    trouble = why;
  }

  private boolean mayObey(SliceDocument slice) {
    return isRegistered
        && !owesInventory
        && sending == null
        && isOfThisLife(slice)
        && !slice.header().isInventoryWanted()
        && toldTick >= slice.header().obeyFromTick()
        && slice.header().inventoryReport() >= state().inventoryReport();
  }

  private boolean isOfThisLife(SliceDocument slice) {
    return slice.lineage().equals(state().lineage())
        && slice.header().incarnation().equals(state().incarnation());
  }

  private void obeyNothing() {
    isObeying = false;
    isUnsettled = true;
    said = null;
  }

  private void forgetTold() {
    told = null;
    named.clear();
    missing.clear();
    doubt = null;
    obeyNothing();
  }

  private void obey(long now) {
    SliceDocument slice = told;
    if (slice == null || !isUnsettled) {
      return;
    }
    if (!mayObey(slice)) {
      isObeying = false;
      return;
    }
    Set<ChunkNumber> kept = new HashSet<>(slice.keep());
    Set<ChunkNumber> unnamed = new LinkedHashSet<>(held.keySet());
    unnamed.removeIf(number -> named.containsKey(number) || kept.contains(number));
    SliceDocument.Deletion deletion =
        SliceDocument.Deletion.of(held.keySet(), number -> held.getOrDefault(number, 0L), unnamed);
    if (deletion.isMass(massMillionths)) {
      Doubt open = doubt;
      Set<ChunkNumber> spared = open == null || !open.id.equals(slice.id()) ? null : open.spared;
      if (spared == null) {
        doubt = new Doubt(slice.id(), names(slice), null);
        wantsWhole = true;
        isObeying = false;
        sliceAt = now;
        return;
      }
      unnamed.removeAll(spared);
    }
    isUnsettled = false;
    unnamed.forEach(this::delete);
    isObeying = true;
    List<Downloads.End> stopped = new ArrayList<>();
    downloads.cancelUnless(named::containsKey, stopped);
    stopped.forEach(this::ended);
  }

  private static Set<ChunkNumber> names(SliceDocument slice) {
    Set<ChunkNumber> names = new HashSet<>(slice.keep());
    slice.put().forEach(entry -> names.add(entry.number()));
    return names;
  }

  private void delete(ChunkNumber number) {
    try {
      disk.delete(number);
      forget(number);
      deletions++;
    } catch (IOException | RuntimeException failed) {
      isUnsettled = true;
      complain("it cannot delete " + number + ": " + failed);
    }
  }

  private void fetch(long now) {
    if (!isObeying) {
      return;
    }
    if (isTransferring) {
      List.copyOf(jobs.values()).forEach(job -> fetch(job, now));
      return;
    }
    for (SliceEntry entry : List.copyOf(missing)) {
      if (downloads.room() == 0) {
        return;
      }
      if (downloads.mayTry(entry.number(), now)) {
        downloads.begin(entry, null, now);
      }
    }
  }

  private void fetch(Pending pending, long now) {
    Wire.Job job = pending.job;
    SliceEntry entry = named.get(job.number());
    if (held.containsKey(job.number())) {
      end(job, Transfers.Outcome.ARRIVED, "");
    } else if (entry == null) {
      if (now - pending.since >= PATIENCE * config.pollNanos()) {
        end(job, Transfers.Outcome.FAILED, "the worker's slice does not name the chunk");
      }
    } else if (downloads.room() > 0 && !downloads.isRunning(job.number())) {
      jobs.remove(job.id());
      downloads.begin(entry, job, now);
    }
  }

  private void end(Wire.Job job, Transfers.Outcome outcome, String reason) {
    jobs.remove(job.id());
    ended.put(job.id(), new Wire.Ended(job.id(), outcome, Optional.empty(), 0, 0, reason));
  }

  private void ended(Downloads.End end) {
    ChunkNumber number = end.entry().number();
    String failure = end.failure();
    if (failure == null) {
      keep(number, end.entry().sizeBytes());
      lost.remove(number);
      isUnsettled |= !named.containsKey(number);
    } else {
      complain("it cannot fetch " + end.entry().key() + ": " + failure);
    }
    if (end.job() != 0) {
      long bytes = failure == null ? end.entry().sizeBytes() : end.goodBytes();
      ended.put(
          end.job(),
          new Wire.Ended(
              end.job(),
              end.outcome(),
              end.source(),
              bytes,
              end.nanos(),
              failure == null ? "" : failure));
    }
  }

  private void say(long now) {
    if (!isRegistered) {
      register(now);
    } else if (sending != null || owesInventory) {
      takeStock(now);
    } else if (!lost.isEmpty()) {
      List<ChunkNumber> gone = lost.stream().limit(config.inventoryPart()).toList();
      report(new Command.Lost(header(), gone), now, () -> gone.forEach(lost::remove));
    } else if (wantsWhole || told == null || now >= sliceAt) {
      askSlice(now);
    } else if (isTransferring && (!ended.isEmpty() || now >= transfersAt)) {
      askTransfers(now);
    } else {
      reportProgress(now);
    }
  }

  private void register(long now) {
    if (!save(state(), now)) {
      return;
    }
    if (isUnknown && description.isPresent()) {
      Command.Describe describe = Command.Describe.of(description.get());
      send(describe, now, answer -> isUnknown = false);
      return;
    }
    send(
        new Command.Register(id, state().diskId()),
        now,
        answer -> answer.registration().ifPresent(it -> registered(it, now)));
  }

  private void registered(Wire.Registration as, long now) {
    WorkerState before = state();
    boolean isAnother = !as.incarnation().equals(before.incarnation());
    if (!save(before.registered(as.incarnation(), as.lineage(), held.isEmpty()), now)) {
      return;
    }
    if (isAnother || !as.lineage().equals(before.lineage())) {
      forgetTold();
    }
    lastReport = isAnother ? as.lastReport() : Math.max(lastReport, as.lastReport());
    owesInventory = as.isInventoryWanted() || sending != null || !state().isInventoryTaken();
    sending = null;
    isRegistered = true;
    said = null;
    isUnsettled = true;
  }

  private ReportHeader header() {
    return new ReportHeader(id, state().incarnation(), state().lineage(), ++lastReport);
  }

  private void takeStock(long now) {
    Sending open = sending;
    if (open == null) {
      ReportHeader header = header();
      if (!save(state().inventory(header.number(), false), now)) {
        return;
      }
      List<ChunkNumber> all = new ArrayList<>(held.keySet());
      all.sort(ChunkNumbers.ORDER);
      lost.clear();
      open = new Sending(header, List.copyOf(all), 1);
      sending = open;
      obeyNothing();
    }
    Sending at = open;
    int size = config.inventoryPart();
    int of = Math.max(1, (at.chunks.size() + size - 1) / size);
    int from = (at.next - 1) * size;
    List<ChunkNumber> part = at.chunks.subList(from, Math.min(from + size, at.chunks.size()));
    Command<?> command =
        of == 1
            ? new Command.Inventory(at.header, part)
            : new Command.InventoryPart(at.header, at.next, of, part);
    report(
        command,
        now,
        () -> {
          if (at.next < of) {
            sending = new Sending(at.header, at.chunks, at.next + 1);
          } else {
            sending = null;
            owesInventory = false;
            inventorySentAt = now;
            sliceAt = now;
            save(state().inventory(at.header.number(), true), now);
          }
        });
  }

  private void askSlice(long now) {
    SliceDocument known = told;
    boolean isWhole = wantsWhole || known == null;
    Wire.AskSlice question =
        new Wire.AskSlice(
            id,
            state().lineage(),
            isWhole || known == null ? Optional.empty() : Optional.of(known.id()));
    sliceAt = now + config.pollNanos();
    exchange.ask(
        Wire.AskSlice.SHAPE,
        question,
        now,
        answer -> told(answer.read(Wire.ToldSlice.SHAPE), isWhole, now));
  }

  private void told(Wire.ToldSlice answer, boolean isWhole, long now) {
    SliceDocument come = answer.slice().orElse(null);
    isTransferring = answer.isTransferring();
    if (come == null) {
      // Unknown, or departed: registering brings it back.
      isRegistered = false;
      forgetTold();
      return;
    }
    if (!come.header().worker().equals(id)) {
      throw new IllegalArgumentException(
          "the slice is of worker " + come.header().worker() + "; this client is " + id);
    }
    if (!come.lineage().equals(state().lineage())) {
      isRegistered = false;
      obeyNothing();
      return;
    }
    SliceDocument known = told;
    wantsWhole = true;
    SliceDocument next = known == null ? whole(come) : after(known, come);
    wantsWhole = false;
    if (known != null && next.id().compareTo(known.id()) < 0) {
      return;
    }
    take(next, answer);
    if (isWhole) {
      settleDoubt(next);
    }
    if (isStockForgotten(next, now)) {
      owesInventory = true;
    }
  }

  private static SliceDocument whole(SliceDocument come) {
    if (!come.isFull()) {
      throw new IllegalArgumentException("the slice is a delta; a full one was asked for");
    }
    return come;
  }

  @SuppressWarnings("ReferenceEquality")
  private void take(SliceDocument next, Wire.ToldSlice answer) {
    boolean isOther = next != told;
    toldTick = Math.max(toldTick, answer.tick());
    massMillionths = answer.massMillionths();
    isUnsettled |= !isObeying || isOther;
    if (isOther) {
      told = next;
      named.clear();
      next.put().forEach(entry -> named.put(entry.number(), entry));
      missing.clear();
      next.put().stream().filter(it -> !held.containsKey(it.number())).forEach(missing::add);
    }
  }

  private static SliceDocument after(SliceDocument known, SliceDocument come) {
    boolean isSame =
        come.header().since(Optional.empty()).equals(known.header())
            && come.removed().isEmpty()
            && come.put().isEmpty()
            && come.keep().equals(known.keep());
    return isSame && !come.isFull() ? known : come.after(known);
  }

  private void settleDoubt(SliceDocument full) {
    Doubt open = doubt;
    if (open == null || open.spared != null) {
      return;
    }
    Set<ChunkNumber> theirs = names(full);
    if (full.id().equals(open.id) && !theirs.equals(open.names)) {
      disagreements++;
      doubt = null;
      isUnsettled = false;
      complain("two slices of assignment " + open.id + " differ; it deletes nothing for them");
      return;
    }
    doubt = new Doubt(full.id(), theirs, open.names);
    isUnsettled = true;
  }

  private boolean isStockForgotten(SliceDocument slice, long now) {
    boolean isWanted =
        slice.header().isInventoryWanted()
            || slice.header().inventoryReport() < state().inventoryReport();
    boolean isSent = state().inventoryReport() > 0;
    return isWanted
        && isOfThisLife(slice)
        && (!isSent || now - inventorySentAt >= PATIENCE * config.pollNanos());
  }

  private void reportProgress(long now) {
    SliceDocument slice = told;
    if (!isObeying || slice == null) {
      if (now >= repeatAt) {
        report(new Command.Heartbeat(header()), now, () -> {});
      }
      return;
    }
    if (now < reportAt) {
      return;
    }
    List<ChunkNumber> lacking = new ArrayList<>();
    missing.forEach(entry -> lacking.add(entry.number()));
    lacking.sort(ChunkNumbers.ORDER);
    Progress progress = new Progress(slice.id(), lacking);
    if (progress.equals(said) && now < repeatAt) {
      return;
    }
    reportAt = now + config.reportNanos();
    Command.Applied applied = new Command.Applied(header(), slice.id(), lacking);
    report(applied, now, () -> said = progress);
  }

  private void askTransfers(long now) {
    transfersAt = now + config.pollNanos();
    List<Wire.Ended> telling = List.copyOf(ended.values());
    long unnamed = jobs.values().stream().filter(it -> !isNamed(it.job)).count();
    Wire.AskTransfers question =
        new Wire.AskTransfers(id, downloads.room() + (int) unnamed, downloads.jobs(), telling);
    exchange.ask(
        Wire.AskTransfers.SHAPE,
        question,
        now,
        answer -> {
          List<Wire.Job> come = answer.read(Wire.ToldTransfers.SHAPE).jobs();
          telling.forEach(it -> ended.remove(it.id(), it));
          take(come, now);
        });
  }

  private boolean isNamed(Wire.Job job) {
    return named.containsKey(job.number());
  }

  private void take(List<Wire.Job> come, long now) {
    Map<Long, Pending> before = new LinkedHashMap<>(jobs);
    jobs.clear();
    for (Wire.Job job : come) {
      Pending known = before.get(job.id());
      jobs.put(job.id(), known == null ? new Pending(job, now) : known);
      if (!isNamed(job)) {
        sliceAt = now;
      }
    }
  }

  private void report(Command<?> report, long now, Runnable accepted) {
    repeatAt = now + config.repeatNanos();
    send(report, now, answer -> accepted.run());
  }

  private void send(Command<?> command, long now, Consumer<Wire.Answered> taken) {
    ask(command.kind(), command, now, taken);
  }

  private <C extends Command<R>, R extends Result> void ask(
      CommandKind<C, R> kind, Command<?> command, long now, Consumer<Wire.Answered> taken) {
    exchange.ask(
        kind.shape(),
        kind.of(command),
        now,
        answer -> answered(answer.read(Wire.Answered.SHAPE), now, taken));
  }

  private void answered(Wire.Answered answer, long now, Consumer<Wire.Answered> taken) {
    ResultCode code = answer.code();
    switch (code) {
      case ACCEPTED -> taken.accept(answer);
      case INVENTORY_WANTED -> {
        sending = null;
        owesInventory = true;
        obeyNothing();
      }
      case UNKNOWN_WORKER -> {
        isUnknown = true;
        isRegistered = false;
      }
      case FROM_THE_FUTURE -> {
        isRegistered = false;
        forgetTold();
      }
      default -> isRegistered = false;
    }
    if (!code.isAccepted()) {
      exchange.failed(code + (answer.reasons().isEmpty() ? "" : " " + answer.reasons()), now);
    }
  }
}
