package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.oracles.EvidenceOracle;
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
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads what follows the word {@code expect}. Stateless. */
final class ExpectationReader {
  /** Reads the words after the name of an expectation. */
  private interface Form {
    Expectation read(WordReader words) throws UnreadableWord;
  }

  private static final Map<String, Form> FORMS = forms();

  private ExpectationReader() {}

  static List<String> names() {
    return List.copyOf(FORMS.keySet());
  }

  static Expectation read(WordReader words) throws UnreadableWord {
    String expected = "one of " + String.join(", ", FORMS.keySet());
    String name = words.take(expected);
    Form form = FORMS.get(name);
    if (form == null) {
      throw UnreadableWord.found(name, expected);
    }
    Expectation expectation = form.read(words);
    words.end();
    return expectation;
  }

  private static Map<String, Form> forms() {
    Map<String, Form> all = new LinkedHashMap<>();
    all.put("ok", words -> is("ok", witness -> witness.outcome().inWords()));
    all.put("rejected", ExpectationReader::rejected);
    all.put("fenced", words -> fenced());
    all.put("changed", words -> cycle("a cycle that changed something", CycleTrace::changed));
    all.put("unchanged", words -> cycle("a cycle that wrote nothing", it -> !it.changed()));
    all.put("minted", words -> cycle("a cycle that minted an assignment", CycleTrace::minted));
    all.put("not", ExpectationReader::notMinted);
    all.put("state", ExpectationReader::state);
    all.put("replicas", ExpectationReader::replicas);
    all.put("holders", ExpectationReader::holders);
    all.put("replica", ExpectationReader::replica);
    all.put("routes", ExpectationReader::routes);
    all.put("visible", ExpectationReader::visible);
    all.put("portal", ExpectationReader::portal);
    all.put("deferred", ExpectationReader::deferred);
    all.put("stuck", ExpectationReader::stuck);
    all.put("safe-to-stop", ExpectationReader::safeToStop);
    all.put("guarded", ExpectationReader::guarded);
    all.put("status", ExpectationReader::status);
    all.put("used", ExpectationReader::used);
    all.put("pending-swaps", ExpectationReader::pendingSwaps);
    all.put("set-aside", ExpectationReader::setAside);
    all.put("converged", words -> ExpectationReader::converged);
    all.put("floors-first", words -> ExpectationReader::floorsFirst);
    all.put("spread", words -> ExpectationReader::spread);
    all.put("evidence", words -> ExpectationReader::evidence);
    all.put("reloaded", words -> ExpectationReader::reloaded);
    return all;
  }

  private static Expectation is(String wanted, Function<Witness, String> look) {
    return witness -> {
      String found = look.apply(witness);
      return found.equals(wanted) ? Optional.empty() : Optional.of(new Mismatch(wanted, found));
    };
  }

  // ---- the step just before ----

  private static Expectation rejected(WordReader words) throws UnreadableWord {
    List<String> reasons =
        Arrays.stream(ResultCode.values())
            .filter(code -> !code.isAccepted())
            .map(ResultCode::name)
            .toList();
    String expected = "one of " + String.join(", ", reasons);
    String reason = words.take(expected);
    if (!reasons.contains(reason)) {
      throw UnreadableWord.found(reason, expected);
    }
    ResultCode code = ResultCode.valueOf(reason);
    return refusal("rejected " + code, outcome -> outcome.refusal() == code);
  }

  private static Expectation fenced() {
    return refusal("fenced", StepOutcome::isFenced);
  }

  private static Expectation refusal(String expected, Predicate<StepOutcome> holds) {
    return new Expectation() {
      @Override
      public Optional<Mismatch> judge(Witness witness) {
        return holds.test(witness.outcome())
            ? Optional.empty()
            : Optional.of(new Mismatch(expected, witness.outcome().inWords()));
      }

      @Override
      public boolean awaitsRefusal() {
        return true;
      }
    };
  }

  private static Expectation notMinted(WordReader words) throws UnreadableWord {
    words.literal("minted");
    return cycle("a cycle that minted nothing", it -> !it.minted());
  }

  private static Expectation cycle(String expected, Predicate<CycleTrace> holds) {
    return witness -> {
      Optional<CycleTrace> trace = witness.world().cycle();
      return trace.filter(holds).isPresent()
          ? Optional.empty()
          : Optional.of(
              new Mismatch(
                  expected,
                  trace
                      .map(it ->
                          "one that "
                              + (it.changed() ? "changed" : "did not change")
                              + " the state and "
                              + (it.minted() ? "minted an assignment" : "minted nothing"))
                      .orElse("no cycle yet")));
    };
  }

  // ---- chunks and replicas ----

  private static Expectation state(WordReader words) throws UnreadableWord {
    ChunkKey key = words.chunk();
    String state = oneOf(words, Looks.CHUNK_STATES);
    return is(state, witness -> Looks.stateOf(witness.world(), key));
  }

  private static Expectation replicas(WordReader words) throws UnreadableWord {
    ChunkKey key = words.chunk();
    List<String> kinds = new ArrayList<>(Looks.REPLICA_STATES);
    kinds.addAll(Looks.REPLICA_FACTS);
    String kind = kinds.contains(words.peek()) ? words.take("a state") : "";
    Comparison comparison = Comparison.take(words);
    long bound = WordReader.number(words.take("a number of replicas"), 0, "a number of replicas");
    return witness -> {
      long found = Looks.count(witness.world(), key, kind);
      String what = kind.isEmpty() ? " replicas of " : " " + kind + " replicas of ";
      return comparison.holds(found, bound)
          ? Optional.empty()
          : Optional.of(
              new Mismatch(
                  comparison.sign() + " " + bound + what + key,
                  found + ": " + inWords(witness, key)));
    };
  }

  private static String inWords(Witness witness, ChunkKey key) {
    return Looks.replicas(witness.world(), key).entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .reduce((left, right) -> left + ", " + right)
        .orElse("none");
  }

  private static Expectation holders(WordReader words) throws UnreadableWord {
    ChunkKey key = words.chunk();
    String wanted = workers(words);
    return is(
        wanted, witness -> Looks.list(List.copyOf(Looks.replicas(witness.world(), key).keySet())));
  }

  private static String workers(WordReader words) throws UnreadableWord {
    List<WorkerId> ids = new ArrayList<>(words.workersOrNone());
    ids.sort(Comparator.naturalOrder());
    return Looks.list(ids.stream().distinct().toList());
  }

  private static Expectation replica(WordReader words) throws UnreadableWord {
    Pair pair = Pair.take(words);
    List<String> states = new ArrayList<>(Looks.REPLICA_STATES);
    states.add("none");
    String state = oneOf(words, states);
    return is(
        state,
        witness ->
            Looks.replicas(witness.world(), pair.chunk()).getOrDefault(pair.worker(), "none"));
  }

  private static String oneOf(WordReader words, List<String> allowed) throws UnreadableWord {
    String expected = "one of " + String.join(", ", allowed);
    String word = words.take(expected);
    if (!allowed.contains(word)) {
      throw UnreadableWord.found(word, expected);
    }
    return word;
  }

  // ---- portals ----

  private static Expectation routes(WordReader words) throws UnreadableWord {
    ChunkKey key = words.chunk();
    String wanted = workers(words);
    return is(wanted, witness -> Looks.list(Looks.routes(witness.world(), key)));
  }

  private static Expectation visible(WordReader words) throws UnreadableWord {
    DatasetId dataset = words.dataset();
    String wanted = chunkIds(words, dataset);
    return is(wanted, witness -> Looks.ids(witness.world().routes().visible(dataset)));
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
    return Looks.ids(keys);
  }

  private static Expectation portal(WordReader words) throws UnreadableWord {
    String name = words.name("the name of a portal");
    String what = oneOf(words, List.of("visible", "serves"));
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
          String found = Looks.ids(portal.assignment().visible(dataset));
          return found.equals(wanted) ? "" : found;
        });
  }

  /** Answers what is wrong, empty if nothing is. */
  private interface PortalLook {
    String wrong(StoryPortal portal, Witness witness);
  }

  private static Expectation seenBy(String name, String expected, PortalLook look) {
    PortalId.of(name);
    return witness -> {
      String wrong =
          witness
              .world()
              .portalNamed(name)
              .map(portal -> look.wrong(portal, witness))
              .orElse("that portal " + name + " never took an assignment");
      return wrong.isEmpty() ? Optional.empty() : Optional.of(new Mismatch(expected, wrong));
    };
  }

  private static String serves(StoryPortal portal, ScenarioWorld world, ChunkKey key) {
    Optional<Route> route = portal.assignment().route(key);
    if (route.isEmpty()) {
      return "that it does not see it";
    }
    if (route.get().isUnavailable()) {
      return "that it names no worker";
    }
    for (WorkerId id : route.get().workers()) {
      boolean holds =
          world.worker(id).map(worker -> worker.holds(route.get().number())).orElse(false);
      if (!holds) {
        return "that it names " + id + ", which has not got the bytes";
      }
    }
    return "";
  }

  // ---- the fleet ----

  private static Expectation deferred(WordReader words) throws UnreadableWord {
    if (words.skip("none")) {
      return is("none", witness -> Looks.list(Looks.deferred(witness.world())));
    }
    ChunkKey key = words.chunk();
    return witness -> {
      List<ChunkKey> found = Looks.deferred(witness.world());
      return found.contains(key)
          ? Optional.empty()
          : Optional.of(new Mismatch("deferred " + key, Looks.list(found)));
    };
  }

  private static Expectation stuck(WordReader words) throws UnreadableWord {
    if (words.skip("none")) {
      return is("none", witness -> Looks.list(Looks.stuck(witness.world())));
    }
    String pair = Pair.take(words).toString();
    return witness -> {
      List<String> found = Looks.stuck(witness.world());
      return found.contains(pair)
          ? Optional.empty()
          : Optional.of(new Mismatch("stuck " + pair, Looks.list(found)));
    };
  }

  private static Expectation safeToStop(WordReader words) throws UnreadableWord {
    WorkerId id = words.worker();
    String wanted = oneOf(words, List.of("yes", "no"));
    return is(
        wanted,
        witness ->
            witness
                .world()
                .leaving(id)
                .map(leaving -> leaving.safeToStop() ? "yes" : "no")
                .orElse("no such worker"));
  }

  private static Expectation used(WordReader words) throws UnreadableWord {
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
      return comparison.holds(found, bound)
          ? Optional.empty()
          : Optional.of(new Mismatch(expected, Sizes.inWords(found)));
    };
  }

  private static Expectation guarded(WordReader words) throws UnreadableWord {
    List<WorkerId> wanted = words.skip("none") ? List.of() : words.workers();
    return is(
        "guarded " + wanted,
        witness ->
            "guarded "
                + witness.world().scheduled().map(Result.Scheduled::guarded).orElse(List.of()));
  }

  private static Expectation status(WordReader words) throws UnreadableWord {
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

  private static Expectation pendingSwaps(WordReader words) throws UnreadableWord {
    DatasetId dataset = words.dataset();
    words.skip("=");
    long wanted = WordReader.number(words.take("a number of swaps"), 0, "a number of swaps");
    return is(
        wanted + " pending swaps",
        witness -> Looks.pendingSwaps(witness.world(), dataset) + " pending swaps");
  }

  private static Expectation setAside(WordReader words) throws UnreadableWord {
    words.skip("=");
    long wanted = WordReader.number(words.take("a number of news"), 0, "a number of news");
    return is(wanted + " set aside", witness -> witness.world().setAside() + " set aside");
  }

  private static Optional<Mismatch> evidence(Witness witness) {
    ScenarioWorld world = witness.world();
    return EvidenceOracle.judge(world.evidenceHeader(), world.evidence())
        .map(found -> new Mismatch("evidence that is whole and replays", found.text()));
  }

  private static Optional<Mismatch> reloaded(Witness witness) {
    return witness
        .world()
        .reloaded()
        .map(found -> new Mismatch("the same state after a reload", found.text()));
  }

  private static Optional<Mismatch> floorsFirst(Witness witness) {
    return Looks.starved(witness.world())
        .map(found -> new Mismatch("floors before bonuses", found.text()));
  }

  private static Optional<Mismatch> spread(Witness witness) {
    return Looks.badlySpread(witness.world())
        .map(found -> new Mismatch("copies in as many domains as they can", found.text()));
  }

  private static Optional<Mismatch> converged(Witness witness) {
    String expected = "a fleet that has reached its goal";
    Optional<String> unsettled = Looks.unsettled(witness.world());
    if (unsettled.isPresent()) {
      return Optional.of(new Mismatch(expected, unsettled.get()));
    }
    try (ScenarioWorld copy = witness.copy().get()) {
      StepOutcome outcome = copy.rounds(1);
      return outcome.isDone() && copy.isCalm()
          ? Optional.empty()
          : Optional.of(new Mismatch(expected, "that a further round changes something"));
    }
  }
}
