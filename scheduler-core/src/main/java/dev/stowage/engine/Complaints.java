package dev.stowage.engine;

import dev.stowage.audit.AuditFinding;
import dev.stowage.command.Result;
import dev.stowage.config.Reason;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.store.QuarantinedNews;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;

/** Logs and words a leading service's problems. Belongs to the turn. */
public final class Complaints {
  public static final int MOST_NAMES = 10;

  public static final int MOST_COUNTED = 1_000;

  private final Logger log;

  /** When each replica began to be stuck, and each chunk to be deferred, without a break. */
  private Map<Waiting, Long> since = Map.of();

  private Set<String> told = new TreeSet<>();
  private final Set<String> foundTold = new TreeSet<>();
  private long foundTurns;
  private long asideTold;
  private List<QuarantinedNews> asideKept = List.of();

  public Complaints(Logger log) {
    this.log = log;
  }

  public void follow() {
    since = Map.of();
    told = new TreeSet<>();
    asideKept = List.of();
  }

  private record Waiting(ChunkKey chunk, String worker, String what) {}

  // What the last cycle left out, and what it could not let leave.
  private void waiting(FacadeProblems problems, long nowNanos) {
    Map<Waiting, Long> before = since;
    since = new HashMap<>();
    for (Result.Stuck each : problems.stuck()) {
      if (each.reason() != Reason.FROZEN && each.reason() != Reason.PIN) {
        String what = "stuck replica(s), " + each.reason();
        since.put(new Waiting(each.chunk(), each.worker().value(), what), nowNanos);
      }
    }
    for (Result.Shortage each : problems.deferred()) {
      String what = "deferred chunk(s), " + each.reason().split(":", 2)[0];
      since.put(new Waiting(each.chunk(), "", what), nowNanos);
    }
    since.replaceAll((each, now) -> Math.min(now, before.getOrDefault(each, now)));
  }

  private List<String> overdue(long nowNanos, long patienceNanos) {
    Map<String, Integer> counts = new TreeMap<>();
    since.forEach((each, from) -> {
      if (nowNanos - from > patienceNanos) {
        counts.merge(each.what(), 1, Integer::sum);
      }
    });
    return counts.entrySet().stream().map(it -> it.getValue() + " " + it.getKey()).toList();
  }

  private static List<WorkerId> holders(List<Result.Stuck> stuck) {
    return stuck.stream().map(Result.Stuck::worker).distinct().sorted().toList();
  }

  public boolean setAside(FacadeProblems problems) {
    boolean isNews = problems.setAside() > asideTold;
    asideTold = problems.setAside();
    return isNews;
  }

  public void kept(List<QuarantinedNews> pieces) {
    asideKept = pieces;
  }

  public boolean isKeeping() {
    return !asideKept.isEmpty();
  }

  public String words(String said, FacadeProblems problems) {
    StringBuilder text = new StringBuilder(said);
    List<WorkerId> guarded = problems.guarded();
    List<Result.Stuck> stuck = problems.stuck();
    List<Result.Shortage> deferred = problems.deferred();
    if (!guarded.isEmpty()) {
      text.append("; guarded: ").append(count(guarded.size(), "worker"));
      text.append(" (").append(names(guarded)).append("), see confirmDepartures");
    }
    problems
        .cycle()
        .flatMap(Result.Scheduled::held)
        .ifPresent(it -> text.append("; held: ").append(it.inWords()).append(", see hold_until"));
    if (!stuck.isEmpty()) {
      text.append("; stuck: ").append(count(stuck.size(), "replica"));
      text.append(" (").append(names(holders(stuck))).append("), see leaving");
    }
    if (!deferred.isEmpty()) {
      Result.Shortage first = deferred.get(0);
      text.append("; deferred: ").append(count(deferred.size(), "chunk"));
      text.append(", first ").append(first.chunk()).append(" (").append(first.reason());
      text.append("), see explainPlacement");
    }
    if (isKeeping()) {
      int pieces = asideKept.size();
      text.append("; set aside: ").append(count(pieces, "piece"));
      text.append(pieces >= MOST_COUNTED ? " of news or more" : " of news");
      text.append(" (").append(asideKept.get(pieces - 1).reason()).append("), see quarantine");
    }
    return text.toString();
  }

  // Logged at turns 1, 2, 4, 8 and so on in a row.
  public String found(AuditFinding finding) {
    foundTurns++;
    String text = String.valueOf(finding.getMessage());
    boolean isNew = foundTold.size() < MOST_NAMES && foundTold.add(text);
    if (isNew) {
      BestEffort.run(() ->
          log.error(
              "an audit stopped a command that would break a promise of the library; nothing was"
                  + " changed, and the next turn tries again. Please report it",
              finding));
    } else if (Long.bitCount(foundTurns) == 1) {
      BestEffort.run(() ->
          log.error(
              "audits stopped commands in {} turns in a row, the last for {}", foundTurns, text));
    }
    return "an audit stopped a command before it was durable: " + text;
  }

  public void auditsPass() {
    if (foundTurns > 0) {
      BestEffort.run(() -> log.info("audits pass again, after {}", count(foundTurns, "turn")));
      foundTurns = 0;
      foundTold.clear();
    }
  }

  private record Wrong(String kind, String text, Optional<Throwable> failure) {}

  public Optional<String> wrong(
      Optional<String> refused, Optional<String> frozen, FacadeProblems problems, long nowNanos) {
    List<Wrong> all = new ArrayList<>();
    refused.ifPresent(it -> all.add(new Wrong("refused", it, Optional.empty())));
    problems.slowTime().ifPresent(it -> all.add(new Wrong("slow", it, Optional.empty())));
    frozen.ifPresent(it -> all.add(new Wrong("frozen", it, Optional.empty())));
    problems.noExecutor().ifPresent(it -> all.add(new Wrong("executor", it, Optional.empty())));
    problems.refusal().ifPresent(it -> all.add(refusing(it, problems.waitingRecords())));
    waiting(problems, nowNanos);
    List<String> overdue = overdue(nowNanos, problems.patienceNanos());
    if (!overdue.isEmpty()) {
      String text = "for longer than suspect_after: " + String.join("; ", overdue);
      all.add(new Wrong("overdue", text, Optional.empty()));
    }
    Set<String> kinds = new TreeSet<>();
    List<String> words = new ArrayList<>();
    for (Wrong each : all) {
      kinds.add(each.kind());
      words.add(each.text());
      if (!told.contains(each.kind())) {
        BestEffort.run(() -> log.warn(each.text(), each.failure().orElse(null)));
      }
    }
    told = kinds;
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", words));
  }

  private static Wrong refusing(Throwable failure, long waiting) {
    return new Wrong(
        failure.getClass().getName(),
        "the recorder refuses records: "
            + BestEffort.textOf(failure)
            + "; "
            + waiting
            + " records wait, and beyond "
            + SinkPolicy.DEFAULT_BACKLOG_RECORDS
            + " no command is decided",
        Optional.of(failure));
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String names(List<WorkerId> workers) {
    List<String> named = new ArrayList<>();
    for (WorkerId worker : new TreeSet<>(workers)) {
      if (named.size() == MOST_NAMES) {
        return String.join(", ", named) + " and " + (workers.size() - MOST_NAMES) + " more";
      }
      named.add(worker.value());
    }
    return String.join(", ", named);
  }
}
