package dev.stowage.sim.tool.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  @Test
  void page_ofARun_fetchesNothing() {
    String page = page(SampleRun.of("A run", List.of()));
    assertThat(page).doesNotContain(" src=").doesNotContain("<link").doesNotContain("@import");
    assertThat(page).doesNotContain("sourceMappingURL").doesNotContain("<#", "</@", "<@");
  }

  @Test
  void page_ofARun_endsEachScriptOnce() {
    String page = page(SampleRun.of("</script><script>alert(1)", List.of()));
    assertThat(page.split("</script>", -1)).hasSize(5);
    assertThat(page).contains("&lt;/script&gt;&lt;script&gt;alert(1)");
  }

  @Test
  void page_textThatLooksLikeAPlaceholder_isLeftAlone() {
    assertThat(page(SampleRun.of("${run.command}<#stop>", List.of())))
        .contains("<h1>${run.command}&lt;#stop&gt;</h1>");
  }

  @Test
  void page_ofARun_namesEveryChartAndItsNumbers() {
    String page = page(SampleRun.of("A run", List.of()));
    assertThat(page.split("<canvas ", -1)).hasSize(6);
    assertThat(page.split("role=\"img\" aria-label=\"", -1)).hasSize(6);
    assertThat(page.split("<summary>The numbers<", -1)).hasSize(6);
    assertThat(page).contains("java -jar stowage.jar demo --seed 7").contains("442 GiB");
    assertThat(page)
        .contains("<td>no bound</td><td>nothing</td>")
        .contains("<td>286 MiB</td><td>477 MiB by elevated pressure, 191 MiB by failures</td>")
        .contains("<td>0 B</td><td>834 MiB by high pressure, 119 MiB by copies in flight</td>")
        .contains("<td>0 B</td><td>all by critical pressure</td>");
  }

  @Test
  void page_ofARun_hasACardForEachEvent() {
    String page = page(SampleRun.of("A run", List.of()));
    assertThat(page.split("<li class=\"card\">", -1)).hasSize(1 + 4);
    assertThat(page)
        .contains("<span class=\"at\">3</span> A worker is away for a moment</h3>")
        .contains("<p class=\"lead\">Minute 17.5 to 20</p>")
        .contains("<div><dt>moved</dt><dd>442 GiB</dd></div>")
        .contains("<div><dt>until whole</dt><dd>not by its end</dd></div>")
        .contains("<div><dt>unreadable chunks</dt><dd class=\"bad\">1</dd></div>")
        .contains("<div><dt>unreadable chunks</dt><dd class=\"good\">0</dd></div>")
        .contains("At most 12 chunks below their floor; at most 1 unreadable.")
        .contains("<th scope=\"row\">3. A worker is away for a moment</th>")
        .contains("60 cycles in 31.4 s, the slowest in 900 ms.")
        .contains("Never judged, as nothing in the run was of its kind: move budget.")
        .doesNotContain("worker-returns");
  }

  @Test
  void tables_ofAPage_haveACaptionAndANumberInEachCellToSortBy() {
    String page = HtmlReport.of(SampleRun.of("A run", List.of()));
    assertThat(page.split("<table>", -1)).hasSameSizeAs(page.split("<table><caption>", -1));
    assertThat(page)
        .contains("<td data-sort=\"475000000000\">442 GiB</td>")
        .contains("<th scope=\"row\" data-sort=\"1800\">30</th>")
        .doesNotContain("<td>442 GiB</td>");
  }

  @Test
  void page_ofARunWithStuckReplicas_namesEachAndSaysItFirst() {
    String page = page(SampleRun.of("A run", List.of()));
    assertThat(page)
        .contains("verdict bad", "2 replicas stuck")
        .contains("2 replicas (2.79 GiB) should leave their workers and cannot")
        .contains(
            "<th scope=\"row\">d/&lt;a&gt;</th><td>mirror-09</td><td>2.79 GiB</td>"
                + "<td>no_room</td><td>12</td><td>75.2 KiB</td>")
        .contains("<th scope=\"row\">d/b</th><td>mirror-11</td><td>977 KiB</td>")
        .contains(
            "<th scope=\"row\">mirror-09</th><td>41</td><td>6.52 GiB</td><td>1</td>"
                + "<td>2.79 GiB</td>");
  }

  @Test
  void page_ofAFleetWithSeveralLevels_namesEachAndTheCountedWorker() {
    assertThat(page(SampleRun.of("A run", List.of())))
        .contains(
            "<th scope=\"row\">86.00 %</th><td>60</td><td>1.0021</td><td>0.9978</td>",
            "<th scope=\"row\">31.00 %</th><td>1</td><td>1.0000</td><td>1.0000</td>",
            "<td>5,000 of at most 6,000</td>",
            "No chunk has over 2 replicas in any of 21 domains of level 2 (2 allowed).",
            "No chunk has over 1 replica in any of 1 domain of level 3 (7 allowed).",
            "mirror-05 holds 5,000 replicas (6,000 allowed).");
  }

  @Test
  void stuck_inGreatNumber_isCutInThePageAndCounted() {
    List<LastPlan.StuckReplica> stuck =
        Collections.nCopies(1_201, new LastPlan.StuckReplica("d/a", "w", 1L << 62, "pinned", 1, 0));
    LastPlan plan =
        new LastPlan(List.of(), List.of(), List.of(new LastPlan.Leaver("w", 1_201, 9)), stuck);
    String page = page(SampleRun.with(plan));
    assertThat(page.split("<th scope=\"row\">d/a</th>", -1)).hasSize(1 + 200);
    assertThat(page).contains("<p>And 1,001 more.</p>");
    assertThat(plan.stuckBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void lastPlan_ofAFleetInWhichNobodyLeaves_saysSo() {
    LastPlan plan = new LastPlan(List.of(), List.of(), List.of(), List.of());
    assertThat(page(SampleRun.with(plan)))
        .contains("Nothing is stuck", "<p>No worker is leaving.</p>")
        .doesNotContain("Stuck replicas");
  }

  @Test
  void page_ofARunWithAViolation_saysSoFirst() {
    String page = page(SampleRun.of("A run", List.of("no overlap: d/a & d/b")));
    assertThat(page).contains("verdict bad").contains("no overlap: d/a &amp; d/b");
    assertThat(page.indexOf("1 violation of an invariant")).isLessThan(page.indexOf("<figure"));
  }

  @Test
  void page_ofTheSameRun_isTheSame() throws IOException {
    String page = page(SampleRun.of("Debian 12 on sixty mirrors", List.of()));
    assertThat(page(SampleRun.of("Debian 12 on sixty mirrors", List.of()))).isEqualTo(page);
    Files.writeString(Path.of("target", "sample-report.html"), page);
  }

  /** Returns a page without the numbers by which its tables are sorted. */
  private static String page(RunRecord run) {
    return HtmlReport.of(run).replaceAll(" data-sort=\"[^\"]*\"", "");
  }
}
