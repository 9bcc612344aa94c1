package dev.stowage.placement.answer;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.model.Eligibility;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.Reason;
import dev.stowage.placement.Shortage;
import dev.stowage.placement.answer.Takers.Lack;
import dev.stowage.placement.board.Board;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Suggests single remedies for what a plan leaves short or stuck. */
public final class Help {
  private static final String OPEN_DOMAIN = " in a domain that may have one more replica of it";

  private final Board board;
  private final Takers takers;
  private final boolean isLimited;
  private boolean frozen;
  private int pinned;
  private @Nullable Lack least;

  private final Map<String, Needed> workers = new TreeMap<>();

  private final Map<String, DomainsNeeded> domains = new TreeMap<>();

  private Help(Board board) {
    this.board = board;
    takers = new Takers(board);
    isLimited = board.domains.isAny();
  }

  public static List<String> ofShort(Board board, List<Shortage> shortages) {
    Help help = new Help(board);
    for (Shortage each : shortages) {
      if (each.reason() == Reason.TOO_FEW_WORKERS) {
        int lacking = each.missing() - board.domains.mostMore(each.chunk(), each.missing());
        help.needWorkers(each.chunk(), lacking, help.isLimited ? OPEN_DOMAIN : "");
      } else if (each.reason() == Reason.DOMAIN_LIMIT) {
        help.needDomains(each);
      }
    }
    return help.lines();
  }

  public static List<String> ofStuck(Board board, List<Stuck> stuck) {
    Help help = new Help(board);
    for (Stuck each : stuck) {
      help.free(each);
    }
    return help.lines();
  }

  private void free(Stuck stuck) {
    String where = isLimited ? OPEN_DOMAIN : "";
    switch (stuck.reason()) {
      case FROZEN -> frozen = true;
      case PIN -> {
        pinned++;
        if (stuck.mostRoomBytes() < size(stuck.chunk())) {
          needRoom(stuck, where);
        }
      }
      case DOMAIN_LIMIT -> needWorkers(stuck.chunk(), 1, OPEN_DOMAIN);
      case NO_ROOM -> needRoom(stuck, where);
      default -> needWorkers(stuck.chunk(), 1, where);
    }
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (frozen) {
      lines.add("  it would help to end the freeze");
    }
    if (pinned > 0) {
      lines.add("  it would help to end " + Words.count(pinned, "pin"));
    }
    workers.forEach((kind, needed) -> {
      if (needed.bytes < Long.MAX_VALUE) {
        lines.add("  it would help to have " + needed.text(kind));
      }
    });
    domains.forEach((kind, needed) -> {
      if (needed.bytes < Long.MAX_VALUE) {
        lines.add("  it would help to have " + needed.text());
      }
    });
    if (least != null) {
      lines.add("  " + least.text() + " on a worker that may take it would free the first replica");
    }
    return lines;
  }

  private void needRoom(Stuck stuck, String where) {
    Lack lack = takers.lack(stuck);
    least = lack != null && (least == null || lack.isLessThan(least)) ? lack : least;
    needWorkers(stuck.chunk(), 1, where);
  }

  private void needWorkers(int chunk, int count, String where) {
    String kind = Words.with(needs(chunk));
    kind += kind.isEmpty() || where.isEmpty() ? where : "," + where;
    if (count > 0) {
      workers.computeIfAbsent(kind, any -> new Needed()).add(chunk, count, size(chunk));
    }
  }

  private void needDomains(Shortage shortage) {
    int chunk = shortage.chunk();
    MoreDomains more = MoreDomains.of(board, chunk, shortage.missing());
    domains
        .computeIfAbsent(more.kind() + Words.with(needs(chunk)), any -> new DomainsNeeded())
        .add(more, Words.with(needs(chunk)), size(chunk));
  }

  private long size(int chunk) {
    return board.chunks.size[chunk];
  }

  private Eligibility needs(int chunk) {
    return board.input.pools.get(board.chunks.pool(chunk)).eligibility();
  }

  private static final class Needed {
    private final Map<Integer, Integer> replicasOf = new TreeMap<>();
    private int count;

    /** The bytes each must have free; {@code Long.MAX_VALUE} exceeds any worker. */
    private long bytes;

    void add(int chunk, int more, long size) {
      int replicas = replicasOf.merge(chunk, more, Integer::sum);
      count = Math.max(count, replicas);
      bytes = replicas == more ? SaturatedSum.of(bytes, size) : bytes;
    }

    String text(String kind) {
      return (count == 1 ? "one more active worker" : count + " more active workers")
          + (count == 1 ? kind : kind.replace("in a domain", "in domains"))
          + (kind.isEmpty() ? " with " : " and ")
          + Unit.bytesAtLeast(bytes)
          + (count == 1 ? " free" : " free each");
    }
  }

  private static final class DomainsNeeded {
    private int count;
    private int workersEach;
    private long bytes;
    private String kind = "";
    private String with = "";

    void add(MoreDomains more, String needs, long size) {
      count = Math.max(count, more.count());
      workersEach = Math.max(workersEach, more.workersEach());
      bytes = SaturatedSum.of(bytes, size);
      kind = more.kind();
      with = needs;
    }

    String text() {
      return (count == 1 ? "one more domain" : count + " more domains")
          + kind
          + (count == 1 ? " with " : ", each with ")
          + (workersEach == 1 ? "an active worker" : workersEach + " active workers")
          + with
          + (workersEach == 1 ? " that has " : " that have ")
          + Unit.bytesAtLeast(bytes)
          + (workersEach == 1 ? " free" : " free each");
    }
  }
}
