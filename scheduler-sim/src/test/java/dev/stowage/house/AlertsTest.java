package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.contract.SmallFleet;
import dev.stowage.metrics.StowageMeters;
import dev.stowage.storage.memory.MemoryChunkStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Alert rules and dashboard read meters that are there. */
class AlertsTest {
  private static final Path DOCS = LinksTest.ROOT.resolve("docs");
  private static final Path ALERTS = DOCS.resolve("alerts");
  private static final List<String> PROMTOOL = List.of("promtool", "/usr/bin/promtool");

  private static final Pattern SERIES = Pattern.compile("\\b(stowage_\\w+)(?:\\{([^}]*)\\})?");

  /** The metric of the panel that is repeated. */
  private static final String EVERY_FIGURE = "{__name__=\"$figure\"";

  private static final Pattern LABEL = Pattern.compile("(\\w+)(?:=~|=)\"([^\"]*)\"");

  /** The values of each label of each scraped series, by the name of the series. */
  private static final Map<String, Map<String, TreeSet<String>>> SCRAPED = new TreeMap<>();

  /** The meters that are bound, as Java names them. */
  private static final TreeSet<String> BOUND = new TreeSet<>();

  private static final List<JsonNode> RULES = new ArrayList<>();

  @BeforeAll
  static void scrape() throws IOException {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    try (Stowage stowage = SmallFleet.facade(MemoryChunkStore.create(), "me")) {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      SmallFleet fleet = new SmallFleet(stowage);
      stowage.claim(fleet.now());
      fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("c1", 0)).settle();
      StowageService service = new StowageService(stowage, executor, fleet::now, Pace.DEFAULT);
      new StowageMeters(stowage, service).bindTo(registry);
      registry.scrape();
      registry
          .scrape()
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line ->
              series(line)
                  .forEach((name, labels) -> {
                    Map<String, TreeSet<String>> known =
                        SCRAPED.computeIfAbsent(name, key -> new TreeMap<>());
                    labels.forEach((label, value) ->
                        known.computeIfAbsent(label, key -> new TreeSet<>()).add(value));
                  }));
      registry.getMeters().forEach(meter -> BOUND.add(meter.getId().getName()));
    } finally {
      executor.shutdownNow();
    }
    for (JsonNode group : yaml("stowage.rules.yml").path("groups")) {
      group.path("rules").forEach(RULES::add);
    }
  }

  private static JsonNode yaml(String file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(ALERTS.resolve(file).toFile());
  }

  private static Map<String, Map<String, String>> series(String text) {
    return SERIES
        .matcher(text)
        .results()
        .collect(
            Collectors.toMap(
                found -> found.group(1),
                found -> labels(found.group(2)),
                (one, other) -> one,
                LinkedHashMap::new));
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    LABEL
        .matcher(text == null ? "" : text)
        .results()
        .forEach(found -> labels.put(found.group(1), found.group(2)));
    return labels;
  }

  /** Returns what an expression reads that nobody writes; Prometheus adds the label of the job. */
  private static List<String> unknown(String expression) {
    List<String> unknown = new ArrayList<>();
    for (MatchResult found : SERIES.matcher(expression).results().toList()) {
      Map<String, TreeSet<String>> known = SCRAPED.get(found.group(1));
      if (known == null) {
        unknown.add(found.group(1));
        continue;
      }
      labels(found.group(2))
          .forEach((label, values) -> {
            TreeSet<String> there = known.getOrDefault(label, new TreeSet<>());
            if (!label.equals("job") && !there.containsAll(List.of(values.split("\\|")))) {
              unknown.add(found.group());
            }
          });
    }
    return unknown;
  }

  private static List<String> expressionsOfTheDashboard() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(ALERTS.resolve("stowage-dashboard.json").toFile());
    return dashboard.findValuesAsText("expr");
  }

  @Test
  void expression_readsWhatIsScraped() throws IOException {
    List<String> expressions = new ArrayList<>(expressionsOfTheDashboard());
    RULES.forEach(rule -> expressions.add(rule.path("expr").asText()));
    assertThat(expressions)
        .isNotEmpty()
        .allSatisfy(each -> {
          assertThat(each.replace(EVERY_FIGURE, "stowage_leading")).containsPattern(SERIES);
          assertThat(unknown(each)).as(each).isEmpty();
        });
  }

  /** One panel is repeated for each value of a variable, which lists the series. */
  @Test
  void dashboard_showsEverySeries() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(ALERTS.resolve("stowage-dashboard.json").toFile());
    String listed = "";
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      listed = variable.path("name").asText().equals("figure") ? variable.toString() : listed;
    }
    Matcher names = Pattern.compile("__name__=~\\\\\"([^\\\\]*)").matcher(listed);
    assertThat(names.find()).as(listed).isTrue();
    assertThat(SCRAPED.keySet()).isNotEmpty().allMatch(each -> each.matches(names.group(1)));
    int repeated = 0;
    for (JsonNode panel : dashboard.path("panels")) {
      boolean isEvery = panel.path("targets").path(0).path("expr").asText().contains(EVERY_FIGURE);
      repeated += isEvery && panel.path("repeat").asText().equals("figure") ? 1 : 0;
    }
    assertThat(repeated).isEqualTo(1);
  }

  /** The rows are printed anew by copying {@code target/meters.md} into the page. */
  @Test
  void page_hasTheRowOfEachFigure_andEachIsBound() throws IOException {
    List<String> rows = StowageMeters.figures().stream().map(it -> it.row("stowage.")).toList();
    Path printed = Path.of("target", "meters.md");
    Files.createDirectories(printed.getParent());
    Files.write(printed, rows);
    assertThat(
            Files.readAllLines(DOCS.resolve("observability.md")).stream()
                .filter(line -> line.startsWith("| `stowage.")))
        .isEqualTo(rows);
    assertThat(StowageMeters.figures().stream().map(it -> "stowage." + it.name()))
        .containsExactlyInAnyOrderElementsOf(BOUND);
  }

  @Test
  void alert_hasATestInWhichItFires_andIsSilentBefore() throws IOException {
    TreeSet<String> fire = new TreeSet<>();
    for (JsonNode group : yaml("stowage.rules.test.yml").path("tests")) {
      List<List<String>> moments = new ArrayList<>();
      for (JsonNode moment : group.path("promql_expr_test")) {
        List<String> firing = new ArrayList<>();
        for (JsonNode sample : moment.path("exp_samples")) {
          firing.addAll(labels(sample.path("labels").asText()).values());
        }
        moments.add(firing);
      }
      assertThat(moments.get(0)).as(group.path("name").asText()).isEmpty();
      moments.forEach(fire::addAll);
    }
    assertThat(fire)
        .isEqualTo(
            RULES.stream()
                .map(rule -> rule.path("alert").asText())
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  // ---- by Prometheus ----

  private record Output(int code, String text) {}

  private static Output run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(ALERTS.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Output(process.exitValue(), text);
  }

  private static Optional<String> promtool() throws InterruptedException {
    for (String program : PROMTOOL) {
      try {
        if (run(program, "--version").code() == 0) {
          return Optional.of(program);
        }
      } catch (IOException e) {
        // it is not there; the next place is looked at
      }
    }
    return Optional.empty();
  }

  @Test
  void rules_passTheirTests() throws IOException, InterruptedException {
    Optional<String> promtool = promtool();
    assumeTrue(promtool.isPresent(), "this machine has no promtool (package prometheus of Debian)");
    Output output = run(promtool.orElseThrow(), "test", "rules", "stowage.rules.test.yml");
    assertThat(output.text()).contains("SUCCESS").doesNotContain("FAILED");
    assertThat(output.code()).isZero();
  }
}
