package dev.stowage.content;

import dev.stowage.columns.IntList;
import dev.stowage.columns.OrderHeap;
import dev.stowage.content.ContentStats.FlowStats;
import dev.stowage.content.Decision.ScheduleEvidence;
import dev.stowage.content.Decision.Selected;
import dev.stowage.content.Decision.ThrottleEvidence;
import dev.stowage.content.Decision.Throttled;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.content.queue.Alternatives;
import dev.stowage.content.queue.Backlog;
import dev.stowage.content.queue.ClassQueue;
import dev.stowage.content.queue.ContentCounters;
import dev.stowage.content.queue.FlowQueue;
import dev.stowage.content.queue.ItemTable;
import dev.stowage.content.queue.Pacer;
import dev.stowage.content.queue.Search;
import dev.stowage.content.queue.Shedder;
import dev.stowage.content.queue.TenantQueue;
import dev.stowage.content.recording.ContentRecords;
import dev.stowage.content.recording.ContentRecords.Input;
import dev.stowage.content.recording.ContentRecords.Outcome;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Journal;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.pressure.Nanos;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureGauge;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue of prioritised items from which a host takes one at a time, by the rules of the package.
 * Every operation costs at most a logarithm of the waiting items. A decision also visits every
 * destination that lacks permits or room and ranks before the selected item, and in a rescue slot
 * every overdue item that lacks them and waits longer.
 *
 * <p>Inputs and outcomes are recorded in the {@link EvidenceLog}, if any; replaying the inputs in
 * the same configuration repeats the decisions. Confined to one thread at a time.
 */
public final class ContentScheduler implements ContentQueue, Replayable {
  /** The retry delay while pressure holds everything back: 100 ms. */
  public static final long PRESSURE_RETRY_NANOS = 100 * Nanos.PER_MILLISECOND;

  /** The least time between two records of throttling: 100 ms. */
  public static final long THROTTLE_RECORD_NANOS = 100 * Nanos.PER_MILLISECOND;

  private static final PartKind<ContentConfig> KIND =
      new PartKind<>(
          "content-scheduler",
          ContentRecords.ALL,
          ContentConfig.SHAPE,
          ContentScheduler::recording);

  private static final int NONE = ItemTable.NONE;

  private final ContentConfig config;
  private final SelectionPolicy policy;
  private final long horizonNanos;
  private @Nullable EvidenceLog log;
  private Journal<Input, Outcome> journal;
  private Backlog backlog;
  private ItemTable table;
  private Search search;
  private final PressureGauge gauge;
  private final Map<Long, CancelToken> tokens = new HashMap<>();
  private LongConsumer onLoss = id -> {};
  private ContentCounters tally = new ContentCounters();
  private ThrottleNotes notes = new ThrottleNotes();
  private long now = Long.MIN_VALUE;
  private long nextGeneration;
  private long nextDecisionId = 1;
  private int sinceRescue;
  private double merit;
  private long tie;

  private ContentScheduler(ContentConfig config, @Nullable EvidenceLog log) {
    this.config = Objects.requireNonNull(config, "config");
    this.policy = config.policy();
    this.horizonNanos = policy.deadlineHorizonNanos(config.deadlineHorizonNanos());
    this.log = log;
    this.journal = journalOf(log);
    this.backlog = new Backlog(config);
    this.table = backlog.table;
    this.search = searchOf(backlog);
    this.gauge = new PressureGauge(policy.pressure());
  }

  private Search searchOf(Backlog of) {
    return new Search(of, policy.fairness() == Fairness.DEFICIT_ROUND_ROBIN);
  }

  /** Creates a scheduler that records nothing. */
  public static ContentScheduler of(ContentConfig config) {
    return new ContentScheduler(config, null);
  }

  /** Creates a scheduler that records into {@code log}. */
  public static ContentScheduler recording(ContentConfig config, EvidenceLog log) {
    return new ContentScheduler(config, Objects.requireNonNull(log, "log"));
  }

  private static Journal<Input, Outcome> journalOf(@Nullable EvidenceLog log) {
    return new Journal<>(
        log == null ? RecordWriter.none() : RecordWriter.into(log), ContentRecords.ALL);
  }

  @Override
  public void record(EvidenceLog into) {
    if (log != null) {
      throw new IllegalStateException("the scheduler records already");
    }
    log = Objects.requireNonNull(into, "into");
    journal = journalOf(into);
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
    journal = journalOf(into);
    Map<String, Pacer.Limit> limits = backlog.pacer.limits();
    backlog = new Backlog(config);
    table = backlog.table;
    search = searchOf(backlog);
    forgetOrder();
    PressureSnapshot pressure = gauge.latest();
    boolean isPressed = gauge.hasSnapshot();
    long then = now;
    gauge.clear();
    now = Long.MIN_VALUE;
    if (isPressed) {
      updatePressure(pressure, then);
    }
    limits.forEach((destination, it) -> limit(destination, it.items(), it.rate()));
  }

  /** Reports whether no item waits or is in flight. */
  @Override
  public boolean isIdle() {
    return backlog.items() == 0 && backlog.inFlight() == 0;
  }

  @Override
  public boolean isRecording() {
    return log != null;
  }

  @Override
  public boolean isUnused() {
    return now == Long.MIN_VALUE && isIdle();
  }

  /** Returns the configuration. */
  public ContentConfig config() {
    return config;
  }

  /** Queues an item. */
  @Override
  public ScheduleOutcome schedule(ContentItem item, long nowNanos) {
    Objects.requireNonNull(item, "item");
    advance(nowNanos);
    if (journal.isOn()) {
      ContentRecords.scheduled(journal.beginInput(), now, item);
      journal.end(ContentRecords.SCHEDULED);
    }
    ScheduleOutcome admission = admit(item, nextGeneration);
    nextGeneration += admission.isAccepted() ? 1 : 0;
    return admission;
  }

  /** Queues items of one generation by id; returns the outcomes in the order of the batch. */
  public List<ScheduleOutcome> scheduleAll(List<ContentItem> batch, long nowNanos) {
    List<ContentItem> items = List.copyOf(batch);
    advance(nowNanos);
    if (journal.isOn()) {
      journal.told(new ContentRecords.BatchScheduled(now, items));
    }
    Integer[] byId = new Integer[items.size()];
    Arrays.setAll(byId, i -> i);
    Arrays.sort(byId, Comparator.comparing(i -> items.get(i).contentId()));
    ScheduleOutcome[] admissions = new ScheduleOutcome[byId.length];
    boolean any = false;
    for (int i : byId) {
      admissions[i] = admit(items.get(i), nextGeneration);
      any |= admissions[i].isAccepted();
    }
    nextGeneration += any ? 1 : 0;
    return List.of(admissions);
  }

  private ScheduleOutcome admit(ContentItem item, long generation) {
    int there = table.find(item.id());
    if (there != NONE && backlog.isWaiting(there)) {
      return refuse(item, ScheduleOutcome.DUPLICATE);
    }
    if (!isRanked(item)) {
      return refuse(item, ScheduleOutcome.REJECTED_INVALID);
    }
    if (!makeRoom(item)) {
      return refuse(item, ScheduleOutcome.REJECTED_FULL);
    }
    if (there != NONE) {
      tokens.remove(item.id());
    }
    backlog.add(item, merit, tie, generation, now);
    return ScheduleOutcome.ACCEPTED;
  }

  private boolean isRanked(ContentItem item) {
    try {
      merit = policy.merit(item) + 0.0;
      tie = policy.tieBreak(item);
      return !Double.isNaN(merit);
    } catch (RuntimeException e) {
      return false;
    }
  }

  private boolean makeRoom(ContentItem item) {
    Shedder shedder = backlog.shedder();
    if (!shedder.findRoom(item)) {
      return false;
    }
    for (int i = 0; i < shedder.victimCount(); i++) {
      ContentItem victim = table.item(shedder.victim(i));
      if (journal.isOn()) {
        journal.add(new ContentRecords.Shed(victim.id(), item.contentId()));
      }
      tally.shed[victim.priorityClass().rank()]++;
      onLoss.accept(victim.id());
      backlog.drop(shedder.victim(i));
    }
    return true;
  }

  /**
   * Changes class, utility (finite) and deadline ({@code Long.MAX_VALUE} for never) of a waiting
   * item, which keeps its generation and wait; nothing is shed for it. Returns empty if no item
   * with this id waits.
   */
  @Override
  public Optional<ScheduleOutcome> reclassify(
      long id, PriorityClass priorityClass, double utility, long deadlineNanos) {
    Objects.requireNonNull(priorityClass, "priorityClass");
    int slot = table.find(id);
    if (slot == NONE || !backlog.isWaiting(slot)) {
      return Optional.empty();
    }
    ContentItem item = table.item(slot);
    ContentItem changed = item.reclassified(priorityClass, utility, deadlineNanos);
    if (changed == item) {
      return Optional.of(ScheduleOutcome.ACCEPTED);
    }
    if (journal.isOn()) {
      journal.told(new ContentRecords.Reclassified(id, priorityClass, utility, deadlineNanos));
    }
    if (!isRanked(changed)) {
      return Optional.of(refuse(changed, ScheduleOutcome.REJECTED_INVALID));
    }
    if (priorityClass != item.priorityClass() && !backlog.shedder().hasRoomInClass(changed)) {
      return Optional.of(refuse(changed, ScheduleOutcome.REJECTED_FULL));
    }
    backlog.reclassify(slot, changed, merit, tie);
    return Optional.of(ScheduleOutcome.ACCEPTED);
  }

  private ScheduleOutcome refuse(ContentItem item, ScheduleOutcome why) {
    if (journal.isOn()) {
      journal.add(new ContentRecords.Refused(item.id(), why));
    }
    tally.refused[item.priorityClass().rank()]++;
    return why;
  }

  /** Replaces the snapshot of pressure. */
  public PressureGauge.Reading updatePressure(PressureSnapshot snapshot, long nowNanos) {
    Objects.requireNonNull(snapshot, "snapshot");
    advance(nowNanos);
    if (journal.isOn()) {
      journal.told(new ContentRecords.Pressed(now, snapshot));
    }
    return gauge.update(snapshot, now);
  }

  /** Selects the next item, if one may be sent. */
  public Optional<Selected> nextContent(long nowNanos) {
    return decide(nowNanos).selected();
  }

  /** Selects the next item, or returns the reason why none may be sent. */
  @Override
  public Decision decide(long nowNanos) {
    PressureBand band = settle(nowNanos);
    if (backlog.items() == 0) {
      return Decision.IDLE;
    }
    if (backlog.ready() == 0) {
      int first = backlog.backoff.first();
      PriorityClass waiting = table.item(first).priorityClass();
      return throttle(ScheduleReason.BACKOFF, waiting, band, table.since(first) - now);
    }
    if (backlog.freeBits(band) == 0) {
      PriorityClass held = search.highestWaiting().priorityClass;
      return throttle(ScheduleReason.PRESSURE_THROTTLE, held, band, PRESSURE_RETRY_NANOS);
    }
    long dueBy = Math.min(Nanos.plus(now, horizonNanos), Long.MAX_VALUE - 1);
    int slot = search.find(band, now, dueBy, overdueBefore(), isRescueDue());
    if (slot == NONE) {
      PriorityClass waiting = search.highestWaiting().priorityClass;
      long wait = backlog.pacer.leastWait();
      ScheduleReason why = wait == Long.MAX_VALUE ? ScheduleReason.WINDOW : ScheduleReason.PACING;
      return throttle(why, waiting, band, wait);
    }
    return select(slot, band);
  }

  private PressureBand settle(long nowNanos) {
    advance(nowNanos);
    journal.asked(ContentRecords.ASKED, now);
    promoteRetries();
    PressureBand band = gauge.band(now);
    backlog.order(band);
    if (backlog.hasDeadlines()) {
      for (ClassQueue queue : backlog.inOrder) {
        expire(queue.deadlines);
      }
      expire(backlog.backoffDeadlines);
    }
    journal.forget();
    return band;
  }

  private long overdueBefore() {
    long before = now - config.maxWaitNanos();
    // A wrapped difference lies before the start of time: no item waits that long.
    return before <= now ? before : Long.MIN_VALUE;
  }

  private boolean isRescueDue() {
    return sinceRescue >= config.rescueEvery() - 1;
  }

  private Decision select(int slot, PressureBand band) {
    ContentItem item = table.item(slot);
    ClassQueue queue = backlog.queueOf(item.priorityClass());
    boolean deadlineCounts = queue.deadlines.contains(slot);
    long deadline = deadlineCounts ? item.details().deadlineOrNever() : Long.MAX_VALUE;
    backlog.send(slot, item, search.inTurn());
    ScheduleReason reason = search.explain(slot, item, deadline);
    sinceRescue = search.byRescue() ? 0 : Math.min(sinceRescue + 1, config.rescueEvery());
    backlog.pacer.pay(item, backlog.pacer.of(item), now);
    ScheduleEvidence evidence = evidence(item, reason, band);
    if (journal.isOn()) {
      ContentRecords.selected(journal.beginInput(), evidence, queue);
      journal.end(ContentRecords.SELECTED);
    }
    notes.selected();
    tally.selected(item, Nanos.between(table.since(slot), now));
    forgetOldestInFlight();
    backlog.sent(slot, item);
    return new Selected(item, null, evidence);
  }

  private ScheduleEvidence evidence(ContentItem item, ScheduleReason reason, PressureBand band) {
    Alternatives others = search.alternatives();
    return new ScheduleEvidence(
        nextDecisionId++,
        item.id(),
        reason,
        others.count(),
        others.count() > 0 ? table.idOf(others.slot(0)) : 0,
        others.count() > 1 ? table.idOf(others.slot(1)) : 0,
        others.count() > 2 ? table.idOf(others.slot(2)) : 0,
        band,
        gauge.latest(),
        now,
        journal.nextOutcome());
  }

  private Decision throttle(
      ScheduleReason reason, PriorityClass waiting, PressureBand band, long retryAfter) {
    tally.throttled[waiting.rank()]++;
    long index = -1;
    if (notes.worthRecording(reason, waiting, band, now)) {
      index = journal.nextOutcome();
      if (journal.isOn()) {
        journal.told(new ContentRecords.Throttled(now, reason, waiting, band, gauge.latest()));
      }
    }
    ThrottleEvidence evidence =
        new ThrottleEvidence(reason, waiting, band, gauge.latest(), now, index);
    return new Throttled(evidence, Math.max(1, retryAfter));
  }

  private void promoteRetries() {
    OrderHeap backoff = backlog.backoff;
    while (!backoff.isEmpty() && table.since(backoff.first()) <= now) {
      int slot = backoff.first();
      if (journal.isOn()) {
        journal.add(new ContentRecords.ReadyAgain(table.idOf(slot)));
      }
      backlog.readyAgain(slot, nextGeneration++, now);
    }
  }

  private void expire(OrderHeap deadlines) {
    while (!deadlines.isEmpty()) {
      int slot = deadlines.first();
      ContentItem item = table.item(slot);
      if (item.details().deadlineOrNever() > now) {
        return;
      }
      if (config.expiry() == ContentConfig.Expiry.DROP) {
        if (journal.isOn()) {
          journal.add(new ContentRecords.Expired(item.id(), item.details().deadlineOrNever()));
        }
        tally.expired[item.priorityClass().rank()]++;
        onLoss.accept(item.id());
        backlog.drop(slot);
      } else {
        deadlines.remove(slot);
      }
    }
  }

  /** Removes a waiting item; reports whether it waited. */
  public boolean unschedule(long id) {
    int slot = table.find(id);
    return slot != NONE && backlog.isWaiting(slot) && !cancel(id).isEmpty();
  }

  @Override
  public Cancellation cancel(long id) {
    if (journal.isOn()) {
      ContentRecords.cancelAsked(journal.beginInput(), id);
      journal.end(ContentRecords.CANCEL_ASKED);
    }
    int slot = table.find(id);
    return slot == NONE ? Cancellation.NOTHING : cancelOne(slot);
  }

  /** Cancels the items of a flow; visits every item in flight or in backoff. */
  public Cancellation cancelFlow(Flow flow) {
    if (journal.isOn()) {
      journal.told(new ContentRecords.CancelFlowAsked(flow));
    }
    return cancel(backlog.slotsOf(flow));
  }

  /** Cancels every piece of an object that waits or is in flight. */
  public Cancellation cancelObject(long object) {
    if (journal.isOn()) {
      journal.told(new ContentRecords.CancelObjectAsked(object));
    }
    IntList slots = new IntList();
    for (int s = backlog.objects().first(object); s != NONE; s = backlog.objects().after(s)) {
      slots.add(s);
    }
    return cancel(slots.toArray());
  }

  private Cancellation cancel(int[] slots) {
    Integer[] oldestFirst = new Integer[slots.length];
    Arrays.setAll(oldestFirst, i -> slots[i]);
    Arrays.sort(
        oldestFirst,
        Comparator.<Integer>comparingLong(table::generation)
            .thenComparing(slot -> table.item(slot).contentId()));
    List<ContentItem> queued = new ArrayList<>();
    List<ContentItem> inFlight = new ArrayList<>();
    for (int slot : oldestFirst) {
      ContentItem item = table.item(slot);
      boolean waits = backlog.isWaiting(slot);
      if (takeBack(slot, item, waits)) {
        (waits ? queued : inFlight).add(item);
      }
    }
    return new Cancellation(queued, inFlight);
  }

  private Cancellation cancelOne(int slot) {
    ContentItem item = table.item(slot);
    boolean waits = backlog.isWaiting(slot);
    if (!takeBack(slot, item, waits)) {
      return Cancellation.NOTHING;
    }
    List<ContentItem> taken = List.of(item);
    return waits ? new Cancellation(taken, List.of()) : new Cancellation(List.of(), taken);
  }

  private boolean takeBack(int slot, ContentItem item, boolean waits) {
    if (table.state(slot) == ItemTable.CANCELLED) {
      return false;
    }
    if (journal.isOn()) {
      ContentRecords.cancelled(journal.beginOutcome(), item.id(), !waits);
      journal.end(ContentRecords.CANCELLED);
    }
    tally.cancelled[item.priorityClass().rank()]++;
    if (waits) {
      backlog.drop(slot);
    } else {
      table.state(slot, ItemTable.CANCELLED);
      token(item.id()).ifPresent(CancelToken::cancel);
    }
    return true;
  }

  /** Returns the token of an item in flight; empty if the item is not remembered. */
  public Optional<CancelToken> token(long id) {
    int slot = table.find(id);
    if (slot == NONE || backlog.isWaiting(slot)) {
      return Optional.empty();
    }
    CancelToken token = tokens.computeIfAbsent(id, key -> new CancelToken());
    if (table.state(slot) == ItemTable.CANCELLED) {
      token.cancel();
    }
    return Optional.of(token);
  }

  @Override
  public void limit(String destination, int items, @Nullable ByteRate rate) {
    if (journal.isOn()) {
      journal.told(new ContentRecords.Limited(destination, items, Optional.ofNullable(rate)));
    }
    backlog.pacer.limit(Objects.requireNonNull(destination, "destination"), items, rate, now);
  }

  @Override
  public boolean isAwaited(String destination) {
    return backlog.pacer.isAwaited(destination);
  }

  private void forgetOldestInFlight() {
    if (backlog.inFlight() > 0 && backlog.inFlight() == config.inFlightLimit()) {
      int oldest = backlog.oldestInFlight();
      long id = table.idOf(oldest);
      tokens.remove(id);
      backlog.forget(oldest);
      onLoss.accept(id);
    }
  }

  @Override
  public void onLoss(LongConsumer listener) {
    onLoss = listener;
  }

  @Override
  public boolean complete(long id) {
    if (journal.isOn()) {
      journal.told(new ContentRecords.Completed(id));
    }
    int slot = table.find(id);
    if (slot == NONE || backlog.isWaiting(slot)) {
      return false;
    }
    tokens.remove(id);
    backlog.forget(slot);
    return true;
  }

  @Override
  public FailureOutcome fail(long id, String reason, long nowNanos) {
    advance(nowNanos);
    if (journal.isOn()) {
      journal.told(new ContentRecords.Failed(id, now, reason));
    }
    int slot = table.find(id);
    if (slot == NONE || backlog.isWaiting(slot)) {
      return new FailureOutcome.Unknown();
    }
    tokens.remove(id);
    if (table.state(slot) == ItemTable.CANCELLED) {
      backlog.forget(slot);
      return new FailureOutcome.Cancelled();
    }
    int failures = table.addFailure(slot);
    if (failures > config.retries().maxRetries() || !makeRoom(table.item(slot))) {
      if (journal.isOn()) {
        journal.add(new ContentRecords.GivenUp(id, failures));
      }
      backlog.forget(slot);
      return new FailureOutcome.GivenUp(failures);
    }
    long at = Nanos.plus(now, config.retries().waitNanos(failures));
    if (journal.isOn()) {
      journal.add(new ContentRecords.Retry(id, failures, at));
    }
    backlog.backOff(slot, at);
    return new FailureOutcome.Retry(at, failures);
  }

  /** Reports whether any item waits. */
  public boolean hasPendingContent() {
    return backlog.items() > 0;
  }

  @Override
  public int pendingCount() {
    return backlog.items();
  }

  @Override
  public boolean isPending(long id) {
    int slot = table.find(id);
    return slot != NONE && backlog.isWaiting(slot);
  }

  @Override
  public Optional<ContentWait> waiting(long id) {
    int slot = table.find(id);
    if (slot == NONE || !backlog.isWaiting(slot)) {
      return Optional.empty();
    }
    ContentItem item = table.item(slot);
    PriorityClass own = item.priorityClass();
    PressureBand band = gauge.band(now);
    int before = 0;
    for (ClassQueue queue : backlog.inOrder) {
      if (queue.priorityClass == own) {
        break;
      }
      before += backlog.isHeld(queue.priorityClass, band) ? 0 : queue.items();
    }
    boolean isBackingOff = backlog.backoff.contains(slot);
    int besides = backlog.queueOf(own).items() - (isBackingOff ? 0 : 1);
    long there = backlog.pacer.waitThere(item, now);
    long inAll = backlog.pacer.waitInAll(item, now);
    boolean isPaced = own != PriorityClass.CONTROL && Math.max(there, inAll) > 0;
    Optional<ScheduleReason> heldBy =
        Optional.ofNullable(
            isBackingOff
                ? ScheduleReason.BACKOFF
                : backlog.isHeld(own, band)
                    ? ScheduleReason.PRESSURE_THROTTLE
                    : backlog.isBehindWindow(item)
                        ? ScheduleReason.WINDOW
                        : isPaced ? ScheduleReason.PACING : null);
    long retry =
        switch (heldBy.orElse(ScheduleReason.PRIORITY_CLASS)) {
          case BACKOFF -> Math.max(0, table.since(slot) - now);
          case PRESSURE_THROTTLE -> PRESSURE_RETRY_NANOS;
          case PACING -> Math.max(there, inAll);
          default -> 0;
        };
    long waited = isBackingOff ? 0 : Nanos.between(table.since(slot), now);
    return Optional.of(
        new ContentWait(own, band, heldBy, inAll > there, retry, waited, before, besides));
  }

  @Override
  public boolean isInFlight(long id) {
    int slot = table.find(id);
    return slot != NONE && !backlog.isWaiting(slot);
  }

  /** Forgets everything; the next generation is 0 and the next decision 1. */
  public void clear() {
    clear(false);
  }

  /** Forgets everything but pressure and the time. */
  public void clearKeepingPressure() {
    clear(true);
  }

  private void clear(boolean keepPressure) {
    if (journal.isOn()) {
      journal.told(new ContentRecords.Cleared(keepPressure));
    }
    forgetAll();
    if (!keepPressure) {
      gauge.clear();
      now = Long.MIN_VALUE;
    }
  }

  private void forgetAll() {
    backlog.clear();
    tally = new ContentCounters();
    forgetOrder();
  }

  private void forgetOrder() {
    tokens.clear();
    notes = new ThrottleNotes();
    nextGeneration = 0;
    nextDecisionId = 1;
    sinceRescue = 0;
  }

  /** Returns the statistics. */
  @Override
  public ContentStats stats() {
    Map<PriorityClass, ContentStats.ClassStats> classes = new EnumMap<>(PriorityClass.class);
    Map<PriorityClass, List<FlowStats>> flows = new EnumMap<>(PriorityClass.class);
    for (PriorityClass c : PriorityClass.values()) {
      classes.put(c, tally.of(c, backlog));
      flows.put(c, flows(c));
    }
    return new ContentStats(
        classes,
        flows,
        backlog.inFlight(),
        backlog.backoff.size(),
        tally.timeRegressions,
        log == null ? 0 : log.stats().keptRecords(),
        log == null ? 0 : log.stats().trimmedRecords(),
        gauge.band(now));
  }

  private List<FlowStats> flows(PriorityClass c) {
    List<FlowStats> flows = new ArrayList<>();
    FlowQueue flow = backlog.queueOf(c).newestFlow();
    while (flow != null) {
      TenantQueue tenant = flow.tenant;
      long deficit = tenant.flows.deficit(flow);
      flows.add(new FlowStats(tenant.name, flow.named(), flow.stream, flow.sentBytes, deficit));
      flow = flow.previousInClass;
    }
    return flows;
  }

  @Override
  public PressureGauge pressure() {
    return gauge;
  }

  private void advance(long nowNanos) {
    if (nowNanos < now) {
      tally.timeRegressions++;
    } else {
      now = nowNanos;
    }
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
      decide(it.atNanos());
    } else if (input instanceof ContentRecords.Throttled it) {
      decide(it.atNanos());
    } else if (input instanceof ContentRecords.Pressed it) {
      updatePressure(it.snapshot(), it.atNanos());
    } else if (input instanceof ContentRecords.CancelAsked it) {
      cancel(it.item().value());
    } else if (input instanceof ContentRecords.CancelFlowAsked it) {
      cancelFlow(it.flow());
    } else if (input instanceof ContentRecords.CancelObjectAsked it) {
      cancelObject(it.object());
    } else if (input instanceof ContentRecords.Completed it) {
      complete(it.item());
    } else if (input instanceof ContentRecords.Failed it) {
      fail(it.item(), it.reason(), it.atNanos());
    } else if (input instanceof ContentRecords.Reclassified it) {
      reclassify(it.item(), it.priorityClass(), it.utility(), it.deadlineNanos());
    } else if (input instanceof ContentRecords.Limited it) {
      limit(it.destination(), it.items(), it.rate().orElse(null));
    } else if (input instanceof ContentRecords.Cleared it) {
      clear(it.pressureKept());
    }
  }

  /** Shows the cancellation of an item, which is final, to any thread. */
  public static final class CancelToken {
    private volatile boolean cancelled;

    CancelToken() {}

    /** Reports whether the item was cancelled. */
    public boolean isCancelled() {
      return cancelled;
    }

    void cancel() {
      cancelled = true;
    }
  }
}
