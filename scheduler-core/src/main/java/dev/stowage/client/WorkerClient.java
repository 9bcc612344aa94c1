package dev.stowage.client;

import dev.stowage.Transfers;
import dev.stowage.client.transfers.TransferWire;
import dev.stowage.columns.ForeignText;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
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

  private final WorkerId id;
  private final String fleet;
  private final WorkerDisk disk;
  private final ClientMemory memory;
  private final ClientConfig config;
  private final Optional<Worker> description;
  private final Exchange exchange;

  // Carries requests for slices that may be held, beside all others.
  private final Exchange news;
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

  private final SliceBook book = new SliceBook();

  private final Set<ChunkNumber> lost = new LinkedHashSet<>();

  private long toldTick;
  private int massMillionths;
  private boolean isTransferring;

  private boolean isUnsettled;

  private boolean isObeying;

  private boolean wantsWhole;
  private @Nullable Doubt doubt;

  private final Map<Long, Pending> jobs = new LinkedHashMap<>();
  private final Map<Long, TransferWire.Ended> ended = new LinkedHashMap<>();

  private long sliceAt;
  private long transfersAt;
  private long reportAt;
  private long repeatAt;
  private @Nullable LongFunction<PressureSnapshot> samples;
  private long pressureAt;
  private @Nullable Progress said;
  private long deletions;
  private long disagreements;
  private String trouble = "";

  private record Sending(ReportHeader header, List<ChunkNumber> chunks, int next) {}

  private record Pending(TransferWire.Job job, long since) {}

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
    this.news = new Exchange(transport, config, fleet, worker.value());
    this.downloads = new Downloads(disk, config, exchange);
  }

  /**
   * Reports the machine's pressure, which {@code samples} gives by the time of {@link #turn}, once
   * in {@code repeat_nanos}, and returns this. What it throws is logged, and that report says no
   * pressure. Takes what {@link dev.stowage.StowageService#observing} takes.
   */
  public synchronized WorkerClient withPressure(LongFunction<PressureSnapshot> samples) {
    this.samples = Objects.requireNonNull(samples, "samples");
    return this;
  }

  /**
   * Runs {@code hint} when an answer has come, on the thread that brings it, so that the host calls
   * {@link #turn} at once; returns this. The hint must not throw.
   */
  public WorkerClient waking(Runnable hint) {
    exchange.onAnswer(hint);
    news.onAnswer(hint);
    return this;
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
    news.turn(now);
    obey(now);
    fetch(now);
    if (mayWait() && news.isFree(now) && now >= sliceAt) {
      askSlice(news, config.heldNanos(), now);
    }
    if (exchange.isFree(now)) {
      say(now);
    }
    return pause(now);
  }

  // A worker whose slice may change what it demands without another assignment asks at once.
  private boolean mayWait() {
    return config.holdNanos() > 0 && isRegistered && isObeying && !isUnsettled && !wantsWhole;
  }

  private long pause(long now) {
    long most = Math.max(1, config.pollNanos());
    if (!exchange.isFree(now) || !news.isFree(now) || downloads.count() > 0) {
      return Math.max(1, most / BUSY);
    }
    long due = Math.min(now + most, sliceAt);
    for (long each : new long[] {repeatAt, reportAt, transfersAt, pressureAt}) {
      due = each > now ? Math.min(due, each) : due;
    }
    return Math.max(1, due - now);
  }

  /** Reports chunks as gone from the disk or damaged; they are downloaded again. */
  public synchronized void lost(Collection<ChunkNumber> chunks) {
    for (ChunkNumber number : chunks) {
      if (book.drop(number)) {
        lost.add(number);
      }
    }
  }

  /**
   * Takes in a document that was sent unasked, such as by {@link
   * dev.stowage.propagation.AssignmentPropagation}; the next turn obeys it. Returns false if it
   * does not continue the known slice: the next turn asks for what is missing.
   */
  public synchronized boolean hear(SliceDocument news) {
    requireMine(news);
    if (!isRegistered
        || !news.lineage().equals(state().lineage())
        || isStale(news)
        || !isNext(news)) {
      sliceAt = clock.nanos();
      return false;
    }
    take(news);
    return true;
  }

  /** Returns the condition of the client. */
  public synchronized Status status() {
    SliceHeader slice = book.header();
    return new Status(
        phase(),
        broken != null ? broken : complaint(),
        slice == null ? 0 : slice.id().value(),
        book.held().size(),
        book.heldBytes(),
        book.missing().size(),
        downloads.count(),
        downloads.givenUp(),
        deletions,
        disagreements,
        exchange.requests() + news.requests(),
        exchange.failures() + news.failures());
  }

  private String complaint() {
    return exchange.failedInRow() > 0
        ? exchange.lastFailure()
        : news.failedInRow() > 0 ? news.lastFailure() : trouble;
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
        book.hold(each.number(), each.bytes());
      }
      state = found;
      owesInventory = !found.isInventoryTaken();
      trouble = "";
      return true;
    } catch (IOException | RuntimeException failed) {
      book.dropAll();
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
    return WorkerState.of(disk.newId());
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

  private void complain(String complaint) {
    String why = ForeignText.message(complaint);
    if (!why.equals(trouble)) {
      LOG.warn("event=trouble worker={} reason=\"{}\"", id, why);
    }
    trouble = why;
  }

  private boolean mayObey(SliceHeader slice) {
    return isRegistered
        && !owesInventory
        && sending == null
        && isOfThisLife(slice)
        && !slice.isInventoryWanted()
        && slice.inventoryReport() >= state().inventoryReport();
  }

  private boolean isOfThisLife(SliceHeader slice) {
    return slice.lineage().equals(state().lineage())
        && slice.incarnation().equals(state().incarnation());
  }

  private void obeyNothing() {
    isObeying = false;
    isUnsettled = true;
    said = null;
  }

  private void forgetTold() {
    book.forget();
    doubt = null;
    obeyNothing();
  }

  private void obey(long now) {
    SliceHeader slice = book.header();
    if (slice == null || !isUnsettled) {
      return;
    }
    if (!mayObey(slice)) {
      isObeying = false;
      return;
    }
    if (toldTick >= slice.deleteFromTick() && !deleteUnnamed(slice, now)) {
      isObeying = false;
      return;
    }
    isObeying = true;
    downloads.cancelUnless(this::isNamed).forEach(this::ended);
  }

  /** Deletes what a slice does not name; returns false if that is too much to believe it. */
  private boolean deleteUnnamed(SliceHeader slice, long now) {
    List<ChunkNumber> unnamed = book.unnamed();
    if (book.deletion(unnamed).isMass(massMillionths)) {
      Doubt open = doubt;
      Set<ChunkNumber> spared = open == null || !open.id.equals(slice.id()) ? null : open.spared;
      if (spared == null) {
        doubt = new Doubt(slice.id(), book.spared(), null);
        wantsWhole = true;
        sliceAt = now;
        return false;
      }
      unnamed.removeIf(spared::contains);
    }
    isUnsettled = false;
    unnamed.forEach(this::delete);
    return true;
  }

  private void delete(ChunkNumber number) {
    try {
      disk.delete(number);
      book.drop(number);
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
    if (downloads.room() == 0) {
      return;
    }
    for (SliceEntry entry : List.copyOf(book.missing())) {
      if (downloads.room() == 0) {
        return;
      }
      if (downloads.mayTry(entry.number(), now)) {
        downloads.begin(entry, null, now);
      }
    }
  }

  private void fetch(Pending pending, long now) {
    TransferWire.Job job = pending.job;
    SliceEntry entry = book.named(job.number());
    if (book.holds(job.number())) {
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

  private void end(TransferWire.Job job, Transfers.Outcome outcome, String reason) {
    jobs.remove(job.id());
    ended.put(job.id(), new TransferWire.Ended(job.id(), outcome, Optional.empty(), 0, 0, reason));
  }

  private void ended(Downloads.End end) {
    ChunkNumber number = end.entry().number();
    TransferWire.Ended job = end.job();
    if (job.outcome() == Transfers.Outcome.ARRIVED) {
      book.hold(number, end.entry().sizeBytes());
      lost.remove(number);
      isUnsettled |= !isNamed(number);
    } else {
      complain("it cannot fetch " + end.entry().key() + ": " + job.reason());
    }
    if (job.id() != 0) {
      ended.put(job.id(), job);
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
    } else if (wantsWhole || book.header() == null || (now >= sliceAt && !mayWait())) {
      news.drop();
      askSlice(exchange, 0, now);
    } else if (samples != null && now >= pressureAt) {
      pressureAt = now + config.repeatNanos();
      Optional<PressureSnapshot> sample = sample(now);
      report(new Command.Heartbeat(header(), sample), now, () -> {});
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
    if (!save(before.registered(as.incarnation(), as.lineage(), book.held().isEmpty()), now)) {
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
      List<ChunkNumber> all = new ArrayList<>(book.held());
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

  private void askSlice(Exchange whom, long wait, long now) {
    SliceHeader known = book.header();
    boolean isWhole = wantsWhole || known == null;
    Wire.AskSlice question =
        new Wire.AskSlice(
            id,
            state().lineage(),
            isWhole || known == null ? Optional.empty() : Optional.of(known.id()),
            wait);
    sliceAt = now + config.pollNanos();
    whom.ask(
        Wire.AskSlice.SHAPE,
        question,
        now,
        answer -> {
          Wire.ToldSlice told = answer.read(Wire.ToldSlice.SHAPE);
          boolean isHeld = wait > 0 && clock.nanos() - now >= wait;
          if (config.holdNanos() > 0 && (isHeld || !told.isEmpty())) {
            sliceAt = now;
          }
          told(told, isWhole, now);
        });
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
    requireMine(come);
    if (!come.lineage().equals(state().lineage())) {
      isRegistered = false;
      obeyNothing();
      return;
    }
    toldTick = Math.max(toldTick, answer.tick());
    massMillionths = answer.massMillionths();
    wantsWhole = false;
    if (isStale(come)) {
      return;
    }
    wantsWhole = true;
    book.requireBase(come.header());
    wantsWhole = false;
    take(come);
    if (isWhole) {
      settleDoubt(come.id());
    }
    if (isStockForgotten(come.header(), now)) {
      owesInventory = true;
    }
  }

  private void requireMine(SliceDocument come) {
    if (!come.header().worker().equals(id)) {
      throw new IllegalArgumentException(
          "the slice is of worker " + come.header().worker() + "; this client is " + id);
    }
  }

  // Older than the known slice, or the way to it.
  private boolean isStale(SliceDocument come) {
    SliceHeader known = book.header();
    int order = known == null ? 1 : come.id().compareTo(known.id());
    return order < 0 || (order == 0 && !isNext(come));
  }

  private boolean isNext(SliceDocument come) {
    SliceHeader known = book.header();
    return come.isFull() || (known != null && come.header().continues(known));
  }

  private void take(SliceDocument come) {
    boolean isOther = come.isFull() || isChange(come);
    isUnsettled |= !isObeying || isOther;
    if (isOther) {
      book.tell(come.header(), come.keep(), come.removed(), come.put());
    }
  }

  private boolean isChange(SliceDocument delta) {
    return !delta.header().since(Optional.empty()).equals(book.header())
        || !delta.removed().isEmpty()
        || !delta.put().isEmpty()
        || !delta.keep().equals(book.keep());
  }

  private void settleDoubt(WorkerAssignmentId full) {
    Doubt open = doubt;
    if (open == null || open.spared != null) {
      return;
    }
    Set<ChunkNumber> theirs = book.spared();
    if (full.equals(open.id) && !theirs.equals(open.names)) {
      disagreements++;
      doubt = null;
      isUnsettled = false;
      complain("two slices of assignment " + open.id + " differ; it deletes nothing for them");
      return;
    }
    doubt = new Doubt(full, theirs, open.names);
    isUnsettled = true;
  }

  private boolean isStockForgotten(SliceHeader slice, long now) {
    boolean isWanted =
        slice.isInventoryWanted() || slice.inventoryReport() < state().inventoryReport();
    boolean isSent = state().inventoryReport() > 0;
    return isWanted
        && isOfThisLife(slice)
        && (!isSent || now - inventorySentAt >= PATIENCE * config.pollNanos());
  }

  private void reportProgress(long now) {
    SliceHeader slice = book.header();
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
    book.missing().forEach(entry -> lacking.add(entry.number()));
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
    List<TransferWire.Ended> telling = List.copyOf(ended.values());
    long unnamed = jobs.values().stream().filter(it -> !isNamed(it.job.number())).count();
    TransferWire.AskTransfers question =
        new TransferWire.AskTransfers(
            id, downloads.room() + (int) unnamed, downloads.jobs(), telling);
    exchange.ask(
        TransferWire.AskTransfers.SHAPE,
        question,
        now,
        answer -> {
          List<TransferWire.Job> come = answer.read(TransferWire.ToldTransfers.SHAPE).jobs();
          telling.forEach(it -> ended.remove(it.id(), it));
          take(come, now);
        });
  }

  private Optional<PressureSnapshot> sample(long now) {
    LongFunction<PressureSnapshot> asked = samples;
    try {
      return asked == null ? Optional.empty() : Optional.of(asked.apply(now));
    } catch (RuntimeException failed) {
      complain("it cannot sample its pressure: " + failed);
      return Optional.empty();
    }
  }

  private boolean isNamed(ChunkNumber number) {
    return book.named(number) != null;
  }

  private void take(List<TransferWire.Job> come, long now) {
    Map<Long, Pending> before = new LinkedHashMap<>(jobs);
    jobs.clear();
    for (TransferWire.Job job : come) {
      Pending known = before.get(job.id());
      jobs.put(job.id(), known == null ? new Pending(job, now) : known);
      if (!isNamed(job.number())) {
        sliceAt = now;
      }
    }
  }

  private void report(Command<?> report, long now, Runnable accepted) {
    send(
        report,
        now,
        answer -> {
          repeatAt = now + config.repeatNanos();
          accepted.run();
        });
  }

  private void send(Command<?> command, long now, Consumer<Wire.Answered> taken) {
    ask(CommandKind.kindOf(command), command, now, taken);
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
      case REQUESTED -> {
        // It waits in the log: a report is repeated with the next number, a registration as it is.
        exchange.unserved(code + " " + answer.reasons(), now);
        return;
      }
      default -> isRegistered = false;
    }
    if (!code.isAccepted()) {
      exchange.failed(code + (answer.reasons().isEmpty() ? "" : " " + answer.reasons()), now);
    }
  }
}
