package dev.stowage.sim.kit.walk;

import dev.stowage.command.Result;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.sim.kit.scenario.Drawing;
import dev.stowage.sim.kit.scenario.DrawnAction;
import dev.stowage.sim.kit.scenario.LineResult;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.draw.Choices;
import dev.stowage.sim.kit.scenario.draw.Opening;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A story that is told line by line, with all that it meets counted, and judged whenever it has
 * settled. A finding ends it. Not thread-safe.
 */
public final class Play implements AutoCloseable {
  static final String RELOAD = "reload";
  static final String EVIDENCE = "evidence";

  private static final String SETTLED_FLOORS = "settled floors before bonuses";
  private static final String SPREAD = "spread by level";
  private static final String DRAINED = "weak convergence";
  private static final String CONVERGED = "strong convergence";
  private static final String COMPARED = "compared with the model";
  private static final String DOCUMENTS = "published documents";

  /** Names the checks that are made here, not by the judge of the world. */
  private static final List<String> ORACLES =
      List.of(RELOAD, EVIDENCE, SETTLED_FLOORS, SPREAD, DRAINED, CONVERGED, COMPARED, DOCUMENTS);

  private static final long TRACE_FACTOR = 1_000_003;

  private final Opening opening;
  private final Story story;
  private final boolean isKillable;
  private final Witnessed witnessed = new Witnessed();
  private long trace;
  private final List<String> lines = new ArrayList<>();
  private @Nullable Finding finding;
  private int deeds;

  Play(Opening opening, WalkBackend backend, boolean mayFail) {
    this.opening = backend.hasClock() ? opening.withOwnClock() : opening;
    isKillable = backend.isKillable();
    story = backend.begin(this.opening.config(), witnessed, mayFail);
    witnessed.begins(story);
    lines.add(this.opening.config());
    witnessed.met("walks with a scorer", opening.isScored() ? 1 : 0);
    opening.workers().forEach(this::tell);
  }

  Story story() {
    return story;
  }

  Opening opening() {
    return opening;
  }

  Witnessed witnessed() {
    return witnessed;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  Optional<Finding> finding() {
    return Optional.ofNullable(finding);
  }

  /** Returns a hash of the events, in hexadecimal: equal stories have equal traces. */
  String trace() {
    return Long.toHexString(trace);
  }

  /** Draws the next deed from {@code deeds}; empty if no draw made sense. */
  Optional<Drawing.Drawn> draw(List<DrawnAction> deeds, int[] weights, Choices choices) {
    return new Drawing(story, opening, choices, isKillable).next(deeds, weights);
  }

  /** Draws {@code deed}; empty if it makes no sense now. */
  Optional<Drawing.Drawn> draw(DrawnAction deed, Choices choices) {
    return new Drawing(story, opening, choices, isKillable).drawn(deed);
  }

  int deeds() {
    return deeds;
  }

  void tell(Drawing.Drawn drawn) {
    deeds++;
    witnessed.met("did: " + drawn.deed().title());
    for (String line : drawn.lines()) {
      tell(line);
      if (line.startsWith("settle") && drawn.deed().title().equals("strong")) {
        judge();
      }
    }
  }

  /** Tells a line, unless there is a finding. */
  void tell(String line) {
    // No fleet settles while a scorer wants its replicas elsewhere, or the time is not right.
    if (finding != null || (line.startsWith("settle") && story.isRestless())) {
      return;
    }
    LineResult telling = story.tell(line);
    boolean isSenseless = telling instanceof LineResult.Senseless;
    if (isSenseless && !line.startsWith("settle")) {
      return;
    }
    lines.add(line);
    if (telling instanceof LineResult.Senseless endless) {
      finding = new Finding("liveness", endless.why().found());
      return;
    }
    telling.expectation().ifPresent(lines::add);
    if (telling instanceof LineResult.Broken broken) {
      finding = broken.finding(); // it may have left a world that answers nothing
      return;
    }
    String entry = line + telling.expectation().orElse("") + story.books().digest();
    trace = trace * TRACE_FACTOR + entry.hashCode();
    for (String each : line.split("\n")) {
      met(each, telling);
      witnessed.observe(each, story);
    }
    if (line.startsWith("settle") && story.isSettled()) {
      settled();
    }
  }

  private void met(String line, LineResult telling) {
    switch (line.split(" ")[0]) {
      case "crash", "takeover", "restore", "unheard" -> witnessed.met(line);
      case "elsewhere" -> {
        witnessed.met("news");
        witnessed.met("two news items waiting", story.newsWaiting() > 1 ? 1 : 0);
      }
      case "fault" -> {
        witnessed.met("interruption");
        witnessed.met("server killed", line.contains("killed") ? 1 : 0);
      }
      case "together" -> {
        witnessed.met("group");
        witnessed.met("fault in a group", isBehindFault() ? 1 : 0);
        witnessed.met("refusal in a group", telling instanceof LineResult.Refused ? 1 : 0);
      }
      case "publish" -> story.published().ifPresent(this::chains);
      case "schedule" -> story.scheduled().ifPresent(this::scheduled);
      case "settle" -> {
        witnessed.met("settled", story.isSettled() ? 1 : 0);
        witnessed.met("restless beside unknown bytes", story.isSettled() ? 0 : 1);
      }
      default -> {}
    }
    witnessed.met("wrong clock", line.startsWith("clock ") && !line.endsWith("right") ? 1 : 0);
    witnessed.met("late report", line.endsWith(" late") ? 1 : 0);
    witnessed.met("burst", line.matches(".* weight=1( .*)?") ? 1 : 0);
    witnessed.met("fenced", telling instanceof LineResult.Fenced ? 1 : 0);
  }

  private boolean isBehindFault() {
    return lines.stream()
        .skip(Math.max(0, lines.size() - 3))
        .anyMatch(it -> it.startsWith("fault "));
  }

  private void scheduled(Result.Scheduled cycle) {
    witnessed.met("guarded", cycle.guarded().size());
    witnessed.met("raise", cycle.movement().bytesAddedByCause().containsKey("raise") ? 1 : 0);
    witnessed.met("held", cycle.held().isPresent() ? 1 : 0);
    witnessed.met("stuck replica", cycle.stuck().size());
    witnessed.met("struck action", cycle.struck());
    witnessed.met("overtaken plan", story.wasOvertaken() ? 1 : 0);
    witnessed.met("command beside a plan", story.wasBeside() ? 1 : 0);
  }

  /** Counts a chain if one fired swap produced a chunk that another one replaced. */
  private void chains(Result.Published cycle) {
    Set<ChunkKey> produced = new HashSet<>();
    Set<ChunkKey> replaced = new HashSet<>();
    for (long id : cycle.fired()) {
      Optional<SwapRow> swap = story.books().swap(id);
      swap.ifPresent(row -> produced.addAll(row.newChunks()));
      swap.ifPresent(row -> replaced.addAll(row.oldChunks()));
    }
    produced.retainAll(replaced);
    witnessed.met("fired chain", Math.min(1, produced.size()));
  }

  // ---- judgements ----

  /** Expects something now; a mismatch ends the story and its file. */
  void expect(String what, String expectation) {
    if (finding == null) {
      witnessed.met(what);
      finding = story.missed(expectation).orElse(null);
      if (finding != null) {
        lines.add(expectation);
      }
    }
  }

  private void settled() {
    // Floors take what bonuses hold, whether or not there is room for all of them.
    expect(SETTLED_FLOORS, Story.FLOORS_FIRST);
    drained();
    if (finding == null && story.isSpreadJudged()) {
      expect(SPREAD, Story.SPREAD);
    }
  }

  /** Requires that no replica is superseded or draining in a settled fleet with room. */
  private void drained() {
    witnessed.met("crowded by unknown bytes", story.isCrowded() ? 1 : 0);
    if (finding != null || !story.isRoomy()) {
      return;
    }
    witnessed.met(DRAINED);
    story
        .undrained()
        .ifPresent(key -> {
          finding = new Finding("drains end", key + " is superseded or draining for ever");
          lines.add("expect replicas " + key + " superseded = 0");
          lines.add("expect replicas " + key + " draining = 0");
        });
  }

  /** Requires every convergence property of a settled fleet with room. */
  void judge() {
    if (finding == null && story.isSettled() && story.isRoomy()) {
      expect(CONVERGED, Story.CONVERGED);
    }
  }

  void demand(String expectation) {
    if (expectation.equals(Story.RELOADED) || expectation.equals(Story.EVIDENCE)) {
      expect("demand", expectation);
      if (finding == null) {
        lines.add(expectation);
      }
    } else if (lines.get(lines.size() - 1).startsWith("settle")) {
      judge(); // what else there is to expect of it was judged when it had settled
    }
  }

  void count() {
    long compared = story.comparisonsWithTheModel();
    witnessed.met(COMPARED, compared);
    witnessed.met("walks beside the model", Math.min(1, compared));
    witnessed.met(DOCUMENTS, story.documentsRead());
    ORACLES.forEach(each -> witnessed.asked(each, 0));
    story.judged().forEach(witnessed::asked);
  }

  @Override
  public void close() {
    story.close();
  }
}
