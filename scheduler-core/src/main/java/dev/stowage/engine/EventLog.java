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
import java.util.stream.Collectors;
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
  private TreeSet<WorkerId> guarded = new TreeSet<>();
  private Optional<HoldUntil.Wait> held = Optional.empty();
  private long missing;
  private String deferred = "";
  private String stuck = "";
  private PressureBand band = PressureBand.NORMAL;

  EventLog(Logger log, StowageListener listener) {
    this.log = log;
    this.listener = listener;
  }

  void leading(String holder, long epoch) {
    forget();
    tell(Event.LEADING, false, "holder=" + holder + " epoch=" + epoch);
    listener.leading(epoch);
  }

  void fenced(String reason) {
    tell(Event.FENCED, true, "reason=" + quoted(reason));
  }

  void following(String reason) {
    forget();
    tell(Event.FOLLOWING, false, "reason=" + quoted(reason));
    listener.following(reason);
  }

  void departed(Tick tick, List<WorkerId> workers) {
    tell(Event.DEPARTED, true, "tick=" + tick.value() + " " + names(workers));
    listener.departed(tick, workers);
  }

  // Emptied before, as planned: nothing is to be done.
  void left(Tick tick, List<WorkerId> workers) {
    tell(Event.LEFT, false, "tick=" + tick.value() + " " + names(workers));
    listener.left(tick, workers);
  }

  void atRisk(Tick tick, RisksFound found) {
    if (found.more() > 0 || found.isOver()) {
      String what = "tick=" + tick.value() + " chunks=" + found.all() + " more=" + found.more();
      tell(Event.AT_RISK, !found.isOver(), what);
    }
    if (found.more() > 0) {
      listener.atRisk(tick, found.more(), found.named());
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
    swaps.forEach(swap -> listener.swapFired(tick, swap.id(), swap.oldChunks(), swap.newChunks()));
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
    listener.lineage(begun);
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
    listener.quarantined(news);
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
    if (!all.equals(guarded)) {
      guarded = all;
      tell(Event.GUARDED, !all.isEmpty(), names(all));
    }
  }

  void scheduled(Result.Scheduled cycle) {
    guarded(cycle.guarded());
    held(cycle.held());
    deferred(cycle.deferred());
    List<Result.Shortage> shortages =
        cycle.shortfalls().stream().filter(it -> !it.isRaise()).toList();
    long lacking = missing(shortages);
    if (lacking != missing) {
      missing = lacking;
      String what = "chunks=" + shortages.size() + " missing=" + lacking;
      tell(Event.SHORT, lacking > 0, what);
    }
    stuck(cycle);
    if (cycle.pressure() != band) {
      band = cycle.pressure();
      tell(
          Event.PRESSURE,
          band.compareTo(PressureBand.NORMAL) > 0,
          "band=" + band + " held_bytes=" + cycle.budget().heldBytes());
    }
  }

  private void held(Optional<HoldUntil.Wait> now) {
    if (!now.equals(held)) {
      held = now;
      tell(
          Event.HELD,
          now.isPresent(),
          now.map(it -> "until=" + it.until() + " have=" + it.have()).orElse("until=none"));
    }
  }

  private static long missing(List<Result.Shortage> shortages) {
    return shortages.stream().mapToLong(Result.Shortage::missing).sum();
  }

  // The number changes with each ingest, so only another rule is worth a line. A reason begins
  // with its rule.
  private void deferred(List<Result.Shortage> waiting) {
    String reasons =
        waiting.stream()
            .map(each -> each.reason().split(":", 2)[0])
            .distinct()
            .sorted()
            .collect(Collectors.joining(","));
    if (!reasons.equals(deferred)) {
      deferred = reasons;
      String what = "chunks=" + waiting.size() + " missing=" + missing(waiting);
      boolean isAny = !waiting.isEmpty();
      tell(Event.DEFERRED, isAny, isAny ? what + " reasons=" + reasons : what);
    }
  }

  private void stuck(Result.Scheduled cycle) {
    TreeSet<WorkerId> holders = new TreeSet<>();
    cycle.stuck().forEach(each -> holders.add(each.worker()));
    String reasons =
        cycle.stuck().stream()
            .map(each -> each.reason().name())
            .distinct()
            .sorted()
            .collect(Collectors.joining(","));
    String places = holders + reasons;
    boolean isAny = !cycle.stuck().isEmpty();
    if (!places.equals(stuck) && (isAny || !stuck.isEmpty())) {
      String what =
          "replicas="
              + cycle.stuck().size()
              + " bytes="
              + cycle.stuckBytes()
              + " "
              + names(holders);
      tell(Event.STUCK, isAny, isAny ? what + " reasons=" + reasons : what);
    }
    stuck = isAny ? places : "";
  }

  private void forget() {
    guarded = new TreeSet<>();
    held = Optional.empty();
    missing = 0;
    deferred = "";
    stuck = "";
    band = PressureBand.NORMAL;
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
