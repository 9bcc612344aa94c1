package dev.stowage.engine;

import dev.stowage.StowageListener;
import dev.stowage.StowageListener.LineageBegun;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.HoldUntil;
import dev.stowage.engine.RiskBook.RisksFound;
import dev.stowage.engine.flight.Span;
import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.store.QuarantinedNews;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells happenings to the log and the listener. Logs lines {@code event=NAME key=value ...}, at
 * most {@value #MOST_LINES} of an event in {@value #WINDOW_SECONDS} seconds; the next line counts
 * the omitted ones. Guarded by the engine's lock.
 */
public final class EventLog {
  public static final String NAME = "dev.stowage.events";

  static final int MOST_LINES = 5;
  static final long WINDOW_SECONDS = 10;
  private static final long WINDOW_NANOS = WINDOW_SECONDS * 1_000_000_000L;

  static final int MOST_NAMES = 10;

  static final long SLOW_NANOS = 1_000_000_000L;

  enum Event {
    LEADING,
    FENCED,
    FOLLOWING,
    DEPARTED,
    LEFT,
    AT_RISK,
    SWAP_FIRED,
    LINEAGE,
    UNKNOWN_HISTORY,
    GUARDED,
    HELD,
    DEFERRED,
    SHORT,
    STUCK,
    PRESSURE,
    SLOW_CYCLE,
    QUARANTINED,
    EVIDENCE_DROPPED
  }

  private static final class Said {
    private long beganNanos;
    private int lines;
    private long leftOut;
  }

  private final Logger log;
  private final StowageListener listener;
  private final Map<Event, Said> said = new EnumMap<>(Event.class);

  // What is out of order as it was told last, by event.
  private final Map<Event, String> lasting = new EnumMap<>(Event.class);
  private long hostFailures;
  private volatile @Nullable Throwable lastHostFailure;

  EventLog(Logger log, StowageListener listener) {
    this.log = log;
    this.listener = listener;
  }

  /** Tells the listener; what it throws undoes nothing, and is told to it in turn. */
  void hears(Consumer<StowageListener> what) {
    try {
      what.accept(listener);
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  /** Counts and tells a failure of the host's code, or of the store behind a commit. */
  void failed(Throwable failure) {
    hostFailed(failure);
    try {
      listener.failed(failure);
    } catch (RuntimeException | Error again) {
      hostFailed(again);
    }
  }

  private void hostFailed(Throwable failure) {
    hostFailures++;
    lastHostFailure = failure;
  }

  long hostFailures() {
    return hostFailures;
  }

  /** Returns the last failure, without the lock. */
  Optional<Throwable> lastHostFailure() {
    return Optional.ofNullable(lastHostFailure);
  }

  void leading(String holder, long epoch) {
    lasting.clear();
    tell(Event.LEADING, false, "holder=" + holder + " epoch=" + epoch);
    hears(it -> it.leading(epoch));
  }

  void fenced(String reason) {
    tell(Event.FENCED, true, "reason=" + quoted(reason));
  }

  void following(String reason) {
    lasting.clear();
    tell(Event.FOLLOWING, false, "reason=" + quoted(reason));
    hears(it -> it.following(reason));
  }

  void departed(Tick tick, List<WorkerId> workers) {
    tell(Event.DEPARTED, true, "tick=" + tick.value() + " " + names(workers));
    hears(it -> it.departed(tick, workers));
  }

  // Emptied before, as planned: nothing is to be done.
  void left(Tick tick, List<WorkerId> workers) {
    tell(Event.LEFT, false, "tick=" + tick.value() + " " + names(workers));
    hears(it -> it.left(tick, workers));
  }

  void atRisk(Tick tick, RisksFound found) {
    if (found.more() > 0 || found.isOver()) {
      String what = "tick=" + tick.value() + " chunks=" + found.all() + " more=" + found.more();
      tell(Event.AT_RISK, !found.isOver(), what);
    }
    if (found.more() > 0) {
      hears(it -> it.atRisk(tick, found.more(), found.named()));
    }
  }

  void swapsFired(Tick tick, List<SwapRow> swaps) {
    if (!swaps.isEmpty()) {
      String ids =
          swaps.stream()
              .limit(MOST_NAMES)
              .map(swap -> Long.toString(swap.id()))
              .collect(Collectors.joining(","));
      String what = "tick=" + tick.value() + " swaps=" + swaps.size() + " ids=" + ids;
      tell(Event.SWAP_FIRED, false, what);
    }
    swaps.forEach(
        swap -> hears(it -> it.swapFired(tick, swap.id(), swap.oldChunks(), swap.newChunks())));
  }

  void lineage(LineageBegun begun) {
    OptionalLong nanos = begun.keptNanos();
    String kept =
        nanos.isEmpty()
            ? "unknown"
            : Instant.ofEpochSecond(0, nanos.getAsLong()).truncatedTo(ChronoUnit.MILLIS).toString();
    String what = "former=" + begun.former() + " present=" + begun.present();
    String since = " kept_tick=" + begun.keptTick().value() + " kept=" + kept;
    String position = " kept_position=" + begun.keptPosition().orElse("unknown");
    String owed =
        " pause_until=" + begun.pauseUntil().value() + " inventories=" + begun.inventoriesOwed();
    tell(Event.LINEAGE, true, what + since + position + owed + " why=" + quoted(begun.why()));
    hears(it -> it.lineage(begun));
  }

  void unknownHistory(ReportHeader named, ResultCode refused) {
    String worker = "worker=" + named.worker() + " code=" + refused;
    String life = " lineage=" + named.lineage() + " incarnation=" + named.incarnation().value();
    tell(Event.UNKNOWN_HISTORY, true, worker + life);
  }

  void quarantined(QuarantinedNews news) {
    String kind = news.kind().orElse("unknown");
    String worker = news.worker().map(WorkerId::value).orElse("none");
    String what = "kind=" + kind + " worker=" + worker + " mark=" + news.mark();
    tell(Event.QUARANTINED, true, what + " reason=" + quoted(news.reason()));
    hears(it -> it.quarantined(news));
  }

  void evidenceDropped(long records) {
    tell(Event.EVIDENCE_DROPPED, true, "records=" + records);
  }

  void slow(String cycle, long tick, long nanos, long planNanos) {
    if (nanos >= SLOW_NANOS) {
      String what = "cycle=" + cycle + " tick=" + tick + " millis=" + nanos / 1_000_000;
      tell(Event.SLOW_CYCLE, true, what + " plan_millis=" + planNanos / 1_000_000);
    }
  }

  void guarded(Collection<WorkerId> now) {
    TreeSet<WorkerId> all = new TreeSet<>(now);
    tellChange(Event.GUARDED, all.isEmpty() ? "" : all.toString(), names(all));
  }

  void scheduled(Result.Scheduled cycle) {
    guarded(cycle.guarded());
    tellChange(
        Event.HELD,
        cycle.held().map(HoldUntil.Wait::toString).orElse(""),
        cycle.held().map(it -> "until=" + it.until() + " have=" + it.have()).orElse("until=none"));
    deferred(cycle.deferred());
    List<Result.Shortage> shortages =
        cycle.shortfalls().stream().filter(it -> !it.isRaise()).toList();
    long lacking = missing(shortages);
    tellChange(
        Event.SHORT,
        lacking == 0 ? "" : Long.toString(lacking),
        "chunks=" + shortages.size() + " missing=" + lacking);
    stuck(cycle);
    PressureBand band = cycle.pressure();
    tellChange(
        Event.PRESSURE,
        band == PressureBand.NORMAL ? "" : band.name(),
        "band=" + band + " held_bytes=" + cycle.budget().heldBytes());
  }

  private static long missing(List<Result.Shortage> shortages) {
    return shortages.stream().mapToLong(Result.Shortage::missing).sum();
  }

  // The number changes with each ingest, so only another rule is worth a line. A reason begins
  // with its rule.
  private void deferred(List<Result.Shortage> waiting) {
    String reasons = distinct(waiting.stream().map(each -> each.reason().split(":", 2)[0]));
    String what = "chunks=" + waiting.size() + " missing=" + missing(waiting);
    tellChange(Event.DEFERRED, reasons, waiting.isEmpty() ? what : what + " reasons=" + reasons);
  }

  private void stuck(Result.Scheduled cycle) {
    TreeSet<WorkerId> holders = new TreeSet<>();
    cycle.stuck().forEach(each -> holders.add(each.worker()));
    String reasons = distinct(cycle.stuck().stream().map(each -> each.reason().name()));
    String what =
        "replicas=" + cycle.stuck().size() + " bytes=" + cycle.stuckBytes() + " " + names(holders);
    boolean isAny = !cycle.stuck().isEmpty();
    tellChange(
        Event.STUCK, isAny ? holders + reasons : "", isAny ? what + " reasons=" + reasons : what);
  }

  private static String distinct(Stream<String> words) {
    return words.distinct().sorted().collect(Collectors.joining(","));
  }

  /** Tells what is out of order if that changed; {@code now} is empty while nothing is. */
  private void tellChange(Event event, String now, String what) {
    String before = lasting.put(event, now);
    if (!now.equals(before == null ? "" : before)) {
      tell(event, !now.isEmpty(), what);
    }
  }

  private void tell(Event event, boolean isBad, String what) {
    Said before = said.computeIfAbsent(event, key -> new Said());
    long now = Stopwatch.nanos();
    if (before.lines == 0 || now - before.beganNanos >= WINDOW_NANOS) {
      before.beganNanos = now;
      before.lines = 0;
    }
    if (before.lines == MOST_LINES) {
      before.leftOut++;
      return;
    }
    String name = event.name().toLowerCase(Locale.ROOT);
    String more = before.leftOut == 0 ? "" : " left_out=" + before.leftOut;
    String line = "event=" + name + " " + what + more;
    before.lines++;
    before.leftOut = 0;
    Span.note(name, line);
    if (isBad) {
      BestEffort.run(() -> log.warn(line));
    } else {
      BestEffort.run(() -> log.info(line));
    }
  }

  private static String names(Collection<WorkerId> workers) {
    String named =
        new TreeSet<>(workers)
            .stream().limit(MOST_NAMES).map(WorkerId::value).collect(Collectors.joining(","));
    return "workers=" + workers.size() + (named.isEmpty() ? "" : " names=" + named);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
