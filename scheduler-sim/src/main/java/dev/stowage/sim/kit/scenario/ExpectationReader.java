package dev.stowage.sim.kit.scenario;

import dev.stowage.client.PortalClient;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.Origin;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.words.Comparison;
import dev.stowage.sim.kit.scenario.words.Pair;
import dev.stowage.sim.kit.scenario.words.Sizes;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Reads what follows the word {@code expect}. Stateless. */
final class ExpectationReader {
  private interface Form {
    ExpectedEvent read(WordReader words) throws UnreadableWord;
  }

  private static final Map<String, Form> FORMS = forms();

  private ExpectationReader() {}

  static List<String> names() {
    return List.copyOf(FORMS.keySet());
  }

  static ExpectedEvent read(WordReader words) throws UnreadableWord {
    String expected = "one of " + String.join(", ", FORMS.keySet());
    String name = words.take(expected);
    Form form = FORMS.get(name);
    if (form == null) {
      throw UnreadableWord.unknown(name, FORMS.keySet(), expected);
    }
    ExpectedEvent expectation = form.read(words);
    words.end();
    return expectation;
  }

  private static Map<String, Form> forms() {
    Map<String, Form> all = new LinkedHashMap<>();
    all.put("ok", words -> is("ok", witness -> witness.outcome().inWords()));
    all.put("requested", words -> is("requested", witness -> witness.outcome().inWords()));
    all.put("rejected", ExpectationReader::rejected);
    all.put(
        "fenced",
        words ->
            witness -> unless(witness.outcome().isFenced(), "fenced", witness.outcome().inWords()));
    all.put("answers", ExpectationReader::answers);
    all.put("changed", words -> cycle("a cycle that changed something", CycleTrace::changed));
    all.put("unchanged", words -> cycle("a cycle that wrote nothing", it -> !it.changed()));
    all.put("minted", words -> cycle("a cycle that minted an assignment", CycleTrace::minted));
    all.put("not", ExpectationReader::notMinted);
    all.put("state", ExpectationReader::state);
    all.put("replicas", ExpectationReader::replicas);
    all.put("holders", ExpectationReader::holders);
    all.put("replica", ExpectationReader::replica);
    all.put("origin", ExpectationReader::origin);
    all.put("routes", ExpectationReader::routes);
    all.put("visible", ExpectationReader::visible);
    all.put("portal", ExpectationReader::portal);
    all.put(
        "deferred", words -> among(words, "deferred", WordReader::chunk, StateQueries::deferred));
    all.put("stuck", words -> among(words, "stuck", Pair::take, StateQueries::stuck));
    all.put("safe-to-stop", ExpectationReader::safeToStop);
    all.put("guarded", ExpectationReader::guarded);
    all.put("held", ExpectationReader::held);
    all.put("status", ExpectationReader::status);
    all.put("used", ExpectationReader::used);
    all.put("pending-swaps", ExpectationReader::pendingSwaps);
    all.put("set-aside", ExpectationReader::setAside);
    all.put("converged", words -> ExpectationReader::converged);
    all.put("floors-first", words -> sound("floors before bonuses", StateQueries::starved));
    all.put(
        "spread",
        words -> sound("copies in as many domains as they can", StateQueries::badlySpread));
    all.put(
        "evidence",
        words -> sound("evidence that is whole and replays", ScenarioWorld::brokenEvidence));
    all.put("reloaded", words -> sound("the same state after a reload", ScenarioWorld::reloaded));
    return all;
  }

  private static ExpectedEvent is(String wanted, Function<CaseSeen, String> look) {
    return witness -> {
      String found = look.apply(witness);
      return unless(found.equals(wanted), wanted, found);
    };
  }

  private static Optional<Mismatch> unless(boolean holds, String expected, String found) {
    return holds ? Optional.empty() : Optional.of(new Mismatch(expected, found));
  }

  private static ExpectedEvent sound(
      String expected, Function<ScenarioWorld, Optional<Finding>> look) {
    return witness ->
        look.apply(witness.world()).map(found -> new Mismatch(expected, found.text()));
  }

  // ---- the step just before ----

  private static ExpectedEvent rejected(WordReader words) throws UnreadableWord {
    List<String> reasons =
        Arrays.stream(ResultCode.values())
            .filter(code -> !code.isAccepted())
            .map(ResultCode::name)
            .toList();
    ResultCode code = ResultCode.valueOf(words.oneOf(reasons));
    return witness ->
        unless(
            witness.outcome().refusal() == code, "rejected " + code, witness.outcome().inWords());
  }

  private static ExpectedEvent answers(WordReader words) throws UnreadableWord {
    String wanted = String.join(",", words.list("answers as ok,unsent,REASON,..."));
    return is(
        wanted,
        witness ->
            witness.world().answers().stream()
                .map(StepOutcome::word)
                .collect(Collectors.joining(",")));
  }

  private static ExpectedEvent notMinted(WordReader words) throws UnreadableWord {
    words.literal("minted");
    return cycle("a cycle that minted nothing", it -> !it.minted());
  }

  private static ExpectedEvent cycle(String expected, Predicate<CycleTrace> holds) {
    return witness -> {
      Optional<CycleTrace> trace = witness.world().cycle();
      String found =
          trace
              .map(it ->
                  "one that "
                      + (it.changed() ? "changed" : "did not change")
                      + " the state and "
                      + (it.minted() ? "minted an assignment" : "minted nothing"))
              .orElse("no cycle yet");
      return unless(trace.filter(holds).isPresent(), expected, found);
    };
  }

  // ---- chunks and replicas ----

  private static ExpectedEvent state(WordReader words) throws UnreadableWord {
    ChunkKey key = words.chunk();
    String state = words.oneOf(StateQueries.CHUNK_STATES);
    return is(state, witness -> StateQueries.stateOf(witness.world(), key));
  }

  private static ExpectedEvent replicas(WordReader words) throws UnreadableWord {
    ChunkKey key = words.chunk();
    List<String> kinds = new ArrayList<>(StateQueries.REPLICA_STATES);
    kinds.addAll(StateQueries.REPLICA_FACTS);
    String kind = kinds.contains(words.peek()) ? words.take("a state") : "";
    Comparison comparison = Comparison.take(words);
    long bound = WordReader.number(words.take("a number of replicas"), 0, "a number of replicas");
    return witness -> {
      long found = StateQueries.count(witness.world(), key, kind);
      String what = kind.isEmpty() ? " replicas of " : " " + kind + " replicas of ";
      return unless(
          comparison.holds(found, bound),
          comparison.sign() + " " + bound + what + key,
          found + ": " + inWords(witness, key));
    };
  }

  private static String inWords(CaseSeen witness, ChunkKey key) {
    return StateQueries.replicas(witness.world(), key).entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .reduce((left, right) -> left + ", " + right)
        .orElse("none");
  }

  private static ExpectedEvent holders(WordReader words) throws UnreadableWord {
    ChunkKey key = words.chunk();
    String wanted = workers(words);
    return is(
        wanted,
        witness ->
            StateQueries.list(List.copyOf(StateQueries.replicas(witness.world(), key).keySet())));
  }

  private static String workers(WordReader words) throws UnreadableWord {
    List<WorkerId> ids = new ArrayList<>(words.workersOrNone());
    ids.sort(Comparator.naturalOrder());
    return StateQueries.list(ids.stream().distinct().toList());
  }

  private static ExpectedEvent replica(WordReader words) throws UnreadableWord {
    Pair pair = Pair.take(words);
    List<String> states = new ArrayList<>(StateQueries.REPLICA_STATES);
    states.add("none");
    String state = words.oneOf(states);
    return is(
        state,
        witness ->
            StateQueries.replicas(witness.world(), pair.chunk())
                .getOrDefault(pair.worker(), "none"));
  }

  private static ExpectedEvent origin(WordReader words) throws UnreadableWord {
    Pair pair = Pair.take(words);
    List<String> origins = new ArrayList<>();
    for (Origin each : Origin.values()) {
      origins.add(each.toString());
    }
    String origin = words.oneOf(origins);
    return is(origin, witness -> StateQueries.origin(witness.world(), pair));
  }

  // ---- portals ----

  private static ExpectedEvent routes(WordReader words) throws UnreadableWord {
    ChunkKey key = words.chunk();
    String wanted = workers(words);
    return is(wanted, witness -> StateQueries.list(StateQueries.routes(witness.world(), key)));
  }

  private static ExpectedEvent visible(WordReader words) throws UnreadableWord {
    DatasetId dataset = words.dataset();
    String wanted = chunkIds(words, dataset);
    return is(wanted, witness -> StateQueries.ids(witness.world().routes().visible(dataset)));
  }

  private static String chunkIds(WordReader words, DatasetId dataset) throws UnreadableWord {
    if (words.skip("none")) {
      return "none";
    }
    List<ChunkKey> keys = new ArrayList<>();
    do {
      for (String id : words.list("the ids of chunks, or none")) {
        keys.add(new ChunkKey(dataset, WordReader.chunkOf(dataset, id).id()));
      }
    } while (words.hasNext());
    return StateQueries.ids(keys);
  }

  private static ExpectedEvent portal(WordReader words) throws UnreadableWord {
    String name = words.name("the name of a portal");
    String what = words.oneOf(List.of("visible", "serves"));
    if (what.equals("serves")) {
      ChunkKey key = words.chunk();
      return seenBy(
          name,
          "that portal " + name + " serves " + key,
          (portal, witness) -> serves(portal, witness.world(), key));
    }
    DatasetId dataset = words.dataset();
    String wanted = chunkIds(words, dataset);
    return seenBy(
        name,
        wanted,
        (portal, witness) -> {
          String found = StateQueries.ids(visible(portal, dataset));
          return found.equals(wanted) ? "" : found;
        });
  }

  private static List<ChunkKey> visible(PortalClient portal, DatasetId dataset) {
    return portal.routes().routes().stream()
        .map(Route::key)
        .filter(key -> key.dataset().equals(dataset))
        .toList();
  }

  /** Returns an expectation on a portal; {@code look} returns the problem, empty if none. */
  private static ExpectedEvent seenBy(
      String name, String expected, BiFunction<PortalClient, CaseSeen, String> look) {
    PortalId.of(name);
    return witness -> {
      String wrong =
          witness
              .world()
              .portals
              .named(name)
              .map(portal -> look.apply(portal, witness))
              .orElse("that portal " + name + " never took an assignment");
      return unless(wrong.isEmpty(), expected, wrong);
    };
  }

  private static String serves(PortalClient portal, ScenarioWorld world, ChunkKey key) {
    Optional<Route> route = portal.routes().of(key);
    if (route.isEmpty()) {
      return "that the portal does not see the chunk";
    }
    if (route.get().isUnavailable()) {
      return "that the route names no worker";
    }
    for (WorkerId id : route.get().workers()) {
      boolean holds =
          world.worker(id).map(worker -> worker.holds(route.get().number())).orElse(false);
      if (!holds) {
        return "that the route names " + id + ", which lacks the bytes";
      }
    }
    return "";
  }

  // ---- the fleet ----

  private interface Item {
    Object take(WordReader words) throws UnreadableWord;
  }

  private static ExpectedEvent among(
      WordReader words, String list, Item item, Function<ScenarioWorld, List<?>> look)
      throws UnreadableWord {
    if (words.skip("none")) {
      return is("none", witness -> StateQueries.list(look.apply(witness.world())));
    }
    Object wanted = item.take(words);
    return witness -> {
      List<?> found = look.apply(witness.world());
      return unless(found.contains(wanted), list + " " + wanted, StateQueries.list(found));
    };
  }

  private static ExpectedEvent safeToStop(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    String wanted = words.oneOf(List.of("yes", "no"));
    return is(
        wanted,
        witness ->
            witness
                .world()
                .leaving(id)
                .map(leaving -> leaving.safeToStop() ? "yes" : "no")
                .orElse("no such worker"));
  }

  private static ExpectedEvent used(WordReader words) throws UnreadableWord {
    WorkerId worker = words.worker();
    Comparison comparison = Comparison.take(words);
    long bound = Sizes.read(words.take(Sizes.EXPECTED));
    return witness -> {
      int position = witness.world().books().workerPosition(worker);
      String expected = worker + " " + comparison.sign() + " " + Sizes.inWords(bound);
      if (position < 0) {
        return Optional.of(new Mismatch(expected, "no such worker"));
      }
      long found = witness.world().books().footprintBytes(position);
      return unless(comparison.holds(found, bound), expected, Sizes.inWords(found));
    };
  }

  private static ExpectedEvent guarded(WordReader words) throws UnreadableWord {
    List<WorkerId> wanted = words.skip("none") ? List.of() : words.workers();
    return is(
        "guarded " + wanted,
        witness ->
            "guarded "
                + witness.world().scheduled().map(Result.Scheduled::guarded).orElse(List.of()));
  }

  private static ExpectedEvent held(WordReader words) throws UnreadableWord {
    String expected = "none, or what is there and what is waited for, such as 3 workers:5";
    String first = words.take(expected);
    String wanted = first.equals("none") ? first : first + " " + words.take(expected);
    return is(
        "held " + wanted,
        witness ->
            "held "
                + witness
                    .world()
                    .scheduled()
                    .flatMap(Result.Scheduled::held)
                    .map(it -> it.have() + " " + it.until())
                    .orElse("none"));
  }

  private static ExpectedEvent status(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    String wanted = words.take("active, cordoned, leaving, suspect or departed");
    return is(
        wanted,
        witness -> {
          int position = witness.world().books().workerPosition(id);
          return position < 0
              ? "no such worker"
              : witness.world().books().worker(position).status().name().toLowerCase(Locale.ROOT);
        });
  }

  private static ExpectedEvent pendingSwaps(WordReader words) throws UnreadableWord {
    DatasetId dataset = words.dataset();
    words.skip("=");
    long wanted = WordReader.number(words.take("a number of swaps"), 0, "a number of swaps");
    return is(
        wanted + " pending swaps",
        witness -> StateQueries.pendingSwaps(witness.world(), dataset) + " pending swaps");
  }

  private static ExpectedEvent setAside(WordReader words) throws UnreadableWord {
    words.skip("=");
    long wanted = WordReader.number(words.take("a number of news"), 0, "a number of news");
    return is(wanted + " set aside", witness -> witness.world().setAside() + " set aside");
  }

  private static Optional<Mismatch> converged(CaseSeen witness) {
    String expected = "a fleet that has reached its goal";
    Optional<String> unsettled = StateQueries.unsettled(witness.world());
    if (unsettled.isPresent()) {
      return Optional.of(new Mismatch(expected, unsettled.get()));
    }
    try (ScenarioWorld copy = witness.copy().get()) {
      StepOutcome outcome = copy.rounds(1);
      return unless(
          outcome.isDone() && copy.isCalm(), expected, "that a further round changes something");
    }
  }
}
