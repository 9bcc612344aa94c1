package dev.stowage.placement.answer;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.board.Board;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Says in one sentence what a plan leaves short or stuck for one reason: how many replicas, which
 * rule refused, who was asked, how much room there is, and what would help.
 */
public final class Shortages {
  private static final int MOST_NAMES = 10;

  private final Board board;
  private final Reason reason;
  private final String needs;
  private final List<String> names = new ArrayList<>();
  private final Map<Integer, Integer> workersFor = new TreeMap<>();
  private long missing;
  private int asked;
  private long mostRoom;

  private Shortages(Board board, Reason reason, String needs) {
    this.board = board;
    this.reason = reason;
    this.needs = needs;
  }

  /** Returns a sentence for each reason and kind of worker; {@code nameOf} names a chunk. */
  public static List<String> ofShort(
      Board board, List<Shortage> shortages, IntFunction<String> nameOf) {
    Map<String, Shortages> all = new LinkedHashMap<>();
    for (Shortage each : shortages) {
      of(all, board, each.chunk(), each.reason()).add(each, nameOf.apply(each.chunk()));
    }
    return all.values().stream().map(each -> each.named() + each.whyShort()).toList();
  }

  /** Returns a sentence for each reason and kind of worker; {@code nameOf} names a chunk. */
  public static List<String> ofStuck(Board board, List<Stuck> stuck, IntFunction<String> nameOf) {
    Map<String, Shortages> all = new LinkedHashMap<>();
    for (Stuck each : stuck) {
      String name = nameOf.apply(each.chunk()) + " on " + board.fleet.worker(each.worker()).id();
      of(all, board, each.chunk(), each.reason())
          .add(each.chunk(), name, 1, each.eligibleWorkers(), each.mostRoomBytes());
    }
    return all.values().stream().map(each -> each.named() + each.whyStuck()).toList();
  }

  /** Returns the sentence for one chunk, without its name. */
  static String of(Board board, Shortage shortage) {
    Shortages one = of(new LinkedHashMap<>(), board, shortage.chunk(), shortage.reason());
    one.add(shortage, "");
    return one.whyShort();
  }

  private static Shortages of(Map<String, Shortages> all, Board board, int chunk, Reason reason) {
    String needs = Wording.with(board.input.pools.get(board.chunks.pool(chunk)).eligibility());
    return all.computeIfAbsent(reason + needs, key -> new Shortages(board, reason, needs));
  }

  private void add(Shortage each, String name) {
    int workers = each.missing();
    if (reason == Reason.TOO_FEW_WORKERS || reason == Reason.DOMAIN_LIMIT) {
      workers = Math.max(1, workers - board.domains.mostMore(each.chunk(), workers));
    }
    add(each.chunk(), name, workers, each.eligibleWorkers(), each.largestRoomBytes());
    missing += each.missing();
  }

  private void add(int chunk, String name, int workers, int eligible, long room) {
    names.add(name);
    workersFor.merge(chunk, workers, Integer::sum);
    asked = Math.max(asked, eligible);
    mostRoom = Math.max(mostRoom, room);
  }

  private String named() {
    int more = names.size() - MOST_NAMES;
    return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
        + (more > 0 ? " and " + more + " more: " : ": ");
  }

  private String whyShort() {
    return Wording.count(missing, "replica")
        + " missing, "
        + reason.inWords().whyShort()
        + because("worker", " may hold it, the most room on one without it is ");
  }

  private String whyStuck() {
    return reason.inWords().whyStuck()
        + because("other worker", " may take it, the most room on one is ");
  }

  private String because(String who, String mayHaveIt) {
    String help = help();
    return " ("
        + reason.word()
        + "); "
        + (workersFor.size() == 1 ? "" : "up to ")
        + Wording.count(asked, who)
        + mayHaveIt
        + Unit.BYTES.print(mostRoom)
        + (help.isEmpty() ? "" : "; it would help to " + help);
  }

  private String help() {
    return switch (reason) {
      case FROZEN -> "end the freeze";
      case PIN -> "end " + Wording.count(names.size(), "pin");
      case SWAP_INCOMPLETE, SWAP_WAITS -> "";
      default -> "have " + room();
    };
  }

  /** Each of the workers would have room for all the chunks, so one copy of each fits. */
  private String room() {
    long bytes = 0;
    int workers = 1;
    for (Map.Entry<Integer, Integer> each : workersFor.entrySet()) {
      bytes = SaturatedSum.of(bytes, board.chunks.size[each.getKey()]);
      workers = Math.max(workers, each.getValue());
    }
    String domain = board.domains.isAny() ? "in a domain that may have one more replica of it" : "";
    return Unit.bytesAtLeast(bytes)
        + " free on "
        + (workers == 1 ? "one more active worker" : "each of " + workers + " more active workers")
        + needs
        + (domain.isEmpty() ? "" : (workers == 1 ? " " : ", each ") + domain);
  }
}
