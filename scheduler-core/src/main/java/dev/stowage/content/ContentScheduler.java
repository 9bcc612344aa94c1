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
 * A queue of prioritised items that a host asks, one at a time, what goes out next.
 *
 * <p>The rules are those of the package, in their order; {@link ContentConfig} says how they are
 * set. Every operation costs at most a logarithm of what waits, whatever the number of flows:
 * cancelling removes the item, and nothing of it stays behind. While bytes are paced, a decision
 * also looks at every destination that lacks permits and ranks before the item that goes, and in a
 * rescue slot at every overdue item that lacks permits and waits longer.
 *
 * <p>What is scheduled, asked, cancelled and reported, and what comes of it, goes to the {@link
 * EvidenceLog} that the scheduler was given; from its inputs a fresh scheduler of the same
 * configuration makes the same decisions. Without a log nothing is recorded.
 *
 * <p>Belongs to one thread at a time.
 */
public final class ContentScheduler implements Replayable {
  /** How long to wait, after pressure held back everything, before asking again: 100 ms. */
  public static final long PRESSURE_RETRY_NANOS = 100 * Nanos.PER_MILLISECOND;

  /** Throttling is recorded at most once in this time: 100 ms. */
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
  private final @Nullable EvidenceLog log;
  private final Journal<Input, Outcome> journal;
  private final Backlog backlog;
  private final ItemTable table;
  private final Search search;
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
    this.journal =
        new Journal<>(
            log == null ? RecordWriter.none() : RecordWriter.into(log), ContentRecords.ALL);
    this.backlog = new Backlog(config);
    this.table = backlog.table;
    this.search = new Search(backlog, policy.fairness() == Fairness.DEFICIT_ROUND_ROBIN);
    this.gauge = new PressureGauge(policy.pressure());
  }

  /** A scheduler that records nothing. */
  public static ContentScheduler of(ContentConfig config) {
    return new ContentScheduler(config, null);
  }

  /** A scheduler that records into {@code log}. */
  public static ContentScheduler recording(ContentConfig config, EvidenceLog log) {
    return new ContentScheduler(config, Objects.requireNonNull(log, "log"));
  }

  /**
   * Queues an item.
   *
   * @param nowNanos when
   */
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

  /**
   * Queues items that arrived together: none of them is older than another, so that what ranks
   * equally otherwise goes by id. They are admitted in the order of their ids.
   *
   * @return what became of each, in the order of the batch
   */
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

  /** Asks the policy for the merit and the tie-break of an item; it may be foreign code. */
  private boolean isRanked(ContentItem item) {
    try {
      merit = policy.merit(item) + 0.0;
      tie = policy.tieBreak(item);
      return !Double.isNaN(merit);
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Sheds what has to go so that an item can wait; nothing if that would not do. */
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
   * Gives an item that waits another class, utility and deadline. It keeps its generation and has
   * waited as long; one that failed waits as long for its next attempt. Nothing is shed for it. One
   * that has them already stays where it stands.
   *
   * @param utility any number but NaN
   * @param deadlineNanos from when on it is of no use; the end of time means never
   * @return whether it stands in its new place, or why it stays where it was; empty if no item of
   *     this id waits
   */
  public Optional<ScheduleOutcome> reclassify(
      long id, PriorityClass priorityClass, double utility, long deadlineNanos) {
    Objects.requireNonNull(priorityClass, "priorityClass");
    int slot = table.find(id);
    if (slot == NONE || !backlog.isWaiting(slot)) {
      return Optional.empty();
    }
    ContentItem item = table.item(slot);
    ContentItem changed = item.reclassified(priorityClass, utility, deadlineNanos);
    if (journal.isOn()) {
      journal.told(new ContentRecords.Reclassified(id, priorityClass, utility, deadlineNanos));
    }
    if (!isRanked(changed)) {
      return Optional.of(refuse(changed, ScheduleOutcome.REJECTED_INVALID));
    }
    if (priorityClass != item.priorityClass() && !backlog.shedder().hasRoomInClass(changed)) {
      return Optional.of(refuse(changed, ScheduleOutcome.REJECTED_FULL));
    }
    if (changed != item) {
      backlog.reclassify(slot, changed, merit, tie);
    }
    return Optional.of(ScheduleOutcome.ACCEPTED);
  }

  private ScheduleOutcome refuse(ContentItem item, ScheduleOutcome why) {
    if (journal.isOn()) {
      journal.add(new ContentRecords.Refused(item.id(), why));
    }
    tally.refused[item.priorityClass().rank()]++;
    return why;
  }

  /** Takes a snapshot of pressure in place of the one before. */
  public PressureGauge.Reading updatePressure(PressureSnapshot snapshot, long nowNanos) {
    Objects.requireNonNull(snapshot, "snapshot");
    advance(nowNanos);
    if (journal.isOn()) {
      journal.told(new ContentRecords.Pressed(now, snapshot));
    }
    return gauge.update(snapshot, now);
  }

  /** What goes out next, if anything may. */
  public Optional<Selected> nextContent(long nowNanos) {
    return decide(nowNanos).selected();
  }

  /** What goes out next, or why nothing does. */
  public Decision decide(long nowNanos) {
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
      return throttle(ScheduleReason.PACING, waiting, band, backlog.pacer.leastWait());
    }
    return select(slot, band);
  }

  /** Whoever waits since before this is overdue. */
  private long overdueBefore() {
    long before = now - config.maxWaitNanos();
    // a difference that wrapped lies before the beginning of time, when nobody waited
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
    if (!backlog.pacer.isUnlimited()) {
      backlog.pacer.pay(item, backlog.pacer.of(item), now);
    }
    ScheduleEvidence evidence = evidence(item, reason, band);
    if (journal.isOn()) {
      ContentRecords.selected(journal.beginOutcome(), evidence, queue);
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
        journal.add(new ContentRecords.Throttled(reason, waiting, band, gauge.latest()));
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

  /** Whether an item waits and could be taken back; takes it back. */
  public boolean unschedule(long id) {
    int slot = table.find(id);
    return slot != NONE && backlog.isWaiting(slot) && !cancel(id).isEmpty();
  }

  /** Cancels an item that waits or is in flight. */
  public Cancellation cancel(long id) {
    if (journal.isOn()) {
      ContentRecords.cancelAsked(journal.beginInput(), id);
      journal.end(ContentRecords.CANCEL_ASKED);
    }
    int slot = table.find(id);
    return slot == NONE ? Cancellation.NOTHING : cancelOne(slot);
  }

  /**
   * Cancels everything of a flow that waits or is in flight, in every class. Looks at what failed
   * and waits for another attempt, and at what is in flight, besides the flow's own items.
   */
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

  /** Cancels an item; returns false if that was done before. */
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

  /** The token that says whether an item in flight was cancelled; empty if it is not remembered. */
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

  private void forgetOldestInFlight() {
    if (backlog.inFlight() > 0 && backlog.inFlight() == config.inFlightLimit()) {
      int oldest = backlog.oldestInFlight();
      long id = table.idOf(oldest);
      tokens.remove(id);
      backlog.forget(oldest);
      onLoss.accept(id);
    }
  }

  /** Who wants to know of items that are shed, expire, or are in flight and forgotten. */
  public void onLoss(LongConsumer listener) {
    onLoss = listener;
  }

  /** An item in flight has arrived. Returns whether it was known to be in flight. */
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

  /**
   * An item in flight has failed. Unless it failed too often, or there is no room for it among what
   * waits, it waits and goes out again.
   *
   * @param reason for the evidence; no rule reads it
   */
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

  /** Whether anything waits. */
  public boolean hasPendingContent() {
    return backlog.items() > 0;
  }

  /** Items that wait, those that failed and are to be tried again included. */
  public int pendingCount() {
    return backlog.items();
  }

  /** Whether an item with this id waits. */
  public boolean isPending(long id) {
    int slot = table.find(id);
    return slot != NONE && backlog.isWaiting(slot);
  }

  /** Reports whether an item with this id is in flight, cancelled or not, and remembered. */
  public boolean isInFlight(long id) {
    int slot = table.find(id);
    return slot != NONE && !backlog.isWaiting(slot);
  }

  /**
   * Forgets everything, pressure and the time too; the next generation is 0 and the next decision
   * 1.
   */
  public void clear() {
    clear(false);
  }

  /** Forgets everything but pressure. */
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
    tokens.clear();
    tally = new ContentCounters();
    notes = new ThrottleNotes();
    nextGeneration = 0;
    nextDecisionId = 1;
    sinceRescue = 0;
  }

  /** How it stands. */
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

  /** The latest snapshot of pressure, and the band that it led to. */
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

  /**
   * What a log must begin with for a scheduler of this configuration to run its inputs again.
   *
   * @param libraryVersion version of the library
   */
  public static EvidenceHeader header(ContentConfig config, String libraryVersion) {
    SelectionPolicy policy = config.policy();
    return KIND.header(config, libraryVersion)
        .withAttribute("content.policy", policy.name())
        .withAttribute("content.policy.parameters", policy.parameters().toString())
        .withAttribute("content.fairness", policy.fairness().name());
  }

  /**
   * Makes fresh schedulers of the recorded configuration, for replay; a policy that is not the
   * library's is refused.
   */
  public static Factory factory() {
    return KIND;
  }

  /** Makes fresh schedulers of a configuration, for replay; refuses headers of another. */
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
    } else if (input instanceof ContentRecords.Cleared it) {
      clear(it.pressureKept());
    }
  }

  /**
   * Tells who is sending an item that it was cancelled. May be read by any thread; once true it
   * stays true.
   */
  public static final class CancelToken {
    private volatile boolean cancelled;

    CancelToken() {}

    /** Whether the item was cancelled. */
    public boolean isCancelled() {
      return cancelled;
    }

    void cancel() {
      cancelled = true;
    }
  }
}
