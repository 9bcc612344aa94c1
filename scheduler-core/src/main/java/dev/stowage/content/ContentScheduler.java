package dev.stowage.content;

import dev.stowage.columns.Nanos;
import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentQueue.Cancellation;
import dev.stowage.content.ContentQueue.FailureOutcome;
import dev.stowage.content.ContentQueue.ScheduleOutcome;
import dev.stowage.content.ContentRecords.Input;
import dev.stowage.content.ContentRecords.Outcome;
import dev.stowage.content.ContentStats.ContentWait;
import dev.stowage.content.ContentStats.FlowStats;
import dev.stowage.content.ContentStats.StreamStats;
import dev.stowage.content.Decision.ScheduleEvidence;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.Decision.Selected;
import dev.stowage.content.Decision.ThrottleEvidence;
import dev.stowage.content.Decision.Throttled;
import dev.stowage.content.Entry.Rank;
import dev.stowage.content.Entry.Stage;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.PartRecorder;
import dev.stowage.pressure.PressureGauge;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A queue of prioritised items from which a host takes one at a time, by the rules of the package.
 * Every operation costs at most a logarithm of the waiting items, except that of a whole flow. A
 * decision also visits every flow and destination that lacks permits or room and ranks before the
 * selected item, and in a rescue slot every destination with an overdue item.
 *
 * <p>With streams ({@code max_streams}), an item reserves a stream of a transport when it is
 * queued, or waits for one. The stream is released when the last item on it ends.
 *
 * <p>Inputs and outcomes are recorded in the {@link EvidenceLog}, if any; replaying the inputs in
 * the same configuration repeats the decisions. Confined to one thread at a time.
 */
public final class ContentScheduler implements ContentQueue, Replayable {
  /** The retry delay while pressure or a lack of streams holds everything back: 100 ms. */
  public static final long PRESSURE_RETRY_NANOS = 100 * Nanos.PER_MILLISECOND;

  /** The least time between two records of throttling: 100 ms. */
  public static final long THROTTLE_RECORD_NANOS = 100 * Nanos.PER_MILLISECOND;

  private static final int MOST_FLOWS = 8;

  /** The selections from one that may be a rescue to the next. */
  private static final int RESCUE_EVERY = 8;

  private static final PartKind<ContentConfig> KIND =
      new PartKind<>(
          "content-scheduler",
          ContentRecords.ALL,
          ContentConfig.SHAPE,
          ContentScheduler::recording);

  private final ContentConfig config;
  private final SelectionPolicy policy;
  private final long horizonNanos;
  private final PressureGauge gauge;
  private @Nullable EvidenceLog log;
  private PartRecorder<Input, Outcome> recorder;
  private Backlog backlog;
  private LongConsumer onLoss = id -> {};
  private ContentCounters tally = new ContentCounters();
  private ThrottleNotes notes = new ThrottleNotes();
  private long nextDecisionId = 1;
  private int sinceRescue;

  private ContentScheduler(ContentConfig config, @Nullable EvidenceLog log) {
    this.config = Objects.requireNonNull(config, "config");
    this.policy = config.policy();
    this.horizonNanos = policy.deadlineHorizonNanos(config.deadlineHorizonNanos());
    this.log = log;
    this.recorder = new PartRecorder<>(log, ContentRecords.ALL);
    this.backlog = new Backlog(config);
    this.gauge = new PressureGauge(policy.pressure());
  }

  /** Creates a scheduler that records nothing. */
  public static ContentScheduler of(ContentConfig config) {
    return new ContentScheduler(config, null);
  }

  /** Creates a scheduler that records into {@code log}. */
  public static ContentScheduler recording(ContentConfig config, EvidenceLog log) {
    return new ContentScheduler(config, Objects.requireNonNull(log, "log"));
  }

  @Override
  public void record(EvidenceLog into) {
    if (log != null) {
      throw new IllegalStateException("the scheduler records already");
    }
    log = Objects.requireNonNull(into, "into");
    recorder = new PartRecorder<>(into, ContentRecords.ALL);
  }

  /**
   * Begins anew as an unused scheduler that records into another log and is told the latest
   * pressure and limits. Counts of {@link #stats} stay, except those of flows; permits are full
   * again. Throws {@link IllegalStateException} unless {@link #isIdle}.
   */
  @Override
  public void beginAnew(EvidenceLog into) {
    if (!isIdle()) {
      throw new IllegalStateException("an item waits or is in flight");
    }
    log = Objects.requireNonNull(into, "into");
    recorder = new PartRecorder<>(into, ContentRecords.ALL);
    Backlog before = backlog;
    begin();
    PressureSnapshot pressure = gauge.latest();
    boolean isPressed = gauge.hasSnapshot();
    gauge.clear();
    if (isPressed) {
      updatePressure(pressure, before.nowNanos);
    }
    before.pacer.limits().forEach((to, it) -> limit(to, it.items(), it.rate()));
  }

  private void begin() {
    backlog = new Backlog(config);
    notes = new ThrottleNotes();
    nextDecisionId = 1;
    sinceRescue = 0;
  }

  @Override
  public boolean isIdle() {
    return backlog.waitingItems() == 0 && backlog.inFlight().isEmpty();
  }

  @Override
  public boolean isRecording() {
    return log != null;
  }

  @Override
  public boolean isUnused() {
    return backlog.nowNanos == Long.MIN_VALUE && isIdle();
  }

  @Override
  public ScheduleOutcome schedule(ContentItem item, long nowNanos) {
    Objects.requireNonNull(item, "item");
    advance(nowNanos);
    recorder.told(new ContentRecords.Scheduled(now(), item));
    ScheduleOutcome admission = admit(item, backlog.nextGeneration);
    backlog.nextGeneration += admission.isAccepted() ? 1 : 0;
    return admission;
  }

  /** Queues items of one generation by id; returns the outcomes in the order of the batch. */
  public List<ScheduleOutcome> scheduleAll(List<ContentItem> batch, long nowNanos) {
    List<ContentItem> items = List.copyOf(batch);
    advance(nowNanos);
    recorder.told(new ContentRecords.BatchScheduled(now(), items));
    long generation = backlog.nextGeneration++;
    ScheduleOutcome[] admissions = new ScheduleOutcome[items.size()];
    IntStream.range(0, admissions.length)
        .boxed()
        .sorted(Comparator.comparing(i -> items.get(i).id(), Long::compareUnsigned))
        .forEach(i -> admissions[i] = admit(items.get(i), generation));
    return List.of(admissions);
  }

  private ScheduleOutcome admit(ContentItem item, long generation) {
    if (backlog.waiting(item.id()) != null) {
      return refuse(item, ScheduleOutcome.DUPLICATE);
    }
    Rank rank = rank(item);
    if (rank == null) {
      return refuse(item, ScheduleOutcome.REJECTED_INVALID);
    }
    if (!makeRoom(item)) {
      return refuse(item, ScheduleOutcome.REJECTED_FULL);
    }
    backlog.add(item, rank, generation);
    return ScheduleOutcome.ACCEPTED;
  }

  private @Nullable Rank rank(ContentItem item) {
    try {
      Rank rank = new Rank(policy.merit(item) + 0.0, policy.tieBreak(item));
      return Double.isNaN(rank.merit()) ? null : rank;
    } catch (RuntimeException e) {
      return null;
    }
  }

  private boolean makeRoom(ContentItem item) {
    List<Entry> victims = backlog.victims(item);
    if (victims == null) {
      return false;
    }
    for (Entry victim : victims) {
      recorder.add(new ContentRecords.Shed(victim.item.id(), item.id()));
      tally.shed[victim.item.priorityClass().rank()]++;
      lose(victim);
    }
    return true;
  }

  private void lose(Entry entry) {
    backlog.end(entry);
    onLoss.accept(entry.item.id());
  }

  /**
   * Changes class, utility (finite) and deadline ({@code Long.MAX_VALUE} for never) of a waiting
   * item, which keeps its generation and wait; nothing is shed for it. Its stream changes with its
   * class, unless the item names it or no other is free. Returns empty if no item with this id
   * waits.
   */
  @Override
  public Optional<ScheduleOutcome> reclassify(
      long id, PriorityClass priorityClass, double utility, long deadlineNanos) {
    Objects.requireNonNull(priorityClass, "priorityClass");
    Entry entry = backlog.waiting(id);
    if (entry == null) {
      return Optional.empty();
    }
    ContentItem changed = entry.item.reclassified(priorityClass, utility, deadlineNanos);
    if (changed == entry.item) {
      return Optional.of(ScheduleOutcome.ACCEPTED);
    }
    recorder.told(new ContentRecords.Reclassified(id, priorityClass, utility, deadlineNanos));
    Rank rank = rank(changed);
    if (rank == null) {
      return Optional.of(refuse(changed, ScheduleOutcome.REJECTED_INVALID));
    }
    if (priorityClass != entry.item.priorityClass() && !backlog.hasRoomInClass(changed)) {
      return Optional.of(refuse(changed, ScheduleOutcome.REJECTED_FULL));
    }
    backlog.change(entry, changed, rank);
    return Optional.of(ScheduleOutcome.ACCEPTED);
  }

  private ScheduleOutcome refuse(ContentItem item, ScheduleOutcome why) {
    recorder.add(new ContentRecords.Refused(item.id(), why));
    tally.refused[item.priorityClass().rank()]++;
    return why;
  }

  /** Replaces the snapshot of pressure. */
  public PressureGauge.Reading updatePressure(PressureSnapshot snapshot, long nowNanos) {
    Objects.requireNonNull(snapshot, "snapshot");
    advance(nowNanos);
    recorder.told(new ContentRecords.Pressed(now(), snapshot));
    return gauge.update(snapshot, backlog.nowNanos);
  }

  @Override
  public Decision decide(long nowNanos) {
    PressureBand band = settle(nowNanos);
    if (backlog.waitingItems() == 0) {
      return Decision.IDLE;
    }
    if (backlog.readyItems() == 0) {
      boolean isBackingOff = !backlog.backoff.isEmpty();
      Entry first = isBackingOff ? backlog.backoff.first() : backlog.laneless.first();
      PriorityClass waiting = first.item.priorityClass();
      return isBackingOff
          ? throttle(ScheduleReason.BACKOFF, waiting, band, first.sinceNanos - now())
          : throttle(ScheduleReason.NO_LANE, waiting, band, PRESSURE_RETRY_NANOS);
    }
    long dueBy = Math.min(Nanos.plus(now(), horizonNanos), Long.MAX_VALUE - 1);
    Choice choice = new Choice(backlog, band, dueBy);
    Entry found = choice.find(sinceRescue >= RESCUE_EVERY - 1, policy.fairness());
    if (found != null) {
      return select(found, choice, band);
    }
    PriorityClass highest = backlog.highestReady();
    if (backlog.isAllHeld(band)) {
      return throttle(ScheduleReason.PRESSURE_THROTTLE, highest, band, PRESSURE_RETRY_NANOS);
    }
    long wait = choice.leastWait();
    ScheduleReason why = wait == Long.MAX_VALUE ? ScheduleReason.WINDOW : ScheduleReason.PACING;
    return throttle(why, highest, band, wait);
  }

  private PressureBand settle(long nowNanos) {
    advance(nowNanos);
    recorder.told(new ContentRecords.Asked(now()));
    while (!backlog.backoff.isEmpty() && backlog.backoff.first().sinceNanos <= now()) {
      Entry again = backlog.backoff.first();
      ready(again);
      backlog.makeReady(again);
    }
    PressureBand band = gauge.band(now());
    backlog.order(band);
    for (ClassQueue queue : backlog.inOrder) {
      while (!queue.deadlines.isEmpty() && queue.deadlines.first().deadlineNanos() <= now()) {
        expire(queue.deadlines.first());
      }
    }
    backlog.seekLanes(this::ready);
    recorder.forget();
    return band;
  }

  private void ready(Entry entry) {
    recorder.add(new ContentRecords.Ready(entry.item.id()));
  }

  private void expire(Entry entry) {
    if (config.expiry() == ContentConfig.Expiry.DELIVER) {
      backlog.ignoreDeadline(entry);
      return;
    }
    recorder.add(new ContentRecords.Expired(entry.item.id(), entry.deadlineNanos()));
    tally.expired[entry.item.priorityClass().rank()]++;
    lose(entry);
  }

  private Decision select(Entry entry, Choice choice, PressureBand band) {
    ContentItem item = entry.item;
    ClassQueue queue = backlog.queueOf(item);
    backlog.send(entry);
    ScheduleReason reason = choice.explain(entry);
    sinceRescue = choice.isRescue() ? 0 : Math.min(sinceRescue + 1, RESCUE_EVERY);
    ScheduleEvidence evidence = evidence(item, reason, choice.others(), band);
    if (recorder.isOn()) {
      long stream = entry.lane == null ? 0 : entry.lane.stream();
      recorder.told(
          new ContentRecords.Selected(
              evidence, queue.flowCount(), queue.flowStats(MOST_FLOWS), stream));
    }
    notes.selected();
    tally.selected(item, Nanos.between(entry.sinceNanos, now()));
    if (!backlog.inFlight().isEmpty() && !backlog.hasSpare()) {
      lose(backlog.inFlight().iterator().next());
    }
    backlog.remember(entry);
    return new Selected(item, entry.lane, evidence);
  }

  private ScheduleEvidence evidence(
      ContentItem item, ScheduleReason reason, List<Entry> others, PressureBand band) {
    return new ScheduleEvidence(
        nextDecisionId++,
        item.id(),
        reason,
        others.stream().map(it -> it.item.id()).toList(),
        band,
        gauge.latest(),
        now(),
        recorder.nextOutcome());
  }

  private Decision throttle(
      ScheduleReason reason, PriorityClass waiting, PressureBand band, long retryAfter) {
    tally.throttled[waiting.rank()]++;
    boolean isNews = notes.worthRecording(reason, waiting, band, now());
    long index = isNews ? recorder.nextOutcome() : -1;
    ThrottleEvidence evidence =
        new ThrottleEvidence(reason, waiting, band, gauge.latest(), now(), index);
    if (isNews) {
      recorder.told(new ContentRecords.Throttled(evidence));
    }
    return new Throttled(evidence, Math.max(1, retryAfter));
  }

  @Override
  public Cancellation cancel(long id) {
    recorder.told(new ContentRecords.CancelAsked(id));
    Entry entry = backlog.find(id);
    return entry == null ? Cancellation.NOTHING : cancel(List.of(entry));
  }

  /** Cancels the items of a flow; visits every item. */
  public Cancellation cancelFlow(Flow flow) {
    recorder.told(new ContentRecords.CancelFlowAsked(flow));
    return cancel(backlog.itemsOf(flow));
  }

  private Cancellation cancel(List<Entry> entries) {
    List<ContentItem> queued = new ArrayList<>(1);
    List<ContentItem> inFlight = new ArrayList<>(0);
    for (Entry entry : entries) {
      if (entry.stage != Stage.CANCELLED) {
        boolean isInFlight = entry.stage == Stage.IN_FLIGHT;
        recorder.add(new ContentRecords.Cancelled(entry.item.id(), isInFlight));
        tally.cancelled[entry.item.priorityClass().rank()]++;
        (isInFlight ? inFlight : queued).add(entry.item);
        backlog.cancel(entry);
      }
    }
    return new Cancellation(queued, inFlight);
  }

  /** Returns the token of an item in flight; empty if the item is not remembered. */
  public Optional<CancelToken> token(long id) {
    return Optional.ofNullable(backlog.inFlight(id)).map(Entry::token);
  }

  @Override
  public void limit(String destination, int items, @Nullable ByteRate rate) {
    Objects.requireNonNull(destination, "destination");
    recorder.told(new ContentRecords.Limited(destination, items, Optional.ofNullable(rate)));
    backlog.pacer.limit(destination, items, rate, now());
  }

  @Override
  public boolean isAwaited(String destination) {
    return backlog.pacer.isAwaited(destination);
  }

  @Override
  public void onLoss(LongConsumer listener) {
    onLoss = Objects.requireNonNull(listener, "listener");
  }

  @Override
  public boolean complete(long id) {
    recorder.told(new ContentRecords.Completed(id));
    Entry entry = backlog.inFlight(id);
    if (entry != null) {
      backlog.end(entry);
    }
    return entry != null;
  }

  @Override
  public FailureOutcome fail(long id, String reason, long nowNanos) {
    advance(nowNanos);
    recorder.told(new ContentRecords.Failed(id, now(), reason));
    Entry entry = backlog.inFlight(id);
    if (entry == null) {
      return new FailureOutcome.Unknown();
    }
    if (entry.stage == Stage.CANCELLED) {
      backlog.end(entry);
      return new FailureOutcome.Cancelled();
    }
    int failures = ++entry.failures;
    if (failures > config.retries().maxRetries() || !makeRoom(entry.item)) {
      recorder.add(new ContentRecords.GivenUp(id, failures));
      backlog.end(entry);
      return new FailureOutcome.GivenUp(failures);
    }
    long at = Nanos.plus(now(), config.retries().waitNanos(failures));
    recorder.add(new ContentRecords.Retry(id, failures, at));
    backlog.backOff(entry, at);
    return new FailureOutcome.Retry(at, failures);
  }

  @Override
  public int pendingCount() {
    return backlog.waitingItems();
  }

  @Override
  public boolean isPending(long id) {
    return backlog.waiting(id) != null;
  }

  @Override
  public boolean isInFlight(long id) {
    return backlog.inFlight(id) != null;
  }

  @Override
  public Optional<ContentWait> waiting(long id) {
    return Optional.ofNullable(backlog.waiting(id))
        .map(it -> backlog.explain(it, gauge.band(now())));
  }

  /** Forgets everything; the next generation is 0 and the next decision 1. */
  public void clear() {
    clear(false);
  }

  /** Forgets everything but pressure and the time. */
  public void clearKeepingPressure() {
    clear(true);
  }

  private void clear(boolean isPressureKept) {
    recorder.told(new ContentRecords.Cleared(isPressureKept));
    long then = now();
    begin();
    tally = new ContentCounters();
    if (isPressureKept) {
      backlog.nowNanos = then;
    } else {
      gauge.clear();
    }
  }

  @Override
  public ContentStats stats() {
    Map<PriorityClass, ContentStats.ClassStats> classes = new EnumMap<>(PriorityClass.class);
    Map<PriorityClass, List<FlowStats>> flows = new EnumMap<>(PriorityClass.class);
    for (ClassQueue queue : backlog.inOrder) {
      classes.put(queue.priorityClass, tally.of(queue));
      flows.put(queue.priorityClass, queue.flowStats(Integer.MAX_VALUE));
    }
    return new ContentStats(
        classes,
        flows,
        backlog.inFlight().size(),
        backlog.backoff.size(),
        tally.timeRegressions,
        log == null ? 0 : log.stats().keptRecords(),
        log == null ? 0 : log.stats().trimmedRecords(),
        gauge.band(now()),
        backlog.streams == null ? StreamStats.NONE : backlog.streams.stats());
  }

  @Override
  public PressureGauge pressure() {
    return gauge;
  }

  private long now() {
    return backlog.nowNanos;
  }

  private void advance(long nowNanos) {
    tally.timeRegressions += nowNanos < now() ? 1 : 0;
    backlog.nowNanos = Math.max(now(), nowNanos);
  }

  @Override
  public EvidenceHeader header(String libraryVersion) {
    return header(config, libraryVersion);
  }

  /** Returns the header of a log from which a scheduler with {@code config} is replayed. */
  public static EvidenceHeader header(ContentConfig config, String libraryVersion) {
    SelectionPolicy policy = config.policy();
    return KIND.header(config, libraryVersion)
        .withAttribute("content.policy", policy.name())
        .withAttribute("content.policy.parameters", policy.parameters().toString())
        .withAttribute("content.fairness", policy.fairness().name());
  }

  /** Returns a factory for replay from recorded settings; it refuses a host's policy. */
  public static Factory factory() {
    return KIND;
  }

  /** Returns a factory for replay with {@code config}; it refuses other headers. */
  public static Factory factory(ContentConfig config) {
    return (header, log) -> {
      header(config, header.libraryVersion()).requireSame(header);
      return recording(config, log);
    };
  }

  @Override
  public void replay(EvidenceRecord record) {
    Input input = ContentRecords.ALL.input(record);
    if (input instanceof ContentRecords.Scheduled it) {
      schedule(it.item(), it.atNanos());
    } else if (input instanceof ContentRecords.BatchScheduled it) {
      scheduleAll(it.items(), it.atNanos());
    } else if (input instanceof ContentRecords.Asked it) {
      settle(it.atNanos());
    } else if (input instanceof ContentRecords.Selected it) {
      decide(it.why().decidedAtNanos());
    } else if (input instanceof ContentRecords.Throttled it) {
      decide(it.why().decidedAtNanos());
    } else if (input instanceof ContentRecords.Pressed it) {
      updatePressure(it.snapshot(), it.atNanos());
    } else if (input instanceof ContentRecords.CancelAsked it) {
      cancel(it.item());
    } else if (input instanceof ContentRecords.CancelFlowAsked it) {
      cancelFlow(it.flow());
    } else if (input instanceof ContentRecords.Completed it) {
      complete(it.item());
    } else if (input instanceof ContentRecords.Failed it) {
      fail(it.item(), it.reason(), it.atNanos());
    } else if (input instanceof ContentRecords.Reclassified it) {
      reclassify(it.item(), it.priorityClass(), it.utility(), it.deadlineNanos());
    } else if (input instanceof ContentRecords.Limited it) {
      limit(it.destination(), it.items(), it.rate().orElse(null));
    } else if (input instanceof ContentRecords.Cleared it) {
      clear(it.isPressureKept());
    }
  }

  /** Shows the cancellation of an item, which is final, to any thread. */
  public static final class CancelToken {
    private volatile boolean cancelled;

    CancelToken(boolean isCancelled) {
      cancelled = isCancelled;
    }

    /** Reports whether the item was cancelled. */
    public boolean isCancelled() {
      return cancelled;
    }

    void cancel() {
      cancelled = true;
    }
  }
}
